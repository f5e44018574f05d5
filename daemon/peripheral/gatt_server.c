/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/peripheral/gatt_server.h"

#include "protocol/packer.h"

#include <assert.h>
#include <string.h>

#define SECONDARY_SERVICE 0x2801
#define ITEM_VALUE_MAX 253 /* an item's size is one octet, with the handle */

/* ---- the attributes ---- */

static void add_attribute(struct gatt_server *server,
                          enum gatt_server_kind kind, uint16_t handle,
                          const struct uuid *type, size_t index)
{
	struct gatt_server_attribute *a =
		&server->attributes[server->attribute_count++];

	assert(server->attribute_count <= GATT_SERVER_ATTRIBUTES);
	*a = (struct gatt_server_attribute){ kind, handle, handle, *type,
		                             index };
	if (kind == GATT_SERVER_SERVICE)
		a->end = server->table.services[index].end;
}

static void add_characteristic(struct gatt_server *server, size_t index)
{
	const struct gatt_characteristic *c =
		&server->table.characteristics[index];
	struct uuid declaration = uuid_from16(ATT_UUID_CHARACTERISTIC);
	struct uuid ccc = uuid_from16(ATT_UUID_CCC);

	add_attribute(server, GATT_SERVER_DECLARATION, c->declaration,
	              &declaration, index);
	add_attribute(server, GATT_SERVER_VALUE, c->value, &c->uuid, index);
	if (c->ccc != 0)
		add_attribute(server, GATT_SERVER_CCC, c->ccc, &ccc, index);
}

/* A table is in order of handles, and so are the attributes. */
static void add_service(struct gatt_server *server, size_t index)
{
	const struct gatt_service *s = &server->table.services[index];
	struct uuid primary = uuid_from16(ATT_UUID_PRIMARY_SERVICE);

	add_attribute(server, GATT_SERVER_SERVICE, s->start, &primary, index);
	for (size_t i = 0; i < server->table.characteristic_count; i++)
		if (server->table.characteristics[i].service_start == s->start)
			add_characteristic(server, i);
}

void gatt_server_init(struct gatt_server *server,
                      const struct gatt_table *table, uint16_t mtu,
                      const struct gatt_server_ops *ops, void *user)
{
	memset(server, 0, sizeof(*server));
	server->ops = ops;
	server->user = user;
	server->table = *table;
	server->own_mtu = mtu;
	for (size_t i = 0; i < table->service_count; i++)
		add_service(server, i);
	gatt_server_connected(server);
}

void gatt_server_connected(struct gatt_server *server)
{
	server->mtu = ATT_MTU_DEFAULT;
	server->unconfirmed = false;
	server->waiting_count = 0;
	for (size_t i = 0; i < GATT_CHARACTERISTICS_MAX; i++)
		server->values[i].ccc = 0;
}

static const struct gatt_server_attribute *attribute_at(
	const struct gatt_server *server, uint16_t handle)
{
	for (size_t i = 0; i < server->attribute_count; i++)
		if (server->attributes[i].handle == handle)
			return &server->attributes[i];
	return NULL;
}

static void put_uuid(const struct gatt_server *server, struct packer *p,
                     const struct uuid *uuid)
{
	if (uuid_is_short(uuid) && !server->long_uuids)
		packer_uint(p, uuid_to16(uuid), 2);
	else
		packer_bytes(p, uuid->octets, UUID_SIZE);
}

static void put_declaration(const struct gatt_server *server, struct packer *p,
                            const struct gatt_characteristic *c)
{
	packer_uint(p, c->properties, 1);
	packer_uint(p, c->value, 2);
	put_uuid(server, p, &c->uuid);
}

