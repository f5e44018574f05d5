/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which device is meant (nearby.h), by what ftms.md 3.8 says they advertise.
 */
#include "daemon/sources/nearby.h"
#include "protocol/mgmt.h"
#include "tests/unit/bytes.h"
#include "tests/unit/suite.h"

#define SECOND UINT64_C(1000000)

static struct nearby nearby;

static void hear(uint8_t last, int8_t rssi_dbm, const char *hex, uint64_t now_us)
{
	struct le_address address = { .octets = { last }, .type = LE_ADDRESS_PUBLIC };
	struct bytes data = bytes_of(hex);
	struct gap_advertisement told;

	gap_decode(data.at, data.length, &told);
	nearby_heard(&nearby, &address, rssi_dbm, &told, now_us);
}

/* 0 none, else the address's last octet */
static unsigned chosen(const struct peer_profile *profile, const char *name,
                       uint64_t now_us)
{
	struct nearby_choice choice =
		nearby_choose(&nearby, profile, name, now_us);

	return choice.device ? choice.device->address.octets[0] : 0;
}

static void what_is_of_which_kind(void)
{
	static const struct {
		const char *what, *hex;
		bool treadmill, footpod, heart_rate;
	} rows[] = {
		{ "by the book", "020106 0303 2618 0616 2618 01 0100", 1, 0, 0 },
		{ "no service data (Toorx)", "0503 f0ff 2618", 1, 0, 0 },
		{ "service data alone (UREVO)", "0616 2618 01 0100", 1, 0, 0 },
		{ "type in one octet", "0516 2618 01 01", 1, 0, 0 },
		{ "type swapped", "0616 2618 01 0001", 1, 0, 0 },
		{ "a bike", "0303 2618 0616 2618 01 2000", 0, 0, 0 },
		{ "a pod", "0303 1418", 0, 1, 0 },
		{ "a treadmill that tells steps, too", "0503 2618 1418", 1, 0, 0 },
		{ "a strap", "0303 0d18", 0, 0, 1 },
		{ "a strap with running dynamics", "0503 0d18 1418", 0, 1, 1 },
		{ "a phone", "020106", 0, 0, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		nearby = (struct nearby){ .count = 0 };
		hear(7, -50, rows[i].hex, 0);
		hear(7, -50, rows[i].hex, 5 * SECOND);
		if ((chosen(&peer_treadmill, "", 5 * SECOND) == 7) !=
		            rows[i].treadmill ||
		    (chosen(&peer_footpod, "", 5 * SECOND) == 7) !=
		            rows[i].footpod ||
		    (chosen(&peer_heart_rate, "", 5 * SECOND) == 7) !=
		            rows[i].heart_rate)
			CU_FAIL(rows[i].what);
	}
}

static void the_scan_response_comes_later(void)
{
	nearby = (struct nearby){ .count = 0 };
	hear(7, -50, "0303 2618", 0);
	hear(7, -50, "0616 2618 01 2000", SECOND); /* it is a bike */
	CU_ASSERT_EQUAL(chosen(&peer_treadmill, "", 6 * SECOND), 0);
	hear(8, -50, "0303 2618", 6 * SECOND);
	hear(8, -50, "0409 584259", 7 * SECOND);
	CU_ASSERT_EQUAL(chosen(&peer_treadmill, "", 11 * SECOND), 8);
	CU_ASSERT_STRING_EQUAL(nearby.devices[1].name, "XBY");
}

static void all_have_time_to_be_heard(void)
{
	struct nearby_choice choice;

	nearby = (struct nearby){ .count = 0 };
	hear(1, -70, "0303 2618", SECOND);
	choice = nearby_choose(&nearby, &peer_treadmill, "", SECOND);
	CU_ASSERT_PTR_NULL(choice.device);
	CU_ASSERT_EQUAL(choice.decide_us, 6 * SECOND);
	CU_ASSERT_EQUAL(chosen(&peer_treadmill, "", 6 * SECOND - 1), 0);
	CU_ASSERT_EQUAL(chosen(&peer_treadmill, "", 6 * SECOND), 1);
}

static void of_several_none(void)
{
	struct nearby_choice choice;

	nearby = (struct nearby){ .count = 0 };
	hear(1, -70, "0303 2618 0409 414141", 0);
	hear(2, -40, "0303 2618 0409 424242", SECOND);
	hear(3, -60, "0303 2618", SECOND);
	hear(4, -90, "0303 2618", SECOND);
	choice = nearby_choose(&nearby, &peer_treadmill, "", 10 * SECOND);
	CU_ASSERT_PTR_NULL(choice.device);
	CU_ASSERT_EQUAL(choice.count, 4);
	CU_ASSERT_STRING_EQUAL(choice.names, "BBB, 00:00:00:00:00:03, AAA and 1 more");
	/* the others went away */
	hear(1, -70, "0303 2618", 40 * SECOND);
	CU_ASSERT_EQUAL(chosen(&peer_treadmill, "", 45 * SECOND), 1);
}

/* As virtual adapters have it for all */
static void an_unknown_signal_is_no_strong_one(void)
{
	struct nearby_choice choice;

	nearby = (struct nearby){ .count = 0 };
	hear(1, MGMT_RSSI_NONE, "0303 2618 0409 414141", 0);
	hear(2, -90, "0303 2618 0409 424242", 0);
	hear(3, MGMT_RSSI_NONE, "0303 2618 0409 434343", 0);
	hear(4, -40, "0303 2618 0409 444444", 0);
	choice = nearby_choose(&nearby, &peer_treadmill, "", 10 * SECOND);
	CU_ASSERT_STRING_EQUAL(choice.names, "DDD, BBB, AAA and 1 more");
}

static void the_wished_name_at_once(void)
{
	nearby = (struct nearby){ .count = 0 };
	hear(1, -70, "0303 2618 0409 414141", 0);
	hear(2, -40, "0303 2618 0409 424242", 0);
	hear(3, -40, "0409 434343", 0); /* advertises nothing else */
	CU_ASSERT_EQUAL(chosen(&peer_treadmill, "AAA", 0), 1);
	CU_ASSERT_EQUAL(chosen(&peer_treadmill, "CCC", 0), 3);
	CU_ASSERT_EQUAL(chosen(&peer_treadmill, "DDD", 9 * SECOND), 0);
	hear(4, -40, "0409 434343", 0);
	CU_ASSERT_EQUAL(chosen(&peer_treadmill, "CCC", 9 * SECOND), 0);
}

static void what_was_no_treadmill_is_left_out(void)
{
	nearby = (struct nearby){ .count = 0 };
	hear(1, -70, "0303 2618", 0);
	hear(2, -40, "0303 2618", 0);
	nearby_reject(&nearby, &nearby.devices[0].address);
	CU_ASSERT_EQUAL(chosen(&peer_treadmill, "", 5 * SECOND), 2);
	hear(2, -40, "0303 2618", 50 * SECOND);
	hear(1, -40, "0303 2618", 50 * SECOND);
	CU_ASSERT_EQUAL(chosen(&peer_treadmill, "", 55 * SECOND), 2);
}

static void a_crowd_does_not_grow(void)
{
	struct gap_advertisement told = { .name = "" };

	nearby = (struct nearby){ .count = 0 };
	for (uint32_t i = 0; i < 10000; i++) {
		struct le_address address = {
			.octets = { (uint8_t)i, (uint8_t)(i >> 8) },
			.type = LE_ADDRESS_RANDOM,
		};

		nearby_heard(&nearby, &address, -50, &told, i);
	}
	CU_ASSERT_EQUAL(nearby.count, NEARBY_MAX);
	hear(1, -50, "0303 2618", 10000);
	CU_ASSERT_EQUAL(chosen(&peer_treadmill, "", 10000 + 5 * SECOND), 1);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "what is of which kind", what_is_of_which_kind },
		{ "the scan response comes later",
		  the_scan_response_comes_later },
		{ "all have time to be heard", all_have_time_to_be_heard },
		{ "of several none", of_several_none },
		{ "an unknown signal is no strong one",
		  an_unknown_signal_is_no_strong_one },
		{ "the wished name at once", the_wished_name_at_once },
		{ "what was no treadmill", what_was_no_treadmill_is_left_out },
		{ "a crowd does not grow", a_crowd_does_not_grow },
		CU_TEST_INFO_NULL,
	};

	return suite_run("nearby", tests);
}
