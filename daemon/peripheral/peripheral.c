/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/peripheral/peripheral.h"

#include "protocol/device_info.h"
#include "protocol/ftms.h"
#include "protocol/gap.h"
#include "protocol/heart_rate.h"
#include "protocol/packer.h"
#include "protocol/rsc_feature.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTROL_POINT 0x2ad9

static const struct role_info {
	const char *name;
	uint16_t service, appearance;
	enum source_device device;
	const char *advertised; /* name */
} roles[ROLES] = {
	/* Assigned Numbers 2.6: no treadmill; running sensor on shoe; belt */
	[ROLE_TREADMILL] = { "treadmill", GAP_UUID_FITNESS_MACHINE, 0x0000,
	                     SOURCE_TREADMILL, "Simulated treadmill" },
	[ROLE_FOOTPOD] = { "footpod", GAP_UUID_RUNNING_SPEED, 0x0442,
	                   SOURCE_FOOTPOD, "Simulated pod" },
	[ROLE_STRAP] = { "strap", GAP_UUID_HEART_RATE, 0x0341,
	                 SOURCE_HEART_RATE, "Simulated strap" },
};

bool role_from_name(const char *name, enum role *role)
{
	for (enum role i = ROLE_TREADMILL; i < ROLES; i++) {
		if (strcmp(roles[i].name, name) != 0)
			continue;
		*role = i;
		return true;
	}
	return false;
}

const char *role_name(enum role role)
{
	return roles[role].name;
}

/* ---- what can be read before anything moves ---- */

/* Of any device; what the simulator says of a machine takes their place. */
static const struct {
	uint16_t uuid;
	const char *text;
} texts[] = {
	{ 0x2a29, "gaitd" }, { 0x2a24, "gaitd-sim" }, { 0x2a25, "0001" },
	{ 0x2a26, "1.0" },   { 0x2a27, "1" },         { 0x2a28, "1.0" },
};

static const struct {
	uint16_t uuid;
	uint8_t length;
	uint8_t bytes[8];
} values[] = {
	{ 0x2acc, 8, { 0x0c, 0x16 } },
	{ 0x2ad3, 2, { 0x00, 0x01 } }, /* idle */
	{ 0x2ad4, 6, { 0x50, 0x00, 0xd0, 0x07, 0x0a, 0x00 } },
	{ 0x2ad5, 6, { 0x00, 0x00, 0x96, 0x00, 0x05, 0x00 } },
	{ RSC_FEATURE_UUID, 2, { 0x07, 0x00 } }, /* stride, distance, running */
	{ RSC_LOCATION_UUID, 1, { 0x01 } },      /* top of shoe */
	{ 0x2a38, 1, { 0x01 } },                 /* chest */
	{ DEVICE_INFO_UUID_BATTERY_LEVEL, 1, { 87 } },
};

static void set_values(struct peripheral *p)
{
	uint16_t appearance = roles[p->role].appearance;
	uint8_t octets[] = { (uint8_t)appearance, (uint8_t)(appearance >> 8) };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		gatt_server_set(&p->server, texts[i].uuid,
		                (const uint8_t *)texts[i].text,
		                strlen(texts[i].text));
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		gatt_server_set(&p->server, values[i].uuid, values[i].bytes,
		                values[i].length);
	gatt_server_set(&p->server, ATT_UUID_DEVICE_NAME,
	                (const uint8_t *)p->name, strlen(p->name));
	gatt_server_set(&p->server, 0x2a01, octets, sizeof(octets));
}

/* ---- PDUs ---- */

static void on_fault_send(void *user, const uint8_t *pdu, size_t length)
{
	struct peripheral *p = user;

	p->ops->send(p->user, pdu, length);
}

static void on_send(void *user, const uint8_t *pdu, size_t length)
{
	struct peripheral *p = user;

	fault_out(&p->fault, pdu, length, p->server.mtu);
}

static void on_configured(void *user, const struct gatt_characteristic *of,
                          uint16_t ccc)
{
	struct peripheral *p = user;

	p->ops->configured(p->user, of, ccc);
}

/* A machine of which nothing can be set: Request Control succeeds, the rest is
 * not supported (FTMS 1.0.1 section 4.16). */
static uint8_t on_written(void *user, const struct gatt_characteristic *to,
                          const uint8_t *value, size_t length)
{
	struct peripheral *p = user;
	size_t index = (size_t)(to - p->server.table.characteristics);
	uint8_t answer[] = { 0x80, 0, 0x02 };

	if (uuid_to16(&to->uuid) != CONTROL_POINT)
		return 0;
	if (length == 0)
		return ATT_ERROR_INVALID_VALUE_LENGTH;
	if (!(p->server.values[index].ccc & ATT_CCC_INDICATE))
		return ATT_ERROR_CCC_IMPROPER;
	answer[1] = value[0];
	if (value[0] == 0)
		answer[2] = 0x01;
	gatt_server_tell(&p->server, CONTROL_POINT, answer, sizeof(answer));
	return 0;
}

