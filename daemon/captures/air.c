/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/captures/air.h"

#include "daemon/captures/capture_private.h"
#include "daemon/captures/conversation.h"
#include "protocol/cursor.h"
#include "protocol/gap.h"

#include <string.h>

#define ADVERTISING_ACCESS 0x8e89bed6u
#define ADVERTISING_CRC 0x555555u
#define CRC_POLYNOMIAL 0xda6000u /* x^24+x^10+x^9+x^6+x^4+x^3+x+1, bits reversed */
#define CRC_SIZE 3
#define ADDRESS_SIZE 6
#define HEADER_SIZE 2

/* advertising physical channel PDUs (2.3) */
#define PDU_ADV_IND 0
#define PDU_ADV_NONCONN_IND 2
#define PDU_SCAN_RSP 4
#define PDU_CONNECT_IND 5
#define PDU_ADV_SCAN_IND 6
#define PDU_ADV_EXT 7
#define TX_RANDOM 0x40
#define RX_RANDOM 0x80
#define EXT_ADDRESS 0x01

/* data physical channel PDUs (2.4) */
#define LLID_MASK 3
#define LLID_GOES_ON 1
#define LLID_BEGINS 2
#define LLID_CONTROL 3
#define SEQUENCE 0x08
#define HAS_CTE 0x20
#define TERMINATE_IND 0x02
#define START_ENC_REQ 0x05
#define PAUSE_ENC_RSP 0x0b

/* ---- checksums --------------------------------------------------------------- */

static uint32_t reversed24(uint32_t value)
{
	uint32_t out = 0;

	for (int i = 0; i < 24; i++)
		out |= (value >> i & 1) << (23 - i);
	return out;
}

static bool crc_fits(uint32_t init, const uint8_t *bytes, size_t length)
{
	uint32_t crc = reversed24(init);
	const uint8_t *sent = bytes + length;
	uint32_t wanted = (uint32_t)sent[0] | (uint32_t)sent[1] << 8 | (uint32_t)sent[2] << 16;

	for (size_t i = 0; i < length; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? CRC_POLYNOMIAL : 0);
	}
	return crc == wanted;
}

/* Some programs leave the checksum out, or write 0: then nothing can be said. */
static bool is_good(const struct air_facts *facts, bool has_init, uint32_t init,
                    const uint8_t *pdu, size_t length, size_t left)
{
	static const uint8_t none[CRC_SIZE];

	if (facts->checksum != AIR_CHECKSUM_UNKNOWN)
		return facts->checksum == AIR_CHECKSUM_GOOD;
	return !has_init || left < length + CRC_SIZE ||
	       memcmp(pdu + length, none, CRC_SIZE) == 0 || crc_fits(init, pdu, length);
}

/* ---- advertising ---------------------------------------------------------------- */

static struct le_address address_at(const uint8_t *bytes, bool random)
{
	struct le_address address = { .type = random ? LE_ADDRESS_RANDOM
		                                     : LE_ADDRESS_PUBLIC };

	memcpy(address.octets, bytes, sizeof(address.octets));
	return address;
}

static void take_advertiser(struct capture *c, const struct le_address *address,
                            const uint8_t *bytes, size_t length)
{
	struct gap_advertisement heard = { .has_flags = false };
	struct server *server = servers_known(c, address);

	if (server && gap_decode(bytes, length, &heard))
		server_named(c, server, heard.name, true);
}

/* The extended header tells its own length, and with a flag whether there is an
 * address in it. */
static void take_extended(struct capture *c, uint8_t header, const uint8_t *bytes,
                          size_t length)
{
	size_t extended = length > 0 ? bytes[0] & 0x3f : 0;
	struct le_address address;

	if (length < 1 + extended || extended < 1 + ADDRESS_SIZE || !(bytes[1] & EXT_ADDRESS))
		return;
	address = address_at(bytes + 2, header & TX_RANDOM);
	take_advertiser(c, &address, bytes + 1 + extended, length - 1 - extended);
}

static void take_connect(struct capture *c, uint8_t header, const uint8_t *bytes,
                         size_t length)
{
	struct cursor at = cursor_over(bytes, length);
	struct le_address central, peripheral;
	struct link *link;

	if (length < 2 * ADDRESS_SIZE + 4 + CRC_SIZE) {
		c->counts.damaged++;
		return;
	}
	central = address_at(bytes, header & TX_RANDOM);
	peripheral = address_at(bytes + ADDRESS_SIZE, header & RX_RANDOM);
	links_anew(c, &central, &peripheral);
	at.at += (size_t)2 * ADDRESS_SIZE;
	at.left -= (size_t)2 * ADDRESS_SIZE;
	link = links_begin(c, cursor_u32(&at));
	link->crc_init = cursor_u24(&at);
	link->has_crc_init = true;
	link->has_address[LINK_CENTRAL] = link->has_address[LINK_PERIPHERAL] = true;
	link->address[LINK_CENTRAL] = central;
	link->address[LINK_PERIPHERAL] = peripheral;
}

