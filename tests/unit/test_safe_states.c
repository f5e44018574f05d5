/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The table of rules.md 7, row by row, from bytes to prompts: a treadmill that
 * sends 2ACD and a foot pod that sends 2A53, once a second each.
 */
#include "daemon/devices/intake.h"
#include "tests/unit/suite.h"
#include "tests/unit/track.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SECOND 1000000ull

static struct track track;
static struct intake *intake;

static void start_as(struct runner runner)
{
	track_open(&track, rules_shipped(), &runner);
	intake = intake_new(track.pipeline);
	CU_ASSERT_PTR_NOT_NULL_FATAL(intake);
}

static void start(void)
{
	start_as(track_runner());
}

static void said(const char *rule, const char *expected)
{
	intake_free(intake);
	track_said(&track, rule, expected);
}

static struct source_event event_at(enum source_device device, unsigned milliseconds)
{
	struct source_event event;

	memset(&event, 0, sizeof(event));
	event.t_us = track.now_us + milliseconds * 1000ull;
	event.device = device;
	event.unit = 1;
	return event;
}

static void send_value(enum source_device device, unsigned ms, uint16_t uuid,
                       const uint8_t *bytes, size_t length)
{
	struct source_event event = event_at(device, ms);

	event.kind = SOURCE_NOTIFY;
	event.uuid = uuid;
	event.length = (uint16_t)length;
	memcpy(event.bytes, bytes, length);
	intake_event(intake, &event);
}

static void link_is(enum source_device device, enum display_link_state state)
{
	struct source_event event = event_at(device, 0);

	event.kind = SOURCE_LINK;
	event.link = state;
	intake_event(intake, &event);
}

/* 2ACD, with incline and heart rate where they are not NaN */
static void send_belt(double kmh, double incline, double bpm)
{
	unsigned speed = (unsigned)lround(kmh * 100);
	int slope = isnan(incline) ? 0 : (int)lround(incline * 10);
	uint8_t bytes[12];
	size_t n = 4;

	bytes[0] = isnan(incline) ? 0 : 0x08;
	bytes[1] = (uint8_t)!isnan(bpm);
	bytes[2] = (uint8_t)speed;
	bytes[3] = (uint8_t)(speed >> 8);
	if (!isnan(incline)) {
		bytes[n++] = (uint8_t)slope;
		bytes[n++] = (uint8_t)(slope >> 8);
		bytes[n++] = 0;
		bytes[n++] = 0;
	}
	if (!isnan(bpm))
		bytes[n++] = (uint8_t)lround(bpm);
	send_value(SOURCE_TREADMILL, 100, 0x2acd, bytes, n);
}

/* 2A53 with speed and cadence as the pod counts it */
static void send_rsc(double kmh, double cadence)
{
	unsigned speed = (unsigned)lround(kmh / 3.6 * 256);
	uint8_t bytes[4] = { 0, (uint8_t)speed, (uint8_t)(speed >> 8),
		             (uint8_t)lround(cadence) };

	send_value(SOURCE_FOOTPOD, 350, 0x2a53, bytes, sizeof(bytes));
}

/* One second of a belt, and of a pod that counts steps (RSC); NaN: silent */
static void second(double kmh, double incline, double pod_kmh, double cadence)
{
	if (!isnan(kmh))
		send_belt(kmh, incline, NAN);
	if (!isnan(cadence))
		send_rsc(pod_kmh, cadence);
	track.now_us += SECOND;
	pipeline_advance(track.pipeline, track.now_us);
}

static void go(double kmh, double incline, double cadence, unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++)
		second(kmh, incline, kmh, cadence);
}

/* To second 350 without a word; the next step tip would come at 360. */
static void run_until_350(void)
{
	struct source_event name = event_at(SOURCE_FOOTPOD, 0);

	name.kind = SOURCE_NAME;
	snprintf(name.text, sizeof(name.text), "TICKR X 12"); /* counts steps */
	intake_event(intake, &name);
	go(5, 0, 115, 60);
	go(8.5, 0, 166, 240);
	go(10, 0, 162, 50);
	CU_ASSERT_EQUAL(track.spoken.count, 0);
}

/* ---- cadence missing ------------------------------------------------------ */

