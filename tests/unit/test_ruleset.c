/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/columns.h"
#include "daemon/rules/ruleset.h"
#include "daemon/rules/ruleset_schema.h"
#include "daemon/rules/wording.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define SHIPPED TEST_SOURCE "/daemon/rules/rules.yaml"

/* A rule that is whole but for what a test adds */
#define BARE "- id: a\n  level: form\n  when: running\n" \
	"  say: {headline: H, text: T}\n"
#define RULE "rules:\n" BARE

static struct ruleset set;
static struct ruleset_error error;

static bool parse(const char *text)
{
	return ruleset_parse(&set, "r.yaml", text, strlen(text), &error);
}

static void expect_parsed(const char *text)
{
	bool good = parse(text);

	if (!good)
		printf("\n  %s: %s\n", error.where, error.message);
	CU_ASSERT_TRUE_FATAL(good);
}

static const struct rule *rule(const char *id)
{
	const struct rule *found = ruleset_find(&set, id);

	CU_ASSERT_PTR_NOT_NULL_FATAL(found);
	return found;
}

static bool mutes(const struct rule *a, const struct rule *b)
{
	size_t index = (size_t)(b - set.rules);

	return a->mutes[index / 64] >> index % 64 & 1;
}

static char *read_file(const char *path, size_t *length)
{
	FILE *file = fopen(path, "r");
	char *text = malloc(1 << 20);

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	*length = fread(text, 1, (1 << 20) - 1, file);
	text[*length] = '\0';
	fclose(file);
	return text;
}

static void load_shipped(void)
{
	size_t length;
	char *text = read_file(SHIPPED, &length);
	bool good = ruleset_parse(&set, SHIPPED, text, length, &error);

	if (!good)
		printf("\n  %s: %s\n", error.where, error.message);
	CU_ASSERT_TRUE_FATAL(good);
	free(text);
}

/* ---- what a file can say --------------------------------------------------- */

static void test_design_block(void)
{
	struct metrics m;

	expect_parsed(
		"rules:\n"
		"  - id: easy-hr\n"
		"    level: form\n"
		"    when: \"heart_rate > 90 % of heart_rate_max and incline > 0 %\"\n"
		"    hold: 60 s\n"
		"    clear: \"heart_rate < 85 % of heart_rate_max\"\n"
		"    repeat: 300 s\n"
		"    limit: 3\n"
		"    needs: [heart_rate]\n"
		"    mutes: []\n"
		"    say: {headline: \"Ease off\", text: \"Ease off.\"}\n"
		"    why: \"...\"\n"
		"    source: \"...\"\n"
		"    strength: opinion\n");
	CU_ASSERT_EQUAL(set.count, 1);
	CU_ASSERT_EQUAL(rule("easy-hr")->level, DISPLAY_LEVEL_FORM);
	CU_ASSERT_EQUAL(rule("easy-hr")->rank, 5);
	CU_ASSERT_EQUAL(rule("easy-hr")->clause_count, 1);
	CU_ASSERT_EQUAL(rule("easy-hr")->clauses[0].hold_s, 60);
	CU_ASSERT_EQUAL(rule("easy-hr")->repeat_s, 300);
	CU_ASSERT_EQUAL(rule("easy-hr")->limit, 3);
	CU_ASSERT_EQUAL(rule("easy-hr")->needs[METRIC_heart_rate / 64],
	                UINT64_C(1) << METRIC_heart_rate % 64);
	CU_ASSERT_STRING_EQUAL(rule("easy-hr")->headline, "Ease off");
	CU_ASSERT_STRING_EQUAL(rule("easy-hr")->texts[0], "Ease off.");
	CU_ASSERT_STRING_EQUAL(rule("easy-hr")->public_text, "");
	CU_ASSERT_STRING_EQUAL(rule("easy-hr")->strength, "opinion");
	CU_ASSERT_FALSE(rule("easy-hr")->instant || rule("easy-hr")->only_as_praise);
	m.value[METRIC_heart_rate] = 172;
	m.value[METRIC_heart_rate_max] = 190;
	m.value[METRIC_incline] = 1;
	CU_ASSERT_EQUAL(expression_truth(&rule("easy-hr")->clauses[0].when, &m),
	                TRUTH_TRUE);
	ruleset_free(&set);
}

