/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What shows over minutes: a cadence that falls, a gear that is kept, a heart over
 * its effort, running and walking in turns, an easy end; each at its very limits.
 */
#include "daemon/core/trends.h"
#include "tests/unit/suite.h"

#include <math.h>

static struct trends trends;
static struct trends_input in;

static void start(void)
{
	trends_init(&trends);
	in = (struct trends_input){
		.gait = DISPLAY_GAIT_RUN, .counted = true, .speed_kmh = 10,
		.cadence_spm = 170, .heart_rate_bpm = NAN, .level_kmh = 10,
		.mean_run_kmh = 10, .steady_s = 600,
	};
}

static void go(unsigned seconds)
{
	for (unsigned s = 0; s < seconds; s++) {
		in.run_s += in.gait == DISPLAY_GAIT_RUN && in.counted;
		trends_tick(&trends, &in);
	}
}

static void run(unsigned seconds)
{
	in.gait = DISPLAY_GAIT_RUN;
	go(seconds);
}

static void walk(unsigned seconds)
{
	in.gait = DISPLAY_GAIT_WALK;
	go(seconds);
}

/* ---- the window ------------------------------------------------------------- */

static void test_a_window_holds_the_last_256_seconds(void)
{
	static struct window w;

	window_clear(&w);
	CU_ASSERT_TRUE(isnan(window_ago(&w, 0)));
	for (unsigned i = 0; i < WINDOW_SECONDS + 10; i++)
		window_push(&w, i);
	CU_ASSERT_EQUAL(window_ago(&w, 0), WINDOW_SECONDS + 9);
	CU_ASSERT_EQUAL(window_ago(&w, 10), WINDOW_SECONDS - 1);
	CU_ASSERT_EQUAL(window_ago(&w, WINDOW_SECONDS - 1), 10);
	CU_ASSERT_TRUE(isnan(window_ago(&w, WINDOW_SECONDS)));
	window_clear(&w);
	CU_ASSERT_TRUE(isnan(window_ago(&w, 0)));
	window_push(&w, 7);
	CU_ASSERT_EQUAL(window_ago(&w, 0), 7);
	CU_ASSERT_TRUE(isnan(window_ago(&w, 1)));
}

static void test_a_mean_is_of_what_is_known(void)
{
	static struct window w;

	window_clear(&w);
	CU_ASSERT_TRUE(isnan(window_mean(&w, 3, 0)));
	window_push(&w, 100);
	window_push(&w, 2);
	window_push(&w, NAN);
	window_push(&w, 4);
	CU_ASSERT_DOUBLE_EQUAL(window_mean(&w, 3, 2), 3, 1e-12);
	CU_ASSERT_TRUE(isnan(window_mean(&w, 3, 3)));
	CU_ASSERT_DOUBLE_EQUAL(window_mean(&w, 9, 3), 106.0 / 3, 1e-12);
	CU_ASSERT_DOUBLE_EQUAL(window_mean(&w, 1, 1), 4, 1e-12);
}

/* ---- fatigue: rules.md 5.5.16 ------------------------------------------------- */

/* Minutes 8 to 13 at a mean of 170 to which its first and its last second belong,
 * whatever was before */
static void tell_reference(void)
{
	start();
	in.cadence_spm = 150;
	run(480);
	in.cadence_spm = 140;
	run(1);
	in.cadence_spm = 170;
	run(298);
	in.cadence_spm = 200;
	run(1);
}

static void test_5_5_16_drift_is_the_fall_from_minutes_8_to_13(void)
{
	tell_reference();
	in.cadence_spm = 161.5;
	run(179);
	CU_ASSERT_DOUBLE_EQUAL(trends_drift_pct(&trends),
	                       100 * (1 - (179 * 161.5 + 200) / 180 / 170), 1e-9);
	run(1);
	CU_ASSERT_DOUBLE_EQUAL(trends_drift_pct(&trends), 5, 1e-9);
	run(500);
	CU_ASSERT_DOUBLE_EQUAL(trends_drift_pct(&trends), 5, 1e-9);
}

static void test_5_5_16_no_drift_before_minute_13(void)
{
	start();
	run(779);
	CU_ASSERT_TRUE(isnan(trends_drift_pct(&trends)));
	run(1);
	CU_ASSERT_DOUBLE_EQUAL(trends_drift_pct(&trends), 0, 1e-9);
}

static bool known_after(double kmh, double pct, double spm, unsigned seconds)
{
	in.speed_kmh = kmh;
	in.incline_pct = pct;
	in.cadence_spm = spm;
	run(seconds);
	return !isnan(trends_drift_pct(&trends));
}

