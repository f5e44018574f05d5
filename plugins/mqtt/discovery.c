/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "config.h"
#include "plugins/mqtt/discovery.h"

#include <stdio.h>

/* A value of the state message */
static const struct component {
	const char *id, *name, *template, *unit, *class;
	bool of_the_run; /* told where running_values is on */
} components[] = {
	{ "speed", "Speed", "{{ value_json.speed_mps }}", "m/s", "speed", false },
	{ "incline", "Incline", "{{ value_json.incline_pct }}", "%", NULL, false },
	{ "session", "Session", "{{ value_json.session.state }}", NULL, NULL, false },
	{ "distance", "Distance", "{{ value_json.session.distance_m }}", "m", "distance", false },
	{ "elapsed", "Time", "{{ value_json.session.elapsed_s }}", "s", "duration", false },
	{ "treadmill", "Treadmill", "{{ value_json.link.treadmill }}", NULL, NULL, false },
	{ "footpod", "Foot pod", "{{ value_json.link.footpod }}", NULL, NULL, false },
	{ "cadence", "Cadence", "{{ value_json.cadence_spm }}", "steps/min", NULL, true },
};

static void put(json_t *object, const char *name, const char *text)
{
	if (text)
		json_object_set_new(object, name, json_string(text));
}

static json_t *component_of(const struct component *component, const char *device)
{
	json_t *object = json_object();
	char id[160];

	snprintf(id, sizeof(id), "%s-%s", device, component->id);
	put(object, "platform", "sensor");
	put(object, "unique_id", id);
	put(object, "name", component->name);
	put(object, "value_template", component->template);
	put(object, "unit_of_measurement", component->unit);
	put(object, "device_class", component->class);
	return object;
}

static void device_id(char out[96], const struct settings *settings)
{
	snprintf(out, 96, "gaitd-%s-%s", settings->site, settings->console);
}

void discovery_topic(char out[MESSAGE_TOPIC_MAX], const struct settings *settings)
{
	char device[96];

	device_id(device, settings);
	snprintf(out, MESSAGE_TOPIC_MAX, "%s/device/%s/config", settings->home_assistant.prefix,
	         device);
}

json_t *discovery_message(const struct settings *settings)
{
	json_t *message = json_object(), *list = json_object();
	char device[96], topic[MESSAGE_TOPIC_MAX];

	device_id(device, settings);
	json_object_set_new(message, "device",
	                    json_pack("{s:[s], s:s, s:s, s:s}", "identifiers", device, "name",
	                              settings->console, "model", "treadmill console",
	                              "sw_version", PACKAGE_VERSION));
	json_object_set_new(message, "origin",
	                    json_pack("{s:s, s:s}", "name", "gaitd-mqtt", "sw_version",
	                              PACKAGE_VERSION));
	for (size_t i = 0; i < sizeof(components) / sizeof(components[0]); i++) {
		if (settings->running_values || !components[i].of_the_run)
			json_object_set_new(list, components[i].id,
			                    component_of(&components[i], device));
	}
	json_object_set_new(message, "components", list);
	message_topic(topic, settings->site, settings->console, "state");
	put(message, "state_topic", topic);
	message_topic(topic, settings->site, settings->console, "status");
	put(message, "availability_topic", topic);
	put(message, "availability_template", "{{ value_json.state }}");
	return message;
}
