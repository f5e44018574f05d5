/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which rule may speak, and when: rules.md 3, 5.1 and 5.5. Metrics stand as
 * switches here: `running`, `walking` ... are true when a test says so.
 */
#include "daemon/core/coach.h"
#include "tests/unit/spoken.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND 1000000ull
#define SAY ", say: {headline: H, text: T}}\n"

static struct ruleset rule_sets[2], *rules; /* the live set, and the other */
static struct coach coach;
static struct metrics metrics;
static struct coach_input input;
static struct spoken spoken;

static void on_prompt(void *user, const struct display_prompt *prompt)
{
	spoken_prompt(user, input.now_us, prompt);
}

static void on_clear(void *user, const struct display_clear *clear)
{
	spoken_clear(user, input.now_us, clear);
}

static const struct coach_sink sink = { on_prompt, on_clear, &spoken, NULL };

static void start(const char *yaml)
{
	rules = &rule_sets[0];
	*rules = rules_of(yaml);
	spoken = (struct spoken){ .count = 0 };
	CU_ASSERT_TRUE_FATAL(coach_init(&coach, rules));
	for (size_t i = 0; i < METRIC_COUNT; i++)
		metrics.value[i] = metric_table[i].dimension == DIMENSION_FLAG ? 0 : NAN;
	metrics.value[METRIC_true] = metrics.value[METRIC_pain_free] = 1;
	input = (struct coach_input){
		.metrics = &metrics, .treadmill_fresh = true,
		.prompts = RUNNER_PROMPTS_ALL,
	};
}

static void stop(void)
{
	coach_free(&coach);
	ruleset_free(rules);
}

/* What a rule said, and over */
static void finish(const char *rule, const char *expected)
{
	spoken_check(&spoken, rule, expected);
	stop();
}

#define SET(name, number) (metrics.value[METRIC_##name] = (number))

/* To the end of that second, deadlines met in between */
static void until(unsigned second)
{
	uint64_t end_us = second * SECOND;

	for (uint64_t t = input.now_us / SECOND + 1; t * SECOND <= end_us; t++) {
		input.now_us = coach_deadline(&coach);
		if (input.now_us <= t * SECOND)
			coach_expire(&coach, input.now_us, &sink);
		input.now_us = t * SECOND;
		coach_tick(&coach, &input, &sink);
	}
}

/* Another input at this very instant */
static void report_too(enum metric metric, double value)
{
	metrics.value[metric] = value;
	coach_instant(&coach, &input, &sink);
	metrics.value[metric] = NAN;
}

/* An input a quarter of a second later */
static void report(enum metric metric, double value)
{
	input.now_us += SECOND / 4;
	report_too(metric, value);
}

static void acknowledge(uint32_t id)
{
	coach_acknowledge(&coach, id, &sink);
}

/* ---- one rule ------------------------------------------------------------- */

static void test_5_5_2_hold_counts_from_the_first_true_second(void)
{
	start("rules:\n- {id: a, level: system, when: running, hold: 20 s" SAY);
	until(100);
	SET(running, 1);
	until(120);
	CU_ASSERT_FALSE(spoken.live);
	until(121);
	finish("a", "121 a"); /* true at the tick of 101, and 20 s on */
}

/* A set beyond 64, and beyond 128: each of them is looked at in its second. */
static void test_any_rule_of_many_speaks(void)
{
	static const unsigned at[] = { 0, 63, 64, 65, 127, 128, 139 };
	static char yaml[16384];

	for (size_t i = 0; i < COUNT(at); i++) {
		size_t used = (size_t)snprintf(yaml, sizeof(yaml), "rules:\n");
		char expected[32];

		for (unsigned rule = 0; rule < 140; rule++)
			used += (size_t)snprintf(yaml + used, sizeof(yaml) - used,
			                         "- {id: r%u, level: system, when: %s, hold: 20 s" SAY,
			                         rule, rule == at[i] ? "running" : "back_pain");
		start(yaml);
		until(100);
		SET(running, 1);
		until(125);
		snprintf(expected, sizeof(expected), "121 r%u", at[i]);
		finish(NULL, expected);
	}
}

static void test_a_rule_knows_for_how_long_it_has_been_true(void)
{
	start("rules:\n- {id: a, level: system, when: running, hold: 20 s, "
	      "args: [{name: t, value: held_time}], say: {headline: H, text: \"{t}\"}}\n");
	until(100);
	SET(running, 1);
	until(121);
	CU_ASSERT_STRING_EQUAL(spoken.last.text, "20 s");
	stop();
}

static void test_5_5_2_one_false_second_resets_the_hold(void)
{
	start("rules:\n- {id: a, level: system, when: running, hold: 20 s" SAY);
	SET(running, 1);
	until(20);
	SET(running, 0);
	until(21);
	SET(running, 1);
	until(42);
	finish("a", "42 a");
}

static void test_an_absent_metric_is_never_true(void)
{
	start("rules:\n- {id: a, level: system, when: speed > 5 km/h" SAY
	      "- {id: b, level: system, when: not speed > 5 km/h" SAY);
	until(30);
	finish(NULL, "");
}

static void test_clauses_have_holds_of_their_own(void)
{
	start("rules:\n- {id: a, level: system, when: running, hold: 10 s, repeat: 60 s, "
	      "also: [{when: walking, hold: 3 s}]" SAY);
	SET(running, 1);
	until(7);
	SET(running, 0);
	SET(walking, 1);
	until(11); /* 8 .. 11 */
	finish("a", "11 a");
}

static void test_clear_with_its_hold(void)
{
	start("rules:\n- {id: a, level: safety, when: running, clear: walking, "
	      "clear_hold: 5 s" SAY);
	SET(running, 1);
	until(3);
	SET(running, 0);
	SET(walking, 1);
	until(6);
	SET(walking, 0); /* resets it */
	until(7);
	SET(walking, 1);
	until(30);
	finish("a", "1 a; 13 condition");
}

static void test_without_a_clear_it_is_over_when_no_longer_true(void)
{
	start("rules:\n- {id: a, level: safety, when: running" SAY);
	SET(running, 1);
	until(5);
	SET(running, 0);
	until(10);
	finish("a", "1 a; 6 condition");
}

