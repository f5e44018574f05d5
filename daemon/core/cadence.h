/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which cadence readings to believe (rules.md 7): readings out of range or
 * that jump are dropped, too many of them make cadence missing, a walking
 * cadence at running speed is distrusted. A missing value is missing: nothing
 * is held longer than 5 s.
 */
#ifndef GAITD_CADENCE_H
#define GAITD_CADENCE_H

#include "daemon/core/window.h"

#include <stdbool.h>
#include <stdint.h>

#define CADENCE_FRESH_US 5000000u

struct cadence {
	bool known;       /* some reading was taken in this session */
	bool counted;     /* some reading came from a count of strides or steps */
	uint64_t counted_us; /* the last of them */
	double raw_spm;   /* last reading, taken or not */
	uint64_t raw_us;  /* when */
	double spm;       /* last reading taken, steps/min; 0: the pod is still */
	uint64_t at_us;   /* when */
	uint64_t heard_us; /* the pod last counted for something */
	double second_sum; /* readings taken since the last tick */
	unsigned second_count;
	unsigned good, bad;       /* readings since the last tick */
	struct window by_second;  /* mean of each second's readings */
	double mean_spm;          /* of 30 s, at the last tick; NaN: absent */
	double cv_pct;            /* of 60 s, then; NaN: absent */
	struct window bad_share;  /* bad readings of each second, as a share */
	bool too_many_bad;        /* at the last tick */
	bool lost;                /* for so long that the runner should know */
	unsigned low_s;  /* seconds of walking cadence at running speed */
	unsigned fine_s; /* seconds of another, since the last of them */
	bool distrusted;
	unsigned still_s; /* seconds of cadence 0 on a moving belt */
};

void cadence_init(struct cadence *c);
void cadence_reading(struct cadence *c, uint64_t t_us, double spm);
/* The reading was derived from a count of whole strides: how much it varies is
 * the count's doing, not the runner's. */
void cadence_counted(struct cadence *c, uint64_t t_us);
/* The pod counts, and nobody knows yet whether strides or steps. */
void cadence_undecided(struct cadence *c, uint64_t t_us);
/* Once a second; `speed_kmh` NaN if not known, `running_speed` if the speed by
 * itself says run (Froude number at least 0.6). */
void cadence_tick(struct cadence *c, uint64_t t_us, double speed_kmh,
                  bool running_speed);
/* Seconds were skipped: what the windows hold is not the last minutes. */
void cadence_forget_minutes(struct cadence *c);

/* Steps/min now; NaN when absent. */
double cadence_now(const struct cadence *c, uint64_t t_us);
/* Mean of 30 s; NaN before 10 s of them are good. */
double cadence_mean_30s(const struct cadence *c, uint64_t t_us);
/* Standard deviation by mean of 60 s around their trend, %; NaN if they have a
 * gap. */
double cadence_cv_pct(const struct cadence *c, uint64_t t_us);
/* Seconds for which the pod has been silent, or too much of it bad; NaN before
 * its first reading. */
double cadence_gap_s(const struct cadence *c, uint64_t t_us);
/* A walking cadence at running speed: the source had better count anew. */
bool cadence_distrusted(const struct cadence *c);
/* The pod has been still for 10 s on a belt that moves: is he on it? */
bool cadence_off_belt(const struct cadence *c);

#endif
