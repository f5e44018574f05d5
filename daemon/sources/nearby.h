/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The devices that a scan hears, and which of them is meant. Pure.
 *
 * A device of the wished name is taken at once. Without a wish it must be the
 * only one of its kind, after all that are near have had 5 s to be heard: with
 * a row of treadmills in a room nobody can tell which one is meant but whoever
 * stands on it.
 */
#ifndef GAITD_NEARBY_H
#define GAITD_NEARBY_H

#include "daemon/sources/peer_profile.h"
#include "protocol/gap.h"
#include "protocol/le_address.h"

#define NEARBY_MAX 64 /* the longest unheard makes room */
#define NEARBY_LISTEN_US (5 * UINT64_C(1000000))
#define NEARBY_FORGET_US (30 * UINT64_C(1000000))

struct nearby_device {
	struct le_address address;
	char name[GAP_NAME_SIZE];
	int8_t rssi_dbm; /* the last; MGMT_RSSI_NONE when not known */
	bool fitness_machine, treadmill, running, heart_rate; /* offers */
	bool rejected; /* linked with, and it was not what it said */
	uint64_t first_us, last_us; /* heard */
};

/* All zero to begin. */
struct nearby {
	struct nearby_device devices[NEARBY_MAX];
	size_t count;
};

/* One report; what earlier ones told stays (a name may be in the scan response
 * only). Returns the device, valid until the next report. */
struct nearby_device *nearby_heard(struct nearby *nearby,
                                   const struct le_address *address,
                                   int8_t rssi_dbm,
                                   const struct gap_advertisement *told,
                                   uint64_t now_us);
void nearby_reject(struct nearby *nearby, const struct le_address *address);

struct nearby_choice {
	size_t count; /* of those that might be meant */
	const struct nearby_device *device; /* the one; NULL: none, or not yet */
	uint64_t decide_us; /* when to ask again; UINT64_MAX: when one is heard */
	char names[120]; /* of several, strongest first: "A, B and 2 more" */
};

/* `name` is the wished one, "" for none. */
struct nearby_choice nearby_choose(const struct nearby *nearby,
                                   const struct peer_profile *profile,
                                   const char *name, uint64_t now_us);

#endif
