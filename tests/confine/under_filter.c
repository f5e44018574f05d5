/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 *   under_filter CONFIGURATION COMMAND...
 *   NAME ARGUMENT...      a copy of it, beside a file NAME.filter
 *
 * Runs a program with a filter of system calls as a unit's SystemCallFilter= makes it.
 * The configuration is four paths, a line each: a list of "NAME NUMBER" that pass,
 * others fail with EPERM; where their numbers are noted; where is noted what is written
 * elsewhere than in its state, its runtime directory and what its options name; and the
 * program. The command is this process: its id, its parent and its end are its own. Who
 * reports is a process beside it. Nothing here allocates, see watch.c.
 */
#define _GNU_SOURCE
#include "tests/confine/under_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM_MAX 1600 /* instructions */
#define LIST_MAX 65536

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#else
#define MACHINE 0
#endif

static void fail(const char *what)
{
	fprintf(stderr, "under_filter: %s: %s\n", what, strerror(errno));
	_exit(77);
}

static void read_file(const char *path, char *out, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, out, size - 1);

	if (length <= 0)
		fail(path);
	out[length] = '\0';
	close(fd);
}

/* ---- what it is held to ------------------------------------------------------------ */

static const char *take_line(const char *from, char out[UNDER_PATH_MAX])
{
	size_t length = strcspn(from, "\n");

	snprintf(out, UNDER_PATH_MAX, "%.*s", (int)length, from);
	return from + length + (from[length] == '\n');
}

static void configure(struct under *under, const char *path)
{
	static char text[4 * UNDER_PATH_MAX];
	const char *at = text;

	read_file(path, text, sizeof(text));
	at = take_line(at, under->list);
	at = take_line(at, under->refused);
	at = take_line(at, under->written);
	take_line(at, under->program);
}

/* The directory of what is made there, or the file: a name with something behind it
 * is one of its own ("history.sqlite-wal"). */
static void add_place(struct under *under, const char *path, bool is_file)
{
	char *place = under->places[under->place_count];
	char here[UNDER_PATH_MAX] = "";

	if (!path || !*path || under->place_count == UNDER_PLACES_MAX)
		return;
	if (strncmp(path, "unix:", 5) == 0)
		path += 5;
	if (*path != '/' && !getcwd(here, sizeof(here)))
		fail("getcwd");
	snprintf(place, UNDER_PATH_MAX, "%.2000s%s%.2000s", here, *here ? "/" : "", path);
	if (is_file)
		*strrchr(place, '/') = '\0';
	under->place_count++;
}

/* As gaitd(8) has them */
static void add_state(struct under *under)
{
	char path[UNDER_PATH_MAX];
	const char *home = getenv("HOME");

	add_place(under, getenv("STATE_DIRECTORY"), false);
	if (getenv("XDG_STATE_HOME"))
		snprintf(path, sizeof(path), "%s/gaitd", getenv("XDG_STATE_HOME"));
	else
		snprintf(path, sizeof(path), "%s/.local/state/gaitd", home ? home : "");
	if (!getenv("STATE_DIRECTORY"))
		add_place(under, path, false);
	add_place(under, getenv("RUNTIME_DIRECTORY"), false);
	if (getenv("XDG_RUNTIME_DIR")) {
		snprintf(path, sizeof(path), "%s/gaitd", getenv("XDG_RUNTIME_DIR"));
		add_place(under, path, false);
	}
	add_place(under, getenv("GAITD_SOCKET"), true);
}