static const struct gatt_server_ops server_ops = {
	.send = on_send,
	.configured = on_configured,
	.written = on_written,
};

struct peripheral *peripheral_new(const struct peripheral_settings *settings,
                                  const struct peripheral_ops *ops, void *user)
{
	struct peripheral *p = calloc(1, sizeof(*p));
	const char *name = settings->name ? settings->name
	                                  : roles[settings->role].advertised;
	struct gatt_table table;
	bool is_table = true;

	if (p == NULL)
		return NULL;
	if (settings->table != NULL)
		table = *settings->table;
	else
		is_table = gatt_table_read(settings->layout->table, &table);
	assert(is_table);
	p->ops = ops;
	p->user = user;
	p->role = settings->role;
	p->layout = settings->layout;
	snprintf(p->name, sizeof(p->name), "%s", name);
	fault_init(&p->fault, on_fault_send, p);
	gatt_server_init(&p->server, &table, settings->mtu, &server_ops, p);
	p->server.long_uuids = settings->layout->long_uuids;
	set_values(p);
	return p;
}

void peripheral_free(struct peripheral *p)
{
	free(p);
}

void peripheral_connected(struct peripheral *p)
{
	gatt_server_connected(&p->server);
	fault_connected(&p->fault);
}

void peripheral_receive(struct peripheral *p, const uint8_t *pdu, size_t length)
{
	if (!fault_in(&p->fault, pdu, length))
		gatt_server_receive(&p->server, pdu, length);
}

void peripheral_event(struct peripheral *p, const struct source_event *event)
{
	if (event->device != roles[p->role].device)
		return;
	if (event->kind == SOURCE_VALUE)
		gatt_server_set(&p->server, event->uuid, event->bytes,
		                event->length);
	else if (event->kind == SOURCE_NOTIFY)
		gatt_server_tell(&p->server, event->uuid, event->bytes,
		                 event->length);
}

void peripheral_heart(struct peripheral *p, uint32_t bpm)
{
	struct heart_rate_measurement m = {
		.rate_bpm = (uint16_t)bpm,
		.contact = HEART_RATE_CONTACT_GOOD,
	};
	uint8_t bytes[ATT_MTU_DEFAULT];
	size_t length = heart_rate_encode(&m, bytes, sizeof(bytes));

	if (length > 0)
		gatt_server_tell(&p->server, HEART_RATE_UUID_MEASUREMENT, bytes,
		                 length);
}

/* ---- advertising ---- */

#define AD_UUIDS16 0x03
#define AD_NAME 0x09
#define AD_SERVICE_DATA16 0x16

static void put_name(struct packer *w, const char *name)
{
	size_t length = strlen(name);

	packer_uint(w, (uint32_t)length + 1, 1);
	packer_uint(w, AD_NAME, 1);
	packer_bytes(w, name, length);
}

/* FTMS 1.0.1 section 3.1: available, a treadmill */
static void put_machine(struct packer *w)
{
	packer_uint(w, 6, 1);
	packer_uint(w, AD_SERVICE_DATA16, 1);
	packer_uint(w, GAP_UUID_FITNESS_MACHINE, 2);
	packer_uint(w, 1, 1);
	packer_uint(w, GAP_MACHINE_TREADMILL, 2);
}

size_t peripheral_advertising(const struct peripheral *p,
                              uint8_t out[PERIPHERAL_ADVERTISING_MAX])
{
	const struct layout *layout = p->layout;
	bool has_machine = p->role == ROLE_TREADMILL && !layout->no_machine;
	uint8_t data[31], response[31];
	struct packer d = packer_into(data, sizeof(data));
	struct packer r = packer_into(response, sizeof(response));
	struct packer w = packer_into(out, PERIPHERAL_ADVERTISING_MAX);

	packer_uint(&d, 3, 1);
	packer_uint(&d, AD_UUIDS16, 1);
	packer_uint(&d, roles[p->role].service, 2);
	if (has_machine && !layout->machine_in_scan_response)
		put_machine(&d);
	put_name(layout->machine_in_scan_response ? &d : &r, p->name);
	if (has_machine && layout->machine_in_scan_response)
		put_machine(&r);

	packer_uint(&w, 1, 1);    /* instance */
	packer_uint(&w, 0x03, 4); /* connectable, general discoverable */
	packer_uint(&w, 0, 2);    /* for no set duration */
	packer_uint(&w, 0, 2);    /* nor a time after which it ends */
	packer_uint(&w, (uint32_t)packer_end(&d), 1);
	packer_uint(&w, (uint32_t)packer_end(&r), 1);
	packer_bytes(&w, data, packer_end(&d));
	packer_bytes(&w, response, packer_end(&r));
	return packer_end(&w);
}
