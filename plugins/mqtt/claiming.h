/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What follows from claims: when ours is told, when its pod is left to another
 * console, and when that has let go of it or is gone, so that the daemon may have it
 * again. No clock, no socket: `now_ms` is of a clock that nobody sets, `unix_ms` of
 * one that may be off.
 */
#ifndef GAITD_MQTT_CLAIMING_H
#define GAITD_MQTT_CLAIMING_H

#include "plugins/mqtt/claims.h"
#include "plugins/mqtt/settings.h"

#define CLAIMING_RIVALS 8
#define CLAIMING_EACH_MS 30000   /* told again while it holds */
#define CLAIMING_SILENT_MS 75000 /* not told for so long it is none */
#define CLAIMING_GRACE_MS 10000  /* for one that is gone to come back */
#define CLAIMING_PAUSE_MS 250    /* between two answers */

struct claiming_hooks {
	/* To the claim topic; takes the message. */
	void (*tell)(json_t *message, void *user);
	/* To the daemon, which answers by claiming_released() */
	void (*release)(const char *id, void *user);
	void (*free_again)(const char *id, void *user);
	/* A line for who looks after the console */
	void (*say)(const char *text, void *user);
};

/* A pod that the daemon has left to another console */
struct rival {
	char id[40];
	char console[SETTINGS_NAME_MAX]; /* "": not known since this program began */
	int64_t heard_ms;
};

struct claiming {
	const char *key, *console, *boot;
	const struct claiming_hooks *hooks;
	void *user;
	bool up;           /* the broker is there */
	struct claim held; /* as of held_at_ms */
	int64_t held_at_ms;
	uint64_t seq;
	bool due, releasing, both_told, answers;
	int64_t told_ms;
	struct rival rivals[CLAIMING_RIVALS];
	size_t rival_count;
	char other_key[SETTINGS_NAME_MAX]; /* the console that was said to have one */
};

struct claiming_times {
	int64_t now_ms, unix_ms;
};

/* Borrows all but the times. */
void claiming_init(struct claiming *claiming, const char *key, const char *console,
                   const char *boot, const struct claiming_hooks *hooks, void *user);
/* The connection with the broker came or went. */
void claiming_link(struct claiming *claiming, struct claiming_times at, bool up);
/* What the daemon says to held-pod; NULL: it said nothing, and holds none */
void claiming_held(struct claiming *claiming, struct claiming_times at, const json_t *reply);
/* It has let go, or says why not. */
void claiming_released(struct claiming *claiming, struct claiming_times at, const char *error);
/* The claim of another console, or of this one; may be NULL */
void claiming_heard(struct claiming *claiming, struct claiming_times at, const char *console,
                    const json_t *message);
/* Likewise its status */
void claiming_status(struct claiming *claiming, struct claiming_times at, const char *console,
                     const json_t *message);
/* Now and then, and at claiming_next_ms() */
void claiming_tick(struct claiming *claiming, struct claiming_times at);
/* When an answer is due that had to wait; INT64_MAX: none */
int64_t claiming_next_ms(const struct claiming *claiming);

#endif
