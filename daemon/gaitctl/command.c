/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/gaitctl/command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_MS 10000

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* 0: not started */
static pid_t start(const char *const argv[], int out)
{
	posix_spawn_file_actions_t actions;
	pid_t pid = 0;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return 0;
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv, environ) != 0)
		pid = 0;
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

/* To its end; false: it took too long. What does not fit is read and dropped:
 * a full pipe would hold the program up. */
static bool collect(int fd, char *out, size_t size)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	long until = now_ms() + LIMIT_MS;
	char waste[1024];
	size_t length = 0;

	for (;;) {
		bool full = length + 1 >= size;
		long left = until - now_ms();
		ssize_t n;

		out[length] = '\0';
		if (left <= 0 || poll(&readable, 1, (int)left) <= 0)
			return false;
		n = read(fd, full ? waste : out + length,
		         full ? sizeof(waste) : size - 1 - length);
		if (n <= 0)
			return n == 0;
		if (!full)
			length += (size_t)n;
	}
}

static int status_of(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		return COMMAND_NOT_THERE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int command_run(const char *const argv[], char *out, size_t size)
{
	int ends[2], status;
	bool good = false;
	pid_t pid;

	*out = '\0';
	if (pipe2(ends, O_CLOEXEC) < 0)
		return COMMAND_NOT_THERE;
	pid = start(argv, ends[1]);
	close(ends[1]);
	if (pid) {
		good = collect(ends[0], out, size);
		if (!good)
			kill(pid, SIGKILL);
	}
	close(ends[0]);
	status = pid ? status_of(pid) : COMMAND_NOT_THERE;
	return good ? status : COMMAND_NOT_THERE;
}

void command_value(const char *output, const char *name, char *out, size_t size)
{
	size_t length = strlen(name);

	*out = '\0';
	for (const char *line = output; *line; line += strcspn(line, "\n")) {
		line += *line == '\n';
		if (strncmp(line, name, length) != 0 || line[length] != '=')
			continue;
		line += length + 1;
		snprintf(out, size, "%.*s", (int)strcspn(line, "\n"), line);
		return;
	}
}
