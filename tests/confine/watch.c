/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a program under the filter asks for and may not have, and where it writes.
 * Nothing here allocates: the shim of tests/faults may be loaded, and counts that.
 */
#define _GNU_SOURCE
#include "tests/confine/under_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#define WRITES (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)
#define NONE (-1)

/* Which argument is the path, which the directory that it is relative to (the
 * present one: NONE), which holds open()'s flags, where those decide. */
static const struct writing {
	int number;
	signed char path, directory, flags;
} writings[] = {
	{ SYS_openat, 1, 0, 2 },
	{ SYS_mkdirat, 1, 0, NONE },
	{ SYS_mknodat, 1, 0, NONE },
	{ SYS_unlinkat, 1, 0, NONE },
	{ SYS_renameat2, 3, 2, NONE },
	{ SYS_linkat, 3, 2, NONE },
	{ SYS_symlinkat, 2, 1, NONE },
	{ SYS_fchmodat, 1, 0, NONE },
	{ SYS_fchownat, 1, 0, NONE },
	{ SYS_truncate, 0, NONE, NONE },
	{ SYS_bind, 1, NONE, NONE }, /* of a socket that has a path */
#ifdef SYS_open
	{ SYS_open, 0, NONE, 1 },
	{ SYS_creat, 0, NONE, NONE },
	{ SYS_mkdir, 0, NONE, NONE },
	{ SYS_mknod, 0, NONE, NONE },
	{ SYS_rmdir, 0, NONE, NONE },
	{ SYS_unlink, 0, NONE, NONE },
	{ SYS_rename, 1, NONE, NONE },
	{ SYS_link, 1, NONE, NONE },
	{ SYS_symlink, 1, NONE, NONE },
	{ SYS_chmod, 0, NONE, NONE },
	{ SYS_chown, 0, NONE, NONE },
#endif
#ifdef SYS_renameat
	{ SYS_renameat, 3, 2, NONE },
#endif
};
#define COUNT (sizeof(writings) / sizeof(writings[0]))

/* ---- in the kernel ------------------------------------------------------------------ */

static unsigned offset_of(signed char argument)
{
	return (unsigned)(offsetof(struct seccomp_data, args) + 8 * (size_t)argument);
}

/* Where flags do not say that it is for writing, it is a call like any other. */
static unsigned short watch_one(const struct writing *w, struct sock_filter *out)
{
	const struct sock_filter always[] = {
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)w->number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
	};
	const struct sock_filter by_flags[] = {
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)w->number, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, w->flags == NONE ? 0 : offset_of(w->flags)),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, WRITES, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};

	if (w->flags == NONE) {
		memcpy(out, always, sizeof(always));
		return sizeof(always) / sizeof(always[0]);
	}
	memcpy(out, by_flags, sizeof(by_flags));
	return sizeof(by_flags) / sizeof(by_flags[0]);
}

unsigned short watch_filter(struct sock_filter *out)
{
	unsigned short count = 0;

	for (size_t i = 0; i < COUNT; i++)
		count = (unsigned short)(count + watch_one(&writings[i], out + count));
	return count;
}

/* ---- beside it ---------------------------------------------------------------------- */

static void report(const char *path, const char *text)
{
	int to = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	char line[UNDER_PATH_MAX + 2];
	int length = snprintf(line, sizeof(line), "%s\n", text);

	if (write(to, line, (size_t)length) != length)
		_exit(1);
	close(to);
}

static void report_refused(const struct under *under, int number)
{
	static bool known[UNDER_CALLS_MAX];
	char text[16];

	if (number < 0 || number >= UNDER_CALLS_MAX || known[number])
		return;
	known[number] = true;
	snprintf(text, sizeof(text), "%d", number);
	report(under->refused, text);
}

static const struct writing *writing_of(int number)
{
	for (size_t i = 0; i < COUNT; i++)
		if (writings[i].number == number)
			return &writings[i];
	return NULL;
}

static ssize_t read_piece(pid_t pid, uint64_t from, char *out, size_t length)
{
	struct iovec there = { (void *)(uintptr_t)from, length }; /* NOLINT: an address */
	struct iovec here = { out, length };

	return process_vm_readv(pid, &here, 1, &there, 1, 0);
}

