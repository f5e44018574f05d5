/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Layouts are those of BlueZ doc/mgmt-api.txt.
 */
#include "protocol/gap.h"
#include "protocol/mgmt.h"
#include "tests/unit/bytes.h"
#include "tests/unit/suite.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_commands(void)
{
	struct uuid services[2] = { uuid_from16(0x1826), uuid_from16(0x1814) };
	struct le_address address = { { 1, 2, 3, 4, 5, 6 }, LE_ADDRESS_RANDOM };
	uint8_t out[MGMT_COMMAND_MAX];
	size_t n;

	n = mgmt_command(out, sizeof(out), MGMT_READ_VERSION, MGMT_INDEX_NONE);
	CU_ASSERT(bytes_are(out, n, "0100 ffff 0000"));
	n = mgmt_command(out, sizeof(out), MGMT_READ_INFO, 1);
	CU_ASSERT(bytes_are(out, n, "0400 0100 0000"));
	n = mgmt_command_octet(out, sizeof(out), MGMT_SET_POWERED, 0, 1);
	CU_ASSERT(bytes_are(out, n, "0500 0000 0100 01"));
	n = mgmt_command_octet(out, sizeof(out), MGMT_START_DISCOVERY, 0,
	                       MGMT_DISCOVER_LE);
	CU_ASSERT(bytes_are(out, n, "2300 0000 0100 06"));
	n = mgmt_command_address(out, sizeof(out), MGMT_DISCONNECT, 0, &address);
	CU_ASSERT(bytes_are(out, n, "1400 0000 0700 010203040506 02"));
	n = mgmt_start_service_discovery(out, sizeof(out), 0, services, 2);
	CU_ASSERT(bytes_are(out, n,
	                    "3a00 0000 2400 06 7f 0200"
	                    "fb349b5f8000008000100000 26180000"
	                    "fb349b5f8000008000100000 14180000"));
}

static void test_no_room(void)
{
	struct uuid services[8] = { { { 0 } } };
	uint8_t out[MGMT_COMMAND_MAX];

	CU_ASSERT_EQUAL(mgmt_command(out, 5, MGMT_READ_INFO, 0), 0);
	CU_ASSERT_EQUAL(mgmt_command_octet(out, 6, MGMT_SET_LE, 0, 1), 0);
	CU_ASSERT_EQUAL(mgmt_start_service_discovery(out, sizeof(out), 0,
	                                             services, 8), 0);
}

static struct bytes kept; /* the pointers of a decoded event reach into it */

static struct mgmt_event decoded(const char *hex)
{
	struct mgmt_event event = { .code = 0xeeee };

	kept = bytes_of(hex);
	CU_ASSERT(mgmt_event_decode(kept.at, kept.length, &event));
	return event;
}

static void test_device_found(void)
{
	struct gap_advertisement a;
	struct mgmt_event e =
		decoded("1200 0000 1a00 0100000100aa 02 c4 04000000 0c00"
		        "020106 0303 2618 0409 46532d");

	CU_ASSERT_EQUAL(e.code, MGMT_DEVICE_FOUND);
	CU_ASSERT_EQUAL(e.index, 0);
	CU_ASSERT_EQUAL(e.address.type, LE_ADDRESS_RANDOM);
	CU_ASSERT_EQUAL(e.address.octets[5], 0xaa);
	CU_ASSERT(e.is_le);
	CU_ASSERT_EQUAL(e.rssi_dbm, -60);
	CU_ASSERT(e.flags & MGMT_FOUND_NOT_CONNECTABLE);
	CU_ASSERT(gap_decode(e.advertising, e.advertising_length, &a));
	CU_ASSERT(gap_offers(&a, 0x1826));
	CU_ASSERT_STRING_EQUAL(a.name, "FS-");
}

static void test_device_found_bad_lengths(void)
{
	static const char *const rows[] = {
		/* advertising data longer than the event */
		"1200 0000 1100 0100000100aa 01 7f 00000000 0400 020106",
		/* the event longer than the datagram */
		"1200 0000 1200 0100000100aa 01 7f 00000000 0300 020106",
		"1200 0000 0d00 0100000100aa 01 7f 00000000 03",
		"1200 0000 0000",
		"1200 0000",
		"",
	};
	struct mgmt_event e = { .code = 0xeeee };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes in = bytes_of(rows[i]);

		CU_ASSERT_FALSE(mgmt_event_decode(in.at, in.length, &e));
	}
	CU_ASSERT_EQUAL(e.code, 0xeeee);
}

static void test_answers(void)
{
	struct mgmt_event e = decoded("0100 ffff 0600 0100 00 01 1700");
	struct mgmt_version version;
	struct mgmt_index_list list;

	CU_ASSERT_EQUAL(e.code, MGMT_COMMAND_COMPLETE);
	CU_ASSERT_EQUAL(e.opcode, MGMT_READ_VERSION);
	CU_ASSERT_EQUAL(e.status, MGMT_SUCCESS);
	CU_ASSERT(mgmt_version_decode(e.result, e.result_length, &version));
	CU_ASSERT_EQUAL(version.version, 1);
	CU_ASSERT_EQUAL(version.revision, 23);

	e = decoded("0100 ffff 0900 0300 00 0200 0000 0100");
	CU_ASSERT(mgmt_index_list_decode(e.result, e.result_length, &list));
	CU_ASSERT_EQUAL(list.count, 2);
	CU_ASSERT_EQUAL(list.indexes[1], 1);
	CU_ASSERT_FALSE(mgmt_index_list_decode(e.result, 5, &list));

	e = decoded("0200 0000 0300 2300 0a");
	CU_ASSERT_EQUAL(e.code, MGMT_COMMAND_STATUS);
	CU_ASSERT_EQUAL(e.opcode, MGMT_START_DISCOVERY);
	CU_ASSERT_EQUAL(e.status, MGMT_BUSY);
}

