/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/ant_control.h"

#include "protocol/cursor.h"

#include <string.h>

/* ---- the table ---- */

enum form { U8, U16, U32, OCTETS };

struct field {
	enum form form;
	size_t at; /* in struct ant_control */
	size_t length; /* of OCTETS: at most so many */
};

#define FIELDS_MAX 6

struct layout {
	uint8_t id;
	uint8_t least; /* octets of payload */
	const char *name;
	const struct field fields[FIELDS_MAX];
	size_t field_count;
};

#define AT(member) offsetof(struct ant_control, member)
#define CHANNEL { U8, AT(channel), 0 }
#define VALUE { U8, AT(value), 0 }
#define CODE { U8, AT(code), 0 }
#define SUBJECT { U8, AT(subject), 0 }
#define NETWORK { U8, AT(network), 0 }
#define DEVICE \
	{ U16, AT(device_number), 0 }, { U8, AT(device_type), 0 }, \
		{ U8, AT(transmission_type), 0 }
#define REST(most) { OCTETS, AT(octets), most }
#define FIELDS(...) \
	{ __VA_ARGS__ }, sizeof((const struct field[]){ __VA_ARGS__ }) / sizeof(struct field)

static const struct layout layouts[] = {
	{ ANT_CHANNEL_RESPONSE, 3, "channel response", FIELDS(CHANNEL, SUBJECT, CODE) },
	{ ANT_UNASSIGN, 1, "unassign channel", FIELDS(CHANNEL) },
	{ ANT_ASSIGN, 3, "assign channel",
	  FIELDS(CHANNEL, { U8, AT(channel_type), 0 }, NETWORK, { U8, AT(assignment), 0 }) },
	{ ANT_PERIOD, 3, "channel period", FIELDS(CHANNEL, { U16, AT(period), 0 }) },
	{ ANT_SEARCH_TIMEOUT, 2, "search time-out", FIELDS(CHANNEL, VALUE) },
	{ ANT_FREQUENCY, 2, "channel frequency", FIELDS(CHANNEL, { U8, AT(frequency), 0 }) },
	{ ANT_NETWORK_KEY, 9, "network key", FIELDS(NETWORK, REST(8)) },
	{ ANT_TRANSMIT_POWER, 2, "transmit power", FIELDS(CHANNEL, VALUE) },
	{ ANT_SEARCH_WAVEFORM, 3, "search waveform", FIELDS(CHANNEL, REST(2)) },
	{ ANT_RESET, 1, "reset", FIELDS(VALUE) },
	{ ANT_OPEN, 1, "open channel", FIELDS(CHANNEL) },
	{ ANT_CLOSE, 1, "close channel", FIELDS(CHANNEL) },
	{ ANT_REQUEST, 2, "request", FIELDS(CHANNEL, SUBJECT) },
	{ ANT_CHANNEL_ID, 5, "channel id", FIELDS(CHANNEL, DEVICE) },
	{ ANT_CHANNEL_STATUS, 2, "channel status", FIELDS(CHANNEL, VALUE) },
	{ ANT_CAPABILITIES, 4, "capabilities", FIELDS(REST(9)) },
	{ ANT_ID_LIST_ADD, 6, "id list", FIELDS(CHANNEL, DEVICE, VALUE) },
	{ ANT_ID_LIST_CONFIG, 3, "id list set-up", FIELDS(CHANNEL, { U8, AT(size), 0 }, VALUE) },
	{ ANT_OPEN_SCAN, 1, "open scan mode", FIELDS(CHANNEL, VALUE) },
	{ ANT_SERIAL_NUMBER, 4, "serial number", FIELDS({ U32, AT(serial), 0 }) },
	{ ANT_LOW_SEARCH_TIMEOUT, 2, "low-priority search time-out", FIELDS(CHANNEL, VALUE) },
	{ ANT_EXTENDED_MESSAGES, 2, "extended messages", FIELDS(CHANNEL, VALUE) },
	{ ANT_LIBRARY_CONFIG, 2, "library set-up", FIELDS(CHANNEL, VALUE) },
	{ ANT_START_UP, 1, "start-up", FIELDS(CODE) },
	{ ANT_PROXIMITY, 2, "proximity search", FIELDS(CHANNEL, VALUE, { U8, AT(size), 0 }) },
	{ ANT_SEARCH_PRIORITY, 2, "search priority", FIELDS(CHANNEL, VALUE) },
	{ ANT_NETWORK_KEY_128, 17, "network key of 128 bits", FIELDS(NETWORK, REST(16)) },
	{ ANT_SEARCH_SHARING, 2, "search sharing", FIELDS(CHANNEL, VALUE) },
	{ ANT_SERIAL_ERROR, 1, "serial error", FIELDS(CODE, REST(ANT_PAYLOAD_MAX - 1)) },
	{ ANT_RSSI_THRESHOLD, 2, "RSSI threshold", FIELDS(CHANNEL, VALUE) },
	{ ANT_VERSION, 0, "version", FIELDS(REST(ANT_PAYLOAD_MAX)) },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct layout *layout_of(uint8_t id)
{
	for (size_t i = 0; i < COUNT(layouts); i++)
		if (layouts[i].id == id)
			return &layouts[i];
	return NULL;
}

/* ---- there ---- */

static void take_octets(struct cursor *c, const struct field *field,
                        struct ant_control *out)
{
	size_t length = c->left < field->length ? c->left : field->length;

	memcpy(out->octets, c->at, length);
	out->octet_count = (uint8_t)length;
	c->at += length;
	c->left -= length;
}

static void take_field(struct cursor *c, const struct field *field,
                       struct ant_control *out)
{
	unsigned char *member = (unsigned char *)out + field->at;
	uint16_t u16;
	uint32_t u32;

	switch (field->form) {
	case U8:
		*member = cursor_u8(c);
		break;
	case U16:
		u16 = cursor_u16(c);
		memcpy(member, &u16, sizeof(u16));
		break;
	case U32:
		u32 = cursor_u32(c);
		memcpy(member, &u32, sizeof(u32));
		break;
	case OCTETS:
		take_octets(c, field, out);
		break;
	}
}

bool ant_control_decode(const struct ant_message *message, struct ant_control *out)
{
	const struct layout *layout = layout_of(message->id);
	struct ant_control control = { .id = message->id };
	struct cursor c;

	if (!layout || message->length > ANT_PAYLOAD_MAX || message->length < layout->least)
		return false;
	c = cursor_over(message->payload, message->length);
	for (size_t i = 0; i < layout->field_count && c.left > 0; i++)
		take_field(&c, &layout->fields[i], &control);
	*out = control;
	return true;
}

/* ---- and back ---- */

/* Appends a field; returns its octets. */
static size_t put_field(const struct ant_control *control, const struct field *field,
                        uint8_t *to)
{
	const unsigned char *member = (const unsigned char *)control + field->at;
	size_t length = control->octet_count;
	uint32_t value = 0;
	uint16_t u16;

	switch (field->form) {
	case U8:
		to[0] = *member;
		return 1;
	case U16:
		memcpy(&u16, member, sizeof(u16));
		to[0] = (uint8_t)u16;
		to[1] = (uint8_t)(u16 >> 8);
		return 2;
	case U32:
		memcpy(&value, member, sizeof(value));
		for (size_t i = 0; i < 4; i++)
			to[i] = (uint8_t)(value >> 8 * i);
		return 4;
	case OCTETS:
		break;
	}
	if (length > field->length)
		length = field->length;
	memcpy(to, control->octets, length);
	return length;
}

bool ant_control_encode(const struct ant_control *control, struct ant_message *out)
{
	const struct layout *layout = layout_of(control->id);
	struct ant_message message = { .id = control->id };
	size_t length = 0;

	if (!layout)
		return false;
	for (size_t i = 0; i < layout->field_count; i++) {
		size_t octets =
			put_field(control, &layout->fields[i], message.payload + length);
		bool zero = octets == 1 && message.payload[length] == 0;

		if (length < layout->least || !zero)
			length += octets;
	}
	/* a key that is too short is none */
	if (length < layout->least)
		return false;
	message.length = (uint8_t)length;
	*out = message;
	return true;
}

/* ---- what the octets tell ---- */

#define ADVANCED_SERIAL_NUMBER 0x08u
#define ADVANCED_LOW_SEARCH 0x20u
#define ADVANCED_ID_LIST 0x80u
#define ADVANCED2_EXTENDED 0x02u
#define ADVANCED2_SCAN 0x04u
#define ADVANCED2_PROXIMITY 0x10u
#define ADVANCED2_EXTENDED_ASSIGN 0x20u

bool ant_capabilities_read(const struct ant_control *control, struct ant_capabilities *out)
{
	uint8_t advanced, advanced2;

	if (control->id != ANT_CAPABILITIES || control->octet_count < 4)
		return false;
	advanced = control->octets[3];
	advanced2 = control->octet_count > 4 ? control->octets[4] : 0;
	*out = (struct ant_capabilities){
		.channels = control->octets[0],
		.networks = control->octets[1],
		.low_priority_search = advanced & ADVANCED_LOW_SEARCH,
		.id_list = advanced & ADVANCED_ID_LIST,
		.serial_number = advanced & ADVANCED_SERIAL_NUMBER,
		.extended_messages = advanced2 & ADVANCED2_EXTENDED,
		.scan_mode = advanced2 & ADVANCED2_SCAN,
		.proximity = advanced2 & ADVANCED2_PROXIMITY,
		.background_scan = advanced2 & ADVANCED2_EXTENDED_ASSIGN,
	};
	return true;
}

void ant_version_read(const struct ant_control *control, char *out, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < control->octet_count && used + 1 < size; i++) {
		uint8_t octet = control->octets[i];

		if (octet == 0)
			break;
		out[used++] = (char)(octet > 0x20 && octet < 0x7f ? octet : '?');
	}
	out[used] = '\0';
}

