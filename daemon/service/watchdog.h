/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Tells the service manager that we are alive, from a timer of the loop, and
 * only as long as every part of the daemon says that it is not stuck: a process
 * that merely runs is of no use to a runner.
 *
 * A part is stuck when something that it waits for cannot come any more, or
 * came and is not taken: a job of a thread that does not end, a descriptor that
 * is readable and is not read, a deadline that has passed. Hardware that is not
 * there, and a pause before another try, are no such thing.
 */
#ifndef GAITD_WATCHDOG_H
#define GAITD_WATCHDOG_H

#include <stdint.h>

struct event_base;
struct watchdog;

/* NULL: not stuck; else with what, in words for the operator. */
typedef const char *(*watchdog_stuck_fn)(void *user);

/* Nothing is done for a limit of 0. NULL: out of memory. */
struct watchdog *watchdog_new(struct event_base *base, uint64_t limit_us);
#define WATCHDOG_PARTS_MAX 8
void watchdog_add(struct watchdog *watchdog, watchdog_stuck_fn stuck, void *user);
void watchdog_free(struct watchdog *watchdog); /* NULL is fine */

#endif
