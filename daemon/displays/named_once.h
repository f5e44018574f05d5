/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Whom the log has named for what. A display that misbehaves does so again and
 * again, with each connection: the operator is told once, and the rest is for
 * who asks for more (log.level: info).
 */
#ifndef GAITD_NAMED_ONCE_H
#define GAITD_NAMED_ONCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define NAMED_ONCE_MAX 128
#define NAMED_ONCE_SPAN_US (UINT64_C(600) * 1000000) /* then it is news again */

struct named_once {
	struct {
		uint64_t who;   /* 0: free */
		uint64_t at_us;
	} places[NAMED_ONCE_MAX];
};

/* Whether this is the first time, within the span, that `what` is said of a
 * display of this name (or, before it has one, of its process). While all places
 * are taken it is not: names are the displays' own, and cost nothing. */
bool named_once(struct named_once *named, const char *what, const char *name,
                pid_t pid, uid_t uid, uint64_t now_us);

#endif
