/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The bridge's inside, shared by bridge.c (the broker, and what goes to it),
 * bridge_display.c (the daemon, and what it tells) and bridge_fleet.c (what the
 * fleet asks, and which pod is whose).
 */
#ifndef GAITD_MQTT_BRIDGE_PRIVATE_H
#define GAITD_MQTT_BRIDGE_PRIVATE_H

#include "plugins/mqtt/bridge.h"

#include "plugins/gaitd-display.h"
#include "plugins/mqtt/broker.h"
#include "plugins/mqtt/claiming.h"
#include "plugins/mqtt/commands.h"
#include "plugins/mqtt/fleet_socket.h"
#include "plugins/mqtt/messages.h"
#include "plugins/mqtt/spool.h"

struct bridge_minute {
	unsigned seconds, moving_s;
	unsigned prompts[DISPLAY_LEVEL_SAFETY + 1];
};

/* How it fares, for who looks after it */
struct bridge_figures {
	uint64_t connects, refused;
	unsigned acknowledged_age_s; /* since an event was taken, else since the start */
	unsigned told_age_s;         /* since the daemon was told */
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
	struct bridge_figures figures;

	struct fleet_socket fleet;
	json_t *care; /* what the daemon tells of itself; NULL: not known */
	struct commands commands;
	uint64_t result_seq;
	char key[128]; /* of the site; "": no claims */
	char key_mark[CLAIM_MARK_SIZE];
	char claim_topic[MESSAGE_TOPIC_MAX];
	struct claiming claiming;
	struct event *answer; /* a claim's, that has to wait */
	bool asking;
};

/* bridge.c */
int64_t bridge_unix_ms(void);
/* The next event's */
struct stamp bridge_event_stamp(struct bridge *bridge);
/* Takes the event. */
void bridge_event(struct bridge *bridge, enum spool_class class, json_t *event);
void bridge_status(struct bridge *bridge);

/* bridge_fleet.c */
/* False: no memory */
bool bridge_fleet_open(struct bridge *bridge, const char *key);
void bridge_fleet_close(struct bridge *bridge);
void bridge_fleet_link(struct bridge *bridge, bool up); /* with the broker */
void bridge_fleet_ready(struct bridge *bridge); /* the daemon came or went */
void bridge_fleet_second(struct bridge *bridge);
void bridge_fleet_pod(struct bridge *bridge); /* it may be another */
void bridge_fleet_message(struct bridge *bridge, const char *topic, const char *payload,
                          size_t length, bool retained);

/* bridge_display.c */
bool bridge_display_open(struct bridge *bridge, const struct bridge_options *options);
void bridge_display_close(struct bridge *bridge);

#endif
