/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The last seconds of an anonymous session, beside its file, which has not got them yet: a
 * second costs the loop one call that writes into memory, and a page of SQLite's a thread
 * and a transaction. It outlives gaitd, however that ends, and neither the power nor a
 * gaitd of another version.
 */
#ifndef GAITD_LEAF_H
#define GAITD_LEAF_H

#include "daemon/history/history.h"

struct leaf {
	int fd; /* -1: not open */
	uint64_t turn;
};

void leaf_init(struct leaf *leaf);
void leaf_close(struct leaf *leaf);
/* The session as it is now, with its seconds and events from those on, in place of what
 * was written before; `path` is that of the session's file. False: it cannot be, or does
 * not fit. */
bool leaf_write(struct leaf *leaf, const char *path, const struct history_touch *touch,
                const struct session_log *log, size_t first_second, size_t first_event);
/* What is there and no older than `touch` goes into the session's file. */
void leaf_settle(struct history *history, const char *path, int64_t id,
                 struct history_touch *touch);

#endif
