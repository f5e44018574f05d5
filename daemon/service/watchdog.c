/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/service/watchdog.h"

#include "daemon/service/log.h"
#include "daemon/service/notify.h"

#include <assert.h>
#include <event2/event.h>
#include <stdbool.h>
#include <stdlib.h>

#define TOKEN "watchdog"

struct watchdog {
	struct event *timer;
	uint64_t limit_us;
	bool stuck; /* said */
	struct {
		watchdog_stuck_fn stuck;
		void *user;
	} parts[WATCHDOG_PARTS_MAX];
	size_t count;
};

static const char *find_stuck(const struct watchdog *watchdog)
{
	const char *found = NULL;

	/* each is asked each time: some compare with the last */
	for (size_t i = 0; i < watchdog->count; i++) {
		const char *why = watchdog->parts[i].stuck(watchdog->parts[i].user);

		if (!found)
			found = why;
	}
	return found;
}

/* One that is stuck is asked again soon: it may yet get free before the limit. */
static void arm(struct watchdog *watchdog)
{
	uint64_t wait_us = watchdog->limit_us / (watchdog->stuck ? 8 : 2);
	struct timeval wait = { (time_t)(wait_us / 1000000),
		                (suseconds_t)(wait_us % 1000000) };

	event_add(watchdog->timer, &wait);
}

static void on_timer(evutil_socket_t fd, short what, void *user)
{
	struct watchdog *watchdog = user;
	const char *why = find_stuck(watchdog);

	(void)fd;
	(void)what;
	if (!why)
		notify_alive();
	else if (!watchdog->stuck)
		log_known(MESSAGE_STUCK, TOKEN, "%s; if that stays, the service manager starts gaitd anew", why);
	watchdog->stuck = why != NULL;
	arm(watchdog);
}

struct watchdog *watchdog_new(struct event_base *base, uint64_t limit_us)
{
	struct watchdog *watchdog = calloc(1, sizeof(*watchdog));

	if (!watchdog)
		return NULL;
	watchdog->limit_us = limit_us;
	watchdog->timer = evtimer_new(base, on_timer, watchdog);
	if (!watchdog->timer) {
		free(watchdog);
		return NULL;
	}
	if (limit_us > 0)
		arm(watchdog);
	return watchdog;
}

void watchdog_add(struct watchdog *watchdog, watchdog_stuck_fn stuck, void *user)
{
	assert(watchdog->count < WATCHDOG_PARTS_MAX);
	watchdog->parts[watchdog->count].stuck = stuck;
	watchdog->parts[watchdog->count++].user = user;
}

void watchdog_free(struct watchdog *watchdog)
{
	if (!watchdog)
		return;
	event_free(watchdog->timer);
	free(watchdog);
}