static size_t value_of(const struct gatt_server *server,
                       const struct gatt_server_attribute *a,
                       uint8_t out[ATT_VALUE_MAX])
{
	const struct gatt_server_value *value = &server->values[a->index];
	struct packer p = packer_into(out, ATT_VALUE_MAX);

	switch (a->kind) {
	case GATT_SERVER_SERVICE:
		put_uuid(server, &p, &server->table.services[a->index].uuid);
		break;
	case GATT_SERVER_DECLARATION:
		put_declaration(server, &p,
		                &server->table.characteristics[a->index]);
		break;
	case GATT_SERVER_VALUE:
		packer_bytes(&p, value->bytes, value->length);
		break;
	case GATT_SERVER_CCC:
		packer_uint(&p, value->ccc, 2);
		break;
	}
	return packer_end(&p);
}

static uint8_t properties_of(const struct gatt_server *server,
                             const struct gatt_server_attribute *a)
{
	switch (a->kind) {
	case GATT_SERVER_SERVICE:
	case GATT_SERVER_DECLARATION:
		return ATT_PROPERTY_READ;
	case GATT_SERVER_CCC:
		return ATT_PROPERTY_READ | ATT_PROPERTY_WRITE |
		       ATT_PROPERTY_WRITE_COMMAND;
	case GATT_SERVER_VALUE:
		break;
	}
	return server->table.characteristics[a->index].properties;
}

/* ---- sending ---- */

static void send_pdu(struct gatt_server *server, const struct att_pdu *pdu)
{
	uint8_t bytes[ATT_MTU_MAX];
	size_t length = att_encode(pdu, bytes, sizeof(bytes));

	assert(length > 0 && length <= server->mtu);
	server->ops->send(server->user, bytes, length);
}

static void refuse(struct gatt_server *server, uint8_t opcode, uint16_t handle,
                   uint8_t error)
{
	send_pdu(server, &(struct att_pdu){ .opcode = ATT_ERROR_RESPONSE,
	                                    .failed_opcode = opcode,
	                                    .handle = handle,
	                                    .error = error });
}

/* Values too long for the MTU are cut (3.4.7.1). */
static void send_value(struct gatt_server *server, uint8_t opcode,
                       uint16_t handle, const uint8_t *value, size_t length)
{
	size_t room = server->mtu - 3u;

	send_pdu(server,
	         &(struct att_pdu){ .opcode = opcode,
	                            .handle = handle,
	                            .value = value,
	                            .length = length < room ? length : room });
}

/* One indication at a time (3.3.2). */
static void send_waiting(struct gatt_server *server)
{
	struct gatt_server_indication *first = &server->waiting[0];

	if (server->answering || server->unconfirmed ||
	    server->waiting_count == 0)
		return;
	server->unconfirmed = true;
	send_value(server, ATT_INDICATION, first->handle, first->bytes,
	           first->length);
	server->waiting_count--;
	memmove(first, first + 1, server->waiting_count * sizeof(*first));
}

/* ---- lists: items of one size, as many as fit ---- */

struct list {
	struct packer items;
	uint8_t bytes[ATT_MTU_MAX];
	size_t item_size; /* of the first; another size ends the list */
	bool full;
};

static struct list *list_begin(struct list *list, size_t room)
{
	list->items = packer_into(list->bytes, room);
	list->item_size = 0;
	list->full = false;
	return list;
}

static void list_add(struct list *list, const uint8_t *item, size_t length)
{
	if (list->item_size == 0)
		list->item_size = length;
	list->full |= length != list->item_size ||
	              list->items.length + length > list->items.size;
	if (!list->full)
		packer_bytes(&list->items, item, length);
}

static void list_send(struct gatt_server *server, const struct list *list,
                      const struct att_pdu *request)
{
	if (list->items.length == 0) {
		refuse(server, request->opcode, request->start,
		       ATT_ERROR_ATTRIBUTE_NOT_FOUND);
		return;
	}
	send_pdu(server,
	         &(struct att_pdu){ .opcode = att_answer(request->opcode),
	                            .item_size = (uint8_t)list->item_size,
	                            .value = list->bytes,
	                            .length = list->items.length });
}

/* True, and an answer sent, if the range is none. */
static bool refuse_range(struct gatt_server *server,
                         const struct att_pdu *request)
{
	if (request->start != 0 && request->start <= request->end)
		return false;
	refuse(server, request->opcode, request->start,
	       ATT_ERROR_INVALID_HANDLE);
	return true;
}

