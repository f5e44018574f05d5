/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/sdm_cadence.h"

#include <string.h>

#define TIME_WRAP 51200u
#define TIME_UNIT_US 5000u

#define SECOND_US 1000000u
#define WINDOW_MIN_US (4 * SECOND_US)
#define WINDOW_MAX_US (6 * SECOND_US)
#define BEAT_FIRST_US (8 * SECOND_US) /* before the first reading */
#define BEAT_VARIANCE_MOST 0.0225     /* 0.15 strides a second: 18 steps/min */
#define PAGE2_HOLDS_US (5 * SECOND_US)
#define GAP_MAX_US (45 * SECOND_US)
#define STILL_MIN_US (3 * SECOND_US)
#define TIME_LEAP_US (3 * SECOND_US)
#define EDGE_INTERVAL_UNKNOWN_US SECOND_US

#define STRIDES_AT_ONCE 8u /* between messages this far apart: */
#define MESSAGE_US (SECOND_US / 4)
#define STRIDES_PER_MINUTE_MAX 130u /* what a runner can do on top of it */

/* milli steps/min from strides and microseconds */
#define MILLI_SPM_US (2u * 60u * 1000u * (uint64_t)SECOND_US)
#define MILLI_SPM_PER_CADENCE16 125 /* 2 * 1000 / 16 */

static uint64_t between_us(const struct sdm_edge *from,
                           const struct sdm_edge *to)
{
	return sdm_beat_between_us(to->page_us - from->page_us,
	                           to->received_us - from->received_us);
}

static struct sdm_edge here(const struct sdm_cadence *c)
{
	return (struct sdm_edge){
		.page_us = c->page_time_us,
		.received_us = c->last_us,
		.strides = c->strides,
	};
}

static void restart(struct sdm_cadence *c, const struct sdm_page1 *p,
                    uint64_t now_us)
{
	c->has_page1 = true;
	c->last = *p;
	c->last_us = now_us;
	/* not 0, so that what was up to 8 s before can be told */
	c->page_time_us = (uint64_t)p->time * TIME_UNIT_US + 10 * SECOND_US;
	c->told = 0;
	c->strides = p->strides;
	c->still_us = 0;
	c->moved = here(c);
	c->edge_count = 0;
	c->beat = (struct sdm_beat){ .count = 0 };
	c->has_reading = false;
}

static void drop_oldest_edge(struct sdm_cadence *c)
{
	c->edge_count--;
	memmove(c->edges, c->edges + 1, c->edge_count * sizeof(c->edges[0]));
}

static const struct sdm_edge *newest_edge(const struct sdm_cadence *c)
{
	return &c->edges[c->edge_count - 1];
}

static void drop_old_edges(struct sdm_cadence *c)
{
	struct sdm_edge now = here(c);

	while (c->edge_count > 0 &&
	       between_us(&c->edges[0], &now) > WINDOW_MAX_US)
		drop_oldest_edge(c);
}

/* ---- when a stride was ---- */

#define LATENCY_UNIT_US 31250u
#define TOLD_LEAST 3
#define TOLD_MOST 8
#define SAME_EVENT_US 40000u /* both units' rounding */

/* Pods say how old their page is, but not since what. Where it is since the last
 * stride, page time less latency stays as long as the count does. */
static void note_event(struct sdm_cadence *c, const struct sdm_page1 *p,
                       uint64_t page_us, uint8_t strides)
{
	uint64_t event_us = c->page_time_us - p->latency * LATENCY_UNIT_US;
	uint64_t before_us = c->page_time_us - page_us;
	bool same = event_us <= c->event_us + SAME_EVENT_US &&
	            c->event_us <= event_us + SAME_EVENT_US;

	if (strides == 0 && page_us > 2 * SAME_EVENT_US)
		c->told = !same ? 0 : c->told < TOLD_MOST ? c->told + 1 : TOLD_MOST;
	if (strides > 0 && event_us + SAME_EVENT_US < before_us)
		c->told = 0; /* older than a page that did not know of it */
	c->event_us = strides > 0 && event_us < before_us ? before_us : event_us;
}

