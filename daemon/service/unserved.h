/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Whether a descriptor is readable and nobody reads it: for the parts that
 * watchdog.h asks.
 */
#ifndef GAITD_UNSERVED_H
#define GAITD_UNSERVED_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

/* What was found the last time */
struct unserved {
	bool readable;
	uint64_t served;
};

/* Readable this time and the last time, while `served` (turns in which it was
 * read) stood still. */
static inline bool unserved_is(struct unserved *last, int fd, uint64_t served)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	bool readable = poll(&pollfd, 1, 0) > 0;
	bool unserved = readable && last->readable && last->served == served;

	last->readable = readable;
	last->served = served;
	return unserved;
}

#endif
