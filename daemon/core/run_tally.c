/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/run_tally.h"

#include <math.h>

#define STEPS_A_UNIT 10

/* By the nearest step */
static void count(struct run_steps *steps, double value, uint32_t seconds)
{
	double step = round(value * STEPS_A_UNIT);

	if (!(step >= 0 && step < RUN_TALLY_STEPS))
		return;
	steps->at[(size_t)step] += seconds;
	steps->all += seconds;
}

static double middle(const struct run_steps *steps)
{
	uint64_t below = 0;
	size_t step = 0;

	if (steps->all == 0)
		return NAN;
	while ((below += steps->at[step]) * 2 < steps->all)
		step++;
	return (double)step / STEPS_A_UNIT;
}

void run_tally_second(struct run_tally *t, const struct run_second *second)
{
	count(&t->speed_s, second->kmh, 1);
	count(&t->cv_s, second->cv_pct, 1);
	if (second->teaches)
		runner_bins_add(t->bins, second->kmh, second->spm);
}

void run_tally_resume(struct run_tally *t, const struct runner_session *kept)
{
	*t = (struct run_tally){ 0 };
	count(&t->speed_s, kept->run_kmh, kept->run_s);
	count(&t->cv_s, kept->cv_pct, kept->run_s);
	for (size_t i = 0; i < RUNNER_BINS; i++)
		t->bins[i] = kept->bins[i];
}

double run_tally_kmh(const struct run_tally *t)
{
	return middle(&t->speed_s);
}

double run_tally_cv_pct(const struct run_tally *t)
{
	return middle(&t->cv_s);
}
