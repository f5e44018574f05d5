/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "protocol/cursor.h"
#include "tests/unit/suite.h"

static const uint8_t bytes[] = { 0x01, 0x02, 0x03, 0x04, 0xff, 0xfe, 0x80 };

static void test_little_endian(void)
{
	struct cursor c = cursor_over(bytes, sizeof(bytes));

	CU_ASSERT_EQUAL(cursor_u8(&c), 0x01);
	CU_ASSERT_EQUAL(cursor_u24(&c), 0x040302);
	CU_ASSERT_EQUAL(cursor_u16(&c), 0xfeff);
	CU_ASSERT_EQUAL(c.left, 1);
	CU_ASSERT_FALSE(c.failed);
	c = cursor_over(bytes + 3, 4);
	CU_ASSERT_EQUAL(cursor_u32(&c), 0x80feff04);
	CU_ASSERT_EQUAL(c.left, 0);
	CU_ASSERT_FALSE(c.failed);
}

static void test_signed(void)
{
	static const uint8_t minus_two[] = { 0xfe, 0xff };
	static const uint8_t lowest[] = { 0x00, 0x80 };
	struct cursor c = cursor_over(minus_two, sizeof(minus_two));

	CU_ASSERT_EQUAL(cursor_s16(&c), -2);
	c = cursor_over(lowest, sizeof(lowest));
	CU_ASSERT_EQUAL(cursor_s16(&c), INT16_MIN);
}

static void test_short_is_sticky(void)
{
	struct cursor c = cursor_over(bytes, 3);

	CU_ASSERT_EQUAL(cursor_u32(&c), 0);
	CU_ASSERT_TRUE(c.failed);
	CU_ASSERT_EQUAL(cursor_u8(&c), 0);
	CU_ASSERT_TRUE(c.failed);
	CU_ASSERT_EQUAL(c.left, 3);
}

static void test_empty(void)
{
	struct cursor c = cursor_over(NULL, 0);

	CU_ASSERT_FALSE(c.failed);
	CU_ASSERT_EQUAL(cursor_u8(&c), 0);
	CU_ASSERT_TRUE(c.failed);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "values are little endian", test_little_endian },
		{ "signed values", test_signed },
		{ "a short buffer fails once and for all",
		  test_short_is_sticky },
		{ "an empty buffer", test_empty },
		CU_TEST_INFO_NULL,
	};

	return suite_run("cursor", tests);
}
