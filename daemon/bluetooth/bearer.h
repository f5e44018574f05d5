/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One ATT bearer: both halves of the protocol on one channel. As client one
 * transaction at a time, 30 s each; as server of an empty database the peer's
 * requests are answered, its commands ignored, its indications confirmed.
 * Pure: PDUs and time in, PDUs and values out.
 *
 * A peer that breaks the protocol is not thrown out: what fits nowhere is
 * dropped and counted, because a link that was opened again within two seconds
 * may still carry answers to the session before it.
 */
#ifndef GAITD_BEARER_H
#define GAITD_BEARER_H

#include "protocol/att.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BEARER_NEVER UINT64_MAX
#define BEARER_TRANSACTION_US (30 * UINT64_C(1000000)) /* part F, 3.3.3 */

struct bearer_ops {
	/* Must not free the bearer. */
	void (*send)(void *user, const uint8_t *pdu, size_t length);
	/* The answer to the request under way: its response, an error response,
	 * or NULL for one that cannot be read. The next may be sent from here.
	 */
	void (*answer)(void *user, const struct att_pdu *pdu);
	/* A notification or an indication; the latter is confirmed already. */
	void (*value)(void *user, uint16_t handle, const uint8_t *value,
	              size_t length);
};

struct bearer_counts {
	uint64_t received;
	uint64_t faults;        /* dropped: malformed, or nobody asked for it */
	uint64_t peer_requests; /* answered */
	uint64_t indications;   /* confirmed */
};

/* Its members are the bearer's own; read `mtu`, `deadline_us` and `counts`. */
struct bearer {
	const struct bearer_ops *ops;
	void *user;
	uint16_t mtu;
	uint8_t request[ATT_MTU_MAX]; /* under way, or the last one */
	size_t request_length;
	uint64_t deadline_us; /* of the request; BEARER_NEVER when none */
	struct bearer_counts counts;
};

void bearer_init(struct bearer *bearer, const struct bearer_ops *ops,
                 void *user);

/* Takes one PDU as the channel delivered it, of any length. Nothing of `bearer`
 * is touched after `answer` or `value`: these may free it. */
void bearer_receive(struct bearer *bearer, const uint8_t *bytes, size_t length);

bool bearer_is_busy(const struct bearer *bearer);
/* Sends a request; none may be under way. */
void bearer_request(struct bearer *bearer, const struct att_pdu *pdu,
                    uint64_t now_us);
/* The last request once more, after what stood in its way is gone. */
void bearer_request_again(struct bearer *bearer, uint64_t now_us);
/* The transaction's time is over: by the specification this bearer is dead. */
bool bearer_is_overdue(const struct bearer *bearer, uint64_t now_us);

/* What two sides' MTUs make: at least 23, at most what we offer. */
void bearer_set_mtu(struct bearer *bearer, uint16_t peer_mtu);

#endif
