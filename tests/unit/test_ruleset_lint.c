/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What `gaitctl rules check` doubts: rules that can never speak, always do, or
 * contradict each other. And what it must not doubt.
 */
#include "daemon/rules/expression_possible.h"
#include "daemon/rules/ruleset_lint.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define SHIPPED TEST_SOURCE "/daemon/rules/rules.yaml"

/* ---- conditions ------------------------------------------------------------ */

static bool possible(const char *text, bool truth)
{
	struct expression e = { 0 };
	struct expression_error error;
	struct wish wish = { &e, truth };
	bool outcome;

	if (!expression_compile_condition(text, &e, &error))
		printf("\n  %s: %s\n", text, error.message);
	CU_ASSERT_FATAL(e.length > 0);
	outcome = expression_possible(&wish, 1);
	expression_free(&e);
	return outcome;
}

static void test_what_is_possible(void)
{
	static const struct {
		const char *text;
		bool can_be_true, can_be_false;
	} rows[] = {
		{ "running", true, true },
		{ "true", true, false },
		{ "not true", false, true },
		{ "running and walking", false, true },
		{ "running or not running", true, false },
		{ "speed > 12 km/h", true, true },
		{ "speed > 40 km/h", false, true },
		{ "speed >= 40 km/h", true, true },
		{ "speed >= 0 km/h", true, false },
		{ "speed < 0 km/h", false, true },
		{ "speed <= 0 km/h", true, true },
		{ "speed > 10 m/s", true, true },
		{ "speed > 12 m/s", false, true },
		{ "speed > 12 km/h and speed < 10 km/h", false, true },
		{ "speed > 12 km/h and speed < 12 km/h", false, true },
		{ "speed > 12 km/h and speed <= 12 km/h", false, true },
		{ "speed >= 12 km/h and speed <= 12 km/h", true, true },
		{ "speed > 12 km/h or speed <= 12 km/h", true, false },
		{ "speed > 12 km/h or speed < 12 km/h", true, true },
		{ "not (speed > 12 km/h or speed <= 12 km/h)", false, true },
		{ "12 km/h < speed < 10 km/h", false, true },
		{ "4 % <= incline < 8 %", true, true },
		{ "incline > 4 % and not incline > 3 %", false, true },
		{ "(incline > 4 % or speed > 12 km/h) and incline < 3 % and speed < 9 km/h", false,
		  true },
		{ "(incline > 4 % or speed > 12 km/h) and incline < 3 %", true, true },
		{ "cadence < 90 % of target_cadence and cadence > 95 % of target_cadence", false,
		  true },
		{ "cadence < 95 % of target_cadence and cadence > 90 % of target_cadence", true,
		  true },
		{ "cadence < 95 % of target_cadence and cadence >= 95 % of target_cadence", false,
		  true },
		{ "heart_rate > 110 % of heart_rate_max", true, true },
		{ "heart_rate > 300 % of heart_rate_max", false, true },
		{ "heart_rate <= 3 * heart_rate_max", true, false },
		{ "speed - usual_speed > 37 km/h", false, true },
		{ "speed - usual_speed > 36 km/h", true, true },
		{ "2 * speed > 81 km/h", false, true },
		{ "pain = 4 /10 and pain != 4 /10", false, true },
		{ "pain = 11 /10", false, true },
		{ "pain >= 4 /10 and pain_free", false, true },
		{ "pain_free and pain < 1 /10", true, true },
		{ "speed / usual_speed > 13", true, true },
		{ "usual_speed / speed < 0", true, true },
		{ "speed / usual_speed > 14", false, true },
		/* what the ranges do not say: metric_facts.h */
		{ "running and belt_still > 3 s", false, true },
		{ "walking and run_bout > 10 s", false, true },
		{ "running and speed < 0.5 km/h", false, true },
		{ "incline > 5 % and gentle_incline", false, true },
		{ "incline >= 5 % and gentle_incline", true, true },
		{ "form_ready and speed < 7 km/h", false, true },
		{ "form_ready and walking", false, true },
		{ "form_ready and pain >= 2 /10", false, true },
		{ "hard_effort and calm", false, true },
		{ "tiring and run_time < 10 min", false, true },
		{ "not has_baseline and dose > 0 %", false, true },
		{ "has_baseline and dose > 0 %", true, true },
		{ "run_time > 10 min and elapsed < 5 min", false, true },
		{ "run_time > 5 min and elapsed < 10 min", true, true },
		{ "speed > 12 km/h and pace > 6 min/km", false, true },
		{ "speed > 12 km/h and pace < 6 min/km", true, true },
		{ "speed < 0.5 km/h", true, true },
		/* absent is not false: no word of "always" */
		{ "not belt_moving or not belt_still > 3 s", true, true },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		bool can_be_true = possible(rows[i].text, true);
		bool can_be_false = possible(rows[i].text, false);

		if (can_be_true != rows[i].can_be_true || can_be_false != rows[i].can_be_false)
			printf("\n  %s: %d %d\n", rows[i].text, can_be_true, can_be_false);
		CU_ASSERT_EQUAL(can_be_true, rows[i].can_be_true);
		CU_ASSERT_EQUAL(can_be_false, rows[i].can_be_false);
	}
}

