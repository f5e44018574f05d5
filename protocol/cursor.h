/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * A read cursor with a sticky error: every read is bounds-checked, a short
 * buffer turns `failed` on once and for all and yields 0 from then on, so a
 * decoder reads straight through and asks once at the end.
 */
#ifndef GAITD_CURSOR_H
#define GAITD_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
	const uint8_t *at;
	size_t left;
	bool failed;
};

static inline struct cursor cursor_over(const uint8_t *bytes, size_t length)
{
	return (struct cursor){ .at = bytes, .left = length, .failed = false };
}

/* `count` octets, little endian, count 1..4; 0 and `failed` when short. */
static inline uint32_t cursor_uint(struct cursor *c, size_t count)
{
	uint32_t value = 0;

	if (c->failed || c->left < count) {
		c->failed = true;
		return 0;
	}
	for (size_t i = 0; i < count; i++)
		value |= (uint32_t)c->at[i] << (8 * i);
	c->at += count;
	c->left -= count;
	return value;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	return (uint8_t)cursor_uint(c, 1);
}

static inline uint16_t cursor_u16(struct cursor *c)
{
	return (uint16_t)cursor_uint(c, 2);
}

static inline int16_t cursor_s16(struct cursor *c)
{
	return (int16_t)cursor_u16(c);
}

static inline uint32_t cursor_u24(struct cursor *c)
{
	return cursor_uint(c, 3);
}

static inline uint32_t cursor_u32(struct cursor *c)
{
	return cursor_uint(c, 4);
}

#endif
