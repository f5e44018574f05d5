/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What each kind of Bluetooth device is asked for: data, no code.
 */
#ifndef GAITD_PEER_PROFILE_H
#define GAITD_PEER_PROFILE_H

#include "daemon/devices/source_event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PEER_ATTRIBUTES_MAX 16 /* of one kind, with those of every kind */

struct peer_attribute {
	uint16_t service, uuid;
	bool read, subscribe;
};

struct peer_profile {
	const char *what; /* "treadmill"; the token of its messages */
	enum source_device device;
	uint16_t service; /* advertised */
	uint16_t data;    /* what makes it one: must be there and be sent */
	/* Without a value for so long it is tried anew; 0: silence is normal. */
	uint64_t silence_us;
	const struct peer_attribute *attributes;
	size_t attribute_count;
};

extern const struct peer_profile peer_treadmill, peer_footpod, peer_heart_rate;

/* Every attribute to ask of this kind, `data` first; returns their number. */
size_t peer_profile_attributes(const struct peer_profile *profile,
                               struct peer_attribute out[PEER_ATTRIBUTES_MAX]);
/* The services that they are in; returns their number. */
size_t peer_profile_services(const struct peer_profile *profile,
                             uint16_t out[PEER_ATTRIBUTES_MAX]);

#endif
