/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "config.h"
#include "plugins/mqtt/messages.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- times ---------------------------------------------------------------- */

void message_time(int64_t unix_ms, char out[MESSAGE_TIME_SIZE])
{
	time_t s = (time_t)(unix_ms / 1000);
	struct tm tm;
	size_t used;

	memset(&tm, 0, sizeof(tm));
	gmtime_r(&s, &tm);
	used = strftime(out, MESSAGE_TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + used, MESSAGE_TIME_SIZE - used, ".%03dZ", (int)(unix_ms % 1000));
}

/* "Z", "+01:00" */
static bool read_offset(const char *text, int *offset_s)
{
	long hours, minutes;

	*offset_s = 0;
	if (strcmp(text, "Z") == 0)
		return true;
	if ((*text != '+' && *text != '-') || strspn(text + 1, "0123456789") != 2 ||
	    text[3] != ':' || strspn(text + 4, "0123456789") != 2 || text[6])
		return false;
	hours = strtol(text + 1, NULL, 10);
	minutes = strtol(text + 4, NULL, 10);
	*offset_s = (int)(hours * 60 + minutes) * (*text == '-' ? -60 : 60);
	return hours < 24 && minutes < 60;
}

bool message_time_read(const char *text, int64_t *unix_ms)
{
	struct tm tm;
	const char *rest;
	int offset_s, ms = 0, scale = 100;

	memset(&tm, 0, sizeof(tm));
	rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	if (!rest)
		return false;
	if (*rest == '.') {
		for (rest++; *rest >= '0' && *rest <= '9'; rest++, scale /= 10)
			ms += (*rest - '0') * scale;
	}
	if (!read_offset(rest, &offset_s))
		return false;
	*unix_ms = ((int64_t)timegm(&tm) - offset_s) * 1000 + ms;
	return true;
}

/* ---- the head of each message --------------------------------------------- */

json_t *message_begin(const char *schema, const struct stamp *stamp)
{
	json_t *message = json_object();
	char ts[MESSAGE_TIME_SIZE];

	message_time(stamp->unix_ms, ts);
	json_object_set_new(message, "schema", json_string(schema));
	json_object_set_new(message, "ts", json_string(ts));
	json_object_set_new(message, "seq", json_integer((json_int_t)stamp->seq));
	json_object_set_new(message, "boot", json_string(stamp->boot));
	return message;
}

static void put_text(json_t *message, const char *name, const char *text)
{
	json_object_set_new(message, name, json_string(text));
}

static void put_whole(json_t *message, const char *name, int64_t value)
{
	json_object_set_new(message, name, json_integer((json_int_t)value));
}

static void put_real(json_t *message, const char *name, double value)
{
	if (isfinite(value))
		json_object_set_new(message, name, json_real(value));
}

/* ---- status ---------------------------------------------------------------- */

json_t *message_status(enum message_status status, const struct stamp *stamp,
                       const struct facts *facts, json_t *care, const char *key_mark)
{
	json_t *message = message_begin("gaitd.status/1", stamp);

	put_text(message, "state", status == MESSAGE_ONLINE ? "online" : "offline");
	put_text(message, "version", PACKAGE_VERSION);
	if (status != MESSAGE_ONLINE) {
		put_text(message, "reason", status == MESSAGE_LOST ? "connection lost" : "stopped");
		/* by the broker, at an hour that nobody knows before */
		if (status == MESSAGE_LOST)
			json_object_del(message, "ts");
		return message;
	}
	put_text(message, "gaitd", facts->ready ? "up" : "away");
	if (*key_mark)
		put_text(message, "site_key", key_mark);
	if (facts->ready && care)
		json_object_update(message, care);
	return message;
}

/* ---- state ----------------------------------------------------------------- */

static json_t *link_of(const struct display_link *link)
{
	json_t *object = json_object();

	put_text(object, "treadmill", display_link_state_name(link->treadmill));
	put_text(object, "footpod", display_link_state_name(link->footpod));
	return object;
}

static json_t *session_of(const struct display_session *session)
{
	json_t *object = json_object();

	put_text(object, "state", display_session_state_name(session->state));
	put_whole(object, "elapsed_s", session->elapsed_s);
	put_whole(object, "distance_m", session->distance_m);
	return object;
}

