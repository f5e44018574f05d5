/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/display.h"

#include <string.h>

static void take(const char **bytes, size_t *length, size_t count)
{
	*bytes += count;
	*length -= count;
}

/* Drops up to and with the next LF */
static void skip(struct display_framer *framer, const char **bytes,
                 size_t *length)
{
	const char *end = memchr(*bytes, '\n', *length);

	if (end)
		framer->skipping = false;
	take(bytes, length, end ? (size_t)(end - *bytes) + 1 : *length);
}

enum display_frame_result display_framer_next(struct display_framer *framer,
                                              const char **bytes,
                                              size_t *length,
                                              size_t *line_length)
{
	const char *end;
	size_t room, count;

	if (framer->skipping && *length)
		skip(framer, bytes, length);
	if (!*length)
		return DISPLAY_FRAME_NONE;
	room = sizeof(framer->line) - framer->length;
	count = *length < room ? *length : room;
	end = memchr(*bytes, '\n', count);
	if (end)
		count = (size_t)(end - *bytes);
	memcpy(framer->line + framer->length, *bytes, count);
	framer->length += count;
	take(bytes, length, count + (end != NULL));
	if (end) {
		*line_length = framer->length;
		framer->length = 0;
		if (*line_length && framer->line[*line_length - 1] == '\r')
			--*line_length;
		return DISPLAY_FRAME_LINE;
	}
	if (framer->length < sizeof(framer->line))
		return DISPLAY_FRAME_NONE;
	framer->length = 0;
	framer->skipping = true;
	return DISPLAY_FRAME_TOO_LONG;
}
