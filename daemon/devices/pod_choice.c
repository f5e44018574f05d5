/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/pod_choice.h"

#include <math.h>

#define SECOND_US 1000000u

/* ---- the start ------------------------------------------------------------ */

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

bool pod_choice_ready(const struct pod_choice *choice, uint64_t now_us)
{
	return choice->stood && now_us >= choice->still_us + STOOD_LEAST_US;
}

/* ---- how near it is ------------------------------------------------------- */

/* Bodies and machines are in the way: the strongest is ours in seven of ten
 * cases, and which is the strongest is not known closely. */
#define STRONGEST 0.7
#define SPREAD_DB 1.5

static double strength(const struct pod_track *track)
{
	return track->has_rssi ? exp(track->rssi_dbm / SPREAD_DB) : 0;
}

static void add_nearness(const struct pod_track *const *tracks, size_t count,
                         struct pod_fit *fits)
{
	double sum = 0, told = 0;

	for (size_t i = 0; i < count; i++)
		sum += strength(tracks[i]);
	told = sum > 0 ? STRONGEST : 0;
	for (size_t i = 0; i < count; i++) {
		double near = sum > 0 ? strength(tracks[i]) / sum : 0;

		fits[i].score = fits[i].motion +
		                log(told * near + (1 - told) / (double)count);
	}
}

/* ---- all of them ---------------------------------------------------------- */

/* Log of the odds against a stranger who started by chance. While the belt
 * speeds up anybody's start is like another's: only a near one is taken then. */
#define SURE_LEAST (-8.0)
#define EARLY_LEAST (-5.0)
#define EARLY_US (17u * SECOND_US)
#define LEVEL_US (3u * SECOND_US)
#define LEVEL_MM_S 100.0
/* Ahead of all others, all told and by how it moves: 200 to 1 and 30 to 1 */
#define AHEAD_LEAST 5.3
#define AHEAD_MOTION 3.4
#define HEARD_LATELY_US (5u * SECOND_US)

static bool is_level(const struct pod_choice *choice, uint64_t now_us)
{
	struct pod_track_point points[POD_TRACK_SLOTS];
	size_t count = pod_track_points(&choice->belt, now_us - LEVEL_US, now_us, points);

	for (size_t i = 1; i < count; i++) {
		if (fabs(points[i].mm_s - points[0].mm_s) > LEVEL_MM_S)
			return false;
	}
	return count > 1;
}

static double score_least(const struct pod_choice *choice, uint64_t now_us)
{
	bool early = now_us - choice->start_us < EARLY_US && !is_level(choice, now_us);

	return early ? EARLY_LEAST : SURE_LEAST;
}

/* Seen too little of to be ruled out */
static bool any_open(const struct pod_track *const *tracks, const struct pod_fit *fits,
                     size_t count, uint64_t now_us)
{
	for (size_t i = 0; i < count; i++) {
		if (fits[i].scarce && fits[i].may && tracks[i]->heard_us != 0 &&
		    now_us - tracks[i]->heard_us <= HEARD_LATELY_US)
			return true;
	}
	return false;
}

static bool counts(const struct pod_fit *fit)
{
	return fit->may && fit->enough;
}

static size_t first_of(const struct pod_fit *fits, size_t count)
{
	size_t first = count;

	for (size_t i = 0; i < count; i++) {
		if (counts(&fits[i]) &&
		    (first == count || fits[i].score > fits[first].score))
			first = i;
	}
	return first;
}

static bool is_ahead(const struct pod_fit *fits, size_t count, size_t first)
{
	double others = 0;

	for (size_t i = 0; i < count; i++) {
		if (i == first || !counts(&fits[i]))
			continue;
		others += exp(fits[i].score - fits[first].score);
		if (fits[first].motion - fits[i].motion < AHEAD_MOTION)
			return false;
	}
	return others <= exp(-AHEAD_LEAST);
}

enum pod_verdict pod_choice_judge(const struct pod_choice *choice,
                                  const struct pod_track *const *tracks,
                                  size_t count, uint64_t now_us,
                                  struct pod_fit *fits, size_t *best)
{
	struct belt_start start = { &choice->belt, choice->still_us, choice->start_us };
	size_t first;

	if (!choice->started || choice->stood ||
	    now_us - choice->start_us < POD_CHOICE_FROM_US ||
	    now_us - choice->start_us > POD_CHOICE_UNTIL_US)
		return POD_VERDICT_WAIT;
	pod_fit_all(&start, tracks, count, now_us, fits);
	add_nearness(tracks, count, fits);
	first = first_of(fits, count);
	if (first == count)
		return POD_VERDICT_NONE;
	*best = first;
	return fits[first].follows && fits[first].score >= score_least(choice, now_us) &&
	               is_ahead(fits, count, first) &&
	               !any_open(tracks, fits, count, now_us)
	           ? POD_VERDICT_SURE : POD_VERDICT_UNSURE;
}

/* ---- afterwards ----------------------------------------------------------- */

#define REFUTED_US (15u * SECOND_US)
#define REFUTED_LEAST 20 /* half seconds */
#define REFUTED_BELT_MM_S 1100
#define REFUTED_LOW 0.6
#define REFUTED_HIGH 1.6

/* Of the pod's points of late, while the belt moved */
struct agreement {
	size_t points, off, on;
};

static struct agreement agreement_of(const struct pod_choice *choice,
                                     const struct pod_track *track, uint64_t now_us)
{
	struct pod_track_point pod[POD_TRACK_SLOTS], belt[POD_TRACK_SLOTS];
	uint64_t from_us = now_us > REFUTED_US ? now_us - REFUTED_US : 0;
	struct agreement a = { .points = pod_track_points(track, from_us, now_us, pod) };
	size_t belts = pod_track_points(&choice->belt, from_us, now_us, belt);
	size_t j = 0;

	for (size_t i = 0; i < a.points && belts > 0; i++) {
		bool off;

		while (j + 1 < belts && belt[j + 1].t_us <= pod[i].t_us)
			j++;
		off = pod[i].mm_s < REFUTED_LOW * belt[j].mm_s ||
		      pod[i].mm_s > REFUTED_HIGH * belt[j].mm_s;
		if (belt[j].mm_s >= REFUTED_BELT_MM_S)
			a.off += off, a.on += !off;
	}
	return a;
}

bool pod_choice_refuted(const struct pod_choice *choice,
                        const struct pod_track *track, uint64_t now_us)
{
	struct agreement a = agreement_of(choice, track, now_us);

	return a.points >= REFUTED_LEAST && a.off == a.points;
}

bool pod_choice_agrees(const struct pod_choice *choice, const struct pod_track *track,
                       uint64_t now_us)
{
	struct agreement a = agreement_of(choice, track, now_us);

	return a.points >= REFUTED_LEAST && a.on == a.points;
}
