/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/writer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void put_bytes(struct writer *w, const char *bytes, size_t count)
{
	if (w->full || count > w->size - w->length) {
		w->full = true;
		return;
	}
	memcpy(w->line + w->length, bytes, count);
	w->length += count;
}

static void put_octet(struct writer *w, char octet)
{
	if (w->full || w->length == w->size)
		w->full = true;
	else
		w->line[w->length++] = octet;
}

void writer_put(struct writer *w, const char *text)
{
	put_bytes(w, text, strlen(text));
}

/* Octets of the well-formed character at `text` (RFC 3629), 0 if there is none */
static size_t utf8_length(const unsigned char *text)
{
	static const struct {
		unsigned char first_low, first_high, second_low, second_high, length;
	} forms[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	if (text[0] < 0x80)
		return text[0] != 0;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (text[0] < forms[i].first_low || text[0] > forms[i].first_high)
			continue;
		if (text[1] < forms[i].second_low || text[1] > forms[i].second_high)
			return 0;
		for (size_t j = 2; j < forms[i].length; j++)
			if ((text[j] & 0xc0) != 0x80)
				return 0;
		return forms[i].length;
	}
	return 0;
}

/* C0 and C1 controls and DEL: a plugin that prints a prompt on a terminal
 * must not be made to send it commands. */
static bool is_control(const unsigned char *text, size_t length)
{
	return (length == 1 && (text[0] < 0x20 || text[0] == 0x7f)) ||
	       (length == 2 && text[0] == 0xc2 && text[1] < 0xa0);
}

/* How the character at `text` stands in a JSON string; *used octets of it */
static const char *escape(const char *text, size_t *used, char plain[5])
{
	const unsigned char *at = (const unsigned char *)text;
	size_t length = utf8_length(at);

	*used = length ? length : 1;
	switch (*text) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\t':
		return "\\t";
	}
	if (!length || is_control(at, length))
		return "\xef\xbf\xbd";
	memcpy(plain, text, length);
	plain[length] = '\0';
	return plain;
}

#define A true
#define A8 A, A, A, A, A, A, A, A
#define A16 A8, A8

/* Octets that stand for themselves in a string: all of ASCII but controls, " and \ */
static const bool stands_for_itself[256] = {
	[0x20] = A, A, 0, A, A, A, A, A, A8, [0x30] = A16, A16,
	[0x50] = A8, A, A, A, A, 0, A, A, A, A16, [0x70] = A8, A, A, A, A, A, A, A,
};
#undef A
#undef A8
#undef A16

/* Copies what stands for itself, as nearly all does, and returns what comes then. */
static const char *put_plain(struct writer *w, const char *text, size_t *room)
{
	size_t most = w->full ? 0 : w->size - w->length, count = 0;
	char *to = w->line + w->length;

	most = most < *room ? most : *room;
	for (; count < most && stands_for_itself[(unsigned char)text[count]]; count++)
		to[count] = text[count];
	w->length += count;
	*room -= count;
	return text + count;
}

/* At most `room` octets between the quotes, ending with a character's end */
void writer_string(struct writer *w, const char *text, size_t room)
{
	char plain[5];
	size_t used, count;

	put_octet(w, '"');
	for (text = put_plain(w, text, &room); *text; text = put_plain(w, text + used, &room)) {
		const char *out = escape(text, &used, plain);

		count = strlen(out);
		if (count > room)
			break;
		put_bytes(w, out, count);
		room -= count;
	}
	put_octet(w, '"');
}

void writer_comma(struct writer *w)
{
	char last = '{';

	if (w->length)
		last = w->line[w->length - 1];
	if (last != '{' && last != '[')
		put_octet(w, ',');
}

void writer_key(struct writer *w, const char *name)
{
	writer_comma(w);
	writer_string(w, name, SIZE_MAX);
	put_octet(w, ':');
}

void writer_uint(struct writer *w, uint64_t value, size_t least_digits)
{
	char digits[20];
	size_t at = sizeof(digits);

	while (value || sizeof(digits) - at < least_digits) {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	}
	while (at < sizeof(digits))
		put_octet(w, digits[at++]);
}

static void put_int(struct writer *w, int64_t value)
{
	if (value < 0)
		put_octet(w, '-');
	writer_uint(w, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 1);
}

static void put_fixed(struct writer *w, double value, uint8_t decimals)
{
	static const int64_t scales[WRITER_DECIMALS_MAX + 1] = { 1, 10, 100, 1000 };
	static const double most = 1e12;
	int64_t scale = scales[decimals];
	int64_t scaled = llround((value > most ? most : value < -most ? -most : value) *
	                         (double)scale);

	if (scaled < 0)
		put_octet(w, '-');
	writer_uint(w, (uint64_t)llabs(scaled / scale), 1);
	if (scale == 1)
		return;
	put_octet(w, '.');
	writer_uint(w, (uint64_t)llabs(scaled % scale), decimals);
}

void writer_text(struct writer *w, const char *name, const char *text)
{
	writer_key(w, name);
	writer_string(w, text, SIZE_MAX);
}

void writer_int(struct writer *w, const char *name, int64_t value)
{
	writer_key(w, name);
	put_int(w, value);
}

void writer_fixed(struct writer *w, const char *name, double value,
                         uint8_t decimals)
{
	if (!isfinite(value))
		return;
	writer_key(w, name);
	put_fixed(w, value,
	          decimals < WRITER_DECIMALS_MAX ? decimals : WRITER_DECIMALS_MAX);
}

void writer_bool(struct writer *w, const char *name, bool value)
{
	writer_key(w, name);
	writer_put(w, value ? "true" : "false");
}
