/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/bench/floor/conditions.h"

size_t conditions_second(const struct condition *conditions, size_t count,
                         const double *values, uint16_t *held_s)
{
	size_t held = 0;

	for (size_t i = 0; i < count; i++) {
		const struct condition *c = &conditions[i];
		const struct comparison *at = c->all, *end = c->all + c->count;

		for (; at < end; at++) {
			double value = values[at->metric];

			if (at->above ? !(value > at->limit) : !(value < at->limit))
				break;
		}
		if (at < end) {
			held_s[i] = 0;
			continue;
		}
		if (held_s[i] <= c->hold_s)
			held_s[i]++;
		held += held_s[i] > c->hold_s;
	}
	return held;
}