/* Of whoever runs, not of the machine; averages of seconds, as on the console */
static void put_running(json_t *message, const struct display_metrics *m)
{
	if (m->present & DISPLAY_CADENCE)
		put_whole(message, "cadence_spm", m->cadence_spm);
	if (m->present & DISPLAY_TARGET)
		put_whole(message, "target_spm", m->target_spm);
	if (m->present & DISPLAY_GAIT)
		put_text(message, "gait", display_gait_name(m->gait));
}

json_t *message_state(const struct stamp *stamp, const struct facts *facts, bool running_values)
{
	json_t *message = message_begin("gaitd.state/1", stamp);
	const struct display_metrics *m = &facts->metrics;

	if (facts->has_link)
		json_object_set_new(message, "link", link_of(&facts->link));
	if (facts->has_session)
		json_object_set_new(message, "session", session_of(&facts->session));
	if (facts->has_battery)
		put_text(message, "footpod_battery",
		         display_battery_state_name(facts->battery.footpod));
	if (m->present & DISPLAY_SPEED)
		put_real(message, "speed_mps", round(m->speed_kmh / 3.6 * 1000) / 1000);
	if (m->present & DISPLAY_INCLINE)
		put_real(message, "incline_pct", m->incline_pct);
	if (running_values)
		put_running(message, m);
	return message;
}

bool message_is_news(json_t *message, json_t *before)
{
	static const char *const stamps[] = { "ts", "seq", "boot" };
	json_t *a = json_copy(message);
	json_t *b = json_copy(before);
	bool news;

	for (size_t i = 0; i < sizeof(stamps) / sizeof(stamps[0]); i++) {
		json_object_del(a, stamps[i]);
		json_object_del(b, stamps[i]);
	}
	news = !json_equal(a, b);
	json_decref(a);
	json_decref(b);
	return news;
}

/* ---- events ---------------------------------------------------------------- */

json_t *message_event(const struct stamp *stamp, const char *kind)
{
	json_t *message = message_begin("gaitd.event/1", stamp);
	char id[32];

	snprintf(id, sizeof(id), "%.8s-%llu", stamp->boot, (unsigned long long)stamp->seq);
	put_text(message, "id", id);
	put_text(message, "kind", kind);
	return message;
}

json_t *message_daemon(const struct stamp *stamp, bool up)
{
	json_t *message = message_event(stamp, "gaitd");

	put_text(message, "gaitd", up ? "up" : "away");
	return message;
}

/* Prompts that tell of the machine and its pod. Which other rule spoke may tell
 * how somebody's back is, or that his beat is off: that stays here. */
static bool is_of_the_machine(const char *rule)
{
	static const char *const rules[] = {
		"ask-pod", "cadence-lost", "display-test", "handrail-suspected", "identify",
		"pod-battery-low", "pod-belt-disagree", "pod-location", "pod-signal-weak",
		"safety-key", "treadmill-lost",
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (strcmp(rule, rules[i]) == 0)
			return true;
	}
	return false;
}

json_t *message_prompt(const struct stamp *stamp, const struct display_prompt *prompt)
{
	json_t *message = message_event(stamp, "prompt");

	put_text(message, "level", display_level_name(prompt->level));
	if (is_of_the_machine(prompt->rule))
		put_text(message, "rule", prompt->rule);
	return message;
}

json_t *message_session(const struct stamp *stamp, const struct display_session *session)
{
	json_t *message = message_event(stamp, "session");

	json_object_set_new(message, "session", session_of(session));
	return message;
}

json_t *message_link(const struct stamp *stamp, const struct display_link *link)
{
	json_t *message = message_event(stamp, "link");

	json_object_set_new(message, "link", link_of(link));
	return message;
}

/* ---- text ------------------------------------------------------------------ */

char *message_text(json_t *message)
{
	char *text = message ? json_dumps(message, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;

	json_decref(message);
	return text;
}

void message_topic(char out[MESSAGE_TOPIC_MAX], const char *site, const char *console,
                   const char *what)
{
	snprintf(out, MESSAGE_TOPIC_MAX, "gaitd/v1/%s/%s/%s", site, console, what);
}
