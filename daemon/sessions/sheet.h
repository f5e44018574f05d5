/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Text that grows as it is written, to be printed as a whole. Pure.
 */
#ifndef GAITD_SHEET_H
#define GAITD_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sheet {
	char *bytes; /* NULL: nothing was written; else ends with NUL */
	size_t length, room;
	bool failed; /* there was no memory for some of it */
};

void sheet_free(struct sheet *sheet);

void sheet_add(struct sheet *sheet, const char *text);
void sheet_bytes(struct sheet *sheet, const void *bytes, size_t length);
void sheet_print(struct sheet *sheet, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void sheet_repeat(struct sheet *sheet, const char *text, size_t times);
/* Rounded to so many decimals, 0..6, with a point in every locale */
void sheet_fixed(struct sheet *sheet, double value, unsigned decimals);
/* As in 2026-11-30T05:30:00Z and in 2026-11-30T06:30:00+01:00 */
void sheet_utc(struct sheet *sheet, int64_t unix_s);
void sheet_local(struct sheet *sheet, int64_t unix_s, int32_t offset_s);
/* What somebody else wrote, as text of XML: markup is escaped, and what is no
 * character there becomes U+FFFD. */
void sheet_escape(struct sheet *sheet, const char *text);
/* The same for a terminal: nothing of it moves a cursor. */
void sheet_plain(struct sheet *sheet, const char *text);

#endif
