/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/service/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int put_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes += n;
		length -= (size_t)n;
	}
	return 0;
}

static int close_after(int fd, int result)
{
	if (close(fd) < 0 && result == 0)
		return -errno;
	return result;
}

static int write_into(const char *path, const void *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	return fd < 0 ? -errno : close_after(fd, put_all(fd, bytes, length));
}

/* ".NAME.XXXXXX" in the same directory */
static int make_beside(const char *path, char made[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	int fd, length = snprintf(made, PATH_MAX, "%.*s.%s.XXXXXX", (int)(name - path), path,
	                          name);

	if (length >= PATH_MAX)
		return -ENAMETOOLONG;
	fd = mkstemp(made);
	if (fd < 0)
		return -errno;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

static int replace(const char *path, const void *bytes, size_t length, mode_t mode,
                   bool lasting)
{
	char made[PATH_MAX];
	struct stat st;
	int fd, result;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : write_into(path, bytes, length);
	fd = make_beside(path, made);
	if (fd < 0)
		return fd;
	result = put_all(fd, bytes, length);
	if (result == 0 && (fchmod(fd, mode) < 0 || (lasting && fsync(fd) < 0)))
		result = -errno;
	result = close_after(fd, result);
	if (result == 0 && rename(made, path) < 0)
		result = -errno;
	if (result < 0)
		unlink(made);
	return result;
}

int whole_file_write(const char *path, const void *bytes, size_t length, mode_t mode)
{
	return replace(path, bytes, length, mode, true);
}

int whole_file_show(const char *path, const void *bytes, size_t length, mode_t mode)
{
	return replace(path, bytes, length, mode, false);
}
