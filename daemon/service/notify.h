/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the service manager is told of us, sd_notify(3). Where there is none, or
 * gaitd is built without it, nothing happens.
 */
#ifndef GAITD_NOTIFY_H
#define GAITD_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

#define NOTIFY_STATUS_MAX 200

/* Whether somebody listens */
bool notify_is_wanted(void);
/* A line for people; sent when it is another one than before. */
void notify_status(const char *text);
/* All that is served is served from now on: after the start, after a reload,
 * whatever came of it. */
void notify_ready(void);
void notify_reloading(void);
void notify_stopping(void);
/* We make progress: see watchdog.h. */
void notify_alive(void);
/* Within how long that is expected each time; 0: it is not. */
uint64_t notify_watchdog_us(void);

#endif
