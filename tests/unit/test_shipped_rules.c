/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The shipped rules, one by one: the second at which each speaks, and the near
 * miss in which it is silent. rules.md 5.2.
 */
#include "tests/unit/suite.h"
#include "tests/unit/track.h"

#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct track track;

static void start_as(struct runner runner)
{
	track_open(&track, rules_shipped(), &runner);
}

static void start(void)
{
	start_as(track_runner());
}

static void go(double kmh, double incline, double spm, unsigned seconds)
{
	track_go(&track, kmh, incline, spm, seconds);
}

static void said(const char *rule, const char *expected)
{
	track_said(&track, rule, expected);
}

static void tell(enum sample_kind kind, int32_t value)
{
	track_tell(&track, kind, value);
}

/* To second 300 without a word, at a cadence that is fine */
static void ease_in(void)
{
	go(5, 0, 115, 60);
	go(8.5, 0, 166, 240);
}

/* ---- BR-13 cadence-low ---------------------------------------------------- */

static void test_br13_fires_20_s_after_all_its_gates_are_open(void)
{
	start();
	ease_in();
	go(10, 0, 162, 1000);
	/* the step at 300 settles at 340; 120 s, then 240 s, then muted */
	said("cadence-low", "360 cadence-low; 368 expired; 480 cadence-low; "
	                    "488 expired; 720 cadence-low; 728 expired");
}

static void test_br13_from_the_first_second_on(void)
{
	start();
	go(10, 0, 162, 700);
	/* warm is over at 300; three form prompts in 600 s, and no more, so 611;
	 * but 60 s after any */
	said(NULL, "11 warm-up; 19 expired; 101 warm-up; 109 expired; "
	           "320 cadence-low; 328 expired; 600 posture-rota; 606 expired; "
	           "660 cadence-low; 668 expired");
}

static void test_br13_says_the_target(void)
{
	start();
	ease_in();
	go(10, 0, 162, 61);
	CU_ASSERT_STRING_EQUAL(track.spoken.last.rule, "cadence-low");
	CU_ASSERT_STRING_EQUAL(track.spoken.last.headline, "Quicker, lighter beat");
	CU_ASSERT_STRING_EQUAL(track.spoken.last.text,
	                       "Quicker, lighter beat: aim for 170 steps a minute.");
	CU_ASSERT_EQUAL(track.spoken.last.arg_count, 1);
	CU_ASSERT_STRING_EQUAL(track.spoken.last.args[0].name, "target");
	CU_ASSERT_EQUAL(lround(track.spoken.last.args[0].value), 170);
	CU_ASSERT_EQUAL(track.target.low_spm, 165);
	CU_ASSERT_EQUAL(track.target.high_spm, 178);
	track_close(&track);
}

static void test_br13_praise_after_10_s_back_in_the_band(void)
{
	start();
	ease_in();
	go(10, 0, 162, 70);
	go(10, 0, 168, 200);
	/* c30 >= 0.985 target from 398 on */
	said(NULL, "360 cadence-low; 368 expired; 408 praise-hold; 414 expired");
}

static void test_5_5_4_no_praise_after_a_pain_report(void)
{
	start();
	ease_in();
	go(10, 0, 162, 70);
	tell(SAMPLE_PAIN, 1);
	go(10, 0, 168, 200);
	said("praise-hold", "");
}

/* 97 % of 170.1 is 165.0 */
static void test_br13_near_miss_of_the_condition(void)
{
	start();
	ease_in();
	go(10, 0, 165.2, 359);
	said(NULL, "");
	start();
	ease_in();
	go(10, 0, 164.8, 61);
	said(NULL, "360 cadence-low");
}

static void test_br13_near_miss_of_the_hold(void)
{
	start();
	ease_in();
	go(10, 0, 162, 50);
	go(10, 0, 172, 60); /* c30 is low from 340 to 358 */
	said(NULL, "");
	start();
	ease_in();
	go(10, 0, 162, 52);
	go(10, 0, 172, 10); /* to 360 */
	said(NULL, "360 cadence-low");
}

static void test_br13_anonymous_with_a_height_from_minute_12(void)
{
	struct runner runner = track_nobody();

	runner.height_m = 1.75;
	start_as(runner);
	go(5, 0, 115, 60);
	go(7.5, 0, 160, 240);
	go(10, 0, 160, 60);
	go(10, 0, 164, 180); /* minutes 6 to 12: 160 on the average */
	go(10, 0, 156, 180);
	CU_ASSERT_DOUBLE_EQUAL(pipeline_who(track.pipeline)->baseline_spm, 160, 0.1);
	go(10, 0, 156, 25);
	/* z = -1.1, first session: 2.5 % */
	CU_ASSERT_EQUAL(track.metrics.target_spm, 164);
	said("cadence-low", "740 cadence-low");
}

