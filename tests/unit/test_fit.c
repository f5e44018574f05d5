/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * FIT files, octet by octet: what is written, what is read, and what is
 * refused, where.
 */
#include "protocol/fit.h"
#include "protocol/fit_profile.h"
#include "tests/unit/bytes.h"
#include "tests/unit/suite.h"

/* CRC-16/ARC's check value is public: reveng.sourceforge.io/crc-catalogue */
static void crc_is_arc(void)
{
	CU_ASSERT_EQUAL(fit_crc(0, (const uint8_t *)"123456789", 9), 0xbb3d);
	CU_ASSERT_EQUAL(fit_crc(fit_crc(0, (const uint8_t *)"1234", 4),
	                        (const uint8_t *)"56789", 5), 0xbb3d);
}

/* A file of these messages */
static size_t file_of(uint8_t *out, const char *hex)
{
	struct bytes messages = bytes_of(hex);
	size_t length = FIT_HEADER_SIZE + messages.length;
	uint16_t crc;

	fit_header_write(out, (uint32_t)messages.length);
	memcpy(out + FIT_HEADER_SIZE, messages.at, messages.length);
	crc = fit_crc(0, out, length);
	out[length] = (uint8_t)crc;
	out[length + 1] = (uint8_t)(crc >> 8);
	return length + FIT_CRC_SIZE;
}

struct read {
	uint8_t bytes[2 * BYTES_MAX];
	struct fit_reader reader;
	struct fit_message message;
	struct fit_fault fault;
};

/* Up to the first message */
static void open_of(struct read *r, const char *hex)
{
	fit_reader_init(&r->reader, r->bytes, file_of(r->bytes, hex));
	CU_ASSERT_EQUAL(fit_read(&r->reader, &r->message, &r->fault), FIT_FILE);
}

static void next_is(struct read *r, enum fit_next expected)
{
	enum fit_next saw = fit_read(&r->reader, &r->message, &r->fault);

	CU_ASSERT_EQUAL(saw, expected);
	if (saw == FIT_BAD && expected != FIT_BAD)
		printf("\n    octet %zu: %s\n", r->fault.offset, r->fault.message);
}

static void number_is(const struct read *r, uint8_t field, int64_t expected)
{
	int64_t value = -99999;

	CU_ASSERT_TRUE(fit_number(&r->message, field, &value));
	CU_ASSERT_EQUAL(value, expected);
}

static void number_is_absent(const struct read *r, uint8_t field)
{
	int64_t value = 42;

	CU_ASSERT_FALSE(fit_number(&r->message, field, &value));
	CU_ASSERT_EQUAL(value, 42);
}

/* ---- writing ---------------------------------------------------------------- */

static void definitions_are_written(void)
{
	static const struct fit_field fields[] = {
		{ FIT_TIMESTAMP, FIT_UINT32, 4, false },
		{ FIT_RECORD_CADENCE, FIT_UINT8, 1, false },
		{ 7, FIT_UINT16, 2, true },
	};
	uint8_t bytes[64];

	CU_ASSERT_TRUE(bytes_are(bytes,
	                         fit_definition_write(bytes, sizeof(bytes), 3, FIT_RECORD,
	                                              fields, 2),
	                         "43 00 00 1400 02 fd0486 040102"));
	CU_ASSERT_TRUE(bytes_are(bytes,
	                         fit_definition_write(bytes, sizeof(bytes), 3, FIT_RECORD,
	                                              fields, 3),
	                         "63 00 00 1400 02 fd0486 040102 01 070200"));
	CU_ASSERT_EQUAL(fit_definition_write(bytes, 11, 3, FIT_RECORD, fields, 2), 0);
}

