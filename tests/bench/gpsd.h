/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A neighbour: gpsd (8), which does for a receiver what gaitd does for a treadmill,
 * with a receiver on a pseudo-terminal and one client that watches.
 */
#ifndef GAITD_BENCH_GPSD_H
#define GAITD_BENCH_GPSD_H

#include <stdbool.h>
#include <sys/types.h>

/* Its process, or -1 where it is not installed or does not answer. */
pid_t gpsd_start(void);
/* The receiver tells where it is. */
void gpsd_tell(void);
/* Where the client is told of that, and its reading of it */
int gpsd_client(void);
void gpsd_hear(void);
void gpsd_stop(void);
/* How many reports the client has read */
unsigned gpsd_reports(void);

#endif
