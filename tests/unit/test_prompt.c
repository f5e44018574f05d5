/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A rule and its numbers as what a display shows: whose name, which words, for how
 * long, what is asked.
 */
#include "daemon/core/prompt.h"
#include "tests/unit/spoken.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <string.h>

static struct ruleset rules;
static struct metrics metrics;
static struct prompt_manner manner;
static struct display_prompt prompt;

static void start(struct ruleset of)
{
	rules = of;
	for (size_t i = 0; i < METRIC_COUNT; i++)
		metrics.value[i] = NAN;
	manner = (struct prompt_manner){ 0 };
}

static void say(const char *id)
{
	for (size_t i = 0; i < rules.count; i++)
		if (strcmp(rules.rules[i].id, id) == 0) {
			prompt_render(&rules.rules[i], &metrics, &manner, &prompt);
			return;
		}
	CU_FAIL_FATAL("no such rule");
}

#define TEXT(expected) CU_ASSERT_STRING_EQUAL(prompt.text, expected)
#define PUBLIC(expected) CU_ASSERT_STRING_EQUAL(prompt.public_text, expected)

static void test_a_runner_is_asked_for_by_name(void)
{
	start(rules_shipped());
	manner.runner = "Ann";
	say("ask-runner");
	CU_ASSERT_STRING_EQUAL(prompt.headline, "Is this you?");
	TEXT("Is this Ann?");
	PUBLIC("Is this still the same runner?");
	manner.runner = NULL; /* to nobody in particular, on every display */
	say("ask-runner");
	TEXT("Is this still the same runner?");
	PUBLIC("");
	CU_ASSERT_TRUE(prompt.ack);
	CU_ASSERT_EQUAL(prompt.ask.choice_count, 2);
	CU_ASSERT_EQUAL(prompt.ask.choices[0].value, RULE_YES);
	CU_ASSERT_STRING_EQUAL(prompt.ask.choices[0].text, RULE_YES_TEXT);
	CU_ASSERT_EQUAL(prompt.ask.choices[1].value, RULE_NO);
	CU_ASSERT_STRING_EQUAL(prompt.ask.choices[1].text, RULE_NO_TEXT);
	ruleset_free(&rules);
}

static const char *const every_level =
	"rules:\n"
	"  - {id: safety, level: safety, when: red_flag, say: {headline: H, text: T}}\n"
	"  - {id: load, level: load, when: red_flag, say: {headline: H, text: T}}\n"
	"  - {id: form, level: form, when: red_flag, say: {headline: H, text: T}}\n"
	"  - {id: habit, level: habit, when: red_flag, say: {headline: H, text: T}}\n"
	"  - {id: praise, level: praise, when: red_flag, say: {headline: H, text: T}}\n"
	"  - {id: system, level: system, when: red_flag, say: {headline: H, text: T}}\n"
	"  - {id: scale, level: system, when: red_flag, ask: {min: 1, max: 7}, say: {headline: H, text: T}}\n"
	"  - {id: told, level: load, when: red_flag, ack: true, say: {headline: H, text: T}}\n";

static void test_5_1_how_long_and_whether_it_is_acknowledged(void)
{
	static const struct {
		const char *id;
		uint32_t seconds;
		bool ack;
	} rows[] = {
		{ "safety", 30, true }, { "load", 12, false }, { "form", 8, false },
		{ "habit", 6, false }, { "praise", 6, false }, { "system", 6, false },
		{ "scale", 30, true }, { "told", 12, true },
	};

	start(rules_of(every_level));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		say(rows[i].id);
		CU_ASSERT_STRING_EQUAL(prompt.rule, rows[i].id);
		CU_ASSERT_EQUAL(prompt.ttl_ms, rows[i].seconds * 1000);
		CU_ASSERT_EQUAL(prompt.ack, rows[i].ack);
	}
	say("scale");
	CU_ASSERT_EQUAL(prompt.ask.kind, DISPLAY_ASK_SCALE);
	CU_ASSERT_EQUAL(prompt.ask.minimum, 1);
	CU_ASSERT_EQUAL(prompt.ask.maximum, 7);
	CU_ASSERT_EQUAL(prompt.ask.choice_count, 0);
	ruleset_free(&rules);
}

