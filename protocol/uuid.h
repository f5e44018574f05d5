/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Bluetooth UUIDs: 16, 32 or 128 bits on the wire, always 128 here, so that a
 * machine that sends 0x1826 in its long form is the same service (Core
 * specification volume 3, part B, section 2.5.1).
 */
#ifndef GAITD_UUID_H
#define GAITD_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UUID_SIZE 16
#define UUID_TEXT_SIZE 37 /* the long form with its NUL */

struct uuid {
	uint8_t octets[UUID_SIZE]; /* little endian, as sent */
};

struct uuid uuid_from16(uint16_t value);
/* On the Bluetooth base, so that 16 bits tell it */
bool uuid_is_short(const struct uuid *uuid);
/* The short form; 0, which nothing is assigned to, for any other UUID. */
uint16_t uuid_to16(const struct uuid *uuid);
bool uuid_equal(const struct uuid *a, const struct uuid *b);
/* From 2, 4 or 16 octets as sent; false for any other length. */
bool uuid_decode(const uint8_t *bytes, size_t length, struct uuid *out);

/* "1826", or the long form in lower case for what is not on the base. */
void uuid_text(const struct uuid *uuid, char text[UUID_TEXT_SIZE]);
bool uuid_from_text(const char *text, struct uuid *out);

#endif
