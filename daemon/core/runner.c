/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/runner.h"

#include <math.h>
#include <string.h>

#define MEAN_HEIGHT_M 1.81 /* of van Oeveren's 256 runners */
#define SLOPE_SHARE_PER_PCT 0.006 /* Padulo 2013 */
#define POPULATION_SD_SPM 9.0
#define TARGET_ABOVE_POPULATION_SPM 4.5
#define DOSE_MOST_PCT 7.5 /* the ceiling is 10 % above the own line */

void runner_init(struct runner *runner)
{
	*runner = (struct runner){
		.height_m = NAN, .weight_kg = NAN, .age = NAN,
		.max_hr_bpm = NAN, .baseline_spm = NAN, .baseline_kmh = NAN,
		.baseline_slope = NAN,
		.dose_pct = NAN, .own_cv_pct = NAN, .usual_kmh = NAN,
		.longest_30d_m = NAN, .longest_walk_30d_m = NAN, .sessions = -1, .last_pain = NAN,
		.last_pain_age_h = NAN, .last_morning_pain = NAN, .run_days_in_row = -1,
		.shoe_km = NAN, .shoe_told_km = NAN,
		.lang = "en",
	};
}

bool runner_has_history(const struct runner *runner)
{
	return !isnan(runner->usual_kmh) || runner->sessions > 0;
}

/* An absent value stays absent: fmin() and fmax() would make a limit of it. */
static double clip(double value, double low, double high)
{
	if (value < low)
		return low;
	return value > high ? high : value;
}

static double slope_factor(double incline_pct)
{
	return 1 + SLOPE_SHARE_PER_PCT * clip(incline_pct, 0, 10);
}

double runner_population_spm(double speed_kmh, double height_m)
{
	return 150 + 6.0 * speed_kmh / 3.6 +
	       clip(-60 * (height_m - MEAN_HEIGHT_M), -16, 16);
}

double runner_line_spm(const struct runner *runner, double speed_kmh,
                       double incline_pct)
{
	double slope = runner->baseline_slope;

	if (isnan(slope))
		slope = RUNNER_LINE_SPM_PER_KMH;
	return (runner->baseline_spm + slope * (speed_kmh - runner->baseline_kmh)) *
	       slope_factor(incline_pct);
}

double runner_expected_spm(const struct runner *runner, double speed_kmh,
                           double incline_pct)
{
	double line = runner_line_spm(runner, speed_kmh, incline_pct);

	if (!isnan(runner->baseline_spm))
		return line;
	return runner_population_spm(speed_kmh, runner->height_m) *
	       slope_factor(incline_pct);
}

/* What the dose rules allow in the n-th session with a baseline */
static double dose_cap_pct(const struct runner *runner)
{
	int32_t session = runner->sessions < 0 ? 1 : runner->sessions + 1;

	if (!isnan(runner->dose_pct))
		return runner->dose_pct;
	if (session <= 4)
		return 2.5;
	return session <= 7 ? 5 : DOSE_MOST_PCT;
}

double runner_dose_pct(const struct runner *runner)
{
	double z, dose;

	z = (runner_line_spm(runner, 10, 0) -
	     runner_population_spm(10, runner->height_m)) / POPULATION_SD_SPM;
	if (isnan(z))
		return NAN;
	if (z <= -1)
		dose = DOSE_MOST_PCT;
	else if (z <= -0.25 || (runner->back_pain && z < 0.5))
		dose = 5;
	else
		dose = 0;
	return fmin(dose, dose_cap_pct(runner));
}

double runner_target_spm(const struct runner *runner, double speed_kmh,
                         double incline_pct)
{
	double line = runner_line_spm(runner, speed_kmh, incline_pct);
	double dose = runner_dose_pct(runner);
	double raised, most;

	if (isnan(dose))
		return line;
	raised = line * (1 + dose / 100);
	most = runner_population_spm(speed_kmh, runner->height_m) *
	       slope_factor(incline_pct) + TARGET_ABOVE_POPULATION_SPM;
	return fmax(fmin(raised, most), line);
}