static bool is_asked(const struct att_pdu *request,
                     const struct gatt_server_attribute *a)
{
	return a->handle >= request->start && a->handle <= request->end;
}

/* ---- requests ---- */

static void on_mtu(struct gatt_server *server, const struct att_pdu *request)
{
	uint16_t mtu =
		request->mtu < server->own_mtu ? request->mtu : server->own_mtu;

	send_pdu(server, &(struct att_pdu){ .opcode = ATT_MTU_RESPONSE,
	                                    .mtu = server->own_mtu });
	server->mtu = mtu > ATT_MTU_DEFAULT ? mtu : ATT_MTU_DEFAULT;
}

static void on_find_information(struct gatt_server *server,
                                const struct att_pdu *request)
{
	struct list storage, *list = list_begin(&storage, server->mtu - 2u);

	if (refuse_range(server, request))
		return;
	for (size_t i = 0; i < server->attribute_count && !list->full; i++) {
		const struct gatt_server_attribute *a = &server->attributes[i];
		uint8_t item[2 + UUID_SIZE];
		struct packer p = packer_into(item, sizeof(item));

		packer_uint(&p, a->handle, 2);
		put_uuid(server, &p, &a->type);
		if (is_asked(request, a))
			list_add(list, item, packer_end(&p));
	}
	list_send(server, list, request);
}

static void on_find_by_type_value(struct gatt_server *server,
                                  const struct att_pdu *request)
{
	struct list storage, *list = list_begin(&storage, server->mtu - 1u);

	if (refuse_range(server, request))
		return;
	for (size_t i = 0; i < server->attribute_count && !list->full; i++) {
		const struct gatt_server_attribute *a = &server->attributes[i];
		uint8_t value[ATT_VALUE_MAX], item[4];
		struct packer p = packer_into(item, sizeof(item));
		size_t length = value_of(server, a, value);

		packer_uint(&p, a->handle, 2);
		packer_uint(&p, a->end, 2);
		if (is_asked(request, a) &&
		    uuid_equal(&a->type, &request->type) &&
		    length == request->length &&
		    memcmp(value, request->value, length) == 0)
			list_add(list, item, packer_end(&p));
	}
	list_send(server, list, request);
}

static void add_with_value(const struct gatt_server *server, struct list *list,
                           const struct gatt_server_attribute *a, bool group)
{
	uint8_t value[ATT_VALUE_MAX], item[ITEM_VALUE_MAX + 2];
	struct packer p = packer_into(item, sizeof(item));
	size_t length = value_of(server, a, value);
	size_t room;

	packer_uint(&p, a->handle, 2);
	if (group)
		packer_uint(&p, a->end, 2);
	room = server->mtu - 2u - p.length;
	if (room > sizeof(item) - p.length)
		room = sizeof(item) - p.length;
	packer_bytes(&p, value, length < room ? length : room);
	list_add(list, item, packer_end(&p));
}

static void on_read_by_type(struct gatt_server *server,
                            const struct att_pdu *request)
{
	struct list storage, *list = list_begin(&storage, server->mtu - 2u);

	if (refuse_range(server, request))
		return;
	for (size_t i = 0; i < server->attribute_count && !list->full; i++) {
		const struct gatt_server_attribute *a = &server->attributes[i];

		if (!is_asked(request, a) ||
		    !uuid_equal(&a->type, &request->type))
			continue;
		if (properties_of(server, a) & ATT_PROPERTY_READ) {
			add_with_value(server, list, a, false);
		} else if (list->items.length == 0) {
			refuse(server, request->opcode, a->handle,
			       ATT_ERROR_READ_NOT_PERMITTED);
			return;
		} else {
			list->full = true;
		}
	}
	list_send(server, list, request);
}

