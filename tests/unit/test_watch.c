/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Rules that sleep (watch.h) must not be missed: over random seconds a coach whose
 * rules may sleep comes to what one comes to whose rules never do.
 */
#include "daemon/rules/expression_conjunct.h"
#include "daemon/simulator/dice.h"
#include "tests/unit/spoken.h"
#include "tests/unit/suite.h"
#include "tests/unit/twins.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SECOND UINT64_C(1000000)
#define RUNS 40
#define SECONDS 1500

static struct twins twins;

/* ---- random seconds ---- */

static double limit_of_some_rule(struct dice *dice, const struct ruleset *rules, size_t metric)
{
	for (unsigned tries = 0; tries < 20; tries++) {
		const struct rule *rule = &rules->rules[dice_below(dice, (uint32_t)rules->count)];
		const struct expression *e = &rule->clauses[0].when;

		for (uint8_t i = 0; rule->clause_count && i < e->length; i++)
			if (e->code[i].metric == metric && e->code[i].constant != 0)
				return e->code[i].constant;
	}
	return metric_table[metric].low;
}

static double some_value(struct dice *dice, const struct ruleset *rules, size_t metric)
{
	const struct metric_info *info = &metric_table[metric];

	if (metric == METRIC_true)
		return 1;
	if (info->dimension == DIMENSION_FLAG)
		return dice_percent(dice, 60);
	if (dice_percent(dice, 20))
		return NAN;
	if (dice_percent(dice, 30))
		return info->low + (info->high - info->low) * dice_below(dice, 1001) / 1000;
	/* where rules turn: at a limit, and a little to either side */
	return limit_of_some_rule(dice, rules, metric) + ((int)dice_below(dice, 3) - 1) * 0.5;
}

static void go_on(struct dice *dice, const struct ruleset *rules, double *value)
{
	for (size_t i = 0; i < METRIC_COUNT; i++)
		if (dice_percent(dice, 4))
			value[i] = some_value(dice, rules, i);
}

static void forget_holds(struct coach *coach, const struct coach_sink *sink, void *user)
{
	(void)sink, (void)user;
	coach_forget_holds(coach);
}

static void run(const struct ruleset *rules, uint64_t seed)
{
	static double value[METRIC_COUNT];
	struct coach_input in = { .treadmill_fresh = true };
	struct dice dice;

	dice_seed(&dice, seed, 7);
	twins_init(&twins, rules);
	for (size_t i = 0; i < METRIC_COUNT; i++)
		value[i] = some_value(&dice, rules, i);
	for (unsigned i = 0; i < SECONDS; i++) {
		in.now_us += SECOND;
		go_on(&dice, rules, value);
		if (dice_percent(&dice, 2))
			in.treadmill_fresh = !in.treadmill_fresh;
		if (dice_percent(&dice, 2))
			in.off_belt = !in.off_belt;
		twins_second(&twins, &in, value);
		if (!twins_agree(&twins)) {
			printf(" (seed %llu, second %u)", (unsigned long long)seed, i);
			CU_FAIL_FATAL("a rule that slept was missed");
		}
		if (dice_percent(&dice, 1))
			twins_tell(&twins, forget_holds, NULL);
	}
	CU_ASSERT_TRUE(twins.sleeper.used > 0);
	twins_free(&twins);
}

static void test_random_seconds(void)
{
	struct ruleset rules = rules_shipped();

	for (uint64_t seed = 1; seed <= RUNS; seed++)
		run(&rules, seed);
	ruleset_free(&rules);
}

/* ---- what differs from rule to rule ---- */

/* Each second all is absent first, as state_metrics() has it. What a rule needs of
 * itself is there whoever else sleeps. */
