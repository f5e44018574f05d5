/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The messages by which a host configures an ANT stick, and what the stick
 * says of itself: everything but data, there and back, from one table.
 */
#ifndef GAITD_ANT_CONTROL_H
#define GAITD_ANT_CONTROL_H

#include "protocol/ant.h"

/* A message's members are those that its row of the table names; others are
 * zero. */
struct ant_control {
	uint8_t id; /* of enum ant_message_id */
	uint8_t channel;
	uint8_t network;
	uint8_t channel_type; /* of enum ant_channel_type */
	uint8_t assignment;   /* of enum ant_assignment */
	uint16_t device_number;
	uint8_t device_type; /* with the pairing bit */
	uint8_t transmission_type;
	uint16_t period;   /* 1/32768 s */
	uint8_t frequency; /* 2400 MHz and so many */
	uint8_t value;     /* a time-out, flags, a switch, a status */
	uint8_t size;      /* of a list */
	uint8_t subject;   /* id of the message that is asked for or answered */
	uint8_t code;      /* of an answer, an event, a start-up, an error */
	uint32_t serial;
	uint8_t octets[ANT_PAYLOAD_MAX]; /* a key, a version, capabilities */
	uint8_t octet_count;
};

enum ant_channel_type {
	ANT_SLAVE = 0x00,
	ANT_MASTER = 0x10,
	ANT_SLAVE_RECEIVE_ONLY = 0x40,
};

enum ant_assignment {
	ANT_BACKGROUND_SCAN = 0x01,
	ANT_FREQUENCY_AGILITY = 0x04,
};

enum ant_channel_state { /* bits 0 and 1 of a status */
	ANT_CHANNEL_UNASSIGNED,
	ANT_CHANNEL_ASSIGNED,
	ANT_CHANNEL_SEARCHING,
	ANT_CHANNEL_TRACKING,
};
#define ANT_CHANNEL_STATE_MASK 0x03u

/* The `subject` of an ANT_CHANNEL_RESPONSE that answers nothing */
#define ANT_SUBJECT_EVENT 0x01

enum ant_event {
	ANT_EVENT_SEARCH_TIMEOUT = 0x01,
	ANT_EVENT_RX_FAIL = 0x02,
	ANT_EVENT_TX = 0x03,
	ANT_EVENT_TRANSFER_RX_FAILED = 0x04,
	ANT_EVENT_TRANSFER_COMPLETED = 0x05,
	ANT_EVENT_TRANSFER_FAILED = 0x06,
	ANT_EVENT_CHANNEL_CLOSED = 0x07,
	ANT_EVENT_GO_TO_SEARCH = 0x08, /* open still, and searching */
	ANT_EVENT_COLLISION = 0x09,
	ANT_EVENT_TRANSFER_START = 0x0a,
	ANT_EVENT_OVERFLOW = 0x0b,
	ANT_EVENT_CHANNEL_ACTIVE = 0x0f,
	ANT_EVENT_NEXT_BLOCK = 0x11,
};

enum ant_response {
	ANT_NO_ERROR = 0x00,
	ANT_WRONG_STATE = 0x15,
	ANT_NOT_OPENED = 0x16,
	ANT_ID_NOT_SET = 0x18,
	ANT_CLOSE_ALL = 0x19,
	ANT_TRANSFER_IN_PROGRESS = 0x1f,
	ANT_SEQUENCE = 0x20,
	ANT_IN_ERROR = 0x21,
	ANT_BUSY = 0x22,
	ANT_CRC = 0x26,
	ANT_TOO_LARGE = 0x27,
	ANT_INVALID_MESSAGE = 0x28,
	ANT_INVALID_NETWORK = 0x29,
	ANT_INVALID_LIST_ID = 0x30,
	ANT_INVALID_SCAN_CHANNEL = 0x31,
	ANT_INVALID_PARAMETER = 0x33,
	ANT_SERIAL_OVERFLOW = 0x34,
	ANT_QUEUE_OVERFLOW = 0x35,
};

enum ant_start_up { /* 1009 says POWER_ON to a commanded reset as well */
	ANT_START_POWER_ON = 0x00,
	ANT_START_LINE = 0x01,
	ANT_START_WATCHDOG = 0x02,
	ANT_START_COMMAND = 0x20,
	ANT_START_SYNC = 0x40,
	ANT_START_SUSPEND = 0x80,
};

enum ant_library { /* what is added to each data message: ANT_EXT_... */
	ANT_LIBRARY_ALL = ANT_EXT_CHANNEL_ID | ANT_EXT_RSSI | ANT_EXT_TIMESTAMP,
};

/* False for an id that the table does not have and for a payload that is too
 * short; one that is longer than need be is good. `out` is untouched then. */
bool ant_control_decode(const struct ant_message *message, struct ant_control *out);
/* The same back. A last member that may be left out is, when it is zero. False
 * for an id that the table does not have. */
bool ant_control_encode(const struct ant_control *control, struct ant_message *out);

/* What a message of 4 to 9 octets tells; what it does not tell is false. */
struct ant_capabilities {
	uint8_t channels, networks;
	bool low_priority_search, id_list, serial_number;
	bool extended_messages, scan_mode, proximity, background_scan;
};

bool ant_capabilities_read(const struct ant_control *control,
                           struct ant_capabilities *out);
/* As text that is safe to print, NUL-ended; `size` at least 1. */
void ant_version_read(const struct ant_control *control, char *out, size_t size);

/* In words, for logs: "assign channel", "wrong state", "channel closed",
 * "commanded reset"; NULL for what has none. */
const char *ant_message_name(uint8_t id);
const char *ant_response_name(uint8_t code);
const char *ant_event_name(uint8_t code);
const char *ant_start_up_name(uint8_t reason);

#endif
