/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/service/notify.h"

#ifdef WITH_SYSTEMD

#include "daemon/service/log.h"
#include "daemon/service/manager.h"

#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TOKEN "systemd"

static char told[NOTIFY_STATUS_MAX];

bool notify_is_wanted(void)
{
	return getenv("NOTIFY_SOCKET") != NULL;
}

static void tell(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	int sent = path ? manager_send(path, state, strlen(state)) : 0;

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
	uint64_t limit_us = 0, pid = (uint64_t)getpid();
	int given = manager_number("WATCHDOG_USEC", UINT64_MAX - 1, &limit_us);

	if (given < 0 || (given > 0 && limit_us == 0) ||
	    manager_number("WATCHDOG_PID", INT32_MAX, &pid) < 0) {
		log_warn(TOKEN, "WATCHDOG_USEC or WATCHDOG_PID is no number: no watchdog");
		return 0;
	}
	return pid == (uint64_t)getpid() ? limit_us : 0;
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
