/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What a runner is told and asked at first use, in words: one source for every
 * console. All of it is English; words_of() has it in other languages.
 */
#ifndef GAITD_CONSOLE_DIALOGUE_H
#define GAITD_CONSOLE_DIALOGUE_H

#include "plugins/console/console.h"

#include <stddef.h>

/* Shown word for word */
extern const char dialogue_disclaimer[];

/* The languages that can be chosen, each by its own name */
#define DIALOGUE_LANGUAGES 5
extern const struct dialogue_language {
	char tag[8];
	const char *name;
} dialogue_languages[DIALOGUE_LANGUAGES];

/* What is asked in a mode, with its answers beneath: lines until NULL, ""
 * is an empty one. NULL: nothing, or a line that is typed. */
const char *const *dialogue_question(enum console_mode mode);

/* "How tall are you ...   17_", and the keys; as said, not English */
void dialogue_height(const struct console *console, char *out, size_t size);
const char *dialogue_height_keys(void);
const char *dialogue_understood(void);

/* A key in one of the modes of the dialogue. True: `out` is to be sent. */
bool dialogue_key(struct console *console, int key, uint64_t now_ms,
                  struct display_request *out);

/* Shows the disclaimer to a runner who has not seen it: once in a session to
 * the anonymous, once to one who is known. */
void dialogue_greet(struct console *console, uint64_t now_ms);

#endif