static void test_every_key(void)
{
	expect_parsed(
		"rules:\n"
		"- id: x-1\n"
		"  level: safety\n"
		"  rank: 9\n"
		"  when: running\n"
		"  hold: 2 min\n"
		"  also:\n"
		"  - {when: walking, hold: 90 s}\n"
		"  - {when: settled}\n"
		"  clear: speed < 5 km/h\n"
		"  clear_hold: 10 s\n"
		"  repeat: 1.5 min\n"
		"  limit: 6\n"
		"  once: session\n"
		"  mutes: [good]\n"
		"  needs: [speed, cadence]\n"
		"  say: {headline: 'Keep {v}', texts: ['A {v}', 'B {p}', 'C'],\n"
		"        text_public: 'P {v}'}\n"
		"  args:\n"
		"  - {name: v, value: 90 % of speed}\n"
		"  - {name: p, value: pain, personal: true}\n"
		"  ask: {min: 0, max: 10, is: pain}\n"
		"  lock: true\n"
		"  praise: good\n"
		"  praise_within: 30 s\n"
		"  enabled: false\n"
		"  why: >\n"
		"    Because of\n"
		"    this.\n"
		"  source: S\n"
		"  strength: weak\n"
		"- id: good\n"
		"  level: praise\n"
		"  say: {headline: Good, text: Good.}\n");
	CU_ASSERT_EQUAL(rule("x-1")->level, DISPLAY_LEVEL_SAFETY);
	CU_ASSERT_EQUAL(rule("x-1")->rank, 9);
	CU_ASSERT_EQUAL(rule("x-1")->clause_count, 3);
	CU_ASSERT_EQUAL(rule("x-1")->clauses[0].hold_s, 120);
	CU_ASSERT_EQUAL(rule("x-1")->clauses[1].hold_s, 90);
	CU_ASSERT_EQUAL(rule("x-1")->clauses[2].hold_s, 0);
	CU_ASSERT_TRUE(expression_uses(&rule("x-1")->clauses[2].when, METRIC_settled));
	CU_ASSERT_TRUE(expression_uses(&rule("x-1")->clear, METRIC_speed));
	CU_ASSERT_EQUAL(rule("x-1")->clear_hold_s, 10);
	CU_ASSERT_EQUAL(rule("x-1")->repeat_s, 90);
	CU_ASSERT_EQUAL(rule("x-1")->limit, 6);
	CU_ASSERT_EQUAL(rule("x-1")->once, RULE_ONCE_PER_SESSION);
	CU_ASSERT_TRUE(mutes(rule("x-1"), rule("good")));
	CU_ASSERT_FALSE(mutes(rule("good"), rule("x-1")));
	CU_ASSERT_EQUAL(rule("x-1")->text_count, 3);
	CU_ASSERT_STRING_EQUAL(rule("x-1")->texts[2], "C");
	CU_ASSERT_STRING_EQUAL(rule("x-1")->public_text, "P {v}");
	CU_ASSERT_EQUAL(rule("x-1")->arg_count, 2);
	CU_ASSERT_STRING_EQUAL(rule("x-1")->args[1].name, "p");
	CU_ASSERT_TRUE(rule("x-1")->args[1].personal && !rule("x-1")->args[0].personal);
	CU_ASSERT_EQUAL(rule("x-1")->ask, DISPLAY_ASK_SCALE);
	CU_ASSERT_EQUAL(rule("x-1")->ask_maximum, 10);
	CU_ASSERT_TRUE(rule("x-1")->answer_is_pain && rule("x-1")->lock);
	CU_ASSERT_TRUE(rule("x-1")->disabled);
	CU_ASSERT_PTR_EQUAL(rule("x-1")->praise, rule("good"));
	CU_ASSERT_EQUAL(rule("x-1")->praise_within_s, 30);
	CU_ASSERT_TRUE(rule("good")->only_as_praise);
	CU_ASSERT_FALSE(rule("x-1")->only_as_praise);
	CU_ASSERT_STRING_EQUAL(rule("x-1")->why, "Because of this.");
	ruleset_free(&set);
}

static void test_instant(void)
{
	expect_parsed("rules:\n"
	              "- {id: i, level: safety, when: pain_reported >= 7 /10 or red_flag,"
	              " say: {headline: H, text: T}}\n"
	              "- {id: n, level: safety, when: pain >= 7 /10,"
	              " say: {headline: H, text: T}}\n"
	              "- {id: k, level: safety, when: running, also: [{when: safety_key}],"
	              " say: {headline: H, text: T}}\n");
	CU_ASSERT_TRUE(rule("i")->instant);
	CU_ASSERT_FALSE(rule("n")->instant);
	CU_ASSERT_TRUE(rule("k")->instant);
	ruleset_free(&set);
}

/* ---- overlays -------------------------------------------------------------- */

static void test_overlay_changes_only_what_it_names(void)
{
	size_t count;

	load_shipped();
	count = set.count;
	expect_parsed("rules:\n- id: cadence-low\n  hold: 40 s\n"
	              "  say: {headline: Faster feet}\n"
	              "- id: learning\n  enabled: no\n");
	CU_ASSERT_EQUAL(set.count, count);
	CU_ASSERT_EQUAL(rule("cadence-low")->clauses[0].hold_s, 40);
	CU_ASSERT_EQUAL(rule("cadence-low")->clear_hold_s, 10);
	CU_ASSERT_EQUAL(rule("cadence-low")->limit, 6);
	CU_ASSERT_STRING_EQUAL(rule("cadence-low")->headline, "Faster feet");
	CU_ASSERT_STRING_EQUAL(rule("cadence-low")->texts[0],
	                       "Quicker, lighter beat: aim for {target} steps a minute.");
	CU_ASSERT_PTR_EQUAL(rule("cadence-low")->praise, rule("praise-hold"));
	CU_ASSERT_TRUE(rule("praise-hold")->only_as_praise);
	CU_ASSERT_TRUE(rule("learning")->disabled);
	CU_ASSERT_TRUE(mutes(rule("overstride"), rule("cadence-low")));
	ruleset_free(&set);
}

static void test_overlay_adds_and_replaces(void)
{
	load_shipped();
	expect_parsed("rules:\n"
	              "- id: mine\n  level: habit\n  when: running\n"
	              "  mutes: [cadence-low, later]\n  say: {headline: H, texts: [A, B]}\n"
	              "- id: later\n  level: habit\n  when: walking\n"
	              "  say: {headline: H, text: T}\n"
	              "- id: warm-up\n  also: []\n"
	              "- id: overstride\n  mutes: []\n");
	CU_ASSERT_TRUE(mutes(rule("mine"), rule("cadence-low")));
	CU_ASSERT_TRUE(mutes(rule("mine"), rule("later")));
	CU_ASSERT_FALSE(mutes(rule("overstride"), rule("cadence-low")));
	CU_ASSERT_EQUAL(rule("warm-up")->clause_count, 1);
	expect_parsed("rules:\n- id: mine\n  say: {text: Only one}\n");
	CU_ASSERT_EQUAL(rule("mine")->text_count, 1);
	ruleset_free(&set);
}

