/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A history's file that something has damaged, opened as the daemon opens it:
 * it is read, or set aside and made anew; never is it in the way, and what is
 * read of it lies within what the rest of gaitd goes by, so that it sums up and
 * exports.
 *
 * An input is a list of damages to a file with two runners and three sessions,
 * each an octet and its arguments: octets over others, the file cut, values of
 * any type in any column. A first octet of ff: the rest is the file.
 */
#include "daemon/history/shelf.h"
#include "tests/fuzz/log_use.h"
#include "tests/fuzz/scratch.h"
#include "tests/unit/made_session.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OPERATIONS_MAX 24
#define NOW_S (MADE_START_S + 864000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char directory[SCRATCH_MAX], path[300];
static char *whole; /* the file as it was before anything happened to it */
static size_t whole_size;

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* ---- the file, whole and damaged --------------------------------------------
 */

/* With what was set aside */
static void empty_directory(void)
{
	char name[600];
	struct dirent *entry;
	DIR *dir = opendir(directory);

	require(dir != NULL);
	while ((entry = readdir(dir)) != NULL) {
		snprintf(name, sizeof(name), "%s/%s", directory, entry->d_name);
		if (entry->d_name[0] != '.')
			unlink(name);
	}
	closedir(dir);
}

static void keep_session(struct history *history, const char *runner,
                         int64_t start_s, bool ended)
{
	const struct history_touch touch = { "a-boot", 1234 };
	struct history_session session = { 0 };
	struct session_log log;

	made_session(&log, runner, start_s);
	made_session_run(&log, 62);
	log.ended = ended;
	require(history_write(history, &session, &log, 0, 0, &touch) ==
	        HISTORY_OK);
	session_log_free(&log);
}

static void read_whole(void)
{
	FILE *file = fopen(path, "rb");

	require(file && fseek(file, 0, SEEK_END) == 0);
	whole_size = (size_t)ftell(file);
	whole = malloc(whole_size);
	rewind(file);
	require(whole && fread(whole, 1, whole_size, file) == whole_size);
	fclose(file);
}

static void make_whole(void)
{
	enum history_result result;
	struct history *history;
	struct history_runner runner = { .has_added = true,
		                         .added_s = MADE_START_S };
	char why[200];

	scratch_make(directory);
	snprintf(path, sizeof(path), "%s/history.sqlite", directory);
	history = history_open(path, HISTORY_CREATE, &result, why, sizeof(why));
	require(history != NULL);
	snprintf(runner.name, sizeof(runner.name), "Ada");
	snprintf(runner.pod, sizeof(runner.pod), "ant 57043");
	runner_init(&runner.told);
	require(history_add_runner(history, &runner) == HISTORY_OK);
	snprintf(runner.name, sizeof(runner.name), "Bo");
	runner.pod[0] = '\0';
	require(history_add_runner(history, &runner) == HISTORY_OK);
	keep_session(history, "Ada", 0, true);
	keep_session(history, "Ada", 86400, true);
	keep_session(history, NULL, 172800, false);
	require(history_settle(history) == HISTORY_OK);
	history_close(history);
	read_whole();
}

static void put_file(const void *bytes, size_t length)
{
	FILE *file;

	empty_directory();
	file = fopen(path, "wb");
	require(file && fwrite(bytes, 1, length, file) == length &&
	        fclose(file) == 0);
}

/* ---- damages
 * ----------------------------------------------------------------- */

struct story {
	const uint8_t *at;
	size_t left;
};

static uint8_t next_octet(struct story *story)
{
	if (story->left == 0)
		return 0;
	story->left--;
	return *story->at++;
}

static uint32_t next_number(struct story *story, unsigned octets)
{
	uint32_t number = 0;

	while (octets-- > 0)
		number = number << 8 | next_octet(story);
	return number;
}

static void overwrite(struct story *story)
{
	size_t at = next_number(story, 3) % whole_size;
	size_t count = 1 + next_octet(story) % 16u;
	FILE *file = fopen(path, "r+b");

	require(file && fseek(file, (long)at, SEEK_SET) == 0);
	while (count-- > 0)
		fputc(next_octet(story), file);
	fclose(file);
}

static void cut(struct story *story)
{
	require(truncate(path, (off_t)(next_number(story, 3) % whole_size)) ==
	        0);
}

/* clang-format off */
static const struct {
	const char *table, *column;
} places[] = {
	{ "runner", "name" },      { "runner", "pin" },       { "runner", "pod" },
	{ "runner", "profile" },   { "runner", "added_s" },   { "runner", "exports" },
	{ "session", "runner" },   { "session", "ended" },    { "session", "start_s" },
	{ "session", "offset_s" }, { "session", "length_s" }, { "session", "boot" },
	{ "session", "boot_ms" },  { "session", "treadmill" }, { "session", "footpod" },
	{ "session", "miles" },    { "session", "lang" },     { "session", "cut" },
	{ "session", "who" },      { "session", "kept" },     { "session", "distance_m" },
	{ "session", "run_s" },    { "session", "run_kmh" },  { "session", "cv_pct" },
	{ "session", "pain" },     { "session", "pain_at_s" }, { "session", "morning_pain" },
	{ "session", "told_of_shoes" }, { "baseline", "bin" }, { "baseline", "seconds" },
	{ "baseline", "kmh_sum" }, { "baseline", "spm_sum" }, { "second", "at_s" },
	{ "second", "speed_x100_kmh" }, { "second", "incline_x10_pct" },
	{ "second", "cadence_spm" }, { "second", "target_spm" }, { "second", "step_cm" },
	{ "second", "heart_rate_bpm" }, { "second", "distance_m" }, { "second", "elapsed_s" },
	{ "second", "gait" },      { "second", "elevation_gain_m" }, { "second", "energy_kcal" },
	{ "second", "stance_x10_pct" }, { "second", "low_spm" }, { "second", "high_spm" },
	{ "event", "number" },     { "event", "at_s" },       { "event", "kind" },
	{ "event", "prompt" },     { "event", "value" },      { "event", "rule" },
	{ "event", "level" },      { "event", "headline" },   { "event", "text" },
};
/* clang-format on */

