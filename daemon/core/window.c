/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/window.h"

#include <math.h>

void window_clear(struct window *w)
{
	w->filled = 0;
}

void window_push(struct window *w, double value)
{
	w->slot[w->next] = value;
	w->next = (w->next + 1) % WINDOW_SECONDS;
	if (w->filled < WINDOW_SECONDS)
		w->filled++;
}

double window_sum(const struct window *w, size_t seconds, size_t *count)
{
	double sum = 0;
	size_t at = w->next, left = seconds < w->filled ? seconds : w->filled, held = 0;

	for (; left > 0; left--) {
		double value = w->slot[at = (at - 1) % WINDOW_SECONDS];

		if (!isnan(value)) {
			sum += value;
			held++;
		}
	}
	*count = held;
	return sum;
}

double window_mean(const struct window *w, size_t seconds, size_t least)
{
	size_t count;
	double sum = window_sum(w, seconds, &count);

	return count >= least && count > 0 ? sum / (double)count : NAN;
}