/* A search that would take for ever ends, and doubts nothing. */
static void test_a_long_search_ends(void)
{
	char text[EXPRESSION_TEXT_MAX] = "(running or walking)";

	for (size_t i = 0; i < 15; i++)
		strcat(text, " and (warm or novice or settled)");
	strcat(text, " and speed > 40 km/h");
	CU_ASSERT_TRUE(possible(text, true));
}

/* ---- rules ----------------------------------------------------------------- */

static void note(const struct rule *rule, const char *message, void *user)
{
	char *all = user;

	snprintf(all + strlen(all), 2000 - strlen(all), "%s %s\n", rule->id, message);
}

static void lint(const char *yaml, char doubts[2000])
{
	struct ruleset set = { 0 };
	struct ruleset_error error;

	*doubts = '\0';
	if (!ruleset_parse(&set, "r", yaml, strlen(yaml), &error)) {
		printf("\n  %s: %s\n", error.where, error.message);
		CU_FAIL_FATAL("the rules are wrong");
	}
	ruleset_lint(&set, note, doubts);
	ruleset_free(&set);
}

#define RULE(id, keys) "- {id: " id ", level: form, say: {headline: H, text: T}, " keys "}\n"

static void test_doubts(void)
{
	static const struct {
		const char *yaml, *doubt; /* "": none */
	} rows[] = {
		{ RULE("a", "when: running"), "" },
		{ RULE("a", "when: speed > 60 km/h"), "a can never speak: no values" },
		{ RULE("a", "when: speed > 60 km/h, enabled: no"), "" },
		{ RULE("a", "when: speed > 60 km/h, also: [{when: running}]"),
		  "a has a condition that can never be true: \"speed > 60 km/h\"" },
		{ RULE("a", "when: incline < 50 %"), "a is always true" },
		/* the end */
		{ RULE("a", "when: heart_rate > 160 bpm, clear: heart_rate > 150 bpm"),
		  "a ends as soon as it has spoken" },
		{ RULE("a", "when: heart_rate > 160 bpm, clear: heart_rate < 150 bpm"), "" },
		{ RULE("a", "when: heart_rate > 160 bpm, clear: heart_rate < 170 bpm"), "" },
		{ RULE("a", "when: heart_rate > 160 bpm, clear: heart_rate < 15 bpm"),
		  "a never ends" },
		/* how long something can last */
		{ RULE("a", "when: elapsed < 5 min, hold: 10 min"),
		  "a can never speak: \"hold\" asks for 600 s, and \"elapsed < 5 min\" lasts "
		  "for 300 s at most, by elapsed" },
		{ RULE("a", "when: elapsed < 5 min, hold: 300 s"), "a can never speak" },
		{ RULE("a", "when: elapsed <= 5 min, hold: 300 s"), "" },
		{ RULE("a", "when: elapsed < 5 min or running, hold: 10 min"), "" },
		{ RULE("a", "when: elapsed < 5 min or 2 min < elapsed < 8 min, hold: 9 min"),
		  "a can never speak: \"hold\" asks for 540 s, and \"elapsed < 5 min or 2 min < "
		  "elapsed < 8 min\" lasts for 480 s" },
		{ RULE("a", "when: elapsed < 5 min, hold: 9 min, also: [{when: running}]"),
		  "a has a condition that can never speak: \"hold\"" },
		{ RULE("a", "when: not elapsed >= 5 min, hold: 9 min"), "a can never speak" },
		{ RULE("a", "when: 3 s <= belt_still < 60 s, hold: 60 s"), "a can never speak" },
		{ RULE("a", "when: running and run_time < 60 s, hold: 90 s"),
		  "a can never speak" },
		{ RULE("a", "when: run_time < 60 s, hold: 90 s"), "" },
		{ RULE("a", "when: 30 s < pain_age < 60 s, hold: 40 s"), "a can never speak" },
		{ RULE("a", "when: pain_age < 60 s, hold: 90 s"), "" }, /* told again */
		{ RULE("a", "when: speed_rise_10s >= 3 km/h, hold: 129 s"), "" },
		{ RULE("a", "when: speed_rise_10s >= 3 km/h, hold: 130 s"),
		  "a can never speak: \"hold\" asks for 130 s, and \"speed_rise_10s >= 3 km/h\" "
		  "lasts for 129 s at most" },
		{ RULE("a", "when: incline_rise_30s <= -5 %, hold: 330 s"), "a can never speak" },
		{ RULE("a", "when: running, clear: run_time < 60 s and running, clear_hold: 90 s"),
		  "a never ends: \"clear_hold\" asks for 90 s" },
		/* a first time */
		{ RULE("a", "when: fired_age < 30 s"), "a can never speak: \"fired_age < 30 s\" "
		  "asks that the rule has spoken" },
		{ RULE("a", "when: fired_count > 0"), "a can never speak" },
		{ RULE("a", "when: fired_count > 0 or running"), "" },
		{ RULE("a", "when: running and held_time > 10 s"), "a can never speak" },
		/* what the prompt waits for */
		{ RULE("a", "when: running, await: walking"),
		  "a can never speak: whenever its condition is true, \"await\", \"walking\"" },
		{ RULE("a", "when: running, await: calm"), "" },
		/* what changes nothing */
		{ RULE("a", "when: running, once: session, repeat: 60 s"),
		  "a has a \"repeat\" that changes nothing" },
		{ RULE("a", "when: running, once: session, limit: 4"),
		  "a has a \"limit\" that changes nothing" },
		{ RULE("a", "when: running, limit: 1, repeat: 60 s"),
		  "a has a \"repeat\" that changes nothing" },
		{ RULE("a", "when: running, once: pain_report, repeat: 60 s, limit: 3"), "" },
		/* mutes */
		{ RULE("a", "when: incline > 4 %, mutes: [b]") RULE("b", "when: incline > 6 %"),
		  "b can never speak: whenever it is true, so is \"a\", which mutes it" },
		{ RULE("a", "when: incline > 6 %, mutes: [b]") RULE("b", "when: incline > 4 %"),
		  "" },
		{ RULE("a", "when: incline > 4 % and warm, mutes: [b]")
		  RULE("b", "when: incline > 6 %"), "" },
		{ RULE("a", "when: incline > 4 %, needs: [speed], mutes: [b]")
		  RULE("b", "when: incline > 6 %"), "" },
		{ RULE("a", "when: incline > 4 %, enabled: no, mutes: [b]")
		  RULE("b", "when: incline > 6 %"), "" },
		/* opposite aims */
		{ RULE("a", "when: cadence < 170 spm, clear: cadence >= 172 spm")
		  RULE("b", "when: cadence > 165 spm, clear: cadence <= 160 spm"),
		  "a contradicts \"b\": both can be true at once" },
		{ RULE("a", "when: cadence > 165 spm") RULE("b", "when: cadence < 170 spm"),
		  "b contradicts \"a\": both can be true at once" },
		{ RULE("a", "when: cadence < 160 spm, clear: cadence >= 162 spm")
		  RULE("b", "when: cadence > 165 spm, clear: cadence <= 163 spm"), "" },
		{ RULE("a", "when: speed < 8 km/h, clear: speed > 11 km/h")
		  RULE("b", "when: speed > 10 km/h, clear: speed < 7 km/h"),
		  "a contradicts \"b\": who follows this one raises speed" },
		{ RULE("a", "when: cadence_30s < 97 % of target_cadence")
		  RULE("b", "when: cadence_30s > 95 % of target_cadence"), "a contradicts \"b\"" },
		{ RULE("a", "when: cadence_30s < 97 % of target_cadence")
		  RULE("b", "when: cadence_30s > 105 % of target_cadence"), "" },
		{ RULE("a", "when: running and cadence < 170 spm")
		  RULE("b", "when: walking and cadence > 165 spm"), "" },
		{ RULE("a", "when: not cadence > 170 spm") RULE("b", "when: cadence > 165 spm"),
		  "a contradicts \"b\"" },
		/* a guard is no aim, and time goes one way */
		{ RULE("a", "when: cadence < 160 spm and speed < 15 km/h, clear: cadence > 162 spm")
		  RULE("b", "when: speed > 7 km/h and incline > 4 %, clear: incline < 3 %"), "" },
		{ RULE("a", "when: elapsed < 120 s") RULE("b", "when: elapsed > 30 s"), "" },
		{ RULE("a", "when: run_time >= 600 s and speed >= 5 km/h")
		  RULE("b", "when: speed < 8 km/h"), "" },
		/* one thing under two names */
		{ RULE("a", "when: pace > 7 min/km, clear: pace <= 6.5 min/km")
		  RULE("b", "when: speed > 7 km/h, clear: speed <= 6.5 km/h"),
		  "a contradicts \"b\": both can be true at once, and this one asks for more "
		  "speed" },
		{ RULE("a", "when: pace > 7 min/km") RULE("b", "when: speed > 9 km/h"), "" },
		{ RULE("a", "when: cadence < 170 spm") RULE("b", "when: cadence_30s > 160 spm"),
		  "a contradicts \"b\"" },
		{ RULE("a", "when: 4 % <= incline < 8 %") RULE("b", "when: incline > 6 %"), "" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		char yaml[1000], doubts[2000];
		bool good;

		snprintf(yaml, sizeof(yaml), "rules:\n%s", rows[i].yaml);
		lint(yaml, doubts);
		good = *rows[i].doubt
		               ? strncmp(doubts, rows[i].doubt, strlen(rows[i].doubt)) == 0 &&
		                         strchr(doubts, '\n')[1] == '\0'
		               : *doubts == '\0';
		if (!good)
			printf("\n%s  %s\n", rows[i].yaml, doubts);
		CU_ASSERT_TRUE(good);
	}
}

static void test_no_doubt_of_the_shipped_rules(void)
{
	FILE *file = fopen(SHIPPED, "r");
	char *text = calloc(1, 1 << 20), doubts[2000];

	CU_ASSERT_FATAL(file && text);
	CU_ASSERT_FATAL(fread(text, 1, (1 << 20) - 1, file) > 0);
	fclose(file);
	lint(text, doubts);
	CU_ASSERT_STRING_EQUAL(doubts, "");
	free(text);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "what is possible", test_what_is_possible },
		{ "a long search ends", test_a_long_search_ends },
		{ "doubts", test_doubts },
		{ "none of the shipped rules", test_no_doubt_of_the_shipped_rules },
		CU_TEST_INFO_NULL,
	};

	return suite_run("ruleset_lint", tests);
}
