/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/captures/anonymiser.h"

#include "daemon/devices/quirks.h"
#include "protocol/ant.h"
#include "protocol/hex.h"
#include "protocol/hrm.h"
#include "protocol/rsc.h"
#include "protocol/running_dynamics.h"
#include "protocol/sdm.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MONDAY_S INT64_C(1704067200) /* 2024-01-01T00:00:00Z */
#define DAY_S 86400
#define SERIAL_DIGITS 4 /* so many in a row are no model's */

/* ---- one of those known ------------------------------------------------------ */

/* Its place in the list, from 0; it is put there when it is new and has room. */
static size_t place_of(char *known, size_t size, size_t *count, const char *text)
{
	for (size_t i = 0; i < *count; i++) {
		if (strncmp(known + i * size, text, size - 1) == 0)
			return i;
	}
	if (*count == ANONYMISER_KNOWN)
		return ANONYMISER_KNOWN;
	snprintf(known + *count * size, size, "%.*s", (int)size - 1, text);
	return (*count)++;
}

static uint16_t number_for(struct anonymiser *a, uint32_t number)
{
	size_t i = 0;

	while (i < a->number_count && a->numbers[i] != number)
		i++;
	if (i == a->number_count && i < ANONYMISER_KNOWN)
		a->numbers[a->number_count++] = number;
	return (uint16_t)(i + 1);
}

/* ---- names of devices --------------------------------------------------------- */

/* What gaitd knows of it by that name must stay. */
static bool means_the_same(const char *a, const char *b)
{
	struct quirk_facts one = { .name = a, .manufacturer = "", .model = "" };
	struct quirk_facts two = { .name = b, .manufacturer = "", .model = "" };

	return quirk_of(&one) == quirk_of(&two) && rsc_unit_by_name(a) == rsc_unit_by_name(b);
}

static size_t hex_run(const char *text)
{
	size_t length = 0;
	bool digit = false;

	while (hex_digit(text[length]) >= 0) {
		digit |= isdigit((unsigned char)text[length]) != 0;
		length++;
	}
	return digit ? length : 0;
}

/* Numbers that look like a serial become zeros, but for those that tell the model. */
static bool mask_numbers(char *name)
{
	bool masked = false;

	for (size_t i = 0; name[i];) {
		size_t run = hex_run(name + i);
		char was[256];

		if (run < SERIAL_DIGITS) {
			i += run > 0 ? run : 1;
			continue;
		}
		snprintf(was, sizeof(was), "%s", name);
		memset(name + i, '0', run);
		if (means_the_same(was, name))
			masked |= strcmp(was, name) != 0;
		else
			snprintf(name, sizeof(was), "%s", was);
		i += run;
	}
	return masked;
}

/* "Anna's treadmill" */
static bool mask_owner(char *name, size_t size)
{
	const char *plain = strstr(name, "'s "), *typeset = strstr(name, "\xe2\x80\x99s ");
	char rest[256];

	if (!plain && !typeset)
		return false;
	snprintf(rest, sizeof(rest), "%s", plain ? plain + 3 : typeset + 5);
	snprintf(name, size, "Somebody's %.200s", rest);
	return true;
}

static void take_name(struct anonymiser *a, struct source_event *event)
{
	bool owner = mask_owner(event->text, sizeof(event->text));
	bool numbers = mask_numbers(event->text);

	a->names += owner || numbers;
}

/* ---- attributes ---------------------------------------------------------------- */

/* Those that gaitd reads, and none that tells one device from the next */
static const struct {
	uint16_t first, last;
} kept[] = {
	{ 0x2a19, 0x2a19 }, /* battery */
	{ 0x2a24, 0x2a24 }, /* model, but not the serial behind it */
	{ 0x2a26, 0x2a29 }, /* firmware, hardware, software, maker */
	{ 0x2a37, 0x2a39 }, /* heart rate */
	{ 0x2a53, 0x2a55 }, /* running speed and cadence */
	{ 0x2a5d, 0x2a5d }, /* where it is worn */
	{ 0x2acc, 0x2ada }, /* fitness machine */
};

static bool take_attribute(struct anonymiser *a, const struct source_event *event)
{
	for (size_t i = 0; i < COUNT(kept); i++) {
		if (event->uuid >= kept[i].first && event->uuid <= kept[i].last)
			return true;
	}
	a->values++;
	return false;
}

/* ---- frames ---------------------------------------------------------------------- */

static bool is_read(uint8_t page, uint8_t type)
{
	if (page == 80 || page == 82)
		return true;
	if (type == HRM_DEVICE_TYPE)
		return page <= 7;
	return type == RD_DEVICE_TYPE ? page <= 1 : page <= 16 || page == 22;
}

/* The serial of a product (page 81), of a strap (its page 2); pages that nobody here
 * reads stay as frames and lose what they say. */
