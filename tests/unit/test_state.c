/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Samples folded into a present with ages, and the metrics made of it:
 * rules.md 5.1, 5.5 and 7.
 */
#include "tests/unit/state_bench.h"
#include "tests/unit/suite.h"

#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TIGHT 1e-9

/* design.md 5's header example */
static struct runner known_runner(void)
{
	struct runner runner;

	runner_init(&runner);
	runner.height_m = 1.75;
	runner.baseline_spm = 162;
	runner.baseline_kmh = 10;
	runner.usual_kmh = 10;
	runner.sessions = 20;
	return runner;
}

/* ---- ages ----------------------------------------------------------------- */

static void test_7_speed_and_incline_are_absent_after_3_s(void)
{
	start();
	CU_ASSERT_TRUE(ABSENT(speed));
	CU_ASSERT_TRUE(ABSENT(incline));
	feed(SAMPLE_SPEED, 1000);
	feed(SAMPLE_INCLINE, 25);
	state.now_us += 3 * SECOND;
	CHECK(speed, 10);
	CHECK(incline, 2.5);
	CHECK(level_speed, 10 * (1 + 4.5 * 2.5 / 100));
	state.now_us += 1;
	CU_ASSERT_TRUE(ABSENT(speed));
	CU_ASSERT_TRUE(ABSENT(incline));
	CU_ASSERT_TRUE(ABSENT(level_speed));
	CHECK(belt_moving, 1); /* when last heard */
}

static void test_7_speed_ages_though_the_machine_speaks(void)
{
	start();
	feed(SAMPLE_SPEED, 1000);
	state.now_us += 2 * SECOND;
	feed(SAMPLE_BELT_ALIVE, 0);
	state.now_us += 2 * SECOND;
	CU_ASSERT_TRUE(state_treadmill_fresh(&state));
	CU_ASSERT_TRUE(ABSENT(speed));
	CHECK(treadmill_gap, 2);
}

static void test_7_heart_rate_is_absent_after_10_s(void)
{
	start();
	feed(SAMPLE_HEART_RATE, 150);
	CU_ASSERT_TRUE(ABSENT(treadmill_gap)); /* a strap is no machine */
	state.now_us += 10 * SECOND;
	CHECK(heart_rate, 150);
	state.now_us += 1;
	CU_ASSERT_TRUE(ABSENT(heart_rate));
}

static void test_design_5_max_heart_rate_is_told_or_by_age(void)
{
	struct runner runner;

	runner_init(&runner);
	start_as(&runner);
	CU_ASSERT_TRUE(ABSENT(heart_rate_max));
	runner.age = 40;
	start_as(&runner);
	CHECK(heart_rate_max, 180);
	runner.max_hr_bpm = 191;
	start_as(&runner);
	CHECK(heart_rate_max, 191);
}

/* ---- links ---------------------------------------------------------------- */

static void test_7_treadmill_stale_after_3_s_lost_after_10_s(void)
{
	start();
	CU_ASSERT_EQUAL(state.link.treadmill, DISPLAY_LINK_OFF);
	state.now_us += SECOND / 2;
	feed(SAMPLE_SPEED, 0); /* a first frame implies live */
	CU_ASSERT_EQUAL(state.link.treadmill, DISPLAY_LINK_LIVE);
	pass(3); /* 2.5 s */
	CU_ASSERT_EQUAL(state.link.treadmill, DISPLAY_LINK_LIVE);
	pass(1);
	CU_ASSERT_EQUAL(state.link.treadmill, DISPLAY_LINK_STALE);
	pass(6); /* 9.5 s */
	CU_ASSERT_EQUAL(state.link.treadmill, DISPLAY_LINK_STALE);
	pass(1);
	CU_ASSERT_EQUAL(state.link.treadmill, DISPLAY_LINK_LOST);
	feed(SAMPLE_BELT_ALIVE, 0);
	CU_ASSERT_EQUAL(state.link.treadmill, DISPLAY_LINK_LIVE);
}

static void test_7_footpod_stale_after_5_s_lost_after_15_s(void)
{
	start();
	state.now_us += SECOND / 2;
	feed(SAMPLE_POD_SPEED, 2000);
	pass(5);
	CU_ASSERT_EQUAL(state.link.footpod, DISPLAY_LINK_LIVE);
	pass(1);
	CU_ASSERT_EQUAL(state.link.footpod, DISPLAY_LINK_STALE);
	pass(9);
	CU_ASSERT_EQUAL(state.link.footpod, DISPLAY_LINK_STALE);
	pass(1);
	CU_ASSERT_EQUAL(state.link.footpod, DISPLAY_LINK_LOST);
}

