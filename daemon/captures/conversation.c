/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/captures/conversation.h"

#include "daemon/captures/capture_private.h"
#include "protocol/cursor.h"
#include "protocol/radio_text.h"

#include <string.h>

#define L2CAP_HEADER 4
/* Where the Bluetooth SIG numbers characteristics; below are declarations and
 * descriptors */
#define CHARACTERISTIC_FIRST 0x2a00
#define CHARACTERISTIC_LAST 0x2fff

/* ---- attributes ------------------------------------------------------------- */

static struct server *server_of(struct capture *c, struct link *link, enum link_side side)
{
	if (!link->servers[side])
		link->servers[side] =
			servers_get(c, link->has_address[side] ? &link->address[side] : NULL,
		                    link->id << 1 | side);
	return link->servers[side];
}

static void tell_value(struct capture *c, struct server *server, uint16_t uuid,
                       const uint8_t *bytes, size_t length)
{
	char name[128];

	if (uuid < CHARACTERISTIC_FIRST || uuid > CHARACTERISTIC_LAST)
		return;
	if (uuid == ATT_UUID_DEVICE_NAME) {
		radio_text(bytes, length, name, sizeof(name));
		server_named(c, server, name, false);
		return;
	}
	server_says(c, server, SOURCE_VALUE, uuid, bytes, length);
}

/* A first notification is what makes a device live. */
static void tell_live(struct capture *c, struct link *link, enum link_side side,
                      struct server *server, uint16_t uuid)
{
	enum source_device device;

	if (!server_kind(server, uuid, &device) || link->live[side][device])
		return;
	link->live[side][device] = true;
	server_link(c, server, device, DISPLAY_LINK_LIVE);
}

static void tell_notified(struct capture *c, struct link *link, enum link_side side,
                          uint16_t handle, const uint8_t *bytes, size_t length)
{
	struct server *server = server_of(c, link, side);
	uint16_t uuid;

	if (!server)
		return;
	if (!server_uuid(c, server, handle, &uuid)) {
		c->counts.nameless++;
		if (!c->playing)
			server_guess(server, handle, bytes, length);
		return;
	}
	if (uuid == 0) {
		c->counts.vendors++;
		return;
	}
	tell_live(c, link, side, server, uuid);
	server_says(c, server, SOURCE_NOTIFY, uuid, bytes, length);
}

/* ---- answers ---------------------------------------------------------------- */

static void tell_held(struct capture *c, struct link *link, enum link_side side)
{
	struct link_question *question = &link->questions[side];
	struct server *server;
	uint16_t uuid;

	if (question->held == 0)
		return;
	server = server_of(c, link, side);
	if (server && server_uuid(c, server, question->held, &uuid))
		tell_value(c, server, uuid, question->value, question->length);
	question->held = 0;
	question->length = 0;
}

static size_t mtu_of(const struct link *link)
{
	size_t a = link->questions[LINK_CENTRAL].mtu, b = link->questions[LINK_PERIPHERAL].mtu;
	size_t least = a < b ? a : b;

	return least < ATT_MTU_DEFAULT ? ATT_MTU_DEFAULT : least;
}

/* A value that fills the PDU may have more behind it, which is then asked for. */
static void take_read(struct capture *c, struct link *link, enum link_side side,
                      const struct att_pdu *pdu)
{
	struct link_question *question = &link->questions[side];
	bool more = pdu->length + 1 >= mtu_of(link);

	if (pdu->opcode == ATT_READ_RESPONSE)
		question->length = 0;
	else if (question->held != question->handle)
		return; /* how it begins was not heard */
	if (question->handle == 0 || question->length + pdu->length > sizeof(question->value))
		return;
	if (pdu->length > 0)
		memcpy(question->value + question->length, pdu->value, pdu->length);
	question->length += pdu->length;
	question->held = question->handle;
	if (!more)
		tell_held(c, link, side);
}

/* Declarations name the handle behind them; any other type is a value read by
 * its name. */
static void take_by_type(struct capture *c, struct link *link, enum link_side side,
                         struct att_pdu *pdu)
{
	const struct link_question *question = &link->questions[side];
	bool asked = question->opcode == ATT_READ_BY_TYPE_REQUEST;
	uint16_t type = asked ? uuid_to16(&question->type) : 0;
	struct server *server = server_of(c, link, side);
	struct att_declaration declaration;
	struct att_item item;

	while (server && att_next_item(pdu, &item)) {
		if ((type == 0 || type == ATT_UUID_CHARACTERISTIC) &&
		    att_declaration_decode(item.value, item.length, &declaration) &&
		    (asked || declaration.value_handle == item.handle + 1)) {
			server_learn(c, server, declaration.value_handle, &declaration.uuid);
		} else if (type >= CHARACTERISTIC_FIRST && type <= CHARACTERISTIC_LAST) {
			server_learn(c, server, item.handle, &question->type);
			tell_value(c, server, type, item.value, item.length);
		}
	}
}

static void take_information(struct capture *c, struct link *link, enum link_side side,
                             struct att_pdu *pdu)
{
	struct server *server = server_of(c, link, side);
	struct att_item item;
	struct uuid uuid;

	while (server && att_next_item(pdu, &item)) {
		if (uuid_decode(item.value, item.length, &uuid))
			server_learn(c, server, item.handle, &uuid);
	}
}

