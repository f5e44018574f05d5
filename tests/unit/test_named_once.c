/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/displays/named_once.h"
#include "tests/unit/suite.h"

#include <stdio.h>

static void test_once(void)
{
	static struct named_once n;

	CU_ASSERT_TRUE(named_once(&n, "gone", "led", 1, 1000, 5));
	CU_ASSERT_FALSE(named_once(&n, "gone", "led", 2, 1000, 6)); /* another process of it */
	CU_ASSERT_TRUE(named_once(&n, "misbehaves", "led", 1, 1000, 6));
	CU_ASSERT_TRUE(named_once(&n, "gone", "led", 1, 1001, 6)); /* another user's */
	CU_ASSERT_TRUE(named_once(&n, "gone", "lea", 1, 1000, 6));
	CU_ASSERT_TRUE(named_once(&n, "gone", "", 1, 1000, 7)); /* without a name: by process */
	CU_ASSERT_TRUE(named_once(&n, "gone", "", 2, 1000, 7));
	CU_ASSERT_FALSE(named_once(&n, "gone", "", 2, 1000, 7));
}

static void test_news_again(void)
{
	static struct named_once n;

	CU_ASSERT_TRUE(named_once(&n, "gone", "led", 1, 0, 100));
	CU_ASSERT_FALSE(named_once(&n, "gone", "led", 1, 0, 99 + NAMED_ONCE_SPAN_US));
	CU_ASSERT_TRUE(named_once(&n, "gone", "led", 1, 0, 100 + NAMED_ONCE_SPAN_US));
}

/* One that takes a name after the other fills the table, not the log. */
static void test_full(void)
{
	static struct named_once n;
	char name[16];
	unsigned said = 0;

	for (unsigned i = 0; i < 10 * NAMED_ONCE_MAX; i++) {
		snprintf(name, sizeof(name), "liar-%u", i);
		said += named_once(&n, "misbehaves", name, 1, 0, 1);
	}
	CU_ASSERT_EQUAL(said, NAMED_ONCE_MAX);
	CU_ASSERT_TRUE(named_once(&n, "misbehaves", "honest", 1, 0, 1 + NAMED_ONCE_SPAN_US));
}

static CU_TestInfo tests[] = {
	{ "once for each display and matter", test_once },
	{ "after a while it is news again", test_news_again },
	{ "a full table is no flood", test_full },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("named_once", tests);
}
