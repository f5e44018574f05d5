/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl runner export: all that is kept of a runner, as one JSON text, for
 * himself. A session at a time: a year of them need not fit into memory.
 */
#include "daemon/gaitctl/past.h"

#include "daemon/service/log.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN "runner"

/* The members of a metrics message, gaitd-display(7) */
static json_t *second_object(const struct session_second *second)
{
	char line[DISPLAY_LINE_MAX];
	size_t length = display_write_metrics(line, sizeof(line), &second->metrics, true);
	json_t *object = json_loadb(line, length, 0, NULL);

	json_object_del(object, "type");
	json_object_set_new(object, "at_s", json_integer(second->at_s));
	if (second->has_target) {
		json_object_set_new(object, "low_spm", json_integer(second->target.low_spm));
		json_object_set_new(object, "high_spm", json_integer(second->target.high_spm));
	}
	return object;
}

static json_t *event_object(const struct session_event *event)
{
	json_t *object = json_pack("{s:i, s:s, s:i}", "at_s", (int)event->at_s, "event",
	                           session_event_word(event->kind), "value", (int)event->value);

	if (event->id)
		json_object_set_new(object, "id", json_integer(event->id));
	if (event->rule[0])
		json_object_set_new(object, "rule", json_string(event->rule));
	if (event->text[0])
		json_object_set_new(object, "text", json_string(event->text));
	return object;
}

static void put_number(json_t *object, const char *name, double value)
{
	if (!isnan(value))
		json_object_set_new(object, name, json_real(value));
}

static json_t *session_object(const struct session_log *log)
{
	json_t *object = json_object(), *seconds = json_array(), *events = json_array();

	if (log->has_start)
		json_object_set_new(object, "start_s", json_integer(log->start_s));
	json_object_set_new(object, "offset_s", json_integer(log->offset_s));
	json_object_set_new(object, "length_s", json_integer(log->length_s));
	json_object_set_new(object, "treadmill", json_string(log->treadmill));
	json_object_set_new(object, "footpod", json_string(log->footpod));
	if (log->has_kept) {
		put_number(object, "distance_m", log->kept.distance_m);
		put_number(object, "run_kmh", log->kept.run_kmh);
		json_object_set_new(object, "run_s", json_integer(log->kept.run_s));
		if (log->kept.pain >= 0)
			json_object_set_new(object, "pain", json_integer(log->kept.pain));
	}
	for (size_t i = 0; i < log->second_count; i++)
		json_array_append_new(seconds, second_object(&log->seconds[i]));
	for (size_t i = 0; i < log->event_count; i++)
		json_array_append_new(events, event_object(&log->events[i]));
	json_object_set_new(object, "seconds", seconds);
	json_object_set_new(object, "events", events);
	return object;
}

struct export {
	FILE *out;
	unsigned count;
};

static bool write_session(const struct session_log *log, void *user)
{
	struct export *export = user;
	json_t *object = session_object(log);

	fprintf(export->out, "%s\n", export->count++ > 0 ? "," : "");
	json_dumpf(object, export->out, JSON_COMPACT | JSON_REAL_PRECISION(12));
	json_decref(object);
	return !ferror(export->out);
}

static int write_all(const char *name, const json_t *shown, FILE *out)
{
	struct export export = { .out = out };
	int status;

	fputs("{\"runner\":", out);
	json_dumpf(json_object_get(shown, "runner"), out, JSON_COMPACT);
	fputs(",\"profile\":", out);
	json_dumpf(json_object_get(shown, "profile"), out, JSON_COMPACT);
	fputs(",\"sessions\":[", out);
	past_each(name, INT64_MIN, write_session, &export, &status);
	fputs("]}\n", out);
	return status;
}

int gaitctl_runner_export(char **words)
{
	json_t *request = json_pack("{s:s, s:s}", "do", "show", "name", words[0]);
	int status;
	json_t *shown = past_ask("runner", request, &status);
	bool to_file = gaitctl.output && strcmp(gaitctl.output, "-") != 0;
	FILE *out = stdout;

	if (!shown)
		return status;
	if (to_file)
		out = fopen(gaitctl.output, "wxe");
	if (out) {
		status = write_all(words[0], shown, out);
		if ((to_file ? fclose(out) : fflush(out)) != 0 && status == EXIT_OK)
			status = EXIT_FAILED;
	} else {
		status = errno == EACCES ? EXIT_PERMISSION : EXIT_FAILED;
	}
	if (!out || (status == EXIT_FAILED && to_file))
		log_error(TOKEN, "%s: %s", gaitctl.output, strerror(errno));
	json_decref(shown);
	return status;
}
