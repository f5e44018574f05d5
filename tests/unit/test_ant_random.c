/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * ANT+ pages of any octets: what is read of them is what is read again once it
 * was written, reserved bits and all; and what page 22 says is obeyed.
 */
#include "protocol/running_dynamics.h"
#include "protocol/sdm_cadence.h"
#include "tests/unit/suite.h"

#include <string.h>

#define ROUNDS 2000

static uint32_t dice;

static void random_page(uint8_t number, uint8_t page[SDM_PAGE_SIZE])
{
	for (unsigned i = 0; i < SDM_PAGE_SIZE; i++) {
		dice = dice * 1664525u + 1013904223u;
		page[i] = (uint8_t)(dice >> 24);
	}
	page[0] = number;
}

/* Reads with `decode`, writes with `encode`, reads again: the same. `decode`
 * takes nothing but its own pages. */
#define THERE_AND_BACK(type, first, last, decode, encode)                          \
	for (unsigned round = 0; round < ROUNDS; round++) {                        \
		for (int number = 0; number < 256; number++) {                     \
			uint8_t page[SDM_PAGE_SIZE], again[SDM_PAGE_SIZE];         \
			bool is_one = number >= (first) && number <= (last);       \
			type a, b;                                                 \
                                                                                   \
			if (!is_one && round > 2)                                  \
				continue;                                          \
			memset(&a, 0, sizeof(a));                                  \
			memset(&b, 0, sizeof(b));                                  \
			random_page((uint8_t)number, page);                        \
			CU_ASSERT_EQUAL_FATAL(decode(page, &a), is_one);           \
			if (!is_one)                                               \
				continue;                                          \
			encode(&a, again);                                         \
			CU_ASSERT_TRUE_FATAL(decode(again, &b));                   \
			CU_ASSERT_EQUAL(memcmp(&a, &b, sizeof(a)), 0);             \
		}                                                                  \
	}

static void encode_capabilities(const uint8_t *capabilities, uint8_t *page)
{
	sdm_page22_encode(*capabilities, page);
}

static void test_foot_pod_pages(void)
{
	dice = 22;
	THERE_AND_BACK(struct sdm_page1, 1, 1, sdm_page1_decode, sdm_page1_encode)
	THERE_AND_BACK(struct sdm_page2, 2, 15, sdm_page2_decode, sdm_page2_encode)
	THERE_AND_BACK(struct sdm_page16, 16, 16, sdm_page16_decode, sdm_page16_encode)
	THERE_AND_BACK(uint8_t, 22, 22, sdm_page22_decode, encode_capabilities)
}

/* Every octet of page 1 tells, but that its time may be too large. */
static void test_page1_is_kept_to_the_octet(void)
{
	uint8_t page[SDM_PAGE_SIZE], again[SDM_PAGE_SIZE];
	struct sdm_page1 p;

	dice = 1;
	for (unsigned round = 0; round < ROUNDS; round++) {
		random_page(1, page);
		page[1] %= 200;
		CU_ASSERT_TRUE_FATAL(sdm_page1_decode(page, &p));
		sdm_page1_encode(&p, again);
		CU_ASSERT_EQUAL(memcmp(page, again, sizeof(page)), 0);
	}
}

static void test_dynamics_pages(void)
{
	dice = 30;
	THERE_AND_BACK(struct rd_page0, 0, 0, rd_page0_decode, rd_page0_encode)
	THERE_AND_BACK(struct rd_page1, 1, 1, rd_page1_decode, rd_page1_encode)
}

/* ---- page 22 bears on cadence ---- */

static bool feed_page2(struct sdm_cadence *c, uint64_t t_us, int32_t *milli_spm)
{
	const struct sdm_page2 page2 = { .page = 2, .cadence = 80 * 16, .speed = 700, .use = 1 };
	uint8_t page[SDM_PAGE_SIZE];

	sdm_page2_encode(&page2, page);
	return sdm_cadence_feed(c, page, t_us, milli_spm);
}

static void test_capabilities(void)
{
	struct sdm_cadence c = { .has_page1 = false };
	uint8_t page[SDM_PAGE_SIZE];
	int32_t milli_spm = 0;

	CU_ASSERT_TRUE(feed_page2(&c, 1000000, &milli_spm));
	CU_ASSERT_EQUAL(milli_spm, 160000);
	sdm_page22_encode(0, page); /* fills nothing? Then it is no answer */
	CU_ASSERT_FALSE(sdm_cadence_feed(&c, page, 1250000, &milli_spm));
	CU_ASSERT_TRUE(feed_page2(&c, 1500000, &milli_spm));
	sdm_page22_encode(SDM_CAN_TIME | SDM_CAN_SPEED, page);
	CU_ASSERT_FALSE(sdm_cadence_feed(&c, page, 1750000, &milli_spm));
	CU_ASSERT_FALSE(feed_page2(&c, 2000000, &milli_spm));
	sdm_page22_encode(SDM_CAN_ALL, page);
	CU_ASSERT_FALSE(sdm_cadence_feed(&c, page, 2250000, &milli_spm));
	CU_ASSERT_TRUE(feed_page2(&c, 2500000, &milli_spm));
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "foot pod pages there and back", test_foot_pod_pages },
		{ "page 1 is kept to the octet", test_page1_is_kept_to_the_octet },
		{ "Running Dynamics there and back", test_dynamics_pages },
		{ "what page 22 says is not filled", test_capabilities },
		CU_TEST_INFO_NULL,
	};

	return suite_run("ant_random", tests);
}
