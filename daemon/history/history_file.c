/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The file: how it is opened, made, brought up to date, looked through and, if
 * it is damaged, set aside.
 */
#include "daemon/history/history_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BUSY_MS 3000 /* for as long another program may have it */
#define DAMAGED ".damaged-"
#define FOREIGN ".foreign-"

/* Each brings the format before it up to its own. A format only ever adds: what
 * one before it does not know of has a default, so that this gaitd can be put
 * back by one version and both read and write the file (HISTORY_FORMAT + 1 is
 * opened, and its number left as it is). */
static const char *const migrations[HISTORY_FORMAT] = {
	"CREATE TABLE runner ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,"
	" pin TEXT NOT NULL DEFAULT '', pod TEXT UNIQUE,"
	" profile TEXT NOT NULL DEFAULT '{}', added_s INTEGER);"
	"CREATE TABLE session ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" runner INTEGER REFERENCES runner ON DELETE CASCADE," /* NULL: anonymous */
	" ended INTEGER NOT NULL DEFAULT 0,"
	" start_s INTEGER, offset_s INTEGER NOT NULL DEFAULT 0,"
	" length_s INTEGER NOT NULL DEFAULT 0,"
	" boot TEXT NOT NULL DEFAULT '', boot_ms INTEGER NOT NULL DEFAULT 0,"
	" treadmill TEXT NOT NULL DEFAULT '', footpod TEXT NOT NULL DEFAULT '',"
	" miles INTEGER NOT NULL DEFAULT 0, lang TEXT NOT NULL DEFAULT 'en',"
	" cut INTEGER NOT NULL DEFAULT 0, who TEXT NOT NULL DEFAULT '{}',"
	/* struct runner_session */
	" kept INTEGER NOT NULL DEFAULT 0, distance_m REAL, run_s INTEGER,"
	" run_kmh REAL, cv_pct REAL, pain INTEGER, pain_at_s INTEGER,"
	" morning_pain INTEGER, told_of_shoes INTEGER NOT NULL DEFAULT 0);"
	"CREATE INDEX session_of_runner ON session (runner, start_s);"
	"CREATE INDEX session_start ON session (start_s);"
	"CREATE INDEX session_under_way ON session (id) WHERE ended = 0;"
	"CREATE TABLE baseline ("
	" session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,"
	" bin INTEGER NOT NULL, seconds INTEGER NOT NULL, kmh_sum REAL NOT NULL,"
	" spm_sum REAL NOT NULL, PRIMARY KEY (session, bin)) WITHOUT ROWID;"
	"CREATE TABLE second ("
	" session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,"
	" at_s INTEGER NOT NULL, speed_x100_kmh INTEGER, incline_x10_pct INTEGER,"
	" cadence_spm INTEGER, target_spm INTEGER, step_cm INTEGER,"
	" heart_rate_bpm INTEGER, distance_m INTEGER, elapsed_s INTEGER,"
	" gait INTEGER, elevation_gain_m INTEGER, energy_kcal INTEGER,"
	" oscillation_x10_mm INTEGER, ground_contact_ms INTEGER,"
	" stance_x10_pct INTEGER, balance_x10_pct INTEGER,"
	" vertical_ratio_x10_pct INTEGER, low_spm INTEGER, high_spm INTEGER,"
	" PRIMARY KEY (session, at_s)) WITHOUT ROWID;"
	"CREATE TABLE event ("
	" session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,"
	" number INTEGER NOT NULL, at_s INTEGER NOT NULL, kind TEXT NOT NULL,"
	" prompt INTEGER NOT NULL DEFAULT 0, value INTEGER NOT NULL DEFAULT 0,"
	" rule TEXT NOT NULL DEFAULT '', level TEXT NOT NULL DEFAULT '',"
	" headline TEXT NOT NULL DEFAULT '', text TEXT NOT NULL DEFAULT '',"
	" PRIMARY KEY (session, number)) WITHOUT ROWID;",

	/* a folder that a runner's sessions are exported to */
	"ALTER TABLE runner ADD COLUMN exports TEXT NOT NULL DEFAULT '';",
};

/* ---- making it ------------------------------------------------------------ */

/* Whoever makes it as root makes it for the owner of its directory. */
static bool make_for_owner(int fd, const char *directory)
{
	struct stat st;

	return geteuid() != 0 || stat(directory, &st) < 0 ||
	       fchown(fd, st.st_uid, st.st_gid) == 0;
}

