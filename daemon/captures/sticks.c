/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/captures/sticks.h"

#include "daemon/captures/capture_private.h"
#include "protocol/hrm.h"
#include "protocol/running_dynamics.h"
#include "protocol/sdm.h"

#include <stdio.h>
#include <string.h>

#define ENDPOINT_IN 0x80
#define TYPE_MASK 0x7f /* the other bit asks to be paired */
#define UNIT_MAX 99

/* ---- which stick --------------------------------------------------------------- */

static struct stick *stick_of(struct capture *c, uint32_t device)
{
	for (size_t i = 0; i < STICKS_MAX; i++) {
		struct stick *stick = &c->sticks.all[i];

		if (stick->used && stick->device == device)
			return stick;
		if (!stick->used) {
			memset(stick, 0, sizeof(*stick));
			stick->used = true;
			stick->device = device;
			return stick;
		}
	}
	c->counts.crowd++;
	return NULL;
}

/* Among the octets of a disk there is a frame now and then. */
static bool is_stick(const struct stick *stick)
{
	return stick->used && stick->frames > 0 &&
	       stick->in.garbage_octets <= stick->frame_octets / 8;
}

/* ---- which sender ------------------------------------------------------------------ */

/* What the message says of a channel, set or told: whom it listens to */
static void note_channel(struct stick *stick, const struct ant_message *message)
{
	if (message->id == ANT_CHANNEL_ID && message->length >= 5)
		stick->channel_types[message->payload[0] % STICK_CHANNELS] =
			message->payload[3] & TYPE_MASK;
}

static uint8_t device_of(uint8_t type)
{
	return type == HRM_DEVICE_TYPE ? SOURCE_HEART_RATE : SOURCE_FOOTPOD;
}

static bool is_stranger(uint8_t type)
{
	return type != 0 && type != HRM_DEVICE_TYPE && type != SDM_DEVICE_TYPE &&
	       type != RD_DEVICE_TYPE;
}

static size_t channel_of(const struct ant_message *message)
{
	return message->length > 0 ? message->payload[0] % STICK_CHANNELS : 0;
}

static struct stick_sender sender_of(const struct capture *c, const struct stick *stick,
                                     const struct ant_message *message,
                                     const struct ant_data *data)
{
	size_t channel = channel_of(message);
	struct stick_sender sender = { .used = true,
		                       .stick = (size_t)(stick - c->sticks.all),
		                       .type = stick->channel_types[channel],
		                       .number = (uint32_t)channel };

	if (data->extensions & ANT_EXT_CHANNEL_ID) {
		sender.has_number = true;
		sender.type = data->device_type;
		sender.number = (uint32_t)(data->transmission_type >> 4) << 16 |
		                data->device_number;
	}
	sender.stranger = is_stranger(sender.type);
	sender.device = device_of(sender.type);
	return sender;
}

static struct stick_sender *find_sender(struct capture *c, const struct stick_sender *like)
{
	for (size_t i = 0; i < c->sticks.sender_count; i++) {
		struct stick_sender *s = &c->sticks.senders[i];

		if (s->stick == like->stick && s->has_number == like->has_number &&
		    s->number == like->number && s->type == like->type)
			return s;
	}
	return NULL;
}

static void note_sender(struct capture *c, const struct stick_sender *sender)
{
	if (find_sender(c, sender))
		return;
	if (c->sticks.sender_count == STICK_SENDERS_MAX)
		c->counts.crowd++;
	else
		c->sticks.senders[c->sticks.sender_count++] = *sender;
}

static bool is_wished(const struct capture *c, const struct stick_sender *sender)
{
	if (sender->device != SOURCE_FOOTPOD || sender->stranger)
		return true;
	if (c->wishes.has_footpod)
		return false;
	return !c->wishes.has_ant_footpod ||
	       (sender->has_number && (sender->number == c->wishes.ant_footpod ||
	                               (sender->number & 0xffff) == c->wishes.ant_footpod));
}

/* A pod's running dynamics are its own; and a strap that frames name is the one
 * that others of its channel's kind are from. */
static bool is_same(const struct stick_sender *a, const struct stick_sender *b)
{
	if (a->device != b->device || a->stranger != b->stranger || a->stick != b->stick)
		return false;
	if (a->has_number && b->has_number)
		return a->number == b->number;
	return a->has_number != b->has_number && a->type == b->type;
}

static const struct stick_sender *same_before(const struct capture *c, size_t before)
{
	for (size_t i = 0; i < before; i++) {
		const struct stick_sender *s = &c->sticks.senders[i];

		if (s->unit > 0 && is_same(s, &c->sticks.senders[before]))
			return s;
	}
	return NULL;
}

void sticks_settle(struct capture *c)
{
	unsigned next[SERVER_KINDS] = { 1, 1, 1 };
	bool pods = false;

	for (size_t i = 0; i < SERVERS_MAX; i++) {
		const struct server *server = &c->servers.all[i];

		for (size_t kind = 0; kind < SERVER_KINDS; kind++) {
			if (server->used && server->unit[kind] >= next[kind])
				next[kind] = server->unit[kind] + 1;
		}
	}
	for (size_t i = 0; i < c->sticks.sender_count; i++) {
		const struct stick_sender *s = &c->sticks.senders[i];

		pods |= s->device == SOURCE_FOOTPOD && !s->stranger &&
		        is_stick(&c->sticks.all[s->stick]);
	}
	c->sticks.keep_strangers = !pods;
	for (size_t i = 0; i < c->sticks.sender_count; i++) {
		struct stick_sender *s = &c->sticks.senders[i];
		const struct stick_sender *same = same_before(c, i);

		if (!is_stick(&c->sticks.all[s->stick]) || !is_wished(c, s) ||
		    (s->stranger && pods))
			continue;
		if (same)
			s->unit = same->unit;
		else if (next[s->device] <= UNIT_MAX)
			s->unit = next[s->device]++;
	}
}

