/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/runner_history.h"

#include <assert.h>
#include <math.h>

#define DAY_S 86400
#define WEEK_S (7 * DAY_S)
#define LONGEST_S (30 * DAY_S)
#define RUN_LEAST_S 60 /* less running is a walk: rules.md 5.5.11 */

#define BIN_FROM_KMH 5.0
#define BIN_KMH 0.5
#define BIN_LEAST_S 60

#define USUAL_SESSIONS 10
#define BASELINE_SESSIONS 10     /* of the latest */
#define BASELINE_SESSIONS_MIN 2
#define BASELINE_LEAST_S 300
#define SPREAD_LEAST_KMH 1.0     /* between points that tell a slope */
#define SLOPE_MIN 0.5            /* half a spm to 4 spm per km/h: what is human */
#define SLOPE_MAX 4.0

#define DOSE_STEP_PCT 2.5
#define DOSE_MOST_PCT 10.0

static_assert(BASELINE_SESSIONS * RUNNER_BINS <= ROBUST_POINTS_MAX,
              "a point for each bin of each session");

static bool bin_of(double kmh, size_t *bin)
{
	double place = (kmh - BIN_FROM_KMH) / BIN_KMH;

	if (!(place >= 0 && place < RUNNER_BINS))
		return false;
	*bin = (size_t)place;
	return true;
}

void runner_bins_add(struct runner_bin bins[RUNNER_BINS], double kmh, double spm)
{
	size_t bin;

	if (!(spm > 0) || !bin_of(kmh, &bin))
		return;
	bins[bin].kmh_sum += kmh;
	bins[bin].spm_sum += spm;
	bins[bin].seconds++;
}

/* ---- the own line ----------------------------------------------------------- */

static uint32_t baseline_s(const struct runner_session *session)
{
	uint32_t seconds = 0;

	for (size_t i = 0; i < RUNNER_BINS; i++)
		if (session->bins[i].seconds >= BIN_LEAST_S)
			seconds += session->bins[i].seconds;
	return seconds;
}

static bool is_baseline(const struct runner_session *session)
{
	return baseline_s(session) >= BASELINE_LEAST_S;
}

static size_t points_of(const struct runner_session *session, struct point *out)
{
	size_t count = 0;

	for (size_t i = 0; i < RUNNER_BINS; i++) {
		const struct runner_bin *bin = &session->bins[i];

		if (bin->seconds < BIN_LEAST_S)
			continue;
		out[count++] = (struct point){ bin->kmh_sum / bin->seconds,
			                       bin->spm_sum / bin->seconds };
	}
	return count;
}

/* The slope of those that lasted, through the middle of all: half of the points
 * may lie anywhere. A slope that no two tell is the population's. */
static void fit_line(struct runner *runner, const struct point *lasting, size_t count,
                     const struct point *all, size_t all_count)
{
	double kmh[ROBUST_POINTS_MAX], level[ROBUST_POINTS_MAX];
	double slope = robust_slope(lasting, count, SPREAD_LEAST_KMH);

	if (isnan(slope))
		slope = RUNNER_LINE_SPM_PER_KMH;
	slope = fmin(fmax(slope, SLOPE_MIN), SLOPE_MAX);
	for (size_t i = 0; i < all_count; i++) {
		kmh[i] = all[i].x;
		level[i] = all[i].y - slope * all[i].x;
	}
	runner->baseline_kmh = robust_median(kmh, all_count);
	runner->baseline_spm = robust_median(level, all_count) +
	                       slope * runner->baseline_kmh;
	runner->baseline_slope = slope;
}

/* Of a session's seconds the medians of each speed that lasted */
static size_t lasting_points(const struct point *seconds, size_t count,
                             struct point out[RUNNER_BINS])
{
	double kmh[ROBUST_POINTS_MAX], spm[ROBUST_POINTS_MAX];
	size_t points = 0;

	for (size_t bin = 0; bin < RUNNER_BINS; bin++) {
		size_t n = 0, own;

		for (size_t i = 0; i < count; i++) {
			if (!bin_of(seconds[i].x, &own) || own != bin)
				continue;
			kmh[n] = seconds[i].x;
			spm[n++] = seconds[i].y;
		}
		if (n >= BIN_LEAST_S)
			out[points++] = (struct point){ robust_median(kmh, n),
				                        robust_median(spm, n) };
	}
	return points;
}

void runner_fit_seconds(struct runner *runner, const struct point *seconds,
                        size_t count)
{
	struct point lasting[RUNNER_BINS];

	fit_line(runner, lasting, lasting_points(seconds, count, lasting), seconds,
	           count);
}

static void learn_line(struct runner *runner, const struct runner_session *sessions,
                       size_t count)
{
	struct point points[ROBUST_POINTS_MAX];
	size_t used = 0, n = 0;

	for (size_t i = count; i-- > 0 && used < BASELINE_SESSIONS;) {
		if (!is_baseline(&sessions[i]))
			continue;
		n += points_of(&sessions[i], points + n);
		used++;
	}
	if (used >= BASELINE_SESSIONS_MIN)
		fit_line(runner, points, n, points, n);
}

