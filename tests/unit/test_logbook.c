/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The session under way on its way to the disk: over restarts, from one runner
 * to another, and when the disk does not take it.
 */
#include "tests/unit/logbook_life.h"
#include "tests/unit/made_session.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void over_a_restart(const char *runner, const char *path)
{
	struct session_log found;
	uint32_t away_s;

	life_begin();
	life_add("Ada", "");
	life_start();
	CU_ASSERT_FALSE(logbook_recover(life.logbook, 60, &found, &away_s));
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	life_new_session(runner);
	for (uint32_t s = 1; s <= 70; s++)
		life_run_on(s);
	life_stop();
	session_log_free(&life.now);
	life_start();
	CU_ASSERT_TRUE_FATAL(logbook_recover(life.logbook, 60, &found, &away_s));
	CU_ASSERT_TRUE(away_s < 60);
	CU_ASSERT_TRUE(made_session_is(&found, 70));
	life.now = found;
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	for (uint32_t s = 71; s <= 130; s++)
		life_run_on(s);
	life_end_session();
	life_stop();
	life_expect(path, 1, 130, true);
	life_finish();
}

static void test_goes_on(void)
{
	over_a_restart(NULL, life.runtime);
	over_a_restart("Ada", life.state);
}

/* Nothing is lost of what was written since the last time but one. */
static void test_killed_twice(void)
{
	struct session_log found;
	uint32_t away_s, length_s = 0;

	life_begin();
	for (unsigned i = 0; i < 3; i++) {
		life_start();
		if (i == 0)
			life_new_session(NULL);
		else
			CU_ASSERT_TRUE_FATAL(logbook_recover(life.logbook, 60, &found, &away_s));
		if (i > 0)
			life.now = found;
		CU_ASSERT_EQUAL(life.now.length_s, length_s);
		CU_ASSERT_TRUE(keeper_start(life.keeper));
		for (unsigned j = 0; j < 20; j++)
			life_run_on(++length_s);
		life_stop();
		life_expect_leaf(length_s);
		session_log_free(&life.now);
	}
	life_finish();
}

static void closed_as_it_stood(const char *runner, const char *path)
{
	struct session_log found;
	uint32_t away_s;

	life_begin();
	life_add("Ada", "");
	life_start();
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	life_new_session(runner);
	life_run_on(69);
	life_run_on(70);
	life_stop();
	life_start();
	CU_ASSERT_FALSE(logbook_recover(life.logbook, 0, &found, &away_s));
	life_stop();
	life_expect(path, 1, 70, true);
	life_start(); /* what is left of it does not come back */
	CU_ASSERT_FALSE(logbook_recover(life.logbook, 60, &found, &away_s));
	life_stop();
	life_finish();
}

static void test_is_closed(void)
{
	closed_as_it_stood("Ada", life.state);
	closed_as_it_stood(NULL, life.runtime);
}

/* What a daemon that died left goes to its runner's folder, as what ended does. */
static void test_is_published(void)
{
	struct session_log found;
	uint32_t away_s;
	char folder[128], file[200];

	life_begin();
	snprintf(folder, sizeof(folder), "%s/folder", life.directory);
	snprintf(file, sizeof(file), "%s/2025-10-09T095320-treadmill-run.fit", folder);
	CU_ASSERT_EQUAL(mkdir(folder, 0700), 0);
	life_add("Ada", folder);
	life_start();
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	life_new_session("Ada");
	life_run_on(70);
	CU_ASSERT_NOT_EQUAL(access(file, F_OK), 0);
	life_stop();
	life_start();
	CU_ASSERT_FALSE(logbook_recover(life.logbook, 0, &found, &away_s));
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	logbook_publish(life.logbook);
	life_wait();
	CU_ASSERT_EQUAL(access(file, R_OK), 0);
	CU_ASSERT_EQUAL(unlink(file), 0);
	logbook_publish(life.logbook); /* once */
	life_wait();
	CU_ASSERT_NOT_EQUAL(access(file, F_OK), 0);
	life_stop();
	life_finish();
}

/* Nothing of somebody anonymous stays, though pages of his are on their way. */
static void test_forgotten(void)
{
	char leaf[160];

	life_begin();
	life_start();
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	life_new_session(NULL);
	for (uint32_t s = 1; s <= 20; s++)
		life_run_on(s);
	snprintf(leaf, sizeof(leaf), "%s-leaf", life.runtime);
	CU_ASSERT_EQUAL(access(leaf, F_OK), 0);
	logbook_forget(life.logbook);
	life_stop();
	CU_ASSERT_NOT_EQUAL(access(life.runtime, F_OK), 0);
	CU_ASSERT_NOT_EQUAL(access(leaf, F_OK), 0);
	life_finish();
}

/* He is recognized in mid-run, and later says that it is not he. */
static void test_whose_it_is(void)
{
	life_begin();
	life_add("Ada", "");
	life_start();
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	life_new_session(NULL);
	life_run_on(29);
	life_run_on(30);
	life_expect_leaf(30);
	life_name_runner("Ada");
	life_run_on(60);
	life_expect(life.state, 1, 60, false);
	CU_ASSERT_NOT_EQUAL(access(life.runtime, F_OK), 0);
	life_name_runner("anonymous");
	life_run_on(90);
	life_expect(life.state, 0, 0, false);
	life_expect(life.runtime, 1, 90, false);
	life_end_session();
	life_expect(life.runtime, 1, 90, true);
	life_new_session("Ada"); /* the anonymous one goes with the next */
	life_run_on(20);
	CU_ASSERT_NOT_EQUAL(access(life.runtime, F_OK), 0);
	life_expect(life.state, 1, 20, false);
	life_stop();
	life_finish();
}

/* He was forgotten meanwhile: nothing of his comes back. */
static void test_who_is_gone(void)
{
	life_begin();
	life_start();
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	life_new_session("Ada");
	life_run_on(30);
	CU_ASSERT_NOT_EQUAL(access(life.state, F_OK), 0);
	life_add("Bea", "");
	life_run_on(40);
	life_expect(life.state, 0, 0, false);
	life_stop();
	life_finish();
}

/* What the disk did not take comes with the next page that it takes. */
static void test_disk_fails(void)
{
	char parent[128];
	FILE *file;

	life_begin();
	life_start();
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	snprintf(parent, sizeof(parent), "%s/run", life.directory);
	CU_ASSERT_EQUAL(rmdir(parent), 0);
	file = fopen(parent, "we"); /* no directory */
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fclose(file);
	life_new_session(NULL);
	for (uint32_t s = 1; s <= 70; s++)
		life_run_on(s);
	CU_ASSERT_EQUAL(unlink(parent), 0);
	life_run_on(71);
	life_expect(life.runtime, 1, 71, false);
	/* damaged under its feet: begun anew, with all of it */
	file = fopen(life.runtime, "r+e");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	for (int i = 0; i < 60000; i++)
		fputc('x', file);
	fclose(file);
	life_stop();
	life_start();
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	life_run_on(72);
	life_run_on(73);
	life_end_session();
	life_expect(life.runtime, 1, 73, true);
	life_stop();
	life_finish();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "goes on after a restart", test_goes_on },
		{ "killed twice", test_killed_twice },
		{ "is closed after a long one", test_is_closed },
		{ "and published", test_is_published },
		{ "forgotten", test_forgotten },
		{ "whose it is", test_whose_it_is },
		{ "who is gone", test_who_is_gone },
		{ "a disk that fails", test_disk_fails },
		CU_TEST_INFO_NULL,
	};

	return suite_run("logbook", tests);
}
