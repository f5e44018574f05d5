/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/att.h"

#include "protocol/cursor.h"
#include "protocol/packer.h"

#include <string.h>

#define COMMAND_FLAG 0x40
#define FIELDS_MAX 4

/* The last field of a PDU may be a TYPE, VALUE or ITEMS: it takes what is
 * left. */
enum field {
	NONE,
	MTU,
	HANDLE,
	OFFSET,
	START,
	END,
	TYPE,   /* 2 or 16 octets */
	TYPE16, /* always 2 */
	FLAGS,
	FAILED_OPCODE,
	ERROR,
	FORMAT,    /* find information: 1 short UUIDs, 2 long ones */
	ITEM_SIZE, /* as an octet */
	PAIRS,     /* items of two handles, no size is sent */
	VALUE,
	ITEMS,
};

struct opcode_fact {
	uint8_t opcode;
	enum att_kind kind;
	uint8_t answer;
	const char *name;
	enum field fields[FIELDS_MAX];
};

/* Core specification volume 3, part F, sections 3.4.1 to 3.4.8; first what comes
 * all the time */
static const struct opcode_fact facts[] = {
	{ ATT_NOTIFICATION, ATT_KIND_NOTIFICATION, 0, "notification",
	  { HANDLE, VALUE } },
	{ ATT_ERROR_RESPONSE, ATT_KIND_RESPONSE, 0, "error response",
	  { FAILED_OPCODE, HANDLE, ERROR } },
	{ ATT_MTU_REQUEST, ATT_KIND_REQUEST, ATT_MTU_RESPONSE,
	  "exchange MTU request", { MTU } },
	{ ATT_MTU_RESPONSE, ATT_KIND_RESPONSE, 0, "exchange MTU response",
	  { MTU } },
	{ ATT_FIND_INFORMATION_REQUEST, ATT_KIND_REQUEST,
	  ATT_FIND_INFORMATION_RESPONSE, "find information request",
	  { START, END } },
	{ ATT_FIND_INFORMATION_RESPONSE, ATT_KIND_RESPONSE, 0,
	  "find information response", { FORMAT, ITEMS } },
	{ ATT_FIND_BY_TYPE_VALUE_REQUEST, ATT_KIND_REQUEST,
	  ATT_FIND_BY_TYPE_VALUE_RESPONSE, "find by type value request",
	  { START, END, TYPE16, VALUE } },
	{ ATT_FIND_BY_TYPE_VALUE_RESPONSE, ATT_KIND_RESPONSE, 0,
	  "find by type value response", { PAIRS, ITEMS } },
	{ ATT_READ_BY_TYPE_REQUEST, ATT_KIND_REQUEST, ATT_READ_BY_TYPE_RESPONSE,
	  "read by type request", { START, END, TYPE } },
	{ ATT_READ_BY_TYPE_RESPONSE, ATT_KIND_RESPONSE, 0,
	  "read by type response", { ITEM_SIZE, ITEMS } },
	{ ATT_READ_REQUEST, ATT_KIND_REQUEST, ATT_READ_RESPONSE, "read request",
	  { HANDLE } },
	{ ATT_READ_RESPONSE, ATT_KIND_RESPONSE, 0, "read response", { VALUE } },
	{ ATT_READ_BLOB_REQUEST, ATT_KIND_REQUEST, ATT_READ_BLOB_RESPONSE,
	  "read blob request", { HANDLE, OFFSET } },
	{ ATT_READ_BLOB_RESPONSE, ATT_KIND_RESPONSE, 0, "read blob response",
	  { VALUE } },
	{ ATT_READ_MULTIPLE_REQUEST, ATT_KIND_REQUEST,
	  ATT_READ_MULTIPLE_RESPONSE, "read multiple request", { VALUE } },
	{ ATT_READ_MULTIPLE_RESPONSE, ATT_KIND_RESPONSE, 0,
	  "read multiple response", { VALUE } },
	{ ATT_READ_BY_GROUP_TYPE_REQUEST, ATT_KIND_REQUEST,
	  ATT_READ_BY_GROUP_TYPE_RESPONSE, "read by group type request",
	  { START, END, TYPE } },
	{ ATT_READ_BY_GROUP_TYPE_RESPONSE, ATT_KIND_RESPONSE, 0,
	  "read by group type response", { ITEM_SIZE, ITEMS } },
	{ ATT_WRITE_REQUEST, ATT_KIND_REQUEST, ATT_WRITE_RESPONSE,
	  "write request", { HANDLE, VALUE } },
	{ ATT_WRITE_RESPONSE, ATT_KIND_RESPONSE, 0, "write response", { NONE } },
	{ ATT_PREPARE_WRITE_REQUEST, ATT_KIND_REQUEST,
	  ATT_PREPARE_WRITE_RESPONSE, "prepare write request",
	  { HANDLE, OFFSET, VALUE } },
	{ ATT_PREPARE_WRITE_RESPONSE, ATT_KIND_RESPONSE, 0,
	  "prepare write response", { HANDLE, OFFSET, VALUE } },
	{ ATT_EXECUTE_WRITE_REQUEST, ATT_KIND_REQUEST,
	  ATT_EXECUTE_WRITE_RESPONSE, "execute write request", { FLAGS } },
	{ ATT_EXECUTE_WRITE_RESPONSE, ATT_KIND_RESPONSE, 0,
	  "execute write response", { NONE } },
	{ ATT_INDICATION, ATT_KIND_INDICATION, ATT_CONFIRMATION, "indication",
	  { HANDLE, VALUE } },
	{ ATT_CONFIRMATION, ATT_KIND_CONFIRMATION, 0, "confirmation", { NONE } },
	{ ATT_READ_MULTIPLE_VARIABLE_REQUEST, ATT_KIND_REQUEST,
	  ATT_READ_MULTIPLE_VARIABLE_RESPONSE, "read multiple variable request",
	  { VALUE } },
	{ ATT_READ_MULTIPLE_VARIABLE_RESPONSE, ATT_KIND_RESPONSE, 0,
	  "read multiple variable response", { VALUE } },
	{ ATT_MULTIPLE_NOTIFICATION, ATT_KIND_NOTIFICATION, 0,
	  "multiple value notification", { VALUE } },
	{ ATT_WRITE_COMMAND, ATT_KIND_COMMAND, 0, "write command",
	  { HANDLE, VALUE } },
	{ ATT_SIGNED_WRITE_COMMAND, ATT_KIND_COMMAND, 0, "signed write command",
	  { HANDLE, VALUE } },
};

