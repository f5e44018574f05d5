/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/pod_fit.h"

#include <math.h>

#define SECOND_US 1000000u
#define BEFORE_US (6u * SECOND_US) /* of the start is looked at */

static uint64_t before(const struct belt_start *start)
{
	return start->start_us > BEFORE_US ? start->start_us - BEFORE_US : 0;
}

/* ---- the belt as a curve -------------------------------------------------- */

#define GRID_US 250000u
#define GRID_S 0.25
#define GRID_MAX 256
#define BELT_GAP_US (4u * SECOND_US)

struct curve {
	uint64_t from_us;
	size_t count;
	double mm_s[GRID_MAX]; /* NaN: not known */
};

static double between(const struct pod_track_point *a, const struct pod_track_point *b,
                      uint64_t t_us)
{
	double share = (double)(t_us - a->t_us) / (double)(b->t_us - a->t_us);

	return a->mm_s + share * (b->mm_s - a->mm_s);
}

/* Straight lines between what the belt said; after its last word nothing is
 * known, and before its first it stood. */
static void draw(struct curve *curve, const struct belt_start *start, uint64_t now_us)
{
	struct pod_track_point points[POD_TRACK_SLOTS];
	size_t count = pod_track_points(start->belt, 0, now_us, points), next = 0;

	curve->from_us = before(start);
	curve->count = (now_us - curve->from_us) / GRID_US + 1;
	if (curve->count > GRID_MAX)
		curve->count = GRID_MAX;
	for (size_t i = 0; i < curve->count; i++) {
		uint64_t t_us = curve->from_us + i * GRID_US;

		while (next < count && points[next].t_us <= t_us)
			next++;
		curve->mm_s[i] = (double)NAN;
		if (next == 0 && start->still_us <= t_us)
			curve->mm_s[i] = 0;
		else if (next > 0 && next < count &&
		         points[next].t_us - points[next - 1].t_us <= BELT_GAP_US)
			curve->mm_s[i] = between(&points[next - 1], &points[next], t_us);
	}
}

/* ---- what a pod on it would tell ------------------------------------------ */

struct shape {
	double lag_s;
	double on_s; /* he stepped on so long after the start; 0: before */
};

static void respond(const struct curve *belt, const struct shape *shape,
                    uint64_t start_us, struct curve *out)
{
	double share = 1 - exp(-GRID_S / shape->lag_s), level = (double)NAN;

	out->from_us = belt->from_us;
	out->count = belt->count;
	for (size_t i = 0; i < belt->count; i++) {
		double t_s = ((double)belt->from_us - (double)start_us) / SECOND_US +
		             (double)i * GRID_S;
		double aim = t_s < shape->on_s ? 0 : belt->mm_s[i];

		level = isnan(level) || isnan(aim) ? aim : level + share * (aim - level);
		out->mm_s[i] = level;
	}
}

static double at(const struct curve *curve, uint64_t t_us, int delay)
{
	double i = ((double)t_us - (double)curve->from_us) / GRID_US - delay;
	size_t k = i > 0 ? (size_t)i : 0;

	if (k + 1 >= curve->count)
		return (double)NAN;
	if (i < 0)
		return curve->mm_s[0];
	return curve->mm_s[k] + (i - (double)k) * (curve->mm_s[k + 1] - curve->mm_s[k]);
}

/* ---- one pod against one shape -------------------------------------------- */

/* What a pod's speed may be off by: its own noise, and the belt's corners */
#define NOISE_MM_S 60.0
#define NOISE_SHARE 0.025
#define OUTLIER 9.0 /* a single value counts no more than 3 sigma */
#define USUAL 0.6   /* what the right one has of misfit */
#define INDEPENDENT 0.5 /* half seconds of a smoothed speed are not quite */
#define MOVES_MM_S 300.0
#define SCALE_LEAST 0.75
#define SCALE_MOST 1.33

struct points {
	struct pod_track_point point[POD_TRACK_SLOTS];
	size_t count;
};

struct sums {
	double misfit, scale, weight, gain;
	size_t count, moved;
};

