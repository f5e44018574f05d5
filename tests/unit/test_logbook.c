/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The session under way on its way to the disk: over restarts, from one runner
 * to another, and when the disk does not take it.
 */
#include "daemon/history/leaf.h"
#include "daemon/history/logbook.h"
#include "tests/unit/made_session.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[64], state[128], runtime[128];
static struct event_base *base;
static struct keeper *keeper;
static struct logbook *logbook;
static struct session_log now;

/* ---- a daemon's life --------------------------------------------------------- */

static void begin(void)
{
	strcpy(directory, "/tmp/gaitd-test-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	snprintf(state, sizeof(state), "%s/state/history.sqlite", directory);
	snprintf(runtime, sizeof(runtime), "%s/run", directory);
	CU_ASSERT_EQUAL_FATAL(mkdir(runtime, 0700), 0);
	snprintf(runtime, sizeof(runtime), "%s/run/display.sock.session", directory);
	session_log_init(&now);
}

static void finish(void)
{
	char command[100];

	session_log_free(&now);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	CU_ASSERT_EQUAL(system(command), 0); /* NOLINT(cert-env33-c): our own */
}

static void start(void)
{
	base = event_base_new();
	keeper = keeper_new(base, state, runtime);
	logbook = logbook_new(keeper, &now);
	CU_ASSERT_PTR_NOT_NULL_FATAL(logbook);
}

/* Without a word to the logbook, as when it dies */
static void stop(void)
{
	CU_ASSERT_TRUE(keeper_free(keeper));
	logbook_free(logbook);
	event_base_free(base);
}

static bool done;

static void nothing(struct keeper_task *task, struct shelves *shelves)
{
	(void)task;
	(void)shelves;
}

static void note_done(struct keeper_task *task)
{
	(void)task;
	done = true;
}

/* Until all that was posted is done, and what came of it */
static void wait(void)
{
	static struct keeper_task task = { .run = nothing, .done = note_done };

	for (int i = 0; i < 2; i++) {
		done = false;
		CU_ASSERT_TRUE_FATAL(keeper_post(keeper, &task));
		while (!done)
			event_base_loop(base, EVLOOP_ONCE);
	}
}

static void run_on(uint32_t length_s)
{
	made_session_run(&now, length_s);
	logbook_write(logbook);
	wait();
}

static void name_runner(const char *name)
{
	snprintf(now.runner, sizeof(now.runner), "%s", name);
}

static void end_session(void)
{
	now.ended = true;
	logbook_write(logbook);
	wait();
}

static void new_session(const char *runner)
{
	session_log_free(&now);
	made_session(&now, runner, 0);
	logbook_begin(logbook);
}

static void add(const char *name, const char *exports)
{
	struct history_runner runner = { .name = "" };
	enum history_result result;
	char why[200];
	struct history *h = history_open(state, HISTORY_CREATE, &result, why, sizeof(why));

	CU_ASSERT_PTR_NOT_NULL_FATAL(h);
	snprintf(runner.name, sizeof(runner.name), "%s", name);
	snprintf(runner.exports, sizeof(runner.exports), "%s", exports);
	runner_init(&runner.told);
	CU_ASSERT_EQUAL(history_add_runner(h, &runner), HISTORY_OK);
	history_close(h);
}

static bool count_one(const struct history_entry *entry, void *user)
{
	++*(unsigned *)user;
	CU_ASSERT_TRUE(entry->id > 0);
	return true;
}

/* So many sessions in a file, the last of that length */
static void expect(const char *path, unsigned sessions, uint32_t length_s, bool ended)
{
	enum history_result result;
	char why[200];
	struct history *h = history_open(path, HISTORY_CHANGE, &result, why, sizeof(why));
	struct session_log last;
	unsigned count = 0;
	int64_t id;

	if (!h && sessions == 0)
		return;
	CU_ASSERT_PTR_NOT_NULL_FATAL(h);
	CU_ASSERT_EQUAL(history_list(h, NULL, INT64_MAX, count_one, &count), HISTORY_OK);
	CU_ASSERT_EQUAL(count, sessions);
	if (sessions > 0 && history_latest(h, NULL, &id) == HISTORY_OK) {
		CU_ASSERT_EQUAL(history_load_session(h, id, &last), HISTORY_OK);
		CU_ASSERT_TRUE(made_session_is(&last, length_s));
		CU_ASSERT_EQUAL(last.ended, ended);
		session_log_free(&last);
	}
	history_close(h);
}

/* The one under way, of somebody anonymous, as gaitctl finds it */
static void expect_leaf(uint32_t length_s)
{
	struct history_session in_file;
	struct history_touch touch;
	struct session_log found;

	CU_ASSERT_EQUAL(leaf_load(NULL, runtime, &found, &in_file, &touch), HISTORY_OK);
	CU_ASSERT_TRUE(made_session_is(&found, length_s));
	CU_ASSERT_EQUAL(in_file.id, 0);
	CU_ASSERT_TRUE(touch.boot_ms > 0);
	session_log_free(&found);
	CU_ASSERT_NOT_EQUAL(access(runtime, F_OK), 0);
}

/* ---- tests --------------------------------------------------------------------- */

static void over_a_restart(const char *runner, const char *path)
{
	struct session_log found;
	uint32_t away_s;

	begin();
	add("Ada", "");
	start();
	CU_ASSERT_FALSE(logbook_recover(logbook, 60, &found, &away_s));
	CU_ASSERT_TRUE(keeper_start(keeper));
	new_session(runner);
	for (uint32_t s = 1; s <= 70; s++)
		run_on(s);
	stop();
	session_log_free(&now);
	start();
	CU_ASSERT_TRUE_FATAL(logbook_recover(logbook, 60, &found, &away_s));
	CU_ASSERT_TRUE(away_s < 60);
	CU_ASSERT_TRUE(made_session_is(&found, 70));
	now = found;
	CU_ASSERT_TRUE(keeper_start(keeper));
	for (uint32_t s = 71; s <= 130; s++)
		run_on(s);
	end_session();
	stop();
	expect(path, 1, 130, true);
	finish();
}

static void test_goes_on(void)
{
	over_a_restart(NULL, runtime);
	over_a_restart("Ada", state);
}

/* Nothing is lost of what was written since the last time but one. */
static void test_killed_twice(void)
{
	struct session_log found;
	uint32_t away_s, length_s = 0;

	begin();
	for (unsigned i = 0; i < 3; i++) {
		start();
		if (i == 0)
			new_session(NULL);
		else
			CU_ASSERT_TRUE_FATAL(logbook_recover(logbook, 60, &found, &away_s));
		if (i > 0)
			now = found;
		CU_ASSERT_EQUAL(now.length_s, length_s);
		CU_ASSERT_TRUE(keeper_start(keeper));
		for (unsigned j = 0; j < 20; j++)
			run_on(++length_s);
		stop();
		expect_leaf(length_s);
		session_log_free(&now);
	}
	finish();
}

static void closed_as_it_stood(const char *runner, const char *path)
{
	struct session_log found;
	uint32_t away_s;

	begin();
	add("Ada", "");
	start();
	CU_ASSERT_TRUE(keeper_start(keeper));
	new_session(runner);
	run_on(69);
	run_on(70);
	stop();
	start();
	CU_ASSERT_FALSE(logbook_recover(logbook, 0, &found, &away_s));
	stop();
	expect(path, 1, 70, true);
	start(); /* what is left of it does not come back */
	CU_ASSERT_FALSE(logbook_recover(logbook, 60, &found, &away_s));
	stop();
	finish();
}

static void test_is_closed(void)
{
	closed_as_it_stood("Ada", state);
	closed_as_it_stood(NULL, runtime);
}

/* What a daemon that died left goes to its runner's folder, as what ended does. */
static void test_is_published(void)
{
	struct session_log found;
	uint32_t away_s;
	char folder[128], file[200];

	begin();
	snprintf(folder, sizeof(folder), "%s/folder", directory);
	snprintf(file, sizeof(file), "%s/2025-10-09T095320-treadmill-run.fit", folder);
	CU_ASSERT_EQUAL(mkdir(folder, 0700), 0);
	add("Ada", folder);
	start();
	CU_ASSERT_TRUE(keeper_start(keeper));
	new_session("Ada");
	run_on(70);
	CU_ASSERT_NOT_EQUAL(access(file, F_OK), 0);
	stop();
	start();
	CU_ASSERT_FALSE(logbook_recover(logbook, 0, &found, &away_s));
	CU_ASSERT_TRUE(keeper_start(keeper));
	logbook_publish(logbook);
	wait();
	CU_ASSERT_EQUAL(access(file, R_OK), 0);
	CU_ASSERT_EQUAL(unlink(file), 0);
	logbook_publish(logbook); /* once */
	wait();
	CU_ASSERT_NOT_EQUAL(access(file, F_OK), 0);
	stop();
	finish();
}

/* ---- the leaf of an anonymous session ------------------------------------------- */

#define LEAF_SIZE 131072
#define HEADS_SIZE 8192 /* octets; what is behind them only grows */

static size_t read_leaf(char octets[LEAF_SIZE])
{
	char name[LEAF_NAME_MAX];
	FILE *file;
	size_t length = 0;

	leaf_name(runtime, name);
	file = fopen(name, "re");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	length = fread(octets, 1, LEAF_SIZE, file);
	fclose(file);
	return length;
}

static void write_leaf(const char octets[LEAF_SIZE], size_t length)
{
	char name[LEAF_NAME_MAX];
	FILE *file;

	leaf_name(runtime, name);
	file = fopen(name, "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fwrite(octets, 1, length, file), length);
	fclose(file);
}

static void do_with_run(const char *command)
{
	char text[200];

	snprintf(text, sizeof(text), "cd %s && %s", directory, command);
	CU_ASSERT_EQUAL(system(text), 0); /* NOLINT(cert-env33-c): our own */
}

/* How long the session was that the next daemon finds; 0: it is no such session */
static uint32_t found_s(void)
{
	struct session_log found;
	uint32_t away_s, length_s;

	start();
	CU_ASSERT_TRUE_FATAL(logbook_recover(logbook, 60, &found, &away_s));
	length_s = found.length_s;
	if (!made_session_is(&found, length_s))
		length_s = 0;
	session_log_free(&found);
	stop();
	return length_s;
}

static uint32_t with_leaf(const char octets[LEAF_SIZE], size_t length)
{
	do_with_run("rm -r run && mkdir run");
	write_leaf(octets, length);
	return found_s();
}

/* Killed while it was written: wherever that was, a second is lost at most. */
static void test_half_a_leaf(void)
{
	static char before[LEAF_SIZE], after[LEAF_SIZE], half[LEAF_SIZE];
	size_t length_before, length, first = HEADS_SIZE, last = 0;

	begin();
	start();
	CU_ASSERT_TRUE(keeper_start(keeper));
	new_session(NULL);
	for (uint32_t s = 1; s <= 70; s++)
		run_on(s);
	length_before = read_leaf(before);
	run_on(71);
	length = read_leaf(after);
	stop();
	CU_ASSERT_TRUE_FATAL(length > length_before);
	CU_ASSERT_EQUAL(memcmp(before + HEADS_SIZE, after + HEADS_SIZE, length_before - HEADS_SIZE), 0);
	for (size_t i = 0; i < HEADS_SIZE; i++) {
		if (before[i] == after[i])
			continue;
		first = i < first ? i : first;
		last = i;
	}
	CU_ASSERT_TRUE_FATAL(first < last);
	/* the seconds, and then the head that counts them */
	for (size_t cut = length_before; cut <= length; cut += 1 + (length - length_before) / 10) {
		memcpy(half, after, length);
		memcpy(half, before, HEADS_SIZE);
		CU_ASSERT_EQUAL(with_leaf(half, cut), 70);
	}
	memcpy(half, after, length);
	memcpy(half, before, HEADS_SIZE);
	for (size_t i = 0; i <= 20; i++) {
		memcpy(half + first, after + first, (last + 1 - first) * i / 20);
		CU_ASSERT_EQUAL(with_leaf(half, length), i < 20 ? 70 : 71);
	}
	/* nor whole, but for a bit */
	for (size_t i = 0; i <= 10; i++) {
		memcpy(half, after, length);
		half[first + (last - first) * i / 10] ^= 1;
		CU_ASSERT_EQUAL(with_leaf(half, length), 70);
		memcpy(half, after, length);
		half[length_before + (length - 1 - length_before) * i / 10] ^= 1;
		CU_ASSERT_EQUAL(with_leaf(half, length), 70);
	}
	finish();
}

/* Whatever became of it, what is found of it is the truth. */
static void test_bad_leaf(void)
{
	static char leaf[LEAF_SIZE], bad[LEAF_SIZE];
	struct history_session in_file;
	struct history_touch touch;
	struct session_log found;
	uint32_t dice = 1, partly = 0;
	size_t length;

	begin();
	start();
	CU_ASSERT_TRUE(keeper_start(keeper));
	new_session(NULL);
	for (uint32_t s = 1; s <= 70; s++)
		run_on(s);
	length = read_leaf(leaf);
	stop();
	for (size_t i = 0; i < 200; i++) {
		memcpy(bad, leaf, length);
		for (size_t j = 0; j < length; j++) {
			dice = dice * 1664525 + 1013904223;
			if (dice >> 16 < 0x10000u >> i % 20)
				bad[j] = (char)(dice >> 8);
		}
		write_leaf(bad, i % 3 ? length : (dice >> 8) % (length + 1));
		if (leaf_load(NULL, runtime, &found, &in_file, &touch) == HISTORY_OK) {
			CU_ASSERT_TRUE(found.second_count <= now.second_count);
			partly += found.second_count > 0 && found.second_count < now.second_count;
			for (size_t j = 0; j < found.second_count; j++) {
				CU_ASSERT_EQUAL(found.seconds[j].at_s, now.seconds[j].at_s);
				CU_ASSERT_EQUAL(found.seconds[j].metrics.speed_kmh,
				                now.seconds[j].metrics.speed_kmh);
			}
		}
		session_log_free(&found);
	}
	CU_ASSERT_TRUE(partly > 0);
	finish();
}

/* Killed while the first page of its file was made: the file is there, and no session. */
static void test_page_cut_off(void)
{
	static const char *const begun[] = { ": >run/display.sock.session",
		                             "cp state/history.sqlite run/display.sock.session" };

	for (size_t i = 0; i < 2; i++) {
		begin();
		add("Ada", ""); /* a history with all tables, and no session in it */
		start();
		CU_ASSERT_TRUE(keeper_start(keeper));
		new_session(NULL);
		run_on(69);
		run_on(70);
		stop();
		do_with_run(begun[i]);
		CU_ASSERT_EQUAL(found_s(), 70);
		finish();
	}
}

/* One that has ended does not come back, whatever becomes of its file. */
static void test_leaf_of_the_past(void)
{
	struct session_log found;
	uint32_t away_s;

	begin();
	start();
	CU_ASSERT_TRUE(keeper_start(keeper));
	new_session(NULL);
	run_on(69);
	run_on(70);
	expect_leaf(70);
	end_session();
	stop();
	expect(runtime, 1, 70, true);
	do_with_run("head -c 9000 /dev/urandom >run/display.sock.session");
	start();
	CU_ASSERT_FALSE(logbook_recover(logbook, 60, &found, &away_s));
	stop();
	finish();
}

/* Of whom he was before nothing is written, not even the end of his name. */
static void test_name_before(void)
{
	begin();
	start();
	CU_ASSERT_TRUE(keeper_start(keeper));
	new_session(NULL);
	memcpy(now.runner, "anonymous\0w-Longstocking", 25);
	run_on(9);
	run_on(10);
	do_with_run("! grep -q Longstocking run/*");
	stop();
	finish();
}

/* Nothing of somebody anonymous stays, though pages of his are on their way. */
static void test_forgotten(void)
{
	char leaf[160];

	begin();
	start();
	CU_ASSERT_TRUE(keeper_start(keeper));
	new_session(NULL);
	for (uint32_t s = 1; s <= 20; s++)
		run_on(s);
	snprintf(leaf, sizeof(leaf), "%s-leaf", runtime);
	CU_ASSERT_EQUAL(access(leaf, F_OK), 0);
	logbook_forget(logbook);
	stop();
	CU_ASSERT_NOT_EQUAL(access(runtime, F_OK), 0);
	CU_ASSERT_NOT_EQUAL(access(leaf, F_OK), 0);
	finish();
}

/* A pipe in a leaf's place is waited for by nobody. */
static void test_no_leaf_but_a_pipe(void)
{
	char name[160];

	begin();
	start();
	CU_ASSERT_TRUE(keeper_start(keeper));
	new_session(NULL);
	for (uint32_t s = 1; s <= 20; s++)
		run_on(s);
	logbook_leave(logbook);
	stop();
	snprintf(name, sizeof(name), "%s-leaf", runtime);
	CU_ASSERT_EQUAL(unlink(name), 0);
	CU_ASSERT_EQUAL(mkfifo(name, 0600), 0);
	CU_ASSERT_EQUAL(found_s(), 20);
	finish();
}

/* One that is told to end leaves nothing for a leaf, which a gaitd of another version
 * would not read. */
static void test_no_leaf(void)
{
	static char leaf[LEAF_SIZE];

	begin();
	start();
	CU_ASSERT_TRUE(keeper_start(keeper));
	new_session(NULL);
	for (uint32_t s = 1; s <= 70; s++)
		run_on(s);
	leaf[0] = 'x';
	write_leaf(leaf, sizeof(leaf));
	logbook_leave(logbook);
	stop();
	CU_ASSERT_EQUAL(found_s(), 70);
	finish();
}

/* He is recognized in mid-run, and later says that it is not he. */
static void test_whose_it_is(void)
{
	begin();
	add("Ada", "");
	start();
	CU_ASSERT_TRUE(keeper_start(keeper));
	new_session(NULL);
	run_on(29);
	run_on(30);
	expect_leaf(30);
	name_runner("Ada");
	run_on(60);
	expect(state, 1, 60, false);
	CU_ASSERT_NOT_EQUAL(access(runtime, F_OK), 0);
	name_runner("anonymous");
	run_on(90);
	expect(state, 0, 0, false);
	expect(runtime, 1, 90, false);
	end_session();
	expect(runtime, 1, 90, true);
	new_session("Ada"); /* the anonymous one goes with the next */
	run_on(20);
	CU_ASSERT_NOT_EQUAL(access(runtime, F_OK), 0);
	expect(state, 1, 20, false);
	stop();
	finish();
}

/* He was forgotten meanwhile: nothing of his comes back. */
static void test_who_is_gone(void)
{
	begin();
	start();
	CU_ASSERT_TRUE(keeper_start(keeper));
	new_session("Ada");
	run_on(30);
	CU_ASSERT_NOT_EQUAL(access(state, F_OK), 0);
	add("Bea", "");
	run_on(40);
	expect(state, 0, 0, false);
	stop();
	finish();
}

/* What the disk did not take comes with the next page that it takes. */
static void test_disk_fails(void)
{
	char parent[128];
	FILE *file;

	begin();
	start();
	CU_ASSERT_TRUE(keeper_start(keeper));
	snprintf(parent, sizeof(parent), "%s/run", directory);
	CU_ASSERT_EQUAL(rmdir(parent), 0);
	file = fopen(parent, "we"); /* no directory */
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fclose(file);
	new_session(NULL);
	for (uint32_t s = 1; s <= 70; s++)
		run_on(s);
	CU_ASSERT_EQUAL(unlink(parent), 0);
	run_on(71);
	expect(runtime, 1, 71, false);
	/* damaged under its feet: begun anew, with all of it */
	file = fopen(runtime, "r+e");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	for (int i = 0; i < 60000; i++)
		fputc('x', file);
	fclose(file);
	stop();
	start();
	CU_ASSERT_TRUE(keeper_start(keeper));
	run_on(72);
	run_on(73);
	end_session();
	expect(runtime, 1, 73, true);
	stop();
	finish();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "goes on after a restart", test_goes_on },
		{ "killed twice", test_killed_twice },
		{ "is closed after a long one", test_is_closed },
		{ "and published", test_is_published },
		{ "half a leaf", test_half_a_leaf },
		{ "a bad leaf", test_bad_leaf },
		{ "a page that was cut off", test_page_cut_off },
		{ "the leaf of one that ended", test_leaf_of_the_past },
		{ "the name before", test_name_before },
		{ "no leaf", test_no_leaf },
		{ "no leaf, but a pipe", test_no_leaf_but_a_pipe },
		{ "forgotten", test_forgotten },
		{ "whose it is", test_whose_it_is },
		{ "who is gone", test_who_is_gone },
		{ "a disk that fails", test_disk_fails },
		CU_TEST_INFO_NULL,
	};

	return suite_run("logbook", tests);
}
