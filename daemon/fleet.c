/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/fleet.h"

#include "daemon/daemon_private.h"
#include "daemon/service/log.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_OCTETS 32
#define FIRST_OTHER_UNIT 2 /* 1 is the runner's own */

static bool fail(json_t *reply, const char *error)
{
	json_object_set_new(reply, "error", json_string(error));
	return false;
}

static const char *text_of(const json_t *request, const char *member)
{
	const char *text = json_string_value(json_object_get(request, member));

	return text ? text : "";
}

static uint64_t now_us(const struct daemon *d)
{
	return d->origin.driver.ops->now_us(d->origin.driver.self);
}

/* ---- who, and how ---------------------------------------------------------- */

static bool identify(const json_t *request, json_t *reply, void *user)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_.";
	struct daemon *d = user;
	const char *name = text_of(request, "name");
	size_t length = strspn(name, letters);

	if (length == 0 || name[length] || length > NAME_MAX_OCTETS)
		return fail(reply, "identify needs a name: letters, digits, -, _ and ., at most 32");
	return prompt_test_identify(d->test, name, reply);
}

void fleet_care_reloaded(struct fleet_care *care, bool good, const char *why)
{
	care->reloads++;
	care->failed = !good;
	snprintf(care->why, sizeof(care->why), "%s", good ? "" : why);
}

static bool about(const json_t *request, json_t *reply, void *user)
{
	const struct daemon *d = user;
	const struct fleet_care *care = &d->care;
	char hash[20];
	json_t *config;

	(void)request;
	snprintf(hash, sizeof(hash), "%016" PRIx64, daemon_config(d)->hash);
	config = json_pack("{s:s, s:b, s:i}", "hash", hash, "valid", !care->failed, "reloads",
	                   (int)care->reloads);
	if (care->reloads)
		json_object_set_new(config, "last_reload",
		                    json_string(care->failed ? "failed" : "ok"));
	if (care->failed)
		json_object_set_new(config, "error", json_string(care->why));
	json_object_set_new(reply, "daemon", json_string(PACKAGE_STRING));
	json_object_set_new(reply, "rules", json_integer((json_int_t)d->rules->count));
	json_object_set_new(reply, "config", config);
	return true;
}

static bool figures(const json_t *request, json_t *reply, void *user)
{
	struct daemon *d = user;

	return fleet_figures_take(&d->care.figures, request, meter_clock_us(), reply);
}

/* ---- the session ------------------------------------------------------------ */

static void on_ended(evutil_socket_t fd, short what, void *user)
{
	struct daemon *d = user;

	(void)fd;
	(void)what;
	d->care.forgets = false;
	diary_drop(d->diary);
}

/* The core is in the midst of saying so, and others are to be told yet. */
void fleet_session_ended(struct daemon *d)
{
	static const struct timeval soon = { 0, 0 };

	if (d->care.forgets)
		event_base_once(d->base, -1, EV_TIMEOUT, on_ended, d, &soon);
}

/* Ending is the runner's word "end", so that a recording has it. */
static bool forget_session(const json_t *request, json_t *reply, void *user)
{
	struct daemon *d = user;
	struct source_event event;
	enum display_session_state state = pipeline_session(d->pipeline);
	bool was = state == DISPLAY_SESSION_RUNNING || state == DISPLAY_SESSION_PAUSED;

	(void)request;
	if (was) {
		memset(&event, 0, sizeof(event));
		event.device = SOURCE_INPUT;
		event.unit = 1;
		event.kind = SOURCE_REQUEST;
		event.request.type = DISPLAY_REQUEST_INPUT;
		event.request.input = DISPLAY_INPUT_END;
		d->origin.driver.ops->deliver(d->origin.driver.self, &event);
	}
	if (was && pipeline_session(d->pipeline) == state)
		d->care.forgets = true; /* it ends with this second */
	else
		diary_drop(d->diary);
	log_notice(DAEMON_TOKEN, "the fleet has the session forgotten");
	json_object_set_new(reply, "ended", json_boolean(was));
	return true;
}

/* ---- the foot pod ------------------------------------------------------------ */

/* Which it waits for another console to let go of */
static void tell_released(const struct pods *pods, json_t *reply)
{
	json_t *ids = json_array();

	for (size_t i = 0; i < pods->released_count; i++) {
		if (!pods->released[i].freed)
			json_array_append_new(ids, json_string(pods->released[i].id));
	}
	json_object_set_new(reply, "released", ids);
}

static bool held_pod(const json_t *request, json_t *reply, void *user)
{
	struct daemon *d = user;
	const struct pods *pods = intake_pods(d->intake);
	const struct pod_heard *pod = pods_current(pods);
	struct fleet_care *care = &d->care;
	char id[PODS_ID_SIZE] = "";

	(void)request;
	tell_released(pods, reply);
	if (!pod || !pods_id(pod, id)) {
		care->pod[0] = '\0';
		return true;
	}
	if (strcmp(care->pod, id) != 0) {
		snprintf(care->pod, sizeof(care->pod), "%s", id);
		care->pod_since_us = now_us(d);
	}
	json_object_set_new(reply, "id", json_string(id));
	json_object_set_new(reply, "held_ms",
	                    json_integer((json_int_t)((now_us(d) - care->pod_since_us) / 1000)));
	json_object_set_new(reply, "fixed", json_boolean(pods->state == PODS_OWN));
	return true;
}

/* Through the session's own path, so that a recording has it */
static void say_of_pod(struct daemon *d, enum source_event_kind kind, unsigned unit,
                       const char *id)
{
	struct source_event event;

	memset(&event, 0, sizeof(event));
	event.device = SOURCE_FOOTPOD;
	event.unit = unit;
	event.kind = kind;
	snprintf(event.text, sizeof(event.text), "%.39s", id);
	d->origin.driver.ops->deliver(d->origin.driver.self, &event);
}

static bool release_pod(const json_t *request, json_t *reply, void *user)
{
	struct daemon *d = user;
	const struct pods *pods = intake_pods(d->intake);
	const struct pod_heard *pod = pods_current(pods);
	char id[PODS_ID_SIZE] = "";

	if (!pod || !pods_id(pod, id) || strcmp(id, text_of(request, "id")) != 0)
		return fail(reply, "that pod is not this console's");
	if (pods->state == PODS_OWN)
		return fail(reply, "that pod is configured or paired here, and stays: two consoles "
		                   "with one pod are for their operator to sort out");
	say_of_pod(d, SOURCE_RELEASED, pod->unit, id);
	log_notice(DAEMON_TOKEN, "another console has the foot pod: it is left to that");
	return true;
}

static bool free_pod(const json_t *request, json_t *reply, void *user)
{
	struct daemon *d = user;
	const struct pods *pods = intake_pods(d->intake);
	const char *id = text_of(request, "id");

	for (size_t i = 0; i < pods->released_count; i++) {
		if (pods->released[i].freed || strcmp(pods->released[i].id, id) != 0)
			continue;
		say_of_pod(d, SOURCE_FREED, FIRST_OTHER_UNIT, id);
		log_notice(DAEMON_TOKEN, "no other console has the foot pod any more: it is this "
		                         "one's again if it goes with the belt");
		return true;
	}
	return fail(reply, "that pod was not left to another console");
}

const struct control_verb fleet_verbs[] = {
	{ "about", about },
	{ "figures", figures },
	{ "forget-session", forget_session },
	{ "free-pod", free_pod },
	{ "held-pod", held_pod },
	{ "identify", identify },
	{ "release-pod", release_pod },
	{ "reload", daemon_answer_reload },
	{ NULL, NULL },
};
