/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Same recording, same bytes, whatever the tick: random recordings as text, of
 * random runners, with pods, straps, gaps, links that break and all that can be
 * told, through the reader, the decoders and the core.
 */
#include "daemon/devices/intake.h"
#include "daemon/devices/recording.h"
#include "tests/unit/spoken.h"
#include "tests/unit/suite.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND 1000000ull
#define RUNS 16
#define LINES_MAX 8000

/* ---- chance, the same on every machine ------------------------------------- */

struct dice {
	uint64_t state;
};

static uint32_t roll(struct dice *d, uint32_t sides)
{
	d->state = d->state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(d->state >> 33) % sides;
}

static bool one_in(struct dice *d, uint32_t n)
{
	return roll(d, n) == 0;
}

/* ---- a recording, as text --------------------------------------------------- */

struct writer {
	struct dice dice;
	char line[LINES_MAX][160];
	size_t count;
	uint64_t t_us;
	unsigned speed, cadence, bpm; /* 0.01 km/h, steps/min, beats/min */
	int incline;                  /* 0.1 % */
	bool belt, pod, strap, rsc;
	unsigned pods; /* that are heard around besides */
};

static struct writer w;
static const char *fixed_start; /* NULL: any, or none */

__attribute__((format(printf, 1, 2))) static void put(const char *format, ...)
{
	va_list args;

	if (w.count == LINES_MAX)
		return;
	va_start(args, format);
	vsnprintf(w.line[w.count++], sizeof(w.line[0]), format, args);
	va_end(args);
}

__attribute__((format(printf, 1, 2))) static void event(const char *format, ...)
{
	char text[120];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put("%llu %s", (unsigned long long)w.t_us, text);
}

static unsigned low(unsigned number)
{
	return number & 0xff;
}

static unsigned high(unsigned number)
{
	return number >> 8 & 0xff;
}

static void belt_line(void)
{
	unsigned slope = (unsigned)(w.incline & 0xffff);

	if (one_in(&w.dice, 20))
		event("treadmill notify 2acd 0000%02x%02x", low(w.speed), high(w.speed));
	else
		event("treadmill notify 2acd 0800%02x%02x%02x%02xff7f", low(w.speed),
		      high(w.speed), low(slope), high(slope));
}

static void ant_line(unsigned unit, unsigned spm)
{
	unsigned page[] = { 0xa4, 9, 0x4e, 0, 2, 0, 0, spm / 2, spm % 2 * 8 << 4, 0, 0, 0 };
	char hex[32];
	unsigned sum = 0;

	for (size_t i = 0; i < COUNT(page); i++) {
		snprintf(hex + 2 * i, 3, "%02x", page[i]);
		sum ^= page[i];
	}
	event("footpod%s ant %s%02x", unit == 1 ? "" : unit == 2 ? ".2" : ".3", hex, sum);
}

static void pod_line(void)
{
	unsigned spm = w.cadence + roll(&w.dice, 4);
	unsigned mps = w.speed * 256 / 360; /* 1/256 m/s */

	if (w.rsc)
		event("footpod notify 2a53 00%02x%02x%02x", low(mps), high(mps),
		      one_in(&w.dice, 9) ? spm / 2 : spm);
	else
		ant_line(1, spm);
	for (unsigned i = 0; i < w.pods; i++)
		ant_line(2 + i, spm + 3 * i);
}

static void told_line(void)
{
	static const char *const told[] = {
		"input pain 2", "input pain 4", "input pain 5", "input pain 7", "input pain 0",
		"input red_flag numb", "input ack", "input ack", "input answer 0",
		"input answer 1", "input answer 3", "input mute 3", "input intervals on",
		"input intervals off", "input end 600", "input runner Ada",
		"input profile {\"height_m\":1.75}",
		"input profile {\"back_pain\":true,\"lang\":\"de\",\"units\":\"mi\"}",
		"treadmill notify 2ada 03", "treadmill notify 2ada 0201",
		"treadmill notify 2ada 0202", "treadmill notify 2ada 01",
		"treadmill notify 2ada 04", "treadmill link lost", "treadmill link live",
		"footpod link lost", "footpod link searching", "footpod link live",
		"treadmill value 2acc 0800000000000000", "treadmill notify 2acd 00",
		"heart_rate link lost", "treadmill notify 2ada 0d8813", "footpod rssi -70",
	};

	event("%s", told[roll(&w.dice, COUNT(told))]);
}

static void change(void)
{
	struct dice *d = &w.dice;

	w.speed = one_in(d, 5) ? 0 : 400 + 10 * roll(d, 100);
	w.incline = one_in(d, 3) ? (int)roll(d, 140) - 50 : 0;
	w.cadence = w.speed > 650 ? 145 + roll(d, 45) : 112;
	w.belt = !one_in(d, 14);
	w.pod = !one_in(d, 14);
	w.strap = one_in(d, 3);
	w.bpm = 100 + roll(d, 90);
	w.pods = one_in(d, 4) ? roll(d, 3) : 0;
}

