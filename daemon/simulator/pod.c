/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/simulator/pod.h"

#include "daemon/simulator/body.h"
#include "protocol/ant.h"
#include "protocol/ant_common.h"
#include "protocol/rsc.h"
#include "protocol/sdm.h"

#include <assert.h>
#include <string.h>

#define ANT_CHANNEL 0
#define DEVICE_NUMBER 57042 /* and the unit */
#define ANT_PERIOD 8134 /* 1/32768 s: 4.03 Hz */
#define ANT_FIRST_US 700000
#define ANT_JITTER_US 3000 /* USB's and the host's share */
#define RSC_PERIOD_US 1000000
#define RSC_FIRST_US 900000
#define RSC_JITTER_US 45000

/* Channel events of the stick, footpods.md 1.3 */
#define EVENT_RX_FAIL 0x02
#define EVENT_RX_FAIL_GO_TO_SEARCH 0x08
#define MISSES_TO_SEARCH 8

/* Common pages 80 to 82: manufacturer 255 (development), model 1; software
 * 1.0, serial 57043; battery good, 2.95 V, 24 h of use. Its status is bits 4 to 6
 * of the last octet. */
#define BATTERY_PAGE 82
#define BATTERY_SHIFT 4
#define NEAR_DBM (-55) /* of a candidate that nothing else is told of */

static const uint8_t common_pages[][SDM_PAGE_SIZE] = {
	{ 80, 0xff, 0xff, 1, 0xff, 0x00, 0x01, 0x00 },
	{ 81, 0xff, 0xff, 10, 0xd3, 0xde, 0x00, 0x00 },
	{ 82, 0xff, 0x00, 0x18, 0x15, 0x00, 0xf3, 0x22 },
};

void pod_init(struct pod *pod, enum pod_kind kind, uint32_t loss_percent,
              struct outbox *outbox, uint64_t seed)
{
	memset(pod, 0, sizeof(*pod));
	pod->kind = kind;
	pod->unit = 1;
	pod->loss_percent = loss_percent;
	pod->outbox = outbox;
	dice_seed(&pod->dice, seed, 3);
	pod->time_base_us = dice_below(&pod->dice, 256000000);
	pod->distance_base_nm =
		dice_below(&pod->dice, 256) * UINT64_C(1000000000);
	pod->stride_base = (uint8_t)dice_below(&pod->dice, 256);
}

void pod_greet(struct pod *pod)
{
	switch (pod->kind) {
	case POD_NONE:
		return;
	case POD_ANT:
	case POD_ANT_STRIDES:
		pod->due_us = ANT_FIRST_US;
		break;
	case POD_RSC_STRIDES:
	case POD_RSC_STEPS:
		pod->due_us = RSC_FIRST_US;
		outbox_name(pod->outbox, 0, SOURCE_FOOTPOD, "Simulated pod");
		break;
	}
	if (pod->unit == 1)
		outbox_link(pod->outbox, 0, SOURCE_FOOTPOD, DISPLAY_LINK_SEARCHING);
}

/* Pods take their speed from the foot and are a little off. */
static uint16_t speed_256th(const struct pod_motion *motion)
{
	return (uint16_t)(motion->speed_mm_h * 102 / 100 * 256 / 3600000);
}

/* ---- ANT+ ---- */

static void send_ant(struct pod *pod, const struct ant_message *message)
{
	uint8_t bytes[ANT_FRAME_MAX];
	size_t length = ant_frame_encode(message, bytes, sizeof(bytes));

	assert(length > 0);
	outbox_ant(pod->outbox, pod->due_us, pod->unit, bytes, length);
}

static void send_channel_event(struct pod *pod, uint8_t event)
{
	struct ant_message message = {
		.id = ANT_CHANNEL_RESPONSE,
		.length = 3,
		.payload = { ANT_CHANNEL, 1, event },
	};

	send_ant(pod, &message);
}

