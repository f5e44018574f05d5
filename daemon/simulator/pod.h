/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A foot pod and the radio way to it: ANT+ SDM pages as a USB stick hands them
 * on (footpods.md section 2), or Running Speed and Cadence notifications.
 */
#ifndef GAITD_POD_H
#define GAITD_POD_H

#include "daemon/simulator/dice.h"
#include "daemon/simulator/outbox.h"

#include <stdbool.h>
#include <stdint.h>

enum pod_kind {
	POD_NONE,
	POD_ANT,         /* pages 1 and 2 with cadence */
	POD_ANT_STRIDES, /* page 2 without cadence: it is to be counted */
	POD_RSC_STRIDES, /* strides a minute, with stride length */
	POD_RSC_STEPS,   /* steps a minute, as some sellers read the text */
};

/* What a pod tells of itself, and how it is heard; all 0: nothing is wrong */
struct pod_traits {
	int8_t rssi_dbm;     /* 0: the stick does not say */
	bool battery_low;
	bool elsewhere;      /* says that it is worn at no shoe */
	uint16_t speed_permille; /* of the true speed, as it reckons; 0: truly */
};

struct pod_motion {
	int64_t speed_mm_h;
	int64_t cadence_uspm;
	uint32_t steps;
};

struct pod {
	enum pod_kind kind;
	struct pod_traits traits;
	unsigned unit; /* 1: the runner's own; others are heard around */
	struct dice dice;
	struct outbox *outbox;
	uint32_t loss_percent;
	bool gone; /* out of range, or its cell is empty */
	uint64_t slot, due_us;
	unsigned missed; /* slots in a row */
	uint64_t distance_nm;
	/* what its counters held when it woke: pods are not born at 0 */
	uint64_t time_base_us;
	uint64_t distance_base_nm;
	uint8_t stride_base;
	uint64_t stride_us; /* when the last stride was */
	uint32_t strides;
};

void pod_init(struct pod *pod, enum pod_kind kind, uint32_t loss_percent,
              struct outbox *outbox, uint64_t seed);
void pod_greet(struct pod *pod);
/* 10 ms more, of which `now_us` is the beginning */
void pod_tick(struct pod *pod, uint64_t now_us,
              const struct pod_motion *truth);

#endif