static void test_after_an_error_the_set_is_as_it_was(void)
{
	struct rule *rules;
	size_t count;

	load_shipped();
	rules = set.rules;
	count = set.count;
	CU_ASSERT_FALSE(parse("rules:\n- id: cadence-low\n  hold: 7 s\n"
	                      "- id: extra\n  level: form\n  when: sped > 3 km/h\n"
	                      "  say: {headline: H, text: T}\n"));
	CU_ASSERT_STRING_EQUAL(error.where, "r.yaml:6:9");
	CU_ASSERT_PTR_EQUAL(set.rules, rules);
	CU_ASSERT_EQUAL(set.count, count);
	CU_ASSERT_EQUAL(rule("cadence-low")->clauses[0].hold_s, 20);
	CU_ASSERT_PTR_NULL(ruleset_find(&set, "extra"));
	ruleset_free(&set);
}

static void test_overlay_that_breaks_another_rule(void)
{
	expect_parsed("rules:\n"
	              "- {id: slow, level: form, when: running, praise: good,"
	              " say: {headline: H, text: T}}\n"
	              "- {id: good, level: praise, say: {headline: H, text: T}}\n"
	              "- {id: fine, level: praise, when: running,"
	              " say: {headline: H, text: T}}\n");
	CU_ASSERT_TRUE(rule("good")->only_as_praise);
	CU_ASSERT_FALSE(rule("fine")->only_as_praise);
	CU_ASSERT_FALSE(parse("rules:\n- id: slow\n  praise: slow\n"));
	CU_ASSERT_STRING_EQUAL(error.where, "r.yaml:3:11");
	/* "good" would be left without a condition of its own */
	CU_ASSERT_FALSE(parse("rules:\n- {id: slow, praise: fine}\n"));
	CU_ASSERT_STRING_EQUAL(error.where, "r.yaml:1:1");
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "rule \"good\" fails"));
	expect_parsed("rules:\n- {id: slow, praise: fine}\n"
	              "- {id: good, when: walking}\n");
	CU_ASSERT_FALSE(rule("good")->only_as_praise);
	CU_ASSERT_TRUE(rule("fine")->only_as_praise);
	ruleset_free(&set);
}

/* ---- faults ---------------------------------------------------------------- */

