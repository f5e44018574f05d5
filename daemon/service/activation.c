/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/service/activation.h"

#ifdef WITH_SYSTEMD

#include "daemon/service/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#define TOKEN "socket"

static const char *const names[ACTIVATION_SOCKETS] = {
	[ACTIVATION_DISPLAY] = "display",
	[ACTIVATION_CONTROL] = "control",
	[ACTIVATION_FLEET] = "fleet",
};

static bool is_fit(int fd, const char *name)
{
	if (sd_is_socket(fd, AF_UNIX, SOCK_STREAM, 1) > 0)
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

static void free_names(char **list, int count)
{
	for (int i = 0; i < count; i++)
		free(list[i]);
	free(list);
}

bool activation_take(int fds[ACTIVATION_SOCKETS])
{
	char **passed = NULL;
	int count;
	bool good = true;

	for (size_t i = 0; i < ACTIVATION_SOCKETS; i++)
		fds[i] = -1;
	count = sd_listen_fds_with_names(1, &passed);
	if (count < 0) {
		log_known(MESSAGE_SOCKET_PASSED, TOKEN, "what the service manager passed cannot be understood: %s; "
		          "LISTEN_FDS and LISTEN_FDNAMES are its to set", strerror(-count));
		return false;
	}
	for (int i = 0; i < count; i++)
		good = take(SD_LISTEN_FDS_START + i, passed[i], fds) && good;
	free_names(passed, count);
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
