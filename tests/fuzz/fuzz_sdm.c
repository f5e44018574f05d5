/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any octets as the pages of a pod, ten each: milliseconds since the one before
 * (u16) and the page. A page encodes again to what it was; the cadence is no
 * other when the pod's counters, its clock or ours begin somewhere else.
 */
#include "protocol/sdm_cadence.h"

#include <stdlib.h>
#include <string.h>

#define RECORD (2 + SDM_PAGE_SIZE)
#define TIME_WRAP 51200u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_page(const uint8_t *page)
{
	uint8_t again[SDM_PAGE_SIZE], expected[SDM_PAGE_SIZE];
	struct sdm_page1 p1;
	struct sdm_page2 p2;
	struct sdm_page16 p16;
	uint8_t capabilities;

	memcpy(expected, page, sizeof(expected));
	if (sdm_page1_decode(page, &p1)) {
		require(p1.time < TIME_WRAP && p1.distance < 4096 &&
		        p1.speed < 4096);
		sdm_page1_encode(&p1, again);
		if (page[1] >= 200) /* no fraction of a second */
			return;
	} else if (sdm_page2_decode(page, &p2)) {
		require(p2.page >= 2 && p2.page <= 15);
		sdm_page2_encode(&p2, again);
		expected[1] = expected[2] = 0; /* reserved */
		if (page[0] != 3) /* calories */
			expected[6] = 0;
	} else if (sdm_page16_decode(page, &p16)) {
		sdm_page16_encode(&p16, again);
	} else if (sdm_page22_decode(page, &capabilities)) {
		sdm_page22_encode(capabilities, again);
		memset(expected + 2, 0xff, sizeof(expected) - 2);
		expected[1] &= SDM_CAN_ALL;
	} else {
		return;
	}
	require(memcmp(again, expected, sizeof(again)) == 0);
}

/* The same page of a pod that began to count elsewhere */
static void shift(const uint8_t *page, uint8_t *shifted)
{
	struct sdm_page1 p;

	memcpy(shifted, page, SDM_PAGE_SIZE);
	if (!sdm_page1_decode(page, &p))
		return;
	p.time = (uint16_t)((p.time + 40000) % TIME_WRAP);
	p.strides = (uint8_t)(p.strides + 200);
	p.distance = (uint16_t)((p.distance + 1234) % 4096);
	sdm_page1_encode(&p, shifted);
}

static void check_state(const struct sdm_cadence *c, uint64_t now_us)
{
	require(c->edge_count <= SDM_EDGES);
	require(c->milli_spm >= 0);
	for (unsigned i = 1; i < c->edge_count; i++) {
		require(c->edges[i].strides > c->edges[i - 1].strides);
		require(c->edges[i].page_us >= c->edges[i - 1].page_us);
		require(c->edges[i].received_us >= c->edges[i - 1].received_us);
	}
	require(c->last_us <= now_us && c->page2_us <= now_us);
}

static void check_pages(const uint8_t *data, size_t size)
{
	struct sdm_cadence here, there;
	uint64_t now_us = 5000000;

	memset(&here, 0, sizeof(here));
	memset(&there, 0, sizeof(there));
	for (; size >= RECORD; data += RECORD, size -= RECORD) {
		const uint8_t *page = data + 2;
		uint8_t shifted[SDM_PAGE_SIZE];
		int32_t milli_spm = -1, elsewhere = -1;
		bool read;

		now_us += (data[0] + 256u * data[1]) * UINT64_C(1000);
		check_page(page);
		shift(page, shifted);
		read = sdm_cadence_feed(&here, page, now_us, &milli_spm);
		require(read == (milli_spm >= 0));
		require(sdm_cadence_feed(&there, shifted,
		                         now_us + UINT64_C(86400000000),
		                         &elsewhere) == read);
		require(milli_spm == elsewhere);
		require(here.anomalies == there.anomalies);
		check_state(&here, now_us);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_pages(data, size);
	return 0;
}
