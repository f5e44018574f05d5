/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The records of a FIT activity, whoever wrote it.
 */
#include "daemon/sessions/run_points.h"
#include "protocol/fit.h"
#include "protocol/fit_profile.h"

#include <stdio.h>

static bool scaled(const struct fit_message *m, uint8_t field, double scale, double *out)
{
	int64_t value;

	if (!fit_number(m, field, &value))
		return false;
	*out = (double)value / scale;
	return true;
}

/* A number that its own profile's field could hold: a file may define the field as
 * wide as it likes. */
static bool at_most(const struct fit_message *m, uint8_t field, int64_t high, int64_t *out)
{
	int64_t value;

	if (!fit_number(m, field, &value) || value < 0 || value > high)
		return false;
	*out = value;
	return true;
}

static int64_t unix_ms(int64_t fit_time)
{
	return (fit_time + FIT_EPOCH_UNIX_S) * 1000;
}

static void take_record(const struct fit_message *m, struct run_points *run)
{
	struct run_point point = { .has_speed = false };
	int64_t time = m->time, heart_rate;
	double fraction;

	if (time == 0 && !at_most(m, FIT_TIMESTAMP, UINT32_MAX, &time))
		return;
	point.unix_ms = unix_ms(time);
	point.has_speed = scaled(m, FIT_RECORD_ENHANCED_SPEED, 1000, &point.speed_m_s) ||
	                  scaled(m, FIT_RECORD_SPEED, 1000, &point.speed_m_s);
	point.has_grade = scaled(m, FIT_RECORD_GRADE, 100, &point.grade_pct);
	point.has_distance = scaled(m, FIT_RECORD_DISTANCE, 100, &point.distance_m);
	point.has_cadence = scaled(m, FIT_RECORD_CADENCE, 1, &point.cadence);
	if (point.has_cadence && scaled(m, FIT_RECORD_FRACTIONAL_CADENCE, 128, &fraction))
		point.cadence += fraction;
	point.has_heart_rate = at_most(m, FIT_RECORD_HEART_RATE, UINT8_MAX, &heart_rate);
	if (point.has_heart_rate)
		point.heart_rate_bpm = (int32_t)heart_rate;
	run_points_add(run, &point);
}

/* Where the runner's wall clock stood, to the minute */
static void take_activity(const struct fit_message *m, struct run_points *run)
{
	int64_t utc, local, minutes;

	if (!at_most(m, FIT_TIMESTAMP, UINT32_MAX, &utc) ||
	    !at_most(m, FIT_ACTIVITY_LOCAL_TIMESTAMP, UINT32_MAX, &local))
		return;
	minutes = (local - utc) / 60;
	run->has_offset = minutes >= -14 * 60 && minutes <= 14 * 60;
	run->offset_s = run->has_offset ? (int32_t)minutes * 60 : 0;
}

static void take_message(const struct fit_message *m, struct run_points *run)
{
	uint16_t message = m->definition->message;

	if (message == FIT_RECORD)
		take_record(m, run);
	else if (message == FIT_ACTIVITY)
		take_activity(m, run);
	else if (message == FIT_FILE_ID)
		fit_text(m, FIT_FILE_ID_PRODUCT_NAME, run->device, sizeof(run->device));
}

bool fit_import(const uint8_t *bytes, size_t length, struct run_points *run,
                struct run_fault *out)
{
	struct fit_reader reader;
	struct fit_message message;
	struct fit_fault fault;
	enum fit_next next;

	fit_reader_init(&reader, bytes, length);
	while ((next = fit_read(&reader, &message, &fault)) != FIT_END) {
		if (next == FIT_BAD) {
			out->offset = fault.offset;
			snprintf(out->message, sizeof(out->message), "%s", fault.message);
			return false;
		}
		if (next == FIT_FILE && run->count > 0)
			break; /* the next of a chain is another run */
		if (next == FIT_MESSAGE)
			take_message(&message, run);
	}
	return true;
}
