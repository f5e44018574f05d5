/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A listening AF_UNIX stream socket with a name: 0660 for a group, in place
 * of what a dead daemon left, never of what a live one holds. Or one that the
 * service manager listens on.
 */
#ifndef GAITD_LISTENER_H
#define GAITD_LISTENER_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/un.h>

#define LISTENER_PATH_MAX (sizeof(((struct sockaddr_un *)0)->sun_path) + 1)

struct listener {
	int fd; /* not blocking, close-on-exec */
	char path[LISTENER_PATH_MAX];
	bool is_ours; /* the name; else the service manager's */
	dev_t device; /* of the name, to unlink no other's */
	ino_t inode;
};

/* The socket's group is `group` if there is one of that name and we may give
 * it. False with errno set, and logged under `token`, if it cannot listen
 * (EADDRINUSE: a live daemon listens there). */
bool listener_open(struct listener *listener, const char *token,
                   const char *path, const char *group);
/* Takes a socket that listens already (activation.h); its rights and its name
 * stay as they are, now and at the end. False as above. */
bool listener_adopt(struct listener *listener, const char *token, int fd);
/* The name that a listening socket is bound to; false with errno set. */
bool listener_path(int fd, char path[LISTENER_PATH_MAX]);
/* Closes it and removes its name if that is still its own. */
void listener_close(struct listener *listener);

#endif
