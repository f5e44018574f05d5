/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "protocol/gap.h"
#include "tests/unit/bytes.h"
#include "tests/unit/suite.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct gap_advertisement decoded(const char *hex)
{
	struct gap_advertisement out = { 0 };
	struct bytes in = bytes_of(hex);

	CU_ASSERT(gap_decode(in.at, in.length, &out));
	return out;
}

/* As a kernel handed it up: advertising and scan response in one */
static void test_treadmill(void)
{
	struct gap_advertisement a =
		decoded("020106 03032618 0616 2618 01 0100"
		        "0a09 54524541444d494c4c");

	CU_ASSERT(a.has_flags);
	CU_ASSERT_EQUAL(a.flags, 0x06);
	CU_ASSERT(gap_offers(&a, GAP_UUID_FITNESS_MACHINE));
	CU_ASSERT_FALSE(gap_offers(&a, GAP_UUID_RUNNING_SPEED));
	CU_ASSERT(a.has_machine);
	CU_ASSERT(a.machine_available);
	CU_ASSERT_EQUAL(a.machines, GAP_MACHINE_TREADMILL);
	CU_ASSERT_STRING_EQUAL(a.name, "TREADMILL");
	CU_ASSERT(a.name_complete);
	CU_ASSERT_FALSE(a.malformed);
}

static void test_where_a_service_stands(void)
{
	static const struct {
		const char *where, *hex;
		bool offers;
	} rows[] = {
		{ "incomplete 16-bit list", "0302 2618", true },
		{ "complete 16-bit list", "0303 2618", true },
		{ "second of three", "0703 0a18 2618 0d18", true },
		{ "FFF0 and 1826, no service data (Toorx)", "0503 f0ff 2618",
		  true },
		{ "32-bit list", "0505 26180000", true },
		{ "incomplete 128-bit list",
		  "1106 fb349b5f8000008000100000 26180000", true },
		{ "complete 128-bit list",
		  "1107 fb349b5f8000008000100000 26180000", true },
		{ "128-bit, another base",
		  "1107 fb349b5f8000008000100001 26180000", false },
		{ "service data alone (UREVO)", "0616 2618 01 0100", true },
		{ "service data of another", "0616 0f18 01 0100", false },
		{ "odd end of a list", "0403 0a18 26", false },
		{ "manufacturer's own data", "05ff 2618 2618", false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct gap_advertisement a = decoded(rows[i].hex);

		if (gap_offers(&a, 0x1826) != rows[i].offers) {
			printf("wrong: %s\n", rows[i].where);
			CU_FAIL("service");
		}
	}
}

static void test_machine_type(void)
{
	static const struct {
		const char *variant, *hex;
		bool available;
		uint8_t machines;
	} rows[] = {
		{ "as specified", "0616 2618 01 0100", true, 0x01 },
		{ "bike", "0616 2618 01 2000", true, 0x20 },
		{ "octets swapped", "0616 2618 01 0001", true, 0x01 },
		{ "type in one octet", "0516 2618 01 01", true, 0x01 },
		{ "flags alone", "0416 2618 01", true, 0 },
		{ "not available", "0616 2618 00 0100", false, 0x01 },
		{ "reserved flags", "0616 2618 fe 0100", false, 0x01 },
		{ "more octets", "0816 2618 01 0100 2020", true, 0x01 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct gap_advertisement a = decoded(rows[i].hex);

		CU_ASSERT(a.has_machine);
		CU_ASSERT_EQUAL(a.machine_available, rows[i].available);
		if (a.machines != rows[i].machines) {
			printf("wrong: %s\n", rows[i].variant);
			CU_FAIL("machine type");
		}
	}
	CU_ASSERT_FALSE(decoded("0316 2618").has_machine);
}

static void test_names(void)
{
	static const struct {
		const char *hex, *name;
		bool complete;
	} rows[] = {
		{ "0409 46532d", "FS-", true },
		{ "0408 46532d", "FS-", false },
		{ "0308 4653 0409 46532d", "FS-", true },
		{ "0409 46532d 0308 4653", "FS-", true }, /* either order */
		{ "0109", "", false },
		{ "0409 000000", "", false },
		{ "0709 2052756e2000", "Run", true },     /* blanks, NUL */
		{ "0609 1b5b33316d", "?[31m", true },     /* escape code */
		{ "0509 c3a4ff41", "\xc3\xa4?A", true },  /* Latin-1 in it */
		{ "0309 41c3", "A?", true },              /* cut character */
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct gap_advertisement a = decoded(rows[i].hex);

		CU_ASSERT_STRING_EQUAL(a.name, rows[i].name);
		CU_ASSERT_EQUAL(a.name_complete, rows[i].complete);
	}
}

static void test_others(void)
{
	struct gap_advertisement a = decoded("020af4 0319 4104");

	CU_ASSERT(a.has_tx_power);
	CU_ASSERT_EQUAL(a.tx_power_dbm, -12);
	CU_ASSERT(a.has_appearance);
	CU_ASSERT_EQUAL(a.appearance, 0x0441);
	a = decoded("010a 0219 41 0101");
	CU_ASSERT_FALSE(a.has_tx_power);
	CU_ASSERT_FALSE(a.has_appearance);
	CU_ASSERT_FALSE(a.has_flags);
}

static void test_hostile_lengths(void)
{
	struct gap_advertisement a = { .flags = 0xaa };
	struct bytes in;

	CU_ASSERT_FALSE(gap_decode((const uint8_t *)"", 0, &a));
	CU_ASSERT_FALSE(gap_decode((const uint8_t *)"\xff", 1, &a));
	CU_ASSERT_FALSE(gap_decode((const uint8_t *)"\0\0\0", 3, &a));
	CU_ASSERT_EQUAL(a.flags, 0xaa);

	a = decoded("0303 2618 1f09 46"); /* the name runs over the end */
	CU_ASSERT(gap_offers(&a, 0x1826));
	CU_ASSERT(a.malformed);
	CU_ASSERT_STRING_EQUAL(a.name, "");

	a = decoded("0303 2618 00 0409 46532d"); /* early end */
	CU_ASSERT_STRING_EQUAL(a.name, "");
	CU_ASSERT_FALSE(a.malformed);

	in = bytes_of("fd09");
	memset(in.at + 2, 'n', 252);
	CU_ASSERT(gap_decode(in.at, 254, &a));
	CU_ASSERT_EQUAL(strlen(a.name), GAP_NAME_SIZE - 1);
}

static void test_more_services_than_fit(void)
{
	struct gap_advertisement a;
	uint8_t bytes[2 + 2 * 100] = { 201, 0x03 };

	for (size_t i = 0; i < 100; i++)
		bytes[2 + 2 * i] = (uint8_t)(1 + i);
	CU_ASSERT(gap_decode(bytes, sizeof(bytes), &a));
	CU_ASSERT_EQUAL(a.service_count, GAP_SERVICES_MAX);
	CU_ASSERT(gap_offers(&a, 0x0001));
	CU_ASSERT_FALSE(gap_offers(&a, 0x0050));
	a = decoded("0703 2618 2618 2618");
	CU_ASSERT_EQUAL(a.service_count, 1);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "a treadmill", test_treadmill },
		{ "where a service stands", test_where_a_service_stands },
		{ "machine type and availability", test_machine_type },
		{ "names", test_names },
		{ "power and appearance", test_others },
		{ "hostile lengths", test_hostile_lengths },
		{ "more services than fit", test_more_services_than_fit },
		CU_TEST_INFO_NULL,
	};

	return suite_run("gap", tests);
}
