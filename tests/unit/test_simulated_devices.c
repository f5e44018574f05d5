/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "protocol/ant.h"
#include "protocol/ftms.h"
#include "protocol/rsc.h"
#include "protocol/sdm.h"
#include "tests/unit/simulated.h"
#include "tests/unit/suite.h"

#include <stdlib.h>
#include <string.h>

/* ---- the belt ---- */

struct belt_check {
	unsigned frames;
	uint32_t last_m, last_s;
	unsigned parts; /* with More Data */
	unsigned cut;
	uint32_t steps;
	int32_t steepest;
	uint32_t fastest;
	uint32_t heart;
	uint32_t gain_dm;
};

static void check_belt(const struct source_event *event, struct simulator *sim,
                       void *user)
{
	struct belt_check *check = user;
	struct simulator_truth truth = simulator_truth(sim);
	struct ftms_treadmill_data data;

	if (event->kind != SOURCE_NOTIFY ||
	    event->uuid != FTMS_UUID_TREADMILL_DATA)
		return;
	CU_ASSERT_FATAL(
		ftms_treadmill_data_decode(event->bytes, event->length, &data));
	check->frames++;
	check->parts += data.more_data;
	check->cut += data.cut;
	if (data.present & FTMS_SPEED && check->parts == 0)
		CU_ASSERT_EQUAL(data.speed, truth.centi_kmh);
	if (data.present & FTMS_SPEED && data.speed > check->fastest)
		check->fastest = data.speed;
	if (data.present & FTMS_INCLINATION) {
		CU_ASSERT_EQUAL(data.inclination, truth.deci_percent);
		if (abs(data.inclination) > abs(check->steepest))
			check->steepest = data.inclination;
	}
	if (data.present & FTMS_DISTANCE) {
		CU_ASSERT(data.distance_m >= check->last_m);
		CU_ASSERT(truth.distance_mm / 1000 - data.distance_m < 10);
		check->last_m = data.distance_m;
	}
	if (data.present & FTMS_ELAPSED_TIME) {
		CU_ASSERT(data.elapsed_s >= check->last_s);
		check->last_s = data.elapsed_s;
	}
	if (data.present & FTMS_STEP_COUNT)
		check->steps = data.steps;
	if (data.present & FTMS_HEART_RATE)
		check->heart = data.heart_rate_bpm;
	if (data.present & FTMS_ELEVATION_GAIN)
		check->gain_dm = data.elevation_gain;
}

static void test_belt_of_the_demo_tells_the_truth(void)
{
	struct belt_check check = { 0 };

	play("demo", 1, check_belt, &check);
	CU_ASSERT(check.frames > 2 * 1000 && check.frames < 2 * 1100);
	CU_ASSERT_EQUAL(check.fastest, 1000);
	CU_ASSERT_EQUAL(check.steepest, 60);
	/* 117 s at 5.5, 185 at 8.5, 415 at 10, 120 at 9.5, 60 at 8.5, 160 at
	 * 5.0 km/h are 2.46 km; ramps change it little */
	CU_ASSERT(check.last_m > 2440 && check.last_m < 2480);
	CU_ASSERT(check.last_s > 1050 && check.last_s < 1065);
	/* 35 s at 3 % and 120 s at 6 % of 10 km/h */
	CU_ASSERT(check.gain_dm > 200 && check.gain_dm < 240);
	CU_ASSERT(check.heart > 70 && check.heart < 185);
}

static void test_belt_ramps_as_belts_do(void)
{
	struct simulator *sim = open_named("demo", 1);
	struct simulator_truth before, after;

	play_until(sim, 304 * SECOND, NULL, NULL);
	before = simulator_truth(sim);
	play_until(sim, 306 * SECOND, NULL, NULL);
	after = simulator_truth(sim);
	CU_ASSERT_EQUAL(before.centi_kmh, 850);
	CU_ASSERT(after.centi_kmh - before.centi_kmh >= 30);
	CU_ASSERT(after.centi_kmh - before.centi_kmh <= 65);
	simulator_free(sim);
}