static void test_needs_of_its_own(void)
{
	struct ruleset rules = rules_of(
		"rules:\n"
		"- {id: idle, level: form, when: 'speed > 12 km/h', say: {headline: H, text: T}}\n"
		"- {id: held, level: form, when: running, hold: 3 s, needs: [held_time],"
		" say: {headline: H, text: T}}\n");
	struct coach_input in = { .treadmill_fresh = true };
	double value[METRIC_COUNT];

	twins_init(&twins, &rules);
	for (size_t i = 0; i < METRIC_COUNT; i++)
		value[i] = NAN;
	value[METRIC_true] = value[METRIC_running] = 1;
	value[METRIC_speed] = 10;
	for (unsigned i = 0; i < 6; i++) {
		in.now_us += SECOND;
		twins_second(&twins, &in, value);
	}
	CU_ASSERT_EQUAL(twins.sleeper.coach.state[1].count, 1);
	CU_ASSERT_TRUE(twins_agree(&twins));
	twins_free(&twins);
	ruleset_free(&rules);
}

/* ---- most rules sleep ---- */

static void test_sleep(void)
{
	struct ruleset rules = rules_shipped();
	const struct watches *watches = &twins.sleeper.coach.watches;
	double value[METRIC_COUNT];
	struct coach_input in = { .now_us = SECOND, .treadmill_fresh = true };
	size_t awake = 0;

	twins_init(&twins, &rules);
	for (size_t i = 0; i < METRIC_COUNT; i++)
		value[i] = metric_table[i].dimension == DIMENSION_FLAG ? 0 : NAN;
	value[METRIC_true] = 1;
	twins_second(&twins, &in, value);
	for (size_t i = watches_next(watches, 0); i < rules.count;
	     i = watches_next(watches, i + 1))
		awake++;
	CU_ASSERT_TRUE(awake < rules.count / 4);
	twins_free(&twins);
	ruleset_free(&rules);
}

/* ---- why a condition is not true ---- */

static const struct {
	const char *text;
	enum metric why; /* METRIC_COUNT: nothing so simple */
} reasons[] = {
	{ "speed > 12 km/h", METRIC_speed },
	{ "running and speed > 12 km/h", METRIC_speed },
	{ "running and not novice and incline < -3 %", METRIC_incline },
	{ "not running and speed > 12 km/h", METRIC_running },
	{ "running and (speed > 12 km/h or incline < -3 %) and novice", METRIC_novice },
	{ "running and (speed > 12 km/h or incline < -3 %)", METRIC_COUNT },
	{ "speed > 12 km/h or novice", METRIC_COUNT },
	{ "not (running and speed < 12 km/h)", METRIC_COUNT },
	{ "speed > speed_cap + 1 km/h and novice", METRIC_COUNT },
	{ "novice and speed > speed_cap + 1 km/h", METRIC_novice },
	{ "speed > 50 % of usual_speed and novice", METRIC_novice },
	{ "calm and running", METRIC_COUNT }, /* false, and does not count */
	{ "heart_rate > 100 bpm", METRIC_heart_rate }, /* absent */
};

static void test_reasons(void)
{
	struct metrics metrics = { { 0 } };
	uint64_t but[METRIC_WORDS] = { 0 };

	metrics.value[METRIC_running] = metrics.value[METRIC_true] = 1;
	metrics.value[METRIC_speed] = metrics.value[METRIC_usual_speed] = 10;
	metrics.value[METRIC_heart_rate] = NAN;
	but[METRIC_calm / 64] = UINT64_C(1) << METRIC_calm % 64;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		struct expression_error error;
		struct expression e;
		struct conjunct c = { .metric = METRIC_COUNT };
		bool found;

		CU_ASSERT_TRUE_FATAL(expression_compile_condition(reasons[i].text, &e, &error));
		found = expression_conjunct(&e, &metrics, but, &c);
		if (found != (reasons[i].why != METRIC_COUNT) ||
		    (found && c.metric != reasons[i].why)) {
			printf("\n    %s: %s", reasons[i].text,
			       found ? metric_table[c.metric].name : "none");
			CU_FAIL("another reason was expected");
		}
		expression_free(&e);
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "over random seconds nothing is missed", test_random_seconds },
		{ "what a rule needs of its own", test_needs_of_its_own },
		{ "most rules sleep", test_sleep },
		{ "why a condition is not true", test_reasons },
		CU_TEST_INFO_NULL,
	};

	return suite_run("watch", tests);
}
