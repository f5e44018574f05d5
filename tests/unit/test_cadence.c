/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which cadence readings are believed: the cadence rows of rules.md 7.
 */
#include "daemon/core/cadence.h"
#include "tests/unit/suite.h"

#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND 1000000u
#define READINGS_PER_S 4
#define TIGHT 1e-9

static struct cadence cadence;
static uint64_t now_us;
static double belt_kmh;
static bool running_speed;

static void start(double kmh, bool runs)
{
	cadence_init(&cadence);
	now_us = 100 * SECOND;
	belt_kmh = kmh;
	running_speed = runs;
}

/* Whole seconds: four readings, then the tick. `bad_of_4` of them are wild. */
static void read_mixed(double spm, unsigned bad_of_4, unsigned seconds)
{
	for (unsigned s = 0; s < seconds; s++) {
		for (unsigned i = 1; i <= READINGS_PER_S; i++) {
			double value = i <= bad_of_4 ? 250 : spm;

			cadence_reading(&cadence, now_us + i * SECOND / 5, value);
		}
		now_us += SECOND;
		cadence_tick(&cadence, now_us, belt_kmh, running_speed);
	}
}

static void read_for(double spm, unsigned seconds)
{
	read_mixed(spm, 0, seconds);
}

static void pass(unsigned seconds)
{
	for (unsigned s = 0; s < seconds; s++) {
		now_us += SECOND;
		cadence_tick(&cadence, now_us, belt_kmh, running_speed);
	}
}

static double spm_now(void)
{
	return cadence_now(&cadence, now_us);
}

static double mean_now(void)
{
	return cadence_mean_30s(&cadence, now_us);
}

static void test_7_nothing_before_the_first_reading(void)
{
	start(10, true);
	pass(3);
	CU_ASSERT_TRUE(isnan(spm_now()));
	CU_ASSERT_TRUE(isnan(mean_now()));
	CU_ASSERT_TRUE(isnan(cadence_gap_s(&cadence, now_us)));
}

static void test_7_missing_after_5_s(void)
{
	start(10, true);
	cadence_reading(&cadence, now_us, 160);
	CU_ASSERT_DOUBLE_EQUAL(cadence_now(&cadence, now_us), 160, TIGHT);
	CU_ASSERT_DOUBLE_EQUAL(cadence_now(&cadence, now_us + 5 * SECOND), 160,
	                       TIGHT);
	CU_ASSERT_TRUE(isnan(cadence_now(&cadence, now_us + 5 * SECOND + 1)));
	CU_ASSERT_DOUBLE_EQUAL(cadence_gap_s(&cadence, now_us + 7 * SECOND), 7,
	                       TIGHT);
}

static void test_7_mean_needs_10_good_seconds(void)
{
	start(10, true);
	read_for(160, 9);
	CU_ASSERT_TRUE(isnan(mean_now()));
	read_for(164, 1);
	CU_ASSERT_DOUBLE_EQUAL(mean_now(), 160.4, 1e-6);
}

static void test_5_1_c30_is_the_mean_of_30_s(void)
{
	start(10, true);
	read_for(150, 20);
	read_for(160, 30);
	CU_ASSERT_DOUBLE_EQUAL(mean_now(), 160, TIGHT);
	read_for(163, 10);
	CU_ASSERT_DOUBLE_EQUAL(mean_now(), 161, 1e-6);
}

static void test_7_resumes_after_10_s_of_good_data(void)
{
	start(10, true);
	read_for(150, 40);
	pass(6);
	CU_ASSERT_TRUE(isnan(mean_now()));
	read_for(166, 9);
	CU_ASSERT_DOUBLE_EQUAL(spm_now(), 166, TIGHT);
	CU_ASSERT_TRUE(isnan(mean_now()));
	read_for(166, 1);
	/* nothing of what was read before the gap is in it */
	CU_ASSERT_DOUBLE_EQUAL(mean_now(), 166, TIGHT);
}

static void test_7_a_gap_between_two_ticks_counts(void)
{
	start(10, true);
	read_for(150, 40); /* the last one at .8 of the last second */
	now_us += 5 * SECOND;
	cadence_tick(&cadence, now_us, belt_kmh, running_speed);
	cadence_reading(&cadence, now_us + 100000, 150);
	CU_ASSERT_TRUE(isnan(cadence_mean_30s(&cadence, now_us + 100000)));
}

