/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "protocol/sdm_cadence.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <string.h>

/* ---- pages ---- */

static void test_pages_there_and_back(void)
{
	static const uint8_t page1[] = { 0x01, 0x64, 0x2a, 0xc8,
		                         0x83, 0x80, 0x4d, 0x04 };
	static const uint8_t page3[] = { 0x03, 0x00, 0x00, 0x55,
		                         0x83, 0x80, 0x00, 0x81 };
	uint8_t again[SDM_PAGE_SIZE];
	struct sdm_page1 p1;
	struct sdm_page2 p2;

	CU_ASSERT_TRUE_FATAL(sdm_page1_decode(page1, &p1));
	sdm_page1_encode(&p1, again);
	CU_ASSERT_EQUAL(memcmp(again, page1, sizeof(again)), 0);
	CU_ASSERT_TRUE_FATAL(sdm_page2_decode(page3, &p2));
	CU_ASSERT_EQUAL(p2.page, 3);
	sdm_page2_encode(&p2, again);
	CU_ASSERT_EQUAL(memcmp(again, page3, sizeof(again)), 0);
}

static void test_other_pages_are_left_alone(void)
{
	uint8_t page[SDM_PAGE_SIZE] = { 0 };
	struct sdm_page1 p1 = { .latency = 77 };
	struct sdm_page2 p2 = { .page = 77 };
	struct sdm_cadence c = { .anomalies = 5 };
	int32_t milli_spm = 77;

	for (unsigned number = 0; number < 256; number++) {
		page[0] = (uint8_t)number;
		CU_ASSERT_EQUAL(sdm_page1_decode(page, &p1), number == 1);
		CU_ASSERT_EQUAL(sdm_page2_decode(page, &p2),
		                number >= 2 && number <= 15);
		if (number >= 1 && number <= 15)
			continue;
		CU_ASSERT_FALSE(sdm_cadence_feed(&c, page, 0, &milli_spm));
	}
	CU_ASSERT_EQUAL(milli_spm, 77);
}

/* ---- a pod: what it counts, and the pages it sends of it ---- */

struct pod {
	double now_s, strides, strides_per_min, speed_m_s;
	double time_s; /* page time less now_s */
	bool has_clock; /* else its time field stays at 0 */
	bool inactive;
	struct sdm_cadence cadence;
	bool read; /* the last page gave a reading: */
	int32_t milli_spm;
};

static struct pod pod_with_clock(void)
{
	return (struct pod){ .now_s = 1000,
		             .strides_per_min = 84,
		             .speed_m_s = 3,
		             .has_clock = true };
}

static void pass(struct pod *pod, double seconds)
{
	pod->now_s += seconds;
	pod->strides += pod->strides_per_min / 60 * seconds;
}

static void feed(struct pod *pod, const uint8_t *page)
{
	pod->read = sdm_cadence_feed(&pod->cadence, page,
	                             (uint64_t)llround(pod->now_s * 1e6),
	                             &pod->milli_spm);
}

static void send_page1(struct pod *pod)
{
	uint8_t page[SDM_PAGE_SIZE];
	struct sdm_page1 p = {
		.speed = (uint16_t)(pod->speed_m_s * 256),
		.strides = (uint8_t)fmod(pod->strides, 256),
	};

	if (pod->has_clock)
		p.time =
			(uint16_t)fmod((pod->now_s + pod->time_s) * 200, 51200);
	sdm_page1_encode(&p, page);
	feed(pod, page);
}

static void send_page2(struct pod *pod, double strides_per_min)
{
	uint8_t page[SDM_PAGE_SIZE];
	struct sdm_page2 p = {
		.page = 2,
		.cadence = (uint16_t)lround(strides_per_min * 16),
		.speed = (uint16_t)(pod->speed_m_s * 256),
		.use = !pod->inactive,
	};

	sdm_page2_encode(&p, page);
	feed(pod, page);
}

/* Page 1 alone, each `period_s`; every reading within `within` steps/min of the
 * truth. Returns the number of readings. */
