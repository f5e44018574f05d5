/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The connection to the broker: libmosquitto under libevent. It is tried again
 * for ever (backoff.h); each connection is a fresh client, so that what was under
 * way in an old one is nobody's but the caller's.
 */
#ifndef GAITD_MQTT_BROKER_H
#define GAITD_MQTT_BROKER_H

#include "plugins/mqtt/settings.h"

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>

struct broker;

struct broker_hooks {
	/* The last will of the next connection: to be freed; NULL: none */
	char *(*will)(void *user);
	/* Connected; and not any more */
	void (*up)(void *user);
	void (*down)(void *user);
	/* What was published with QoS 1 is the broker's; or refused by it */
	void (*taken)(int mid, bool taken, void *user);
	void (*message)(const char *topic, const char *payload, size_t length, bool retained,
	                void *user);
};

/* `password` may be NULL. Settings and hooks are borrowed. NULL: no memory. */
struct broker *broker_new(struct event_base *base, const struct settings *settings,
                          const char *password, const struct broker_hooks *hooks, void *user);
/* Hands over what is written, says good-bye, closes. NULL is fine. False: a thread is at
 * the resolver yet, so that settings and password must stay and the program end by
 * _exit(). */
bool broker_free(struct broker *broker);

/* Begins, and goes on for ever. `will_topic` is borrowed. */
void broker_start(struct broker *broker, const char *will_topic);
bool broker_is_up(const struct broker *broker);
/* False: not connected, or no memory. `mid` may be NULL. */
bool broker_publish(struct broker *broker, const char *topic, const char *payload, int qos,
                    bool retain, int *mid);
/* With QoS 1; refused ones are said. */
void broker_subscribe(struct broker *broker, const char *pattern);

#endif
