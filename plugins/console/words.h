/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The console's own words in the runner's language: what is marked with _() here
 * has its translations in po/. Prompts come translated from gaitd.
 */
#ifndef GAITD_CONSOLE_WORDS_H
#define GAITD_CONSOLE_WORDS_H

#include "protocol/catalogue.h"

/* From now on in this language; NULL: in English. The catalogue is borrowed. */
void words_speak(const struct catalogue *catalogue);
/* `english`, or what it is in the language */
const char *words_of(const char *english) __attribute__((format_arg(1)));

#define _(english) words_of(english)
#define N_(english) english /* said with _() later */

/* Speaks what is installed for a tag, as "de-AT" or its "de"; else English. */
void words_load(const char *tag);

#endif
