/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The form of a leaf, for who reads it, looks through it, and tests that.
 */
#ifndef GAITD_LEAF_PRIVATE_H
#define GAITD_LEAF_PRIVATE_H

#include "daemon/history/leaf.h"

#define LEAF_SIDE 4096u /* octets of a head, at most */

/* All as it is in memory: whoever is not the same gaitd leaves it alone. */
struct leaf_portion {
	uint64_t sum; /* of all that follows */
	uint32_t seconds, events; /* their number; they stand behind it */
};

struct leaf_head {
	char version[32];
	uint32_t size, second_size, event_size, zero;
	uint64_t turn, end; /* of the portions */
	uint64_t first_second, first_event;
	struct history_touch touch;
	struct session_log log; /* without its arrays, and their counts */
	uint64_t own_sum;
};
_Static_assert(sizeof(struct leaf_head) <= LEAF_SIDE, "a head fits its place");

uint64_t leaf_head_sum(const struct leaf_head *head);
/* Of one with what stands behind it, `size` octets in all */
uint64_t leaf_portion_sum(const void *portion, size_t size);

/* leaf_check.c: a sum keeps off what is broken, and not what somebody forged. Whether
 * each member has a value that its type can have and that a session can come to. No
 * member is looked at as what it should be before it is known to be one. */
bool leaf_head_holds(const struct leaf_head *head);
bool leaf_second_holds(const struct session_second *second);
bool leaf_event_holds(const struct session_event *event);

#endif
