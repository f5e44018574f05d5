/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Why a rule is silent, in the coach's own words; and that a second of the
 * coach allocates nothing.
 */
#include "daemon/core/coach.h"
#include "tests/unit/spoken.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND 1000000ull
#define SAY ", say: {headline: H, text: T}}\n"
#define SET(name, number) (metrics.value[METRIC_##name] = (number))

static struct ruleset rules;
static struct coach coach;
static struct metrics metrics;
static struct coach_input input;

static void on_prompt(void *user, const struct display_prompt *prompt)
{
	(void)user;
	(void)prompt;
}

static void on_clear(void *user, const struct display_clear *clear)
{
	(void)user;
	(void)clear;
}

static char failed[64]; /* ids, in order */

static void on_failed(void *user, const struct rule *rule)
{
	size_t used = strlen(failed);

	(void)user;
	snprintf(failed + used, sizeof(failed) - used, "%s ", rule->id);
}

static const struct coach_sink sink = { on_prompt, on_clear, NULL, on_failed };

/* Every flag is false but those of a healthy session, everything else absent. */
static void start(const char *yaml)
{
	rules = rules_of(yaml);
	CU_ASSERT_TRUE_FATAL(coach_init(&coach, &rules));
	for (size_t i = 0; i < METRIC_COUNT; i++)
		metrics.value[i] = metric_table[i].dimension == DIMENSION_FLAG ? 0 : NAN;
	failed[0] = '\0';
	SET(true, 1);
	SET(pain_free, 1);
	input = (struct coach_input){
		.metrics = &metrics, .treadmill_fresh = true,
		.prompts = RUNNER_PROMPTS_ALL,
	};
}

static void stop(void)
{
	coach_free(&coach);
	ruleset_free(&rules);
}

static void until(unsigned second)
{
	for (uint64_t t = input.now_us / SECOND + 1; t <= second; t++) {
		input.now_us = t * SECOND;
		coach_expire(&coach, input.now_us, &sink);
		coach_tick(&coach, &input, &sink);
	}
}

/* `by`: NULL for none; `until_s` 0: time alone does not end it */
static void expect(const char *id, enum coach_silence silence, const char *by,
                   unsigned until_s)
{
	const struct rule_state *state = &coach.state[ruleset_find(&rules, id) - rules.rules];
	uint64_t until_us = until_s ? until_s * SECOND : COACH_NEVER;

	if (state->silence != silence || state->silent_until_us != until_us)
		printf("\n  %s: %d until %llu\n", id, state->silence,
		       (unsigned long long)state->silent_until_us);
	CU_ASSERT_EQUAL(state->silence, silence);
	CU_ASSERT_EQUAL(state->silent_until_us, until_us);
	if (by)
		CU_ASSERT_FATAL(state->by != NULL)
	else
		CU_ASSERT_PTR_NULL(state->by);
	if (by)
		CU_ASSERT_STRING_EQUAL(state->by->id, by);
}

static void test_asleep(void)
{
	start("rules:\n- {id: off, level: form, when: true, enabled: no" SAY
	      "- {id: needs, level: form, when: true, needs: [heart_rate]" SAY
	      "- {id: plain, level: form, when: walking" SAY
	      "- {id: system, level: system, when: walking" SAY
	      "- {id: gap, level: system, when: treadmill_gap > 10 s" SAY);
	until(1);
	expect("off", COACH_DISABLED, NULL, 0);
	expect("needs", COACH_NEEDS_ABSENT, NULL, 0);
	expect("plain", COACH_UNTRUE, NULL, 0);
	input.treadmill_fresh = false;
	until(2);
	expect("plain", COACH_NO_TREADMILL, NULL, 0);
	expect("system", COACH_NO_TREADMILL, NULL, 0);
	expect("gap", COACH_UNTRUE, NULL, 0);
	input.off_belt = true;
	until(3);
	expect("plain", COACH_OFF_BELT, NULL, 0);
	stop();
}

