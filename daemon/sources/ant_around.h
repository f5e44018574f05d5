/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which ANT+ devices are heard around, and which unit each of them is. Pure.
 */
#ifndef GAITD_ANT_AROUND_H
#define GAITD_ANT_AROUND_H

#include "protocol/ant.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ANT_TYPE_FOOTPOD 124
#define ANT_TYPE_HEART_RATE 120
#define ANT_AROUND_MAX 62 /* the longest unheard makes room */
#define ANT_AROUND_FORGET_US (30 * UINT64_C(1000000))
#define ANT_RSSI_NONE 127

struct ant_around_device {
	uint32_t number; /* 20 bits */
	uint8_t type;    /* of device; 0: a free place */
	int8_t rssi_dbm; /* the last; ANT_RSSI_NONE when not known */
	uint64_t heard_us;
	uint64_t messages;
};

/* All zero to begin. A device keeps its place while it is heard. */
struct ant_around {
	struct ant_around_device devices[ANT_AROUND_MAX];
};

/* The 20 bits: the high nibble of the transmission type extends the number. */
uint32_t ant_around_number(const struct ant_data *data);
/* Whether the known `number` means this one. Watches show 16 bits of 20. */
bool ant_around_is(uint32_t number, const struct ant_data *data);

/* One message of a device that tells who it is. Returns its place. */
size_t ant_around_heard(struct ant_around *around, const struct ant_data *data,
                        uint64_t now_us);
/* How many of a type were heard in the last so many microseconds. */
size_t ant_around_count(const struct ant_around *around, uint8_t type, uint64_t within_us,
                        uint64_t now_us);

#endif