static void test_br13_anonymous_without_a_height_never(void)
{
	start_as(track_nobody());
	go(5, 0, 115, 60);
	go(7.5, 0, 150, 240);
	go(10, 0, 164, 420);
	go(10, 0, 140, 1000);
	CU_ASSERT_FALSE(track.metrics.present & DISPLAY_TARGET);
	said("cadence-low", "");
}

static void test_br13_never_at_z_0_and_above_without_back_pain(void)
{
	struct runner runner = track_runner();

	runner.baseline_spm = 172; /* z = 0.2 */
	start_as(runner);
	ease_in();
	go(10, 0, 160, 1000); /* 93 % of the own line: not overstriding yet */
	said(NULL, "660 posture-rota; 666 expired; 1140 posture-rota; 1146 expired");
	runner.back_pain = true; /* the target is 5 % above, warm 480 s */
	start_as(runner);
	ease_in();
	go(10, 0, 166, 201);
	said("cadence-low", "500 cadence-low");
}

struct gate {
	const char *what;
	void (*run)(void);
	bool speaks;
};

static void run_plainly(void) { go(10, 0, 162, 400); }
static void walk(void) { go(7.5, 0, 130, 400); }
static void run_below_7(void) { go(6.9, 0, 150, 400); }
static void run_at_7(void) { go(7.0, 0, 150, 400); }
static void run_on_5_percent(void) { go(8.5, 5, 162, 400); }
static void run_on_5_1_percent(void) { go(8.5, 5.1, 162, 400); }
static void run_too_hard(void) { go(11.5, 0, 164, 400); }
static void run_nearly_too_hard(void) { go(11.4, 0, 164, 400); }
static void count_strides(void) { go(10, 0, 81, 400); }

static void change_speed(void)
{
	for (unsigned i = 0; i < 20; i++)
		go(i % 2 ? 10 : 9.5, 0, 160, 20);
}

static void change_slope(void)
{
	for (unsigned i = 0; i < 20; i++)
		go(9.5, i % 2, 160, 20);
}

static void lose_the_pod_now_and_then(void)
{
	for (unsigned i = 0; i < 27; i++) {
		go(10, 0, 162, 9);
		go(10, 0, NAN, 6);
	}
}

static void lose_the_belt_now_and_then(void)
{
	for (unsigned i = 0; i < 20; i++) {
		go(10, 0, 162, 15);
		go(NAN, NAN, 162, 4);
	}
}

static void cool_down(void)
{
	go(11.4, 0, 180, 600);
	go(8.2, 0, 155, 100);
}

static void have_a_high_heart_rate(void)
{
	for (unsigned i = 0; i < 80; i++) {
		tell(SAMPLE_HEART_RATE, 171);
		go(10, 0, 162, 5);
	}
}

static void have_a_fair_heart_rate(void)
{
	for (unsigned i = 0; i < 80; i++) {
		tell(SAMPLE_HEART_RATE, 170);
		go(10, 0, 162, 5);
	}
}

static void run_short_intervals(void)
{
	tell(SAMPLE_INTERVALS, 1);
	for (unsigned i = 0; i < 4; i++) {
		go(5, 0, 115, 20);
		go(10, 0, 162, 100);
	}
}

static void press_the_red_flag(void)
{
	tell(SAMPLE_RED_FLAG, DISPLAY_RED_FLAG_LEG);
	tell(SAMPLE_ACK, 0);
	go(10, 0, 162, 400);
}

static void feel_pain(void)
{
	tell(SAMPLE_PAIN, 1);
	go(10, 0, 162, 400);
}

static void feel_no_pain(void)
{
	tell(SAMPLE_PAIN, 0);
	go(10, 0, 162, 400);
}

static void mute(void)
{
	tell(SAMPLE_MUTE, 7);
	go(10, 0, 162, 400);
}

