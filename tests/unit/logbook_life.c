/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/unit/logbook_life.h"

#include "daemon/history/leaf.h"
#include "tests/unit/made_session.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct logbook_life life;

void life_begin(void)
{
	strcpy(life.directory, "/tmp/gaitd-test-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(life.directory));
	snprintf(life.state, sizeof(life.state), "%s/state/history.sqlite", life.directory);
	snprintf(life.runtime, sizeof(life.runtime), "%s/run", life.directory);
	CU_ASSERT_EQUAL_FATAL(mkdir(life.runtime, 0700), 0);
	snprintf(life.runtime, sizeof(life.runtime), "%s/run/display.sock.session", life.directory);
	session_log_init(&life.now);
}

void life_finish(void)
{
	char command[100];

	session_log_free(&life.now);
	snprintf(command, sizeof(command), "rm -r %s", life.directory);
	CU_ASSERT_EQUAL(system(command), 0); /* NOLINT(cert-env33-c): our own */
}

void life_start(void)
{
	life.base = event_base_new();
	life.keeper = keeper_new(life.base, life.state, life.runtime);
	life.logbook = logbook_new(life.keeper, &life.now);
	CU_ASSERT_PTR_NOT_NULL_FATAL(life.logbook);
}

void life_stop(void)
{
	CU_ASSERT_TRUE(keeper_free(life.keeper));
	logbook_free(life.logbook);
	event_base_free(life.base);
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

void life_wait(void)
{
	static struct keeper_task task = { .run = nothing, .done = note_done };

	for (int i = 0; i < 2; i++) {
		done = false;
		CU_ASSERT_TRUE_FATAL(keeper_post(life.keeper, &task));
		while (!done)
			event_base_loop(life.base, EVLOOP_ONCE);
	}
}

void life_run_on(uint32_t length_s)
{
	made_session_run(&life.now, length_s);
	logbook_write(life.logbook);
	life_wait();
}

void life_name_runner(const char *name)
{
	snprintf(life.now.runner, sizeof(life.now.runner), "%s", name);
}

void life_end_session(void)
{
	life.now.ended = true;
	logbook_write(life.logbook);
	life_wait();
}

void life_new_session(const char *runner)
{
	session_log_free(&life.now);
	made_session(&life.now, runner, 0);
	logbook_begin(life.logbook);
}

void life_add(const char *name, const char *exports)
{
	struct history_runner runner = { .name = "" };
	enum history_result result;
	char why[200];
	struct history *h = history_open(life.state, HISTORY_CREATE, &result, why, sizeof(why));

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

void life_expect(const char *path, unsigned sessions, uint32_t length_s, bool ended)
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

void life_expect_leaf(uint32_t length_s)
{
	struct history_session in_file;
	struct history_touch touch;
	struct session_log found;

	CU_ASSERT_EQUAL(leaf_load(NULL, life.runtime, &found, &in_file, &touch), HISTORY_OK);
	CU_ASSERT_TRUE(made_session_is(&found, length_s));
	CU_ASSERT_EQUAL(in_file.id, 0);
	CU_ASSERT_TRUE(touch.boot_ms > 0);
	session_log_free(&found);
	CU_ASSERT_NOT_EQUAL(access(life.runtime, F_OK), 0);
}

void life_shell(const char *command)
{
	char text[200];

	snprintf(text, sizeof(text), "cd %s && %s", life.directory, command);
	CU_ASSERT_EQUAL(system(text), 0); /* NOLINT(cert-env33-c): our own */
}

uint32_t life_found_s(void)
{
	struct session_log found;
	uint32_t away_s, length_s;

	life_start();
	CU_ASSERT_TRUE_FATAL(logbook_recover(life.logbook, 60, &found, &away_s));
	length_s = found.length_s;
	if (!made_session_is(&found, length_s))
		length_s = 0;
	session_log_free(&found);
	life_stop();
	return length_s;
}