static void add_edge(struct sdm_cadence *c)
{
	if (c->edge_count == SDM_EDGES)
		drop_oldest_edge(c);
	c->edges[c->edge_count] = here(c);
	if (c->told >= TOLD_LEAST) {
		c->edges[c->edge_count].page_us = c->event_us;
		c->edges[c->edge_count].exact = true;
	}
	c->edge_count++;
}

/* How long it takes from one edge to the next: at least a stride, and longer
 * with pods and links that tell of several at once. */
static uint64_t edge_interval_us(const struct sdm_cadence *c)
{
	if (c->edge_count < 2)
		return EDGE_INTERVAL_UNKNOWN_US;
	return between_us(&c->edges[0], newest_edge(c)) / (c->edge_count - 1);
}

static uint32_t edge_strides(const struct sdm_cadence *c)
{
	return c->edge_count ? newest_edge(c)->strides - c->edges[0].strides
	                     : 0;
}

/* Strides that fell into a gap between messages fell no one knows when in it;
 * the next edge is better. Where messages are rare, all edges are like that. */
static bool is_blurred(const struct sdm_cadence *c, uint64_t received_us,
                       unsigned strides)
{
	if (received_us > WINDOW_MAX_US)
		return true;
	return strides > 1 && c->edge_count >= 2 &&
	       received_us * 2 > edge_interval_us(c) * 3;
}

/* ---- the beat ---- */

static double edges_per_s(const struct sdm_cadence *c)
{
	return edge_strides(c) /
	       ((double)between_us(&c->edges[0], newest_edge(c)) * 1e-6);
}

/* Where the beat has just changed there is none to read. */
static bool read_beat(struct sdm_cadence *c, double *strides_per_s)
{
	bool moved = c->has_reading && c->milli_spm > 0;
	uint64_t least_us = moved ? 0 : BEAT_FIRST_US;

	sdm_beat_read(&c->beat);
	*strides_per_s = c->beat.strides_per_s;
	return c->beat.known && c->beat.variance <= BEAT_VARIANCE_MOST &&
	       sdm_beat_heard_us(&c->beat) >= least_us;
}

/* As long as each is known to some milliseconds, first and last will do. */
static bool read_exact(const struct sdm_cadence *c, double *strides_per_s)
{
	for (unsigned i = 0; i < c->edge_count; i++) {
		if (!c->edges[i].exact)
			return false;
	}
	*strides_per_s = edges_per_s(c);
	return between_us(&c->edges[0], newest_edge(c)) >= WINDOW_MIN_US;
}

static bool tell(struct sdm_cadence *c, double strides_per_s)
{
	c->milli_spm = (int32_t)(strides_per_s * 2 * 60 * 1000 + 0.5);
	c->has_reading = true;
	return true;
}

/* `wanted`: page 2 does not tell it better */
static bool read_edges(struct sdm_cadence *c, uint64_t received_us,
                       unsigned strides, bool wanted)
{
	double strides_per_s;

	drop_old_edges(c);
	if (c->told >= TOLD_LEAST || !is_blurred(c, received_us, strides))
		add_edge(c);
	if (c->edge_count < 2 || !wanted)
		return false;
	return (read_exact(c, &strides_per_s) || read_beat(c, &strides_per_s)) &&
	       tell(c, strides_per_s);
}

static bool stands(struct sdm_cadence *c)
{
	c->edge_count = 0;
	c->beat = (struct sdm_beat){ .count = 0 };
	c->milli_spm = 0;
	c->has_reading = true;
	return true;
}

/* No new stride: what was read last holds until the next is overdue, then it
 * can be no more than the waiting allows, and in the end it is 0. */
static bool read_stillness(struct sdm_cadence *c)
{
	uint64_t interval_us = edge_interval_us(c);
	uint64_t bound;

	if (c->still_us >= STILL_MIN_US && c->still_us >= 3 * interval_us)
		return stands(c);
	if (!c->has_reading || c->edge_count < 2 ||
	    c->still_us * 2 <= interval_us * 3)
		return false;
	bound = edge_strides(c) * MILLI_SPM_US /
	        ((c->edge_count - 1) * c->still_us);
	if (bound < (uint64_t)c->milli_spm)
		c->milli_spm = (int32_t)bound;
	return true;
}