static void test_faults(void)
{
	static const struct {
		const char *text, *where, *message;
	} rows[] = {
		/* no rules in it */
		{ "", "r.yaml:1:1", "expected a rule file" },
		{ "# only this\n", "r.yaml:1:1", "found nothing" },
		{ "rules:\n", "r.yaml:1:7", "rules: expected a list, as in [a, b], found nothing" },
		{ "rules: []\n", "r.yaml:1:8", "rules: at least 1 expected, found 0" },
		{ "rules: yes\n", "r.yaml:1:8", "found a single value" },
		{ "- a\n- b\n", "r.yaml:1:1", "write the line \"rules:\" above it" },
		{ "rules:\n  a:\n    level: form\n", "r.yaml:2:3", "each item beginning with \"- \"" },
		{ RULE "  text: T\n", "r.yaml:6:3", "the key \"text\" belongs under \"say\"" },
		{ RULE "  needs: [hr]\n", "r.yaml:6:11", "did you mean heart_rate?" },
		{ "rules:\n- id: a\n  level: form\n  when: running\n  say:\n  hold: 3 s\n",
		  "r.yaml:5:7", "say: expected a mapping of keys to values, further in, found "
		  "nothing" },
		{ "rules:\n- {id: a, level: form, when: running, say: {headline: "
		  "\xe2\x80\x9cH\xe2\x80\x9d, text: T}}\n", "r.yaml:2:55", "write straight ones" },
		{ RULE "  hold 3 s\n  repeat: 3 s\n", "r.yaml:6:3", "write \"key: value\"" },
		{ "rules:\n- {id: a, level: form, when: running, say: {headline: 'Don't', "
		  "text: T}}\n", "r.yaml:2:60", "an apostrophe in double ones" },
		{ RULE "  why: *bold*\n", "r.yaml:6:13", "put the text in quotes" },
		{ RULE "  args: [{name: t, value: distance / speed}]\n  why: '{t}'\n", "r.yaml:6:9",
		  "its divisor can be 0" },
		{ "rule:\n- id: a\n", "r.yaml:1:1", "unknown key \"rule\"; did you mean rules?" },
		{ "rules:\n- a\n", "r.yaml:2:3", "rules: expected a mapping of keys to values" },
		{ "rules:\n- level: form\n", "r.yaml:2:3", "the key \"id\" is missing" },
		/* keys and their values */
		{ RULE "  holdd: 3 s\n", "r.yaml:6:3",
		  "unknown key \"holdd\"; did you mean hold?" },
		{ RULE "  colour: red\n", "r.yaml:6:3", "unknown key \"colour\"; expected one "
		  "of id, level, rank, when" },
		{ RULE "  level: habit\n", "r.yaml:6:3", "\"level\" stands twice, first in line 3" },
		{ RULE "  <<: {level: form}\n", "r.yaml:6:3", "unknown key \"<<\"" },
		{ "rules:\n- id: a\n  level: from\n", "r.yaml:3:10",
		  "unknown level \"from\"; did you mean form?" },
		{ "rules:\n- id: a\n  level: urgent\n", "r.yaml:3:10", "expected one of safety, "
		  "load, form, habit, praise, system" },
		{ "rules:\n- id: Cadence Low\n", "r.yaml:2:7", "is no id" },
		{ "rules:\n- id: -a\n", "r.yaml:2:7", "is no id" },
		{ RULE "  rank: 10\n", "r.yaml:6:9", "10 is out of range: expected 0 to 9" },
		{ RULE "  rank: -1\n", "r.yaml:6:9", "-1 is out of range" },
		{ RULE "  rank: 010\n", "r.yaml:6:9", "expected a whole number, found \"010\"" },
		{ RULE "  rank: 99999999999\n", "r.yaml:6:9", "expected a whole number" },
		{ RULE "  rank: \"3\"\n", "r.yaml:6:9", "rank: expected a whole number" },
		{ RULE "  limit: 1.5\n", "r.yaml:6:10", "limit: expected a whole number" },
		{ RULE "  limit: -3\n", "r.yaml:6:10", "limit: expected a whole number" },
		{ RULE "  limit: 1001\n", "r.yaml:6:10", "out of range" },
		{ RULE "  lock: maybe\n", "r.yaml:6:9", "true or false, found \"maybe\"" },
		{ RULE "  lock: yes\n", "r.yaml:6:9", "only a rule of the level safety" },
		{ RULE "  once: sesion\n", "r.yaml:6:9", "did you mean session?" },
		{ RULE "  why:\n", "r.yaml:6:7", "why: expected text, found nothing" },
		{ RULE "  why: ''\n", "r.yaml:6:8", "why: expected text, found none" },
		{ RULE "  why: \"tab\\there\"\n", "r.yaml:6:8", "control character 0x09" },
		/* times */
		{ RULE "  hold: 60\n", "r.yaml:6:9", "a bare number is no time: write 60 s" },
		{ RULE "  hold: 60 sec\n", "r.yaml:6:12", "unknown unit \"sec\"" },
		{ RULE "  repeat: 3 km\n", "r.yaml:6:11", "write 3 s" },
		{ RULE "  hold: 2 s and more\n", "r.yaml:6:13", "nothing behind the unit" },
		{ RULE "  hold: 0.5 s\n", "r.yaml:6:9", "write whole seconds, 1 s" },
		{ RULE "  hold: 2000 min\n", "r.yaml:6:9", "longer than a day" },
		/* other rules */
		{ RULE "  mutes: [b]\n", "r.yaml:6:11", "there is no rule \"b\"" },
		{ RULE "  mutes: b\n", "r.yaml:6:10", "expected a list, as in [b]" },
		{ RULE "  mutes: [a]\n", "r.yaml:6:10", "cannot mute itself" },
		{ "rules:\n- {id: aa, level: form, when: running, mutes: [ab], "
		  "say: {headline: H, text: T}}\n- {id: ab, level: form, when: running, "
		  "mutes: [aa], say: {headline: H, text: T}}\n", "r.yaml:2:47",
		  "mute each other" },
		{ "rules:\n- {id: cadence, level: form, when: running, mutes: [cadense], "
		  "say: {headline: H, text: T}}\n", "r.yaml:2:53", "did you mean cadence?" },
		{ RULE "  praise: a\n", "r.yaml:6:11", "cannot praise itself" },
		{ RULE BARE, "r.yaml:6:7", "a second rule \"a\" in this file, the first is in "
		  "line 2" },
		{ RULE "  praise_within: 3 s\n", "r.yaml:6:18", "for rules with \"praise\"" },
		/* needs */
		{ RULE "  needs: [speed, cadense]\n", "r.yaml:6:18",
		  "unknown metric \"cadense\"; did you mean cadence?" },
		{ RULE "  needs: [red_flag]\n", "r.yaml:6:10", "would always sleep" },
		/* what is missing */
		{ "rules:\n- id: a\n  hold: 3 s\n", "r.yaml:2:3",
		  "the rule \"a\" is new and needs the key \"level\"" },
		{ "rules:\n- id: a\n  level: form\n  when: running\n", "r.yaml:2:3",
		  "needs the key \"say\"" },
		{ "rules:\n- id: a\n  level: form\n  say: {headline: H, text: T}\n",
		  "r.yaml:2:7", "has no \"when\"" },
		{ "rules:\n- id: a\n  level: form\n  also: [{when: running}]\n"
		  "  say: {headline: H, text: T}\n", "r.yaml:4:9", "write that first" },
		{ RULE "  also: [{hold: 3 s}]\n", "r.yaml:6:10",
		  "also: the key \"when\" is missing" },
		{ RULE "  also: [{when: running}, {when: running}, {when: running}, "
		  "{when: running}]\n", "r.yaml:6:61", "at most 3 of them" },
		/* say */
		{ "rules:\n- {id: a, level: form, when: running, say: {text: T}}\n",
		  "r.yaml:2:44", "has no headline" },
		{ "rules:\n- {id: a, level: form, when: running, say: {headline: T}}\n",
		  "r.yaml:2:44", "has no text" },
		{ "rules:\n- {id: a, level: form, when: running, "
		  "say: {headline: H, text: T, texts: [A]}}\n", "r.yaml:2:44", "keep one" },
		{ "rules:\n- {id: a, level: form, when: running, say: {headline: "
		  "1234567890123456789012345678901, text: T}}\n", "r.yaml:2:55",
		  "31 columns, with the longest arguments; at most 30" },
		{ "rules:\n- {id: a, level: form, when: running, say: {headline: H, text: "
		  "1234567890123456789012345678901234567890123456789012345678901}}\n",
		  "r.yaml:2:64", "61 columns" },
		{ "rules:\n- {id: a, level: form, when: running, say: {headline: "
		  "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
		  "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
		  "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5, text: T}}\n",
		  "r.yaml:2:55", "32 columns" },
		/* arguments: the longest value counts */
		{ "rules:\n- {id: a, level: form, when: running, say: {headline: "
		  "'1234567890123456789012{x}', text: T}, args: [{name: x, value: speed}]}\n",
		  "r.yaml:2:55", "31 columns" },
		{ RULE "  why: aim for {target}\n", "r.yaml:6:8",
		  "{target} is not among \"args\"" },
		{ RULE "  why: aim for {targt}\n  args: [{name: target, value: speed}]\n",
		  "r.yaml:6:8", "did you mean {target}?" },
		{ RULE "  why: aim for {target\n", "r.yaml:6:8", "stands alone" },
		{ RULE "  why: aim for target}\n", "r.yaml:6:8", "stands alone" },
		{ RULE "  why: '{} {x'\n", "r.yaml:6:8", "{} is not among" },
		{ RULE "  args: [{name: target, value: speed}]\n", "r.yaml:6:9",
		  "the argument \"target\" is not used" },
		{ RULE "  args: [{name: T, value: speed}]\n", "r.yaml:6:17", "is no name" },
		{ RULE "  args: [{name: t, value: speed}, {name: t, value: speed}]\n",
		  "r.yaml:6:42", "a second argument \"t\"" },
		{ RULE "  args: [{name: t, value: running}]\n", "r.yaml:6:27",
		  "this is a condition" },
		{ RULE "  args: [{name: t, value: speed, unit: kn}]\n", "r.yaml:6:40",
		  "unknown unit \"kn\"; did you mean km?" },
		{ RULE "  args: [{name: t, value: speed, unit: kg}]\n", "r.yaml:6:40",
		  "the value is a speed and cannot be shown in kg" },
		{ RULE "  args: [{name: a_name_that_is_far_too_long, value: speed}]\n",
		  "r.yaml:6:17", "name: 27 octets of text, at most 23" },
		{ RULE "  args: [{name: t}]\n", "r.yaml:6:10", "\"t\" needs a \"value\"" },
		{ RULE "  args: [{name: t, value: speed, is: runner}]\n", "r.yaml:6:10",
		  "or \"is: runner\" alone" },
		{ RULE "  args: [{name: t, is: runner, unit: s}]\n", "r.yaml:6:10",
		  "or \"is: runner\" alone" },
		{ "rules:\n- {id: a, level: form, when: running, say: {headline: H, text: '{n}?'}, args: "
		  "[{name: n, is: runner}]}\n", "r.yaml:2:64", "{n} is personal" },
		{ "rules:\n- {id: a, level: form, when: running, say: {headline: '{n}?', text: T, text_public: "
		  "U}, args: [{name: n, is: runner}]}\n", "r.yaml:2:55", "{n} is personal" },
		{ RULE "  ask: {min: 0, max: 2, is: runner}\n", "r.yaml:6:22",
		  "write min: 0, max: 1" },
		{ RULE "  args: [{name: a, value: pain_reported}]\n  why: '{a}'\n",
		  "r.yaml:6:9", "use pain" },
		{ RULE "  args: [{name: p, value: pain, personal: yes}]\n  why: 'P {p}'\n",
		  "r.yaml:7:8", "{p} is personal, and this goes to every display" },
		{ "rules:\n- {id: a, level: form, when: running, say: {headline: H, text: "
		  "'{p}'}, args: [{name: p, value: pain, personal: yes}]}\n",
		  "r.yaml:2:64", "say it without in text_public" },
		/* instants */
		{ "rules:\n- {id: a, level: form, when: red_flag, hold: 3 s, "
		  "say: {headline: H, text: T}}\n", "r.yaml:2:46",
		  "\"when\" reads red_flag, which is there at an instant only" },
		{ RULE "  clear: pain_reported < 2 /10\n", "r.yaml:6:10", "use pain" },
		/* questions */
		{ RULE "  ask: {min: 3, max: 3}\n", "r.yaml:6:22", "max must be above min" },
		{ RULE "  ask: {min: 0, max: 11, is: pain}\n", "r.yaml:6:22", "from 0 to 10" },
		{ RULE "  ask: {min: 0, max: 3, is: joy}\n", "r.yaml:6:29",
		  "unknown is \"joy\"" },
		{ RULE "  ask: {max: 3}\n", "r.yaml:6:8", "the key \"min\" is missing" },
		/* YAML itself */
		{ "rules:\n- id: &x a\n  level: *x\n", "r.yaml:3:10", "aliases are not taken" },
		{ "rules:\n\t- id: a\n", "r.yaml:2:1", "no tabs" },
		{ "rules: [\n", "r.yaml:2:1", "" },
		{ RULE "  why: a: b\n", "r.yaml:6:9", "in quotes" },
		{ "rules:\n- id: a\n  when: %\n", "r.yaml:3:9", "put the text in quotes" },
		{ RULE "---\n" RULE, "r.yaml:6:1", "second" },
		{ "rules:\n- [a]\n", "r.yaml:2:3", "found a list" },
		{ "rules:\n- ? [a]\n  : b\n", "r.yaml:2:5", "expected a key" },
		{ "rules:\n- id: \"a\\0b\"\n", "r.yaml:2:7", "NUL" },
		{ "rules:\n- id: \xff\xfe\n", "r.yaml:2:7", "UTF-8" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		bool good = parse(rows[i].text);

		if (good || strcmp(error.where, rows[i].where) != 0 ||
		    !strstr(error.message, rows[i].message))
			printf("\n%s  %s: %s\n", rows[i].text, error.where, error.message);
		CU_ASSERT_FALSE(good);
		CU_ASSERT_STRING_EQUAL(error.where, rows[i].where);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, rows[i].message));
		CU_ASSERT_EQUAL(set.count, 0);
	}
}

