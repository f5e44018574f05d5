/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What is kept of runners and sessions is what was written, once, and is gone
 * when it is forgotten; files of older and newer gaitds, and those that are none.
 */
#include <config.h> /* for memmem() */

#include "daemon/history/history.h"
#include "tests/unit/made_session.h"
#include "tests/unit/suite.h"

#include <dirent.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[64], path[160];
static struct history *h;
static char why[200];
static const struct history_touch touch = { "a-boot", 1234 };

static void open_as(enum history_mode mode)
{
	enum history_result result;

	history_close(h);
	h = history_open(path, mode, &result, why, sizeof(why));
	CU_ASSERT_PTR_NOT_NULL_FATAL(h);
	CU_ASSERT_EQUAL(result, HISTORY_OK);
}

static enum history_result try_open(enum history_mode mode)
{
	enum history_result result;

	history_close(h);
	h = history_open(path, mode, &result, why, sizeof(why));
	return result;
}

static void start(void)
{
	strcpy(directory, "/tmp/gaitd-test-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/state/history.sqlite", directory);
}

static void end(void)
{
	char command[200];

	history_close(h);
	h = NULL;
	snprintf(command, sizeof(command), "rm -r %s", directory);
	CU_ASSERT_EQUAL(system(command), 0); /* NOLINT(cert-env33-c): our own */
}

