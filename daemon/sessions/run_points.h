/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A run that others wrote down, point by point, and what gaitd would have heard
 * of it. What is not in the file stays absent. Pure.
 */
#ifndef GAITD_RUN_POINTS_H
#define GAITD_RUN_POINTS_H

#include "daemon/devices/source_event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RUN_POINTS_MAX 200000u /* more than two days, a second each */

struct run_point {
	int64_t unix_ms;
	bool has_speed, has_grade, has_distance, has_heart_rate, has_cadence;
	double speed_m_s, grade_pct, distance_m;
	double cadence; /* a minute, as it stands in the file: strides or steps */
	int32_t heart_rate_bpm;
};

struct run_points {
	struct run_point *points;
	size_t count, room;
	size_t astray; /* left out: before the one before, or days behind the first */
	size_t beyond;    /* left out: more than RUN_POINTS_MAX */
	bool failed;      /* no memory */
	bool has_offset;  /* the runner's time zone is known */
	int32_t offset_s;
	char device[64];  /* "": not told */
};

void run_points_free(struct run_points *run); /* and makes it empty again */
void run_points_add(struct run_points *run, const struct run_point *point);

enum run_cadence {
	RUN_CADENCE_STRIDES, /* as FIT and TCX define it */
	RUN_CADENCE_STEPS,   /* as some write it nevertheless */
};
/* No foot does more than 130 strides a minute: what goes beyond, in ten points
 * at least, are steps. `most` is how far it goes. */
enum run_cadence run_points_cadence(const struct run_points *run, double *most);

/* The events of a recording, in order, the first at time 0: the treadmill's, the
 * foot pod's, the strap's. How long it is. */
uint64_t run_points_events(const struct run_points *run, enum run_cadence unit,
                           void (*event)(const struct source_event *event, void *user),
                           void *user);

/* ---- FIT ------------------------------------------------------------------- */

struct run_fault {
	size_t offset;
	char message[160];
};

/* Adds the records of the first file in these octets that has any. False: it is
 * no FIT file, or a damaged one; `fault` says where. */
bool fit_import(const uint8_t *bytes, size_t length, struct run_points *run,
                struct run_fault *fault);

#endif
