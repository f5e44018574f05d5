/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * make bench-history: many runners with three runs each; how long what stands
 * behind a session's start takes, and how large the file is for an hour of
 * running.
 */
#include "daemon/history/history.h"
#include "tests/unit/made_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define RUNS 3
#define RUN_S 2400
#define DAY_S 86400
#define LIMIT_MS 20

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void die(struct history *h, const char *what)
{
	fprintf(stderr, "bench_history: %s: %s\n", what, h ? history_why(h) : "");
	exit(1);
}

static void name_of(unsigned runner, char *out, size_t size)
{
	snprintf(out, size, "runner %u", runner);
}

static void fill(struct history *h, unsigned runners)
{
	static const struct history_touch touch = { "boot", 1 };
	struct session_log log;

	made_session(&log, "nobody", 0);
	made_session_run(&log, RUN_S);
	log.ended = true;
	for (unsigned i = 0; i < runners; i++) {
		struct history_runner runner = { .has_added = true };

		name_of(i, runner.name, sizeof(runner.name));
		snprintf(runner.pod, sizeof(runner.pod), "ant %u", i + 1);
		runner_init(&runner.told);
		if (history_add_runner(h, &runner) != HISTORY_OK)
			die(h, "add");
		snprintf(log.runner, sizeof(log.runner), "%s", runner.name);
		for (int day = 0; day < RUNS; day++) {
			struct history_session session = { 0 };

			log.start_s = MADE_START_S + day * DAY_S;
			if (history_write(h, &session, &log, 0, 0, &touch) != HISTORY_OK)
				die(h, "write");
		}
	}
	session_log_free(&log);
	history_settle(h);
}

/* As when somebody is recognized by his pod: who it is, and what is known */
static double start_of(struct history *h, unsigned runner)
{
	struct history_runner found;
	struct runner known;
	char pod[32];
	double before = now_ms();

	snprintf(pod, sizeof(pod), "ant %u", runner + 1);
	if (history_find_pod(h, pod, &found) != HISTORY_OK ||
	    history_know_runner(h, &found, MADE_START_S + 4 * DAY_S, 0, &known) != HISTORY_OK)
		die(h, "look up");
	return now_ms() - before;
}

static void measure(const char *path, unsigned runners)
{
	enum history_result result;
	char why[200];
	struct history *h = history_open(path, HISTORY_CHANGE, &result, why, sizeof(why));
	double worst = 0, sum = 0, opened = now_ms();
	unsigned slow = 0;
	struct stat st;
	int64_t id;
	struct history_touch touch;

	if (!h)
		die(NULL, why);
	history_under_way(h, &id, &touch);
	opened = now_ms() - opened;
	for (unsigned i = 0; i < runners; i++) {
		double ms = start_of(h, i * 7919 % runners);

		sum += ms;
		worst = ms > worst ? ms : worst;
		slow += ms > LIMIT_MS;
	}
	stat(path, &st);
	printf("%u runners, %u seconds of running\n", runners, runners * RUNS * RUN_S);
	printf("%-34s %8.2f ms\n", "is a session under way", opened);
	printf("%-34s %8.2f ms, at worst %.2f, %u above %d\n", "who is it, and what is known",
	       sum / runners, worst, slow, LIMIT_MS);
	printf("%-34s %8.0f kB\n", "file, for an hour of running",
	       (double)st.st_size / 1000 / (runners * RUNS * RUN_S / 3600.0));
	opened = now_ms();
	if (history_check(h) != HISTORY_OK)
		die(h, "check");
	printf("%-34s %8.0f ms\n", "looking through all of it", now_ms() - opened);
	history_close(h);
}

int main(int argc, char **argv)
{
	unsigned runners = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1000;
	char directory[] = "/tmp/gaitd-bench-XXXXXX", path[64], why[200];
	enum history_result result;
	struct history *h;

	if (runners == 0 || !mkdtemp(directory))
		return 1;
	snprintf(path, sizeof(path), "%s/history.sqlite", directory);
	h = history_open(path, HISTORY_CREATE, &result, why, sizeof(why));
	if (!h)
		die(NULL, why);
	fill(h, runners);
	history_close(h);
	measure(path, runners);
	history_remove(path);
	remove(directory);
	return 0;
}
