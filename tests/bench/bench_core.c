/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * make bench: how many samples a second the core takes on one processor, with
 * the shipped rules; and how many radio frames, decoding included. A number to
 * look at, no test.
 */
#include "daemon/devices/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SESSION_S 36000u
#define TICK_US 250000u
#define TICKS (SESSION_S * (1000000u / TICK_US))

static uint64_t outcomes;

static void count(const struct outcome *outcome, void *user)
{
	(void)outcome;
	(void)user;
	outcomes++;
}

static double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void report(const char *what, uint64_t n, double seconds)
{
	printf("%-8s %9.0f a second (%llu in %.2f s of processor time, %llu outcomes)\n",
	       what, (double)n / seconds, (unsigned long long)n, seconds,
	       (unsigned long long)outcomes);
	outcomes = 0;
}

/* A run with ramps: 8 to 13 km/h, 0 to 5 %, cadence a little behind. */
static int32_t speed_at(uint32_t tick)
{
	return 800 + (int32_t)(tick / 40 % 500);
}

static void bench_samples(const struct ruleset *rules,
                          const struct pipeline_settings *settings)
{
	struct pipeline *p = pipeline_new(rules, settings, count, NULL);
	double start = seconds_now();
	uint32_t tick;

	if (p == NULL)
		abort();
	for (tick = 0; tick < TICKS; tick++) {
		struct sample s = { .t_us = (uint64_t)tick * TICK_US };

		s.kind = SAMPLE_SPEED;
		s.value = speed_at(tick);
		pipeline_feed(p, &s);
		s.kind = SAMPLE_INCLINE;
		s.value = (int32_t)(tick / 240 % 50);
		pipeline_feed(p, &s);
		s.kind = SAMPLE_CADENCE;
		s.value = 150000 + 20 * (speed_at(tick) - 800);
		pipeline_feed(p, &s);
	}
	report("samples", (uint64_t)TICKS * 3, seconds_now() - start);
	pipeline_free(p);
}

static void bench_frames(const struct ruleset *rules,
                         const struct pipeline_settings *settings)
{
	struct pipeline *p = pipeline_new(rules, settings, count, NULL);
	struct intake *intake = p ? intake_new(p) : NULL;
	struct source_event event = {
		.device = SOURCE_TREADMILL, .unit = 1, .kind = SOURCE_NOTIFY,
		.uuid = 0x2acd, .bytes = { 0x08 }, .length = 8,
	};
	double start = seconds_now();
	uint32_t tick;

	if (intake == NULL)
		abort();
	for (tick = 0; tick < TICKS; tick++) {
		event.t_us = (uint64_t)tick * TICK_US;
		event.bytes[2] = (uint8_t)(speed_at(tick) % 256);
		event.bytes[3] = (uint8_t)(speed_at(tick) / 256);
		event.bytes[4] = (uint8_t)(tick / 240 % 50);
		intake_event(intake, &event);
	}
	report("frames", TICKS, seconds_now() - start);
	intake_free(intake);
	pipeline_free(p);
}

static char *read_all(const char *path, size_t *length)
{
	size_t size = 1u << 20;
	char *text = malloc(size);
	FILE *file = fopen(path, "r");

	if (text == NULL || file == NULL) {
		perror(path);
		exit(1);
	}
	*length = fread(text, 1, size, file);
	fclose(file);
	return text;
}

int main(int argc, char **argv)
{
	struct ruleset rules = { 0 };
	struct ruleset_error error;
	struct pipeline_settings settings;
	size_t length;
	char *text;

	if (argc != 2) {
		fprintf(stderr, "usage: bench_core RULES.yaml\n");
		return 2;
	}
	text = read_all(argv[1], &length);
	if (!ruleset_parse(&rules, argv[1], text, length, &error)) {
		fprintf(stderr, "%s: %s\n", error.where, error.message);
		return 3;
	}
	pipeline_settings_init(&settings);
	settings.runner.height_m = 1.75;
	bench_samples(&rules, &settings);
	bench_frames(&rules, &settings);
	ruleset_free(&rules);
	free(text);
	return 0;
}