static const struct opcode_fact *fact_of(uint8_t opcode)
{
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (facts[i].opcode == opcode)
			return &facts[i];
	return NULL;
}

enum att_kind att_kind(uint8_t opcode)
{
	const struct opcode_fact *fact = fact_of(opcode);

	if (fact != NULL)
		return fact->kind;
	return opcode & COMMAND_FLAG ? ATT_KIND_COMMAND : ATT_KIND_REQUEST;
}

uint8_t att_answer(uint8_t opcode)
{
	const struct opcode_fact *fact = fact_of(opcode);

	return fact != NULL ? fact->answer : 0;
}

const char *att_opcode_name(uint8_t opcode)
{
	const struct opcode_fact *fact = fact_of(opcode);

	return fact != NULL ? fact->name : "unknown";
}

static void take_rest(struct cursor *c, struct att_pdu *pdu)
{
	pdu->value = c->at;
	pdu->length = c->left;
	c->at += c->left;
	c->left = 0;
}

static void take_type(struct cursor *c, size_t length, struct uuid *type)
{
	if (c->left < length || !uuid_decode(c->at, length, type)) {
		c->failed = true;
		return;
	}
	c->at += length;
	c->left -= length;
}

static void take_items(struct cursor *c, struct att_pdu *pdu)
{
	take_rest(c, pdu);
	if (pdu->item_size == 0 || pdu->length == 0 ||
	    pdu->length % pdu->item_size != 0)
		c->failed = true;
}

/* Find information's format octet names the item: a handle and a UUID. */
static uint8_t format_item_size(uint8_t format)
{
	return format == 1 ? 4 : format == 2 ? 18 : 0;
}