/* Each value with its handle and length before it */
static void take_many(struct capture *c, struct link *link, enum link_side side,
                      const struct att_pdu *pdu)
{
	struct cursor at = cursor_over(pdu->value, pdu->length);

	while (at.left > 0) {
		uint16_t handle = cursor_u16(&at), length = cursor_u16(&at);

		if (at.failed || length > at.left)
			return;
		tell_notified(c, link, side, handle, at.at, length);
		at.at += length;
		at.left -= length;
	}
}

static void take_question(struct capture *c, struct link *link, enum link_side asked,
                          const struct att_pdu *pdu)
{
	struct link_question *question = &link->questions[asked];

	if (pdu->opcode != ATT_READ_BLOB_REQUEST || pdu->handle != question->held)
		tell_held(c, link, asked);
	question->opcode = pdu->opcode;
	question->handle = pdu->handle;
	question->type = pdu->type;
	if (pdu->opcode == ATT_MTU_REQUEST)
		link->questions[asked == LINK_CENTRAL ? LINK_PERIPHERAL : LINK_CENTRAL].mtu =
			pdu->mtu;
}

static void take_answer(struct capture *c, struct link *link, enum link_side side,
                        struct att_pdu *pdu)
{
	struct link_question *question = &link->questions[side];

	switch (pdu->opcode) {
	case ATT_MTU_RESPONSE:
		question->mtu = pdu->mtu;
		break;
	case ATT_READ_BY_TYPE_RESPONSE:
		take_by_type(c, link, side, pdu);
		break;
	case ATT_FIND_INFORMATION_RESPONSE:
		take_information(c, link, side, pdu);
		break;
	case ATT_READ_RESPONSE:
	case ATT_READ_BLOB_RESPONSE:
		if (question->opcode == ATT_READ_REQUEST ||
		    question->opcode == ATT_READ_BLOB_REQUEST)
			take_read(c, link, side, pdu);
		break;
	default:
		break;
	}
	question->opcode = 0;
}

/* ---- who speaks --------------------------------------------------------------- */

static enum link_side other(enum link_side side)
{
	return side == LINK_CENTRAL ? LINK_PERIPHERAL : LINK_CENTRAL;
}

static void take_pdu(struct capture *c, struct link *link, enum link_side from,
                     const uint8_t *bytes, size_t length)
{
	enum att_kind kind;
	struct att_pdu pdu;

	if (!att_decode(bytes, length, &pdu)) {
		c->counts.damaged++;
		return;
	}
	kind = att_kind(pdu.opcode);
	/* where the capture does not tell for sure: the central is who asks */
	if (from == LINK_ANY_SIDE || link->sides_may_swap)
		from = kind == ATT_KIND_RESPONSE || kind == ATT_KIND_NOTIFICATION ||
		                       kind == ATT_KIND_INDICATION
		               ? LINK_PERIPHERAL
		               : LINK_CENTRAL;
	if (kind == ATT_KIND_REQUEST)
		take_question(c, link, other(from), &pdu);
	else if (kind == ATT_KIND_RESPONSE)
		take_answer(c, link, from, &pdu);
	else if (pdu.opcode == ATT_MULTIPLE_NOTIFICATION)
		take_many(c, link, from, &pdu);
	else if (kind == ATT_KIND_NOTIFICATION || kind == ATT_KIND_INDICATION)
		tell_notified(c, link, from, pdu.handle, pdu.value, pdu.length);
}

/* ---- L2CAP -------------------------------------------------------------------- */

static void add(struct link_frame *frame, const uint8_t *bytes, size_t length)
{
	size_t left = frame->wanted - frame->length;

	/* what is longer than the frame is a checksum that a sniffer left there */
	if (length > left)
		length = left;
	if (frame->length < sizeof(frame->bytes)) {
		size_t room = sizeof(frame->bytes) - frame->length;

		memcpy(frame->bytes + frame->length, bytes, length < room ? length : room);
	}
	frame->length += length;
}

void conversation_piece(struct capture *c, struct link *link, enum link_side from,
                        bool first, const uint8_t *bytes, size_t length)
{
	struct link_frame *frame = &link->frames[from];
	struct cursor at;

	if (first) {
		at = cursor_over(bytes, length);
		frame->length = 0;
		frame->wanted = L2CAP_HEADER + cursor_u16(&at);
		if (at.failed || length < L2CAP_HEADER) {
			frame->wanted = 0;
			c->counts.damaged++;
			return;
		}
	}
	if (frame->wanted == 0)
		return; /* its beginning was not heard */
	add(frame, bytes, length);
	if (frame->length < frame->wanted)
		return;
	at = cursor_over(frame->bytes + 2, 2);
	if (cursor_u16(&at) == ATT_CID && frame->wanted > L2CAP_HEADER) {
		if (frame->wanted <= sizeof(frame->bytes))
			take_pdu(c, link, from, frame->bytes + L2CAP_HEADER,
			         frame->wanted - L2CAP_HEADER);
		else
			c->counts.damaged++;
	}
	frame->wanted = 0;
}

void conversation_end(struct capture *c, struct link *link)
{
	for (size_t side = 0; side < LINK_SIDES; side++)
		tell_held(c, link, (enum link_side)side);
}
