/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any octets as each of the small values that devices are read for: who made
 * it, its battery, its heart rate, its features, its control point, its ranges,
 * a UUID, an address, the table of what a device has. What decodes encodes to
 * the same, text is safe to print, a refusal leaves what was there untouched.
 */
#include "daemon/bluetooth/gatt_table.h"
#include "protocol/device_info.h"
#include "protocol/ftms_control.h"
#include "protocol/heart_rate.h"
#include "protocol/le_address.h"
#include "protocol/radio_text.h"
#include "protocol/rsc_feature.h"
#include "protocol/utf8.h"
#include "protocol/uuid.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_printable(const char *text, size_t room)
{
	size_t left = strlen(text);

	require(left < room);
	while (left > 0) {
		size_t count = utf8_printable(text, left);

		require(count > 0);
		text += count;
		left -= count;
	}
}

static void check_texts(const uint8_t *data, size_t size)
{
	struct device_info info = { 0 };
	uint8_t percent = 123;
	char text[20];

	for (enum device_info_field field = 0; field < DEVICE_INFO_FIELDS;
	     field++) {
		require(device_info_take(&info, device_info_field_uuid(field),
		                         data, size));
		require(device_info_field_name(field) != NULL);
		check_printable(info.text[field], DEVICE_INFO_TEXT_SIZE);
	}
	require(!device_info_take(&info, DEVICE_INFO_UUID_BATTERY_LEVEL, data,
	                          size));
	require(radio_text(data, size, text, sizeof(text)) == strlen(text));
	check_printable(text, sizeof(text));
	require(device_info_battery_decode(data, size, &percent) ==
	        (size > 0 && data[0] <= 100));
	require(percent == 123 || percent <= 100);
}

static void check_heart_rate(const uint8_t *data, size_t size)
{
	struct heart_rate_measurement m, again;
	uint8_t bytes[64], twice[64];
	size_t length, length_again;

	memset(&m, 0x5a, sizeof(m));
	again = m;
	if (!heart_rate_decode(data, size, &m)) {
		require(memcmp(&m, &again, sizeof(m)) == 0);
		return;
	}
	require(m.interval_count <= HEART_RATE_INTERVALS_MAX);
	length = heart_rate_encode(&m, bytes, sizeof(bytes));
	require(length > 0 && heart_rate_decode(bytes, length, &again));
	require(again.rate_bpm == m.rate_bpm && again.contact == m.contact &&
	        again.has_energy == m.has_energy &&
	        (!m.has_energy || again.energy_kj == m.energy_kj) &&
	        again.interval_count == m.interval_count &&
	        memcmp(again.intervals, m.intervals,
	               m.interval_count * sizeof(m.intervals[0])) == 0);
	length_again = heart_rate_encode(&again, twice, sizeof(twice));
	require(length == length_again && memcmp(bytes, twice, length) == 0);
	for (size_t room = 0; room < length; room++)
		require(heart_rate_encode(&m, bytes, room) == 0);
}

static void check_control(const uint8_t *data, size_t size)
{
	static const uint16_t ranges[] = { FTMS_RESISTANCE_RANGE_UUID,
		                           FTMS_HEART_RATE_RANGE_UUID,
		                           FTMS_POWER_RANGE_UUID, 0x2ad5 };
	struct ftms_control control = { .op = 0xee };
	struct ftms_range range;

	if (ftms_control_decode(data, size, &control)) {
		require(control.op == data[0] &&
		        control.trailing_octets < size);
		require(control.op != FTMS_CONTROL_RESPONSE ||
		        (control.request == data[1] &&
		         control.result == data[2]));
		(void)ftms_control_op_name(control.op);
		(void)ftms_control_result_name(control.result);
	} else {
		require(control.op == 0xee);
		require(size == 0 || data[0] == FTMS_CONTROL_RESPONSE);
	}
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (ftms_range_decode(ranges[i], data, size, &range))
			require(size == 3 || size == 6);
}

static void check_features(const uint8_t *data, size_t size)
{
	uint16_t features;
	uint8_t location;

	require(rsc_feature_decode(data, size, &features) == (size >= 2));
	require(rsc_location_decode(data, size, &location) == (size >= 1));
	if (size > 0)
		(void)rsc_location_name(location);
}

static void check_names(const uint8_t *data, size_t size)
{
	char text[UUID_TEXT_SIZE], address_text[LE_ADDRESS_TEXT_SIZE];
	struct le_address address = { .type = LE_ADDRESS_RANDOM },
			  same = address;
	struct uuid uuid, again;

	require(uuid_decode(data, size, &uuid) ==
	        (size == 2 || size == 4 || size == 16));
	if (size == 2 || size == 4 || size == 16) {
		uuid_text(&uuid, text);
		require(uuid_from_text(text, &again) &&
		        uuid_equal(&uuid, &again));
		require(!uuid_is_short(&uuid) || strlen(text) == 4);
	}
	if (size < sizeof(address.octets))
		return;
	memcpy(address.octets, data, sizeof(address.octets));
	le_address_text(&address, address_text);
	require(le_address_from_text(address_text, &same) &&
	        le_address_equal(&address, &same));
}

/* The table of a cache, and what was written of it */
static void check_table(const char *text)
{
	static char written[GATT_TABLE_TEXT_SIZE], twice[GATT_TABLE_TEXT_SIZE];
	static struct gatt_table table, again;
	struct uuid uuid;
	struct le_address address;

	(void)uuid_from_text(text, &uuid);
	(void)le_address_from_text(text, &address);
	if (!gatt_table_read(text, &table))
		return;
	require(table.service_count <= GATT_SERVICES_MAX &&
	        table.characteristic_count <= GATT_CHARACTERISTICS_MAX);
	require(gatt_table_write(&table, written, sizeof(written)) > 0 ||
	        table.service_count == 0);
	require(gatt_table_read(written, &again));
	require(gatt_table_write(&again, twice, sizeof(twice)) ==
	        strlen(written));
	require(strcmp(written, twice) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	require(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	check_texts(data, size);
	check_heart_rate(data, size);
	check_control(data, size);
	check_features(data, size);
	check_names(data, size);
	check_table(text);
	free(text);
	return 0;
}
