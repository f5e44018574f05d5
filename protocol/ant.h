/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * ANT serial messages as a USB stick sends them:
 * A4 | length | id | payload[length] | XOR of all before it.
 */
#ifndef GAITD_ANT_H
#define GAITD_ANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ANT_SYNC 0xa4
#define ANT_PAYLOAD_MAX 64
#define ANT_FRAME_MAX (ANT_PAYLOAD_MAX + 4)

enum ant_message_id {
	ANT_VERSION = 0x3e,
	ANT_CHANNEL_RESPONSE = 0x40,
	ANT_UNASSIGN = 0x41,
	ANT_ASSIGN = 0x42,
	ANT_PERIOD = 0x43,
	ANT_SEARCH_TIMEOUT = 0x44,
	ANT_FREQUENCY = 0x45,
	ANT_NETWORK_KEY = 0x46,
	ANT_TRANSMIT_POWER = 0x47,
	ANT_SEARCH_WAVEFORM = 0x49,
	ANT_RESET = 0x4a,
	ANT_OPEN = 0x4b,
	ANT_CLOSE = 0x4c,
	ANT_REQUEST = 0x4d,
	ANT_BROADCAST_DATA = 0x4e,
	ANT_ACKNOWLEDGED_DATA = 0x4f,
	ANT_BURST_DATA = 0x50,
	ANT_CHANNEL_ID = 0x51,
	ANT_CHANNEL_STATUS = 0x52,
	ANT_CAPABILITIES = 0x54,
	ANT_ID_LIST_ADD = 0x59,
	ANT_ID_LIST_CONFIG = 0x5a,
	ANT_OPEN_SCAN = 0x5b,
	ANT_LEGACY_BROADCAST_DATA = 0x5d, /* the channel's id before the data */
	ANT_LEGACY_ACKNOWLEDGED_DATA = 0x5e,
	ANT_LEGACY_BURST_DATA = 0x5f,
	ANT_SERIAL_NUMBER = 0x61,
	ANT_LOW_SEARCH_TIMEOUT = 0x63,
	ANT_EXTENDED_MESSAGES = 0x66,
	ANT_LIBRARY_CONFIG = 0x6e,
	ANT_START_UP = 0x6f,
	ANT_PROXIMITY = 0x71,
	ANT_SEARCH_PRIORITY = 0x75,
	ANT_NETWORK_KEY_128 = 0x76,
	ANT_SEARCH_SHARING = 0x81,
	ANT_SERIAL_ERROR = 0xae,
	ANT_RSSI_THRESHOLD = 0xc4,
};

struct ant_message {
	uint8_t id;
	uint8_t length;
	uint8_t payload[ANT_PAYLOAD_MAX];
};

/* Splits a byte stream into messages: any cut of the same bytes gives the same
 * messages. Zero it to begin. */
struct ant_stream {
	uint8_t held[ANT_FRAME_MAX];
	size_t held_length;
	uint64_t garbage_octets; /* dropped and not 00: real corruption */
};

/* Takes bytes from *bytes and *length until a message is whole. Returns true
 * with `out` set, and is then called again; false when all bytes are taken. */
bool ant_stream_next(struct ant_stream *stream, const uint8_t **bytes,
                     size_t *length, struct ant_message *out);

/* One frame with its A4, as a recording holds it; false unless the frame is
 * whole and its XOR right (zero padding behind it is allowed). */
bool ant_frame_decode(const uint8_t *bytes, size_t length,
                      struct ant_message *out);
size_t ant_frame_encode(const struct ant_message *message, uint8_t *bytes,
                        size_t size);

/* Broadcast, acknowledged or burst data: channel, eight octets, and what the
 * extension tells. */
enum ant_extension {
	ANT_EXT_TIMESTAMP = 0x20,
	ANT_EXT_RSSI = 0x40,
	ANT_EXT_CHANNEL_ID = 0x80,
};

struct ant_data {
	uint8_t channel;
	uint8_t page[8];
	uint8_t extensions; /* of enum ant_extension: which of these are set */
	uint16_t device_number;
	uint8_t device_type; /* pairing bit masked off */
	uint8_t transmission_type;
	int8_t rssi_dbm;
	uint16_t rx_timestamp; /* 1/32768 s */
};

bool ant_data_decode(const struct ant_message *message, struct ant_data *out);
/* The same back, as the message `id` (not a legacy one). An RSSI is written in
 * dBm. */
void ant_data_encode(const struct ant_data *data, uint8_t id,
                     struct ant_message *out);

#endif