static void write_header(void)
{
	struct dice *d = &w.dice;

	put("# gaitd recording 1");
	if (fixed_start)
		put("# Start: %s", fixed_start);
	else if (one_in(d, 2))
		put("# Start: 2026-11-22T%02u:30:00+01:00", roll(d, 24));
	switch (roll(d, 4)) {
	case 0:
		break;
	case 1:
		put("# Runner: {\"height_m\":1.%02u,\"back_pain\":%s}", 50 + roll(d, 50),
		    one_in(d, 2) ? "true" : "false");
		break;
	default:
		put("# Runner: {\"height_m\":1.%02u,\"baseline_spm\":%u,\"baseline_kmh\":10,"
		    "\"sessions\":%u,\"feedback\":\"%s\"}", 50 + roll(d, 50), 150 + roll(d, 30),
		    roll(d, 20), one_in(d, 3) ? "faded" : "full");
		break;
	}
}

/* Minutes at one speed with each its sensors, words in between, and now and then
 * a leap of seconds, of minutes, or of half an hour. */
static void write_recording(uint64_t seed)
{
	struct dice *d = &w.dice;

	w = (struct writer){ .dice = { seed * 2654435761u + 1 }, .rsc = seed % 2 };
	write_header();
	w.t_us = roll(d, 3000000);
	change();
	while (w.count < LINES_MAX - 8) {
		if (one_in(d, 130))
			change();
		if (w.belt)
			belt_line();
		w.t_us += roll(d, 200000);
		if (w.pod)
			pod_line();
		if (w.strap)
			event("heart_rate notify 2a37 00%02x", w.bpm + roll(d, 3));
		if (one_in(d, 60))
			told_line();
		w.t_us += one_in(d, 2) ? 800000 : roll(d, 900000);
		if (one_in(d, 400))
			w.t_us += roll(d, 20) * SECOND;
		if (one_in(d, 1500))
			w.t_us += roll(d, 1800) * SECOND;
	}
	put("# End: %llu", (unsigned long long)(w.t_us + 400 * SECOND));
}

/* ---- played, at a pace ------------------------------------------------------- */

struct trace {
	uint64_t hash;
	size_t prompts, lines;
};

static size_t written(char *line, const struct outcome *o)
{
	const struct display_message *m = &o->message;

	switch (m->type) {
	case DISPLAY_MESSAGE_PROMPT:
		return display_write_prompt(line, DISPLAY_LINE_MAX, &m->prompt, true);
	case DISPLAY_MESSAGE_CLEAR:
		return display_write_clear(line, DISPLAY_LINE_MAX, &m->clear);
	case DISPLAY_MESSAGE_METRICS:
		return display_write_metrics(line, DISPLAY_LINE_MAX, &m->metrics, true);
	case DISPLAY_MESSAGE_LINK:
		return display_write_link(line, DISPLAY_LINE_MAX, &m->link);
	case DISPLAY_MESSAGE_SESSION:
		return display_write_session(line, DISPLAY_LINE_MAX, &m->session, true);
	case DISPLAY_MESSAGE_TARGET:
		return display_write_target(line, DISPLAY_LINE_MAX, &m->target);
	case DISPLAY_MESSAGE_BATTERY:
		return display_write_battery(line, DISPLAY_LINE_MAX, &m->battery);
	case DISPLAY_MESSAGE_SUMMARY:
	case DISPLAY_MESSAGE_HELLO:
	case DISPLAY_MESSAGE_READY:
	case DISPLAY_MESSAGE_PING:
	case DISPLAY_MESSAGE_ERROR:
	case DISPLAY_MESSAGE_BYE:
	case DISPLAY_MESSAGE_OTHER:
		break;
	}
	return 0;
}

static void take(const struct outcome *outcome, void *user)
{
	struct trace *trace = user;
	char line[DISPLAY_LINE_MAX];
	size_t length = written(line, outcome);

	CU_ASSERT_TRUE(length > 0);
	for (size_t i = 0; i < length; i++)
		trace->hash = (trace->hash ^ (uint8_t)line[i]) * 0x100000001b3ull;
	trace->hash = (trace->hash ^ outcome->t_us) * 0x100000001b3ull;
	trace->prompts += outcome->message.type == DISPLAY_MESSAGE_PROMPT;
	trace->lines++;
}

enum pace { BY_EVENT, AT_DEADLINES, AT_RANDOM, EACH_10_MS, PACES };

