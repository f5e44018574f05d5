/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/device_info.h"

#include "protocol/radio_text.h"

static const struct {
	uint16_t uuid;
	const char *name;
} fields[DEVICE_INFO_FIELDS] = {
	[DEVICE_INFO_MANUFACTURER] = { 0x2a29, "manufacturer" },
	[DEVICE_INFO_MODEL] = { 0x2a24, "model" },
	[DEVICE_INFO_SERIAL] = { 0x2a25, "serial" },
	[DEVICE_INFO_FIRMWARE] = { 0x2a26, "firmware" },
	[DEVICE_INFO_HARDWARE] = { 0x2a27, "hardware" },
	[DEVICE_INFO_SOFTWARE] = { 0x2a28, "software" },
};

const char *device_info_field_name(enum device_info_field field)
{
	return fields[field].name;
}

uint16_t device_info_field_uuid(enum device_info_field field)
{
	return fields[field].uuid;
}

bool device_info_field_of(uint16_t uuid, enum device_info_field *out)
{
	for (int i = 0; i < DEVICE_INFO_FIELDS; i++) {
		if (fields[i].uuid != uuid)
			continue;
		*out = (enum device_info_field)i;
		return true;
	}
	return false;
}

bool device_info_take(struct device_info *info, uint16_t uuid,
                      const uint8_t *bytes, size_t length)
{
	enum device_info_field field;

	if (!device_info_field_of(uuid, &field))
		return false;
	radio_text(bytes, length, info->text[field], DEVICE_INFO_TEXT_SIZE);
	return true;
}

bool device_info_battery_decode(const uint8_t *bytes, size_t length,
                                uint8_t *percent)
{
	if (length == 0 || bytes[0] > 100)
		return false;
	*percent = bytes[0];
	return true;
}
