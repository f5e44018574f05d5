/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any octets as pages of eight, each as heart rate, as Running Dynamics and as
 * a common page. Running Dynamics encode again to what they were; the rest stay
 * within what their fields can hold.
 */
#include "protocol/ant_common.h"
#include "protocol/hrm.h"
#include "protocol/running_dynamics.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_dynamics(const uint8_t *page)
{
	uint8_t again[ANT_PAGE_SIZE], expected[ANT_PAGE_SIZE];
	struct rd_page0 p0;
	struct rd_page1 p1;

	memcpy(expected, page, sizeof(expected));
	if (rd_page0_decode(page, &p0)) {
		rd_page0_encode(&p0, again);
		expected[2] &= 0x7f; /* reserved */
	} else if (rd_page1_decode(page, &p1)) {
		rd_page1_encode(&p1, again);
		expected[5] |= 0xc0; /* reserved */
	} else {
		return;
	}
	require(memcmp(again, expected, sizeof(again)) == 0);
}

static void check_common(const uint8_t *page)
{
	struct ant_manufacturer maker;
	struct ant_product product;
	struct ant_battery_status battery;

	require(ant_manufacturer_decode(page, &maker) == (page[0] == 80));
	require(ant_product_decode(page, &product) == (page[0] == 81));
	if (!ant_battery_status_decode(page, &battery)) {
		require(page[0] != 82);
		return;
	}
	require(battery.status <= ANT_BATTERY_CRITICAL);
	require(battery.volts_256 < 15 * 256);
	require(battery.has_volts || battery.volts_256 == 0);
}

static void check_heart(struct hrm_paging *paging, const uint8_t *bytes)
{
	bool moves = paging->heard && paging->toggle != (bytes[0] >= 0x80);
	bool had_pages = paging->toggled;
	struct hrm_page page;

	hrm_page_decode(paging, bytes, &page);
	require(paging->toggled == (had_pages || moves));
	require(page.page == (paging->toggled ? (bytes[0] & 0x7f) : 0));
	require(page.rate_bpm == bytes[7] && page.beats == bytes[6]);
	if (page.page == HRM_PAGE_BATTERY)
		require(!page.battery.has_percent ||
		        page.battery.percent <= 100);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hrm_paging paging;

	memset(&paging, 0, sizeof(paging));
	for (; size >= ANT_PAGE_SIZE;
	     data += ANT_PAGE_SIZE, size -= ANT_PAGE_SIZE) {
		check_dynamics(data);
		check_common(data);
		check_heart(&paging, data);
	}
	return 0;
}
