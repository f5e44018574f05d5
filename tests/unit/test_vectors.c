/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Our codec reads protocol/vectors as they say: what is installed for codecs in
 * other languages is so.
 */
#include "protocol/display.h"
#include "tests/unit/suite.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a line means, as the vectors write it ---- */
static void put_text(json_t *o, const char *name, const char *text)
{
	json_object_set_new(o, name, json_string(text));
}

static void put_whole(json_t *o, const char *name, int64_t value)
{
	json_object_set_new(o, name, json_integer(value));
}

/* As json_loads() makes it: 10 and 10.00 are the same here. */
static void put_number(json_t *o, const char *name, double value)
{
	bool whole = value == (double)(int64_t)value;

	json_object_set_new(o, name, whole ? json_integer((int64_t)value) : json_real(value));
}

static void put_bool(json_t *o, const char *name, bool value)
{
	json_object_set_new(o, name, json_boolean(value));
}

static void put_caps(json_t *o, uint32_t caps)
{
	json_t *names = json_array();

	for (unsigned bit = 0; bit < DISPLAY_CAP_COUNT; bit++)
		if (caps & (1u << bit))
			json_array_append_new(names, json_string(display_cap_name((enum display_cap)(1u << bit))));
	json_object_set_new(o, "caps", names);
}

static void put_session(json_t *o, const struct display_session *s)
{
	put_text(o, "state", display_session_state_name(s->state));
	put_whole(o, "elapsed_s", s->elapsed_s);
	put_whole(o, "distance_m", s->distance_m);
	put_text(o, "runner", s->runner);
	put_text(o, "lang", s->lang);
	put_text(o, "units", s->miles ? "mi" : "km");
	put_bool(o, "feedback", s->feedback);
	put_bool(o, "intervals", s->intervals);
}

