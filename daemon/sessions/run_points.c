/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sessions/run_points.h"

#include "protocol/ftms.h"
#include "protocol/heart_rate.h"
#include "protocol/rsc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 4096u
#define LONGEST_MS (7ll * 86400 * 1000)
#define STRIDES_MOST 130 /* of one foot, in a minute: 260 steps */
#define POINTS_OF_STEPS 10
#define KMH_PER_M_S 3.6
#define RUNNING_M_S 2.0 /* what a pod calls running */

void run_points_free(struct run_points *run)
{
	free(run->points);
	memset(run, 0, sizeof(*run));
}

static bool make_room(struct run_points *run)
{
	size_t room = run->room ? run->room * 2 : ROOM_FIRST;
	struct run_point *points;

	if (run->count < run->room)
		return true;
	points = reallocarray(run->points, room, sizeof(*points));
	if (!points) {
		run->failed = true;
		return false;
	}
	run->points = points;
	run->room = room;
	return true;
}

void run_points_add(struct run_points *run, const struct run_point *point)
{
	if (run->count > 0 && (point->unix_ms < run->points[run->count - 1].unix_ms ||
	                       point->unix_ms - run->points[0].unix_ms > LONGEST_MS))
		run->astray++;
	else if (run->count == RUN_POINTS_MAX)
		run->beyond++;
	else if (make_room(run))
		run->points[run->count++] = *point;
}

enum run_cadence run_points_cadence(const struct run_points *run, double *most)
{
	size_t beyond = 0;

	*most = 0;
	for (size_t i = 0; i < run->count; i++) {
		const struct run_point *point = &run->points[i];

		if (!point->has_cadence)
			continue;
		beyond += point->cadence > STRIDES_MOST;
		*most = fmax(*most, point->cadence);
	}
	return beyond >= POINTS_OF_STEPS ? RUN_CADENCE_STEPS : RUN_CADENCE_STRIDES;
}

/* ---- as gaitd would have heard it ------------------------------------------ */

static bool fits(double value, double least, double most)
{
	return value >= least && value <= most;
}

/* Speed is what a treadmill tells always; without it nothing is heard of it. */
static bool treadmill_of(const struct run_point *point, struct source_event *event)
{
	struct ftms_treadmill_data data = { .present = FTMS_SPEED };
	double speed = round(point->speed_m_s * KMH_PER_M_S * 100);

	if (!point->has_speed || !fits(speed, 0, UINT16_MAX - 1))
		return false;
	data.speed = (uint16_t)speed;
	if (point->has_grade && fits(point->grade_pct, -100, 100)) {
		data.present |= FTMS_INCLINATION | FTMS_RAMP_ANGLE;
		data.inclination = (int16_t)lround(point->grade_pct * 10);
		data.ramp_angle = INT16_MAX; /* not available; it comes along */
	}
	if (point->has_distance && fits(point->distance_m, 0, 0xfffffe)) {
		data.present |= FTMS_DISTANCE;
		data.distance_m = (uint32_t)lround(point->distance_m);
	}
	event->device = SOURCE_TREADMILL;
	event->uuid = FTMS_UUID_TREADMILL_DATA;
	event->length = ftms_treadmill_data_encode(&data, event->bytes, sizeof(event->bytes));
	return event->length > 0;
}

/* A pod tells its speed always; where the file has none, it is the belt's that
 * is not known either, and the steps belong to nothing. */
static bool footpod_of(const struct run_point *point, enum run_cadence unit,
                       struct source_event *event)
{
	struct rsc_measurement m = { .flags = 0 };
	double steps = round(point->cadence * (unit == RUN_CADENCE_STEPS ? 1 : 2));
	double speed = round(point->speed_m_s * 256);

	if (!point->has_cadence || !point->has_speed || !fits(steps, 0, UINT8_MAX) ||
	    !fits(speed, 0, UINT16_MAX))
		return false;
	m.running = point->speed_m_s >= RUNNING_M_S;
	m.speed = (uint16_t)speed;
	m.cadence = (uint8_t)steps;
	event->device = SOURCE_FOOTPOD;
	event->uuid = RSC_UUID_MEASUREMENT;
	event->length = rsc_measurement_encode(&m, event->bytes, sizeof(event->bytes));
	return event->length > 0;
}

static bool strap_of(const struct run_point *point, struct source_event *event)
{
	struct heart_rate_measurement m = { .flags = 0 };

	if (!point->has_heart_rate || point->heart_rate_bpm <= 0 ||
	    point->heart_rate_bpm > UINT8_MAX)
		return false;
	m.rate_bpm = (uint16_t)point->heart_rate_bpm;
	event->device = SOURCE_HEART_RATE;
	event->uuid = HEART_RATE_UUID_MEASUREMENT;
	event->length = heart_rate_encode(&m, event->bytes, sizeof(event->bytes));
	return event->length > 0;
}

uint64_t run_points_events(const struct run_points *run, enum run_cadence unit,
                           void (*emit)(const struct source_event *event, void *user),
                           void *user)
{
	struct source_event steps = { .device = SOURCE_FOOTPOD, .unit = 1,
		                      .kind = SOURCE_FOOTPOD_UNIT,
		                      .number = (int32_t)RSC_UNIT_STEPS, .fixed = true };
	uint64_t t_us = 0;

	/* what is written below, whatever the file counts */
	emit(&steps, user);
	for (size_t i = 0; i < run->count; i++) {
		const struct run_point *point = &run->points[i];
		struct source_event event = { .unit = 1, .kind = SOURCE_NOTIFY };

		t_us = (uint64_t)(point->unix_ms - run->points[0].unix_ms) * 1000;
		event.t_us = t_us;
		if (treadmill_of(point, &event))
			emit(&event, user);
		if (footpod_of(point, unit, &event))
			emit(&event, user);
		if (strap_of(point, &event))
			emit(&event, user);
	}
	return t_us;
}
