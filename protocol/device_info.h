/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What any Bluetooth device may tell of itself: Device Information Service 1.1
 * (0x180A) and Battery Service 1.0 (0x180F).
 */
#ifndef GAITD_DEVICE_INFO_H
#define GAITD_DEVICE_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEVICE_INFO_UUID_SERVICE 0x180a
#define DEVICE_INFO_UUID_BATTERY_SERVICE 0x180f
#define DEVICE_INFO_UUID_BATTERY_LEVEL 0x2a19
#define DEVICE_INFO_TEXT_SIZE 64

enum device_info_field {
	DEVICE_INFO_MANUFACTURER, /* 0x2A29 */
	DEVICE_INFO_MODEL,        /* 0x2A24 */
	DEVICE_INFO_SERIAL,       /* 0x2A25 */
	DEVICE_INFO_FIRMWARE,     /* 0x2A26 */
	DEVICE_INFO_HARDWARE,     /* 0x2A27 */
	DEVICE_INFO_SOFTWARE,     /* 0x2A28 */
	DEVICE_INFO_FIELDS,
};

/* What is known of one device; "" for what it did not tell. */
struct device_info {
	char text[DEVICE_INFO_FIELDS][DEVICE_INFO_TEXT_SIZE];
};

const char *device_info_field_name(enum device_info_field field);
uint16_t device_info_field_uuid(enum device_info_field field);
bool device_info_field_of(uint16_t uuid, enum device_info_field *out);

/* Takes one string characteristic's value as printable UTF-8; false if `uuid`
 * is none of them. */
bool device_info_take(struct device_info *info, uint16_t uuid,
                      const uint8_t *bytes, size_t length);

/* Battery Level 0x2A19, percent; false when empty or above 100. */
bool device_info_battery_decode(const uint8_t *bytes, size_t length,
                                uint8_t *percent);

#endif
