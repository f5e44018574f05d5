/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The cadence that can be had from a pod's SDM pages, in steps per minute.
 */
#ifndef GAITD_SDM_CADENCE_H
#define GAITD_SDM_CADENCE_H

#include "protocol/sdm.h"
#include "protocol/sdm_beat.h"

/* Cadence from a pod's pages. Page 2 (to 15) counts when its cadence is above
 * 0, and for 5 s; else stride counts of page 1, with the roll-overs of time and
 * strides: over 4 to 6 s where the latency tells when a stride was, else by the
 * beat that they fit (sdm_beat.h); footpods.md section 2, "Cadence rules".
 * Zero it to begin. */
#define SDM_EDGES 32

/* A page 1 whose stride count differed from the one before; both clocks are
 * kept, as pods may leave their time at 0. */
struct sdm_edge {
	uint64_t page_us;     /* the page's time, unwrapped */
	uint64_t received_us; /* as fed */
	uint32_t strides;     /* unwrapped */
	bool exact; /* page_us is the stride's own time, not the message's */
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
	struct sdm_beat beat;
	uint64_t event_us; /* page time less latency, of the last page 1 */
	unsigned told;     /* how often it was a stride's, lately */
	bool has_reading;
	int32_t milli_spm; /* the last reading */
	bool has_page2;
	uint64_t page2_us; /* receive time of the last usable page 2 */
	uint8_t lacks; /* enum sdm_capability: what page 22 says is not filled */
	uint64_t anomalies; /* leaps that no runner makes: counting began anew */
};

/* Feeds one page received at `now_us`. Returns true when it gave a reading:
 * *milli_spm is then 0.001 steps/min (0: the pod stands still). */
bool sdm_cadence_feed(struct sdm_cadence *c, const uint8_t page[SDM_PAGE_SIZE],
                      uint64_t now_us, int32_t *milli_spm);

#endif
