/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The keys of a rule one by one, in rules of a few words: what each does in a run,
 * and what is said to who writes it wrong.
 */
#include "tests/unit/suite.h"
#include "tests/unit/track.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define SAY "  say: {headline: H, text: T}\n"
#define A "rules:\n- id: a\n  level: form\n  when: speed > 9 km/h\n"
#define B "- id: b\n  level: form\n  when: speed > 9 km/h\n"

static struct track track;

static void begin(const char *rules)
{
	struct runner nobody = track_nobody();

	track_open(&track, rules_of(rules), &nobody);
}

static void go(double kmh, unsigned seconds)
{
	track_go(&track, kmh, 0, NAN, seconds);
}

/* ---- what they do ------------------------------------------------------------ */

static void test_await_keeps_the_prompt_back(void)
{
	begin(A "  hold: 5 s\n  await: speed < 11 km/h\n" SAY);
	go(12, 30);
	go(10, 5);
	go(12, 30);
	track_said(&track, "a", "31 a; 39 expired");
}

static void test_gap_replaces_that_of_the_level(void)
{
	begin(A SAY B "  hold: 2 s\n" SAY);
	go(10, 70);
	track_said(&track, "b", "61 b; 69 expired");
	begin(A SAY B "  hold: 2 s\n  gap: 12 s\n" SAY);
	go(10, 70);
	track_said(&track, "b", "13 b; 21 expired");
	begin(A SAY B "  hold: 8 s\n  gap: 0 s\n" SAY);
	go(10, 70);
	track_said(&track, "b", "9 b; 17 expired"); /* as soon as there is room */
}

static void test_bars_for_the_session_once_it_has_spoken(void)
{
	begin("rules:\n- {id: a, level: form, when: speed > 12 km/h, bars: [b], "
	      "say: {headline: H, text: T}}\n" B "  repeat: 100 s\n" SAY);
	go(10, 150);
	go(13, 100);
	go(10, 600); /* from 601 on a budget would leave it room */
	track_said(&track, "b", "1 b; 9 expired; 101 b; 109 expired");
}

/* The words of the runner's sixth session */
static void test_words_are_taken_in_turn(void)
{
	struct runner runner = track_nobody();

	runner.sessions = 5;
	track_open(&track, rules_of(A "  args: [{name: m, value: sessions, words: [squat, "
	                              "bridge, plank]}]\n"
	                              "  say: {headline: 'Now {m}', text: 'Do a {m}.'}\n"),
	           &runner);
	go(10, 3);
	CU_ASSERT_STRING_EQUAL(track.spoken.last.headline, "Now plank");
	CU_ASSERT_STRING_EQUAL(track.spoken.last.text, "Do a plank.");
	track_close(&track);
}

static const char thrice[] =
	"rules:\n- id: a\n  level: safety\n  when: speed > 14 km/h\n"
	"  also:\n  - {when: speed > 11 km/h, text: Two}\n"
	"  - {when: speed > 9 km/h, hold: 5 s, text: Three}\n"
	"  once: condition\n" SAY;

static void test_also_has_holds_and_texts_of_its_own(void)
{
	begin(thrice);
	go(10, 5);
	CU_ASSERT_EQUAL(track.spoken.count, 0);
	go(10, 5);
	CU_ASSERT_STRING_EQUAL(track.spoken.last.text, "Three");
	go(12, 60);
	CU_ASSERT_STRING_EQUAL(track.spoken.last.text, "Two");
	go(15, 60);
	CU_ASSERT_STRING_EQUAL(track.spoken.last.text, "T");
	track_said(&track, "a", "6 a; 36 expired; 36 a; 66 expired; 71 a; 101 expired");
}

/* One that has spoken, and those behind it, are done. */
static void test_once_for_each_condition(void)
{
	begin(thrice);
	go(12, 60);
	go(10, 60);
	go(12, 60);
	go(15, 60);
	go(8, 60);
	go(15, 60);
	track_said(&track, "a", "1 a; 31 expired; 181 a; 211 expired");
}

static void test_once_a_session_is_once(void)
{
	begin(A "  once: session\n" SAY);
	go(10, 100);
	go(8, 50);
	go(10, 100);
	track_said(&track, "a", "1 a; 9 expired");
}

static void test_clear_hold_keeps_it_from_coming_and_going(void)
{
	begin(A "  clear: speed < 8 km/h\n  clear_hold: 10 s\n" SAY);
	go(10, 100);
	go(7, 9); /* too short */
	go(10, 100);
	go(7, 11);
	go(10, 20);
	track_said(&track, "a", "1 a; 9 expired; 221 a; 229 expired");
}

