/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a gaitd holds, as it knows itself: memory that is allocated, events that its
 * loop waits for.
 */
#define _GNU_SOURCE
#include "tests/faults/shim.h"

#include <malloc.h>
#include <stddef.h>

#define ADDED 4u /* libevent's EVENT_BASE_COUNT_ADDED */

struct event_base;
struct event_config;

static struct event_base *base;

static struct event_base *real_base(const struct event_config *config)
{
	static struct event_base *(*real)(const struct event_config *);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "event_base_new_with_config");
	return real(config);
}

struct event_base *event_base_new_with_config(const struct event_config *config);
struct event_base *event_base_new_with_config(const struct event_config *config)
{
	base = real_base(config);
	return base;
}

void shim_measure(void)
{
	static int (*count)(struct event_base *, unsigned);
	static long long (*sqlite)(void);

	if (!control->measure)
		return;
	if (!count)
		*(void **)&count = dlsym(RTLD_NEXT, "event_base_get_num_events");
	if (!sqlite)
		*(void **)&sqlite = dlsym(RTLD_NEXT, "sqlite3_memory_used");
	control->heap = (int64_t)mallinfo2().uordblks;
	control->sqlite = sqlite ? sqlite() : 0;
	control->timers = base && count ? count(base, ADDED) : 0;
	control->measure = 0;
}