static void bind_value(sqlite3_stmt *statement, struct story *story)
{
	static const int64_t numbers[] = { 0,         -1,        INT64_MAX,
		                           INT64_MIN, INT32_MAX, 4294967296 };
	static const double reals[] = { 1e308, -1e308, 1e-300, -0.5 };
	uint8_t kind = next_octet(story), value = next_octet(story);
	size_t length = story->left < value ? story->left : value;

	switch (kind % 6) {
	case 0:
		sqlite3_bind_int64(statement, 1, numbers[value % 6]);
		break;
	case 1:
		sqlite3_bind_int64(statement, 1,
		                   (int32_t)next_number(story, 4));
		break;
	case 2:
		sqlite3_bind_double(statement, 1, reals[value % 4]);
		break;
	case 3:
		break; /* NULL */
	case 4:
		sqlite3_bind_blob(statement, 1, story->at, (int)length,
		                  SQLITE_TRANSIENT);
		break;
	case 5:
		sqlite3_bind_text(statement, 1, (const char *)story->at,
		                  (int)length, SQLITE_TRANSIENT);
		break;
	}
	if (kind % 6 >= 4) {
		story->at += length;
		story->left -= length;
	}
}

/* Of one row of that table, or of all */
static void set_value(struct story *story)
{
	size_t place = next_octet(story) % (sizeof(places) / sizeof(places[0]));
	uint8_t row = next_octet(story);
	sqlite3_stmt *statement = NULL;
	sqlite3 *db = NULL;
	char sql[200];

	snprintf(sql, sizeof(sql),
	         "UPDATE OR REPLACE %s SET %s = ?1 WHERE ?2 = 0 OR %s = ?2",
	         places[place].table, places[place].column,
	         strcmp(places[place].table, "second") == 0  ? "at_s"
	         : strcmp(places[place].table, "event") == 0 ? "number"
	         : strcmp(places[place].table, "runner") == 0 ||
	                         strcmp(places[place].table, "session") == 0
	                 ? "id"
	                 : "bin");
	if (sqlite3_open(path, &db) == SQLITE_OK &&
	    sqlite3_exec(db,
	                 "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF",
	                 NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK) {
		bind_value(statement, story);
		sqlite3_bind_int(statement, 2, row);
		sqlite3_step(statement);
	}
	sqlite3_finalize(statement);
	sqlite3_close(db);
}

static void damage(struct story *story)
{
	for (unsigned i = 0; story->left > 0 && i < OPERATIONS_MAX; i++)
		switch (next_octet(story) % 8) {
		case 0:
		case 1:
			overwrite(story);
			break;
		case 2:
			cut(story);
			break;
		default:
			set_value(story);
			break;
		}
}

/* ---- what is read of it
 * -------------------------------------------------------- */

static bool look_at_entry(const struct history_entry *entry, void *user)
{
	struct history *history = user;
	struct session_log log;

	require(memchr(entry->runner, '\0', sizeof(entry->runner)) != NULL);
	session_log_init(&log);
	if (history_load_session(history, entry->id, &log) == HISTORY_OK)
		log_use(&log);
	session_log_free(&log);
	return true;
}

static bool look_at_runner(const struct history_runner *runner, void *user)
{
	struct runner known;

	require(memchr(runner->name, '\0', sizeof(runner->name)) != NULL);
	(void)history_know_runner(user, runner, NOW_S, 3600, &known);
	return true;
}

static void use(struct shelf *shelf, struct history *history)
{
	struct history_touch touch;
	struct history_runner runner;
	int64_t id, count;

	(void)history_each_runner(history, look_at_runner, history);
	(void)history_list(history, NULL, INT64_MAX, look_at_entry, history);
	(void)history_find_pod(history, "ant 57043", &runner);
	if (history_under_way(history, &id, &touch) == HISTORY_OK)
		(void)history_close_others(history, id, NULL, NULL);
	(void)history_forget_before(history, MADE_START_S + 1, &count);
	(void)shelf_did(shelf, history_forget_runner(history, "Ada"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct shelf shelf;
	struct story story = { data, size };
	enum history_result result;

	if (!whole)
		make_whole();
	if (size > 0 && data[0] == 0xff) {
		put_file(data + 1, size - 1);
	} else {
		put_file(whole, whole_size);
		damage(&story);
	}
	memset(&shelf, 0, sizeof(shelf));
	snprintf(shelf.path, sizeof(shelf.path), "%s", path);
	if (shelf_open(&shelf, true, &result))
		use(&shelf, shelf.history);
	else
		require(result == HISTORY_NEWER);
	shelf_close(&shelf);
	/* and the next start finds something that goes */
	require(shelf_open(&shelf, true, &result) || result == HISTORY_NEWER);
	shelf_close(&shelf);
	return 0;
}
