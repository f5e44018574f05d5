/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/bluetooth/gatt_table.h"

#include "protocol/hex.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- looking up ---- */

const struct gatt_service *gatt_table_service(const struct gatt_table *table,
                                              uint16_t uuid)
{
	for (size_t i = 0; i < table->service_count; i++)
		if (uuid_to16(&table->services[i].uuid) == uuid)
			return &table->services[i];
	return NULL;
}

static bool is_in_service(const struct gatt_table *table,
                          const struct gatt_characteristic *characteristic,
                          uint16_t service)
{
	for (size_t i = 0; i < table->service_count; i++)
		if (table->services[i].start == characteristic->service_start)
			return uuid_to16(&table->services[i].uuid) == service;
	return false;
}

const struct gatt_characteristic *gatt_table_characteristic(
	const struct gatt_table *table, uint16_t service, uint16_t uuid)
{
	for (size_t i = 0; i < table->characteristic_count; i++) {
		const struct gatt_characteristic *c =
			&table->characteristics[i];

		if (uuid_to16(&c->uuid) == uuid &&
		    is_in_service(table, c, service))
			return c;
	}
	return NULL;
}

const struct gatt_characteristic *gatt_table_by_value(
	const struct gatt_table *table, uint16_t handle)
{
	for (size_t i = 0; i < table->characteristic_count; i++)
		if (table->characteristics[i].value == handle)
			return &table->characteristics[i];
	return NULL;
}

/* ---- growing ---- */

bool gatt_table_add_service(struct gatt_table *table,
                            const struct gatt_service *service)
{
	uint16_t last = 0;

	if (table->service_count > 0)
		last = table->services[table->service_count - 1].end;
	if (service->start <= last || service->end < service->start) {
		table->irregular = true;
		return false;
	}
	if (table->service_count == GATT_SERVICES_MAX) {
		table->full = true;
		return false;
	}
	table->services[table->service_count++] = *service;
	return true;
}

/* The last handle in use in the service so far */
static uint16_t last_handle_in(const struct gatt_table *table,
                               const struct gatt_service *service)
{
	const struct gatt_characteristic *last;

	if (table->characteristic_count == 0)
		return service->start;
	last = &table->characteristics[table->characteristic_count - 1];
	if (last->service_start != service->start)
		return service->start;
	return last->ccc != 0 ? last->ccc : last->value;
}

static bool fits(const struct gatt_table *table,
                 const struct gatt_service *service,
                 const struct gatt_characteristic *c)
{
	return c->declaration > last_handle_in(table, service) &&
	       c->value > c->declaration && c->value <= service->end &&
	       (c->ccc == 0 || (c->ccc > c->value && c->ccc <= service->end));
}

bool gatt_table_add_characteristic(struct gatt_table *table,
                                   const struct gatt_service *service,
                                   const struct gatt_characteristic *added)
{
	struct gatt_characteristic *c;

	if (!fits(table, service, added)) {
		table->irregular = true;
		return false;
	}
	if (table->characteristic_count == GATT_CHARACTERISTICS_MAX) {
		table->full = true;
		return false;
	}
	c = &table->characteristics[table->characteristic_count++];
	*c = *added;
	c->service_start = service->start;
	return true;
}

/* ---- writing ---- */

struct text {
	char *at;
	size_t size, length;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *text,
                                                      const char *format, ...)
{
	size_t left = text->size - text->length;
	va_list args;
	int count;

	va_start(args, format);
	count = vsnprintf(text->at + text->length, left, format, args);
	va_end(args);
	if (count < 0 || (size_t)count >= left)
		text->length = text->size; /* full: from here on left is 0 */
	else
		text->length += (size_t)count;
}

static void put_service(struct text *text, const struct gatt_service *service)
{
	char uuid[UUID_TEXT_SIZE];

	uuid_text(&service->uuid, uuid);
	put(text, "service %04x %04x %s%s\n", service->start, service->end,
	    uuid, service->searched ? "" : " -");
}

static void put_characteristic(struct text *text,
                               const struct gatt_characteristic *c)
{
	char uuid[UUID_TEXT_SIZE];

	uuid_text(&c->uuid, uuid);
	put(text, "characteristic %04x %04x %04x %02x %s\n", c->declaration,
	    c->value, c->ccc, c->properties, uuid);
}

size_t gatt_table_write(const struct gatt_table *table, char *text, size_t size)
{
	struct text out = { .at = text, .size = size };

	for (size_t i = 0; i < table->service_count; i++) {
		const struct gatt_service *service = &table->services[i];

		put_service(&out, service);
		for (size_t j = 0; j < table->characteristic_count; j++)
			if (table->characteristics[j].service_start ==
			    service->start)
				put_characteristic(&out,
				                   &table->characteristics[j]);
	}
	return out.length < size ? out.length : 0;
}

/* ---- reading ---- */

struct reader {
	const char *at;
	bool failed;
};

static void take_word(struct reader *r, const char *word)
{
	size_t length = strlen(word);

	if (r->failed || strncmp(r->at, word, length) != 0)
		r->failed = true;
	else
		r->at += length;
}

/* `digits` of hex and a blank */
static uint16_t take_number(struct reader *r, size_t digits)
{
	uint16_t value = 0;

	for (size_t i = 0; i < digits && !r->failed; i += 2) {
		uint8_t octet = 0;

		r->failed = !hex_octet(r->at, &octet);
		value = (uint16_t)(value << 8 | octet);
		if (!r->failed)
			r->at += 2;
	}
	take_word(r, " ");
	return value;
}

static struct uuid take_uuid(struct reader *r)
{
	char text[UUID_TEXT_SIZE] = "";
	struct uuid uuid = { { 0 } };
	size_t length;

	if (r->failed)
		return uuid;
	length = strspn(r->at, "0123456789abcdef-");
	if (length >= sizeof(text)) {
		r->failed = true;
		return uuid;
	}
	memcpy(text, r->at, length);
	r->failed = !uuid_from_text(text, &uuid);
	r->at += length;
	return uuid;
}

static bool take_flag(struct reader *r, const char *word)
{
	struct reader ahead = *r;

	take_word(&ahead, word);
	if (ahead.failed)
		return false;
	*r = ahead;
	return true;
}

static void take_service(struct reader *r, struct gatt_table *table)
{
	struct gatt_service service;

	service.start = take_number(r, 4);
	service.end = take_number(r, 4);
	service.uuid = take_uuid(r);
	service.searched = !take_flag(r, " -");
	take_word(r, "\n");
	if (!r->failed)
		r->failed = !gatt_table_add_service(table, &service);
}

static void take_characteristic(struct reader *r, struct gatt_table *table)
{
	struct gatt_characteristic c;

	c.declaration = take_number(r, 4);
	c.value = take_number(r, 4);
	c.ccc = take_number(r, 4);
	c.properties = (uint8_t)take_number(r, 2);
	c.uuid = take_uuid(r);
	take_word(r, "\n");
	if (table->service_count == 0)
		r->failed = true;
	if (!r->failed)
		r->failed = !gatt_table_add_characteristic(
			table, &table->services[table->service_count - 1], &c);
}

bool gatt_table_read(const char *text, struct gatt_table *out)
{
	struct gatt_table table = { .service_count = 0 };
	struct reader r = { .at = text };

	while (*r.at != '\0' && !r.failed) {
		if (take_flag(&r, "service "))
			take_service(&r, &table);
		else if (take_flag(&r, "characteristic "))
			take_characteristic(&r, &table);
		else
			r.failed = true;
	}
	if (r.failed)
		return false;
	*out = table;
	return true;
}
