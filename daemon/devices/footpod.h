/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One foot pod's bytes to cadence in steps per minute: ANT+ SDM pages, Running
 * Dynamics, or RSC measurements once it is known whether they count strides or
 * steps; and how the pod itself is. A cadence sample's `id` is its
 * enum cadence_source.
 */
#ifndef GAITD_FOOTPOD_H
#define GAITD_FOOTPOD_H

#include "daemon/core/sample.h"
#include "daemon/devices/cadence_mix.h"
#include "daemon/devices/source_event.h"
#include "protocol/ant_common.h"
#include "protocol/rsc.h"
#include "protocol/running_dynamics.h"
#include "protocol/sdm_cadence.h"

/* What it says of itself; each only if it did. */
struct footpod_health {
	bool has_page2;
	struct sdm_page2 page2; /* the last one: battery, location, health */
	bool has_battery;
	struct ant_battery_status battery;
	bool has_maker, has_product;
	struct ant_manufacturer maker;
	struct ant_product product;
	bool has_capabilities;
	uint8_t capabilities; /* enum sdm_capability */
};

struct footpod {
	struct sdm_cadence sdm;
	struct rsc_unit_verdict unit;
	bool measures; /* its page 2 has told a cadence: its 0 is a word, too */
	struct footpod_health health;
};

/* What helps to tell strides from steps, and what is asked for */
struct footpod_context {
	uint32_t belt_speed_mm_s; /* 0: not known */
	double height_m;          /* 0: not known */
	bool running_dynamics;    /* footpod.running_dynamics */
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

/* As page 82 says, else page 2 */
enum ant_battery footpod_battery(const struct footpod *f);

#endif
