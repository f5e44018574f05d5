/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Drives a playing source through the pipeline at a speed: 1 is real time,
 * 100 a hundred times as fast, PLAYER_MAX as fast as it goes. The session's
 * clock is the player's; what comes out does not depend on the speed.
 */
#ifndef GAITD_PLAYER_H
#define GAITD_PLAYER_H

#include "daemon/core/pipeline.h"
#include "daemon/sources/source.h"

#include <event2/event.h>
#include <stdbool.h>

#define PLAYER_MAX 0.0 /* for `speed` */

struct player;

struct player_settings {
	const struct source_player_ops *ops;
	void *source;
	double speed;
	struct pipeline *pipeline; /* advanced by the player alone */
	/* Takes each event in order of time: feeds the pipeline, records. */
	void (*deliver)(const struct source_event *event, void *user);
	/* The source has ended and time went on to its end, or it failed.
	 * Called from the loop; the player may not be freed in it. */
	void (*ended)(bool failed, void *user);
	void *user;
};

/* Borrows all that is in settings. Starts with the loop. NULL: no memory. */
struct player *player_new(struct event_base *base,
                          const struct player_settings *settings);
void player_free(struct player *player);

/* Session time that has been reached, microseconds */
uint64_t player_now_us(const struct player *player);
/* An event of our own (a runner pressed a key): played up to now, stamped with
 * the session's time and delivered. */
void player_deliver(struct player *player, struct source_event *event);
/* The pipeline's deadline may have changed for another reason (new rules). */
void player_wake(struct player *player);

#endif
