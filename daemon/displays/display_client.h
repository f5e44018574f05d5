/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One display's connection: its handshake, its lines, its limits.
 */
#ifndef GAITD_DISPLAY_CLIENT_H
#define GAITD_DISPLAY_CLIENT_H

#include "daemon/displays/hub.h"
#include "daemon/displays/named_once.h"
#include "daemon/displays/slots.h"

struct display_client;

struct display_client_hooks {
	void (*input)(const struct display_request *input, const char *name,
	              void *user);
	/* It is done with: free it when no call of it is under way. */
	void (*gone)(void *user);
	void *user;
	struct named_once *named; /* of all displays */
};

/* Takes the descriptor over. `settings`, `board` and `hooks` are borrowed. NULL:
 * out of memory, the descriptor closed. */
struct display_client *display_client_new(struct event_base *base, int fd,
                                          const struct hub_settings *settings,
                                          const struct board *board,
                                          const struct display_client_hooks *hooks);
void display_client_free(struct display_client *client);
bool display_client_is_gone(const struct display_client *client);

/* It should have been closed long ago: for watchdog.h */
bool display_client_is_forgotten(const struct display_client *client);

/* The board has something new in this slot. */
void display_client_touch(struct display_client *client, enum slot slot, uint64_t now_us);
/* If it is time for that; else it is pinged a bit later, by itself. */
void display_client_ping(struct display_client *client, uint64_t now_us);
/* A prompt is over; the board still has it. */
void display_client_clear(struct display_client *client,
                          const struct display_clear *clear);
/* The daemon ends: says so if the display takes it, and closes. */
void display_client_bye(struct display_client *client);

void display_client_describe(const struct display_client *client,
                             struct hub_display *out);

#endif