static void test_by_itself(void)
{
	start("rules:\n- {id: hold, level: load, when: running, hold: 5 s, repeat: 40 s, "
	      "limit: 2" SAY);
	SET(running, 1);
	until(5);
	expect("hold", COACH_HOLDING, NULL, 0);
	until(6);
	expect("hold", COACH_SPEAKS, NULL, 0);
	until(7);
	expect("hold", COACH_REPEAT, NULL, 46);
	until(46);
	expect("hold", COACH_SPEAKS, NULL, 0);
	until(100);
	expect("hold", COACH_LIMIT, NULL, 0);
	stop();
}

static void test_once(void)
{
	start("rules:\n- {id: clear, level: load, when: running" SAY
	      "- {id: session, level: system, when: walking, once: session" SAY);
	SET(running, 1);
	SET(walking, 1);
	until(40);
	expect("clear", COACH_UNTIL_CLEAR, NULL, 0);
	SET(walking, 0);
	until(41);
	SET(walking, 1);
	until(42);
	expect("session", COACH_ONCE, NULL, 0);
	stop();
}

static void test_unanswered(void)
{
	start("rules:\n- {id: a, level: form, when: running, repeat: 100 s" SAY);
	SET(running, 1);
	until(402);
	expect("a", COACH_UNANSWERED, NULL, 0); /* 1, 101, 301 */
	stop();
}

static void test_other_rules(void)
{
	start("rules:\n- {id: first, level: load, when: running" SAY
	      "- {id: second, level: load, when: running" SAY
	      "- {id: tip, level: form, when: running" SAY
	      "- {id: muter, level: system, when: walking, mutes: [muted]" SAY
	      "- {id: muted, level: safety, when: walking" SAY);
	SET(running, 1);
	until(1);
	expect("first", COACH_SPEAKS, NULL, 0);
	expect("second", COACH_OUTRANKED, "first", 0);
	expect("tip", COACH_OUTRANKED, "first", 0);
	until(2);
	expect("second", COACH_GAP, NULL, 11);
	expect("tip", COACH_GAP, NULL, 61);
	SET(walking, 1);
	until(3);
	expect("muted", COACH_MUTED, "muter", 0);
	stop();
}

static void test_behind_live(void)
{
	start("rules:\n- {id: first, level: safety, when: running" SAY
	      "- {id: note, level: system, when: walking" SAY
	      "- {id: lock, level: safety, rank: 9, when: settled, lock: yes" SAY);
	SET(running, 1);
	until(1);
	SET(walking, 1);
	until(2);
	expect("note", COACH_BEHIND_LIVE, "first", 0);
	SET(settled, 1);
	until(20);
	expect("note", COACH_LOCKED, "lock", 0);
	stop();
}

static void test_what_the_runner_wants(void)
{
	start("rules:\n- {id: tip, level: form, when: running" SAY);
	SET(running, 1);
	input.prompts = RUNNER_PROMPTS_SAFETY;
	until(1);
	expect("tip", COACH_UNWANTED, NULL, 0);
	input.prompts = RUNNER_PROMPTS_ALL;
	coach_mute(&coach, input.now_us, 5);
	until(2);
	expect("tip", COACH_MUTE_MINUTES, NULL, 301);
	stop();
}

static void test_budget(void)
{
	start("rules:\n- {id: a, level: form, when: running, repeat: 1 s" SAY
	      "- {id: b, level: form, when: running, repeat: 1 s" SAY);
	SET(running, 1);
	until(200);
	expect("b", COACH_BUDGET, NULL, 601);
	stop();
}

static void test_praise(void)
{
	start("rules:\n- {id: a, level: form, when: running, praise: good" SAY
	      "- {id: good, level: praise" SAY
	      "- {id: off, level: praise, when: true, enabled: no" SAY);
	until(1);
	expect("good", COACH_NO_PRAISE, NULL, 0);
	SET(running, 1);
	until(2);
	SET(running, 0);
	SET(pain_free, 0);
	until(3);
	expect("good", COACH_PAIN, NULL, 0);
	stop();
}

