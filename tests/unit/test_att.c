/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Clauses are those of the Core specification, volume 3, part F.
 */
#include "protocol/att.h"
#include "tests/unit/bytes.h"
#include "tests/unit/suite.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Every PDU that may be sent, whole: decoding and encoding give it back. */
static const struct {
	const char *clause, *hex;
	enum att_kind kind;
	uint8_t answer;
} pdus[] = {
	{ "3.4.1.1", "01 10 9700 0a", ATT_KIND_RESPONSE, 0 },
	{ "3.4.2.1", "02 0502", ATT_KIND_REQUEST, 0x03 },
	{ "3.4.2.2", "03 1700", ATT_KIND_RESPONSE, 0 },
	{ "3.4.3.1", "04 1300 1600", ATT_KIND_REQUEST, 0x05 },
	{ "3.4.3.2 short", "05 01 1300 0229 1400 0329", ATT_KIND_RESPONSE, 0 },
	{ "3.4.3.2 long",
	  "05 02 7600 efcdab8967452301 00000000d4d50000", ATT_KIND_RESPONSE, 0 },
	{ "3.4.3.3", "06 0100 ffff 0028 2618", ATT_KIND_REQUEST, 0x07 },
	{ "3.4.3.4", "07 3000 3200 5000 5200", ATT_KIND_RESPONSE, 0 },
	{ "3.4.4.1 short", "08 1000 2000 0328", ATT_KIND_REQUEST, 0x09 },
	{ "3.4.4.1 long",
	  "08 0100 ffff 0f0e0d0c0b0a09080706050403020100", ATT_KIND_REQUEST,
	  0x09 },
	{ "3.4.4.2", "09 07 1100 02 1200 252a", ATT_KIND_RESPONSE, 0 },
	{ "3.4.4.3", "0a 0300", ATT_KIND_REQUEST, 0x0b },
	{ "3.4.4.4", "0b 010203", ATT_KIND_RESPONSE, 0 },
	{ "3.4.4.4 empty", "0b", ATT_KIND_RESPONSE, 0 },
	{ "3.4.4.5", "0c 0300 ff01", ATT_KIND_REQUEST, 0x0d },
	{ "3.4.4.6", "0d ff", ATT_KIND_RESPONSE, 0 },
	{ "3.4.4.7", "0e 0300 0700", ATT_KIND_REQUEST, 0x0f },
	{ "3.4.4.8", "0f 010203", ATT_KIND_RESPONSE, 0 },
	{ "3.4.4.9", "10 0100 ffff 0028", ATT_KIND_REQUEST, 0x11 },
	{ "3.4.4.10", "11 06 1000 1300 0018 2000 2900 b068",
	  ATT_KIND_RESPONSE, 0 },
	{ "3.4.4.11", "20 0300 0700", ATT_KIND_REQUEST, 0x21 },
	{ "3.4.4.12", "21 0300 010203", ATT_KIND_RESPONSE, 0 },
	{ "3.4.5.1", "12 0400 0100", ATT_KIND_REQUEST, 0x13 },
	{ "3.4.5.2", "13", ATT_KIND_RESPONSE, 0 },
	{ "3.4.5.3", "52 0700 010203", ATT_KIND_COMMAND, 0 },
	{ "3.4.5.4", "d2 0700 010203 00000000311f0acd1c3a5b0a",
	  ATT_KIND_COMMAND, 0 },
	{ "3.4.6.1", "16 0300 0000 010203", ATT_KIND_REQUEST, 0x17 },
	{ "3.4.6.2", "17 0300 0000 010203", ATT_KIND_RESPONSE, 0 },
	{ "3.4.6.3", "18 01", ATT_KIND_REQUEST, 0x19 },
	{ "3.4.6.4", "19", ATT_KIND_RESPONSE, 0 },
	{ "3.4.7.1", "1b 0300 8425e100", ATT_KIND_NOTIFICATION, 0 },
	{ "3.4.7.1 empty", "1b 0300", ATT_KIND_NOTIFICATION, 0 },
	{ "3.4.7.2", "1d 0300 800001", ATT_KIND_INDICATION, 0x1e },
	{ "3.4.7.3", "1e", ATT_KIND_CONFIRMATION, 0 },
	{ "3.4.7.4", "23 0300 0200 0102", ATT_KIND_NOTIFICATION, 0 },
};

