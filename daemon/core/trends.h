/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a run shows over its minutes: how cadence falls with tiredness, how
 * long the belt has been in one gear, what the heart does at an effort, whether
 * it is run-walk, how much of the end was easy. Told once a second; pure.
 */
#ifndef GAITD_TRENDS_H
#define GAITD_TRENDS_H

#include "daemon/core/window.h"
#include "protocol/display.h"

#include <stdbool.h>
#include <stdint.h>

/* One second of the session; NaN is not known. */
struct trends_input {
	enum display_gait gait;
	bool counted;      /* it counts as time of the session */
	uint32_t run_s;    /* run time with this second */
	double speed_kmh, incline_pct, cadence_spm, heart_rate_bpm;
	double level_kmh;  /* speed on the flat that costs the same */
	double mean_run_kmh;
	uint32_t steady_s; /* since speed or incline changed */
	bool intervals;    /* run-walk was declared */
};

/* Fatigue, rules.md 5.5.16: the mean of 480 to 780 s of run time against that
 * of the last 180 s at the same speed and incline */
struct drift {
	double spm_sum, kmh_sum, pct_sum;
	uint32_t seconds;
	uint32_t run_s;
	struct window recent; /* cadence since speed and incline are the same */
};

/* A speed and incline that are kept */
struct gear {
	double kmh, pct;
	uint32_t seconds;
};

/* Heart rate over effort, as a line through this session's steady minutes
 * below the slopes at which hands go to the rails */
struct effort {
	double n, kmh_mean, bpm_mean, kmh_squares, products;
	double low_kmh, high_kmh;
};

/* Running and walking in turns */
struct bouts {
	uint32_t run_s, walk_s; /* of the last bout of each */
	bool in_turns;          /* a walk has followed a run: the next is another turn */
};

struct trends {
	struct drift drift;
	struct gear gear;
	struct effort effort;
	struct bouts bouts;
	struct window easy; /* seconds that count, 1 if it was an easy one */
	uint32_t easy_s;    /* of the last 180 of them */
};

void trends_init(struct trends *t);
void trends_tick(struct trends *t, const struct trends_input *in);
/* Seconds were skipped: what the windows hold is not the last minutes. */
void trends_forget_minutes(struct trends *t);

/* How far cadence has fallen, %; NaN if it cannot be compared */
double trends_drift_pct(const struct trends *t);
uint32_t trends_gear_s(const struct trends *t);
/* NaN where nothing was learnt */
double trends_expected_bpm(const struct trends *t, double level_kmh);
/* The pattern of run-walk intervals has shown. */
bool trends_run_walk(const struct trends *t);
/* Of the last 180 s that count, those that were easy */
uint32_t trends_easy_s(const struct trends *t);

#endif
