/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The clock of a test program, libevent's too: it can be put forward, so that
 * no test waits. To be included by one file of a program, after config.h.
 */
#ifndef GAITD_TEST_CLOCK_H
#define GAITD_TEST_CLOCK_H

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long long clock_forward_ms;

int clock_gettime(clockid_t id, struct timespec *now)
{
	long long ns;

	if (syscall(SYS_clock_gettime, id, now) != 0)
		return -1;
	ns = now->tv_nsec + clock_forward_ms % 1000 * 1000000;
	now->tv_sec += (time_t)(clock_forward_ms / 1000 + ns / 1000000000);
	now->tv_nsec = (long)(ns % 1000000000);
	return 0;
}

#endif
