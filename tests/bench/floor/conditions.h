/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A floor for the rules: conditions in a table, with how long each has held, as a
 * console's firmware would have them who has no rule file to read. No units, no
 * ranges, nobody who speaks: only which conditions hold for long enough.
 */
#ifndef GAITD_BENCH_CONDITIONS_H
#define GAITD_BENCH_CONDITIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct comparison {
	uint8_t metric;
	bool above; /* else below */
	double limit;
};

#define CONDITION_COMPARISONS 3

/* All of its comparisons, for so many seconds */
struct condition {
	struct comparison all[CONDITION_COMPARISONS];
	uint8_t count;
	uint16_t hold_s;
};

/* `held_s` one a condition, all zero to begin. Counts those that hold. A value
 * that is not a number makes its comparison false. */
size_t conditions_second(const struct condition *conditions, size_t count,
                         const double *values, uint16_t *held_s);

#endif
