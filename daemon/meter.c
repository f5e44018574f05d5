/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/meter.h"

#include "daemon/sources/knowledge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

uint64_t meter_clock_us(void)
{
	struct timespec now = { 0, 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void meter_event(struct meter *meter, const struct source_event *event)
{
	meter_life_event(&meter->life, event);
	if (event->kind != SOURCE_NOTIFY && event->kind != SOURCE_ANT)
		return;
	if (event->unit > 1)
		meter->others++;
	else if (event->device <= SOURCE_HEART_RATE)
		meter->frames[event->device]++;
}

void meter_outcome(struct meter *meter, const struct outcome *outcome, uint64_t late_us)
{
	meter_life_outcome(&meter->life, outcome);
	meter->messages[outcome->message.type]++;
	if (late_us == UINT64_MAX)
		return;
	if (outcome->message.type == DISPLAY_MESSAGE_METRICS)
		histogram_add(&meter->metrics, meter_clock_us(), late_us);
	else if (outcome->message.type == DISPLAY_MESSAGE_PROMPT)
		histogram_add(&meter->prompts, meter_clock_us(), late_us);
}

static json_t *describe_latency(const struct histogram *histogram)
{
	static const struct {
		const char *name;
		unsigned per_mille;
	} rows[] = { { "p50_us", 500 }, { "p90_us", 900 }, { "p99_us", 990 } };
	json_t *object = json_pack("{s:I, s:I}", "count", (json_int_t)histogram->count,
	                           "max_us", (json_int_t)histogram->max_us);
	uint64_t value_us;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (histogram_at(histogram, meter_clock_us(), rows[i].per_mille, &value_us))
			json_object_set_new(object, rows[i].name,
			                    json_integer((json_int_t)value_us));
	}
	return object;
}

static json_t *describe_messages(const struct meter *meter)
{
	static const struct {
		const char *name;
		enum display_message_type type;
	} rows[] = {
		{ "link", DISPLAY_MESSAGE_LINK },       { "session", DISPLAY_MESSAGE_SESSION },
		{ "metrics", DISPLAY_MESSAGE_METRICS }, { "target", DISPLAY_MESSAGE_TARGET },
		{ "prompt", DISPLAY_MESSAGE_PROMPT },   { "clear", DISPLAY_MESSAGE_CLEAR },
	};
	json_t *object = json_object();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		json_object_set_new(object, rows[i].name,
		                    json_integer((json_int_t)meter->messages[rows[i].type]));
	return object;
}

static json_t *describe_undecoded(const struct intake_counts *intake)
{
	json_t *object = json_object();

	for (enum source_device device = 0; device < METER_DEVICES; device++) {
		const uint64_t *of = intake->undecoded_of[device];

		json_object_set_new(object, knowledge_kind_name(device),
		                    json_pack("{s:I, s:I, s:I}", "value",
		                              (json_int_t)of[SOURCE_VALUE], "notify",
		                              (json_int_t)of[SOURCE_NOTIFY], "ant",
		                              (json_int_t)of[SOURCE_ANT]));
	}
	return object;
}

/* Octets of memory that are there and not elsewhere; 0: not known */
static json_int_t resident_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	char line[80] = "";
	const char *second;

	if (!file)
		return 0;
	second = fgets(line, sizeof(line), file) ? strchr(line, ' ') : NULL;
	fclose(file);
	return second ? (json_int_t)strtoul(second, NULL, 10) * sysconf(_SC_PAGESIZE) : 0;
}

/* "waits": how often it slept, and so was woken */
static json_t *describe_process(void)
{
	struct rusage usage = { .ru_nvcsw = 0 };
	json_int_t cpu_us, bytes = resident_bytes();
	json_t *object;

	getrusage(RUSAGE_SELF, &usage);
	cpu_us = ((json_int_t)usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
	         usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
	object = json_pack("{s:I, s:I}", "waits", (json_int_t)usage.ru_nvcsw, "cpu_us", cpu_us);
	if (bytes > 0)
		json_object_set_new(object, "resident_bytes", json_integer(bytes));
	return object;
}

void meter_describe(const struct meter *meter, const struct intake_counts *intake,
                    uint64_t now_us, json_t *reply)
{
	json_object_set_new(reply, "clock_us", json_integer((json_int_t)meter_clock_us()));
	json_object_set_new(reply, "frames",
	                    json_pack("{s:I, s:I, s:I, s:I}", "treadmill",
	                              (json_int_t)meter->frames[SOURCE_TREADMILL], "footpod",
	                              (json_int_t)meter->frames[SOURCE_FOOTPOD], "others",
	                              (json_int_t)meter->others, "heart_rate",
	                              (json_int_t)meter->frames[SOURCE_HEART_RATE]));
	json_object_set_new(reply, "messages", describe_messages(meter));
	json_object_set_new(reply, "latency",
	                    json_pack("{s:o, s:o}", "metrics",
	                              describe_latency(&meter->metrics), "prompt",
	                              describe_latency(&meter->prompts)));
	meter_life_describe(&meter->life, now_us, reply);
	json_object_set_new(reply, "undecoded", describe_undecoded(intake));
	json_object_set_new(reply, "process", describe_process());
}