static void test_cadence_missing(void)
{
	start();
	run_until_350();
	go(10, 0, NAN, 6);
	CU_ASSERT_FALSE(track.metrics.present & (DISPLAY_CADENCE | DISPLAY_STEP));
	go(10, 0, NAN, 14); /* last heard at 349.35: 15 s later, on the second */
	go(10, 0, 162, 40);
	/* back at 370.35: 10 s of it, then 20 s of hold */
	said(NULL, "365 cadence-lost; 371 expired; 400 cadence-low; 408 expired");
}

static void test_cadence_missing_for_less_than_5_s_is_none(void)
{
	start();
	run_until_350();
	go(10, 0, NAN, 4);
	go(10, 0, 162, 10);
	said(NULL, "360 cadence-low");
}

/* ---- cadence that is none ------------------------------------------------- */

static void test_distrust_opens_the_verdict_again(void)
{
	start();
	run_until_350();
	go(10, 0, 81, 9); /* it counts strides now */
	CU_ASSERT_TRUE(track.metrics.present & DISPLAY_CADENCE);
	go(10, 0, 81, 1);
	CU_ASSERT_FALSE(track.metrics.present & DISPLAY_CADENCE);
	go(10, 0, 81, 2);
	CU_ASSERT_EQUAL(intake_footpod_unit(intake), RSC_UNIT_UNDECIDED);
	go(10, 0, 81, 10); /* 20 s of evidence */
	CU_ASSERT_EQUAL(intake_footpod_unit(intake), RSC_UNIT_STRIDES);
	go(10, 0, 81, 60);
	CU_ASSERT_EQUAL(track.metrics.cadence_spm, 162);
	/* the pod was never lost; nothing was said of steps that were strides */
	CU_ASSERT_TRUE(track.spoken.count > 0);
	CU_ASSERT_STRING_EQUAL(track.spoken.line[0].word, "cadence-low");
	CU_ASSERT_TRUE(track.spoken.line[0].t_us >= 400 * SECOND);
	said("cadence-lost", "");
}

static void test_distrust_leaves_what_is_configured(void)
{
	start();
	run_until_350();
	intake_set_footpod_unit(intake, RSC_UNIT_STEPS, true);
	go(10, 0, 81, 60);
	CU_ASSERT_EQUAL(intake_footpod_unit(intake), RSC_UNIT_STEPS);
	CU_ASSERT_FALSE(track.metrics.present & DISPLAY_CADENCE);
	said("cadence-low", "");
}

/* ---- bad samples ---------------------------------------------------------- */

static void test_every_third_reading_bad_is_missing(void)
{
	start();
	run_until_350();
	for (unsigned i = 0; i < 60; i++)
		second(10, 0, 10, i % 3 == 2 ? 235 : 162);
	CU_ASSERT_FALSE(track.metrics.present & DISPLAY_CADENCE);
	go(10, 0, 162, 60);
	/* too many: 7 of 30 s at 371; and 15 s later */
	CU_ASSERT_TRUE(track.spoken.count > 2);
	said("cadence-lost", "385 cadence-lost; 391 expired");
}

static void test_every_sixth_reading_bad_is_none(void)
{
	start();
	run_until_350();
	for (unsigned i = 0; i < 30; i++)
		second(10, 0, 10, i % 6 == 5 ? 235 : 162);
	said(NULL, "360 cadence-low; 368 expired");
}

/* ---- nobody on the belt --------------------------------------------------- */

static void test_off_the_belt(void)
{
	uint32_t elapsed_s, distance_m;

	start();
	run_until_350();
	for (unsigned i = 0; i < 10; i++)
		second(10, 0, 0, 0);
	elapsed_s = track.metrics.elapsed_s;
	distance_m = track.metrics.distance_m;
	for (unsigned i = 0; i < 60; i++)
		second(10, 0, 0, 0);
	CU_ASSERT_EQUAL(track.metrics.elapsed_s, elapsed_s);
	CU_ASSERT_EQUAL(track.metrics.distance_m, distance_m);
	for (unsigned i = 0; i < 30; i++)
		second(10, -5, 0, 0); /* what is unsafe is said all the same */
	said(NULL, "441 decline");
}

/* ---- the treadmill silent ------------------------------------------------- */

