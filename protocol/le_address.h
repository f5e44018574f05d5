/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The address of a Bluetooth LE device: six octets and whether they are public
 * or random (Core specification volume 6, part B, section 1.3). The same
 * octets with the other type are another device.
 */
#ifndef GAITD_LE_ADDRESS_H
#define GAITD_LE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#define LE_ADDRESS_TEXT_SIZE 18 /* "AA:BB:CC:DD:EE:FF" and its NUL */

/* As the kernel's management and socket interfaces number them */
enum le_address_type {
	LE_ADDRESS_PUBLIC = 1,
	LE_ADDRESS_RANDOM = 2,
};

struct le_address {
	uint8_t octets[6]; /* little endian: text's last pair first */
	enum le_address_type type;
};

bool le_address_equal(const struct le_address *a, const struct le_address *b);
/* A random address that changes every few minutes: useless to remember. */
bool le_address_is_resolvable(const struct le_address *address);

void le_address_text(const struct le_address *address,
                     char text[LE_ADDRESS_TEXT_SIZE]);
/* "AA:BB:CC:DD:EE:FF" in either case; the type is left to the caller. */
bool le_address_from_text(const char *text, struct le_address *out);

#endif