static void test_repeat(void)
{
	start("rules:\n- {id: a, level: safety, when: running, repeat: 45 s" SAY);
	SET(running, 1);
	until(100);
	finish("a", "1 a; 31 expired; 46 a; 76 expired; 91 a");
}

static void test_no_repeat_means_once_until_it_clears(void)
{
	start("rules:\n- {id: a, level: system, when: running" SAY);
	SET(running, 1);
	until(300);
	SET(running, 0);
	until(310);
	SET(running, 1);
	until(320);
	finish("a", "1 a; 7 expired; 311 a; 317 expired");
}

static void test_limit_per_session(void)
{
	start("rules:\n- {id: a, level: system, when: running, repeat: 10 s, limit: 3" SAY);
	SET(running, 1);
	until(100);
	finish("a", "1 a; 7 expired; 11 a; 17 expired; 21 a; 27 expired");
}

static void test_once_per_session(void)
{
	start("rules:\n- {id: a, level: system, when: running, once: session" SAY);
	for (unsigned t = 0; t < 100; t += 20) {
		SET(running, t % 40 ? 0 : 1);
		until(t + 20);
	}
	coach_begin_session(&coach);
	SET(running, 1);
	until(110);
	finish("a", "1 a; 7 expired; 101 a; 107 expired");
}

static void test_once_per_report_and_not_before_one(void)
{
	start("rules:\n- {id: a, level: system, when: running, repeat: 10 s, "
	      "once: pain_report" SAY);
	SET(running, 1);
	until(20);
	report(METRIC_pain_reported, 2);
	until(60);
	report(METRIC_pain_reported, 2);
	until(100);
	finish("a", "21 a; 27 expired; 61 a; 67 expired");
}

static void test_3_interval_doubles_after_2_unanswered_muted_after_3(void)
{
	start("rules:\n- {id: a, level: form, when: running, hold: 20 s, clear: walking, "
	      "repeat: 120 s" SAY);
	SET(running, 1);
	until(3000);
	SET(running, 0);
	SET(walking, 1); /* the runner answers at last */
	until(3010);
	SET(running, 1);
	SET(walking, 0);
	until(3100);
	finish("a", "21 a; 29 expired; 141 a; 149 expired; 381 a; 389 expired; "
	            "3031 a; 3039 expired");
}

static void test_3_an_answer_ends_the_back_off(void)
{
	start("rules:\n- {id: a, level: form, when: running, clear: not running, "
	      "repeat: 120 s" SAY);
	for (unsigned t = 0; t < 1000; t += 100) {
		SET(running, t / 100 % 2 == 0);
		until(t + 100);
	}
	/* 1, 201, 401: the budget of the session; then each 200 s */
	finish("a", "1 a; 9 expired; 201 a; 209 expired; 401 a; 409 expired; "
	            "601 a; 609 expired; 801 a; 809 expired");
}

static void test_needs_put_a_rule_to_sleep(void)
{
	start("rules:\n- {id: a, level: system, when: running, needs: [heart_rate]" SAY);
	SET(running, 1);
	until(10);
	SET(heart_rate, 150);
	until(12);
	finish("a", "11 a");
}

static void test_mutes_hold_others_back_while_true(void)
{
	start("rules:\n- {id: a, level: system, when: running, hold: 5 s, mutes: [b]" SAY
	      "- {id: b, level: system, when: walking" SAY);
	SET(running, 1);
	SET(walking, 1);
	until(5); /* a only holds as yet */
	CU_ASSERT_EQUAL(spoken.count, 0);
	until(10);
	SET(running, 0);
	until(20);
	finish(NULL, "6 a; 11 condition; 11 b; 17 expired");
}

static void test_a_disabled_rule_is_silent(void)
{
	start("rules:\n- {id: a, level: safety, when: running, enabled: false" SAY
	      "- {id: b, level: safety, when: red_flag, enabled: false" SAY);
	SET(running, 1);
	until(10);
	report(METRIC_red_flag, 1);
	finish(NULL, "");
}

static void test_fired_count_and_age_are_the_rules_own(void)
{
	start("rules:\n- {id: a, level: system, when: running, repeat: 10 s" SAY
	      "- {id: b, level: system, when: running and fired_count < 2, repeat: 20 s" SAY
	      "- {id: c, level: system, when: walking and not fired_age < 1 min" SAY);
	SET(running, 1);
	SET(walking, 1);
	until(60);
	spoken_check(&spoken, "c", ""); /* fired_age is absent, not large */
	finish("b", "7 b; 13 expired; 29 b; 30 condition");
}

/* ---- several rules -------------------------------------------------------- */

static const char *const level_names[] = {
	"system", "praise", "habit", "form", "load", "safety",
};

#define SYSTEM DISPLAY_LEVEL_SYSTEM
#define PRAISE DISPLAY_LEVEL_PRAISE
#define HABIT DISPLAY_LEVEL_HABIT
#define FORM DISPLAY_LEVEL_FORM
#define LOAD DISPLAY_LEVEL_LOAD
#define SAFETY DISPLAY_LEVEL_SAFETY
#define ASK 6 /* a question, of level safety */
#define NOTHING 9

/* Rule "form1" is true while run_time selects FORM, "form2" while walk_time
 * does, and so on. */
static void start_levels(void)
{
	char yaml[8192] = "rules:\n";
	size_t used = strlen(yaml);

	for (int turn = 1; turn <= 2; turn++)
		for (int i = 0; i <= ASK; i++)
			used += (size_t)snprintf(
				yaml + used, sizeof(yaml) - used,
				"- {id: %s%d, level: %s, repeat: 1000 s, clear: not true, "
				"when: %d.5 s < %s_time < %d.5 s%s" SAY,
				i == ASK ? "ask" : level_names[i], turn,
				i == ASK ? "safety" : level_names[i], i,
				turn == 1 ? "run" : "walk", i + 1,
				i == ASK ? ", ask: {min: 0, max: 10}" : "");
	start(yaml);
}

static void select_levels(int first, int second)
{
	SET(run_time, first + 1);
	SET(walk_time, second + 1);
}

