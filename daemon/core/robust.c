/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/robust.h"

#include <math.h>

static void swap(double *a, double *b)
{
	double held = *a;

	*a = *b;
	*b = held;
}

/* Hoare's selection: afterwards values[rank] is the one that sorting would put
 * there, with none above it before and none below it behind. Each scan ends at the
 * pivot, or at what was swapped past it: that the analyzer cannot see.
 * NOLINTBEGIN(clang-analyzer-core.UndefinedBinaryOperatorResult) */
static double select_rank(double *values, size_t count, size_t rank)
{
	size_t low = 0, high = count - 1;

	while (low < high) {
		double pivot = values[low + (high - low) / 2];
		size_t i = low, j = high;

		for (;;) {
			while (values[i] < pivot)
				i++;
			while (values[j] > pivot)
				j--;
			if (i >= j)
				break;
			swap(&values[i++], &values[j--]);
		}
		if (rank <= j)
			high = j;
		else
			low = j + 1;
	}
	return values[rank];
}
/* NOLINTEND(clang-analyzer-core.UndefinedBinaryOperatorResult) */

double robust_median(double *values, size_t count)
{
	double upper, lower;

	if (count == 0)
		return NAN;
	upper = select_rank(values, count, count / 2);
	if (count % 2)
		return upper;
	lower = values[0];
	for (size_t i = 1; i < count / 2; i++)
		lower = fmax(lower, values[i]);
	return (lower + upper) / 2;
}

double robust_slope(const struct point *points, size_t count, double apart)
{
	double slopes[ROBUST_POINTS_MAX], medians[ROBUST_POINTS_MAX];
	size_t told = 0;

	for (size_t i = 0; i < count; i++) {
		size_t n = 0;

		for (size_t j = 0; j < count; j++) {
			double dx = points[j].x - points[i].x;

			if (fabs(dx) >= apart)
				slopes[n++] = (points[j].y - points[i].y) / dx;
		}
		if (n > 0)
			medians[told++] = robust_median(slopes, n);
	}
	return robust_median(medians, told);
}
