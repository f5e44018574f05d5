/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Where source events come from: a recording, the simulator; later radio and
 * USB. A source owns no meaning: it delivers events in time order.
 *
 * A source that plays (recording, simulator) has its own clock, the session's:
 * the player (player.h) asks when the next event is due and takes it. A live
 * source calls `deliver` when its descriptor wakes it.
 */
#ifndef GAITD_SOURCE_H
#define GAITD_SOURCE_H

#include "daemon/core/outcome.h"
#include "daemon/devices/source_event.h"

#define SOURCE_NEVER UINT64_MAX

enum source_next {
	SOURCE_NEXT_EVENT, /* `event` is set */
	SOURCE_NEXT_WAIT,  /* not known yet: ask again when descriptor() is readable */
	SOURCE_NEXT_END,   /* nothing more; *end_us is when time ends */
	SOURCE_NEXT_ERROR, /* said in the log: end with failure */
};

/* A playing source: replay.c, simulate.c */
struct source_player_ops {
	const char *name;
	/* Hands out the next event, in time order. On END, *end_us is the time
	 * to advance to, or SOURCE_NEVER when nothing is to be advanced. */
	enum source_next (*next)(void *source, struct source_event *event,
	                         uint64_t *end_us);
	/* What to wait on after WAIT; NULL for a source that never waits. */
	int (*descriptor)(void *source);
	/* Tells the source what came out (a simulated runner reacts); may be
	 * NULL. */
	void (*outcome)(void *source, const struct outcome *outcome);
	/* Session time up to which events are played as fast as they can be;
	 * asked once; NULL: none. */
	uint64_t (*fast_until_us)(void *source);
	void (*free)(void *source);
};

#endif
