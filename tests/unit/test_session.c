/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * When a session begins, pauses and ends, and what gait it is: rules.md 5.1.
 */
#include "daemon/core/session.h"
#include "tests/unit/suite.h"

#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND 1000000ull

static struct session session;
static struct session_input input;
static unsigned begun;

static void start(void)
{
	session_init(&session);
	input = (struct session_input){
		.t_us = 1000 * SECOND, .height_m = NAN, .end_after_s = 60,
	};
	begun = 0;
}

/* Whole seconds: speed (NaN: no data) and cadence hold throughout. */
static void go(double kmh, double spm, unsigned seconds)
{
	input.speed_kmh = kmh;
	input.cadence_spm = spm;
	for (unsigned s = 0; s < seconds; s++) {
		if (!isnan(kmh))
			session_speed(&session, input.t_us, kmh);
		input.t_us += SECOND;
		begun += session_tick(&session, &input);
	}
}

static void belt(double kmh, unsigned seconds)
{
	go(kmh, NAN, seconds);
}

static void say(enum belt_status status)
{
	session_belt_status(&session, input.t_us, status);
}

static void check(enum display_session_state state)
{
	CU_ASSERT_EQUAL(session.state, state);
}

/* ---- gait ----------------------------------------------------------------- */

static double speed_of_froude(double froude, double height_m)
{
	return 3.6 * sqrt(froude * 9.81 * 0.53 * height_m);
}

static void test_2_8_froude_numbers_of_1_75_m(void)
{
	CU_ASSERT_DOUBLE_EQUAL(speed_of_froude(0.4, 1.75), 6.9, 0.05);
	CU_ASSERT_DOUBLE_EQUAL(session_froude(6.9, 1.75), 0.4, 0.01);
	CU_ASSERT_DOUBLE_EQUAL(session_froude(7.7, 1.75), 0.5, 0.01);
	CU_ASSERT_DOUBLE_EQUAL(session_froude(8.4, 1.75), 0.6, 0.01);
	CU_ASSERT_DOUBLE_EQUAL(session_froude(8.4, NAN), session_froude(8.4, 1.75),
	                       1e-9);
}

static void test_5_1_gait_table(void)
{
	static const struct {
		const char *what;
		double froude, spm;
		enum display_gait gait;
	} rows[] = {
		{ "belt stands", 0, NAN, DISPLAY_GAIT_IDLE },
		{ "belt stands, feet do not", 0, 160, DISPLAY_GAIT_IDLE },
		{ "no cadence, Fr .39", 0.39, NAN, DISPLAY_GAIT_WALK },
		{ "no cadence, Fr .41", 0.41, NAN, DISPLAY_GAIT_UNKNOWN },
		{ "no cadence, Fr .59", 0.59, NAN, DISPLAY_GAIT_UNKNOWN },
		{ "no cadence, Fr .61", 0.61, NAN, DISPLAY_GAIT_RUN },
		{ "slow jog", 0.3, 140, DISPLAY_GAIT_RUN },
		{ "just no jog", 0.3, 139.9, DISPLAY_GAIT_WALK },
		{ "quick walk", 0.55, 134.9, DISPLAY_GAIT_WALK },
		{ "neither walk nor run", 0.55, 137, DISPLAY_GAIT_UNKNOWN },
		{ "walking cadence, running speed", 0.61, 120, DISPLAY_GAIT_RUN },
		{ "run", 1.0, 165, DISPLAY_GAIT_RUN },
		{ "pod is still", 0.3, 0, DISPLAY_GAIT_WALK },
		{ "pod is still, Fr .5", 0.5, 0, DISPLAY_GAIT_UNKNOWN },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		input.height_m = 1.75;
		go(speed_of_froude(rows[i].froude, 1.75), rows[i].spm, 8);
		if (session.gait != rows[i].gait)
			CU_FAIL(rows[i].what);
	}
}

static void test_5_1_height_moves_the_unknown_band(void)
{
	static const struct {
		double height_m, kmh;
		enum display_gait gait;
	} rows[] = {
		{ 1.75, 6.85, DISPLAY_GAIT_WALK }, { 1.75, 6.95, DISPLAY_GAIT_UNKNOWN },
		{ 1.75, 8.35, DISPLAY_GAIT_UNKNOWN }, { 1.75, 8.45, DISPLAY_GAIT_RUN },
		{ 1.55, 8.0, DISPLAY_GAIT_RUN }, { 1.95, 7.2, DISPLAY_GAIT_WALK },
		{ NAN, 6.85, DISPLAY_GAIT_WALK }, { NAN, 8.45, DISPLAY_GAIT_RUN },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		input.height_m = rows[i].height_m;
		belt(rows[i].kmh, 2);
		CU_ASSERT_EQUAL(session.gait, rows[i].gait);
	}
}

