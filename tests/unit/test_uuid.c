/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The small things that every Bluetooth codec stands on: UUIDs, addresses,
 * text from a radio.
 */
#include "protocol/le_address.h"
#include "protocol/radio_text.h"
#include "protocol/uuid.h"
#include "tests/unit/bytes.h"
#include "tests/unit/suite.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_uuid_text(void)
{
	static const struct {
		const char *hex, *text;
	} rows[] = {
		{ "2618", "1826" },
		{ "26180000", "1826" },
		{ "fb349b5f8000008000100000 26180000", "1826" },
		{ "f0ff", "fff0" },
		{ "0000", "0000" },
		{ "78563412", "12345678-0000-1000-8000-00805f9b34fb" },
		{ "464c4352454d8888 66660000 55 4c5559",
		  "59554c55-0000-6666-8888-4d4552434c46" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes in = bytes_of(rows[i].hex);
		char text[UUID_TEXT_SIZE];
		struct uuid uuid, back;

		CU_ASSERT_FATAL(uuid_decode(in.at, in.length, &uuid));
		uuid_text(&uuid, text);
		CU_ASSERT_STRING_EQUAL(text, rows[i].text);
		CU_ASSERT(uuid_from_text(text, &back));
		CU_ASSERT(uuid_equal(&uuid, &back));
	}
}

static void test_uuid_refused(void)
{
	static const char *const rows[] = {
		"", "182", "18266", "182g", "0x1826",
		"12345678-0000-1000-8000-00805f9b34f",
		"12345678-0000-1000-8000-00805f9b34fb0",
		"12345678 0000-1000-8000-00805f9b34fb",
		"1234567--0000-1000-8000-00805f9b34fb",
	};
	struct uuid uuid = uuid_from16(0xaaaa);

	for (size_t i = 0; i < COUNT(rows); i++)
		CU_ASSERT_FALSE(uuid_from_text(rows[i], &uuid));
	for (size_t length = 0; length <= 17; length++)
		if (length != 2 && length != 4 && length != 16)
			CU_ASSERT_FALSE(uuid_decode((const uint8_t *)rows[7],
			                            length, &uuid));
	CU_ASSERT_EQUAL(uuid_to16(&uuid), 0xaaaa);
}

static void test_address(void)
{
	struct le_address a = { .type = LE_ADDRESS_RANDOM }, b;
	char text[LE_ADDRESS_TEXT_SIZE];

	CU_ASSERT(le_address_from_text("c0:ff:EE:00:01:02", &a));
	CU_ASSERT(bytes_are(a.octets, 6, "020100eeffc0"));
	CU_ASSERT_EQUAL(a.type, LE_ADDRESS_RANDOM);
	le_address_text(&a, text);
	CU_ASSERT_STRING_EQUAL(text, "C0:FF:EE:00:01:02");
	b = a;
	CU_ASSERT(le_address_equal(&a, &b));
	b.type = LE_ADDRESS_PUBLIC;
	CU_ASSERT_FALSE(le_address_equal(&a, &b));
}

static void test_address_refused(void)
{
	static const char *const rows[] = {
		"", "c0:ff:ee:00:01", "c0:ff:ee:00:01:02:03", "c0-ff-ee-00-01-02",
		"c0:ff:ee:00:01:0", "c0:ff:ee:00:01:0g", "c0ffee000102",
		" 0:ff:ee:00:01:02", "c0:ff:ee:00:01:02 ",
	};
	struct le_address a = { .octets = { 9 } };

	for (size_t i = 0; i < COUNT(rows); i++)
		CU_ASSERT_FALSE(le_address_from_text(rows[i], &a));
	CU_ASSERT_EQUAL(a.octets[0], 9);
}

/* Core specification volume 6, part B, section 1.3.2: the top two bits */
static void test_address_kind(void)
{
	struct le_address a = { { 0, 0, 0, 0, 0, 0x7f }, LE_ADDRESS_RANDOM };

	CU_ASSERT(le_address_is_resolvable(&a));
	a.octets[5] = 0xc0; /* static */
	CU_ASSERT_FALSE(le_address_is_resolvable(&a));
	a.octets[5] = 0x3f; /* non-resolvable */
	CU_ASSERT_FALSE(le_address_is_resolvable(&a));
	a.octets[5] = 0x7f;
	a.type = LE_ADDRESS_PUBLIC;
	CU_ASSERT_FALSE(le_address_is_resolvable(&a));
}

static void test_radio_text(void)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "Run BT", "Run BT" },
		{ "  Run BT  ", "Run BT" },
		{ "   ", "" },
		{ "a\r\nb", "a??b" },
		{ "\x1b]0;x\x07", "?]0;x?" },
		{ "L\xc3\xa4ufer", "L\xc3\xa4ufer" },
		{ "L\xe4ufer", "L?ufer" },
		{ "\xc0\xaf", "??" },
		{ "\xed\xa0\x80", "???" },
		{ "\xc2\x9b" "31m", "??31m" },
	};
	char out[16];

	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t n = radio_text((const uint8_t *)rows[i].in,
		                      strlen(rows[i].in), out, sizeof(out));

		CU_ASSERT_STRING_EQUAL(out, rows[i].out);
		CU_ASSERT_EQUAL(n, strlen(rows[i].out));
	}
}

static void test_radio_text_is_cut_at_a_character(void)
{
	const uint8_t in[] = "ab\xe6\x97\xa5""cd";
	char out[16] = "untouched";

	CU_ASSERT_EQUAL(radio_text(in, 7, out, 5), 2);
	CU_ASSERT_STRING_EQUAL(out, "ab");
	CU_ASSERT_EQUAL(radio_text(in, 7, out, 6), 5);
	CU_ASSERT_EQUAL(radio_text(in, 4, out, sizeof(out)), 4);
	CU_ASSERT_STRING_EQUAL(out, "ab??");
	CU_ASSERT_EQUAL(radio_text(in, 7, out, 1), 0);
	CU_ASSERT_STRING_EQUAL(out, "");
	CU_ASSERT_EQUAL(radio_text((const uint8_t *)"a\0b", 3, out, 16), 1);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "UUIDs as text", test_uuid_text },
		{ "UUIDs refused", test_uuid_refused },
		{ "addresses", test_address },
		{ "addresses refused", test_address_refused },
		{ "resolvable addresses", test_address_kind },
		{ "text from a radio", test_radio_text },
		{ "text is cut at a character",
		  test_radio_text_is_cut_at_a_character },
		CU_TEST_INFO_NULL,
	};

	return suite_run("uuid", tests);
}
