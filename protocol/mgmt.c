/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/mgmt.h"

#include "protocol/cursor.h"
#include "protocol/radio_text.h"
#include "protocol/packer.h"

#include <string.h>

#define ANY_RSSI 127 /* a threshold that lets everything pass */

/* ---- words ---- */

static const struct {
	uint8_t status;
	const char *text;
} statuses[] = {
	{ 0x00, "success" },
	{ 0x01, "unknown command" },
	{ 0x02, "not connected" },
	{ 0x03, "failed" },
	{ 0x04, "connect failed" },
	{ 0x05, "authentication failed" },
	{ 0x06, "not paired" },
	{ 0x07, "no resources" },
	{ 0x08, "timed out" },
	{ 0x09, "already connected" },
	{ 0x0a, "busy" },
	{ 0x0b, "rejected" },
	{ 0x0c, "not supported" },
	{ 0x0d, "invalid parameters" },
	{ 0x0e, "disconnected" },
	{ 0x0f, "not powered" },
	{ 0x10, "cancelled" },
	{ 0x11, "no such controller" },
	{ 0x12, "blocked by rfkill" },
	{ 0x13, "already paired" },
	{ 0x14, "permission denied" },
};

const char *mgmt_status_text(uint8_t status)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].status == status)
			return statuses[i].text;
	return "unknown status";
}

static const struct {
	uint16_t opcode;
	const char *name;
} commands[] = {
	{ MGMT_READ_VERSION, "read version" },
	{ MGMT_READ_INDEX_LIST, "read index list" },
	{ MGMT_READ_INFO, "read controller information" },
	{ MGMT_SET_POWERED, "set powered" },
	{ MGMT_SET_LE, "set low energy" },
	{ MGMT_DISCONNECT, "disconnect" },
	{ MGMT_USER_CONFIRM_REPLY, "confirm pairing" },
	{ MGMT_USER_CONFIRM_NEGATIVE_REPLY, "refuse pairing" },
	{ MGMT_START_DISCOVERY, "start discovery" },
	{ MGMT_STOP_DISCOVERY, "stop discovery" },
	{ MGMT_START_SERVICE_DISCOVERY, "start service discovery" },
};

const char *mgmt_opcode_name(uint16_t opcode)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].opcode == opcode)
			return commands[i].name;
	return "unknown command";
}

static const char *const reasons[] = {
	[MGMT_REASON_UNSPECIFIED] = "no reason given",
	[MGMT_REASON_TIMEOUT] = "out of range or switched off",
	[MGMT_REASON_LOCAL] = "ended by this computer",
	[MGMT_REASON_REMOTE] = "ended by the device",
	[MGMT_REASON_AUTHENTICATION] = "authentication failed",
	[MGMT_REASON_SUSPEND] = "this computer is suspending",
};

const char *mgmt_reason_text(uint8_t reason)
{
	return reason < sizeof(reasons) / sizeof(reasons[0])
	               ? reasons[reason]
	               : reasons[MGMT_REASON_UNSPECIFIED];
}

/* ---- commands ---- */

static struct packer begin(uint8_t *bytes, size_t size, uint16_t opcode,
                           uint16_t index, size_t parameters)
{
	struct packer w = packer_into(bytes, size);

	packer_uint(&w, opcode, 2);
	packer_uint(&w, index, 2);
	packer_uint(&w, (uint32_t)parameters, 2);
	return w;
}

size_t mgmt_command(uint8_t *bytes, size_t size, uint16_t opcode,
                    uint16_t index)
{
	struct packer w = begin(bytes, size, opcode, index, 0);

	return packer_end(&w);
}

size_t mgmt_command_octet(uint8_t *bytes, size_t size, uint16_t opcode,
                          uint16_t index, uint8_t parameter)
{
	struct packer w = begin(bytes, size, opcode, index, 1);

	packer_uint(&w, parameter, 1);
	return packer_end(&w);
}

size_t mgmt_command_address(uint8_t *bytes, size_t size, uint16_t opcode,
                            uint16_t index, const struct le_address *address)
{
	struct packer w = begin(bytes, size, opcode, index, 7);

	packer_bytes(&w, address->octets, sizeof(address->octets));
	packer_uint(&w, (uint32_t)address->type, 1);
	return packer_end(&w);
}

size_t mgmt_start_service_discovery(uint8_t *bytes, size_t size, uint16_t index,
                                    const struct uuid *services, size_t count)
{
	struct packer w = begin(bytes, size, MGMT_START_SERVICE_DISCOVERY,
	                        index, 4 + count * UUID_SIZE);

	packer_uint(&w, MGMT_DISCOVER_LE, 1);
	packer_uint(&w, ANY_RSSI, 1);
	packer_uint(&w, (uint32_t)count, 2);
	for (size_t i = 0; i < count; i++)
		packer_bytes(&w, services[i].octets, UUID_SIZE);
	return packer_end(&w);
}

/* ---- events ---- */

static void take_bytes(struct cursor *c, size_t length, const uint8_t **out)
{
	if (c->failed || c->left < length) {
		c->failed = true;
		return;
	}
	*out = c->at;
	c->at += length;
	c->left -= length;
}

static void take_octets(struct cursor *c, uint8_t octets[6])
{
	const uint8_t *at = NULL;

	take_bytes(c, 6, &at);
	if (at != NULL)
		memcpy(octets, at, 6);
}