/* The fault is always the word "sped"; where it stands differs. */
static void test_columns_inside_scalars(void)
{
	static const struct {
		const char *when, *where;
	} rows[] = {
		{ "when: sped > 3 km/h\n", "r.yaml:3:9" },
		{ "when:    running and sped > 3 km/h\n", "r.yaml:3:24" },
		{ "when: \"running and sped > 3 km/h\"\n", "r.yaml:3:22" },
		{ "when: 'running and sped > 3 km/h'\n", "r.yaml:3:22" },
		{ "when: running\n    and sped > 3 km/h\n", "r.yaml:4:9" },
		{ "when: running\n\n\n    and\n   sped > 3 km/h\n", "r.yaml:7:4" },
		{ "when: \"running\n    and sped > 3 km/h\"\n", "r.yaml:4:9" },
		{ "when: \"running \\\n    and sped > 3 km/h\"\n", "r.yaml:4:9" },
		{ "when: \"running\\nand\\tsped > 3 km/h\"\n", "r.yaml:3:24" },
		{ "when: \"r\\x75nning and sp\\u0065d > 3 km/h\"\n", "r.yaml:3:25" },
		{ "when: 'running\n\n    and sped > 3 km/h'\n", "r.yaml:5:9" },
		{ "when: |\n    running\n    and sped > 3 km/h\n", "r.yaml:5:9" },
		{ "when: >-  # folded\n    running\n      and\n    sped > 3 km/h\n",
		  "r.yaml:6:5" },
		{ "{when: sped > 3 km/h}\n", "r.yaml:3:10" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		char text[400];
		bool flow = rows[i].when[0] == '{';

		snprintf(text, sizeof(text), flow ? "rules:\n-\n  %.*s, id: a, level: form,"
		         " say: {headline: H, text: T}}\n"
		         : "rules:\n- id: a\n  %.*s\n  level: form\n"
		         "  say: {headline: H, text: T}\n",
		         (int)strlen(rows[i].when) - (flow ? 2 : 1), rows[i].when);
		CU_ASSERT_FALSE(parse(text));
		if (strcmp(error.where, rows[i].where) != 0)
			printf("\n%s  %s: %s\n", text, error.where, error.message);
		CU_ASSERT_STRING_EQUAL(error.where, rows[i].where);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "unknown metric \"sped\""));
	}
}

