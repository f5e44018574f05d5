/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sessions/document.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROOM_FIRST 65536u
#define FORMATTED_MAX 512

void document_init(struct document *d)
{
	memset(d, 0, sizeof(*d));
}

void document_free(struct document *d)
{
	free(d->bytes);
	document_init(d);
}

static bool make_room(struct document *d, size_t more)
{
	size_t room = d->room ? d->room : ROOM_FIRST;
	uint8_t *bytes;

	if (d->failed || d->room - d->length >= more)
		return !d->failed;
	while (room - d->length < more && room <= SIZE_MAX / 4)
		room *= 2;
	bytes = room - d->length >= more ? realloc(d->bytes, room) : NULL;
	if (!bytes) {
		d->failed = true;
		return false;
	}
	d->bytes = bytes;
	d->room = room;
	return true;
}

void document_bytes(struct document *d, const void *bytes, size_t length)
{
	if (length == 0 || !make_room(d, length))
		return;
	memcpy(d->bytes + d->length, bytes, length);
	d->length += length;
}

void document_text(struct document *d, const char *text)
{
	document_bytes(d, text, strlen(text));
}

void document_format(struct document *d, const char *format, ...)
{
	char text[FORMATTED_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	document_text(d, text);
}

void document_fixed(struct document *d, double value, unsigned decimals)
{
	static const long long powers[] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };
	long long power = powers[decimals], whole = llround(value * (double)power);
	long long size = whole < 0 ? -whole : whole;

	document_format(d, "%s%lld", whole < 0 ? "-" : "", size / power);
	if (decimals > 0)
		document_format(d, ".%0*lld", (int)decimals, size % power);
}

static void put_time(struct document *d, int64_t unix_s)
{
	time_t time = (time_t)unix_s;
	struct tm tm = { 0 };

	gmtime_r(&time, &tm);
	document_format(d, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1,
	                tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

void document_utc(struct document *d, int64_t unix_s)
{
	put_time(d, unix_s);
	document_text(d, "Z");
}

void document_local(struct document *d, int64_t unix_s, int32_t offset_s)
{
	int32_t minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;

	put_time(d, unix_s + offset_s);
	document_format(d, "%c%02d:%02d", offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
}
