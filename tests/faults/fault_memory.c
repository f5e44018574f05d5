/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The n-th allocation fails, for each n: at a start and in a run without displays,
 * where the first 18,000 are tried in children of one process; and in a run with a
 * display, a history and somebody who asks.
 */
#include "tests/faults/faults.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each so manieth, in the short form; primes, so that they meet all kinds of places */
#define STRIDE 397   /* in children */
#define STEP 61      /* in processes of their own */
#define RUN_STEP 997 /* in runs of seconds */
#define RUN_S 4

/* ---- at the start ------------------------------------------------------------------- */

static void redirect(const struct rig *rig, const char *name, int to)
{
	char path[2 * RIG_PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", rig->directory, name);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	dup2(fd, to);
	close(fd);
}

/* A whole run as fast as it goes; its prompts go into the file of that name. */
static int play(const struct rig *rig, const char *name)
{
	const char *builddir = getenv("builddir");
	char program[2 * RIG_PATH_MAX], shim[2 * RIG_PATH_MAX], config[2 * RIG_PATH_MAX];
	int status = -1;
	pid_t child;

	snprintf(program, sizeof(program), "%s/gaitd", builddir ? builddir : ".");
	snprintf(shim, sizeof(shim), "%s/tests/faults/shim.so", builddir ? builddir : ".");
	snprintf(config, sizeof(config), "%s/gaitd.yaml", rig->directory);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		redirect(rig, name, STDOUT_FILENO);
		redirect(rig, "log", STDERR_FILENO);
		setenv("LD_PRELOAD", shim, 1);
		alarm(600);
		execl(program, program, "--config", config, "--simulate", "demo", "--speed",
		      "max", "--prompts", "-", (char *)NULL);
		_exit(127);
	}
	waitpid(child, &status, 0);
	return status;
}

static bool same_files(const struct rig *rig)
{
	char command[4 * RIG_PATH_MAX];

	snprintf(command, sizeof(command), "cmp -s '%s/golden' '%s/told'", rig->directory,
	         rig->directory);
	return system(command) == 0; /* NOLINT(cert-env33-c): our own words */
}

static bool start_with(struct rig *rig, const struct promise *fault, uint64_t n)
{
	int status;

	rig->control->failing = n;
	status = play(rig, "told");
	faults_injections++;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && same_files(rig))
		return true;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 1 && rig_says(rig, "log", "memory"))
		return true;
	printf("allocation %llu of %llu: status 0x%x\n", (unsigned long long)n,
	       (unsigned long long)rig->control->allocations, (unsigned)status);
	return faults_fail(rig, fault, 0, "it neither goes on as before nor says why not");
}

static bool start_each(struct rig *rig, const struct promise *fault)
{
	uint64_t first, last;
	bool good;

	if (play(rig, "golden") != 0)
		return faults_fail(rig, fault, 0, "no run at all");
	rig->control->stride = faults_all ? 1 : STRIDE;
	good = play(rig, "told") == 0 && same_files(rig) && rig->control->bad == 0 &&
	       rig->control->forks > 0;
	faults_injections += rig->control->forks;
	if (!good)
		faults_fail(rig, fault, 0, "a start neither goes on as before nor says why not");
	rig->control->stride = 0;
	first = rig->control->before_loop;
	last = rig->control->allocations;
	for (uint64_t n = first + 1; n <= last; n += faults_all ? 1 : STEP)
		good &= start_with(rig, fault, n);
	return good;
}

bool faults_memory_start(const struct promise *fault, unsigned second)
{
	static bool done;
	struct rig rig;
	bool good;

	(void)second; /* its instants are others */
	if (done)
		return true;
	done = true;
	good = rig_new(&rig) && start_each(&rig, fault);
	rig_free(&rig);
	return good;
}

/* ---- in a run ------------------------------------------------------------------------- */

/* A display that was turned away, as any would, comes again. */
static bool runs(struct rig *rig)
{
	if (!rig_start(rig, "demo", 0) && rig->gaitd == 0)
		return false;
	for (unsigned i = 0; i < RUN_S; i++) {
		if (!rig_second(rig))
			return false;
		if (i == 1)
			rig_request(rig, "{\"cmd\":\"status\",\"id\":1}\n");
		if (rig->display < 0)
			rig_connect(rig);
	}
	return rig_seconds(rig, 2);
}

static const char *wrong_in_run(struct rig *rig, const struct promise *fault)
{
	long elapsed, kept;

	if (!runs(rig)) {
		if (!WIFEXITED(rig->status) || WEXITSTATUS(rig->status) != 1)
			return "it did not end in order";
		if (!rig_says(rig, "log", "memory"))
			return "it does not say why it ended";
		elapsed = rig->elapsed_s;
	} else {
		elapsed = rig->elapsed_s;
		if (rig->speed_at < (long)rig->seconds - (long)fault->normal_s)
			return "nothing is shown any more";
		rig_end(rig, SIGTERM);
		if (!WIFEXITED(rig->status) || WEXITSTATUS(rig->status) > 1)
			return "it did not end in order later";
	}
	kept = rig_kept_s(rig, NULL);
	if (elapsed > 0 && kept >= 0 && kept < elapsed - (long)fault->lost_s - 1)
		return "more is lost than was promised";
	if (kept < 0 && rig_ask(rig, "history") != 0)
		return "the history cannot be read";
	return NULL;
}

/* The allocation of that number fails; 0: none */
static bool run_with(struct rig *rig, const struct promise *fault, uint64_t n)
{
	const char *wrong;

	rig->control->failing = n;
	wrong = wrong_in_run(rig, fault);
	rig_end(rig, SIGKILL);
	if (n > 0)
		faults_injections++;
	if (!wrong)
		return true;
	printf("allocation %llu, status 0x%x\n", (unsigned long long)n, (unsigned)rig->status);
	return faults_fail(rig, fault, 0, wrong);
}

static bool run_each(struct rig *rig, const struct promise *fault)
{
	uint64_t first, last;
	bool good;

	if (!rig_serve(rig, "demo"))
		return faults_fail(rig, fault, 0, "no run at all");
	good = run_with(rig, fault, 0) && rig_kept_s(rig, NULL) >= RUN_S;
	if (!good)
		return faults_fail(rig, fault, 0, "it keeps nothing");
	first = rig->control->before_loop;
	last = rig->control->allocations;
	for (uint64_t n = first + 1; n <= last; n += faults_all ? 1 : RUN_STEP)
		good &= run_with(rig, fault, n);
	if (faults_all)
		printf("each of the allocations %llu to %llu\n", (unsigned long long)first + 1,
		       (unsigned long long)last);
	return good;
}

bool faults_memory_run(const struct promise *fault, unsigned second)
{
	static bool done;
	struct rig rig;
	bool good;

	(void)second; /* its instants are others */
	if (done)
		return true;
	done = true;
	good = rig_new(&rig) && run_each(&rig, fault);
	rig_free(&rig);
	return good;
}
