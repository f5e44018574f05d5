/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/bench/cadence_error.h"

#include "daemon/devices/intake.h"
#include "daemon/simulator/simulator.h"
#include "protocol/ant.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_US 1000000u
#define MEAN_S 5 /* of the truth: as long as a pod itself looks back */
#define SETTLE_S 10 /* after a start */

static const struct body_traits traits = {
	.height_mm = 1750, .weight_kg = 70, .noise_permille = 8, .drift_s = 60,
};

static const struct scenario_step program[] = {
	{ 2, 550, 0, SCENARIO_SET },     { 150, 850, 0, SCENARIO_SET },
	{ 330, 1000, 0, SCENARIO_SET },  { 600, 1000, 20, SCENARIO_SET },
	{ 840, 1100, 0, SCENARIO_SET },  { 1080, 1200, 0, SCENARIO_SET },
	{ 1320, 950, 10, SCENARIO_SET }, { 1560, 1050, 0, SCENARIO_SET },
	{ 1800, 900, 0, SCENARIO_SET },  { 2100, 550, 0, SCENARIO_SET },
	{ 2390, 0, 0, SCENARIO_STOP },   { 0, 0, 0, SCENARIO_END },
};

static const struct mind_traits nobody = { .obeys_percent = 0 };

struct run {
	struct pipeline *pipeline;
	struct intake *intake;
	struct simulator *simulator;
	double truth[MEAN_S]; /* of the last seconds, steps/min */
	unsigned seen;
	bool no_latency;
	struct cadence_error *out;
};

static void ignore(const struct outcome *outcome, void *user)
{
	(void)outcome;
	(void)user;
}

static double mean_truth(const struct run *run)
{
	double sum = 0;

	for (unsigned i = 0; i < MEAN_S; i++)
		sum += run->truth[i];
	return sum / MEAN_S;
}

static void compare(struct run *run)
{
	const struct display_metrics *shown = pipeline_metrics(run->pipeline);
	struct cadence_error *e = run->out;
	double truth = mean_truth(run);
	struct cadence_view view;

	if (!(shown->present & DISPLAY_CADENCE)) {
		e->missing++;
		return;
	}
	e->stale += !intake_cadence(run->intake, &view);
	e->halved += shown->cadence_spm < 0.65 * truth;
	e->doubled += shown->cadence_spm > 1.5 * truth;
	e->off[e->seconds++] = fabs(shown->cadence_spm - truth);
}

static void second(struct run *run, uint64_t now_us)
{
	struct simulator_truth truth = simulator_truth(run->simulator);

	pipeline_advance(run->pipeline, now_us);
	run->truth[run->seen++ % MEAN_S] = (double)truth.cadence_mspm / 1000;
	if (run->seen > SETTLE_S && run->seen < 2390)
		compare(run);
}

static void take_latency(struct source_event *event)
{
	struct ant_message message;

	if (!ant_frame_decode(event->bytes, event->length, &message) ||
	    message.id != ANT_BROADCAST_DATA || message.payload[1] != 1)
		return;
	message.payload[8] = 0;
	event->length = ant_frame_encode(&message, event->bytes,
	                                 sizeof(event->bytes));
}

static void play(struct run *run)
{
	uint64_t next_us = SECOND_US;
	struct source_event event;

	while (simulator_next(run->simulator, &event)) {
		while (event.t_us >= next_us) {
			second(run, next_us);
			next_us += SECOND_US;
		}
		if (run->no_latency && event.kind == SOURCE_ANT)
			take_latency(&event);
		intake_event(run->intake, &event);
	}
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void cadence_error_measure(const struct cadence_error_case *which,
                           struct cadence_error *out)
{
	static const struct ruleset no_rules;
	struct scenario scenario = {
		.name = "cadence-error", .seconds = CADENCE_ERROR_SECONDS,
		.body = &traits, .mind = &nobody, .program = program,
		.pod = which->pod, .pod_loss_percent = which->loss_percent,
	};
	struct run run = { .out = out, .no_latency = which->no_latency };
	struct pipeline_settings settings;

	memset(out, 0, sizeof(*out));
	pipeline_settings_init(&settings);
	run.pipeline = pipeline_new(&no_rules, &settings, ignore, NULL);
	run.intake = run.pipeline ? intake_new(run.pipeline) : NULL;
	run.simulator = simulator_new(&scenario, which->seed);
	assert(run.intake && run.simulator);
	play(&run);
	qsort(out->off, out->seconds, sizeof(out->off[0]), by_size);
	simulator_free(run.simulator);
	intake_free(run.intake);
	pipeline_free(run.pipeline);
}

double cadence_error_percentile(const struct cadence_error *e, double share)
{
	size_t i = (size_t)(share * e->seconds);

	if (e->seconds == 0)
		return INFINITY;
	return e->off[i < e->seconds ? i : e->seconds - 1];
}
