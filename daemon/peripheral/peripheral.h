/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A simulated treadmill, foot pod or heart-rate strap as a Bluetooth LE
 * peripheral: what it advertises, what can be read of it, and the simulator's
 * bytes as its notifications. Pure: a radio carries the PDUs.
 */
#ifndef GAITD_PERIPHERAL_H
#define GAITD_PERIPHERAL_H

#include "daemon/devices/source_event.h"
#include "daemon/peripheral/fault.h"
#include "daemon/peripheral/gatt_server.h"
#include "daemon/peripheral/layout.h"

/* The commands for advertising that only a peripheral sends (mgmt-api.txt) */
enum peripheral_mgmt_opcode {
	MGMT_SET_CONNECTABLE = 0x0007,
	MGMT_SET_BONDABLE = 0x0009,
	MGMT_ADD_ADVERTISING = 0x003e,
};
#define PERIPHERAL_NAME_MAX \
	20 /* octets: with UUID and flags it fits into 31 \
	    */
#define PERIPHERAL_ADVERTISING_MAX 96

/* "treadmill", "footpod", "strap"; false for another */
bool role_from_name(const char *name, enum role *role);
const char *role_name(enum role role);

struct peripheral_ops {
	void (*send)(void *user, const uint8_t *pdu, size_t length);
	/* For a log: a characteristic was subscribed to, or no longer. */
	void (*configured)(void *user, const struct gatt_characteristic *of,
	                   uint16_t ccc);
};

struct peripheral {
	const struct peripheral_ops *ops;
	void *user;
	enum role role;
	const struct layout *layout;
	char name[PERIPHERAL_NAME_MAX + 1];
	struct gatt_server server;
	struct fault fault;
};

struct peripheral_settings {
	enum role role;
	const struct layout *layout;
	const struct gatt_table *table; /* in place of the layout's own */
	const char *name;               /* NULL: the role's own */
	uint16_t mtu;
};

/* NULL: out of memory */
struct peripheral *peripheral_new(const struct peripheral_settings *settings,
                                  const struct peripheral_ops *ops, void *user);
void peripheral_free(struct peripheral *peripheral);

void peripheral_connected(struct peripheral *peripheral);
void peripheral_receive(struct peripheral *peripheral, const uint8_t *pdu,
                        size_t length);
/* Those of the simulator's events that this device sends; others are not its
 * business. */
void peripheral_event(struct peripheral *peripheral,
                      const struct source_event *event);
/* A strap's beat */
void peripheral_heart(struct peripheral *peripheral, uint32_t bpm);

/* The parameters of mgmt's Add Advertising: connectable, discoverable, for
 * ever. Returns their length. */
size_t peripheral_advertising(const struct peripheral *peripheral,
                              uint8_t out[PERIPHERAL_ADVERTISING_MAX]);

#endif
