/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A listening AF_UNIX stream socket with a name: 0660 for a group, in place
 * of what a dead daemon left, never of what a live one holds.
 */
#ifndef GAITD_LISTENER_H
#define GAITD_LISTENER_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/un.h>

struct listener {
	int fd; /* not blocking, close-on-exec */
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	dev_t device; /* of the name, to unlink no other's */
	ino_t inode;
};

/* The socket's group is `group` if there is one of that name and we may give
 * it. False with errno set, and logged under `token`, if it cannot listen
 * (EADDRINUSE: a live daemon listens there). */
bool listener_open(struct listener *listener, const char *token,
                   const char *path, const char *group);
/* Closes it and removes its name if that is still its own. */
void listener_close(struct listener *listener);

#endif