static void test_7_out_of_range_is_dropped(void)
{
	static const double wild[] = { 39.9, 230.1, 1, 500 };

	for (size_t i = 0; i < COUNT(wild); i++) {
		start(10, true);
		cadence_reading(&cadence, now_us, wild[i]);
		CU_ASSERT_TRUE(isnan(spm_now()));
	}
	start(10, true);
	cadence_reading(&cadence, now_us, 40);
	CU_ASSERT_DOUBLE_EQUAL(spm_now(), 40, TIGHT);
	start(10, true);
	cadence_reading(&cadence, now_us, 230);
	CU_ASSERT_DOUBLE_EQUAL(spm_now(), 230, TIGHT);
}

static void test_7_jumps_of_more_than_15_percent_in_1_s(void)
{
	static const struct {
		double after_s, spm;
		bool taken;
	} rows[] = {
		{ 0.25, 160 * 1.149, true }, { 0.25, 160 * 1.151, false },
		{ 0.25, 160 * 0.851, true }, { 0.25, 160 * 0.849, false },
		{ 1, 160 * 1.151, false },
		{ 1, 184, true }, { 1, 136, true }, /* 15 % to the bit */
		/* a walker who starts to run: as long as it took */
		{ 2, 160 * 1.29, true }, { 2, 160 * 1.31, false },
		{ 3, 160 * 0.56, true },
		/* nobody knows what happened in 5 s */
		{ 5.1, 80, true },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t later_us;

		start(10, true);
		cadence_reading(&cadence, now_us, 160);
		later_us = now_us + (uint64_t)(rows[i].after_s * SECOND);
		cadence_reading(&cadence, later_us, rows[i].spm);
		CU_ASSERT_DOUBLE_EQUAL(cadence_now(&cadence, later_us),
		                       rows[i].taken ? rows[i].spm : 160, TIGHT);
	}
}

static void test_7_after_5_s_nothing_is_a_jump(void)
{
	start(10, true);
	cadence_reading(&cadence, now_us, 60);
	cadence_reading(&cadence, now_us + 51 * SECOND / 10, 200);
	CU_ASSERT_DOUBLE_EQUAL(cadence_now(&cadence, now_us + 51 * SECOND / 10), 200,
	                       TIGHT);
}

static void test_7_standing_and_starting_is_no_jump(void)
{
	start(0, false);
	read_for(150, 3);
	cadence_reading(&cadence, now_us, 0);
	CU_ASSERT_DOUBLE_EQUAL(spm_now(), 0, TIGHT);
	cadence_reading(&cadence, now_us, 110);
	CU_ASSERT_DOUBLE_EQUAL(spm_now(), 110, TIGHT);
}

static void test_7_more_than_20_percent_bad_in_30_s_is_missing(void)
{
	start(10, true);
	read_for(160, 30);
	read_mixed(160, 2, 12); /* 12 of 30 s half bad: 20 % */
	CU_ASSERT_DOUBLE_EQUAL(spm_now(), 160, TIGHT);
	read_mixed(160, 2, 1);
	CU_ASSERT_TRUE(isnan(spm_now()));
	CU_ASSERT_TRUE(isnan(mean_now()));
	read_for(160, 17);
	CU_ASSERT_TRUE(isnan(spm_now()));
	read_for(160, 1);
	CU_ASSERT_DOUBLE_EQUAL(spm_now(), 160, TIGHT);
	CU_ASSERT_TRUE(isnan(mean_now()));
	read_for(160, 9);
	CU_ASSERT_DOUBLE_EQUAL(mean_now(), 160, TIGHT);
}

static void test_7_bad_readings_do_not_keep_cadence_alive(void)
{
	start(10, true);
	read_for(160, 30);
	read_for(300, 5);
	CU_ASSERT_TRUE(isnan(spm_now()));
	CU_ASSERT_DOUBLE_EQUAL(cadence_gap_s(&cadence, now_us), 5.2, 1e-6);
}

