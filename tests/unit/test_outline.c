/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/outline.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <string.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* All parts, a line each, indented by their depth */
static void words_of(const char *text, char out[4000])
{
	struct outline outline;
	char words[OUTLINE_WORDS_MAX];

	*out = '\0';
	CU_ASSERT_TRUE_FATAL(outline_of(text, &outline));
	for (size_t i = 0; i < outline.count; i++) {
		outline_words(text, &outline.parts[i], words);
		snprintf(out + strlen(out), 4000 - strlen(out), "%*s%s\n",
		         outline.parts[i].depth, "", words);
	}
}

static void test_words(void)
{
	static const struct {
		const char *text, *words;
	} rows[] = {
		{ "running", "running\n" },
		{ "not running", "not running\n" },
		{ "( ( running ) )", "running\n" },
		{ "heart_rate > 90 % of heart_rate_max",
		  "heart rate is above 90 % of heart rate max\n" },
		{ "speed>=12km/h", "speed is at least 12 km/h\n" },
		{ "12 km/h <= speed", "speed is at least 12 km/h\n" },
		{ "4 % <= incline < 8 %", "incline is at least 4 % and below 8 %\n" },
		{ "8 % > incline > usual_speed * 0", "incline is below 8 % and above usual speed times 0\n" },
		{ "speed < usual_speed < 12 km/h",
		  "speed is below usual speed, which is below 12 km/h\n" },
		{ "pain = 4/10", "pain is exactly 4 /10\n" },
		{ "pain != 4 /10", "pain is not 4 /10\n" },
		{ "incline <= -3 %", "incline is at most -3 %\n" },
		{ "speed > 50 % of (usual_speed + 2 km/h)",
		  "speed is above 50 % of (usual speed plus 2 km/h)\n" },
		{ "speed - usual_speed > -(1 km/h - speed)",
		  "speed less usual speed is above -(1 km/h less speed)\n" },
		{ "speed / height > 3", "speed divided by height is above 3\n" },
		{ "running and incline > 4 %", "all of these:\n running\n incline is above 4 %\n" },
		{ "running or walking", "any of these:\n running\n walking\n" },
		{ "running and (walking or not (warm and settled))",
		  "all of these:\n running\n any of these:\n  walking\n  not this:\n"
		  "   all of these:\n    warm\n    settled\n" },
		{ "not speed > 3 km/h", "not this:\n speed is above 3 km/h\n" },
		{ "(running or walking) and (warm)",
		  "all of these:\n any of these:\n  running\n  walking\n warm\n" },
		{ "(speed + 1 km/h) > 3 km/h", "(speed plus 1 km/h) is above 3 km/h\n" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		char words[4000];

		words_of(rows[i].text, words);
		if (strcmp(words, rows[i].words) != 0)
			printf("\n  %s\n%s", rows[i].text, words);
		CU_ASSERT_STRING_EQUAL(words, rows[i].words);
	}
}

/* Each part is the text of a condition by itself. */
static void test_parts_compile(void)
{
	static const char text[] = "running and (not (warm or speed > 3 km/h) or pain_free)";
	struct outline outline;

	CU_ASSERT_TRUE_FATAL(outline_of(text, &outline));
	CU_ASSERT_EQUAL(outline.count, 8);
	for (size_t i = 0; i < outline.count; i++) {
		struct expression e = { 0 };
		struct expression_error error;
		char piece[100];

		snprintf(piece, sizeof(piece), "%.*s", (int)outline.parts[i].length,
		         text + outline.parts[i].offset);
		CU_ASSERT_TRUE(expression_compile_condition(piece, &e, &error));
		expression_free(&e);
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "words", test_words },
		{ "parts compile", test_parts_compile },
		CU_TEST_INFO_NULL,
	};

	return suite_run("outline", tests);
}
