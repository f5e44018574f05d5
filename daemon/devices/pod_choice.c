/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/pod_choice.h"

#include <math.h>
#include <string.h>

#define SLOT_US 500000u
#define SECOND_US 1000000u

/* ---- what was seen -------------------------------------------------------- */

void pod_track_speed(struct pod_track *track, uint64_t t_us, int32_t mm_s)
{
	size_t i = t_us / SLOT_US % POD_TRACK_SLOTS;

	track->slot[i].t_us = t_us;
	track->slot[i].mm_s = mm_s;
	track->heard_us = t_us;
}

#define RSSI_SHARE 0.05f /* of a new message in the mean: some 5 s at 4 Hz */

void pod_track_rssi(struct pod_track *track, int32_t dbm)
{
	float now = (float)dbm;

	track->rssi_dbm = track->has_rssi
	                      ? track->rssi_dbm + RSSI_SHARE * (now - track->rssi_dbm)
	                      : now;
	track->has_rssi = true;
}

#define BELT_MOVES_MM_S 222 /* 0.8 km/h, as for a session */
#define STOOD_LEAST_US (2u * SECOND_US)

void pod_choice_belt(struct pod_choice *choice, uint64_t t_us, int32_t mm_s)
{
	bool moves = mm_s >= BELT_MOVES_MM_S;
	bool first = choice->belt.heard_us == 0;

	if (!moves && (!choice->stood || first))
		choice->still_us = t_us;
	if (moves && choice->stood) {
		choice->started = t_us - choice->still_us >= STOOD_LEAST_US;
		choice->start_us = t_us;
	}
	choice->stood = !moves;
	pod_track_speed(&choice->belt, t_us, mm_s);
}

/* ---- the belt as a curve -------------------------------------------------- */

#define BEFORE_US (6u * SECOND_US) /* of the start is looked at */
#define GRID_US 250000u
#define GRID_MAX 256
#define LAG_LEAST (-2) /* in steps of the grid */
#define LAG_MOST 22
#define BELT_GAP_US (4u * SECOND_US)

struct curve {
	uint64_t from_us;
	size_t count;
	float mm_s[GRID_MAX]; /* NaN: not known */
};

struct point {
	uint64_t t_us;
	int32_t mm_s;
};

/* A track's points since `from_us`, in order of time */
static size_t points_of(const struct pod_track *track, uint64_t from_us,
                        uint64_t now_us, struct point *out)
{
	uint64_t slot = now_us / SLOT_US;
	size_t count = 0;

	for (size_t back = POD_TRACK_SLOTS; back-- > 0;) {
		size_t i = (slot - back) % POD_TRACK_SLOTS;
		uint64_t t_us = track->slot[i].t_us;

		if (slot < back || t_us == 0 || t_us < from_us || t_us > now_us ||
		    t_us / SLOT_US != slot - back)
			continue;
		out[count++] = (struct point){ t_us, track->slot[i].mm_s };
	}
	return count;
}

static float between(const struct point *a, const struct point *b, uint64_t t_us)
{
	double share = (double)(t_us - a->t_us) / (double)(b->t_us - a->t_us);

	return (float)(a->mm_s + share * (b->mm_s - a->mm_s));
}

/* Straight lines between what the belt said; level behind its last word */
static void draw(struct curve *curve, const struct pod_choice *choice,
                 uint64_t now_us)
{
	struct point points[POD_TRACK_SLOTS];
	uint64_t before_us = BEFORE_US + LAG_MOST * GRID_US;
	size_t count, next = 0;

	curve->from_us = choice->start_us > before_us ? choice->start_us - before_us
	                                              : 0;
	curve->count = (now_us - curve->from_us) / GRID_US + 1;
	if (curve->count > GRID_MAX)
		curve->count = GRID_MAX;
	count = points_of(&choice->belt, 0, now_us, points);
	for (size_t i = 0; i < curve->count; i++) {
		uint64_t t_us = curve->from_us + i * GRID_US;

		while (next < count && points[next].t_us <= t_us)
			next++;
		if (next == 0) /* before its first word it stood, or there is no start */
			curve->mm_s[i] = choice->still_us <= t_us ? 0 : NAN;
		else if (next < count &&
		         points[next].t_us - points[next - 1].t_us <= BELT_GAP_US)
			curve->mm_s[i] = between(&points[next - 1], &points[next], t_us);
		else
			curve->mm_s[i] = t_us - points[next - 1].t_us <= BELT_GAP_US
			                     ? (float)points[next - 1].mm_s : (float)NAN;
	}
}

static double belt_at(const struct curve *curve, uint64_t t_us, int lag)
{
	int64_t i = ((int64_t)t_us - (int64_t)curve->from_us) / (int64_t)GRID_US - lag;

	if (i < 0 || curve->count == 0)
		return 0;
	return (size_t)i < curve->count ? curve->mm_s[i] : curve->mm_s[curve->count - 1];
}