/* ---- the dose --------------------------------------------------------------- */

/* 2.5 % in the first four sessions with a baseline, 5 % in the next three, and
 * at no time faster than 2.5 points a week */
static void learn_dose(struct runner *runner, const struct runner_session *sessions,
                       size_t count, int64_t now_s)
{
	size_t baselines = 0, with = 0;
	int64_t since_s = now_s, whole_weeks;
	double by_session, by_week;

	for (size_t i = 0; i < count; i++) {
		if (baselines >= BASELINE_SESSIONS_MIN) {
			since_s = with == 0 ? sessions[i].start_s : since_s;
			with++;
		}
		baselines += is_baseline(&sessions[i]);
	}
	if (baselines < BASELINE_SESSIONS_MIN)
		return;
	by_session = with < 4 ? DOSE_STEP_PCT : with < 7 ? 2 * DOSE_STEP_PCT : DOSE_MOST_PCT;
	whole_weeks = (now_s - since_s) / WEEK_S;
	by_week = DOSE_STEP_PCT * (double)(1 + whole_weeks);
	runner->dose_pct = fmin(fmin(by_session, by_week), DOSE_MOST_PCT);
}

/* ---- the rest ---------------------------------------------------------------- */

static bool is_run(const struct runner_session *session)
{
	return session->run_s > RUN_LEAST_S;
}

static void learn_usual(struct runner *runner, const struct runner_session *sessions,
                        size_t count)
{
	double speeds[USUAL_SESSIONS], variations[USUAL_SESSIONS];
	size_t runs = 0, told = 0;

	for (size_t i = count; i-- > 0 && runs < USUAL_SESSIONS;) {
		if (!is_run(&sessions[i]) || isnan(sessions[i].run_kmh))
			continue;
		speeds[runs++] = sessions[i].run_kmh;
		if (!isnan(sessions[i].cv_pct))
			variations[told++] = sessions[i].cv_pct;
	}
	if (runs > 0)
		runner->usual_kmh = robust_median(speeds, runs);
	if (told > 0)
		runner->own_cv_pct = robust_median(variations, told);
}

static void learn_longest(struct runner *runner, const struct runner_session *sessions,
                          size_t count, int64_t now_s)
{
	runner->longest_30d_m = 0;
	for (size_t i = 0; i < count; i++) {
		double *longest = is_run(&sessions[i]) ? &runner->longest_30d_m
		                                       : &runner->longest_walk_30d_m;

		if (now_s - sessions[i].start_s > LONGEST_S)
			continue;
		if (isnan(*longest) || sessions[i].distance_m > *longest)
			*longest = sessions[i].distance_m;
	}
}

static int64_t day_of(int64_t time_s, int32_t offset_s)
{
	int64_t local_s = time_s + offset_s;

	return (local_s - (local_s % DAY_S + DAY_S) % DAY_S) / DAY_S;
}

/* Days with a run up to yesterday, without one between */
static void learn_days(struct runner *runner, const struct runner_session *sessions,
                       size_t count, int64_t now_s, int32_t offset_s)
{
	int64_t wanted = day_of(now_s, offset_s) - 1;

	runner->run_days_in_row = 0;
	for (size_t i = count; i-- > 0;) {
		int64_t day = day_of(sessions[i].start_s, offset_s);

		if (!is_run(&sessions[i]) || day > wanted)
			continue;
		if (day < wanted)
			return;
		runner->run_days_in_row++;
		wanted--;
	}
}

/* The score before a run is that of its morning, if it was asked for. */
static void learn_morning(struct runner *runner, const struct runner_session *last)
{
	runner->last_morning_pain = last->morning_pain < 0 ? (double)NAN
	                                                   : last->morning_pain;
}

static void learn_pain(struct runner *runner, const struct runner_session *last,
                       int64_t now_s)
{
	if (last->pain < 0)
		return;
	runner->last_pain = last->pain;
	runner->last_pain_age_h = (double)(now_s - last->pain_s) / 3600;
}

void runner_learn(struct runner *runner, const struct runner_session *sessions,
                  size_t count, int64_t now_s, int32_t offset_s)
{
	runner->sessions = (int32_t)count;
	if (count == 0)
		return;
	learn_line(runner, sessions, count);
	learn_dose(runner, sessions, count, now_s);
	learn_usual(runner, sessions, count);
	learn_longest(runner, sessions, count, now_s);
	learn_days(runner, sessions, count, now_s, offset_s);
	learn_morning(runner, &sessions[count - 1]);
	learn_pain(runner, &sessions[count - 1], now_s);
}

void runner_wear(struct runner *runner, const struct runner_session *session)
{
	if (session->told_of_shoes)
		runner->shoe_told_km = runner->shoe_km;
	runner->shoe_km += session->distance_m / 1000;
}