/* Empty, and its owner's alone from its first instant: SQLite gives its
 * companions the same mode. */
static bool make_file(const char *path)
{
	char copy[4096], *directory;
	bool good;
	int fd;

	snprintf(copy, sizeof(copy), "%s", path);
	directory = dirname(copy);
	if (mkdir(directory, 0700) < 0 && errno == ENOENT) { /* as ~/.local/state */
		char above[4096];

		snprintf(above, sizeof(above), "%s", directory);
		mkdir(dirname(above), 0700);
		mkdir(directory, 0700);
	}
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST;
	good = make_for_owner(fd, directory);
	close(fd);
	return good;
}

/* ---- opening it ----------------------------------------------------------- */

static bool migrate(struct history *h)
{
	int64_t format = history_number(h, "PRAGMA user_version", 0, "");
	char sql[64];

	for (int64_t i = format; i < HISTORY_FORMAT && h->code == SQLITE_OK; i++) {
		snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", (int)i + 1);
		if (history_begin(h) != HISTORY_OK)
			return false;
		h->code = sqlite3_exec(h->db, migrations[i], NULL, NULL, NULL);
		if (h->code == SQLITE_OK)
			h->code = sqlite3_exec(h->db, sql, NULL, NULL, NULL);
		history_end(h);
	}
	return h->code == SQLITE_OK;
}

/* Some of these write nothing, some only where there is nothing yet. */
static bool set_up(struct history *h, enum history_mode mode)
{
	static const char *const pragmas[] = {
		"PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON",
		"PRAGMA foreign_keys = ON", "PRAGMA trusted_schema = OFF",
		"PRAGMA cell_size_check = ON", "PRAGMA journal_mode = WAL",
	};
	size_t count = sizeof(pragmas) / sizeof(pragmas[0]);

	if (mode == HISTORY_READ)
		count--;
	for (size_t i = 0; i < count && h->code == SQLITE_OK; i++)
		h->code = sqlite3_exec(h->db, pragmas[i], NULL, NULL, NULL);
	return h->code == SQLITE_OK;
}

/* SQLite reads the first page with the first statement. A file of nothing is a
 * new one; another application's is not touched. */
static enum history_result recognize(struct history *h, enum history_mode mode)
{
	int64_t application = history_number(h, "PRAGMA application_id", 0, "");
	int64_t format = history_number(h, "PRAGMA user_version", 0, "");
	int64_t tables = history_number(h, "SELECT count(*) FROM sqlite_schema", 0, "");
	char sql[64];

	if (h->code != SQLITE_OK)
		return history_result(h);
	if (application == 0 && tables == 0 && mode != HISTORY_READ) {
		snprintf(sql, sizeof(sql), "PRAGMA application_id = %d", HISTORY_APPLICATION);
		h->code = sqlite3_exec(h->db, sql, NULL, NULL, NULL);
		return history_result(h);
	}
	if (tables == 0 && (application == 0 || mode == HISTORY_READ))
		return HISTORY_NOTHING; /* it was being made */
	if (application != HISTORY_APPLICATION || format < 0) {
		snprintf(h->why, sizeof(h->why), "it is no history of gaitd's");
		return HISTORY_DAMAGED;
	}
	if (format > HISTORY_FORMAT + 1) {
		snprintf(h->why, sizeof(h->why),
		         "it is of a newer gaitd (format %d, this one knows %d)", (int)format,
		         HISTORY_FORMAT);
		return HISTORY_NEWER;
	}
	return HISTORY_OK;
}

