/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Statements with their values in one line, and what SQLite says of them.
 */
#include "daemon/history/history_private.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define OFFSET_MAX_S 86400

static void note(struct history *h, int code)
{
	if (h->code == SQLITE_OK)
		h->code = code;
	if (h->why[0] == '\0')
		snprintf(h->why, sizeof(h->why), "%s",
		         h->db ? sqlite3_errmsg(h->db) : sqlite3_errstr(code));
}

void history_clear(struct history *h)
{
	h->code = SQLITE_OK;
	h->why[0] = '\0';
}

const char *history_why(const struct history *h)
{
	if (h->why[0] != '\0')
		return h->why;
	return h->code == SQLITE_OK ? "nothing" : sqlite3_errstr(h->code);
}

enum history_result history_result(const struct history *h)
{
	switch (h->code & 0xff) {
	case SQLITE_OK:
		return HISTORY_OK;
	case SQLITE_CONSTRAINT:
		return HISTORY_TAKEN;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return HISTORY_BUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_ERROR: /* our statements are right: a table, or the form, is not there */
		return HISTORY_DAMAGED;
	}
	return HISTORY_FAILED;
}

static void bind(sqlite3_stmt *statement, const char *types, va_list values)
{
	for (int i = 1; types[i - 1]; i++) {
		int64_t whole;
		double number;

		switch (types[i - 1]) {
		case 't':
			sqlite3_bind_text(statement, i, va_arg(values, const char *), -1,
			                  SQLITE_TRANSIENT);
			break;
		case 'd': /* NaN becomes NULL by itself */
			number = va_arg(values, double);
			sqlite3_bind_double(statement, i, number);
			break;
		case 'i':
		case 'I':
			whole = va_arg(values, int64_t);
			if (whole >= 0 || types[i - 1] == 'i')
				sqlite3_bind_int64(statement, i, whole);
			break;
		}
	}
}

static sqlite3_stmt *make(struct history *h, const char *sql, unsigned flags)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v3(h->db, sql, -1, flags, &statement, NULL);

	if (code != SQLITE_OK)
		note(h, code);
	return statement;
}

sqlite3_stmt *history_prepare(struct history *h, const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement = make(h, sql, 0);
	va_list values;

	va_start(values, types);
	if (statement)
		bind(statement, types, values);
	va_end(values);
	return statement;
}

/* ---- those that are kept -------------------------------------------------------- */

static sqlite3_stmt *take(struct history *h, const char *sql, const char *types,
                          va_list values)
{
	sqlite3_stmt *statement = NULL;

	for (size_t i = 0; !statement && i < h->kept_count; i++)
		if (h->kept[i].sql == sql)
			statement = h->kept[i].statement;
	if (!statement) {
		statement = make(h, sql, SQLITE_PREPARE_PERSISTENT);
		if (statement && h->kept_count < HISTORY_KEPT_STATEMENTS) {
			h->kept[h->kept_count].sql = sql;
			h->kept[h->kept_count++].statement = statement;
		}
	}
	if (statement)
		bind(statement, types, values);
	return statement;
}

sqlite3_stmt *history_take(struct history *h, const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement;
	va_list values;

	va_start(values, types);
	statement = take(h, sql, types, values);
	va_end(values);
	return statement;
}

void history_put_back(struct history *h, sqlite3_stmt *statement)
{
	for (size_t i = 0; i < h->kept_count; i++) {
		if (h->kept[i].statement == statement) {
			sqlite3_reset(statement);
			sqlite3_clear_bindings(statement);
			return;
		}
	}
	sqlite3_finalize(statement);
}

void history_forget_statements(struct history *h)
{
	while (h->kept_count > 0)
		sqlite3_finalize(h->kept[--h->kept_count].statement);
}

/* ---- what is done with them ------------------------------------------------------- */

bool history_row(struct history *h, sqlite3_stmt *statement)
{
	int code = statement ? sqlite3_step(statement) : SQLITE_DONE;

	if (code != SQLITE_ROW && code != SQLITE_DONE)
		note(h, code);
	return code == SQLITE_ROW;
}

bool history_step(struct history *h, sqlite3_stmt *statement)
{
	while (history_row(h, statement))
		;
	if (statement)
		sqlite3_reset(statement);
	return h->code == SQLITE_OK;
}

bool history_do(struct history *h, const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement;
	va_list values;

	va_start(values, types);
	statement = take(h, sql, types, values);
	va_end(values);
	history_step(h, statement);
	history_put_back(h, statement);
	return h->code == SQLITE_OK;
}

int64_t history_number(struct history *h, const char *sql, int64_t none,
                       const char *types, ...)
{
	sqlite3_stmt *statement;
	va_list values;
	int64_t number = none;

	va_start(values, types);
	statement = take(h, sql, types, values);
	va_end(values);
	if (history_row(h, statement))
		number = sqlite3_column_int64(statement, 0);
	history_put_back(h, statement);
	return number;
}

enum history_result history_begin(struct history *h)
{
	history_clear(h);
	history_do(h, "BEGIN IMMEDIATE", "");
	return history_result(h);
}

enum history_result history_end(struct history *h)
{
	if (h->code == SQLITE_OK)
		history_do(h, "COMMIT", "");
	if (h->code != SQLITE_OK && !sqlite3_get_autocommit(h->db))
		sqlite3_exec(h->db, "ROLLBACK", NULL, NULL, NULL);
	return history_result(h);
}

const char *history_text(sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);

	return text ? text : ""; /* an empty blob's is NULL as well */
}

void history_copy_text(char *out, size_t size, sqlite3_stmt *statement, int column)
{
	snprintf(out, size, "%s", history_text(statement, column));
}

double history_double(sqlite3_stmt *statement, int column)
{
	double value = sqlite3_column_double(statement, column);

	return sqlite3_column_type(statement, column) == SQLITE_NULL || !isfinite(value)
	               ? (double)NAN
	               : value;
}

bool history_whole(sqlite3_stmt *statement, int column, int64_t low, int64_t high,
                   int64_t *out)
{
	int64_t value = sqlite3_column_int64(statement, column);

	if (sqlite3_column_type(statement, column) == SQLITE_NULL || value < low ||
	    value > high)
		return false;
	*out = value;
	return true;
}

uint32_t history_count(sqlite3_stmt *statement, int column)
{
	int64_t count = 0;

	history_whole(statement, column, 0, UINT32_MAX, &count);
	return (uint32_t)count;
}

bool history_time(sqlite3_stmt *statement, int column, int64_t *out)
{
	*out = 0;
	return history_whole(statement, column, 0, HISTORY_TIME_MAX, out);
}

int32_t history_offset(sqlite3_stmt *statement, int column)
{
	int64_t offset_s = 0;

	history_whole(statement, column, -OFFSET_MAX_S, OFFSET_MAX_S, &offset_s);
	return (int32_t)offset_s;
}
