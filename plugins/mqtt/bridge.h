/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * A console in its fleet: what the daemon tells its displays goes to the broker
 * as status, state and events.
 */
#ifndef GAITD_MQTT_BRIDGE_H
#define GAITD_MQTT_BRIDGE_H

#include "plugins/mqtt/settings.h"

struct event_base;
struct bridge;

struct bridge_options {
	const char *socket, *name; /* of the display; the first may be NULL */
	const char *spool; /* directory; "": memory alone */
	const char *key; /* of the site; NULL: no claims */
	const char *password; /* for the broker; NULL: none */
};

/* Settings and options are borrowed. NULL, and said, if it cannot. */
struct bridge *bridge_new(struct event_base *base, const struct settings *settings,
                          const struct bridge_options *options);
/* Says that it goes, and goes. NULL is fine. False: as broker_free() */
bool bridge_free(struct bridge *bridge);

#endif