static void test_5_1_each_gate_alone_silences_cadence_low(void)
{
	static const struct gate gates[] = {
		{ "nothing in its way", run_plainly, true },
		{ "RUN", walk, false },
		{ "v >= 7", run_below_7, false },
		{ "v is 7", run_at_7, true },
		{ "|g| <= 5", run_on_5_1_percent, false },
		{ "g is 5", run_on_5_percent, true },
		{ "settled: speed", change_speed, false },
		{ "settled: slope", change_slope, false },
		{ "good cadence", lose_the_pod_now_and_then, false },
		{ "counted strides", count_strides, false },
		{ "treadmill data", lose_the_belt_now_and_then, false },
		{ "not cool-down", cool_down, false },
		{ "v < 1.15 usual", run_too_hard, false },
		{ "nearly 1.15 usual", run_nearly_too_hard, true },
		{ "HR < 90 % of max", have_a_high_heart_rate, false },
		{ "HR below it", have_a_fair_heart_rate, true },
		{ "bouts of 100 s", run_short_intervals, false },
		{ "red flag", press_the_red_flag, false },
		{ "pain", feel_pain, false },
		{ "pain 0", feel_no_pain, true },
		{ "muted", mute, false },
	};

	for (size_t i = 0; i < COUNT(gates); i++) {
		struct runner runner = track_runner();
		bool spoke = false;

		runner.max_hr_bpm = 190;
		start_as(runner);
		ease_in();
		gates[i].run();
		for (size_t j = 0; j < track.spoken.count; j++)
			spoke |= strcmp(track.spoken.line[j].word, "cadence-low") == 0;
		if (spoke != gates[i].speaks)
			CU_FAIL(gates[i].what);
		track_close(&track);
	}
}

static void test_5_5_10_faded_feedback_is_silent_outside_its_window(void)
{
	struct runner runner = track_runner();

	runner.faded = true; /* session 21: 120 s of each 600 s from 360 on */
	start_as(runner);
	ease_in();
	go(10, 0, 168, 170);
	go(10, 0, 162, 600);
	said(NULL, "360 recall; 368 expired; 660 posture-rota; 666 expired; "
	           "980 cadence-low; 988 expired");
}

static void test_5_5_10_warm_up_is_in_no_window(void)
{
	struct runner runner = track_runner();

	runner.faded = true;
	start_as(runner);
	go(10, 0, 168, 20);
	said(NULL, "11 warm-up; 19 expired");
}

/* ---- BR-14 overstride ----------------------------------------------------- */

/* 162 / 147 = 1.102 */
static void test_br14_replaces_br13(void)
{
	start();
	ease_in();
	go(10, 0, 147, 61);
	CU_ASSERT_STRING_EQUAL(track.spoken.last.text,
	                       "Shorter, quieter steps: let the belt come to you.");
	CU_ASSERT_EQUAL(lround(track.spoken.last.args[0].value), 10); /* cm */
	go(10, 0, 147, 600);
	said("overstride", "360 overstride; 368 expired; 510 overstride; "
	                   "518 expired; 810 overstride; 818 expired");
}

static void test_br14_near_miss_is_br13s(void)
{
	start();
	ease_in();
	go(10, 0, 148, 61);
	said(NULL, "360 cadence-low");
}

static void test_br14_clears_below_106_percent(void)
{
	start();
	ease_in();
	go(10, 0, 146, 62);
	for (unsigned i = 0; i < 120; i++) /* slowly: a step would be uneven */
		go(10, 0, 146 + fmin(i * 0.5, 22), 1);
	/* cleared: c30 is above 162 / 1.06 */
	for (unsigned i = 0; i < 44; i++)
		go(10, 0, 168 - i * 0.5, 1);
	go(10, 0, 146, 100);
	/* c30 below 0.97 x 170 from 502 on, below 162 / 1.10 from 545 on: held at
	 * 565, but 60 s after the other */
	said(NULL, "360 overstride; 368 expired; 522 cadence-low; 530 expired; "
	           "582 overstride; 590 expired");
}

static void test_br14_without_a_baseline_once_after_480_s_of_running(void)
{
	struct runner runner = track_nobody();

	runner.height_m = 1.75;
	start_as(runner);
	go(5, 0, 115, 60);
	go(8, 0, 150, 40);
	go(8, 0, 152, 1000); /* C_pop is 166.9: 1.098 */
	said("overstride", "");
	start_as(runner);
	go(5, 0, 115, 60);
	go(8.5, 0, 150, 500); /* 167.8: 1.118; RUN from 61 on */
	go(8.5, 0, 150, 1000);
	said("overstride", "560 overstride; 568 expired");
}

static void test_br14_without_baseline_and_height_never(void)
{
	start_as(track_nobody());
	go(5, 0, 115, 60);
	go(8.5, 0, 142, 1500);
	said("overstride", "");
}

/* ---- BR-06 speed-jump ----------------------------------------------------- */

