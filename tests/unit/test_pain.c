/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The whole conversation about pain, through the shipped rules: BR-01 to BR-05
 * and the question. rules.md 5.2, 5.5.2, 5.5.7 and 5.5.8.
 */
#include "tests/unit/suite.h"
#include "tests/unit/track.h"

#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CAP "speed-over-cap-after-pain"

static struct track track;

static void start_as(struct runner runner)
{
	track_open(&track, rules_shipped(), &runner);
}

static void go(double kmh, double spm, unsigned seconds)
{
	track_go(&track, kmh, 0, spm, seconds);
}

static void tell(enum sample_kind kind, int32_t value)
{
	track_tell(&track, kind, value);
}

static void said(const char *rule, const char *expected)
{
	track_said(&track, rule, expected);
}

/* Running at 10 km/h from 300 on, without a word until 350 */
static void start_running(void)
{
	start_as(track_runner());
	go(5, 115, 60);
	go(8.5, 166, 240);
	go(10, 168, 50);
}

/* ---- BR-05 ---------------------------------------------------------------- */

struct capped {
	int32_t pain;
	double silent_kmh, spoken_kmh;
	const char *text;
};

static void test_br05_40_s_after_the_report(void)
{
	static const struct capped rows[] = {
		/* cap + 0.2 is no fault yet */
		{ 1, 9.2, 9.21, "Your back asked for easy. Stay under 9.0 km/h today." },
		{ 3, 9.2, 9.21, "Your back asked for easy. Stay under 9.0 km/h today." },
		{ 4, 6.2, 6.21, "Your back asked for easy. Stay under 6.0 km/h today." },
		{ 5, 6.2, 6.21, "Your back asked for easy. Stay under 6.0 km/h today." },
		{ 6, 6.2, 6.21, "Your back asked for easy. Stay under 6.0 km/h today." },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start_running();
		tell(SAMPLE_PAIN, rows[i].pain);
		go(rows[i].silent_kmh, 150, 100);
		said(CAP, "");
		start_running();
		tell(SAMPLE_PAIN, rows[i].pain);
		go(rows[i].spoken_kmh, 150, 40);
		CU_ASSERT_STRING_EQUAL(track.spoken.last.text, rows[i].text);
		said(CAP, "390 " CAP);
	}
}

/* 5.5.2: the hold begins 30 s after the report */
static void test_br05_a_false_second_starts_its_hold_anew(void)
{
	start_running();
	tell(SAMPLE_PAIN, 2);
	go(10, 168, 35);
	go(9, 166, 1);
	go(10, 168, 11);
	said(CAP, "397 " CAP);
}

static void test_br05_80_percent_is_less_than_6_km_h(void)
{
	start_as(track_runner());
	go(7, 125, 100); /* a fast walk: 80 % is 5.6 */
	tell(SAMPLE_PAIN, 4);
	go(5.8, 118, 60);
	said(CAP, "");
	start_as(track_runner());
	go(7, 125, 100);
	tell(SAMPLE_PAIN, 4);
	go(5.81, 118, 40);
	said(CAP, "140 " CAP);
}

static void test_br05_each_60_s_three_times_in_a_session(void)
{
	start_running();
	tell(SAMPLE_PAIN, 2);
	go(10, 168, 300); /* to 650: the question, and no answer */
	go(9, 166, 1);
	go(10, 168, 200);
	said(NULL, "350 pain-mild; 380 expired; 390 " CAP "; 420 expired; "
	           "450 " CAP "; 480 expired; 510 " CAP "; 540 expired; "
	           "650 ask-pain; 680 expired");
}

static void test_br05_clears_at_the_cap(void)
{
	start_running();
	tell(SAMPLE_PAIN, 2);
	go(10, 168, 45);
	go(9.1, 166, 5); /* less than 0.2 above it is not at it */
	go(9, 166, 5);
	said(CAP, "390 " CAP "; 401 condition");
}