static void on_read_by_group_type(struct gatt_server *server,
                                  const struct att_pdu *request)
{
	struct list storage, *list = list_begin(&storage, server->mtu - 2u);
	uint16_t type = uuid_to16(&request->type);

	if (refuse_range(server, request))
		return;
	if (type != ATT_UUID_PRIMARY_SERVICE && type != SECONDARY_SERVICE) {
		refuse(server, request->opcode, request->start,
		       ATT_ERROR_UNSUPPORTED_GROUP_TYPE);
		return;
	}
	for (size_t i = 0; i < server->attribute_count && !list->full; i++) {
		const struct gatt_server_attribute *a = &server->attributes[i];

		if (is_asked(request, a) &&
		    uuid_equal(&a->type, &request->type))
			add_with_value(server, list, a, true);
	}
	list_send(server, list, request);
}

/* Read and Read Blob: the first is the second at offset 0. */
static void on_read(struct gatt_server *server, const struct att_pdu *request)
{
	const struct gatt_server_attribute *a =
		attribute_at(server, request->handle);
	size_t room = server->mtu - 1u;
	uint8_t value[ATT_VALUE_MAX];
	size_t length, left;

	if (a == NULL || !(properties_of(server, a) & ATT_PROPERTY_READ)) {
		refuse(server, request->opcode, request->handle,
		       a == NULL ? ATT_ERROR_INVALID_HANDLE
		                 : ATT_ERROR_READ_NOT_PERMITTED);
		return;
	}
	length = value_of(server, a, value);
	if (request->offset > length) {
		refuse(server, request->opcode, request->handle,
		       ATT_ERROR_INVALID_OFFSET);
		return;
	}
	left = length - request->offset;
	send_pdu(server,
	         &(struct att_pdu){ .opcode = att_answer(request->opcode),
	                            .value = value + request->offset,
	                            .length = left < room ? left : room });
}

/* ---- writes: 0, or an error ---- */

static uint8_t write_ccc(struct gatt_server *server, size_t index,
                         const struct att_pdu *request)
{
	const struct gatt_characteristic *c =
		&server->table.characteristics[index];
	uint16_t ccc;

	if (request->length != 2)
		return ATT_ERROR_INVALID_VALUE_LENGTH;
	ccc = (uint16_t)(request->value[0] | request->value[1] << 8);
	if (((ccc & ATT_CCC_NOTIFY) &&
	     !(c->properties & ATT_PROPERTY_NOTIFY)) ||
	    ((ccc & ATT_CCC_INDICATE) &&
	     !(c->properties & ATT_PROPERTY_INDICATE)))
		return ATT_ERROR_CCC_IMPROPER;
	server->values[index].ccc = ccc & (ATT_CCC_NOTIFY | ATT_CCC_INDICATE);
	server->ops->configured(server->user, c, server->values[index].ccc);
	return 0;
}

static uint8_t write_to(struct gatt_server *server,
                        const struct att_pdu *request, uint8_t property)
{
	const struct gatt_server_attribute *a =
		attribute_at(server, request->handle);

	if (a == NULL)
		return ATT_ERROR_INVALID_HANDLE;
	if (!(properties_of(server, a) & property))
		return ATT_ERROR_WRITE_NOT_PERMITTED;
	if (request->length > ATT_VALUE_MAX)
		return ATT_ERROR_INVALID_VALUE_LENGTH;
	if (a->kind == GATT_SERVER_CCC)
		return write_ccc(server, a->index, request);
	return server->ops->written(server->user,
	                            &server->table.characteristics[a->index],
	                            request->value, request->length);
}

static void on_write(struct gatt_server *server, const struct att_pdu *request)
{
	uint8_t error = write_to(server, request, ATT_PROPERTY_WRITE);

	if (error != 0)
		refuse(server, request->opcode, request->handle, error);
	else
		send_pdu(server,
		         &(struct att_pdu){ .opcode = ATT_WRITE_RESPONSE });
}

static void on_write_command(struct gatt_server *server,
                             const struct att_pdu *command)
{
	write_to(server, command, ATT_PROPERTY_WRITE_COMMAND);
}

