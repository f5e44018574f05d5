/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Writing a file so that whoever watches its directory sees all of it or
 * nothing of it, whenever he looks.
 */
#ifndef GAITD_WHOLE_FILE_H
#define GAITD_WHOLE_FILE_H

#include <stddef.h>
#include <sys/types.h>

/* Writes it under a hidden name beside `path`, on the disk, and renames it
 * there. What is there and no file (a pipe, a device) is written into as it is.
 * 0, or -errno; then nothing is left behind. */
int whole_file_write(const char *path, const void *bytes, size_t length, mode_t mode);
/* The same for what is written anew all the time: without waiting for the disk, and
 * wearing it; after a power cut it may be empty. */
int whole_file_show(const char *path, const void *bytes, size_t length, mode_t mode);

#endif
