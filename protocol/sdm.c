/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/sdm.h"

#include "protocol/cursor.h"
#include "protocol/packer.h"

#include <string.h>

#define PAGE1 1
#define PAGE2_FIRST 2
#define PAGE2_LAST 15
#define PAGE_CALORIES 3
#define PAGE_SUMMARY 16
#define PAGE_CAPABILITIES 22

#define TIME_PER_SECOND 200u
#define TIME_WRAP 51200u

bool sdm_page1_decode(const uint8_t page[SDM_PAGE_SIZE], struct sdm_page1 *out)
{
	if (page[0] != PAGE1)
		return false;
	*out = (struct sdm_page1){
		.time = (uint16_t)((page[2] * TIME_PER_SECOND + page[1]) %
		                   TIME_WRAP),
		.distance = (uint16_t)(page[3] << 4 | page[4] >> 4),
		.speed = (uint16_t)((page[4] & 0x0f) << 8 | page[5]),
		.strides = page[6],
		.latency = page[7],
	};
	return true;
}

void sdm_page1_encode(const struct sdm_page1 *p, uint8_t page[SDM_PAGE_SIZE])
{
	page[0] = PAGE1;
	page[1] = (uint8_t)(p->time % TIME_PER_SECOND);
	page[2] = (uint8_t)(p->time / TIME_PER_SECOND);
	page[3] = (uint8_t)(p->distance >> 4);
	page[4] = (uint8_t)((p->distance & 0x0f) << 4 | (p->speed >> 8 & 0x0f));
	page[5] = (uint8_t)p->speed;
	page[6] = p->strides;
	page[7] = p->latency;
}

bool sdm_page2_decode(const uint8_t page[SDM_PAGE_SIZE], struct sdm_page2 *out)
{
	if (page[0] < PAGE2_FIRST || page[0] > PAGE2_LAST)
		return false;
	*out = (struct sdm_page2){
		.page = page[0],
		.cadence = (uint16_t)(page[3] << 4 | page[4] >> 4),
		.speed = (uint16_t)((page[4] & 0x0f) << 8 | page[5]),
		.calories = page[0] == PAGE_CALORIES ? page[6] : 0,
		.location = page[7] >> 6,
		.battery = page[7] >> 4 & 3,
		.health = page[7] >> 2 & 3,
		.use = page[7] & 3,
	};
	return true;
}

void sdm_page2_encode(const struct sdm_page2 *p, uint8_t page[SDM_PAGE_SIZE])
{
	memset(page, 0, SDM_PAGE_SIZE);
	page[0] = p->page;
	page[3] = (uint8_t)(p->cadence >> 4);
	page[4] = (uint8_t)((p->cadence & 0x0f) << 4 | (p->speed >> 8 & 0x0f));
	page[5] = (uint8_t)p->speed;
	page[6] = p->page == PAGE_CALORIES ? p->calories : 0;
	page[7] = (uint8_t)((p->location & 3) << 6 | (p->battery & 3) << 4 |
	                    (p->health & 3) << 2 | (p->use & 3));
}

bool sdm_page16_decode(const uint8_t page[SDM_PAGE_SIZE],
                       struct sdm_page16 *out)
{
	struct cursor c = cursor_over(page, SDM_PAGE_SIZE);

	if (cursor_u8(&c) != PAGE_SUMMARY)
		return false;
	out->strides = cursor_u24(&c);
	out->distance = cursor_u32(&c);
	return true;
}

void sdm_page16_encode(const struct sdm_page16 *p, uint8_t page[SDM_PAGE_SIZE])
{
	struct packer w = packer_into(page, SDM_PAGE_SIZE);

	packer_uint(&w, PAGE_SUMMARY, 1);
	packer_uint(&w, p->strides, 3);
	packer_uint(&w, p->distance, 4);
}

bool sdm_page22_decode(const uint8_t page[SDM_PAGE_SIZE], uint8_t *out)
{
	if (page[0] != PAGE_CAPABILITIES)
		return false;
	*out = page[1] & SDM_CAN_ALL;
	return true;
}

void sdm_page22_encode(uint8_t capabilities, uint8_t page[SDM_PAGE_SIZE])
{
	memset(page, 0xff, SDM_PAGE_SIZE);
	page[0] = PAGE_CAPABILITIES;
	page[1] = capabilities & SDM_CAN_ALL;
}
