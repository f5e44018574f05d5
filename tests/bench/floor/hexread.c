/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A floor for the replay: reads a recording and decodes its hex, and does nothing
 * with it but add it up.
 *
 *	hexread FILE: prints lines, octets and their sum
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ROOM (1u << 16)
#define HEX_NONE 0x80

static uint8_t digits[256]; /* HEX_NONE: none */

static struct {
	uint64_t lines, octets, sum;
} total;

static void prepare(void)
{
	memset(digits, HEX_NONE, sizeof(digits));
	for (unsigned i = 0; i < 10; i++)
		digits['0' + i] = (uint8_t)i;
	for (unsigned i = 0; i < 6; i++)
		digits['a' + i] = digits['A' + i] = (uint8_t)(10 + i);
}

/* The last word of a line, if it is hex; `at` is behind it. */
static void take_line(const char *line, const char *at)
{
	const char *word = at;

	total.lines++;
	while (word > line && word[-1] != ' ')
		word--;
	for (; at - word >= 2; word += 2) {
		unsigned high = digits[(uint8_t)word[0]], low = digits[(uint8_t)word[1]];

		if ((high | low) & HEX_NONE)
			return;
		total.octets++;
		total.sum = total.sum * 31 + (high << 4 | low);
	}
}

/* Returns how much of `text` were whole lines. */
static size_t take_lines(const char *text, size_t length)
{
	const char *at = text, *end = text + length, *newline;

	while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
		if (*at != '#')
			take_line(at, newline);
		at = newline + 1;
	}
	return (size_t)(at - text);
}

int main(int argc, char **argv)
{
	static char text[ROOM];
	size_t held = 0, taken;
	ssize_t count;
	int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		return 2;
	prepare();
	while ((count = read(fd, text + held, ROOM - held)) > 0) {
		held += (size_t)count;
		taken = take_lines(text, held);
		if (taken == 0 && held == ROOM)
			return 1; /* a line longer than there is room */
		held -= taken;
		memmove(text, text + taken, held);
	}
	printf("%llu lines, %llu octets, sum %016llx\n", (unsigned long long)total.lines,
	       (unsigned long long)total.octets, (unsigned long long)total.sum);
	return 0;
}
