/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>
#include "daemon/service/listener.h"

#include "daemon/service/log.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define BACKLOG 64

static int open_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* 0 if somebody answers, else the errno that says why not */
static int knock(const struct sockaddr_un *address)
{
	int fd = open_socket();
	int error = 0;

	if (fd < 0)
		return errno;
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
		error = errno;
	close(fd);
	return error == EAGAIN ? 0 : error; /* its queue is full: it lives */
}

/* Clears the name of a socket that nobody listens on any more. */
static bool make_way(const char *token, const struct sockaddr_un *address)
{
	const char *path = address->sun_path;
	struct stat status;

	if (lstat(path, &status) < 0)
		return true; /* bind() says what else is wrong */
	if (!S_ISSOCK(status.st_mode)) {
		log_known(MESSAGE_SOCKET_UNUSABLE, token, "%s is there and is no socket; remove it or choose "
		          "another path with --socket", path);
		errno = EEXIST;
		return false;
	}
	switch (knock(address)) {
	case 0:
		log_known(MESSAGE_SOCKET_TAKEN, token, "%s: another gaitd listens there; stop it or choose "
		          "another path with --socket", path);
		errno = EADDRINUSE;
		return false;
	case ECONNREFUSED:
		log_info(token, "%s: replacing the socket that a dead daemon left",
		         path);
		unlink(path);
		return true;
	}
	return true;
}

static const char *advice(int error)
{
	switch (error) {
	case ENOENT:
		return "; make its directory or choose another path with --socket";
	case EACCES:
	case EROFS:
		return "; choose a path that you may write with --socket";
	case EADDRINUSE:
		return "; remove it if no gaitd runs";
	}
	return "";
}

/* Before listen(), so nobody gets in while the rights are not set. */
static bool set_rights(const char *token, const char *path, const char *group)
{
	const struct group *entry = group ? getgrnam(group) : NULL;

	if (entry && chown(path, (uid_t)-1, entry->gr_gid) < 0)
		log_known(MESSAGE_SOCKET_GROUP, token, "%s: not given to group %s: %s; only our own group "
		           "may connect", path, group, strerror(errno));
	return chmod(path, S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) == 0;
}

static bool bind_and_listen(struct listener *listener, const char *token,
                            const struct sockaddr_un *address, const char *group)
{
	struct stat status;

	if (bind(listener->fd, (const struct sockaddr *)address,
	         sizeof(*address)) < 0)
		return false;
	if (!set_rights(token, address->sun_path, group) ||
	    lstat(address->sun_path, &status) < 0 ||
	    listen(listener->fd, BACKLOG) < 0) {
		int error = errno;

		unlink(address->sun_path);
		errno = error;
		return false;
	}
	listener->is_ours = true;
	listener->device = status.st_dev;
	listener->inode = status.st_ino;
	return true;
}

bool listener_open(struct listener *listener, const char *token,
                   const char *path, const char *group)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int error;

	if (strlen(path) >= sizeof(address.sun_path)) {
		log_known(MESSAGE_SOCKET_UNUSABLE, token, "%s is too long for a socket: at most %zu octets; "
		          "choose a shorter path with --socket", path,
		          sizeof(address.sun_path) - 1);
		errno = ENAMETOOLONG;
		return false;
	}
	strcpy(address.sun_path, path);
	strcpy(listener->path, path);
	if (!make_way(token, &address))
		return false;
	listener->fd = open_socket();
	if (listener->fd >= 0 && bind_and_listen(listener, token, &address, group))
		return true;
	error = errno;
	log_known(MESSAGE_SOCKET_UNUSABLE, token, "%s: cannot listen: %s%s", path, strerror(error),
	          advice(error));
	if (listener->fd >= 0)
		close(listener->fd);
	listener->fd = -1;
	errno = error;
	return false;
}

bool listener_adopt(struct listener *listener, const char *token, int fd)
{
	int flags = fcntl(fd, F_GETFL);

	listener->fd = fd;
	listener->is_ours = false;
	if (flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) >= 0 &&
	    listener_path(fd, listener->path))
		return true;
	log_known(MESSAGE_SOCKET_UNUSABLE, token, "the passed socket is of no use: %s", strerror(errno));
	return false;
}

bool listener_path(int fd, char path[LISTENER_PATH_MAX])
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t length = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &length) < 0)
		return false;
	/* the kernel need not end a path of full length */
	snprintf(path, LISTENER_PATH_MAX, "%.*s", (int)sizeof(address.sun_path),
	         address.sun_path);
	return true;
}

void listener_close(struct listener *listener)
{
	struct stat status;

	if (listener->fd < 0)
		return;
	if (listener->is_ours && lstat(listener->path, &status) == 0 &&
	    status.st_dev == listener->device && status.st_ino == listener->inode)
		unlink(listener->path);
	close(listener->fd);
	listener->fd = -1;
}
