/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a device has to read and to subscribe to, as discovery found it or as
 * it was kept from the last time: services, characteristics, and where each
 * characteristic's client configuration stands.
 */
#ifndef GAITD_GATT_TABLE_H
#define GAITD_GATT_TABLE_H

#include "protocol/uuid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GATT_SERVICES_MAX 32
#define GATT_CHARACTERISTICS_MAX 96

struct gatt_service {
	struct uuid uuid;
	uint16_t start, end; /* handles, both within */
	bool searched;       /* its characteristics were looked for */
};

struct gatt_characteristic {
	struct uuid uuid;
	uint16_t service_start; /* of the service that it belongs to */
	uint16_t declaration;   /* handles */
	uint16_t value;
	uint16_t ccc; /* client characteristic configuration; 0 when none */
	uint8_t properties; /* of enum att_property */
};

/* In order of handles. Zero it to begin. */
struct gatt_table {
	struct gatt_service services[GATT_SERVICES_MAX];
	size_t service_count;
	struct gatt_characteristic characteristics[GATT_CHARACTERISTICS_MAX];
	size_t characteristic_count;
	bool full;      /* the device has more than fits */
	bool irregular; /* it broke the rules: some of it may be missing */
};

/* NULL when there is none. Of several of one UUID the first. */
const struct gatt_service *gatt_table_service(const struct gatt_table *table,
                                              uint16_t uuid);
const struct gatt_characteristic *gatt_table_characteristic(
	const struct gatt_table *table, uint16_t service, uint16_t uuid);
const struct gatt_characteristic *gatt_table_by_value(
	const struct gatt_table *table, uint16_t handle);

/* Adds at the end. False, and `full` or `irregular` set, if there is no room or
 * the handles do not rise within 1..ffff, or within the last service whose
 * characteristics are added. */
bool gatt_table_add_service(struct gatt_table *table,
                            const struct gatt_service *service);
bool gatt_table_add_characteristic(struct gatt_table *table,
                                   const struct gatt_service *service,
                                   const struct gatt_characteristic *added);

/* The table as text, a line each, for a cache:
 *   service 0010 0020 1826
 *   characteristic 0011 0012 0013 10 2acd
 * handles and properties in hex; declaration, value, configuration (0000 when
 * none), properties, UUID; a service that was not searched ends in " -".
 * Returns the length without the NUL, or 0 if it does not fit. */
#define GATT_TABLE_TEXT_SIZE 12288 /* enough for a full table */
size_t gatt_table_write(const struct gatt_table *table, char *text,
                        size_t size);
/* False, and `out` untouched, unless every line is as above, handles are in
 * order, and each characteristic lies in the service above it. */
bool gatt_table_read(const char *text, struct gatt_table *out);

#endif
