/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * How long a timer of the loop is to wait. Its clock is the kernel's coarse one, which
 * stands still for a tick: what is waited for by that alone comes up to a tick before its
 * time, and then once more. The precise one would cost a system call in each turn of the
 * loop, a tenth of what a run takes.
 */
#ifndef GAITD_TIMER_H
#define GAITD_TIMER_H

#include <stdint.h>
#include <sys/time.h>

#define TIMER_TICK_US 10000u /* of the slowest kernel; 4,000 is usual */

/* Until `due_us`, of the same clock as `now_us`, is past; at once if it is. */
static inline struct timeval timer_wait(uint64_t due_us, uint64_t now_us)
{
	uint64_t wait_us = due_us > now_us ? due_us - now_us + TIMER_TICK_US : 0;

	return (struct timeval){ (time_t)(wait_us / 1000000),
		                 (suseconds_t)(wait_us % 1000000) };
}

#endif
