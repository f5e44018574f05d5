/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/captures/capture_private.h"

#include "daemon/captures/air.h"
#include "daemon/captures/hci.h"
#include "daemon/captures/usb.h"
#include "daemon/devices/recording.h"
#include "protocol/cursor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIME_MOST_US (INT64_C(1) << 60)
#define CLOCK_BACK_US (INT64_C(10) * 1000000)
#define CLOCK_AHEAD_US (INT64_C(30) * 86400 * 1000000)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- Bluetooth as its host sees it ---------------------------------------------- */

#define RECEIVED 1 /* bit 0 of btsnoop's flags and of libpcap's direction */
#define NO_DATA 2  /* bit 1 of btsnoop's: a command or an event */

static void take_h4(struct capture *c, enum hci_way way, const uint8_t *bytes,
                    size_t length)
{
	if (length == 0)
		c->counts.damaged++;
	else
		hci_take(c, 0, (enum hci_type)bytes[0], way, bytes + 1, length - 1);
}

static uint32_t big_endian(const uint8_t *bytes, size_t count)
{
	uint32_t value = 0;

	for (size_t i = 0; i < count; i++)
		value = value << 8 | bytes[i];
	return value;
}

static void take_snoop_h4(struct capture *c, const struct capture_packet *p)
{
	take_h4(c, p->flags & RECEIVED ? HCI_RECEIVED : HCI_SENT, p->bytes, p->length);
}

static void take_snoop_h1(struct capture *c, const struct capture_packet *p)
{
	bool received = p->flags & RECEIVED;
	enum hci_type type = p->flags & NO_DATA ? (received ? HCI_EVENT : HCI_COMMAND)
	                                        : HCI_ACL;

	hci_take(c, 0, type, received ? HCI_RECEIVED : HCI_SENT, p->bytes, p->length);
}

/* btmon's own numbers for what is in a packet */
static void take_monitor(struct capture *c, unsigned controller, uint32_t opcode,
                         const uint8_t *bytes, size_t length)
{
	static const struct {
		enum hci_type type;
		enum hci_way way;
	} opcodes[] = {
		[2] = { HCI_COMMAND, HCI_SENT }, [3] = { HCI_EVENT, HCI_RECEIVED },
		[4] = { HCI_ACL, HCI_SENT },     [5] = { HCI_ACL, HCI_RECEIVED },
	};

	if (opcode < COUNT(opcodes) && opcodes[opcode].type != 0)
		hci_take(c, controller, opcodes[opcode].type, opcodes[opcode].way, bytes,
		         length);
}

static void take_snoop_monitor(struct capture *c, const struct capture_packet *p)
{
	take_monitor(c, p->flags >> 16, p->flags & 0xffff, p->bytes, p->length);
}

static void take_pcap_monitor(struct capture *c, const struct capture_packet *p)
{
	if (p->length < 4)
		c->counts.damaged++;
	else
		take_monitor(c, big_endian(p->bytes, 2), big_endian(p->bytes + 2, 2),
		             p->bytes + 4, p->length - 4);
}

static void take_pcap_h4(struct capture *c, const struct capture_packet *p)
{
	take_h4(c, HCI_ANY_WAY, p->bytes, p->length);
}

static void take_pcap_h4_phdr(struct capture *c, const struct capture_packet *p)
{
	if (p->length < 4)
		c->counts.damaged++;
	else
		take_h4(c, big_endian(p->bytes, 4) & RECEIVED ? HCI_RECEIVED : HCI_SENT,
		        p->bytes + 4, p->length - 4);
}

/* ---- Bluetooth LE on the air ------------------------------------------------------- */

static void take_le(struct capture *c, const struct capture_packet *p)
{
	struct air_facts facts = { .from = LINK_ANY_SIDE };

	air_take(c, &facts, p->bytes, p->length);
}

#define PHDR_SIZE 10
#define PHDR_DECRYPTED 0x0008
#define PHDR_TYPE(flags) ((flags) >> 7 & 7)
#define PHDR_TO_PERIPHERAL 2
#define PHDR_TO_CENTRAL 3
#define PHDR_ISO 4 /* and above */
#define PHDR_CRC_CHECKED 0x0400
#define PHDR_CRC_GOOD 0x0800
#define PHDR_PHY(flags) ((flags) >> 14)
#define PHY_CODED 2

/* LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR: Ubertooth, Sniffle, TI's */
static void take_le_phdr(struct capture *c, const struct capture_packet *p)
{
	struct air_facts facts = { .from = LINK_ANY_SIDE };
	struct cursor at = cursor_over(p->bytes, p->length);
	uint16_t flags;

	(void)cursor_u32(&at);
	(void)cursor_u32(&at);
	flags = cursor_u16(&at);
	if (at.failed) {
		c->counts.damaged++;
		return;
	}
	if (PHDR_TYPE(flags) >= PHDR_ISO)
		return;
	if (PHDR_TYPE(flags) == PHDR_TO_PERIPHERAL)
		facts.from = LINK_CENTRAL;
	if (PHDR_TYPE(flags) == PHDR_TO_CENTRAL)
		facts.from = LINK_PERIPHERAL;
	if (flags & PHDR_CRC_CHECKED)
		facts.checksum = flags & PHDR_CRC_GOOD ? AIR_CHECKSUM_GOOD : AIR_CHECKSUM_BAD;
	facts.decrypted = flags & PHDR_DECRYPTED;
	facts.coded = PHDR_PHY(flags) == PHY_CODED;
	air_take(c, &facts, at.at, at.left);
}

