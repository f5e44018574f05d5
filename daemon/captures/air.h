/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a sniffer hears of Bluetooth LE on the air: packets of the link layer
 * (Core specification volume 6, part B).
 */
#ifndef GAITD_CAPTURE_AIR_H
#define GAITD_CAPTURE_AIR_H

#include "daemon/captures/links.h"

enum air_checksum {
	AIR_CHECKSUM_UNKNOWN, /* compute it */
	AIR_CHECKSUM_GOOD,
	AIR_CHECKSUM_BAD,
};

/* What the sniffer adds to a packet */
struct air_facts {
	enum link_side from;
	enum air_checksum checksum;
	bool decrypted; /* by the sniffer, which had the key */
	bool coded;     /* an octet more behind the access address */
};

/* From the access address on */
void air_take(struct capture *capture, const struct air_facts *facts,
              const uint8_t *bytes, size_t length);

#endif
