/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A file under way in memory: what is exported is made whole before a byte of
 * it is written. Numbers look the same in every locale. Pure.
 */
#ifndef GAITD_DOCUMENT_H
#define GAITD_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct document {
	uint8_t *bytes;
	size_t length, room;
	bool failed; /* no memory: said once, at the end */
};

void document_init(struct document *d);
void document_free(struct document *d); /* and makes it empty again */

void document_bytes(struct document *d, const void *bytes, size_t length);
void document_text(struct document *d, const char *text);
/* No %f: it follows the locale. */
void document_format(struct document *d, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Rounded to so many decimals, 0..6 */
void document_fixed(struct document *d, double value, unsigned decimals);
/* As in 2026-11-30T05:30:00Z */
void document_utc(struct document *d, int64_t unix_s);
/* As in 2026-11-30T06:30:00+01:00 */
void document_local(struct document *d, int64_t unix_s, int32_t offset_s);

#endif
