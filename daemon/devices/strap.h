/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A heart-rate strap's bytes to samples: Heart Rate Service 1.0, or ANT+ pages
 * (device type 120).
 */
#ifndef GAITD_STRAP_H
#define GAITD_STRAP_H

#include "daemon/core/sample.h"
#include "daemon/devices/source_event.h"
#include "protocol/hrm.h"

#include <stdbool.h>

struct strap {
	bool has_rate;
	uint64_t rate_us; /* of the last rate */
	struct hrm_paging paging;
	bool has_beats;
	uint8_t beats;
	uint64_t beat_us; /* when the count last moved */
	enum ant_battery battery;
};

void strap_init(struct strap *strap);
/* Adds what the event says to `batch`, whose time counts; false when its bytes
 * made no sense. */
bool strap_event(struct strap *strap, const struct source_event *event,
                 struct sample_batch *batch);
/* It tells the heart rate: nobody else (the treadmill's grips) need. */
bool strap_counts(const struct strap *strap, uint64_t now_us);

#endif