static void test_every_opcode(void)
{
	for (size_t i = 0; i < COUNT(pdus); i++) {
		struct bytes in = bytes_of(pdus[i].hex);
		uint8_t out[64];
		struct att_pdu pdu;
		size_t length = 0;

		if (!att_decode(in.at, in.length, &pdu)) {
			printf("not decoded: %s\n", pdus[i].clause);
			CU_FAIL("a PDU of the specification");
			continue;
		}
		length = att_encode(&pdu, out, sizeof(out));
		CU_ASSERT(bytes_are(out, length, pdus[i].hex));
		CU_ASSERT_EQUAL(att_kind(in.at[0]), pdus[i].kind);
		CU_ASSERT_EQUAL(att_answer(in.at[0]), pdus[i].answer);
		CU_ASSERT_STRING_NOT_EQUAL(att_opcode_name(in.at[0]), "unknown");
	}
}

/* Those whose last field is a value cannot be seen to be cut inside it. */
static bool ends_in_value(uint8_t opcode)
{
	static const uint8_t open[] = { 0x0b, 0x0d, 0x0e, 0x0f, 0x12, 0x16,
		                        0x17, 0x1b, 0x1d, 0x20, 0x21, 0x23,
		                        0x52, 0xd2, 0x06 };

	return memchr(open, opcode, sizeof(open)) != NULL;
}

static void test_cut(void)
{
	for (size_t i = 0; i < COUNT(pdus); i++) {
		struct bytes in = bytes_of(pdus[i].hex);
		struct att_pdu pdu;

		if (ends_in_value(in.at[0]))
			continue;
		for (size_t length = 0; length < in.length; length++) {
			/* a whole item less is a shorter list, and right */
			bool item = (in.at[0] == 0x05 && in.at[1] == 1 &&
			             length == 6) ||
			            (in.at[0] == 0x07 && length == 5) ||
			            (in.at[0] == 0x11 && length == 8);
			/* a long type cut to two octets is a short one */
			bool type = in.at[0] == 0x08 && length == 7;

			CU_ASSERT_EQUAL(att_decode(in.at, length, &pdu),
			                item || type);
		}
	}
}

static void test_refused(void)
{
	static const struct {
		const char *why, *hex;
	} rows[] = {
		{ "nothing", "" },
		{ "reserved opcode", "ff 0000" },
		{ "an octet too many", "03 1700 00" },
		{ "error without code", "01 10 0100" },
		{ "type of three octets", "08 0100 ffff 032800" },
		{ "item size 0", "09 00 1100 02 1200 252a" },
		{ "item size 1", "09 01 1100" },
		{ "group items of three octets", "11 03 110002" },
		{ "list does not divide", "11 06 1000 1300 0018 20" },
		{ "empty list", "11 06" },
		{ "reserved format", "05 03 1300 0229" },
		{ "format 0", "05 00 1300 0229" },
		{ "short notification", "1b 03" },
		{ "confirmation with a value", "1e 00" },
	};
	struct att_pdu pdu = { .opcode = 0xaa };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes in = bytes_of(rows[i].hex);

		if (att_decode(in.at, in.length, &pdu)) {
			printf("decoded: %s\n", rows[i].why);
			CU_FAIL("refused");
		}
		CU_ASSERT_EQUAL(pdu.opcode, 0xaa);
	}
}

static void test_fields(void)
{
	struct bytes in = bytes_of("08 1000 2000 0328");
	struct att_pdu pdu;

	CU_ASSERT(att_decode(in.at, in.length, &pdu));
	CU_ASSERT_EQUAL(pdu.start, 0x0010);
	CU_ASSERT_EQUAL(pdu.end, 0x0020);
	CU_ASSERT_EQUAL(uuid_to16(&pdu.type), 0x2803);
	in = bytes_of("01 12 0700 05");
	CU_ASSERT(att_decode(in.at, in.length, &pdu));
	CU_ASSERT_EQUAL(pdu.failed_opcode, ATT_WRITE_REQUEST);
	CU_ASSERT_EQUAL(pdu.handle, 7);
	CU_ASSERT_EQUAL(pdu.error, ATT_ERROR_INSUFFICIENT_AUTHENTICATION);
	in = bytes_of("1b 0300 8425e100");
	CU_ASSERT(att_decode(in.at, in.length, &pdu));
	CU_ASSERT_EQUAL(pdu.handle, 3);
	CU_ASSERT(bytes_are(pdu.value, pdu.length, "8425e100"));
}

static void test_long_form_is_the_same_service(void)
{
	struct bytes in = bytes_of("05 02 1300"
	                           "fb349b5f8000008000100000 02290000");
	struct att_item item;
	struct att_pdu pdu;
	struct uuid uuid;

	CU_ASSERT_FATAL(att_decode(in.at, in.length, &pdu));
	CU_ASSERT_FATAL(att_next_item(&pdu, &item));
	CU_ASSERT(uuid_decode(item.value, item.length, &uuid));
	CU_ASSERT_EQUAL(uuid_to16(&uuid), ATT_UUID_CCC);
	CU_ASSERT_FALSE(att_next_item(&pdu, &item));
}

