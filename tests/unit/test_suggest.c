/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/suggest.h"
#include "tests/unit/suite.h"

#include <string.h>

static const char *name(size_t index)
{
	static const char *const names[] = { "treadmill", "footpod", "heart_rate", "end" };

	return index < sizeof(names) / sizeof(names[0]) ? names[index] : NULL;
}

static void test_near_names(void)
{
	static const struct {
		const char *word, *expected;
	} rows[] = {
		{ "treadmil", "treadmill" },  { "traedmill", "treadmill" },
		{ "footpodd", "footpod" },    { "foot_pod", "footpod" },
		{ "heart-rate", "heart_rate" }, { "edn", "end" },
		{ "treadmill", "treadmill" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *found = suggest(rows[i].word, strlen(rows[i].word), name);

		CU_ASSERT_STRING_EQUAL(found ? found : "", rows[i].expected);
	}
}

static void test_far_and_odd_words(void)
{
	char endless[5000];

	memset(endless, 't', sizeof(endless));
	CU_ASSERT_PTR_NULL(suggest("", 0, name));
	CU_ASSERT_PTR_NULL(suggest("belt", 4, name));
	CU_ASSERT_PTR_NULL(suggest("xyzzyxyz", 8, name));
	CU_ASSERT_PTR_NULL(suggest(endless, sizeof(endless), name));
}

static void test_only_length_octets_are_read(void)
{
	const char *found = suggest("endXXXXXXXX", 3, name);

	CU_ASSERT_STRING_EQUAL(found ? found : "", "end");
}

static void test_text(void)
{
	char out[64];

	suggest_text(out, sizeof(out), "fotpod", 6, name);
	CU_ASSERT_STRING_EQUAL(out, "; did you mean footpod?");
	suggest_text(out, sizeof(out), "banana", 6, name);
	CU_ASSERT_STRING_EQUAL(out, "");
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "near names are found", test_near_names },
		{ "far and odd words get none", test_far_and_odd_words },
		{ "the word need not be terminated", test_only_length_octets_are_read },
		{ "as text", test_text },
		CU_TEST_INFO_NULL,
	};

	return suite_run("suggest", tests);
}
