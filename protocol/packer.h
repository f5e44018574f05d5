/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The cursor's counterpart: writes little-endian fields into a buffer, with a
 * sticky error, so that an encoder writes straight through and asks once.
 */
#ifndef GAITD_PACKER_H
#define GAITD_PACKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct packer {
	uint8_t *bytes;
	size_t size;
	size_t length;
	bool failed;
};

static inline struct packer packer_into(uint8_t *bytes, size_t size)
{
	return (struct packer){ .bytes = bytes, .size = size };
}

static inline void packer_bytes(struct packer *w, const void *bytes,
                                size_t count)
{
	if (w->failed || w->size - w->length < count) {
		w->failed = true;
		return;
	}
	if (count > 0)
		memcpy(w->bytes + w->length, bytes, count);
	w->length += count;
}

/* `count` octets of `value`, little endian, count 1..4 */
static inline void packer_uint(struct packer *w, uint32_t value, size_t count)
{
	uint8_t octets[4];

	for (size_t i = 0; i < count; i++)
		octets[i] = (uint8_t)(value >> (8 * i));
	packer_bytes(w, octets, count);
}

/* The length written, or 0 when it did not fit. */
static inline size_t packer_end(const struct packer *w)
{
	return w->failed ? 0 : w->length;
}

#endif
