/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Heart Rate Service 1.0 (0x180D): a strap's measurement.
 */
#ifndef GAITD_HEART_RATE_H
#define GAITD_HEART_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEART_RATE_UUID_SERVICE 0x180d
#define HEART_RATE_UUID_MEASUREMENT 0x2a37
#define HEART_RATE_INTERVALS_MAX 9 /* as many as fit at the default MTU */

enum heart_rate_contact {
	HEART_RATE_CONTACT_UNKNOWN, /* the strap cannot tell */
	HEART_RATE_CONTACT_NONE, /* not on the skin: the rate means nothing */
	HEART_RATE_CONTACT_GOOD,
};

/* Heart Rate Measurement 0x2A37 (section 3.1) */
struct heart_rate_measurement {
	uint8_t flags;
	uint16_t rate_bpm; /* 0 when there is none */
	enum heart_rate_contact contact;
	bool has_energy;
	uint16_t energy_kj;
	uint8_t interval_count; /* of those kept; more are dropped */
	uint16_t intervals[HEART_RATE_INTERVALS_MAX]; /* 1/1024 s, oldest first
	                                               */
};

/* False when shorter than its flags need. */
bool heart_rate_decode(const uint8_t *bytes, size_t length,
                       struct heart_rate_measurement *out);
size_t heart_rate_encode(const struct heart_rate_measurement *m, uint8_t *bytes,
                         size_t size);

#endif
