/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Drives a session by a playing source at a speed: 1 is real time, 100 a
 * hundred times as fast, PLAYER_MAX as fast as it goes. The session's clock is
 * the player's; what comes out does not depend on the speed.
 */
#ifndef GAITD_PLAYER_H
#define GAITD_PLAYER_H

#include "daemon/sources/driver.h"

#define PLAYER_MAX 0.0 /* for `speed` */

struct player;

/* The object for these is the struct player. */
extern const struct driver_ops player_ops;

/* Owns `source` from here on, whatever it returns. NULL: no memory. */
struct player *player_new(const struct source_player_ops *ops, void *source,
                          double speed);

#endif
