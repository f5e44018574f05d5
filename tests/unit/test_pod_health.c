/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * From a foot pod's bytes to what is said of the pod: how it was, at the end of
 * the session and not before; and which one is the runner's, question, answer
 * and cadence.
 */
#include "daemon/devices/intake.h"
#include "protocol/ant.h"
#include "protocol/ftms.h"
#include "protocol/sdm.h"
#include "tests/unit/suite.h"
#include "tests/unit/track.h"

#include <math.h>
#include <string.h>

#define SECOND 1000000ull

struct pod {
	unsigned unit;
	uint8_t number; /* of the device */
	double kmh, spm;
	int8_t dbm;
	enum sdm_battery battery;
	enum sdm_location location;
};

static struct track track;
static struct intake *intake;

static void start(void)
{
	struct runner nobody = track_nobody();

	track_open(&track, rules_shipped(), &nobody);
	intake = intake_new(track.pipeline);
	CU_ASSERT_PTR_NOT_NULL_FATAL(intake);
}

static void stop(void)
{
	intake_free(intake);
	track_close(&track);
}

static void send_belt(uint64_t t_us, double kmh)
{
	uint16_t speed = (uint16_t)lround(kmh * 100);
	struct source_event event = {
		.t_us = t_us, .device = SOURCE_TREADMILL, .unit = 1,
		.kind = SOURCE_NOTIFY, .uuid = FTMS_UUID_TREADMILL_DATA, .length = 4,
		.bytes = { 0, 0, (uint8_t)speed, (uint8_t)(speed >> 8) },
	};

	intake_event(intake, &event);
}

static void send_pod(uint64_t t_us, const struct pod *pod, double kmh)
{
	struct sdm_page2 page2 = {
		.page = 2, .cadence = (uint16_t)lround(kmh > 0 ? pod->spm * 8 : 0),
		.speed = (uint16_t)lround(kmh / 3.6 * 256), .use = kmh > 0,
		.battery = (uint8_t)pod->battery, .location = (uint8_t)pod->location,
	};
	struct ant_data data = {
		.extensions = ANT_EXT_CHANNEL_ID | ANT_EXT_RSSI,
		.device_number = pod->number, .device_type = SDM_DEVICE_TYPE,
		.transmission_type = 5, .rssi_dbm = pod->dbm,
	};
	struct source_event event = {
		.t_us = t_us, .device = SOURCE_FOOTPOD, .unit = pod->unit,
		.kind = SOURCE_ANT,
	};
	struct ant_message message;

	sdm_page2_encode(&page2, data.page);
	ant_data_encode(&data, ANT_BROADCAST_DATA, &message);
	event.length = ant_frame_encode(&message, event.bytes, sizeof(event.bytes));
	CU_ASSERT_TRUE(event.length > 0);
	intake_event(intake, &event);
}

/* The belt at that speed; pods go with it, each at its own when it moves. */
static void run(double kmh, const struct pod *pods, unsigned count, unsigned seconds)
{
	for (unsigned s = 0; s < seconds; s++) {
		send_belt(track.now_us + 100000, kmh);
		for (unsigned quarter = 0; quarter < 4; quarter++) {
			for (unsigned i = 0; i < count; i++)
				send_pod(track.now_us + 200000 + quarter * 250000 - i,
				         &pods[i], kmh > 0 ? pods[i].kmh : 0);
		}
		track.now_us += SECOND;
		pipeline_advance(track.pipeline, track.now_us);
	}
}

static struct pod good_pod(void)
{
	return (struct pod){ .unit = 1, .number = 7, .kmh = 10, .spm = 165,
		             .dbm = -60, .battery = SDM_BATTERY_OK };
}

/* A session of one pod: 300 s of running, then the belt stands. */
static void session(const struct pod *pod)
{
	start();
	run(10, pod, 1, 300);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_RUNNING);
	spoken_check(&track.spoken, "pod-battery-low", "");
	spoken_check(&track.spoken, "pod-signal-weak", "");
	spoken_check(&track.spoken, "pod-location", "");
	run(0, pod, 1, 90);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_ENDED);
}

/* ---- what is counted ------------------------------------------------------ */

static void heard(struct pod_tally *tally, int32_t dbm, unsigned times)
{
	while (times-- > 0)
		pod_tally_rssi(tally, dbm);
}