static void jump(double from_kmh, double from_spm, double to_kmh)
{
	start();
	go(5, 0, 115, 60);
	go(from_kmh, 0, from_spm, 240);
	go(to_kmh, 0, 166, 30);
}

static void test_br06_speed_jump(void)
{
	jump(8.5, 166, 11);
	said("speed-jump", "304 speed-jump"); /* +2.5, > 0.95 usual, from RUN */
	jump(8.5, 166, 10.9);
	said("speed-jump", "");
	jump(6.4, 150, 8.9);
	said("speed-jump", ""); /* below 9 */
	jump(6.5, 120, 11.1);
	said("speed-jump", "304 speed-jump"); /* from WALK, > 1.1 usual */
	jump(6.5, 120, 11);
	said("speed-jump", "");
}

static void test_br06_not_in_the_first_30_s_nor_in_intervals(void)
{
	start();
	go(6, 0, 120, 20);
	go(12, 0, 170, 30); /* the rise is over before 30 s */
	said("speed-jump", "");
	start();
	tell(SAMPLE_INTERVALS, 1);
	go(5, 0, 115, 60);
	go(8.5, 0, 166, 240);
	go(12, 0, 170, 30);
	said("speed-jump", "");
}

static void test_br06_clears_when_stable_and_repeats_after_120_s(void)
{
	jump(8.5, 166, 11);
	tell(SAMPLE_ACK, 0); /* at 330, expired no sooner */
	go(8, 0, 166, 20);
	go(11, 0, 166, 60); /* 46 s after: too soon */
	go(8, 0, 166, 60);
	go(11, 0, 166, 60);
	said("speed-jump", "304 speed-jump; 330 acknowledged; 474 speed-jump; "
	                   "504 expired");
}

static void test_br06_near_miss_of_the_hold(void)
{
	start();
	ease_in();
	go(11.1, 0, 166, 3);
	go(8.5, 0, 166, 60);
	said("speed-jump", "");
}

/* ---- BR-07 steep-and-fast ------------------------------------------------- */

static void climb(struct runner runner, double kmh, double incline,
                  unsigned seconds)
{
	start_as(runner);
	ease_in();
	go(kmh, incline, 168, seconds);
}

static void test_br07_steep_and_fast(void)
{
	struct runner runner = track_runner();

	climb(runner, 9.9, 6, 60); /* v_eq 12.57, the limit 12.5 */
	said("steep-and-fast", "321 steep-and-fast; 351 expired");
	climb(runner, 9.8, 6, 60); /* 12.45 */
	said("steep-and-fast", "");
	climb(runner, 12, 3.9, 60); /* not steep */
	said("steep-and-fast", "");
	runner.back_pain = true; /* 11.5 */
	climb(runner, 9.1, 6, 60);
	said("steep-and-fast", "321 steep-and-fast; 351 expired");
	climb(runner, 9.0, 6, 60);
	said("steep-and-fast", "");
	runner.back_pain = false;
	runner.novice = true; /* 12.0 */
	climb(runner, 9.5, 6, 60);
	said("steep-and-fast", "321 steep-and-fast; 351 expired");
	climb(runner, 9.4, 6, 60);
	said("steep-and-fast", "");
}

static void test_br07_without_history_12_km_h(void)
{
	struct runner runner = track_nobody();

	climb(runner, 9.45, 6, 60); /* v_eq 12.0015 */
	said("steep-and-fast", "321 steep-and-fast; 351 expired");
	climb(runner, 9.44, 6, 60);
	said("steep-and-fast", "");
}

static void test_br07_clears_and_repeats(void)
{
	climb(track_runner(), 10, 6, 25); /* 321 */
	go(10, 2.9, 166, 60); /* clears at 326 */
	go(10, 6, 166, 150);
	said("steep-and-fast", "321 steep-and-fast; 326 condition; "
	                       "501 steep-and-fast; 531 expired");
}

static void test_br07_not_when_walking(void)
{
	struct runner runner = track_runner();

	runner.usual_kmh = 6;
	start_as(runner);
	go(6.5, 8, 125, 300); /* v_eq 8.84, the limit 7.5 */
	said("steep-and-fast", "");
}

/* ---- BR-09 decline -------------------------------------------------------- */

static void test_br09_decline(void)
{
	struct runner runner = track_runner();

	climb(runner, 9, -3, 60);
	said("decline", "321 decline; 351 expired");
	climb(runner, 9, -2.9, 60);
	said("decline", "");
	runner.back_pain = true;
	climb(runner, 9, -2, 60);
	said("decline", "321 decline; 351 expired");
	climb(runner, 9, -1.9, 60);
	said("decline", "");
}