static void test_links_are_what_the_transport_says(void)
{
	start();
	feed(SAMPLE_TREADMILL_LINK, DISPLAY_LINK_SEARCHING);
	pass(60);
	CU_ASSERT_EQUAL(state.link.treadmill, DISPLAY_LINK_SEARCHING);
	CU_ASSERT_EQUAL(state.link.footpod, DISPLAY_LINK_OFF);
	feed(SAMPLE_SPEED, 0);
	feed(SAMPLE_TREADMILL_LINK, DISPLAY_LINK_LOST);
	CU_ASSERT_EQUAL(state.link.treadmill, DISPLAY_LINK_LOST);
	feed(SAMPLE_FOOTPOD_LINK, DISPLAY_LINK_SEARCHING);
	CU_ASSERT_EQUAL(state.link.footpod, DISPLAY_LINK_SEARCHING);
}

/* Connected again, and nothing sent yet: it has its 3 s. */
static void test_7_a_link_that_returns_is_not_lost_at_once(void)
{
	start();
	feed(SAMPLE_SPEED, 0);
	pass(40);
	feed(SAMPLE_TREADMILL_LINK, DISPLAY_LINK_LIVE);
	pass(3);
	CU_ASSERT_EQUAL(state.link.treadmill, DISPLAY_LINK_LIVE);
	pass(1);
	CU_ASSERT_EQUAL(state.link.treadmill, DISPLAY_LINK_STALE);
	pass(7);
	CU_ASSERT_EQUAL(state.link.treadmill, DISPLAY_LINK_LOST);
}

/* ---- incline -------------------------------------------------------------- */

static void test_7_incline_missing(void)
{
	static const struct {
		const char *what;
		int support; /* -1: the machine did not say */
		bool sent, absent;
	} rows[] = {
		{ "no line, never sent", -1, false, false },
		{ "no incline bit, never sent", 0, false, false },
		{ "incline bit, never sent", 1, false, true },
		{ "sent once, then gone", -1, true, true },
		{ "incline bit, sent once, then gone", 1, true, true },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		if (rows[i].support >= 0)
			feed(SAMPLE_INCLINE_SUPPORT, rows[i].support);
		if (rows[i].sent)
			feed(SAMPLE_INCLINE, 20);
		go(8, NAN, NAN, 4);
		if (ABSENT(incline) != rows[i].absent)
			CU_FAIL(rows[i].what);
		if (!rows[i].absent)
			CHECK(incline, 0);
	}
}

static void test_7_incline_fixed_by_the_configuration(void)
{
	start();
	state.fixed_incline = true;
	state.fixed_incline_pct = 1.5;
	feed(SAMPLE_INCLINE_SUPPORT, 1);
	CU_ASSERT_TRUE(ABSENT(speed));
	go(8, 6, NAN, 2);
	CHECK(incline, 1.5);
	pass(4);
	CU_ASSERT_TRUE(ABSENT(incline));
}

static void test_7_cadence_rules_go_on_60_s_after_incline_0(void)
{
	struct runner runner = known_runner();

	start_as(&runner);
	go(10, 0, 162, 400);
	CHECK(form_ready, 1);
	go(10, NAN, 162, 59);
	CU_ASSERT_TRUE(ABSENT(incline));
	CHECK(form_ready, 1);
	CHECK(gentle_incline, 1);
	CHECK(target_cadence, 162 * 1.05);
	go(10, NAN, 162, 2);
	CHECK(form_ready, 0);
	CHECK(gentle_incline, 0);
	CU_ASSERT_TRUE(ABSENT(target_cadence));
	CU_ASSERT_TRUE(ABSENT(expected_cadence));
}

static void test_7_incline_gone_from_a_slope_stops_them_at_once(void)
{
	struct runner runner = known_runner();

	start_as(&runner);
	go(10, 2, 166, 400);
	CHECK(form_ready, 1);
	go(10, NAN, 166, 4);
	CHECK(form_ready, 0);
}

/* ---- settled -------------------------------------------------------------- */

static void settle(double kmh, double incline)
{
	start();
	go(kmh, incline, NAN, 60);
	CHECK(settled, 1);
}

static void test_5_5_1_settled_30_quiet_seconds_after_the_start(void)
{
	start();
	go(8, 0, NAN, 10);
	CHECK(speed_steady, 0); /* what it was 10 s ago is not known */
	go(8, 0, NAN, 29);
	CHECK(settled, 0);
	go(8, 0, NAN, 1);
	CHECK(speed_steady, 30);
	CHECK(settled, 1);
}

