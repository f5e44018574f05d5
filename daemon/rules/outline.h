/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A condition taken apart for people: what of it must hold together, and each
 * comparison in words.
 */
#ifndef GAITD_OUTLINE_H
#define GAITD_OUTLINE_H

#include "daemon/rules/expression.h"

#define OUTLINE_PARTS_MAX 128
#define OUTLINE_WORDS_MAX 400

enum outline_kind {
	OUTLINE_ALL_OF, /* the parts one deeper, joined by `and` */
	OUTLINE_ANY_OF, /* joined by `or` */
	OUTLINE_NOT,    /* not the part one deeper */
	OUTLINE_LEAF,   /* a comparison, a flag, or `not` a flag */
};

struct outline_part {
	enum outline_kind kind;
	uint8_t depth;
	size_t offset, length; /* in the text */
};

struct outline {
	struct outline_part parts[OUTLINE_PARTS_MAX];
	size_t count;
};

/* Of the text of a condition that has compiled. False: it has more parts. */
bool outline_of(const char *text, struct outline *out);

/* "heart rate is above 90 % of heart rate max"; "all of these:" */
void outline_words(const char *text, const struct outline_part *part,
                   char out[OUTLINE_WORDS_MAX]);

#endif
