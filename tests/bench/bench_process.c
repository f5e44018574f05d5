/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A row of make bench: what two programs take of the processor, from their start to
 * their end, or until they say that they are ready; by turns, the medians.
 *
 *	bench_process [--ready] ROUNDS WHAT LIMIT GAITD-COMMAND... -- FLOOR-COMMAND...
 */
#include "tests/bench/table.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS_MAX 100
#define READY_MS 20000

static int notices = -1; /* where programs say that they are ready; -1: nobody asks */

static char directory[80];
static struct sockaddr_un notices_at = { .sun_family = AF_UNIX };

static void forget_notices(void)
{
	unlink(notices_at.sun_path);
	rmdir(directory);
}

static void hear_notices(void)
{
	snprintf(directory, sizeof(directory), "%.50s/gaitd-bench-XXXXXX",
	         getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	notices = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (notices < 0 || !mkdtemp(directory))
		table_fail("no socket for notices");
	atexit(forget_notices); /* of a bench that fails, too */
	snprintf(notices_at.sun_path, sizeof(notices_at.sun_path), "%s/notify", directory);
	if (bind(notices, (struct sockaddr *)&notices_at, sizeof(notices_at)) < 0)
		table_fail(notices_at.sun_path);
	setenv("NOTIFY_SOCKET", notices_at.sun_path, 1);
}

static pid_t start(char **command)
{
	pid_t pid = fork();
	int null;

	if (pid < 0)
		table_fail("no process");
	if (pid != 0)
		return pid;
	null = open("/dev/null", O_RDWR);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	execvp(command[0], command);
	_exit(127);
}

static bool says_ready(void)
{
	struct pollfd poll_fd = { .fd = notices, .events = POLLIN };
	char text[1024];
	ssize_t length;

	while (poll(&poll_fd, 1, READY_MS) > 0) {
		length = recv(notices, text, sizeof(text) - 1, 0);
		text[length > 0 ? length : 0] = '\0';
		if (strstr(text, "READY=1"))
			return true;
	}
	return false;
}

/* What a process has had of the processors, in ns */
static double spent_ns(pid_t pid)
{
	unsigned long long ns = 0;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/schedstat", (long)pid);
	file = fopen(path, "re");
	if (!file || fscanf(file, "%llu", &ns) != 1)
		table_fail("the kernel does not tell what a process has spent");
	fclose(file);
	return (double)ns;
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

static double took_ms(char **command)
{
	pid_t pid = start(command);
	struct rusage used;
	double ready_ns = 0;
	int status;

	if (notices >= 0) {
		if (!says_ready())
			table_fail(command[0]);
		ready_ns = spent_ns(pid);
		kill(pid, SIGTERM);
	}
	if (wait4(pid, &status, 0, &used) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		table_fail(command[0]);
	return notices >= 0 ? ready_ns * 1e-6 :
	                      (seconds(used.ru_utime) + seconds(used.ru_stime)) * 1e3;
}

int main(int argc, char **argv)
{
	double ours[ROUNDS_MAX], floor[ROUNDS_MAX];
	char **at = argv + 1, **other;
	unsigned rounds;

	if (argc > 1 && strcmp(*at, "--ready") == 0) {
		hear_notices();
		at++;
	}
	for (other = at; *other && strcmp(*other, "--") != 0; other++)
		;
	if (!*other || other - at < 4)
		table_fail("usage: bench_process [--ready] ROUNDS WHAT LIMIT COMMAND -- COMMAND");
	*other++ = NULL;
	rounds = (unsigned)strtoul(at[0], NULL, 10);
	if (rounds == 0 || rounds > ROUNDS_MAX)
		table_fail("1 to 100 rounds");
	for (unsigned i = 0; i < rounds; i++) {
		ours[i] = took_ms(at + 3);
		floor[i] = took_ms(other);
	}
	table_ratio(at[1], "ms", table_part(ours, rounds, 0.5), table_part(floor, rounds, 0.5),
	            strtod(at[2], NULL));
	return 0;
}
