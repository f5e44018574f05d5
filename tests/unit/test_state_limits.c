/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The second, the metre and the share at which the state of a session says
 * something else: rules.md 5.1, 5.4, 5.5 and 7.
 */
#include "tests/unit/state_bench.h"
#include "tests/unit/suite.h"

#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* 160 steps a minute at 10 km/h */
static struct runner known_runner(void)
{
	struct runner runner;

	runner_init(&runner);
	runner.height_m = 1.75;
	runner.baseline_spm = 160;
	runner.baseline_kmh = 10;
	runner.usual_kmh = 11;
	runner.sessions = 20;
	return runner;
}

static void start_known(void)
{
	struct runner runner = known_runner();

	start_as(&runner);
}

/* ---- a session ------------------------------------------------------------------ */

static void test_nothing_before_the_first_step(void)
{
	start();
	go(0, 0, NAN, 5);
	CU_ASSERT_TRUE(ABSENT(belt_still));
	CHECK(belt_moving, 0);
	CHECK(sessions, 0);
	go(1, 0, NAN, 1);
	CHECK(pace, 60);
	go(0.99, 0, NAN, 1);
	CU_ASSERT_TRUE(ABSENT(pace));
}

static void test_5_1_it_ends_60_s_after_the_belt_stood(void)
{
	start();
	go(8, 0, NAN, 20);
	go(0, 0, NAN, 59);
	CU_ASSERT_EQUAL(state.session.state, DISPLAY_SESSION_PAUSED);
	go(0, 0, NAN, 1);
	CU_ASSERT_EQUAL(state.session.state, DISPLAY_SESSION_ENDED);
}

static void test_a_plan_is_for_one_session(void)
{
	struct runner runner = known_runner();

	runner.longest_30d_m = 8000;
	start_as(&runner);
	feed(SAMPLE_PLANNED_DISTANCE, 4000);
	go(8, 0, NAN, 20);
	CHECK(planned_of_longest_30d, 50);
	go(0, 0, NAN, 61);
	CU_ASSERT_TRUE(ABSENT(planned_of_longest_30d));
}

static void test_an_end_planned_for_now_is_of_the_session_before(void)
{
	start();
	session_plan_end(&state.session, state.now_us + SECOND);
	go(8, 0, NAN, 5); /* which begins in that second */
	CU_ASSERT_EQUAL(state.session.state, DISPLAY_SESSION_RUNNING);
}

static void test_what_is_known_of_him_is_a_metric(void)
{
	struct runner runner = known_runner();

	start_as(&runner);
	CHECK(own_cv, 2); /* as of most runners */
	CU_ASSERT_TRUE(ABSENT(last_pain_age));
	runner.own_cv_pct = 3.5;
	runner.last_pain_age_h = 20;
	start_as(&runner);
	CHECK(own_cv, 3.5);
	CHECK(last_pain_age, 72000);
}

/* As slow as a step may be: what comes behind it may jump like any other. */
static void test_the_slowest_cadence_is_one_to_jump_from(void)
{
	start();
	go(3, 0, 40, 5);
	go(3, 0, 60, 1);
	CU_ASSERT_DOUBLE_EQUAL(cadence_now(&state.cadence, state.now_us), 40, 1e-9);
}

static void test_who_is_anonymous(void)
{
	start();
	CU_ASSERT_TRUE(state_is_anonymous(&state));
	state_name(&state, "Ann");
	CU_ASSERT_FALSE(state_is_anonymous(&state));
	state_name(&state, NULL);
	CU_ASSERT_TRUE(state_is_anonymous(&state));
}

static void test_5_2_a_red_flag_in_mid_run_is_the_worst_pain(void)
{
	start();
	go(8, 0, 160, 20);
	feed(SAMPLE_PAIN, 2);
	feed(SAMPLE_RED_FLAG, 0);
	CHECK(worst_pain, 10);
	go(8, 0, 160, 1);
	CHECK(worst_pain, 10);
}

