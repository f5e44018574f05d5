/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/unit/gatt_peer.h"

#include "protocol/packer.h"

#include <CUnit/CUnit.h>
#include <CUnit/TestDB.h>
#include <string.h>

void gatt_peer_init(struct gatt_peer *peer, const char *table, uint16_t mtu)
{
	*peer = (struct gatt_peer){ .own_mtu = mtu, .mtu = ATT_MTU_DEFAULT };
	CU_ASSERT_FATAL(gatt_table_read(table, &peer->table));
}

void gatt_peer_set(struct gatt_peer *peer, uint16_t handle, const void *bytes,
                   size_t length)
{
	struct gatt_peer_value *value = &peer->values[peer->value_count++];

	CU_ASSERT_FATAL(peer->value_count <= GATT_PEER_VALUES);
	value->handle = handle;
	value->length = length;
	memcpy(value->bytes, bytes, length);
}

static size_t refuse(const struct att_pdu *request, uint16_t handle,
                     uint8_t error, uint8_t *out)
{
	return att_encode(&(struct att_pdu){ .opcode = ATT_ERROR_RESPONSE,
	                                     .failed_opcode = request->opcode,
	                                     .handle = handle,
	                                     .error = error },
	                  out, ATT_MTU_MAX);
}

/* ---- lists: items of one size, as many as fit ---- */

struct list {
	struct packer items;
	uint8_t bytes[ATT_MTU_MAX];
	size_t item_size; /* of the first; the list ends at another size */
	size_t room;
	bool full;
};

static void list_add(struct list *list, const uint8_t *item, size_t length)
{
	if (list->item_size == 0)
		list->item_size = length;
	if (length != list->item_size ||
	    list->items.length + length > list->room)
		list->full = true;
	if (!list->full)
		packer_bytes(&list->items, item, length);
}

static void list_add_uuid(struct list *list, const uint8_t *head, size_t length,
                          const struct uuid *uuid)
{
	uint8_t item[8 + UUID_SIZE];
	struct packer p = packer_into(item, sizeof(item));

	packer_bytes(&p, head, length);
	if (uuid_is_short(uuid))
		packer_uint(&p, uuid_to16(uuid), 2);
	else
		packer_bytes(&p, uuid->octets, UUID_SIZE);
	list_add(list, item, packer_end(&p));
}

static size_t list_end(const struct list *list, const struct att_pdu *request,
                       uint8_t *out)
{
	if (list->items.length == 0)
		return refuse(request, request->start,
		              ATT_ERROR_ATTRIBUTE_NOT_FOUND, out);
	return att_encode(
		&(struct att_pdu){ .opcode = att_answer(request->opcode),
	                           .item_size = (uint8_t)list->item_size,
	                           .value = list->bytes,
	                           .length = list->items.length },
		out, ATT_MTU_MAX);
}

static bool is_asked(const struct att_pdu *request, uint16_t handle)
{
	return handle != 0 && handle >= request->start &&
	       handle <= request->end;
}

static void list_services(const struct gatt_peer *peer,
                          const struct att_pdu *request, struct list *list)
{
	for (size_t i = 0; i < peer->table.service_count; i++) {
		const struct gatt_service *s = &peer->table.services[i];
		uint8_t head[4] = { (uint8_t)s->start, (uint8_t)(s->start >> 8),
			            (uint8_t)s->end, (uint8_t)(s->end >> 8) };

		if (is_asked(request, s->start))
			list_add_uuid(list, head, sizeof(head), &s->uuid);
	}
}

static void list_characteristics(const struct gatt_peer *peer,
                                 const struct att_pdu *request,
                                 struct list *list)
{
	for (size_t i = 0; i < peer->table.characteristic_count; i++) {
		const struct gatt_characteristic *c =
			&peer->table.characteristics[i];
		uint8_t head[5] = { (uint8_t)c->declaration,
			            (uint8_t)(c->declaration >> 8),
			            c->properties, (uint8_t)c->value,
			            (uint8_t)(c->value >> 8) };

		if (is_asked(request, c->declaration))
			list_add_uuid(list, head, sizeof(head), &c->uuid);
	}
}

static void list_attribute(const struct att_pdu *request, struct list *list,
                           uint16_t handle, const struct uuid *type)
{
	uint8_t head[2] = { (uint8_t)handle, (uint8_t)(handle >> 8) };

	if (is_asked(request, handle))
		list_add_uuid(list, head, sizeof(head), type);
}

