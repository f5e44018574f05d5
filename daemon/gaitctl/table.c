/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/gaitctl/table.h"

#include "protocol/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool table_can_be_live(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

/* A line that wraps could not be gone back over. */
static size_t line_width(const struct table *table)
{
	struct winsize size;

	if (!table->live)
		return SIZE_MAX;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 20)
		return 79;
	return size.ws_col - 1u;
}

/* Prints at most `most` characters, and says how many. */
static size_t print_cut(const char *text, size_t most)
{
	size_t count = 0;

	while (*text && count < most) {
		size_t octets = utf8_printable(text, strlen(text));

		if (octets == 0)
			octets = 1;
		fwrite(text, 1, octets, stdout);
		text += octets;
		count++;
	}
	return count;
}

void table_begin(struct table *table)
{
	if (table->live && table->lines)
		printf("\033[%zuA\033[J", table->lines);
	table->lines = 0;
}

void table_row(struct table *table, const char *const texts[])
{
	size_t left = line_width(table);

	for (size_t i = 0; i < table->count; i++) {
		size_t width = (size_t)table->columns[i].width;
		size_t most = width && width < left ? width : left;
		size_t used = print_cut(texts[i], most);

		left -= used;
		for (; width && i + 1 < table->count && used < width + 2 && left; used++, left--)
			putchar(' ');
	}
	putchar('\n');
	table->lines++;
}

void table_head(struct table *table)
{
	const char *heads[8];

	for (size_t i = 0; i < table->count; i++)
		heads[i] = table->columns[i].head;
	table_row(table, heads);
}

void table_line(struct table *table, const char *format, ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	print_cut(text, line_width(table));
	putchar('\n');
	table->lines++;
}

void table_end(struct table *table)
{
	(void)table;
	fflush(stdout);
}
