/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a session leaves behind for the runner's history, counted second by
 * second: his cadence by speed, his usual speed, how even he runs. Pure.
 */
#ifndef GAITD_RUN_TALLY_H
#define GAITD_RUN_TALLY_H

#include "daemon/core/runner_history.h"

#include <stdbool.h>
#include <stdint.h>

#define RUN_TALLY_STEPS 300 /* of a tenth of km/h, or of a percent */

/* Seconds at each step of a value, and all of them together */
struct run_steps {
	uint32_t at[RUN_TALLY_STEPS];
	uint64_t all;
};

struct run_tally {
	struct runner_bin bins[RUNNER_BINS];
	struct run_steps speed_s; /* of running at each speed */
	struct run_steps cv_s;    /* ... with each variation of cadence */
};

/* A second of running; NaN is not known */
struct run_second {
	double kmh, spm, cv_pct;
	bool teaches; /* late enough in the session, and on the level */
};

void run_tally_second(struct run_tally *t, const struct run_second *second);
/* Goes on from what a session had come to: its seconds at their medians */
void run_tally_resume(struct run_tally *t, const struct runner_session *kept);
/* Medians over the session; NaN of none */
double run_tally_kmh(const struct run_tally *t);
double run_tally_cv_pct(const struct run_tally *t);

#endif