static unsigned run(struct pod *pod, double seconds, double period_s,
                    double within)
{
	unsigned readings = 0, wrong = 0;
	long messages = lround(ceil(seconds / period_s));

	for (; messages > 0; messages--) {
		pass(pod, period_s);
		send_page1(pod);
		if (!pod->read)
			continue;
		readings++;
		wrong += fabs(pod->milli_spm / 1000.0 -
		              2 * pod->strides_per_min) > within;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	return readings;
}

#define PERIOD_S (8134 / 32768.0)
/* Whole strides over at least 8 s; 1 Hz holds fewer */
#define WITHIN_4_HZ 12
#define WITHIN_1_HZ 21

static void start(struct pod *pod)
{
	CU_ASSERT_TRUE(run(pod, 12, PERIOD_S, WITHIN_4_HZ) > 0);
	CU_ASSERT_EQUAL(pod->cadence.anomalies, 0);
}

/* ---- cadence rule 1 and 2: page 2 ---- */

static void test_page2_counts(void)
{
	struct pod pod = pod_with_clock();

	send_page2(&pod, 85.5);
	CU_ASSERT_TRUE(pod.read);
	CU_ASSERT_EQUAL(pod.milli_spm, 171000);
	send_page2(&pod, 1 / 16.0);
	CU_ASSERT_EQUAL(pod.milli_spm, 125);
	send_page2(&pod, 4095 / 16.0);
	CU_ASSERT_EQUAL(pod.milli_spm, 511875);
}

static void test_page2_holds_5_s(void)
{
	struct pod pod = pod_with_clock();

	start(&pod);
	send_page2(&pod, 80);
	CU_ASSERT_EQUAL(run(&pod, 4.8, PERIOD_S, 0), 0);
	CU_ASSERT_EQUAL(pod.milli_spm, 160000);
	CU_ASSERT_TRUE(run(&pod, 3, PERIOD_S, WITHIN_4_HZ) > 0);
}

static void test_zero_of_page2_is_no_reading(void)
{
	struct pod pod = pod_with_clock();
	unsigned readings = 0;

	for (unsigned i = 0; i < 400; i++) {
		pass(&pod, PERIOD_S);
		if (i % 4 < 2) {
			send_page1(&pod);
			readings += pod.read;
			if (pod.read)
				CU_ASSERT_DOUBLE_EQUAL(pod.milli_spm, 168000,
				                       20000);
		} else {
			send_page2(&pod, 0);
			CU_ASSERT_FALSE(pod.read);
		}
	}
	CU_ASSERT_TRUE(readings > 100);
}

/* Unused is 0: speed, use and cadence may be 0 of a pod that runs. */
static void test_all_zero_page2_while_running(void)
{
	struct pod pod = pod_with_clock();

	pod.inactive = true;
	pod.speed_m_s = 0;
	start(&pod);
	for (unsigned i = 0; i < 400; i++) {
		pass(&pod, PERIOD_S);
		if (i % 4 < 2)
			send_page1(&pod);
		else
			send_page2(&pod, 0);
		if (pod.read)
			CU_ASSERT_DOUBLE_EQUAL(pod.milli_spm, 168000, 20000);
	}
}

/* ---- rule 3: stride counts ---- */

static void test_strides_with_the_pods_clock(void)
{
	struct pod pod = pod_with_clock();

	CU_ASSERT_EQUAL(run(&pod, 4, PERIOD_S, WITHIN_4_HZ), 0);
	CU_ASSERT_TRUE(run(&pod, 600, PERIOD_S, WITHIN_4_HZ) > 600);
}

static void test_strides_without_a_clock(void)
{
	struct pod pod = pod_with_clock();

	pod.has_clock = false;
	CU_ASSERT_TRUE(run(&pod, 600, PERIOD_S, WITHIN_4_HZ) > 600);
}

/* 256 strides in 183 s, 256 s of time: an hour has many of both. */
static void test_wraps(void)
{
	struct pod pod = pod_with_clock();

	pod.time_s = 256 * 4 - 1000 - 3;
	pod.strides = 250;
	CU_ASSERT_TRUE(run(&pod, 3600, PERIOD_S, WITHIN_4_HZ) > 3600);
	CU_ASSERT_EQUAL(pod.cadence.anomalies, 0);
	/* the first message came a period after */
	CU_ASSERT_DOUBLE_EQUAL(pod.cadence.strides - 250.0, 3600 * 84 / 60.0,
	                       2);
}

static void test_once_a_second(void)
{
	struct pod pod = pod_with_clock();

	CU_ASSERT_TRUE(run(&pod, 3600, 1, WITHIN_1_HZ) > 3500);
	CU_ASSERT_EQUAL(pod.cadence.anomalies, 0);
}

/* One message in five is lost, as in two of the real captures (1.3). */
static void test_lost_messages(void)
{
	struct pod pod = pod_with_clock();
	uint32_t dice = 12345;

	for (unsigned i = 0; i < 10000; i++) {
		pass(&pod, PERIOD_S);
		dice = dice * 1664525 + 1013904223;
		if (dice >> 24 < 51)
			continue;
		send_page1(&pod);
		if (pod.read && fabs(pod.milli_spm - 168000.0) > 25000)
			CU_FAIL("a message that was lost made a dip");
	}
	CU_ASSERT_EQUAL(pod.cadence.anomalies, 0);
}

/* USB hands over late and at once what waited: the pod's clock is right. */
static void test_bursts(void)
{
	struct pod pod = pod_with_clock();
	double late_s = 0;

	for (unsigned i = 0; i < 2000; i++) {
		double arrives_s = ceil(pod.now_s);

		pass(&pod, PERIOD_S);
		late_s = arrives_s - pod.now_s;
		pod.now_s += late_s;
		pod.time_s = -late_s;
		send_page1(&pod);
		pod.now_s -= late_s;
		if (pod.read && fabs(pod.milli_spm - 168000.0) > 15000)
			CU_FAIL("the host's delay was taken for the runner's");
	}
}

/* 120 steps/min: at each message the foot is where it was a second ago, which
 * is where whole strides tell least. */
static void test_a_beat_in_step_with_the_messages(void)
{
	struct pod pod = pod_with_clock();

	pod.strides_per_min = 60;
	CU_ASSERT_TRUE(run(&pod, 12, PERIOD_S, WITHIN_1_HZ) > 0);
	CU_ASSERT_TRUE(run(&pod, 28, PERIOD_S, 8) > 0);
	CU_ASSERT_TRUE(run(&pod, 60, PERIOD_S, 3) > 0);
}

/* From a walk to a run and back: followed within 5 s, close by in 15. */
static void test_a_beat_that_changes(void)
{
	struct pod pod = pod_with_clock();

	pod.strides_per_min = 60;
	CU_ASSERT_TRUE(run(&pod, 60, PERIOD_S, WITHIN_1_HZ) > 0);
	for (int change = 0; change < 6; change++) {
		pod.strides_per_min = change % 2 ? 60 : 83;
		run(&pod, 5, PERIOD_S, 60);
		CU_ASSERT_TRUE(run(&pod, 10, PERIOD_S, 15) > 0);
		CU_ASSERT_TRUE(run(&pod, 30, PERIOD_S, 5) > 0);
	}
}

/* ---- rule 4: no new stride ---- */

static void test_no_dip_before_the_next_is_due(void)
{
	struct pod pod = pod_with_clock();
	double edge_s;
	int32_t last;

	start(&pod);
	while (pod.cadence.still_us > 0)
		run(&pod, PERIOD_S, PERIOD_S, WITHIN_4_HZ);
	edge_s = pod.now_s;
	last = pod.cadence.milli_spm;
	pod.strides_per_min = 0;
	while (pod.now_s - edge_s + PERIOD_S < 1.5 * 60 / 84) {
		pass(&pod, PERIOD_S);
		send_page1(&pod);
		CU_ASSERT_FALSE(pod.read);
	}
	CU_ASSERT_EQUAL(pod.cadence.milli_spm, last);
}

static void test_falls_to_zero(void)
{
	struct pod pod = pod_with_clock();
	double edge_s;
	int32_t last;

	start(&pod);
	while (pod.cadence.still_us > 0)
		run(&pod, PERIOD_S, PERIOD_S, WITHIN_4_HZ);
	edge_s = pod.now_s;
	last = pod.cadence.milli_spm;
	pod.strides_per_min = 0;
	while (pod.now_s - edge_s < 60) {
		pass(&pod, PERIOD_S);
		send_page1(&pod);
		if (!pod.read)
			continue;
		CU_ASSERT_TRUE(pod.milli_spm <= last);
		CU_ASSERT_EQUAL(pod.milli_spm == 0, pod.now_s - edge_s >= 3.0);
		last = pod.milli_spm;
	}
	CU_ASSERT_TRUE(pod.read);
	CU_ASSERT_EQUAL(pod.milli_spm, 0);
}

static void test_zero_waits_for_three_intervals(void)
{
	struct pod pod = pod_with_clock();

	/* a slow walk, told of once in 2 s: still after 6 s */
	pod.strides_per_min = 40;
	CU_ASSERT_TRUE(run(&pod, 20, 2, 30) > 0);
	pod.strides_per_min = 0;
	for (unsigned i = 0; i < 3; i++) {
		CU_ASSERT_TRUE(pod.milli_spm > 0);
		pass(&pod, 2);
		send_page1(&pod);
	}
	CU_ASSERT_TRUE(pod.read);
	CU_ASSERT_EQUAL(pod.milli_spm, 0);
}

static void test_never_moved(void)
{
	struct pod pod = pod_with_clock();

	pod.strides_per_min = 0;
	CU_ASSERT_EQUAL(run(&pod, 3, PERIOD_S, 0), 0);
	CU_ASSERT_TRUE(run(&pod, 3, PERIOD_S, 0) > 8);
	CU_ASSERT_EQUAL(pod.milli_spm, 0);
}

static void test_stillness_without_a_clock(void)
{
	struct pod pod = pod_with_clock();

	pod.has_clock = false;
	start(&pod);
	pod.strides_per_min = 0;
	pass(&pod, 3);
	send_page1(&pod);
	CU_ASSERT_TRUE(pod.read);
	CU_ASSERT_EQUAL(pod.milli_spm, 0);
}

/* Pods that stop their clock when they stand */
static void test_stillness_when_the_clock_stops(void)
{
	struct pod pod = pod_with_clock();

	start(&pod);
	pod.strides_per_min = 0;
	for (unsigned i = 0; i < 16; i++) {
		pass(&pod, PERIOD_S);
		pod.time_s -= PERIOD_S;
		send_page1(&pod);
	}
	CU_ASSERT_TRUE(pod.read);
	CU_ASSERT_EQUAL(pod.milli_spm, 0);
}

static void test_inactive_is_zero_at_once(void)
{
	struct pod pod = pod_with_clock();

	pod.inactive = true;
	pod.speed_m_s = 0;
	send_page2(&pod, 0);
	CU_ASSERT_TRUE(pod.read);
	CU_ASSERT_EQUAL(pod.milli_spm, 0);
	pod.inactive = false;
	send_page2(&pod, 0);
	CU_ASSERT_FALSE(pod.read);
}

static void test_inactive_after_running(void)
{
	struct pod pod = pod_with_clock();

	start(&pod);
	send_page2(&pod, 84);
	pod.strides_per_min = 0;
	pod.speed_m_s = 0;
	pod.inactive = true;
	for (unsigned i = 0; i < 7; i++) {
		pass(&pod, PERIOD_S);
		send_page1(&pod);
		CU_ASSERT_FALSE(pod.read);
	}
	send_page2(&pod, 0);
	CU_ASSERT_TRUE(pod.read);
	CU_ASSERT_EQUAL(pod.milli_spm, 0);
}

/* The strides before a rest say nothing of the pace after it. */
static void test_begins_anew_after_zero(void)
{
	struct pod pod = pod_with_clock();

	start(&pod);
	pod.strides_per_min = 0;
	for (unsigned i = 0; i < 15; i++) {
		pass(&pod, PERIOD_S);
		send_page1(&pod);
	}
	CU_ASSERT_EQUAL(pod.milli_spm, 0);
	pod.strides_per_min = 90;
	do {
		pass(&pod, PERIOD_S);
		send_page1(&pod);
	} while (pod.read);
	CU_ASSERT_EQUAL(run(&pod, 3.5, PERIOD_S, WITHIN_4_HZ), 0);
	CU_ASSERT_TRUE(run(&pod, 20, PERIOD_S, WITHIN_4_HZ) > 0);
}

/* ---- rule 5 and 6: gaps and leaps ---- */

static void test_gap_over_45_s(void)
{
	struct pod pod = pod_with_clock();

	pod.strides = 200;
	start(&pod);
	pass(&pod, 45.5);
	CU_ASSERT_EQUAL(run(&pod, 4, PERIOD_S, WITHIN_4_HZ), 0);
	/* counting began anew: what passed in between was not added */
	CU_ASSERT_DOUBLE_EQUAL(pod.cadence.strides, pod.strides - 256, 1);
	CU_ASSERT_TRUE(run(&pod, 20, PERIOD_S, WITHIN_4_HZ) > 0);
	CU_ASSERT_EQUAL(pod.cadence.anomalies, 0);
}

static void test_gap_under_45_s(void)
{
	struct pod pod = pod_with_clock();
	uint32_t before;

	start(&pod);
	before = pod.cadence.strides;
	pass(&pod, 40);
	CU_ASSERT_TRUE(run(&pod, 20, PERIOD_S, WITHIN_4_HZ) > 0);
	CU_ASSERT_EQUAL(pod.cadence.anomalies, 0);
	CU_ASSERT_DOUBLE_EQUAL(pod.cadence.strides - before, 60 * 84 / 60.0, 2);
}

/* Seven messages lost at 4 Hz, the shape of real drop-outs (1.5) */
static void test_gap_of_2_s(void)
{
	struct pod pod = pod_with_clock();

	start(&pod);
	pass(&pod, 2);
	CU_ASSERT_TRUE(run(&pod, 1, PERIOD_S, WITHIN_4_HZ) > 0);
}

static void leap(struct pod *pod, double strides, double seconds)
{
	start(pod);
	pod->strides = floor(pod->strides) + strides + 0.1;
	pod->now_s += seconds;
	send_page1(pod);
}

static void test_leaps(void)
{
	struct pod pod = pod_with_clock();

	leap(&pod, 8, 0.25);
	CU_ASSERT_EQUAL(pod.cadence.anomalies, 0);
	pod = pod_with_clock();
	leap(&pod, 9, 0.25);
	CU_ASSERT_EQUAL(pod.cadence.anomalies, 1);
	CU_ASSERT_FALSE(pod.read);
	CU_ASSERT_EQUAL(run(&pod, 4, PERIOD_S, WITHIN_4_HZ), 0);
	CU_ASSERT_TRUE(run(&pod, 20, PERIOD_S, WITHIN_4_HZ) > 0);
	pod = pod_with_clock();
	leap(&pod, 9, 1);
	CU_ASSERT_EQUAL(pod.cadence.anomalies, 0);
	pod = pod_with_clock();
	leap(&pod, 20, 1);
	CU_ASSERT_EQUAL(pod.cadence.anomalies, 1);
	pod = pod_with_clock();
	leap(&pod, 60, 30);
	CU_ASSERT_EQUAL(pod.cadence.anomalies, 0);
}

/* A pod that restarts: its clock is somewhere else */
static void test_clock_leaps(void)
{
	struct pod pod = pod_with_clock();

	start(&pod);
	pod.time_s += 100;
	pass(&pod, PERIOD_S);
	send_page1(&pod);
	CU_ASSERT_EQUAL(pod.cadence.anomalies, 1);
	CU_ASSERT_FALSE(pod.read);
	CU_ASSERT_TRUE(run(&pod, 20, PERIOD_S, WITHIN_4_HZ) > 0);
}

static void test_time_runs_back(void)
{
	struct pod pod = pod_with_clock();

	start(&pod);
	pod.now_s -= 100;
	CU_ASSERT_EQUAL(run(&pod, 4, PERIOD_S, WITHIN_4_HZ), 0);
	CU_ASSERT_TRUE(run(&pod, 20, PERIOD_S, WITHIN_4_HZ) > 0);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "pages there and back", test_pages_there_and_back },
		{ "pages 0 and 16 to 255 are left alone",
		  test_other_pages_are_left_alone },
		{ "1: page 2 counts", test_page2_counts },
		{ "1: page 2 holds 5 s", test_page2_holds_5_s },
		{ "2: cadence 0 while strides advance",
		  test_zero_of_page2_is_no_reading },
		{ "2: page 2 all zero while strides advance",
		  test_all_zero_page2_while_running },
		{ "3: strides over the pod's clock",
		  test_strides_with_the_pods_clock },
		{ "3: strides over receive time",
		  test_strides_without_a_clock },
		{ "3: time and strides wrap", test_wraps },
		{ "3: a message a second", test_once_a_second },
		{ "3: messages are lost", test_lost_messages },
		{ "3: messages come in bursts", test_bursts },
		{ "3: a beat in step with the messages",
		  test_a_beat_in_step_with_the_messages },
		{ "3: a beat that changes", test_a_beat_that_changes },
		{ "4: no dip before the next is due",
		  test_no_dip_before_the_next_is_due },
		{ "4: falls, and is 0 after 3 s", test_falls_to_zero },
		{ "4: 0 after 3 intervals",
		  test_zero_waits_for_three_intervals },
		{ "4: 0 if nothing ever moved", test_never_moved },
		{ "4: 0 without a clock", test_stillness_without_a_clock },
		{ "4: 0 when the clock stops, too",
		  test_stillness_when_the_clock_stops },
		{ "4: inactive and speed 0", test_inactive_is_zero_at_once },
		{ "4: inactive after running", test_inactive_after_running },
		{ "4: begins anew after 0", test_begins_anew_after_zero },
		{ "5: a gap of more than 45 s", test_gap_over_45_s },
		{ "5: a gap of 40 s", test_gap_under_45_s },
		{ "5: a gap of 2 s", test_gap_of_2_s },
		{ "6: leaps of strides", test_leaps },
		{ "6: leaps of time", test_clock_leaps },
		{ "time that runs back", test_time_runs_back },
		CU_TEST_INFO_NULL,
	};

	return suite_run("sdm", tests);
}
