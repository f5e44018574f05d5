/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Cadence from a treadmill that counts steps itself (vendor use of a reserved
 * bit, ftms.h): by what its frame feels, whole steps, some at once, some never.
 * The last resort. Pure.
 */
#ifndef GAITD_BELT_STEPS_H
#define GAITD_BELT_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BELT_STEPS_EDGES 32

struct belt_steps {
	struct {
		uint64_t t_us;
		uint32_t steps;
	} edge[BELT_STEPS_EDGES]; /* when the count moved, oldest first */
	size_t count;
	bool known;
	uint32_t last;
};

/* A record's count. True with a reading, 0.001 steps/min. */
bool belt_steps_feed(struct belt_steps *b, uint32_t steps, uint64_t now_us,
                     int32_t *milli_spm);

#endif
