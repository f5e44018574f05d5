/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A session that changes its runner, and a gaitd that is killed at each write of that: the
 * next one finds it once, as his who was said last; and if in doubt as nobody's.
 */
#include "daemon/history/leaf.h"
#include "tests/unit/logbook_life.h"
#include "tests/unit/made_session.h"
#include "tests/unit/suite.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NOBODY "anonymous"
#define BEFORE_S 3 /* of it until it moves */
#define AFTER_S 4

/* ---- killed at a write --------------------------------------------------------- */

static unsigned left; /* writes until then; 0: never */

static void count_write(void)
{
	if (left > 0 && --left == 0)
		kill(getpid(), SIGKILL);
}

/* All that is removed goes through here, by whomever. */
int unlink(const char *path)
{
	count_write();
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

/* The power does not go, and a disk takes its time. */
int fsync(int fd)
{
	(void)fd;
	return 0;
}

int fdatasync(int fd)
{
	(void)fd;
	return 0;
}

static ssize_t write_there(int fd, const void *octets, size_t length, off_t at)
{
	count_write();
	return pwrite(fd, octets, length, at);
}

static int cut_there(int fd, off_t length)
{
	count_write();
	return ftruncate(fd, length);
}

static void watch_sqlite(void)
{
	sqlite3_vfs *vfs;

	CU_ASSERT_EQUAL(sqlite3_initialize(), SQLITE_OK);
	vfs = sqlite3_vfs_find(NULL);
	vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)write_there);
	vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)write_there);
	vfs->xSetSystemCall(vfs, "ftruncate", (sqlite3_syscall_ptr)cut_there);
}

/* Later than what was written before, by the clock that tells which is */
static void pass_time(void)
{
	nanosleep(&(struct timespec){ 0, 3000000 }, NULL);
}

/* ---- moves ------------------------------------------------------------------------ */

struct move {
	const char *from, *to;
};

static void live(const struct move *move, unsigned killed_at)
{
	life_start();
	if (!keeper_start(life.keeper))
		_exit(1);
	watch_sqlite();
	life_new_session(strcmp(move->from, NOBODY) == 0 ? NULL : move->from);
	for (uint32_t s = 1; s <= BEFORE_S; s++)
		life_run_on(s);
	pass_time();
	left = killed_at;
	life_name_runner(move->to);
	life_run_on(AFTER_S);
	_exit(0);
}

/* Whether it was killed, and did not come through */
static bool is_killed(const struct move *move, unsigned at)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0)
		live(move, at);
	CU_ASSERT_EQUAL_FATAL(waitpid(child, &status, 0), child);
	if (WIFSIGNALED(status)) {
		CU_ASSERT_EQUAL(WTERMSIG(status), SIGKILL);
		return true;
	}
	CU_ASSERT_EQUAL(status, 0);
	return false;
}

static bool count_one(const struct history_entry *entry, void *user)
{
	++*(unsigned *)user;
	return entry->id > 0;
}

static unsigned count_in(const char *path)
{
	enum history_result result;
	unsigned count = 0;
	char why[200];
	struct history *h = history_open(path, HISTORY_CHANGE, &result, why, sizeof(why));

	if (h && history_list(h, NULL, INT64_MAX, count_one, &count) != HISTORY_OK)
		count = UINT32_MAX;
	history_close(h);
	return count;
}

static bool has_leaf(void)
{
	char name[LEAF_NAME_MAX];

	leaf_name(life.runtime, name);
	return access(name, F_OK) == 0;
}

static bool is_whole(const struct session_log *log)
{
	return made_session_is(log, log->length_s) &&
	       (log->length_s == BEFORE_S || log->length_s == AFTER_S);
}

/* As the next one finds it; whether it has moved */
static bool goes_on(const struct move *move)
{
	struct session_log found;
	uint32_t away_s;
	bool moved;

	life_start();
	CU_ASSERT_TRUE(logbook_recover(life.logbook, 60, &found, &away_s));
	CU_ASSERT_TRUE(is_whole(&found));
	moved = strcmp(found.runner, move->to) == 0;
	CU_ASSERT_TRUE(moved || strcmp(found.runner, move->from) == 0);
	CU_ASSERT_TRUE(!moved || found.length_s == AFTER_S);
	CU_ASSERT_EQUAL(count_in(life.state), strcmp(found.runner, NOBODY) == 0 ? 0 : 1);
	CU_ASSERT_EQUAL(count_in(life.runtime) > 0 || has_leaf(),
	                strcmp(found.runner, NOBODY) == 0);
	session_log_free(&found);
	life_stop();
	return moved;
}

