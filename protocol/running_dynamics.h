/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * ANT+ Running Dynamics (device type 30), as worked out in public by RadiANT
 * (docs/device-profiles.md 3.13) and confirmed by openrd. A field of 0 is no
 * reading. There is no toggle bit.
 */
#ifndef GAITD_RUNNING_DYNAMICS_H
#define GAITD_RUNNING_DYNAMICS_H

#include "protocol/ant_common.h"

#include <stdbool.h>
#include <stdint.h>

#define RD_DEVICE_TYPE 30
#define RD_STEPS_WRAP 128
#define RD_NO_LEADER 0xffff

struct rd_page0 {
	uint16_t cadence; /* 1/32 stride/min */
	bool walking, bidirectional;
	uint16_t vertical_oscillation; /* 1/4 mm */
	uint16_t ground_contact_ms;
	uint16_t stance; /* 1/4 % */
	uint8_t steps;   /* wraps at 128 */
};

struct rd_page1 {
	uint16_t balance;        /* 1/32 %, of the left foot */
	uint16_t vertical_ratio; /* 1/32 % */
	uint16_t step_mm;
	bool upside_down;
	uint16_t leader; /* of the session; RD_NO_LEADER of straps */
};

bool rd_page0_decode(const uint8_t page[ANT_PAGE_SIZE], struct rd_page0 *out);
void rd_page0_encode(const struct rd_page0 *p, uint8_t page[ANT_PAGE_SIZE]);
bool rd_page1_decode(const uint8_t page[ANT_PAGE_SIZE], struct rd_page1 *out);
void rd_page1_encode(const struct rd_page1 *p, uint8_t page[ANT_PAGE_SIZE]);

#endif
