/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sources/ant_around.h"

#define SHORT_NUMBER 0xffffu

uint32_t ant_around_number(const struct ant_data *data)
{
	return (uint32_t)(data->transmission_type >> 4) << 16 | data->device_number;
}

bool ant_around_is(uint32_t number, const struct ant_data *data)
{
	if (number == 0 || !(data->extensions & ANT_EXT_CHANNEL_ID))
		return false;
	if (number <= SHORT_NUMBER)
		return number == data->device_number;
	return number == ant_around_number(data);
}

static bool is_free(const struct ant_around_device *device, uint64_t now_us)
{
	return device->type == 0 || now_us - device->heard_us > ANT_AROUND_FORGET_US;
}

static size_t place_of(const struct ant_around *around, const struct ant_data *data,
                       uint64_t now_us)
{
	size_t oldest = 0, free = ANT_AROUND_MAX;

	for (size_t i = 0; i < ANT_AROUND_MAX; i++) {
		const struct ant_around_device *device = &around->devices[i];

		if (device->type == data->device_type &&
		    device->number == ant_around_number(data))
			return i;
		if (free == ANT_AROUND_MAX && is_free(device, now_us))
			free = i;
		if (device->heard_us < around->devices[oldest].heard_us)
			oldest = i;
	}
	return free < ANT_AROUND_MAX ? free : oldest;
}

size_t ant_around_heard(struct ant_around *around, const struct ant_data *data,
                        uint64_t now_us)
{
	size_t place = place_of(around, data, now_us);
	struct ant_around_device *device = &around->devices[place];
	uint32_t number = ant_around_number(data);

	if (device->number != number || device->type != data->device_type)
		*device = (struct ant_around_device){
			.number = number,
			.type = data->device_type,
			.rssi_dbm = ANT_RSSI_NONE,
		};
	if (data->extensions & ANT_EXT_RSSI)
		device->rssi_dbm = data->rssi_dbm;
	device->heard_us = now_us;
	device->messages++;
	return place;
}

size_t ant_around_count(const struct ant_around *around, uint8_t type, uint64_t within_us,
                        uint64_t now_us)
{
	size_t count = 0;

	for (size_t i = 0; i < ANT_AROUND_MAX; i++)
		count += around->devices[i].type == type &&
		         now_us - around->devices[i].heard_us <= within_us;
	return count;
}
