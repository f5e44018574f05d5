/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Sessions one after the other, and what each leaves for the next: through the
 * whole core, with the history kept as whoever stores it would (rules.md 5.1).
 */
#include "daemon/core/runner_history.h"
#include "tests/unit/suite.h"
#include "tests/unit/track.h"

#include <math.h>
#include <string.h>

#define DAY_S 86400
#define NOON (20000LL * DAY_S + DAY_S / 2)

static struct track track;
static struct runner_session kept[8];
static size_t count;

static void start_as(struct runner runner)
{
	track_open(&track, rules_shipped(), &runner);
	count = 0;
}

static struct runner tall(void)
{
	struct runner runner = track_nobody();

	runner.height_m = 1.75;
	return runner;
}

static void go(double kmh, double spm, unsigned seconds)
{
	track_go(&track, kmh, 0, spm, seconds);
}

/* A run of 20 minutes and its end, `days` after the first; it is kept. */
static void run_on_day(int days, double kmh, double spm)
{
	struct runner_session *s = &kept[count];

	go(5, 115, 60);
	go(kmh, spm, 1140);
	go(0, NAN, 70);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_ENDED);
	CU_ASSERT_TRUE_FATAL(pipeline_kept(track.pipeline, s));
	s->start_s += NOON + (int64_t)days * DAY_S;
	s->pain_s += NOON + (int64_t)days * DAY_S;
	count++;
}

/* What the history says is known from the next session on. */
static void know(int days)
{
	struct runner runner = tall();

	runner_learn(&runner, kept, count, NOON + (int64_t)days * DAY_S, 0);
	pipeline_know(track.pipeline, &runner);
}

static const struct runner *who(void)
{
	return pipeline_who(track.pipeline);
}