static void take_advertising(struct capture *c, const uint8_t *pdu, size_t length)
{
	const uint8_t *payload = pdu + HEADER_SIZE;
	struct le_address address;

	switch (pdu[0] & 0x0f) {
	case PDU_ADV_IND:
	case PDU_ADV_NONCONN_IND:
	case PDU_ADV_SCAN_IND:
	case PDU_SCAN_RSP:
		if (length < ADDRESS_SIZE)
			break;
		address = address_at(payload, pdu[0] & TX_RANDOM);
		take_advertiser(c, &address, payload + ADDRESS_SIZE, length - ADDRESS_SIZE);
		break;
	case PDU_CONNECT_IND:
		take_connect(c, pdu[0], payload, length);
		break;
	case PDU_ADV_EXT:
		take_extended(c, pdu[0], payload, length);
		break;
	default:
		break;
	}
}

/* ---- connections ------------------------------------------------------------------- */

static uint32_t sum_of(const uint8_t *bytes, size_t length)
{
	uint32_t sum = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < length; i++)
		sum = (sum ^ bytes[i]) * 16777619u;
	return sum;
}

/* Sent again because its receipt was not heard of: the same octets under the
 * same sequence number, from the same side, with nothing of that side between.
 * Where the sniffer does not tell sides, the two take turns. */
static bool is_repeated(struct link *link, enum link_side from, const uint8_t *pdu,
                        size_t length)
{
	struct link_packet now = { .used = true,
		                   .header = pdu[0] & (LLID_MASK | SEQUENCE),
		                   .side = (uint8_t)from,
		                   .length = (uint8_t)length,
		                   .sum = sum_of(pdu + HEADER_SIZE, length) };
	size_t place = from == LINK_PERIPHERAL ? 1 : 0;
	bool repeated = false;

	for (size_t i = 0; i < 2; i++) {
		const struct link_packet *seen = &link->seen[i];

		repeated |= seen->used && seen->side == now.side &&
		            seen->header == now.header && seen->length == now.length &&
		            seen->sum == now.sum;
	}
	if (from == LINK_ANY_SIDE)
		link->seen[1] = link->seen[0];
	link->seen[place] = now;
	return repeated && length > 0;
}

static void take_control(struct capture *c, struct link *link, const uint8_t *payload,
                         size_t length)
{
	if (length == 0)
		return;
	if (payload[0] == START_ENC_REQ)
		link->encrypted = true;
	if (payload[0] == PAUSE_ENC_RSP)
		link->encrypted = false;
	if (payload[0] == TERMINATE_IND)
		links_end(c, link);
}

static void note_encrypted(struct capture *c, const struct link *link)
{
	char address[LE_ADDRESS_TEXT_SIZE] = "an unknown device";

	if (link->has_address[LINK_PERIPHERAL])
		le_address_text(&link->address[LINK_PERIPHERAL], address);
	capture_note(c, "the connection to %s is encrypted from packet %llu on: it cannot be "
	             "read; let the sniffer have its key, or take the log of the phone instead",
	             address, (unsigned long long)c->counts.packets);
}

/* Once it is agreed on, nothing is in clear, the control PDUs included. */
static bool is_dark(struct capture *c, struct link *link, const struct air_facts *facts,
                    size_t length)
{
	if (!link->encrypted || facts->decrypted || length == 0)
		return false;
	if (!link->told_encrypted)
		note_encrypted(c, link);
	link->told_encrypted = true;
	c->counts.encrypted++;
	return true;
}

static void take_data(struct capture *c, const struct air_facts *facts, uint32_t access,
                      const uint8_t *pdu, size_t length, size_t left)
{
	struct link *link = links_get(c, access);
	const uint8_t *payload = pdu + HEADER_SIZE;
	size_t tone = pdu[0] & HAS_CTE ? 1 : 0;

	if (!is_good(facts, link->has_crc_init, link->crc_init, pdu, HEADER_SIZE + length,
	             left)) {
		c->counts.damaged++;
		return;
	}
	link->sides_may_swap = true;
	if (is_repeated(link, facts->from, pdu, length)) {
		c->counts.repeated++;
		return;
	}
	if (length < tone || is_dark(c, link, facts, length))
		return;
	if ((pdu[0] & LLID_MASK) == LLID_CONTROL)
		take_control(c, link, payload + tone, length - tone);
	else if (length > tone)
		conversation_piece(c, link, facts->from, (pdu[0] & LLID_MASK) == LLID_BEGINS,
		                   payload + tone, length - tone);
}

void air_take(struct capture *c, const struct air_facts *facts, const uint8_t *bytes,
              size_t size)
{
	struct cursor at = cursor_over(bytes, size);
	uint32_t access = cursor_u32(&at);
	size_t length;

	if (facts->coded)
		cursor_u8(&at);
	if (at.failed || at.left < HEADER_SIZE || at.left < HEADER_SIZE + (size_t)at.at[1]) {
		c->counts.damaged++;
		return;
	}
	length = at.at[1];
	if (access != ADVERTISING_ACCESS)
		take_data(c, facts, access, at.at, length, at.left);
	else if (is_good(facts, true, ADVERTISING_CRC, at.at, HEADER_SIZE + length, at.left))
		take_advertising(c, at.at, length);
	else
		c->counts.damaged++;
}
