/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * From the events of a source to what a display shows: ftms.md 3, footpods.md
 * 2 and 4, rules.md 7.
 */
#include "daemon/devices/intake.h"
#include "protocol/ant.h"
#include "protocol/ftms.h"
#include "protocol/heart_rate.h"
#include "protocol/rsc.h"
#include "protocol/running_dynamics.h"
#include "protocol/sdm.h"
#include "tests/unit/bytes.h"
#include "tests/unit/suite.h"
#include "tests/unit/track.h"

#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND 1000000ull

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

/* ---- events --------------------------------------------------------------- */

static struct source_event event_of(enum source_device device,
                                    enum source_event_kind kind)
{
	return (struct source_event){
		.t_us = track.now_us, .device = device, .unit = 1, .kind = kind,
	};
}

static void send_bytes(enum source_device device, enum source_event_kind kind,
                       uint16_t uuid, const void *at, size_t length)
{
	struct source_event event = event_of(device, kind);

	event.uuid = uuid;
	event.length = length;
	memcpy(event.bytes, at, length);
	intake_event(intake, &event);
}

static void treadmill(enum source_event_kind kind, uint16_t uuid, const char *hex)
{
	struct bytes bytes = bytes_of(hex);

	send_bytes(SOURCE_TREADMILL, kind, uuid, bytes.at, bytes.length);
}

static void notify(uint16_t uuid, const char *hex)
{
	treadmill(SOURCE_NOTIFY, uuid, hex);
}

static void link_is(enum source_device device, enum display_link_state state)
{
	struct source_event event = event_of(device, SOURCE_LINK);

	event.link = state;
	intake_event(intake, &event);
}

static void name_is(enum source_device device, const char *name)
{
	struct source_event event = event_of(device, SOURCE_NAME);

	snprintf(event.text, sizeof(event.text), "%s", name);
	intake_event(intake, &event);
}

static void belt(uint16_t speed)
{
	uint8_t frame[] = { 0x00, 0x00, (uint8_t)speed, (uint8_t)(speed >> 8) };

	send_bytes(SOURCE_TREADMILL, SOURCE_NOTIFY, FTMS_UUID_TREADMILL_DATA, frame,
	           sizeof(frame));
}

/* A broadcast of a device of that type; type 0: without the extension */
static void ant(const uint8_t page[SDM_PAGE_SIZE], uint8_t type)
{
	struct ant_message message = { .id = ANT_BROADCAST_DATA, .length = 9 };
	const uint8_t extension[] = { ANT_EXT_CHANNEL_ID, 0xd1, 0xde, type, 0x05 };
	uint8_t frame[ANT_FRAME_MAX];
	size_t length;

	memcpy(message.payload + 1, page, SDM_PAGE_SIZE);
	if (type) {
		memcpy(message.payload + 9, extension, sizeof(extension));
		message.length = 14;
	}
	length = ant_frame_encode(&message, frame, sizeof(frame));
	CU_ASSERT_TRUE(length > 0);
	send_bytes(SOURCE_FOOTPOD, SOURCE_ANT, 0, frame, length);
}

static void ant_cadence(double steps_per_min)
{
	struct sdm_page2 page2 = {
		.page = 2, .cadence = (uint16_t)lround(steps_per_min / 2 * 16),
		.speed = 700, .use = 1,
	};
	uint8_t page[SDM_PAGE_SIZE];

	sdm_page2_encode(&page2, page);
	ant(page, SDM_DEVICE_TYPE);
}

static void rsc(uint8_t cadence, uint16_t speed)
{
	struct rsc_measurement m = { .running = true, .speed = speed,
		                     .cadence = cadence };
	uint8_t bytes[16];
	size_t length = rsc_measurement_encode(&m, bytes, sizeof(bytes));

	send_bytes(SOURCE_FOOTPOD, SOURCE_NOTIFY, RSC_UUID_MEASUREMENT, bytes,
	           length);
}

static struct display_request request_of(enum display_input input, int32_t value)
{
	return (struct display_request){
		.type = DISPLAY_REQUEST_INPUT, .input = input, .value = value,
	};
}

static void ask(struct display_request request)
{
	struct source_event event = event_of(SOURCE_INPUT, SOURCE_REQUEST);

	event.request = request;
	intake_event(intake, &event);
}

