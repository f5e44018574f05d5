/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What drives a session: its clock, and what brings events into it. The player
 * (player.h) plays a recording or the simulator, live.h listens to hardware;
 * nothing else in the daemon knows which of them it is.
 */
#ifndef GAITD_DRIVER_H
#define GAITD_DRIVER_H

#include "daemon/core/pipeline.h"
#include "daemon/service/control.h"
#include "daemon/sources/source.h"

/* Borrowed until free(). */
struct driver_settings {
	struct event_base *base;
	struct pipeline *pipeline; /* advanced by the driver alone */
	const struct config *config;
	/* Takes each event in order of time: feeds the pipeline, records. */
	void (*deliver)(const struct source_event *event, void *user);
	/* The source has ended and time went on to its end, or it failed.
	 * Called from the loop; the driver may not be freed in it. */
	void (*ended)(bool failed, void *user);
	/* struct source_host */
	const char *(*footpod_unit)(void *user);
	void (*set_footpod_unit)(void *user, const char *unit);
	void *user;
};

struct driver_ops {
	bool paces; /* it is a timer that brings its events */
	/* Events come when the loop runs. False when memory is short. */
	bool (*start)(void *driver, const struct driver_settings *settings);
	/* Session time that has been reached, microseconds */
	uint64_t (*now_us)(const void *driver);
	/* By how much the clock is past a session time that was reached;
	 * UINT64_MAX while time does not follow a clock. */
	uint64_t (*late_us)(const void *driver, uint64_t t_us);
	/* An event of our own (a runner pressed a key): what is due before it is
	 * met, then it is stamped with the session's time and delivered. */
	void (*deliver)(void *driver, struct source_event *event);
	/* The pipeline's deadline may have changed for another reason (new
	 * rules). */
	void (*wake)(void *driver);
	/* What came out */
	void (*outcome)(void *driver, const struct outcome *outcome);
	/* A reload; may be NULL. */
	void (*reconfigure)(void *driver, const struct config *config);
	/* Adds its members of the status reply; may be NULL. */
	void (*describe)(const void *driver, json_t *reply);
	/* For watchdog.h: NULL, or what cannot go on by itself */
	const char *(*stuck)(void *driver);
	/* What gaitctl may ask of it, for control_add(); NULL: nothing. */
	const struct control_verb *verbs;
	/* Started or not */
	void (*free)(void *driver);
};

struct driver {
	const struct driver_ops *ops;
	void *self;
};

#endif
