/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What each operation asks, and what it does with the answers. Clauses are
 * those of the Core specification, volume 3, part G.
 */
#include "daemon/bluetooth/gatt_private.h"

#include <string.h>

static bool over(struct gatt *gatt, enum gatt_status status)
{
	gatt->run.result.status = status;
	return false;
}

/* Over, with what the answer says of the refusal. */
static bool refused(struct gatt *gatt, const struct att_pdu *pdu)
{
	if (pdu == NULL)
		return over(gatt, GATT_BAD_ANSWER);
	gatt->run.result.error = pdu->error;
	return over(gatt, GATT_ATT_ERROR);
}

static bool is_refusal(const struct att_pdu *pdu)
{
	return pdu == NULL || pdu->opcode == ATT_ERROR_RESPONSE;
}

static bool is_error(const struct att_pdu *pdu, uint8_t error)
{
	return pdu != NULL && pdu->opcode == ATT_ERROR_RESPONSE &&
	       pdu->error == error;
}

static bool ask(struct gatt *gatt, const struct att_pdu *request)
{
	uint64_t now_us = gatt->ops->now_us(gatt->user);

	if (gatt->run.requests == GATT_DISCOVERY_REQUESTS ||
	    now_us - gatt->run.started_us > GATT_DISCOVERY_US)
		return over(gatt, GATT_TOO_MUCH);
	gatt->run.requests++;
	gatt->run.secured = false;
	bearer_request(&gatt->bearer, request, now_us);
	return true;
}

static bool ask_range(struct gatt *gatt, uint8_t opcode, uint16_t end,
                      uint16_t type)
{
	return ask(gatt, &(struct att_pdu){ .opcode = opcode,
	                                    .start = gatt->run.next,
	                                    .end = end,
	                                    .type = uuid_from16(type) });
}

/* ---- MTU (4.3.1) ---- */

static bool begin_mtu(struct gatt *gatt)
{
	return ask(gatt, &(struct att_pdu){ .opcode = ATT_MTU_REQUEST,
	                                    .mtu = ATT_MTU_MAX });
}

static bool on_mtu(struct gatt *gatt, const struct att_pdu *pdu)
{
	if (!is_refusal(pdu))
		bearer_set_mtu(&gatt->bearer, pdu->mtu);
	return over(gatt, GATT_OK);
}

const struct procedure procedure_exchange_mtu = {
	.begin = begin_mtu,
	.answer = on_mtu,
	.ignores_security = true,
};

/* ---- reading (4.8.1, 4.8.3) ---- */

static bool begin_read(struct gatt *gatt)
{
	gatt->value_length = 0;
	return ask(gatt, &(struct att_pdu){ .opcode = ATT_READ_REQUEST,
	                                    .handle = gatt->queue[0].handle });
}

static void keep_value(struct gatt *gatt, const struct att_pdu *pdu)
{
	size_t room = sizeof(gatt->value) - gatt->value_length;
	size_t count = pdu->length < room ? pdu->length : room;

	if (count > 0)
		memcpy(gatt->value + gatt->value_length, pdu->value, count);
	gatt->value_length += count;
}

/* A value that ends with a full PDU cannot be told from a longer one but by
 * asking; machines refuse in different words. */
static bool is_end_of_value(const struct gatt *gatt, const struct att_pdu *pdu)
{
	return gatt->value_length > 0 &&
	       (is_error(pdu, ATT_ERROR_ATTRIBUTE_NOT_LONG) ||
	        is_error(pdu, ATT_ERROR_INVALID_OFFSET) ||
	        is_error(pdu, ATT_ERROR_REQUEST_NOT_SUPPORTED));
}

static bool on_read(struct gatt *gatt, const struct att_pdu *pdu)
{
	bool full;

	if (is_refusal(pdu) && !is_end_of_value(gatt, pdu))
		return refused(gatt, pdu);
	full = !is_refusal(pdu) && pdu->length >= gatt->bearer.mtu - 1u;
	if (!is_refusal(pdu))
		keep_value(gatt, pdu);
	if (full && gatt->value_length < sizeof(gatt->value))
		return ask(gatt,
		           &(struct att_pdu){
				   .opcode = ATT_READ_BLOB_REQUEST,
				   .handle = gatt->queue[0].handle,
				   .offset = (uint16_t)gatt->value_length });
	gatt->run.result.value = gatt->value;
	gatt->run.result.length = gatt->value_length;
	return over(gatt, GATT_OK);
}

const struct procedure procedure_read = {
	.begin = begin_read,
	.answer = on_read,
};

/* ---- writing (4.9.3, 4.12.3) ---- */

static bool begin_write(struct gatt *gatt)
{
	const struct operation *operation = &gatt->queue[0];

	return ask(gatt, &(struct att_pdu){ .opcode = ATT_WRITE_REQUEST,
	                                    .handle = operation->handle,
	                                    .value = operation->value,
	                                    .length = operation->length });
}

static bool on_write(struct gatt *gatt, const struct att_pdu *pdu)
{
	return is_refusal(pdu) ? refused(gatt, pdu) : over(gatt, GATT_OK);
}