/* ---- names ---- */

struct name {
	uint8_t number;
	const char *words;
};

static const char *name_of(const struct name *names, size_t count, uint8_t number)
{
	for (size_t i = 0; i < count; i++)
		if (names[i].number == number)
			return names[i].words;
	return NULL;
}

static const struct name response_names[] = {
	{ ANT_NO_ERROR, "no error" },
	{ ANT_WRONG_STATE, "wrong state" },
	{ ANT_NOT_OPENED, "channel not open" },
	{ ANT_ID_NOT_SET, "channel id not set" },
	{ ANT_CLOSE_ALL, "close all channels first" },
	{ ANT_TRANSFER_IN_PROGRESS, "transfer in progress" },
	{ ANT_SEQUENCE, "wrong sequence number" },
	{ ANT_IN_ERROR, "transfer in error" },
	{ ANT_BUSY, "transfer busy" },
	{ ANT_CRC, "checksum" },
	{ ANT_TOO_LARGE, "too large" },
	{ ANT_INVALID_MESSAGE, "unknown message" },
	{ ANT_INVALID_NETWORK, "no such network" },
	{ ANT_INVALID_LIST_ID, "no such place in the list" },
	{ ANT_INVALID_SCAN_CHANNEL, "not in scan mode" },
	{ ANT_INVALID_PARAMETER, "wrong parameter" },
	{ ANT_SERIAL_OVERFLOW, "serial queue overflow" },
	{ ANT_QUEUE_OVERFLOW, "queue overflow" },
};

