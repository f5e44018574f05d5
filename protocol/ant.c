/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/ant.h"

#include "protocol/cursor.h"

#include <string.h>

/* Sync, length and id come before the payload, the sum behind it. */
#define OVERHEAD 4u
#define LENGTH_AT 1u
#define ID_AT 2u
#define PAYLOAD_AT 3u

static inline uint8_t sum_of(const uint8_t *bytes, size_t length)
{
	uint64_t eight, sum = 0;
	uint32_t four;

	for (; length >= sizeof(eight); length -= sizeof(eight)) {
		memcpy(&eight, bytes, sizeof(eight));
		bytes += sizeof(eight);
		sum ^= eight;
	}
	if (length >= sizeof(four)) {
		memcpy(&four, bytes, sizeof(four));
		bytes += sizeof(four);
		length -= sizeof(four);
		sum ^= four;
	}
	while (length > 0)
		sum ^= bytes[--length];
	sum ^= sum >> 32;
	sum ^= sum >> 16;
	return (uint8_t)(sum ^ sum >> 8);
}

/* Most are short: a call to copy would take longer than the copying.
 * The first octet is by itself, so that the page behind it is written in one, as
 * it is read; the last eight may overlap those before. */
static inline void take_frame(const uint8_t *frame, struct ant_message *out)
{
	const uint8_t *payload = frame + PAYLOAD_AT;
	size_t length = frame[LENGTH_AT], at = 1;

	memset(out, 0, sizeof(*out));
	out->length = (uint8_t)length;
	out->id = frame[ID_AT];
	if (length > 0)
		out->payload[0] = payload[0];
	for (; at + 8 <= length; at += 8)
		memcpy(out->payload + at, payload + at, 8);
	if (at < length && length > 8)
		memcpy(out->payload + length - 8, payload + length - 8, 8);
	else
		for (; at < length; at++)
			out->payload[at] = payload[at];
}

/* ---- the stream ---- */

static void forget(struct ant_stream *stream, size_t octets)
{
	stream->held_length -= octets;
	memmove(stream->held, stream->held + octets, stream->held_length);
}

/* Gives up the first octet, and with it all up to the next possible sync. */
static void resync(struct ant_stream *stream)
{
	size_t dropped = 0;

	do {
		if (stream->held[dropped] != 0)
			stream->garbage_octets++;
		dropped++;
	} while (dropped < stream->held_length &&
	         stream->held[dropped] != ANT_SYNC);
	forget(stream, dropped);
}

/* How many octets it takes to know more about what is held. */
static size_t wanted(const struct ant_stream *stream)
{
	if (stream->held_length <= LENGTH_AT)
		return LENGTH_AT + 1;
	return stream->held[LENGTH_AT] + OVERHEAD;
}

static bool is_false_sync(const struct ant_stream *stream)
{
	const uint8_t *held = stream->held;

	if (stream->held_length == 0)
		return false;
	if (held[0] != ANT_SYNC)
		return true;
	if (stream->held_length <= LENGTH_AT)
		return false;
	if (held[LENGTH_AT] > ANT_PAYLOAD_MAX)
		return true;
	return stream->held_length >= wanted(stream) &&
	       sum_of(held, wanted(stream)) != 0;
}

static void fill(struct ant_stream *stream, const uint8_t **bytes,
                 size_t *length)
{
	size_t count = wanted(stream) - stream->held_length;

	if (count > *length)
		count = *length;
	memcpy(stream->held + stream->held_length, *bytes, count);
	stream->held_length += count;
	*bytes += count;
	*length -= count;
}

bool ant_stream_next(struct ant_stream *stream, const uint8_t **bytes,
                     size_t *length, struct ant_message *out)
{
	for (;;) {
		if (is_false_sync(stream)) {
			resync(stream);
		} else if (stream->held_length > LENGTH_AT &&
		           stream->held_length >= wanted(stream)) {
			take_frame(stream->held, out);
			forget(stream, wanted(stream));
			return true;
		} else if (*length > 0) {
			fill(stream, bytes, length);
		} else {
			return false;
		}
	}
}

/* ---- one frame ---- */

static bool all_zero(const uint8_t *bytes, size_t length)
{
	while (length > 0)
		if (bytes[--length] != 0)
			return false;
	return true;
}

bool ant_frame_decode(const uint8_t *bytes, size_t length,
                      struct ant_message *out)
{
	size_t frame;

	if (length < OVERHEAD || bytes[0] != ANT_SYNC ||
	    bytes[LENGTH_AT] > ANT_PAYLOAD_MAX)
		return false;
	frame = bytes[LENGTH_AT] + OVERHEAD;
	if (length < frame || sum_of(bytes, frame) != 0)
		return false;
	if (length > frame && !all_zero(bytes + frame, length - frame))
		return false;
	take_frame(bytes, out);
	return true;
}

