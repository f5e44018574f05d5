/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/peripheral/fault.h"

#include <assert.h>
#include <string.h>

#define NOTIFICATION_HEAD 3 /* opcode and handle */
#define STORM 32            /* PDUs for each that was meant */

/* `out` gets each notification and indication; `in` each request. */
struct fault_info {
	const char *name, *summary;
	void (*out)(struct fault *fault, const uint8_t *pdu, size_t length,
	            uint16_t mtu);
	bool (*in)(struct fault *fault, const struct att_pdu *request);
};

static void send_pdu(struct fault *fault, const uint8_t *pdu, size_t length)
{
	fault->send(fault->user, pdu, length);
}

static void send_fields(struct fault *fault, const struct att_pdu *pdu)
{
	uint8_t bytes[ATT_MTU_MAX];
	size_t length = att_encode(pdu, bytes, sizeof(bytes));

	assert(length > 0);
	send_pdu(fault, bytes, length);
}

/* ---- what is sent ---- */

/* The second half as a notification of its own */
static void out_split(struct fault *fault, const uint8_t *pdu, size_t length,
                      uint16_t mtu)
{
	size_t half = NOTIFICATION_HEAD + (length - NOTIFICATION_HEAD) / 2;
	uint8_t rest[ATT_MTU_MAX];

	(void)mtu;
	memcpy(rest, pdu, NOTIFICATION_HEAD);
	memcpy(rest + NOTIFICATION_HEAD, pdu + half, length - half);
	send_pdu(fault, pdu, half);
	send_pdu(fault, rest, NOTIFICATION_HEAD + length - half);
}

/* Shorter by one more octet each time, down to an opcode alone; then whole */
static void out_cut(struct fault *fault, const uint8_t *pdu, size_t length,
                    uint16_t mtu)
{
	(void)mtu;
	send_pdu(fault, pdu, length - fault->count % length);
}

static void out_duplicate(struct fault *fault, const uint8_t *pdu,
                          size_t length, uint16_t mtu)
{
	(void)mtu;
	send_pdu(fault, pdu, length);
	send_pdu(fault, pdu, length);
}

/* Every other one waits for the next one to go first. */
static void out_reorder(struct fault *fault, const uint8_t *pdu, size_t length,
                        uint16_t mtu)
{
	(void)mtu;
	if (fault->held_length == 0) {
		memcpy(fault->held, pdu, length);
		fault->held_length = length;
		return;
	}
	send_pdu(fault, pdu, length);
	send_pdu(fault, fault->held, fault->held_length);
	fault->held_length = 0;
}

/* Opcodes that do not exist, and answers to what nobody asked */
static void out_wrong_opcode(struct fault *fault, const uint8_t *pdu,
                             size_t length, uint16_t mtu)
{
	static const uint8_t opcodes[] = {
		0x00,
		0x24,
		0x3f,
		0x7f,
		0xff,
		ATT_ERROR_RESPONSE,
		ATT_MTU_RESPONSE,
		ATT_READ_BY_TYPE_RESPONSE,
		ATT_READ_RESPONSE,
		ATT_WRITE_RESPONSE,
		ATT_CONFIRMATION,
		ATT_READ_BY_GROUP_TYPE_REQUEST,
	};
	uint8_t wrong[ATT_MTU_MAX];

	(void)mtu;
	memcpy(wrong, pdu, length);
	for (size_t i = 0; i < sizeof(opcodes); i++) {
		wrong[0] = opcodes[i];
		send_pdu(fault, wrong, length);
	}
	send_pdu(fault, pdu, length);
}

static void out_wrong_handle(struct fault *fault, const uint8_t *pdu,
                             size_t length, uint16_t mtu)
{
	static const uint16_t handles[] = { 0, 1, 0x7fff, 0xffff };
	uint8_t wrong[ATT_MTU_MAX];

	(void)mtu;
	memcpy(wrong, pdu, length);
	for (size_t i = 0; i < sizeof(handles) / sizeof(handles[0]); i++) {
		wrong[1] = (uint8_t)handles[i];
		wrong[2] = (uint8_t)(handles[i] >> 8);
		send_pdu(fault, wrong, length);
	}
	send_pdu(fault, pdu, length);
}

