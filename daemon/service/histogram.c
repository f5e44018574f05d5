/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/service/histogram.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define IN_OCTAVE 4

/* The first whose edge it does not pass. Counted for each line of a display, so without
 * log2(): the edges of an octave are 2^0, 2^(1/4), 2^(1/2) and 2^(3/4). */
static size_t bucket_of(uint64_t value_us)
{
	static const uint64_t edges[IN_OCTAVE] = { 65536, 77936, 92681, 110217 };
	unsigned octave = value_us > 1 ? 63u - (unsigned)__builtin_clzll(value_us) : 0;
	size_t bucket = (size_t)octave * IN_OCTAVE;

	if (bucket >= HISTOGRAM_BUCKETS - 1)
		return HISTOGRAM_BUCKETS - 1;
	value_us = value_us << 16 >> octave;
	for (size_t i = 0; i < IN_OCTAVE && value_us > edges[i]; i++)
		bucket++;
	return bucket < HISTOGRAM_BUCKETS - 1 ? bucket : HISTOGRAM_BUCKETS - 1;
}

static uint64_t edge_of(size_t bucket)
{
	return (uint64_t)exp2((double)bucket / IN_OCTAVE);
}

void histogram_add(struct histogram *h, uint64_t now_us, uint64_t value_us)
{
	uint64_t age_us = now_us - h->turned_us;

	if (age_us >= HISTOGRAM_SPAN_US) {
		if (age_us < 2 * HISTOGRAM_SPAN_US)
			memcpy(h->older, h->newer, sizeof(h->older));
		else
			memset(h->older, 0, sizeof(h->older));
		memset(h->newer, 0, sizeof(h->newer));
		h->turned_us = now_us;
	}
	h->newer[bucket_of(value_us)]++;
	h->count++;
	if (value_us > h->max_us)
		h->max_us = value_us;
}

bool histogram_at(const struct histogram *h, uint64_t now_us, unsigned per_mille,
                  uint64_t *value_us)
{
	uint64_t all = 0, passed = 0;

	if (now_us - h->turned_us >= 2 * HISTOGRAM_SPAN_US)
		return false;
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		all += h->newer[i] + h->older[i];
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		passed += h->newer[i] + h->older[i];
		if (all > 0 && passed * 1000 >= all * per_mille) {
			*value_us = edge_of(i);
			if (*value_us > h->max_us || i == HISTOGRAM_BUCKETS - 1)
				*value_us = h->max_us;
			return true;
		}
	}
	return false;
}