/* What an overlay switched off praises no more. */
static void test_praise_that_is_off(void)
{
	start("rules:\n- {id: a, level: form, when: running, praise: good" SAY
	      "- {id: good, level: praise, enabled: no" SAY);
	SET(running, 1);
	until(2);
	SET(running, 0);
	until(30);
	expect("good", COACH_DISABLED, NULL, 0);
	CU_ASSERT_EQUAL(coach.state[1].count, 0);
	stop();
}

static void instant(enum metric metric, double value)
{
	metrics.value[metric] = value;
	coach_instant(&coach, &input, &sink);
	metrics.value[metric] = NAN;
}

static void test_answers(void)
{
	start("rules:\n- {id: low, level: safety, rank: 1, when: pain_reported >= 1 /10" SAY
	      "- {id: high, level: safety, rank: 9, when: pain_reported >= 7 /10, lock: yes"
	      SAY "- {id: key, level: safety, when: safety_key" SAY);
	until(1);
	instant(METRIC_pain_reported, 8);
	expect("high", COACH_SPEAKS, NULL, 0);
	expect("low", COACH_OUTRANKED, "high", 0);
	expect("key", COACH_UNTRUE, NULL, 0);
	instant(METRIC_pain_reported, 2);
	expect("low", COACH_LOCKED, "high", 0);
	stop();
}

/* ---- arithmetic that fails -------------------------------------------------- */

/* 1e45 x sessions, six times over, is a number up to a million sessions or so */
#define BIG "999999999999999 * 999999999999999 * 999999999999999 * sessions"
#define HUGE BIG " * " BIG " * " BIG " * " BIG " * " BIG " * " BIG

/* rules.md 7: off for the session, said once; the others go on. */
static void test_arithmetic_that_fails(void)
{
	start("rules:\n- {id: when, level: form, when: '" HUGE " > 1'" SAY
	      "- {id: await, level: form, when: running, await: 'not (" HUGE " > 1)'" SAY
	      "- {id: clear, level: form, when: running, clear: '" HUGE " < 1'" SAY
	      "- {id: told, level: safety, when: 'pain_reported > 0 /10 and " HUGE " > 1'" SAY
	      "- {id: other, level: form, when: running, repeat: 5 s" SAY);
	SET(running, 1);
	until(3);
	CU_ASSERT_STRING_EQUAL(failed, ""); /* nobody knows his sessions */
	SET(sessions, 1e7);
	until(4);
	expect("when", COACH_FAILED, NULL, 0);
	CU_ASSERT_STRING_EQUAL(failed, "when await clear ");
	CU_ASSERT_EQUAL(coach.state[0].count, 0);
	instant(METRIC_pain_reported, 3);
	instant(METRIC_pain_reported, 3);
	SET(sessions, 1);
	until(200);
	CU_ASSERT_STRING_EQUAL(failed, "when await clear told ");
	expect("when", COACH_FAILED, NULL, 0);
	CU_ASSERT_TRUE(coach.state[4].count > 1);
	coach_begin_session(&coach); /* another session, another try */
	until(201);
	CU_ASSERT_TRUE(coach.state[0].count == 1 || coach.state[0].due);
	instant(METRIC_pain_reported, 3);
	CU_ASSERT_EQUAL(coach.state[3].count, 1);
	stop();
}

/* Nothing divided by nothing is absent, and no fault: gaitd-rules(5) */
static void test_a_division_by_zero_is_absent(void)
{
	start("rules:\n- {id: a, level: form, when: 'distance / run_time > 3 m/s'" SAY);
	SET(distance, 10);
	SET(run_time, 0);
	until(2);
	expect("a", COACH_UNTRUE, NULL, 0);
	SET(run_time, 1);
	until(3);
	expect("a", COACH_SPEAKS, NULL, 0);
	CU_ASSERT_STRING_EQUAL(failed, "");
	stop();
}

/* ---- nothing is allocated --------------------------------------------------- */

/* A sanitizer has an allocator of its own, which must not be replaced. */
#if defined(__SANITIZE_ADDRESS__)
#define COUNTS_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define COUNTS_ALLOCATIONS 0
#endif
#endif
#if !defined(COUNTS_ALLOCATIONS) && defined(__GLIBC__)
#define COUNTS_ALLOCATIONS 1
#endif

