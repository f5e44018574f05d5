/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What sessions that were kept say of a runner: rules.md 5.1 and 5.5.12.
 */
#include "daemon/core/runner_history.h"
#include "tests/unit/suite.h"

#include <math.h>

#define DAY 86400
#define NOON (20000LL * DAY + DAY / 2)

static struct runner_session kept[40];
static size_t count;
static struct runner runner;

static void start(void)
{
	count = 0;
	runner_init(&runner);
}

/* A run of half an hour, so many days before now */
static struct runner_session *keep(int days_ago, double kmh, double spm)
{
	struct runner_session *s = &kept[count++];

	*s = (struct runner_session){
		.start_s = NOON - (int64_t)days_ago * DAY, .distance_m = kmh * 500,
		.run_s = 1800, .run_kmh = kmh, .cv_pct = NAN, .pain = -1,
		.morning_pain = -1,
	};
	for (int i = 0; i < 1440; i++)
		runner_bins_add(s->bins, kmh, spm);
	return s;
}

static void learn(void)
{
	runner_learn(&runner, kept, count, NOON, 0);
}

static void test_one_session_is_no_baseline(void)
{
	start();
	keep(3, 10, 162);
	learn();
	CU_ASSERT_TRUE(isnan(runner.baseline_spm));
	keep(2, 10, 164);
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner_line_spm(&runner, 10, 0), 163, 1e-9);
}

static void test_one_speed_takes_the_slope_of_the_population(void)
{
	start();
	keep(3, 10, 162);
	keep(2, 10.2, 162);
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner.baseline_slope, RUNNER_LINE_SPM_PER_KMH, 1e-9);
}

static void test_two_speeds_tell_the_own_slope(void)
{
	start();
	keep(5, 9, 160);
	keep(3, 12, 169);
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner.baseline_slope, 3, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(runner_line_spm(&runner, 9, 0), 160, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(runner_line_spm(&runner, 12, 0), 169, 1e-9);
}

/* A session with somebody else's pod in it */
static void test_an_outlier_moves_the_line_little(void)
{
	start();
	for (int i = 0; i < 6; i++)
		keep(20 - i, 9 + i * 0.6, 160 + i * 0.6 * 1.5);
	keep(2, 10.5, 190);
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner_line_spm(&runner, 10, 0), 161.5, 0.7);
	CU_ASSERT_DOUBLE_EQUAL(runner.baseline_slope, 1.5, 0.3);
}

static void test_a_short_time_at_a_speed_does_not_count(void)
{
	struct runner_session *s;

	start();
	keep(3, 10, 162);
	s = keep(2, 10, 162);
	for (int i = 0; i < 59; i++)
		runner_bins_add(s->bins, 14, 200);
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner_line_spm(&runner, 14, 0), 162 + 4 * 1.67, 1e-9);
}

static double dose_after(size_t sessions, int days_apart)
{
	start();
	for (size_t i = 0; i < sessions; i++)
		keep((int)(sessions - i) * days_apart, 10, 158);
	learn();
	return runner.dose_pct;
}

static void test_5_5_12_dose_grows_by_sessions_and_weeks(void)
{
	CU_ASSERT_TRUE(isnan(dose_after(1, 7)));
	CU_ASSERT_DOUBLE_EQUAL(dose_after(2, 7), 2.5, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(dose_after(5, 7), 2.5, 1e-9); /* the fourth with one */
	CU_ASSERT_DOUBLE_EQUAL(dose_after(6, 7), 5, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(dose_after(9, 7), 10, 1e-9); /* after the seventh */
	CU_ASSERT_DOUBLE_EQUAL(dose_after(9, 1), 5, 1e-9);  /* in its second week */
	CU_ASSERT_DOUBLE_EQUAL(dose_after(6, 1), 2.5, 1e-9);
}

static void test_usual_is_the_median_of_ten(void)
{
	start();
	keep(30, 16, 170);
	for (int i = 0; i < 10; i++)
		keep(20 - i, 8 + i * 0.2, 165);
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner.usual_kmh, 8.9, 1e-9);
}

static void test_longest_of_30_days(void)
{
	start();
	keep(31, 20, 170);
	keep(30, 12, 170);
	keep(3, 10, 170);
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner.longest_30d_m, 6000, 1e-9);
	CU_ASSERT_TRUE(isnan(runner.longest_walk_30d_m));
	start();
	keep(31, 20, 170);
	keep(2, 5, 110)->run_s = 60; /* a walk */
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner.longest_30d_m, 0, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(runner.longest_walk_30d_m, 2500, 1e-9);
	keep(1, 5.5, 110)->run_s = 61;
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner.longest_30d_m, 2750, 1e-9);
}

