/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What is known of the runner, and the cadence to be expected of him. A member
 * that is not known is NaN (or negative where it is an integer): absent.
 */
#ifndef GAITD_RUNNER_H
#define GAITD_RUNNER_H

#include <stdbool.h>
#include <stdint.h>

enum runner_prompts { RUNNER_PROMPTS_ALL, RUNNER_PROMPTS_SAFETY, RUNNER_PROMPTS_OFF };

/* The keys of a recording's `# Runner:` line, gaitd(8) */
struct runner {
	double height_m;
	double weight_kg;
	double age;
	double max_hr_bpm;
	bool back_pain, novice, experienced, balance;
	double baseline_spm; /* at baseline_kmh, incline 0 */
	double baseline_kmh;
	double baseline_slope; /* spm per km/h; NaN: the population's */
	double dose_pct; /* target raise reached so far */
	double own_cv_pct;
	double usual_kmh;
	double longest_30d_m;
	double longest_walk_30d_m;
	int32_t sessions; /* done so far; negative: not known */
	double last_pain;
	double last_pain_age_h;
	double last_morning_pain; /* of the morning before the last session */
	int32_t run_days_in_row;
	double shoe_km;
	double shoe_told_km; /* what they had when they were last spoken of */
	char lang[8];
	bool miles;
	enum runner_prompts prompts;
	bool faded; /* feedback: faded; else full */
};

/* An anonymous runner of whom nothing is known */
void runner_init(struct runner *runner);
/* His usual speed is known, or a session of his (rules.md 5.5.13). */
bool runner_has_history(const struct runner *runner);

#define RUNNER_LINE_SPM_PER_KMH 1.67 /* of the population: rules.md 2.2 */

/* C_pop(v, H), steps/min: rules.md 2.2. NaN without a height. */
double runner_population_spm(double speed_kmh, double height_m);

/* The personal line at this speed and incline, steps/min: baseline + slope per
 * km/h, x (1 + 0.006 g) with g clipped to 0..10. NaN without a baseline. */
double runner_line_spm(const struct runner *runner, double speed_kmh,
                       double incline_pct);

/* The personal line, else the population's (with the same slope term) */
double runner_expected_spm(const struct runner *runner, double speed_kmh,
                           double incline_pct);

/* delta, percent above the own line: rules.md 5.1 and 5.5.12. NaN without a
 * baseline and a height. */
double runner_dose_pct(const struct runner *runner);

/* min(line x (1 + dose), C_pop + 4.5), within line .. 1.10 line */
double runner_target_spm(const struct runner *runner, double speed_kmh,
                         double incline_pct);

/* Reads {"height_m":1.75, ...}; wrong types and values out of range are refused:
 * `why` (at most `size` octets) says which and what was expected; `runner` is then
 * untouched. Unknown keys are left out: `why` names the first one, and is empty
 * if there was none. */
bool runner_parse(const char *json, struct runner *runner, char *why,
                  unsigned size);
/* Writes what is known in the same form; the length, 0 if it does not fit. */
unsigned runner_write(const struct runner *runner, char *json, unsigned size);

#endif
