/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Small files of the kernel's, by a path that is put together like a message.
 */
#ifndef GAITD_FACTS_FILE_H
#define GAITD_FACTS_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* The first line; "" when it cannot be read */
__attribute__((format(printf, 3, 4))) void
facts_file_line(char *line, size_t size, const char *format, ...);

/* The last component of what a link points to; "" when it is none */
__attribute__((format(printf, 3, 4))) void
facts_file_link(char *name, size_t size, const char *format, ...);

__attribute__((format(printf, 1, 2))) bool facts_file_exists(const char *format, ...);

#endif