/* Too late to go on: it is in one place, as it stood. */
static void is_closed_once(void)
{
	struct session_log found;
	uint32_t away_s;

	life_start();
	CU_ASSERT_FALSE(logbook_recover(life.logbook, 0, &found, &away_s));
	life_stop();
	CU_ASSERT_EQUAL(count_in(life.state) + count_in(life.runtime), 1);
	life_start();
	CU_ASSERT_FALSE(logbook_recover(life.logbook, 60, &found, &away_s));
	life_stop();
}

static void begin(void)
{
	life_begin();
	life_add("Ada", "");
	life_add("Bea", "");
}

/* Where it lives: a copy of what there was before, or of what it left */
static void live_in(const char *place)
{
	snprintf(life.state, sizeof(life.state), "%s/%s/state/history.sqlite", life.directory,
	         place);
	snprintf(life.runtime, sizeof(life.runtime), "%s/%s/run/display.sock.session",
	         life.directory, place);
}

static void kill_at_each_write(const struct move *move)
{
	bool killed = true, moved = false, now;
	unsigned stayed = 0;

	begin();
	for (unsigned at = 1; killed; at++) {
		life_shell("rm -rf one other && mkdir one && cp -r state run one");
		live_in("one");
		killed = is_killed(move, at);
		life_shell("cp -r one other");
		now = goes_on(move);
		CU_ASSERT_TRUE(now || !moved); /* and does not come back */
		moved = now;
		stayed += !moved;
		live_in("other");
		is_closed_once();
	}
	CU_ASSERT_TRUE(moved);
	CU_ASSERT_TRUE(stayed > 0);
	life_finish();
}

static void test_killed_at_each_write(void)
{
	static const struct move moves[] = {
		{ NOBODY, "Ada" }, { "Ada", NOBODY }, { "Ada", "Bea" },
	};

	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
		kill_at_each_write(&moves[i]);
}

/* ---- a history that drops nothing ----------------------------------------------------- */