static void test_more_controllers_than_fit(void)
{
	uint8_t result[2 + 2 * 100] = { 100 };
	struct mgmt_index_list list;

	CU_ASSERT(mgmt_index_list_decode(result, sizeof(result), &list));
	CU_ASSERT_EQUAL(list.count, MGMT_INDEXES_MAX);
}

static void test_info(void)
{
	struct bytes in = bytes_of("0000000100aa 0a 0200 ffbe0000 c10a0000"
	                           "000000 6c6162");
	struct mgmt_info info;
	uint32_t settings;

	CU_ASSERT(mgmt_info_decode(in.at, in.length, &info));
	CU_ASSERT_EQUAL(info.address.octets[5], 0xaa);
	CU_ASSERT_EQUAL(info.manufacturer, 2);
	CU_ASSERT_EQUAL(info.supported, 0xbeff);
	CU_ASSERT(info.current & MGMT_SETTING_POWERED);
	CU_ASSERT(info.current & MGMT_SETTING_LE);
	CU_ASSERT_STRING_EQUAL(info.name, "lab");
	CU_ASSERT_FALSE(mgmt_info_decode(in.at, 19, &info));
	CU_ASSERT(mgmt_settings_decode(in.at, 4, &settings));
	CU_ASSERT_FALSE(mgmt_settings_decode(in.at, 3, &settings));
}

static void test_other_events(void)
{
	struct mgmt_event e = decoded("0c00 0100 0800 0000000100aa 01 01");

	CU_ASSERT_EQUAL(e.code, MGMT_DEVICE_DISCONNECTED);
	CU_ASSERT_EQUAL(e.index, 1);
	CU_ASSERT_EQUAL(e.reason, MGMT_REASON_TIMEOUT);
	e = decoded("0b00 0000 0d00 0000000100aa 02 08000000 0000");
	CU_ASSERT_EQUAL(e.code, MGMT_DEVICE_CONNECTED);
	CU_ASSERT_EQUAL(e.flags, 8);
	CU_ASSERT_EQUAL(e.advertising_length, 0);
	e = decoded("0d00 0000 0800 0000000100aa 01 04");
	CU_ASSERT_EQUAL(e.code, MGMT_CONNECT_FAILED);
	CU_ASSERT_EQUAL(e.status, 4);
	e = decoded("0600 0000 0400 010a0000");
	CU_ASSERT_EQUAL(e.settings, MGMT_SETTING_POWERED | MGMT_SETTING_LE |
	                        1u << 11);
	e = decoded("1300 0000 0200 06 01");
	CU_ASSERT(e.discovering);
	CU_ASSERT_EQUAL(e.discovery_types, MGMT_DISCOVER_LE);
	e = decoded("0f00 0000 0c00 0000000100aa 01 01 40e20100");
	CU_ASSERT(e.just_ask);
	CU_ASSERT_EQUAL(e.passkey, 123456);
	e = decoded("0400 0200 0000");
	CU_ASSERT_EQUAL(e.code, MGMT_INDEX_ADDED);
	e = decoded("0300 0000 0100 05");
	CU_ASSERT_EQUAL(e.status, 5);
	e = decoded("1200 0000 0e00 0000000100aa 00 7f 00000000 0000");
	CU_ASSERT_FALSE(e.is_le);
	e = decoded("ff00 0000 0200 0000"); /* a later kernel's */
	CU_ASSERT_EQUAL(e.code, 0x00ff);
	e = decoded("1300 0000 0400 06 00 0000"); /* a field appended */
	CU_ASSERT_FALSE(e.discovering);
	e = decoded("0100 ffff 0300 0100 00 | 01 1700"); /* beyond its length */
	CU_ASSERT_EQUAL(e.result_length, 0);
}

static void test_words(void)
{
	CU_ASSERT_STRING_EQUAL(mgmt_status_text(MGMT_PERMISSION_DENIED),
	                       "permission denied");
	CU_ASSERT_STRING_EQUAL(mgmt_status_text(MGMT_RFKILLED),
	                       "blocked by rfkill");
	CU_ASSERT_STRING_EQUAL(mgmt_status_text(0xff), "unknown status");
	CU_ASSERT_STRING_EQUAL(mgmt_reason_text(MGMT_REASON_TIMEOUT),
	                       "out of range or switched off");
	CU_ASSERT_STRING_EQUAL(mgmt_reason_text(99), "no reason given");
	CU_ASSERT_STRING_EQUAL(mgmt_opcode_name(MGMT_SET_LE),
	                       "set low energy");
	CU_ASSERT_STRING_EQUAL(mgmt_opcode_name(0x0042), "unknown command");
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "commands", test_commands },
		{ "no room", test_no_room },
		{ "device found", test_device_found },
		{ "device found, bad lengths", test_device_found_bad_lengths },
		{ "answers", test_answers },
		{ "more controllers than fit", test_more_controllers_than_fit },
		{ "controller information", test_info },
		{ "other events", test_other_events },
		{ "words", test_words },
		CU_TEST_INFO_NULL,
	};

	return suite_run("mgmt", tests);
}
