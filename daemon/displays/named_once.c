/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/displays/named_once.h"

#include <stddef.h>

/* FNV-1a */
static uint64_t add(uint64_t hash, uint64_t value)
{
	return (hash ^ value) * UINT64_C(0x100000001b3);
}

static uint64_t add_text(uint64_t hash, const char *text)
{
	for (; *text; text++)
		hash = add(hash, (unsigned char)*text);
	return add(hash, 0);
}

bool named_once(struct named_once *named, const char *what, const char *name,
                pid_t pid, uid_t uid, uint64_t now_us)
{
	uint64_t who = add(add_text(UINT64_C(0xcbf29ce484222325), what), uid);
	size_t free_place = NAMED_ONCE_MAX;

	who = *name ? add_text(who, name) : add(who, (uint64_t)pid);
	for (size_t i = 0; i < NAMED_ONCE_MAX; i++) {
		bool old = !named->places[i].who ||
		           now_us - named->places[i].at_us >= NAMED_ONCE_SPAN_US;

		if (!old && named->places[i].who == who)
			return false;
		if (old)
			free_place = i;
	}
	if (free_place == NAMED_ONCE_MAX)
		return false;
	named->places[free_place].who = who;
	named->places[free_place].at_us = now_us;
	return true;
}
