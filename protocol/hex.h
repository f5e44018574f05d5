/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Hexadecimal digits, independent of the locale.
 */
#ifndef GAITD_HEX_H
#define GAITD_HEX_H

#include <stdbool.h>
#include <stdint.h>

/* The digit's value, or -1 if it is none. */
static inline int hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

/* Two digits as an octet; reads no further than the first that is none. */
static inline bool hex_octet(const char *text, uint8_t *out)
{
	int high = hex_digit(text[0]);
	int low = high < 0 ? -1 : hex_digit(text[1]);

	if (low < 0)
		return false;
	*out = (uint8_t)(high << 4 | low);
	return true;
}

#endif
