/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * A console and its daemon: what is told goes into the console, what its keys
 * ask for goes out.
 */
#ifndef GAITD_CONSOLE_CLIENT_H
#define GAITD_CONSOLE_CLIENT_H

#include "plugins/console/console.h"
#include "plugins/gaitd-display.h"

struct client {
	struct console console;
	struct gaitd_display *display;
	bool was_ready; /* at least once */
	/* Something of the console has changed; may be NULL */
	void (*changed)(struct client *client);
	/* A prompt is cleared, before the console forgets it; may be NULL */
	void (*clears)(struct client *client, const struct display_clear *clear);
	/* A line of ours was refused; NULL: it becomes a note of the console */
	void (*refused)(struct client *client, const char *what);
	void *user;
};

/* False: no memory or too long a path (errno) */
bool client_open(struct client *client, const char *socket, const char *name);
void client_close(struct client *client);

uint64_t client_clock_ms(void);
/* Until client_turn() has something to do, at most 60 s */
int client_wait_ms(const struct client *client, uint64_t now_ms);
/* Takes what has come, drops what is over. */
void client_turn(struct client *client);
void client_key(struct client *client, int key);

#endif
