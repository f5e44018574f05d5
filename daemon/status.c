/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/status.h"

#include "daemon/service/control.h"
#include "daemon/sources/strength_status.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define REPLY_ROOM (CONTROL_LINE_MAX - 128) /* beside it: id, ok, display_count */
#define PATH_SHOWN 256

void status_outcome(struct status *status, const struct outcome *outcome)
{
	if (outcome->message.type == DISPLAY_MESSAGE_LINK)
		status->link = outcome->message.link;
	else if (outcome->message.type == DISPLAY_MESSAGE_SESSION)
		status->session = outcome->message.session;
}

/* A line of the display protocol as a member of the reply: the same words, the
 * same decimals. */
static void put_line(json_t *reply, const char *name, const char *line,
                     size_t length)
{
	json_t *object = length ? json_loadb(line, length, 0, NULL) : NULL;

	if (!object)
		return;
	json_object_del(object, "type");
	json_object_set_new(reply, name, object);
}

static void put_messages(const struct status *status,
                         const struct pipeline *pipeline, json_t *reply)
{
	char line[DISPLAY_LINE_MAX];

	put_line(reply, "link", line, display_write_link(line, sizeof(line), &status->link));
	put_line(reply, "session", line,
	         display_write_session(line, sizeof(line), &status->session, false));
	put_line(reply, "metrics", line,
	         display_write_metrics(line, sizeof(line), pipeline_metrics(pipeline),
	                               false));
}

static json_t *caps(uint32_t granted)
{
	json_t *names = json_array();

	for (unsigned i = 0; i < DISPLAY_CAP_COUNT; i++) {
		enum display_cap cap = (enum display_cap)(1u << i);

		if (granted & cap)
			json_array_append_new(names, json_string(display_cap_name(cap)));
	}
	return names;
}

static json_t *describe_display(const struct hub_display *display)
{
	return json_pack("{s:s, s:s, s:i, s:b, s:o, s:I, s:I, s:I, s:i, s:I}", "name",
	                 display->name, "version", display->version, "pid",
	                 (int)display->pid, "ready", display->ready, "caps",
	                 caps(display->caps), "sent", (json_int_t)display->sent, "dropped",
	                 (json_int_t)display->dropped, "shown", (json_int_t)display->shown,
	                 "errors", (int)display->errors, "waiting_ms",
	                 (json_int_t)display->waiting_ms);
}

void status_displays(const struct hub *hub, size_t from, json_t *reply)
{
	struct hub_display displays[HUB_DISPLAYS_MAX];
	size_t count = hub_describe(hub, displays, HUB_DISPLAYS_MAX);
	size_t used = json_dumpb(reply, NULL, 0, JSON_COMPACT);
	json_t *list = json_array();

	for (size_t i = from; i < count; i++) {
		json_t *display = describe_display(&displays[i]);

		used += json_dumpb(display, NULL, 0, JSON_COMPACT) + 1;
		if (used > REPLY_ROOM) {
			json_decref(display);
			break;
		}
		json_array_append_new(list, display);
	}
	json_object_set_new(reply, "displays", list);
	json_object_set_new(reply, "display_count", json_integer((json_int_t)hub_count(hub)));
}

/* Its end, if it is long: a reply has 4096 octets. */
static void put_path(json_t *reply, const char *name, const char *path)
{
	size_t length = strlen(path);

	json_object_set_new(reply, name,
	                    json_string(length > PATH_SHOWN ? path + length - PATH_SHOWN :
	                                                      path));
}

static size_t enabled(const struct ruleset *rules)
{
	size_t count = 0;

	for (size_t i = 0; i < rules->count; i++)
		count += !rules->rules[i].disabled;
	return count;
}

/* The cadence that counts, and whose it is */
static void put_cadence(const struct intake *intake, json_t *reply)
{
	struct cadence_view view;

	if (!intake_cadence(intake, &view))
		return;
	json_object_set_new(reply, "cadence",
	                    json_pack("{s:s, s:s, s:f, s:f}", "source",
	                              cadence_source_name(view.source), "quality",
	                              cadence_quality_name(view.quality), "spm",
	                              view.milli_spm / 1000.0, "age_s",
	                              (double)view.age_us / 1e6));
}