/* ---- one pod against it --------------------------------------------------- */

/* What a pod's speed may be off by: its own noise, and the belt's corners */
#define NOISE_MM_S 100.0
#define NOISE_SHARE 0.035
#define OUTLIER 9.0 /* a single value counts no more than 3 sigma */
#define SCALE_LEAST 0.75
#define SCALE_MOST 1.33

struct sums {
	double misfit, scale;
	size_t count;
};

static double scale_at(const struct curve *curve, const struct point *points,
                       size_t count, int lag)
{
	double pod_belt = 0, belt_belt = 0, scale;

	for (size_t i = 0; i < count; i++) {
		double belt = belt_at(curve, points[i].t_us, lag);

		if (isnan(belt))
			continue;
		pod_belt += belt * points[i].mm_s;
		belt_belt += belt * belt;
	}
	scale = belt_belt > 0 ? pod_belt / belt_belt : 1;
	return fmin(fmax(scale, SCALE_LEAST), SCALE_MOST);
}

static struct sums compare(const struct curve *curve, const struct point *points,
                           size_t count, int lag)
{
	struct sums s = { .scale = scale_at(curve, points, count, lag) };

	for (size_t i = 0; i < count; i++) {
		double belt = belt_at(curve, points[i].t_us, lag);
		double noise = NOISE_MM_S + NOISE_SHARE * s.scale * belt;
		double off = (points[i].mm_s - s.scale * belt) / noise;

		if (isnan(belt))
			continue;
		s.misfit += fmin(off * off, OUTLIER);
		s.count++;
	}
	return s;
}

#define HEARD_LEAST 8 /* half seconds since the start */
#define FOLLOWS_MISFIT 0.8
#define MAY_MISFIT 2.5
#define TRUE_SCALE_LEAST 0.86 /* pods are off by up to a tenth, and noise */
#define TRUE_SCALE_MOST 1.14
#define TRUE_LAG_LEAST_S (-0.25)
#define TRUE_LAG_MOST_S 3.5
#define RAN_MM_S 1300
#define RAN_LEAST 4 /* half seconds of it in the 5 s before the start */
#define RAN_UNTIL_US SECOND_US

/* Before the belt started it was run with, most of the time. */
static bool ran_before(const struct pod_choice *choice, const struct point *points,
                       size_t count)
{
	size_t ran = 0, seen = 0;

	for (size_t i = 0; i < count; i++) {
		if (points[i].t_us + RAN_UNTIL_US > choice->start_us)
			break;
		seen++;
		ran += points[i].mm_s >= RAN_MM_S;
	}
	return ran >= RAN_LEAST && ran * 10 >= seen * 7;
}

static size_t heard_since(const struct point *points, size_t count, uint64_t t_us)
{
	size_t heard = 0;

	for (size_t i = 0; i < count; i++)
		heard += points[i].t_us >= t_us;
	return heard;
}

#define LAG_USUAL_S 1.5
#define LAG_SPREAD_S 1.0
#define SCALE_USUAL 0.10 /* pods are off by that much; more is rare */
#define SCALE_SPREAD 0.03
#define RSSI_PER_DB 0.12
#define RSSI_MOST 2.5
#define RSSI_MIDDLE_DBM (-70.0)
#define INDEPENDENT 0.25 /* half seconds of a smoothed speed are not */

static double score_of(const struct pod_fit *fit, const struct pod_track *track,
                       size_t count)
{
	double late = (fit->lag_s - LAG_USUAL_S) / LAG_SPREAD_S;
	double off = fmax(fabs(log(fit->scale)) - SCALE_USUAL, 0) / SCALE_SPREAD;
	double near = track->has_rssi
	                  ? (track->rssi_dbm - RSSI_MIDDLE_DBM) * RSSI_PER_DB : 0;

	return -0.5 * INDEPENDENT * (double)count * fit->misfit - 0.5 * late * late -
	       0.5 * off * off + fmin(fmax(near, -RSSI_MOST / 2), RSSI_MOST / 2);
}

static bool is_true(const struct pod_fit *fit)
{
	return fit->scale >= TRUE_SCALE_LEAST && fit->scale <= TRUE_SCALE_MOST &&
	       fit->lag_s >= TRUE_LAG_LEAST_S && fit->lag_s <= TRUE_LAG_MOST_S;
}