static void tell_sqlite(const char *sql)
{
	sqlite3 *db;

	CU_ASSERT_EQUAL_FATAL(sqlite3_open(life.state, &db), SQLITE_OK);
	CU_ASSERT_EQUAL(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void hold_fast(void)
{
	tell_sqlite("CREATE TRIGGER fast BEFORE DELETE ON session"
	            " BEGIN SELECT RAISE(ABORT, 'held fast'); END");
}

static void let_go(void)
{
	tell_sqlite("DROP TRIGGER fast");
}

static bool is_owed(void)
{
	char name[160];

	snprintf(name, sizeof(name), "%s-owed", life.runtime);
	return access(name, F_OK) == 0;
}

static void start_keeper(void)
{
	life_start();
	CU_ASSERT_TRUE(keeper_start(life.keeper));
}

/* Ada's, until it turned out not to be hers */
static void live_until_owed(void)
{
	begin();
	start_keeper();
	life_new_session("Ada");
	life_run_on(30);
	hold_fast();
	pass_time();
	life_name_runner(NOBODY);
	life_run_on(60);
	life_run_on(61);
	CU_ASSERT_TRUE(is_owed());
	life_expect(life.state, 1, 30, false);
}

static void recover_as(const char *runner, uint32_t length_s)
{
	struct session_log found;
	uint32_t away_s;

	session_log_free(&life.now);
	life_start();
	CU_ASSERT_TRUE_FATAL(logbook_recover(life.logbook, 60, &found, &away_s));
	CU_ASSERT_STRING_EQUAL(found.runner, runner);
	CU_ASSERT_TRUE(made_session_is(&found, length_s));
	life.now = found;
	CU_ASSERT_TRUE(keeper_start(life.keeper));
}

/* Neither the next gaitd nor her next session makes it hers; and it goes as soon as the
 * disk lets it, while she runs. */
static void test_held_fast(void)
{
	live_until_owed();
	life_stop();
	recover_as(NOBODY, 61);
	life_run_on(70);
	life_expect(life.state, 1, 30, false);
	life_end_session();
	life_new_session("Ada");
	life_run_on(20);
	life_expect(life.state, 1, 30, false);
	let_go();
	life_run_on(21);
	life_expect(life.state, 1, 21, false);
	CU_ASSERT_FALSE(is_owed());
	life_stop();
	life_finish();
}

/* Killed when what it moved to is long gone */
static void test_owed_for_long(void)
{
	struct session_log found;
	uint32_t away_s;

	live_until_owed();
	life_end_session();
	logbook_forget(life.logbook);
	life_stop();
	for (unsigned i = 0; i < 2; i++) {
		life_start();
		CU_ASSERT_FALSE(logbook_recover(life.logbook, 60, &found, &away_s));
		life_stop();
		life_expect(life.state, i == 0 ? 1 : 0, 30, false);
		if (i == 0)
			let_go();
	}
	CU_ASSERT_FALSE(is_owed());
	life_finish();
}

static void wait_for(unsigned sessions)
{
	for (unsigned i = 0; i < 80 && count_in(life.state) != sessions; i++) {
		nanosleep(&(struct timespec){ 0, 50000000 }, NULL);
		event_base_loop(life.base, EVLOOP_NONBLOCK);
	}
	CU_ASSERT_EQUAL(count_in(life.state), sessions);
}

/* Nobody runs any more: it goes for all that, in this gaitd, and in the next, which may
 * take up no session. */
static void test_nobody_runs(void)
{
	for (unsigned i = 0; i < 2; i++) {
		live_until_owed();
		life_end_session();
		if (i == 1) {
			life_stop();
			start_keeper();
			logbook_publish(life.logbook);
			life_wait();
		}
		life_expect(life.state, 1, 30, false);
		let_go();
		wait_for(0);
		life_wait();
		CU_ASSERT_FALSE(is_owed());
		life_stop();
		life_finish();
	}
}

/* The history was begun anew, and counts from 1 again: nobody is owed for the old one. */
static void test_another_history(void)
{
	live_until_owed();
	life_stop();
	life_shell("rm state/history.sqlite*");
	recover_as(NOBODY, 61);
	CU_ASSERT_FALSE(is_owed());
	life_add("Ada", "");
	pass_time();
	life_name_runner("Ada");
	life_run_on(70);
	life_run_on(71);
	life_expect(life.state, 1, 71, false);
	life_stop();
	life_finish();
}

/* ---- to and fro ------------------------------------------------------------------------ */

static void run_as(const char *runner, uint32_t length_s)
{
	pass_time();
	life_name_runner(runner);
	life_run_on(length_s);
}

/* Where she was said to run nothing can be written, and then it is nobody's again. */
static void test_back_again(void)
{
	begin();
	start_keeper();
	life_new_session(NULL);
	life_run_on(29);
	life_run_on(30);
	tell_sqlite("CREATE TRIGGER none BEFORE INSERT ON session"
	            " BEGIN SELECT RAISE(ABORT, 'none'); END");
	run_as("Ada", 40);
	run_as(NOBODY, 50);
	life_expect_leaf(50);
	life_stop();
	recover_as(NOBODY, 50);
	life_end_session();
	life_expect(life.runtime, 1, 50, true);
	CU_ASSERT_EQUAL(count_in(life.state), 0);
	life_stop();
	life_finish();
}

/* Nobody's is kept nowhere, and hers it is not. */
static void test_disowned(void)
{
	begin();
	life.runtime[0] = '\0';
	start_keeper();
	life_new_session("Ada");
	life_run_on(30);
	life_expect(life.state, 1, 30, false);
	logbook_disown(life.logbook);
	life_wait();
	CU_ASSERT_EQUAL(count_in(life.state), 0);
	life_stop();
	life_finish();
}

/* The last that was said is not in the history: what was said before is not true for that. */
static void test_ends_on_the_way(void)
{
	begin();
	start_keeper();
	life_new_session("Ada");
	life_run_on(30);
	tell_sqlite("CREATE TRIGGER none BEFORE INSERT ON session"
	            " BEGIN SELECT RAISE(ABORT, 'none'); END");
	run_as("Bea", 40);
	life_end_session();
	life_expect(life.state, 1, 30, false);
	logbook_begin(life.logbook);
	life_wait();
	CU_ASSERT_EQUAL(count_in(life.state), 0);
	life_stop();
	life_finish();
}

/* An old session of hers that nobody closed is not that of who ran since. */
static void test_an_older_one(void)
{
	struct session_log before;

	begin();
	start_keeper();
	life_new_session("Ada");
	life_run_on(30);
	life_stop();
	pass_time();
	before = life.now;
	made_session(&life.now, NULL, 100);
	start_keeper();
	logbook_begin(life.logbook);
	life_run_on(9);
	life_run_on(10);
	life_stop();
	recover_as(NOBODY, 10);
	life_expect(life.state, 1, 30, true);
	life_stop();
	session_log_free(&before);
	life_finish();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "killed at each write", test_killed_at_each_write },
		{ "held fast", test_held_fast },
		{ "owed for long", test_owed_for_long },
		{ "nobody runs", test_nobody_runs },
		{ "another history", test_another_history },
		{ "back again", test_back_again },
		{ "disowned", test_disowned },
		{ "ends on the way", test_ends_on_the_way },
		{ "an older one", test_an_older_one },
		CU_TEST_INFO_NULL,
	};

	return suite_run("moves", tests);
}
