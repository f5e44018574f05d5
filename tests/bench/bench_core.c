/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * make bench: how many samples a second the core takes on one processor, with
 * the shipped rules judged each second of the session; and how many radio
 * frames of a simulated run, decoding included. Numbers to look at, no test.
 */
#include "daemon/devices/intake.h"
#include "daemon/simulator/simulator.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define GOAL_PER_S 1000000.0
#define SESSION_S 3600u
#define SESSIONS 20u
#define SLOT_US 250000u /* a pod sends in each, a treadmill in every other */
#define EVENTS_MAX 16384u
#define PLAYED_TIMES 20u

#define RUNNER \
	"{\"height_m\":1.75,\"baseline_spm\":158,\"baseline_kmh\":10," \
	"\"usual_kmh\":10,\"sessions\":20}"

struct bench {
	struct ruleset rules;
	struct pipeline_settings settings;
	struct pipeline *pipeline;
	uint64_t taken, outcomes, prompts;
};

static void fail(const char *what)
{
	fprintf(stderr, "bench_core: %s\n", what);
	exit(1);
}

static void count_outcome(const struct outcome *outcome, void *user)
{
	struct bench *b = user;

	b->outcomes++;
	b->prompts += outcome->message.type == DISPLAY_MESSAGE_PROMPT;
}

static double processor_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void report(struct bench *b, const char *what, double took_s)
{
	double rate = (double)b->taken / took_s;

	printf("%-8s %9.0f a second (%llu in %.2f s of processor time; "
	       "%zu rules, %llu outcomes, %llu prompts)%s\n",
	       what, rate, (unsigned long long)b->taken, took_s, b->rules.count,
	       (unsigned long long)b->outcomes, (unsigned long long)b->prompts,
	       rate > GOAL_PER_S ? "" : " BELOW 1000000");
	b->taken = b->outcomes = b->prompts = 0;
}

static void open_pipeline(struct bench *b)
{
	b->pipeline = pipeline_new(&b->rules, &b->settings, count_outcome, b);
	if (!b->pipeline)
		fail("out of memory");
}

/* ---- samples ---- */

/* A walk, a jog, then 9 to 11 km/h with a hill each 10 minutes */
static int32_t speed_at(uint32_t s)
{
	if (s < 120)
		return 550;
	return s < 300 ? 850 : 900 + (int32_t)(s / 300 % 3) * 100;
}

static void feed_belt(struct bench *b, uint64_t t_us, uint32_t s)
{
	const struct sample samples[] = {
		{ .t_us = t_us, .kind = SAMPLE_BELT_ALIVE },
		{ .t_us = t_us, .kind = SAMPLE_SPEED, .value = speed_at(s) },
		{ .t_us = t_us,
		  .kind = SAMPLE_INCLINE,
		  .value = s % 600 > 500 ? 60 : 10 },
		{ .t_us = t_us,
		  .kind = SAMPLE_DISTANCE,
		  .value = (int32_t)(s * 27 / 10) },
		{ .t_us = t_us,
		  .kind = SAMPLE_ENERGY,
		  .value = (int32_t)(s / 5) },
		{ .t_us = t_us, .kind = SAMPLE_HEART_RATE, .value = 145 },
	};

	pipeline_feed(b->pipeline, samples, sizeof(samples) / sizeof(*samples));
	b->taken += sizeof(samples) / sizeof(*samples);
}

static void feed_pod(struct bench *b, uint64_t t_us, uint32_t s, uint32_t slot)
{
	int32_t wobble = (int32_t)((s * 7 + slot * 3) % 11) * 500;
	const struct sample samples[] = {
		{ .t_us = t_us,
		  .kind = SAMPLE_CADENCE,
		  .value = (s < 120 ? 115000 : 156000) + wobble },
		{ .t_us = t_us, .kind = SAMPLE_POD_SPEED, .value = 2700 },
	};

	pipeline_feed(b->pipeline, samples, sizeof(samples) / sizeof(*samples));
	b->taken += sizeof(samples) / sizeof(*samples);
}

static void run_session(struct bench *b)
{
	open_pipeline(b);
	for (uint32_t slot = 0; slot < SESSION_S * 4; slot++) {
		uint64_t t_us = (uint64_t)slot * SLOT_US;

		if (slot % 2 == 0)
			feed_belt(b, t_us, slot / 4);
		feed_pod(b, t_us + 1000, slot / 4, slot);
	}
	pipeline_free(b->pipeline);
}

static void bench_samples(struct bench *b)
{
	double start = processor_s();

	for (unsigned i = 0; i < SESSIONS; i++)
		run_session(b);
	report(b, "samples", processor_s() - start);
}

/* ---- frames ---- */

static size_t simulate(struct source_event *events)
{
	struct simulator *sim = simulator_new(scenario_by_name("demo"), 1);
	size_t count = 0;

	if (!sim)
		fail("out of memory");
	while (count < EVENTS_MAX && simulator_next(sim, &events[count]))
		count++;
	simulator_free(sim);
	return count;
}

static void play(struct bench *b, const struct source_event *events,
                 size_t count)
{
	struct intake *intake;

	open_pipeline(b);
	intake = intake_new(b->pipeline);
	if (!intake)
		fail("out of memory");
	for (size_t i = 0; i < count; i++)
		intake_event(intake, &events[i]);
	b->taken += count;
	intake_free(intake);
	pipeline_free(b->pipeline);
}

static void bench_frames(struct bench *b)
{
	struct source_event *events = calloc(EVENTS_MAX, sizeof(*events));
	size_t count;
	double start;

	if (!events)
		fail("out of memory");
	count = simulate(events);
	start = processor_s();
	for (unsigned i = 0; i < PLAYED_TIMES; i++)
		play(b, events, count);
	report(b, "frames", processor_s() - start);
	free(events);
}

static bool load_rules(struct ruleset *rules, const char *path)
{
	static char text[1u << 17];
	FILE *file = fopen(path, "r");
	size_t length = file ? fread(text, 1, sizeof(text), file) : 0;
	struct ruleset_error error = { "rules.yaml", "cannot be read" };

	if (file)
		fclose(file);
	if (length > 0 && ruleset_parse(rules, path, text, length, &error))
		return true;
	fprintf(stderr, "%s: %s\n", error.where, error.message);
	return false;
}

int main(int argc, char **argv)
{
	struct bench bench = { .taken = 0 };
	char why[200];

	if (argc != 2) {
		fprintf(stderr, "usage: bench_core RULES.yaml\n");
		return 2;
	}
	if (!load_rules(&bench.rules, argv[1]))
		return 3;
	pipeline_settings_init(&bench.settings);
	if (!runner_parse(RUNNER, &bench.settings.runner, why, sizeof(why)))
		fail(why);
	bench_samples(&bench);
	bench_frames(&bench);
	ruleset_free(&bench.rules);
	return 0;
}
