/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/belt_steps.h"

#include <string.h>

#define SECOND_US 1000000u
#define WINDOW_LEAST_US (10u * SECOND_US)
#define WINDOW_MOST_US (15u * SECOND_US)
#define SILENT_US (5u * SECOND_US) /* no record, no step: begin anew */
#define STEPS_PER_S_MOST 5u
#define SPM_LEAST 40000 /* 0.001: fewer and it misses most of them */

static void begin(struct belt_steps *b, uint32_t steps)
{
	b->count = 0;
	b->known = true;
	b->last = steps;
}

static void drop(struct belt_steps *b, size_t count)
{
	b->count -= count;
	memmove(b->edge, b->edge + count, b->count * sizeof(b->edge[0]));
}

static void add(struct belt_steps *b, uint32_t steps, uint64_t now_us)
{
	size_t old = 0;

	while (old < b->count && now_us - b->edge[old].t_us > WINDOW_MOST_US)
		old++;
	drop(b, old);
	if (b->count == BELT_STEPS_EDGES)
		drop(b, 1);
	b->edge[b->count].t_us = now_us;
	b->edge[b->count++].steps = steps;
}

bool belt_steps_feed(struct belt_steps *b, uint32_t steps, uint64_t now_us,
                     int32_t *milli_spm)
{
	uint64_t since_us = b->count ? now_us - b->edge[b->count - 1].t_us : 0;
	uint64_t most = (since_us / SECOND_US + 1) * STEPS_PER_S_MOST;
	uint64_t span_us, counted;

	if (!b->known || steps < b->last || since_us > SILENT_US ||
	    (b->count && steps - b->last > most))
		begin(b, steps);
	if (steps == b->last)
		return false;
	b->last = steps;
	add(b, steps, now_us);
	span_us = now_us - b->edge[0].t_us;
	if (span_us < WINDOW_LEAST_US)
		return false;
	counted = steps - b->edge[0].steps;
	*milli_spm = (int32_t)(counted * 60000 * SECOND_US / span_us);
	return *milli_spm >= SPM_LEAST;
}