static void sql(const char *text)
{
	sqlite3 *db;

	CU_ASSERT_EQUAL(sqlite3_open(path, &db), SQLITE_OK);
	CU_ASSERT_EQUAL(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void add(const char *name)
{
	struct history_runner runner = { .has_added = true, .added_s = 5 };

	snprintf(runner.name, sizeof(runner.name), "%s", name);
	runner_init(&runner.told);
	runner.told.height_m = 1.75;
	runner.told.shoe_km = 100;
	CU_ASSERT_EQUAL_FATAL(history_add_runner(h, &runner), HISTORY_OK);
}

static int64_t keep(const char *runner, int64_t start_s, uint32_t length_s)
{
	struct history_session session = { 0 };
	struct session_log log;

	made_session(&log, runner, start_s);
	made_session_run(&log, length_s);
	log.ended = true;
	CU_ASSERT_EQUAL(history_write(h, &session, &log, 0, 0, &touch), HISTORY_OK);
	session_log_free(&log);
	return session.id;
}

/* ---- sessions -------------------------------------------------------------- */

static void test_what_is_written_is_read(void)
{
	struct session_log log;
	int64_t id;
	struct stat st;

	start();
	open_as(HISTORY_CREATE);
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0600);
	add("Ada");
	id = keep("Ada", 0, 150);
	open_as(HISTORY_READ);
	CU_ASSERT_EQUAL(history_load_session(h, id, &log), HISTORY_OK);
	CU_ASSERT_TRUE(made_session_is(&log, 150));
	CU_ASSERT_STRING_EQUAL(log.runner, "Ada");
	CU_ASSERT_TRUE(log.has_start && log.ended && log.has_kept && !log.miles && !log.cut);
	CU_ASSERT_EQUAL(log.start_s, MADE_START_S);
	CU_ASSERT_EQUAL(log.offset_s, 3600);
	CU_ASSERT_STRING_EQUAL(log.treadmill, "URTM041");
	CU_ASSERT_STRING_EQUAL(log.footpod, "57043");
	CU_ASSERT_STRING_EQUAL(log.lang, "de");
	CU_ASSERT_DOUBLE_EQUAL(log.who.height_m, 1.75, 1e-12);
	CU_ASSERT_DOUBLE_EQUAL(log.kept.run_kmh, 9.9, 1e-12);
	CU_ASSERT_TRUE(isnan(log.kept.cv_pct));
	CU_ASSERT_EQUAL(log.kept.pain, -1);
	CU_ASSERT_EQUAL(log.kept.morning_pain, 2);
	session_log_free(&log);
	CU_ASSERT_EQUAL(history_load_session(h, id + 1, &log), HISTORY_NOTHING);
	CU_ASSERT_EQUAL(history_load_session(h, id, &log), HISTORY_OK);
	session_log_free(&log);
	end();
}

/* Second by second, and some of it again after a failure that was none */
static void test_as_it_goes(void)
{
	struct history_session session = { 0 }, before;
	struct session_log log, tail, read;

	start();
	open_as(HISTORY_CREATE);
	made_session(&log, NULL, 0);
	for (uint32_t s = 1; s <= 130; s++) {
		size_t seconds = session.seconds, events = session.events;

		made_session_run(&log, s);
		tail = log;
		if (seconds > 0)
			tail.seconds += seconds;
		tail.second_count -= seconds;
		if (events > 0)
			tail.events += events;
		tail.event_count -= events;
		before = session;
		CU_ASSERT_EQUAL(history_write(h, &session, &tail, seconds, events, &touch),
		                HISTORY_OK);
		if (s % 7 == 0) { /* again */
			if (before.id == 0)
				before.id = session.id;
			session = before;
		}
	}
	CU_ASSERT_EQUAL(history_load_session(h, session.id, &read), HISTORY_OK);
	CU_ASSERT_TRUE(made_session_is(&read, 130));
	CU_ASSERT_FALSE(read.ended);
	CU_ASSERT_STRING_EQUAL(read.runner, "anonymous");
	session_log_free(&read);
	session_log_free(&log);
	end();
}

static double shoes_of(const char *name)
{
	struct history_runner runner;

	CU_ASSERT_EQUAL(history_find_runner(h, name, &runner), HISTORY_OK);
	return runner.told.shoe_km;
}

/* Closed by the next start, or told twice that it ended: the shoes count once. */
static void test_closed_once(void)
{
	struct history_session session = { 0 };
	struct history_touch left;
	struct session_log log, read;
	int64_t id;

	start();
	open_as(HISTORY_CREATE);
	add("Ada");
	made_session(&log, "Ada", 0);
	made_session_run(&log, 400);
	CU_ASSERT_EQUAL(history_write(h, &session, &log, 0, 0, &touch), HISTORY_OK);
	CU_ASSERT_EQUAL(history_under_way(h, &id, &left), HISTORY_OK);
	CU_ASSERT_EQUAL(id, session.id);
	CU_ASSERT_STRING_EQUAL(left.boot, "a-boot");
	CU_ASSERT_EQUAL(left.boot_ms, 1234);
	/* no age is reckoned from what is no time */
	sql("UPDATE session SET boot_ms = -9223372036854775808");
	CU_ASSERT_EQUAL(history_under_way(h, &id, &left), HISTORY_OK);
	CU_ASSERT_EQUAL(left.boot_ms, 0);
	CU_ASSERT_DOUBLE_EQUAL(shoes_of("Ada"), 100, 1e-9);
	CU_ASSERT_EQUAL(history_close_others(h, 0, NULL, NULL), HISTORY_OK);
	CU_ASSERT_EQUAL(history_under_way(h, &id, &left), HISTORY_NOTHING);
	CU_ASSERT_DOUBLE_EQUAL(shoes_of("Ada"), 101, 1e-9);
	CU_ASSERT_EQUAL(history_close_others(h, 0, NULL, NULL), HISTORY_OK);
	log.ended = true;
	CU_ASSERT_EQUAL(history_write(h, &session, &log, 0, 0, &touch), HISTORY_OK);
	CU_ASSERT_DOUBLE_EQUAL(shoes_of("Ada"), 101, 1e-9);
	CU_ASSERT_EQUAL(history_load_session(h, session.id, &read), HISTORY_OK);
	CU_ASSERT_TRUE(read.ended && made_session_is(&read, 400));
	session_log_free(&read);
	session_log_free(&log);
	end();
}

static bool collect(const struct history_entry *entry, void *user)
{
	char *text = user;

	sprintf(text + strlen(text), "%d:%s:%u ", (int)entry->id, entry->runner,
	        (unsigned)entry->kept.run_s);
	return entry->id != 1;
}

static void test_list(void)
{
	char text[200] = "";
	int64_t id;

	start();
	open_as(HISTORY_CREATE);
	CU_ASSERT_EQUAL(history_latest(h, NULL, &id), HISTORY_NOTHING);
	add("Ada");
	add("Bea");
	keep("Ada", 0, 10);
	keep("Bea", 100, 20);
	keep("Ada", 200, 30);
	CU_ASSERT_EQUAL(history_list(h, NULL, INT64_MAX, collect, text), HISTORY_OK);
	CU_ASSERT_STRING_EQUAL(text, "3:Ada:30 2:Bea:20 1:Ada:10 ");
	text[0] = '\0';
	CU_ASSERT_EQUAL(history_list(h, "Ada", 3, collect, text), HISTORY_OK);
	CU_ASSERT_STRING_EQUAL(text, "1:Ada:10 ");
	CU_ASSERT_EQUAL(history_latest(h, NULL, &id), HISTORY_OK);
	CU_ASSERT_EQUAL(id, 3);
	CU_ASSERT_EQUAL(history_latest(h, "Bea", &id), HISTORY_OK);
	CU_ASSERT_EQUAL(id, 2);
	end();
}

/* ---- runners --------------------------------------------------------------- */

static void test_runners(void)
{
	struct history_runner ada, found;

	start();
	open_as(HISTORY_CREATE);
	add("Ada");
	add("Bea");
	CU_ASSERT_EQUAL(history_find_runner(h, "Cleo", &found), HISTORY_NOTHING);
	CU_ASSERT_EQUAL(history_find_runner(h, "Ada", &ada), HISTORY_OK);
	CU_ASSERT_EQUAL(ada.added_s, 5);
	CU_ASSERT_EQUAL(history_add_runner(h, &ada), HISTORY_TAKEN);
	strcpy(ada.pod, "ant 57043");
	strcpy(ada.pin, "$y$hash");
	strcpy(ada.exports, "/srv/ada");
	ada.told.back_pain = true;
	CU_ASSERT_EQUAL(history_set_runner(h, &ada), HISTORY_OK);
	CU_ASSERT_EQUAL(history_find_pod(h, "ant 57043", &found), HISTORY_OK);
	CU_ASSERT_STRING_EQUAL(found.name, "Ada");
	CU_ASSERT_STRING_EQUAL(found.pin, "$y$hash");
	CU_ASSERT_STRING_EQUAL(found.exports, "/srv/ada");
	CU_ASSERT_TRUE(found.told.back_pain);
	CU_ASSERT_EQUAL(history_find_runner(h, "Bea", &found), HISTORY_OK);
	strcpy(found.pod, "ant 57043");
	CU_ASSERT_EQUAL(history_set_runner(h, &found), HISTORY_TAKEN);
	end();
}

static void test_names(void)
{
	static const struct {
		const char *name;
		bool good;
	} rows[] = {
		{ "Ada", true }, { "Ada L.", true }, { "Zo\xc3\xab", true },
		{ "", false }, { "anonymous", false }, { "known", false }, { "a/b", false },
		{ "a\nb", false }, { " a", false }, { "-a", false }, { "a\xff", false },
		{ "0123456789012345678901234567890", true },
		{ "01234567890123456789012345678901", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CU_ASSERT_EQUAL(history_name_is_good(rows[i].name, why, sizeof(why)),
		                rows[i].good);
}

/* What history tells the core: as runner_learn() of the very sessions */
static void test_what_sessions_tell(void)
{
	const int64_t now_s = MADE_START_S + 3 * 86400;
	struct history_runner ada;
	struct runner runner;

	start();
	open_as(HISTORY_CREATE);
	add("Ada");
	add("Bea");
	keep("Ada", 0, 600);
	keep("Bea", 1, 2400);
	keep("Ada", 2 * 86400, 1200);
	CU_ASSERT_EQUAL(history_find_runner(h, "Ada", &ada), HISTORY_OK);
	CU_ASSERT_EQUAL(ada.sessions, 2);
	CU_ASSERT_EQUAL(history_know_runner(h, &ada, now_s, 0, &runner), HISTORY_OK);
	CU_ASSERT_EQUAL(runner.sessions, 2);
	CU_ASSERT_DOUBLE_EQUAL(runner.height_m, 1.75, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(runner.longest_30d_m, 3000, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(runner.usual_kmh, 9.9, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(runner.baseline_spm, 160, 1.5);
	CU_ASSERT_DOUBLE_EQUAL(runner.shoe_km, 100 + 4.5, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(runner.dose_pct, 2.5, 1e-9);
	end();
}

/* ---- forgetting ------------------------------------------------------------ */

/* Whether any file of the directory has these octets */
static bool stands_somewhere(const char *where, const char *octets)
{
	char name[400], *text;
	struct dirent *entry;
	DIR *list = opendir(where);
	bool found = false;

	CU_ASSERT_PTR_NOT_NULL_FATAL(list);
	while ((entry = readdir(list))) {
		struct stat st;
		FILE *file;

		snprintf(name, sizeof(name), "%s/%s", where, entry->d_name);
		if (stat(name, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
			continue;
		text = malloc((size_t)st.st_size);
		file = fopen(name, "r");
		CU_ASSERT_EQUAL(fread(text, 1, (size_t)st.st_size, file), (size_t)st.st_size);
		fclose(file);
		found |= memmem(text, (size_t)st.st_size, octets, strlen(octets)) != NULL;
		free(text);
	}
	closedir(list);
	return found;
}

static void forget_what(const char *octets, const char *others)
{
	char where[100];

	snprintf(where, sizeof(where), "%s/state", directory);
	CU_ASSERT_TRUE(stands_somewhere(where, octets));
	CU_ASSERT_EQUAL(history_forget_runner(h, "Adelheid"), HISTORY_OK);
	CU_ASSERT_FALSE(stands_somewhere(where, octets));
	history_close(h);
	h = NULL;
	CU_ASSERT_FALSE(stands_somewhere(where, octets));
	CU_ASSERT_TRUE(stands_somewhere(where, others));
}

static void test_forgotten(void)
{
	struct session_log log;
	int64_t id = 0, count;

	start();
	open_as(HISTORY_CREATE);
	add("Adelheid");
	add("Balduin");
	for (int i = 0; i < 8; i++) { /* pages with both of them on */
		keep("Adelheid", i * 1000, 200);
		id = keep("Balduin", i * 1000 + 500, 100);
	}
	forget_what("Adelheid", "Balduin");
	open_as(HISTORY_CHANGE);
	CU_ASSERT_EQUAL(history_forget_runner(h, "Adelheid"), HISTORY_NOTHING);
	CU_ASSERT_EQUAL(history_load_session(h, id, &log), HISTORY_OK);
	CU_ASSERT_TRUE(made_session_is(&log, 100));
	session_log_free(&log);
	CU_ASSERT_EQUAL(history_forget_before(h, MADE_START_S + 2500, &count), HISTORY_OK);
	CU_ASSERT_EQUAL(count, 2);
	CU_ASSERT_EQUAL(history_forget_session(h, id), HISTORY_OK);
	CU_ASSERT_EQUAL(history_load_session(h, id, &log), HISTORY_NOTHING);
	history_close(h);
	h = NULL;
	CU_ASSERT_TRUE(history_remove(path));
	CU_ASSERT_NOT_EQUAL(access(path, F_OK), 0);
	end();
}

/* ---- other files ----------------------------------------------------------- */

/* As a gaitd of format 1 left it, with a session under way */
static void test_older(void)
{
	struct history_runner ada;
	struct session_log log;

	start();
	open_as(HISTORY_CREATE);
	add("Ada");
	keep("Ada", 0, 70);
	history_close(h);
	h = NULL;
	sql("ALTER TABLE runner DROP COLUMN exports; PRAGMA user_version = 1");
	CU_ASSERT_EQUAL(try_open(HISTORY_CHANGE), HISTORY_OK);
	CU_ASSERT_EQUAL(history_find_runner(h, "Ada", &ada), HISTORY_OK);
	CU_ASSERT_STRING_EQUAL(ada.exports, "");
	CU_ASSERT_EQUAL(history_load_session(h, 1, &log), HISTORY_OK);
	CU_ASSERT_TRUE(made_session_is(&log, 70));
	session_log_free(&log);
	end();
}

/* One ahead: written and read, and still of that format for who comes back. Two
 * ahead: left alone. */
static void test_newer(void)
{
	struct session_log log;
	int64_t id;

	start();
	open_as(HISTORY_CREATE);
	add("Ada");
	sql("ALTER TABLE session ADD COLUMN mood TEXT NOT NULL DEFAULT 'good';"
	    "ALTER TABLE second ADD COLUMN power INTEGER;"
	    "CREATE TABLE shoe (id INTEGER PRIMARY KEY); PRAGMA user_version = 3");
	CU_ASSERT_EQUAL(try_open(HISTORY_CHANGE), HISTORY_OK);
	id = keep("Ada", 0, 70);
	CU_ASSERT_EQUAL(history_load_session(h, id, &log), HISTORY_OK);
	CU_ASSERT_TRUE(made_session_is(&log, 70));
	session_log_free(&log);
	CU_ASSERT_EQUAL(try_open(HISTORY_CHANGE), HISTORY_OK);
	sql("PRAGMA user_version = 4");
	CU_ASSERT_EQUAL(try_open(HISTORY_CHANGE), HISTORY_NEWER);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "newer"));
	CU_ASSERT_EQUAL(try_open(HISTORY_READ), HISTORY_NEWER);
	end();
}

static void put(const char *text, size_t length, long at)
{
	FILE *file = fopen(path, at < 0 ? "w" : "r+");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	if (at >= 0)
		fseek(file, at, SEEK_SET);
	CU_ASSERT_EQUAL(fwrite(text, 1, length, file), length);
	fclose(file);
}

static void test_damaged(void)
{
	char noise[20000], aside[300];

	start();
	memset(noise, 0x5a, sizeof(noise));
	open_as(HISTORY_CREATE);
	add("Ada");
	keep("Ada", 0, 3000);
	CU_ASSERT_EQUAL(history_check(h), HISTORY_OK);
	history_close(h);
	h = NULL;
	put(noise, sizeof(noise), 8 * 4096);
	CU_ASSERT_EQUAL(try_open(HISTORY_CHANGE), HISTORY_OK);
	CU_ASSERT_EQUAL(history_check(h), HISTORY_DAMAGED);
	history_close(h);
	h = NULL;
	CU_ASSERT_TRUE(history_set_aside(path, aside, sizeof(aside)));
	CU_ASSERT_PTR_NOT_NULL(strstr(aside, "history.sqlite.damaged-"));
	CU_ASSERT_EQUAL(access(aside, F_OK), 0);
	CU_ASSERT_EQUAL(try_open(HISTORY_CREATE), HISTORY_OK);
	history_close(h);
	h = NULL;
	CU_ASSERT_TRUE(history_remove(path)); /* and what was set aside */
	CU_ASSERT_NOT_EQUAL(access(aside, F_OK), 0);
	/* cut short */
	open_as(HISTORY_CREATE);
	keep(NULL, 0, 3000);
	history_close(h);
	h = NULL;
	CU_ASSERT_EQUAL(truncate(path, 5000), 0);
	CU_ASSERT_EQUAL(try_open(HISTORY_CHANGE), HISTORY_DAMAGED);
	end();
}

/* Sound to SQLite, and not what was written: what cannot be was not told. */
static void test_values_that_cannot_be(void)
{
	struct history_runner runner;
	struct session_log log;
	struct runner known;
	int64_t id;

	start();
	open_as(HISTORY_CREATE);
	add("Ada");
	id = keep("Ada", 0, 10);
	sql("UPDATE session SET start_s = 9223372036854775807, offset_s = 'east', length_s = -1,"
	    " pain = 4000000000, pain_at_s = 9223372036854775807, run_s = -5,"
	    " distance_m = 9e999, who = x'';"
	    "UPDATE second SET cadence_spm = 4294967296, distance_m = -1;"
	    "UPDATE runner SET added_s = -1, profile = x''");
	CU_ASSERT_EQUAL_FATAL(history_load_session(h, id, &log), HISTORY_OK);
	CU_ASSERT_FALSE(log.has_start);
	CU_ASSERT_EQUAL(log.offset_s, 0);
	CU_ASSERT_EQUAL(log.kept.pain, -1);
	CU_ASSERT_EQUAL(log.kept.run_s, 0);
	CU_ASSERT_TRUE(isnan(log.kept.distance_m));
	CU_ASSERT_EQUAL_FATAL(log.second_count, 10);
	CU_ASSERT_EQUAL(log.seconds[1].metrics.present & (DISPLAY_CADENCE | DISPLAY_DISTANCE), 0);
	CU_ASSERT_NOT_EQUAL(log.seconds[1].metrics.present & DISPLAY_SPEED, 0);
	session_log_free(&log);
	CU_ASSERT_EQUAL(history_find_runner(h, "Ada", &runner), HISTORY_OK);
	CU_ASSERT_FALSE(runner.has_added);
	CU_ASSERT_EQUAL(history_know_runner(h, &runner, MADE_START_S, 3600, &known), HISTORY_OK);
	/* a table that is gone */
	sql("ALTER TABLE second RENAME TO first");
	CU_ASSERT_EQUAL(history_load_session(h, id, &log), HISTORY_DAMAGED);
	end();
}

static void test_foreign(void)
{
	char aside[300];

	start();
	open_as(HISTORY_CREATE);
	history_close(h);
	h = NULL;
	CU_ASSERT_TRUE(history_remove(path));
	put("Dear diary, today I ran. It was fun, and it shall be fun again tomorrow", 70, -1);
	CU_ASSERT_EQUAL(try_open(HISTORY_CREATE), HISTORY_DAMAGED);
	CU_ASSERT_EQUAL(try_open(HISTORY_READ), HISTORY_DAMAGED);
	CU_ASSERT_TRUE(history_set_aside(path, aside, sizeof(aside)));
	CU_ASSERT_PTR_NOT_NULL(strstr(aside, ".foreign-"));
	CU_ASSERT_TRUE(history_remove(path));
	CU_ASSERT_EQUAL(access(aside, F_OK), 0); /* it is not ours to remove */
	sql("CREATE TABLE recipe (name TEXT); PRAGMA application_id = 7");
	CU_ASSERT_EQUAL(try_open(HISTORY_CHANGE), HISTORY_DAMAGED);
	end();
}

static void test_absent(void)
{
	start();
	CU_ASSERT_EQUAL(try_open(HISTORY_READ), HISTORY_NOTHING);
	CU_ASSERT_EQUAL(try_open(HISTORY_CHANGE), HISTORY_NOTHING);
	CU_ASSERT_EQUAL(mkdir(path, 0700), -1);
	CU_ASSERT_EQUAL(try_open(HISTORY_CREATE), HISTORY_OK);
	end();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "what is written is read", test_what_is_written_is_read },
		{ "as it goes", test_as_it_goes },
		{ "closed once", test_closed_once },
		{ "list", test_list },
		{ "runners", test_runners },
		{ "names", test_names },
		{ "what sessions tell", test_what_sessions_tell },
		{ "forgotten", test_forgotten },
		{ "older", test_older },
		{ "newer", test_newer },
		{ "damaged", test_damaged },
		{ "values that cannot be", test_values_that_cannot_be },
		{ "foreign", test_foreign },
		{ "absent", test_absent },
		CU_TEST_INFO_NULL,
	};

	return suite_run("history", tests);
}
