/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Is what a treadmill says possible? Held against its own ranges, against what
 * any treadmill can do, and against a foot pod. Pure.
 */
#ifndef GAITD_PLAUSIBILITY_H
#define GAITD_PLAUSIBILITY_H

#include "protocol/ftms.h"

#include <stdbool.h>
#include <stdint.h>

/* `speed` in 0.01 km/h, as the machine sends both; a belt that stands is in
 * every range. `range` may be NULL. */
bool plausible_speed(uint16_t speed, const struct ftms_speed_range *range);
/* No treadmill runs so fast; 0.01 km/h */
bool possible_speed(uint16_t speed);
/* `incline` in 0.1 %. A range of 0..0 says that none is told, not that none
 * is there (UREVO): it excludes nothing. `range` may be NULL. */
bool plausible_incline(int16_t incline, const struct ftms_inclination_range *range);

enum unit_suspicion {
	UNIT_UNSUSPECTED,
	UNIT_SENT_IN_MILES,  /* the pod is 1.6 times as fast as the belt */
	UNIT_TAKEN_FOR_MILES, /* the belt is 1.6 times as fast as the pod */
};

/* Belt against foot pod, both at the same time; slow ones tell nothing. */
enum unit_suspicion unit_suspected(uint32_t belt_mm_s, uint32_t pod_mm_s);

/* Something that should be said once, when it has gone on for a while. */
struct persistence {
	bool on, said;
	uint64_t since_us, last_us;
};

/* True once: when `is` held for `for_us`, told at least each 3 s. */
bool persistence_feed(struct persistence *p, bool is, uint64_t now_us,
                      uint64_t for_us);

#endif