static void input(enum display_input input, int32_t value)
{
	ask(request_of(input, value));
}

static void pass_us(uint64_t us)
{
	track.now_us += us;
	pipeline_advance(track.pipeline, track.now_us);
}

static void pass(unsigned seconds)
{
	pass_us(seconds * SECOND);
}

static bool shown(uint32_t member)
{
	return track.metrics.present & member;
}

/* ---- the treadmill -------------------------------------------------------- */

static void test_ftms_frame_of_the_design(void)
{
	start();
	notify(FTMS_UUID_TREADMILL_DATA, "8425e1000000000100000000002100020000");
	CU_ASSERT_EQUAL(track.link.treadmill, DISPLAY_LINK_LIVE);
	CU_ASSERT_DOUBLE_EQUAL(track.metrics.speed_kmh, 2.25, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(track.metrics.incline_pct, 0, 1e-9);
	CU_ASSERT_EQUAL(intake_counts(intake).undecoded, 0);
	stop();
}

static void test_ftms_every_member_that_is_shown(void)
{
	struct ftms_treadmill_data data = {
		.present = FTMS_SPEED | FTMS_INCLINATION | FTMS_DISTANCE |
		           FTMS_ELEVATION_GAIN | FTMS_ENERGY | FTMS_HEART_RATE,
		.speed = 1000, .inclination = 25, .distance_m = 100,
		.elevation_gain = 50, .energy_kcal = 7, .heart_rate_bpm = 150,
	};
	uint8_t frame[64];
	size_t length;

	start();
	belt(0);
	pass(1);
	for (unsigned i = 0; i < 40; i++) {
		length = ftms_treadmill_data_encode(&data, frame, sizeof(frame));
		send_bytes(SOURCE_TREADMILL, SOURCE_NOTIFY, FTMS_UUID_TREADMILL_DATA,
		           frame, length);
		pass(1);
		data.distance_m += 3;
		data.elevation_gain += 1;
		data.energy_kcal += 1;
	}
	CU_ASSERT_EQUAL(track.metrics.present,
	                DISPLAY_SPEED | DISPLAY_INCLINE | DISPLAY_HEART_RATE |
	                DISPLAY_DISTANCE | DISPLAY_ELAPSED | DISPLAY_GAIT |
	                DISPLAY_ELEVATION_GAIN | DISPLAY_ENERGY);
	CU_ASSERT_DOUBLE_EQUAL(track.metrics.incline_pct, 2.5, 1e-9);
	CU_ASSERT_EQUAL(track.metrics.heart_rate_bpm, 150);
	CU_ASSERT_EQUAL(track.metrics.distance_m, 117);
	CU_ASSERT_EQUAL(track.metrics.elevation_gain_m, 3);
	CU_ASSERT_EQUAL(track.metrics.energy_kcal, 39);
	stop();
}

/* ---- the strap ------------------------------------------------------------ */

static void strap(const char *hex)
{
	struct bytes bytes = bytes_of(hex);

	send_bytes(SOURCE_HEART_RATE, SOURCE_NOTIFY, HEART_RATE_UUID_MEASUREMENT,
	           bytes.at, bytes.length);
}

static void test_hrs_3_1_rates(void)
{
	static const struct {
		const char *what, *hex;
		int32_t bpm; /* 0: none */
	} rows[] = {
		{ "one octet", "0096", 150 },
		{ "two octets", "019600", 150 },
		{ "with energy and intervals", "1896 1000 0004 0104", 150 },
		{ "contact cannot be told", "0296", 150 },
		{ "on the skin", "0696", 150 },
		{ "on the table", "0496", 0 },
		{ "nothing counted yet", "0000", 0 },
		{ "cut", "0196", 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		strap(rows[i].hex);
		belt(500);
		if (shown(DISPLAY_HEART_RATE) != (rows[i].bpm > 0) ||
		    (rows[i].bpm && track.metrics.heart_rate_bpm != rows[i].bpm))
			CU_FAIL(rows[i].what);
		stop();
	}
}

static void grips(uint8_t bpm)
{
	uint8_t frame[] = { 0x00, 0x01, 0xf4, 0x01, bpm };

	send_bytes(SOURCE_TREADMILL, SOURCE_NOTIFY, FTMS_UUID_TREADMILL_DATA, frame,
	           sizeof(frame));
}

static void test_strap_before_grips(void)
{
	start();
	grips(90);
	CU_ASSERT_EQUAL(track.metrics.heart_rate_bpm, 90);
	strap("0096");
	grips(90);
	pass(1);
	CU_ASSERT_EQUAL(track.metrics.heart_rate_bpm, 150);
	pass(5);
	grips(90);
	CU_ASSERT_EQUAL(track.metrics.heart_rate_bpm, 90);
	stop();
}

static void test_grips_that_nobody_holds(void)
{
	start();
	grips(0);
	pass(1);
	CU_ASSERT_FALSE(shown(DISPLAY_HEART_RATE));
	stop();
}

/* Matrix TouchXL splits its records: ftms.md 4, TMIW#490 */
static void test_ftms_3_1_a_record_in_two_notifications(void)
{
	start();
	belt(500);
	notify(FTMS_UUID_TREADMILL_DATA, "0900 1e00 0000"); /* more data: 3 % */
	CU_ASSERT_DOUBLE_EQUAL(track.metrics.incline_pct, 0, 1e-9);
	belt(600);
	CU_ASSERT_DOUBLE_EQUAL(track.metrics.speed_kmh, 6, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(track.metrics.incline_pct, 3, 1e-9);
	stop();
}

static void test_ftms_3_1_a_lost_link_drops_the_part(void)
{
	start();
	belt(500);
	notify(FTMS_UUID_TREADMILL_DATA, "0900 1e00 0000");
	link_is(SOURCE_TREADMILL, DISPLAY_LINK_LOST);
	CU_ASSERT_EQUAL(track.link.treadmill, DISPLAY_LINK_LOST);
	link_is(SOURCE_TREADMILL, DISPLAY_LINK_LIVE);
	belt(600);
	CU_ASSERT_DOUBLE_EQUAL(track.metrics.incline_pct, 0, 1e-9);
	stop();
}

static void test_7_incline_missing(void)
{
	static const struct {
		const char *what, *feature, *range;
		bool shown;
	} rows[] = {
		{ "neither line", NULL, NULL, true },
		{ "no bit (UREVO)", "4556000005000000", NULL, true },
		{ "the bit", "0c00000000000000", NULL, false },
		{ "0..0", NULL, "000000000000", true },
		{ "0..15 %", NULL, "000096000500", false },
		{ "the bit, 0..0", "0c00000000000000", "000000000000", true },
		{ "no bit, 0..15 %", "4556000005000000", "000096000500", true },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		if (rows[i].feature)
			treadmill(SOURCE_VALUE, FTMS_UUID_FEATURE, rows[i].feature);
		if (rows[i].range)
			treadmill(SOURCE_VALUE, FTMS_UUID_INCLINATION_RANGE,
			          rows[i].range);
		belt(500);
		if (shown(DISPLAY_INCLINE) != rows[i].shown)
			CU_FAIL(rows[i].what);
		stop();
	}
}

static void run_and_stop(void)
{
	start();
	for (unsigned i = 0; i < 20; i++) {
		belt(500);
		pass(1);
	}
	belt(0);
}

static void stand(unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++) {
		pass(1);
		belt(0);
	}
}

static void test_5_1_words_of_the_machine(void)
{
	static const struct {
		const char *what, *hex;
		unsigned lasts, ends;
	} rows[] = {
		{ "nothing", NULL, 59, 61 },
		{ "2ADA 01", "01", 0, 1 },
		{ "2ADA 02 01", "0201", 9, 11 },
		{ "2ADA 02 02", "0202", 299, 301 },
		{ "2ADA 02 02 and more (UREVO)", "020200", 299, 301 },
		{ "2ADA 02, cut", "02", 9, 11 },
		{ "2ADA 05, a target", "05c100", 59, 61 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		run_and_stop();
		if (rows[i].hex)
			notify(FTMS_UUID_STATUS, rows[i].hex);
		stand(rows[i].lasts);
		if (track.session.state == DISPLAY_SESSION_ENDED)
			CU_FAIL(rows[i].what);
		stand(rows[i].ends - rows[i].lasts);
		if (track.session.state != DISPLAY_SESSION_ENDED)
			CU_FAIL(rows[i].what);
		stop();
	}
}

static void test_ftms_3_6_safety_key_speaks_at_once(void)
{
	start();
	belt(500);
	pass_us(SECOND / 4);
	notify(FTMS_UUID_STATUS, "03");
	spoken_check(&track.spoken, NULL, "0.25 safety-key");
	stop();
}

static void test_7_any_frame_is_a_sign_of_life(void)
{
	static const struct {
		uint16_t uuid;
		const char *hex;
	} rows[] = {
		{ FTMS_UUID_TREADMILL_DATA, "0100" },
		{ FTMS_UUID_STATUS, "05c100" },
		{ FTMS_UUID_TRAINING_STATUS, "000d" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		belt(0);
		pass(9);
		CU_ASSERT_EQUAL(track.link.treadmill, DISPLAY_LINK_STALE);
		notify(rows[i].uuid, rows[i].hex);
		CU_ASSERT_EQUAL(track.link.treadmill, DISPLAY_LINK_LIVE);
		pass(3);
		CU_ASSERT_EQUAL(track.link.treadmill, DISPLAY_LINK_LIVE);
		CU_ASSERT_FALSE(shown(DISPLAY_SPEED)); /* it has an age of its own */
		stop();
	}
}

static void test_bytes_that_make_no_sense_are_counted(void)
{
	start();
	notify(FTMS_UUID_TREADMILL_DATA, "00");
	notify(FTMS_UUID_STATUS, "");
	treadmill(SOURCE_VALUE, FTMS_UUID_FEATURE, "45");
	treadmill(SOURCE_VALUE, 0x2a00, "4d796c61"); /* a name: not ours */
	send_bytes(SOURCE_FOOTPOD, SOURCE_ANT, 0, "\xa4\x01", 2);
	send_bytes(SOURCE_FOOTPOD, SOURCE_NOTIFY, RSC_UUID_MEASUREMENT, "\x00", 1);
	CU_ASSERT_EQUAL(intake_counts(intake).events, 6);
	CU_ASSERT_EQUAL(intake_counts(intake).undecoded, 5);
	CU_ASSERT_EQUAL(track.out_us, 0);
	CU_ASSERT_EQUAL(track.link.treadmill, DISPLAY_LINK_OFF);
	CU_ASSERT_EQUAL(track.link.footpod, DISPLAY_LINK_OFF);
	stop();
}

static void test_a_second_machine_is_a_neighbours(void)
{
	struct source_event event;

	start();
	belt(500);
	event = event_of(SOURCE_TREADMILL, SOURCE_NOTIFY);
	event.unit = 2;
	event.uuid = FTMS_UUID_TREADMILL_DATA;
	event.length = 4;
	memcpy(event.bytes, "\x00\x00\xe8\x03", 4);
	intake_event(intake, &event);
	CU_ASSERT_DOUBLE_EQUAL(track.metrics.speed_kmh, 5, 1e-9);
	stop();
}

/* ---- the foot pod --------------------------------------------------------- */

static void test_footpods_2_page_2_in_steps(void)
{
	start();
	belt(1000);
	ant_cadence(161.5);
	CU_ASSERT_EQUAL(track.link.footpod, DISPLAY_LINK_LIVE);
	CU_ASSERT_EQUAL(track.metrics.cadence_spm, 162);
	stop();
}

static void test_footpods_2_strides_of_page_1(void)
{
	struct sdm_page1 page1 = { .speed = 700 };
	uint8_t page[SDM_PAGE_SIZE];

	start();
	for (unsigned i = 0; i < 60; i++) { /* 80 strides a minute */
		page1.time = (uint16_t)(i * 50);
		page1.strides = (uint8_t)(i / 3);
		sdm_page1_encode(&page1, page);
		ant(page, 0);
		pass_us(250000);
		belt(1000);
	}
	CU_ASSERT_EQUAL(track.metrics.cadence_spm, 160);
	stop();
}

static void test_ant_of_another_kind_is_no_pod(void)
{
	static const uint8_t page[SDM_PAGE_SIZE] = { 0x02, 0, 0, 0x50, 0, 0, 0, 1 };

	start();
	belt(1000);
	ant(page, 120); /* a heart rate strap */
	CU_ASSERT_FALSE(shown(DISPLAY_CADENCE));
	CU_ASSERT_EQUAL(track.link.footpod, DISPLAY_LINK_OFF);
	ant(page, 0xfc); /* a pod that pairs: bit 7 */
	CU_ASSERT_TRUE(shown(DISPLAY_CADENCE));
	stop();
}

static void run_with_rsc(uint8_t cadence, unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++) {
		belt(1000);
		rsc(cadence, 711);
		pass(1);
	}
}

static void test_footpods_4_undecided_is_absent_for_20_s(void)
{
	static const struct {
		uint8_t raw;
		int32_t spm;
	} rows[] = { { 81, 162 }, { 162, 162 } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		run_with_rsc(rows[i].raw, 20);
		CU_ASSERT_EQUAL(track.link.footpod, DISPLAY_LINK_LIVE);
		CU_ASSERT_FALSE(shown(DISPLAY_CADENCE));
		run_with_rsc(rows[i].raw, 2);
		CU_ASSERT_TRUE(shown(DISPLAY_CADENCE));
		CU_ASSERT_EQUAL(track.metrics.cadence_spm, rows[i].spm);
		stop();
	}
}

/* A pod's evidence rests on the runner's height, which ends with the session:
 * also when the event is the first to reach the core after it. */
static void test_design_3_what_is_due_comes_before_the_event(void)
{
	struct display_request profile = request_of(DISPLAY_INPUT_PROFILE, 0);

	start();
	profile.profile.has_height = true;
	profile.profile.height_m = 1.2; /* 1.04 m are too long for a step */
	ask(profile);
	input(DISPLAY_INPUT_END, 20);
	for (unsigned i = 0; i < 20; i++) { /* evidence of 19 s */
		track.now_us = i * SECOND + 100000;
		rsc(115, 512);
		track.now_us += 400000;
		belt(720);
	}
	track.now_us = 21 * SECOND - 1; /* the session ended at 20 */
	rsc(115, 512);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_ENDED);
	CU_ASSERT_FALSE(shown(DISPLAY_CADENCE));
	stop();
}

static void unit_is(enum rsc_unit unit, bool fixed)
{
	struct source_event event = {
		.t_us = track.now_us, .device = SOURCE_FOOTPOD, .unit = 1,
		.kind = SOURCE_FOOTPOD_UNIT, .number = (int32_t)unit, .fixed = fixed,
	};

	intake_event(intake, &event);
}

static void test_footpods_4_what_was_known_holds_at_once(void)
{
	start();
	unit_is(RSC_UNIT_STRIDES, false);
	run_with_rsc(81, 1);
	CU_ASSERT_EQUAL(track.metrics.cadence_spm, 162);
	unit_is(RSC_UNIT_UNDECIDED, false); /* another pod */
	run_with_rsc(162, 19);
	CU_ASSERT_FALSE(shown(DISPLAY_CADENCE));
	run_with_rsc(162, 3);
	CU_ASSERT_EQUAL(track.metrics.cadence_spm, 162);
	stop();
}

static void test_footpods_4_evidence_counts_unless_configured(void)
{
	for (int fixed = 0; fixed < 2; fixed++) {
		start();
		unit_is(RSC_UNIT_STEPS, fixed);
		run_with_rsc(81, 30);
		CU_ASSERT_EQUAL(intake_footpod_unit(intake),
		                fixed ? RSC_UNIT_STEPS : RSC_UNIT_STRIDES);
		stop();
	}
}

static void test_footpods_4_a_known_name_decides_at_once(void)
{
	start();
	name_is(SOURCE_FOOTPOD, "NPE Runn 12");
	run_with_rsc(162, 1);
	CU_ASSERT_EQUAL(track.metrics.cadence_spm, 162);
	stop();
}

static void test_footpods_8_ant_counts_before_rsc(void)
{
	start();
	name_is(SOURCE_FOOTPOD, "Runn");
	ant_cadence(160);
	run_with_rsc(166, 2);
	CU_ASSERT_FALSE(track.metrics.cadence_spm == 166);
	run_with_rsc(166, 3); /* ANT is silent for 3 s */
	CU_ASSERT_EQUAL(track.metrics.cadence_spm, 166);
	stop();
}

static void test_footpods_8_zeros_are_not_readings(void)
{
	start();
	name_is(SOURCE_FOOTPOD, "Runn");
	run_with_rsc(162, 2);
	belt(1000);
	rsc(0, 711); /* moves, and counts nothing */
	CU_ASSERT_EQUAL(track.metrics.cadence_spm, 162);
	rsc(0, 0);
	CU_ASSERT_EQUAL(track.metrics.cadence_spm, 0);
	stop();
}

/* ---- the runner ----------------------------------------------------------- */

static void test_inputs_reach_the_coach(void)
{
	struct display_request flag = request_of(DISPLAY_INPUT_RED_FLAG, 0);

	start();
	belt(0);
	pass_us(SECOND / 2);
	input(DISPLAY_INPUT_PAIN, 2);
	input(DISPLAY_INPUT_ACK, 0);
	flag.flag = DISPLAY_RED_FLAG_FALL;
	ask(flag);
	spoken_check(&track.spoken, NULL, "0.5 pain-mild; 0.5 acknowledged; "
	             "0.5 pain-red-flag");
	stop();
}

static void test_answers_name_their_question(void)
{
	struct display_request answer = request_of(DISPLAY_INPUT_ANSWER, 1);

	start();
	input(DISPLAY_INPUT_PAIN, 2);
	for (unsigned i = 0; i < 301; i++) {
		belt(500);
		pass(1);
	}
	answer.id = track.spoken.last.id - 1;
	ask(answer);
	CU_ASSERT_STRING_EQUAL(track.spoken.last.rule, "ask-pain");
	answer.id++;
	ask(answer);
	CU_ASSERT_STRING_EQUAL(track.spoken.last.rule, "pain-mild");
	stop();
}

static void test_inputs_that_change_the_session(void)
{
	struct display_request profile = request_of(DISPLAY_INPUT_PROFILE, 0);
	struct display_request runner = request_of(DISPLAY_INPUT_RUNNER, 0);

	start();
	input(DISPLAY_INPUT_INTERVALS, 1);
	CU_ASSERT_TRUE(track.session.intervals);
	input(DISPLAY_INPUT_INTERVALS, 0);
	CU_ASSERT_FALSE(track.session.intervals);
	profile.profile.has_height = true;
	profile.profile.height_m = 1.8;
	ask(profile);
	CU_ASSERT_DOUBLE_EQUAL(pipeline_who(track.pipeline)->height_m, 1.8, 1e-9);
	snprintf(runner.name, sizeof(runner.name), "ada");
	ask(runner);
	CU_ASSERT_STRING_EQUAL(track.session.runner, "ada");
	belt(500);
	pass(2);
	input(DISPLAY_INPUT_END, 1);
	belt(500);
	pass(2);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_ENDED);
	stop();
}

static void test_inputs_mute(void)
{
	start();
	input(DISPLAY_INPUT_MUTE, 1);
	for (unsigned i = 0; i < 70; i++) {
		belt(1000);
		pass(1);
	}
	spoken_check(&track.spoken, NULL, "60 warm-up; 68 expired; 68 learning");
	stop();
}

#define DYNAMICS_SHOWN (DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMICS) - DISPLAY_OSCILLATION)

/* Both pages of a pod that runs at 164 steps/min; its balance is no reading. */
static void running_dynamics(void)
{
	const struct rd_page0 page0 = {
		.cadence = 82 * 32, .vertical_oscillation = 337,
		.ground_contact_ms = 245, .stance = 141,
	};
	const struct rd_page1 page1 = { .vertical_ratio = 8 * 32 };
	uint8_t page[ANT_PAGE_SIZE];

	rd_page0_encode(&page0, page);
	ant(page, RD_DEVICE_TYPE);
	rd_page1_encode(&page1, page);
	ant(page, RD_DEVICE_TYPE);
}

static void test_running_dynamics_off_by_default(void)
{
	start();
	belt(1000);
	running_dynamics();
	pass(1);
	CU_ASSERT_EQUAL(track.metrics.present & DYNAMICS_SHOWN, 0);
	CU_ASSERT_EQUAL(track.metrics.present & DISPLAY_CADENCE, 0);
	stop();
}

static void test_running_dynamics_shown_while_fresh(void)
{
	const struct intake_settings on = { .quirk = "auto", .running_dynamics = true };
	const double *shown = track.metrics.dynamics;

	start();
	intake_configure(intake, &on);
	belt(1000);
	running_dynamics();
	pass(1);
	CU_ASSERT_EQUAL(track.metrics.present & DYNAMICS_SHOWN,
	                DYNAMICS_SHOWN & ~DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMIC_BALANCE));
	CU_ASSERT_DOUBLE_EQUAL(shown[DISPLAY_DYNAMIC_OSCILLATION], 84.3, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(shown[DISPLAY_DYNAMIC_GROUND_CONTACT], 245, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(shown[DISPLAY_DYNAMIC_STANCE], 35.3, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(shown[DISPLAY_DYNAMIC_VERTICAL_RATIO], 8, 1e-9);
	CU_ASSERT_EQUAL(track.metrics.cadence_spm, 164);
	pass(3);
	CU_ASSERT_TRUE(track.metrics.present & DISPLAY_OSCILLATION);
	pass(2);
	CU_ASSERT_EQUAL(track.metrics.present & DYNAMICS_SHOWN, 0);
	stop();
}

static void test_time_never_goes_back(void)
{
	start();
	belt(500);
	pass(10);
	belt(600);
	track.now_us = SECOND;
	belt(700);
	ant_cadence(120);
	rsc(120, 500);
	input(DISPLAY_INPUT_PAIN, 2);
	/* track.c checks that times do not fall */
	spoken_check(&track.spoken, NULL, "1 learning; 7 expired; 10 pain-mild");
	CU_ASSERT_DOUBLE_EQUAL(track.metrics.speed_kmh, 7, 1e-9);
	stop();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "design 5 frame", test_ftms_frame_of_the_design },
		{ "every member shown", test_ftms_every_member_that_is_shown },
		{ "HRS 3.1 rates", test_hrs_3_1_rates },
		{ "strap before grips", test_strap_before_grips },
		{ "grips that nobody holds", test_grips_that_nobody_holds },
		{ "ftms 3.1 record in two",
		  test_ftms_3_1_a_record_in_two_notifications },
		{ "ftms 3.1 link lost", test_ftms_3_1_a_lost_link_drops_the_part },
		{ "7 incline missing", test_7_incline_missing },
		{ "5.1 words of the machine", test_5_1_words_of_the_machine },
		{ "ftms 3.6 safety key", test_ftms_3_6_safety_key_speaks_at_once },
		{ "7 signs of life", test_7_any_frame_is_a_sign_of_life },
		{ "undecoded", test_bytes_that_make_no_sense_are_counted },
		{ "second machine", test_a_second_machine_is_a_neighbours },
		{ "footpods 2 page 2", test_footpods_2_page_2_in_steps },
		{ "footpods 2 page 1", test_footpods_2_strides_of_page_1 },
		{ "ANT of another kind", test_ant_of_another_kind_is_no_pod },
		{ "footpods 4 undecided", test_footpods_4_undecided_is_absent_for_20_s },
		{ "design 3 due before the event",
		  test_design_3_what_is_due_comes_before_the_event },
		{ "footpods 4 what was known", test_footpods_4_what_was_known_holds_at_once },
		{ "footpods 4 evidence", test_footpods_4_evidence_counts_unless_configured },
		{ "footpods 4 by name", test_footpods_4_a_known_name_decides_at_once },
		{ "footpods 8 ANT first", test_footpods_8_ant_counts_before_rsc },
		{ "footpods 8 zeros", test_footpods_8_zeros_are_not_readings },
		{ "4.8 dynamics off", test_running_dynamics_off_by_default },
		{ "4.8 dynamics on", test_running_dynamics_shown_while_fresh },
		{ "inputs: coach", test_inputs_reach_the_coach },
		{ "inputs: answer", test_answers_name_their_question },
		{ "inputs: session", test_inputs_that_change_the_session },
		{ "inputs: mute", test_inputs_mute },
		{ "time", test_time_never_goes_back },
		CU_TEST_INFO_NULL,
	};

	return suite_run("intake", tests);
}
