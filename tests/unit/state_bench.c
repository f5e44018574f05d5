/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/unit/state_bench.h"

#include <math.h>

struct state state;
static struct metrics metrics;

void start_as(const struct runner *runner)
{
	state_init(&state, runner);
	state.now_us = 100 * SECOND;
}

void start(void)
{
	struct runner runner;

	runner_init(&runner);
	start_as(&runner);
}

void feed(enum sample_kind kind, int32_t value)
{
	struct sample sample = {
		.t_us = state.now_us, .kind = (uint8_t)kind, .value = value,
	};

	state_sample(&state, &sample);
}

void tick(void)
{
	state.now_us += SECOND - state.now_us % SECOND;
	state_tick(&state);
}

void pass(unsigned seconds)
{
	for (unsigned s = 0; s < seconds; s++)
		tick();
}

void go(double kmh, double incline, double spm, unsigned seconds)
{
	for (unsigned s = 0; s < seconds; s++) {
		if (!isnan(kmh))
			feed(SAMPLE_SPEED, (int32_t)lround(kmh * 100));
		if (!isnan(incline))
			feed(SAMPLE_INCLINE, (int32_t)lround(incline * 10));
		if (!isnan(spm))
			feed(SAMPLE_CADENCE, (int32_t)lround(spm * 1000));
		tick();
	}
}

double value_of(enum metric metric)
{
	state_metrics(&state, &metrics);
	return metrics.value[metric];
}