/* Lines are counted behind text that is not ASCII as before it. */
static void test_columns_count_characters(void)
{
	CU_ASSERT_FALSE(parse("# \xe2\x82\xac\xe2\x82\xac \xc3\xa4\n"
	                      "rules:\n- {say: {headline: \xc3\xa4\xc3\xb6, text: T}, "
	                      "id: a, level: form, when: \"running and 'x\"}\n"));
	CU_ASSERT_STRING_EQUAL(error.where, "r.yaml:3:73");
	CU_ASSERT_FALSE(parse("rules:\n- {id: a, level: form, when: 'speed > 3 km/h and "
	                      "''x', say: {headline: H, text: T}}\n"));
	CU_ASSERT_STRING_EQUAL(error.where, "r.yaml:2:50");
}

static void test_end_of_a_condition(void)
{
	CU_ASSERT_FALSE(parse("rules:\n- id: a\n  level: form\n  when: speed >\n"
	                      "  say: {headline: H, text: T}\n"));
	CU_ASSERT_STRING_EQUAL(error.where, "r.yaml:4:16");
	CU_ASSERT_FALSE(parse("rules:\n- id: a\n  level: form\n  when: |\n    speed >\n"
	                      "\n  say: {headline: H, text: T}\n"));
	CU_ASSERT_STRING_EQUAL(error.where, "r.yaml:5:12");
}

/* ---- hostile files --------------------------------------------------------- */

static char *repeated(const char *head, const char *part, size_t times,
                      const char *tail)
{
	size_t head_length = strlen(head), length = strlen(part);
	char *text = malloc(head_length + times * length + strlen(tail) + 1), *at = text;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	memcpy(at, head, head_length);
	at += head_length;
	for (; times--; at += length)
		memcpy(at, part, length);
	strcpy(at, tail);
	return text;
}

static void test_hostile(void)
{
	static const struct {
		const char *head, *part;
		size_t times;
		const char *tail, *message;
	} rows[] = {
		{ "rules: ", "x", 10 * 1000 * 1000, "\n", "at most 1048576 octets are read" },
		{ RULE "  when: ", "x", 1000 * 1000, "\n", "" },
		{ RULE "  why: ", "x", 1000 * 1000, "\n", "at most 700 are taken" },
		{ RULE "  clear: ", "(", 900, "\n", "more than 32 levels" },
		{ RULE "  clear: ", "running or ", 5000, "running\n", "at most 1000 are taken" },
		{ "", "[", 100000, "", "nested more than" },
		{ "", "{a: ", 100000, "", "nested more than" },
		{ "", "- ", 100000, "", "nested more than" },
		{ "", "? ", 100000, "", "nested more than" },
		{ "rules:\n", "- a\n", 100000, "", "expected a mapping" },
		{ "rules:\n", "- {}\n", 2000, "", "the key \"id\" is missing" },
		{ RULE, "  a: b\n", 100000, "", "unknown key \"a\"" },
		{ "", "a: b\n", 100000, "", "unknown key" },
		{ "", "\n", 1000000, "", "found nothing" },
		{ "", "#", 1000000, "", "found nothing" },
		{ "", "\"", 999999, "", "" },
		{ RULE "  mutes: [", "a, ", 100000, "a]\n", "at most 1024 of them" },
		{ RULE "  needs: [", "speed, ", 100000, "]\n", "at most" },
		{ "a: &a [x]\nb: &b [*a,", "*a,", 9, "*a]\n", "aliases" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		char *text = repeated(rows[i].head, rows[i].part, rows[i].times, rows[i].tail);
		bool good = parse(text);

		if (good || !strstr(error.message, rows[i].message))
			printf("\n  %.20s %.10s: %s: %s\n", rows[i].head, rows[i].part,
			       error.where, error.message);
		CU_ASSERT_FALSE(good);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, rows[i].message));
		CU_ASSERT_EQUAL(set.count, 0);
		free(text);
	}
}

static char *many_rules(size_t count)
{
	char *text = malloc(count * 100 + 100), *at = text;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	at += sprintf(at, "rules:\n");
	for (size_t i = 0; i < count; i++)
		at += sprintf(at, "- {id: r%zu, level: form, when: running, "
		              "say: {headline: H, text: T}}\n", i);
	return text;
}

static void test_number_of_rules(void)
{
	char *text = many_rules(2000);

	CU_ASSERT_FALSE(parse(text));
	CU_ASSERT_STRING_EQUAL(error.where, "r.yaml:1026:3");
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "at most 1024"));
	free(text);
	text = many_rules(RULES_MAX);
	expect_parsed(text);
	CU_ASSERT_EQUAL(set.count, RULES_MAX);
	free(text);
	expect_parsed("rules:\n- {id: r1023, mutes: [r1022], hold: 3 s}\n");
	CU_ASSERT_TRUE(mutes(rule("r1023"), rule("r1022")));
	CU_ASSERT_FALSE(parse(RULE));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "more than 1024 rules"));
	ruleset_free(&set);
}

