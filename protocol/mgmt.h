/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The kernel's Bluetooth management interface (BlueZ doc/mgmt-api.txt):
 * commands that go down an HCI_CHANNEL_CONTROL socket and events that come up,
 * one a datagram. Events of every controller and answers to nobody else's
 * commands reach each socket: look at `index`.
 */
#ifndef GAITD_MGMT_H
#define GAITD_MGMT_H

#include "protocol/le_address.h"
#include "protocol/uuid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MGMT_INDEX_NONE 0xffff
#define MGMT_HEADER_SIZE 6
#define MGMT_COMMAND_MAX 64 /* the longest that we send */
#define MGMT_EVENT_MAX 4096 /* holds two extended advertising reports */
#define MGMT_INDEXES_MAX 16
#define MGMT_NAME_SIZE 128

enum mgmt_opcode {
	MGMT_READ_VERSION = 0x0001,
	MGMT_READ_INDEX_LIST = 0x0003,
	MGMT_READ_INFO = 0x0004,
	MGMT_SET_POWERED = 0x0005,
	MGMT_SET_LE = 0x000d,
	MGMT_DISCONNECT = 0x0014,
	MGMT_USER_CONFIRM_REPLY = 0x001c,
	MGMT_USER_CONFIRM_NEGATIVE_REPLY = 0x001d,
	MGMT_START_DISCOVERY = 0x0023,
	MGMT_STOP_DISCOVERY = 0x0024,
	MGMT_START_SERVICE_DISCOVERY = 0x003a,
};

enum mgmt_code {
	MGMT_COMMAND_COMPLETE = 0x0001,
	MGMT_COMMAND_STATUS = 0x0002,
	MGMT_CONTROLLER_ERROR = 0x0003,
	MGMT_INDEX_ADDED = 0x0004,
	MGMT_INDEX_REMOVED = 0x0005,
	MGMT_NEW_SETTINGS = 0x0006,
	MGMT_DEVICE_CONNECTED = 0x000b,
	MGMT_DEVICE_DISCONNECTED = 0x000c,
	MGMT_CONNECT_FAILED = 0x000d,
	MGMT_USER_CONFIRM_REQUEST = 0x000f,
	MGMT_DEVICE_FOUND = 0x0012,
	MGMT_DISCOVERING = 0x0013,
	MGMT_CONTROLLER_SUSPENDED = 0x002d,
	MGMT_CONTROLLER_RESUMED = 0x002e,
};

enum mgmt_status {
	MGMT_SUCCESS = 0x00,
	MGMT_UNKNOWN_COMMAND = 0x01,
	MGMT_NOT_CONNECTED = 0x02,
	MGMT_FAILED = 0x03,
	MGMT_BUSY = 0x0a,
	MGMT_REJECTED = 0x0b,
	MGMT_NOT_SUPPORTED = 0x0c,
	MGMT_INVALID_PARAMETERS = 0x0d,
	MGMT_NOT_POWERED = 0x0f,
	MGMT_INVALID_INDEX = 0x11,
	MGMT_RFKILLED = 0x12,
	MGMT_PERMISSION_DENIED = 0x14,
};

/* Plain words for any octet: "permission denied". */
const char *mgmt_status_text(uint8_t status);
const char *mgmt_opcode_name(uint16_t opcode); /* "unknown command" */

enum mgmt_setting {
	MGMT_SETTING_POWERED = 1u << 0,
	MGMT_SETTING_BR_EDR = 1u << 7,
	MGMT_SETTING_LE = 1u << 9,
	MGMT_SETTING_PRIVACY = 1u << 13,
	MGMT_SETTING_STATIC_ADDRESS = 1u << 15,
};

/* Address types of Start Discovery and Discovering, as bits */
#define MGMT_DISCOVER_LE 0x06 /* public and random */

/* Each returns the length written, or 0 if it does not fit. */
size_t mgmt_command(uint8_t *bytes, size_t size, uint16_t opcode,
                    uint16_t index); /* one without parameters */
/* Set Powered, Set LE, Start and Stop Discovery: one octet */
size_t mgmt_command_octet(uint8_t *bytes, size_t size, uint16_t opcode,
                          uint16_t index, uint8_t parameter);
/* Disconnect, User Confirmation (Negative) Reply */
size_t mgmt_command_address(uint8_t *bytes, size_t size, uint16_t opcode,
                            uint16_t index, const struct le_address *address);
/* LE devices that advertise one of the services, at any signal strength */
size_t mgmt_start_service_discovery(uint8_t *bytes, size_t size, uint16_t index,
                                    const struct uuid *services, size_t count);

/* A disconnection's reason, as the kernel sums it up */
enum mgmt_reason {
	MGMT_REASON_UNSPECIFIED = 0,
	MGMT_REASON_TIMEOUT = 1, /* supervision: out of range, switched off */
	MGMT_REASON_LOCAL = 2,
	MGMT_REASON_REMOTE = 3,
	MGMT_REASON_AUTHENTICATION = 4,
	MGMT_REASON_SUSPEND = 5,
};
const char *mgmt_reason_text(uint8_t reason);

#define MGMT_RSSI_NONE 127
#define MGMT_FOUND_NOT_CONNECTABLE (1u << 2)

/* One event; which members are set stands at each. The pointers reach into
 * the decoded bytes. */
struct mgmt_event {
	uint16_t code;  /* of enum mgmt_code, or another */
	uint16_t index; /* MGMT_INDEX_NONE when of no controller */
	/* command complete, command status */
	uint16_t opcode;
	uint8_t status; /* also connect failed; controller error: its code */
	const uint8_t *result; /* return parameters */
	size_t result_length;
	uint32_t settings; /* new settings: of enum mgmt_setting */
	/* device found, connected, disconnected, connect failed, confirm */
	struct le_address address;
	bool is_le; /* false: a BR/EDR device, `address.type` means nothing */
	int8_t rssi_dbm; /* device found; MGMT_RSSI_NONE when not known */
	uint32_t flags;  /* device found, connected */
	const uint8_t *advertising; /* device found, connected: gap_decode() */
	size_t advertising_length;
	uint8_t reason; /* device disconnected: of enum mgmt_reason */
	/* discovering */
	uint8_t discovery_types;
	bool discovering;
	/* user confirmation request */
	bool just_ask; /* no number to compare, a yes is enough */
	uint32_t passkey;
};

/* False when shorter than its header or its code needs. An unknown code is
 * true with no more than code and index. Octets after the fields that we know
 * are ignored: later kernels append. */
bool mgmt_event_decode(const uint8_t *bytes, size_t length,
                       struct mgmt_event *out);

/* Return parameters of a successful Command Complete */
struct mgmt_version {
	uint8_t version;
	uint16_t revision;
};
bool mgmt_version_decode(const uint8_t *bytes, size_t length,
                         struct mgmt_version *out);

struct mgmt_index_list {
	uint16_t indexes[MGMT_INDEXES_MAX]; /* more are left out */
	size_t count;
};
bool mgmt_index_list_decode(const uint8_t *bytes, size_t length,
                            struct mgmt_index_list *out);

struct mgmt_info {
	struct le_address address; /* public */
	uint8_t version;           /* of the core specification, its number */
	uint16_t manufacturer;
	uint32_t supported, current; /* of enum mgmt_setting */
	char name[MGMT_NAME_SIZE];
};
bool mgmt_info_decode(const uint8_t *bytes, size_t length,
                      struct mgmt_info *out);
/* Set Powered, Set LE: the settings that now hold */
bool mgmt_settings_decode(const uint8_t *bytes, size_t length, uint32_t *out);

#endif