static void test_two_sessions_make_a_line(void)
{
	start_as(tall());
	run_on_day(0, 9, 160);
	CU_ASSERT_EQUAL(kept[0].run_s, 1140);
	CU_ASSERT_DOUBLE_EQUAL(kept[0].distance_m, 60 * 5 / 3.6 + 1140 * 9 / 3.6, 10);
	CU_ASSERT_DOUBLE_EQUAL(kept[0].run_kmh, 9, 1e-9);
	CU_ASSERT_EQUAL(kept[0].pain, -1);
	CU_ASSERT_EQUAL(kept[0].morning_pain, -1);
	know(2);
	CU_ASSERT_TRUE(isnan(who()->baseline_spm));
	CU_ASSERT_EQUAL(who()->sessions, 1);
	CU_ASSERT_DOUBLE_EQUAL(who()->usual_kmh, 9, 1e-9);
	run_on_day(2, 12, 169);
	know(4);
	CU_ASSERT_DOUBLE_EQUAL(runner_line_spm(who(), 10, 0), 163, 0.1);
	CU_ASSERT_DOUBLE_EQUAL(who()->dose_pct, 2.5, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(who()->longest_30d_m, kept[1].distance_m, 1e-9);
	/* and by his line he is told, 2.5 % more than 166.0 at 11: 170.2 */
	go(5, 115, 60);
	go(9, 160, 240);
	track.spoken.count = 0;
	go(11, 163, 70);
	CU_ASSERT_STRING_EQUAL(track.spoken.last.rule, "cadence-low");
	CU_ASSERT_DOUBLE_EQUAL(track.spoken.last.args[0].value, 170, 0.5);
	track_close(&track);
}

/* Only minutes from the sixth on, of running, on the level */
static void test_what_teaches(void)
{
	uint32_t seconds = 0;

	start_as(tall());
	go(5, 115, 60);
	go(9, 160, 300);
	go(10, 164, 100);
	track_go(&track, 10, 3, 168, 100);
	go(5, 115, 100);
	go(0, NAN, 70);
	CU_ASSERT_TRUE_FATAL(pipeline_kept(track.pipeline, &kept[0]));
	for (size_t i = 0; i < RUNNER_BINS; i++)
		seconds += kept[0].bins[i].seconds;
	/* gait needs 5 s to change, and a slope is one from its first second */
	CU_ASSERT_TRUE(seconds >= 98 && seconds <= 106);
	track_close(&track);
}

/* What pod and belt disagree about, and what may be another's, is no baseline. */
static void expect_bins(bool some)
{
	bool found = false;

	CU_ASSERT_TRUE_FATAL(pipeline_kept(track.pipeline, &kept[0]));
	for (size_t i = 0; i < RUNNER_BINS; i++)
		found |= kept[0].bins[i].seconds > 0;
	CU_ASSERT_EQUAL(found, some);
}

static void test_doubt_teaches_nothing(void)
{
	struct sample pod = { .kind = SAMPLE_POD_SPEED, .value = 4000 };

	start_as(tall());
	go(10, 164, 600);
	expect_bins(true); /* as far as it goes */
	for (unsigned i = 0; i < 40; i++) {
		pod.t_us = track.now_us;
		pipeline_feed(track.pipeline, &pod, 1);
		go(10, 164, 1);
	}
	expect_bins(false);
	go(0, NAN, 70);
	expect_bins(false);
	track_close(&track);
	start_as(track_runner()); /* 162 at 10 km/h */
	go(10, 164, 600);
	go(10, 182, 210);
	expect_bins(false);
	track_tell(&track, SAMPLE_ANSWER, RULE_YES);
	expect_bins(true);
	track_close(&track);
	start_as(track_runner());
	go(10, 182, 300);
	track_tell(&track, SAMPLE_ANSWER, RULE_NO);
	CU_ASSERT_TRUE(isnan(who()->baseline_spm));
	CU_ASSERT_FALSE(pipeline_kept(track.pipeline, &kept[0]));
	go(0, NAN, 70);
	CU_ASSERT_FALSE(pipeline_kept(track.pipeline, &kept[0]));
	CU_ASSERT_DOUBLE_EQUAL(who()->baseline_spm, 162, 1e-9); /* he may be back */
	track_close(&track);
}

static void test_pain_is_kept(void)
{
	start_as(tall());
	go(8, 160, 100);
	track_tell(&track, SAMPLE_PAIN, 3);
	run_on_day(0, 8, 160);
	CU_ASSERT_EQUAL(kept[0].pain, 3);
	CU_ASSERT_EQUAL(kept[0].pain_s - kept[0].start_s, 100 - 1);
	know(1);
	CU_ASSERT_DOUBLE_EQUAL(who()->last_pain, 3, 1e-9);
	go(5, 115, 20); /* asked about the morning at 15 */
	track_tell(&track, SAMPLE_ANSWER, 2);
	run_on_day(1, 8, 160);
	CU_ASSERT_EQUAL(kept[1].pain, -1);
	CU_ASSERT_EQUAL(kept[1].morning_pain, 2);
	know(2);
	CU_ASSERT_DOUBLE_EQUAL(who()->last_morning_pain, 2, 1e-9);
	go(8, 160, 100);
	track_tell(&track, SAMPLE_RED_FLAG, 0);
	run_on_day(2, 8, 160);
	CU_ASSERT_EQUAL(kept[2].pain, 10);
	track_close(&track);
}

/* BR-24: said at 500 km, and again 100 km later */
static void test_shoes_over_sessions(void)
{
	static const struct {
		double shoe_km, told_km;
		bool said;
	} rows[] = {
		{ 499, NAN, false }, { 501, NAN, true }, { 560, 501, false },
		{ 601, 501, true }, { 850, NAN, true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct runner runner = tall();

		runner.shoe_km = rows[i].shoe_km;
		runner.shoe_told_km = rows[i].told_km;
		start_as(runner);
		go(8, 160, 300);
		go(5, 115, 150); /* a cool-down: nothing goes before the shoes */
		go(0, NAN, 70);
		CU_ASSERT_TRUE(pipeline_kept(track.pipeline, &kept[0]));
		CU_ASSERT_EQUAL(kept[0].told_of_shoes, rows[i].said);
		runner_wear(&runner, &kept[0]);
		CU_ASSERT_TRUE(!rows[i].said ||
		               fabs(runner.shoe_told_km - rows[i].shoe_km) < 1e-9);
		track_close(&track);
	}
}

/* A restart in the middle: what is kept is of the whole, and counted once. */
static void test_goes_on_after_a_restart(void)
{
	static const struct display_metrics shown = {
		.elapsed_s = 1500, .elevation_gain_m = 40, .energy_kcal = 200,
	};
	struct runner_session before, whole, *now = &kept[0];

	start_as(tall());
	go(5, 115, 60);
	go(9, 160, 1140);
	track_tell(&track, SAMPLE_PAIN, 3);
	go(9, 160, 300);
	CU_ASSERT_TRUE_FATAL(pipeline_kept(track.pipeline, &before));
	go(9, 160, 300);
	CU_ASSERT_TRUE_FATAL(pipeline_kept(track.pipeline, &whole));
	track_close(&track);
	start_as(tall());
	pipeline_resume(track.pipeline, NULL, &before, &shown);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_PAUSED);
	CU_ASSERT_EQUAL(track.session.elapsed_s, 1500);
	/* the belt's own counts are of its whole life */
	track_tell(&track, SAMPLE_ELEVATION_GAIN, 7000);
	track_tell(&track, SAMPLE_ENERGY, 900);
	go(9, 160, 300);
	track_tell(&track, SAMPLE_ELEVATION_GAIN, 7050);
	track_tell(&track, SAMPLE_ENERGY, 930);
	CU_ASSERT_EQUAL(track.metrics.elevation_gain_m, 40 + 5);
	CU_ASSERT_EQUAL(track.metrics.energy_kcal, 200 + 30);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_RUNNING);
	CU_ASSERT_TRUE_FATAL(pipeline_kept(track.pipeline, now));
	CU_ASSERT_DOUBLE_EQUAL(now->distance_m, whole.distance_m, 10);
	CU_ASSERT_TRUE(now->run_s <= whole.run_s && now->run_s + 10 >= whole.run_s);
	CU_ASSERT_DOUBLE_EQUAL(now->run_kmh, 9, 1e-9);
	CU_ASSERT_EQUAL(now->pain, 3);
	for (size_t i = 0; i < RUNNER_BINS; i++) {
		CU_ASSERT_TRUE(now->bins[i].seconds <= whole.bins[i].seconds);
		CU_ASSERT_TRUE(now->bins[i].seconds + 10 >= whole.bins[i].seconds);
	}
	CU_ASSERT_EQUAL(track.metrics.elapsed_s, 1500 + 300);
	track_close(&track);
	/* nobody moves on: it ends, as it stood */
	start_as(tall());
	pipeline_resume(track.pipeline, NULL, &before, &shown);
	go(0, NAN, 70);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_ENDED);
	CU_ASSERT_TRUE_FATAL(pipeline_kept(track.pipeline, now));
	CU_ASSERT_DOUBLE_EQUAL(now->distance_m, before.distance_m, 1);
	track_close(&track);
}