static double noise_at(double mm_s)
{
	return NOISE_MM_S + NOISE_SHARE * mm_s;
}

/* By least squares */
static void find_scale(struct sums *s, const struct points *p, const double *told)
{
	double both = 0;

	for (size_t i = 0; i < p->count; i++) {
		double noise = noise_at(told[i]);

		if (isnan(told[i]))
			continue;
		both += told[i] * p->point[i].mm_s / (noise * noise);
		s->weight += told[i] * told[i] / (noise * noise);
	}
	s->scale = s->weight > 0 ? fmin(fmax(both / s->weight, SCALE_LEAST), SCALE_MOST) : 1;
}

static struct sums compare(const struct curve *curve, const struct points *p, int delay)
{
	struct sums s = { .misfit = 0 };
	double told[POD_TRACK_SLOTS];

	for (size_t i = 0; i < p->count; i++)
		told[i] = at(curve, p->point[i].t_us, delay);
	find_scale(&s, p, told);
	for (size_t i = 0; i < p->count; i++) {
		double off = (p->point[i].mm_s - s.scale * told[i]) / noise_at(told[i]);
		bool moves = told[i] > MOVES_MM_S;

		if (isnan(told[i]))
			continue;
		off = fmin(off * off, OUTLIER);
		s.misfit += off;
		s.gain += 0.5 * INDEPENDENT * ((moves ? USUAL : 0) - off);
		s.moved += moves;
		s.count++;
	}
	return s;
}

/* ---- what is likely beforehand -------------------------------------------- */

#define LAG_USUAL_S 1.5
#define LAG_SPREAD_S 0.8
#define LATE_SHARE 0.1 /* of runners step on when the belt is at speed: */
#define LATE_LEAST_S 3.0
#define LATE_MOST_S 10.0
#define LATE_STEP_S 0.5
#define LATES 15
#define DELAY_LEAST (-2) /* in steps of the grid: a belt tells once a second */
#define DELAY_MOST 4
#define DELAYS 7
#define SCALE_USUAL 0.10 /* pods are off by that much; more is rare */
#define SCALE_SPREAD 0.03
#define SCALE_WIDTH 0.27 /* of both together, as a logarithm */

#define LAGS 6
static const double lags_s[LAGS] = { 0.3, 0.6, 1.0, 1.5, 2.0, 2.5 };

static double shape_log(const struct shape *shape, int delay)
{
	double lag = (shape->lag_s + delay * GRID_S - LAG_USUAL_S) / LAG_SPREAD_S;

	if (shape->on_s > 0)
		return log(LATE_SHARE / (LATES * LAGS));
	return log((1 - LATE_SHARE) / (DELAYS * LAGS)) - 0.5 * lag * lag;
}

/* A scale that is known closely could as well have been another. */
static double scale_log(const struct sums *s)
{
	double off = fmax(fabs(log(s->scale)) - SCALE_USUAL, 0) / SCALE_SPREAD;
	double known = sqrt(2 * M_PI / (INDEPENDENT * s->weight + 1));

	return log(fmin(known / SCALE_WIDTH, 1)) - 0.5 * off * off;
}

static double add_logs(double a, double b)
{
	double most = fmax(a, b);

	return isinf(most) ? most : most + log(exp(a - most) + exp(b - most));
}

/* ---- all pods against all shapes ------------------------------------------ */

#define HEARD_LEAST 8 /* half seconds */
#define FOLLOWS_MISFIT 1.5
#define MAY_MISFIT 2.5

struct fitting {
	struct points points;
	double best;  /* gain */
	size_t moved; /* of that */
	struct pod_fit *fit;
};

static void try_shape(const struct curve *curve, const struct shape *shape, int delay,
                      struct fitting *f)
{
	struct sums s = compare(curve, &f->points, delay);
	double gain = s.gain + scale_log(&s) + shape_log(shape, delay);

	if (s.moved == 0)
		return;
	f->fit->motion = add_logs(f->fit->motion, gain);
	if (gain <= f->best)
		return;
	f->best = gain;
	f->moved = s.moved;
	f->fit->misfit = s.misfit / (double)s.count;
	f->fit->scale = s.scale;
	f->fit->lag_s = shape->lag_s + shape->on_s + delay * GRID_S;
}

