/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sessions/sheet.h"

#include "daemon/sessions/civil.h"
#include "protocol/utf8.h"

#include <math.h>
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

void sheet_bytes(struct sheet *sheet, const void *bytes, size_t length)
{
	if (length > 0)
		add(sheet, bytes, length);
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

void sheet_fixed(struct sheet *sheet, double value, unsigned decimals)
{
	static const long long powers[] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };
	long long power = powers[decimals], whole = llround(value * (double)power);
	long long size = whole < 0 ? -whole : whole;

	sheet_print(sheet, "%s%lld", whole < 0 ? "-" : "", size / power);
	if (decimals > 0)
		sheet_print(sheet, ".%0*lld", (int)decimals, size % power);
}

static void add_time(struct sheet *sheet, int64_t unix_s, int32_t offset_s)
{
	struct tm tm = civil_of(unix_s, offset_s);

	sheet_print(sheet, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1,
	            tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

void sheet_utc(struct sheet *sheet, int64_t unix_s)
{
	add_time(sheet, unix_s, 0);
	sheet_add(sheet, "Z");
}

void sheet_local(struct sheet *sheet, int64_t unix_s, int32_t offset_s)
{
	int32_t minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;

	add_time(sheet, unix_s, offset_s);
	sheet_print(sheet, "%c%02d:%02d", offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
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