static void test_7_walking_cadence_at_running_speed_is_distrusted(void)
{
	static const struct {
		double spm;
		bool runs, believed;
	} rows[] = {
		{ 84, true, false }, { 60, true, false }, { 115, true, false },
		{ 59, true, true }, { 116, true, true }, { 84, false, true },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start(9, rows[i].runs);
		read_for(rows[i].spm, 9);
		CU_ASSERT_DOUBLE_EQUAL(spm_now(), rows[i].spm, TIGHT);
		read_for(rows[i].spm, 1);
		CU_ASSERT_EQUAL(isnan(spm_now()), !rows[i].believed);
		CU_ASSERT_EQUAL(isnan(mean_now()), !rows[i].believed);
	}
}

static void test_7_trust_returns_after_10_s_and_forgets_the_strides(void)
{
	start(9, true);
	read_for(84, 30);
	CU_ASSERT_TRUE(isnan(spm_now()));
	pass(20); /* silence is no good data */
	read_for(168, 9);
	CU_ASSERT_TRUE(isnan(spm_now()));
	read_for(168, 1);
	CU_ASSERT_DOUBLE_EQUAL(spm_now(), 168, TIGHT);
	CU_ASSERT_DOUBLE_EQUAL(mean_now(), 168, TIGHT);
}

static void test_7_what_was_distrusted_is_in_no_mean(void)
{
	start(9, true);
	read_for(114, 30);
	read_for(131, 9);
	CU_ASSERT_TRUE(isnan(spm_now()));
	read_for(131, 1);
	CU_ASSERT_DOUBLE_EQUAL(mean_now(), 131, TIGHT);
}

static void test_7_silence_earns_no_trust(void)
{
	start(9, true);
	read_for(84, 30);
	running_speed = false;
	pass(20);
	running_speed = true;
	read_for(84, 2);
	CU_ASSERT_TRUE(isnan(spm_now()));
}

static void test_7_a_false_second_resets_distrust(void)
{
	start(9, true);
	read_for(114, 9);
	read_for(116, 1);
	read_for(114, 9);
	CU_ASSERT_DOUBLE_EQUAL(spm_now(), 114, TIGHT);
}

