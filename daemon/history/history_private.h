/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the files of a history share: a connection, and statements with their
 * values in one line.
 */
#ifndef GAITD_HISTORY_PRIVATE_H
#define GAITD_HISTORY_PRIVATE_H

#include "daemon/history/history.h"

#include <sqlite3.h>

#define HISTORY_APPLICATION 0x67616974 /* "gait" */
#define HISTORY_FORMAT 2 /* PRAGMA user_version */

#define HISTORY_KEPT_STATEMENTS 24

struct history {
	sqlite3 *db;
	int code; /* of SQLite; SQLITE_OK or the first that went wrong */
	char why[256];
	char path[4096];
	struct {
		const char *sql; /* a literal, known by its address */
		sqlite3_stmt *statement;
	} kept[HISTORY_KEPT_STATEMENTS];
	size_t kept_count;
};

/* The statement with its values bound: "itd" are an int64_t, a text (NULL: NULL)
 * and a double (NaN: NULL); "I" is an int64_t that is NULL where it is negative.
 * NULL, and noted, when it cannot be. */
sqlite3_stmt *history_prepare(struct history *history, const char *sql,
                              const char *types, ...);
/* A row, or not; what went wrong is noted. */
bool history_row(struct history *history, sqlite3_stmt *statement);
/* Runs to its end, and is ready for the next values. */
bool history_step(struct history *history, sqlite3_stmt *statement);
/* Likewise, but it is kept prepared, as each second asks for it anew, and SQLite takes
 * longer to work it out than to do it; `sql` is a literal. history_put_back() it. */
sqlite3_stmt *history_take(struct history *history, const char *sql, const char *types, ...);
void history_put_back(struct history *history, sqlite3_stmt *statement);
void history_forget_statements(struct history *history);
/* Runs to the end; `sql` is a literal. */
bool history_do(struct history *history, const char *sql, const char *types, ...);
/* The one number of the one row; `none` if there is no row. */
int64_t history_number(struct history *history, const char *sql, int64_t none,
                       const char *types, ...);
/* What `code` means */
enum history_result history_result(const struct history *history);
/* Forgets what went wrong before. */
void history_clear(struct history *history);
enum history_result history_begin(struct history *history);
/* Commits when all was good, else takes back. */
enum history_result history_end(struct history *history);

/* A column as SQLite gives it may hold anything, of any type, whatever was written: a
 * disk errs, and others have the file too. These take what can be; what cannot, as
 * NULL, is as if it had not been told. */
#define HISTORY_TIME_MAX INT64_C(253402300799) /* the last second of the year 9999 */
/* "" for NULL; valid until the statement goes on */
const char *history_text(sqlite3_stmt *statement, int column);
void history_copy_text(char *out, size_t size, sqlite3_stmt *statement, int column);
double history_double(sqlite3_stmt *statement, int column); /* finite, or NaN */
/* From `low` to `high`; false, and `out` untouched, if it is none of these. */
bool history_whole(sqlite3_stmt *statement, int column, int64_t low, int64_t high,
                   int64_t *out);
/* Likewise, 0 if it is none */
uint32_t history_count(sqlite3_stmt *statement, int column);
bool history_time(sqlite3_stmt *statement, int column, int64_t *out); /* or 0 */
int32_t history_offset(sqlite3_stmt *statement, int column); /* of a time zone, or 0 */

/* history_sessions.c: the columns of a session s that are kept for the runner's
 * next ones, and how they are read from the column `at` on; false: they are not
 * known to be his */
#define HISTORY_KEPT_SQL \
	"s.kept, s.distance_m, s.run_s, s.run_kmh, s.cv_pct, s.pain, s.pain_at_s," \
	" s.morning_pain, s.told_of_shoes"
#define HISTORY_KEPT_COLUMNS 9
bool history_read_kept(sqlite3_stmt *statement, int at, int64_t start_s,
                       struct runner_session *out);
bool history_read_baseline(struct history *history, int64_t id,
                           struct runner_bin bins[RUNNER_BINS]);
/* history_seconds.c */
bool history_write_seconds(struct history *history, int64_t id,
                           const struct session_second *seconds, size_t count);
bool history_read_seconds(struct history *history, int64_t id, struct session_log *log);
/* history_events.c */
bool history_write_events(struct history *history, int64_t id,
                          const struct session_event *events, size_t count,
                          size_t first);
bool history_read_events(struct history *history, int64_t id, struct session_log *log);
/* history_runners.c: what the shoes ran in a session that has ended */
bool history_wear_shoes(struct history *history, const char *runner,
                        const struct runner_session *kept);

#endif
