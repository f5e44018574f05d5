/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/service/notify.h"

#ifdef WITH_SYSTEMD

#include "daemon/service/log.h"

#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#define TOKEN "systemd"

static char told[NOTIFY_STATUS_MAX];

bool notify_is_wanted(void)
{
	return getenv("NOTIFY_SOCKET") != NULL;
}

static void tell(const char *state)
{
	int sent = sd_notify(0, state);

	if (sent < 0)
		log_warn(TOKEN, "the service manager cannot be told %.*s: %s",
		         (int)strcspn(state, "\n"), state, strerror(-sent));
}

void notify_status(const char *text)
{
	char state[NOTIFY_STATUS_MAX + 8], line[NOTIFY_STATUS_MAX];

	log_escape(line, sizeof(line), text);
	if (strcmp(line, told) == 0)
		return;
	memcpy(told, line, sizeof(told));
	snprintf(state, sizeof(state), "STATUS=%s", line);
	tell(state);
}

void notify_ready(void)
{
	tell("READY=1");
}

/* With the time, so that the manager knows a READY=1 that is older. */
void notify_reloading(void)
{
	struct timespec now = { 0, 0 };
	char state[80];

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%llu",
	         (unsigned long long)now.tv_sec * 1000000 +
	                 (unsigned long long)now.tv_nsec / 1000);
	tell(state);
}

void notify_stopping(void)
{
	tell("STOPPING=1");
}

void notify_alive(void)
{
	tell("WATCHDOG=1");
}

uint64_t notify_watchdog_us(void)
{
	uint64_t limit_us = 0;
	int wanted = sd_watchdog_enabled(0, &limit_us);

	if (wanted < 0)
		log_warn(TOKEN, "WATCHDOG_USEC or WATCHDOG_PID is no number (%s): no watchdog",
		         strerror(-wanted));
	return wanted > 0 ? limit_us : 0;
}

#else

bool notify_is_wanted(void)
{
	return false;
}

void notify_status(const char *text)
{
	(void)text;
}

void notify_ready(void)
{
}

void notify_reloading(void)
{
}

void notify_stopping(void)
{
}

void notify_alive(void)
{
}

uint64_t notify_watchdog_us(void)
{
	return 0;
}

#endif