static const char *const with_numbers =
	"rules:\n"
	"  - id: numbers\n"
	"    level: form\n"
	"    when: red_flag\n"
	"    args:\n"
	"      - {name: t, value: target_cadence}\n"
	"      - {name: target, value: cadence, personal: true}\n"
	"      - {name: v, value: speed}\n"
	"    say:\n"
	"      headline: \"{t} steps\"\n"
	"      text: \"{t}{target}! {v}\"\n"
	"      text_public: \"{t} steps\"\n"
	"    why: \"to {t}\"\n";

static void test_numbers_stand_where_their_names_stood(void)
{
	start(rules_of(with_numbers));
	metrics.value[METRIC_target_cadence] = 170;
	metrics.value[METRIC_cadence] = 161;
	metrics.value[METRIC_speed] = 9.5;
	say("numbers");
	CU_ASSERT_STRING_EQUAL(prompt.headline, "170 steps");
	PUBLIC("170 steps");
	TEXT("170161! 9.5 km/h");
	CU_ASSERT_STRING_EQUAL(prompt.why, "to 170");
	CU_ASSERT_EQUAL(prompt.arg_count, 3);
	CU_ASSERT_STRING_EQUAL(prompt.args[0].name, "t");
	CU_ASSERT_DOUBLE_EQUAL(prompt.args[0].value, 170, 1e-9);
	CU_ASSERT_FALSE(prompt.args[0].personal);
	CU_ASSERT_EQUAL(prompt.args[0].decimals, 0);
	CU_ASSERT_TRUE(prompt.args[1].personal);
	CU_ASSERT_DOUBLE_EQUAL(prompt.args[2].value, 9.5, 1e-9);
	CU_ASSERT_EQUAL(prompt.args[2].decimals, 1);
	metrics.value[METRIC_target_cadence] = NAN;
	say("numbers");
	CU_ASSERT_EQUAL(prompt.arg_count, 2);
	CU_ASSERT_STRING_EQUAL(prompt.args[0].name, "target");
	ruleset_free(&rules);
}

static const char *const in_turns =
	"rules:\n"
	"  - id: turns\n"
	"    level: form\n"
	"    when: red_flag\n"
	"    say: {headline: H, texts: [one, two, three]}\n"
	"  - id: clauses\n"
	"    level: form\n"
	"    when: red_flag\n"
	"    also:\n"
	"      - when: \"pain >= 4 /10\"\n"
	"        text: own\n"
	"    say: {headline: H, text: general, text_public: for all}\n";

static void test_texts_take_turns_and_a_clause_has_its_own(void)
{
	static const char *const texts[] = { "one", "two", "three", "one" };

	start(rules_of(in_turns));
	for (manner.turn = 0; manner.turn < 4; manner.turn++) {
		say("turns");
		TEXT(texts[manner.turn]);
	}
	say("clauses");
	TEXT("general");
	PUBLIC("for all");
	manner.clause = 1;
	say("clauses");
	TEXT("own");
	PUBLIC("");
	ruleset_free(&rules);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "a runner is asked for by name", test_a_runner_is_asked_for_by_name },
		{ "5.1 how long, and whether it is acknowledged",
		  test_5_1_how_long_and_whether_it_is_acknowledged },
		{ "numbers stand where their names stood",
		  test_numbers_stand_where_their_names_stood },
		{ "texts take turns, and a clause has its own",
		  test_texts_take_turns_and_a_clause_has_its_own },
		CU_TEST_INFO_NULL,
	};

	return suite_run("prompt", tests);
}
