/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Rules that sleep (watch.h) must not be missed: over random seconds a coach whose
 * rules may sleep comes to what one comes to whose rules never do.
 */
#include "daemon/core/coach.h"
#include "daemon/rules/expression_pins.h"
#include "daemon/simulator/dice.h"
#include "tests/unit/spoken.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND UINT64_C(1000000)
#define RUNS 24
#define SECONDS 1500
#define RANDOM_RULES 30

static struct {
	char text[1u << 18]; /* what was said, a line each */
	size_t used;
} said[2];

static void note(void *user, const char *what, const char *rule, uint32_t id)
{
	size_t i = user == &said[1];
	size_t room = sizeof(said[i].text) - said[i].used;
	int length = snprintf(said[i].text + said[i].used, room, "%s %s %u\n", what, rule, id);

	if (length > 0 && (size_t)length < room)
		said[i].used += (size_t)length;
}

static void on_prompt(void *user, const struct display_prompt *prompt)
{
	note(user, "prompt", prompt->rule, prompt->id);
}

static void on_clear(void *user, const struct display_clear *clear)
{
	note(user, "clear", display_clear_reason_name(clear->reason), clear->id);
}

static void on_failed(void *user, const struct rule *rule)
{
	note(user, "failed", rule->id, 0);
}

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
	if (metric == METRIC_sessions)
		return dice_percent(dice, 10) ? 1e7 : dice_below(dice, 3);
	if (info->dimension == DIMENSION_FLAG)
		return dice_percent(dice, 60);
	if (dice_percent(dice, 20))
		return NAN;
	if (dice_percent(dice, 30))
		return info->low + (info->high - info->low) * dice_below(dice, 1001) / 1000;
	/* where rules turn: at a limit, and a little to either side */
	return limit_of_some_rule(dice, rules, metric) + ((int)dice_below(dice, 3) - 1) * 0.5;
}

static bool is_instant(size_t metric)
{
	return metric == METRIC_pain_reported || metric == METRIC_red_flag ||
	       metric == METRIC_safety_key;
}

/* Times go by; of the rest a few change, more in some runs than in others. Reports
 * are rare: each wakes everybody. */
static void go_on(struct dice *dice, const struct ruleset *rules, unsigned change_permille,
                  double *value)
{
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		if (is_instant(i))
			value[i] = dice_below(dice, 300) ? NAN : some_value(dice, rules, i);
		else if (dice_below(dice, 1000) < change_permille)
			value[i] = some_value(dice, rules, i);
		else if (metric_table[i].dimension == DIMENSION_TIME)
			value[i] += 1;
	}
}

/* ---- random rules ---- */

static const struct {
	const char *name, *unit;
	unsigned low, span;
} numbers[] = {
	{ "speed", "km/h", 4, 12 }, { "usual_speed", "km/h", 4, 12 },
	{ "speed_cap", "km/h", 4, 12 }, { "incline", "%", 0, 8 }, { "dose", "%", 0, 8 },
	{ "elapsed", "s", 0, 300 }, { "run_time", "s", 0, 300 }, { "fired_age", "s", 10, 90 },
	{ "held_time", "s", 1, 20 }, { "form_quiet", "s", 0, 200 }, { "treadmill_gap", "s", 0, 60 },
};
static const char *const flags[] = {
	"running", "walking", "novice", "back_pain", "pain_free", "warm", "calm", "belt_moving",
};
static const char *const comparisons[] = { "<", "<=", ">", ">=" };
static const char *const counts[] = { "pain_reports", "fired_count" };

/* 1e45 x sessions, six times over: a number for a few sessions, none for 1e7 */
#define BIG "999999999999999 * 999999999999999 * 999999999999999 * sessions"
#define FAILS BIG " * " BIG " * " BIG " * " BIG " * " BIG " * " BIG " > 1"

struct text {
	char at[16384];
	size_t used;
};

__attribute__((format(printf, 2, 3)))
static void put(struct text *t, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(t->at + t->used, sizeof(t->at) - t->used, format, args);
	va_end(args);
	CU_ASSERT_TRUE_FATAL(length > 0 && (size_t)length < sizeof(t->at) - t->used);
	t->used += (size_t)length;
}