static void test_br05_after_br02_silent_while_speed_falls(void)
{
	start_running();
	tell(SAMPLE_PAIN, 6);
	for (unsigned i = 0; i < 70; i++)
		go(10 - 0.05 * i, 168, 1); /* 0.5 km/h in 10 s, to 6.55 at 419 */
	go(6.5, 150, 30);
	/* the last fall of 0.5 in 10 s ends at 420; 6.5 goes on */
	said(CAP, "432 " CAP);
	start_running();
	tell(SAMPLE_PAIN, 3); /* only after BR-02 */
	for (unsigned i = 0; i < 45; i++)
		go(12 - 0.05 * i, 168, 1);
	said(CAP, "390 " CAP);
}

static void test_br05_the_question_lifts_the_walk(void)
{
	start_running();
	tell(SAMPLE_PAIN, 5);
	go(5.5, 115, 125); /* asked at 470 */
	tell(SAMPLE_ANSWER, 3);
	go(8.2, 166, 100); /* 80 % of 10 */
	said(NULL, "350 pain-moderate; 380 expired; 470 ask-pain; "
	           "475 acknowledged; 475 pain-mild; 505 expired");
	start_running();
	tell(SAMPLE_PAIN, 5);
	go(5.5, 115, 125);
	tell(SAMPLE_ANSWER, 0);
	go(8.3, 166, 40);
	said(CAP, "515 " CAP);
}

/* No answer, no jog; and told again while he walks as he was told to, the cap
 * is of the run, not of the walk. */
static void test_br05_moderate_until_it_is_answered(void)
{
	start_running();
	tell(SAMPLE_PAIN, 5);
	go(5.5, 115, 160);
	go(6.3, 120, 20);
	said(CAP, "521 " CAP);
	start_running();
	tell(SAMPLE_PAIN, 5);
	go(5.9, 115, 125);
	tell(SAMPLE_ANSWER, 4);
	go(5.9, 115, 110);
	said(NULL, "350 pain-moderate; 380 expired; 470 ask-pain; "
	           "475 acknowledged; 475 pain-moderate; 505 expired");
}

static void test_br05_after_br02_nothing_lifts_the_walk(void)
{
	start_running();
	tell(SAMPLE_PAIN, 2);
	tell(SAMPLE_PAIN, 4);
	go(5.5, 115, 100);
	tell(SAMPLE_PAIN, 1);
	go(6.3, 120, 41);
	said(CAP, "490 " CAP);
}

static void test_br05_a_report_of_0_takes_nothing_back(void)
{
	start_running();
	tell(SAMPLE_PAIN, 0);
	go(12, 170, 100);
	said(CAP, "");
	start_running();
	tell(SAMPLE_PAIN, 2);
	go(9, 166, 60);
	tell(SAMPLE_PAIN, 0);
	go(9.3, 166, 40);
	said(CAP, "450 " CAP);
}

/* What was felt while running is told while standing. */
static void test_br05_pain_told_in_a_pause(void)
{
	start_running();
	go(10, 168, 190); /* on the average of all running nearly 9.2 */
	go(0, NAN, 20);
	tell(SAMPLE_PAIN, 2);
	go(5, 115, 30);
	go(9.2, 166, 11);
	CU_ASSERT_STRING_EQUAL(track.spoken.last.rule, CAP);
	said(CAP, "601 " CAP);
	start_as(track_runner()); /* before the first step: nothing to go by */
	go(0, NAN, 20);
	tell(SAMPLE_PAIN, 2);
	go(5, 115, 200);
	said(NULL, "20 pain-mild; 50 expired");
}

