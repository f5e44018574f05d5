/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The cadence to be expected of a runner: rules.md 2.2, 5.1 and 5.5.12.
 */
#include "daemon/core/runner.h"
#include "tests/unit/suite.h"

#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TIGHT 1e-9

static struct runner runner_of(double height_m, double spm, double kmh)
{
	struct runner runner;

	runner_init(&runner);
	runner.height_m = height_m;
	runner.baseline_spm = spm;
	runner.baseline_kmh = kmh;
	runner.sessions = 20;
	return runner;
}

/* A runner whose line at 10 km/h lies z standard deviations off C_pop */
static struct runner runner_at_z(double z)
{
	return runner_of(1.75, runner_population_spm(10, 1.75) + 9 * z, 10);
}

static void test_2_2_population_table(void)
{
	static const double speeds[] = { 7, 8, 9, 10, 11, 12, 14, 16 };
	static const struct {
		double height_m;
		double spm[COUNT(speeds)];
	} rows[] = {
		{ 1.55, { 177, 179, 181, 182, 184, 186, 189, 192 } },
		{ 1.65, { 171, 173, 175, 176, 178, 180, 183, 186 } },
		{ 1.75, { 165, 167, 169, 170, 172, 174, 177, 180 } },
		{ 1.81, { 162, 163, 165, 167, 168, 170, 173, 177 } },
		{ 1.90, { 156, 158, 160, 161, 163, 165, 168, 171 } },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t j = 0; j < COUNT(speeds); j++)
			CU_ASSERT_DOUBLE_EQUAL(
				runner_population_spm(speeds[j], rows[i].height_m),
				rows[i].spm[j], 1.0);
}

static void test_2_2_height_term_is_clipped_to_16_spm(void)
{
	double middle = runner_population_spm(10, 1.81);

	CU_ASSERT_DOUBLE_EQUAL(runner_population_spm(10, 1.40), middle + 16, TIGHT);
	CU_ASSERT_DOUBLE_EQUAL(runner_population_spm(10, 2.20), middle - 16, TIGHT);
	CU_ASSERT_DOUBLE_EQUAL(runner_population_spm(10, 2.05), middle - 14.4, 1e-6);
}

static void test_5_1_line_rises_with_speed_and_slope(void)
{
	static const struct {
		double kmh, incline, spm;
	} rows[] = {
		{ 10, 0, 162 },
		{ 12, 0, 162 + 2 * 1.67 },
		{ 8, 0, 162 - 2 * 1.67 },
		{ 10, 5, 162 * 1.03 },
		{ 10, 10, 162 * 1.06 },
		{ 10, 15, 162 * 1.06 }, /* g clipped to 0..10 */
		{ 10, -4, 162 },
		{ 12, 3, (162 + 2 * 1.67) * 1.018 },
	};
	struct runner runner = runner_of(1.75, 162, 10);

	for (size_t i = 0; i < COUNT(rows); i++) {
		CU_ASSERT_DOUBLE_EQUAL(
			runner_line_spm(&runner, rows[i].kmh, rows[i].incline),
			rows[i].spm, 1e-6);
		CU_ASSERT_DOUBLE_EQUAL(
			runner_expected_spm(&runner, rows[i].kmh, rows[i].incline),
			rows[i].spm, 1e-6);
	}
}

static void test_5_1_without_a_line_the_population_is_expected(void)
{
	struct runner runner = runner_of(1.75, NAN, NAN);

	CU_ASSERT_DOUBLE_EQUAL(runner_expected_spm(&runner, 10, 0),
	                       runner_population_spm(10, 1.75), TIGHT);
	CU_ASSERT_DOUBLE_EQUAL(runner_expected_spm(&runner, 10, 5),
	                       runner_population_spm(10, 1.75) * 1.03, TIGHT);
}