size_t ant_frame_encode(const struct ant_message *message, uint8_t *bytes,
                        size_t size)
{
	size_t frame = message->length + OVERHEAD;

	if (message->length > ANT_PAYLOAD_MAX || size < frame)
		return 0;
	bytes[0] = ANT_SYNC;
	bytes[LENGTH_AT] = message->length;
	bytes[ID_AT] = message->id;
	memcpy(bytes + PAYLOAD_AT, message->payload, message->length);
	bytes[frame - 1] = sum_of(bytes, frame - 1);
	return frame;
}

/* ---- data messages ---- */

#define CHANNEL_MASK 0x1fu
#define PAIRING_BIT 0x80u
#define CHANNEL_ID_OCTETS 4u
#define RSSI_DBM 0x20
#define RSSI_AGC 0x10

static void read_channel_id(struct cursor *c, struct ant_data *data)
{
	uint16_t device_number = cursor_u16(c);
	uint8_t device_type = cursor_u8(c);
	uint8_t transmission_type = cursor_u8(c);

	if (c->failed)
		return;
	data->device_number = device_number;
	data->device_type = device_type & (uint8_t)~PAIRING_BIT;
	data->transmission_type = transmission_type;
	data->extensions |= ANT_EXT_CHANNEL_ID;
}

static void read_rssi(struct cursor *c, struct ant_data *data)
{
	uint8_t type = cursor_u8(c);
	uint8_t value = cursor_u8(c);

	if (type == RSSI_AGC) {
		cursor_u16(c);
	} else if (type == RSSI_DBM) {
		cursor_u8(c); /* threshold */
		if (c->failed)
			return;
		data->rssi_dbm = (int8_t)value;
		data->extensions |= ANT_EXT_RSSI;
	} else {
		/* of unknown length: what is behind it cannot be found */
		c->failed = true;
	}
}

static void read_timestamp(struct cursor *c, struct ant_data *data)
{
	uint16_t timestamp = cursor_u16(c);

	if (c->failed)
		return;
	data->rx_timestamp = timestamp;
	data->extensions |= ANT_EXT_TIMESTAMP;
}

static void read_extension(struct cursor *c, struct ant_data *data)
{
	uint8_t flags = cursor_u8(c);

	if (flags & ANT_EXT_CHANNEL_ID)
		read_channel_id(c, data);
	if (flags & ANT_EXT_RSSI)
		read_rssi(c, data);
	if (flags & ANT_EXT_TIMESTAMP)
		read_timestamp(c, data);
}

static bool is_data(uint8_t id)
{
	return id == ANT_BROADCAST_DATA || id == ANT_ACKNOWLEDGED_DATA ||
	       id == ANT_BURST_DATA;
}

static bool is_legacy_data(uint8_t id)
{
	return id == ANT_LEGACY_BROADCAST_DATA ||
	       id == ANT_LEGACY_ACKNOWLEDGED_DATA ||
	       id == ANT_LEGACY_BURST_DATA;
}

bool ant_data_decode(const struct ant_message *message, struct ant_data *out)
{
	bool legacy = is_legacy_data(message->id);
	size_t head = 1 + (legacy ? CHANNEL_ID_OCTETS : 0);
	struct cursor c;

	if (message->length > ANT_PAYLOAD_MAX || (!legacy && !is_data(message->id)) ||
	    message->length < head + sizeof(out->page))
		return false;
	c = cursor_over(message->payload + 1, message->length - 1u);
	*out = (struct ant_data){ .channel = message->payload[0] & CHANNEL_MASK };
	if (legacy)
		read_channel_id(&c, out);
	memcpy(out->page, c.at, sizeof(out->page));
	c.at += sizeof(out->page);
	c.left -= sizeof(out->page);
	if (!legacy && c.left > 0)
		read_extension(&c, out);
	return true;
}

static size_t put_extension(const struct ant_data *data, uint8_t *to)
{
	size_t at = 0;

	to[at++] = data->extensions;
	if (data->extensions & ANT_EXT_CHANNEL_ID) {
		to[at++] = (uint8_t)data->device_number;
		to[at++] = (uint8_t)(data->device_number >> 8);
		to[at++] = data->device_type;
		to[at++] = data->transmission_type;
	}
	if (data->extensions & ANT_EXT_RSSI) {
		to[at++] = RSSI_DBM;
		to[at++] = (uint8_t)data->rssi_dbm;
		to[at++] = 0; /* no threshold */
	}
	if (data->extensions & ANT_EXT_TIMESTAMP) {
		to[at++] = (uint8_t)data->rx_timestamp;
		to[at++] = (uint8_t)(data->rx_timestamp >> 8);
	}
	return at;
}

void ant_data_encode(const struct ant_data *data, uint8_t id,
                     struct ant_message *out)
{
	size_t length = 1 + sizeof(data->page);

	memset(out, 0, sizeof(*out));
	out->id = id;
	out->payload[0] = data->channel;
	memcpy(out->payload + 1, data->page, sizeof(data->page));
	if (data->extensions)
		length += put_extension(data, out->payload + length);
	out->length = (uint8_t)length;
}
