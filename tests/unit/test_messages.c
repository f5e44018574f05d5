/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The messages of messages.h and their texts in systemd/gaitd.catalog: the one
 * has what the other has.
 */
#include "daemon/service/messages.h"
#include "tests/unit/suite.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES_MAX 100

static const struct {
	const char *name, *id;
} messages[] = {
#define MESSAGE_ROW(name, level, id) { #name, id },
	MESSAGES(MESSAGE_ROW)
#undef MESSAGE_ROW
};
#define COUNT (sizeof(messages) / sizeof(messages[0]))

struct entry {
	char name[64], id[40]; /* the comment above it, and its id */
	bool subject, text, blank; /* `blank`: between both */
};

static struct entry entries[ENTRIES_MAX];
static size_t count;

static void take_line(const char *line)
{
	static char comment[64];
	struct entry *entry = count ? &entries[count - 1] : NULL;

	if (strncmp(line, "# ", 2) == 0) {
		snprintf(comment, sizeof(comment), "%.*s", (int)strcspn(line + 2, "\n"),
		         line + 2);
	} else if (strncmp(line, "-- ", 3) == 0) {
		CU_ASSERT_FATAL(count < ENTRIES_MAX);
		entry = &entries[count++];
		snprintf(entry->name, sizeof(entry->name), "%s", comment);
		snprintf(entry->id, sizeof(entry->id), "%.*s", (int)strcspn(line + 3, "\n"),
		         line + 3);
	} else if (entry && strncmp(line, "Subject: ", 9) == 0) {
		entry->subject = true;
	} else if (entry && *line == '\n') {
		entry->blank = true;
	} else if (entry && entry->blank) {
		entry->text = true;
	}
}

static void read_catalogue(void)
{
	const char *source = getenv("srcdir");
	char path[512], line[512];
	FILE *file;

	count = 0;
	memset(entries, 0, sizeof(entries));
	snprintf(path, sizeof(path), "%s/systemd/gaitd.catalog", source ? source : ".");
	file = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	while (fgets(line, sizeof(line), file))
		take_line(line);
	fclose(file);
}

static const struct entry *entry_of(const char *id)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(entries[i].id, id) == 0)
			return &entries[i];
	}
	return NULL;
}

static void test_each_message_has_a_text(void)
{
	read_catalogue();
	for (size_t i = 0; i < COUNT; i++) {
		const struct entry *entry = entry_of(messages[i].id);

		if (!entry || strcmp(entry->name, messages[i].name) != 0)
			printf("%s\n", messages[i].name);
		CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
		CU_ASSERT_STRING_EQUAL(entry->name, messages[i].name);
		CU_ASSERT(entry->subject);
		CU_ASSERT(entry->text);
	}
}

static void test_each_text_has_a_message(void)
{
	read_catalogue();
	CU_ASSERT_EQUAL(count, COUNT);
	for (size_t i = 0; i < count; i++) {
		size_t found = 0;

		for (size_t j = 0; j < COUNT; j++)
			found += strcmp(entries[i].id, messages[j].id) == 0;
		if (found != 1)
			printf("%s\n", entries[i].name);
		CU_ASSERT_EQUAL(found, 1);
	}
}

static void test_ids(void)
{
	for (size_t i = 0; i < COUNT; i++) {
		CU_ASSERT_EQUAL(strlen(messages[i].id), 32);
		for (const char *c = messages[i].id; *c; c++)
			CU_ASSERT(isdigit((unsigned char)*c) || (*c >= 'a' && *c <= 'f'));
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "each message has a text", test_each_message_has_a_text },
		{ "each text has a message", test_each_text_has_a_message },
		{ "ids", test_ids },
		CU_TEST_INFO_NULL,
	};

	return suite_run("messages", tests);
}
