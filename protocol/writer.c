/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/writer.h"

#include <math.h>
#include <string.h>

static void put_octet(struct writer *w, char octet)
{
	if (w->full || w->length == w->size)
		w->full = true;
	else
		w->line[w->length++] = octet;
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
		writer_octets(w, out, count);
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

static size_t digits_of(uint64_t value)
{
	size_t digits = 1;

	for (uint64_t limit = 10; value >= limit && digits < 20; limit *= 10)
		digits++;
	return digits;
}

void writer_uint(struct writer *w, uint64_t value, size_t least_digits)
{
	size_t digits = digits_of(value);

	digits = digits > least_digits ? digits : least_digits;
	if (w->full || digits > w->size - w->length) {
		w->full = true;
		return;
	}
	w->length += digits;
	for (char *to = w->line + w->length; digits > 0; digits--, value /= 10)
		*--to = (char)('0' + value % 10);
}

void writer_whole(struct writer *w, int64_t value)
{
	if (value < 0)
		put_octet(w, '-');
	writer_uint(w, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 1);
}

/* As llround(), halves away from 0, of what is below 2^53 */
static int64_t nearest(double value)
{
	int64_t whole = (int64_t)value;
	double rest = value - (double)whole;

	return whole + (rest >= 0.5) - (rest <= -0.5);
}

/* Before the last digits */
static void put_point(struct writer *w, uint8_t decimals)
{
	put_octet(w, '.');
	if (w->full)
		return;
	for (size_t i = w->length - 1; decimals > 0; i--, decimals--) {
		w->line[i] = w->line[i - 1];
		w->line[i - 1] = '.';
	}
}

void writer_decimal(struct writer *w, double value, uint8_t decimals)
{
	static const double scales[WRITER_DECIMALS_MAX + 1] = { 1, 10, 100, 1000 };
	static const double most = 1e12;
	int64_t scaled;

	decimals = decimals < WRITER_DECIMALS_MAX ? decimals : WRITER_DECIMALS_MAX;
	value = value > most ? most : value < -most ? -most : value;
	scaled = nearest(value * scales[decimals]);
	if (scaled < 0)
		put_octet(w, '-');
	writer_uint(w, (uint64_t)(scaled < 0 ? -scaled : scaled), decimals + 1u);
	if (decimals > 0)
		put_point(w, decimals);
}

void writer_text(struct writer *w, const char *name, const char *text)
{
	writer_key(w, name);
	writer_string(w, text, SIZE_MAX);
}

void writer_int(struct writer *w, const char *name, int64_t value)
{
	writer_key(w, name);
	writer_whole(w, value);
}

void writer_fixed(struct writer *w, const char *name, double value,
                         uint8_t decimals)
{
	if (!isfinite(value))
		return;
	writer_key(w, name);
	writer_decimal(w, value, decimals);
}

void writer_bool(struct writer *w, const char *name, bool value)
{
	writer_key(w, name);
	writer_put(w, value ? "true" : "false");
}
