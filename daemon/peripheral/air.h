/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What ANT+ transmitters send near a simulated stick: the simulator's runner's
 * pod, his strap, and neighbours who come and go. Pure.
 */
#ifndef GAITD_AIR_H
#define GAITD_AIR_H

#include "daemon/devices/source_event.h"
#include "daemon/simulator/scenario.h"
#include "protocol/ant.h"

#define AIR_POD 57043
#define AIR_STRAP 8265
#define AIR_FIRST_NEIGHBOUR 3001 /* and those behind it */
#define AIR_NEIGHBOURS_MAX 32
#define AIR_NEVER UINT64_MAX

struct simulator;

struct air_neighbour {
	uint64_t due_us, until_us;
	uint32_t strides; /* 1/1000 */
	int8_t rssi_dbm;
};

struct air {
	struct scenario scenario; /* with a pod that speaks ANT+ */
	struct simulator *simulator;
	struct source_event next; /* of the runner's */
	bool has_next;
	uint64_t skipped_us; /* of the scenario, before it begins here */
	uint64_t strap_us;
	uint8_t beats;
	struct air_neighbour neighbours[AIR_NEIGHBOURS_MAX];
	size_t neighbour_count;
};

/* False: no memory. `start_us` of the scenario have passed already. */
bool air_init(struct air *air, const struct scenario *scenario, uint64_t seed,
              uint64_t start_us, size_t neighbours);
void air_free(struct air *air);

/* Calls `heard` for each message up to `now_us`. */
void air_advance(struct air *air, uint64_t now_us,
                 void (*heard)(void *user, const struct ant_data *data), void *user);
uint64_t air_deadline_us(const struct air *air);

#endif