static void test_lock_until_acknowledged(void)
{
	begin("rules:\n- id: a\n  level: safety\n  when: speed > 12 km/h\n  lock: true\n" SAY
	      "- id: b\n  level: safety\n  when: speed > 9 km/h\n  repeat: 20 s\n" SAY);
	go(13, 90);
	track_tell(&track, SAMPLE_ACK, (int32_t)track.spoken.last.id);
	go(10, 15);
	track_said(&track, NULL, "1 a; 90 acknowledged; 91 b");
}

static void test_praise_comes_at_the_end_of_the_rule(void)
{
	begin("rules:\n- id: a\n  level: form\n  when: speed > 9 km/h\n  praise: good\n"
	      "  praise_within: 20 s\n" SAY
	      "- id: good\n  level: praise\n" SAY);
	go(10, 30);
	go(8, 30);
	track_said(&track, NULL, "1 a; 9 expired; 31 good; 37 expired");
}

static void test_an_answer_is_what_the_question_says(void)
{
	begin("rules:\n- id: a\n  level: safety\n  when: speed > 9 km/h\n  once: session\n"
	      "  ask: {min: 0, max: 10, is: morning}\n" SAY
	      "- id: b\n  level: safety\n  when: morning_pain >= 4 /10\n" SAY
	      "- id: c\n  level: safety\n  when: pain >= 4 /10\n" SAY);
	go(10, 20);
	track_tell(&track, SAMPLE_ANSWER, 4);
	go(10, 20);
	track_said(&track, NULL, "1 a; 20 acknowledged; 21 b");
}

static void test_args_read_as_the_runner_counts(void)
{
	static const char rules[] =
		A "  args:\n  - {name: v, value: 90 % of speed}\n"
		"  - {name: d, value: distance, unit: m, with_unit: true}\n"
		"  - {name: t, value: elapsed, unit: s}\n"
		"  say: {headline: 'Under {v}', text: '{d} in {t} s'}\n  hold: 20 s\n";
	struct runner runner = track_nobody();

	begin(rules);
	go(10, 22);
	CU_ASSERT_STRING_EQUAL(track.spoken.last.headline, "Under 9.0 km/h");
	CU_ASSERT_PTR_NOT_NULL(strstr(track.spoken.last.text, " m in 2"));
	CU_ASSERT_EQUAL(track.spoken.last.arg_count, 3);
	track_close(&track);
	runner.miles = true;
	track_open(&track, rules_of(rules), &runner);
	go(10, 22);
	CU_ASSERT_STRING_EQUAL(track.spoken.last.headline, "Under 5.6 mph");
	CU_ASSERT_PTR_NOT_NULL(strstr(track.spoken.last.text, " ft in 2"));
	track_close(&track);
}

/* ---- what is said of a wrong one ------------------------------------------------- */

#define BARE "rules:\n- id: a\n  level: form\n  when: running\n" SAY
#define GOOD "- {id: good, level: praise, say: {headline: H, text: T}}\n"

