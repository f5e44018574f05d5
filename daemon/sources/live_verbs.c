/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sources/live_verbs.h"

#include "daemon/sources/knowledge.h"

#include <stdio.h>
#include <string.h>

/* What the reply has beside its devices */
#define REPLY_ROOM (CONTROL_LINE_MAX - 256)

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

/* ---- scan ---------------------------------------------------------------- */

/* Devices of no known signal come last. */
static json_int_t strength(const json_t *device)
{
	const json_t *rssi = json_object_get(device, "rssi_dbm");

	return rssi ? json_integer_value(rssi) : -128;
}

static size_t strongest(const json_t *devices)
{
	size_t best = 0;

	for (size_t i = 1; i < json_array_size(devices); i++) {
		if (strength(json_array_get(devices, i)) >
		    strength(json_array_get(devices, best)))
			best = i;
	}
	return best;
}

static bool scan(const json_t *request, json_t *reply, void *user)
{
	json_t *heard = json_array(), *shown = json_array();
	size_t used = 0;

	(void)request;
	live_nearby(user, heard);
	while (json_array_size(heard) > 0) {
		size_t best = strongest(heard);
		json_t *device = json_array_get(heard, best);

		used += json_dumpb(device, NULL, 0, JSON_COMPACT) + 1;
		if (used > REPLY_ROOM)
			break;
		json_array_append(shown, device);
		json_array_remove(heard, best);
	}
	if (json_array_size(heard) > 0)
		json_object_set_new(reply, "more",
		                    json_integer((json_int_t)json_array_size(heard)));
	json_object_set_new(reply, "devices", shown);
	json_decref(heard);
	return true;
}

/* ---- pairing ------------------------------------------------------------- */

static bool kind_of(const json_t *request, enum source_device *kind)
{
	for (enum source_device d = SOURCE_TREADMILL; d <= SOURCE_HEART_RATE; d++) {
		if (strcmp(text_of(request, "kind"), knowledge_kind_name(d)) == 0) {
			*kind = d;
			return true;
		}
	}
	return false;
}

static bool devices(const json_t *request, json_t *reply, void *user)
{
	const struct knowledge *knowledge = live_knowledge(user);
	json_t *paired = json_object();

	(void)request;
	for (enum source_device d = SOURCE_TREADMILL; d <= SOURCE_HEART_RATE; d++) {
		const char *id = knowledge_paired(knowledge, d);
		const struct knowledge_device *device = knowledge_find(knowledge, id);

		if (*id)
			json_object_set_new(paired, knowledge_kind_name(d),
			                    json_pack("{s:s, s:s}", "id", id, "name",
			                              device ? device->name : ""));
	}
	json_object_set_new(reply, "paired", paired);
	return true;
}

static bool pair(const json_t *request, json_t *reply, void *user)
{
	struct live *live = user;
	char id[KNOWLEDGE_ID_SIZE];
	enum source_device kind;

	if (!kind_of(request, &kind))
		return fail(reply, "pair what? kind is treadmill, footpod or heart_rate");
	if (!knowledge_normalize(text_of(request, "id"), id))
		return fail(reply, "pair needs an id: a Bluetooth address as "
		                   "C0:FF:EE:00:11:22, or \"ant 57043\"");
	if (!knowledge_pair(live_knowledge(live), kind, id, text_of(request, "name")))
		return fail(reply, "paired until gaitd ends, but it cannot be kept; gaitd's "
		                   "log says why");
	live_devices_changed(live);
	return true;
}

static bool prove(const json_t *request, json_t *reply, void *user)
{
	return live_prove(user, text_of(request, "do"), text_of(request, "units"), reply);
}

static bool forget(const json_t *request, json_t *reply, void *user)
{
	struct live *live = user;
	struct knowledge *knowledge = live_knowledge(live);
	enum source_device kind;
	bool good;

	if (!json_object_get(request, "kind"))
		good = knowledge_forget_all(knowledge);
	else if (kind_of(request, &kind))
		good = knowledge_pair(knowledge, kind, "", "");
	else
		return fail(reply, "forget what? kind is treadmill, footpod or heart_rate");
	live_devices_changed(live);
	return good || fail(reply, "forgotten, but the file of devices cannot be written; "
	                           "gaitd's log says why");
}

const struct control_verb live_verbs[] = {
	{ "scan", scan },
	{ "devices", devices },
	{ "pair", pair },
	{ "prove", prove },
	{ "forget", forget },
	{ NULL, NULL },
};