static void test_br05_48_h_after_another_session(void)
{
	static const struct {
		double pain, age_h;
		const char *said;
	} rows[] = {
		{ 2, 20, "371 " CAP }, { 5, 47.8, "371 " CAP }, { 0, 20, "" },
		{ 2, 48, "" }, { 2, NAN, "" }, { NAN, 20, "" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct runner runner = track_runner();

		runner.last_pain = rows[i].pain;
		runner.last_pain_age_h = rows[i].age_h;
		start_as(runner);
		go(5, 115, 60);
		go(9, 166, 300); /* 90 % of the usual 10 */
		go(9.3, 166, 12);
		said(CAP, rows[i].said);
	}
}

static void test_br05_needs_the_belts_own_word(void)
{
	start_running();
	tell(SAMPLE_PAIN, 2);
	go(10, 168, 36);
	track_go(&track, NAN, NAN, 168, 5);
	go(10, 168, 11);
	said(CAP, "402 " CAP); /* held anew from 392 on */
}

/* ---- together ------------------------------------------------------------- */

static void test_a_pain_of_5_then_7(void)
{
	start_running();
	tell(SAMPLE_PAIN, 5);
	go(10, 168, 10);
	tell(SAMPLE_PAIN, 7);
	go(10, 168, 20);
	tell(SAMPLE_ACK, 0);
	go(5, 115, 300); /* no question after it */
	said(NULL, "350 pain-moderate; 360 replaced; 360 pain-red-flag; "
	           "380 acknowledged");
}

/* ---- CHK-2 ---------------------------------------------------------------- */

static void start_the_day_after(double pain, double age_h)
{
	struct runner runner = track_runner();

	runner.last_pain = pain;
	runner.last_pain_age_h = age_h;
	start_as(runner);
}

static void test_chk2_asks_once_in_the_next_session(void)
{
	start_the_day_after(2, 20);
	go(0, NAN, 30);
	go(5, 115, 100);
	said(NULL, "45 ask-morning; 75 expired");
	start_the_day_after(2, 48);
	go(5, 115, 100);
	said(NULL, "");
	start_the_day_after(0, 20);
	go(5, 115, 100);
	said(NULL, "");
}

static void test_chk2_an_answer_is_no_report_of_this_session(void)
{
	start_the_day_after(2, 20);
	go(5, 115, 20);
	tell(SAMPLE_ANSWER, 1);
	go(5, 115, 60);
	go(8.5, 166, 300);
	said(NULL, "15 ask-morning; 20 acknowledged");
}

/* BR-23: above the score before the last run, or 4 and more */
static void test_chk2_more_than_before_asks_for_rest(void)
{
	static const struct {
		double last_pain, last_morning;
		int32_t answer;
		const char *said;
	} rows[] = {
		{ 2, 1, 1, "" }, { 2, 1, 2, "21 rest-day-and-week; 33 expired" },
		{ 2, NAN, 2, "" }, { 2, NAN, 3, "21 rest-day-and-week; 33 expired" },
		{ 2, 3, 3, "" }, { 2, 5, 4, "21 rest-day-and-week; 33 expired" },
		{ 4, 1, 6, "1 rest-day-and-week; 13 expired" }, /* said at the start */
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct runner runner = track_runner();

		runner.last_pain = rows[i].last_pain;
		runner.last_pain_age_h = 20;
		runner.last_morning_pain = rows[i].last_morning;
		start_as(runner);
		go(5, 115, 20);
		tell(SAMPLE_ANSWER, rows[i].answer);
		go(5, 115, 60);
		said("rest-day-and-week", rows[i].said);
	}
}

static void test_chk2_waits_for_what_is_unsafe(void)
{
	start_the_day_after(2, 20);
	go(5, 115, 15);
	go(10, 168, 15); /* above the 9.0 of the day after from 16 on */
	said(NULL, "15 ask-morning; 26 replaced; 26 " CAP);
}

/* ---- whatever else is live ------------------------------------------------ */

static uint32_t dice_state;

static uint32_t dice(uint32_t sides)
{
	dice_state = dice_state * 1664525u + 1013904223u;
	return (dice_state >> 8) % sides;
}

/* By the table alone: what must answer this report */
static const char *answer_to(int32_t pain, int32_t before)
{
	if (pain >= 7)
		return "pain-red-flag";
	if (pain == 6 || (pain >= 4 && before >= 0 && pain - before >= 2))
		return "pain-high-or-rising";
	if (pain >= 4)
		return "pain-moderate";
	return pain >= 1 ? "pain-mild" : NULL;
}

static void expect_now(const char *rule, bool was_locked)
{
	if (was_locked || !rule)
		return;
	CU_ASSERT_TRUE(track.spoken.live);
	CU_ASSERT_STRING_EQUAL(track.spoken.last.rule, rule);
	CU_ASSERT_EQUAL(track.spoken.line[track.spoken.count - 1].t_us, track.now_us);
}

static void random_input(int32_t *before)
{
	bool locked = pipeline_is_locked(track.pipeline);
	int32_t pain = (int32_t)dice(11);

	switch (dice(8)) {
	case 0:
		tell(SAMPLE_RED_FLAG, (int32_t)dice(5));
		expect_now("pain-red-flag", locked);
		break;
	case 1:
		tell(SAMPLE_BELT_STATUS, BELT_STARTED);
		tell(SAMPLE_BELT_STATUS, BELT_SAFETY_KEY);
		expect_now("safety-key", locked);
		break;
	case 2:
		tell(SAMPLE_MUTE, (int32_t)dice(5));
		break;
	case 3:
		tell(SAMPLE_ACK, 0);
		break;
	default:
		tell(SAMPLE_PAIN, pain);
		expect_now(answer_to(pain, *before), locked);
		*before = pain;
		break;
	}
}

static void test_answers_at_once_in_random_runs(void)
{
	for (uint32_t seed = 1; seed <= 60; seed++) {
		struct runner runner = track_runner();
		int32_t before = -1;

		dice_state = seed;
		runner.back_pain = seed & 1;
		runner.prompts = (enum runner_prompts)(seed % 3);
		start_as(runner);
		for (unsigned i = 0; i < 40; i++) {
			double kmh = 3 + 0.5 * dice(22);

			track_go(&track, dice(9) ? kmh : NAN, (double)dice(14) - 5,
			         dice(9) ? 110 + 10.0 * dice(9) : NAN, 1 + dice(40));
			random_input(&before);
		}
		track_close(&track);
	}
}

/* BR-09 against a count of its own: said at most 2 s after its hold has run out,
 * if there is room and no gap to keep. */
static void test_decline_is_never_missed_in_random_runs(void)
{
	unsigned owed = 0;

	for (uint32_t seed = 1; seed <= 60; seed++) {
		unsigned held = 0, said_count = 0;
		uint64_t said_us = 0, safety_us = 0;

		dice_state = seed;
		start_running();
		for (unsigned i = 0; i < 30; i++) {
			double kmh = 8 + 0.5 * dice(8), incline = (double)dice(9) - 5;
			unsigned seconds = 1 + dice(60);

			for (unsigned s = 0; s < seconds; s++) {
				bool busy = track.spoken.live &&
				            track.spoken.last.level == DISPLAY_LEVEL_SAFETY;
				uint32_t id = track.spoken.last.id;

				track_go(&track, kmh, incline, 168, 1);
				held = incline <= -3 ? held + 1 : 0;
				if (track.spoken.last.id != id &&
				    track.spoken.last.level == DISPLAY_LEVEL_SAFETY) {
					safety_us = track.now_us;
					if (strcmp(track.spoken.last.rule, "decline") == 0) {
						CU_ASSERT_TRUE(held > 20);
						said_us = track.now_us;
						said_count++;
					}
				}
				if (held < 23 || busy || said_count == 3 ||
				    (said_us && track.now_us - said_us < 302000000u) ||
				    (safety_us && track.now_us - safety_us < 12000000u))
					continue;
				owed++;
				CU_FAIL("BR-09 is owed");
			}
		}
		track_close(&track);
	}
	CU_ASSERT_EQUAL(owed, 0);
}

/* ---- the lock, and a restart ---------------------------------------------- */

static void restart_locked(void)
{
	start_as(track_runner());
	pipeline_restore_lock(track.pipeline);
	CU_ASSERT_TRUE(pipeline_is_locked(track.pipeline));
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_PAUSED);
}

