/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Catalogues in a directory: each is read when its language is looked for.
 */
#include "daemon/service/language_files.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[] = "/tmp/gaitd-test-XXXXXX";
static char path[64];

static const char *path_of(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

/* With no text but its header */
static void write_catalogue(const char *name, const char *header)
{
	uint32_t length = (uint32_t)strlen(header);
	uint32_t words[] = { 0x950412de, 0, 1, 28, 36, 0, 44, 0, 44, length, 45 };
	FILE *file = fopen(path_of(name), "w");

	fwrite(words, sizeof(words), 1, file);
	fwrite("", 1, 1, file);
	fwrite(header, length + 1, 1, file);
	fclose(file);
}

static const char *const names[] = { "de.mo", "de-CH.mo", "fr.mo", "nl.mo", "notes.txt" };

static struct language_files *list(void)
{
	const char *header = "Content-Type: text/plain; charset=UTF-8\n";

	write_catalogue("de.mo", header);
	write_catalogue("de-CH.mo", header);
	write_catalogue("nl.mo", header);
	write_catalogue("fr.mo", header);
	CU_ASSERT_EQUAL(truncate(path_of("fr.mo"), 50), 0);
	write_catalogue("notes.txt", header);
	return language_files_list(directory);
}

static void end(struct language_files *files)
{
	language_files_free(files);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(path_of(names[i]));
}

static void test_a_language_is_read_when_it_is_looked_for(void)
{
	struct language_files *files = list();
	const struct language *german;

	CU_ASSERT_EQUAL(files->set.count, 0);
	CU_ASSERT_PTR_NULL(language_find(&files->set, "en"));
	CU_ASSERT_PTR_NULL(language_find(&files->set, "notes"));
	CU_ASSERT_PTR_NULL(language_find(&files->set, "d"));
	CU_ASSERT_EQUAL(files->set.count, 0);
	german = language_find(&files->set, "de-AT");
	CU_ASSERT_PTR_NOT_NULL_FATAL(german);
	CU_ASSERT_STRING_EQUAL(german->tag, "de");
	CU_ASSERT_STRING_EQUAL(language_find(&files->set, "de_CH")->tag, "de");
	CU_ASSERT_STRING_EQUAL(language_find(&files->set, "DE-ch")->tag, "de-CH");
	CU_ASSERT_EQUAL(files->set.count, 2);
	CU_ASSERT_PTR_NOT_NULL(language_find(&files->set, "nl"));
	CU_ASSERT_PTR_EQUAL(language_find(&files->set, "de"), german); /* it has not moved */
	end(files);
}

static void test_one_that_is_unsound_or_gone_is_english(void)
{
	struct language_files *files = list();

	unlink(path_of("nl.mo"));
	CU_ASSERT_PTR_NULL(language_find(&files->set, "fr"));
	CU_ASSERT_PTR_NULL(language_find(&files->set, "nl"));
	CU_ASSERT_EQUAL(files->set.count, 0);
	write_catalogue("nl.mo", "Language: nl\n");
	CU_ASSERT_PTR_NULL(language_find(&files->set, "nl")); /* until a reload */
	end(files);
	files = language_files_list("/nonexistent");
	CU_ASSERT_PTR_NULL(language_find(&files->set, "de"));
	language_files_free(files);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "when it is looked for", test_a_language_is_read_when_it_is_looked_for },
		{ "unsound or gone", test_one_that_is_unsound_or_gone_is_english },
		CU_TEST_INFO_NULL,
	};
	int failed = mkdtemp(directory) ? suite_run("language_files", tests) : 1;

	rmdir(directory);
	return failed;
}
