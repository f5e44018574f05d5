/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The bridge's inside, shared by bridge.c (the broker, and what goes to it) and
 * bridge_display.c (the daemon, and what it tells).
 */
#ifndef GAITD_MQTT_BRIDGE_PRIVATE_H
#define GAITD_MQTT_BRIDGE_PRIVATE_H

#include "plugins/mqtt/bridge.h"

#include "plugins/gaitd-display.h"
#include "plugins/mqtt/broker.h"
#include "plugins/mqtt/messages.h"
#include "plugins/mqtt/spool.h"

struct bridge_minute {
	unsigned seconds, moving_s;
	unsigned prompts[DISPLAY_LEVEL_SAFETY + 1];
};

struct bridge {
	struct event_base *base;
	const struct settings *settings;
	struct gaitd_display *display;
	struct event *display_event;
	struct broker *broker;
	struct spool spool;
	struct event *second;
	struct event *unhold; /* events were refused: not sent until then */
	struct facts facts;
	struct bridge_minute minute;
	char boot[MESSAGE_BOOT_SIZE];
	uint64_t status_seq, state_seq, event_seq;
	char status_topic[MESSAGE_TOPIC_MAX], state_topic[MESSAGE_TOPIC_MAX],
		event_topic[MESSAGE_TOPIC_MAX];
	bool state_changed; /* perhaps */
	json_t *state;      /* that the broker has; NULL: none */
	int disk_told; /* the errno that was said */
};

/* bridge.c */
int64_t bridge_unix_ms(void);
/* The next event's */
struct stamp bridge_event_stamp(struct bridge *bridge);
/* Takes the event. */
void bridge_event(struct bridge *bridge, enum spool_class class, json_t *event);
void bridge_status(struct bridge *bridge);

/* bridge_display.c */
bool bridge_display_open(struct bridge *bridge, const struct bridge_options *options);
void bridge_display_close(struct bridge *bridge);

#endif
