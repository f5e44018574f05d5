/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The connections of a capture: who is at either end, what is half said on it.
 */
#ifndef GAITD_CAPTURE_LINKS_H
#define GAITD_CAPTURE_LINKS_H

#include "daemon/captures/servers.h"
#include "protocol/att.h"
#include "protocol/le_address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct capture;

#define LINKS_MAX 32

/* Who said it */
enum link_side {
	LINK_CENTRAL,
	LINK_PERIPHERAL,
	LINK_SIDES,
	LINK_ANY_SIDE = LINK_SIDES, /* the capture does not tell */
};

/* An L2CAP frame of which more is to come */
struct link_frame {
	uint8_t bytes[4 + ATT_MTU_MAX];
	size_t length; /* taken so far; more than fit are counted only */
	size_t wanted; /* with its header; 0: none is under way */
};

/* What a client asked and has no answer to yet */
struct link_question {
	uint8_t opcode; /* 0: nothing */
	uint16_t handle;
	struct uuid type;
	uint16_t mtu;
	/* a long value, of which more may be asked */
	uint8_t value[ATT_VALUE_MAX];
	size_t length;
	uint16_t held; /* the handle of that value; 0: none */
};

/* The last packets of the link layer, to know one that is sent again */
struct link_packet {
	bool used;
	uint8_t header, side;
	uint8_t length;
	uint32_t sum;
};

struct link {
	bool used;
	uint64_t id; /* what the capture calls it */
	uint64_t touched; /* by the count of packets */
	bool has_address[LINK_SIDES];
	struct le_address address[LINK_SIDES];
	bool local_is_peripheral; /* of a host's log */
	/* A sniffer that misses a packet may take one side for the other from then
	 * on: sides tell packets apart, not who serves. */
	bool sides_may_swap;
	bool encrypted, told_encrypted;
	bool has_crc_init;
	uint32_t crc_init;
	struct link_packet seen[2]; /* the last one first */
	struct link_frame frames[LINK_SIDES + 1];
	struct link_question questions[LINK_SIDES]; /* by who is asked */
	struct server *servers[LINK_SIDES];
	bool live[LINK_SIDES][SERVER_KINDS]; /* has been told */
};

struct links {
	struct link all[LINKS_MAX];
};

/* The link of that name; made when there is none, in place of the one longest
 * silent. */
struct link *links_get(struct capture *capture, uint64_t id);
struct link *links_find(struct capture *capture, uint64_t id); /* or NULL */
/* A new connection of this name: what was there under it is over. */
struct link *links_begin(struct capture *capture, uint64_t id);
void links_end(struct capture *capture, struct link *link);
void links_end_all(struct capture *capture);
/* These two connect anew: what they had is over, though nobody said so. */
void links_anew(struct capture *capture, const struct le_address *central,
                const struct le_address *peripheral);

#endif
