/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The service manager's ways: a datagram to a socket, numbers in the environment. Both
 * are promised to stay as they are, sd_notify(3) and sd_listen_fds(3) among their notes,
 * and a dozen lines; the library for them brings six others along, each of which every
 * start pays for, and a daemon that reads what strangers send is better without them.
 */
#ifndef GAITD_MANAGER_H
#define GAITD_MANAGER_H

#include <stddef.h>
#include <stdint.h>

/* To `path`, or to what its @ stands for, a name that is in no file system. 0, or
 * -errno; -EAFNOSUPPORT: it is neither. */
int manager_send(const char *path, const void *bytes, size_t length);

/* A decimal number, at most `most`. 1; 0 when the variable is not set; -EINVAL. `out` is
 * as it was then. */
int manager_number(const char *variable, uint64_t most, uint64_t *out);

#endif