static void take_field(enum field field, struct cursor *c, struct att_pdu *pdu)
{
	switch (field) {
	case NONE:
		break;
	case MTU:
		pdu->mtu = cursor_u16(c);
		break;
	case HANDLE:
		pdu->handle = cursor_u16(c);
		break;
	case OFFSET:
		pdu->offset = cursor_u16(c);
		break;
	case START:
		pdu->start = cursor_u16(c);
		break;
	case END:
		pdu->end = cursor_u16(c);
		break;
	case TYPE:
		take_type(c, c->left == 2 ? 2 : UUID_SIZE, &pdu->type);
		break;
	case TYPE16:
		take_type(c, 2, &pdu->type);
		break;
	case FLAGS:
		pdu->flags = cursor_u8(c);
		break;
	case FAILED_OPCODE:
		pdu->failed_opcode = cursor_u8(c);
		break;
	case ERROR:
		pdu->error = cursor_u8(c);
		break;
	case FORMAT:
		pdu->item_size = format_item_size(cursor_u8(c));
		break;
	case ITEM_SIZE:
		pdu->item_size = cursor_u8(c);
		break;
	case PAIRS:
		pdu->item_size = 4;
		break;
	case VALUE:
		take_rest(c, pdu);
		break;
	case ITEMS:
		take_items(c, pdu);
		break;
	}
}

/* Octets of an item before its value: a handle, or a group's two. */
static size_t item_head(uint8_t opcode)
{
	switch (opcode) {
	case ATT_FIND_INFORMATION_RESPONSE:
	case ATT_READ_BY_TYPE_RESPONSE:
		return 2;
	case ATT_FIND_BY_TYPE_VALUE_RESPONSE:
	case ATT_READ_BY_GROUP_TYPE_RESPONSE:
		return 4;
	default:
		return 0;
	}
}

bool att_decode(const uint8_t *bytes, size_t length, struct att_pdu *out)
{
	struct cursor c = cursor_over(bytes, length);
	struct att_pdu pdu = { .opcode = cursor_u8(&c) };
	const struct opcode_fact *fact = c.failed ? NULL : fact_of(pdu.opcode);

	if (fact == NULL)
		return false;
	for (size_t i = 0; i < FIELDS_MAX; i++)
		take_field(fact->fields[i], &c, &pdu);
	if (c.failed || c.left > 0 ||
	    (pdu.item_size > 0 && pdu.item_size < item_head(pdu.opcode)))
		return false;
	*out = pdu;
	return true;
}

static void put_type(struct packer *w, const struct uuid *type)
{
	if (uuid_is_short(type))
		packer_uint(w, uuid_to16(type), 2);
	else
		packer_bytes(w, type->octets, UUID_SIZE);
}

static void put_field(enum field field, const struct att_pdu *pdu,
                      struct packer *w)
{
	switch (field) {
	case NONE:
	case PAIRS:
		break;
	case MTU:
		packer_uint(w, pdu->mtu, 2);
		break;
	case HANDLE:
		packer_uint(w, pdu->handle, 2);
		break;
	case OFFSET:
		packer_uint(w, pdu->offset, 2);
		break;
	case START:
		packer_uint(w, pdu->start, 2);
		break;
	case END:
		packer_uint(w, pdu->end, 2);
		break;
	case TYPE:
		put_type(w, &pdu->type);
		break;
	case TYPE16:
		packer_uint(w, uuid_to16(&pdu->type), 2);
		break;
	case FLAGS:
		packer_uint(w, pdu->flags, 1);
		break;
	case FAILED_OPCODE:
		packer_uint(w, pdu->failed_opcode, 1);
		break;
	case ERROR:
		packer_uint(w, pdu->error, 1);
		break;
	case FORMAT:
		packer_uint(w, pdu->item_size == format_item_size(1) ? 1 : 2,
		            1);
		break;
	case ITEM_SIZE:
		packer_uint(w, pdu->item_size, 1);
		break;
	case VALUE:
	case ITEMS:
		packer_bytes(w, pdu->value, pdu->length);
		break;
	}
}