static bool is_plausible(uint64_t page_us, uint64_t received_us,
                         unsigned strides)
{
	uint64_t passed_us = page_us > received_us ? page_us : received_us;
	uint64_t more_us = passed_us > MESSAGE_US ? passed_us - MESSAGE_US : 0;

	return page_us <= received_us + TIME_LEAP_US &&
	       strides <= STRIDES_AT_ONCE + more_us * STRIDES_PER_MINUTE_MAX /
	                                            (60 * (uint64_t)SECOND_US);
}

static bool page2_holds(const struct sdm_cadence *c, uint64_t now_us)
{
	return c->has_page2 && now_us - c->page2_us <= PAGE2_HOLDS_US;
}

static bool feed_page1(struct sdm_cadence *c, const struct sdm_page1 *p,
                       uint64_t now_us)
{
	uint64_t received_us = now_us - c->last_us;
	uint64_t page_us = (p->time + TIME_WRAP - c->last.time) % TIME_WRAP *
	                   (uint64_t)TIME_UNIT_US;
	uint8_t strides = (uint8_t)(p->strides - c->last.strides);
	struct sdm_edge now;

	if (!c->has_page1 || received_us > GAP_MAX_US) {
		restart(c, p, now_us);
		return false;
	}
	if (!is_plausible(page_us, received_us, strides)) {
		c->anomalies++;
		restart(c, p, now_us);
		return false;
	}
	c->last = *p;
	c->last_us = now_us;
	c->page_time_us += page_us;
	c->strides += strides;
	sdm_beat_count(&c->beat, page_us, received_us, c->strides);
	if (!(c->lacks & SDM_CAN_LATENCY))
		note_event(c, p, page_us, strides);
	now = here(c);
	if (strides > 0) {
		c->moved = now;
		c->still_us = 0;
		return read_edges(c, received_us, strides, !page2_holds(c, now_us));
	}
	c->still_us = page_us ? now.page_us - c->moved.page_us
	                      : now.received_us - c->moved.received_us;
	return read_stillness(c);
}

/* Pods without cadence send 0 all the time, and some their use as inactive. */
static bool feed_no_cadence(struct sdm_cadence *c, const struct sdm_page2 *p,
                            uint64_t now_us)
{
	bool fresh = c->has_page1 && now_us - c->last_us < STILL_MIN_US;

	if (p->use != 0 || p->speed > 0 || (fresh && c->last.speed > 0))
		return false;
	if (fresh && c->edge_count > 0 &&
	    c->still_us * 2 <= edge_interval_us(c) * 3)
		return false;
	return stands(c);
}

/* A pod that says it fills nothing says nothing. */
static void note_capabilities(struct sdm_cadence *c, uint8_t capabilities)
{
	uint8_t lacks = (uint8_t)~capabilities & SDM_CAN_ALL;

	if (capabilities != 0) {
		if ((lacks ^ c->lacks) & SDM_CAN_TIME)
			c->has_page1 = false; /* what was counted had another clock */
		c->lacks = lacks;
	}
	if (c->lacks & SDM_CAN_LATENCY)
		c->told = 0;
	if (c->lacks & SDM_CAN_CADENCE)
		c->has_page2 = false;
}

bool sdm_cadence_feed(struct sdm_cadence *c, const uint8_t page[SDM_PAGE_SIZE],
                      uint64_t now_us, int32_t *milli_spm)
{
	struct sdm_page1 page1;
	struct sdm_page2 page2;
	uint8_t capabilities;
	bool read = false;

	if (sdm_page22_decode(page, &capabilities)) {
		note_capabilities(c, capabilities);
	} else if (sdm_page1_decode(page, &page1)) {
		if (c->lacks & SDM_CAN_TIME)
			page1.time = 0;
		read = feed_page1(c, &page1, now_us);
		if (page2_holds(c, now_us))
			return false;
	} else if (sdm_page2_decode(page, &page2)) {
		c->has_page2 = page2.cadence > 0 && !(c->lacks & SDM_CAN_CADENCE);
		if (c->has_page2) {
			c->page2_us = now_us;
			*milli_spm = page2.cadence * MILLI_SPM_PER_CADENCE16;
			c->milli_spm = *milli_spm; /* what stillness comes after */
			c->has_reading = true;
			return true;
		}
		read = feed_no_cadence(c, &page2, now_us);
	}
	if (read)
		*milli_spm = c->milli_spm;
	return read;
}