static void test_5_1_cadence_must_last_5_s(void)
{
	start();
	go(6, 120, 10);
	CU_ASSERT_EQUAL(session.gait, DISPLAY_GAIT_WALK);
	go(6, 145, 4);
	CU_ASSERT_EQUAL(session.gait, DISPLAY_GAIT_WALK);
	go(6, 138, 1);
	go(6, 145, 4);
	CU_ASSERT_EQUAL(session.gait, DISPLAY_GAIT_WALK);
	go(6, 145, 1);
	CU_ASSERT_EQUAL(session.gait, DISPLAY_GAIT_RUN);
	go(6, 138, 20); /* between the two nothing changes */
	CU_ASSERT_EQUAL(session.gait, DISPLAY_GAIT_RUN);
	go(6, 130, 4);
	CU_ASSERT_EQUAL(session.gait, DISPLAY_GAIT_RUN);
	go(6, 130, 1);
	CU_ASSERT_EQUAL(session.gait, DISPLAY_GAIT_WALK);
}

static void test_7_without_speed_gait_is_unknown(void)
{
	start();
	go(10, 165, 20);
	go(NAN, 165, 1);
	CU_ASSERT_EQUAL(session.gait, DISPLAY_GAIT_UNKNOWN);
	CU_ASSERT_EQUAL(session.run_bout_s, 0);
}

/* ---- begin, pause, resume ------------------------------------------------- */

static void test_5_1_begins_at_0_8(void)
{
	start();
	check(DISPLAY_SESSION_IDLE);
	belt(0.79, 100);
	check(DISPLAY_SESSION_IDLE);
	belt(0.8, 1);
	check(DISPLAY_SESSION_RUNNING);
	CU_ASSERT_EQUAL(begun, 1);
	CU_ASSERT_EQUAL(session.number, 1);
	CU_ASSERT_EQUAL(session.elapsed_s, 1);
}

static void test_5_1_pauses_below_0_8_and_resumes(void)
{
	start();
	belt(5, 30);
	belt(0.7, 50);
	check(DISPLAY_SESSION_PAUSED);
	CU_ASSERT_EQUAL(session.elapsed_s, 30);
	belt(5, 10);
	check(DISPLAY_SESSION_RUNNING);
	CU_ASSERT_EQUAL(session.elapsed_s, 40);
	CU_ASSERT_EQUAL(begun, 1);
}

static void test_5_1_counts_run_walk_and_elapsed(void)
{
	start();
	go(5, 115, 60);    /* WALK from the first: Fr <= .4 */
	go(10, 165, 100);  /* RUN */
	go(7.5, NAN, 20);  /* UNKNOWN: elapsed only */
	go(0, NAN, 30);    /* paused */
	go(10, 165, 5);
	CU_ASSERT_EQUAL(session.elapsed_s, 185);
	CU_ASSERT_EQUAL(session.walk_s, 60);
	CU_ASSERT_EQUAL(session.run_s, 105);
	CU_ASSERT_EQUAL(session.run_bout_s, 5);
	CU_ASSERT_DOUBLE_EQUAL(session_mean_run_speed(&session), 10, 1e-9);
}

static void test_5_5_16_run_time_counts_from_the_declaration(void)
{
	start();
	go(5, 120, 11);
	go(5, 145, 4); /* 5 s tell */
	CU_ASSERT_EQUAL(session.run_s, 0);
	go(5, 145, 6);
	CU_ASSERT_EQUAL(session.run_s, 6);
	CU_ASSERT_TRUE(isnan(session_mean_run_speed(&session)) == 0);
}

static void test_7_off_the_belt_no_time_counts(void)
{
	start();
	go(10, 165, 10);
	input.off_belt = true;
	go(10, 0, 40);
	CU_ASSERT_EQUAL(session.elapsed_s, 10);
	CU_ASSERT_EQUAL(session.run_s, 10);
	check(DISPLAY_SESSION_RUNNING);
}

