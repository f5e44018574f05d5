/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Another program as a source of facts: systemctl, journalctl, dpkg-query.
 */
#ifndef GAITD_COMMAND_H
#define GAITD_COMMAND_H

#include <stddef.h>

#define COMMAND_NOT_THERE (-1) /* no such program, it could not be run, or took too long */

/* Runs argv[0] as the path finds it, without a shell, its input empty and its
 * errors thrown away, and waits for at most 10 s. What it prints, as far as
 * `size` holds it with a NUL, is in `out`; whatever that is, it was another's
 * and may be printed by log_escape() alone. Its exit status, 128 + N for a signal,
 * or COMMAND_NOT_THERE. */
int command_run(const char *const argv[], char *out, size_t size);

/* The value behind "NAME=" at the start of a line of it, without the LF; "" if
 * there is none. */
void command_value(const char *output, const char *name, char *out, size_t size);

#endif