/* Every cut of a good file is refused or read, never worse. */
static void test_cut_anywhere(void)
{
	size_t length, good = 0;
	char *text = read_file(SHIPPED, &length);

	for (size_t cut = 0; cut < length; cut += 37) {
		good += ruleset_parse(&set, "r.yaml", text, cut, &error);
		ruleset_free(&set);
	}
	CU_ASSERT_TRUE(good < length / 37);
	free(text);
}

/* ---- the shipped rules ----------------------------------------------------- */

static void test_shipped(void)
{
	static const struct {
		const char *id;
		enum display_level level;
		unsigned rank;
		bool instant;
	} rows[] = {
		{ "pain-red-flag", DISPLAY_LEVEL_SAFETY, 9, true },
		{ "safety-key", DISPLAY_LEVEL_SAFETY, 8, true },
		{ "pain-high-or-rising", DISPLAY_LEVEL_SAFETY, 7, true },
		{ "pain-moderate", DISPLAY_LEVEL_SAFETY, 7, true },
		{ "pain-mild", DISPLAY_LEVEL_SAFETY, 7, true },
		{ "ask-pain", DISPLAY_LEVEL_SAFETY, 7, false },
		{ "speed-jump", DISPLAY_LEVEL_SAFETY, 5, false },
		{ "steep-and-fast", DISPLAY_LEVEL_SAFETY, 5, false },
		{ "decline", DISPLAY_LEVEL_SAFETY, 5, false },
		{ "warm-up", DISPLAY_LEVEL_FORM, 5, false },
		{ "incline-jump", DISPLAY_LEVEL_FORM, 5, false },
		{ "cadence-low", DISPLAY_LEVEL_FORM, 5, false },
		{ "overstride", DISPLAY_LEVEL_FORM, 5, false },
		{ "praise-hold", DISPLAY_LEVEL_PRAISE, 5, false },
		{ "cadence-lost", DISPLAY_LEVEL_SYSTEM, 5, false },
		{ "treadmill-lost", DISPLAY_LEVEL_SYSTEM, 5, false },
		{ "learning", DISPLAY_LEVEL_SYSTEM, 5, false },
	};

	load_shipped();
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct rule *found = rule(rows[i].id);

		CU_ASSERT_EQUAL(found->level, rows[i].level);
		CU_ASSERT_EQUAL(found->rank, rows[i].rank);
		CU_ASSERT_EQUAL(found->instant, rows[i].instant);
		CU_ASSERT_TRUE(*found->source && *found->strength);
	}
	CU_ASSERT_TRUE(rule("pain-red-flag")->lock);
	CU_ASSERT_TRUE(rule("ask-pain")->answer_is_pain);
	CU_ASSERT_TRUE(rule("praise-hold")->only_as_praise);
	ruleset_free(&set);
}

/* Which answer a pain report gets: rules.md 5.2, BR-01 to BR-04. The level and
 * the one before it (-1: none); the rules that are true. */
static void test_answers_to_pain(void)
{
	static const struct {
		double pain, before;
		const char *answers;
	} rows[] = {
		{ 0, -1, "" },
		{ 1, -1, "pain-mild " },
		{ 3, -1, "pain-mild " },
		{ 3, 1, "pain-mild " },
		{ 4, -1, "pain-moderate " },
		{ 5, 4, "pain-moderate " },
		{ 4, 2, "pain-high-or-rising pain-moderate " },
		{ 5, 3, "pain-high-or-rising pain-moderate " },
		{ 6, -1, "pain-high-or-rising " },
		{ 6, 6, "pain-high-or-rising " },
		{ 7, -1, "pain-red-flag " },
		{ 10, 2, "pain-red-flag " },
	};

	load_shipped();
	for (size_t i = 0; i < ROWS(rows); i++) {
		char answers[200] = "";
		struct metrics m;

		for (size_t j = 0; j < METRIC_COUNT; j++)
			m.value[j] = NAN;
		m.value[METRIC_pain_reported] = m.value[METRIC_pain] = rows[i].pain;
		m.value[METRIC_pain_age] = 0;
		m.value[METRIC_pain_reports] = rows[i].before < 0 ? 1 : 2;
		if (rows[i].before >= 0)
			m.value[METRIC_pain_rise] = rows[i].pain - rows[i].before;
		for (size_t j = 0; j < set.count; j++)
			if (set.rules[j].clause_count &&
			    expression_truth(&set.rules[j].clauses[0].when, &m) == TRUTH_TRUE)
				strcat(strcat(answers, set.rules[j].id), " ");
		CU_ASSERT_STRING_EQUAL(answers, rows[i].answers);
	}
	CU_ASSERT_TRUE(mutes(rule("pain-high-or-rising"), rule("pain-moderate")));
	ruleset_free(&set);
}

/* ---- the manual ------------------------------------------------------------ */

static void expect_mentioned(const char *page, const char *name)
{
	size_t length = strlen(name);
	const char *at = page;

	while ((at = strstr(at, name))) {
		bool starts = !strchr("abcdefghijklmnopqrstuvwxyz_0123456789", at[-1]);
		bool ends = !strchr("abcdefghijklmnopqrstuvwxyz_0123456789", at[length]) ||
		            at[length] == '\0';

		if (starts && ends)
			return;
		at++;
	}
	printf("\n  gaitd-rules(5) does not mention %s\n", name);
	CU_FAIL("not in the manual");
}

