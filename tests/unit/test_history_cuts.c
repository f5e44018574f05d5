/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * kill -9 and power cuts at random instants of a run: the history opens each
 * time, a second is lost at most, and nothing counts twice. CUTS=500 in the
 * environment is the campaign, SEED another one.
 */
#include "daemon/history/history.h"
#include "tests/unit/cut_vfs.h"
#include "tests/unit/made_session.h"
#include "tests/unit/suite.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CUTS 30
#define KILLS 8 /* a disk's real syncs take their time */
#define LENGTH_S 70 /* of a session */
#define CHANGES 2400 /* about as many as three of them take */

static char directory[64], path[128];
static uint32_t dice;

/* What the writer was told is kept */
struct told {
	uint32_t runner; /* 1: he was added */
	uint32_t closed; /* sessions */
	uint32_t length_s; /* of the next one */
};

static uint32_t roll(uint32_t below)
{
	dice ^= dice << 13;
	dice ^= dice >> 17;
	dice ^= dice << 5;
	return dice % below;
}

static unsigned number_of(const char *name, unsigned otherwise)
{
	const char *text = getenv(name);

	return text && *text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

/* ---- the writer ---------------------------------------------------------------- */

static void tell(struct told *told, int fd)
{
	if (fd >= 0 && write(fd, told, sizeof(*told)) != (ssize_t)sizeof(*told))
		_exit(1);
}

static bool add(struct history *h)
{
	struct history_runner ada = { .name = "Ada" };

	runner_init(&ada.told);
	ada.told.shoe_km = 0;
	return history_add_runner(h, &ada) == HISTORY_OK;
}

/* A session, a transaction each second, until it ends or something fails */
static bool run(struct history *h, struct told *told, int fd)
{
	static const struct history_touch touch = { "boot", 1 };
	struct history_session session = { 0 };
	struct session_log log;
	bool good = true;

	made_session(&log, "Ada", told->closed * 1000);
	for (uint32_t s = 1; good && s <= LENGTH_S; s++) {
		struct session_log tail;

		made_session_run(&log, s);
		log.ended = s == LENGTH_S;
		tail = log;
		if (session.seconds > 0)
			tail.seconds += session.seconds;
		tail.second_count -= session.seconds;
		if (session.events > 0)
			tail.events += session.events;
		tail.event_count -= session.events;
		good = history_write(h, &session, &tail, session.seconds, session.events,
		                     &touch) == HISTORY_OK;
		if (good) {
			told->length_s = log.ended ? 0 : s;
			told->closed += log.ended;
			tell(told, fd);
		}
	}
	session_log_free(&log);
	return good;
}

/* Until something fails */
static void write_on(struct told *told, int fd)
{
	enum history_result result;
	char why[200];
	struct history *h = history_open(path, HISTORY_CREATE, &result, why, sizeof(why));

	if (h && add(h)) {
		told->runner = 1;
		tell(told, fd);
		while (run(h, told, fd))
			history_settle(h);
	}
	history_close(h);
}

/* ---- what is there afterwards ------------------------------------------------------ */

static uint32_t check_session(struct history *h, int64_t id, bool is_last,
                              const struct told *told)
{
	struct session_log log;
	bool good;

	CU_ASSERT_EQUAL(history_load_session(h, id, &log), HISTORY_OK);
	good = made_session_is(&log, log.length_s);
	if (!is_last)
		good = good && log.ended && log.length_s == LENGTH_S;
	else /* the last one told, or the next */
		good = good && (log.length_s == told->length_s ||
		                log.length_s == told->length_s + 1);
	CU_ASSERT_TRUE(good);
	session_log_free(&log);
	return log.ended;
}

static bool count_one(const struct history_entry *entry, void *user)
{
	uint32_t *counts = user;

	counts[entry->ended ? 1 : 0]++;
	return true;
}

static void check_shoes(struct history *h)
{
	struct history_runner ada;
	uint32_t counts[2] = { 0, 0 };

	CU_ASSERT_EQUAL(history_find_runner(h, "Ada", &ada), HISTORY_OK);
	CU_ASSERT_EQUAL(history_list(h, "Ada", INT64_MAX, count_one, counts), HISTORY_OK);
	CU_ASSERT_DOUBLE_EQUAL(ada.told.shoe_km, counts[1] * LENGTH_S * 2.5 / 1000, 1e-9);
	CU_ASSERT_TRUE(counts[0] <= 1);
}

static void check(const struct told *told)
{
	enum history_result result;
	char why[200] = "";
	struct history *h = history_open(path, HISTORY_CREATE, &result, why, sizeof(why));
	struct history_runner ada;
	int64_t latest = 0;

	CU_ASSERT_PTR_NOT_NULL(h);
	if (!h) {
		printf("\nopen: %s\n", why);
		return;
	}
	CU_ASSERT_EQUAL(history_check(h), HISTORY_OK);
	result = history_find_runner(h, "Ada", &ada);
	CU_ASSERT_TRUE(result == HISTORY_OK || !told->runner);
	if (result == HISTORY_OK) {
		history_latest(h, NULL, &latest);
		CU_ASSERT_TRUE(latest == told->closed || latest == told->closed + 1);
		for (int64_t id = 1; id <= (int64_t)told->closed; id++)
			check_session(h, id, false, told);
		if (latest > told->closed)
			check_session(h, latest, true, told);
		check_shoes(h);
	}
	history_close(h);
}

static void start(void)
{
	strcpy(directory, "/tmp/gaitd-test-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/history.sqlite", directory);
}

static void end(void)
{
	CU_ASSERT_TRUE(history_remove(path));
	CU_ASSERT_EQUAL(rmdir(directory), 0);
}

/* ---- the instants -------------------------------------------------------------------- */

static void kill_once(void)
{
	struct told told = { 0 }, next;
	unsigned after = roll(LENGTH_S + 20), heard = 0;
	int ends[2];
	pid_t writer;

	start();
	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
	writer = fork();
	if (writer == 0) {
		close(ends[0]);
		write_on(&told, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	while (heard++ < after && read(ends[0], &next, sizeof(next)) == (ssize_t)sizeof(next))
		told = next;
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
	while (read(ends[0], &next, sizeof(next)) == (ssize_t)sizeof(next))
		told = next; /* said before it died */
	close(ends[0]);
	check(&told);
	end();
}

static void test_kill_9(void)
{
	unsigned kills = number_of("CUTS", KILLS);

	dice = number_of("SEED", 1) | 1;
	for (unsigned i = 0; i < kills; i++)
		kill_once();
}

static void cut_once(void)
{
	struct told told = { 0 };

	start();
	cut_vfs_plan(1 + roll(CHANGES), dice);
	write_on(&told, -1);
	CU_ASSERT_TRUE(cut_vfs_is_cut());
	CU_ASSERT_TRUE(cut_vfs_restore());
	cut_vfs_plan(0, 1); /* the power is back */
	check(&told);
	end();
}

/* A cut takes minutes under the sanitizers, which see its code in the other test. */
#if defined(__clang__) && defined(__has_feature)
#if __has_feature(address_sanitizer)
#undef CUTS
#define CUTS 0
#endif
#endif

static void test_power_cuts(void)
{
	unsigned cuts = number_of("CUTS", CUTS);

	dice = number_of("SEED", 1) | 1;
	CU_ASSERT_TRUE(cut_vfs_install());
	for (unsigned i = 0; i < cuts; i++)
		cut_once();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "kill -9", test_kill_9 },
		{ "power cuts", test_power_cuts },
		CU_TEST_INFO_NULL,
	};

	return suite_run("history cuts", tests);
}