static void test_7_silence_counts_no_time(void)
{
	start();
	belt(5, 10);
	belt(NAN, 30);
	check(DISPLAY_SESSION_RUNNING);
	CU_ASSERT_EQUAL(session.elapsed_s, 10);
	belt(5, 10);
	CU_ASSERT_EQUAL(session.elapsed_s, 20);
	CU_ASSERT_EQUAL(begun, 1);
}

/* ---- end ------------------------------------------------------------------ */

static void test_5_1_ends_60_s_after_the_belt_stopped(void)
{
	start();
	belt(5, 20);
	belt(0, 59);
	check(DISPLAY_SESSION_PAUSED);
	belt(0, 1);
	check(DISPLAY_SESSION_ENDED);
	CU_ASSERT_EQUAL(session.elapsed_s, 20);
	belt(5, 1);
	CU_ASSERT_EQUAL(session.number, 2);
	CU_ASSERT_EQUAL(session.elapsed_s, 1);
	CU_ASSERT_EQUAL(session.run_s, 0);
}

static void test_5_1_stopped_in_mid_second_ends_no_sooner(void)
{
	start();
	belt(5, 20);
	input.speed_kmh = 0;
	session_speed(&session, input.t_us + SECOND / 4, 0);
	for (unsigned s = 1; s <= 60; s++) {
		input.t_us += SECOND;
		session_tick(&session, &input);
	}
	check(DISPLAY_SESSION_PAUSED);
	belt(0, 1);
	check(DISPLAY_SESSION_ENDED);
}

static void test_5_1_a_shuffle_starts_the_60_s_anew(void)
{
	start();
	belt(5, 20);
	belt(0, 50);
	belt(0.9, 2);
	belt(0, 59);
	check(DISPLAY_SESSION_PAUSED);
	belt(0, 1);
	check(DISPLAY_SESSION_ENDED);
}

static void test_5_1_the_60_s_are_a_setting(void)
{
	start();
	input.end_after_s = 20;
	belt(5, 20);
	belt(0, 19);
	check(DISPLAY_SESSION_PAUSED);
	belt(0, 1);
	check(DISPLAY_SESSION_ENDED);
}

static void test_5_1_ends_300_s_after_2ada_02_02(void)
{
	start();
	belt(5, 20);
	say(BELT_PAUSED);
	belt(2, 5); /* belts coast */
	belt(0, 294);
	check(DISPLAY_SESSION_PAUSED);
	belt(0, 1);
	check(DISPLAY_SESSION_ENDED);
}

static void test_5_1_a_longer_setting_holds_in_a_pause_too(void)
{
	start();
	input.end_after_s = 400;
	belt(5, 20);
	say(BELT_PAUSED);
	belt(0, 399);
	check(DISPLAY_SESSION_PAUSED);
	belt(0, 1);
	check(DISPLAY_SESSION_ENDED);
}

static void test_ftms_4_2ada_02_02_that_did_not_pause(void)
{
	start();
	belt(5, 20);
	say(BELT_PAUSED);
	belt(5, 400);
	belt(0, 59);
	check(DISPLAY_SESSION_PAUSED);
	belt(0, 1);
	check(DISPLAY_SESSION_ENDED);
	CU_ASSERT_EQUAL(session.elapsed_s, 420);
}

static void test_5_1_resumed_after_2ada_02_02_is_60_s_again(void)
{
	static const bool said[] = { false, true };

	for (size_t i = 0; i < COUNT(said); i++) {
		start();
		belt(5, 20);
		say(BELT_PAUSED);
		belt(0, 200);
		if (said[i])
			say(BELT_STARTED);
		belt(5, 10);
		check(DISPLAY_SESSION_RUNNING);
		belt(0, 59);
		check(DISPLAY_SESSION_PAUSED);
		belt(0, 1);
		check(DISPLAY_SESSION_ENDED);
	}
}

static void test_5_1_ends_at_2ada_01(void)
{
	start();
	belt(5, 20);
	belt(0, 5);
	say(BELT_RESET);
	belt(0, 1);
	check(DISPLAY_SESSION_ENDED);
	belt(0, 100);
	CU_ASSERT_EQUAL(begun, 1);
}

/* Some machines say it just after the start: the run must not be lost. */
static void test_5_1_2ada_01_on_a_moving_belt_begins_anew(void)
{
	start();
	belt(5, 20);
	say(BELT_RESET);
	belt(5, 1);
	check(DISPLAY_SESSION_ENDED);
	belt(5, 10);
	check(DISPLAY_SESSION_RUNNING);
	CU_ASSERT_EQUAL(session.number, 2);
	CU_ASSERT_EQUAL(session.elapsed_s, 10);
}