/* Of the attributes, declarations too: the ranges that a client asks begin
 * behind a value, so a characteristic at a time is in order. */
static void list_attributes(const struct gatt_peer *peer,
                            const struct att_pdu *request, struct list *list)
{
	struct uuid declaration = uuid_from16(ATT_UUID_CHARACTERISTIC);
	struct uuid ccc = uuid_from16(ATT_UUID_CCC);

	for (size_t i = 0; i < peer->table.characteristic_count; i++) {
		const struct gatt_characteristic *c =
			&peer->table.characteristics[i];

		list_attribute(request, list, c->declaration, &declaration);
		list_attribute(request, list, c->value, &c->uuid);
		list_attribute(request, list, c->ccc, &ccc);
	}
}

static size_t answer_list(const struct gatt_peer *peer,
                          const struct att_pdu *request, uint8_t *out)
{
	struct list list = { .room = peer->mtu - 2u };

	list.items = packer_into(list.bytes, sizeof(list.bytes));
	if (request->opcode == ATT_READ_BY_GROUP_TYPE_REQUEST)
		list_services(peer, request, &list);
	else if (request->opcode == ATT_FIND_INFORMATION_REQUEST)
		list_attributes(peer, request, &list);
	else if (uuid_to16(&request->type) == ATT_UUID_CHARACTERISTIC)
		list_characteristics(peer, request, &list);
	return list_end(&list, request, out);
}

/* ---- values ---- */

static size_t answer_read(const struct gatt_peer *peer,
                          const struct att_pdu *request, uint8_t *out)
{
	for (size_t i = 0; i < peer->value_count; i++) {
		const struct gatt_peer_value *v = &peer->values[i];
		size_t left = v->length - request->offset;

		if (v->handle != request->handle)
			continue;
		if (request->offset > v->length)
			return refuse(request, request->handle,
			              ATT_ERROR_INVALID_OFFSET, out);
		if (left > peer->mtu - 1u)
			left = peer->mtu - 1u;
		return att_encode(
			&(struct att_pdu){ .opcode =
		                                   att_answer(request->opcode),
		                           .value = v->bytes + request->offset,
		                           .length = left },
			out, ATT_MTU_MAX);
	}
	return refuse(request, request->handle, ATT_ERROR_READ_NOT_PERMITTED,
	              out);
}

static size_t answer_write(struct gatt_peer *peer,
                           const struct att_pdu *request, uint8_t *out)
{
	peer->written_handle = request->handle;
	peer->written_length = request->length;
	if (request->length > 0)
		memcpy(peer->written, request->value, request->length);
	return att_encode(&(struct att_pdu){ .opcode = ATT_WRITE_RESPONSE },
	                  out, ATT_MTU_MAX);
}

static size_t answer_mtu(struct gatt_peer *peer, const struct att_pdu *request,
                         uint8_t *out)
{
	peer->mtu = request->mtu < peer->own_mtu ? request->mtu : peer->own_mtu;
	return att_encode(&(struct att_pdu){ .opcode = ATT_MTU_RESPONSE,
	                                     .mtu = peer->own_mtu },
	                  out, ATT_MTU_MAX);
}

size_t gatt_peer_answer(struct gatt_peer *peer, const uint8_t *pdu,
                        size_t length, uint8_t *out)
{
	struct att_pdu request;

	CU_ASSERT_FATAL(att_decode(pdu, length, &request));
	if (att_kind(request.opcode) != ATT_KIND_REQUEST)
		return 0;
	CU_ASSERT(length <= peer->mtu);
	peer->requests++;
	switch (request.opcode) {
	case ATT_MTU_REQUEST:
		return answer_mtu(peer, &request, out);
	case ATT_READ_BY_GROUP_TYPE_REQUEST:
	case ATT_READ_BY_TYPE_REQUEST:
	case ATT_FIND_INFORMATION_REQUEST:
		CU_ASSERT(request.start != 0 && request.start <= request.end);
		return answer_list(peer, &request, out);
	case ATT_READ_REQUEST:
	case ATT_READ_BLOB_REQUEST:
		return answer_read(peer, &request, out);
	case ATT_WRITE_REQUEST:
		return answer_write(peer, &request, out);
	default:
		return refuse(&request, 0, ATT_ERROR_REQUEST_NOT_SUPPORTED,
		              out);
	}
}
