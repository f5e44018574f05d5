/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What of a session is in the history and turned out to be nobody's, or another's: it goes
 * as soon as the disk lets it. Until then a file in the runtime directory says so, and no
 * gaitd takes it for his whose name it bears. For one thread at a time.
 */
#ifndef GAITD_OWED_H
#define GAITD_OWED_H

#include "daemon/history/shelf.h"

#define OWED_MAX 8

struct owed {
	char path[4112]; /* of that file; "": there is no such place */
	int64_t ids[OWED_MAX];
	size_t count;
	size_t noted; /* of them, in the file */
};

/* What an earlier gaitd owed; `path` is that of the anonymous session's file. */
void owed_open(struct owed *owed, const char *path);
bool owed_has(const struct owed *owed, int64_t id);
void owed_add(struct owed *owed, int64_t id);
/* Drops it, and notes what does not go. HISTORY_OK: nothing is owed any more. */
enum history_result owed_pay(struct owed *owed, struct shelf *state);

#endif
