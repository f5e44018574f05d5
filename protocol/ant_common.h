/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * ANT+ common data pages, the same in every profile: who made the device (80,
 * 81), how its battery is (82), and the request for a page (70).
 */
#ifndef GAITD_ANT_COMMON_H
#define GAITD_ANT_COMMON_H

#include <stdbool.h>
#include <stdint.h>

#define ANT_PAGE_SIZE 8

/* Page 80 */
struct ant_manufacturer {
	uint8_t hardware;
	uint16_t manufacturer, model;
};

/* Page 81 */
struct ant_product {
	uint16_t software; /* 1/1000: 1.5 of one octet is 1500 */
	bool has_serial;
	uint32_t serial;
};

/* As of page 82; SDM page 2 and heart-rate page 7 have their own words. */
enum ant_battery {
	ANT_BATTERY_UNKNOWN,
	ANT_BATTERY_NEW,
	ANT_BATTERY_GOOD,
	ANT_BATTERY_OK,
	ANT_BATTERY_LOW,
	ANT_BATTERY_CRITICAL,
};

/* Page 82 */
struct ant_battery_status {
	bool has_identifier;
	uint8_t identifier; /* of which of them: bits 4-7; how many: bits 0-3 */
	uint32_t operating_s; /* since the battery was changed */
	bool has_volts;
	uint16_t volts_256; /* 1/256 V */
	enum ant_battery status;
};

bool ant_manufacturer_decode(const uint8_t page[ANT_PAGE_SIZE],
                             struct ant_manufacturer *out);
bool ant_product_decode(const uint8_t page[ANT_PAGE_SIZE],
                        struct ant_product *out);
bool ant_battery_status_decode(const uint8_t page[ANT_PAGE_SIZE],
                               struct ant_battery_status *out);

/* Status as three bits and volts as an octet and four bits, as page 82 and
 * heart-rate page 7 both have them. */
enum ant_battery ant_battery_of(uint8_t bits);
bool ant_volts(uint8_t fraction, uint8_t coarse, uint16_t *volts_256);

/* Page 70: asks for `wanted`, to be sent four times; goes out as acknowledged
 * data. */
void ant_page_request_encode(uint8_t wanted, uint8_t page[ANT_PAGE_SIZE]);

#endif
