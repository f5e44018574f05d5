/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sessions/laps.h"

#include <stdlib.h>

#define KILOMETRE_M 1000.0
#define MILE_M 1609.344
#define KMH_PER_M_S 3.6

/* ---- pauses ---------------------------------------------------------------- */

uint32_t laps_end_s(const struct session_log *log)
{
	uint32_t end_s = log->length_s;
	bool paused = false;

	for (size_t i = 0; i < log->event_count; i++) {
		const struct session_event *event = &log->events[i];

		if (event->kind == SESSION_EVENT_PAUSE && !paused) {
			paused = true;
			end_s = event->at_s;
		} else if (event->kind == SESSION_EVENT_RESUME) {
			paused = false;
			end_s = log->length_s;
		}
	}
	if (log->second_count > 0 && end_s < log->seconds[log->second_count - 1].at_s)
		end_s = log->seconds[log->second_count - 1].at_s;
	return end_s;
}

static uint32_t overlap_s(uint32_t a, uint32_t b, uint32_t from, uint32_t to)
{
	uint32_t first = a > from ? a : from, last = b < to ? b : to;

	return last > first ? last - first : 0;
}

static uint32_t paused_s(const struct session_log *log, uint32_t from, uint32_t to)
{
	uint32_t since_s = 0, sum = 0;
	bool paused = false;

	for (size_t i = 0; i < log->event_count; i++) {
		const struct session_event *event = &log->events[i];

		if (event->kind == SESSION_EVENT_PAUSE && !paused) {
			paused = true;
			since_s = event->at_s;
		} else if (event->kind == SESSION_EVENT_RESUME && paused) {
			paused = false;
			sum += overlap_s(since_s, event->at_s, from, to);
		}
	}
	return paused ? sum + overlap_s(since_s, to, from, to) : sum;
}

/* ---- what a lap comes to --------------------------------------------------- */

static void count(struct lap_spread *spread, double value)
{
	if (spread->seconds == 0 || value > spread->most)
		spread->most = value;
	spread->seconds++;
	spread->mean += (value - spread->mean) / spread->seconds;
}

static void count_second(struct lap *lap, const struct display_metrics *m)
{
	if (m->present & DISPLAY_SPEED)
		count(&lap->spread[LAP_SPEED], m->speed_kmh);
	if (m->present & DISPLAY_INCLINE)
		count(&lap->spread[LAP_INCLINE], m->incline_pct);
	if ((m->present & DISPLAY_CADENCE) && m->cadence_spm > 0)
		count(&lap->spread[LAP_CADENCE], m->cadence_spm);
	if (m->present & DISPLAY_STEP)
		count(&lap->spread[LAP_STEP], m->step_m);
	if (m->present & DISPLAY_HEART_RATE)
		count(&lap->spread[LAP_HEART_RATE], m->heart_rate_bpm);
}

/* What is counted from the session's begin, as it stood last */
struct counters {
	uint32_t distance_m;
	int32_t climb_m, energy_kcal;
};

static void count_on(struct lap *lap, struct counters *now, const struct display_metrics *m)
{
	if (m->present & DISPLAY_DISTANCE) {
		lap->has_distance = true;
		if (m->distance_m > now->distance_m)
			now->distance_m = m->distance_m;
	}
	if (m->present & DISPLAY_ELEVATION_GAIN) {
		lap->has_climb = true;
		now->climb_m = m->elevation_gain_m;
	}
	if (m->present & DISPLAY_ENERGY) {
		lap->has_energy = true;
		now->energy_kcal = m->energy_kcal;
	}
}

/* Ends the lap: `before` is what stood at its begin, `now` at its end. */
static void finish(const struct session_log *log, struct lap *lap, uint32_t end_s,
                   const struct counters *before, const struct counters *now)
{
	lap->end_s = end_s > lap->begin_s ? end_s : lap->begin_s;
	lap->timer_s = lap->end_s - lap->begin_s - paused_s(log, lap->begin_s, lap->end_s);
	lap->distance_m = now->distance_m - before->distance_m;
	lap->climb_m = now->climb_m - before->climb_m;
	lap->energy_kcal = now->energy_kcal - before->energy_kcal;
}

struct lap laps_whole(const struct session_log *log)
{
	struct counters none = { 0 }, now = { 0 };
	struct lap lap = { .count = log->second_count };

	for (size_t i = 0; i < log->second_count; i++) {
		count_second(&lap, &log->seconds[i].metrics);
		count_on(&lap, &now, &log->seconds[i].metrics);
	}
	finish(log, &lap, laps_end_s(log), &none, &now);
	return lap;
}

bool lap_speed_kmh(const struct lap *lap, double *out)
{
	const struct lap_spread *speed = &lap->spread[LAP_SPEED];

	if (lap->has_distance && lap->timer_s > 0)
		*out = lap->distance_m * KMH_PER_M_S / lap->timer_s;
	else if (speed->seconds > 0)
		*out = speed->mean;
	else
		return false;
	return true;
}

/* ---- the laps -------------------------------------------------------------- */

static struct lap begin_after(const struct lap *last)
{
	return (struct lap){ .first = last->first + last->count, .begin_s = last->end_s };
}

struct lap *laps_of(const struct session_log *log, size_t *out)
{
	double each_m = log->miles ? MILE_M : KILOMETRE_M, next_m = each_m;
	struct counters before = { 0 }, now = { 0 };
	size_t n = 0, room = (size_t)(laps_whole(log).distance_m / each_m) + 1;
	struct lap *laps;

	if (room > log->second_count + 1) /* it leapt: no lap without a second */
		room = log->second_count + 1;
	laps = calloc(room, sizeof(*laps));
	if (!laps)
		return NULL;
	for (size_t i = 0; i < log->second_count; i++) {
		const struct session_second *second = &log->seconds[i];

		laps[n].count++;
		count_second(&laps[n], &second->metrics);
		count_on(&laps[n], &now, &second->metrics);
		if (now.distance_m < next_m || i + 1 == log->second_count)
			continue;
		laps[n].full = true;
		finish(log, &laps[n], second->at_s, &before, &now);
		before = now;
		laps[n + 1] = begin_after(&laps[n]);
		n++;
		while (now.distance_m >= next_m)
			next_m += each_m;
	}
	laps[n].full = now.distance_m >= next_m;
	finish(log, &laps[n], laps_end_s(log), &before, &now);
	*out = n + 1;
	return laps;
}