static const char *one_of(struct dice *dice, const char *const *words, size_t count)
{
	return words[dice_below(dice, (uint32_t)count)];
}
#define ONE_OF(dice, words) one_of(dice, words, sizeof(words) / sizeof((words)[0]))

static void put_comparison(struct dice *dice, struct text *t)
{
	size_t i = dice_below(dice, sizeof(numbers) / sizeof(numbers[0])), other = i;

	while (strcmp(numbers[other].unit, numbers[i].unit) != 0 || dice_percent(dice, 60))
		other = dice_below(dice, sizeof(numbers) / sizeof(numbers[0]));
	if (dice_percent(dice, 3)) {
		put(t, "%s", FAILS);
		return;
	}
	if (dice_percent(dice, 5)) {
		put(t, "%s = %u", ONE_OF(dice, counts), dice_below(dice, 3));
		return;
	}
	put(t, "%s %s ", numbers[i].name, ONE_OF(dice, comparisons));
	if (dice_percent(dice, 60))
		put(t, "%u %s", numbers[i].low + dice_below(dice, numbers[i].span), numbers[i].unit);
	else if (dice_percent(dice, 50))
		put(t, "%u %% of %s", 50 + dice_below(dice, 100), numbers[other].name);
	else
		put(t, "%s %s %u %s", numbers[other].name, dice_percent(dice, 50) ? "+" : "-",
		    dice_below(dice, 5), numbers[i].unit);
}

static void put_condition(struct dice *dice, struct text *t, unsigned depth)
{
	if (depth == 0 || dice_percent(dice, 30)) {
		if (dice_percent(dice, 40))
			put(t, "%s%s", dice_percent(dice, 30) ? "not " : "", ONE_OF(dice, flags));
		else
			put_comparison(dice, t);
		return;
	}
	put(t, dice_percent(dice, 20) ? "not (" : "(");
	put_condition(dice, t, depth - 1);
	for (unsigned more = 1 + dice_below(dice, 2), and = dice_percent(dice, 50); more; more--) {
		put(t, and ? " and " : " or ");
		put_condition(dice, t, depth - 1);
	}
	put(t, ")");
}

static void put_key(struct dice *dice, struct text *t, const char *key, unsigned percent)
{
	if (!dice_percent(dice, percent))
		return;
	put(t, "  %s: \"", key);
	put_condition(dice, t, 2);
	put(t, "\"\n");
}

static void put_number(struct dice *dice, struct text *t, const char *key, const char *unit,
                       unsigned most)
{
	if (dice_percent(dice, 40))
		put(t, "  %s: %u%s\n", key, 1 + dice_below(dice, most), unit);
}

static void put_rule(struct dice *dice, struct text *t, unsigned number)
{
	static const char *const levels[] = {
		"safety", "load", "form", "habit", "praise", "system",
	};
	static const char *const once[] = { "session", "condition", "pain_report" };

	put(t, "rules:\n- id: r%u\n  level: %s\n  say: {headline: H, text: T}\n", number,
	    ONE_OF(dice, levels));
	put(t, "  why: W\n  source: S\n  strength: weak\n");
	put_key(dice, t, "when", 100);
	put_key(dice, t, "clear", 40);
	put_key(dice, t, "await", 30);
	put_number(dice, t, "hold", " s", 30);
	put_number(dice, t, "clear_hold", " s", 20);
	put_number(dice, t, "repeat", " s", 200);
	put_number(dice, t, "limit", "", 5);
	if (dice_percent(dice, 30))
		put(t, "  once: %s\n", ONE_OF(dice, once));
	if (dice_percent(dice, 20))
		put(t, "  needs: [%s]\n", numbers[dice_below(dice, 8)].name);
	if (number > 0 && dice_percent(dice, 15))
		put(t, "  mutes: [r%u]\n", dice_below(dice, number));
	if (number > 0 && dice_percent(dice, 15))
		put(t, "  bars: [r%u]\n", dice_below(dice, number));
	if (number > 0 && dice_percent(dice, 15))
		put(t, "  praise: r%u\n", dice_below(dice, number));
	if (dice_percent(dice, 30)) {
		put(t, "  also:\n    - when: \"");
		put_condition(dice, t, 2);
		put(t, "\"\n      hold: %u s\n", 1 + dice_below(dice, 30));
	}
}

