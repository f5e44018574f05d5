/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * How long something took, as percentiles of the last minute or two: four buckets
 * an octave from a microsecond on, so that no answer is off by more than a fifth.
 * Time is an argument.
 */
#ifndef GAITD_HISTOGRAM_H
#define GAITD_HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>

#define HISTOGRAM_BUCKETS 112 /* to 2^28 us, minutes; the last one is all above */
#define HISTOGRAM_SPAN_US (60 * UINT64_C(1000000))

/* Begins all zero. */
struct histogram {
	uint32_t newer[HISTOGRAM_BUCKETS], older[HISTOGRAM_BUCKETS];
	uint64_t turned_us; /* when `newer` was begun */
	uint64_t count;     /* of all that ever was */
	uint64_t max_us;    /* likewise */
};

void histogram_add(struct histogram *histogram, uint64_t now_us, uint64_t value_us);

/* What `per_mille` of the values are at most, as the upper edge of a bucket; false:
 * there was none in the last minute or two. */
bool histogram_at(const struct histogram *histogram, uint64_t now_us, unsigned per_mille,
                  uint64_t *value_us);

#endif