static void take_page(struct anonymiser *a, uint8_t page[8], uint8_t type)
{
	uint8_t number = type == HRM_DEVICE_TYPE ? page[0] & 0x7f : page[0];

	if (number == 81) {
		memset(page + 4, 0xff, 4);
		a->serials++;
	} else if (type == HRM_DEVICE_TYPE && number == 2) {
		page[2] = page[3] = 0;
		a->serials++;
	} else if (!is_read(number, type)) {
		memset(page + 1, 0xff, type == HRM_DEVICE_TYPE ? 3 : 7);
		a->frames++;
	}
}

/* The octets of the sender's number in a message, or NULL: two of number, the type,
 * and the transmission type, which holds four more bits of number */
static uint8_t *sender_in(struct ant_message *message)
{
	bool legacy = message->id >= ANT_LEGACY_BROADCAST_DATA &&
	              message->id <= ANT_LEGACY_BURST_DATA;

	if (legacy)
		return message->length >= 13 ? message->payload + 1 : NULL;
	if (message->length < 14 || !(message->payload[9] & ANT_EXT_CHANNEL_ID))
		return NULL;
	return message->payload + 10;
}

static uint8_t *page_in(struct ant_message *message)
{
	bool legacy = message->id >= ANT_LEGACY_BROADCAST_DATA &&
	              message->id <= ANT_LEGACY_BURST_DATA;

	return message->payload + (legacy ? 5 : 1);
}

static void take_sender(struct anonymiser *a, uint8_t *sender, const struct ant_data *data)
{
	uint16_t number = number_for(a, (uint32_t)(data->transmission_type >> 4) << 16 |
	                                        data->device_number);

	sender[0] = (uint8_t)number;
	sender[1] = (uint8_t)(number >> 8);
	sender[3] &= 0x0f;
}

/* Data alone are read; what a stick says besides holds its serial and more. */
static bool take_frame(struct anonymiser *a, struct source_event *event)
{
	struct ant_message message;
	struct ant_data data;
	uint8_t type = event->device == SOURCE_HEART_RATE ? HRM_DEVICE_TYPE : SDM_DEVICE_TYPE;
	uint8_t *sender;

	if (!ant_frame_decode(event->bytes, event->length, &message) ||
	    !ant_data_decode(&message, &data) || message.id == ANT_BURST_DATA ||
	    message.id == ANT_LEGACY_BURST_DATA) {
		a->frames++;
		return false;
	}
	sender = sender_in(&message);
	if (sender)
		take_sender(a, sender, &data);
	if (data.extensions & ANT_EXT_CHANNEL_ID)
		type = data.device_type;
	take_page(a, page_in(&message), type);
	event->length = ant_frame_encode(&message, event->bytes, sizeof(event->bytes));
	return event->length > 0;
}

/* ---- events ------------------------------------------------------------------------ */

static void take_address(struct anonymiser *a, struct source_event *event)
{
	size_t place = place_of(a->addresses[0], sizeof(a->addresses[0]), &a->address_count,
	                        event->text);

	snprintf(event->text, sizeof(event->text), "00:00:00:00:00:%02X",
	         (unsigned)(place + 1) & 0xff);
}

static bool take_request(struct anonymiser *a, struct display_request *request)
{
	if (request->input == DISPLAY_INPUT_PROFILE)
		return a->keep_profiles;
	if (request->input == DISPLAY_INPUT_RUNNER) {
		size_t place = place_of(a->runners[0], sizeof(a->runners[0]), &a->runner_count,
		                        request->name);

		snprintf(request->name, sizeof(request->name), "runner %u",
		         (unsigned)(place + 1));
		memset(request->pin, 0, sizeof(request->pin));
	}
	return true;
}

bool anonymiser_event(struct anonymiser *a, struct source_event *event)
{
	switch (event->kind) {
	case SOURCE_NAME:
		take_name(a, event);
		return true;
	case SOURCE_ADDRESS:
		take_address(a, event);
		return true;
	case SOURCE_RELEASED:
	case SOURCE_FREED:
		return false; /* whose, without its name, is nobody's */
	case SOURCE_VALUE:
	case SOURCE_NOTIFY:
		return take_attribute(a, event);
	case SOURCE_ANT:
		return take_frame(a, event);
	case SOURCE_REQUEST:
		return take_request(a, &event->request);
	case SOURCE_LINK:
	case SOURCE_RSSI:
	case SOURCE_FOOTPOD_UNIT:
		return true;
	}
	return false;
}

/* ---- the header --------------------------------------------------------------------- */

void anonymiser_forget(struct runner *runner)
{
	struct runner nobody;

	runner_init(&nobody);
	memcpy(nobody.lang, runner->lang, sizeof(nobody.lang));
	nobody.miles = runner->miles;
	nobody.prompts = runner->prompts;
	nobody.faded = runner->faded;
	*runner = nobody;
}

static void forget_day(struct recording_header *header)
{
	int64_t local = header->start_unix_s + header->start_offset_s;
	int64_t of_day = (local % DAY_S + DAY_S) % DAY_S;

	header->start_unix_s = MONDAY_S + of_day;
	header->start_offset_s = 0;
}

void anonymiser_header(struct anonymiser *a, struct recording_header *header)
{
	if (header->has_start)
		forget_day(header);
	a->had_start = header->has_start;
	a->names += mask_numbers(header->model);
}
