/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Advertising data: what a device says of itself before it is connected (Core
 * specification volume 3, part C, section 11; supplement part A). Advertising
 * and scan response together, as the kernel merges them.
 */
#ifndef GAITD_GAP_H
#define GAITD_GAP_H

#include "protocol/uuid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GAP_SERVICES_MAX 16 /* more are dropped */
#define GAP_NAME_SIZE 128

#define GAP_UUID_FITNESS_MACHINE 0x1826
#define GAP_UUID_RUNNING_SPEED 0x1814
#define GAP_UUID_HEART_RATE 0x180d

/* Machine types of the Fitness Machine service data (FTMS 1.0.1 section 3.1.2)
 */
enum gap_machine {
	GAP_MACHINE_TREADMILL = 1u << 0,
	GAP_MACHINE_CROSS_TRAINER = 1u << 1,
	GAP_MACHINE_STEP_CLIMBER = 1u << 2,
	GAP_MACHINE_STAIR_CLIMBER = 1u << 3,
	GAP_MACHINE_ROWER = 1u << 4,
	GAP_MACHINE_BIKE = 1u << 5,
};

struct gap_advertisement {
	bool has_flags;
	uint8_t flags; /* bit 0 limited, 1 general discoverable, 2 LE only */
	char name[GAP_NAME_SIZE]; /* printable UTF-8; "" when not sent */
	bool name_complete;       /* not a shortened one */
	struct uuid services[GAP_SERVICES_MAX];
	size_t service_count;
	bool has_machine;       /* Fitness Machine service data were sent */
	bool machine_available; /* its flags bit 0 */
	/* Of enum gap_machine; 0 when not told. Machines send the type in one
	 * octet, in two, or the two swapped: this is their union. */
	uint8_t machines;
	bool has_appearance;
	uint16_t appearance;
	bool has_tx_power;
	int8_t tx_power_dbm;
	bool malformed; /* a structure ran over the end; what came before counts
	                 */
};

/* False when there is no whole structure in the data. */
bool gap_decode(const uint8_t *bytes, size_t length,
                struct gap_advertisement *out);

/* True if the service is in a list, or for 0x1826 has service data. */
bool gap_offers(const struct gap_advertisement *advertisement, uint16_t uuid);

#endif
