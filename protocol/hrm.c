/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/hrm.h"

#include "protocol/cursor.h"

#include <string.h>

#define TOGGLE_BIT 0x80u
#define PERCENT_MAX 100

static uint32_t uint_at(const uint8_t *at, size_t count)
{
	struct cursor c = cursor_over(at, count);

	return cursor_uint(&c, count);
}

static void read_battery(const uint8_t *page, struct hrm_page *out)
{
	out->battery.percent = page[1];
	out->battery.has_percent = page[1] <= PERCENT_MAX;
	out->battery.has_volts =
		ant_volts(page[2], page[3] & 0x0f, &out->battery.volts_256);
	out->battery.status = ant_battery_of(page[3] >> 4 & 7);
}

static void read_page(const uint8_t *page, struct hrm_page *out)
{
	switch (out->page) {
	case HRM_PAGE_OPERATING_TIME:
		out->operating_s = uint_at(page + 1, 3) * 2;
		break;
	case HRM_PAGE_MANUFACTURER:
		out->maker.manufacturer = page[1];
		out->maker.serial = (uint16_t)uint_at(page + 2, 2);
		break;
	case HRM_PAGE_PRODUCT:
		out->product.hardware = page[1];
		out->product.software = page[2];
		out->product.model = page[3];
		break;
	case HRM_PAGE_PREVIOUS_BEAT:
		out->previous_beat_time = (uint16_t)uint_at(page + 2, 2);
		break;
	case HRM_PAGE_SWIM:
		out->swim.interval_mean_bpm = page[1];
		out->swim.interval_max_bpm = page[2];
		out->swim.session_mean_bpm = page[3];
		break;
	case HRM_PAGE_FEATURES:
		out->features.supported = page[2];
		out->features.enabled = page[3];
		break;
	case HRM_PAGE_BATTERY:
		read_battery(page, out);
		break;
	default:
		break;
	}
}

void hrm_page_decode(struct hrm_paging *paging,
                     const uint8_t page[ANT_PAGE_SIZE], struct hrm_page *out)
{
	bool toggle = page[0] & TOGGLE_BIT;

	memset(out, 0, sizeof(*out));
	paging->toggled |= paging->heard && toggle != paging->toggle;
	paging->heard = true;
	paging->toggle = toggle;
	out->toggle = toggle;
	out->beat_time = (uint16_t)uint_at(page + 4, 2);
	out->beats = page[6];
	out->rate_bpm = page[7];
	if (!paging->toggled)
		return;
	out->page = page[0] & (uint8_t)~TOGGLE_BIT;
	read_page(page, out);
}
