/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Rules that sleep (watch.h) must not be missed, whatever the rules: random
 * ones, more than 64 of them too, through random seconds, answers, reloads and
 * sessions. SETS=n in the environment tries so many sets of rules.
 */
#include "daemon/rules/ruleset.h"
#include "tests/unit/random_rules.h"
#include "tests/unit/spoken.h"
#include "tests/unit/suite.h"
#include "tests/unit/twins.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND UINT64_C(1000000)
#define SETS 60
#define SECONDS 300

static struct twins twins;

/* What the coach itself sets, or what is there for an instant only */
static const enum metric not_held[] = {
	METRIC_fired_age,  METRIC_fired_count,  METRIC_held_time,
	METRIC_form_quiet, METRIC_safety_quiet, METRIC_pain_reported,
	METRIC_red_flag,   METRIC_safety_key,
};

static struct ruleset rules_drawn(struct dice *dice)
{
	char *text = random_rules(
		dice, dice_percent(dice, 10) ? 130 : 3 + dice_below(dice, 20));
	struct ruleset rules = rules_of(text);

	free(text);
	return rules;
}

/* ---- what a coach may be told between seconds ---- */

struct told {
	uint64_t now_us;
	int32_t value;
	const struct ruleset *rules; /* another file */
};

static void begin_session(struct coach *coach, const struct coach_sink *sink,
                          void *user)
{
	(void)sink, (void)user;
	coach_begin_session(coach);
}

static void end_session(struct coach *coach, const struct coach_sink *sink,
                        void *user)
{
	(void)user;
	coach_end_session(coach, sink);
}

static void forget_holds(struct coach *coach, const struct coach_sink *sink,
                         void *user)
{
	(void)sink, (void)user;
	coach_forget_holds(coach);
}

static void mute(struct coach *coach, const struct coach_sink *sink, void *user)
{
	(void)sink;
	coach_mute(coach, ((const struct told *)user)->now_us, 1);
}

static void acknowledge(struct coach *coach, const struct coach_sink *sink,
                        void *user)
{
	(void)user;
	coach_acknowledge(coach, 0, sink);
}

static void answer(struct coach *coach, const struct coach_sink *sink,
                   void *user)
{
	const struct told *told = user;

	coach_answer(coach, told->now_us, 0, told->value, sink);
}

static void reload(struct coach *coach, const struct coach_sink *sink,
                   void *user)
{
	(void)sink;
	CU_ASSERT_TRUE_FATAL(
		coach_set_rules(coach, ((const struct told *)user)->rules));
}

static const struct {
	void (*tell)(struct coach *coach, const struct coach_sink *sink,
	             void *user);
	uint32_t permille;
} events[] = {
	{ begin_session, 3 }, { end_session, 3 },  { forget_holds, 5 },
	{ mute, 3 },          { acknowledge, 60 }, { answer, 10 },
	{ reload, 5 },
};

static void tell_something(struct dice *dice, const struct ruleset sets[2],
                           unsigned *set, uint64_t now_us)
{
	struct told told = { now_us, (int32_t)dice_below(dice, 11),
		             &sets[!*set] };

	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		if (dice_below(dice, 1000) >= events[i].permille)
			continue;
		twins_tell(&twins, events[i].tell, &told);
		if (events[i].tell == reload)
			*set = !*set;
	}
}

/* ---- a run ---- */

static void draw_second(struct dice *dice, struct coach_input *in,
                        double *value, uint32_t changes)
{
	in->now_us += SECOND *
	              (dice_percent(dice, 2) ? 1 + dice_below(dice, 100) : 1);
	in->treadmill_fresh ^= dice_percent(dice, 2);
	in->off_belt ^= dice_percent(dice, 2);
	if (dice_percent(dice, 1))
		in->prompts = (enum runner_prompts)dice_below(dice, 3);
	for (unsigned i = 0; i < METRIC_COUNT; i++)
		if (dice_percent(dice, changes))
			value[i] = random_rules_value(dice, (enum metric)i);
	for (size_t i = 0; i < sizeof(not_held) / sizeof(not_held[0]); i++)
		value[not_held[i]] = NAN;
	if (dice_percent(dice, 4))
		value[METRIC_pain_reported] = dice_below(dice, 8);
}

static size_t run(uint64_t seed)
{
	static double value[METRIC_COUNT];
	struct coach_input in = { .treadmill_fresh = true,
		                  .prompts = RUNNER_PROMPTS_ALL };
	struct dice dice;
	struct ruleset sets[2];
	unsigned set = 0;
	uint32_t changes;

	dice_seed(&dice, seed, 3);
	sets[0] = rules_drawn(&dice);
	sets[1] = rules_drawn(&dice);
	twins_init(&twins, &sets[0]);
	changes = 1 + dice_below(&dice, 8);
	draw_second(&dice, &in, value, 100);
	for (unsigned i = 0; i < SECONDS; i++) {
		draw_second(&dice, &in, value, changes);
		tell_something(&dice, sets, &set, in.now_us);
		twins_second(&twins, &in, value);
		if (!twins_agree(&twins)) {
			printf(" (seed %llu, second %u)",
			       (unsigned long long)seed, i);
			CU_FAIL_FATAL("a rule that slept was missed");
		}
	}
	twins_free(&twins);
	ruleset_free(&sets[0]);
	ruleset_free(&sets[1]);
	return twins.sleeper.used;
}

static void test_random_rules(void)
{
	const char *more = getenv("SETS");
	uint64_t count = more ? strtoull(more, NULL, 10) : SETS;
	size_t said = 0;

	for (uint64_t seed = 1; seed <= count; seed++)
		said += run(seed);
	CU_ASSERT_TRUE(said > 1000);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "whatever the rules, nothing is missed", test_random_rules },
		CU_TEST_INFO_NULL,
	};

	return suite_run("watch_rules", tests);
}
