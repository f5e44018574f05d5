/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A small table on standard output. On a terminal it may be live: printed over
 * what stood there before.
 */
#ifndef GAITD_TABLE_H
#define GAITD_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct table_column {
	const char *head;
	int width; /* 0: as wide as it gets; for the last one */
};

struct table {
	const struct table_column *columns;
	size_t count;
	bool live;
	size_t lines; /* that it has now: to go back over */
};

/* Is standard output a terminal that can go back? */
bool table_can_be_live(void);

void table_begin(struct table *table);
void table_head(struct table *table);
/* As many texts as columns; what is too long is cut. */
void table_row(struct table *table, const char *const texts[]);
/* A line of its own */
void table_line(struct table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void table_end(struct table *table);

#endif
