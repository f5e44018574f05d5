/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * libgaitd-display: a display of gaitd in a few calls. It connects, says
 * hello, answers pings, connects again when the daemon was away, and calls
 * back with each message. The caller keeps its own loop and never waits:
 *
 *	struct gaitd_display *d = gaitd_display_new(&settings, &hooks, me);
 *	for (;;) {
 *		struct pollfd p = { gaitd_display_fd(d),
 *		                    gaitd_display_events(d), 0 };
 *		poll(&p, 1, gaitd_display_timeout_ms(d));
 *		gaitd_display_process(d);
 *	}
 *
 * gaitd-display(7) is the protocol. One thread at a time per display.
 */
#ifndef GAITD_DISPLAY_CLIENT_LIBRARY_H
#define GAITD_DISPLAY_CLIENT_LIBRARY_H

#include "protocol/display.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gaitd_display;

/* Strings are copied. */
struct gaitd_display_settings {
	const char *socket;  /* NULL: GAITD_SOCKET, else the usual place */
	const char *name;    /* of the display: what the configuration grants to */
	const char *version; /* of the display */
	uint32_t caps;       /* asked for: of enum display_cap */
};

/* Any may be NULL. They may call everything here but gaitd_display_free() and
 * gaitd_display_process(); what they are given lasts until they return. */
struct gaitd_display_hooks {
	/* Ready, or not any more: then forget all that was shown; `why` says
	 * what to do about it. A new `why` is told once. */
	void (*state)(bool ready, const char *why, void *user);
	void (*link)(const struct display_link *link, void *user);
	void (*session)(const struct display_session *session, void *user);
	void (*metrics)(const struct display_metrics *metrics, void *user);
	void (*target)(const struct display_target *target, void *user);
	void (*prompt)(const struct display_prompt *prompt, void *user);
	void (*clear)(const struct display_clear *clear, void *user);
	void (*battery)(const struct display_battery *battery, void *user);
	void (*summary)(const struct display_summary *summary, void *user);
	/* A line of ours was refused */
	void (*error)(const char *code, const char *detail, void *user);
	/* Every line from ready on as it came, without LF; pings are left out. */
	void (*line)(const char *line, size_t length, void *user);
};

/* Tries to connect at the first gaitd_display_process(). NULL: out of memory,
 * or the socket's path is too long (errno). */
struct gaitd_display *
gaitd_display_new(const struct gaitd_display_settings *settings,
                  const struct gaitd_display_hooks *hooks, void *user);
void gaitd_display_free(struct gaitd_display *display); /* NULL is fine */

/* ---- the loop ---- */
int gaitd_display_fd(const struct gaitd_display *display); /* -1: none now */
short gaitd_display_events(const struct gaitd_display *display); /* of poll() */
/* Until gaitd_display_process() wants to be called; -1: not before the
 * descriptor is ready */
int gaitd_display_timeout_ms(const struct gaitd_display *display);
void gaitd_display_process(struct gaitd_display *display);
/* While held no message is delivered and the daemon is not read from: for a
 * display whose own output is full. The daemon keeps the newest for it. */
void gaitd_display_hold(struct gaitd_display *display, bool hold);

/* ---- what is so ---- */
bool gaitd_display_is_ready(const struct gaitd_display *display);
uint32_t gaitd_display_caps(const struct gaitd_display *display); /* granted */
const char *gaitd_display_socket(const struct gaitd_display *display);

/* ---- what the runner tells; false: not ready, or more unsent than fits ---- */
bool gaitd_display_shown(struct gaitd_display *display, uint32_t id);
bool gaitd_display_pain(struct gaitd_display *display, int value); /* 0..10 */
bool gaitd_display_red_flag(struct gaitd_display *display,
                            enum display_red_flag flag);
bool gaitd_display_ack(struct gaitd_display *display, uint32_t id);
bool gaitd_display_answer(struct gaitd_display *display, uint32_t id, int value);
bool gaitd_display_mute(struct gaitd_display *display, int minutes);
bool gaitd_display_intervals(struct gaitd_display *display, bool on);
bool gaitd_display_runner(struct gaitd_display *display, const char *name,
                          const char *pin); /* pin: or NULL */
bool gaitd_display_end(struct gaitd_display *display, int seconds);
bool gaitd_display_profile(struct gaitd_display *display,
                           const struct display_profile *profile);
/* Any of the inputs, as a value */
bool gaitd_display_input(struct gaitd_display *display,
                         const struct display_request *input);
/* A line of the caller's own making, without LF */
bool gaitd_display_send(struct gaitd_display *display, const char *line,
                        size_t length);

#endif
