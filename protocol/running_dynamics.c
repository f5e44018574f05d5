/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/running_dynamics.h"

#include <string.h>

#define PAGE0 0
#define PAGE1 1

/* Fields are strings of bits, lowest first, that pay no heed to octets. */
static uint32_t get(const uint8_t *page, unsigned first, unsigned count)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < count; i++) {
		unsigned bit = first + i;

		value |= (uint32_t)(page[bit / 8] >> bit % 8 & 1) << i;
	}
	return value;
}

static void put(uint8_t *page, unsigned first, unsigned count, uint32_t value)
{
	for (unsigned i = 0; i < count; i++) {
		unsigned bit = first + i;

		page[bit / 8] |= (uint8_t)((value >> i & 1) << bit % 8);
	}
}

/* A whole part and a fraction side by side, each its own string of bits */
static uint16_t mixed(uint32_t whole, uint32_t fraction, unsigned bits)
{
	return (uint16_t)(whole << bits | fraction);
}

#define BIT(octet, bit) (8 * (octet) + (bit))

bool rd_page0_decode(const uint8_t page[ANT_PAGE_SIZE], struct rd_page0 *out)
{
	if (page[0] != PAGE0)
		return false;
	*out = (struct rd_page0){
		.cadence = mixed(page[1], get(page, BIT(2, 0), 5), 5),
		.walking = get(page, BIT(2, 5), 1),
		.bidirectional = get(page, BIT(2, 6), 1),
		.vertical_oscillation = mixed(get(page, BIT(3, 0), 11),
		                              get(page, BIT(4, 3), 2), 2),
		.ground_contact_ms = (uint16_t)get(page, BIT(4, 5), 11),
		.stance = mixed(get(page, BIT(6, 0), 7), get(page, BIT(6, 7), 2),
		                2),
		.steps = (uint8_t)get(page, BIT(7, 1), 7),
	};
	return true;
}

void rd_page0_encode(const struct rd_page0 *p, uint8_t page[ANT_PAGE_SIZE])
{
	memset(page, 0, ANT_PAGE_SIZE);
	page[0] = PAGE0;
	put(page, BIT(1, 0), 8, p->cadence >> 5);
	put(page, BIT(2, 0), 5, p->cadence);
	put(page, BIT(2, 5), 1, p->walking);
	put(page, BIT(2, 6), 1, p->bidirectional);
	put(page, BIT(3, 0), 11, p->vertical_oscillation >> 2);
	put(page, BIT(4, 3), 2, p->vertical_oscillation);
	put(page, BIT(4, 5), 11, p->ground_contact_ms);
	put(page, BIT(6, 0), 7, p->stance >> 2);
	put(page, BIT(6, 7), 2, p->stance);
	put(page, BIT(7, 1), 7, p->steps);
}

bool rd_page1_decode(const uint8_t page[ANT_PAGE_SIZE], struct rd_page1 *out)
{
	if (page[0] != PAGE1)
		return false;
	*out = (struct rd_page1){
		.balance = mixed(get(page, BIT(1, 0), 7), get(page, BIT(1, 7), 5),
		                 5),
		.vertical_ratio = mixed(get(page, BIT(2, 4), 7),
		                        get(page, BIT(3, 3), 5), 5),
		.step_mm = (uint16_t)get(page, BIT(4, 0), 13),
		.upside_down = get(page, BIT(5, 5), 1),
		.leader = (uint16_t)get(page, BIT(6, 0), 16),
	};
	return true;
}

void rd_page1_encode(const struct rd_page1 *p, uint8_t page[ANT_PAGE_SIZE])
{
	memset(page, 0, ANT_PAGE_SIZE);
	page[0] = PAGE1;
	put(page, BIT(1, 0), 7, p->balance >> 5);
	put(page, BIT(1, 7), 5, p->balance);
	put(page, BIT(2, 4), 7, p->vertical_ratio >> 5);
	put(page, BIT(3, 3), 5, p->vertical_ratio);
	put(page, BIT(4, 0), 13, p->step_mm);
	put(page, BIT(5, 5), 1, p->upside_down);
	put(page, BIT(5, 6), 2, 3);
	put(page, BIT(6, 0), 16, p->leader);
}
