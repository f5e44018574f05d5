/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/service/manager.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Its length; 0: it is no address. */
static socklen_t address_of(const char *path, struct sockaddr_un *out)
{
	size_t length = strlen(path);

	if ((*path != '/' && *path != '@') || length < 2 || length >= sizeof(out->sun_path))
		return 0;
	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(out->sun_path, path, length);
	if (*path == '@')
		out->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

int manager_send(const char *path, const void *bytes, size_t length)
{
	struct sockaddr_un to;
	socklen_t to_length = address_of(path, &to);
	int fd, result = 0;

	if (to_length == 0)
		return -EAFNOSUPPORT;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (sendto(fd, bytes, length, MSG_NOSIGNAL, (struct sockaddr *)&to, to_length) < 0)
		result = -errno;
	close(fd);
	return result;
}

int manager_number(const char *variable, uint64_t most, uint64_t *out)
{
	const char *text = getenv(variable);
	uint64_t value = 0;

	if (!text)
		return 0;
	if (!*text)
		return -EINVAL;
	for (const char *at = text; *at; at++) {
		unsigned digit = (unsigned)(*at - '0');

		if (digit > 9 || digit > most || value > (most - digit) / 10)
			return -EINVAL;
		value = value * 10 + digit;
	}
	*out = value;
	return 1;
}
