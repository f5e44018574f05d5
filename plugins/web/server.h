/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The HTTP server: the page, GET /events, POST /input, POST /welcomed.
 */
#ifndef GAITD_WEB_SERVER_H
#define GAITD_WEB_SERVER_H

#include "plugins/web/guard.h"

#include <event2/event.h>

struct server;

struct server_settings {
	const struct guard *guard; /* borrowed */
	const char *socket, *name; /* of gaitd; of this display; borrowed */
	int listener;              /* a bound socket that listens; taken */
};

/* NULL with errno set. */
struct server *server_new(struct event_base *base, const struct server_settings *settings);
void server_free(struct server *server);

#endif