static void test_items(void)
{
	struct bytes in = bytes_of("11 06 1000 1300 0018 2000 2900 b068");
	struct att_item item;
	struct att_pdu pdu;

	CU_ASSERT_FATAL(att_decode(in.at, in.length, &pdu));
	CU_ASSERT(att_next_item(&pdu, &item));
	CU_ASSERT_EQUAL(item.handle, 0x0010);
	CU_ASSERT_EQUAL(item.end, 0x0013);
	CU_ASSERT(bytes_are(item.value, item.length, "0018"));
	CU_ASSERT(att_next_item(&pdu, &item));
	CU_ASSERT_EQUAL(item.end, 0x0029);
	CU_ASSERT_FALSE(att_next_item(&pdu, &item));

	in = bytes_of("0b 0102030405060708");
	CU_ASSERT_FATAL(att_decode(in.at, in.length, &pdu));
	CU_ASSERT_FALSE(att_next_item(&pdu, &item));
}

static void test_declaration(void)
{
	struct att_declaration d;
	struct bytes in = bytes_of("10 1200 cd2a");

	CU_ASSERT(att_declaration_decode(in.at, in.length, &d));
	CU_ASSERT_EQUAL(d.properties, ATT_PROPERTY_NOTIFY);
	CU_ASSERT_EQUAL(d.value_handle, 0x0012);
	CU_ASSERT_EQUAL(uuid_to16(&d.uuid), 0x2acd);
	in = bytes_of("02 1400 8500efcdab89674523010000000000 00");
	CU_ASSERT(att_declaration_decode(in.at, in.length, &d));
	CU_ASSERT_EQUAL(uuid_to16(&d.uuid), 0);
	in = bytes_of("02 1400 8500ef");
	CU_ASSERT_FALSE(att_declaration_decode(in.at, in.length, &d));
	CU_ASSERT_FALSE(att_declaration_decode(in.at, 2, &d));
}

static void test_no_room(void)
{
	struct att_pdu write = { .opcode = ATT_WRITE_REQUEST,
		                 .handle = 4,
		                 .value = (const uint8_t *)"\1",
		                 .length = 2 };
	uint8_t out[8];

	CU_ASSERT_EQUAL(att_encode(&write, out, 5), 5);
	for (size_t size = 0; size < 5; size++)
		CU_ASSERT_EQUAL(att_encode(&write, out, size), 0);
	write.opcode = 0x99;
	CU_ASSERT_EQUAL(att_encode(&write, out, sizeof(out)), 0);
}

/* 3.3.1: bit 6 says command, and commands are never answered */
static void test_unknown_opcodes(void)
{
	CU_ASSERT_EQUAL(att_kind(0x3f), ATT_KIND_REQUEST);
	CU_ASSERT_EQUAL(att_kind(0x7f), ATT_KIND_COMMAND);
	CU_ASSERT_EQUAL(att_kind(0xff), ATT_KIND_COMMAND);
	CU_ASSERT_EQUAL(att_answer(0x3f), 0);
	CU_ASSERT_STRING_EQUAL(att_opcode_name(0x3f), "unknown");
}

static void test_words(void)
{
	CU_ASSERT_STRING_EQUAL(att_error_text(0x0a), "attribute not found");
	CU_ASSERT_STRING_EQUAL(att_error_text(0x80), "application error");
	CU_ASSERT_STRING_EQUAL(att_error_text(0xa0), "reserved error code");
	CU_ASSERT(att_error_is_security(0x05));
	CU_ASSERT(att_error_is_security(0x0f));
	CU_ASSERT_FALSE(att_error_is_security(0x0a));
	for (unsigned error = 0; error < 256; error++)
		CU_ASSERT_PTR_NOT_NULL(att_error_text((uint8_t)error));
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "every opcode, there and back", test_every_opcode },
		{ "every cut is refused", test_cut },
		{ "refused", test_refused },
		{ "fields", test_fields },
		{ "long form of a short UUID",
		  test_long_form_is_the_same_service },
		{ "items of a list", test_items },
		{ "characteristic declaration", test_declaration },
		{ "no room", test_no_room },
		{ "unknown opcodes", test_unknown_opcodes },
		{ "words", test_words },
		CU_TEST_INFO_NULL,
	};

	return suite_run("att", tests);
}