/* The first is acknowledged at once and the second wakes: seconds between */
static double gap_between(int first, int second)
{
	double gap;

	start_levels();
	select_levels(first, NOTHING);
	until(1);
	acknowledge(0);
	select_levels(NOTHING, second);
	until(1000);
	CU_ASSERT_TRUE_FATAL(spoken.count >= 3);
	gap = (double)(spoken.line[2].t_us - spoken.line[0].t_us) / 1e6;
	stop();
	return gap;
}

static void test_5_5_5_gaps(void)
{
	static const struct {
		int first, second;
		double gap; /* 1: there is none */
	} rows[] = {
		{ SAFETY, SAFETY, 10 }, { SAFETY, LOAD, 10 }, { SAFETY, FORM, 60 },
		{ SAFETY, HABIT, 90 }, { SAFETY, PRAISE, 1 },
		{ LOAD, SAFETY, 1 }, { LOAD, LOAD, 10 }, { LOAD, FORM, 60 },
		{ LOAD, HABIT, 90 },
		{ FORM, SAFETY, 1 }, { FORM, LOAD, 10 }, { FORM, FORM, 60 },
		{ FORM, HABIT, 90 }, { FORM, SYSTEM, 1 },
		{ HABIT, SAFETY, 1 }, { HABIT, LOAD, 10 }, { HABIT, FORM, 60 },
		{ HABIT, HABIT, 360 }, { HABIT, PRAISE, 360 },
		{ PRAISE, PRAISE, 360 },
		/* 5.5.6: praise that is no answer delays nobody */
		{ PRAISE, HABIT, 1 }, { PRAISE, FORM, 1 }, { PRAISE, LOAD, 1 },
		{ PRAISE, SAFETY, 1 },
		/* system prompts and questions obey no gap and start none */
		{ SYSTEM, SYSTEM, 1 }, { SYSTEM, FORM, 1 }, { SYSTEM, HABIT, 1 },
		{ ASK, FORM, 1 }, { ASK, HABIT, 1 }, { ASK, SAFETY, 1 },
		{ SAFETY, ASK, 1 }, { FORM, ASK, 1 }, { HABIT, ASK, 1 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		double gap = gap_between(rows[i].first, rows[i].second);

		if (fabs(gap - rows[i].gap) > 0.1)
			printf("\n    levels %d, %d: %g s\n", rows[i].first,
			       rows[i].second, gap);
		CU_ASSERT_DOUBLE_EQUAL(gap, rows[i].gap, 1e-9);
	}
}

static void test_3_three_form_prompts_in_600_s(void)
{
	start("rules:\n"
	      "- {id: a, level: form, when: running, repeat: 130 s, clear: running, clear_hold: 1 s" SAY
	      "- {id: b, level: form, when: running, repeat: 130 s, clear: running, clear_hold: 1 s" SAY);
	SET(running, 1);
	until(800);
	/* 600 s after the first, and so on: never four in 600 s */
	finish(NULL, "1 a; 3 condition; 61 b; 63 condition; 131 a; 133 condition; "
	             "601 a; 603 condition; 661 b; 663 condition; 731 a; "
	             "733 condition");
}

/* They are another test's. */
static void forget_gaps(void)
{
	coach.last_any_us = COACH_NEVER;
	for (size_t i = 0; i < COACH_LEVELS; i++)
		coach.last_us[i] = COACH_NEVER;
}

static void test_5_1_higher_replaces_lower_at_once(void)
{
	for (int live = SYSTEM; live <= SAFETY; live++)
		for (int next = SYSTEM; next <= SAFETY; next++) {
			start_levels();
			select_levels(NOTHING, live);
			until(1);
			forget_gaps();
			select_levels(next, NOTHING);
			until(2);
			CU_ASSERT_EQUAL(spoken.count, next > live ? 3 : 1);
			if (next > live) {
				CU_ASSERT_STRING_EQUAL(spoken.line[1].word, "replaced");
				CU_ASSERT_EQUAL((int)spoken.last.level, next);
			}
			stop();
		}
}

static void test_5_1_rank_decides_within_a_level(void)
{
	start("rules:\n- {id: low, level: safety, when: running, rank: 3" SAY
	      "- {id: high, level: safety, when: walking, rank: 8" SAY
	      "- {id: also-high, level: safety, when: walking, rank: 8" SAY);
	SET(running, 1);
	until(1);
	SET(walking, 1);
	until(11); /* 10 s after safety */
	finish(NULL, "1 low; 11 replaced; 11 high");
}

static void test_5_1_the_highest_of_all_due_speaks(void)
{
	start_levels();
	SET(run_time, FORM + 1);
	SET(walk_time, LOAD + 1);
	until(30);
	finish(NULL, "1 load2; 13 expired");
}

/* A live load prompt lasts 12 s; a system prompt has to wait behind it. */
static void wait_behind(const char *hold, const char *expected)
{
	char yaml[400];

	snprintf(yaml, sizeof(yaml),
	         "rules:\n- {id: live, level: load, when: running, once: session, clear: not true" SAY
	         "- {id: next, level: system, when: walking, hold: %s" SAY, hold);
	start(yaml);
	SET(running, 1);
	until(10);
	SET(walking, 1);
	until(40);
	finish(NULL, expected);
}

static void test_5_1_an_equal_or_lower_one_waits_5_s(void)
{
	/* true from 11 on; the place is free at 13 */
	wait_behind("0 s", "1 live; 13 expired; 13 next; 19 expired");
	wait_behind("1 s", "1 live; 13 expired; 13 next; 19 expired");
	wait_behind("4 s", "1 live; 13 expired; 15 next; 21 expired");
}

static void test_5_1_dropped_after_5_s_it_holds_anew(void)
{
	start("rules:\n- {id: live, level: load, when: running, once: session, clear: not true" SAY
	      "- {id: next, level: system, when: walking, hold: 4 s" SAY);
	SET(running, 1);
	SET(walking, 1);
	until(40);
	/* due at 5, dropped at 10, true from 11, held at 15 */
	finish(NULL, "1 live; 13 expired; 15 next; 21 expired");
}

/* Due from 13 to 17 and, held anew, from 22 on; what waited before 9 is past. */
static void test_5_1_what_is_unsafe_does_not_hold_anew(void)
{
	start("rules:\n- {id: live, level: safety, when: running, once: session, clear: not true" SAY
	      "- {id: next, level: safety, when: walking, hold: 20 s" SAY);
	SET(running, 1);
	SET(walking, 1);
	until(40);
	/* held since 21: as soon as there is room, though dropped 5 s after it */
	finish(NULL, "1 live; 31 expired; 31 next");
}

static void test_5_1_the_5_s_are_counted_in_one_go(void)
{
	start("rules:\n- {id: live, level: safety, when: running, once: session, clear: not true" SAY
	      "- {id: next, level: system, when: walking, hold: 3 s" SAY);
	SET(running, 1);
	until(1);
	SET(walking, 1);
	until(8);
	SET(walking, 0);
	until(9);
	SET(walking, 1);
	until(24);
	acknowledge(0);
	until(26);
	finish(NULL, "1 live; 24 acknowledged; 25 next");
}

static void test_5_1_what_waited_is_judged_again(void)
{
	start("rules:\n- {id: live, level: load, when: running, once: session, clear: not true" SAY
	      "- {id: next, level: system, when: walking" SAY);
	SET(running, 1);
	until(10);
	SET(walking, 1);
	until(12);
	SET(walking, 0);
	until(40);
	finish(NULL, "1 live; 13 expired");
}

static void test_5_1_seconds_on_display(void)
{
	static const unsigned seconds[] = {
		[SYSTEM] = 6, [PRAISE] = 6, [HABIT] = 6, [FORM] = 8, [LOAD] = 12,
		[SAFETY] = 30,
	};

	for (int level = SYSTEM; level <= SAFETY; level++) {
		char expected[80];

		start_levels();
		select_levels(level, NOTHING);
		until(60);
		CU_ASSERT_EQUAL(spoken.last.ttl_ms, seconds[level] * 1000);
		CU_ASSERT_EQUAL(spoken.last.ack, level == SAFETY);
		snprintf(expected, sizeof(expected), "1 %s1; %u expired",
		         level_names[level], 1 + seconds[level]);
		finish(NULL, expected);
	}
}

static void test_acknowledge(void)
{
	start_levels();
	select_levels(SAFETY, NOTHING);
	until(5);
	acknowledge(spoken.last.id + 1);
	acknowledge(99);
	CU_ASSERT_TRUE(spoken.live);
	acknowledge(spoken.last.id);
	acknowledge(0); /* nothing is live */
	finish(NULL, "1 safety1; 5 acknowledged");
}

static void test_answer(void)
{
	start("rules:\n- {id: q, level: safety, when: running, ask: {min: 0, max: 10, is: pain}" SAY
	      "- {id: p, level: safety, when: walking, ask: {min: 0, max: 10}" SAY
	      "- {id: s, level: safety, when: settled" SAY);
	CU_ASSERT_FALSE(coach_answer(&coach, input.now_us, 0, 4, &sink)); /* to nothing */
	SET(running, 1);
	until(1);
	CU_ASSERT_FALSE(coach_answer(&coach, input.now_us, 0, 11, &sink));
	CU_ASSERT_FALSE(coach_answer(&coach, input.now_us, 0, -1, &sink));
	CU_ASSERT_FALSE(coach_answer(&coach, input.now_us, 2, 4, &sink));
	CU_ASSERT_TRUE(spoken.live);
	CU_ASSERT_TRUE(coach_answer(&coach, input.now_us, 1, 4, &sink));
	SET(walking, 1);
	until(2);
	CU_ASSERT_FALSE(coach_answer(&coach, input.now_us, 0, 4, &sink)); /* of another thing */
	CU_ASSERT_FALSE(spoken.live);
	SET(settled, 1);
	until(3);
	CU_ASSERT_FALSE(coach_answer(&coach, input.now_us, 0, 4, &sink)); /* no question */
	finish(NULL, "1 q; 1 acknowledged; 2 p; 2 acknowledged; 3 s");
}

static void test_an_answer_may_come_late_but_once(void)
{
	start("rules:\n- {id: q, level: safety, when: running, ask: {min: 0, max: 10, is: pain}" SAY);
	SET(running, 1);
	until(121);
	CU_ASSERT_EQUAL(coach_answer(&coach, input.now_us, 2, 4, &sink), COACH_NO_ANSWER);
	CU_ASSERT_EQUAL(coach_answer(&coach, input.now_us, 1, 4, &sink), COACH_PAIN_REPORT);
	CU_ASSERT_EQUAL(coach_answer(&coach, input.now_us, 1, 4, &sink), COACH_NO_ANSWER);
	finish(NULL, "1 q; 31 expired");
	start("rules:\n- {id: q, level: safety, when: running, ask: {min: 0, max: 10, is: morning}" SAY);
	SET(running, 1);
	until(5);
	acknowledge(0);
	CU_ASSERT_EQUAL(coach_answer(&coach, input.now_us, 0, 4, &sink), COACH_MORNING);
	finish(NULL, "1 q; 5 acknowledged");
	start("rules:\n- {id: q, level: safety, when: running, ask: {min: 0, max: 10, is: pain}" SAY);
	SET(running, 1);
	until(122); /* too late */
	CU_ASSERT_EQUAL(coach_answer(&coach, input.now_us, 0, 4, &sink), COACH_NO_ANSWER);
	finish(NULL, "1 q; 31 expired");
	start("rules:\n- {id: q, level: safety, when: running, ask: {min: 0, max: 10, is: pain}" SAY);
	SET(running, 1);
	until(40);
	report(METRIC_pain_reported, 3); /* says it already */
	CU_ASSERT_EQUAL(coach_answer(&coach, input.now_us, 1, 4, &sink), COACH_NO_ANSWER);
	finish(NULL, "1 q; 31 expired");
}

#define PAIN_RULES "rules:\n" \
	"- {id: flag, level: safety, rank: 9, when: red_flag, lock: true" SAY \
	"- {id: key, level: safety, rank: 8, when: safety_key" SAY \
	"- {id: high, level: safety, rank: 7, when: pain_reported >= 6 /10, once: pain_report" SAY \
	"- {id: mild, level: safety, rank: 7, when: 1 /10 <= pain_reported < 6 /10, once: pain_report" SAY \
	"- {id: ask, level: safety, rank: 7, when: running, repeat: 1000 s, ask: {min: 0, max: 10, is: pain}" SAY \
	"- {id: other, level: safety, when: walking, repeat: 40 s" SAY \
	"- {id: form, level: form, when: settled, repeat: 120 s, clear: not settled" SAY

static void test_5_1_pain_is_answered_at_once_whatever_is_live(void)
{
	start(PAIN_RULES);
	SET(settled, 1);
	until(1);
	report(METRIC_pain_reported, 2);
	SET(settled, 0);
	SET(walking, 1);
	until(11);
	report(METRIC_pain_reported, 3);
	report(METRIC_pain_reported, 7);
	report(METRIC_red_flag, 1);
	finish(NULL, "1 form; 1.25 replaced; 1.25 mild; 11.25 replaced; "
	             "11.25 mild; 11.5 replaced; 11.5 high; 11.75 replaced; "
	             "11.75 flag");
}

static void test_5_1_other_safety_is_replaced_by_an_answer(void)
{
	start(PAIN_RULES);
	SET(walking, 1);
	until(3);
	report(METRIC_safety_key, 1);
	until(41);
	finish(NULL, "1 other; 3.25 replaced; 3.25 key; 33.25 expired; 41 other");
}

static void test_5_1_red_flag_over_safety_key_over_pain(void)
{
	start(PAIN_RULES);
	until(1);
	report(METRIC_safety_key, 1);
	report_too(METRIC_pain_reported, 2); /* waits for its place */
	until(40);
	finish(NULL, "1.25 key; 31.25 expired; 32 mild");
	start(PAIN_RULES);
	until(1);
	report(METRIC_safety_key, 1);
	report_too(METRIC_pain_reported, 2);
	report(METRIC_pain_reported, 0); /* gone before its answer came */
	until(40);
	finish(NULL, "1.25 key; 31.25 expired");
	start(PAIN_RULES);
	until(1);
	report(METRIC_safety_key, 1);
	report(METRIC_red_flag, 1);
	until(40);
	finish(NULL, "1.25 key; 1.5 replaced; 1.5 flag");
}

/* "At most 0.2 s after the input": what came before gives way. */
static void test_5_1_an_answer_waits_for_nothing_that_was_there_before(void)
{
	start(PAIN_RULES);
	until(1);
	report(METRIC_safety_key, 1);
	report(METRIC_pain_reported, 2);
	report(METRIC_safety_key, 1);
	until(40);
	finish(NULL, "1.25 key; 1.5 replaced; 1.5 mild; 1.75 replaced; 1.75 key; "
	             "31.75 expired");
}

static void test_5_2_red_flag_locks_until_acknowledged(void)
{
	start(PAIN_RULES);
	until(1);
	report(METRIC_red_flag, 1);
	SET(walking, 1);
	SET(running, 1);
	until(500);
	report(METRIC_pain_reported, 7);
	report(METRIC_safety_key, 1);
	CU_ASSERT_EQUAL(spoken.count, 1);
	acknowledge(0);
	SET(running, 0);
	until(502);
	finish(NULL, "1.25 flag; 500.5 acknowledged; 501 other");
}

static void test_5_2_a_second_red_flag_is_answered_too(void)
{
	start(PAIN_RULES);
	report(METRIC_red_flag, 1);
	acknowledge(0);
	until(5);
	report(METRIC_red_flag, 1);
	finish(NULL, "0.25 flag; 0.25 acknowledged; 5.25 flag");
}

static void test_5_5_7_a_new_report_cancels_an_open_question(void)
{
	start(PAIN_RULES);
	SET(running, 1);
	until(5);
	report(METRIC_pain_reported, 0);
	until(10);
	finish(NULL, "1 ask; 5.25 condition");
	start(PAIN_RULES);
	SET(running, 1);
	until(5);
	report(METRIC_pain_reported, 3);
	finish(NULL, "1 ask; 5.25 condition; 5.25 mild");
}

static void test_5_5_7_ask_pain_has_no_gap(void)
{
	start(PAIN_RULES);
	report(METRIC_pain_reported, 3);
	acknowledge(0);
	SET(running, 1);
	until(1);
	finish(NULL, "0.25 mild; 0.25 acknowledged; 1 ask");
}

/* ---- what the runner has asked for ---------------------------------------- */

static void test_7_prompts_all_safety_off(void)
{
	static const struct {
		enum runner_prompts prompts;
		int level;
		bool speaks;
	} rows[] = {
		{ RUNNER_PROMPTS_ALL, FORM, true },
		{ RUNNER_PROMPTS_ALL, SAFETY, true },
		{ RUNNER_PROMPTS_SAFETY, FORM, false },
		{ RUNNER_PROMPTS_SAFETY, SYSTEM, false },
		{ RUNNER_PROMPTS_SAFETY, LOAD, false },
		{ RUNNER_PROMPTS_SAFETY, SAFETY, true },
		{ RUNNER_PROMPTS_SAFETY, ASK, true },
		{ RUNNER_PROMPTS_OFF, FORM, false },
		{ RUNNER_PROMPTS_OFF, SAFETY, false },
		{ RUNNER_PROMPTS_OFF, ASK, false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start_levels();
		input.prompts = rows[i].prompts;
		select_levels(rows[i].level, NOTHING);
		until(5);
		CU_ASSERT_EQUAL(spoken.live, rows[i].speaks);
		stop();
	}
}

static void test_7_who_reports_is_answered_with_prompts_off(void)
{
	start(PAIN_RULES);
	input.prompts = RUNNER_PROMPTS_OFF;
	report(METRIC_red_flag, 1);
	finish(NULL, "0.25 flag");
}

static void test_mute_minutes(void)
{
	start_levels();
	until(10);
	coach_mute(&coach, input.now_us, 2);
	select_levels(FORM, NOTHING);
	until(140);
	finish(NULL, "130 form1; 138 expired");
	start_levels();
	until(10);
	coach_mute(&coach, input.now_us, 2);
	select_levels(SAFETY, NOTHING);
	until(11);
	acknowledge(0);
	coach_mute(&coach, input.now_us, 0); /* ended */
	select_levels(NOTHING, SYSTEM);
	until(12);
	finish(NULL, "11 safety1; 11 acknowledged; 12 system2");
}

/* ---- praise --------------------------------------------------------------- */

#define PRAISED "rules:\n" \
	"- {id: form, level: form, when: running, repeat: 60 s, clear: walking, " \
	"clear_hold: 10 s, praise: ok, praise_within: 60 s" SAY \
	"- {id: ok, level: praise, repeat: 300 s" SAY \
	"- {id: other, level: load, when: settled, repeat: 1000 s" SAY

static void come_back(unsigned prompted, unsigned back)
{
	SET(walking, 0);
	SET(running, 1);
	until(prompted);
	SET(running, 0);
	until(back - 1);
	SET(walking, 1); /* true from `back` on */
}

static void test_3_praise_when_the_runner_is_back(void)
{
	start(PRAISED);
	come_back(1, 20);
	until(60);
	finish(NULL, "1 form; 9 expired; 30 ok; 36 expired");
}

static void test_3_no_praise_without_a_prompt(void)
{
	start(PRAISED);
	SET(walking, 1);
	until(60);
	finish(NULL, "");
}

static void test_3_a_quick_answer_ends_the_prompt_too(void)
{
	start("rules:\n- {id: form, level: form, when: running, repeat: 60 s, "
	      "clear: walking, clear_hold: 2 s, praise: ok" SAY
	      "- {id: ok, level: praise" SAY);
	come_back(1, 3);
	until(60);
	/* 10 s after any prompt: 5.5.5 */
	finish(NULL, "1 form; 5 condition; 11 ok; 17 expired");
}

static void test_3_praise_at_most_once_in_5_min(void)
{
	start(PRAISED);
	come_back(1, 20);
	until(100);
	come_back(101, 120); /* praised at 30 */
	until(200);
	come_back(320, 330);
	until(400);
	finish("ok", "30 ok; 36 expired; 340 ok; 346 expired");
}

static void test_3_praise_comes_within_60_s_or_not_at_all(void)
{
	start(PRAISED);
	come_back(1, 20);
	until(25);
	coach_mute(&coach, input.now_us, 1); /* to 85; the band was reached at 30 */
	until(200);
	finish("ok", "85 ok; 91 expired");
	start(PRAISED);
	come_back(1, 20);
	until(25);
	coach_mute(&coach, input.now_us, 2);
	until(300);
	finish("ok", "");
}

static void test_3_praise_may_have_a_condition(void)
{
	start("rules:\n- {id: form, level: form, when: running, clear: walking, praise: ok" SAY
	      "- {id: ok, level: praise, when: settled" SAY);
	come_back(1, 20);
	until(40);
	CU_ASSERT_EQUAL(spoken.count, 2);
	SET(settled, 1);
	until(41);
	finish("ok", "41 ok");
}

static void test_5_5_4_praise_is_silent_after_a_pain_report(void)
{
	start(PRAISED);
	SET(pain_free, 0);
	come_back(1, 20);
	until(100);
	finish("ok", "");
	start_levels();
	SET(pain_free, 0);
	select_levels(PRAISE, NOTHING);
	until(10);
	finish(NULL, "");
}

/* ---- sessions, reloads, safe states --------------------------------------- */

static void test_a_new_session_counts_anew(void)
{
	start("rules:\n- {id: a, level: form, when: running, repeat: 100 s, limit: 1" SAY);
	SET(running, 1);
	until(300);
	coach_begin_session(&coach);
	until(302); /* no gap, no limit, no interval of the last one */
	finish(NULL, "1 a; 9 expired; 301 a");
}

static void test_a_new_session_has_a_budget_of_its_own(void)
{
	start("rules:\n- {id: a, level: form, when: running, repeat: 70 s, clear: running, clear_hold: 1 s" SAY);
	SET(running, 1);
	until(200);
	coach_begin_session(&coach);
	until(202);
	finish(NULL, "1 a; 3 condition; 71 a; 73 condition; 141 a; 143 condition; "
	             "201 a");
}

static void test_a_mute_told_before_the_first_step_holds(void)
{
	start_levels();
	coach_mute(&coach, input.now_us, 1);
	coach_begin_session(&coach);
	select_levels(FORM, NOTHING);
	until(61);
	finish(NULL, "60 form1");
}

static void test_a_report_answered_before_the_first_step_is_answered(void)
{
	start("rules:\n- {id: a, level: system, when: running, once: pain_report" SAY);
	report(METRIC_pain_reported, 2);
	SET(running, 1);
	until(20);
	coach_begin_session(&coach);
	until(40);
	finish(NULL, "1 a; 7 expired");
}

static void test_a_mute_ends_with_its_session(void)
{
	start_levels();
	coach_mute(&coach, input.now_us, 60);
	coach_end_session(&coach, &sink);
	select_levels(FORM, NOTHING);
	until(1);
	finish(NULL, "1 form1");
}

static void test_the_sessions_end_clears_safety_and_its_lock(void)
{
	start(PAIN_RULES);
	report(METRIC_red_flag, 1);
	coach_end_session(&coach, &sink);
	SET(walking, 1);
	until(12);
	finish(NULL, "0.25 flag; 0.25 condition; 11 other");
	start_levels();
	select_levels(FORM, NOTHING);
	until(2);
	coach_end_session(&coach, &sink);
	until(20);
	finish(NULL, "1 form1; 9 expired");
}

#define TWO_RULES "- {id: a, level: system, when: running, hold: 5 s, limit: 2, repeat: 20 s" SAY \
	"- {id: standing, level: system, when: walking" SAY

static void reload(const char *yaml)
{
	struct ruleset *next = &rule_sets[rules == &rule_sets[0]];

	*next = rules_of(yaml);
	CU_ASSERT_TRUE_FATAL(coach_set_rules(&coach, next));
	ruleset_free(rules);
	rules = next;
}

static void test_reload_keeps_counts_and_starts_holds_again(void)
{
	start("rules:\n" TWO_RULES);
	SET(running, 1);
	SET(walking, 1);
	until(13);
	reload("rules:\n- {id: new, level: load, when: warm" SAY TWO_RULES);
	SET(running, 0);
	until(20);
	SET(running, 1);
	until(24);
	reload("rules:\n" TWO_RULES);
	until(200);
	/* standing is not said again; a, held anew from 25 on, twice in all */
	finish(NULL, "1 standing; 7 expired; 7 a; 13 expired; 30 a; 36 expired");
}

static void test_reload_keeps_what_was_answered(void)
{
	static const char once[] = "rules:\n- {id: a, level: system, when: running, "
		"repeat: 5 s, once: pain_report" SAY;

	start(once);
	report(METRIC_pain_reported, 2);
	SET(running, 1);
	until(20);
	reload(once);
	until(40);
	finish(NULL, "1 a; 7 expired");
	start(PRAISED);
	coach_mute(&coach, 0, 1); /* to 60 */
	SET(running, 1);
	until(61);
	SET(running, 0);
	SET(walking, 1);
	until(65);
	coach_mute(&coach, input.now_us, 1);
	until(80); /* back since 72 */
	reload(PRAISED);
	coach_mute(&coach, 0, 0);
	until(82);
	finish("ok", "81 ok");
}

static void test_reload_leaves_the_live_prompt(void)
{
	start(PAIN_RULES);
	report(METRIC_red_flag, 1);
	reload(PAIN_RULES);
	SET(walking, 1);
	until(50);
	CU_ASSERT_EQUAL(spoken.count, 1); /* and its lock */
	reload("rules:\n" TWO_RULES); /* its rule is gone */
	until(60);
	CU_ASSERT_EQUAL(spoken.count, 1);
	acknowledge(1);
	until(61);
	finish(NULL, "0.25 flag; 60 acknowledged; 61 standing");
}

static void test_reload_leaves_an_open_question_and_what_waits(void)
{
	start(PAIN_RULES);
	SET(running, 1);
	until(1);
	reload(PAIN_RULES);
	CU_ASSERT_TRUE(coach_answer(&coach, input.now_us, 0, 3, &sink));
	finish(NULL, "1 ask; 1 acknowledged");
	start(PAIN_RULES);
	report(METRIC_safety_key, 1);
	report_too(METRIC_pain_reported, 2);
	reload(PAIN_RULES);
	until(40);
	finish(NULL, "0.25 key; 30.25 expired; 31 mild");
	start(PAIN_RULES);
	SET(settled, 1);
	until(1);
	reload(PAIN_RULES);
	SET(walking, 1);
	until(2);
	finish(NULL, "1 form; 2 replaced; 2 other");
}

static void test_7_treadmill_silent_only_the_pain_button_is_left(void)
{
	for (int level = SYSTEM; level <= ASK; level++) {
		start_levels();
		input.treadmill_fresh = false;
		select_levels(level, NOTHING);
		until(3);
		CU_ASSERT_FALSE(spoken.live);
		stop();
	}
	start("rules:\n- {id: a, level: system, when: treadmill_gap > 10 s" SAY);
	input.treadmill_fresh = false;
	SET(treadmill_gap, 11);
	until(3);
	finish(NULL, "1 a");
	start(PAIN_RULES);
	input.treadmill_fresh = false;
	report(METRIC_pain_reported, 3);
	finish(NULL, "0.25 mild");
}

static void test_7_silence_resets_a_hold(void)
{
	start("rules:\n- {id: a, level: safety, when: running, hold: 10 s" SAY);
	SET(running, 1);
	until(8);
	input.treadmill_fresh = false;
	until(9);
	input.treadmill_fresh = true;
	until(20);
	finish(NULL, "20 a");
}

static void test_7_off_the_belt_only_safety_speaks(void)
{
	for (int level = SYSTEM; level <= ASK; level++) {
		start_levels();
		input.off_belt = true;
		select_levels(level, NOTHING);
		until(3);
		CU_ASSERT_EQUAL(spoken.live, level >= SAFETY);
		stop();
	}
}

static void test_ids_rise_over_sessions_and_reloads(void)
{
	start_levels();
	for (unsigned t = 0; t < 20; t++) {
		select_levels(t % 2 ? SYSTEM : SAFETY, NOTHING);
		until(20 * (t + 1));
		acknowledge(0);
		coach_end_session(&coach, &sink);
		coach_begin_session(&coach);
	}
	CU_ASSERT_TRUE(spoken.count >= 40);
	CU_ASSERT_EQUAL(spoken.last.id, spoken.count / 2);
	stop();
}

/* It sleeps while nothing changes, and mutes all the same. */
static void test_what_stays_true_goes_on_muting(void)
{
	start("rules:\n- {id: b, level: system, when: walking" SAY
	      "- {id: a, level: system, when: running, mutes: [b]" SAY);
	SET(running, 1);
	until(20);
	SET(walking, 1);
	until(30);
	finish(NULL, "1 a; 7 expired");
}

static void test_the_first_of_two_clauses_speaks(void)
{
	start("rules:\n- {id: a, level: system, when: running, "
	      "also: [{when: walking, text: Two}], say: {headline: H, text: One}}\n");
	SET(running, 1);
	SET(walking, 1);
	until(2);
	CU_ASSERT_STRING_EQUAL(spoken.last.text, "One");
	finish(NULL, "1 a");
}

/* Since the last prompt of that level; before it, since the start */
static void test_how_long_it_has_been_quiet(void)
{
	static const struct {
		const char *level, *metric;
	} rows[] = { { "form", "form_quiet" }, { "safety", "safety_quiet" } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		char yaml[400];

		snprintf(yaml, sizeof(yaml),
		         "rules:\n- {id: tip, level: %s, when: running" SAY
		         "- {id: quiet, level: system, when: %s >= 60 s" SAY,
		         rows[i].level, rows[i].metric);
		start(yaml);
		SET(elapsed, 59.5);
		until(3);
		SET(elapsed, 60);
		until(4);
		CU_ASSERT_EQUAL(spoken.count, 1);
		SET(elapsed, 1);
		SET(running, 1);
		until(11);
		SET(elapsed, 1000); /* of no account now */
		until(80);
		spoken_check(&spoken, "quiet", "4 quiet; 5 condition; 65 quiet; 71 expired");
		stop();
	}
}

static void test_3_praise_at_the_last_second(void)
{
	start(PRAISED);
	come_back(1, 20);
	until(29);
	coach_mute(&coach, 30 * SECOND, 1); /* to 90, where the 60 s end */
	until(100);
	finish("ok", "90 ok; 96 expired");
}

static void test_reload_knows_what_a_condition_was_told(void)
{
	static const char told[] = "rules:\n- {id: a, level: system, when: running, "
		"once: condition" SAY;

	start(told);
	SET(running, 1);
	until(10);
	reload(told);
	until(40);
	finish(NULL, "1 a; 7 expired");
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "5.5.2 hold", test_5_5_2_hold_counts_from_the_first_true_second },
		{ "5.5.2 hold resets", test_5_5_2_one_false_second_resets_the_hold },
		{ "absent is not true", test_an_absent_metric_is_never_true },
		{ "clauses", test_clauses_have_holds_of_their_own },
		{ "clear", test_clear_with_its_hold },
		{ "no clear", test_without_a_clear_it_is_over_when_no_longer_true },
		{ "repeat", test_repeat },
		{ "no repeat", test_no_repeat_means_once_until_it_clears },
		{ "limit", test_limit_per_session },
		{ "once per session", test_once_per_session },
		{ "once per report", test_once_per_report_and_not_before_one },
		{ "3 back-off",
		  test_3_interval_doubles_after_2_unanswered_muted_after_3 },
		{ "3 back-off ends", test_3_an_answer_ends_the_back_off },
		{ "needs", test_needs_put_a_rule_to_sleep },
		{ "mutes", test_mutes_hold_others_back_while_true },
		{ "disabled", test_a_disabled_rule_is_silent },
		{ "fired_count, fired_age", test_fired_count_and_age_are_the_rules_own },
		{ "5.5.5 gaps", test_5_5_5_gaps },
		{ "3 form budget", test_3_three_form_prompts_in_600_s },
		{ "5.1 priority", test_5_1_higher_replaces_lower_at_once },
		{ "5.1 rank", test_5_1_rank_decides_within_a_level },
		{ "5.1 highest of all", test_5_1_the_highest_of_all_due_speaks },
		{ "5.1 waits 5 s", test_5_1_an_equal_or_lower_one_waits_5_s },
		{ "5.1 dropped after 5 s", test_5_1_dropped_after_5_s_it_holds_anew },
		{ "5.1 unsafe, no new hold",
		  test_5_1_what_is_unsafe_does_not_hold_anew },
		{ "5.1 5 s in one go", test_5_1_the_5_s_are_counted_in_one_go },
		{ "5.1 judged again", test_5_1_what_waited_is_judged_again },
		{ "5.1 seconds on display", test_5_1_seconds_on_display },
		{ "acknowledge", test_acknowledge },
		{ "answer", test_answer },
		{ "answer, late", test_an_answer_may_come_late_but_once },
		{ "5.1 pain at once",
		  test_5_1_pain_is_answered_at_once_whatever_is_live },
		{ "5.1 safety key at once",
		  test_5_1_other_safety_is_replaced_by_an_answer },
		{ "5.1 flag, key, pain", test_5_1_red_flag_over_safety_key_over_pain },
		{ "5.1 answers wait for nothing",
		  test_5_1_an_answer_waits_for_nothing_that_was_there_before },
		{ "5.2 BR-01 locks", test_5_2_red_flag_locks_until_acknowledged },
		{ "5.2 BR-01 again", test_5_2_a_second_red_flag_is_answered_too },
		{ "5.5.7 a report cancels",
		  test_5_5_7_a_new_report_cancels_an_open_question },
		{ "5.5.7 no gap", test_5_5_7_ask_pain_has_no_gap },
		{ "7 prompts: all, safety, off", test_7_prompts_all_safety_off },
		{ "7 off, and a report",
		  test_7_who_reports_is_answered_with_prompts_off },
		{ "mute", test_mute_minutes },
		{ "3 praise", test_3_praise_when_the_runner_is_back },
		{ "3 no praise", test_3_no_praise_without_a_prompt },
		{ "3 quick answer", test_3_a_quick_answer_ends_the_prompt_too },
		{ "3 praise once in 5 min", test_3_praise_at_most_once_in_5_min },
		{ "3 praise within 60 s",
		  test_3_praise_comes_within_60_s_or_not_at_all },
		{ "3 praise with a condition", test_3_praise_may_have_a_condition },
		{ "5.5.4 praise and pain",
		  test_5_5_4_praise_is_silent_after_a_pain_report },
		{ "new session", test_a_new_session_counts_anew },
		{ "budget of a session",
		  test_a_new_session_has_a_budget_of_its_own },
		{ "mute before the session",
		  test_a_mute_told_before_the_first_step_holds },
		{ "report before the session",
		  test_a_report_answered_before_the_first_step_is_answered },
		{ "mute ends", test_a_mute_ends_with_its_session },
		{ "session end", test_the_sessions_end_clears_safety_and_its_lock },
		{ "reload: counts, holds",
		  test_reload_keeps_counts_and_starts_holds_again },
		{ "reload: answers", test_reload_keeps_what_was_answered },
		{ "reload: question",
		  test_reload_leaves_an_open_question_and_what_waits },
		{ "reload: live prompt", test_reload_leaves_the_live_prompt },
		{ "7 treadmill silent",
		  test_7_treadmill_silent_only_the_pain_button_is_left },
		{ "7 silence resets", test_7_silence_resets_a_hold },
		{ "7 off the belt", test_7_off_the_belt_only_safety_speaks },
		{ "many rules", test_any_rule_of_many_speaks },
		{ "held time", test_a_rule_knows_for_how_long_it_has_been_true },
		{ "ids rise", test_ids_rise_over_sessions_and_reloads },
		{ "mutes while it sleeps", test_what_stays_true_goes_on_muting },
		{ "the first of two clauses", test_the_first_of_two_clauses_speaks },
		{ "how long it has been quiet", test_how_long_it_has_been_quiet },
		{ "3 praise at the last second", test_3_praise_at_the_last_second },
		{ "reload: once a condition", test_reload_knows_what_a_condition_was_told },
		CU_TEST_INFO_NULL,
	};

	return suite_run("coach", tests);
}