/* Behind the shipped ones. What the reader refuses is left out. */
static unsigned add_random_rules(struct dice *dice, struct ruleset *rules)
{
	unsigned added = 0;

	for (unsigned i = 0; i < RANDOM_RULES; i++) {
		struct ruleset_error error;
		struct text text = { .used = 0 };

		put_rule(dice, &text, i);
		added += ruleset_parse(rules, "random", text.at, text.used, &error);
	}
	return added;
}

/* ---- two coaches ---- */

struct twins {
	struct coach sleeper, awake;
	struct ruleset rules, others; /* a reload goes from these to those */
	struct coach_input in;
	double value[METRIC_COUNT];
	struct dice dice;
	uint64_t seed, slept; /* rules, all seconds together */
};

static void second(struct coach *coach, const struct coach_input *now, const double *value,
                   void *user, bool all_awake)
{
	struct coach_sink sink = { on_prompt, on_clear, user, on_failed };
	struct metrics metrics;
	struct coach_input in = *now;

	memcpy(metrics.value, value, sizeof(metrics.value));
	in.metrics = &metrics;
	if (all_awake)
		watches_wake_all(&coach->watches);
	coach_expire(coach, in.now_us, &sink);
	coach_tick(coach, &in, &sink);
	if (metrics.value[METRIC_pain_reported] >= 0 || metrics.value[METRIC_red_flag] > 0 ||
	    metrics.value[METRIC_safety_key] > 0)
		coach_instant(coach, &in, &sink);
}

static void check_states(struct twins *t)
{
	const struct coach *a = &t->sleeper, *b = &t->awake;

	coach_settle(&t->sleeper);
	for (size_t i = 0; i < a->rules->count; i++) {
		if (memcmp(&a->state[i], &b->state[i], sizeof(a->state[i])) == 0)
			continue;
		printf("\n    seed %llu, second %llu: %s: %d, %d, when %s",
		       (unsigned long long)t->seed, (unsigned long long)(t->in.now_us / SECOND),
		       a->rules->rules[i].id, (int)a->state[i].silence, (int)b->state[i].silence,
		       a->rules->rules[i].clause_count ? a->rules->rules[i].clauses[0].when.text
		                                       : "");
		CU_FAIL_FATAL("a rule that slept is not what one that was awake is");
	}
}

/* What else is done to a coach, between two seconds */
static void interfere(struct coach *c, uint64_t now_us, uint32_t what, uint32_t how,
                      const struct ruleset *rules, void *user)
{
	const struct coach_sink sink = { on_prompt, on_clear, user, on_failed };

	switch (what) {
	case 0:
		coach_forget_holds(c);
		break;
	case 1:
		coach_begin_session(c);
		break;
	case 2:
		coach_end_session(c, &sink);
		break;
	case 3:
		coach_mute(c, now_us, (int32_t)(how % 3));
		break;
	case 4:
		coach_answer(c, now_us, 0, (int32_t)(how % 11), &sink);
		break;
	case 5:
		CU_ASSERT_TRUE_FATAL(coach_set_rules(c, rules));
		break;
	default:
		coach_acknowledge(c, 0, &sink);
		break;
	}
}

static void interfere_with_both(struct twins *t)
{
	uint32_t what = dice_below(&t->dice, 12), how = dice_below(&t->dice, 100);
	const struct ruleset *to = t->sleeper.rules == &t->rules ? &t->others : &t->rules;

	interfere(&t->sleeper, t->in.now_us, what, how, to, &said[0]);
	interfere(&t->awake, t->in.now_us, what, how, to, &said[1]);
}

static void count_asleep(struct twins *t)
{
	const struct watches *w = &t->sleeper.watches;

	t->slept += w->rules->count;
	for (size_t i = watches_next(w, 0); i < w->rules->count; i = watches_next(w, i + 1))
		t->slept--;
}

