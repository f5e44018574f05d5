/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Drives a session by live sources. Its clock is the computer's: microseconds
 * since the start, those that the computer slept through counted, so that what
 * was known before a sleep is as old as it is. An event goes into the pipeline
 * the moment it is delivered; one timer stands at the pipeline's deadline.
 */
#ifndef GAITD_LIVE_H
#define GAITD_LIVE_H

#include "daemon/sources/driver.h"

#define LIVE_SOURCES_MAX 4

struct live;

/* The object for these is the struct live. */
extern const struct driver_ops live_ops;

/* `sources` ends with NULL; `state_directory` is where devices.json lies, NULL:
 * nothing is kept. NULL: no memory. */
struct live *live_new(const struct source_live_ops *const *sources,
                      const char *state_directory);

#endif