static void test_days_in_row(void)
{
	start();
	keep(5, 10, 170);
	keep(3, 10, 170);
	keep(2, 10, 170);
	keep(2, 10, 170); /* twice a day is a day */
	keep(1, 10, 170);
	learn();
	CU_ASSERT_EQUAL(runner.run_days_in_row, 3);
	keep(0, 10, 170); /* today does not count */
	learn();
	CU_ASSERT_EQUAL(runner.run_days_in_row, 3);
	start();
	keep(2, 10, 170);
	learn();
	CU_ASSERT_EQUAL(runner.run_days_in_row, 0);
}

static void test_pain_of_the_last_session_only(void)
{
	struct runner_session *s;

	start();
	s = keep(2, 10, 170);
	s->pain = 5;
	s->pain_s = NOON - 2 * DAY;
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner.last_pain, 5, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(runner.last_pain_age_h, 48, 1e-9);
	runner_init(&runner);
	keep(1, 10, 170);
	learn();
	CU_ASSERT_TRUE(isnan(runner.last_pain));
}

static void test_morning_before_the_last_session(void)
{
	start();
	keep(3, 10, 170)->morning_pain = 4;
	keep(1, 10, 170)->morning_pain = 2;
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner.last_morning_pain, 2, 1e-9);
	keep(0, 10, 170); /* nobody asked */
	learn();
	CU_ASSERT_TRUE(isnan(runner.last_morning_pain));
}

