/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The displays' side of the daemon: listens on the display socket, tells each
 * display the present (gaitd-display(7)) and hands on what runners tell them.
 * A display cannot block it, slow it or make it grow.
 */
#ifndef GAITD_HUB_H
#define GAITD_HUB_H

#include "daemon/core/outcome.h"
#include "protocol/display.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define HUB_DISPLAYS_MAX 64

struct event_base;
struct hub;

/* Names of plugins; "*" stands for all of them */
struct hub_grant {
	const char *const *names;
	size_t count;
};

/* Strings are borrowed and must outlive the hub. */
struct hub_settings {
	const char *path;   /* of the socket */
	int passed;         /* one that listens already, in place of `path`; -1: none */
	const char *group;  /* of the socket, if there is such a group */
	const char *daemon; /* "gaitd 0.1.0": said in hello */
	struct hub_grant input;    /* who may send input */
	struct hub_grant personal; /* who is told personal data */
	unsigned displays_max; /* 1..HUB_DISPLAYS_MAX */
	uint32_t hello_ms;  /* a display's time to say hello */
	uint32_t ping_ms;   /* silence before a ping, and between pings */
	unsigned pings_max; /* unanswered: closed after as many */
	uint32_t stuck_ms;  /* something undelivered for so long: closed */
	unsigned messages_max; /* read within rate_ms; then not until its end */
	uint32_t rate_ms;
	unsigned errors_max; /* within errors_ms; one more: closed */
	uint32_t errors_ms;
	uint32_t accept_ms; /* descriptors used up: next try to accept */
	/* A display came or went; may be NULL. */
	void (*changed)(void *user);
};

/* The limits of gaitd-display(7); input granted to all (whoever may open the
 * socket stands at the console, and a console without a pain key is of no
 * use), personal to none. `path` and `daemon` are the caller's to set. */
void hub_settings_init(struct hub_settings *settings);

/* `input` is of type DISPLAY_REQUEST_INPUT; `name` the display's. May call
 * hub_outcome(), not hub_free(). */
typedef void (*hub_input_fn)(const struct display_request *input,
                             const char *name, void *user);

/* NULL with errno set, and logged, if it cannot listen. */
struct hub *hub_new(struct event_base *base, const struct hub_settings *settings,
                    hub_input_fn input, void *user);
/* Says bye to each display, closes, removes the socket. NULL is fine. */
void hub_free(struct hub *hub);

/* Takes every outcome of the core at the moment it comes: a prompt's ttl_ms
 * counts from now. */
void hub_outcome(struct hub *hub, const struct outcome *outcome);

struct hub_display {
	char name[64]; /* "" before hello */
	char version[32];
	pid_t pid;
	uid_t uid;
	bool ready;
	uint32_t caps;    /* granted */
	uint64_t sent;    /* lines */
	uint64_t dropped; /* replaced by newer ones or out of date, unsent */
	uint64_t shown;   /* prompts that it says it showed */
	unsigned errors;  /* lines of its that were refused */
	uint64_t waiting_ms; /* how long the oldest line waits for it; 0: none does */
};

/* For watchdog.h */
const char *hub_stuck(void *hub);

/* Displays connected, with those that have not said hello */
size_t hub_count(const struct hub *hub);
/* At most `max` of them, in the order they came; returns how many */
size_t hub_describe(const struct hub *hub, struct hub_display *out, size_t max);

#endif