static void expect_keys_mentioned(const char *page,
                                  const cyaml_schema_field_t *fields)
{
	for (; fields->key; fields++) {
		const cyaml_schema_value_t *value = &fields->value;

		expect_mentioned(page, fields->key);
		if (value->type == CYAML_SEQUENCE)
			value = value->sequence.entry;
		if (value->type == CYAML_MAPPING)
			expect_keys_mentioned(page, value->mapping.fields);
		for (uint32_t i = 0; value->type == CYAML_ENUM && i < value->enumeration.count;
		     i++)
			expect_mentioned(page, value->enumeration.strings[i].str);
	}
}

static void test_manual_is_whole(void)
{
	size_t length;
	char *page = read_file(TEST_SOURCE "/daemon/rules/gaitd-rules.5", &length);

	expect_keys_mentioned(page, rule_file_schema.mapping.fields);
	for (size_t i = 0; i < METRIC_COUNT; i++)
		expect_mentioned(page, metric_table[i].name);
	for (const struct unit *unit = unit_table; unit->name; unit++)
		expect_mentioned(page, unit->name);
	free(page);
}

/* ---- texts ----------------------------------------------------------------- */

static void test_columns(void)
{
	static const struct {
		const char *text;
		size_t expected;
	} rows[] = {
		{ "", 0 }, { "abc", 3 }, { "\xc3\xa4\xc3\xb6", 2 },
		{ "\xe6\x97\xa5\xe6\x9c\xac", 4 }, { "e\xcc\x81", 1 },
		{ "\xf0\x9f\x8f\x83", 2 }, { "\xff\xfe", 2 }, { "\xea\xb0\x80", 2 },
	};

	for (size_t i = 0; i < ROWS(rows); i++)
		CU_ASSERT_EQUAL(columns(rows[i].text, strlen(rows[i].text)), rows[i].expected);
}

static void test_wording(void)
{
	static const struct {
		const char *value, *unit; /* a unit with a dot: behind the number */
		double metric; /* of speed, height or run_time */
		bool miles;
		const char *expected;
		size_t columns;
	} rows[] = {
		{ "speed", NULL, 7.24, false, "7.2 km/h", 9 },
		{ "speed", NULL, 7.24, true, "4.5 mph", 9 },
		{ "speed", "km/h", 7.24, false, "7.2", 4 },
		{ "speed", "m/s", 7.2, false, "2.0", 4 },
		{ "90 % of speed", NULL, 10, false, "9.0 km/h", 9 },
		{ "distance", NULL, 8540, false, "8.5 km", 7 },
		{ "distance", NULL, 8540, true, "5.3 mi", 7 },
		{ "shoe_distance", NULL, 99940, false, "99.9 km", 8 },
		{ "shoe_distance", NULL, 99960, false, "100 km", 8 },
		{ "shoe_distance", NULL, 820000, false, "820 km", 8 },
		{ "shoe_distance", NULL, 820000, true, "510 mi", 8 },
		{ "0.5 km/h", NULL, 0, false, "0.5 km/h", 8 },
		{ "0.5 km/h", NULL, 0, true, "0.3 mph", 8 },
		{ "run_time", "min", 600, false, "10", 4 },
		{ "step_over", "cm", 0.074, false, "7", 4 },
		{ "step_over", "cm", 0.074, true, "7", 4 },
		{ "step_over", ".cm", 0.074, false, "7 cm", 7 },
		{ "step_over", ".cm", 0.074, true, "3 in", 7 },
		{ "distance", ".m", 100, true, "328 ft", 11 },
		{ "distance", ".km", 8540, true, "5.3 mi", 8 },
		{ "run_time", ".min", 600, true, "10 min", 8 },
		{ "target_cadence", NULL, 169.6, false, "170", 3 },
		{ "incline", NULL, 6, false, "6 %", 5 },
		{ "pain", NULL, NAN, false, "?", 2 },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct rule_arg arg = { .name = "x" };
		struct expression_error why;
		struct metrics m;
		char text[32];

		for (size_t j = 0; j < METRIC_COUNT; j++)
			m.value[j] = rows[i].metric;
		CU_ASSERT_TRUE_FATAL(expression_compile_value(rows[i].value, &arg.value, &why));
		if (rows[i].unit) {
			const char *unit = rows[i].unit + strspn(rows[i].unit, ".");

			arg.unit = unit_by_name(unit, strlen(unit));
			arg.with_unit = unit != rows[i].unit;
		}
		wording_print(text, sizeof(text), &arg, expression_value(&arg.value, &m),
		              (struct wording_habit){ .miles = rows[i].miles });
		CU_ASSERT_STRING_EQUAL(text, rows[i].expected);
		if (wording_columns(&arg) != rows[i].columns)
			printf("\n  %s: %zu\n", rows[i].value, wording_columns(&arg));
		CU_ASSERT_EQUAL(wording_columns(&arg), rows[i].columns);
		expression_free(&arg.value);
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "the rule of the design page", test_design_block },
		{ "every key", test_every_key },
		{ "instant rules", test_instant },
		{ "an overlay changes only what it names", test_overlay_changes_only_what_it_names },
		{ "an overlay adds and replaces", test_overlay_adds_and_replaces },
		{ "after an error the set is as it was",
		  test_after_an_error_the_set_is_as_it_was },
		{ "an overlay that breaks another rule", test_overlay_that_breaks_another_rule },
		{ "faults: where, what, and the fix", test_faults },
		{ "columns inside scalars of every style", test_columns_inside_scalars },
		{ "columns count characters", test_columns_count_characters },
		{ "the end of a condition", test_end_of_a_condition },
		{ "hostile files", test_hostile },
		{ "the number of rules is limited", test_number_of_rules },
		{ "a file cut anywhere", test_cut_anywhere },
		{ "the shipped rules", test_shipped },
		{ "answers to pain: BR-01 to BR-04", test_answers_to_pain },
		{ "gaitd-rules(5) names each key, metric and unit", test_manual_is_whole },
		{ "columns of text", test_columns },
		{ "wording of arguments", test_wording },
		CU_TEST_INFO_NULL,
	};

	return suite_run("ruleset", tests);
}