static void test_5_1_ends_10_s_after_2ada_02_01(void)
{
	start();
	belt(5, 20);
	say(BELT_STOPPED);
	belt(2, 4);
	belt(0, 5);
	check(DISPLAY_SESSION_PAUSED);
	belt(0, 1);
	check(DISPLAY_SESSION_ENDED);
}

static void test_5_1_2ada_02_01_waits_for_a_belt_that_coasts(void)
{
	start();
	belt(5, 20);
	say(BELT_STOPPED);
	belt(2, 15);
	check(DISPLAY_SESSION_RUNNING);
	belt(0, 1);
	check(DISPLAY_SESSION_ENDED);
}

/* Mobvoi says 02 01 when it starts: ftms.md section 4 */
static void test_ftms_4_2ada_02_01_used_as_start(void)
{
	start();
	belt(5, 1);
	say(BELT_STOPPED);
	belt(5, 120);
	check(DISPLAY_SESSION_RUNNING);
	belt(0, 59);
	check(DISPLAY_SESSION_PAUSED);
	belt(0, 1);
	check(DISPLAY_SESSION_ENDED);
}

static void test_5_1_2ada_02_01_and_on_again(void)
{
	start();
	belt(5, 20);
	say(BELT_STOPPED);
	belt(0, 5);
	belt(5, 20);
	check(DISPLAY_SESSION_RUNNING);
	belt(0, 30);
	check(DISPLAY_SESSION_PAUSED);
	CU_ASSERT_EQUAL(begun, 1);
}

static void test_5_1_input_end(void)
{
	start();
	belt(5, 20);
	session_plan_end(&session, input.t_us + 30 * SECOND);
	belt(5, 29);
	check(DISPLAY_SESSION_RUNNING);
	belt(5, 1);
	check(DISPLAY_SESSION_ENDED);
	belt(5, 100); /* the belt has to stop before the next one */
	check(DISPLAY_SESSION_ENDED);
	belt(0, 2);
	belt(5, 1);
	CU_ASSERT_EQUAL(session.number, 2);
	belt(5, 100); /* and the plan was that one's */
	check(DISPLAY_SESSION_RUNNING);
}

static void test_5_1_input_end_before_the_first_step(void)
{
	start();
	session_plan_end(&session, input.t_us + 30 * SECOND);
	belt(0, 10);
	belt(5, 19);
	check(DISPLAY_SESSION_RUNNING);
	belt(5, 1);
	check(DISPLAY_SESSION_ENDED);
	start();
	session_plan_end(&session, input.t_us + 30 * SECOND);
	belt(0, 60);
	belt(5, 100);
	check(DISPLAY_SESSION_RUNNING);
}

static void test_7_ends_after_300_s_of_silence(void)
{
	start();
	belt(5, 20);
	belt(NAN, 299);
	check(DISPLAY_SESSION_RUNNING);
	belt(NAN, 1);
	check(DISPLAY_SESSION_ENDED);
	belt(5, 1); /* it moves: the next one */
	CU_ASSERT_EQUAL(session.number, 2);
}

static void test_5_1_a_machine_that_falls_silent_once_it_stands(void)
{
	start();
	belt(5, 20);
	belt(0, 3);
	belt(NAN, 56);
	check(DISPLAY_SESSION_PAUSED);
	belt(NAN, 1);
	check(DISPLAY_SESSION_ENDED);
}

static void test_5_1_the_safety_key_alone_ends_nothing(void)
{
	start();
	belt(5, 20);
	say(BELT_SAFETY_KEY);
	belt(0, 59);
	check(DISPLAY_SESSION_PAUSED);
}

static void test_words_without_a_session_mean_nothing(void)
{
	start();
	say(BELT_STOPPED);
	say(BELT_RESET);
	say(BELT_PAUSED);
	belt(5, 40);
	check(DISPLAY_SESSION_RUNNING);
	belt(0, 59);
	check(DISPLAY_SESSION_PAUSED);
	belt(0, 1);
	check(DISPLAY_SESSION_ENDED);
}

/* ---- at the very limits ---------------------------------------------------- */