static const char *battery_name(enum ant_battery battery)
{
	static const char *const names[] = {
		[ANT_BATTERY_UNKNOWN] = "unknown", [ANT_BATTERY_NEW] = "new",
		[ANT_BATTERY_GOOD] = "good",       [ANT_BATTERY_OK] = "ok",
		[ANT_BATTERY_LOW] = "low",         [ANT_BATTERY_CRITICAL] = "critical",
	};

	return names[battery];
}

static const char *location_name(const struct footpod_health *health)
{
	static const char *const names[] = {
		[SDM_LACES] = "laces", [SDM_MIDSOLE] = "midsole",
		[SDM_LOCATION_OTHER] = "other", [SDM_ANKLE] = "ankle",
	};

	return health->has_page2 ? names[health->page2.location] : NULL;
}

/* The pod that counts, or that none does yet, and why */
static void put_pod(const struct pods *pods, json_t *reply)
{
	static const char *const words[] = {
		[PODS_OWN] = "own",       [PODS_WATCHING] = "watching",
		[PODS_CHOSEN] = "chosen", [PODS_UNSURE] = "unsure",
		[PODS_REFUSED] = "none-of-them",
	};
	const struct pod_heard *pod = pods_current(pods);
	json_t *object = json_pack("{s:s, s:i}", "choice", words[pods->state], "others",
	                           (int)pods_others(pods));
	char label[40];
	double signal_dbm;

	if (pod) {
		pods_label(pod, label, sizeof(label));
		json_object_set_new(object, "name", json_string(label));
		json_object_set_new(object, "battery",
		                    json_string(battery_name(footpod_battery(&pod->footpod))));
		if (location_name(&pod->footpod.health))
			json_object_set_new(
				object, "location",
				json_string(location_name(&pod->footpod.health)));
		if (pod->track.has_rssi)
			json_object_set_new(object, "rssi_dbm",
			                    json_integer((json_int_t)pod->track.rssi_dbm));
		signal_dbm = pod_tally_signal_dbm(&pod->tally);
		if (!isnan(signal_dbm))
			json_object_set_new(object, "signal_dbm",
			                    json_integer((json_int_t)signal_dbm));
		strength_describe(&pod->tally.strength, object);
	}
	json_object_set_new(reply, "pod", object);
}

void status_describe(const struct status *status, const struct pipeline *pipeline,
                     const struct intake *intake, const struct ruleset *rules,
                     uint64_t now_us, json_t *reply)
{
	struct intake_counts counts = intake_counts(intake);
	const struct quirk *quirk = intake_quirk(intake);
	struct timespec now = { 0, 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	json_object_set_new(reply, "daemon", json_string(PACKAGE_STRING));
	json_object_set_new(reply, "pid", json_integer(getpid()));
	json_object_set_new(reply, "uptime_s", json_integer(now.tv_sec - status->started_s));
	json_object_set_new(reply, "started_unix_s", json_integer(status->started_unix_s));
	json_object_set_new(reply, "source", json_string(status->source));
	json_object_set_new(reply, "source_s", json_integer((json_int_t)(now_us / 1000000)));
	json_object_set_new(reply, "events", json_integer((json_int_t)counts.events));
	json_object_set_new(reply, "undecoded", json_integer((json_int_t)counts.undecoded));
	if (quirk)
		json_object_set_new(reply, "quirk", json_string(quirk->id));
	json_object_set_new(reply, "rules", json_integer((json_int_t)enabled(rules)));
	if (status->recording)
		put_path(reply, "recording", status->recording);
	put_messages(status, pipeline, reply);
	put_cadence(intake, reply);
	put_pod(intake_pods(intake), reply);
	if (status->display_socket)
		json_object_set_new(reply, "display_socket",
		                    json_string(status->display_socket));
}