static void test_br09_clears_repeats_and_is_limited_to_3(void)
{
	climb(track_runner(), 9, -4, 30);
	go(9, -1.9, 166, 30); /* 331: clear */
	go(9, -4, 166, 1500);
	said("decline", "321 decline; 331 condition; 621 decline; 651 expired; "
	                "921 decline; 951 expired");
}

static void test_br09_near_miss_of_the_hold(void)
{
	climb(track_runner(), 9, -4, 20);
	go(9, 0, 166, 60);
	said("decline", "");
}

static void test_br09_not_when_walking(void)
{
	start();
	go(5.5, -5, 118, 300);
	said("decline", "");
}

/* ---- BR-10 incline-jump --------------------------------------------------- */

static void change_incline(double kmh, double spm, double from, double to)
{
	start();
	go(5, from, 115, 60);
	go(kmh, from, spm, 240);
	go(kmh, to, spm, 60);
}

static void test_br10_incline_jump(void)
{
	change_incline(8.5, 166, 0, 4);
	said("incline-jump", "302 incline-jump; 310 expired");
	change_incline(8.5, 166, 0, 3.9);
	said("incline-jump", "");
	change_incline(8.5, 166, 2, -2); /* ends below 0 */
	said("incline-jump", "302 incline-jump; 310 expired");
	change_incline(8.5, 166, 4, 0); /* does not */
	said("incline-jump", "");
	change_incline(6, 125, 0, 5); /* a walk counts too */
	said("incline-jump", "302 incline-jump; 310 expired");
	change_incline(5.9, 125, 0, 5);
	said("incline-jump", "");
}

static void test_br10_a_slow_ramp_is_no_jump(void)
{
	start();
	ease_in();
	for (unsigned i = 0; i <= 40; i++)
		go(8.5, 0.1 * i, 166, 1);
	go(8.5, 4, 166, 60);
	said("incline-jump", "");
}

static void test_br10_repeats_after_120_s(void)
{
	change_incline(8.5, 166, 0, 4); /* 360 */
	go(8.5, 8, 166, 90); /* 361: too soon */
	go(8.5, 12, 166, 60);
	said("incline-jump", "302 incline-jump; 310 expired; 452 incline-jump; "
	                     "460 expired");
}

static void test_br10_silent_after_pain(void)
{
	start();
	ease_in();
	tell(SAMPLE_PAIN, 1);
	go(8.5, 0, 166, 60);
	go(8.5, 5, 166, 60);
	said("incline-jump", "");
}

/* ---- BR-11 warm-up -------------------------------------------------------- */

static void test_br11_a_run_before_120_s_without_60_s_of_walking(void)
{
	start();
	go(8.5, 0, 160, 60);
	said("warm-up", "11 warm-up; 19 expired");
	start();
	go(5, 0, 115, 59);
	go(8.5, 0, 166, 100);
	said("warm-up", "70 warm-up; 78 expired");
	start();
	go(5, 0, 115, 60);
	go(8.5, 0, 166, 400);
	said("warm-up", "");
	start();
	go(5, 0, NAN, 20); /* slow, and no pod: a walk by its Froude number */
	go(7.5, 0, NAN, 90); /* neither */
	go(8.5, 0, NAN, 100); /* RUN from 111 on: held 10 s at 121, too late */
	said("warm-up", "");
}

static void test_br11_b_faster_than_0_9_usual_in_warm_time(void)
{
	start();
	go(5, 0, 115, 60);
	go(9, 0, 166, 300);
	said("warm-up", "");
	start();
	go(5, 0, 115, 60);
	go(9.1, 0, 166, 300);
	said("warm-up", "76 warm-up; 84 expired; 166 warm-up; 174 expired");
}

static void test_br11_b_a_textbook_8_km_h_jog_is_fine(void)
{
	start_as(track_nobody()); /* usual is 9 then */
	go(5, 0, 115, 60);
	go(8, 0, 160, 400);
	said("warm-up", "");
	start_as(track_nobody());
	go(5, 0, 115, 60);
	go(8.5, 0, 160, 30);
	said("warm-up", "76 warm-up; 84 expired");
}

static void test_br11_warm_time_is_480_s_with_back_pain(void)
{
	struct runner runner = track_runner();

	for (int flag = 0; flag < 2; flag++) {
		runner.back_pain = flag;
		start_as(runner);
		go(5, 0, 115, 60);
		go(8.5, 0, 166, 250); /* 310 */
		go(10, 0, 172, 60);
		said("warm-up", flag ? "326 warm-up; 334 expired" : "");
	}
}