static void out_empty(struct fault *fault, const uint8_t *pdu, size_t length,
                      uint16_t mtu)
{
	(void)mtu;
	send_pdu(fault, pdu, 0);
	send_pdu(fault, pdu, 1);
	send_pdu(fault, pdu, NOTIFICATION_HEAD);
	send_pdu(fault, pdu, length);
}

/* MTU + 1, its tail zeros */
static void out_oversize(struct fault *fault, const uint8_t *pdu, size_t length,
                         uint16_t mtu)
{
	uint8_t large[FAULT_PDU_MAX] = { 0 };

	memcpy(large, pdu, length);
	send_pdu(fault, large, mtu + 1u);
	send_pdu(fault, pdu, length);
}

/* All at once, none of them waiting for its confirmation */
static void out_indication_storm(struct fault *fault, const uint8_t *pdu,
                                 size_t length, uint16_t mtu)
{
	uint8_t indication[ATT_MTU_MAX];

	(void)mtu;
	memcpy(indication, pdu, length);
	indication[0] = ATT_INDICATION;
	for (unsigned i = 0; i < STORM; i++)
		send_pdu(fault, indication, length);
}

static void out_flood(struct fault *fault, const uint8_t *pdu, size_t length,
                      uint16_t mtu)
{
	(void)mtu;
	for (unsigned i = 0; i < STORM; i++)
		send_pdu(fault, pdu, length);
}

/* A device that is a client as well, in the midst of our own requests */
static void out_requests(struct fault *fault, const uint8_t *pdu, size_t length,
                         uint16_t mtu)
{
	static const uint8_t ask_mtu[] = { 0x02, 0x05, 0x02 };
	static const uint8_t ask_type[] = { 0x08, 0x01, 0x00, 0xff,
		                            0xff, 0x2a, 0x2b };
	static const uint8_t ask_group[] = { 0x10, 0x01, 0x00, 0xff,
		                             0xff, 0x00, 0x28 };

	(void)mtu;
	send_pdu(fault, ask_mtu, sizeof(ask_mtu));
	send_pdu(fault, ask_type, sizeof(ask_type));
	send_pdu(fault, pdu, length);
	send_pdu(fault, ask_group, sizeof(ask_group));
}

/* ---- what is asked ---- */

/* One more service, and another one behind it, to the last handle */
static bool in_endless(struct fault *fault, const struct att_pdu *request)
{
	uint8_t service[6] = { 0 };

	if (request->opcode != ATT_READ_BY_GROUP_TYPE_REQUEST)
		return false;
	service[0] = service[2] = (uint8_t)request->start;
	service[1] = service[3] = (uint8_t)(request->start >> 8);
	service[5] = 0x18;
	send_fields(fault, &(struct att_pdu){
				   .opcode = ATT_READ_BY_GROUP_TYPE_RESPONSE,
				   .item_size = sizeof(service),
				   .value = service,
				   .length = sizeof(service) });
	return true;
}

/* The same service over and over, whatever range was asked for */
static bool in_loop(struct fault *fault, const struct att_pdu *request)
{
	static const uint8_t service[] = { 0x01, 0x00, 0x05, 0x00, 0x26, 0x18 };
	static const uint8_t declaration[] = { 0x02, 0x00, 0x10, 0x03,
		                               0x00, 0xcd, 0x2a };

	if (request->opcode == ATT_READ_BY_GROUP_TYPE_REQUEST)
		send_fields(fault,
		            &(struct att_pdu){
				    .opcode = ATT_READ_BY_GROUP_TYPE_RESPONSE,
				    .item_size = sizeof(service),
				    .value = service,
				    .length = sizeof(service) });
	else if (request->opcode == ATT_READ_BY_TYPE_REQUEST)
		send_fields(fault, &(struct att_pdu){
					   .opcode = ATT_READ_BY_TYPE_RESPONSE,
					   .item_size = sizeof(declaration),
					   .value = declaration,
					   .length = sizeof(declaration) });
	else
		return false;
	return true;
}

