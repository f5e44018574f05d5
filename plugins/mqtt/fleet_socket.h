/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Questions to the daemon on its fleet.sock: one connection each, in the loop.
 */
#ifndef GAITD_MQTT_FLEET_SOCKET_H
#define GAITD_MQTT_FLEET_SOCKET_H

#include <event2/event.h>
#include <jansson.h>

/* `reply` is borrowed, NULL when there was none; then `error` says why, as when the
 * daemon said no. */
typedef void (*fleet_answer_fn)(json_t *reply, const char *error, void *user);

struct fleet_socket {
	struct event_base *base;
	char path[108];
	struct fleet_question *asked; /* all that wait for an answer */
};

/* Takes the request. The answer comes later, at the latest when it is closed. */
void fleet_ask(struct fleet_socket *fleet, json_t *request, fleet_answer_fn answer, void *user);
void fleet_close(struct fleet_socket *fleet);

#endif
