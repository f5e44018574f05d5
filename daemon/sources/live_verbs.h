/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What gaitctl asks of live sources:
 *
 *   {"cmd":"scan"}
 *   {"cmd":"devices"}
 *   {"cmd":"pair","kind":"treadmill","id":"AA:BB:CC:DD:EE:FF","name":"URTM041"}
 *   {"cmd":"prove","do":"begin","units":"km"}, then "look", or "end"
 *   {"cmd":"forget"} or {"cmd":"forget","kind":"footpod"}
 *
 * An id is a Bluetooth address, or "ant 57043"; `name` may be left out, and is
 * then what was heard. `scan` replies with what was heard so far, and keeps
 * searching for some seconds: ask again each second. Whatever is too long for
 * a reply is left out, weakest signal first, and "more" counts it.
 *
 * `prove` finds out which treadmill its runner stands on (devices/pairing.h);
 * while it is looked at, at least each 10 s, the session has no treadmill. Its
 * reply has "step", "asked" (the number that the console shall show), "units",
 * "candidates", and in the end "found" with "sends", the unit of its speeds.
 */
#ifndef GAITD_LIVE_VERBS_H
#define GAITD_LIVE_VERBS_H

#include "daemon/service/control.h"

struct knowledge;
struct live;

/* For the struct live */
extern const struct control_verb live_verbs[];

/* live.c */
struct knowledge *live_knowledge(struct live *live);
/* A pairing was made or undone: every source looks again. */
void live_devices_changed(struct live *live);
/* Of the first source that can */
bool live_prove(struct live *live, const char *what, const char *units, json_t *reply);
/* What every source hears around */
void live_nearby(struct live *live, json_t *devices);

#endif
