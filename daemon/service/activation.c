/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/service/activation.h"

#ifdef WITH_SYSTEMD

#include "daemon/service/log.h"
#include "daemon/service/manager.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TOKEN "socket"
#define FIRST 3 /* of the descriptors that are passed */
#define PASSED_MAX 1024

static const char *const names[ACTIVATION_SOCKETS] = {
	[ACTIVATION_DISPLAY] = "display",
	[ACTIVATION_CONTROL] = "control",
	[ACTIVATION_FLEET] = "fleet",
};

static bool socket_has(int fd, int option, int wanted)
{
	socklen_t length = sizeof(int);
	int value = 0;

	return getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0 && value == wanted;
}

static bool is_fit(int fd, const char *name)
{
	if (socket_has(fd, SO_DOMAIN, AF_UNIX) && socket_has(fd, SO_TYPE, SOCK_STREAM) &&
	    socket_has(fd, SO_ACCEPTCONN, 1))
		return true;
	log_known(MESSAGE_SOCKET_PASSED, TOKEN, "the service manager passed descriptor %d as \"%s\", which is no "
	          "listening AF_UNIX stream socket; in its .socket unit, give ListenStream= a "
	          "path", fd, name);
	return false;
}

static bool take(int fd, const char *name, int fds[ACTIVATION_SOCKETS])
{
	for (size_t i = 0; i < ACTIVATION_SOCKETS; i++) {
		if (strcmp(name, names[i]) != 0)
			continue;
		if (fds[i] >= 0) {
			log_known(MESSAGE_SOCKET_PASSED, TOKEN, "the service manager passed two sockets \"%s\"; give "
			          "one ListenStream= only", name);
			return false;
		}
		if (!is_fit(fd, name))
			return false;
		fds[i] = fd;
		return true;
	}
	log_known(MESSAGE_SOCKET_PASSED, TOKEN, "the service manager passed a socket \"%s\"; in its .socket unit, set "
	          "FileDescriptorName= to display, control or fleet", name);
	return false;
}

/* How many were passed to this process; -1: that cannot be understood. */
static int count_passed(void)
{
	uint64_t pid = 0, count = 0;
	int to = manager_number("LISTEN_PID", INT32_MAX, &pid);

	if (to == 0 || (to > 0 && pid != (uint64_t)getpid()))
		return 0;
	if (to < 0 || manager_number("LISTEN_FDS", PASSED_MAX, &count) < 0)
		return -1;
	return (int)count;
}

static bool take_all(int count, char *passed, int fds[ACTIVATION_SOCKETS])
{
	bool good = true;

	for (int fd = FIRST; fd < FIRST + count; fd++) {
		const char *name = strsep(&passed, ":");

		fcntl(fd, F_SETFD, FD_CLOEXEC);
		good = take(fd, name ? name : "", fds) && good;
	}
	return good;
}

bool activation_take(int fds[ACTIVATION_SOCKETS])
{
	const char *given = getenv("LISTEN_FDNAMES");
	int count = count_passed();
	char passed[1024];
	bool good;

	for (size_t i = 0; i < ACTIVATION_SOCKETS; i++)
		fds[i] = -1;
	if (count < 0)
		log_known(MESSAGE_SOCKET_PASSED, TOKEN, "what the service manager passed cannot be understood: "
		          "LISTEN_PID and LISTEN_FDS are its to set");
	snprintf(passed, sizeof(passed), "%s", given ? given : "");
	good = count >= 0 && take_all(count, passed, fds);
	/* they are nobody else's */
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	return good;
}

#else

bool activation_take(int fds[ACTIVATION_SOCKETS])
{
	for (int i = 0; i < ACTIVATION_SOCKETS; i++)
		fds[i] = -1;
	return true;
}

#endif