const struct procedure procedure_write = {
	.begin = begin_write,
	.answer = on_write,
};

/* ---- the last step of discovery: Service Changed (7.1) ---- */

static bool on_service_changed(struct gatt *gatt, const struct att_pdu *pdu)
{
	(void)pdu; /* without it we still have the table's check */
	return over(gatt, GATT_OK);
}

static bool watch_changes(struct gatt *gatt)
{
	static const uint8_t indicate[] = { ATT_CCC_INDICATE, 0 };
	const struct gatt_characteristic *changed = gatt_table_characteristic(
		&gatt->table, ATT_UUID_GATT_SERVICE, ATT_UUID_SERVICE_CHANGED);

	if (changed == NULL || changed->ccc == 0)
		return over(gatt, GATT_OK);
	gatt->run.step = on_service_changed;
	return ask(gatt, &(struct att_pdu){ .opcode = ATT_WRITE_REQUEST,
	                                    .handle = changed->ccc,
	                                    .value = indicate,
	                                    .length = sizeof(indicate) });
}

static bool on_step(struct gatt *gatt, const struct att_pdu *pdu)
{
	return gatt->run.step(gatt, pdu);
}

/* ---- descriptors (4.7.1): where is the client configuration? ---- */

static bool next_gap(struct gatt *gatt);

static const struct gatt_service *service_at(const struct gatt_table *table,
                                             uint16_t start)
{
	size_t i = 0;

	while (table->services[i].start != start)
		i++;
	return &table->services[i];
}

/* The last handle that may belong to a characteristic */
static uint16_t last_handle(const struct gatt_table *table, size_t at)
{
	const struct gatt_characteristic *c = &table->characteristics[at];

	if (at + 1 < table->characteristic_count &&
	    c[1].service_start == c->service_start)
		return (uint16_t)(c[1].declaration - 1);
	return service_at(table, c->service_start)->end;
}

/* True while more may follow. */
static bool take_descriptors(struct gatt *gatt, struct att_pdu list)
{
	struct gatt_characteristic *c =
		&gatt->found.characteristics[gatt->run.characteristic];
	uint16_t last = last_handle(&gatt->found, gatt->run.characteristic);
	struct att_item item;
	struct uuid uuid;

	while (att_next_item(&list, &item)) {
		if (item.handle < gatt->run.next || item.handle > last) {
			gatt->found.irregular = true;
			return false;
		}
		if (uuid_decode(item.value, item.length, &uuid) &&
		    uuid_to16(&uuid) == ATT_UUID_CCC) {
			c->ccc = item.handle;
			return false;
		}
		if (item.handle == last)
			return false;
		gatt->run.next = (uint16_t)(item.handle + 1);
	}
	return true;
}

static bool on_descriptors(struct gatt *gatt, const struct att_pdu *pdu)
{
	if (pdu == NULL)
		gatt->found.irregular = true;
	if (!is_refusal(pdu) && take_descriptors(gatt, *pdu))
		return ask_range(
			gatt, ATT_FIND_INFORMATION_REQUEST,
			last_handle(&gatt->found, gatt->run.characteristic), 0);
	gatt->run.characteristic++;
	return next_gap(gatt);
}

/* Asks only where there is room for a descriptor. */
static bool next_gap(struct gatt *gatt)
{
	const struct gatt_table *found = &gatt->found;

	for (; gatt->run.characteristic < found->characteristic_count;
	     gatt->run.characteristic++) {
		size_t at = gatt->run.characteristic;
		uint16_t value = found->characteristics[at].value;

		if (last_handle(found, at) <= value)
			continue;
		gatt->run.next = (uint16_t)(value + 1);
		gatt->run.step = on_descriptors;
		return ask_range(gatt, ATT_FIND_INFORMATION_REQUEST,
		                 last_handle(found, at), 0);
	}
	gatt->table = *found;
	return watch_changes(gatt);
}

/* ---- characteristics (4.6.1) ---- */

static bool next_service(struct gatt *gatt);

static bool ask_characteristics(struct gatt *gatt)
{
	return ask_range(gatt, ATT_READ_BY_TYPE_REQUEST,
	                 gatt->found.services[gatt->run.service].end,
	                 ATT_UUID_CHARACTERISTIC);
}

static bool take_characteristic(struct gatt *gatt, const struct att_item *item)
{
	const struct gatt_service *service =
		&gatt->found.services[gatt->run.service];
	struct att_declaration declaration;
	struct gatt_characteristic c = { .declaration = item->handle };

	if (!att_declaration_decode(item->value, item->length, &declaration)) {
		gatt->found.irregular = true;
		return false;
	}
	c.value = declaration.value_handle;
	c.properties = declaration.properties;
	c.uuid = declaration.uuid;
	if (!gatt_table_add_characteristic(&gatt->found, service, &c) ||
	    c.value == service->end)
		return false;
	gatt->run.next = (uint16_t)(item->handle + 1);
	return true;
}