/* data/ftms-frames.tsv: Matrix TouchXL, UREVO URTM041, Matrix with MTU 23 */
static void test_belt_dialects(void)
{
	struct belt_check split = { 0 }, counting = { 0 }, cut = { 0 };

	play("belt-split-record", 1, check_belt, &split);
	CU_ASSERT_EQUAL(split.parts * 2, split.frames);
	CU_ASSERT_EQUAL(split.fastest, 1000);
	play("belt-step-count", 1, check_belt, &counting);
	CU_ASSERT(counting.steps > 600 && counting.steps < 900);
	CU_ASSERT_EQUAL(counting.last_m % 10, 0);
	play("belt-cut-frames", 1, check_belt, &cut);
	CU_ASSERT_EQUAL(cut.cut, cut.frames);
	CU_ASSERT_EQUAL(cut.fastest, 1000);
}

struct status_log {
	uint8_t ops[64];
	uint8_t parameters[64];
	unsigned count;
};

static void log_status(const struct source_event *event, struct simulator *sim,
                       void *user)
{
	struct status_log *log = user;
	struct ftms_status status;

	(void)sim;
	if (event->kind != SOURCE_NOTIFY || event->uuid != FTMS_UUID_STATUS)
		return;
	CU_ASSERT_FATAL(
		ftms_status_decode(event->bytes, event->length, &status));
	if (status.op == FTMS_STATUS_TARGET_SPEED ||
	    status.op == FTMS_STATUS_TARGET_INCLINE || log->count == 64)
		return;
	log->ops[log->count] = status.op;
	log->parameters[log->count++] = (uint8_t)status.parameter;
}

static void test_status_tells_start_pause_key_and_stop(void)
{
	struct status_log pause = { 0 }, key = { 0 };

	play("pause", 1, log_status, &pause);
	CU_ASSERT_EQUAL_FATAL(pause.count, 4);
	CU_ASSERT_EQUAL(pause.ops[0], FTMS_STATUS_STARTED);
	CU_ASSERT_EQUAL(pause.ops[1], FTMS_STATUS_STOPPED_OR_PAUSED);
	CU_ASSERT_EQUAL(pause.parameters[1], 2);
	CU_ASSERT_EQUAL(pause.ops[2], FTMS_STATUS_STARTED);
	CU_ASSERT_EQUAL(pause.ops[3], FTMS_STATUS_STOPPED_OR_PAUSED);
	CU_ASSERT_EQUAL(pause.parameters[3], 1);
	play("safety-key", 1, log_status, &key);
	CU_ASSERT_EQUAL_FATAL(key.count, 2);
	CU_ASSERT_EQUAL(key.ops[1], FTMS_STATUS_SAFETY_KEY);
}

static void test_the_belt_stands_soon_after_the_key(void)
{
	struct simulator *sim = open_named("safety-key", 1);

	play_until(sim, 424 * SECOND, NULL, NULL);
	CU_ASSERT_EQUAL(simulator_truth(sim).centi_kmh, 0);
	simulator_free(sim);
}

struct silence {
	uint64_t last_us, longest_us, begin_us;
	enum source_device device;
};

static void measure_silence(const struct source_event *event,
                            struct simulator *sim, void *user)
{
	struct silence *silence = user;
	struct ant_message message;

	(void)sim;
	if (event->device != silence->device)
		return;
	if (event->kind == SOURCE_ANT &&
	    (!ant_frame_decode(event->bytes, event->length, &message) ||
	     message.id != ANT_BROADCAST_DATA))
		return;
	if (event->t_us - silence->last_us > silence->longest_us) {
		silence->longest_us = event->t_us - silence->last_us;
		silence->begin_us = silence->last_us;
	}
	silence->last_us = event->t_us;
}

static void test_gaps_are_where_the_scenario_says(void)
{
	struct silence belt = { .device = SOURCE_TREADMILL };
	struct silence pod = { .device = SOURCE_FOOTPOD };

	play("treadmill-lost", 1, measure_silence, &belt);
	CU_ASSERT(belt.begin_us > 419 * SECOND && belt.begin_us < 420 * SECOND);
	CU_ASSERT(belt.longest_us >= 15 * SECOND);
	CU_ASSERT(belt.longest_us < 16 * SECOND);
	play("cadence-lost", 1, measure_silence, &pod);
	CU_ASSERT(pod.begin_us > 419 * SECOND && pod.begin_us < 420 * SECOND);
	CU_ASSERT(pod.longest_us >= 20 * SECOND);
	CU_ASSERT(pod.longest_us < 21 * SECOND);
}