static void test_treadmill_stale_and_lost(void)
{
	struct sample pain = { .kind = SAMPLE_PAIN, .value = 3 };

	start();
	run_until_350(); /* the last frame at 349.1 */
	go(NAN, 0, 162, 3);
	CU_ASSERT_FALSE(track.metrics.present & DISPLAY_SPEED);
	CU_ASSERT_EQUAL(track.link.treadmill, DISPLAY_LINK_STALE);
	go(NAN, 0, 162, 40);
	CU_ASSERT_EQUAL(track.link.treadmill, DISPLAY_LINK_LOST);
	pain.t_us = track.now_us;
	pipeline_feed(track.pipeline, &pain, 1);
	/* and no question 300 s later as long as it is silent */
	for (unsigned i = 0; i < 200; i++)
		second(NAN, 0, 10, 162);
	said(NULL, "360 treadmill-lost; 366 expired; 393 pain-mild; 423 expired");
}

/* The seconds of a gap of 4 s are no seconds of a hold. */
static void test_a_gap_starts_holds_again(void)
{
	start();
	run_until_350();
	go(10, -4, 162, 15);
	go(NAN, -4, 162, 4);
	go(10, -4, 162, 22);
	/* back at 369.1 */
	said("decline", "390 decline");
}

/* ---- pod against belt ----------------------------------------------------- */

static void pod_at(double pod_kmh, unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++)
		second(8.5, 0, pod_kmh, 166);
}

static void test_pod_and_belt_disagree(void)
{
	start();
	run_until_350();
	pod_at(9.8, 29);
	pod_at(9.7, 1);  /* within 15 % */
	pod_at(9.8, 60); /* from 381 on */
	CU_ASSERT_DOUBLE_EQUAL(track.metrics.speed_kmh, 8.5, 1e-9);
	pod_at(8.5, 60);
	pod_at(7.2, 60); /* said once */
	said("pod-belt-disagree", "411 pod-belt-disagree; 417 expired");
	start();
	run_until_350();
	pod_at(0, 100); /* a pod that has no speed to tell */
	said("pod-belt-disagree", "");
}

static void learn(double pod_kmh, double baseline)
{
	struct runner runner = track_nobody();

	runner.height_m = 1.75;
	start_as(runner);
	go(5, 0, 62, 60);
	for (unsigned i = 0; i < 700; i++)
		second(10, 0, pod_kmh, 80); /* strides */
	CU_ASSERT_EQUAL(isnan(pipeline_who(track.pipeline)->baseline_spm),
	                isnan(baseline));
	CU_ASSERT_FALSE(fabs(pipeline_who(track.pipeline)->baseline_spm - baseline) >
	                0.1);
	said("pod-belt-disagree", isnan(baseline) ? "94 pod-belt-disagree; 100 expired"
	                                          : ""); /* behind a tip to warm up */
}

static void test_disagreement_teaches_no_baseline(void)
{
	learn(10, 160);
	learn(12, NAN);
}

/* ---- the incline ---------------------------------------------------------- */

static void read_value(uint16_t uuid, const uint8_t *bytes, size_t length)
{
	struct source_event event = event_at(SOURCE_TREADMILL, 0);

	event.kind = SOURCE_VALUE;
	event.uuid = uuid;
	event.length = (uint16_t)length;
	memcpy(event.bytes, bytes, length);
	intake_event(intake, &event);
}

static void test_incline_missing(void)
{
	static const uint8_t with[8] = { 0x08 }, without[8] = { 0 };
	static const uint8_t none[6] = { 0 };

	start(); /* nothing was ever said of an incline: it is 0 */
	go(5, NAN, 115, 5);
	CU_ASSERT_TRUE(track.metrics.present & DISPLAY_INCLINE);
	said(NULL, "");
	start();
	read_value(0x2acc, without, sizeof(without));
	go(5, NAN, 115, 5);
	CU_ASSERT_TRUE(track.metrics.present & DISPLAY_INCLINE);
	said(NULL, "");
	start();
	read_value(0x2acc, with, sizeof(with));
	go(5, NAN, 115, 5);
	CU_ASSERT_FALSE(track.metrics.present & DISPLAY_INCLINE);
	read_value(0x2ad5, none, sizeof(none)); /* a range of nothing */
	go(5, NAN, 115, 5);
	CU_ASSERT_TRUE(track.metrics.present & DISPLAY_INCLINE);
	said(NULL, "");
}

/* A value that was there and is gone: absent. Steps go on for 60 s if it was
 * 0; what speaks of slopes does not. */
