/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sessions/sheet.h"
#include "protocol/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 4096u

void sheet_free(struct sheet *sheet)
{
	free(sheet->bytes);
	*sheet = (struct sheet){ .bytes = NULL };
}

static void add(struct sheet *sheet, const char *bytes, size_t length)
{
	size_t room = sheet->room ? sheet->room : ROOM_FIRST;
	char *larger;

	while (room - sheet->length <= length)
		room *= 2;
	if (room > sheet->room) {
		larger = realloc(sheet->bytes, room);
		if (!larger) {
			sheet->failed = true;
			return;
		}
		sheet->bytes = larger;
		sheet->room = room;
	}
	memcpy(sheet->bytes + sheet->length, bytes, length);
	sheet->length += length;
	sheet->bytes[sheet->length] = '\0';
}

void sheet_add(struct sheet *sheet, const char *text)
{
	add(sheet, text, strlen(text));
}

void sheet_print(struct sheet *sheet, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sheet_add(sheet, text);
}

void sheet_repeat(struct sheet *sheet, const char *text, size_t times)
{
	while (times-- > 0)
		sheet_add(sheet, text);
}

static const char *escape_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* U+FFFE and U+FFFF are no characters of XML. */
static bool is_nothing(const char *text, size_t length)
{
	return length == 3 && memcmp(text, "\xef\xbf", 2) == 0 &&
	       (unsigned char)text[2] >= 0xbe;
}

static void add_text(struct sheet *sheet, const char *text, bool markup)
{
	size_t left = strlen(text);

	while (left > 0) {
		size_t length = utf8_printable(text, left);
		const char *escape = markup ? escape_of(*text) : NULL;

		if (is_nothing(text, length))
			length = 0;
		if (escape)
			sheet_add(sheet, escape);
		else if (length > 0)
			add(sheet, text, length);
		else
			sheet_add(sheet, "\uFFFD");
		length = length > 0 ? length : 1;
		text += length;
		left -= length;
	}
}

void sheet_escape(struct sheet *sheet, const char *text)
{
	add_text(sheet, text, true);
}

void sheet_plain(struct sheet *sheet, const char *text)
{
	add_text(sheet, text, false);
}
