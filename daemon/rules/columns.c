/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/columns.h"
#include "protocol/utf8.h"

#include <stdbool.h>

struct range {
	uint32_t first, last;
};

/* Blocks of Unicode that are wide throughout (UAX #11: W and F) */
static const struct range wide[] = {
	{ 0x1100, 0x115f },   { 0x231a, 0x231b },   { 0x23e9, 0x23ec },
	{ 0x2614, 0x2615 },   { 0x2e80, 0x303e },   { 0x3041, 0x4dbf },
	{ 0x4e00, 0xa4cf },   { 0xa960, 0xa97f },   { 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff },   { 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },
	{ 0xffe0, 0xffe6 },   { 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff },
	{ 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
};

/* Marks that stand on the character before them, joiners, selectors */
static const struct range narrow[] = {
	{ 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd },
	{ 0x064b, 0x065f }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff },
	{ 0x200b, 0x200f }, { 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f },
	{ 0xfe20, 0xfe2f }, { 0xe0100, 0xe01ef },
};

#define WITHIN(c, table) within(c, table, sizeof(table) / sizeof((table)[0]))

static bool within(uint32_t c, const struct range *table, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (c >= table[i].first && c <= table[i].last)
			return true;
	return false;
}

static uint32_t character(const char *text, size_t length)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t c = length == 1 ? s[0] : s[0] & (0xffu >> (length + 1));

	for (size_t i = 1; i < length; i++)
		c = c << 6 | (s[i] & 0x3fu);
	return c;
}

size_t columns(const char *text, size_t length)
{
	size_t total = 0, step;

	for (size_t i = 0; i < length; i += step) {
		uint32_t c;

		step = utf8_printable(text + i, length - i);
		if (step < 2) {
			step = 1;
			total++;
			continue;
		}
		c = character(text + i, step);
		total += WITHIN(c, wide) ? 2 : WITHIN(c, narrow) ? 0 : 1;
	}
	return total;
}
