/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Text that grows as it is written, to be printed as a whole. Pure.
 */
#ifndef GAITD_SHEET_H
#define GAITD_SHEET_H

#include <stdbool.h>
#include <stddef.h>

struct sheet {
	char *bytes; /* NULL: nothing was written; else ends with NUL */
	size_t length, room;
	bool failed; /* there was no memory for some of it */
};

void sheet_free(struct sheet *sheet);

void sheet_add(struct sheet *sheet, const char *text);
void sheet_print(struct sheet *sheet, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void sheet_repeat(struct sheet *sheet, const char *text, size_t times);
/* What somebody else wrote, as text of XML: markup is escaped, and what is no
 * character there becomes U+FFFD. */
void sheet_escape(struct sheet *sheet, const char *text);
/* The same for a terminal: nothing of it moves a cursor. */
void sheet_plain(struct sheet *sheet, const char *text);

#endif