static void test_5_5_1_a_step_of_half_a_kmh_unsettles_for_39_s(void)
{
	static const double steps[] = { 0.5, -0.5, 3, -3 };

	for (size_t i = 0; i < COUNT(steps); i++) {
		settle(9, 0);
		go(9 + steps[i], 0, NAN, 1);
		CHECK(settled, 0);
		go(9 + steps[i], 0, NAN, 38);
		CHECK(settled, 0);
		go(9 + steps[i], 0, NAN, 1);
		CHECK(settled, 1);
	}
}

static void test_5_5_1_smaller_steps_do_not(void)
{
	settle(8.3, 0);
	go(8.79, 0, NAN, 1);
	CHECK(settled, 1);
	settle(8, 1);
	go(8, 1.9, NAN, 1);
	CHECK(settled, 1);
}

static void test_5_5_1_a_step_of_1_percent_unsettles_for_39_s(void)
{
	static const double steps[] = { 1, -1, 6 };

	for (size_t i = 0; i < COUNT(steps); i++) {
		settle(9, 2);
		go(9, 2 + steps[i], NAN, 39);
		CHECK(settled, 0);
		go(9, 2 + steps[i], NAN, 1);
		CHECK(settled, 1);
	}
}

/* 0.2 km/h each 10 s is quiet by the 10 s test and 0.6 in 30 s. */
static void test_5_5_1_a_slow_ramp_unsettles_by_the_30_s_test(void)
{
	settle(10, 0);
	go(9.8, 0, NAN, 10);
	go(9.6, 0, NAN, 10);
	CHECK(settled, 1);
	go(9.4, 0, NAN, 5);
	CHECK(speed_steady, 75);
	CHECK(settled, 0);
}

static void test_5_5_1_a_drop_out_unsettles(void)
{
	settle(9, 0);
	pass(5);
	CHECK(settled, 0);
	go(9, 0, NAN, 30);
	CHECK(settled, 0);
	go(9, 0, NAN, 11);
	CHECK(settled, 1);
}

static void test_5_3_intervals_settle_120_s_of_each_bout(void)
{
	start();
	feed(SAMPLE_INTERVALS, 1);
	go(10, 0, 160, 119);
	CHECK(settled, 0);
	go(10, 0, 160, 1);
	CHECK(settled, 1);
}

static void test_7_skipped_time_is_no_last_minute(void)
{
	settle(9, 0);
	state_forget_minutes(&state);
	go(9, 0, NAN, 1);
	CHECK(settled, 0);
	CU_ASSERT_TRUE(ABSENT(speed_10s_ago));
	CU_ASSERT_TRUE(ABSENT(incline_rise_30s));
	CU_ASSERT_TRUE(ABSENT(ran_10s_ago));
}

static void test_changes_of_the_last_seconds(void)
{
	start();
	go(8, 1, NAN, 31);
	go(9.5, 4, NAN, 10);
	CHECK(speed_10s_ago, 8);
	CHECK(speed_rise_10s, 1.5);
	CHECK(incline_rise_30s, 3);
	go(9.5, 4, NAN, 1);
	CHECK(speed_rise_10s, 0);
	go(9.5, 4, NAN, 19);
	CHECK(incline_rise_30s, 3);
	go(9.5, 4, NAN, 1);
	CHECK(incline_rise_30s, 0);
}

/* ---- form gates ----------------------------------------------------------- */

struct gate {
	const char *what;
	void (*close)(void);
};

static void walk_instead(void) { go(7.5, 0, 128, 60); }
static void run_slowly(void) { go(6.9, 0, 150, 60); }
static void change_speed(void) { go(10.5, 0, 162, 20); }
static void change_slope(void) { go(10, 1, 162, 20); }
static void lose_the_pod(void) { go(10, 0, NAN, 6); }
static void cool_down(void) { go(7.7, 0, 158, 60); }
static void hurry(void) { go(11.5, 0, 165, 60); }
static void climb(void) { go(10, 3.4, 165, 60); }
static void report_pain(void) { feed(SAMPLE_PAIN, 1); }
static void press_red_flag(void) { feed(SAMPLE_RED_FLAG, 0); }
static void stop_the_belt(void) { go(0, 0, 162, 1); }
static void lose_the_belt(void) { go(NAN, NAN, 162, 4); }