static void try_delays(const struct curve *belt, const struct shape *shape,
                       uint64_t start_us, struct fitting *fittings, size_t count)
{
	int least = shape->on_s > 0 ? 0 : DELAY_LEAST;
	int most = shape->on_s > 0 ? 0 : DELAY_MOST;
	struct curve curve;

	respond(belt, shape, start_us, &curve);
	for (size_t i = 0; i < count; i++) {
		for (int delay = least; delay <= most; delay++)
			try_shape(&curve, shape, delay, &fittings[i]);
	}
}

static void try_all(const struct curve *belt, uint64_t start_us, double since_s,
                    struct fitting *fittings, size_t count)
{
	for (int i = 0; i < LAGS; i++) {
		struct shape shape = { .lag_s = lags_s[i] };

		try_delays(belt, &shape, start_us, fittings, count);
		for (int late = 0; late < LATES; late++) {
			shape.on_s = LATE_LEAST_S + late * LATE_STEP_S;
			if (shape.on_s < since_s)
				try_delays(belt, &shape, start_us, fittings, count);
		}
	}
}

#define RAN_MM_S 1300
#define RAN_LEAST 4 /* half seconds of it in the 5 s before the start */

/* Before the belt started it was run with, most of the time. */
static bool ran_before(const struct points *p, uint64_t start_us)
{
	size_t ran = 0, seen = 0;

	for (size_t i = 0; i < p->count && p->point[i].t_us + SECOND_US <= start_us; i++) {
		seen++;
		ran += p->point[i].mm_s >= RAN_MM_S;
	}
	return ran >= RAN_LEAST && ran * 10 >= seen * 7;
}

static size_t heard_since(const struct points *p, uint64_t t_us)
{
	size_t heard = 0;

	for (size_t i = 0; i < p->count; i++)
		heard += p->point[i].t_us >= t_us;
	return heard;
}

static void sum_up(struct fitting *f, uint64_t start_us)
{
	struct pod_fit *fit = f->fit;

	fit->scarce = heard_since(&f->points, start_us) < HEARD_LEAST;
	fit->enough = !fit->scarce && f->moved >= HEARD_LEAST;
	fit->may = !fit->ran && fit->misfit <= MAY_MISFIT;
	fit->follows = fit->may && fit->enough && fit->misfit <= FOLLOWS_MISFIT;
}

#define AT_ONCE 8 /* pods: not too much on the stack */

static void fit_some(const struct belt_start *start, const struct curve *belt,
                     const struct pod_track *const *tracks, size_t count,
                     uint64_t now_us, struct pod_fit *fits)
{
	double since_s = (double)(now_us - start->start_us) / SECOND_US;
	struct fitting fittings[AT_ONCE];
	size_t tried = 0;

	for (size_t i = 0; i < count; i++) {
		struct fitting *f = &fittings[tried];

		fits[i] = (struct pod_fit){ .misfit = INFINITY, .motion = -INFINITY, .scale = 1 };
		f->fit = &fits[i];
		f->best = -INFINITY;
		f->moved = 0;
		f->points.count = pod_track_points(tracks[i], before(start), now_us,
		                                   f->points.point);
		f->fit->ran = ran_before(&f->points, start->start_us);
		if (f->fit->ran || f->points.count == 0)
			sum_up(f, start->start_us);
		else
			tried++;
	}
	try_all(belt, start->start_us, since_s, fittings, tried);
	for (size_t i = 0; i < tried; i++)
		sum_up(&fittings[i], start->start_us);
}

void pod_fit_all(const struct belt_start *start, const struct pod_track *const *tracks,
                 size_t count, uint64_t now_us, struct pod_fit *fits)
{
	struct curve belt;

	draw(&belt, start, now_us);
	for (size_t i = 0; i < count; i += AT_ONCE)
		fit_some(start, &belt, tracks + i, count - i < AT_ONCE ? count - i : AT_ONCE,
		         now_us, fits + i);
}
