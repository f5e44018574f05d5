/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The radio of a gaitd is the campaign's: what it opens of the kernel's Bluetooth
 * are local sockets in GAITD_FAULTS_AIR, behind which radio.c stands.
 */
#define _GNU_SOURCE
#include "tests/faults/shim.h"

#include <bluetooth/bluetooth.h>
#include <bluetooth/hci.h>
#include <bluetooth/l2cap.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static const char *air(void)
{
	return control ? getenv(CONTROL_AIR) : NULL;
}

static int real_socket(int domain, int type, int protocol)
{
	REAL(socket, domain, type, protocol);
}

static int real_bind(int fd, const struct sockaddr *address, socklen_t length)
{
	REAL(bind, fd, address, length);
}

static int real_connect(int fd, const struct sockaddr *address, socklen_t length)
{
	REAL(connect, fd, address, length);
}

/* A name that nobody listens at is a device that is switched off: refused. */
static int connect_to(int fd, const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "%.80s/%.20s", air(), name);
	if (real_connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return 0;
	errno = ECONNREFUSED;
	return -1;
}

int socket(int domain, int type, int protocol)
{
	if (domain != AF_BLUETOOTH || !air())
		return real_socket(domain, type, protocol);
	return real_socket(AF_UNIX, SOCK_SEQPACKET | (type & (SOCK_CLOEXEC | SOCK_NONBLOCK)), 0);
}

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
	if (address->sa_family != AF_BLUETOOTH || !air())
		return real_bind(fd, address, length);
	return length == sizeof(struct sockaddr_hci) ? connect_to(fd, CONTROL_AIR_ADAPTER) : 0;
}

int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	struct sockaddr_l2 to;
	char name[20];

	if (address->sa_family != AF_BLUETOOTH || !air())
		return real_connect(fd, address, length);
	memcpy(&to, address, sizeof(to));
	snprintf(name, sizeof(name), "%02X:%02X:%02X:%02X:%02X:%02X", to.l2_bdaddr.b[5],
	         to.l2_bdaddr.b[4], to.l2_bdaddr.b[3], to.l2_bdaddr.b[2], to.l2_bdaddr.b[1],
	         to.l2_bdaddr.b[0]);
	return connect_to(fd, name);
}
