/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/scan.h"

#include <endian.h>
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
	return (uint8_t)c <= ' ' && (c == ' ' || c == '\t');
}

#define EACH(octet) (0x0101010101010101u * (octet))

/* How many of eight octets stand before the first blank; 8: none is one */
static size_t before_blank(const char *at)
{
	uint64_t octets, blank, tab, found;

	memcpy(&octets, at, sizeof(octets));
	octets = le64toh(octets);
	blank = octets ^ EACH(' ');
	tab = octets ^ EACH('\t');
	found = (((blank - EACH(1)) & ~blank) | ((tab - EACH(1)) & ~tab)) & EACH(0x80);
	return found ? (size_t)__builtin_ctzll(found) / 8 : 8;
}

static void skip_blanks(struct scan *scan)
{
	while (scan->at < scan->end && is_blank(*scan->at))
		scan->at++;
}

static const char *word_end(const char *at, const char *end)
{
	while (end - at >= 8) {
		size_t before = before_blank(at);

		at += before;
		if (before < 8)
			return at;
	}
	while (at < end && !is_blank(*at))
		at++;
	return at;
}

struct scan_word scan_word(struct scan *scan)
{
	const char *at;
	struct scan_word word;

	skip_blanks(scan);
	word.at = scan->at;
	at = word_end(word.at, scan->end);
	word.length = (size_t)(at - word.at);
	scan->at = at;
	return word;
}

bool scan_is_blank(struct scan *scan)
{
	skip_blanks(scan);
	return scan->at == scan->end;
}

int scan_shown(struct scan_word word)
{
	return (int)(word.length < SHOWN_MAX ? word.length : SHOWN_MAX);
}

bool scan_end(struct scan *scan)
{
	struct scan_word more;

	if (scan_is_blank(scan))
		return true;
	more = scan_word(scan);
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

/* What each hex digit stands for, and IS_DIGIT; 0 for what is none */
#define IS_DIGIT 0x80u
#define DIGIT(value) (IS_DIGIT | (value))
static const uint8_t digits[256] = {
	['0'] = DIGIT(0), ['1'] = DIGIT(1), ['2'] = DIGIT(2), ['3'] = DIGIT(3),
	['4'] = DIGIT(4), ['5'] = DIGIT(5), ['6'] = DIGIT(6), ['7'] = DIGIT(7),
	['8'] = DIGIT(8), ['9'] = DIGIT(9), ['a'] = DIGIT(10), ['b'] = DIGIT(11),
	['c'] = DIGIT(12), ['d'] = DIGIT(13), ['e'] = DIGIT(14), ['f'] = DIGIT(15),
	['A'] = DIGIT(10), ['B'] = DIGIT(11), ['C'] = DIGIT(12), ['D'] = DIGIT(13),
	['E'] = DIGIT(14), ['F'] = DIGIT(15),
};

static bool fail_hex(const struct scan *scan, struct scan_word word, size_t size)
{
	for (size_t i = 0; i < word.length; i++) {
		if (!digits[(uint8_t)word.at[i]])
			return scan_fault(scan, word.at + i, "expected a hex digit, found \"%.1s\"",
			                  word.at + i);
	}
	if (word.length % 2)
		return scan_fault(scan, word.at + word.length,
		                  "expected pairs of hex digits, found %zu digits: the last "
		                  "octet is cut",
		                  word.length);
	return scan_fault(scan, word.at + 2 * size, "expected at most %zu octets, found %zu", size,
	                  word.length / 2);
}

bool scan_hex(const struct scan *scan, struct scan_word word, uint8_t *out,
              size_t size, size_t *length)
{
	size_t octets = word.length / 2;
	unsigned all = IS_DIGIT;

	if (word.length % 2 || octets > size)
		return fail_hex(scan, word, size);
	for (size_t i = 0; i < octets; i++) {
		unsigned high = digits[(uint8_t)word.at[2 * i]];
		unsigned low = digits[(uint8_t)word.at[2 * i + 1]];

		all &= high & low;
		out[i] = (uint8_t)(high << 4 | (low & 0xf));
	}
	if (!all)
		return fail_hex(scan, word, size);
	*length = octets;
	return true;
}