/* A machine may say again and again that its key is out. */
static void test_5_2_a_key_said_again_within_10_s_was_pulled_once(void)
{
	static const struct {
		uint64_t later_us;
		bool again;
	} rows[] = { { 1, false }, { 5 * SECOND, false }, { 10 * SECOND, false },
		     { 10 * SECOND + 1, true } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		feed(SAMPLE_BELT_STATUS, BELT_SAFETY_KEY);
		CHECK(safety_key, 1);
		state_clear_instant(&state);
		state.now_us += rows[i].later_us;
		feed(SAMPLE_BELT_STATUS, BELT_SAFETY_KEY);
		CU_ASSERT_EQUAL(!ABSENT(safety_key), rows[i].again);
	}
}

static void test_7_skipped_time_is_not_steady(void)
{
	start();
	go(9, 0, NAN, 60);
	CHECK(speed_steady, 50);
	state_forget_minutes(&state);
	CHECK(speed_steady, 0);
	go(9, 0, NAN, 9);
	CHECK(speed_steady, 0);
}

/* ---- distance -------------------------------------------------------------------- */

/* 21 m by speed, then so many seconds without; the machine counts so many metres. */
static double distance_told(int32_t counted_m, unsigned unseen_s)
{
	start();
	go(0, 0, NAN, 5);
	feed(SAMPLE_DISTANCE, 0);
	go(7.2, 0, NAN, 11);
	go(NAN, NAN, NAN, unseen_s ? 2 + unseen_s : 0); /* a speed lasts for 3 s */
	feed(SAMPLE_DISTANCE, counted_m);
	return VALUE(distance);
}

