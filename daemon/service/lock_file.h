/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A prompt that stays until it is acknowledged outlives a restart of the
 * daemon: a file beside the display socket says so while it is shown. It holds
 * one word and the session's id, and nothing of what the runner told.
 */
#ifndef GAITD_LOCK_FILE_H
#define GAITD_LOCK_FILE_H

#include "daemon/core/outcome.h"

#include <event2/event.h>
#include <stdbool.h>

#define LOCK_FILE_SILENT_S 300 /* as long as a silent belt keeps a session: then it ended */

struct lock_file;

/* For the daemon of this display socket. NULL: out of memory. */
struct lock_file *lock_file_new(struct event_base *base, const char *socket_path);
/* The file stays if a prompt is locked: the next daemon finds it. */
void lock_file_free(struct lock_file *lock);
/* Was a prompt locked when the last daemon died, and may its session still be
 * going on? Asked once, at the start; what is out of date is removed. */
bool lock_file_is_left(struct lock_file *lock);
/* What came out of the core, and whether a prompt is locked since */
void lock_file_outcome(struct lock_file *lock, const struct outcome *outcome,
                       bool locked);
/* There will be no more of this session. */
void lock_file_end(struct lock_file *lock);

#endif