static size_t allocations;

#if COUNTS_ALLOCATIONS
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

void *malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	allocations++;
	return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	allocations++;
	return __libc_realloc(memory, size);
}
#endif

static void test_nothing_is_allocated(void)
{
	char *text = calloc(1, 1 << 18);
	FILE *shipped = fopen(TEST_SOURCE "/daemon/rules/rules.yaml", "r");
	size_t before, prompts = 0;

	CU_ASSERT_FATAL(text && shipped);
	CU_ASSERT_FATAL(fread(text, 1, (1 << 18) - 1, shipped) > 0);
	fclose(shipped);
	start(text);
	free(text);
	for (size_t i = 0; i < METRIC_COUNT; i++)
		if (!metric_is_instant((enum metric)i))
			metrics.value[i] = metric_table[i].high;
	before = allocations;
	CU_ASSERT_TRUE(before > 0 || !COUNTS_ALLOCATIONS);
	for (unsigned t = 0; t < 3600; t += 10) {
		for (size_t i = t / 10 % 7; i < METRIC_COUNT; i += 7)
			metrics.value[i] = metric_is_instant((enum metric)i) || t % 50 == 0
			                           ? NAN
			                           : t % 20 ? metric_table[i].low
			                                    : metric_table[i].high;
		until(t + 10);
		instant(METRIC_pain_reported, t / 10 % 6);
	}
	CU_ASSERT_EQUAL(allocations, before);
	for (size_t i = 0; i < rules.count; i++)
		prompts += coach.state[i].count;
	CU_ASSERT_TRUE(prompts > 10); /* it was awake */
	stop();
}

static void test_an_answer_that_waited(void)
{
	start("rules:\n- {id: low, level: safety, rank: 1, when: pain_reported >= 1 /10" SAY
	      "- {id: key, level: safety, rank: 9, when: safety_key" SAY);
	until(1);
	instant(METRIC_safety_key, 1);
	instant(METRIC_pain_reported, 2);
	expect("low", COACH_BEHIND_LIVE, "key", 0);
	coach_acknowledge(&coach, 0, &sink);
	until(2);
	expect("low", COACH_SPEAKS, NULL, 0);
	CU_ASSERT_EQUAL(coach.state[0].count, 1);
	stop();
}

static void test_an_answer_that_was_given_often_enough(void)
{
	start("rules:\n- {id: key, level: safety, when: safety_key, limit: 1" SAY);
	until(1);
	instant(METRIC_safety_key, 1);
	expect("key", COACH_SPEAKS, NULL, 0);
	instant(METRIC_safety_key, 1);
	expect("key", COACH_LIMIT, NULL, 0);
	CU_ASSERT_EQUAL(coach.state[0].count, 1);
	stop();
}

static void test_an_answer_whose_arithmetic_fails(void)
{
	start("rules:\n- {id: told, level: safety, when: 'pain_reported > 0 /10 and " HUGE " > 1'" SAY);
	SET(sessions, 1e7);
	until(1);
	instant(METRIC_pain_reported, 3);
	CU_ASSERT_STRING_EQUAL(failed, "told ");
	stop();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "asleep", test_asleep },
		{ "by itself", test_by_itself },
		{ "once", test_once },
		{ "unanswered", test_unanswered },
		{ "other rules", test_other_rules },
		{ "behind a live prompt", test_behind_live },
		{ "what the runner wants", test_what_the_runner_wants },
		{ "budget", test_budget },
		{ "praise", test_praise },
		{ "praise that is off", test_praise_that_is_off },
		{ "answers", test_answers },
		{ "arithmetic that fails", test_arithmetic_that_fails },
		{ "a division by zero is absent", test_a_division_by_zero_is_absent },
		{ "nothing is allocated", test_nothing_is_allocated },
		{ "an answer that waited", test_an_answer_that_waited },
		{ "an answer given often enough", test_an_answer_that_was_given_often_enough },
		{ "an answer whose arithmetic fails", test_an_answer_whose_arithmetic_fails },
		CU_TEST_INFO_NULL,
	};

	return suite_run("coach_silence", tests);
}
