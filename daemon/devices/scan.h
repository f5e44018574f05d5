/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Reading one line of a recording from left to right, word by word; the first
 * fault is kept with its column.
 */
#ifndef GAITD_SCAN_H
#define GAITD_SCAN_H

#include "daemon/devices/recording.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scan {
	const char *start, *at, *end;
	struct recording_fault *fault;
};

struct scan_word {
	const char *at;
	size_t length; /* 0: the line has no more words */
};

/* Says what was expected at `at`; always false. */
bool scan_fault(const struct scan *scan, const char *at, const char *format, ...)
	__attribute__((cold, format(printf, 3, 4)));

struct scan_word scan_word(struct scan *scan);

static inline bool scan_word_is(struct scan_word word, const char *text)
{
	size_t i = 0;

	while (i < word.length && text[i] && text[i] == word.at[i])
		i++;
	return i == word.length && !text[i];
}

/* Whether nothing but blanks is left; scan_end() calls all else a fault. */
bool scan_is_blank(struct scan *scan);
bool scan_end(struct scan *scan);
/* What is left, without blanks around it; the scan is then at the end. */
struct scan_word scan_rest(struct scan *scan);

/* Digits of a number up to `most`; `what` names it in the fault. */
bool scan_uint(const struct scan *scan, struct scan_word word, uint64_t most,
               const char *what, uint64_t *out);
bool scan_int(const struct scan *scan, struct scan_word word, int32_t least,
              int32_t most, const char *what, int32_t *out);
/* Pairs of hex digits; an empty word is no octets. */
bool scan_hex(const struct scan *scan, struct scan_word word, uint8_t *out,
              size_t size, size_t *length);

/* For "%.*s" of a word in a fault: its length, cut to what is readable */
int scan_shown(struct scan_word word);

#endif