static void make_page1(const struct pod *pod, const struct pod_motion *motion,
                       uint8_t page[SDM_PAGE_SIZE])
{
	uint64_t time_us = pod->time_base_us + pod->due_us;
	uint64_t metres16 =
		(pod->distance_base_nm + pod->distance_nm) / 62500000;
	uint64_t latency = (pod->due_us - pod->stride_us) / 31250;
	struct sdm_page1 p = {
		.time = (uint16_t)(time_us / 5000 % 51200),
		.distance = (uint16_t)(metres16 % 4096),
		.speed = speed_256th(motion),
		.strides = (uint8_t)(pod->stride_base + pod->strides),
		.latency = (uint8_t)(latency < 255 ? latency : 255),
	};

	sdm_page1_encode(&p, page);
}

static void make_page2(const struct pod *pod, const struct pod_motion *motion,
                       uint8_t page[SDM_PAGE_SIZE])
{
	/* 1/16 stride a minute is 1/8 step a minute */
	uint16_t cadence = (uint16_t)((motion->cadence_uspm + 62500) / 125000);
	struct sdm_page2 p = {
		.page = 2,
		.cadence = pod->kind == POD_ANT ? cadence : 0,
		.speed = speed_256th(motion),
		.battery = pod->traits.battery_low ? SDM_BATTERY_LOW : SDM_BATTERY_GOOD,
		.location = pod->traits.elsewhere ? SDM_LOCATION_OTHER : SDM_LACES,
		.use = motion->cadence_uspm > 0,
	};

	sdm_page2_encode(&p, page);
}

static void make_common_page(const struct pod *pod, unsigned which,
                             uint8_t page[SDM_PAGE_SIZE])
{
	memcpy(page, common_pages[which], SDM_PAGE_SIZE);
	if (page[0] == BATTERY_PAGE && pod->traits.battery_low)
		page[7] = (uint8_t)((page[7] & 0x8f) | ANT_BATTERY_LOW << BATTERY_SHIFT);
}

/* 1 1 2 2 ..., and a pair of common pages at positions 64 and 65 of 66: 80
 * and 81, the next time 82 twice. */
static void make_page(const struct pod *pod, const struct pod_motion *motion,
                      uint8_t page[SDM_PAGE_SIZE])
{
	unsigned position = (unsigned)(pod->slot % 66);
	unsigned odd_round = (unsigned)(pod->slot / 66 % 2);

	if (position >= 64)
		make_common_page(pod, odd_round ? 2 : position - 64, page);
	else if (position / 2 % 2 == 0)
		make_page1(pod, motion, page);
	else
		make_page2(pod, motion, page);
}

/* As a stick hands on what it was asked to tell with a message */
static void send_extended(struct pod *pod, const struct pod_motion *motion)
{
	struct ant_data data = {
		.channel = ANT_CHANNEL,
		.extensions = ANT_EXT_CHANNEL_ID | ANT_EXT_RSSI,
		.device_number = (uint16_t)(DEVICE_NUMBER + pod->unit),
		.device_type = SDM_DEVICE_TYPE,
		.transmission_type = 5,
		.rssi_dbm = (int8_t)(pod->traits.rssi_dbm ? pod->traits.rssi_dbm : NEAR_DBM),
	};
	struct ant_message message;

	make_page(pod, motion, data.page);
	ant_data_encode(&data, ANT_BROADCAST_DATA, &message);
	send_ant(pod, &message);
}

static void send_page(struct pod *pod, const struct pod_motion *motion)
{
	struct ant_message message = {
		.id = ANT_BROADCAST_DATA,
		.length = 1 + SDM_PAGE_SIZE,
		.payload = { ANT_CHANNEL },
	};

	if (pod->unit > 1 || pod->traits.rssi_dbm) {
		send_extended(pod, motion);
		return;
	}
	make_page(pod, motion, &message.payload[1]);
	send_ant(pod, &message);
}

