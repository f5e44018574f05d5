/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/trends.h"

#include <math.h>

#define EPSILON 1e-9

#define DRIFT_FROM_S 480
#define DRIFT_UNTIL_S 780
#define DRIFT_LEAST_S 180 /* of the reference */
#define DRIFT_MEAN_S 180
#define DRIFT_KNOWN_S 120 /* of those 180 */
#define DRIFT_KMH 0.3
#define DRIFT_PCT 0.5

#define GEAR_KMH 0.2
#define GEAR_PCT 0.5

#define EFFORT_PCT 4.0     /* from here on a rail may be held */
#define EFFORT_STEADY_S 120 /* the heart follows slowly */
#define EFFORT_LEAST_S 60
#define EFFORT_BEYOND 1.2  /* how far above what was seen the line may go */
#define EFFORT_SPREAD_KMH 0.5 /* less is one speed, and no slope */
#define EFFORT_SLOPE_MAX 15.0 /* bpm per km/h */

#define BOUT_LEAST_S 20  /* shorter is a change of gear */
#define BOUT_MOST_S 600  /* longer is a run */

#define EASY_SHARE 0.7
#define EASY_WINDOW_S 180

void trends_init(struct trends *t)
{
	*t = (struct trends){ .gear = { .kmh = NAN, .pct = NAN } };
}

void trends_forget_minutes(struct trends *t)
{
	window_clear(&t->drift.recent);
	window_clear(&t->easy);
	t->easy_s = 0;
	t->gear.seconds = 0;
}

static bool near(double a, double b, double most)
{
	return fabs(a - b) <= most + EPSILON;
}

/* ---- fatigue --------------------------------------------------------------- */

static void drift_reference(struct drift *d, const struct trends_input *in)
{
	if (isnan(in->cadence_spm) || isnan(in->speed_kmh) || isnan(in->incline_pct))
		return;
	d->spm_sum += in->cadence_spm;
	d->kmh_sum += in->speed_kmh;
	d->pct_sum += in->incline_pct;
	d->seconds++;
}

static void tick_drift(struct drift *d, const struct trends_input *in)
{
	bool running = in->gait == DISPLAY_GAIT_RUN && in->counted;

	if (running && in->run_s > DRIFT_FROM_S && in->run_s <= DRIFT_UNTIL_S)
		drift_reference(d, in);
	if (running && d->seconds > 0 &&
	    near(in->speed_kmh, d->kmh_sum / d->seconds, DRIFT_KMH) &&
	    near(in->incline_pct, d->pct_sum / d->seconds, DRIFT_PCT))
		window_push(&d->recent, in->cadence_spm);
	else
		window_clear(&d->recent);
	d->run_s = in->run_s;
}

double trends_drift_pct(const struct trends *t)
{
	const struct drift *d = &t->drift;
	double mean = window_mean(&d->recent, DRIFT_MEAN_S, DRIFT_KNOWN_S);

	if (d->run_s < DRIFT_UNTIL_S || d->seconds < DRIFT_LEAST_S ||
	    d->recent.filled < DRIFT_MEAN_S)
		return NAN;
	return 100 * (1 - mean / (d->spm_sum / d->seconds));
}

/* ---- one gear --------------------------------------------------------------- */

static void tick_gear(struct gear *g, const struct trends_input *in)
{
	bool running = in->gait == DISPLAY_GAIT_RUN && in->counted;

	if (running && near(in->speed_kmh, g->kmh, GEAR_KMH) &&
	    near(in->incline_pct, g->pct, GEAR_PCT)) {
		g->seconds++;
		return;
	}
	*g = (struct gear){ .kmh = in->speed_kmh, .pct = in->incline_pct,
		            .seconds = running };
}

uint32_t trends_gear_s(const struct trends *t)
{
	return t->gear.seconds;
}

/* ---- heart rate over effort ------------------------------------------------- */

static void effort_learn(struct effort *e, double kmh, double bpm)
{
	double off = kmh - e->kmh_mean;

	if (e->n <= 0 || kmh < e->low_kmh)
		e->low_kmh = kmh;
	e->high_kmh = fmax(e->high_kmh, kmh);
	e->n++;
	e->kmh_mean += off / e->n;
	e->bpm_mean += (bpm - e->bpm_mean) / e->n;
	e->kmh_squares += off * (kmh - e->kmh_mean);
	e->products += off * (bpm - e->bpm_mean);
}

static void tick_effort(struct effort *e, const struct trends_input *in)
{
	bool free_hands = in->incline_pct < EFFORT_PCT;
	bool on_foot = in->gait == DISPLAY_GAIT_RUN || in->gait == DISPLAY_GAIT_WALK;

	if (in->counted && on_foot && free_hands && in->steady_s >= EFFORT_STEADY_S &&
	    !isnan(in->heart_rate_bpm) && !isnan(in->level_kmh))
		effort_learn(e, in->level_kmh, in->heart_rate_bpm);
}

/* Below what was seen nothing is known; far above it no more than its edge. */
double trends_expected_bpm(const struct trends *t, double level_kmh)
{
	const struct effort *e = &t->effort;
	double slope = 0, kmh = fmin(level_kmh, e->high_kmh * EFFORT_BEYOND);

	if (e->n < EFFORT_LEAST_S || !(level_kmh >= e->low_kmh))
		return NAN;
	if (e->kmh_squares / e->n >= EFFORT_SPREAD_KMH * EFFORT_SPREAD_KMH)
		slope = fmin(fmax(e->products / e->kmh_squares, 0), EFFORT_SLOPE_MAX);
	return e->bpm_mean + slope * (kmh - e->kmh_mean);
}

/* ---- run-walk --------------------------------------------------------------- */

static void tick_run_bout(struct bouts *b)
{
	if (b->walk_s > 0)
		b->run_s = 0;
	b->walk_s = 0;
	b->run_s++;
	if (b->run_s > BOUT_MOST_S)
		b->in_turns = false;
}

static void tick_walk_bout(struct bouts *b)
{
	bool after_run = b->run_s >= BOUT_LEAST_S && b->run_s <= BOUT_MOST_S;

	b->walk_s++;
	b->in_turns |= after_run && b->walk_s >= BOUT_LEAST_S;
}

static void tick_bouts(struct bouts *b, const struct trends_input *in)
{
	if (in->counted && in->gait == DISPLAY_GAIT_RUN)
		tick_run_bout(b);
	else if (in->counted && in->gait == DISPLAY_GAIT_WALK)
		tick_walk_bout(b);
}

bool trends_run_walk(const struct trends *t)
{
	return t->bouts.in_turns;
}

/* ---- the end ---------------------------------------------------------------- */

/* In run-walk the walks are the easy part, however slow the runs are. */
static void tick_easy(struct trends *t, const struct trends_input *in)
{
	bool walk = in->gait == DISPLAY_GAIT_WALK &&
	            (in->intervals || trends_run_walk(t));
	bool slow = in->speed_kmh <= EASY_SHARE * in->mean_run_kmh + EPSILON;

	if (!in->counted)
		return;
	t->easy_s -= window_ago(&t->easy, EASY_WINDOW_S - 1) > 0;
	t->easy_s += slow || walk;
	window_push(&t->easy, slow || walk ? 1 : 0);
}

uint32_t trends_easy_s(const struct trends *t)
{
	return t->easy_s;
}

void trends_tick(struct trends *t, const struct trends_input *in)
{
	tick_drift(&t->drift, in);
	tick_gear(&t->gear, in);
	tick_effort(&t->effort, in);
	tick_bouts(&t->bouts, in);
	tick_easy(t, in);
}