static void values_are_written(void)
{
	static const struct fit_field fields[] = {
		{ 0, FIT_UINT8, 1, false },   { 1, FIT_SINT16, 2, false },
		{ 2, FIT_UINT32, 4, false },  { 3, FIT_UINT32Z, 4, false },
		{ 4, FIT_STRING, 6, false },
	};
	static const struct fit_value known[] = {
		{ .present = true, .number = 85 },
		{ .present = true, .number = -250 },
		{ .present = true, .number = 0x01020304 },
		{ .present = true, .number = 9 },
		{ .present = true, .text = "ab\ncö.x" },
	};
	static const struct fit_value unknown[5] = { { .present = false } };
	static const struct fit_value beyond[] = {
		{ .present = true, .number = 255 },
		{ .present = true, .number = 40000 },
		{ .present = true, .number = -1 },
		{ .present = true, .number = 0 },
		{ .present = true, .text = "abcdö" },
	};
	uint8_t b[64];

	CU_ASSERT_TRUE(bytes_are(b, fit_message_write(b, sizeof(b), 2, fields, known, 5),
	                         "02 55 06ff 04030201 09000000 616263c3b600"));
	CU_ASSERT_TRUE(bytes_are(b, fit_message_write(b, sizeof(b), 2, fields, unknown, 5),
	                         "02 ff ff7f ffffffff 00000000 000000000000"));
	CU_ASSERT_TRUE(bytes_are(b, fit_message_write(b, sizeof(b), 2, fields, beyond, 5),
	                         "02 ff ff7f ffffffff 00000000 616263640000"));
	CU_ASSERT_EQUAL(fit_message_write(b, 17, 2, fields, known, 5), 0);
}

/* ---- reading ---------------------------------------------------------------- */

static void both_byte_orders_are_read(void)
{
	struct read r;

	open_of(&r, "40 00 00 1400 02 fd0486 090283  00 04030201 06ff "
	            "40 00 01 0014 02 fd0486 090283  00 01020304 ff06");
	for (int i = 0; i < 2; i++) {
		next_is(&r, FIT_MESSAGE);
		CU_ASSERT_EQUAL(r.message.definition->message, FIT_RECORD);
		number_is(&r, FIT_TIMESTAMP, 0x01020304);
		number_is(&r, FIT_RECORD_GRADE, -250);
	}
	next_is(&r, FIT_END);
	next_is(&r, FIT_END);
}

static void what_is_invalid_is_absent(void)
{
	struct read r;

	open_of(&r, "40 00 00 1400 08 040102 090283 050486 030102 500f8c 060184 350288 070607 "
	            "00 ff ff7f ffffffff 00 000000000000000000000000000000 00 0000 000000000000");
	next_is(&r, FIT_MESSAGE);
	number_is_absent(&r, FIT_RECORD_CADENCE);
	number_is_absent(&r, FIT_RECORD_GRADE);
	number_is_absent(&r, FIT_RECORD_DISTANCE);
	number_is(&r, FIT_RECORD_HEART_RATE, 0);
	number_is_absent(&r, 0x50); /* 15 octets are no uint32z */
	number_is_absent(&r, FIT_RECORD_SPEED); /* an octet is no uint16 */
	number_is_absent(&r, 0x35); /* two octets are no float */
	number_is_absent(&r, 7);    /* a text is no number */
	number_is_absent(&r, 99);   /* it has none */
}

static void developer_fields_are_read(void)
{
	struct read r;
	char text[8];
	int64_t value;

	open_of(&r, "61 00 00 1400 01 040102 02 000200 020403  01 55 a500 61620000");
	next_is(&r, FIT_MESSAGE);
	number_is(&r, FIT_RECORD_CADENCE, 85);
	CU_ASSERT_TRUE(fit_developer_number(&r.message, 0, 0, FIT_UINT16, &value));
	CU_ASSERT_EQUAL(value, 165);
	CU_ASSERT_FALSE(fit_developer_number(&r.message, 1, 0, FIT_UINT16, &value));
	CU_ASSERT_TRUE(fit_developer_text(&r.message, 3, 2, text, sizeof(text)));
	CU_ASSERT_STRING_EQUAL(text, "ab");
	CU_ASSERT_FALSE(fit_developer_text(&r.message, 0, 2, text, sizeof(text)));
	next_is(&r, FIT_END);
}

/* The header's five bits go on from the last timestamp, over their end, too. */
static void compressed_timestamps_are_read(void)
{
	struct read r;

	open_of(&r, "40 00 00 1400 01 fd0486  41 00 00 1400 01 040102 "
	            "00 1d000040  bf 50  a2 51  a2 52");
	next_is(&r, FIT_MESSAGE);
	CU_ASSERT_EQUAL(r.message.time, 0);
	number_is(&r, FIT_TIMESTAMP, 0x4000001d);
	next_is(&r, FIT_MESSAGE);
	CU_ASSERT_EQUAL(r.message.time, 0x4000001f);
	number_is(&r, FIT_RECORD_CADENCE, 0x50);
	next_is(&r, FIT_MESSAGE);
	CU_ASSERT_EQUAL(r.message.time, 0x40000022);
	next_is(&r, FIT_MESSAGE);
	CU_ASSERT_EQUAL(r.message.time, 0x40000022);
	next_is(&r, FIT_END);
}

