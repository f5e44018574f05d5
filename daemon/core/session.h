/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A session and its gait (rules.md 5.1): when it starts, pauses and ends, and
 * how long it was run and walked. Told once a second what the belt does.
 */
#ifndef GAITD_SESSION_H
#define GAITD_SESSION_H

#include "daemon/core/sample.h"
#include "protocol/display.h"

#include <stdbool.h>
#include <stdint.h>

#define SESSION_MOVING_KMH 0.8
#define SESSION_NEVER UINT64_MAX

struct session {
	enum display_session_state state;
	uint32_t number;       /* counts sessions since start-up, from 1 */
	uint32_t elapsed_s;    /* time not paused */
	uint32_t run_s, walk_s;
	uint32_t silent_s;     /* seconds without belt data */
	bool needs_stop;       /* ended while moving: a stop must come first */
	/* instants, SESSION_NEVER if there was none */
	uint64_t still_us;       /* since when the belt stands */
	uint64_t moving_us;      /* since when it moves */
	uint64_t stopped_us;     /* the machine said: stopped by user */
	uint64_t paused_us;      /* the machine said: paused by user */
	uint64_t reset_us;       /* the machine said: reset */
	uint64_t planned_end_us; /* told by the runner */
	enum display_gait gait;
	uint32_t run_bout_s;
	unsigned quick_s, slow_s; /* seconds of running and walking cadence */
	double run_speed_sum;     /* km/h, over run_s */
};

struct session_input {
	uint64_t t_us;
	double speed_kmh;     /* NaN: not known */
	double cadence_spm;   /* NaN: not known */
	double height_m;      /* NaN: not known */
	bool off_belt;        /* nobody on a moving belt: no time counts */
	uint32_t end_after_s; /* belt still for so long ends the session */
};

void session_init(struct session *s);
/* One that was under way before a restart goes on, in a new segment: paused
 * until the belt is heard. */
void session_resume(struct session *s);
/* The belt's speed, when it was heard */
void session_speed(struct session *s, uint64_t t_us, double speed_kmh);
void session_belt_status(struct session *s, uint64_t t_us,
                         enum belt_status status);
/* One second. Returns true when a new session began in it; it begins, pauses
 * and ends nowhere else. */
bool session_tick(struct session *s, const struct session_input *in);
/* Running or paused */
bool session_under_way(const struct session *s);
/* The runner plans to end at this instant; told before the first step, it is
 * told for the session that begins with it. */
void session_plan_end(struct session *s, uint64_t end_us);
/* Mean speed of its running, km/h; NaN before any */
double session_mean_run_speed(const struct session *s);

/* Froude number v^2 / (g leg), leg 0.53 of the height (1.75 m if unknown) */
double session_froude(double speed_kmh, double height_m);

#endif