static void test_7_cadence_0_on_a_moving_belt_for_10_s(void)
{
	static const struct {
		double kmh, spm;
		bool off;
	} rows[] = {
		{ 3.1, 0, true }, { 3.0, 0, false }, { 8, 40, false },
		{ NAN, 0, false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start(rows[i].kmh, false);
		read_for(rows[i].spm, 9);
		CU_ASSERT_FALSE(cadence_off_belt(&cadence));
		read_for(rows[i].spm, 1);
		CU_ASSERT_EQUAL(cadence_off_belt(&cadence), rows[i].off);
	}
	start(8, true);
	read_for(0, 12);
	CU_ASSERT_TRUE(isnan(mean_now()));
	read_for(150, 1);
	CU_ASSERT_FALSE(cadence_off_belt(&cadence));
	start(8, true); /* a silent pod is not a still one */
	read_for(0, 2);
	pass(20);
	CU_ASSERT_FALSE(cadence_off_belt(&cadence));
}

static void test_7_skipped_time_is_no_last_minute(void)
{
	start(10, true);
	read_for(150, 30);
	cadence_forget_minutes(&cadence);
	CU_ASSERT_TRUE(isnan(mean_now()));
	read_for(150, 10);
	CU_ASSERT_DOUBLE_EQUAL(mean_now(), 150, TIGHT);
}

/* 3 % up and down from second to second is uneven, unless it is a count's. */
static void read_uneven(unsigned seconds)
{
	for (unsigned s = 0; s < seconds; s++)
		read_for(s % 2 ? 165 : 155, 1);
}

static void test_5_2_a_count_tells_nothing_of_evenness(void)
{
	start(10, true);
	read_uneven(60);
	CU_ASSERT_DOUBLE_EQUAL(cadence_cv_pct(&cadence, now_us), 3.1, 0.1);
	cadence_counted(&cadence, now_us);
	read_uneven(59);
	CU_ASSERT_TRUE(isnan(cadence_cv_pct(&cadence, now_us)));
	read_uneven(1);
	CU_ASSERT_FALSE(isnan(cadence_cv_pct(&cadence, now_us)));
}

/* A pod may miss one second of five, and no more; the last one counts, too. */
static void test_5_2_evenness_is_of_48_seconds_of_60(void)
{
	start(10, true);
	for (unsigned i = 0; i < 12; i++) {
		read_uneven(4);
		pass(1);
	}
	CU_ASSERT_FALSE(isnan(cadence_cv_pct(&cadence, now_us)));
	read_uneven(1);
	CU_ASSERT_FALSE(isnan(cadence_cv_pct(&cadence, now_us)));
	pass(1);
	CU_ASSERT_TRUE(isnan(cadence_cv_pct(&cadence, now_us)));
	start(10, true);
	read_for(160, 59);
	read_for(176, 1);
	CU_ASSERT_DOUBLE_EQUAL(cadence_cv_pct(&cadence, now_us), 1.2, 0.1);
	start(10, true); /* who speeds up evenly is even */
	for (unsigned s = 0; s < 60; s++)
		read_for(150 + 0.25 * s, 1);
	CU_ASSERT_DOUBLE_EQUAL(cadence_cv_pct(&cadence, now_us), 0, 1e-6);
}

/* What comes in pieces for so long has been lost; what is skipped is forgotten. */
static void test_7_a_pod_is_lost_after_24_bad_seconds(void)
{
	start(10, true);
	read_mixed(160, 2, 24);
	CU_ASSERT_DOUBLE_EQUAL(cadence_gap_s(&cadence, now_us), 0.2, 1e-6);
	read_mixed(160, 2, 1);
	CU_ASSERT_DOUBLE_EQUAL(cadence_gap_s(&cadence, now_us), 1.2, 1e-6);
	cadence_forget_minutes(&cadence);
	cadence_reading(&cadence, now_us, 160);
	CU_ASSERT_DOUBLE_EQUAL(cadence_gap_s(&cadence, now_us), 0, 1e-6);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "7 absent before the first", test_7_nothing_before_the_first_reading },
		{ "7 absent when 5 s old", test_7_missing_after_5_s },
		{ "7 mean from 10 good seconds on", test_7_mean_needs_10_good_seconds },
		{ "5.1 c30", test_5_1_c30_is_the_mean_of_30_s },
		{ "7 resume after 10 s", test_7_resumes_after_10_s_of_good_data },
		{ "7 a gap between ticks", test_7_a_gap_between_two_ticks_counts },
		{ "7 below 40, above 230", test_7_out_of_range_is_dropped },
		{ "7 jumps", test_7_jumps_of_more_than_15_percent_in_1_s },
		{ "7 after 5 s no jump", test_7_after_5_s_nothing_is_a_jump },
		{ "7 standing is no jump", test_7_standing_and_starting_is_no_jump },
		{ "7 more than 20 % bad",
		  test_7_more_than_20_percent_bad_in_30_s_is_missing },
		{ "7 bad readings are no sign of life",
		  test_7_bad_readings_do_not_keep_cadence_alive },
		{ "7 60-115 at running speed",
		  test_7_walking_cadence_at_running_speed_is_distrusted },
		{ "7 trust returns",
		  test_7_trust_returns_after_10_s_and_forgets_the_strides },
		{ "7 no mean of distrust", test_7_what_was_distrusted_is_in_no_mean },
		{ "7 silence earns no trust", test_7_silence_earns_no_trust },
		{ "7 distrust needs 10 s in a row", test_7_a_false_second_resets_distrust },
		{ "7 off the belt", test_7_cadence_0_on_a_moving_belt_for_10_s },
		{ "5.2 a count tells nothing of evenness",
		  test_5_2_a_count_tells_nothing_of_evenness },
		{ "5.2 evenness is of 48 seconds of 60",
		  test_5_2_evenness_is_of_48_seconds_of_60 },
		{ "7 lost after 24 bad seconds", test_7_a_pod_is_lost_after_24_bad_seconds },
		{ "7 skipped time", test_7_skipped_time_is_no_last_minute },
		CU_TEST_INFO_NULL,
	};

	return suite_run("cadence", tests);
}