#define NORDIC_HEADER 7
#define NORDIC_PACKET_HEADER 10
#define NORDIC_ADVERTISING 0x02
#define NORDIC_DATA 0x06
#define NORDIC_CRC_GOOD 0x01
#define NORDIC_FROM_CENTRAL 0x02
#define NORDIC_ENCRYPTED 0x04
#define NORDIC_MIC_GOOD 0x08
#define NORDIC_PHY(flags) ((flags) >> 4 & 7)
#define NORDIC_LATEST 3
#define ADVERTISING_ACCESS_ON_WIRE 0xd6

/* LINKTYPE_NORDIC_BLE, the nRF Sniffer: board, then a header whose version 1
 * begins with the length of itself, versions 2 and 3 with that of the packet.
 * What is no packet talks to the sniffer. */
static void take_nordic(struct capture *c, const struct capture_packet *p)
{
	struct air_facts facts = { .from = LINK_CENTRAL };
	const uint8_t *packet = p->bytes + NORDIC_HEADER;
	uint8_t flags;

	if (p->length < NORDIC_HEADER || p->bytes[3] == 0 || p->bytes[3] > NORDIC_LATEST) {
		c->counts.damaged++;
		return;
	}
	if (p->bytes[6] != NORDIC_DATA && p->bytes[6] != NORDIC_ADVERTISING)
		return;
	if (p->length < NORDIC_HEADER + NORDIC_PACKET_HEADER + 4 ||
	    packet[0] < NORDIC_PACKET_HEADER || packet[0] > p->length - NORDIC_HEADER) {
		c->counts.damaged++;
		return;
	}
	flags = packet[1];
	facts.checksum = flags & NORDIC_CRC_GOOD ? AIR_CHECKSUM_GOOD : AIR_CHECKSUM_BAD;
	facts.coded = NORDIC_PHY(flags) == PHY_CODED;
	if (!(flags & NORDIC_FROM_CENTRAL))
		facts.from = LINK_PERIPHERAL;
	facts.decrypted = (flags & NORDIC_ENCRYPTED) && (flags & NORDIC_MIC_GOOD);
	air_take(c, &facts, packet + packet[0], p->length - NORDIC_HEADER - packet[0]);
}

/* ---- ANT sticks on a USB -------------------------------------------------------------- */

static void take_usb(struct capture *c, bool good, const struct capture_transfer *transfer,
                     const struct capture_packet *p)
{
	struct capture_transfer mine = *transfer;

	if (!good) {
		c->counts.damaged++;
		return;
	}
	mine.cut |= p->length < p->original;
	sticks_transfer(c, &mine);
}

static void take_usb_linux(struct capture *c, const struct capture_packet *p)
{
	struct capture_transfer transfer = { .device = 0 };

	take_usb(c, usb_linux(p->bytes, p->length, 48, &transfer), &transfer, p);
}

static void take_usb_mmapped(struct capture *c, const struct capture_packet *p)
{
	struct capture_transfer transfer = { .device = 0 };

	take_usb(c, usb_linux(p->bytes, p->length, 64, &transfer), &transfer, p);
}

static void take_usb_windows(struct capture *c, const struct capture_packet *p)
{
	struct capture_transfer transfer = { .device = 0 };

	take_usb(c, usb_windows(p->bytes, p->length, &transfer), &transfer, p);
}

/* ---- link types ----------------------------------------------------------------------- */

static const struct capture_link {
	enum capture_family family;
	uint32_t number;
	const char *name;
	bool pieces; /* the beginning of a packet is worth something */
	void (*take)(struct capture *c, const struct capture_packet *p);
} link_types[] = {
	{ CAPTURE_BTSNOOP, 1001, "btsnoop HCI", false, take_snoop_h1 },
	{ CAPTURE_BTSNOOP, 1002, "btsnoop H4", false, take_snoop_h4 },
	{ CAPTURE_BTSNOOP, 2001, "btsnoop monitor", false, take_snoop_monitor },
	{ CAPTURE_PCAP, 157, "nRF Sniffer (user 10)", false, take_nordic },
	{ CAPTURE_PCAP, 187, "HCI H4", false, take_pcap_h4 },
	{ CAPTURE_PCAP, 189, "usbmon", true, take_usb_linux },
	{ CAPTURE_PCAP, 201, "HCI H4 with direction", false, take_pcap_h4_phdr },
	{ CAPTURE_PCAP, 220, "usbmon", true, take_usb_mmapped },
	{ CAPTURE_PCAP, 249, "USBPcap", true, take_usb_windows },
	{ CAPTURE_PCAP, 251, "Bluetooth LE", false, take_le },
	{ CAPTURE_PCAP, 254, "Linux Bluetooth monitor", false, take_pcap_monitor },
	{ CAPTURE_PCAP, 256, "Bluetooth LE with header", false, take_le_phdr },
	{ CAPTURE_PCAP, 272, "nRF Sniffer", false, take_nordic },
};