size_t att_encode(const struct att_pdu *pdu, uint8_t *bytes, size_t size)
{
	const struct opcode_fact *fact = fact_of(pdu->opcode);
	struct packer w = packer_into(bytes, size);

	if (fact == NULL)
		return 0;
	packer_uint(&w, pdu->opcode, 1);
	for (size_t i = 0; i < FIELDS_MAX; i++)
		put_field(fact->fields[i], pdu, &w);
	return packer_end(&w);
}

bool att_next_item(struct att_pdu *list, struct att_item *out)
{
	size_t head = item_head(list->opcode);
	struct cursor c = cursor_over(list->value, list->length);

	if (head == 0 || list->item_size < head ||
	    list->length < list->item_size)
		return false;
	out->handle = cursor_u16(&c);
	out->end = head == 4 ? cursor_u16(&c) : out->handle;
	out->value = list->value + head;
	out->length = list->item_size - head;
	list->value += list->item_size;
	list->length -= list->item_size;
	return true;
}

bool att_declaration_decode(const uint8_t *bytes, size_t length,
                            struct att_declaration *out)
{
	struct cursor c = cursor_over(bytes, length);
	struct att_declaration declaration;

	declaration.properties = cursor_u8(&c);
	declaration.value_handle = cursor_u16(&c);
	if (c.failed || (c.left != 2 && c.left != UUID_SIZE) ||
	    !uuid_decode(c.at, c.left, &declaration.uuid))
		return false;
	*out = declaration;
	return true;
}

/* Volume 3, part F, section 3.4.1.1; the last three are the supplement's
 * common profile errors */
static const struct {
	uint8_t error;
	const char *text;
} errors[] = {
	{ ATT_ERROR_INVALID_HANDLE, "invalid handle" },
	{ ATT_ERROR_READ_NOT_PERMITTED, "read not permitted" },
	{ ATT_ERROR_WRITE_NOT_PERMITTED, "write not permitted" },
	{ ATT_ERROR_INVALID_PDU, "invalid PDU" },
	{ ATT_ERROR_INSUFFICIENT_AUTHENTICATION, "pairing needed" },
	{ ATT_ERROR_REQUEST_NOT_SUPPORTED, "request not supported" },
	{ ATT_ERROR_INVALID_OFFSET, "invalid offset" },
	{ ATT_ERROR_INSUFFICIENT_AUTHORIZATION, "not authorised" },
	{ ATT_ERROR_PREPARE_QUEUE_FULL, "prepare queue full" },
	{ ATT_ERROR_ATTRIBUTE_NOT_FOUND, "attribute not found" },
	{ ATT_ERROR_ATTRIBUTE_NOT_LONG, "attribute not long" },
	{ ATT_ERROR_INSUFFICIENT_KEY_SIZE, "encryption key too short" },
	{ ATT_ERROR_INVALID_VALUE_LENGTH, "invalid value length" },
	{ ATT_ERROR_UNLIKELY, "unlikely error" },
	{ ATT_ERROR_INSUFFICIENT_ENCRYPTION, "encryption needed" },
	{ ATT_ERROR_UNSUPPORTED_GROUP_TYPE, "unsupported group type" },
	{ ATT_ERROR_INSUFFICIENT_RESOURCES, "insufficient resources" },
	{ ATT_ERROR_DATABASE_OUT_OF_SYNC, "database out of sync" },
	{ ATT_ERROR_VALUE_NOT_ALLOWED, "value not allowed" },
	{ ATT_ERROR_CCC_IMPROPER, "notifications not configured properly" },
	{ ATT_ERROR_PROCEDURE_IN_PROGRESS, "procedure already in progress" },
	{ ATT_ERROR_OUT_OF_RANGE, "out of range" },
};

const char *att_error_text(uint8_t error)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].error == error)
			return errors[i].text;
	return error >= 0x80 && error <= 0x9f ? "application error"
	                                      : "reserved error code";
}

bool att_error_is_security(uint8_t error)
{
	return error == ATT_ERROR_INSUFFICIENT_AUTHENTICATION ||
	       error == ATT_ERROR_INSUFFICIENT_ENCRYPTION;
}
