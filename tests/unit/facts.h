/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The rows of tests/data/ as facts: a table of tab-separated columns, of which
 * one may hold `name=value` tokens that say what the bytes mean.
 */
#ifndef GAITD_FACTS_H
#define GAITD_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FACT_COLUMNS 12

struct fact_row {
	const char *path;
	unsigned line;                      /* of the file, from 1 */
	const char *column[FACT_COLUMNS];   /* "" where the row is short */
};

struct fact_table {
	struct fact_row header, *rows;
	size_t count;
	char *text;
};

/* Reads a whole file; lines that begin with # are comments, the first other
 * line names the columns. A file that cannot be read, or has no row, fails the
 * test at once. */
struct fact_table fact_table_read(const char *path);
void fact_table_free(struct fact_table *table);
/* The row's field below that heading; an unknown heading fails the test. */
const char *fact(const struct fact_table *table, const struct fact_row *row,
                 const char *heading);

/* One token of an `expected` column: name=value(note). A word without = has an
 * empty value, a note that stands alone is skipped. Tokens end at ; where the
 * text has one, at blanks elsewhere. */
struct fact_token {
	char name[512];
	char value[1024];
	char note[256];
};

struct fact_tokens {
	const char *at;
	char separator;
};

struct fact_tokens fact_tokens_of(const char *text);
bool fact_token_next(struct fact_tokens *tokens, struct fact_token *token);
/* The value of the first token of that name, in `token`; false without one. */
bool fact_token_find(const char *text, const char *name,
                     struct fact_token *token);

/* A whole decimal or 0x number; anything else fails the test, with the row. */
double fact_number(const struct fact_row *row, const struct fact_token *token);
/* Bytes of a hex text, blanks skipped, `size` at most; else fails the test. */
size_t fact_hex(const struct fact_row *row, const char *hex, uint8_t *bytes,
                size_t size);

/* Is `name` in the NULL-ended list? */
bool fact_listed(const char *name, const char *const *list);

/* Fails the test and says where: FILE:LINE: and the message. */
void fact_fail(const struct fact_row *row, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
/* Fails unless `saw` is within `tolerance` of the token's number. */
void fact_check(const struct fact_row *row, const struct fact_token *token,
                double saw, double tolerance);

#endif
