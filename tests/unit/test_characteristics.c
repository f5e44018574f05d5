/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The small characteristics: control point, ranges, pod features, heart rate,
 * battery, device information.
 */
#include "protocol/device_info.h"
#include "protocol/ftms_control.h"
#include "protocol/heart_rate.h"
#include "protocol/rsc_feature.h"
#include "tests/unit/bytes.h"
#include "tests/unit/facts.h"
#include "tests/unit/suite.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- rows of tests/data ---- */

static size_t rows_checked;

/* Hands each row whose `heading` is `kind` to `check`, with its bytes. */
static void each_row(const char *file, const char *heading, const char *kind,
                     void (*check)(const struct fact_row *row,
                                   const char *expected, const uint8_t *bytes,
                                   size_t length))
{
	struct fact_table table = fact_table_read(file);

	rows_checked = 0;
	for (size_t i = 0; i < table.count; i++) {
		const struct fact_row *row = &table.rows[i];
		uint8_t bytes[64];

		if (strcmp(fact(&table, row, heading), kind) != 0)
			continue;
		check(row, fact(&table, row, "expected"), bytes,
		      fact_hex(row, fact(&table, row, "hex"), bytes,
		               sizeof(bytes)));
		rows_checked++;
	}
	fact_table_free(&table);
}

static void check_number(const struct fact_row *row, const char *expected,
                         const char *name, double saw)
{
	struct fact_token token;

	if (!fact_token_find(expected, name, &token))
		fact_fail(row, "no %s in the row", name);
	else
		fact_check(row, &token, saw, 1e-9);
}

static void check_note(const struct fact_row *row, const char *expected,
                       const char *name, unsigned value, const char *word)
{
	struct fact_token token;

	check_number(row, expected, name, value);
	if (fact_token_find(expected, name, &token) &&
	    (word == NULL || strcmp(token.note, word) != 0))
		fact_fail(row, "%s: \"%s\"", name, word ? word : "no word");
}

static void check_write(const struct fact_row *row, const char *expected,
                        const struct ftms_control *control)
{
	struct fact_token token;

	check_note(row, expected, "op", control->op,
	           ftms_control_op_name(control->op));
	CU_ASSERT_EQUAL(control->has_parameter,
	                control->op != FTMS_CONTROL_REQUEST);
	if (control->op == FTMS_CONTROL_INCLINE)
		check_number(row, expected, "incline_pct",
		             control->parameter / 10.0);
	if (control->op == FTMS_CONTROL_STOP &&
	    fact_token_find(expected, "param", &token))
		CU_ASSERT_EQUAL(control->parameter,
		                strcmp(token.value, "stop") == 0 ? 1 : 2);
}

static void check_control(const struct fact_row *row, const char *expected,
                          const uint8_t *bytes, size_t length)
{
	struct ftms_control control;
	struct fact_token token;

	if (!ftms_control_decode(bytes, length, &control)) {
		fact_fail(row, "not decoded");
		return;
	}
	CU_ASSERT_EQUAL(control.trailing_octets, 0);
	CU_ASSERT_FATAL(fact_token_find(expected, "dir", &token));
	if (strcmp(token.value, "write") == 0) {
		check_write(row, expected, &control);
		return;
	}
	CU_ASSERT_EQUAL(control.op, FTMS_CONTROL_RESPONSE);
	check_note(row, expected, "response_to", control.request,
	           ftms_control_op_name(control.request));
	check_note(row, expected, "result", control.result,
	           ftms_control_result_name(control.result));
}

static void test_control_facts(void)
{
	each_row(TEST_DATA "/ftms-frames.tsv", "characteristic uuid", "2ad9",
	         check_control);
	CU_ASSERT_EQUAL(rows_checked, 13);
}

static void check_resistance(const struct fact_row *row, const char *expected,
                             const uint8_t *bytes, size_t length)
{
	struct ftms_range range;

	CU_ASSERT_FATAL(ftms_range_decode(FTMS_RESISTANCE_RANGE_UUID, bytes,
	                                  length, &range));
	check_number(row, expected, "min_resistance", range.minimum / 10.0);
	check_number(row, expected, "max_resistance", range.maximum / 10.0);
	check_number(row, expected, "step_resistance", range.step / 10.0);
}

static void check_heart_rate_range(const struct fact_row *row,
                                   const char *expected, const uint8_t *bytes,
                                   size_t length)
{
	/* the row has words before its numbers */
	const char *numbers = strstr(expected, "min=");
	struct ftms_range range;

	CU_ASSERT_PTR_NOT_NULL_FATAL(numbers);
	CU_ASSERT_FATAL(ftms_range_decode(FTMS_HEART_RATE_RANGE_UUID, bytes,
	                                  length, &range));
	check_number(row, numbers, "min", range.minimum);
	check_number(row, numbers, "max", range.maximum);
	check_number(row, numbers, "step", range.step);
}

static void test_range_facts(void)
{
	each_row(TEST_DATA "/ftms-frames.tsv", "characteristic uuid", "2ad6",
	         check_resistance);
	CU_ASSERT_EQUAL(rows_checked, 1);
	each_row(TEST_DATA "/ftms-frames.tsv", "characteristic uuid", "2ad7",
	         check_heart_rate_range);
	CU_ASSERT_EQUAL(rows_checked, 1);
}

