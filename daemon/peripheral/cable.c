/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/peripheral/cable.h"

#include "daemon/peripheral/stick_usb.h"

#include <errno.h>
#include <string.h>

/* USB/IP: all numbers are big endian */
enum { CMD_SUBMIT = 1, CMD_UNLINK = 2, RET_SUBMIT = 3, RET_UNLINK = 4 };
#define AT_COMMAND 0
#define AT_SEQUENCE 4
#define AT_DIRECTION 12
#define AT_ENDPOINT 16
#define AT_LENGTH 24
#define AT_SETUP 40
#define AT_UNLINKED 20
#define AT_STATUS 20
#define AT_ACTUAL 24

/* USB 2.0, chapter 9 */
enum {
	GET_STATUS = 0,
	CLEAR_FEATURE = 1,
	GET_DESCRIPTOR = 6,
	GET_CONFIGURATION = 8,
	SET_CONFIGURATION = 9,
	SET_INTERFACE = 11,
};
enum { DESCRIPTOR_DEVICE = 1, DESCRIPTOR_CONFIGURATION = 2, DESCRIPTOR_TEXT = 3 };
#define REPLY_MAX 64

static uint32_t get(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void put(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 24);
	at[1] = (uint8_t)(value >> 16);
	at[2] = (uint8_t)(value >> 8);
	at[3] = (uint8_t)value;
}

/* ---- replies ---- */

static void reply(struct cable *cable, uint32_t command, uint32_t sequence, int status,
                  uint32_t actual)
{
	uint8_t header[CABLE_HEADER_SIZE] = { 0 };

	put(header + AT_COMMAND, command);
	put(header + AT_SEQUENCE, sequence);
	put(header + AT_STATUS, (uint32_t)status);
	put(header + AT_ACTUAL, actual);
	cable->ops->write(cable->user, header, sizeof(header));
}

static void reply_data(struct cable *cable, uint32_t sequence, const uint8_t *data,
                       size_t length)
{
	reply(cable, RET_SUBMIT, sequence, 0, (uint32_t)length);
	if (length > 0)
		cable->ops->write(cable->user, data, length);
}

/* ---- control transfers ---- */

static size_t descriptor(const struct cable *cable, const uint8_t *setup,
                         uint8_t out[REPLY_MAX])
{
	switch (setup[3]) {
	case DESCRIPTOR_DEVICE:
		stick_usb_device(cable->model, out);
		return STICK_USB_DEVICE_SIZE;
	case DESCRIPTOR_CONFIGURATION:
		stick_usb_config(out);
		return STICK_USB_CONFIG_SIZE;
	case DESCRIPTOR_TEXT:
		return stick_usb_text(cable->model, setup[2], out);
	default:
		return 0;
	}
}

static void control(struct cable *cable, uint32_t sequence, const uint8_t *setup)
{
	uint8_t data[REPLY_MAX] = { 0 };
	size_t wanted = setup[6] | (size_t)setup[7] << 8, length = 0;

	switch (setup[1]) {
	case GET_DESCRIPTOR:
		length = descriptor(cable, setup, data);
		if (length == 0) {
			reply(cable, RET_SUBMIT, sequence, -EPIPE, 0);
			return;
		}
		break;
	case GET_STATUS:
		length = 2;
		break;
	case GET_CONFIGURATION:
		data[0] = 1;
		length = 1;
		break;
	case CLEAR_FEATURE:
		cable->stalled = false;
		cable->halts_cleared++;
		break;
	case SET_CONFIGURATION:
	case SET_INTERFACE:
		break;
	default:
		reply(cable, RET_SUBMIT, sequence, -EPIPE, 0);
		return;
	}
	reply_data(cable, sequence, data, length < wanted ? length : wanted);
}

/* ---- bulk transfers ---- */

static void drop_waiting(struct cable *cable, size_t at)
{
	cable->waiting_count--;
	memmove(cable->waiting + at, cable->waiting + at + 1,
	        (cable->waiting_count - at) * sizeof(cable->waiting[0]));
}

static void drop_chunk(struct cable *cable)
{
	cable->chunk_count--;
	memmove(cable->chunks, cable->chunks + 1, cable->chunk_count * CABLE_CHUNK_SIZE);
	memmove(cable->lengths, cable->lengths + 1,
	        cable->chunk_count * sizeof(cable->lengths[0]));
}

