/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * From what a sniffer, a phone or usbmon has written down to the events of a
 * recording: the bytes of treadmills, foot pods and straps, with who sent them
 * and when. Pure; reading files is the caller's business.
 *
 * A capture is read twice. The first time it is learnt from: which handle is
 * which characteristic, who is a treadmill, which channels of a stick are foot
 * pods. The second time events come out, those before the discovery too.
 */
#ifndef GAITD_CAPTURE_H
#define GAITD_CAPTURE_H

#include "daemon/devices/source_event.h"
#include "protocol/le_address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAPTURE_HANDLES_MAX 32 /* given by hand */

struct capture;
struct capture_link;

/* Who numbers link types */
enum capture_family {
	CAPTURE_PCAP,    /* LINKTYPE_* of tcpdump.org */
	CAPTURE_BTSNOOP, /* the datalink of a btsnoop file */
};

/* NULL: no such type is known here. */
const struct capture_link *capture_link(enum capture_family family, uint32_t number);
const char *capture_link_name(const struct capture_link *link);
/* The link type behind `index` of a family's; NULL behind the last. For help. */
const struct capture_link *capture_link_at(size_t index);

struct capture_packet {
	int64_t t_us;         /* since 1970, or since whatever the capture began */
	const uint8_t *bytes;
	size_t length;        /* of what was kept */
	size_t original;      /* of what was there; more: it was cut */
	uint32_t flags;       /* of a btsnoop record */
};

/* A transfer on a USB, as usbmon and USBPcap tell it */
struct capture_transfer {
	uint32_t device;      /* bus and address: which one */
	uint8_t endpoint;     /* with bit 7: towards the host */
	bool bulk;
	bool has_data;        /* a completion of IN, a submission of OUT */
	const uint8_t *bytes;
	size_t length;
	bool cut;             /* there were more bytes than these */
};

/* What was given on the command line */
struct capture_wishes {
	struct {
		uint16_t uuid, handle;
	} handles[CAPTURE_HANDLES_MAX];
	size_t handle_count;
	bool has_treadmill, has_footpod; /* only this one: by address */
	struct le_address treadmill, footpod; /* the type of address is not asked */
	bool has_ant_footpod; /* only this one: by number, of 16 bits or of 20 */
	uint32_t ant_footpod;
};

struct capture_host {
	/* Events, in order; t_us counts from the first one. */
	void (*event)(void *user, const struct source_event *event);
	/* A sentence's worth of what to know of this capture, each once */
	void (*note)(void *user, const char *text);
	void *user;
};

/* What was found, and what was not read and why */
struct capture_counts {
	uint64_t packets, events;
	uint64_t cut;        /* kept shorter than they were: not read */
	uint64_t damaged;    /* a wrong checksum or length */
	uint64_t repeated;   /* sent again by the link layer */
	uint64_t encrypted;
	uint64_t backwards;  /* times before the one before: read as the same */
	uint64_t clock_set;  /* times far before or behind it: read as going on */
	uint64_t nameless;   /* notified by a handle that nothing tells the UUID of */
	uint64_t vendors;    /* of a UUID of 128 bits: a recording has none */
	uint64_t garbage;    /* octets from a stick that were no frame */
	uint64_t strangers;  /* frames of ANT devices of other kinds: left out */
	uint64_t crowd;      /* devices or links more than are kept */
};

struct capture *capture_new(const struct capture_host *host,
                            const struct capture_wishes *wishes);
void capture_free(struct capture *capture);

/* What was read so far was another capture, of which only the discovery counts. */
void capture_other(struct capture *capture);
/* The first reading is over: what was found is told in notes, devices, and of
 * handles without a name what they look like and the option that says so. */
void capture_learned(struct capture *capture);
/* The second begins. */
void capture_play(struct capture *capture);
/* The capture ends: what is held back is told. */
void capture_end(struct capture *capture);

void capture_packet(struct capture *capture, const struct capture_link *link,
                    const struct capture_packet *packet);
/* A line of usbmon's text, or another transfer, that came at this time */
void capture_transfer(struct capture *capture, int64_t t_us,
                      const struct capture_transfer *transfer);

struct capture_counts capture_counts(const struct capture *capture);
/* After the first reading: does anything come out of it? */
bool capture_has_devices(const struct capture *capture);
/* "UREVO URTM041": what the treadmill says it is; "" if it does not. */
const char *capture_model(struct capture *capture);
/* When the first event came, as the capture tells time; false: none came. */
bool capture_start(const struct capture *capture, int64_t *t_us);
/* From the first event to the last packet */
uint64_t capture_length_us(const struct capture *capture);

#endif