static void check_feature(const struct fact_row *row, const char *expected,
                          const uint8_t *bytes, size_t length)
{
	struct fact_token token;
	uint16_t features;

	CU_ASSERT_FATAL(rsc_feature_decode(bytes, length, &features));
	check_number(row, expected, "stride_length",
	             !!(features & RSC_FEATURE_STRIDE_LENGTH));
	check_number(row, expected, "distance",
	             !!(features & RSC_FEATURE_DISTANCE));
	CU_ASSERT_EQUAL(!!(features & RSC_FEATURE_WALK_OR_RUN),
	                fact_token_find(expected, "walk_run", &token));
}

static void test_feature_facts(void)
{
	uint16_t features = 0xaaaa;

	each_row(TEST_DATA "/footpod-frames.tsv", "kind", "rsc-feature-2a54",
	         check_feature);
	CU_ASSERT_EQUAL(rows_checked, 2);
	CU_ASSERT_FALSE(rsc_feature_decode((const uint8_t *)"\3", 1, &features));
	CU_ASSERT_EQUAL(features, 0xaaaa);
}

/* ---- what no row shows ---- */

/* FTMS 1.0.1 table 4.15 and section 4.16.2 */
static void test_control_shapes(void)
{
	static const struct {
		const char *hex;
		bool has_parameter;
		int32_t parameter;
		uint8_t trailing;
	} rows[] = {
		{ "00", false, 0, 0 },
		{ "00 00", false, 0, 1 },
		{ "02 e803", true, 1000, 0 },
		{ "02 e8", false, 0, 1 }, /* cut */
		{ "03 ecff", true, -20, 0 },
		{ "04 64", true, 100, 0 },   /* FTMS 1.0 */
		{ "04 6400", true, 100, 0 }, /* 1.0.1 */
		{ "0c 102700", true, 10000, 0 },
		{ "0e 0a001400", false, 0, 4 },
		{ "7f 0102", false, 0, 2 }, /* reserved */
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes in = bytes_of(rows[i].hex);
		struct ftms_control c;

		CU_ASSERT_FATAL(ftms_control_decode(in.at, in.length, &c));
		CU_ASSERT_EQUAL(c.has_parameter, rows[i].has_parameter);
		CU_ASSERT_EQUAL(c.parameter, rows[i].parameter);
		CU_ASSERT_EQUAL(c.trailing_octets, rows[i].trailing);
	}
}

static void test_control_refused(void)
{
	struct ftms_control c = { .op = 0xaa };

	CU_ASSERT_FALSE(ftms_control_decode(NULL, 0, &c));
	CU_ASSERT_FALSE(ftms_control_decode((const uint8_t *)"\x80", 1, &c));
	CU_ASSERT_FALSE(ftms_control_decode((const uint8_t *)"\x80\0", 2, &c));
	CU_ASSERT_EQUAL(c.op, 0xaa);
	CU_ASSERT_PTR_NULL(ftms_control_op_name(0x15));
	CU_ASSERT_PTR_NULL(ftms_control_result_name(0x00));
	CU_ASSERT_PTR_NULL(ftms_control_result_name(0x06));
}

static void test_ranges(void)
{
	static const struct {
		uint16_t uuid;
		const char *hex;
		bool decoded;
		struct ftms_range range;
	} rows[] = {
		{ 0x2ad6, "0a c8 0a", true, { 10, 200, 10 } },
		{ 0x2ad6, "f6ff c800 0a00", true, { -10, 200, 10 } },
		{ 0x2ad7, "3c dc 01", true, { 60, 220, 1 } },
		{ 0x2ad8, "0000 e803 0500", true, { 0, 1000, 5 } },
		{ 0x2ad8, "00 64 01", false, { 0, 0, 0 } },
		{ 0x2ad6, "0a c8", false, { 0, 0, 0 } },
		{ 0x2ad6, "0a c8 0a 00", false, { 0, 0, 0 } },
		{ 0x2ad4, "6400 d007 0a00", false, { 0, 0, 0 } },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes in = bytes_of(rows[i].hex);
		struct ftms_range r = { 0, 0, 0 };

		CU_ASSERT_EQUAL(ftms_range_decode(rows[i].uuid, in.at,
		                                  in.length, &r),
		                rows[i].decoded);
		CU_ASSERT_EQUAL(memcmp(&r, &rows[i].range, sizeof(r)), 0);
	}
}

static void test_location(void)
{
	uint8_t location = 0xaa;

	CU_ASSERT_FALSE(rsc_location_decode(NULL, 0, &location));
	CU_ASSERT(rsc_location_decode((const uint8_t *)"\1", 1, &location));
	CU_ASSERT_STRING_EQUAL(rsc_location_name(location), "top of shoe");
	CU_ASSERT_STRING_EQUAL(rsc_location_name(2), "in shoe");
	CU_ASSERT_STRING_EQUAL(rsc_location_name(3), "hip");
	CU_ASSERT_STRING_EQUAL(rsc_location_name(14), "chest");
	CU_ASSERT_PTR_NULL(rsc_location_name(17));
}

