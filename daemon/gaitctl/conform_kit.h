/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The daemon's end of a conversation with a display under test: a socket, the
 * program, and everything it says held against gaitd-display(7).
 */
#ifndef GAITD_CONFORM_KIT_H
#define GAITD_CONFORM_KIT_H

#include "protocol/display.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/un.h>

#define KIT_HELLO_MS 3000      /* the daemon's patience with a handshake */
#define KIT_PONG_MS 5000       /* to a ping */
#define KIT_RECONNECT_MS 10000 /* after a connection has ended */

struct kit {
	char *const *command; /* ends with NULL */
	bool verbose; /* what the program prints is let through, to stderr */
	char directory[64];
	struct sockaddr_un address;
	int listener; /* -1: nobody listens */
	int fd;       /* -1: the display is not connected */
	pid_t pid;    /* 0: it does not run */
	bool ready;   /* the handshake is done */
	uint32_t caps_asked, caps_granted;
	uint32_t caps_offered; /* what it may be granted */
	struct display_framer framer;
	uint32_t prompt_id;  /* the last prompt sent */
	uint32_t over_id;    /* prompts up to this one may not be shown any more */
	uint32_t shown_id;   /* the last shown */
	unsigned pings, pongs;
	/* What was wrong in this check; "" while nothing was */
	char expected[256], saw[256];
};

/* False with errno set. */
bool kit_open(struct kit *kit, char *const *command);
void kit_close(struct kit *kit);

/* A new check: nothing was wrong yet; a display that is gone is started. */
void kit_begin(struct kit *kit);
/* Notes the first fault of a check; returns false. */
bool kit_fail(struct kit *kit, const char *expected, const char *saw);

/* The display is connected and greeted, within `ms` of now: hello, ready and a
 * snapshot. False, and noted, if not. */
bool kit_ready(struct kit *kit, int ms);
/* Waits for the connection alone. */
bool kit_accept(struct kit *kit, int ms);
/* Our hello, then the display's; not yet ready. */
bool kit_greet(struct kit *kit, const char *hello);
void kit_hang_up(struct kit *kit);
/* Nobody listens any more, as when a daemon has ended; or again. */
void kit_stop_listening(struct kit *kit);
bool kit_listen(struct kit *kit);

/* Writes while it reads what the display says: neither can block the other.
 * False, and noted, if it does not take it, or says what it may not. */
bool kit_send(struct kit *kit, const char *bytes, size_t length);
bool kit_say(struct kit *kit, const char *line); /* adds the LF */
/* Takes what the display says for `ms`, or until a pong or a shown that is
 * waited for (NULL: none). False, and noted, at a fault. */
bool kit_hear(struct kit *kit, int ms, bool (*enough)(const struct kit *kit));
/* The display is there, or is again within 10 s, and answers a ping. */
bool kit_alive(struct kit *kit);

/* A prompt with the next id at this level; `ttl_ms` of 8 s. */
bool kit_prompt(struct kit *kit, const char *level, const char *headline);
size_t kit_prompt_line(struct kit *kit, const char *level, const char *headline,
                       char *line, size_t size);
bool kit_clear(struct kit *kit, uint32_t id, const char *reason);

#endif
