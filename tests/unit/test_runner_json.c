/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The `# Runner:` line of a recording, gaitd(8).
 */
#include "daemon/core/runner.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct runner runner;
static char why[200];

static bool parse(const char *json)
{
	return runner_parse(json, &runner, why, sizeof(why));
}

static void test_all_keys(void)
{
	CU_ASSERT_TRUE_FATAL(parse(
		"{\"height_m\":1.75,\"weight_kg\":70,\"age\":40,\"max_hr_bpm\":181,"
		"\"back_pain\":true,\"novice\":true,\"balance\":true,\"baseline_spm\":162,"
		"\"baseline_kmh\":10.5,\"dose_pct\":2.5,\"own_cv_pct\":1.2,\"usual_kmh\":9.5,"
		"\"longest_30d_m\":8000,\"sessions\":20,\"last_pain\":3,"
		"\"last_pain_age_h\":48,\"run_days_in_row\":2,\"shoe_km\":412.5,"
		"\"lang\":\"de-AT\",\"units\":\"mi\",\"prompts\":\"safety\","
		"\"feedback\":\"faded\"}"));
	CU_ASSERT_EQUAL(runner.height_m, 1.75);
	CU_ASSERT_EQUAL(runner.weight_kg, 70);
	CU_ASSERT_EQUAL(runner.age, 40);
	CU_ASSERT_EQUAL(runner.max_hr_bpm, 181);
	CU_ASSERT_TRUE(runner.back_pain && runner.novice && runner.balance);
	CU_ASSERT_EQUAL(runner.baseline_spm, 162);
	CU_ASSERT_EQUAL(runner.baseline_kmh, 10.5);
	CU_ASSERT_EQUAL(runner.dose_pct, 2.5);
	CU_ASSERT_EQUAL(runner.own_cv_pct, 1.2);
	CU_ASSERT_EQUAL(runner.usual_kmh, 9.5);
	CU_ASSERT_EQUAL(runner.longest_30d_m, 8000);
	CU_ASSERT_EQUAL(runner.sessions, 20);
	CU_ASSERT_EQUAL(runner.last_pain, 3);
	CU_ASSERT_EQUAL(runner.last_pain_age_h, 48);
	CU_ASSERT_EQUAL(runner.run_days_in_row, 2);
	CU_ASSERT_EQUAL(runner.shoe_km, 412.5);
	CU_ASSERT_STRING_EQUAL(runner.lang, "de-AT");
	CU_ASSERT_TRUE(runner.miles);
	CU_ASSERT_EQUAL(runner.prompts, RUNNER_PROMPTS_SAFETY);
	CU_ASSERT_TRUE(runner.faded);
}

static void test_what_is_left_out_is_not_known(void)
{
	CU_ASSERT_TRUE_FATAL(parse("{}"));
	CU_ASSERT_TRUE(isnan(runner.height_m) && isnan(runner.baseline_spm));
	CU_ASSERT_EQUAL(runner.sessions, -1);
	CU_ASSERT_EQUAL(runner.prompts, RUNNER_PROMPTS_ALL);
	CU_ASSERT_FALSE(runner.miles || runner.faded || runner.back_pain);
}

static bool takes(const char *name, double number)
{
	char json[128];

	snprintf(json, sizeof(json), "{\"%s\":%.12g%s}", name, number,
	         strcmp(name, "baseline_spm") == 0   ? ",\"baseline_kmh\":10"
	         : strcmp(name, "baseline_kmh") == 0 ? ",\"baseline_spm\":160"
	                                             : "");
	return parse(json);
}