static void test_5_5_12_dose_by_z(void)
{
	static const struct {
		double z;
		bool back_pain;
		double dose;
	} rows[] = {
		{ 2, false, 0 }, { 0, false, 0 }, { -0.24, false, 0 },
		{ -0.26, false, 5 }, { -0.99, false, 5 }, { -1.01, false, 7.5 },
		{ -4, false, 7.5 },
		{ 0.51, true, 0 }, { 0.49, true, 5 }, { 0, true, 5 },
		{ -0.5, true, 5 }, { -1.01, true, 7.5 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct runner runner = runner_at_z(rows[i].z);

		runner.back_pain = rows[i].back_pain;
		CU_ASSERT_DOUBLE_EQUAL(runner_dose_pct(&runner), rows[i].dose, TIGHT);
	}
}

static void test_5_5_12_dose_grows_over_sessions(void)
{
	static const struct {
		int32_t sessions;
		double z, dose;
	} rows[] = {
		{ -1, -2, 2.5 }, { 0, -2, 2.5 }, { 3, -2, 2.5 }, { 4, -2, 5 },
		{ 6, -2, 5 }, { 7, -2, 7.5 }, { 3, -0.5, 2.5 }, { 4, -0.5, 5 },
		{ 7, -0.5, 5 }, { 0, 1, 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct runner runner = runner_at_z(rows[i].z);

		runner.sessions = rows[i].sessions;
		CU_ASSERT_DOUBLE_EQUAL(runner_dose_pct(&runner), rows[i].dose, TIGHT);
	}
}

static void test_5_5_12_dose_pct_says_what_was_reached(void)
{
	static const struct {
		double reached, z, dose;
	} rows[] = {
		{ 0, -2, 0 }, { 2.5, -2, 2.5 }, { 5, -2, 5 }, { 7.5, -2, 7.5 },
		{ 10, -2, 7.5 }, { 10, -0.5, 5 }, { 10, 1, 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct runner runner = runner_at_z(rows[i].z);

		runner.sessions = 0;
		runner.dose_pct = rows[i].reached;
		CU_ASSERT_DOUBLE_EQUAL(runner_dose_pct(&runner), rows[i].dose, TIGHT);
	}
}

static void test_5_1_target_stays_within_its_limits(void)
{
	static const double zs[] = { -4, -2, -1, -0.5, -0.25, 0, 0.4, 1, 3 };

	for (size_t i = 0; i < COUNT(zs); i++) {
		struct runner runner = runner_at_z(zs[i]);

		runner.back_pain = true;
		for (double kmh = 6; kmh < 20; kmh += 0.7) {
			double line = runner_line_spm(&runner, kmh, 4);
			double target = runner_target_spm(&runner, kmh, 4);
			double most = runner_population_spm(kmh, 1.75) * 1.024 + 4.5;

			CU_ASSERT_TRUE(target >= line - TIGHT);
			CU_ASSERT_TRUE(target <= line * 1.10 + TIGHT);
			CU_ASSERT_TRUE(target <= fmax(most, line) + TIGHT);
		}
	}
}

static void test_5_1_population_plus_4_5_caps_the_target(void)
{
	/* z = 0.4 with back pain: 5 % would be 182.5, C_pop + 4.5 is 174.77 */
	struct runner runner = runner_at_z(0.4);

	runner.back_pain = true;
	CU_ASSERT_DOUBLE_EQUAL(runner_target_spm(&runner, 10, 0),
	                       runner_population_spm(10, 1.75) + 4.5, TIGHT);
}

/* design.md 5: the runner of the header example is told to aim for 170. */
static void test_design_5_header_example_aims_for_170(void)
{
	struct runner runner = runner_of(1.75, 162, 10);

	CU_ASSERT_DOUBLE_EQUAL(runner_dose_pct(&runner), 5, TIGHT);
	CU_ASSERT_EQUAL(lround(runner_target_spm(&runner, 10, 0)), 170);
}

static void test_7_profile_missing_height(void)
{
	struct runner nobody, runner = runner_of(NAN, 162, 10);

	runner_init(&nobody);
	CU_ASSERT_TRUE(isnan(runner_population_spm(10, NAN)));
	CU_ASSERT_TRUE(isnan(runner_expected_spm(&nobody, 10, 0)));
	CU_ASSERT_TRUE(isnan(runner_target_spm(&nobody, 10, 0)));
	CU_ASSERT_TRUE(isnan(runner_dose_pct(&nobody)));
	/* the own line needs no height; how far to raise it does */
	CU_ASSERT_DOUBLE_EQUAL(runner_expected_spm(&runner, 10, 0), 162, TIGHT);
	CU_ASSERT_TRUE(isnan(runner_dose_pct(&runner)));
	CU_ASSERT_DOUBLE_EQUAL(runner_target_spm(&runner, 10, 0), 162, TIGHT);
}

static void test_7_no_speed_or_incline_is_guessed(void)
{
	struct runner runner = runner_of(1.75, 162, 10);
	struct runner tall = runner_of(1.95, NAN, NAN);

	CU_ASSERT_TRUE(isnan(runner_line_spm(&runner, NAN, 0)));
	CU_ASSERT_TRUE(isnan(runner_line_spm(&runner, 10, NAN)));
	CU_ASSERT_TRUE(isnan(runner_expected_spm(&runner, 10, NAN)));
	CU_ASSERT_TRUE(isnan(runner_target_spm(&runner, NAN, 0)));
	CU_ASSERT_TRUE(isnan(runner_target_spm(&runner, 10, NAN)));
	CU_ASSERT_TRUE(isnan(runner_expected_spm(&tall, NAN, 0)));
	CU_ASSERT_TRUE(isnan(runner_expected_spm(&tall, 10, NAN)));
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "2.2 C_pop, all 40 cells", test_2_2_population_table },
		{ "2.2 height counts up to 16 spm",
		  test_2_2_height_term_is_clipped_to_16_spm },
		{ "5.1 own line by speed and slope",
		  test_5_1_line_rises_with_speed_and_slope },
		{ "5.1 without a line C_pop",
		  test_5_1_without_a_line_the_population_is_expected },
		{ "5.5.12 dose by z", test_5_5_12_dose_by_z },
		{ "5.5.12 dose by session", test_5_5_12_dose_grows_over_sessions },
		{ "5.5.12 dose_pct", test_5_5_12_dose_pct_says_what_was_reached },
		{ "5.1 limits of the target", test_5_1_target_stays_within_its_limits },
		{ "5.1 C_pop + 4.5 caps the target",
		  test_5_1_population_plus_4_5_caps_the_target },
		{ "design 5 header example: 170",
		  test_design_5_header_example_aims_for_170 },
		{ "7 no height", test_7_profile_missing_height },
		{ "7 nothing guessed", test_7_no_speed_or_incline_is_guessed },
		CU_TEST_INFO_NULL,
	};

	return suite_run("runner", tests);
}