static void test_distance_may_be_30_m_off(void)
{
	CU_ASSERT_DOUBLE_EQUAL(distance_told(51, 0), 51, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(distance_told(52, 0), 21, 1e-9);
	/* and a belt may have run at 25 km/h while nobody looked: 76 m in 11 s */
	CU_ASSERT_DOUBLE_EQUAL(distance_told(131, 11), 131, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(distance_told(132, 11), 25, 1e-9);
}

static void test_5_4_a_walk_is_a_run_after_60_s_of_it(void)
{
	struct runner runner = known_runner();

	runner.longest_30d_m = 8000;
	runner.longest_walk_30d_m = 3000;
	start_as(&runner);
	go(10, 0, 160, 60);
	CHECK(longest_30d, 3000);
	go(10, 0, 160, 1);
	CHECK(longest_30d, 8000);
	start_as(&runner);
	feed(SAMPLE_PLANNED_DISTANCE, 1);
	CHECK(longest_30d, 8000);
	CHECK(planned_of_longest_30d, 0.0125);
	runner.longest_30d_m = 0; /* what counts as one */
	runner.longest_walk_30d_m = NAN;
	start_as(&runner);
	CHECK(longest_30d, 3000);
	runner.longest_30d_m = 8000;
	runner.longest_walk_30d_m = 0; /* a walk of no length is none */
	start_as(&runner);
	CHECK(longest_30d, 8000);
	go(5, 0, 110, 30);
	CU_ASSERT_TRUE(ABSENT(distance_of_longest_30d));
}

/* ---- form ------------------------------------------------------------------------ */

static void test_5_5_16_tired_by_2_percent(void)
{
	start_known();
	go(10, 0, 170, 1019);
	go(10, 0, 166.6, 180);
	CHECK(drifting, 1);
	CHECK(tiring, 0); /* not before 20 minutes */
	go(10, 0, 166.6, 1);
	CHECK(tiring, 1);
	start_known();
	go(10, 0, 170, 1000);
	go(10, 0, 168.3, 179);
	CHECK(drifting, 0);
	go(10, 0, 168.3, 1); /* 1 % */
	CHECK(drifting, 1);
}

/* Against the morning before; where nobody asked, against the last word */
static void test_how_much_worse_a_morning_is(void)
{
	struct runner runner = known_runner();

	runner.last_pain = 1;
	start_as(&runner);
	feed(SAMPLE_MORNING_PAIN, 4);
	CHECK(morning_rise, 3);
	runner.last_morning_pain = 2;
	start_as(&runner);
	feed(SAMPLE_MORNING_PAIN, 4);
	CHECK(morning_rise, 2);
}

static void test_5_1_a_step_too_long(void)
{
	start_known();
	go(10, 0, 150, 30); /* where 160 steps a minute are his own */
	CHECK(step_length, 10000.0 / 60 / 150);
	CHECK(step_excess, 100 * 160.0 / 150);
	CHECK(step_over, 10000.0 / 60 * (1.0 / 150 - 1.0 / 160));
	CHECK(running, 1);
	CHECK(walking, 0);
	go(5, 0, 110, 10);
	CHECK(running, 0);
	CHECK(walking, 1);
}

static void test_5_1_a_cool_down_is_below_four_fifths(void)
{
	start_known();
	go(12, 0, 164, 300);
	go(8, 0, 158, 299);
	CHECK(form_ready, 0);
	go(8, 0, 158, 1); /* of 10.0 in the mean */
	CHECK(form_ready, 1);
}

static void test_5_1_form_is_for_7_kmh_and_more(void)
{
	start_known();
	go(6.99, 0, 150, 400);
	CHECK(form_ready, 0);
	start_known();
	go(7, 0, 150, 400);
	CHECK(form_ready, 1);
}

static void test_5_5_10_a_recall_cue_from_the_ninth_session_on(void)
{
	for (int32_t before = 7; before <= 8; before++) {
		start();
		state.runner.sessions = before;
		state.runner.faded = true;
		go(8, 0, NAN, 359);
		CHECK(recall_due, 0);
		go(8, 0, NAN, 1);
		CHECK(recall_due, before == 8);
		go(8, 0, NAN, 119);
		CHECK(recall_due, before == 8);
		go(8, 0, NAN, 1); /* two minutes are over */
		CHECK(recall_due, 0);
	}
}

static void test_early_is_by_the_clock(void)
{
	start();
	state.now_us = 0;
	state.day_s = 10800; /* 3:00 */
	CU_ASSERT_TRUE(state_is_early(&state));
	state.day_s = 0;
	CU_ASSERT_FALSE(state_is_early(&state));
	state.now_us = 10800 * SECOND;
	CU_ASSERT_TRUE(state_is_early(&state));
	state.now_us = 21600 * SECOND - 1;
	CU_ASSERT_TRUE(state_is_early(&state));
	state.now_us = 21600 * SECOND;
	CU_ASSERT_FALSE(state_is_early(&state));
}

static void test_a_pods_dynamics_last_for_5_s(void)
{
	struct display_metrics shown;

	start();
	feed(SAMPLE_OSCILLATION, 82000);
	state.now_us += 5 * SECOND;
	state_display(&state, &shown);
	CU_ASSERT_TRUE(shown.present & DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMIC_OSCILLATION));
	CU_ASSERT_DOUBLE_EQUAL(shown.dynamics[DISPLAY_DYNAMIC_OSCILLATION], 82, 1e-9);
	state.now_us++;
	state_display(&state, &shown);
	CU_ASSERT_FALSE(shown.present & DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMIC_OSCILLATION));
}