static void on_confirmation(struct gatt_server *server,
                            const struct att_pdu *confirmation)
{
	(void)confirmation;
	server->unconfirmed = false;
}

/* ---- receiving ---- */

static const struct {
	uint8_t opcode;
	void (*handle)(struct gatt_server *server, const struct att_pdu *pdu);
} handlers[] = {
	{ ATT_MTU_REQUEST, on_mtu },
	{ ATT_FIND_INFORMATION_REQUEST, on_find_information },
	{ ATT_FIND_BY_TYPE_VALUE_REQUEST, on_find_by_type_value },
	{ ATT_READ_BY_TYPE_REQUEST, on_read_by_type },
	{ ATT_READ_REQUEST, on_read },
	{ ATT_READ_BLOB_REQUEST, on_read },
	{ ATT_READ_BY_GROUP_TYPE_REQUEST, on_read_by_group_type },
	{ ATT_WRITE_REQUEST, on_write },
	{ ATT_WRITE_COMMAND, on_write_command },
	{ ATT_CONFIRMATION, on_confirmation },
};

/* What cannot be read or is not supported is refused if it is a request, and
 * else ignored (3.3, 3.4.9). */
static void answer(struct gatt_server *server, const uint8_t *bytes,
                   size_t length)
{
	bool is_request = att_kind(bytes[0]) == ATT_KIND_REQUEST;
	struct att_pdu pdu;

	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
		if (handlers[i].opcode != bytes[0])
			continue;
		if (length <= server->mtu && att_decode(bytes, length, &pdu))
			handlers[i].handle(server, &pdu);
		else if (is_request)
			refuse(server, bytes[0], 0, ATT_ERROR_INVALID_PDU);
		return;
	}
	if (is_request)
		refuse(server, bytes[0], 0, ATT_ERROR_REQUEST_NOT_SUPPORTED);
}

void gatt_server_receive(struct gatt_server *server, const uint8_t *bytes,
                         size_t length)
{
	if (length == 0)
		return;
	server->answering = true;
	answer(server, bytes, length);
	server->answering = false;
	send_waiting(server);
}

/* ---- values ---- */

const struct gatt_characteristic *gatt_server_find(
	const struct gatt_server *server, uint16_t uuid)
{
	for (size_t i = 0; i < server->table.characteristic_count; i++)
		if (uuid_to16(&server->table.characteristics[i].uuid) == uuid)
			return &server->table.characteristics[i];
	return NULL;
}

bool gatt_server_set(struct gatt_server *server, uint16_t uuid,
                     const uint8_t *value, size_t length)
{
	const struct gatt_characteristic *c = gatt_server_find(server, uuid);
	struct gatt_server_value *stored;

	if (c == NULL || length > ATT_VALUE_MAX)
		return false;
	stored = &server->values[c - server->table.characteristics];
	stored->length = length;
	if (length > 0)
		memcpy(stored->bytes, value, length);
	return true;
}

static bool indicate(struct gatt_server *server, uint16_t handle,
                     const struct gatt_server_value *value)
{
	struct gatt_server_indication *last =
		&server->waiting[server->waiting_count];

	if (server->waiting_count == GATT_SERVER_INDICATIONS)
		return false;
	server->waiting_count++;
	last->handle = handle;
	last->length = value->length;
	memcpy(last->bytes, value->bytes, value->length);
	send_waiting(server);
	return true;
}

bool gatt_server_tell(struct gatt_server *server, uint16_t uuid,
                      const uint8_t *value, size_t length)
{
	const struct gatt_characteristic *c = gatt_server_find(server, uuid);
	const struct gatt_server_value *stored;

	if (!gatt_server_set(server, uuid, value, length))
		return false;
	stored = &server->values[c - server->table.characteristics];
	if (stored->ccc & ATT_CCC_NOTIFY)
		send_value(server, ATT_NOTIFICATION, c->value, value, length);
	return !(stored->ccc & ATT_CCC_INDICATE) ||
	       indicate(server, c->value, stored);
}