static bool in_mute(struct fault *fault, const struct att_pdu *request)
{
	(void)fault;
	(void)request;
	return true;
}

static bool in_refuse(struct fault *fault, const struct att_pdu *request)
{
	send_fields(fault, &(struct att_pdu){ .opcode = ATT_ERROR_RESPONSE,
	                                      .failed_opcode = request->opcode,
	                                      .handle = request->handle,
	                                      .error = ATT_ERROR_UNLIKELY });
	return true;
}

/* ---- by name ---- */

static const struct fault_info faults[] = {
	{ "split", "each notification in two, the second without its head",
	  out_split, NULL },
	{ "cut", "each notification shorter than the one before", out_cut,
	  NULL },
	{ "duplicate", "each notification twice", out_duplicate, NULL },
	{ "reorder", "notifications in pairs, the later one first", out_reorder,
	  NULL },
	{ "wrong-opcode", "opcodes that do not exist, answers not asked for",
	  out_wrong_opcode, NULL },
	{ "wrong-handle", "notifications of handles that do not exist",
	  out_wrong_handle, NULL },
	{ "empty", "PDUs of no octet, of an opcode alone, without a value",
	  out_empty, NULL },
	{ "oversize", "notifications of one octet more than the MTU",
	  out_oversize, NULL },
	{ "indication-storm", "32 indications for each notification",
	  out_indication_storm, NULL },
	{ "flood", "32 notifications for each", out_flood, NULL },
	{ "requests", "asks the client, as a client would", out_requests,
	  NULL },
	{ "endless-discovery", "a service at every handle", NULL, in_endless },
	{ "loop", "the same handles whatever is asked", NULL, in_loop },
	{ "mute", "answers no request", NULL, in_mute },
	{ "refuse", "answers every request with an error", NULL, in_refuse },
};

#define FAULTS (sizeof(faults) / sizeof(faults[0]))

void fault_init(struct fault *fault,
                void (*send)(void *user, const uint8_t *pdu, size_t length),
                void *user)
{
	*fault = (struct fault){ .send = send, .user = user };
}

bool fault_choose(struct fault *fault, const char *name)
{
	fault->held_length = 0;
	fault->count = 0;
	if (strcmp(name, "none") == 0) {
		fault->info = NULL;
		return true;
	}
	for (size_t i = 0; i < FAULTS; i++) {
		if (strcmp(faults[i].name, name) != 0)
			continue;
		fault->info = &faults[i];
		return true;
	}
	return false;
}

const char *fault_name_at(size_t index)
{
	return index < FAULTS ? faults[index].name : NULL;
}

const char *fault_summary_at(size_t index)
{
	return index < FAULTS ? faults[index].summary : NULL;
}

void fault_connected(struct fault *fault)
{
	fault->held_length = 0;
}

void fault_out(struct fault *fault, const uint8_t *pdu, size_t length,
               uint16_t mtu)
{
	bool is_value =
		length >= NOTIFICATION_HEAD &&
		(pdu[0] == ATT_NOTIFICATION || pdu[0] == ATT_INDICATION);

	if (fault->info == NULL || fault->info->out == NULL || !is_value) {
		send_pdu(fault, pdu, length);
		return;
	}
	fault->count++;
	fault->info->out(fault, pdu, length, mtu);
}

bool fault_in(struct fault *fault, const uint8_t *pdu, size_t length)
{
	struct att_pdu request;

	return fault->info != NULL && fault->info->in != NULL &&
	       att_decode(pdu, length, &request) &&
	       att_kind(request.opcode) == ATT_KIND_REQUEST &&
	       fault->info->in(fault, &request);
}
