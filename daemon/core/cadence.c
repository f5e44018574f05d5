/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/cadence.h"

#include <math.h>

#define SPM_MIN 40.0
#define SPM_MAX 230.0
#define JUMP_PER_S 0.15   /* of the last good reading */
#define BAD_SHARE_MAX 0.20 /* of the readings of 30 s */
#define WALK_SPM_LOW 60.0
#define WALK_SPM_HIGH 115.0
#define DISTRUST_S 10
#define OFF_BELT_S 10
#define OFF_BELT_KMH 3.0
#define MEAN_S 30
#define MEAN_LEAST_S 10
#define LOST_LEAST_S 24 /* of 30: first steps are no lost pod */
#define CV_S 60
#define CV_LEAST_S 48

void cadence_init(struct cadence *c)
{
	*c = (struct cadence){ .mean_spm = NAN, .cv_pct = NAN };
}

/* A reading jumps when it differs by more than 15 % for each second that has
 * passed since the last good one; standing still is no jump. */
static bool jumps(const struct cadence *c, uint64_t t_us, double spm)
{
	double seconds;

	if (!c->known || c->spm < SPM_MIN)
		return false;
	seconds = fmax(1.0, (double)(t_us - c->at_us) / 1e6);
	if (seconds * 1e6 > CADENCE_FRESH_US)
		return false;
	return fabs(spm - c->spm) > JUMP_PER_S * seconds * c->spm;
}

static bool fresh(const struct cadence *c, uint64_t t_us)
{
	return c->known && t_us - c->at_us <= CADENCE_FRESH_US;
}

static void forget_mean(struct cadence *c)
{
	window_clear(&c->by_second);
	c->mean_spm = c->cv_pct = NAN;
}

void cadence_reading(struct cadence *c, uint64_t t_us, double spm)
{
	bool still = spm <= 0;

	c->raw_spm = spm;
	c->raw_us = t_us;
	if (!still && (spm < SPM_MIN || spm > SPM_MAX || jumps(c, t_us, spm))) {
		c->bad++;
		return;
	}
	if (!fresh(c, t_us))
		forget_mean(c);
	c->good++;
	c->known = true;
	c->spm = still ? 0 : spm;
	c->at_us = t_us;
	if (!c->lost)
		c->heard_us = t_us;
	if (still)
		return;
	c->second_sum += spm;
	c->second_count++;
}

void cadence_counted(struct cadence *c, uint64_t t_us)
{
	c->counted = true;
	c->counted_us = t_us;
}

void cadence_undecided(struct cadence *c, uint64_t t_us)
{
	c->heard_us = t_us;
}

void cadence_forget_minutes(struct cadence *c)
{
	forget_mean(c);
	window_clear(&c->bad_share);
	c->too_many_bad = false;
	c->lost = false;
}

/* Walking cadence at running speed is counted strides, or no runner's. It may
 * have begun with a jump, whose readings nobody took. */
static void tick_trust(struct cadence *c, uint64_t t_us, bool running_speed)
{
	bool fresh_now = c->known && t_us - c->raw_us <= CADENCE_FRESH_US;
	bool walks = running_speed && c->raw_spm >= WALK_SPM_LOW &&
	             c->raw_spm <= WALK_SPM_HIGH;

	c->low_s = fresh_now && walks ? c->low_s + 1 : 0;
	c->fine_s = fresh_now && !walks ? c->fine_s + 1 : 0;
	if (c->low_s >= DISTRUST_S)
		c->distrusted = true;
	else if (c->fine_s >= DISTRUST_S)
		c->distrusted = false;
}

static void tick_bad_share(struct cadence *c)
{
	unsigned readings = c->good + c->bad;
	size_t count;
	bool many;

	window_push(&c->bad_share,
	            readings ? (double)c->bad / readings : NAN);
	many = window_sum(&c->bad_share, MEAN_S, &count) / (double)count > BAD_SHARE_MAX;
	c->too_many_bad = many && count >= MEAN_LEAST_S;
	c->lost = many && count >= LOST_LEAST_S;
}

/* What is left of the variation around a straight line through it: a runner who
 * has just followed a tip, or tires, is not uneven. A pod at one reading a
 * second misses a slot now and then: that is no gap. */
static double variation_pct(const struct window *by_second)
{
	double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0, ago = -1;
	size_t at = by_second->next;

	if (by_second->filled < CV_S)
		return NAN;
	for (size_t i = 0; i < CV_S; i++) {
		double spm = by_second->slot[at = (at - 1) % WINDOW_SECONDS];

		ago++;
		if (isnan(spm))
			continue;
		n++;
		x += ago;
		y += spm;
		xx += ago * ago;
		xy += ago * spm;
		yy += spm * spm;
	}
	if (n < CV_LEAST_S)
		return NAN;
	xx -= x * x / n;
	xy -= x * y / n;
	yy -= y * y / n;
	return 100 * sqrt(fmax(yy - xy * xy / xx, 0) / n) / (y / n);
}

/* What was read while cadence was missing, for whatever reason, is in no mean:
 * 10 s of good readings come first. */
static void tick_mean(struct cadence *c, bool fresh_now)
{
	bool missing = !fresh_now || c->spm <= 0 || c->too_many_bad ||
	               (c->distrusted && c->fine_s == 0);

	if (missing)
		window_clear(&c->by_second);
	else
		window_push(&c->by_second,
		            c->second_count ? c->second_sum / c->second_count : NAN);
	c->mean_spm = window_mean(&c->by_second, MEAN_S, MEAN_LEAST_S);
	c->cv_pct = variation_pct(&c->by_second);
}

void cadence_tick(struct cadence *c, uint64_t t_us, double speed_kmh,
                  bool running_speed)
{
	bool fresh_now = fresh(c, t_us);
	bool still = fresh_now && c->spm <= 0 && speed_kmh > OFF_BELT_KMH;

	c->still_s = still ? c->still_s + 1 : 0;
	tick_trust(c, t_us, running_speed);
	tick_bad_share(c);
	tick_mean(c, fresh_now);
	c->second_sum = 0;
	c->second_count = 0;
	c->good = 0;
	c->bad = 0;
}

double cadence_now(const struct cadence *c, uint64_t t_us)
{
	if (!fresh(c, t_us) || c->distrusted || c->too_many_bad)
		return NAN;
	return c->spm;
}

double cadence_mean_30s(const struct cadence *c, uint64_t t_us)
{
	return isnan(cadence_now(c, t_us)) ? NAN : c->mean_spm;
}

double cadence_cv_pct(const struct cadence *c, uint64_t t_us)
{
	if (isnan(cadence_now(c, t_us)) ||
	    (c->counted && t_us - c->counted_us < (uint64_t)CV_S * 1000000u))
		return NAN;
	return c->cv_pct;
}

double cadence_gap_s(const struct cadence *c, uint64_t t_us)
{
	return c->known ? (double)(t_us - c->heard_us) / 1e6 : NAN;
}

bool cadence_distrusted(const struct cadence *c)
{
	return c->distrusted;
}

bool cadence_off_belt(const struct cadence *c)
{
	return c->still_s >= OFF_BELT_S;
}
