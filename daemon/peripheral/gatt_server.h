/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The other side of the air: an attribute server on one ATT bearer, as a
 * treadmill has it, that answers what the Core specification says (volume 3,
 * part F, section 3.4) and nothing else. What it serves is a table of the form
 * that the client writes of a real machine, so any machine that was once
 * discovered can be played.
 *
 * Pure: PDUs in by gatt_server_receive(), PDUs out by struct gatt_server_ops.
 */
#ifndef GAITD_GATT_SERVER_H
#define GAITD_GATT_SERVER_H

#include "daemon/bluetooth/gatt_table.h"
#include "protocol/att.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GATT_SERVER_INDICATIONS 4 /* that may wait for a confirmation */
#define GATT_SERVER_ATTRIBUTES \
	(GATT_SERVICES_MAX + 3 * GATT_CHARACTERISTICS_MAX)

struct gatt_server_ops {
	void (*send)(void *user, const uint8_t *pdu, size_t length);
	/* The client wants this characteristic's values, or no longer: `ccc`
	 * of ATT_CCC_NOTIFY and ATT_CCC_INDICATE. */
	void (*configured)(void *user, const struct gatt_characteristic *of,
	                   uint16_t ccc);
	/* A value that may be written was: 0, or one of enum att_error. An
	 * indication asked for in here follows the write's answer. */
	uint8_t (*written)(void *user, const struct gatt_characteristic *to,
	                   const uint8_t *value, size_t length);
};

struct gatt_server_value {
	uint8_t bytes[ATT_VALUE_MAX];
	size_t length;
	uint16_t ccc; /* of the present link */
};

struct gatt_server_indication {
	uint16_t handle;
	uint8_t bytes[ATT_VALUE_MAX];
	size_t length;
};

/* What a handle is. Its value is made when it is asked for. */
struct gatt_server_attribute {
	enum gatt_server_kind {
		GATT_SERVER_SERVICE,
		GATT_SERVER_DECLARATION,
		GATT_SERVER_VALUE,
		GATT_SERVER_CCC,
	} kind;
	uint16_t handle, end; /* `end` of a service, else the handle again */
	struct uuid type;
	size_t index; /* of the service or the characteristic */
};

/* Its members are the server's own; read `mtu`. */
struct gatt_server {
	const struct gatt_server_ops *ops;
	void *user;
	struct gatt_table table;
	struct gatt_server_attribute attributes[GATT_SERVER_ATTRIBUTES];
	size_t attribute_count;
	struct gatt_server_value values[GATT_CHARACTERISTICS_MAX];
	uint16_t own_mtu, mtu;
	bool long_uuids; /* send short UUIDs as 16 octets; set it after init */
	bool answering;  /* indications wait for the answer to go out */
	bool unconfirmed;
	struct gatt_server_indication waiting[GATT_SERVER_INDICATIONS];
	size_t waiting_count;
};

/* `mtu` is what it offers, 23 .. 517. */
void gatt_server_init(struct gatt_server *server,
                      const struct gatt_table *table, uint16_t mtu,
                      const struct gatt_server_ops *ops, void *user);
/* A new link: MTU 23, nothing configured, nothing waiting. Values stay. */
void gatt_server_connected(struct gatt_server *server);

/* One PDU as it came, of any length. */
void gatt_server_receive(struct gatt_server *server, const uint8_t *bytes,
                         size_t length);

/* The first characteristic of this UUID; NULL when the table has none. */
const struct gatt_characteristic *gatt_server_find(
	const struct gatt_server *server, uint16_t uuid);
/* What a read gets from now on; false if there is no such characteristic or
 * the value is longer than 512 octets. */
bool gatt_server_set(struct gatt_server *server, uint16_t uuid,
                     const uint8_t *value, size_t length);
/* The same, and the client is told if it asked to be. False also when too many
 * indications wait. */
bool gatt_server_tell(struct gatt_server *server, uint16_t uuid,
                      const uint8_t *value, size_t length);

#endif