static void test_what_is_shown_is_what_was_sent(void)
{
	struct display_metrics shown;
	struct display_target target;

	start_known();
	feed(SAMPLE_ENERGY, 40);
	feed(SAMPLE_ELEVATION_GAIN, 80);
	go(9.97, 0, 160, 10);
	feed(SAMPLE_ENERGY, 52);
	feed(SAMPLE_GROUND_CONTACT, 251);
	feed(SAMPLE_STANCE, 6520);
	feed(SAMPLE_BALANCE, 4980);
	feed(SAMPLE_VERTICAL_RATIO, 780);
	state_display(&state, &shown);
	CU_ASSERT_DOUBLE_EQUAL(shown.speed_kmh, 9.97, 1e-9);
	CU_ASSERT_TRUE(shown.present & DISPLAY_ENERGY);
	CU_ASSERT_EQUAL(shown.energy_kcal, 52); /* joined in mid-run */
	CU_ASSERT_EQUAL(shown.distance_m, 27);
	CU_ASSERT_TRUE(shown.present & DISPLAY_ELEVATION_GAIN);
	CU_ASSERT_EQUAL(shown.elevation_gain_m, 8);
	CU_ASSERT_DOUBLE_EQUAL(shown.dynamics[DISPLAY_DYNAMIC_GROUND_CONTACT], 251, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(shown.dynamics[DISPLAY_DYNAMIC_STANCE], 65.2, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(shown.dynamics[DISPLAY_DYNAMIC_BALANCE], 49.8, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(shown.dynamics[DISPLAY_DYNAMIC_VERTICAL_RATIO], 7.8, 1e-9);
	go(10, 0, 160, 1);
	CU_ASSERT_TRUE(state_target(&state, &target));
	CU_ASSERT_EQUAL(target.low_spm, 167);  /* 97 % of 172, 7.5 % above his line */
	CU_ASSERT_EQUAL(target.high_spm, 176); /* 10 % above it */
	go(5, 0, 110, 10);
	CU_ASSERT_FALSE(state_target(&state, &target)); /* a walk has none */
}

/* ---- doubts ---------------------------------------------------------------------- */

/* Four times 2.5 % of the own line of 160 is 16. */
static void test_7_another_runner_is_four_spreads_off(void)
{
	start_known();
	go(10, 0, 176, 300);
	CHECK(other_runner, 0);
	start_known();
	go(10, 0, 176.1, 300);
	CHECK(other_runner, 1);
	feed(SAMPLE_SAME_RUNNER, 1); /* asked once */
	go(10, 0, 176.1, 300);
	CHECK(other_runner, 0);
}

static void test_7_a_stranger_is_spoken_to_as_this_console_does(void)
{
	struct runner runner = known_runner();

	runner.prompts = RUNNER_PROMPTS_SAFETY;
	runner.miles = runner.faded = true;
	runner.lang[0] = 'd';
	runner.lang[1] = 'e';
	start_as(&runner);
	go(10, 0, 160, 20);
	feed(SAMPLE_SAME_RUNNER, 0);
	CU_ASSERT_EQUAL(state.runner.prompts, RUNNER_PROMPTS_SAFETY);
	CU_ASSERT_TRUE(state.runner.miles && state.runner.faded);
	CU_ASSERT_STRING_EQUAL(state.runner.lang, "de");
	CU_ASSERT_TRUE(isnan(state.runner.baseline_spm));
}

static bool in_doubt_after(double kmh, int32_t pod_mm_s, unsigned seconds)
{
	start();
	for (unsigned s = 0; s < seconds; s++) {
		feed(SAMPLE_POD_SPEED, pod_mm_s);
		go(kmh, 0, NAN, 1);
	}
	return state_in_doubt(&state);
}

/* Pod and belt, by more than 15 % for 30 s, while the belt moves */
static void test_7_pod_and_belt_disagree(void)
{
	CU_ASSERT_FALSE(in_doubt_after(10, 3194, 300)); /* 11.498 km/h */
	CU_ASSERT_FALSE(in_doubt_after(10, 3195, 29));
	CU_ASSERT_TRUE(in_doubt_after(10, 3195, 30));
	CU_ASSERT_TRUE(in_doubt_after(0.8, 2000, 30));
	CU_ASSERT_FALSE(in_doubt_after(0.79, 2000, 300));
}

/* ---- what is learnt, and resumed -------------------------------------------------- */

/* Level seconds of minutes 6 to 12 */
static bool learns_from(unsigned seconds)
{
	start();
	state.runner.height_m = 1.75;
	go(9, 0, 160, 360);
	go(9, 0, 160, seconds);
	go(9, 3, 160, 400 - seconds);
	return !isnan(state.runner.baseline_spm);
}

static void test_5_1_two_minutes_are_a_line(void)
{
	CU_ASSERT_TRUE(learns_from(120));
	CU_ASSERT_FALSE(learns_from(119));
}

static void test_the_slowest_run_is_kept(void)
{
	struct runner_session kept;

	start_known();
	go(5.2, 0, 145, 400);
	CU_ASSERT_TRUE(state_kept(&state, &kept));
	CU_ASSERT_EQUAL(kept.bins[0].seconds, 40);
}

static void test_a_restart_knows_what_was_said(void)
{
	static const struct display_metrics shown = { .elapsed_s = 1260 };
	struct runner_session kept = {
		.distance_m = 3300, .run_s = 1200, .run_kmh = 10, .cv_pct = NAN,
	};

	start_known();
	state_resume(&state, &kept, &shown);
	CHECK(pain, 0); /* no pain was a word */
	CHECK(morning_pain, 0);
	CU_ASSERT_DOUBLE_EQUAL(session_mean_run_speed(&state.session), 10, 1e-9);
	go(6.5, 0, 160, 60);
	CHECK(easy_time, 60); /* less than seven tenths of what came before */
	kept = (struct runner_session){
		.run_kmh = NAN, .cv_pct = NAN, .pain = -1, .morning_pain = -1,
	};
	start_known();
	state_resume(&state, &kept, &shown);
	CU_ASSERT_TRUE(ABSENT(pain) && ABSENT(morning_pain));
	go(9, 0, 160, 10);
	CU_ASSERT_DOUBLE_EQUAL(session_mean_run_speed(&state.session), 9, 1e-9);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "nothing before the first step", test_nothing_before_the_first_step },
		{ "5.1 ends after 60 s", test_5_1_it_ends_60_s_after_the_belt_stood },
		{ "a plan is for one session", test_a_plan_is_for_one_session },
		{ "an end planned for now", test_an_end_planned_for_now_is_of_the_session_before },
		{ "what is known of him", test_what_is_known_of_him_is_a_metric },
		{ "the slowest cadence", test_the_slowest_cadence_is_one_to_jump_from },
		{ "who is anonymous", test_who_is_anonymous },
		{ "5.2 a red flag in mid-run", test_5_2_a_red_flag_in_mid_run_is_the_worst_pain },
		{ "5.2 a key said again", test_5_2_a_key_said_again_within_10_s_was_pulled_once },
		{ "7 skipped time", test_7_skipped_time_is_not_steady },
		{ "distance: 30 m", test_distance_may_be_30_m_off },
		{ "5.4 a walk is a run after 60 s of it", test_5_4_a_walk_is_a_run_after_60_s_of_it },
		{ "5.5.16 tired by 2 %", test_5_5_16_tired_by_2_percent },
		{ "how much worse a morning is", test_how_much_worse_a_morning_is },
		{ "5.1 a step too long", test_5_1_a_step_too_long },
		{ "5.1 cool-down", test_5_1_a_cool_down_is_below_four_fifths },
		{ "5.1 form is for 7 km/h", test_5_1_form_is_for_7_kmh_and_more },
		{ "what is shown", test_what_is_shown_is_what_was_sent },
		{ "5.5.10 recall", test_5_5_10_a_recall_cue_from_the_ninth_session_on },
		{ "early is by the clock", test_early_is_by_the_clock },
		{ "dynamics last for 5 s", test_a_pods_dynamics_last_for_5_s },
		{ "7 another runner", test_7_another_runner_is_four_spreads_off },
		{ "7 a stranger", test_7_a_stranger_is_spoken_to_as_this_console_does },
		{ "7 pod and belt disagree", test_7_pod_and_belt_disagree },
		{ "5.1 two minutes are a line", test_5_1_two_minutes_are_a_line },
		{ "the slowest run is kept", test_the_slowest_run_is_kept },
		{ "a restart knows what was said", test_a_restart_knows_what_was_said },
		CU_TEST_INFO_NULL,
	};

	return suite_run("state_limits", tests);
}