static void test_br11_clears_at_0_85_usual(void)
{
	start();
	go(5, 0, 115, 60);
	go(9.5, 0, 166, 18);
	go(8.5, 0, 166, 30);
	said("warm-up", "76 warm-up; 79 condition");
}

static void test_br11_silent_after_pain(void)
{
	start();
	go(5, 0, 115, 10);
	tell(SAMPLE_PAIN, 1);
	go(9.5, 0, 166, 250);
	said("warm-up", "");
}

/* ---- the four answers to pain, and the question --------------------------- */

static void test_br04_pain_mild_and_the_question_300_s_later(void)
{
	start();
	go(5, 0, 115, 100);
	tell(SAMPLE_PAIN, 3);
	go(4.5, 0, 110, 500);
	said(NULL, "100 pain-mild; 130 expired; 400 ask-pain; 430 expired");
}

static void test_br03_pain_moderate_and_the_question_120_s_later(void)
{
	static const int32_t pains[] = { 4, 5 };

	for (size_t i = 0; i < COUNT(pains); i++) {
		start();
		go(5, 0, 115, 100);
		tell(SAMPLE_PAIN, pains[i]);
		go(4, 0, 105, 500);
		said(NULL, "100 pain-moderate; 130 expired; 220 ask-pain; "
		           "250 expired");
	}
}

static void test_br02_pain_high_or_rising_and_no_question(void)
{
	start();
	go(5, 0, 115, 100);
	tell(SAMPLE_PAIN, 6);
	go(5, 0, 115, 500);
	said(NULL, "100 pain-high-or-rising; 130 expired");
	start();
	go(5, 0, 115, 100);
	tell(SAMPLE_PAIN, 2);
	go(5, 0, 115, 20);
	tell(SAMPLE_PAIN, 4); /* 5.5.8: BR-02, not BR-03 */
	go(5, 0, 115, 500);
	said(NULL, "100 pain-mild; 120 replaced; 120 pain-high-or-rising; "
	           "150 expired");
	start();
	go(5, 0, 115, 100);
	tell(SAMPLE_PAIN, 3);
	tell(SAMPLE_PAIN, 4); /* by 1 only */
	go(5, 0, 115, 10);
	said(NULL, "100 pain-mild; 100 replaced; 100 pain-moderate");
}

static void test_br01_red_flag_and_pain_7(void)
{
	start();
	go(10, 0, 162, 100);
	tell(SAMPLE_RED_FLAG, DISPLAY_RED_FLAG_NUMB);
	go(10, 0, 162, 500);
	tell(SAMPLE_PAIN, 8);
	go(10, -5, 162, 100);
	tell(SAMPLE_ACK, 0);
	go(10, -5, 162, 5);
	said(NULL, "11 warm-up; 19 expired; 100 pain-red-flag; 700 acknowledged; "
	           "701 speed-over-cap-after-pain");
	start();
	go(5, 0, 115, 100);
	tell(SAMPLE_PAIN, 7);
	said(NULL, "100 pain-red-flag");
}

static void test_answer_to_ask_pain_is_a_pain_report(void)
{
	start();
	go(5, 0, 115, 100);
	tell(SAMPLE_PAIN, 3);
	go(4.5, 0, 110, 305);
	tell(SAMPLE_ANSWER, 1);
	go(4, 0, 105, 305);
	tell(SAMPLE_ANSWER, 0);
	go(4, 0, 105, 400);
	said(NULL, "100 pain-mild; 130 expired; 400 ask-pain; 405 acknowledged; "
	           "405 pain-mild; 435 expired; 705 ask-pain; 710 acknowledged");
}

static void test_5_5_7_a_new_report_cancels_an_open_question(void)
{
	start();
	go(5, 0, 115, 100);
	tell(SAMPLE_PAIN, 3);
	go(4.5, 0, 110, 305);
	tell(SAMPLE_PAIN, 2);
	go(4, 0, 105, 40);
	said(NULL, "100 pain-mild; 130 expired; 400 ask-pain; 405 condition; "
	           "405 pain-mild; 435 expired");
}

static void test_safety_key(void)
{
	start();
	go(10, 0, 170, 15);
	tell(SAMPLE_BELT_STATUS, BELT_SAFETY_KEY);
	go(0, 0, 0, 40);
	said(NULL, "11 warm-up; 15 replaced; 15 safety-key; 45 expired");
}

/* ---- the system ----------------------------------------------------------- */