/* Each file of a chain begins anew: the second knows no definition. */
static void chained_files_are_read(void)
{
	struct read r;
	size_t first = file_of(r.bytes, "40 00 00 1400 01 040102  00 55");
	size_t second = file_of(r.bytes + first, "00 55");

	fit_reader_init(&r.reader, r.bytes, first + second);
	next_is(&r, FIT_FILE);
	next_is(&r, FIT_MESSAGE);
	next_is(&r, FIT_FILE);
	next_is(&r, FIT_BAD);
	CU_ASSERT_EQUAL(r.fault.offset, first + FIT_HEADER_SIZE);
	next_is(&r, FIT_BAD);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.fault.message, "local type 0"));
}

/* A header of 12 octets, as old devices write it, and one without its CRC */
static void old_headers_are_read(void)
{
	struct read r;
	struct bytes old = bytes_of("0c 10 0000 02000000 2e464954 0055 0000");
	uint16_t crc = fit_crc(0, old.at, old.length - 2);

	old.at[old.length - 2] = (uint8_t)crc;
	old.at[old.length - 1] = (uint8_t)(crc >> 8);
	fit_reader_init(&r.reader, old.at, old.length);
	next_is(&r, FIT_FILE);
	next_is(&r, FIT_BAD);
	CU_ASSERT_EQUAL(r.fault.offset, 12);
}

/* ---- what is refused -------------------------------------------------------- */

static void refused(struct read *r, size_t length, size_t offset, const char *words)
{
	fit_reader_init(&r->reader, r->bytes, length);
	while (fit_read(&r->reader, &r->message, &r->fault) < FIT_END)
		continue;
	CU_ASSERT_TRUE(r->reader.failed);
	CU_ASSERT_EQUAL(r->fault.offset, offset);
	if (!strstr(r->fault.message, words)) {
		printf("\n    no \"%s\" in: %s\n", words, r->fault.message);
		CU_FAIL("another message");
	}
}

static void damage_is_refused(void)
{
	static const char messages[] = "40 00 00 1400 01 040102  00 55";
	struct read r;
	size_t length = file_of(r.bytes, messages);

	refused(&r, 0, 0, "no FIT file");
	refused(&r, 11, 0, "no FIT file");
	refused(&r, length - 1, 0, "cut short");
	refused(&r, FIT_HEADER_SIZE, 0, "cut short");
	r.bytes[length] = 0;
	refused(&r, length + 1, length, "no further FIT file");
	r.bytes[length - 3] ^= 1;
	refused(&r, length, length - 2, "damaged: its CRC");
	file_of(r.bytes, messages);
	r.bytes[12] ^= 1;
	refused(&r, length, 0, "CRC of its header");
	file_of(r.bytes, messages);
	r.bytes[0] = 13;
	r.bytes[1] = 0x30;
	refused(&r, length, 0, "protocol 3.0");
	file_of(r.bytes, messages);
	r.bytes[0] = 11;
	refused(&r, length, 0, "header's size is 11");
	file_of(r.bytes, messages);
	memset(r.bytes + 4, 0, 4);
	r.bytes[12] = r.bytes[13] = 0;
	refused(&r, length, 0, "did not get to finish");
}

static void nonsense_is_refused(void)
{
	struct read r;

	refused(&r, file_of(r.bytes, "40 00 00 1400 02 040102"), 14, "definition goes beyond");
	refused(&r, file_of(r.bytes, "60 00 00 1400 01 040102"), 14, "definition goes beyond");
	refused(&r, file_of(r.bytes, "40 00 00 1400 01 050486 00 0102"), 23, "message goes beyond");
	refused(&r, file_of(r.bytes, "05"), 14, "local type 5");
	refused(&r, file_of(r.bytes, "40 00 00 1400 01 040102 81 55"), 23,
	        "no whole one before");
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "CRC", crc_is_arc },
		{ "definitions are written", definitions_are_written },
		{ "values are written", values_are_written },
		{ "both byte orders are read", both_byte_orders_are_read },
		{ "what is invalid is absent", what_is_invalid_is_absent },
		{ "developer fields are read", developer_fields_are_read },
		{ "compressed timestamps are read", compressed_timestamps_are_read },
		{ "chained files are read", chained_files_are_read },
		{ "old headers are read", old_headers_are_read },
		{ "damage is refused", damage_is_refused },
		{ "nonsense is refused", nonsense_is_refused },
		CU_TEST_INFO_NULL,
	};

	return suite_run("fit", tests);
}
