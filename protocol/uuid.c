/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/uuid.h"

#include "protocol/hex.h"

#include <stdio.h>
#include <string.h>

/* 00000000-0000-1000-8000-00805f9b34fb, the last octet first */
static const struct uuid base = { { 0xfb, 0x34, 0x9b, 0x5f, 0x80, 0x00, 0x00,
	                            0x80, 0x00, 0x10, 0x00, 0x00, 0x00, 0x00,
	                            0x00, 0x00 } };
#define SHORT_AT 12 /* where the 16 or 32 bits stand */

struct uuid uuid_from16(uint16_t value)
{
	struct uuid uuid = base;

	uuid.octets[SHORT_AT] = (uint8_t)value;
	uuid.octets[SHORT_AT + 1] = (uint8_t)(value >> 8);
	return uuid;
}

bool uuid_is_short(const struct uuid *uuid)
{
	return memcmp(uuid->octets, base.octets, SHORT_AT) == 0 &&
	       uuid->octets[SHORT_AT + 2] == 0 &&
	       uuid->octets[SHORT_AT + 3] == 0;
}

uint16_t uuid_to16(const struct uuid *uuid)
{
	if (!uuid_is_short(uuid))
		return 0;
	return (uint16_t)(uuid->octets[SHORT_AT] | uuid->octets[SHORT_AT + 1]
	                                                   << 8);
}

bool uuid_equal(const struct uuid *a, const struct uuid *b)
{
	return memcmp(a->octets, b->octets, UUID_SIZE) == 0;
}

bool uuid_decode(const uint8_t *bytes, size_t length, struct uuid *out)
{
	if (length == UUID_SIZE) {
		memcpy(out->octets, bytes, UUID_SIZE);
		return true;
	}
	if (length != 2 && length != 4)
		return false;
	*out = base;
	memcpy(out->octets + SHORT_AT, bytes, length);
	return true;
}

void uuid_text(const struct uuid *uuid, char text[UUID_TEXT_SIZE])
{
	size_t at = 0;

	if (uuid_is_short(uuid)) {
		snprintf(text, UUID_TEXT_SIZE, "%04x", uuid_to16(uuid));
		return;
	}
	for (size_t i = UUID_SIZE; i-- > 0;) {
		snprintf(text + at, UUID_TEXT_SIZE - at, "%02x",
		         uuid->octets[i]);
		at += 2;
		if (i == 12 || i == 10 || i == 8 || i == 6)
			text[at++] = '-';
	}
}

/* Reads `count` octets of hex, the last octet first; NULL if they are not. */
static const char *read_hex(const char *text, size_t count, uint8_t *octets)
{
	while (count-- > 0) {
		if (!hex_octet(text, &octets[count]))
			return NULL;
		text += 2;
	}
	return text;
}

static bool long_from_text(const char *text, struct uuid *out)
{
	static const uint8_t groups[] = { 4, 2, 2, 2, 6 };
	struct uuid uuid;
	size_t left = UUID_SIZE;

	for (size_t i = 0; i < sizeof(groups); i++) {
		if (i > 0 && *text++ != '-')
			return false;
		left -= groups[i];
		text = read_hex(text, groups[i], uuid.octets + left);
		if (text == NULL)
			return false;
	}
	if (*text != '\0')
		return false;
	*out = uuid;
	return true;
}

bool uuid_from_text(const char *text, struct uuid *out)
{
	uint8_t octets[2];

	if (strlen(text) != 4)
		return long_from_text(text, out);
	if (read_hex(text, 2, octets) == NULL)
		return false;
	return uuid_decode(octets, sizeof(octets), out);
}