/* Heart Rate Service 1.0 section 3.1.1 */
static void test_heart_rate(void)
{
	static const struct {
		const char *hex;
		uint16_t bpm;
		enum heart_rate_contact contact;
		bool has_energy;
		uint8_t intervals;
	} rows[] = {
		{ "00 48", 72, HEART_RATE_CONTACT_UNKNOWN, false, 0 },
		{ "04 00", 0, HEART_RATE_CONTACT_NONE, false, 0 },
		{ "06 48", 72, HEART_RATE_CONTACT_GOOD, false, 0 },
		{ "01 0401", 260, HEART_RATE_CONTACT_UNKNOWN, false, 0 },
		{ "08 48 6400", 72, HEART_RATE_CONTACT_UNKNOWN, true, 0 },
		{ "10 48 5503 6003", 72, HEART_RATE_CONTACT_UNKNOWN, false, 2 },
		{ "1e 48 6400 5503", 72, HEART_RATE_CONTACT_GOOD, true, 1 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes in = bytes_of(rows[i].hex);
		struct heart_rate_measurement m;
		uint8_t out[32];

		CU_ASSERT_FATAL(heart_rate_decode(in.at, in.length, &m));
		CU_ASSERT_EQUAL(m.rate_bpm, rows[i].bpm);
		CU_ASSERT_EQUAL(m.contact, rows[i].contact);
		CU_ASSERT_EQUAL(m.has_energy, rows[i].has_energy);
		CU_ASSERT_EQUAL(m.interval_count, rows[i].intervals);
		CU_ASSERT(bytes_are(out, heart_rate_encode(&m, out, sizeof(out)),
		                    rows[i].hex));
	}
}

static void test_heart_rate_refused(void)
{
	static const char *const rows[] = { "", "00", "01 48", "08 48 64" };
	struct heart_rate_measurement m = { .flags = 0xaa };
	struct bytes in;

	for (size_t i = 0; i < COUNT(rows); i++) {
		in = bytes_of(rows[i]);
		CU_ASSERT_FALSE(heart_rate_decode(in.at, in.length, &m));
	}
	CU_ASSERT_EQUAL(m.flags, 0xaa);
	/* more intervals than are kept, and half of one */
	in = bytes_of("10 48 0100 0200 0300 0400 0500 0600 0700 0800 0900"
	              "0a00 0b");
	CU_ASSERT(heart_rate_decode(in.at, in.length, &m));
	CU_ASSERT_EQUAL(m.interval_count, HEART_RATE_INTERVALS_MAX);
	in = bytes_of("10 48 0100 02");
	CU_ASSERT(heart_rate_decode(in.at, in.length, &m));
	CU_ASSERT_EQUAL(m.interval_count, 1);
}

static void test_device_info(void)
{
	struct device_info info = { 0 };
	uint8_t long_text[100];
	uint8_t percent = 0xaa;

	memset(long_text, 'x', sizeof(long_text));
	CU_ASSERT(device_info_take(&info, 0x2a29, (const uint8_t *)"UREVO\0\0",
	                           7));
	CU_ASSERT_STRING_EQUAL(info.text[DEVICE_INFO_MANUFACTURER], "UREVO");
	CU_ASSERT(device_info_take(&info, 0x2a24, long_text, sizeof(long_text)));
	CU_ASSERT_EQUAL(strlen(info.text[DEVICE_INFO_MODEL]),
	                DEVICE_INFO_TEXT_SIZE - 1);
	CU_ASSERT_FALSE(device_info_take(&info, 0x2a50, long_text, 7));
	for (int i = 0; i < DEVICE_INFO_FIELDS; i++) {
		enum device_info_field back, field = (enum device_info_field)i;

		CU_ASSERT(device_info_field_of(device_info_field_uuid(field),
		                               &back));
		CU_ASSERT_EQUAL(back, field);
		CU_ASSERT_PTR_NOT_NULL(device_info_field_name(field));
	}
	CU_ASSERT(device_info_battery_decode((const uint8_t *)"\x64", 1,
	                                     &percent));
	CU_ASSERT_EQUAL(percent, 100);
	CU_ASSERT_FALSE(device_info_battery_decode((const uint8_t *)"\x65", 1,
	                                           &percent));
	CU_ASSERT_FALSE(device_info_battery_decode(NULL, 0, &percent));
	CU_ASSERT_EQUAL(percent, 100);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "control point, rows of tests/data", test_control_facts },
		{ "ranges, rows of tests/data", test_range_facts },
		{ "RSC feature, rows of tests/data", test_feature_facts },
		{ "control point, every shape", test_control_shapes },
		{ "control point, refused", test_control_refused },
		{ "ranges", test_ranges },
		{ "sensor location", test_location },
		{ "heart rate", test_heart_rate },
		{ "heart rate, refused", test_heart_rate_refused },
		{ "device information and battery", test_device_info },
		CU_TEST_INFO_NULL,
	};

	return suite_run("characteristics", tests);
}
