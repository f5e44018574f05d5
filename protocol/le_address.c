/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/le_address.h"

#include "protocol/hex.h"

#include <stdio.h>
#include <string.h>

bool le_address_equal(const struct le_address *a, const struct le_address *b)
{
	return a->type == b->type &&
	       memcmp(a->octets, b->octets, sizeof(a->octets)) == 0;
}

bool le_address_is_resolvable(const struct le_address *address)
{
	return address->type == LE_ADDRESS_RANDOM &&
	       (address->octets[5] & 0xc0) == 0x40;
}

void le_address_text(const struct le_address *address,
                     char text[LE_ADDRESS_TEXT_SIZE])
{
	const uint8_t *o = address->octets;

	snprintf(text, LE_ADDRESS_TEXT_SIZE, "%02X:%02X:%02X:%02X:%02X:%02X",
	         o[5], o[4], o[3], o[2], o[1], o[0]);
}

bool le_address_from_text(const char *text, struct le_address *out)
{
	uint8_t octets[6];

	for (size_t i = sizeof(octets); i-- > 0; text += 3) {
		if (!hex_octet(text, &octets[i]) ||
		    text[2] != (i > 0 ? ':' : '\0'))
			return false;
	}
	memcpy(out->octets, octets, sizeof(octets));
	return true;
}