static void turn(struct twins *t, unsigned change_permille)
{
	struct dice *dice = &t->dice;

	t->in.now_us += SECOND * (dice_below(dice, 200) ? 1 : 1 + dice_below(dice, 30));
	go_on(dice, t->sleeper.rules, change_permille, t->value);
	if (dice_below(dice, 300) == 0)
		t->in.treadmill_fresh = !t->in.treadmill_fresh;
	if (dice_below(dice, 300) == 0)
		t->in.off_belt = !t->in.off_belt;
	if (dice_below(dice, 500) == 0)
		t->in.prompts = (enum runner_prompts)dice_below(dice, 3);
	second(&t->sleeper, &t->in, t->value, &said[0], false);
	second(&t->awake, &t->in, t->value, &said[1], true);
	if (dice_percent(dice, 30))
		check_states(t);
	if (dice_below(dice, 60) == 0)
		interfere_with_both(t);
	count_asleep(t);
}

static void run(uint64_t seed)
{
	static struct twins t;

	t = (struct twins){ .in = { .treadmill_fresh = true }, .seed = seed };
	t.rules = rules_shipped();
	dice_seed(&t.dice, seed, 7);
	CU_ASSERT_TRUE(add_random_rules(&t.dice, &t.rules) > RANDOM_RULES / 3);
	CU_ASSERT_TRUE_FATAL(ruleset_copy(&t.rules, &t.others, 0));
	CU_ASSERT_TRUE_FATAL(coach_init(&t.sleeper, &t.rules) && coach_init(&t.awake, &t.rules));
	for (size_t i = 0; i < METRIC_COUNT; i++)
		t.value[i] = some_value(&t.dice, &t.rules, i);
	said[0].used = said[1].used = 0;
	for (unsigned i = 0; i < SECONDS; i++)
		turn(&t, seed % 3 == 0 ? 1 : seed % 3 == 1 ? 8 : 40);
	CU_ASSERT_EQUAL(said[0].used, said[1].used);
	CU_ASSERT_EQUAL(memcmp(said[0].text, said[1].text, said[0].used), 0);
	CU_ASSERT_TRUE(said[0].used > 0);
	CU_ASSERT_TRUE(t.slept > SECONDS * t.rules.count / 3);
	coach_free(&t.sleeper);
	coach_free(&t.awake);
	ruleset_free(&t.rules);
	ruleset_free(&t.others);
}

static void test_random_seconds(void)
{
	const char *runs = getenv("WATCH_RUNS"); /* for who has more time */
	uint64_t most = runs ? strtoull(runs, NULL, 10) : RUNS;

	for (uint64_t seed = 1; seed <= most; seed++)
		run(seed);
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
	struct coach coach;
	double value[METRIC_COUNT];

	CU_ASSERT_TRUE_FATAL(coach_init(&coach, &rules));
	for (size_t i = 0; i < METRIC_COUNT; i++)
		value[i] = NAN;
	value[METRIC_true] = value[METRIC_running] = 1;
	value[METRIC_speed] = 10;
	said[0].used = 0;
	for (unsigned i = 0; i < 6; i++) {
		in.now_us += SECOND;
		second(&coach, &in, value, &said[0], false);
	}
	CU_ASSERT_EQUAL(coach.state[1].count, 1);
	coach_free(&coach);
	ruleset_free(&rules);
}

/* ---- most rules sleep ---- */

static void test_sleep(void)
{
	struct ruleset rules = rules_shipped();
	struct coach coach;
	double value[METRIC_COUNT];
	struct coach_input in = { .now_us = SECOND, .treadmill_fresh = true };
	size_t awake = 0;

	CU_ASSERT_TRUE_FATAL(coach_init(&coach, &rules));
	for (size_t i = 0; i < METRIC_COUNT; i++)
		value[i] = metric_table[i].dimension == DIMENSION_FLAG ? 0 : NAN;
	value[METRIC_true] = 1;
	second(&coach, &in, value, &said[0], false);
	for (size_t i = watches_next(&coach.watches, 0); i < rules.count;
	     i = watches_next(&coach.watches, i + 1))
		awake++;
	CU_ASSERT_TRUE(awake < rules.count / 4);
	coach_free(&coach);
	ruleset_free(&rules);
}

