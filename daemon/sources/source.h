/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Where source events come from: a recording, the simulator, a radio. A source
 * owns no meaning: it delivers events in time order, bytes as they came.
 *
 * A source that plays (recording, simulator) has its own clock, the session's:
 * the player (player.h) asks when the next event is due and takes it. A live
 * source calls `deliver` when its descriptor wakes it (live.h).
 */
#ifndef GAITD_SOURCE_H
#define GAITD_SOURCE_H

#include "daemon/core/outcome.h"
#include "daemon/devices/source_event.h"

#include <jansson.h>

#define SOURCE_NEVER UINT64_MAX

/* Units of foot pods: 1 is the runner's, configured or paired. The others are
 * candidates; daemon/devices decides which of them runs with the belt. */
#define SOURCE_UNIT_RSC 50 /* one that is not paired; those below it are ANT's */

struct config;
struct event_base;
struct knowledge;

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

/* What a live source works with; lives until its stop(). */
struct source_host {
	struct event_base *base;
	struct knowledge *knowledge; /* of devices, kept over restarts */
	/* The session's clock: microseconds, never back */
	uint64_t (*now_us)(void *user);
	/* Takes an event into the session, stamped now; all of it has come out
	 * at the displays' sockets when this returns. Not from outcome(). */
	void (*deliver)(void *user, struct source_event *event);
	/* What the runner's Bluetooth foot pod counts, "steps" or "strides", as
	 * far as it was found out; else "". And as it was found the last time;
	 * "" for a pod that nothing is known of. */
	const char *(*footpod_unit)(void *user);
	void (*set_footpod_unit)(void *user, const char *unit);
	void *user;
};

/* A live source: a row of the array in origin.c. Hardware that is not there is
 * a state that it leaves by itself, never a reason not to start. */
struct source_live_ops {
	const char *name; /* "bluetooth": its token in the log, its key in status */
	/* Opens what it needs privileges for; when all have started, every
	 * privilege is dropped, and only then the loop runs: nothing is read
	 * from a radio in here. NULL when memory is short. */
	void *(*start)(const struct source_host *host, const struct config *config);
	void (*stop)(void *source);
	/* What came out; may be NULL. */
	void (*outcome)(void *source, const struct outcome *outcome);
	/* Another configuration, or a device was paired or forgotten. The last
	 * configuration lives until this returns. */
	void (*reconfigure)(void *source, const struct config *config);
	/* Its members of the status reply: "state" and "message" at least. */
	void (*describe)(const void *source, json_t *state);
	/* Adds an object for each device that is heard around: gaitctl scan.
	 * Who asks is listened for, so that asking again finds more. */
	void (*nearby)(void *source, json_t *devices);
	/* Finds out which treadmill its runner sets to two speeds: `what` is
	 * "begin", "look" or "end", `units` what the console shows, "km" or
	 * "mi". As a control verb: live_verbs.h. NULL: it knows no treadmills. */
	bool (*prove)(void *source, const char *what, const char *units, json_t *reply);
	/* For watchdog.h: NULL, or what cannot go on by itself. May be NULL. */
	const char *(*stuck)(void *source);
};

#endif
