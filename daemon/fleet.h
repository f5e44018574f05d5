/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the fleet may ask of this console, on a socket of its own, fleet.sock for
 * the group gaitd-fleet, and nothing beyond; framing as in control.h:
 *
 *   {"cmd":"identify","name":"hall-7"}   its displays show that name
 *   {"cmd":"reload"}
 *   {"cmd":"forget-session"}             it ends, and nothing is kept of it here
 *   {"cmd":"about"}                      version, configuration, last reload
 *   {"cmd":"figures","connected":1,...}  how gaitd-mqtt fares, for gaitctl metrics
 *   {"cmd":"held-pod"}                   which foot pod it counts by, for how long;
 *                                        and which it has left to other consoles
 *   {"cmd":"release-pod","id":"ant 57043"}  another console has it
 *   {"cmd":"free-pod","id":"ant 57043"}     and has it no more
 */
#ifndef GAITD_FLEET_H
#define GAITD_FLEET_H

#include "daemon/fleet_figures.h"
#include "daemon/service/control.h"

#define FLEET_GROUP "gaitd-fleet"

/* How the configuration is */
struct fleet_care {
	unsigned reloads;
	bool failed; /* the last one */
	char why[256]; /* then */
	bool forgets; /* the session under way, as soon as it has ended */
	/* Since when the pod of that id is this console's */
	char pod[40];
	uint64_t pod_since_us;
	struct fleet_figures figures; /* of gaitd-mqtt */
};

struct daemon;

/* The session has ended: if it is to be forgotten, it is now. */
void fleet_session_ended(struct daemon *d);
void fleet_care_reloaded(struct fleet_care *care, bool good, const char *why);

extern const struct control_verb fleet_verbs[]; /* for the struct daemon */

#endif