static enum history_result open_database(struct history *h, enum history_mode mode)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE |
	            (mode == HISTORY_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
	enum history_result result;

	h->code = sqlite3_open_v2(h->path, &h->db, flags, NULL);
	if (h->code != SQLITE_OK)
		return history_result(h);
	sqlite3_extended_result_codes(h->db, 1);
	sqlite3_busy_timeout(h->db, BUSY_MS);
	sqlite3_db_config(h->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	result = recognize(h, mode);
	if (result != HISTORY_OK)
		return result;
	if (!set_up(h, mode) || (mode != HISTORY_READ && !migrate(h)))
		return history_result(h);
	return HISTORY_OK;
}

struct history *history_open(const char *path, enum history_mode mode,
                             enum history_result *result, char *why, size_t size)
{
	struct history *h = calloc(1, sizeof(*h));

	*result = HISTORY_FAILED;
	snprintf(why, size, "out of memory");
	if (!h)
		return NULL;
	if (strlen(path) + sizeof("-wal") > sizeof(h->path)) {
		snprintf(why, size, "its path is too long");
		free(h);
		return NULL;
	}
	strcpy(h->path, path);
	if (mode != HISTORY_CREATE && access(path, F_OK) < 0 && errno == ENOENT) {
		snprintf(why, size, "%s", strerror(errno));
		*result = HISTORY_NOTHING;
	} else if (mode == HISTORY_CREATE && !make_file(path)) {
		snprintf(why, size, "%s", strerror(errno));
	} else {
		*result = open_database(h, mode);
		if (*result == HISTORY_OK)
			return h;
		snprintf(why, size, "%s", history_why(h));
	}
	history_close(h);
	return NULL;
}

void history_skip_syncs(struct history *h)
{
	sqlite3_exec(h->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
}

void history_close(struct history *h)
{
	if (!h)
		return;
	history_forget_statements(h);
	sqlite3_close(h->db);
	free(h);
}

/* ---- looking through it, setting it aside --------------------------------- */

enum history_result history_check(struct history *h)
{
	sqlite3_stmt *statement;
	char verdict[200] = "";

	history_clear(h);
	statement = history_prepare(h, "PRAGMA quick_check(1)", "");
	if (history_row(h, statement))
		history_copy_text(verdict, sizeof(verdict), statement, 0);
	sqlite3_finalize(statement);
	if (h->code != SQLITE_OK || strcmp(verdict, "ok") == 0)
		return history_result(h);
	snprintf(h->why, sizeof(h->why), "%.*s", (int)strcspn(verdict, "\n"), verdict);
	return HISTORY_DAMAGED;
}

enum history_result history_settle(struct history *h)
{
	history_clear(h);
	h->code = sqlite3_wal_checkpoint_v2(h->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return history_result(h);
}

/* Ours begins as SQLite's do; anything else is somebody's who gave its path. */
static const char *kind_of(const char *path)
{
	char head[72] = "";
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof(head));

	if (fd >= 0)
		close(fd);
	/* where SQLite's header has the application's id */
	return n == (ssize_t)sizeof(head) && memcmp(head + 68, "gait", 4) == 0 ? DAMAGED
	                                                                       : FOREIGN;
}

bool history_set_aside(const char *path, char *aside, size_t size)
{
	static const char *const companions[] = { "", "-wal", "-shm" };
	const char *kind = kind_of(path);
	char from[4096], to[4096], stamp[32] = "";
	time_t now = time(NULL);
	struct tm tm;
	bool good = true;

	if (gmtime_r(&now, &tm))
		strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm);
	snprintf(aside, size, "%s%s%s", path, kind, stamp);
	for (unsigned i = 2; access(aside, F_OK) == 0 && i < 100; i++)
		snprintf(aside, size, "%s%s%s-%u", path, kind, stamp, i);
	for (size_t i = 0; i < 3; i++) {
		snprintf(from, sizeof(from), "%s%s", path, companions[i]);
		snprintf(to, sizeof(to), "%s%s", aside, companions[i]);
		if (rename(from, to) < 0 && (i == 0 || errno != ENOENT))
			good = false;
	}
	return good;
}

static bool remove_matching(const char *path, const char *behind)
{
	char pattern[4200];
	glob_t found;
	bool good = true;
	size_t used = 0;

	/* the path is no pattern */
	for (const char *c = path; *c && used + 3 < sizeof(pattern); c++) {
		if (strchr("*?[\\", *c))
			pattern[used++] = '\\';
		pattern[used++] = *c;
	}
	snprintf(pattern + used, sizeof(pattern) - used, "%s", behind);
	if (glob(pattern, GLOB_NOSORT, NULL, &found) != 0)
		return true;
	for (size_t i = 0; i < found.gl_pathc; i++)
		good &= unlink(found.gl_pathv[i]) == 0 || errno == ENOENT;
	globfree(&found);
	return good;
}

bool history_remove_damaged(const char *path)
{
	return remove_matching(path, DAMAGED "*");
}

bool history_remove(const char *path)
{
	static const char *const beside[] = { "-leaf", "-leaf-new", "-wal", "-shm", "-journal" };
	bool good = history_remove_damaged(path);

	/* all that can be, whatever cannot */
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
		good &= remove_matching(path, beside[i]);
	return (unlink(path) == 0 || errno == ENOENT) && good;
}
