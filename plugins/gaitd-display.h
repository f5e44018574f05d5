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
 * which is what gaitd_display_run() does for who has none. gaitd-display(3) is
 * the manual of this library, gaitd-display(7) that of the protocol. One thread
 * at a time for each display.
 */
#ifndef GAITD_DISPLAY_CLIENT_LIBRARY_H
#define GAITD_DISPLAY_CLIENT_LIBRARY_H

#include "protocol/display.h" /* installed: its values alone */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

struct gaitd_display;

/* What the display is. Text is copied. */
struct gaitd_display_settings {
	const char *socket;  /* NULL: GAITD_SOCKET, else the usual place */
	const char *name;    /* 1 to 63 octets: what the configuration grants to */
	const char *version; /* of the display, at most 31 octets; NULL: not said */
	uint32_t caps;       /* asked for: of enum display_cap */
	uint16_t cols, rows; /* characters that it can show; 0: not said */
};

/* What it is told. Any may be NULL. They may call everything here but
 * gaitd_display_free(), gaitd_display_process() and gaitd_display_run(); what
 * they are given lasts until they return: copy the structure to keep it. */
struct gaitd_display_hooks {
	/* Ready, or not any more: then forget all that was shown; `why` says
	 * what to do about it. A new `why` is told once. */
	void (*state)(bool ready, const char *why, void *user);
	void (*link)(const struct display_link *link, void *user);
	void (*session)(const struct display_session *session, void *user);
	void (*metrics)(const struct display_metrics *metrics, void *user);
	void (*target)(const struct display_target *target, void *user);
	/* In place of any other prompt. Say gaitd_display_shown() when it is
	 * before the runner. */
	void (*prompt)(const struct display_prompt *prompt, void *user);
	/* The prompt is over, because the daemon says so or its time is up: once
	 * for each prompt that is not replaced by another at once. */
	void (*clear)(const struct display_clear *clear, void *user);
	void (*battery)(const struct display_battery *battery, void *user);
	void (*summary)(const struct display_summary *summary, void *user);
	/* A line of ours was refused */
	void (*error)(const char *code, const char *detail, void *user);
	/* Every line from ready on as it came, without LF; pings are left out. */
	void (*line)(const char *line, size_t length, void *user);
};

/* Tries to connect at the first gaitd_display_process(). NULL with errno:
 * ENOMEM; ENAMETOOLONG, the socket's path; EINVAL, the name. */
struct gaitd_display *
gaitd_display_new(const struct gaitd_display_settings *settings,
                  const struct gaitd_display_hooks *hooks, void *user);
/* Sends what it can, closes, frees. NULL is fine. */
void gaitd_display_free(struct gaitd_display *display);

/* ---- the loop ---- */

/* Another one after each connection; -1: none now. Ask before each wait. */
int gaitd_display_fd(const struct gaitd_display *display);
/* What to wait for: POLLIN, and POLLOUT while something is unsent */
short gaitd_display_events(const struct gaitd_display *display);
/* How long to wait until gaitd_display_process() wants to be called all the
 * same, at most a second: a program that was stopped for longer knows by it
 * that what it reads is old. -1: for ever, while the display is held. */
int gaitd_display_timeout_ms(struct gaitd_display *display);
/* Goes on without waiting: connects, reads, calls hooks, writes. */
void gaitd_display_process(struct gaitd_display *display);

/* A loop for who has none: returns when gaitd_display_stop() was called. 0, or
 * -1 with errno if poll() failed. */
int gaitd_display_run(struct gaitd_display *display);
/* From a hook, or from a signal's handler: then within a second */
void gaitd_display_stop(struct gaitd_display *display);

/* While held no message is delivered and the daemon is not read from: for a
 * display whose own output is full. The daemon keeps the newest for it. */
void gaitd_display_hold(struct gaitd_display *display, bool hold);

/* ---- what is so ---- */
bool gaitd_display_is_ready(const struct gaitd_display *display);
/* Granted, of enum display_cap; 0 while not ready */
uint32_t gaitd_display_caps(const struct gaitd_display *display);
/* The path it connects to */
const char *gaitd_display_socket(const struct gaitd_display *display);

/* ---- what the runner tells ----
 * False, and nothing is sent: not ready, not granted, a value out of range, or
 * more unsent than fits. None waits. */

/* The prompt of this id is before the runner's eyes or ears. */
bool gaitd_display_shown(struct gaitd_display *display, uint32_t id);
bool gaitd_display_pain(struct gaitd_display *display, int value); /* 0..10 */
bool gaitd_display_red_flag(struct gaitd_display *display,
                            enum display_red_flag flag);
/* The prompt was understood. */
bool gaitd_display_ack(struct gaitd_display *display, uint32_t id);
/* To a prompt that asks: within its scale, or a choice's value */
bool gaitd_display_answer(struct gaitd_display *display, uint32_t id, int value);
/* No prompt but safety for so long, at most 240; 0 ends it. */
bool gaitd_display_mute(struct gaitd_display *display, int minutes);
/* Runs with walks between */
bool gaitd_display_intervals(struct gaitd_display *display, bool on);
/* Who runs. `pin`: or NULL */
bool gaitd_display_runner(struct gaitd_display *display, const char *name,
                          const char *pin);
/* The session is meant to end in so many seconds, at most 86400. */
bool gaitd_display_end(struct gaitd_display *display, int seconds);
/* What he says of himself, for this session */
bool gaitd_display_profile(struct gaitd_display *display,
                           const struct display_profile *profile);
/* In this tree, whose displays know the codec: any of them as a value */
bool gaitd_display_input(struct gaitd_display *display,
                         const struct display_request *input);
/* A line of the caller's own making: one JSON object without LF */
bool gaitd_display_send(struct gaitd_display *display, const char *line,
                        size_t length);

/* ---- the words of the protocol, as "safety" ---- */
const char *gaitd_display_level_name(enum display_level level);
const char *gaitd_display_link_state_name(enum display_link_state state);
const char *gaitd_display_session_state_name(enum display_session_state state);
const char *gaitd_display_clear_reason_name(enum display_clear_reason reason);
const char *gaitd_display_gait_name(enum display_gait gait);
const char *gaitd_display_battery_state_name(enum display_battery_state state);
const char *gaitd_display_red_flag_name(enum display_red_flag flag);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
