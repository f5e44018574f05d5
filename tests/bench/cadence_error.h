/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * How far the cadence on display is off from the simulated runner's own, second
 * by second, over a run of half an hour. Pure, the same for the same seed.
 */
#ifndef GAITD_CADENCE_ERROR_H
#define GAITD_CADENCE_ERROR_H

#include "daemon/simulator/pod.h"

#include <stdbool.h>
#include <stdint.h>

#define CADENCE_ERROR_SECONDS 2400

struct cadence_error {
	unsigned seconds;  /* in which there was something to show */
	unsigned missing;  /* in which nothing was shown */
	unsigned halved, doubled; /* off by a factor of about 2 */
	unsigned stale;    /* shown, and the last reading older than 5 s */
	double off[CADENCE_ERROR_SECONDS]; /* steps/min, without sign, sorted */
};

struct cadence_error_case {
	enum pod_kind pod;
	bool no_latency; /* page 1 does not tell how long ago the stride was */
	uint8_t loss_percent;
	uint64_t seed;
};

void cadence_error_measure(const struct cadence_error_case *which,
                           struct cadence_error *out);
/* What `share` of the seconds are below, 0 to 1 */
double cadence_error_percentile(const struct cadence_error *e, double share);

#endif