static void test_incline_gone(void)
{
	start();
	run_until_350();
	go(10, NAN, 162, 5);
	CU_ASSERT_FALSE(track.metrics.present & DISPLAY_INCLINE);
	go(10, NAN, 162, 15);
	said("cadence-low", "360 cadence-low; 368 expired");
	start();
	run_until_350();
	go(10, -4, 168, 5);
	go(10, NAN, 168, 120);
	said("decline", "");
}

/* ---- the heart rate ------------------------------------------------------- */

/* 175 is more than 90 % of 190: a hard effort, and no time for tips. */
static void heart_at(double bpm, double other_bpm, unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++) {
		send_belt(10, 0, i % 2 ? bpm : other_bpm);
		send_rsc(10, 162);
		track.now_us += SECOND;
		pipeline_advance(track.pipeline, track.now_us);
	}
}

static void start_with_a_maximum(void)
{
	struct runner runner = track_runner();

	runner.max_hr_bpm = 190;
	start_as(runner);
	run_until_350();
}

static void test_heart_rate_missing_or_flat(void)
{
	start_with_a_maximum();
	heart_at(175, 176, 660);
	said("cadence-low", "");
	start_with_a_maximum();
	heart_at(175, 175, 590);
	CU_ASSERT_TRUE(track.metrics.present & DISPLAY_HEART_RATE);
	heart_at(175, 175, 80); /* from 350.1 on the same: no heart's */
	CU_ASSERT_FALSE(track.metrics.present & DISPLAY_HEART_RATE);
	/* the cue that waited for an easier minute, and 60 s after it */
	said(NULL, "951 posture-rota; 957 expired; 1011 cadence-low; 1019 expired");
	start_with_a_maximum(); /* and without one the rules run */
	go(10, 0, 162, 20);
	said("cadence-low", "360 cadence-low; 368 expired");
}

/* ---- two runners ---------------------------------------------------------- */

static void run_at(double spm, unsigned seconds, bool other)
{
	struct track *t = &track;

	go(10, 0, spm, seconds);
	CU_ASSERT_EQUAL(pipeline_values(t->pipeline)->value[METRIC_other_runner] > 0,
	                other);
}

/* 4 times 2.5 % of 162 is 16.2. */
static void test_two_runners(void)
{
	start();
	run_until_350();
	run_at(178, 260, false);
	run_at(180, 180, false);
	run_at(180, 20, true); /* 180 s after the mean came above 178.2 */
	said("cadence-low", "");
}

/* ---- reconnects ----------------------------------------------------------- */

static void test_a_reconnect_starts_holds_again(void)
{
	start();
	run_until_350();
	go(10, -4, 162, 15);
	link_is(SOURCE_TREADMILL, DISPLAY_LINK_LOST);
	link_is(SOURCE_TREADMILL, DISPLAY_LINK_LIVE);
	go(10, -4, 162, 22);
	said("decline", "386 decline");
	start();
	run_until_350();
	go(10, 0, 162, 5);
	link_is(SOURCE_FOOTPOD, DISPLAY_LINK_LOST);
	go(10, 0, 162, 40);
	/* 10 s of good data, and the hold */
	said("cadence-low", "385 cadence-low; 393 expired");
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "cadence missing", test_cadence_missing },
		{ "cadence missing, nearly",
		  test_cadence_missing_for_less_than_5_s_is_none },
		{ "distrust: verdict", test_distrust_opens_the_verdict_again },
		{ "distrust: configured", test_distrust_leaves_what_is_configured },
		{ "a third bad", test_every_third_reading_bad_is_missing },
		{ "a sixth bad", test_every_sixth_reading_bad_is_none },
		{ "off the belt", test_off_the_belt },
		{ "treadmill stale, lost", test_treadmill_stale_and_lost },
		{ "a gap", test_a_gap_starts_holds_again },
		{ "pod against belt", test_pod_and_belt_disagree },
		{ "pod against belt: baseline", test_disagreement_teaches_no_baseline },
		{ "incline missing", test_incline_missing },
		{ "incline gone", test_incline_gone },
		{ "heart rate missing or flat", test_heart_rate_missing_or_flat },
		{ "two runners", test_two_runners },
		{ "reconnect", test_a_reconnect_starts_holds_again },
		CU_TEST_INFO_NULL,
	};

	return suite_run("safe states", tests);
}
