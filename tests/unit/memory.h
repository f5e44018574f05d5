/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Looks into the memory of a process, itself or a child, as a core dump would.
 */
#ifndef GAITD_TEST_MEMORY_H
#define GAITD_TEST_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Whether the octets stand anywhere in it that a core dump has; false, too, where
 * that is not for us to read. */
bool memory_holds(pid_t pid, const char *octets, size_t length);

#endif
