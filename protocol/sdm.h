/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * ANT+ Stride based Speed and Distance Monitor (device type 124): data pages,
 * and the cadence that can be had from them. 1 stride = 2 steps.
 */
#ifndef GAITD_SDM_H
#define GAITD_SDM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SDM_DEVICE_TYPE 124
#define SDM_PAGE_SIZE 8

struct sdm_page1 {
	uint16_t time;     /* 1/200 s, wraps at 51200 */
	uint16_t distance; /* 1/16 m, wraps at 4096 */
	uint16_t speed;    /* 1/256 m/s */
	uint8_t strides;   /* wraps at 256 */
	uint8_t latency;   /* 1/32 s */
};

/* Page 2 and, by the same template, pages 3 to 15 */
struct sdm_page2 {
	uint8_t page;
	uint16_t cadence; /* 1/16 stride/min; 0 is no reading */
	uint16_t speed;   /* 1/256 m/s */
	uint8_t location; /* 0 laces, 1 mid-sole, 2 other, 3 ankle */
	uint8_t battery;  /* 0 new, 1 good, 2 ok, 3 low */
	uint8_t health;   /* 0 ok, 1 error, 2 warning */
	uint8_t use;      /* 0 inactive, 1 active */
};

bool sdm_page1_decode(const uint8_t page[SDM_PAGE_SIZE], struct sdm_page1 *out);
void sdm_page1_encode(const struct sdm_page1 *p, uint8_t page[SDM_PAGE_SIZE]);
bool sdm_page2_decode(const uint8_t page[SDM_PAGE_SIZE], struct sdm_page2 *out);
void sdm_page2_encode(const struct sdm_page2 *p, uint8_t page[SDM_PAGE_SIZE]);

/* Cadence from a pod's pages. Page 2 (to 15) counts when its cadence is above
 * 0, and for 5 s; else stride counts of page 1 over the last 4 to 6 s, with
 * the roll-overs of time and strides; footpods.md section 2, "Cadence rules".
 * Zero it to begin. */
#define SDM_EDGES 32

/* A page 1 whose stride count differed from the one before; both clocks are
 * kept, as pods may leave their time at 0. */
struct sdm_edge {
	uint64_t page_us;     /* the page's time, unwrapped */
	uint64_t received_us; /* as fed */
	uint32_t strides;     /* unwrapped */
};

struct sdm_cadence {
	bool has_page1;
	struct sdm_page1 last;
	uint64_t last_us;      /* receive time of the last page 1 */
	uint64_t page_time_us; /* page time, unwrapped */
	uint32_t strides;      /* unwrapped */
	struct sdm_edge moved; /* when the stride count last moved, or began */
	uint64_t still_us;     /* from then to the last page 1 */
	struct sdm_edge edges[SDM_EDGES]; /* oldest first */
	unsigned edge_count;
	bool has_reading;
	int32_t milli_spm; /* the last reading by stride counts */
	bool has_page2;
	uint64_t page2_us; /* receive time of the last usable page 2 */
	uint64_t anomalies; /* leaps that no runner makes: counting began anew */
};

/* Feeds one page received at `now_us`. Returns true when it gave a reading:
 * *milli_spm is then 0.001 steps/min (0: the pod stands still). */
bool sdm_cadence_feed(struct sdm_cadence *c, const uint8_t page[SDM_PAGE_SIZE],
                      uint64_t now_us, int32_t *milli_spm);

#endif
