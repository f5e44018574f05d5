/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/service/rule_files.h"
#include "daemon/rules/yaml_text.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>


static char directory[64];
static struct ruleset set;
static struct ruleset_error error;

static void start(void)
{
	strcpy(directory, "/tmp/gaitd-test-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
}

static const char *path_of(const char *name)
{
	static char path[200];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(path_of(name), "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

static void end(const char *const *names)
{
	for (; *names; names++)
		CU_ASSERT_EQUAL(remove(path_of(*names)), 0);
	CU_ASSERT_EQUAL(rmdir(directory), 0);
	ruleset_free(&set);
}

static uint32_t hold_of(const char *id)
{
	const struct rule *rule = ruleset_find(&set, id);

	return rule ? rule->clauses[0].hold_s : UINT32_MAX;
}

static void test_directory_in_order_of_names(void)
{
	start();
	write_file("20-later.yaml", "rules:\n- {id: a, hold: 20 s}\n");
	write_file("10-first.yaml", "rules:\n- {id: a, level: form, when: running, "
	           "hold: 10 s, say: {headline: H, text: T}}\n");
	write_file(".hidden.yaml", "junk");
	write_file("notes.txt", "junk");
	write_file("old.yaml~", "junk");
	CU_ASSERT_TRUE(rule_files_load_directory(&set, directory, &error));
	CU_ASSERT_EQUAL(set.count, 1);
	CU_ASSERT_EQUAL(hold_of("a"), 20);
	end((const char *const[]){ "20-later.yaml", "10-first.yaml", ".hidden.yaml",
	                           "notes.txt", "old.yaml~", NULL });
}

static void test_directory_with_a_bad_file_changes_nothing(void)
{
	start();
	write_file("b.yaml", "rules:\n- {id: a, hold: 20}\n");
	write_file("a.yaml", "rules:\n- {id: a, level: form, when: running, "
	           "hold: 10 s, say: {headline: H, text: T}}\n");
	CU_ASSERT_FALSE(rule_files_load_directory(&set, directory, &error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.where, "/b.yaml:2:17"));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "write 20 s"));
	CU_ASSERT_EQUAL(set.count, 0);
	end((const char *const[]){ "a.yaml", "b.yaml", NULL });
}

static void test_no_directory(void)
{
	CU_ASSERT_TRUE(rule_files_load_directory(&set, "/nonexistent/rules.d", &error));
	CU_ASSERT_EQUAL(set.count, 0);
}

static void test_unreadable(void)
{
	static const struct {
		const char *path, *message;
	} rows[] = {
		{ "/nonexistent/rules.yaml", "cannot be read: No such file or directory" },
		{ "/", "cannot be read: Is a directory" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CU_ASSERT_FALSE(rule_files_load(&set, rows[i].path, &error));
		CU_ASSERT_STRING_EQUAL(error.where, rows[i].path);
		CU_ASSERT_STRING_EQUAL(error.message, rows[i].message);
	}
}

/* A file without an end is read up to the limit and no further. */
static void test_endless(void)
{
	CU_ASSERT_FALSE(rule_files_load(&set, "/dev/zero", &error));
	CU_ASSERT_STRING_EQUAL(error.where, "/dev/zero:1:1");
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "at most 1048576 octets are read"));
}

static void test_all(void)
{
	const char *paths[2];

	start();
	write_file("mine.yaml", "rules:\n- {id: cadence-low, hold: 33 s}\n");
	paths[0] = paths[1] = path_of("mine.yaml");
	CU_ASSERT_TRUE(rule_files_load_all(&set, paths, 2, &error));
	CU_ASSERT_EQUAL(hold_of("cadence-low"), 33);
	CU_ASSERT_PTR_NOT_NULL(ruleset_find(&set, "pain-red-flag"));
	ruleset_free(&set);
	paths[1] = "/nonexistent/rules.yaml";
	CU_ASSERT_FALSE(rule_files_load_all(&set, paths, 2, &error));
	CU_ASSERT_EQUAL(set.count, 0);
	end((const char *const[]){ "mine.yaml", NULL });
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "a directory, in order of names", test_directory_in_order_of_names },
		{ "a bad file in a directory changes nothing",
		  test_directory_with_a_bad_file_changes_nothing },
		{ "no directory is no error", test_no_directory },
		{ "files that cannot be read", test_unreadable },
		{ "an endless file", test_endless },
		{ "shipped rules, then further files", test_all },
		CU_TEST_INFO_NULL,
	};

	return suite_run("rule_files", tests);
}
