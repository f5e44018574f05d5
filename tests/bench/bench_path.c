/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * From a treadmill's notification to the displays' reading, through the whole daemon,
 * beside a bare relay (floor/relay.c).
 *
 *	bench_path latency TIMES GAITD-COMMAND... -- RELAY-COMMAND...
 *	bench_path run MESSAGES DISPLAYS COMMAND...    nothing but that, to be counted
 *	bench_path hold SECONDS COMMAND...             a run at 4 Hz, and what it takes
 *	bench_path hold-known SECONDS COMMAND...       likewise of a runner who is kept
 *	bench_path idle SECONDS WHAT LIMIT COMMAND...  nobody there, and what that takes
 *
 * SOCKET in a command is where displays connect.
 */
#include "tests/bench/far.h"
#include "tests/bench/gpsd.h"
#include "tests/bench/table.h"

#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SATURATED 1500
#define SATURATED_S 2 /* at most, on a computer that is busy */
#define TIMES_MAX 4000
#define PERIOD_S 0.25

static double took[2][TIMES_MAX * FAR_DISPLAYS_MAX];

/* ---- how long ------------------------------------------------------------ */

static void rows(unsigned displays, const char *pace, size_t count)
{
	static const struct {
		const char *name;
		double part;
	} parts[] = { { "p50", 0.5 }, { "p99", 0.99 }, { "most", 1 } };
	char what[80];

	for (size_t i = 0; i < 3; i++) {
		snprintf(what, sizeof(what), "path: %u display%s, %s, %s", displays,
		         displays == 1 ? "" : "s", pace, parts[i].name);
		table_ratio(what, "us", table_part(took[0], count, parts[i].part),
		            table_part(took[1], count, parts[i].part), 0);
	}
}

/* By turns, so that both have the same computer */
static void latency(char **ours, char **floor, unsigned displays, unsigned times, bool saturated)
{
	static struct far far[2];
	double start_us;
	size_t at = 0;

	far_start(&far[0], ours, false, displays);
	far_start(&far[1], floor, true, displays);
	start_us = far_now_us();
	for (unsigned i = 0; i < times; i++, at += displays) {
		if (saturated && i > 0 && far_now_us() - start_us > SATURATED_S * 1e6)
			break;
		for (size_t j = 0; j < 2; j++) {
			double since_us;

			if (!saturated)
				far_serve(&far[0], PERIOD_S / 2);
			since_us = far_now_us();
			far_tell_speed(&far[j]);
			far_await(&far[j], since_us, &took[j][at]);
		}
	}
	far_stop(&far[0]);
	far_stop(&far[1]);
	rows(displays, saturated ? "saturated" : "4 Hz", at);
}

static void bench_latency(unsigned times, char **ours, char **floor)
{
	static const unsigned displays[] = { 1, 10, 64 };

	for (size_t i = 0; i < sizeof(displays) / sizeof(displays[0]); i++) {
		latency(ours, floor, displays[i], times, false);
		latency(ours, floor, displays[i], SATURATED / (1 + displays[i] / 8), true);
	}
}

/* ---- a run, to be counted from outside ------------------------------------ */

static void run(unsigned messages, unsigned displays, char **command)
{
	static struct far far;

	far_start(&far, command, strstr(command[0], "relay") != NULL, displays);
	for (unsigned i = 0; i < messages; i++) {
		far_tell_speed(&far);
		far_await(&far, far_now_us(), took[0]);
	}
	far_stop(&far);
}

/* ---- what a run takes ---------------------------------------------------- */

/* The number behind `name` at the beginning of a line, "" of the first line */
static double told_of(pid_t pid, const char *file, const char *name)
{
	char path[340], line[256];
	size_t length = strlen(name);
	double value = -1;
	FILE *from;

	snprintf(path, sizeof(path), "/proc/%ld/%s", (long)pid, file);
	from = fopen(path, "re");
	if (!from)
		table_fail(path);
	while (value < 0 && fgets(line, sizeof(line), from))
		if (strncmp(line, name, length) == 0)
			value = strtod(line + length, NULL);
	fclose(from);
	return value;
}

struct spent {
	double ns;     /* of the processor, by all threads */
	double waits;  /* of the loop */
	double others; /* of the other threads */
};

static struct spent spent_by(pid_t pid)
{
	struct spent all = { 0, 0, 0 };
	const struct dirent *thread;
	char path[300];
	DIR *threads;

	snprintf(path, sizeof(path), "/proc/%ld/task", (long)pid);
	threads = opendir(path);
	if (!threads)
		table_fail(path);
	while ((thread = readdir(threads))) {
		if (thread->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "task/%s/schedstat", thread->d_name);
		all.ns += told_of(pid, path, "");
		snprintf(path, sizeof(path), "task/%s/status", thread->d_name);
		*(strtol(thread->d_name, NULL, 10) == pid ? &all.waits : &all.others) +=
			told_of(pid, path, "voluntary_ctxt_switches:");
	}
	closedir(threads);
	return all;
}

static double private_mb(pid_t pid)
{
	return (told_of(pid, "smaps_rollup", "Private_Clean:") +
	        told_of(pid, "smaps_rollup", "Private_Dirty:")) / 1024;
}

/* What nobody has set a limit to, a runner who is kept, is told of all the same. */
static struct kind {
	const char *name;
	bool judged;
} kind;

static const char *row_of(const char *what)
{
	static char row[100];

	snprintf(row, sizeof(row), "%s: %s", kind.name, what);
	return row;
}

/* One gpsd has one receiver, which tells as often as each of gaitd's devices; the other
 * has two, which tell as much as both. */
