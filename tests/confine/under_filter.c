/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 *   under_filter LIST REPORT COMMAND...
 *
 * Runs the command with a filter of system calls as a unit's SystemCallFilter= makes
 * it: those whose "NAME NUMBER" stand in LIST pass, others fail with EPERM, and each
 * is named by its number in REPORT. The command is this process: its id, its parent
 * and its end are its own. Who reports is a process beside it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALLS_MAX 500
#define PROGRAM_MAX (2 * CALLS_MAX + 8)
#define REFUSED_MAX 1024

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

/* ---- beside the command -------------------------------------------------------- */

static void report(int to, int number)
{
	static bool known[REFUSED_MAX];

	if (number < 0 || number >= REFUSED_MAX || known[number])
		return;
	known[number] = true;
	dprintf(to, "%d\n", number);
}

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

/* Until nobody is left under the filter */
static void supervise(int from, const char *path)
{
	int listener = receive(from);
	int to = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	struct pollfd ready = { .fd = listener, .events = POLLIN };

	while (poll(&ready, 1, -1) > 0 && !(ready.revents & POLLHUP)) {
		struct seccomp_notif asked = { 0 };
		struct seccomp_notif_resp answer = { .error = -EPERM };

		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0)
			continue;
		report(to, asked.data.nr);
		answer.id = asked.id;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
	_exit(0);
}

/* ---- the filter ------------------------------------------------------------------ */

static unsigned short make_filter(const char *path, struct sock_filter *out)
{
	static const struct sock_filter head[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	unsigned short count = sizeof(head) / sizeof(head[0]);
	FILE *list = fopen(path, "re");
	char line[128];

	memcpy(out, head, sizeof(head));
	while (list && fgets(line, sizeof(line), list) && count < PROGRAM_MAX - 3) {
		const char *number = strchr(line, ' ');

		if (!number)
			continue;
		out[count++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, (unsigned)strtoul(number, NULL, 10), 0, 1);
		out[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	if (!list || count < 100)
		fail(path);
	fclose(list);
	out[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	return count;
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

int main(int argc, char **argv)
{
	static struct sock_filter code[PROGRAM_MAX];
	struct sock_fprog program = { .filter = code };
	int ends[2], listener;

	if (argc < 4 || MACHINE == 0)
		fail("usage: under_filter LIST REPORT COMMAND...");
	program.len = make_filter(argv[1], code);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		fail("socketpair");
	if (fork() == 0) {
		close(ends[1]);
		if (fork() == 0)
			supervise(ends[0], argv[2]);
		_exit(0);
	}
	close(ends[0]);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	                        SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	if (listener < 0)
		fail("seccomp");
	hand_over(ends[1], listener);
	close(listener);
	close(ends[1]);
	execv(argv[3], argv + 3);
	fail(argv[3]);
}
