/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One foot pod's bytes to cadence in steps per minute: ANT+ SDM pages, or RSC
 * measurements once it is known whether they count strides or steps.
 */
#ifndef GAITD_FOOTPOD_H
#define GAITD_FOOTPOD_H

#include "daemon/core/sample.h"
#include "daemon/devices/source_event.h"
#include "protocol/rsc.h"
#include "protocol/sdm_cadence.h"

struct footpod {
	struct sdm_cadence sdm;
	struct rsc_unit_verdict unit;
	bool has_ant;
	uint64_t ant_us; /* last cadence over ANT */
};

/* What helps to tell strides from steps */
struct footpod_context {
	uint32_t belt_speed_mm_s; /* 0: not known */
	double height_m;          /* 0: not known */
};

/* Its cadence is hardly one: evidence decides again whether it counts strides
 * or steps, and until then there is none. What is configured stays. */
void footpod_doubt(struct footpod *f);
void footpod_init(struct footpod *f);
/* Adds what the event says to `batch`, whose time counts; false when its bytes
 * made no sense. */
bool footpod_event(struct footpod *f, const struct source_event *event,
                   const struct footpod_context *context,
                   struct sample_batch *batch);

#endif
