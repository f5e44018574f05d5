/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/unit/facts.h"

#include "protocol/hex.h"

#include <CUnit/CUnit.h>
#include <CUnit/TestDB.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- tables ---- */

static char *read_text(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0, length = 0;

	if (!file)
		return NULL;
	do {
		size += 65536;
		text = realloc(text, size + 1);
		if (!text)
			abort();
		length += fread(text + length, 1, size - length, file);
	} while (length == size);
	fclose(file);
	text[length] = '\0';
	return text;
}

static struct fact_row cut_row(const char *path, unsigned line, char *text)
{
	struct fact_row row = { .path = path, .line = line };

	for (size_t i = 0; i < FACT_COLUMNS; i++)
		row.column[i] = text ? strsep(&text, "\t") : "";
	return row;
}

static void add_row(struct fact_table *table, struct fact_row row)
{
	if (table->header.line == 0) {
		table->header = row;
		return;
	}
	/* powers of two are when the room is used up */
	if ((table->count & (table->count - 1)) == 0) {
		size_t room = table->count ? table->count * 2 : 1;

		table->rows = realloc(table->rows, room * sizeof(row));
		if (!table->rows)
			abort();
	}
	table->rows[table->count++] = row;
}

struct fact_table fact_table_read(const char *path)
{
	struct fact_table table = { .text = read_text(path) };
	struct fact_row where = { .path = path };
	char *rest = table.text, *line;

	if (!table.text)
		fact_fail(&where, "cannot be read");
	for (unsigned number = 1; (line = strsep(&rest, "\n")); number++)
		if (*line && *line != '#')
			add_row(&table, cut_row(path, number, line));
	if (table.count == 0)
		fact_fail(&where, "no rows");
	return table;
}

void fact_table_free(struct fact_table *table)
{
	free(table->rows);
	free(table->text);
}

const char *fact(const struct fact_table *table, const struct fact_row *row,
                 const char *heading)
{
	for (size_t i = 0; table->header.line && i < FACT_COLUMNS; i++)
		if (strcmp(table->header.column[i], heading) == 0)
			return row->column[i];
	fact_fail(row, "no column \"%s\"", heading);
	return "";
}

/* ---- tokens ---- */

struct fact_tokens fact_tokens_of(const char *text)
{
	return (struct fact_tokens){
		.at = text,
		.separator = strchr(text, ';') ? ';' : ' ',
	};
}

static void append(char *text, size_t size, char letter)
{
	size_t length = strlen(text);

	if (length + 1 < size) {
		text[length] = letter;
		text[length + 1] = '\0';
	}
}

/* Reads up to the closing bracket. */
static const char *take_note(const char *at, struct fact_token *token)
{
	while (*at && *at != ')')
		append(token->note, sizeof(token->note), *at++);
	return *at ? at + 1 : at;
}

static const char *take_token(const char *at, char separator,
                              struct fact_token *token)
{
	bool in_value = false;

	memset(token, 0, sizeof(*token));
	while (*at && *at != separator) {
		if (*at == '(') {
			at = take_note(at + 1, token);
			continue;
		}
		if (*at == '=' && !in_value)
			in_value = true;
		else if (in_value)
			append(token->value, sizeof(token->value), *at);
		else
			append(token->name, sizeof(token->name), *at);
		at++;
	}
	return at;
}

bool fact_token_next(struct fact_tokens *tokens, struct fact_token *token)
{
	do {
		while (*tokens->at == tokens->separator || *tokens->at == ' ')
			tokens->at++;
		if (!*tokens->at)
			return false;
		tokens->at = take_token(tokens->at, tokens->separator, token);
	} while (!token->name[0]);
	return true;
}

bool fact_token_find(const char *text, const char *name,
                     struct fact_token *token)
{
	struct fact_tokens tokens = fact_tokens_of(text);

	while (fact_token_next(&tokens, token))
		if (strcmp(token->name, name) == 0)
			return true;
	return false;
}

double fact_number(const struct fact_row *row, const struct fact_token *token)
{
	char *end;
	double value = strtod(token->value, &end);

	if (end == token->value || *end)
		fact_fail(row, "%s=%s is not a number", token->name,
		          token->value);
	return value;
}

size_t fact_hex(const struct fact_row *row, const char *hex, uint8_t *bytes,
                size_t size)
{
	size_t length = 0;

	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		if (length == size || !hex_octet(hex, &bytes[length])) {
			fact_fail(row, "bad hex at \"%s\"", hex);
			return 0;
		}
		length++;
		hex++;
	}
	return length;
}

bool fact_listed(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(name, *list) == 0)
			return true;
	return false;
}

/* ---- verdicts ---- */

void fact_fail(const struct fact_row *row, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "\n%s:%u: ", row->path, row->line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	CU_FAIL("a fact does not hold");
}

void fact_check(const struct fact_row *row, const struct fact_token *token,
                double saw, double tolerance)
{
	double expected = fact_number(row, token);

	if (fabs(saw - expected) <= tolerance) {
		CU_PASS("as it should be");
		return;
	}
	fact_fail(row, "%s: expected %.6f, saw %.6f", token->name, expected,
	          saw);
}
