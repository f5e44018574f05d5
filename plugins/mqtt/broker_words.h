/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What became of a connection, in words with the fix; the same words once.
 */
#ifndef GAITD_MQTT_BROKER_WORDS_H
#define GAITD_MQTT_BROKER_WORDS_H

#include "plugins/mqtt/settings.h"

struct broker_words {
	char library[256]; /* the last error that the library told, of this try */
	char last[512];    /* said last: not again while it is so */
	bool told;         /* why this try failed */
};

/* A try begins. */
void broker_words_begin(struct broker_words *words);
void broker_words_library(struct broker_words *words, const char *text);
void broker_words_connected(struct broker_words *words, const struct settings *settings);
void broker_words_refused(struct broker_words *words, const struct settings *settings,
                          int reason, bool speaks_5);
void broker_words_lost(struct broker_words *words, const struct settings *settings, int error,
                       bool was_up);
void broker_words_silent(struct broker_words *words, const struct settings *settings);
/* It lives, and does not say that it has what it was told. */
void broker_words_unanswered(struct broker_words *words, const struct settings *settings);
/* The resolver does not answer, and is waited for. */
void broker_words_unresolved(struct broker_words *words, const struct settings *settings);
void broker_words_options(struct broker_words *words, const struct settings *settings,
                          int error);
void broker_words_unpublished(struct broker_words *words, const struct settings *settings,
                              int reason);
void broker_words_unsubscribed(struct broker_words *words, const struct settings *settings,
                               const char *pattern);

#endif
