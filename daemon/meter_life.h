/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * How a console fares, counted for whoever looks after many: links that came and
 * went, prompts by level, sessions. Nothing of a runner. A part of meter.h.
 */
#ifndef GAITD_METER_LIFE_H
#define GAITD_METER_LIFE_H

#include "daemon/core/outcome.h"
#include "daemon/devices/source_event.h"

#include <jansson.h>
#include <stdbool.h>

#define METER_DEVICES (SOURCE_HEART_RATE + 1)
#define METER_LEVELS (DISPLAY_LEVEL_SAFETY + 1)

/* Begins all zero. */
struct meter_life {
	struct {
		enum display_link_state state;
		uint64_t connects, losses;
		bool heard;
		uint64_t heard_us; /* the last frame, in the session's time */
	} links[METER_DEVICES];
	uint64_t prompts[METER_LEVELS];
	uint64_t sessions;
	bool in_session;
};

void meter_life_event(struct meter_life *life, const struct source_event *event);
void meter_life_outcome(struct meter_life *life, const struct outcome *outcome);
/* Adds "links", "prompts" and "sessions". */
void meter_life_describe(const struct meter_life *life, uint64_t now_us, json_t *reply);

#endif
