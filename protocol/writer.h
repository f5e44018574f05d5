/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Writes JSON into a buffer of fixed size, with a sticky error: what does not
 * fit turns `full` on once and for all. Numbers have fixed decimals whatever
 * the locale (jansson prints none, printf follows the locale).
 */
#ifndef GAITD_WRITER_H
#define GAITD_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define WRITER_DECIMALS_MAX 3

struct writer {
	char *line;
	size_t size;
	size_t length; /* written so far; no NUL follows */
	bool full;
};

/* As they are; here, so that what is known when it is compiled needs no call */
static inline void writer_octets(struct writer *w, const char *octets, size_t count)
{
	if (w->full || count > w->size - w->length) {
		w->full = true;
		return;
	}
	memcpy(w->line + w->length, octets, count);
	w->length += count;
}

static inline void writer_put(struct writer *w, const char *text)
{
	writer_octets(w, text, strlen(text));
}

/* with leading zeros up to `least_digits`, 1..20 */
void writer_uint(struct writer *w, uint64_t value, size_t least_digits);
/* At most `room` octets between the quotes, ending with a character's end.
 * What is no UTF-8 and control characters but LF and TAB become U+FFFD. */
void writer_string(struct writer *w, const char *text, size_t room);

/* A comma unless an object or array has just begun */
void writer_comma(struct writer *w);
void writer_key(struct writer *w, const char *name);

/* Values alone */
void writer_whole(struct writer *w, int64_t value);
void writer_decimal(struct writer *w, double value, uint8_t decimals); /* finite */

/* Members; a number that is not finite is left out */
void writer_text(struct writer *w, const char *name, const char *text);
void writer_int(struct writer *w, const char *name, int64_t value);
void writer_fixed(struct writer *w, const char *name, double value,
                  uint8_t decimals);
void writer_bool(struct writer *w, const char *name, bool value);

#endif
