/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sources/ant_around.h"
#include "tests/unit/suite.h"

#include <string.h>

#define S UINT64_C(1000000)

static struct ant_data device(uint16_t number, uint8_t type, uint8_t transmission)
{
	return (struct ant_data){
		.extensions = ANT_EXT_CHANNEL_ID,
		.device_number = number,
		.device_type = type,
		.transmission_type = transmission,
	};
}

/* Watches and pods' cases show 16 bits; the transmission type has four more. */
static void test_numbers(void)
{
	struct ant_data small = device(57043, 124, 0x05), large = device(57043, 124, 0x15);
	struct ant_data unknown = { .device_number = 57043 };

	CU_ASSERT_EQUAL(ant_around_number(&small), 57043);
	CU_ASSERT_EQUAL(ant_around_number(&large), 57043 + 65536);
	CU_ASSERT_TRUE(ant_around_is(57043, &small));
	CU_ASSERT_TRUE(ant_around_is(57043, &large));
	CU_ASSERT_TRUE(ant_around_is(57043 + 65536, &large));
	CU_ASSERT_FALSE(ant_around_is(57043 + 65536, &small));
	CU_ASSERT_FALSE(ant_around_is(0, &small));
	CU_ASSERT_FALSE(ant_around_is(57043, &unknown));
}

static void test_places(void)
{
	struct ant_around around = { { { 0 } } };
	struct ant_data pod = device(1, 124, 5), strap = device(1, 120, 1), other;
	size_t place = ant_around_heard(&around, &pod, 1 * S);

	CU_ASSERT_NOT_EQUAL(ant_around_heard(&around, &strap, 1 * S), place);
	for (uint16_t i = 0; i < 100; i++) {
		other = device((uint16_t)(1000 + i), 124, 5);
		ant_around_heard(&around, &other, 2 * S + i);
		/* who is heard keeps his place, however many come */
		CU_ASSERT_EQUAL(ant_around_heard(&around, &pod, 2 * S + i), place);
	}
	CU_ASSERT_EQUAL(around.devices[place].number, 1);
	CU_ASSERT_EQUAL(around.devices[place].messages, 101);
	CU_ASSERT_EQUAL(ant_around_count(&around, 124, 10 * S, 3 * S), ANT_AROUND_MAX);
	CU_ASSERT_EQUAL(ant_around_count(&around, 124, 10 * S, 30 * S), 0);
}

/* A place that is given to another begins anew. */
static void test_forgotten(void)
{
	struct ant_around around = { { { 0 } } };
	struct ant_data first = device(1, 124, 5), second = device(2, 124, 5);
	size_t place;

	first.extensions |= ANT_EXT_RSSI;
	first.rssi_dbm = -60;
	place = ant_around_heard(&around, &first, 0);
	CU_ASSERT_EQUAL(around.devices[place].rssi_dbm, -60);
	CU_ASSERT_EQUAL(ant_around_heard(&around, &second, ANT_AROUND_FORGET_US + 1), place);
	CU_ASSERT_EQUAL(around.devices[place].number, 2);
	CU_ASSERT_EQUAL(around.devices[place].rssi_dbm, ANT_RSSI_NONE);
	CU_ASSERT_EQUAL(around.devices[place].messages, 1);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "numbers of 16 and 20 bits", test_numbers },
		{ "places", test_places },
		{ "who is not heard is forgotten", test_forgotten },
		CU_TEST_INFO_NULL,
	};

	return suite_run("ant_around", tests);
}
