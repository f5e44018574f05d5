/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A file system for SQLite from which the power can be taken: what was synced is
 * there afterwards, of what was written since any sectors may be, or none.
 */
#ifndef GAITD_CUT_VFS_H
#define GAITD_CUT_VFS_H

#include <stdbool.h>
#include <stdint.h>

/* From now on SQLite's files go through it. Once. */
bool cut_vfs_install(void);
/* All is forgotten; the power goes at the `at`-th write, sync or truncation. */
void cut_vfs_plan(uint64_t at, uint32_t seed);
/* It is gone: everything fails. */
bool cut_vfs_is_cut(void);
/* Puts the files as the disk has them in place of those in the directory. */
bool cut_vfs_restore(void);

#endif