static const struct name event_names[] = {
	{ ANT_EVENT_SEARCH_TIMEOUT, "search timed out" },
	{ ANT_EVENT_RX_FAIL, "message missed" },
	{ ANT_EVENT_TX, "message sent" },
	{ ANT_EVENT_TRANSFER_RX_FAILED, "transfer not received" },
	{ ANT_EVENT_TRANSFER_COMPLETED, "transfer completed" },
	{ ANT_EVENT_TRANSFER_FAILED, "transfer failed" },
	{ ANT_EVENT_CHANNEL_CLOSED, "channel closed" },
	{ ANT_EVENT_GO_TO_SEARCH, "lost, searching again" },
	{ ANT_EVENT_COLLISION, "channel collision" },
	{ ANT_EVENT_TRANSFER_START, "transfer started" },
	{ ANT_EVENT_OVERFLOW, "receive overflow" },
	{ ANT_EVENT_CHANNEL_ACTIVE, "channel active" },
	{ ANT_EVENT_NEXT_BLOCK, "next block wanted" },
};

static const struct name start_up_names[] = {
	{ ANT_START_POWER_ON, "power on" },
	{ ANT_START_LINE, "reset line" },
	{ ANT_START_WATCHDOG, "watchdog" },
	{ ANT_START_COMMAND, "commanded reset" },
	{ ANT_START_SYNC, "synchronous reset" },
	{ ANT_START_SUSPEND, "resume from sleep" },
};

const char *ant_message_name(uint8_t id)
{
	const struct layout *layout = layout_of(id);

	return layout ? layout->name : NULL;
}

const char *ant_response_name(uint8_t code)
{
	return name_of(response_names, COUNT(response_names), code);
}

const char *ant_event_name(uint8_t code)
{
	return name_of(event_names, COUNT(event_names), code);
}

const char *ant_start_up_name(uint8_t reason)
{
	return name_of(start_up_names, COUNT(start_up_names), reason);
}