/* ---- transfers ------------------------------------------------------------------------ */

static void hand_out(struct capture *c, enum source_device device, unsigned unit,
                     const struct ant_message *message)
{
	struct source_event event = { .kind = SOURCE_ANT, .device = device, .unit = unit };

	event.length = ant_frame_encode(message, event.bytes, sizeof(event.bytes));
	capture_emit(c, &event);
}

static void tell_data(struct capture *c, const struct stick *stick,
                      const struct ant_message *message, const struct ant_data *data)
{
	struct stick_sender like = sender_of(c, stick, message, data);
	const struct stick_sender *sender = find_sender(c, &like);

	if (!sender)
		return;
	if (sender->unit > 0)
		hand_out(c, (enum source_device)sender->device, sender->unit, message);
	else if (sender->stranger)
		c->counts.strangers++;
}

/* What the stick itself says of a channel goes with it. */
static void tell_else(struct capture *c, const struct stick *stick,
                      const struct ant_message *message)
{
	uint8_t type = stick->channel_types[channel_of(message)];

	if (!is_stranger(type) || c->sticks.keep_strangers)
		hand_out(c, (enum source_device)device_of(type), 1, message);
}

static void take_message(struct capture *c, struct stick *stick,
                         const struct ant_message *message)
{
	struct stick_sender sender;
	struct ant_data data;
	bool has_data = ant_data_decode(message, &data);

	note_channel(stick, message);
	if (c->playing && is_stick(stick)) {
		if (has_data)
			tell_data(c, stick, message, &data);
		else
			tell_else(c, stick, message);
	}
	if (c->playing)
		return;
	stick->frames++;
	stick->frame_octets += message->length + 4u;
	if (!has_data)
		return;
	sender = sender_of(c, stick, message, &data);
	note_sender(c, &sender);
}

static void take_in(struct capture *c, struct stick *stick,
                    const struct capture_transfer *transfer)
{
	const uint8_t *bytes = transfer->bytes;
	size_t left = transfer->length;
	struct ant_message message;

	while (ant_stream_next(&stick->in, &bytes, &left, &message))
		take_message(c, stick, &message);
}

static void take_out(struct stick *stick, const struct capture_transfer *transfer)
{
	const uint8_t *bytes = transfer->bytes;
	size_t left = transfer->length;
	struct ant_message message;

	while (ant_stream_next(&stick->out, &bytes, &left, &message))
		note_channel(stick, &message);
}

/* What follows on a transfer of which only the beginning was kept does not go on
 * where that ends. */
static void forget_half(struct ant_stream *stream)
{
	stream->held_length = 0;
}

void sticks_transfer(struct capture *c, const struct capture_transfer *transfer)
{
	bool in = transfer->endpoint & ENDPOINT_IN;
	struct stick *stick;

	if (!transfer->bulk || !transfer->has_data || transfer->length == 0)
		return;
	stick = stick_of(c, transfer->device);
	if (!stick)
		return;
	if (in)
		take_in(c, stick, transfer);
	else
		take_out(stick, transfer);
	if (!transfer->cut)
		return;
	forget_half(in ? &stick->in : &stick->out);
	c->sticks.cut += in && is_stick(stick);
}

void sticks_replay(struct capture *c)
{
	for (size_t i = 0; i < STICKS_MAX; i++) {
		struct stick *stick = &c->sticks.all[i];

		memset(stick->channel_types, 0, sizeof(stick->channel_types));
		stick->in.held_length = stick->out.held_length = 0;
	}
	c->sticks.cut = 0;
}

/* ---- what was found ------------------------------------------------------------------- */

bool sticks_any(const struct capture *c)
{
	for (size_t i = 0; i < c->sticks.sender_count; i++) {
		if (c->sticks.senders[i].unit > 0)
			return true;
	}
	return false;
}

static void describe(struct capture *c, const struct stick_sender *s)
{
	char who[64], what[64];

	if (s->has_number)
		snprintf(who, sizeof(who), "ANT device %u", (unsigned)s->number);
	else
		snprintf(who, sizeof(who), "channel %u of an ANT stick", (unsigned)s->number);
	if (s->stranger)
		snprintf(what, sizeof(what), "of another kind (device type %u)", s->type);
	else if (s->type == 0)
		snprintf(what, sizeof(what), "of a kind that is not told");
	else
		snprintf(what, sizeof(what), "a %s",
		         s->device == SOURCE_HEART_RATE ? "heart-rate strap" : "foot pod");
	if (s->unit == 0)
		capture_note(c, "%s: %s, left out", who, what);
	else
		capture_note(c, "%s: %s, comes out as %s %u", who, what,
		             s->device == SOURCE_HEART_RATE ? "heart_rate" : "footpod", s->unit);
}

void sticks_describe(struct capture *c)
{
	for (size_t i = 0; i < c->sticks.sender_count; i++) {
		if (is_stick(&c->sticks.all[c->sticks.senders[i].stick]))
			describe(c, &c->sticks.senders[i]);
	}
}