/* ---- what holds a condition where it is ---- */

static const struct {
	const char *text;
	enum truth truth;
	const char *held; /* by these, in their order; NULL: nothing holds it */
} conditions[] = {
	{ "speed > 12 km/h", TRUTH_FALSE, "speed" },
	{ "speed < 12 km/h", TRUTH_TRUE, "speed" },
	{ "running and speed > 12 km/h", TRUTH_FALSE, "speed" },
	{ "running and speed < 12 km/h", TRUTH_TRUE, "running speed" },
	{ "running and not novice and incline < -3 %", TRUTH_FALSE, "incline" },
	{ "not running and speed > 12 km/h", TRUTH_FALSE, "running" },
	{ "running and (speed > 12 km/h or incline < -3 %) and novice", TRUTH_FALSE,
	  "speed incline" },
	{ "running and (speed > 12 km/h or incline > -3 %)", TRUTH_TRUE, "running incline" },
	{ "(speed > 12 km/h and running) or (incline > -3 % and running)", TRUTH_TRUE,
	  "incline running" },
	{ "not (running and speed < 12 km/h)", TRUTH_FALSE, "running speed" },
	{ "not (novice and speed < 12 km/h)", TRUTH_TRUE, "novice" },
	{ "speed > speed_cap + 1 km/h and novice", TRUTH_FALSE, "novice" },
	{ "running and speed > speed_cap + 1 km/h", TRUTH_TRUE, "running speed speed_cap" },
	{ "novice and speed > speed_cap + 1 km/h", TRUTH_FALSE, "novice" },
	{ "speed > 50 % of usual_speed", TRUTH_TRUE, "usual_speed speed" },
	{ "heart_rate > 100 bpm", TRUTH_ABSENT, "heart_rate" },
	{ "heart_rate > 100 bpm or running", TRUTH_TRUE, "running" },
	{ "heart_rate > 100 bpm and running and speed > 12 km/h", TRUTH_FALSE, "heart_rate" },
	{ "not (heart_rate > 100 bpm and running)", TRUTH_ABSENT, "heart_rate running" },
	{ "speed * 2 * sessions > 1 km/h and running and novice", TRUTH_FALSE,
	  "speed sessions" },
	{ "running and speed * sessions > 1 km/h and novice", TRUTH_FALSE,
	  "running speed sessions" },
	{ "not heart_rate > 100 bpm", TRUTH_ABSENT, "heart_rate" },
	{ "calm and running", TRUTH_FALSE, NULL },
	{ "novice and calm", TRUTH_FALSE, "novice" },
};

static void names_of(const struct pins *pins, char out[200])
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < pins->count; i++)
		used += (size_t)snprintf(out + used, 200 - used, "%s%s", i ? " " : "",
		                         metric_table[pins->all[i].metric].name);
}

static void test_pins(void)
{
	struct metrics metrics = { { 0 } };
	uint64_t but[METRIC_WORDS] = { 0 };

	metrics.value[METRIC_running] = metrics.value[METRIC_true] = 1;
	metrics.value[METRIC_speed] = metrics.value[METRIC_usual_speed] = 10;
	metrics.value[METRIC_heart_rate] = NAN;
	but[METRIC_calm / 64] = UINT64_C(1) << METRIC_calm % 64;
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
		struct expression_error error;
		struct expression e;
		struct pins pins = { .count = 0 };
		char names[200];

		CU_ASSERT_TRUE_FATAL(expression_compile_condition(conditions[i].text, &e, &error));
		CU_ASSERT_EQUAL(pins_add(&pins, &e, &metrics, but), conditions[i].truth);
		names_of(&pins, names);
		if (pins.loose != !conditions[i].held ||
		    (!pins.loose && strcmp(names, conditions[i].held) != 0)) {
			printf("\n    %s: %s%s", conditions[i].text, names,
			       pins.loose ? ", loose" : "");
			CU_FAIL("held by others");
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
		{ "what holds a condition where it is", test_pins },
		CU_TEST_INFO_NULL,
	};

	return suite_run("watch", tests);
}