/* ---- the pod ---- */

struct pod_check {
	unsigned pages[256];
	unsigned broadcasts, missed, searches;
	bool has_page1;
	struct sdm_page1 last;
	unsigned stride_wraps, time_wraps, distance_wraps;
	uint32_t strides;
	uint64_t units_of_distance;
	unsigned compared;
	bool strides_only;
};

static void check_page1(struct pod_check *check, const uint8_t *page)
{
	struct sdm_page1 p;

	CU_ASSERT_FATAL(sdm_page1_decode(page, &p));
	if (check->has_page1) {
		check->stride_wraps += p.strides < check->last.strides;
		check->time_wraps += p.time < check->last.time;
		check->distance_wraps += p.distance < check->last.distance;
		check->strides += (uint8_t)(p.strides - check->last.strides);
		check->units_of_distance +=
			(unsigned)(p.distance - check->last.distance) % 4096;
	}
	check->has_page1 = true;
	check->last = p;
}

static void check_page2(struct pod_check *check, const uint8_t *page,
                        const struct simulator_truth *truth)
{
	struct sdm_page2 p;
	int64_t mspm;

	CU_ASSERT_FATAL(sdm_page2_decode(page, &p));
	mspm = p.cadence * INT64_C(125);
	CU_ASSERT(check->strides_only
	                  ? mspm == 0
	                  : llabs(mspm - truth->cadence_mspm) <= 1000);
	CU_ASSERT_EQUAL(p.use, truth->cadence_mspm > 0);
	check->compared++;
}

static void check_pod(const struct source_event *event, struct simulator *sim,
                      void *user)
{
	struct pod_check *check = user;
	struct simulator_truth truth = simulator_truth(sim);
	struct ant_message message;
	struct ant_data data;

	if (event->kind != SOURCE_ANT)
		return;
	CU_ASSERT_FATAL(
		ant_frame_decode(event->bytes, event->length, &message));
	if (message.id == ANT_CHANNEL_RESPONSE) {
		check->missed += message.payload[2] == 0x02;
		check->searches += message.payload[2] == 0x08;
		return;
	}
	CU_ASSERT_FATAL(ant_data_decode(&message, &data));
	check->broadcasts++;
	check->pages[data.page[0]]++;
	if (data.page[0] == 1)
		check_page1(check, data.page);
	else if (data.page[0] == 2)
		check_page2(check, data.page, &truth);
}

static void test_pod_tells_the_beat_in_sdm_pages(void)
{
	struct pod_check check = { 0 };
	struct simulator *sim = open_named("steady-good", 1);
	struct simulator_truth truth;
	int64_t pod_mm;

	play_until(sim, UINT64_MAX, check_pod, &check);
	truth = simulator_truth(sim);
	pod_mm = (int64_t)check.units_of_distance * 1000 / 16;
	CU_ASSERT(check.compared > 1600);
	CU_ASSERT(llabs((int64_t)check.strides - truth.steps / 2) <= 2);
	CU_ASSERT(llabs(pod_mm - truth.distance_mm * 102 / 100) < 3000);
	CU_ASSERT(check.stride_wraps >= 4);
	CU_ASSERT(check.time_wraps >= 3);
	CU_ASSERT(check.distance_wraps >= 7);
	/* 870 s at 4.03 Hz: 64 of 66 slots in halves, common pages in turn */
	CU_ASSERT(abs((int)check.broadcasts - 3505) <= 4);
	CU_ASSERT(abs((int)check.pages[1] - (int)check.pages[2]) <= 2);
	CU_ASSERT(check.pages[80] >= 26 && check.pages[81] >= 26);
	CU_ASSERT(check.pages[82] >= 52);
	CU_ASSERT_EQUAL(check.missed, 0);
	simulator_free(sim);
}

struct pattern {
	uint8_t pages[132];
	unsigned count;
};

static void note_page(const struct source_event *event, struct simulator *sim,
                      void *user)
{
	struct pattern *pattern = user;
	struct ant_message message;

	(void)sim;
	if (event->kind != SOURCE_ANT || pattern->count == 132)
		return;
	CU_ASSERT_FATAL(
		ant_frame_decode(event->bytes, event->length, &message));
	pattern->pages[pattern->count++] = message.payload[1];
}

