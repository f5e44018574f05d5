/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/bluetooth/bearer.h"

#include <assert.h>
#include <string.h>

void bearer_init(struct bearer *bearer, const struct bearer_ops *ops,
                 void *user)
{
	*bearer = (struct bearer){
		.ops = ops,
		.user = user,
		.mtu = ATT_MTU_DEFAULT,
		.deadline_us = BEARER_NEVER,
	};
}

void bearer_set_mtu(struct bearer *bearer, uint16_t peer_mtu)
{
	uint16_t mtu = peer_mtu < ATT_MTU_MAX ? peer_mtu : ATT_MTU_MAX;

	bearer->mtu = mtu > ATT_MTU_DEFAULT ? mtu : ATT_MTU_DEFAULT;
}

/* ---- client ---- */

bool bearer_is_busy(const struct bearer *bearer)
{
	return bearer->deadline_us != BEARER_NEVER;
}

bool bearer_is_overdue(const struct bearer *bearer, uint64_t now_us)
{
	return bearer_is_busy(bearer) && now_us >= bearer->deadline_us;
}

void bearer_request_again(struct bearer *bearer, uint64_t now_us)
{
	assert(!bearer_is_busy(bearer) && bearer->request_length > 0);
	bearer->deadline_us = now_us + BEARER_TRANSACTION_US;
	bearer->ops->send(bearer->user, bearer->request,
	                  bearer->request_length);
}

void bearer_request(struct bearer *bearer, const struct att_pdu *pdu,
                    uint64_t now_us)
{
	assert(att_kind(pdu->opcode) == ATT_KIND_REQUEST);
	bearer->request_length =
		att_encode(pdu, bearer->request, sizeof(bearer->request));
	assert(bearer->request_length <= bearer->mtu);
	bearer_request_again(bearer, now_us);
}

/* Is this response, or the error response, to what was asked? */
static bool is_answer(const struct bearer *bearer, uint8_t opcode,
                      const struct att_pdu *pdu)
{
	uint8_t asked = bearer->request[0];

	if (!bearer_is_busy(bearer))
		return false;
	if (opcode == ATT_ERROR_RESPONSE)
		return pdu != NULL && pdu->failed_opcode == asked;
	return opcode == att_answer(asked);
}

/* `pdu` is NULL when malformed */
static void take_response(struct bearer *bearer, uint8_t opcode,
                          const struct att_pdu *pdu)
{
	if (pdu == NULL)
		bearer->counts.faults++;
	if (!is_answer(bearer, opcode, pdu)) {
		if (pdu != NULL)
			bearer->counts.faults++;
		return;
	}
	bearer->deadline_us = BEARER_NEVER;
	bearer->ops->answer(bearer->user, pdu);
}

/* ---- server of nothing ---- */

static void send_pdu(struct bearer *bearer, const struct att_pdu *pdu)
{
	uint8_t bytes[ATT_MTU_DEFAULT];
	size_t length = att_encode(pdu, bytes, sizeof(bytes));

	assert(length > 0);
	bearer->ops->send(bearer->user, bytes, length);
}

static void send_error(struct bearer *bearer, uint8_t opcode, uint16_t handle,
                       uint8_t error)
{
	send_pdu(bearer, &(struct att_pdu){ .opcode = ATT_ERROR_RESPONSE,
	                                    .failed_opcode = opcode,
	                                    .handle = handle,
	                                    .error = error });
}

/* What a database without a single attribute says (part F, 3.4.3 to 3.4.6).
 * What is not here is not supported. */
