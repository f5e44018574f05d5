/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/ant_common.h"

#include "protocol/cursor.h"

#include <string.h>

#define PAGE_REQUEST 70
#define PAGE_MANUFACTURER 80
#define PAGE_PRODUCT 81
#define PAGE_BATTERY 82

#define UNUSED_U8 0xff
#define UNUSED_U32 0xffffffffu
#define UNUSED_VOLTS 15
#define REQUEST_ANSWERS 4
#define REQUEST_COMMAND 1

bool ant_manufacturer_decode(const uint8_t page[ANT_PAGE_SIZE],
                             struct ant_manufacturer *out)
{
	struct cursor c = cursor_over(page + 3, ANT_PAGE_SIZE - 3);

	if (page[0] != PAGE_MANUFACTURER)
		return false;
	out->hardware = cursor_u8(&c);
	out->manufacturer = cursor_u16(&c);
	out->model = cursor_u16(&c);
	return true;
}

/* One octet is tenths of a version; with a supplement, hundredths and
 * thousandths. */
static uint16_t software_of(uint8_t supplement, uint8_t main)
{
	if (supplement == UNUSED_U8)
		return (uint16_t)(main * 100);
	return (uint16_t)(main * 100 + supplement);
}

bool ant_product_decode(const uint8_t page[ANT_PAGE_SIZE],
                        struct ant_product *out)
{
	struct cursor c = cursor_over(page + 4, ANT_PAGE_SIZE - 4);

	if (page[0] != PAGE_PRODUCT)
		return false;
	out->software = software_of(page[2], page[3]);
	out->serial = cursor_u32(&c);
	out->has_serial = out->serial != UNUSED_U32;
	return true;
}

enum ant_battery ant_battery_of(uint8_t bits)
{
	return bits <= ANT_BATTERY_CRITICAL ? (enum ant_battery)bits
	                                    : ANT_BATTERY_UNKNOWN;
}

bool ant_volts(uint8_t fraction, uint8_t coarse, uint16_t *volts_256)
{
	if (coarse == UNUSED_VOLTS) {
		*volts_256 = 0;
		return false;
	}
	*volts_256 = (uint16_t)(coarse << 8 | fraction);
	return true;
}

bool ant_battery_status_decode(const uint8_t page[ANT_PAGE_SIZE],
                               struct ant_battery_status *out)
{
	struct cursor c = cursor_over(page + 3, ANT_PAGE_SIZE - 3);
	uint32_t unit_s = page[7] & 0x80 ? 2 : 16;

	if (page[0] != PAGE_BATTERY)
		return false;
	out->identifier = page[2];
	out->has_identifier = page[2] != UNUSED_U8;
	out->operating_s = cursor_u24(&c) * unit_s;
	out->has_volts = ant_volts(page[6], page[7] & 0x0f, &out->volts_256);
	out->status = ant_battery_of(page[7] >> 4 & 7);
	return true;
}

void ant_page_request_encode(uint8_t wanted, uint8_t page[ANT_PAGE_SIZE])
{
	memset(page, UNUSED_U8, ANT_PAGE_SIZE);
	page[0] = PAGE_REQUEST;
	page[5] = REQUEST_ANSWERS;
	page[6] = wanted;
	page[7] = REQUEST_COMMAND;
}