/* A page may end within what is asked for, and another need not follow. */
static bool read_octets(pid_t pid, uint64_t from, char *out, size_t size)
{
	size_t first = 4096 - from % 4096;
	ssize_t n;

	memset(out, 0, size);
	n = read_piece(pid, from, out, first < size ? first : size);
	if (n > 0 && (size_t)n < size)
		read_piece(pid, from + (uint64_t)n, out + n, size - (size_t)n);
	return n > 0;
}

static bool read_path(const struct seccomp_notif *asked, const struct writing *w,
                      char path[UNDER_PATH_MAX])
{
	struct sockaddr_un address;
	uint64_t from = asked->data.args[w->path];

	if (w->number != SYS_bind)
		return read_octets((pid_t)asked->pid, from, path, UNDER_PATH_MAX - 1);
	if (!read_octets((pid_t)asked->pid, from, (char *)&address, sizeof(address)) ||
	    address.sun_family != AF_UNIX)
		return false;
	snprintf(path, UNDER_PATH_MAX, "%.*s", (int)sizeof(address.sun_path), address.sun_path);
	return *path != '\0';
}

/* What it is relative to stands in front of it. */
static void make_absolute(const struct seccomp_notif *asked, const struct writing *w,
                          char path[UNDER_PATH_MAX])
{
	int directory = w->directory == NONE ? AT_FDCWD : (int)asked->data.args[w->directory];
	char link[64], base[UNDER_PATH_MAX], rest[UNDER_PATH_MAX];
	ssize_t length;

	if (*path == '/')
		return;
	if (directory == AT_FDCWD)
		snprintf(link, sizeof(link), "/proc/%u/cwd", asked->pid);
	else
		snprintf(link, sizeof(link), "/proc/%u/fd/%d", asked->pid, directory);
	length = readlink(link, base, sizeof(base) - 1);
	base[length > 0 ? length : 0] = '\0';
	memcpy(rest, path, UNDER_PATH_MAX);
	snprintf(path, UNDER_PATH_MAX, "%.2000s/%.2000s", base, rest);
}

static bool is_below(const char *path, const char *place)
{
	size_t length = strlen(place);

	return length > 0 && strncmp(path, place, length) == 0 &&
	       (path[length] == '/' || path[length] == '\0');
}

static bool is_left_to_it(const struct under *under, const char *path)
{
	if (strcmp(path, "/dev/null") == 0 || strcmp(path, "/dev/tty") == 0)
		return true;
	for (unsigned i = 0; i < under->place_count; i++)
		if (is_below(path, under->places[i]) && !strstr(path, "/../"))
			return true;
	return false;
}

static void look_at_writing(const struct under *under, const struct seccomp_notif *asked)
{
	const struct writing *w = writing_of(asked->data.nr);
	char path[UNDER_PATH_MAX], text[UNDER_PATH_MAX + 64];
	const char *name = strrchr(under->program, '/');

	if (!w || !read_path(asked, w, path))
		return;
	make_absolute(asked, w, path);
	if (is_left_to_it(under, path))
		return;
	snprintf(text, sizeof(text), "%.40s %.4000s", name ? name + 1 : under->program, path);
	report(under->written, text);
}

/* The call itself, as below: poll() and ioctl() are another's when the shim, or umockdev,
 * is loaded. False: nobody is left */
static bool is_asked(int listener)
{
	struct pollfd ready = { .fd = listener, .events = POLLIN };

	while (syscall(SYS_ppoll, &ready, 1, NULL, NULL, 0) < 0)
		if (errno != EINTR)
			return false;
	return !(ready.revents & POLLHUP);
}

void watch(const struct under *under, int listener)
{
	for (;;) {
		struct seccomp_notif asked = { 0 };
		struct seccomp_notif_resp answer = { .error = -EPERM };

		if (!is_asked(listener))
			return;
		if (syscall(SYS_ioctl, listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0)
			continue;
		answer.id = asked.id;
		if (asked.data.nr >= 0 && asked.data.nr < UNDER_CALLS_MAX &&
		    under->allowed[asked.data.nr]) {
			look_at_writing(under, &asked);
			answer.error = 0;
			answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		} else {
			report_refused(under, asked.data.nr);
		}
		syscall(SYS_ioctl, listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
}