static bool take_characteristics(struct gatt *gatt, struct att_pdu list)
{
	struct att_item item;

	while (att_next_item(&list, &item))
		if (!take_characteristic(gatt, &item))
			return false;
	return true;
}

static bool on_characteristics(struct gatt *gatt, const struct att_pdu *pdu)
{
	if (pdu == NULL)
		gatt->found.irregular = true;
	if (!is_refusal(pdu) && take_characteristics(gatt, *pdu))
		return ask_characteristics(gatt);
	gatt->run.service++;
	return next_service(gatt);
}

static bool is_wanted(const struct operation *operation,
                      const struct gatt_service *service)
{
	uint16_t uuid = uuid_to16(&service->uuid);

	if (operation->wanted_count == 0 || uuid == ATT_UUID_GATT_SERVICE)
		return true;
	for (size_t i = 0; i < operation->wanted_count; i++)
		if (operation->wanted[i] == uuid)
			return true;
	return false;
}

static bool next_service(struct gatt *gatt)
{
	for (; gatt->run.service < gatt->found.service_count;
	     gatt->run.service++) {
		struct gatt_service *service =
			&gatt->found.services[gatt->run.service];

		if (!is_wanted(&gatt->queue[0], service))
			continue;
		service->searched = true;
		if (service->end == service->start)
			continue;
		gatt->run.next = service->start;
		gatt->run.step = on_characteristics;
		return ask_characteristics(gatt);
	}
	return next_gap(gatt);
}

/* ---- services (4.4.1) ---- */

static bool ask_services(struct gatt *gatt)
{
	return ask_range(gatt, ATT_READ_BY_GROUP_TYPE_REQUEST, ATT_HANDLE_MAX,
	                 ATT_UUID_PRIMARY_SERVICE);
}

static bool take_services(struct gatt *gatt, struct att_pdu list)
{
	struct att_item item;

	while (att_next_item(&list, &item)) {
		struct gatt_service service = { .start = item.handle,
			                        .end = item.end };

		if (item.handle < gatt->run.next ||
		    !uuid_decode(item.value, item.length, &service.uuid)) {
			gatt->found.irregular = true;
			return false;
		}
		if (!gatt_table_add_service(&gatt->found, &service) ||
		    item.end == ATT_HANDLE_MAX)
			return false;
		gatt->run.next = (uint16_t)(item.end + 1);
	}
	return true;
}

static bool on_services(struct gatt *gatt, const struct att_pdu *pdu)
{
	if (pdu == NULL)
		gatt->found.irregular = true;
	if (!is_refusal(pdu) && take_services(gatt, *pdu))
		return ask_services(gatt);
	if (gatt->found.service_count == 0 && is_refusal(pdu) &&
	    !is_error(pdu, ATT_ERROR_ATTRIBUTE_NOT_FOUND))
		return refused(gatt, pdu);
	return next_service(gatt);
}

static bool begin_discover(struct gatt *gatt)
{
	gatt->found = (struct gatt_table){ .service_count = 0 };
	gatt->run.next = ATT_HANDLE_MIN;
	gatt->run.step = on_services;
	return ask_services(gatt);
}

const struct procedure procedure_discover = {
	.begin = begin_discover,
	.answer = on_step,
	.ignores_security = true,
};

/* ---- is the kept table still the device's? ---- */

static const struct gatt_characteristic *expected(const struct gatt *gatt)
{
	if (gatt->run.characteristic == gatt->table.characteristic_count)
		return NULL;
	return &gatt->table.characteristics[gatt->run.characteristic];
}

static bool is_as_expected(struct gatt *gatt, const struct att_item *item)
{
	const struct gatt_characteristic *c = expected(gatt);
	struct att_declaration declaration;

	return c != NULL && item->handle == c->declaration &&
	       att_declaration_decode(item->value, item->length,
	                              &declaration) &&
	       declaration.value_handle == c->value &&
	       declaration.properties == c->properties &&
	       uuid_equal(&declaration.uuid, &c->uuid);
}

static bool ask_expected(struct gatt *gatt);

static bool on_expected(struct gatt *gatt, const struct att_pdu *pdu)
{
	struct att_item item;
	struct att_pdu list;

	if (is_refusal(pdu))
		return over(gatt, GATT_STALE);
	list = *pdu;
	while (att_next_item(&list, &item)) {
		if (!is_as_expected(gatt, &item))
			return over(gatt, GATT_STALE);
		gatt->run.characteristic++;
	}
	return ask_expected(gatt);
}

static bool ask_expected(struct gatt *gatt)
{
	const struct gatt_characteristic *c = expected(gatt);

	if (c == NULL)
		return watch_changes(gatt);
	gatt->run.step = on_expected;
	gatt->run.next = c->declaration;
	return ask_range(gatt, ATT_READ_BY_TYPE_REQUEST,
	                 service_at(&gatt->table, c->service_start)->end,
	                 ATT_UUID_CHARACTERISTIC);
}

const struct procedure procedure_verify = {
	.begin = ask_expected,
	.answer = on_step,
	.ignores_security = true,
};