const struct capture_link *capture_link(enum capture_family family, uint32_t number)
{
	for (size_t i = 0; i < COUNT(link_types); i++) {
		if (link_types[i].family == family && link_types[i].number == number)
			return &link_types[i];
	}
	return NULL;
}

const char *capture_link_name(const struct capture_link *link)
{
	return link->name;
}

const struct capture_link *capture_link_at(size_t index)
{
	return index < COUNT(link_types) ? &link_types[index] : NULL;
}

/* ---- the capture ------------------------------------------------------------------------ */

struct capture *capture_new(const struct capture_host *host,
                            const struct capture_wishes *wishes)
{
	struct capture *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->host = *host;
	c->wishes = *wishes;
	return c;
}

void capture_free(struct capture *capture)
{
	free(capture);
}

void capture_note(struct capture *c, const char *format, ...)
{
	char text[400];
	va_list args;

	if (c->playing)
		return; /* it was said the first time */
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	c->host.note(c->host.user, text);
}

void capture_emit(struct capture *c, struct source_event *event)
{
	if (!c->playing)
		return;
	if (!c->has_start) {
		c->has_start = true;
		c->start_us = c->now_us;
	}
	event->t_us = (uint64_t)(c->now_us - c->start_us);
	if (event->t_us > RECORDING_TIME_MAX_US)
		event->t_us = RECORDING_TIME_MAX_US;
	c->counts.events++;
	c->host.event(c->host.user, event);
}

/* Packets of several sources come a little out of order: time stands until it is
 * past that again. A clock that is set while the capture runs is another thing:
 * what comes then goes on from here. */
static void arrive(struct capture *c, int64_t t_us)
{
	if (t_us > TIME_MOST_US)
		t_us = TIME_MOST_US;
	if (t_us < -TIME_MOST_US)
		t_us = -TIME_MOST_US;
	t_us += c->has_now ? c->set_us : 0;
	c->counts.packets++;
	if (!c->has_now) {
		c->now_us = t_us;
	} else if (t_us < c->now_us - CLOCK_BACK_US || t_us > c->now_us + CLOCK_AHEAD_US) {
		c->counts.clock_set++;
		c->set_us += c->now_us - t_us;
	} else if (t_us < c->now_us) {
		c->counts.backwards++;
	} else {
		c->now_us = t_us;
	}
	c->has_now = true;
}

void capture_packet(struct capture *c, const struct capture_link *link,
                    const struct capture_packet *packet)
{
	arrive(c, packet->t_us);
	if (packet->length < packet->original && !link->pieces) {
		c->counts.cut++;
		return;
	}
	link->take(c, packet);
}

void capture_transfer(struct capture *c, int64_t t_us,
                      const struct capture_transfer *transfer)
{
	arrive(c, t_us);
	sticks_transfer(c, transfer);
}

void capture_other(struct capture *c)
{
	links_end_all(c);
	servers_forget_traffic(c);
	memset(&c->sticks, 0, sizeof(c->sticks));
	c->counts = (struct capture_counts){ .packets = 0 };
	c->has_now = false;
	c->set_us = 0;
}

void capture_learned(struct capture *c)
{
	links_end_all(c);
	servers_settle(c);
	sticks_settle(c);
	servers_describe(c);
	sticks_describe(c);
}

void capture_play(struct capture *c)
{
	sticks_replay(c);
	memset(&c->links, 0, sizeof(c->links));
	c->counts = (struct capture_counts){ .packets = 0 };
	c->has_now = false;
	c->set_us = 0;
	c->playing = true;
}

void capture_end(struct capture *c)
{
	links_end_all(c);
	c->counts.cut += c->sticks.cut;
}

bool capture_has_devices(const struct capture *c)
{
	for (size_t i = 0; i < SERVERS_MAX; i++) {
		for (size_t kind = 0; kind < SERVER_KINDS; kind++) {
			if (c->servers.all[i].used && c->servers.all[i].unit[kind] > 0)
				return true;
		}
	}
	return sticks_any(c);
}

const char *capture_model(struct capture *c)
{
	const struct server *first = servers_first(c, SOURCE_TREADMILL);

	if (!first)
		return "";
	if (!first->maker[0] && !first->product[0])
		return first->name;
	snprintf(c->model, sizeof(c->model), "%s%s%s", first->maker,
	         first->maker[0] && first->product[0] ? " " : "", first->product);
	return c->model;
}

struct capture_counts capture_counts(const struct capture *capture)
{
	return capture->counts;
}

bool capture_start(const struct capture *c, int64_t *t_us)
{
	*t_us = c->start_us;
	return c->has_start;
}

uint64_t capture_length_us(const struct capture *c)
{
	uint64_t length = c->has_start ? (uint64_t)(c->now_us - c->start_us) : 0;

	return length > RECORDING_TIME_MAX_US ? RECORDING_TIME_MAX_US : length;
}
