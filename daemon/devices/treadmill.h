/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One treadmill's bytes to samples: FTMS records merged, incline support found.
 */
#ifndef GAITD_TREADMILL_H
#define GAITD_TREADMILL_H

#include "daemon/core/sample.h"
#include "daemon/devices/source_event.h"
#include "protocol/ftms.h"

struct treadmill {
	struct ftms_record record;
	int feature_incline; /* -1 not known, 0, 1: 2ACC bit 3 */
	int range_incline;   /* -1 not known, 0: 2AD5 is 0..0, 1 */
};

void treadmill_init(struct treadmill *t);
/* Adds what the event says to `batch`, whose time counts; false when its bytes
 * made no sense. */
bool treadmill_event(struct treadmill *t, const struct source_event *event,
                     struct sample_batch *batch);

#endif
