/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What sessions that were kept say of a runner (rules.md 5.1 and 5.5.12): his
 * own cadence line, usual speed, longest run, dose, days in a row. A session that
 * ends becomes a struct runner_session (pipeline_kept()); whoever keeps them gives
 * them back to runner_learn() before the next one, and what he keeps of the shoes
 * to runner_wear() after each.
 */
#ifndef GAITD_RUNNER_HISTORY_H
#define GAITD_RUNNER_HISTORY_H

#include "daemon/core/robust.h"
#include "daemon/core/runner.h"

#include <stddef.h>

#define RUNNER_BINS 46 /* of speed, 0.5 km/h each, from 5 km/h on */

/* Seconds of running at about one speed */
struct runner_bin {
	double kmh_sum, spm_sum;
	uint32_t seconds;
};

/* A session as it is kept. NaN or negative: not known. */
struct runner_session {
	int64_t start_s; /* Unix time */
	double distance_m;
	uint32_t run_s;
	double run_kmh;  /* median speed of its running */
	double cv_pct;   /* usual variation of cadence */
	int32_t pain;    /* last report; 10 once a red flag was pressed */
	int64_t pain_s;  /* its Unix time */
	int32_t morning_pain; /* of the morning before it, as an answer */
	bool told_of_shoes;   /* how far they have run */
	/* RUN from minute 6 on, within 1 % of level; empty if pod and belt
	 * disagreed, or somebody else seemed to run */
	struct runner_bin bins[RUNNER_BINS];
};

/* Counts a second of such running. */
void runner_bins_add(struct runner_bin bins[RUNNER_BINS], double kmh, double spm);

/* `sessions` in order of time, the last one is the latest; `offset_s` east of
 * UTC tells where a day ends. Sets what they tell and leaves the rest. */
void runner_learn(struct runner *runner, const struct runner_session *sessions,
                  size_t count, int64_t now_s, int32_t offset_s);

/* The shoes have run that session, too. */
void runner_wear(struct runner *runner, const struct runner_session *session);

/* The own line from the seconds of one session (x km/h, y steps/min), at most
 * ROBUST_POINTS_MAX. */
void runner_fit_seconds(struct runner *runner, const struct point *seconds,
                        size_t count);

#endif