static void test_sys1_cadence_lost(void)
{
	start();
	ease_in();
	go(8.5, 0, NAN, 30); /* the last reading at 299.35 */
	go(8.5, 0, 166, 60);
	go(8.5, 0, NAN, 15); /* 389.35 */
	go(8.5, 0, 166, 1);
	go(8.5, 0, NAN, 40); /* 405.35 */
	said(NULL, "315 cadence-lost; 321 expired; 405 cadence-lost; 411 expired");
}

/* Pods sleep when the belt stands, and take a while to wake up. */
static void test_sys1_not_when_the_belt_moves_on(void)
{
	start();
	ease_in();
	go(0, 0, NAN, 50);
	go(8.5, 0, NAN, 10);
	go(8.5, 0, 166, 60);
	said(NULL, "");
	start();
	ease_in();
	go(0, 0, NAN, 50); /* at 350.1 it moves on */
	go(8.5, 0, NAN, 30);
	said(NULL, "366 cadence-lost; 372 expired");
}

static void test_sys1_not_without_a_pod(void)
{
	start();
	go(8.5, 0, NAN, 300);
	said("cadence-lost", "");
}

static void test_sys2_treadmill_lost(void)
{
	start();
	ease_in(); /* the last frame at 299.1 */
	go(NAN, NAN, 166, 4);
	CU_ASSERT_EQUAL(track.link.treadmill, DISPLAY_LINK_STALE);
	CU_ASSERT_FALSE(track.metrics.present & (DISPLAY_SPEED | DISPLAY_TARGET));
	go(NAN, NAN, 166, 26);
	CU_ASSERT_EQUAL(track.link.treadmill, DISPLAY_LINK_LOST);
	go(8.5, 0, 166, 60);
	CU_ASSERT_EQUAL(track.link.treadmill, DISPLAY_LINK_LIVE);
	go(NAN, NAN, 166, 30);
	said(NULL, "310 treadmill-lost; 316 expired; 400 treadmill-lost; 406 expired");
}

static void test_sys2_near_miss_and_silence_about_the_pod(void)
{
	start();
	ease_in();
	go(NAN, NAN, 166, 9);
	go(8.5, 0, 166, 60);
	said(NULL, "");
	start();
	ease_in();
	go(NAN, NAN, NAN, 40); /* both gone: one word is enough */
	said(NULL, "310 treadmill-lost; 316 expired");
}

static void test_sys2_everything_but_the_pain_button_is_off(void)
{
	start();
	ease_in();
	go(9.9, 6, 168, 15); /* steep and fast, not yet for 20 s */
	go(NAN, NAN, 168, 12);
	tell(SAMPLE_PAIN, 2);
	go(NAN, NAN, 168, 5);
	said(NULL, "302 incline-jump; 310 expired; 325 treadmill-lost; 327 replaced; "
	           "327 pain-mild");
}

static void test_sys4_learning(void)
{
	start_as(track_nobody());
	go(0, 0, NAN, 20);
	go(0.7, 0, NAN, 10);
	go(4, 0, 110, 100);
	go(0, 0, 0, 10);
	go(4, 0, 110, 100);
	said(NULL, "31 learning; 37 expired");
	start();
	go(4, 0, 110, 100);
	said(NULL, "");
}