static void test_shoes_wear(void)
{
	struct runner_session *s;

	start();
	s = keep(3, 10, 170); /* 5 km */
	runner_wear(&runner, s);
	CU_ASSERT_TRUE(isnan(runner.shoe_km)); /* nobody said how far they had run */
	runner.shoe_km = 503;
	runner_wear(&runner, s);
	CU_ASSERT_DOUBLE_EQUAL(runner.shoe_km, 508, 1e-9);
	CU_ASSERT_TRUE(isnan(runner.shoe_told_km));
	s->told_of_shoes = true;
	runner_wear(&runner, s);
	CU_ASSERT_DOUBLE_EQUAL(runner.shoe_km, 513, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(runner.shoe_told_km, 508, 1e-9);
}

/* ---- the seconds of one session ---------------------------------------------- */

static struct point seconds[ROBUST_POINTS_MAX];
static size_t second_count;

static void run_s(unsigned s, double kmh, double spm)
{
	while (s-- > 0)
		seconds[second_count++] = (struct point){ kmh, spm };
}

static double fitted(double kmh)
{
	start();
	runner_fit_seconds(&runner, seconds, second_count);
	second_count = 0;
	return runner_line_spm(&runner, kmh, 0);
}

static void test_seconds_of_one_speed(void)
{
	run_s(360, 10, 164);
	CU_ASSERT_DOUBLE_EQUAL(fitted(12), 164 + 2 * 1.67, 1e-9);
	run_s(220, 10, 164); /* a minute and more of somebody's hops, or of noise */
	run_s(70, 10, 110);
	run_s(70, 10, 225);
	CU_ASSERT_DOUBLE_EQUAL(fitted(10), 164, 1e-9);
}

static void test_seconds_of_two_speeds(void)
{
	run_s(180, 9, 160);
	run_s(180, 12, 169);
	CU_ASSERT_DOUBLE_EQUAL(fitted(10), 163, 1e-9);
	run_s(180, 9, 160); /* a change of speed on the way is no speed of its own */
	for (int i = 0; i < 30; i++)
		run_s(1, 9 + i * 0.1, 200 - i);
	run_s(150, 12, 169);
	CU_ASSERT_DOUBLE_EQUAL(fitted(10), 163, 1e-9);
	run_s(200, 9, 160); /* nor what lasts for less than a minute */
	run_s(59, 12, 200);
	CU_ASSERT_DOUBLE_EQUAL(fitted(12), 160 + 3 * 1.67, 1e-9);
	run_s(180, 9, 175); /* a line that falls is nobody's */
	run_s(180, 12, 160);
	fitted(10);
	CU_ASSERT_DOUBLE_EQUAL(runner.baseline_slope, 0.5, 1e-9);
}

/* A point that has no other far enough away has no say. */
static void test_slope_of_points_that_lie_apart(void)
{
	static const struct point points[] = { { 0, 0 }, { 1, 100 }, { 2, 4 } };

	CU_ASSERT_DOUBLE_EQUAL(robust_slope(points, 3, 1.5), 2, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(robust_slope(points, 3, 2), 2, 1e-9);
	CU_ASSERT_TRUE(isnan(robust_slope(points, 3, 2.1)));
	CU_ASSERT_TRUE(isnan(robust_slope(points, 0, 1)));
}

static void test_medians(void)
{
	double values[51];

	CU_ASSERT_TRUE(isnan(robust_median(values, 0)));
	for (size_t n = 1; n <= 51; n++) { /* 0, 0, 1, 1, 2 ... in many an order */
		size_t lower = (n - 1) / 2 / 2, upper = n / 2 / 2, value;

		for (size_t turn = 0; n % 7 != 0 && turn < n; turn++) {
			for (size_t i = 0; i < n; i++) {
				value = (i * 7 + turn) % n / 2;
				values[i] = (double)value;
			}
			CU_ASSERT_DOUBLE_EQUAL(robust_median(values, n),
			                       (double)(lower + upper) / 2.0, 1e-9);
		}
	}
}

static void test_nonsense_is_no_second(void)
{
	struct runner_bin bins[RUNNER_BINS] = { { 0, 0, 0 } };

	runner_bins_add(bins, NAN, 160);
	runner_bins_add(bins, 4.9, 160);
	runner_bins_add(bins, 28, 160);
	runner_bins_add(bins, 10, 0);
	runner_bins_add(bins, 10, NAN);
	for (size_t i = 0; i < RUNNER_BINS; i++)
		CU_ASSERT_EQUAL(bins[i].seconds, 0);
	start();
	learn();
	CU_ASSERT_EQUAL(runner.sessions, 0);
	CU_ASSERT_TRUE(isnan(runner.longest_30d_m));
}

/* ---- at the very limits ------------------------------------------------------- */

/* A session of only so many seconds at a speed */
static void keep_seconds(int days_ago, double kmh, double spm, int lasts_s)
{
	struct runner_session *s = keep(days_ago, 0, NAN);

	for (int i = 0; i < lasts_s; i++)
		runner_bins_add(s->bins, kmh, spm);
}

static void test_300_seconds_are_a_baseline(void)
{
	start();
	keep_seconds(3, 10, 162, 299);
	keep_seconds(2, 10, 162, 299);
	learn();
	CU_ASSERT_TRUE(isnan(runner.baseline_spm));
	start();
	keep_seconds(3, 10, 162, 300);
	keep_seconds(2, 10, 162, 300);
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner_line_spm(&runner, 10, 0), 162, 1e-9);
}

static void test_60_seconds_are_a_point(void)
{
	static const struct {
		int seconds;
		double slope;
	} rows[] = { { 59, RUNNER_LINE_SPM_PER_KMH }, { 60, 3 } };

	for (size_t i = 0; i < 2; i++) {
		start();
		keep(3, 10, 162);
		keep(2, 10, 162);
		for (int second = 0; second < rows[i].seconds; second++)
			runner_bins_add(kept[1].bins, 14, 174);
		learn();
		CU_ASSERT_DOUBLE_EQUAL(runner.baseline_slope, rows[i].slope, 1e-9);
	}
}

static void test_the_slowest_speed_counts(void)
{
	start();
	keep(3, 5, 140);
	keep(2, 5, 140);
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner_line_spm(&runner, 5, 0), 140, 1e-9);
	run_s(180, 5.2, 140);
	run_s(180, 8.2, 149);
	CU_ASSERT_DOUBLE_EQUAL(fitted(6.2), 143, 1e-9);
}

/* One km/h apart two speeds tell a slope: of 4 spm per km/h at most. */
static void test_a_slope_is_of_speeds_one_kmh_apart(void)
{
	start();
	keep(3, 10, 160);
	keep(2, 10.95, 163);
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner.baseline_slope, RUNNER_LINE_SPM_PER_KMH, 1e-9);
	start();
	keep(3, 10, 160);
	keep(2, 11, 163);
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner.baseline_slope, 3, 1e-9);
	start();
	keep(3, 10, 160);
	keep(2, 11, 169);
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner.baseline_slope, 4, 1e-9);
}

/* Points that no other lies far enough from have no say, however many. */
static void test_slope_in_spite_of_lonely_points(void)
{
	static const struct point points[] = {
		{ 0.5, 7 }, { 0.6, 90 }, { 0, 0 }, { 1, 2 }, { 0.55, 4 }, { 0.45, 1 },
	};

	CU_ASSERT_DOUBLE_EQUAL(robust_slope(points, 6, 1), 2, 1e-9);
}