static void take_address(struct cursor *c, struct mgmt_event *out)
{
	uint8_t type;

	take_octets(c, out->address.octets);
	type = cursor_u8(c);
	out->is_le = type == LE_ADDRESS_PUBLIC || type == LE_ADDRESS_RANDOM;
	out->address.type = type == LE_ADDRESS_RANDOM ? LE_ADDRESS_RANDOM
	                                              : LE_ADDRESS_PUBLIC;
}

static void take_advertising(struct cursor *c, struct mgmt_event *out)
{
	out->flags = cursor_u32(c);
	out->advertising_length = cursor_u16(c);
	take_bytes(c, out->advertising_length, &out->advertising);
}

static void take_complete(struct cursor *c, struct mgmt_event *out)
{
	out->opcode = cursor_u16(c);
	out->status = cursor_u8(c);
	out->result = c->at;
	out->result_length = c->left;
}

static void take_settings(struct cursor *c, struct mgmt_event *out)
{
	out->settings = cursor_u32(c);
}

static void take_connected(struct cursor *c, struct mgmt_event *out)
{
	take_address(c, out);
	take_advertising(c, out);
}

static void take_disconnected(struct cursor *c, struct mgmt_event *out)
{
	take_address(c, out);
	out->reason = cursor_u8(c);
}

static void take_connect_failed(struct cursor *c, struct mgmt_event *out)
{
	take_address(c, out);
	out->status = cursor_u8(c);
}

static void take_confirm(struct cursor *c, struct mgmt_event *out)
{
	take_address(c, out);
	out->just_ask = cursor_u8(c) != 0;
	out->passkey = cursor_u32(c);
}

static void take_found(struct cursor *c, struct mgmt_event *out)
{
	take_address(c, out);
	out->rssi_dbm = (int8_t)cursor_u8(c);
	take_advertising(c, out);
}

static void take_discovering(struct cursor *c, struct mgmt_event *out)
{
	out->discovery_types = cursor_u8(c);
	out->discovering = cursor_u8(c) != 0;
}

static void take_error(struct cursor *c, struct mgmt_event *out)
{
	out->status = cursor_u8(c);
}

static const struct {
	uint16_t code;
	void (*take)(struct cursor *c, struct mgmt_event *out);
} events[] = {
	{ MGMT_COMMAND_COMPLETE, take_complete },
	{ MGMT_COMMAND_STATUS, take_complete },
	{ MGMT_CONTROLLER_ERROR, take_error },
	{ MGMT_NEW_SETTINGS, take_settings },
	{ MGMT_DEVICE_CONNECTED, take_connected },
	{ MGMT_DEVICE_DISCONNECTED, take_disconnected },
	{ MGMT_CONNECT_FAILED, take_connect_failed },
	{ MGMT_USER_CONFIRM_REQUEST, take_confirm },
	{ MGMT_DEVICE_FOUND, take_found },
	{ MGMT_DISCOVERING, take_discovering },
};

bool mgmt_event_decode(const uint8_t *bytes, size_t length,
                       struct mgmt_event *out)
{
	struct cursor c = cursor_over(bytes, length);
	struct mgmt_event event = { .rssi_dbm = MGMT_RSSI_NONE };
	uint16_t parameters;

	event.code = cursor_u16(&c);
	event.index = cursor_u16(&c);
	parameters = cursor_u16(&c);
	if (c.failed || parameters > c.left)
		return false;
	c.left = parameters;
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (events[i].code == event.code)
			events[i].take(&c, &event);
	if (c.failed)
		return false;
	*out = event;
	return true;
}

/* ---- return parameters ---- */

bool mgmt_version_decode(const uint8_t *bytes, size_t length,
                         struct mgmt_version *out)
{
	struct cursor c = cursor_over(bytes, length);
	struct mgmt_version version;

	version.version = cursor_u8(&c);
	version.revision = cursor_u16(&c);
	if (c.failed)
		return false;
	*out = version;
	return true;
}

bool mgmt_index_list_decode(const uint8_t *bytes, size_t length,
                            struct mgmt_index_list *out)
{
	struct cursor c = cursor_over(bytes, length);
	struct mgmt_index_list list = { .count = cursor_u16(&c) };

	if (c.failed || c.left < list.count * 2)
		return false;
	if (list.count > MGMT_INDEXES_MAX)
		list.count = MGMT_INDEXES_MAX;
	for (size_t i = 0; i < list.count; i++)
		list.indexes[i] = cursor_u16(&c);
	*out = list;
	return true;
}

bool mgmt_info_decode(const uint8_t *bytes, size_t length,
                      struct mgmt_info *out)
{
	struct cursor c = cursor_over(bytes, length);
	struct mgmt_info info = { .address.type = LE_ADDRESS_PUBLIC };

	take_octets(&c, info.address.octets);
	info.version = cursor_u8(&c);
	info.manufacturer = cursor_u16(&c);
	info.supported = cursor_u32(&c);
	info.current = cursor_u32(&c);
	cursor_u24(&c); /* class of device: means nothing on LE */
	if (c.failed)
		return false;
	radio_text(c.at, c.left, info.name, sizeof(info.name));
	*out = info;
	return true;
}

bool mgmt_settings_decode(const uint8_t *bytes, size_t length, uint32_t *out)
{
	struct cursor c = cursor_over(bytes, length);
	uint32_t settings = cursor_u32(&c);

	if (c.failed)
		return false;
	*out = settings;
	return true;
}