static void travel(struct pipeline *p, uint64_t from_us, uint64_t to_us,
                   enum pace pace, struct dice *d)
{
	switch (pace) {
	case AT_DEADLINES:
		for (uint64_t t; (t = pipeline_deadline(p)) <= to_us;)
			pipeline_advance(p, t);
		break;
	case AT_RANDOM:
		for (uint64_t t = from_us; t <= to_us; t += roll(d, 5000000))
			pipeline_advance(p, t);
		break;
	case EACH_10_MS:
		for (uint64_t t = from_us; t <= to_us; t += 10000)
			pipeline_advance(p, t);
		break;
	case BY_EVENT:
	case PACES:
		break;
	}
}

static struct recording_header header_of_recording(void)
{
	static struct recording_reader reader;
	struct recording_fault fault;
	struct source_event ignored;

	reader = (struct recording_reader){ 0 };
	for (size_t i = 0; i < w.count; i++) {
		enum recording_line line = recording_read_line(
			&reader, w.line[i], strlen(w.line[i]), &ignored, &fault);

		if (line == RECORDING_BAD)
			printf("\n  %s\n  %s\n", w.line[i], fault.message);
		CU_ASSERT_NOT_EQUAL_FATAL(line, RECORDING_BAD);
	}
	return reader.header;
}

static struct trace play(const struct ruleset *rules, enum pace pace)
{
	struct recording_header header = header_of_recording();
	struct recording_reader reader = { .line = 0 };
	struct trace trace = { .hash = 0xcbf29ce484222325ull };
	struct pipeline_settings settings;
	struct dice d = { 7 };
	struct pipeline *pipeline;
	struct intake *intake;
	uint64_t now_us = 0;

	pipeline_settings_init(&settings);
	if (header.has_runner)
		settings.runner = header.runner;
	if (header.has_start)
		settings.day_s = pipeline_day_s(header.start_unix_s, header.start_offset_s);
	pipeline = pipeline_new(rules, &settings, take, &trace);
	intake = intake_new(pipeline);
	CU_ASSERT_PTR_NOT_NULL_FATAL(intake);
	for (size_t i = 0; i < w.count; i++) {
		struct recording_fault fault;
		struct source_event event;

		if (recording_read_line(&reader, w.line[i], strlen(w.line[i]), &event,
		                        &fault) != RECORDING_EVENT)
			continue;
		travel(pipeline, now_us, event.t_us, pace, &d);
		now_us = event.t_us;
		intake_event(intake, &event);
	}
	travel(pipeline, now_us, header.end_us, pace, &d);
	pipeline_advance(pipeline, header.end_us);
	intake_free(intake);
	pipeline_free(pipeline);
	return trace;
}

static void test_same_recording_same_bytes_at_any_tick(void)
{
	struct ruleset rules = rules_shipped();
	size_t prompts = 0;

	for (uint64_t seed = 1; seed <= RUNS; seed++) {
		struct trace once;

		write_recording(seed);
		once = play(&rules, BY_EVENT);
		prompts += once.prompts;
		for (enum pace pace = AT_DEADLINES; pace < PACES; pace++) {
			struct trace again;

			if (pace == EACH_10_MS && seed % 6 != 0)
				continue;
			again = play(&rules, pace);
			if (again.hash != once.hash)
				printf("\n  seed %u, pace %d\n", (unsigned)seed, (int)pace);
			CU_ASSERT_EQUAL(again.lines, once.lines);
			CU_ASSERT_EQUAL(again.hash, once.hash);
		}
	}
	CU_ASSERT_TRUE(prompts > 10 * RUNS); /* else it shows little */
	ruleset_free(&rules);
}

/* A wall clock says when the session began, and nothing else: whatever it says,
 * prompts are the same, but for the early morning. */
static void test_the_wall_clock_does_not_matter(void)
{
	static const char *const starts[] = {
		"1970-01-01T07:00:00+00:00", "2026-03-29T12:59:59+01:00",
		"2026-12-31T17:59:59-11:30", "2038-01-19T08:14:08+00:00",
	};
	struct ruleset rules = rules_shipped();

	for (uint64_t seed = 1; seed <= 6; seed++) {
		struct trace first = { 0 };

		for (size_t i = 0; i < COUNT(starts); i++) {
			struct trace trace;

			fixed_start = starts[i];
			write_recording(seed);
			trace = play(&rules, BY_EVENT);
			first = i ? first : trace;
			CU_ASSERT_EQUAL(trace.hash, first.hash);
		}
	}
	fixed_start = NULL;
	ruleset_free(&rules);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "same recording, same bytes at any tick",
		  test_same_recording_same_bytes_at_any_tick },
		{ "the wall clock does not matter", test_the_wall_clock_does_not_matter },
		CU_TEST_INFO_NULL,
	};

	return suite_run("any tick", tests);
}
