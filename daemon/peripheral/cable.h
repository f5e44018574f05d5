/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A simulated stick at the end of a cable that the kernel's vhci_hcd drives:
 * the USB/IP protocol (Documentation/usb/usbip_protocol), requests in, replies
 * out. Pure: a socket carries the bytes.
 */
#ifndef GAITD_CABLE_H
#define GAITD_CABLE_H

#include "daemon/peripheral/stick.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CABLE_HEADER_SIZE 48
#define CABLE_DATA_MAX 4096 /* of a request; longer ones end the link */
#define CABLE_WAITING_MAX 64
#define CABLE_CHUNKS_MAX 256
#define CABLE_CHUNK_SIZE 128

struct cable_ops {
	/* To the kernel */
	void (*write)(void *user, const uint8_t *bytes, size_t length);
	/* The host's frames to the stick */
	void (*received)(void *user, const uint8_t *bytes, size_t length);
};

struct cable_request {
	uint32_t sequence, length;
};

struct cable {
	const struct stick_model *model;
	const struct cable_ops *ops;
	void *user;
	/* a request that has not come whole */
	uint8_t held[CABLE_HEADER_SIZE + CABLE_DATA_MAX];
	size_t held_length;
	/* transfers in that wait for something to be sent */
	struct cable_request waiting[CABLE_WAITING_MAX];
	size_t waiting_count;
	/* what the stick sent and nobody fetched; the oldest is lost */
	uint8_t chunks[CABLE_CHUNKS_MAX][CABLE_CHUNK_SIZE];
	size_t lengths[CABLE_CHUNKS_MAX], chunk_count;
	bool stalled; /* both end points, until the host clears that */
	bool deaf;    /* answers no request at all (NAK) */
	unsigned halts_cleared;
};

void cable_init(struct cable *cable, const struct stick_model *model,
                const struct cable_ops *ops, void *user);
/* From the kernel, in any portions. False: no USB/IP, end the link. */
bool cable_receive(struct cable *cable, const uint8_t *bytes, size_t length);
/* From the stick: one transfer */
void cable_send(struct cable *cable, const uint8_t *bytes, size_t length);
void cable_stall(struct cable *cable);

#endif
