/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Where files of YAML are read from: one by its path, a directory in the
 * order of names.
 */
#ifndef GAITD_YAML_FILES_H
#define GAITD_YAML_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* At most one octet more than YAML_TEXT_MAX, so that a file that is too large
 * shows as such when it is parsed. NULL with errno set; free() it. */
char *yaml_files_read(const char *path, size_t *length);

/* Calls `each` for the paths of *.yaml of a directory, not those that begin with a
 * dot, in the order of their octets, until it returns false. A directory that
 * does not exist has no files. False when `each` returned false, or with errno
 * set when the directory could not be read. */
typedef bool (*yaml_files_fn)(const char *path, void *user);
bool yaml_files_each(const char *directory, yaml_files_fn each, void *user);

#endif