static void test_a_fifth_was_at_most_so_strong(void)
{
	struct pod_tally tally = { 0 };

	heard(&tally, -70, 160);
	heard(&tally, -86, 39);
	CU_ASSERT_TRUE(isnan(pod_tally_signal_dbm(&tally)));
	heard(&tally, -60, 1);
	CU_ASSERT_DOUBLE_EQUAL(pod_tally_signal_dbm(&tally), -70, 0);
	heard(&tally, -90, 1);
	CU_ASSERT_DOUBLE_EQUAL(pod_tally_signal_dbm(&tally), -86, 0);
}

static void test_not_known_is_no_strength(void)
{
	static const int32_t none[] = { 127, 0, -128, INT32_MIN, INT32_MAX };
	struct pod_tally tally = { 0 };

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		heard(&tally, none[i], 200);
	CU_ASSERT_TRUE(isnan(pod_tally_signal_dbm(&tally)));
	heard(&tally, -127, 200);
	CU_ASSERT_DOUBLE_EQUAL(pod_tally_signal_dbm(&tally), -127, 0);
}

static void said_place(struct pod_tally *tally, enum sdm_location location)
{
	struct sdm_page2 page2 = { .page = 2, .location = (uint8_t)location };
	uint8_t page[SDM_PAGE_SIZE];

	sdm_page2_encode(&page2, page);
	pod_tally_page(tally, page);
}

static void test_one_word_of_a_shoe_is_enough(void)
{
	static const uint8_t page1[SDM_PAGE_SIZE] = { 1, [7] = 0x80 };
	struct pod_tally tally = { 0 };

	for (unsigned i = 0; i < 59; i++)
		said_place(&tally, SDM_LOCATION_OTHER);
	pod_tally_page(&tally, page1);
	CU_ASSERT_FALSE(pod_tally_elsewhere(&tally));
	said_place(&tally, SDM_LOCATION_OTHER);
	CU_ASSERT_TRUE(pod_tally_elsewhere(&tally));
	said_place(&tally, SDM_ANKLE);
	CU_ASSERT_FALSE(pod_tally_elsewhere(&tally));
}

/* ---- what is said, and when ----------------------------------------------- */

static void test_a_good_pod_is_not_talked_of(void)
{
	struct pod pod = good_pod();

	session(&pod);
	spoken_check(&track.spoken, "pod-battery-low", "");
	spoken_check(&track.spoken, "pod-signal-weak", "");
	spoken_check(&track.spoken, "pod-location", "");
	stop();
}

/* The belt stands at 300.1; that is 3 s old at 303.1. */
static void test_a_low_battery_at_the_end(void)
{
	struct pod pod = good_pod();

	pod.battery = SDM_BATTERY_LOW;
	session(&pod);
	spoken_check(&track.spoken, "pod-battery-low", "304 pod-battery-low; 310 expired");
	pod.battery = SDM_BATTERY_NEW;
	run(10, &pod, 1, 100);
	run(0, &pod, 1, 90);
	spoken_check(&track.spoken, "pod-battery-low", "304 pod-battery-low; 310 expired");
	stop();
}

/* It fell silent before the belt stopped, and was the session's all the same. */
static void test_a_battery_that_did_not_last(void)
{
	struct pod pod = good_pod();

	pod.battery = SDM_BATTERY_LOW;
	start();
	run(10, &pod, 1, 100);
	run(10, &pod, 0, 60);
	spoken_check(&track.spoken, "pod-battery-low", "");
	run(0, &pod, 0, 10);
	spoken_check(&track.spoken, "pod-battery-low", "164 pod-battery-low; 170 expired");
	stop();
}

static void test_a_weak_signal_at_the_end(void)
{
	struct pod pod = good_pod();

	pod.dbm = -85;
	session(&pod);
	spoken_check(&track.spoken, "pod-signal-weak", "304 pod-signal-weak; 310 expired");
	/* the next one is counted by itself */
	pod.dbm = -84;
	run(10, &pod, 1, 100);
	run(0, &pod, 1, 90);
	spoken_check(&track.spoken, "pod-signal-weak", "304 pod-signal-weak; 310 expired");
	stop();
}

static void test_the_battery_explains_the_signal(void)
{
	struct pod pod = good_pod();

	pod.dbm = -90;
	pod.battery = SDM_BATTERY_LOW;
	session(&pod);
	spoken_check(&track.spoken, "pod-battery-low", "304 pod-battery-low; 310 expired");
	spoken_check(&track.spoken, "pod-signal-weak", "");
	stop();
}