static struct neighbour {
	const char *port, *row;
	unsigned receivers;
	struct gpsd gpsd;
	double before_ns;
} neighbours[] = {
	{ "29470", "processor an hour, beside gpsd", 1, { .pid = -1 }, 0 },
	{ "29471", "and beside one with two receivers", 2, { .pid = -1 }, 0 },
};
#define NEIGHBOURS (sizeof(neighbours) / sizeof(neighbours[0]))

/* To wake who waits is a part of telling him: their clients wait as the display does. */
static void meet(struct far *far)
{
	for (struct neighbour *n = neighbours; n < neighbours + NEIGHBOURS; n++) {
		if (n->gpsd.pid < 0)
			continue;
		far->beside[far->besides].fd = n->gpsd.client;
		far->beside[far->besides].hear = gpsd_hear;
		far->beside[far->besides++].user = &n->gpsd;
		n->before_ns = spent_by(n->gpsd.pid).ns;
	}
}

/* The receivers, like the devices, by turns */
static void tell_neighbours(unsigned receiver)
{
	for (struct neighbour *n = neighbours; n < neighbours + NEIGHBOURS; n++)
		if (n->gpsd.pid > 0 && receiver < n->receivers)
			gpsd_tell(&n->gpsd, receiver);
}

static void compare(const struct spent *ours, double hours)
{
	double s = ours->ns * 1e-9 / hours;

	for (struct neighbour *n = neighbours; n < neighbours + NEIGHBOURS; n++) {
		if (n->gpsd.pid < 0 || n->gpsd.reports == 0 || kill(n->gpsd.pid, 0) < 0) {
			table_value(row_of("processor an hour (no gpsd here)"), "s", s, -1);
			return;
		}
		table_ratio(row_of(n->row), "s", s,
		            (spent_by(n->gpsd.pid).ns - n->before_ns) * 1e-9 / hours,
		            kind.judged && n->receivers == 1);
	}
}

static struct spent since(const struct spent *before, pid_t pid)
{
	struct spent now = spent_by(pid);

	return (struct spent){ now.ns - before->ns, now.waits - before->waits,
		               now.others - before->others };
}

/* A treadmill and a pod at 4 Hz each, and a display */
static void hold(double seconds, char **command)
{
	static struct far far;
	unsigned periods = (unsigned)(seconds / PERIOD_S), messages;
	struct spent before, spent;

	for (struct neighbour *n = neighbours; n < neighbours + NEIGHBOURS; n++)
		gpsd_start(&n->gpsd, n->port, n->receivers);
	far_start(&far, command, false, 1);
	far_serve(&far, 3); /* what it still asks of the devices is no part of a run */
	far.display[0].pongs = 0;
	before = spent_by(far.pid);
	meet(&far);
	for (unsigned i = 0; i < periods; i++) {
		far_tell_speed(&far);
		tell_neighbours(0);
		far_serve(&far, PERIOD_S / 2);
		far_tell_pod(&far);
		tell_neighbours(1);
		far_serve(&far, PERIOD_S / 2);
	}
	far.besides = 0;
	spent = since(&before, far.pid);
	messages = 2 * periods + far.display[0].pongs;
	table_value(row_of("private memory"), "MB", private_mb(far.pid), kind.judged ? 3 : -1);
	compare(&spent, seconds / 3600);
	table_value(row_of("wake-ups a message"), "", round(spent.waits / messages * 100) / 100,
	            kind.judged ? 1 : -1);
	table_value(row_of("wake-ups a second to write the session"), "", spent.others / seconds,
	            -1);
	for (struct neighbour *n = neighbours; n < neighbours + NEIGHBOURS; n++)
		gpsd_stop(&n->gpsd);
	far_stop(&far);
}

/* ---- what it takes to do nothing ------------------------------------------ */

static void idle(double seconds, const char *what, double limit, char **command)
{
	static struct far far;
	struct spent before;
	char row[80];

	far_start(&far, command, true, 0);
	while (access(far.socket, F_OK) < 0)
		usleep(100000);
	far_serve(&far, 35); /* until nobody has answered for the 30 s of a GATT request */
	before = spent_by(far.pid);
	far_serve(&far, seconds);
	before = since(&before, far.pid);
	snprintf(row, sizeof(row), "idle: wake-ups in %.0f s, %s", seconds, what);
	table_value(row, "", before.waits + before.others, limit);
	far_stop(&far);
}

int main(int argc, char **argv)
{
	char **other = argv;

	signal(SIGPIPE, SIG_IGN);
	while (*other && strcmp(*other, "--") != 0)
		other++;
	if (argc > 4 && strcmp(argv[1], "latency") == 0 && *other) {
		*other = NULL;
		bench_latency((unsigned)strtoul(argv[2], NULL, 10), argv + 3, other + 1);
	} else if (argc > 4 && strcmp(argv[1], "run") == 0) {
		run((unsigned)strtoul(argv[2], NULL, 10), (unsigned)strtoul(argv[3], NULL, 10),
		    argv + 4);
	} else if (argc > 5 && strcmp(argv[1], "idle") == 0) {
		idle(strtod(argv[2], NULL), argv[3], strtod(argv[4], NULL), argv + 5);
	} else if (argc > 3 && strcmp(argv[1], "hold") == 0) {
		kind = (struct kind){ "run at 4 Hz", true };
		hold(strtod(argv[2], NULL), argv + 3);
	} else if (argc > 3 && strcmp(argv[1], "hold-known") == 0) {
		kind = (struct kind){ "kept run at 4 Hz", false };
		hold(strtod(argv[2], NULL), argv + 3);
	} else {
		table_fail("usage: bench_path latency TIMES GAITD... -- RELAY...");
	}
	return 0;
}