static const struct {
	const char *key, *where, *message; /* the key stands in line 6 */
} faults[] = {
	{ "await: speed", "r:6:10", "a condition is expected: compare it, as in speed > 12 km/h" },
	{ "await: runing", "r:6:10", "unknown metric \"runing\"; did you mean running?" },
	{ "await: speed > 3 %", "r:6:18", "write 3 km/h" },
	{ "await: pain_reported > 2 /10", "r:6:10", "use pain, or leave out \"await\"" },
	{ "await: [calm]", "r:6:10", "await: expected text, found a list" },
	{ "gap: 10", "r:6:8", "a bare number is no time: write 10 s" },
	{ "gap: 3 km", "r:6:8", "a length (km) was found, a time is expected: write 3 s" },
	{ "gap: -3 s", "r:6:8", "expected a time, as in 60 s" },
	{ "gap: 2000 min", "r:6:8", "longer than a day" },
	{ "bars: [b]", "r:6:10", "there is no rule \"b\"" },
	{ "bars: [god]", "r:6:10", "there is no rule \"god\"; did you mean good?" },
	{ "bars: good", "r:6:9", "bars: expected a list, as in [good], found a single value" },
	{ "bars: [a]", "r:6:9", "a rule cannot bar itself: write once: session" },
	{ "args: [{name: m, value: sessions, words: squat}]", "r:6:44",
	  "words: expected a list, as in [squat]" },
	{ "args: [{name: m, value: speed, words: [a, b]}]", "r:6:41",
	  "words are taken in turn by a count, and the value is a speed: use sessions" },
	{ "args: [{name: m, value: sessions, words: [a, b, c, d, e, f, g, h, i]}]", "r:6:69",
	  "words: at most 8 of them" },
	{ "args: [{name: m, value: sessions, words: []}]", "r:6:44",
	  "words: at least 1 expected, found 0" },
	{ "args: [{name: m, value: sessions, wrods: [a]}]", "r:6:37",
	  "unknown key \"wrods\"; did you mean words?" },
	{ "args: [{name: m, value: step_over, with_unit: yes}]", "r:6:49",
	  "with_unit needs a unit: write it, as in unit: cm" },
	{ "args: [{name: m, value: step_over, unit: cm, with_unit: maybe}]", "r:6:59",
	  "with_unit: expected true or false, found \"maybe\"" },
	{ "args: {name: m, value: speed}", "r:6:9",
	  "args: expected a list, each item beginning with \"- \", found a mapping" },
	{ "args: [{name: m, value: sped}]", "r:6:27", "did you mean speed?" },
	{ "once: conditon", "r:6:9", "unknown once \"conditon\"; did you mean condition?" },
	{ "once: report", "r:6:9", "expected one of session, pain_report, condition" },
	{ "clear_hold: 10", "r:6:15", "write 10 s" },
	{ "clear_hold: 10 m", "r:6:15", "a length (m) was found, a time is expected" },
	{ "clear_hold: 1.5 s", "r:6:15", "write whole seconds, 2 s" },
	{ "also: {when: walking}", "r:6:9", "also: expected a list" },
	{ "also: [{when: walkin}]", "r:6:17", "did you mean walking?" },
	{ "also: [{when: walking, holdd: 3 s}]", "r:6:26", "did you mean hold?" },
	{ "also: [{when: walking, hold: 3}]", "r:6:32", "write 3 s" },
	{ "also: [{when: walking, text: \"aim for {target}\"}]", "r:6:9",
	  "{target} is not among \"args\": add it there, or leave it out" },
	{ "also: [{when: walking, text: "
	  "\"1234567890123456789012345678901234567890123456789012345678901\"}]",
	  "r:6:9", "61 columns" },
	{ "also: [{when: red_flag, hold: 3 s}]", "r:6:9", "leave out \"hold\"" },
	{ "lock: 1", "r:6:9", "lock: expected true or false, found \"1\"" },
	{ "lock: true", "r:6:9", "only a rule of the level safety may lock the display" },
	{ "praise: a", "r:6:11", "a rule cannot praise itself" },
	{ "praise: goood", "r:6:11", "there is no rule \"goood\"; did you mean good?" },
	{ "praise: [good]", "r:6:11", "praise: expected text, found a list" },
	{ "praise_within: 10", "r:6:18", "write 10 s" },
	{ "praise_within: 10 s", "r:6:18", "\"praise_within\" is for rules with \"praise\"" },
	{ "ask: 10", "r:6:8", "ask: expected a mapping" },
	{ "ask: {min: a, max: 3}", "r:6:14", "min: expected a whole number, found \"a\"" },
	{ "ask: {min: 0, max: 10, is: pian}", "r:6:30", "did you mean pain?" },
	{ "ask: {min: 0, max: 10, si: pain}", "r:6:26", "did you mean is?" },
	{ "ask: {min: -1, max: 10, is: morning}", "r:6:23", "pain is asked for from 0 to 10" },
	{ "ack: 3", "r:6:8", "ack: expected true or false, found \"3\"" },
};

static void test_a_wrong_key_is_told_with_the_fix(void)
{
	for (size_t i = 0; i < ROWS(faults); i++) {
		struct ruleset set = { 0 };
		struct ruleset_error error;
		char text[600];
		bool good;

		snprintf(text, sizeof(text), BARE "  %s\n%s", faults[i].key, GOOD);
		good = ruleset_parse(&set, "r", text, strlen(text), &error);
		if (good || strcmp(error.where, faults[i].where) != 0 ||
		    !strstr(error.message, faults[i].message))
			printf("\n  %s\n    %s: %s\n", faults[i].key, good ? "taken" : error.where,
			       good ? "" : error.message);
		CU_ASSERT_FALSE(good);
		CU_ASSERT_STRING_EQUAL(error.where, faults[i].where);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, faults[i].message));
		ruleset_free(&set);
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "await", test_await_keeps_the_prompt_back },
		{ "gap", test_gap_replaces_that_of_the_level },
		{ "bars", test_bars_for_the_session_once_it_has_spoken },
		{ "words", test_words_are_taken_in_turn },
		{ "also", test_also_has_holds_and_texts_of_its_own },
		{ "once: condition", test_once_for_each_condition },
		{ "once: session", test_once_a_session_is_once },
		{ "clear_hold", test_clear_hold_keeps_it_from_coming_and_going },
		{ "lock", test_lock_until_acknowledged },
		{ "praise", test_praise_comes_at_the_end_of_the_rule },
		{ "ask", test_an_answer_is_what_the_question_says },
		{ "args", test_args_read_as_the_runner_counts },
		{ "faults", test_a_wrong_key_is_told_with_the_fix },
		CU_TEST_INFO_NULL,
	};

	return suite_run("rule_keys", tests);
}
