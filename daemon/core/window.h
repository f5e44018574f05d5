/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The last minutes of one value, a slot a second; NaN is a second without it.
 */
#ifndef GAITD_WINDOW_H
#define GAITD_WINDOW_H

#include <math.h>
#include <stddef.h>

#define WINDOW_SECONDS 256 /* a power of two */

struct window {
	double slot[WINDOW_SECONDS];
	size_t next;
	size_t filled;
};

void window_clear(struct window *w);
void window_push(struct window *w, double value);
/* The value `seconds` ago, 0 being the last pushed; NaN if there is none. */
static inline double window_ago(const struct window *w, size_t seconds)
{
	if (seconds >= w->filled)
		return NAN;
	return w->slot[(w->next - 1 - seconds) % WINDOW_SECONDS];
}
/* Sum of what the last `seconds` slots hold, and how many of them hold something */
double window_sum(const struct window *w, size_t seconds, size_t *count);
/* Mean of what the last `seconds` slots hold; NaN if fewer than `least` do. */
double window_mean(const struct window *w, size_t seconds, size_t least);

#endif
