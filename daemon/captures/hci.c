/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/captures/hci.h"

#include "daemon/captures/capture_private.h"
#include "daemon/captures/conversation.h"
#include "protocol/cursor.h"
#include "protocol/gap.h"

#include <string.h>

#define EVENT_DISCONNECTED 0x05
#define EVENT_LE 0x3e
#define LE_CONNECTED 0x01
#define LE_REPORT 0x02
#define LE_CONNECTED_ENHANCED 0x0a
#define LE_EXTENDED_REPORT 0x0d
#define LE_CONNECTED_ENHANCED_2 0x29
#define HANDLE_MASK 0x0fff
#define PIECE_SHIFT 12 /* of the packet boundary flag */
#define PIECE_MASK 3
#define PIECE_GOES_ON 1
#define ROLE_PERIPHERAL 1

static uint64_t link_id(unsigned controller, uint16_t handle)
{
	return (uint64_t)controller << 16 | (handle & HANDLE_MASK);
}

/* Types 2 and 3 are the same two, known by their identity. */
static struct le_address take_address(struct cursor *at)
{
	struct le_address address = { .type = LE_ADDRESS_PUBLIC };

	if (cursor_u8(at) & 1)
		address.type = LE_ADDRESS_RANDOM;
	for (size_t i = 0; i < sizeof(address.octets); i++)
		address.octets[i] = cursor_u8(at);
	return address;
}

static void skip(struct cursor *at, size_t count)
{
	if (at->left < count)
		at->failed = true;
	if (at->failed)
		return;
	at->at += count;
	at->left -= count;
}

static void take_connected(struct capture *c, unsigned controller, struct cursor *at)
{
	uint8_t status = cursor_u8(at);
	uint16_t handle = cursor_u16(at);
	uint8_t role = cursor_u8(at);
	struct le_address peer = take_address(at);
	struct link *link;
	size_t side;

	if (at->failed) {
		c->counts.damaged++;
		return;
	}
	if (status != 0)
		return;
	link = links_begin(c, link_id(controller, handle));
	link->local_is_peripheral = role == ROLE_PERIPHERAL;
	side = link->local_is_peripheral ? LINK_CENTRAL : LINK_PERIPHERAL;
	link->has_address[side] = true;
	link->address[side] = peer;
}

static void take_disconnected(struct capture *c, unsigned controller, struct cursor *at)
{
	uint8_t status = cursor_u8(at);
	struct link *link = links_find(c, link_id(controller, cursor_u16(at)));

	if (!at->failed && status == 0 && link)
		links_end(c, link);
}

/* Of those that are, or will be, connected the name counts. */
static void take_advertisement(struct capture *c, const struct le_address *address,
                               const uint8_t *bytes, size_t length)
{
	struct server *server = servers_known(c, address);
	struct gap_advertisement heard = { .has_flags = false };

	if (server && gap_decode(bytes, length, &heard))
		server_named(c, server, heard.name, true);
}

/* One after the other, as controllers send them and hosts read them */
static void take_reports(struct capture *c, struct cursor *at, bool extended)
{
	uint8_t count = cursor_u8(at);

	for (uint8_t i = 0; i < count && !at->failed; i++) {
		struct le_address address;
		size_t length;

		skip(at, extended ? 2 : 1); /* what kind of advertisement */
		address = take_address(at);
		if (extended)
			skip(at, 14); /* PHYs, set, powers, interval, target */
		length = cursor_u8(at);
		if (at->failed || at->left < length) {
			c->counts.damaged++;
			return;
		}
		take_advertisement(c, &address, at->at, length);
		skip(at, length + (extended ? 0 : 1)); /* and its signal strength */
	}
}

static void take_event(struct capture *c, unsigned controller, const uint8_t *bytes,
                       size_t length)
{
	struct cursor at = cursor_over(bytes, length);
	uint8_t code = cursor_u8(&at), rest = cursor_u8(&at);

	if (at.failed || at.left < rest) {
		c->counts.damaged++;
		return;
	}
	if (code == EVENT_DISCONNECTED)
		take_disconnected(c, controller, &at);
	if (code != EVENT_LE)
		return;
	switch (cursor_u8(&at)) {
	case LE_CONNECTED:
	case LE_CONNECTED_ENHANCED:
	case LE_CONNECTED_ENHANCED_2:
		take_connected(c, controller, &at);
		break;
	case LE_REPORT:
		take_reports(c, &at, false);
		break;
	case LE_EXTENDED_REPORT:
		take_reports(c, &at, true);
		break;
	default:
		break;
	}
}

static enum link_side side_of(const struct link *link, enum hci_way way)
{
	if (way == HCI_ANY_WAY)
		return LINK_ANY_SIDE;
	return (way == HCI_SENT) == link->local_is_peripheral ? LINK_PERIPHERAL
	                                                      : LINK_CENTRAL;
}

static void take_acl(struct capture *c, unsigned controller, enum hci_way way,
                     const uint8_t *bytes, size_t length)
{
	struct cursor at = cursor_over(bytes, length);
	uint16_t handle = cursor_u16(&at), rest = cursor_u16(&at);
	struct link *link;

	if (at.failed || at.left < rest) {
		c->counts.damaged++;
		return;
	}
	link = links_get(c, link_id(controller, handle));
	conversation_piece(c, link, side_of(link, way),
	                   (handle >> PIECE_SHIFT & PIECE_MASK) != PIECE_GOES_ON, at.at, rest);
}

void hci_take(struct capture *c, unsigned controller, enum hci_type type,
              enum hci_way way, const uint8_t *bytes, size_t length)
{
	if (type == HCI_EVENT)
		take_event(c, controller, bytes, length);
	else if (type == HCI_ACL)
		take_acl(c, controller, way, bytes, length);
}
