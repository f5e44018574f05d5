/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What the console knows and what its keys mean. Pure: time is an argument,
 * what a key asks of the daemon is handed back.
 */
#ifndef GAITD_CONSOLE_CONSOLE_H
#define GAITD_CONSOLE_CONSOLE_H

#include "protocol/display.h"

#include <stdbool.h>
#include <stdint.h>

#define CONSOLE_MUTE_MINUTES 10

enum console_mode {
	CONSOLE_RUN,
	CONSOLE_HELP,
	CONSOLE_PAIN,     /* a number is awaited */
	CONSOLE_RED_FLAG, /* which one? */
	CONSOLE_DISCLAIMER, /* first use, then questions about the runner */
	CONSOLE_HEIGHT,
	CONSOLE_BACK_PAIN,
	CONSOLE_NOVICE,
	CONSOLE_UNITS,
	CONSOLE_LANGUAGE,
};

struct console {
	bool ready;        /* gaitd is there */
	char why_not[256]; /* else why, and what to do */
	uint32_t caps;     /* granted */
	bool has_link, has_session, has_target, has_prompt, has_summary;
	struct display_link link;
	struct display_session session;
	struct display_metrics metrics;
	struct display_target target;
	struct display_summary summary;
	bool battery_low;
	struct display_prompt prompt;
	uint64_t prompt_end_ms;
	bool show_why; /* of the prompt */
	enum console_mode mode;
	char typed[8]; /* a height: 175 or 5'9 */
	bool asks_language; /* as the last of the questions */
	char lang[8];  /* of the console's own words */
	struct display_profile profile; /* as told so far */
	/* the first use: see dialogue_greet() */
	bool keyless; /* nobody can confirm anything here */
	bool greeted; /* this runner, in this session */
	char greeted_name[32];
	uint64_t greet_ms; /* not before; then: the disclaimer stays until then */
	unsigned page; /* of the disclaimer, where it does not fit */
	char note[96]; /* about the last key */
	uint64_t note_end_ms;
	uint64_t mute_end_ms;
	bool quit;
};

#define CONSOLE_KEY_ENTER '\r'
#define CONSOLE_KEY_ERASE '\b'
#define CONSOLE_KEY_ESCAPE 27

void console_init(struct console *console);

/* Takes what libgaitd-display calls back with. Not ready: all is forgotten. */
void console_state(struct console *console, bool ready, const char *why,
                   uint32_t caps);
void console_session(struct console *console, const struct display_session *session,
                     uint64_t now_ms);
void console_prompt(struct console *console, const struct display_prompt *prompt,
                    uint64_t now_ms);
void console_clear(struct console *console, const struct display_clear *clear);
void console_summary(struct console *console, const struct display_summary *summary);
/* That of the session which is over, while nothing else is to be read */
bool console_shows_summary(const struct console *console);

/* A character, or one of CONSOLE_KEY_. True: `out` is to be sent. */
bool console_key(struct console *console, int key, uint64_t now_ms,
                 struct display_request *out);
void console_note(struct console *console, const char *text, uint64_t now_ms);
/* Makes `out` that input, with a note about it. True */
bool console_tell(struct console *console, struct display_request *out,
                  enum display_input input, const char *note, uint64_t now_ms);

/* Drops what is over; greets who is new. */
void console_advance(struct console *console, uint64_t now_ms);
/* When it looks different without being told anything; UINT64_MAX: never */
uint64_t console_deadline(const struct console *console, uint64_t now_ms);

/* Whole seconds that a prompt stays, rounded up */
unsigned console_seconds_left(const struct console *console, uint64_t now_ms);
/* The same in words, "8 s"; empty for a prompt that stays until it is acknowledged */
void console_time_left(const struct console *console, uint64_t now_ms,
                       char *out, size_t size);

#endif
