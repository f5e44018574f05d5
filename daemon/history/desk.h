/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What gaitctl asks of the history, as JSON: done by the daemon's keeper if a
 * daemon runs, else by gaitctl itself.
 *
 *   {"cmd":"runner","do":"add","name":"Ada","profile":{"height_m":1.75},
 *    "pin":"2468","pod":"ant 57043","exports":"/srv/ada"}
 *   {"cmd":"runner","do":"set", ... the same; null or "" takes a thing away}
 *   {"cmd":"runner","do":"list","after":"Ada"}
 *   {"cmd":"runner","do":"show","name":"Ada"}
 *   {"cmd":"runner","do":"forget","name":"Ada"}, "forget-session" with "session",
 *   or "forget-all"
 *   {"cmd":"history","runner":"Ada","before":12}
 *
 * A reply that does not hold all says "more": ask again from its last.
 */
#ifndef GAITD_DESK_H
#define GAITD_DESK_H

#include "daemon/history/shelf.h"

#include <jansson.h>

/* False: `reply` has "error", which says why and what to do. */
bool desk_answer(struct shelves *shelves, const json_t *request, json_t *reply);

#endif