static void test_7_a_restart_leaves_the_lock(void)
{
	restart_locked();
	go(10, 150, 600); /* in the same session */
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_RUNNING);
	CU_ASSERT_EQUAL(track.spoken.count, 1);
	tell(SAMPLE_ACK, 0);
	CU_ASSERT_FALSE(pipeline_is_locked(track.pipeline));
	go(10, 150, 100); /* and it has not been forgotten what it was about */
	said(NULL, "0 pain-red-flag; 600 acknowledged");
}

static void test_7_a_restored_lock_ends_with_its_session(void)
{
	restart_locked();
	go(10, 150, 20);
	go(0, 0, 62); /* stood for 60 s */
	CU_ASSERT_FALSE(pipeline_is_locked(track.pipeline));
	go(10, 150, 20); /* the next runner's */
	said(NULL, "0 pain-red-flag; 81 condition; 93 warm-up; 101 expired");
	restart_locked();
	go(0, NAN, 62);
	said(NULL, "0 pain-red-flag; 61 condition");
	restart_locked(); /* no treadmill is heard for 300 s */
	go(NAN, NAN, 301);
	said(NULL, "0 pain-red-flag; 300 condition");
}

static void test_7_nothing_is_restored_without_a_rule_that_locks(void)
{
	struct runner runner = track_runner();

	track_open(&track, rules_of("rules:\n- {id: a, level: safety, when: red_flag, "
	                            "say: {headline: H, text: T}}"), &runner);
	pipeline_restore_lock(track.pipeline);
	CU_ASSERT_FALSE(pipeline_is_locked(track.pipeline));
	said(NULL, "");
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "BR-05 40 s after the report", test_br05_40_s_after_the_report },
		{ "BR-05 hold", test_br05_a_false_second_starts_its_hold_anew },
		{ "BR-05 80 % below 6 km/h", test_br05_80_percent_is_less_than_6_km_h },
		{ "BR-05 repeat, limit", test_br05_each_60_s_three_times_in_a_session },
		{ "BR-05 clear", test_br05_clears_at_the_cap },
		{ "5.5.8 while speed falls",
		  test_br05_after_br02_silent_while_speed_falls },
		{ "BR-05 asked again", test_br05_the_question_lifts_the_walk },
		{ "BR-05 no answer", test_br05_moderate_until_it_is_answered },
		{ "BR-05 after BR-02", test_br05_after_br02_nothing_lifts_the_walk },
		{ "BR-05 and 0", test_br05_a_report_of_0_takes_nothing_back },
		{ "BR-05 told in a pause", test_br05_pain_told_in_a_pause },
		{ "BR-05 48 h", test_br05_48_h_after_another_session },
		{ "BR-05 belt silent", test_br05_needs_the_belts_own_word },
		{ "5, then 7", test_a_pain_of_5_then_7 },
		{ "CHK-2", test_chk2_asks_once_in_the_next_session },
		{ "CHK-2 answer", test_chk2_an_answer_is_no_report_of_this_session },
		{ "CHK-2 more than before", test_chk2_more_than_before_asks_for_rest },
		{ "CHK-2 gives way", test_chk2_waits_for_what_is_unsafe },
		{ "answers at once, random runs", test_answers_at_once_in_random_runs },
		{ "BR-09, random runs", test_decline_is_never_missed_in_random_runs },
		{ "7 restart: the lock", test_7_a_restart_leaves_the_lock },
		{ "7 restart: its end", test_7_a_restored_lock_ends_with_its_session },
		{ "7 restart: no such rule",
		  test_7_nothing_is_restored_without_a_rule_that_locks },
		CU_TEST_INFO_NULL,
	};

	return suite_run("pain", tests);
}
