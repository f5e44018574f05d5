/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/yaml_text.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct yaml_text yaml;
static struct yaml_fault fault;

static bool parse(const char *text)
{
	return yaml_text_parse(&yaml, "f.yaml", text, strlen(text), &fault);
}

static void expect_fault(const char *where, const char *says)
{
	if (strcmp(fault.where, where) != 0 || !strstr(fault.message, says)) {
		printf("\n  %s: %s", fault.where, fault.message);
		CU_FAIL("not the fault that was expected");
	}
}

static void test_refused(void)
{
	static const struct {
		const char *text, *where, *says;
	} rows[] = {
		{ "a: 1\nb: &x 2\nc: *x\n", "f.yaml:3:4", "*x" },
		{ "a: 1\n---\nb: 2\n", "f.yaml:2:1", "second" },
		{ "a:\n\tb: 1\n", "f.yaml:2:1", "no tabs" },
		{ "a: [1, 2\n", "f.yaml:2:1", "expected ',' or ']'" },
		{ "a: b: c\n", "f.yaml:1:5", "not allowed" },
		{ "a: \"x\\0y\"\n", "f.yaml:1:4", "NUL" },
		{ "a: 1\nb: \xff\n", "f.yaml:2:4", "UTF-8" },
		{ "[[[[[[[[[[[[[1]]]]]]]]]]]]]", "f.yaml:1:13", "12 deep" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CU_ASSERT_FALSE_FATAL(parse(rows[i].text));
		expect_fault(rows[i].where, rows[i].says);
	}
}

static void test_too_large(void)
{
	static char text[YAML_TEXT_MAX + 1];

	memset(text, '#', sizeof(text));
	CU_ASSERT_FALSE(yaml_text_parse(&yaml, "f.yaml", text, sizeof(text), &fault));
	expect_fault("f.yaml:1:1", "at most 1048576");
}

static void test_nothing_in_it(void)
{
	static const char *const rows[] = { "", "\n\n", "# comment\n", "---\n", "~\n" };

	for (size_t i = 0; i < COUNT(rows); i++) {
		CU_ASSERT_TRUE_FATAL(parse(rows[i]));
		CU_ASSERT_PTR_NULL(yaml_text_root(&yaml));
		yaml_text_free(&yaml);
	}
}

static bool join(const struct yaml_node *key, const struct yaml_node *value, void *user)
{
	char *joined = user;

	strcat(joined, yaml_text_scalar(key));
	strcat(joined, "=");
	strcat(joined, yaml_text_scalar(value));
	strcat(joined, ";");
	return strcmp(yaml_text_scalar(key), "stop") != 0;
}

static void test_members(void)
{
	char joined[100] = "";

	CU_ASSERT_TRUE_FATAL(parse("a: 1\nb: 'two'\n"));
	CU_ASSERT_TRUE(yaml_text_members(&yaml, yaml_text_root(&yaml), "x", &fault, join,
	                                 joined));
	CU_ASSERT_STRING_EQUAL(joined, "a=1;b=two;");
	yaml_text_free(&yaml);

	joined[0] = '\0';
	CU_ASSERT_TRUE_FATAL(parse("stop: 1\nb: 2\n"));
	CU_ASSERT_FALSE(yaml_text_members(&yaml, yaml_text_root(&yaml), "x", &fault, join,
	                                  joined));
	CU_ASSERT_STRING_EQUAL(joined, "stop=1;");
	yaml_text_free(&yaml);
}

static void test_bad_members(void)
{
	static const struct {
		const char *text, *where, *says;
	} rows[] = {
		{ "[1]\n", "f.yaml:1:1", "expected a mapping of x" },
		{ "a: 1\nb: 2\na: 3\n", "f.yaml:3:1", "\"a\" stands twice, first in line 1" },
		{ "? [k]\n: 1\n", "f.yaml:1:3", "expected a key" },
	};
	char joined[100];

	for (size_t i = 0; i < COUNT(rows); i++) {
		joined[0] = '\0';
		CU_ASSERT_TRUE_FATAL(parse(rows[i].text));
		CU_ASSERT_FALSE(yaml_text_members(&yaml, yaml_text_root(&yaml),
		                                  "a mapping of x", &fault, join, joined));
		expect_fault(rows[i].where, rows[i].says);
		yaml_text_free(&yaml);
	}
}

static void test_too_many_members(void)
{
	char text[8192] = "", joined[8192] = "";
	size_t length = 0;

	for (int i = 0; i <= YAML_TEXT_MEMBERS_MAX; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "k%d: 1\n", i);
	CU_ASSERT_TRUE_FATAL(parse(text));
	CU_ASSERT_FALSE(yaml_text_members(&yaml, yaml_text_root(&yaml), "x", &fault, join,
	                                  joined));
	expect_fault("f.yaml:201:1", "more than 200");
	yaml_text_free(&yaml);
}

static void test_sequence(void)
{
	const struct yaml_node *root;

	CU_ASSERT_TRUE_FATAL(parse("- one\n- ~\n- '~'\n"));
	root = yaml_text_root(&yaml);
	CU_ASSERT_STRING_EQUAL(yaml_text_scalar(yaml_text_item(&yaml, root, 0)), "one");
	CU_ASSERT_TRUE(yaml_text_is_null(yaml_text_item(&yaml, root, 1)));
	CU_ASSERT_FALSE(yaml_text_is_null(yaml_text_item(&yaml, root, 2)));
	CU_ASSERT_PTR_NULL(yaml_text_item(&yaml, root, 3));
	CU_ASSERT_PTR_NULL(yaml_text_scalar(root));
	yaml_text_free(&yaml);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "refused, and where", test_refused },
		{ "a file that is too large", test_too_large },
		{ "a file with nothing in it", test_nothing_in_it },
		{ "members in order, until one says stop", test_members },
		{ "bad members", test_bad_members },
		{ "too many members", test_too_many_members },
		{ "sequences and nulls", test_sequence },
		CU_TEST_INFO_NULL,
	};

	return suite_run("yaml_text", tests);
}