/* A stick tells of each message that it missed, and of the eighth in a row
 * that it searches again; then it is quiet. */
static void miss_page(struct pod *pod)
{
	if (pod->unit == 1 && pod->missed < MISSES_TO_SEARCH)
		send_channel_event(pod, ++pod->missed < MISSES_TO_SEARCH
		                                ? EVENT_RX_FAIL
		                                : EVENT_RX_FAIL_GO_TO_SEARCH);
}

static void ant_slot(struct pod *pod, const struct pod_motion *motion)
{
	if (pod->gone || dice_percent(&pod->dice, pod->loss_percent)) {
		miss_page(pod);
	} else {
		pod->missed = 0;
		send_page(pod, motion);
	}
	pod->slot++;
	pod->due_us = ANT_FIRST_US +
	              pod->slot * ANT_PERIOD * UINT64_C(1000000) / 32768 +
	              dice_below(&pod->dice, ANT_JITTER_US);
}

/* ---- Running Speed and Cadence ---- */

static struct rsc_measurement measure(const struct pod *pod,
                                      const struct pod_motion *motion)
{
	int64_t spm = (motion->cadence_uspm + 500000) / 1000000;
	struct rsc_measurement m = {
		.running = spm >= 140,
		.speed = speed_256th(motion),
		.cadence = (uint8_t)spm,
	};

	if (pod->kind == POD_RSC_STEPS)
		return m;
	m.cadence = (uint8_t)((motion->cadence_uspm + 1000000) / 2000000);
	m.has_stride_length = true;
	m.has_total_distance = true;
	/* cm: mm/h / 60 min / (spm / 2) / 10 */
	if (motion->cadence_uspm >= 1000000)
		m.stride_length_cm =
			(uint16_t)(motion->speed_mm_h * 1000 /
		                   (motion->cadence_uspm / 1000) / 300);
	m.total_distance = (uint32_t)(pod->distance_nm / 100000000);
	return m;
}

static void rsc_slot(struct pod *pod, const struct pod_motion *motion)
{
	struct rsc_measurement m = measure(pod, motion);
	uint8_t bytes[16];
	size_t length = rsc_measurement_encode(&m, bytes, sizeof(bytes));

	assert(length > 0);
	if (!pod->gone && !dice_percent(&pod->dice, pod->loss_percent))
		outbox_attribute(pod->outbox, pod->due_us, SOURCE_FOOTPOD,
		                 SOURCE_NOTIFY, RSC_UUID_MEASUREMENT, bytes,
		                 length);
	pod->slot++;
	pod->due_us = RSC_FIRST_US + pod->slot * RSC_PERIOD_US +
	              dice_below(&pod->dice, RSC_JITTER_US);
}

static void follow(struct pod *pod, uint64_t now_us,
                   const struct pod_motion *motion)
{
	pod->distance_nm += (uint64_t)(motion->speed_mm_h * 25 / 9 * 102 / 100);
	if (pod->strides != motion->steps / 2) {
		pod->strides = motion->steps / 2;
		pod->stride_us = now_us;
	}
}

void pod_tick(struct pod *pod, uint64_t now_us, const struct pod_motion *truth)
{
	struct pod_motion reckoned = *truth;
	const struct pod_motion *motion = &reckoned;

	if (pod->traits.speed_permille)
		reckoned.speed_mm_h =
			truth->speed_mm_h * pod->traits.speed_permille / 1000;
	follow(pod, now_us, motion);
	if (pod->kind == POD_NONE || pod->due_us >= now_us + BODY_TICK_US)
		return;
	switch (pod->kind) {
	case POD_NONE:
		break;
	case POD_ANT:
	case POD_ANT_STRIDES:
		ant_slot(pod, motion);
		break;
	case POD_RSC_STRIDES:
	case POD_RSC_STEPS:
		rsc_slot(pod, motion);
		break;
	}
}
