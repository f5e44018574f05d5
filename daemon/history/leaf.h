/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * An anonymous session while it goes on: a file in the runtime directory that grows by a
 * second each second, for two calls that write into memory, where SQLite would take a
 * thread, a transaction and a megabyte. It outlives gaitd, however that ends, and neither
 * the power nor a gaitd of another version; a session that ends, or whose gaitd is told
 * to, stands in the history's form beside it, like those before it.
 */
#ifndef GAITD_LEAF_H
#define GAITD_LEAF_H

#include "daemon/history/history.h"

#define LEAF_NAME_MAX 4112

struct leaf {
	int fd; /* -1: not open */
	uint64_t turn, end;
	size_t first_second, first_event; /* that it has; those before are in the file */
	size_t seconds, events;           /* of the session, so far */
};

void leaf_init(struct leaf *leaf);
void leaf_close(struct leaf *leaf);
/* The session as it is now, with what it has beyond what was written before, and at
 * first beyond those seconds and events; `path` is that of the session's file in the
 * history's form, which has these. False: it cannot be written; try again with more. */
bool leaf_write(struct leaf *leaf, const char *path, const struct history_touch *touch,
                const struct session_log *log, size_t first_second, size_t first_event);

/* The session under way as it lies on the disk: what the history's form has of it, and
 * what the leaf has beyond that. `history` may be NULL: there is no such file; that, or one
 * of which nothing but its begin was written, leaves `in_file` all zero. "" for a path:
 * there is no leaf. HISTORY_NOTHING: none is under way. */
enum history_result leaf_load(struct history *history, const char *path,
                              struct session_log *log, struct history_session *in_file,
                              struct history_touch *touch);
/* It stands in the history's form now. */
void leaf_remove(const char *path);
void leaf_name(const char *path, char out[LEAF_NAME_MAX]);

#endif
