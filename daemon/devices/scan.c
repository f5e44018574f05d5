/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_MAX 40

bool scan_fault(const struct scan *scan, const char *at, const char *format, ...)
{
	va_list args;

	scan->fault->column = (size_t)(at - scan->start) + 1;
	va_start(args, format);
	vsnprintf(scan->fault->message, sizeof(scan->fault->message), format, args);
	va_end(args);
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void skip_blanks(struct scan *scan)
{
	while (scan->at < scan->end && is_blank(*scan->at))
		scan->at++;
}

struct scan_word scan_word(struct scan *scan)
{
	struct scan_word word;

	skip_blanks(scan);
	word.at = scan->at;
	while (scan->at < scan->end && !is_blank(*scan->at))
		scan->at++;
	word.length = (size_t)(scan->at - word.at);
	return word;
}

bool scan_word_is(struct scan_word word, const char *text)
{
	return strlen(text) == word.length && memcmp(word.at, text, word.length) == 0;
}

int scan_shown(struct scan_word word)
{
	return (int)(word.length < SHOWN_MAX ? word.length : SHOWN_MAX);
}

bool scan_end(struct scan *scan)
{
	struct scan_word more = scan_word(scan);

	if (more.length == 0)
		return true;
	return scan_fault(scan, more.at, "expected the end of the line, found \"%.*s\"",
	                  scan_shown(more), more.at);
}

struct scan_word scan_rest(struct scan *scan)
{
	struct scan_word rest;
	const char *end = scan->end;

	skip_blanks(scan);
	while (end > scan->at && is_blank(end[-1]))
		end--;
	rest = (struct scan_word){ scan->at, (size_t)(end - scan->at) };
	scan->at = scan->end;
	return rest;
}

static bool parse_digits(const char *at, size_t length, uint64_t *out)
{
	uint64_t value = 0;

	if (length == 0 || length > 19) /* below 10^19 nothing overflows */
		return false;
	for (size_t i = 0; i < length; i++) {
		if (at[i] < '0' || at[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(at[i] - '0');
	}
	*out = value;
	return true;
}

bool scan_uint(const struct scan *scan, struct scan_word word, uint64_t most,
               const char *what, uint64_t *out)
{
	uint64_t value;

	if (parse_digits(word.at, word.length, &value) && value <= most) {
		*out = value;
		return true;
	}
	return scan_fault(scan, word.at, "expected %s, 0 to %llu, found \"%.*s\"", what,
	                  (unsigned long long)most, scan_shown(word), word.at);
}

bool scan_int(const struct scan *scan, struct scan_word word, int32_t least,
              int32_t most, const char *what, int32_t *out)
{
	bool minus = word.length > 0 && word.at[0] == '-';
	uint64_t digits;
	int64_t value;

	if (parse_digits(word.at + minus, word.length - minus, &digits) &&
	    digits <= INT32_MAX) {
		value = minus ? -(int64_t)digits : (int64_t)digits;
		if (value >= least && value <= most) {
			*out = (int32_t)value;
			return true;
		}
	}
	return scan_fault(scan, word.at, "expected %s, %d to %d, found \"%.*s\"", what,
	                  least, most, scan_shown(word), word.at);
}

/* -1 for what is no hex digit */
static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool scan_hex(const struct scan *scan, struct scan_word word, uint8_t *out,
              size_t size, size_t *length)
{
	for (size_t i = 0; i < word.length; i++) {
		if (hex_digit(word.at[i]) < 0)
			return scan_fault(scan, word.at + i, "expected a hex digit, found \"%.1s\"",
			                  word.at + i);
	}
	if (word.length % 2)
		return scan_fault(scan, word.at + word.length,
		                  "expected pairs of hex digits, found %zu digits: the last "
		                  "octet is cut",
		                  word.length);
	if (word.length / 2 > size)
		return scan_fault(scan, word.at + 2 * size,
		                  "expected at most %zu octets, found %zu", size,
		                  word.length / 2);
	for (size_t i = 0; i < word.length / 2; i++)
		out[i] = (uint8_t)(hex_digit(word.at[2 * i]) << 4 |
		                   hex_digit(word.at[2 * i + 1]));
	*length = word.length / 2;
	return true;
}