static void test_nothing_to_keep(void)
{
	start_as(tall());
	CU_ASSERT_FALSE(pipeline_kept(track.pipeline, &kept[0]));
	go(0, NAN, 30);
	CU_ASSERT_FALSE(pipeline_kept(track.pipeline, &kept[0]));
	track_close(&track);
}

/* ---- this session's own line ------------------------------------------------- */

static void test_own_line_of_minutes_6_to_12(void)
{
	start_as(tall());
	go(5, 115, 60);
	go(9, 190, 300); /* before */
	go(9, 160, 179);
	go(11, 166, 179);
	CU_ASSERT_TRUE(isnan(who()->baseline_spm));
	go(11, 166, 5);
	CU_ASSERT_DOUBLE_EQUAL(runner_line_spm(who(), 9, 0), 160, 0.2);
	CU_ASSERT_DOUBLE_EQUAL(runner_line_spm(who(), 11, 0), 166, 0.2);
	go(11, 150, 300); /* nothing later */
	CU_ASSERT_DOUBLE_EQUAL(runner_line_spm(who(), 11, 0), 166, 0.2);
	track_close(&track);
}

/* With a history the line is of the history; without a height there is none. */
static void test_own_line_of_whom(void)
{
	struct runner runners[] = { tall(), tall(), tall(), track_nobody() };
	static const bool learns[] = { true, false, false, false };

	runners[1].sessions = 1;
	runners[2].usual_kmh = 10;
	for (size_t i = 0; i < 4; i++) {
		start_as(runners[i]);
		go(9, 160, 800);
		CU_ASSERT_EQUAL(!isnan(who()->baseline_spm), learns[i]);
		track_close(&track);
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "two sessions make a line", test_two_sessions_make_a_line },
		{ "what teaches", test_what_teaches },
		{ "doubt teaches nothing", test_doubt_teaches_nothing },
		{ "pain is kept", test_pain_is_kept },
		{ "BR-24 over sessions", test_shoes_over_sessions },
		{ "goes on after a restart", test_goes_on_after_a_restart },
		{ "nothing to keep", test_nothing_to_keep },
		{ "5.1 own line: minutes 6 to 12", test_own_line_of_minutes_6_to_12 },
		{ "5.1 own line: of whom", test_own_line_of_whom },
		CU_TEST_INFO_NULL,
	};

	return suite_run("learning", tests);
}
