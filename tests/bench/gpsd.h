/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A neighbour: gpsd (8), which does for a receiver what gaitd does for a treadmill,
 * with receivers on pseudo-terminals and one client that watches.
 */
#ifndef GAITD_BENCH_GPSD_H
#define GAITD_BENCH_GPSD_H

#include <stdbool.h>
#include <sys/types.h>

#define GPSD_RECEIVERS_MAX 2

struct gpsd {
	pid_t pid; /* -1: it is not installed, or does not answer */
	unsigned receivers;
	struct {
		int fd, held; /* `held` keeps the terminal open */
		unsigned told;
	} receiver[GPSD_RECEIVERS_MAX];
	int client; /* where that is told what the receivers tell */
	unsigned reports; /* that it has read */
};

/* True where there is one. Each has a port of its own. */
bool gpsd_start(struct gpsd *gpsd, const char *port, unsigned receivers);
/* That receiver tells where it is. */
void gpsd_tell(struct gpsd *gpsd, unsigned receiver);
/* The client reads: a struct gpsd */
void gpsd_hear(void *gpsd);
void gpsd_stop(struct gpsd *gpsd);

#endif
