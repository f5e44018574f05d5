/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * UTF-8 (RFC 3629) in text that others wrote.
 */
#ifndef GAITD_UTF8_H
#define GAITD_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Octets of the character at `text`, 1..4, if it is well-formed within `left`
 * octets and no control character (C0, DEL, C1); else 0. */
static inline size_t utf8_printable(const char *text, size_t left)
{
	static const struct {
		uint8_t mask, lead;
		uint32_t least; /* below it the form is longer than need be */
	} forms[] = {
		{ 0x80, 0x00, 0x20 },
		{ 0xe0, 0xc0, 0xa0 },
		{ 0xf0, 0xe0, 0x800 },
		{ 0xf8, 0xf0, 0x10000 },
	};
	const unsigned char *s = (const unsigned char *)text;
	uint32_t c;
	size_t more = 0;

	if (left == 0)
		return 0;
	if (s[0] >= 0x20 && s[0] < 0x7f)
		return 1;
	while (more < 4 && (s[0] & forms[more].mask) != forms[more].lead)
		more++;
	if (more >= 4 || more >= left)
		return 0;
	c = s[0] & (uint32_t)~forms[more].mask & 0xff;
	for (size_t i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3fu);
	}
	if (c < forms[more].least || c == 0x7f || c > 0x10ffff ||
	    (c >= 0xd800 && c < 0xe000))
		return 0;
	return more + 1;
}

#endif