/* As gaitd(8) says: the limits themselves, and nothing beyond. */
static void test_limits_of_each_number(void)
{
	static const struct {
		const char *name;
		double low, high, step;
	} rows[] = {
		{ "height_m", 1, 2.5, 0.01 }, { "weight_kg", 20, 300, 0.1 },
		{ "age", 5, 110, 0.5 }, { "max_hr_bpm", 100, 230, 1 },
		{ "baseline_spm", 100, 230, 0.5 }, { "baseline_kmh", 3, 30, 0.1 },
		{ "baseline_slope", 0.5, 4, 0.01 }, { "dose_pct", 0, 10, 0.1 },
		{ "own_cv_pct", 0, 50, 0.1 }, { "usual_kmh", 3, 30, 0.1 },
		{ "longest_30d_m", 0, 200000, 1 }, { "longest_walk_30d_m", 0, 200000, 1 },
		{ "sessions", 0, 100000, 1 }, { "last_pain", 0, 10, 1 },
		{ "last_pain_age_h", 0, 1000000, 1 }, { "last_morning_pain", 0, 10, 1 },
		{ "run_days_in_row", 0, 10000, 1 }, { "shoe_km", 0, 10000, 0.5 },
		{ "shoe_told_km", 0, 10000, 0.5 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (!takes(rows[i].name, rows[i].low) || !takes(rows[i].name, rows[i].high) ||
		    takes(rows[i].name, rows[i].low - rows[i].step) ||
		    takes(rows[i].name, rows[i].high + rows[i].step))
			CU_FAIL(rows[i].name);
	}
}

static void test_refused(void)
{
	static const struct {
		const char *json, *says;
	} rows[] = {
		{ "", "no JSON" },
		{ "[]", "expected {" },
		{ "{\"height_m\":1.75", "no JSON" },
		{ "{\"height_m\":1.75,\"height_m\":1.8}", "no JSON: duplicate" },
		{ "{\"height_m\":\"1.75\"}", "\"height_m\": expected a number from 1 to 2.5" },
		{ "{\"height_m\":175}", "from 1 to 2.5" },
		{ "{\"height_m\":null}", "from 1 to 2.5" },
		{ "{\"sessions\":-1}", "\"sessions\": expected a whole number" },
		{ "{\"sessions\":2.5}", "\"sessions\": expected a whole number" },
		{ "{\"back_pain\":\"yes\"}", "\"back_pain\": expected true or false" },
		{ "{\"lang\":\"English\"}", "\"lang\": expected a language tag" },
		{ "{\"units\":\"miles\"}", "expected \"km\" or \"mi\"" },
		{ "{\"prompts\":\"none\"}", "expected \"all\", \"safety\" or \"off\"" },
		{ "{\"prompts\":\"feedback\"}", "expected \"all\", \"safety\" or \"off\"" },
		{ "{\"baseline_spm\":162}", "go together" },
		{ "{\"baseline_kmh\":10}", "go together" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		memset(&runner, 7, sizeof(runner));
		if (parse(rows[i].json) || !strstr(why, rows[i].says)) {
			printf("\n  %s: %s", rows[i].json, why);
			CU_FAIL("not refused as expected");
		}
		CU_ASSERT_EQUAL(((unsigned char *)&runner)[0], 7);
	}
}

/* Of a later version, or a slip: the rest counts, and the first one is named. */
static void test_unknown_keys(void)
{
	CU_ASSERT_TRUE(parse("{\"shoe_size\":42,\"heigth_m\":1.75,\"sessions\":3}"));
	CU_ASSERT_STRING_EQUAL(why, "unknown key \"shoe_size\"");
	CU_ASSERT_EQUAL(runner.sessions, 3);
	CU_ASSERT_TRUE(parse("{\"heigth_m\":1.75}"));
	CU_ASSERT_STRING_EQUAL(why, "unknown key \"heigth_m\"; did you mean height_m?");
	CU_ASSERT_FALSE(parse("{\"heigth_m\":1.75,\"age\":\"old\"}"));
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "\"age\""));
	CU_ASSERT_TRUE(parse("{\"height_m\":1.75}"));
	CU_ASSERT_STRING_EQUAL(why, "");
}

static void test_written_as_read(void)
{
	static const char *const rows[] = {
		"{}",
		"{\"height_m\":1.75,\"back_pain\":true,\"baseline_spm\":162,"
		"\"baseline_kmh\":10,\"sessions\":0,\"lang\":\"de\",\"units\":\"mi\","
		"\"prompts\":\"off\",\"feedback\":\"faded\"}",
		"{\"prompts\":\"safety\"}",
	};
	char json[1024];

	for (size_t i = 0; i < COUNT(rows); i++) {
		CU_ASSERT_TRUE(parse(rows[i]));
		CU_ASSERT_EQUAL(runner_write(&runner, json, sizeof(json)), strlen(rows[i]));
		CU_ASSERT_STRING_EQUAL(json, rows[i]);
	}
	memset(json, 'x', sizeof(json)); /* just room enough for the last one, and its end */
	CU_ASSERT_EQUAL(runner_write(&runner, json, (unsigned)strlen(rows[2]) + 1), strlen(rows[2]));
	CU_ASSERT_STRING_EQUAL(json, rows[2]);
	CU_ASSERT_EQUAL(runner_write(&runner, json, (unsigned)strlen(rows[2])), 0);
	CU_ASSERT_EQUAL(runner_write(&runner, json, 5), 0);
	CU_ASSERT_EQUAL(runner_write(&runner, json, 0), 0);
}

static void test_numbers_survive_to_the_bit(void)
{
	char json[1024];

	CU_ASSERT_TRUE(parse("{\"baseline_spm\":161.3,\"baseline_kmh\":9.7}"));
	runner.baseline_spm /= 1.0000001;
	runner.baseline_kmh = 10.0 / 3;
	CU_ASSERT_TRUE(runner_write(&runner, json, sizeof(json)) > 0);
	{
		struct runner before = runner;

		CU_ASSERT_TRUE(parse(json));
		CU_ASSERT_EQUAL(runner.baseline_spm, before.baseline_spm);
		CU_ASSERT_EQUAL(runner.baseline_kmh, before.baseline_kmh);
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "every key", test_all_keys },
		{ "what is left out is not known", test_what_is_left_out_is_not_known },
		{ "the limits of each number", test_limits_of_each_number },
		{ "refused: which key, what was expected", test_refused },
		{ "unknown keys", test_unknown_keys },
		{ "written as read", test_written_as_read },
		{ "numbers survive to the bit", test_numbers_survive_to_the_bit },
		CU_TEST_INFO_NULL,
	};

	return suite_run("runner_json", tests);
}
