/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A session's laps, a kilometre or a mile each by what the runner reads, and
 * what a lap or the whole comes to. Pure.
 */
#ifndef GAITD_LAPS_H
#define GAITD_LAPS_H

#include "daemon/sessions/session_log.h"

enum lap_measure {
	LAP_SPEED,      /* km/h */
	LAP_INCLINE,    /* % */
	LAP_CADENCE,    /* steps/min, while there were steps */
	LAP_STEP,       /* m */
	LAP_HEART_RATE, /* 1/min */
	LAP_MEASURES,   /* how many */
};

struct lap_spread {
	double mean, most;
	uint32_t seconds; /* in which it was known; 0: it was in none */
};

struct lap {
	size_t first, count;     /* of the log's seconds */
	uint32_t begin_s, end_s; /* since the session began */
	uint32_t timer_s;        /* without pauses */
	bool has_distance, has_climb, has_energy;
	uint32_t distance_m;
	int32_t climb_m, energy_kcal;
	bool full; /* a whole kilometre or mile */
	struct lap_spread spread[LAP_MEASURES];
};

/* When the run was over: the end of the log, or the pause that it ended in */
uint32_t laps_end_s(const struct session_log *log);
/* The whole session as one lap */
struct lap laps_whole(const struct session_log *log);
/* The laps, to be freed; *count is 1 at least. NULL: no memory. */
struct lap *laps_of(const struct session_log *log, size_t *count);

/* Distance over time where it is known, else the mean speed; false: neither */
bool lap_speed_kmh(const struct lap *lap, double *out);

#endif