static void match(struct cable *cable)
{
	while (cable->waiting_count > 0 && (cable->stalled || cable->chunk_count > 0)) {
		struct cable_request request = cable->waiting[0];

		drop_waiting(cable, 0);
		if (cable->stalled) {
			reply(cable, RET_SUBMIT, request.sequence, -EPIPE, 0);
			continue;
		}
		reply_data(cable, request.sequence, cable->chunks[0],
		           cable->lengths[0] < request.length ? cable->lengths[0] :
		                                                request.length);
		drop_chunk(cable);
	}
}

static void submit(struct cable *cable, const uint8_t *header, const uint8_t *data)
{
	uint32_t sequence = get(header + AT_SEQUENCE), length = get(header + AT_LENGTH);
	bool in = get(header + AT_DIRECTION) != 0;

	if (cable->deaf)
		return;
	if (get(header + AT_ENDPOINT) == 0) {
		control(cable, sequence, header + AT_SETUP);
	} else if (in) {
		if (cable->waiting_count == CABLE_WAITING_MAX)
			drop_waiting(cable, 0);
		cable->waiting[cable->waiting_count++] =
			(struct cable_request){ sequence, length };
		match(cable);
	} else if (cable->stalled) {
		reply(cable, RET_SUBMIT, sequence, -EPIPE, 0);
	} else {
		reply(cable, RET_SUBMIT, sequence, 0, length);
		cable->ops->received(cable->user, data, length);
	}
}

/* One that has been answered already is answered with 0. */
static void unlink_request(struct cable *cable, const uint8_t *header)
{
	uint32_t sequence = get(header + AT_UNLINKED);
	int status = 0;

	for (size_t i = 0; i < cable->waiting_count; i++) {
		if (cable->waiting[i].sequence == sequence) {
			drop_waiting(cable, i);
			status = -ECONNRESET;
			break;
		}
	}
	if (cable->deaf)
		status = -ECONNRESET;
	reply(cable, RET_UNLINK, get(header + AT_SEQUENCE), status, 0);
}

/* ---- the stream ---- */

/* Octets behind the header; CABLE_DATA_MAX + 1 when they are too many. */
static size_t data_length(const uint8_t *header)
{
	uint32_t length = get(header + AT_LENGTH);

	if (get(header + AT_COMMAND) != CMD_SUBMIT || get(header + AT_DIRECTION) != 0)
		return 0;
	return length <= CABLE_DATA_MAX ? length : CABLE_DATA_MAX + 1;
}

static bool take(struct cable *cable)
{
	uint32_t command = get(cable->held + AT_COMMAND);

	if (command == CMD_SUBMIT)
		submit(cable, cable->held, cable->held + CABLE_HEADER_SIZE);
	else if (command == CMD_UNLINK)
		unlink_request(cable, cable->held);
	return command == CMD_SUBMIT || command == CMD_UNLINK;
}

bool cable_receive(struct cable *cable, const uint8_t *bytes, size_t length)
{
	while (length > 0) {
		size_t wanted = CABLE_HEADER_SIZE, count;

		if (cable->held_length >= CABLE_HEADER_SIZE)
			wanted += data_length(cable->held);
		if (wanted > sizeof(cable->held))
			return false;
		count = wanted - cable->held_length;
		count = count < length ? count : length;
		memcpy(cable->held + cable->held_length, bytes, count);
		cable->held_length += count;
		bytes += count;
		length -= count;
		if (cable->held_length < CABLE_HEADER_SIZE ||
		    cable->held_length < CABLE_HEADER_SIZE + data_length(cable->held))
			continue;
		cable->held_length = 0;
		if (!take(cable))
			return false;
	}
	return true;
}

void cable_send(struct cable *cable, const uint8_t *bytes, size_t length)
{
	if (length > CABLE_CHUNK_SIZE)
		return;
	if (cable->chunk_count == CABLE_CHUNKS_MAX)
		drop_chunk(cable);
	memcpy(cable->chunks[cable->chunk_count], bytes, length);
	cable->lengths[cable->chunk_count++] = length;
	match(cable);
}

void cable_stall(struct cable *cable)
{
	cable->stalled = true;
	match(cable);
}

void cable_init(struct cable *cable, const struct stick_model *model,
                const struct cable_ops *ops, void *user)
{
	memset(cable, 0, sizeof(*cable));
	cable->model = model;
	cable->ops = ops;
	cable->user = user;
}
