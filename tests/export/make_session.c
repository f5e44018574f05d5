/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * make_session DIRECTORY: a session in which everything happens, that can and
 * that hardly can, as session.fit, session.tcx and session.csv: every value
 * known and absent, pauses, an end within one, miles, text that is no text.
 */
#include "daemon/sessions/exports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS 1500
#define PAUSE_AT 400
#define RESUME_AT 460

static void add_event(struct session_log *log, uint32_t at_s, enum session_event_kind kind,
                      int32_t value, const char *rule, const char *headline)
{
	struct session_event event = { .at_s = at_s, .kind = kind, .value = value };

	snprintf(event.rule, sizeof(event.rule), "%s", rule);
	snprintf(event.headline, sizeof(event.headline), "%s", headline);
	session_log_add_event(log, &event);
}

/* A metric is absent in runs of seconds of its own, which overlap in all ways. */
static uint32_t present_at(uint32_t at_s)
{
	uint32_t present = 0;

	for (unsigned bit = 0; bit < 11 + DISPLAY_DYNAMICS; bit++)
		if (at_s / 7 % (bit + 3) != 0)
			present |= 1u << bit;
	return present;
}

static struct session_second second_at(uint32_t at_s, uint32_t elapsed_s)
{
	struct session_second second = {
		.at_s = at_s,
		.metrics = {
			.present = present_at(at_s),
			.speed_kmh = 9 + at_s % 400 / 100.0,
			.incline_pct = (int)(at_s % 180 - 30) / 10.0,
			.cadence_spm = (int32_t)(at_s % 331),
			.target_spm = 171,
			.step_m = 0.4 + at_s % 120 / 100.0,
			.heart_rate_bpm = (int32_t)(90 + at_s % 110),
			.distance_m = elapsed_s * 3,
			.elapsed_s = elapsed_s,
			.gait = DISPLAY_GAIT_RUN,
			.elevation_gain_m = (int32_t)(elapsed_s / 20),
			.energy_kcal = (int32_t)(elapsed_s / 6),
			.dynamics = { 60 + at_s % 500 / 10.0, 200 + at_s % 90,
			              20 + at_s % 300 / 10.0, 47 + at_s % 60 / 10.0,
			              5 + at_s % 70 / 10.0 },
		},
		.has_target = at_s % 50 > 10,
		.target = { 165, 178 },
	};

	return second;
}

static void fill(struct session_log *log)
{
	uint32_t elapsed_s = 0;

	log->has_start = true;
	log->start_s = 1796016600; /* 2026-11-30T06:30:00+01:00 */
	log->offset_s = 3600;
	log->miles = true;
	log->ended = true;
	strcpy(log->treadmill, "A <mill> & \"more\"\x01\xff \xe2\x82\xac");
	strcpy(log->footpod, "pod");
	for (uint32_t at_s = 0; at_s < SECONDS; at_s++) {
		struct session_second second = second_at(at_s, ++elapsed_s);

		if (at_s == 90) {
			add_event(log, at_s, SESSION_EVENT_PROMPT, 0, "cadence-low", "Quicker");
			add_event(log, at_s, SESSION_EVENT_PROMPT, 0, "praise",
			          "=1+1, \"Gr\xc3\xbc\xc3\x9f\x65\"\nyou");
		}
		if (at_s == 300)
			add_event(log, at_s, SESSION_EVENT_PAIN, 3, "", "");
		if (at_s == PAUSE_AT) {
			add_event(log, at_s, SESSION_EVENT_PAUSE, 0, "", "");
			add_event(log, at_s + 20, SESSION_EVENT_PROMPT, 0, "ask-pain", "How is it?");
			add_event(log, at_s + 25, SESSION_EVENT_ANSWER, 2, "ask-pain", "");
			add_event(log, RESUME_AT, SESSION_EVENT_RESUME, 0, "", "");
			at_s = RESUME_AT;
			second.at_s = at_s;
		}
		session_log_add_second(log, &second);
	}
	add_event(log, SECONDS, SESSION_EVENT_PAUSE, 0, "", "");
	log->length_s = SECONDS + 300; /* nobody went on */
}

static void write_one(const struct session_log *log, const char *name, const char *directory)
{
	const struct export_format *format = export_format(name);
	struct sheet sheet = { .bytes = NULL };
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/session.%s", directory, name);
	format->write(log, &sheet);
	file = fopen(path, "w");
	if (sheet.failed || !file ||
	    fwrite(sheet.bytes, 1, sheet.length, file) != sheet.length || fclose(file) != 0) {
		perror(path);
		exit(1);
	}
	sheet_free(&sheet);
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "fit", "tcx", "csv" };
	struct session_log log;

	if (argc != 2)
		return 2;
	session_log_init(&log);
	fill(&log);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		write_one(&log, names[i], argv[1]);
	session_log_free(&log);
	return 0;
}
