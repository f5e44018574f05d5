/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/radio_text.h"

#include "protocol/utf8.h"

#include <string.h>

size_t radio_text(const uint8_t *bytes, size_t length, char *out, size_t size)
{
	const char *text = (const char *)bytes;
	size_t at = 0;

	while (length > 0 && *text != '\0') {
		size_t count = utf8_printable(text, length);
		size_t taken = count > 0 ? count : 1;

		if (at + taken >= size)
			break;
		if (count == 0) {
			out[at++] = '?';
		} else if (at > 0 || *text != ' ') {
			memcpy(out + at, text, count);
			at += count;
		}
		text += taken;
		length -= taken;
	}
	while (at > 0 && out[at - 1] == ' ')
		at--;
	out[at] = '\0';
	return at;
}