/* footpods.md section 2: 1 1 X X ..., 80 and 81 at positions 64, 65 of 66 */
static void test_pod_sends_pages_in_the_usual_pattern(void)
{
	static const uint8_t commons[] = { 80, 81, 82, 82 };
	struct pattern pattern = { .count = 0 };

	play("walk", 1, note_page, &pattern);
	CU_ASSERT_EQUAL_FATAL(pattern.count, 132);
	for (unsigned i = 0; i < 132; i++) {
		unsigned at = i % 66;
		unsigned expected = at >= 64 ? commons[i / 66 * 2 + at - 64]
		                             : 1 + at / 2 % 2;

		CU_ASSERT_EQUAL(pattern.pages[i], expected);
	}
}

static void test_pod_without_cadence_still_counts(void)
{
	struct pod_check check = { .strides_only = true };
	struct simulator *sim = open_named("pod-strides-only", 1);

	play_until(sim, UINT64_MAX, check_pod, &check);
	CU_ASSERT(check.strides > 400);
	CU_ASSERT(llabs((int64_t)check.strides -
	                simulator_truth(sim).steps / 2) <= 2);
	simulator_free(sim);
}

static void test_lost_messages_are_told_by_the_stick(void)
{
	struct pod_check check = { 0 };
	unsigned percent;

	play("pod-drop-outs", 1, check_pod, &check);
	percent = check.missed * 100 / (check.missed + check.broadcasts);
	CU_ASSERT(percent >= 20 && percent <= 26);
	memset(&check, 0, sizeof(check));
	play("cadence-lost", 1, check_pod, &check);
	/* footpods.md 1.3: seven times 02 and then 08, then silence */
	CU_ASSERT_EQUAL(check.missed, 7);
	CU_ASSERT_EQUAL(check.searches, 1);
}

struct rsc_check {
	unsigned count;
	int64_t factor; /* steps per unit of the pod's cadence */
};

static void check_rsc(const struct source_event *event, struct simulator *sim,
                      void *user)
{
	struct rsc_check *check = user;
	struct simulator_truth truth = simulator_truth(sim);
	struct rsc_measurement m;

	if (event->kind != SOURCE_NOTIFY || event->uuid != RSC_UUID_MEASUREMENT)
		return;
	CU_ASSERT_FATAL(
		rsc_measurement_decode(event->bytes, event->length, &m));
	check->count++;
	CU_ASSERT(llabs(m.cadence * check->factor * 1000 -
	                truth.cadence_mspm) <= 1000);
	/* 1 cm a stride and 1 step/min make 0.03 of 0.01 km/h */
	if (m.has_stride_length && truth.cadence_mspm > 60000)
		CU_ASSERT(llabs(m.stride_length_cm * truth.cadence_mspm * 3 /
		                        100000 -
		                truth.centi_kmh) <= 6);
}

static void test_rsc_pods_in_both_readings_of_the_text(void)
{
	struct rsc_check strides = { .factor = 2 }, steps = { .factor = 1 };

	play("pod-rsc-strides", 1, check_rsc, &strides);
	CU_ASSERT(strides.count >= 460 && strides.count <= 465);
	play("pod-rsc-steps", 1, check_rsc, &steps);
	CU_ASSERT(steps.count >= 460 && steps.count <= 465);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "truth", test_belt_of_the_demo_tells_the_truth },
		{ "ramps", test_belt_ramps_as_belts_do },
		{ "dialects", test_belt_dialects },
		{ "status", test_status_tells_start_pause_key_and_stop },
		{ "key", test_the_belt_stands_soon_after_the_key },
		{ "gaps", test_gaps_are_where_the_scenario_says },
		{ "SDM pages", test_pod_tells_the_beat_in_sdm_pages },
		{ "page pattern", test_pod_sends_pages_in_the_usual_pattern },
		{ "strides only", test_pod_without_cadence_still_counts },
		{ "lost messages", test_lost_messages_are_told_by_the_stick },
		{ "RSC", test_rsc_pods_in_both_readings_of_the_text },
		CU_TEST_INFO_NULL,
	};

	return suite_run("simulated devices", tests);
}