static const struct {
	uint8_t opcode;
	bool is_range; /* of handles; else one handle */
	uint8_t error;
} refusals[] = {
	{ ATT_FIND_INFORMATION_REQUEST, true, ATT_ERROR_ATTRIBUTE_NOT_FOUND },
	{ ATT_FIND_BY_TYPE_VALUE_REQUEST, true, ATT_ERROR_ATTRIBUTE_NOT_FOUND },
	{ ATT_READ_BY_TYPE_REQUEST, true, ATT_ERROR_ATTRIBUTE_NOT_FOUND },
	{ ATT_READ_BY_GROUP_TYPE_REQUEST, true, ATT_ERROR_ATTRIBUTE_NOT_FOUND },
	{ ATT_READ_REQUEST, false, ATT_ERROR_INVALID_HANDLE },
	{ ATT_READ_BLOB_REQUEST, false, ATT_ERROR_INVALID_HANDLE },
	{ ATT_WRITE_REQUEST, false, ATT_ERROR_INVALID_HANDLE },
};

static void refuse(struct bearer *bearer, const struct att_pdu *pdu)
{
	uint8_t error = ATT_ERROR_REQUEST_NOT_SUPPORTED;
	uint16_t handle = pdu->handle;

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (refusals[i].opcode != pdu->opcode)
			continue;
		error = refusals[i].error;
		if (!refusals[i].is_range)
			break;
		handle = pdu->start;
		if (pdu->start == 0 || pdu->start > pdu->end)
			error = ATT_ERROR_INVALID_HANDLE;
	}
	send_error(bearer, pdu->opcode, handle, error);
}

static void take_mtu_request(struct bearer *bearer, const struct att_pdu *pdu)
{
	bearer_set_mtu(bearer, pdu->mtu);
	send_pdu(bearer, &(struct att_pdu){ .opcode = ATT_MTU_RESPONSE,
	                                    .mtu = ATT_MTU_MAX });
}

static void take_request(struct bearer *bearer, uint8_t opcode,
                         const struct att_pdu *pdu)
{
	bearer->counts.peer_requests++;
	if (pdu != NULL && opcode == ATT_MTU_REQUEST)
		take_mtu_request(bearer, pdu);
	else if (pdu != NULL)
		refuse(bearer, pdu);
	else
		send_error(bearer, opcode, 0,
		           att_answer(opcode) != 0
		                   ? ATT_ERROR_INVALID_PDU
		                   : ATT_ERROR_REQUEST_NOT_SUPPORTED);
}

/* ---- values ---- */

static void take_value(struct bearer *bearer, uint8_t opcode,
                       const struct att_pdu *pdu)
{
	/* a multiple notification comes only to those who asked for them */
	if (pdu == NULL || opcode == ATT_MULTIPLE_NOTIFICATION)
		bearer->counts.faults++;
	else
		bearer->ops->value(bearer->user, pdu->handle, pdu->value,
		                   pdu->length);
}

static void take_indication(struct bearer *bearer, uint8_t opcode,
                            const struct att_pdu *pdu)
{
	bearer->counts.indications++;
	send_pdu(bearer, &(struct att_pdu){ .opcode = ATT_CONFIRMATION });
	take_value(bearer, opcode, pdu);
}

void bearer_receive(struct bearer *bearer, const uint8_t *bytes, size_t length)
{
	struct att_pdu decoded;
	const struct att_pdu *pdu = NULL;

	bearer->counts.received++;
	if (length == 0 || length > ATT_MTU_MAX) {
		bearer->counts.faults++;
		return;
	}
	if (att_decode(bytes, length, &decoded))
		pdu = &decoded;
	switch (att_kind(bytes[0])) {
	case ATT_KIND_RESPONSE:
		take_response(bearer, bytes[0], pdu);
		break;
	case ATT_KIND_REQUEST:
		take_request(bearer, bytes[0], pdu);
		break;
	case ATT_KIND_NOTIFICATION:
		take_value(bearer, bytes[0], pdu);
		break;
	case ATT_KIND_INDICATION:
		take_indication(bearer, bytes[0], pdu);
		break;
	case ATT_KIND_CONFIRMATION:
		bearer->counts.faults++; /* we indicate nothing */
		break;
	case ATT_KIND_COMMAND:
		break;
	}
}