static struct pod_fit fit_of(const struct pod_choice *choice,
                             const struct curve *curve,
                             const struct pod_track *track, uint64_t now_us)
{
	struct point points[POD_TRACK_SLOTS];
	uint64_t from_us = choice->start_us > BEFORE_US ? choice->start_us - BEFORE_US
	                                                : 0;
	size_t count = points_of(track, from_us, now_us, points);
	struct pod_fit fit = { .misfit = INFINITY };

	fit.ran = ran_before(choice, points, count);
	fit.enough = heard_since(points, count, choice->start_us) >= HEARD_LEAST;
	for (int lag = LAG_LEAST; lag <= LAG_MOST; lag++) {
		struct sums s = compare(curve, points, count, lag);

		if (s.count == 0 || s.misfit / (double)s.count >= fit.misfit)
			continue;
		fit.misfit = s.misfit / (double)s.count;
		fit.scale = s.scale;
		fit.lag_s = lag * (GRID_US / 1e6);
	}
	fit.score = score_of(&fit, track, count);
	fit.may = !fit.ran && fit.misfit <= MAY_MISFIT;
	fit.follows = fit.may && fit.enough && fit.misfit <= FOLLOWS_MISFIT &&
	              is_true(&fit);
	return fit;
}

/* ---- all of them ---------------------------------------------------------- */

#define SURE_LEAST (-2.5) /* far away and late and off, it may be a stranger */
#define AHEAD_LEAST 6.0 /* of the next in score: odds of 400 to 1 */
#define HEARD_LATELY_US (5u * SECOND_US)

/* Seen too little of to be ruled out */
static bool is_open(const struct pod_fit *fit, const struct pod_track *track,
                    uint64_t now_us)
{
	return !fit->enough && !fit->ran && fit->may && track->heard_us != 0 &&
	       now_us - track->heard_us <= HEARD_LATELY_US;
}

#define NEARER_DB 6

/* Another goes with the belt more closely and is nearer: only its scale, which
 * is easily misread while the belt speeds up, speaks against it. */
static bool is_doubtful(const struct pod_track *const *tracks,
                        const struct pod_fit *fits, size_t count, size_t first)
{
	for (size_t i = 0; i < count; i++) {
		if (i != first && fits[i].may && fits[i].enough &&
		    fits[i].misfit < fits[first].misfit &&
		    tracks[i]->rssi_dbm > tracks[first]->rssi_dbm + NEARER_DB)
			return true;
	}
	return false;
}

static enum pod_verdict verdict_of(const struct pod_track *const *tracks,
                                   const struct pod_fit *fits, size_t count,
                                   uint64_t now_us, size_t *best)
{
	size_t first = count;
	double next = -INFINITY;
	bool open = false;

	for (size_t i = 0; i < count; i++) {
		open |= is_open(&fits[i], tracks[i], now_us);
		if (!fits[i].may || !fits[i].enough)
			continue;
		if (first == count || fits[i].score > fits[first].score) {
			next = first == count ? next : fits[first].score;
			first = i;
		} else {
			next = fmax(next, fits[i].score);
		}
	}
	if (first == count)
		return POD_VERDICT_NONE;
	*best = first;
	return fits[first].follows && !open && fits[first].score >= SURE_LEAST &&
	               fits[first].score - next >= AHEAD_LEAST &&
	               !is_doubtful(tracks, fits, count, first)
	           ? POD_VERDICT_SURE : POD_VERDICT_UNSURE;
}

enum pod_verdict pod_choice_judge(const struct pod_choice *choice,
                                  const struct pod_track *const *tracks,
                                  size_t count, uint64_t now_us,
                                  struct pod_fit *fits, size_t *best)
{
	struct curve curve;

	if (!choice->started || choice->stood ||
	    now_us - choice->start_us < POD_CHOICE_FROM_US ||
	    now_us - choice->start_us > POD_CHOICE_UNTIL_US)
		return POD_VERDICT_WAIT;
	draw(&curve, choice, now_us);
	for (size_t i = 0; i < count; i++)
		fits[i] = fit_of(choice, &curve, tracks[i], now_us);
	return verdict_of(tracks, fits, count, now_us, best);
}

/* ---- afterwards ----------------------------------------------------------- */

#define REFUTED_US (15u * SECOND_US)
#define REFUTED_LEAST 20 /* half seconds */
#define REFUTED_BELT_MM_S 1100
#define REFUTED_LOW 0.6
#define REFUTED_HIGH 1.6

static bool is_off(double pod, double belt)
{
	return belt >= REFUTED_BELT_MM_S &&
	       (pod < REFUTED_LOW * belt || pod > REFUTED_HIGH * belt);
}

bool pod_choice_refuted(const struct pod_choice *choice,
                        const struct pod_track *track, uint64_t now_us)
{
	struct point pod[POD_TRACK_SLOTS], belt[POD_TRACK_SLOTS];
	uint64_t from_us = now_us > REFUTED_US ? now_us - REFUTED_US : 0;
	size_t pods = points_of(track, from_us, now_us, pod);
	size_t belts = points_of(&choice->belt, from_us, now_us, belt);
	size_t j = 0;

	for (size_t i = 0; i < pods; i++) {
		while (j + 1 < belts && belt[j + 1].t_us <= pod[i].t_us)
			j++;
		if (belts == 0 || !is_off(pod[i].mm_s, belt[j].mm_s))
			return false;
	}
	return pods >= REFUTED_LEAST;
}
