/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The far end of a GATT client's test: a server made of a table's text, which
 * answers as the specification says.
 */
#ifndef GAITD_GATT_PEER_H
#define GAITD_GATT_PEER_H

#include "daemon/bluetooth/gatt_table.h"
#include "protocol/att.h"

#define GATT_PEER_VALUES 8

struct gatt_peer {
	struct gatt_table table;
	uint16_t own_mtu; /* what it answers to an MTU request */
	uint16_t mtu;
	struct gatt_peer_value {
		uint16_t handle;
		uint8_t bytes[ATT_VALUE_MAX];
		size_t length;
	} values[GATT_PEER_VALUES]; /* of attributes that can be read */
	size_t value_count;
	uint16_t written_handle; /* the last write */
	uint8_t written[ATT_VALUE_MAX];
	size_t written_length;
	unsigned requests;
};

/* Fails the test if the text is no table. */
void gatt_peer_init(struct gatt_peer *peer, const char *table, uint16_t mtu);
void gatt_peer_set(struct gatt_peer *peer, uint16_t handle, const void *bytes,
                   size_t length);
/* The answer to one request; 0 if it needs none. */
size_t gatt_peer_answer(struct gatt_peer *peer, const uint8_t *pdu,
                        size_t length, uint8_t *out);

#endif
