/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "config.h"
#include "plugins/mqtt/discovery.h"

#include <stdio.h>

/* What a word may be, as the display protocol has them */
static const char *const links[] = { "off", "searching", "live", "stale", "lost", NULL };
static const char *const sessions[] = { "idle", "running", "paused", "ended", NULL };

#define VALUE(name) "{{ value_json.get('" name "') }}"
#define PART(of, name) "{{ value_json.get('" of "', {}).get('" name "') }}"

/* A value of the state message. One that is absent is None to a template of get(): the
 * sensor is unknown, then. Home Assistant would keep the last value of an undefined one. */
static const struct component {
	const char *id, *name, *template, *unit, *class, *state_class;
	const char *const *words;
	int decimals;
	bool of_the_machine; /* its links: Home Assistant shows them apart */
	bool of_the_run;     /* told where running_values is on */
} components[] = {
	{ .id = "speed", .name = "Speed", .template = VALUE("speed_mps"), .unit = "m/s",
	  .class = "speed", .state_class = "measurement", .decimals = 2 },
	{ .id = "incline", .name = "Incline", .template = VALUE("incline_pct"), .unit = "%",
	  .state_class = "measurement", .decimals = 1 },
	{ .id = "session", .name = "Session", .template = PART("session", "state"),
	  .class = "enum", .words = sessions },
	{ .id = "distance", .name = "Distance", .template = PART("session", "distance_m"),
	  .unit = "m", .class = "distance", .state_class = "total_increasing" },
	{ .id = "elapsed", .name = "Time", .template = PART("session", "elapsed_s"), .unit = "s",
	  .class = "duration", .state_class = "total_increasing" },
	{ .id = "treadmill", .name = "Treadmill", .template = PART("link", "treadmill"),
	  .class = "enum", .words = links, .of_the_machine = true },
	{ .id = "footpod", .name = "Foot pod", .template = PART("link", "footpod"),
	  .class = "enum", .words = links, .of_the_machine = true },
	{ .id = "cadence", .name = "Cadence", .template = VALUE("cadence_spm"),
	  .unit = "steps/min", .state_class = "measurement", .of_the_run = true },
};

static void put(json_t *object, const char *name, const char *text)
{
	if (text)
		json_object_set_new(object, name, json_string(text));
}

static json_t *list_of(const char *const *words)
{
	json_t *list = json_array();

	while (*words)
		json_array_append_new(list, json_string(*words++));
	return list;
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
	put(object, "state_class", component->state_class);
	if (component->words)
		json_object_set_new(object, "options", list_of(component->words));
	if (component->unit)
		json_object_set_new(object, "suggested_display_precision",
		                    json_integer(component->decimals));
	if (component->of_the_machine)
		put(object, "entity_category", "diagnostic");
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
	put(message, "availability_template", VALUE("state"));
	return message;
}