static void test_a_median_of_four_in_any_order(void)
{
	static const double of[] = { 1, 2, 4, 8 };

	for (size_t order = 0; order < 256; order++) {
		size_t at[4] = { order & 3, order >> 2 & 3, order >> 4 & 3, order >> 6 };
		double values[4];

		if ((1u << at[0] | 1u << at[1] | 1u << at[2] | 1u << at[3]) != 15)
			continue;
		for (size_t i = 0; i < 4; i++)
			values[i] = of[at[i]];
		CU_ASSERT_DOUBLE_EQUAL(robust_median(values, 4), 3, 1e-9);
	}
}

/* 2.5 points a week: the second step comes seven days after the first. */
static void test_5_5_12_a_week_has_seven_days(void)
{
	static const struct {
		int days;
		double dose;
	} rows[] = { { 6, 2.5 }, { 7, 5 } };

	for (size_t i = 0; i < 2; i++) {
		start();
		keep(9, 10, 158);
		keep(8, 10, 158);
		keep(rows[i].days, 10, 158);
		for (int day = 3; day > 0; day--)
			keep(day, 10, 158);
		learn();
		CU_ASSERT_DOUBLE_EQUAL(runner.dose_pct, rows[i].dose, 1e-9);
	}
}

static void test_own_evenness_is_the_median_of_those_told(void)
{
	start();
	keep(4, 10, 162);
	learn();
	CU_ASSERT_TRUE(isnan(runner.own_cv_pct));
	keep(3, 10, 162)->cv_pct = 1;
	keep(2, 10, 162)->cv_pct = 4;
	keep(1, 10, 162)->cv_pct = 1.5;
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner.own_cv_pct, 1.5, 1e-9);
}

/* At 23 h yesterday it was today two hours further east. */
static void test_a_day_is_the_runners_own(void)
{
	start();
	keep(0, 10, 170)->start_s = NOON - 13 * 3600;
	learn();
	CU_ASSERT_EQUAL(runner.run_days_in_row, 1);
	runner_learn(&runner, kept, count, NOON, 7200);
	CU_ASSERT_EQUAL(runner.run_days_in_row, 0);
}

/* A 0 that was told is a word, where none was told is none. */
static void test_no_pain_is_a_word(void)
{
	struct runner_session *s;

	start();
	s = keep(1, 10, 170);
	s->pain = s->morning_pain = 0;
	s->pain_s = NOON - DAY;
	learn();
	CU_ASSERT_DOUBLE_EQUAL(runner.last_pain, 0, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(runner.last_pain_age_h, 24, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(runner.last_morning_pain, 0, 1e-9);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "one session is no baseline", test_one_session_is_no_baseline },
		{ "one speed takes the slope of the population",
		  test_one_speed_takes_the_slope_of_the_population },
		{ "two speeds tell the own slope", test_two_speeds_tell_the_own_slope },
		{ "an outlier moves the line little", test_an_outlier_moves_the_line_little },
		{ "a short time at a speed does not count",
		  test_a_short_time_at_a_speed_does_not_count },
		{ "5.5.12 dose grows by sessions and weeks",
		  test_5_5_12_dose_grows_by_sessions_and_weeks },
		{ "usual is the median of ten", test_usual_is_the_median_of_ten },
		{ "longest of 30 days", test_longest_of_30_days },
		{ "days in row", test_days_in_row },
		{ "pain of the last session only", test_pain_of_the_last_session_only },
		{ "morning before the last session", test_morning_before_the_last_session },
		{ "shoes wear", test_shoes_wear },
		{ "seconds of one speed", test_seconds_of_one_speed },
		{ "seconds of two speeds", test_seconds_of_two_speeds },
		{ "slope of points apart", test_slope_of_points_that_lie_apart },
		{ "medians", test_medians },
		{ "nonsense is no second", test_nonsense_is_no_second },
		{ "300 seconds are a baseline", test_300_seconds_are_a_baseline },
		{ "60 seconds are a point", test_60_seconds_are_a_point },
		{ "the slowest speed counts", test_the_slowest_speed_counts },
		{ "a slope is of speeds one km/h apart",
		  test_a_slope_is_of_speeds_one_kmh_apart },
		{ "a slope in spite of lonely points", test_slope_in_spite_of_lonely_points },
		{ "a median of four in any order", test_a_median_of_four_in_any_order },
		{ "5.5.12 a week has seven days", test_5_5_12_a_week_has_seven_days },
		{ "own evenness is the median of those told",
		  test_own_evenness_is_the_median_of_those_told },
		{ "a day is the runner's own", test_a_day_is_the_runners_own },
		{ "no pain is a word", test_no_pain_is_a_word },
		CU_TEST_INFO_NULL,
	};

	return suite_run("runner_history", tests);
}
