/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The languages that prompts can be said in. Rules are written in English; a
 * language is a catalogue from those texts to its own, and a few habits. What a
 * catalogue does not have is said in English.
 */
#ifndef GAITD_LANGUAGE_H
#define GAITD_LANGUAGE_H

#include "protocol/catalogue.h"

#include <stdbool.h>
#include <stddef.h>

#define LANGUAGES_MAX 32
#define LANGUAGE_TAG_MAX 8 /* octets with the NUL: "de", "pt-BR" */

struct language {
	char tag[LANGUAGE_TAG_MAX];
	struct catalogue texts;
	bool comma;    /* 7,2 km/h */
	bool reviewed; /* a native speaker has read what is said on safety and load */
};

struct languages {
	struct language language[LANGUAGES_MAX];
	size_t count;
	/* Reads what there is of the tag's language and is not there yet; NULL: all is. */
	void (*read)(void *files, const char *tag);
	void *files;
};

/* Over the bytes of a .mo file, which are borrowed. Its header's X-Decimal-Point
 * and X-Safety-Reviewed-By say the habits. False: no sound catalogue. */
bool language_open(struct language *out, const char *tag, const void *bytes,
                   size_t length);

/* English itself, en and en-GB, is no catalogue. */
bool language_is_english(const char *tag);

/* For "de-AT" the language of that tag, else "de"; NULL: there is none, which is
 * English. `set` may be NULL. */
const struct language *language_find(const struct languages *set, const char *tag);

/* What `english` is in it; `english` itself if it has no word for it or `l` is
 * NULL */
const char *language_text(const struct language *l, const char *english);
bool language_has(const struct language *l, const char *english);

#endif
