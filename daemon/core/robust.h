/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Medians: what half of the values may be wrong about. Nothing is allocated.
 */
#ifndef GAITD_ROBUST_H
#define GAITD_ROBUST_H

#include <stddef.h>

#define ROBUST_POINTS_MAX 460

struct point {
	double x, y;
};

/* NaN of none; reorders them. */
double robust_median(double *values, size_t count);
/* The repeated median of slopes (Siegel 1982) between points that lie at least
 * `apart` from each other in x; NaN if no two do. At most ROBUST_POINTS_MAX. */
double robust_slope(const struct point *points, size_t count, double apart);

#endif