static void end_as_planned(void)
{
	feed(SAMPLE_END, 10);
	go(10, 0, 162, 11);
}

static void raise_the_heart(void)
{
	state.runner.max_hr_bpm = 190;
	feed(SAMPLE_HEART_RATE, 171);
}

static void be_in_warm_up(void)
{
	state.runner.back_pain = true; /* 480 s */
}

static void leave_the_window(void)
{
	state.runner.sessions = 30;
	state.runner.faded = true;
	go(10, 0, 162, 120);
}

static void close_nothing(void)
{
	go(10.4, 0.9, 165, 60);
	feed(SAMPLE_PAIN, 0); /* no pain is no reason for silence */
	state.runner.max_hr_bpm = 190;
	feed(SAMPLE_HEART_RATE, 170);
}

static void open_gates(void)
{
	struct runner runner = known_runner();

	start_as(&runner);
	go(10, 0, 162, 380);
	CHECK(form_ready, 1);
}

static void test_5_1_each_form_gate_alone_closes(void)
{
	static const struct gate gates[] = {
		{ "RUN", walk_instead },
		{ "v >= 7", run_slowly },
		{ "settled: speed", change_speed },
		{ "settled: slope", change_slope },
		{ "good cadence", lose_the_pod },
		{ "not cool-down", cool_down },
		{ "not hard effort: v", hurry },
		{ "not hard effort: v_eq", climb },
		{ "not hard effort: HR", raise_the_heart },
		{ "no pain report", report_pain },
		{ "no red flag", press_red_flag },
		{ "session running", stop_the_belt },
		{ "session not ended", end_as_planned },
		{ "treadmill data", lose_the_belt },
		{ "after warm", be_in_warm_up },
		{ "feedback window", leave_the_window },
	};

	for (size_t i = 0; i < COUNT(gates); i++) {
		open_gates();
		gates[i].close();
		if (VALUE(form_ready) != 0)
			CU_FAIL(gates[i].what);
	}
	open_gates();
	close_nothing();
	CHECK(form_ready, 1);
}

static void test_5_1_warm_is_over_after_300_s_with_back_pain_480(void)
{
	struct runner runner = known_runner();

	for (unsigned seconds = 300; seconds <= 480; seconds += 180) {
		runner.back_pain = seconds == 480;
		start_as(&runner);
		go(10, 0, 162, seconds - 1);
		CHECK(warm, 0);
		CHECK(form_ready, 0);
		go(10, 0, 162, 1);
		CHECK(warm, 1);
		CHECK(form_ready, 1);
	}
}

static void test_5_5_13_hard_effort_by_speed_needs_history(void)
{
	struct runner runner = known_runner();

	runner.usual_kmh = NAN;
	runner.sessions = 0;
	start_as(&runner);
	go(14, 0, 169, 400);
	CHECK(usual_speed, 9);
	CHECK(has_history, 0);
	CHECK(form_ready, 1);
	state.runner.sessions = 1;
	CHECK(has_history, 1);
	CHECK(form_ready, 0);
	state.runner.usual_kmh = 13;
	CHECK(form_ready, 1);
}

static void test_7_hard_effort_with_incline_gone(void)
{
	struct runner runner = known_runner();

	start_as(&runner);
	go(11.5, 0, 165, 400);
	CHECK(form_ready, 0);
	go(11.5, NAN, 165, 20);
	CU_ASSERT_TRUE(ABSENT(level_speed));
	CHECK(form_ready, 0);
}