/* "--record FILE" and "--record=FILE" */
static void add_options(struct under *under, char **argv)
{
	static const char *const names[] = { "--record", "--prompts", "--socket", "--output",
		                             "-o", "--html", "--listen" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (char **word = argv; *word; word++) {
			size_t length = strlen(names[i]);

			if (strcmp(*word, names[i]) == 0 && word[1])
				add_place(under, word[1], true);
			else if (strncmp(*word, names[i], length) == 0 && (*word)[length] == '=')
				add_place(under, *word + length + 1, true);
		}
}

/* ---- the filter ------------------------------------------------------------------ */

static unsigned short allow(struct under *under, struct sock_filter *out)
{
	static char list[LIST_MAX];
	unsigned short count = 0;

	read_file(under->list, list, sizeof(list));
	for (const char *line = list; *line; line += strcspn(line, "\n") + 1) {
		unsigned number = (unsigned)strtoul(line + strcspn(line, " "), NULL, 10);

		if (number >= UNDER_CALLS_MAX || count > PROGRAM_MAX - 200)
			continue;
		under->allowed[number] = true;
		out[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1);
		out[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
		if (!strchr(line, '\n'))
			break;
	}
	if (count < 100)
		fail(under->list);
	return count;
}

static unsigned short make_filter(struct under *under, struct sock_filter *out)
{
	static const struct sock_filter head[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	unsigned short count = sizeof(head) / sizeof(head[0]);

	memcpy(out, head, sizeof(head));
	count = (unsigned short)(count + watch_filter(out + count));
	count = (unsigned short)(count + allow(under, out + count));
	out[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	return count;
}

/* ---- the two processes -------------------------------------------------------------- */

static int receive(int from)
{
	char room[CMSG_SPACE(sizeof(int))], octet;
	struct iovec part = { &octet, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = room,
		                  .msg_controllen = sizeof(room) };
	const struct cmsghdr *header;
	int fd = -1;

	if (recvmsg(from, &message, MSG_CMSG_CLOEXEC) != 1)
		_exit(0);
	header = CMSG_FIRSTHDR(&message);
	if (header)
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

/* What hands over the listener is in every list that makes sense. */
static void hand_over(int to, int fd)
{
	char room[CMSG_SPACE(sizeof(int))] = { 0 }, octet = 0;
	struct iovec part = { &octet, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = room,
		                  .msg_controllen = sizeof(room) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	if (sendmsg(to, &message, 0) != 1)
		fail("sendmsg");
}

/* It is nobody's child, and holds no end of a test's pipes. */
static void watch_beside(const struct under *under, int from)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fork() != 0)
		_exit(0);
	for (int fd = 0; fd < 3; fd++)
		dup2(nowhere, fd);
	if (from > 3)
		close_range(3, (unsigned)from - 1, 0);
	close_range((unsigned)from + 1, ~0u, 0);
	watch(under, receive(from));
	_exit(0);
}

/* Standard input, or another, may be closed: that is nobody's place. */
static void make_pair(int ends[2])
{
	int made[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, made) != 0)
		fail("socketpair");
	for (size_t i = 0; i < 2; i++) {
		ends[i] = fcntl(made[i], F_DUPFD_CLOEXEC, 3);
		close(made[i]);
	}
}

static void filter_myself(struct under *under)
{
	static struct sock_filter code[PROGRAM_MAX];
	struct sock_fprog program = { .len = make_filter(under, code), .filter = code };
	int ends[2], listener, status;
	pid_t child;

	make_pair(ends);
	child = fork();
	if (child == 0) {
		close(ends[1]);
		watch_beside(under, ends[0]);
	}
	waitpid(child, &status, 0);
	close(ends[0]);
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0); /* its paths are read */
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	                        SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	if (listener < 0)
		fail("seccomp");
	hand_over(ends[1], listener);
	close(listener);
	close(ends[1]);
}

int main(int argc, char **argv)
{
	static struct under under;
	char self[UNDER_PATH_MAX], path[UNDER_PATH_MAX + 8];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (MACHINE == 0 || length <= 0)
		fail("this machine");
	self[length] = '\0';
	snprintf(path, sizeof(path), "%s.filter", self);
	if (access(path, R_OK) == 0) {
		configure(&under, path);
		argv[0] = under.program;
	} else if (argc > 2) {
		configure(&under, argv[1]);
		argv += 2;
		snprintf(under.program, sizeof(under.program), "%s", argv[0]);
	} else {
		fail("usage: under_filter CONFIGURATION COMMAND...");
	}
	add_state(&under);
	add_options(&under, argv);
	filter_myself(&under);
	execv(under.program, argv);
	fail(under.program);
}