static void put_metrics(json_t *o, const struct display_metrics *m)
{
	const struct {
		uint32_t bit;
		const char *name;
		double value;
	} rows[] = {
		{ DISPLAY_SPEED, "speed_kmh", m->speed_kmh },
		{ DISPLAY_INCLINE, "incline_pct", m->incline_pct },
		{ DISPLAY_CADENCE, "cadence_spm", m->cadence_spm },
		{ DISPLAY_TARGET, "target_spm", m->target_spm },
		{ DISPLAY_STEP, "step_m", m->step_m },
		{ DISPLAY_HEART_RATE, "heart_rate_bpm", m->heart_rate_bpm },
		{ DISPLAY_DISTANCE, "distance_m", m->distance_m },
		{ DISPLAY_ELAPSED, "elapsed_s", m->elapsed_s },
		{ DISPLAY_ELEVATION_GAIN, "elevation_gain_m", m->elevation_gain_m },
		{ DISPLAY_ENERGY, "energy_kcal", m->energy_kcal },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (m->present & rows[i].bit)
			put_number(o, rows[i].name, rows[i].value);
	for (size_t i = 0; i < DISPLAY_DYNAMICS; i++)
		if (m->present & DISPLAY_DYNAMIC_BIT(i))
			put_number(o, display_dynamic_members[i].name, m->dynamics[i]);
	if (m->present & DISPLAY_GAIT)
		put_text(o, "gait", display_gait_name(m->gait));
}

static void put_ask(json_t *o, const struct display_ask *ask)
{
	json_t *choices = json_array();

	for (size_t i = 0; i < ask->choice_count; i++)
		json_array_append_new(choices, json_pack("{s:i, s:s}", "value", (int)ask->choices[i].value,
		                                         "text", ask->choices[i].text));
	if (ask->kind == DISPLAY_ASK_SCALE)
		json_object_set_new(o, "ask", json_pack("{s:s, s:i, s:i}", "kind", "scale", "min",
		                                        (int)ask->minimum, "max", (int)ask->maximum));
	if (ask->kind == DISPLAY_ASK_CHOICE)
		json_object_set_new(o, "ask", json_pack("{s:s, s:O}", "kind", "choice", "choices", choices));
	json_decref(choices);
}

static void put_prompt(json_t *o, const struct display_prompt *p)
{
	json_t *args = json_object();

	for (size_t i = 0; i < p->arg_count; i++)
		put_number(args, p->args[i].name, p->args[i].value);
	put_whole(o, "id", p->id);
	put_text(o, "rule", p->rule);
	put_text(o, "level", display_level_name(p->level));
	put_text(o, "headline", p->headline);
	put_text(o, "text", p->text);
	if (*p->english.headline)
		json_object_set_new(o, "english", json_pack("{s:s, s:s}", "headline", p->english.headline,
		                                            "text", p->english.text));
	put_text(o, "why", p->why);
	json_object_set_new(o, "args", args);
	put_whole(o, "ttl_ms", p->ttl_ms);
	put_bool(o, "ack", p->ack);
	put_ask(o, &p->ask);
}

static void put_message(json_t *o, const struct display_message *m)
{
	static const char *const types[] = {
		[DISPLAY_MESSAGE_HELLO] = "hello", [DISPLAY_MESSAGE_READY] = "ready",
		[DISPLAY_MESSAGE_LINK] = "link", [DISPLAY_MESSAGE_SESSION] = "session",
		[DISPLAY_MESSAGE_METRICS] = "metrics", [DISPLAY_MESSAGE_TARGET] = "target",
		[DISPLAY_MESSAGE_PROMPT] = "prompt", [DISPLAY_MESSAGE_CLEAR] = "clear",
		[DISPLAY_MESSAGE_BATTERY] = "battery", [DISPLAY_MESSAGE_SUMMARY] = "summary",
		[DISPLAY_MESSAGE_PING] = "ping", [DISPLAY_MESSAGE_ERROR] = "error",
		[DISPLAY_MESSAGE_BYE] = "bye", [DISPLAY_MESSAGE_OTHER] = "other",
	};

	put_text(o, "type", types[m->type]);
	switch (m->type) {
	case DISPLAY_MESSAGE_HELLO:
		put_bool(o, "serves_1", m->hello.serves_version_1);
		put_text(o, "daemon", m->hello.daemon);
		put_whole(o, "ping_ms", m->hello.ping_ms);
		break;
	case DISPLAY_MESSAGE_READY:
		put_caps(o, m->ready.caps);
		break;
	case DISPLAY_MESSAGE_LINK:
		put_text(o, "treadmill", display_link_state_name(m->link.treadmill));
		put_text(o, "footpod", display_link_state_name(m->link.footpod));
		break;
	case DISPLAY_MESSAGE_SESSION:
		put_session(o, &m->session);
		break;
	case DISPLAY_MESSAGE_METRICS:
		put_metrics(o, &m->metrics);
		break;
	case DISPLAY_MESSAGE_TARGET:
		put_whole(o, "low_spm", m->target.low_spm);
		put_whole(o, "high_spm", m->target.high_spm);
		break;
	case DISPLAY_MESSAGE_PROMPT:
		put_prompt(o, &m->prompt);
		break;
	case DISPLAY_MESSAGE_CLEAR:
		put_whole(o, "id", m->clear.id);
		put_text(o, "reason", display_clear_reason_name(m->clear.reason));
		break;
	case DISPLAY_MESSAGE_BATTERY:
		put_text(o, "footpod", display_battery_state_name(m->battery.footpod));
		break;
	case DISPLAY_MESSAGE_SUMMARY:
		put_whole(o, "elapsed_s", m->summary.elapsed_s);
		put_whole(o, "distance_m", m->summary.distance_m);
		put_text(o, "text", m->summary.text);
		break;
	case DISPLAY_MESSAGE_ERROR:
		put_text(o, "code", m->error.code);
		put_text(o, "detail", m->error.detail);
		put_bool(o, "fatal", m->error.fatal);
		break;
	case DISPLAY_MESSAGE_BYE:
		put_text(o, "reason", m->bye.reason);
		break;
	case DISPLAY_MESSAGE_PING:
	case DISPLAY_MESSAGE_OTHER:
		break;
	}
}

static void put_profile(json_t *o, const struct display_profile *p)
{
	if (p->has_height)
		put_number(o, "height_m", p->height_m);
	if (p->has_back_pain)
		put_bool(o, "back_pain", p->back_pain);
	if (p->has_novice)
		put_bool(o, "novice", p->novice);
	if (p->has_units)
		put_text(o, "units", p->miles ? "mi" : "km");
	if (p->has_lang)
		put_text(o, "lang", p->lang);
}

static void put_input(json_t *o, const struct display_request *r)
{
	put_text(o, "input", display_input_name(r->input));
	switch (r->input) {
	case DISPLAY_INPUT_ANSWER:
		put_whole(o, "id", r->id);
		put_whole(o, "value", r->value);
		break;
	case DISPLAY_INPUT_PAIN:
		put_whole(o, "value", r->value);
		break;
	case DISPLAY_INPUT_RED_FLAG:
		put_text(o, "value", display_red_flag_name(r->flag));
		break;
	case DISPLAY_INPUT_ACK:
		put_whole(o, "id", r->id);
		break;
	case DISPLAY_INPUT_MUTE:
		put_whole(o, "minutes", r->value);
		break;
	case DISPLAY_INPUT_INTERVALS:
		put_text(o, "value", r->value ? "on" : "off");
		break;
	case DISPLAY_INPUT_RUNNER:
		put_text(o, "name", r->name);
		if (*r->pin)
			put_text(o, "pin", r->pin);
		break;
	case DISPLAY_INPUT_END:
		put_whole(o, "seconds", r->value);
		break;
	case DISPLAY_INPUT_PROFILE:
		put_profile(o, &r->profile);
		break;
	}
}

static void put_request(json_t *o, const struct display_request *r)
{
	static const char *const types[] = {
		[DISPLAY_REQUEST_HELLO] = "hello", [DISPLAY_REQUEST_SHOWN] = "shown",
		[DISPLAY_REQUEST_INPUT] = "input", [DISPLAY_REQUEST_PONG] = "pong",
		[DISPLAY_REQUEST_PING] = "ping",
	};

	put_text(o, "type", types[r->type]);
	if (r->type == DISPLAY_REQUEST_HELLO) {
		put_whole(o, "protocol", r->protocol);
		put_text(o, "name", r->name);
		if (*r->version)
			put_text(o, "version", r->version);
		put_caps(o, r->caps);
		if (r->cols)
			put_whole(o, "cols", r->cols);
		if (r->rows)
			put_whole(o, "rows", r->rows);
	} else if (r->type == DISPLAY_REQUEST_SHOWN) {
		put_whole(o, "id", r->id);
	} else if (r->type == DISPLAY_REQUEST_INPUT) {
		put_input(o, r);
	}
}

/* ---- the files ---- */
static size_t each_vector(const char *name, void (*check)(const json_t *vector, const char *line,
                                                          size_t length))
{
	char path[512], text[2 * DISPLAY_LINE_MAX];
	size_t count = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/protocol/vectors/%s", TEST_SOURCE, name);
	file = fopen(path, "re");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	while (fgets(text, sizeof(text), file)) {
		json_t *vector = json_loads(text, 0, NULL);
		const json_t *line = json_object_get(vector, "line");

		CU_ASSERT_PTR_NOT_NULL_FATAL(line);
		check(vector, json_string_value(line), json_string_length(line));
		json_decref(vector);
		count++;
	}
	fclose(file);
	return count;
}

static void expect(const json_t *vector, json_t *read)
{
	json_t *means = json_object_get(vector, "means");
	bool same = means ? read && json_equal(read, means) : !read;

	CU_ASSERT_TRUE(same);
	if (!same) {
		char *seen = read ? json_dumps(read, JSON_COMPACT) : NULL;

		printf("\n%s: read %s\n", json_string_value(json_object_get(vector, "name")),
		       seen ? seen : "nothing");
		free(seen);
	}
	json_decref(read);
}

static void check_message(const json_t *vector, const char *line, size_t length)
{
	struct display_message message;
	json_t *read = NULL;

	if (display_message_read(line, length, &message)) {
		read = json_object();
		put_message(read, &message);
	}
	CU_ASSERT_EQUAL(json_object_get(vector, "means") == NULL,
	                json_is_true(json_object_get(vector, "ignored")));
	expect(vector, read);
}

static void check_request(const json_t *vector, const char *line, size_t length)
{
	const char *error = json_string_value(json_object_get(vector, "error"));
	const char *about = json_string_value(json_object_get(vector, "about"));
	struct display_request request;
	struct display_fault fault;
	json_t *read = NULL;

	if (display_request_read(line, length, &request, &fault)) {
		read = json_object();
		put_request(read, &request);
		CU_ASSERT_PTR_NULL(error);
	} else if (error) {
		CU_ASSERT_STRING_EQUAL(display_error_name(fault.code), error);
		if (about)
			CU_ASSERT_EQUAL(strncmp(fault.detail, about, strlen(about)), 0);
	}
	expect(vector, read);
}

static void test_daemon(void)
{
	CU_ASSERT_TRUE(each_vector("daemon.jsonl", check_message) >= 40);
}

static void test_display(void)
{
	CU_ASSERT_TRUE(each_vector("display.jsonl", check_request) >= 60);
}

static CU_TestInfo tests[] = {
	{ "lines of the daemon's", test_daemon },
	{ "lines of a display's", test_display },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("vectors", tests);
}