static void test_5_5_10_faded_feedback_windows(void)
{
	static const struct {
		int32_t sessions;
		unsigned on_s; /* of each 600 s */
	} rows[] = {
		{ -1, 600 }, { 0, 600 }, { 3, 600 }, { 4, 450 }, { 5, 300 },
		{ 6, 200 }, { 7, 90 }, { 8, 120 }, { 40, 120 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned on = 0;

		start();
		state.runner.sessions = rows[i].sessions;
		state.runner.faded = true;
		for (unsigned s = 360; s < 960; s++) {
			state.session.elapsed_s = s;
			on += state_feedback_on(&state);
			CU_ASSERT_EQUAL(state_feedback_on(&state),
			                s - 360 < rows[i].on_s);
		}
		CU_ASSERT_EQUAL(on, rows[i].on_s);
		state.session.elapsed_s = 359;
		CU_ASSERT_EQUAL(state_feedback_on(&state), rows[i].on_s == 600);
		state.runner.faded = false;
		CU_ASSERT_TRUE(state_feedback_on(&state));
	}
}

/* ---- distance ------------------------------------------------------------- */

static void test_distance_is_integrated_from_speed(void)
{
	start();
	go(0, 0, NAN, 5);
	go(9, 0, NAN, 401); /* 2.5 m/s, the first second half of it */
	CHECK(distance, 1001);
	go(0, 0, NAN, 30);
	CHECK(distance, 1001);
}

static void count_up(int32_t first_m, int32_t step_m, double kmh,
                     unsigned seconds)
{
	for (unsigned s = 0; s < seconds; s++) {
		feed(SAMPLE_DISTANCE, first_m + (int32_t)s * step_m);
		go(kmh, 0, NAN, 1);
	}
}

static void test_distance_is_the_machines_where_it_is_plausible(void)
{
	start();
	go(0, 0, NAN, 5);
	count_up(0, 3, 10.5, 301); /* 2.92 m/s */
	CHECK(distance, 900);
}

static void test_distance_of_a_machine_that_starts_high(void)
{
	start();
	feed(SAMPLE_DISTANCE, 4321);
	go(0, 0, NAN, 5);
	count_up(4321, 3, 10.8, 201);
	CHECK(distance, 600);
	/* one that counts its whole life, joined in mid-run */
	start();
	count_up(3456789, 3, 10.8, 201);
	CHECK(distance, 600);
}

static void test_distance_joined_in_mid_run_is_the_runs(void)
{
	start();
	count_up(1500, 3, 10.8, 101);
	CHECK(distance, 1800);
}

static void test_distance_after_a_reset_in_mid_run(void)
{
	start();
	count_up(1500, 3, 10.8, 101);
	feed(SAMPLE_BELT_STATUS, BELT_RESET);
	count_up(1803, 3, 10.8, 1); /* it ends here */
	count_up(1806, 3, 10.8, 101);
	CHECK(distance, 300);
}

static void test_distance_that_falls_back_goes_on(void)
{
	start();
	go(0, 0, NAN, 5);
	count_up(0, 3, 10.8, 101);  /* 300 */
	count_up(0, 3, 10.8, 101);  /* reset by the machine: 300 more */
	CHECK(distance, 600);
	count_up(65000, 3, 10.8, 2); /* a leap that no belt makes */
	CU_ASSERT_DOUBLE_EQUAL(VALUE(distance), 609, 4);
}

static void test_distance_in_a_wrong_unit_is_not_believed(void)
{
	start();
	go(0, 0, NAN, 5);
	for (unsigned s = 0; s < 400; s++) { /* half metres: qdomyos-zwift#4986 */
		feed(SAMPLE_DISTANCE, (int32_t)(s * 3 / 2));
		go(10.8, 0, NAN, 1);
	}
	CU_ASSERT_DOUBLE_EQUAL(VALUE(distance), 1200, 3);
}

static void test_distance_over_a_drop_out_is_the_machines(void)
{
	start();
	go(0, 0, NAN, 5);
	count_up(0, 3, 10.8, 101);
	pass(100);
	count_up(600, 3, 10.8, 101);
	CHECK(distance, 900);
	go(0, 0, NAN, 61); /* and what was unseen is the last session's */
	count_up(900, 5, 10.8, 101);
	CU_ASSERT_DOUBLE_EQUAL(VALUE(distance), 302, 2);
}

static void test_7_off_the_belt_no_distance_counts(void)
{
	start();
	go(0, 0, NAN, 5);
	for (unsigned s = 0; s < 200; s++) {
		feed(SAMPLE_DISTANCE, (int32_t)s * 2);
		feed(SAMPLE_ENERGY, (int32_t)s);
		go(7.2, 0, s < 100 ? 150 : 0, 1);
	}
	CU_ASSERT_DOUBLE_EQUAL(VALUE(distance), 218, 3);
	CU_ASSERT_EQUAL(state.energy.total, 109);
	CHECK(elapsed, 109);
}

static void test_5_1_a_new_session_counts_from_0(void)
{
	start();
	go(0, 0, NAN, 5);
	feed(SAMPLE_ELEVATION_GAIN, 500);
	feed(SAMPLE_ENERGY, 40);
	count_up(0, 3, 10.8, 101);
	feed(SAMPLE_PAIN, 5);
	feed(SAMPLE_INTERVALS, 1);
	go(0, 0, NAN, 61);
	CU_ASSERT_EQUAL(state.session.state, DISPLAY_SESSION_ENDED);
	CHECK(distance, 300);
	count_up(300, 3, 10.8, 51);
	CHECK(distance, 150);
	CHECK(elapsed, 51);
	CHECK(run_time, 51);
	CHECK(intervals, 0);
	CHECK(pain_free, 1);
	CHECK(worst_pain, 0);
	CU_ASSERT_TRUE(ABSENT(pain));
}

/* ---- what a session may know ---------------------------------------------- */

static void test_5_1_a_profile_holds_for_one_session(void)
{
	struct display_profile profile = {
		.has_height = true, .height_m = 1.8, .has_back_pain = true,
		.back_pain = true, .has_novice = true, .novice = true,
		.has_units = true, .miles = true, .has_lang = true, .lang = "de",
	};

	start();
	state_profile(&state, &profile); /* before the first step */
	go(8, 0, NAN, 20);
	CHECK(height, 1.8);
	CHECK(back_pain, 1);
	CHECK(novice, 1);
	CU_ASSERT_TRUE(state.runner.miles);
	CU_ASSERT_STRING_EQUAL(state.runner.lang, "de");
	go(0, 0, NAN, 62);
	CU_ASSERT_TRUE(ABSENT(height));
	CHECK(back_pain, 0);
	CU_ASSERT_STRING_EQUAL(state.runner.lang, "en");
}

static void test_pain_metrics(void)
{
	start();
	CU_ASSERT_TRUE(ABSENT(pain));
	CU_ASSERT_TRUE(ABSENT(pain_age));
	CHECK(pain_free, 1);
	feed(SAMPLE_PAIN, 2);
	CHECK(pain, 2);
	CHECK(pain_reported, 2);
	CU_ASSERT_TRUE(ABSENT(pain_rise));
	state_clear_instant(&state);
	CU_ASSERT_TRUE(ABSENT(pain_reported));
	pass(30);
	CHECK(pain_age, 30);
	feed(SAMPLE_PAIN, 5);
	CHECK(pain_rise, 3);
	CHECK(pain_age, 0);
	feed(SAMPLE_PAIN, 0);
	CHECK(pain_reported, 0); /* a word as well, where none at all is not */
	CHECK(pain_rise, -5);
	CHECK(pain_free, 0); /* it was there */
}

/* Told of before the first step, it is of the session that begins with it. */
static void test_5_2_pain_told_before_the_first_step(void)
{
	start();
	feed(SAMPLE_PAIN, 3);
	go(8, 0, NAN, 5);
	CHECK(worst_pain, 3);
	start();
	feed(SAMPLE_RED_FLAG, 0);
	go(8, 0, NAN, 5);
	CHECK(worst_pain, 10);
	CHECK(pain_free, 0);
	start();
	go(8, 0, NAN, 5);
	CHECK(worst_pain, 0);
}

/* Against the longest run of 30 days, or what counts as one where there was none;
 * a walk is measured by walks. */
static void test_5_4_the_longest_of_30_days(void)
{
	struct runner runner = known_runner();

	runner.longest_30d_m = 8000;
	runner.longest_walk_30d_m = 3000;
	start_as(&runner);
	CHECK(longest_30d, 3000);
	CU_ASSERT_TRUE(ABSENT(planned_of_longest_30d));
	feed(SAMPLE_PLANNED_DISTANCE, 10000);
	CHECK(longest_30d, 8000);
	CHECK(planned_of_longest_30d, 125);
	feed(SAMPLE_PLANNED_DISTANCE, 0);
	count_up(0, 3, 10.8, 1001);
	CHECK(longest_30d, 8000);
	CHECK(distance_of_longest_30d, 37.5);
}

/* ---- the session's own baseline ------------------------------------------- */

static void learn(double height_m, double kmh, double incline, unsigned seconds)
{
	start();
	state.runner.height_m = height_m;
	go(kmh, incline, 160, seconds);
}

static void test_5_1_minutes_6_to_12_are_the_baseline(void)
{
	start();
	state.runner.height_m = 1.75;
	go(10, 0, 150, 360);
	go(9, 0, 158, 180);
	go(11, 1, 162, 179);
	CHECK(has_baseline, 0);
	go(11, 1, 162, 1);
	CHECK(has_baseline, 1);
	CU_ASSERT_DOUBLE_EQUAL(state.runner.baseline_spm, 160, 0.1);
	CU_ASSERT_DOUBLE_EQUAL(state.runner.baseline_kmh, 10, 0.02);
	go(10, 0, 175, 300); /* learnt once */
	CU_ASSERT_DOUBLE_EQUAL(state.runner.baseline_spm, 160, 0.1);
	go(0, 0, 0, 61);
	CHECK(has_baseline, 0);
}

static void test_5_1_each_session_learns_for_itself(void)
{
	start();
	state.runner.height_m = 1.75;
	go(10, 0, 150, 700);
	go(0, 0, 0, 61);
	state.runner.height_m = 1.75;
	go(10, 0, 160, 730);
	CU_ASSERT_DOUBLE_EQUAL(state.runner.baseline_spm, 160, TIGHT);
}

static void test_5_1_what_is_no_baseline(void)
{
	learn(NAN, 10, 0, 900);
	CHECK(has_baseline, 0); /* no height */
	learn(1.75, 10, 2, 900);
	CHECK(has_baseline, 0); /* a slope */
	learn(1.75, 5, 0, 360);
	go(5, 0, 115, 600);
	CHECK(has_baseline, 0); /* a walk */
	learn(1.75, 10, 0, 360);
	go(10, 0, NAN, 300);
	go(10, 0, 160, 300);
	CHECK(has_baseline, 0); /* a minute of it is not enough */
}

static void test_5_1_height_told_late_is_not_too_late(void)
{
	learn(NAN, 10, 0, 800);
	state.runner.height_m = 1.75;
	go(10, 0, 160, 1);
	CHECK(has_baseline, 1);
	CU_ASSERT_DOUBLE_EQUAL(state.runner.baseline_spm, 160, TIGHT);
}

static void test_5_1_a_known_line_is_not_learnt_over(void)
{
	struct runner runner = known_runner();

	start_as(&runner);
	go(10, 0, 175, 900);
	CU_ASSERT_DOUBLE_EQUAL(state.runner.baseline_spm, 162, TIGHT);
}

static void test_7_cadence_gap_belongs_to_the_session(void)
{
	start();
	go(0, 0, 100, 2);
	go(0, 0, NAN, 60); /* put on, and fallen asleep before the first step */
	go(5, 0, NAN, 1);
	CU_ASSERT_TRUE(ABSENT(cadence_gap));
	go(5, 0, 110, 5);
	go(5, 0, NAN, 15);
	CHECK(cadence_gap, 16);
}

/* ---- what a display shows ------------------------------------------------- */

static struct display_metrics shown(void)
{
	struct display_metrics out;

	state_display(&state, &out);
	return out;
}

static void test_design_4_metrics_as_written(void)
{
	struct runner runner = known_runner();
	struct display_metrics m;

	start_as(&runner);
	go(10, 1, 158, 15);
	m = shown();
	CU_ASSERT_EQUAL(m.present, DISPLAY_SPEED | DISPLAY_INCLINE |
	                DISPLAY_CADENCE | DISPLAY_TARGET | DISPLAY_STEP |
	                DISPLAY_DISTANCE | DISPLAY_ELAPSED | DISPLAY_GAIT);
	CU_ASSERT_DOUBLE_EQUAL(m.speed_kmh, 10, TIGHT);
	CU_ASSERT_DOUBLE_EQUAL(m.incline_pct, 1, TIGHT);
	CU_ASSERT_EQUAL(m.cadence_spm, 158);
	CU_ASSERT_EQUAL(m.target_spm, 171); /* 170.1 x 1.006 */
	CU_ASSERT_DOUBLE_EQUAL(m.step_m, 1.05, TIGHT);
	CU_ASSERT_EQUAL(m.gait, DISPLAY_GAIT_RUN);
	CU_ASSERT_EQUAL(m.elapsed_s, 15);
}

static void test_design_4_absent_members_are_left_out(void)
{
	start();
	CU_ASSERT_EQUAL(shown().present, 0);
	go(0, 0, NAN, 1);
	CU_ASSERT_EQUAL(shown().present,
	                DISPLAY_SPEED | DISPLAY_INCLINE | DISPLAY_GAIT);
	go(8, 0, 0, 2);
	CU_ASSERT_FALSE(shown().present & DISPLAY_STEP);
	CU_ASSERT_TRUE(shown().present & DISPLAY_CADENCE);
	CU_ASSERT_FALSE(shown().present & DISPLAY_TARGET);
	pass(6);
	CU_ASSERT_EQUAL(shown().present, DISPLAY_DISTANCE | DISPLAY_ELAPSED);
}

static void test_design_4_a_target_is_for_running(void)
{
	struct runner runner = known_runner();

	start_as(&runner);
	go(5, 0, 115, 20);
	CU_ASSERT_FALSE(shown().present & DISPLAY_TARGET);
	go(10, 0, 162, 20);
	CU_ASSERT_TRUE(shown().present & DISPLAY_TARGET);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "7 speed, incline: 3 s", test_7_speed_and_incline_are_absent_after_3_s },
		{ "7 speed ages by itself", test_7_speed_ages_though_the_machine_speaks },
		{ "7 heart rate: 10 s", test_7_heart_rate_is_absent_after_10_s },
		{ "design 5 heart rate max", test_design_5_max_heart_rate_is_told_or_by_age },
		{ "7 treadmill link", test_7_treadmill_stale_after_3_s_lost_after_10_s },
		{ "7 foot pod link", test_7_footpod_stale_after_5_s_lost_after_15_s },
		{ "links as told", test_links_are_what_the_transport_says },
		{ "7 link returns", test_7_a_link_that_returns_is_not_lost_at_once },
		{ "7 incline missing", test_7_incline_missing },
		{ "7 incline fixed", test_7_incline_fixed_by_the_configuration },
		{ "7 incline was 0", test_7_cadence_rules_go_on_60_s_after_incline_0 },
		{ "7 incline was not 0",
		  test_7_incline_gone_from_a_slope_stops_them_at_once },
		{ "5.5.1 from the start",
		  test_5_5_1_settled_30_quiet_seconds_after_the_start },
		{ "5.5.1 0.5 km/h", test_5_5_1_a_step_of_half_a_kmh_unsettles_for_39_s },
		{ "5.5.1 smaller steps", test_5_5_1_smaller_steps_do_not },
		{ "5.5.1 1 %", test_5_5_1_a_step_of_1_percent_unsettles_for_39_s },
		{ "5.5.1 slow ramp", test_5_5_1_a_slow_ramp_unsettles_by_the_30_s_test },
		{ "5.5.1 drop-out", test_5_5_1_a_drop_out_unsettles },
		{ "5.3 intervals", test_5_3_intervals_settle_120_s_of_each_bout },
		{ "7 skipped time", test_7_skipped_time_is_no_last_minute },
		{ "changes", test_changes_of_the_last_seconds },
		{ "5.1 form gates", test_5_1_each_form_gate_alone_closes },
		{ "5.1 warm", test_5_1_warm_is_over_after_300_s_with_back_pain_480 },
		{ "5.5.13 history", test_5_5_13_hard_effort_by_speed_needs_history },
		{ "7 hard effort, incline gone", test_7_hard_effort_with_incline_gone },
		{ "5.5.10 faded feedback", test_5_5_10_faded_feedback_windows },
		{ "distance: integrated", test_distance_is_integrated_from_speed },
		{ "distance: machine's",
		  test_distance_is_the_machines_where_it_is_plausible },
		{ "distance: starts high", test_distance_of_a_machine_that_starts_high },
		{ "distance: joined", test_distance_joined_in_mid_run_is_the_runs },
		{ "distance: reset", test_distance_after_a_reset_in_mid_run },
		{ "distance: falls back", test_distance_that_falls_back_goes_on },
		{ "distance: wrong unit", test_distance_in_a_wrong_unit_is_not_believed },
		{ "distance: drop-out", test_distance_over_a_drop_out_is_the_machines },
		{ "7 off the belt", test_7_off_the_belt_no_distance_counts },
		{ "5.1 new session", test_5_1_a_new_session_counts_from_0 },
		{ "5.1 profile", test_5_1_a_profile_holds_for_one_session },
		{ "pain", test_pain_metrics },
		{ "5.2 pain told before the first step", test_5_2_pain_told_before_the_first_step },
		{ "5.4 the longest of 30 days", test_5_4_the_longest_of_30_days },
		{ "5.1 baseline", test_5_1_minutes_6_to_12_are_the_baseline },
		{ "5.1 baseline of each",
		  test_5_1_each_session_learns_for_itself },
		{ "5.1 no baseline", test_5_1_what_is_no_baseline },
		{ "5.1 height told late", test_5_1_height_told_late_is_not_too_late },
		{ "5.1 known line", test_5_1_a_known_line_is_not_learnt_over },
		{ "7 cadence gap", test_7_cadence_gap_belongs_to_the_session },
		{ "design 4 metrics", test_design_4_metrics_as_written },
		{ "design 4 absent members",
		  test_design_4_absent_members_are_left_out },
		{ "design 4 target", test_design_4_a_target_is_for_running },
		CU_TEST_INFO_NULL,
	};

	return suite_run("state", tests);
}