static void test_elsewhere_matters_if_it_counts_badly(void)
{
	struct pod pod = good_pod();

	pod.location = SDM_LOCATION_OTHER;
	session(&pod);
	spoken_check(&track.spoken, "pod-location", "");
	stop();
	pod.kmh = 7;
	session(&pod);
	spoken_check(&track.spoken, "pod-location", "304 pod-location; 310 expired");
	stop();
}

/* ---- which one is his ----------------------------------------------------- */

static const struct pod twins[] = {
	{ .unit = 2, .number = 11, .kmh = 10, .spm = 160, .dbm = -60 },
	{ .unit = 3, .number = 12, .kmh = 10, .spm = 176, .dbm = -60 },
};

static void ask_about_twins(void)
{
	start();
	run(0, twins, 2, 20);
	run(10, twins, 2, 30);
	CU_ASSERT_STRING_EQUAL(track.spoken.last.rule, "ask-pod");
	CU_ASSERT_TRUE(track.spoken.live);
	CU_ASSERT_EQUAL_FATAL(track.spoken.last.ask.choice_count, 3);
	CU_ASSERT_FALSE(track.metrics.present & DISPLAY_CADENCE);
}

static void answer(const char *text)
{
	struct source_event event = {
		.t_us = track.now_us, .device = SOURCE_INPUT, .unit = 1,
		.kind = SOURCE_REQUEST,
		.request = { .type = DISPLAY_REQUEST_INPUT,
		             .input = DISPLAY_INPUT_ANSWER,
		             .id = track.spoken.last.id },
	};
	const struct display_ask *ask = &track.spoken.last.ask;
	bool offered = false;

	for (size_t i = 0; i < ask->choice_count; i++) {
		if (strcmp(ask->choices[i].text, text) != 0)
			continue;
		event.request.value = ask->choices[i].value;
		offered = true;
	}
	CU_ASSERT_TRUE(offered);
	intake_event(intake, &event);
}

static void test_question_answer_cadence(void)
{
	ask_about_twins();
	answer("12");
	run(10, twins, 2, 20);
	CU_ASSERT_TRUE(track.metrics.present & DISPLAY_CADENCE);
	CU_ASSERT_EQUAL(track.metrics.cadence_spm, 176);
	CU_ASSERT_FALSE(track.spoken.live);
	stop();
	ask_about_twins();
	answer("11");
	run(10, twins, 2, 20);
	CU_ASSERT_EQUAL(track.metrics.cadence_spm, 160);
	stop();
}

static void test_none_of_these_is_an_answer(void)
{
	uint32_t id;

	ask_about_twins();
	id = track.spoken.last.id;
	answer("None of these");
	run(10, twins, 2, 120);
	CU_ASSERT_FALSE(track.metrics.present & DISPLAY_CADENCE);
	for (size_t i = 0; i < track.spoken.count; i++)
		CU_ASSERT_TRUE(track.spoken.line[i].id <= id ||
		               strcmp(track.spoken.line[i].word, "ask-pod") != 0);
	stop();
}

/* His battery is told, not that of the other who ran beside him. */
static void test_the_health_of_the_one_that_was_chosen(void)
{
	struct pod pods[] = { twins[0], twins[1] };

	pods[1].battery = SDM_BATTERY_LOW;
	for (unsigned chosen = 0; chosen < 2; chosen++) {
		ask_about_twins();
		answer(chosen ? "12" : "11");
		run(10, pods, 2, 50);
		spoken_check(&track.spoken, "pod-battery-low", "");
		run(0, pods, 2, 20);
		spoken_check(&track.spoken, "pod-battery-low",
		             chosen ? "104 pod-battery-low; 110 expired" : "");
		stop();
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "percentile", test_a_fifth_was_at_most_so_strong },
		{ "no strength", test_not_known_is_no_strength },
		{ "place", test_one_word_of_a_shoe_is_enough },
		{ "good", test_a_good_pod_is_not_talked_of },
		{ "battery", test_a_low_battery_at_the_end },
		{ "battery: silent at the end", test_a_battery_that_did_not_last },
		{ "signal", test_a_weak_signal_at_the_end },
		{ "battery and signal", test_the_battery_explains_the_signal },
		{ "elsewhere", test_elsewhere_matters_if_it_counts_badly },
		{ "question, answer, cadence", test_question_answer_cadence },
		{ "none of these", test_none_of_these_is_an_answer },
		{ "health of the chosen", test_the_health_of_the_one_that_was_chosen },
		CU_TEST_INFO_NULL,
	};

	return suite_run("pod health", tests);
}