static void test_5_1_a_belt_that_coasts_for_30_s_did_not_stop(void)
{
	static const struct {
		unsigned coasts_s;
		enum display_session_state state;
	} rows[] = { { 29, DISPLAY_SESSION_ENDED }, { 30, DISPLAY_SESSION_PAUSED } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		belt(8, 100);
		say(BELT_STOPPED);
		belt(8, rows[i].coasts_s);
		belt(0, 10);
		check(rows[i].state);
	}
}

/* A plan is for the run that it was made in. */
static void test_5_1_a_planned_end_goes_with_its_session(void)
{
	start();
	belt(8, 10);
	session_plan_end(&session, input.t_us + 100 * SECOND);
	belt(0, 61);
	check(DISPLAY_SESSION_ENDED);
	belt(8, 200);
	check(DISPLAY_SESSION_RUNNING);
}

static void test_5_1_the_slowest_belt_moves(void)
{
	start();
	belt(8, 10);
	belt(0.8, 100);
	belt(0, 59);
	check(DISPLAY_SESSION_PAUSED);
	belt(0, 2);
	check(DISPLAY_SESSION_ENDED);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "2.8 Froude numbers", test_2_8_froude_numbers_of_1_75_m },
		{ "5.1 gait", test_5_1_gait_table },
		{ "5.1 gait: height", test_5_1_height_moves_the_unknown_band },
		{ "5.1 gait: 5 s", test_5_1_cadence_must_last_5_s },
		{ "7 gait without speed", test_7_without_speed_gait_is_unknown },
		{ "5.1 begins at 0.8", test_5_1_begins_at_0_8 },
		{ "5.1 pauses, resumes", test_5_1_pauses_below_0_8_and_resumes },
		{ "5.1 run, walk, elapsed", test_5_1_counts_run_walk_and_elapsed },
		{ "5.5.16 run time", test_5_5_16_run_time_counts_from_the_declaration },
		{ "7 off the belt", test_7_off_the_belt_no_time_counts },
		{ "7 silence", test_7_silence_counts_no_time },
		{ "5.1 end: 60 s", test_5_1_ends_60_s_after_the_belt_stopped },
		{ "5.1 end: 60 s, whole",
		  test_5_1_stopped_in_mid_second_ends_no_sooner },
		{ "5.1 end: 60 s in a row", test_5_1_a_shuffle_starts_the_60_s_anew },
		{ "5.1 end: the setting", test_5_1_the_60_s_are_a_setting },
		{ "5.1 end: 02 02 + 300 s", test_5_1_ends_300_s_after_2ada_02_02 },
		{ "5.1 end: a longer setting",
		  test_5_1_a_longer_setting_holds_in_a_pause_too },
		{ "5.1 end: no pause after all",
		  test_ftms_4_2ada_02_02_that_did_not_pause },
		{ "5.1 end: resumed",
		  test_5_1_resumed_after_2ada_02_02_is_60_s_again },
		{ "5.1 end: 01", test_5_1_ends_at_2ada_01 },
		{ "5.1 end: 01 while moving",
		  test_5_1_2ada_01_on_a_moving_belt_begins_anew },
		{ "5.1 end: 02 01 + 10 s", test_5_1_ends_10_s_after_2ada_02_01 },
		{ "5.1 end: 02 01, coasting",
		  test_5_1_2ada_02_01_waits_for_a_belt_that_coasts },
		{ "ftms.md 4: 02 01 as start", test_ftms_4_2ada_02_01_used_as_start },
		{ "5.1 end: 02 01, on again", test_5_1_2ada_02_01_and_on_again },
		{ "5.1 end: input end", test_5_1_input_end },
		{ "5.1 end: told early", test_5_1_input_end_before_the_first_step },
		{ "7 end: silence", test_7_ends_after_300_s_of_silence },
		{ "5.1 end: stood, then silent",
		  test_5_1_a_machine_that_falls_silent_once_it_stands },
		{ "5.1 safety key", test_5_1_the_safety_key_alone_ends_nothing },
		{ "words without a session",
		  test_words_without_a_session_mean_nothing },
		{ "5.1 a belt that coasts for 30 s",
		  test_5_1_a_belt_that_coasts_for_30_s_did_not_stop },
		{ "5.1 a planned end goes", test_5_1_a_planned_end_goes_with_its_session },
		{ "5.1 the slowest belt moves", test_5_1_the_slowest_belt_moves },
		CU_TEST_INFO_NULL,
	};

	return suite_run("session", tests);
}
