/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h> /* for nftw() and pipe2() */

#include "tests/fuzz/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int remove_one(const char *path, const struct stat *st, int what, struct FTW *where)
{
	(void)st;
	(void)what;
	(void)where;
	remove(path);
	return 0;
}

/* Until nobody holds the other end: the target is gone. */
static void watch(int target, const char *path)
{
	char octet;

	while (read(target, &octet, 1) < 0 && errno == EINTR)
		;
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* In a session and of a name of its own, so that nobody kills it along with the target;
 * and nobody's child, so that the target need not wait for it. */
static void leave_watcher(int target, const char *path)
{
	if (fork() != 0)
		_exit(0);
	setsid();
	prctl(PR_SET_NAME, "fuzz-scratch");
	/* whoever reads what the target says waits for no more of it */
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	watch(target, path);
	_exit(0);
}

void scratch_make(char path[SCRATCH_MAX])
{
	const char *place = getenv("TMPDIR");
	int ends[2];
	pid_t child;

	if (!place || !*place)
		place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(path, SCRATCH_MAX, "%.200s/gaitd-fuzz-XXXXXX", place);
	if (!mkdtemp(path) || pipe2(ends, O_CLOEXEC) < 0)
		abort();
	child = fork();
	if (child == 0) {
		close(ends[1]);
		leave_watcher(ends[0], path);
	}
	close(ends[0]);
	if (child > 0)
		waitpid(child, NULL, 0);
}
