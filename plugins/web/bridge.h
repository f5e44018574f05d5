/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Between gaitd and the browsers: what gaitd says becomes the present, what a
 * browser says goes to gaitd.
 */
#ifndef GAITD_WEB_BRIDGE_H
#define GAITD_WEB_BRIDGE_H

#include "plugins/web/present.h"
#include "plugins/web/trace.h"

#include <event2/event.h>
#include <stddef.h>

struct bridge;

struct bridge_settings {
	const char *socket, *name; /* of gaitd; of this display; borrowed */
	struct present *present;
	struct trace *trace;
	/* These parts of the present have changed. */
	void (*changed)(uint32_t parts, void *user);
	void *user;
};

/* NULL with errno set. */
struct bridge *bridge_new(struct event_base *base, const struct bridge_settings *settings);
void bridge_free(struct bridge *bridge);

/* Takes one line as a display writes it, input or shown. 204, or the HTTP
 * status of what is wrong; `why` then says it in a line. */
int bridge_take(struct bridge *bridge, const char *line, size_t length, char *why,
                size_t size);

#endif