static void test_5_5_16_drift_is_compared_at_one_speed_and_incline(void)
{
	static const struct {
		double kmh, pct;
		bool same;
	} rows[] = {
		{ 10.3, 0, true }, { 9.7, 0, true }, { 10.31, 0, false }, { 9.69, 0, false },
		{ 10, 0.5, true }, { 10, -0.5, true }, { 10, 0.51, false }, { 10, -0.51, false },
		{ NAN, 0, false }, { 10, NAN, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tell_reference();
		CU_ASSERT_EQUAL(known_after(rows[i].kmh, rows[i].pct, 170, 1), rows[i].same);
	}
	/* and three minutes of it, from when it is so again */
	CU_ASSERT_FALSE(known_after(10, 0, 170, 179));
	CU_ASSERT_TRUE(known_after(10, 0, 170, 1));
}

static void test_5_5_16_a_walk_or_a_second_off_the_belt_begins_it_anew(void)
{
	tell_reference();
	walk(1);
	CU_ASSERT_FALSE(known_after(10, 0, 170, 179));
	CU_ASSERT_TRUE(known_after(10, 0, 170, 1));
	in.counted = false;
	go(1);
	in.counted = true;
	CU_ASSERT_FALSE(known_after(10, 0, 170, 179));
	CU_ASSERT_TRUE(known_after(10, 0, 170, 1));
	trends_forget_minutes(&trends);
	CU_ASSERT_FALSE(known_after(10, 0, 170, 179));
	CU_ASSERT_TRUE(known_after(10, 0, 170, 1));
}

static bool known_with(unsigned unknown_before, unsigned unknown_after)
{
	start();
	run(480);
	in.cadence_spm = NAN;
	run(unknown_before);
	in.cadence_spm = 170;
	run(300 - unknown_before + 180 - unknown_after);
	return known_after(10, 0, NAN, unknown_after);
}

static void test_5_5_16_drift_needs_three_minutes_and_two_of_three(void)
{
	CU_ASSERT_TRUE(known_with(120, 0));
	CU_ASSERT_FALSE(known_with(121, 0));
	CU_ASSERT_TRUE(known_with(0, 60));
	CU_ASSERT_FALSE(known_with(0, 61));
}

/* Each second of the reference counts whole or not at all. */
static void test_5_5_16_a_second_without_speed_is_no_reference(void)
{
	start();
	run(480);
	in.cadence_spm = 100;
	in.speed_kmh = NAN;
	run(60);
	in.speed_kmh = 10;
	in.incline_pct = NAN;
	run(60);
	in.incline_pct = 0;
	in.cadence_spm = 170;
	run(180 + 180);
	CU_ASSERT_DOUBLE_EQUAL(trends_drift_pct(&trends), 0, 1e-9);
}

/* ---- one gear ------------------------------------------------------------------ */

static uint32_t gear_after(double kmh, double pct, unsigned seconds)
{
	in.speed_kmh = kmh;
	in.incline_pct = pct;
	run(seconds);
	return trends_gear_s(&trends);
}

static void test_a_gear_is_kept_within_its_first_speed_and_incline(void)
{
	start();
	CU_ASSERT_EQUAL(trends_gear_s(&trends), 0);
	CU_ASSERT_EQUAL(gear_after(10, 0, 30), 30);
	CU_ASSERT_EQUAL(gear_after(10.2, 0, 5), 35);
	CU_ASSERT_EQUAL(gear_after(9.8, 0.5, 5), 40);
	CU_ASSERT_EQUAL(gear_after(10, -0.5, 5), 45);
	CU_ASSERT_EQUAL(gear_after(10.21, 0, 1), 1);
	CU_ASSERT_EQUAL(gear_after(10.4, 0, 1), 2);
	CU_ASSERT_EQUAL(gear_after(10, 0, 1), 1);
	CU_ASSERT_EQUAL(gear_after(10, 0.51, 1), 1);
	walk(3);
	CU_ASSERT_EQUAL(trends_gear_s(&trends), 0);
	CU_ASSERT_EQUAL(gear_after(10, 0.51, 4), 4);
	in.counted = false;
	CU_ASSERT_EQUAL(gear_after(10, 0.51, 4), 0);
	in.counted = true;
	CU_ASSERT_EQUAL(gear_after(10, 0.51, 4), 4);
	trends_forget_minutes(&trends);
	CU_ASSERT_EQUAL(trends_gear_s(&trends), 0);
}

/* ---- heart rate over effort ------------------------------------------------------ */

static void beat(double level_kmh, double bpm, unsigned seconds)
{
	in.level_kmh = level_kmh;
	in.heart_rate_bpm = bpm;
	go(seconds);
}

#define EXPECT_BPM(kmh, bpm) \
	CU_ASSERT_DOUBLE_EQUAL(trends_expected_bpm(&trends, kmh), bpm, 1e-6)
#define EXPECT_NONE(kmh) CU_ASSERT_TRUE(isnan(trends_expected_bpm(&trends, kmh)))

static void test_a_heart_is_known_after_a_minute(void)
{
	start();
	beat(10, 150, 59);
	EXPECT_NONE(10);
	beat(10, 150, 1);
	EXPECT_BPM(10, 150);
	EXPECT_BPM(14, 150);
	EXPECT_NONE(9.99);
	EXPECT_NONE(NAN);
}

static void test_a_heart_is_a_line_through_what_was_seen(void)
{
	start();
	beat(10, 150, 60);
	beat(8, 130, 60);
	beat(9, 140, 60);
	EXPECT_BPM(8, 130);
	EXPECT_BPM(9.5, 145);
	EXPECT_BPM(12, 170);
	EXPECT_BPM(13, 170); /* a fifth above the quickest, and no further */
	EXPECT_NONE(7.99);
	beat(12, 170, 60);
	EXPECT_BPM(14.4, 194);
	EXPECT_BPM(20, 194);
}

static void test_a_heart_does_not_fall_and_rises_by_15_at_most(void)
{
	start();
	beat(8, 130, 60);
	beat(10, 170, 60);
	EXPECT_BPM(10, 150 + 15);
	start();
	beat(8, 150, 60);
	beat(10, 140, 60);
	EXPECT_BPM(10, 145);
}

static void test_speeds_that_hardly_differ_are_no_slope(void)
{
	start();
	beat(9, 130, 60);
	beat(9.96, 140, 60);
	EXPECT_BPM(9.96, 135);
	start();
	beat(9, 130, 60);
	beat(10.02, 140, 60);
	EXPECT_BPM(10.02, 140);
}

static bool learns(void)
{
	beat(in.level_kmh, in.heart_rate_bpm, 60);
	return !isnan(trends_expected_bpm(&trends, 10));
}

static void with_a_heart(void)
{
	start();
	in.heart_rate_bpm = 150;
}

static void test_a_heart_is_learnt_from_steady_minutes_with_free_hands(void)
{
	with_a_heart();
	in.steady_s = 120;
	CU_ASSERT_TRUE(learns());
	with_a_heart();
	in.steady_s = 119;
	CU_ASSERT_FALSE(learns());
	with_a_heart();
	in.incline_pct = 3.9;
	CU_ASSERT_TRUE(learns());
	with_a_heart();
	in.incline_pct = 4;
	CU_ASSERT_FALSE(learns());
	with_a_heart();
	in.incline_pct = NAN;
	CU_ASSERT_FALSE(learns());
	with_a_heart();
	in.gait = DISPLAY_GAIT_WALK;
	CU_ASSERT_TRUE(learns());
	with_a_heart();
	in.gait = DISPLAY_GAIT_UNKNOWN;
	CU_ASSERT_FALSE(learns());
	with_a_heart();
	in.counted = false;
	CU_ASSERT_FALSE(learns());
	with_a_heart();
	in.level_kmh = NAN;
	CU_ASSERT_FALSE(learns());
	with_a_heart();
	in.heart_rate_bpm = NAN;
	CU_ASSERT_FALSE(learns());
}

/* ---- run-walk ---------------------------------------------------------------------- */

static bool turned_after(unsigned run_s, unsigned walk_s)
{
	start();
	run(run_s);
	walk(walk_s);
	return trends_run_walk(&trends);
}

static void test_a_run_that_a_walk_follows_is_a_turn(void)
{
	CU_ASSERT_TRUE(turned_after(20, 20));
	CU_ASSERT_FALSE(turned_after(19, 20));
	CU_ASSERT_FALSE(turned_after(20, 19));
	CU_ASSERT_TRUE(turned_after(600, 20));
	CU_ASSERT_FALSE(turned_after(601, 20));
	CU_ASSERT_FALSE(turned_after(0, 100));
	CU_ASSERT_FALSE(turned_after(100, 0));
}

static void test_short_runs_do_not_add_up(void)
{
	start();
	run(15);
	walk(5);
	run(15);
	walk(100);
	CU_ASSERT_FALSE(trends_run_walk(&trends));
	start();
	run(30);
	walk(10);
	run(5);
	walk(10);
	CU_ASSERT_FALSE(trends_run_walk(&trends));
}

static void test_a_long_run_ends_the_turns(void)
{
	start();
	run(60);
	walk(60);
	run(600);
	CU_ASSERT_TRUE(trends_run_walk(&trends));
	run(1);
	CU_ASSERT_FALSE(trends_run_walk(&trends));
	walk(60);
	CU_ASSERT_FALSE(trends_run_walk(&trends));
	run(60);
	walk(60);
	CU_ASSERT_TRUE(trends_run_walk(&trends));
}

static void test_turns_are_of_seconds_that_count(void)
{
	start();
	in.counted = false;
	run(60);
	in.counted = true;
	walk(60);
	CU_ASSERT_FALSE(trends_run_walk(&trends));
	run(60);
	in.counted = false;
	walk(60);
	CU_ASSERT_FALSE(trends_run_walk(&trends));
}

/* ---- an easy end --------------------------------------------------------------------- */

static uint32_t easy_of(double kmh, unsigned seconds)
{
	in.speed_kmh = kmh;
	go(seconds);
	return trends_easy_s(&trends);
}

static void test_easy_is_seven_tenths_of_the_mean(void)
{
	start();
	CU_ASSERT_EQUAL(trends_easy_s(&trends), 0);
	CU_ASSERT_EQUAL(easy_of(10, 10), 0);
	CU_ASSERT_EQUAL(easy_of(7.01, 10), 0);
	CU_ASSERT_EQUAL(easy_of(7, 100), 100);
	in.counted = false;
	CU_ASSERT_EQUAL(easy_of(5, 50), 100);
	in.counted = true;
	CU_ASSERT_EQUAL(easy_of(5, 100), 180);
	CU_ASSERT_EQUAL(easy_of(10, 30), 150);
	trends_forget_minutes(&trends);
	CU_ASSERT_EQUAL(trends_easy_s(&trends), 0);
}

static void test_the_walks_of_run_walk_are_easy(void)
{
	start();
	in.mean_run_kmh = 7;
	in.speed_kmh = 6;
	walk(30);
	CU_ASSERT_EQUAL(trends_easy_s(&trends), 0);
	in.intervals = true;
	run(30);
	CU_ASSERT_EQUAL(trends_easy_s(&trends), 0);
	walk(10);
	CU_ASSERT_EQUAL(trends_easy_s(&trends), 10);
	in.intervals = false;
	walk(9);
	CU_ASSERT_EQUAL(trends_easy_s(&trends), 10);
	walk(5); /* the pattern shows in the 20th second */
	CU_ASSERT_EQUAL(trends_easy_s(&trends), 15);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "a window holds the last 256 seconds", test_a_window_holds_the_last_256_seconds },
		{ "a mean is of what is known", test_a_mean_is_of_what_is_known },
		{ "5.5.16 drift is the fall from minutes 8 to 13",
		  test_5_5_16_drift_is_the_fall_from_minutes_8_to_13 },
		{ "5.5.16 no drift before minute 13", test_5_5_16_no_drift_before_minute_13 },
		{ "5.5.16 drift is compared at one speed and incline",
		  test_5_5_16_drift_is_compared_at_one_speed_and_incline },
		{ "5.5.16 a walk or a second off the belt begins it anew",
		  test_5_5_16_a_walk_or_a_second_off_the_belt_begins_it_anew },
		{ "5.5.16 drift needs three minutes, and two of three",
		  test_5_5_16_drift_needs_three_minutes_and_two_of_three },
		{ "5.5.16 a second without speed is no reference",
		  test_5_5_16_a_second_without_speed_is_no_reference },
		{ "a gear is kept within its first speed and incline",
		  test_a_gear_is_kept_within_its_first_speed_and_incline },
		{ "a heart is known after a minute", test_a_heart_is_known_after_a_minute },
		{ "a heart is a line through what was seen",
		  test_a_heart_is_a_line_through_what_was_seen },
		{ "a heart does not fall, and rises by 15 at most",
		  test_a_heart_does_not_fall_and_rises_by_15_at_most },
		{ "speeds that hardly differ are no slope",
		  test_speeds_that_hardly_differ_are_no_slope },
		{ "a heart is learnt from steady minutes with free hands",
		  test_a_heart_is_learnt_from_steady_minutes_with_free_hands },
		{ "a run that a walk follows is a turn", test_a_run_that_a_walk_follows_is_a_turn },
		{ "short runs do not add up", test_short_runs_do_not_add_up },
		{ "a long run ends the turns", test_a_long_run_ends_the_turns },
		{ "turns are of seconds that count", test_turns_are_of_seconds_that_count },
		{ "easy is seven tenths of the mean", test_easy_is_seven_tenths_of_the_mean },
		{ "the walks of run-walk are easy", test_the_walks_of_run_walk_are_easy },
		CU_TEST_INFO_NULL,
	};

	return suite_run("trends", tests);
}