static void test_7_off_the_belt_all_but_safety_is_off(void)
{
	start();
	go(5, 0, 115, 20);
	go(9.5, 0, 0, 80); /* the pod lies beside the belt: no warm-up prompt */
	go(9.5, -5, 0, 30);
	said(NULL, "121 decline");
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "BR-13 fires 20 s after all its gates are open",
		  test_br13_fires_20_s_after_all_its_gates_are_open },
		{ "BR-13 from the first second on", test_br13_from_the_first_second_on },
		{ "BR-13 says the target", test_br13_says_the_target },
		{ "BR-13 praise after 10 s back in the band",
		  test_br13_praise_after_10_s_back_in_the_band },
		{ "5.5.4 no praise after a pain report",
		  test_5_5_4_no_praise_after_a_pain_report },
		{ "BR-13 near miss of the condition",
		  test_br13_near_miss_of_the_condition },
		{ "BR-13 near miss of the hold", test_br13_near_miss_of_the_hold },
		{ "BR-13 anonymous with a height from minute 12",
		  test_br13_anonymous_with_a_height_from_minute_12 },
		{ "BR-13 anonymous without a height never",
		  test_br13_anonymous_without_a_height_never },
		{ "BR-13 never at z 0 and above without back pain",
		  test_br13_never_at_z_0_and_above_without_back_pain },
		{ "5.1 each gate alone silences cadence low",
		  test_5_1_each_gate_alone_silences_cadence_low },
		{ "5.5.10 faded feedback is silent outside its window",
		  test_5_5_10_faded_feedback_is_silent_outside_its_window },
		{ "5.5.10 warm up is in no window", test_5_5_10_warm_up_is_in_no_window },
		{ "BR-14 replaces br13", test_br14_replaces_br13 },
		{ "BR-14 near miss is br13s", test_br14_near_miss_is_br13s },
		{ "BR-14 clears below 106 percent", test_br14_clears_below_106_percent },
		{ "BR-14 without a baseline once after 480 s of running",
		  test_br14_without_a_baseline_once_after_480_s_of_running },
		{ "BR-14 without baseline and height never",
		  test_br14_without_baseline_and_height_never },
		{ "BR-06 speed jump", test_br06_speed_jump },
		{ "BR-06 not in the first 30 s nor in intervals",
		  test_br06_not_in_the_first_30_s_nor_in_intervals },
		{ "BR-06 clears when stable and repeats after 120 s",
		  test_br06_clears_when_stable_and_repeats_after_120_s },
		{ "BR-06 near miss of the hold", test_br06_near_miss_of_the_hold },
		{ "BR-07 steep and fast", test_br07_steep_and_fast },
		{ "BR-07 without history 12 km h", test_br07_without_history_12_km_h },
		{ "BR-07 clears and repeats", test_br07_clears_and_repeats },
		{ "BR-07 not when walking", test_br07_not_when_walking },
		{ "BR-09 decline", test_br09_decline },
		{ "BR-09 clears repeats and is limited to 3",
		  test_br09_clears_repeats_and_is_limited_to_3 },
		{ "BR-09 near miss of the hold", test_br09_near_miss_of_the_hold },
		{ "BR-09 not when walking", test_br09_not_when_walking },
		{ "BR-10 incline jump", test_br10_incline_jump },
		{ "BR-10 a slow ramp is no jump", test_br10_a_slow_ramp_is_no_jump },
		{ "BR-10 repeats after 120 s", test_br10_repeats_after_120_s },
		{ "BR-10 silent after pain", test_br10_silent_after_pain },
		{ "BR-11 a run before 120 s without 60 s of walking",
		  test_br11_a_run_before_120_s_without_60_s_of_walking },
		{ "BR-11 b faster than 0 9 usual in warm time",
		  test_br11_b_faster_than_0_9_usual_in_warm_time },
		{ "BR-11 b a textbook 8 km h jog is fine",
		  test_br11_b_a_textbook_8_km_h_jog_is_fine },
		{ "BR-11 warm time is 480 s with back pain",
		  test_br11_warm_time_is_480_s_with_back_pain },
		{ "BR-11 clears at 0 85 usual", test_br11_clears_at_0_85_usual },
		{ "BR-11 silent after pain", test_br11_silent_after_pain },
		{ "BR-04 pain mild and the question 300 s later",
		  test_br04_pain_mild_and_the_question_300_s_later },
		{ "BR-03 pain moderate and the question 120 s later",
		  test_br03_pain_moderate_and_the_question_120_s_later },
		{ "BR-02 pain high or rising and no question",
		  test_br02_pain_high_or_rising_and_no_question },
		{ "BR-01 red flag and pain 7", test_br01_red_flag_and_pain_7 },
		{ "answer to ask pain is a pain report",
		  test_answer_to_ask_pain_is_a_pain_report },
		{ "5.5.7 a new report cancels an open question",
		  test_5_5_7_a_new_report_cancels_an_open_question },
		{ "safety key", test_safety_key },
		{ "SYS-1 cadence lost", test_sys1_cadence_lost },
		{ "SYS-1 not when the belt moves on",
		  test_sys1_not_when_the_belt_moves_on },
		{ "SYS-1 not without a pod", test_sys1_not_without_a_pod },
		{ "SYS-2 treadmill lost", test_sys2_treadmill_lost },
		{ "SYS-2 near miss and silence about the pod",
		  test_sys2_near_miss_and_silence_about_the_pod },
		{ "SYS-2 everything but the pain button is off",
		  test_sys2_everything_but_the_pain_button_is_off },
		{ "SYS-4 learning", test_sys4_learning },
		{ "7 off the belt all but safety is off",
		  test_7_off_the_belt_all_but_safety_is_off },
		CU_TEST_INFO_NULL,
	};

	return suite_run("shipped rules", tests);
}
