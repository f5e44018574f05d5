/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The network key: what is taken for one, from where, and that it stays out of
 * core dumps.
 */
#include "daemon/service/secret.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void test_text(void)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{ "0123456789abcdef", true },  { "0123456789ABCDEF\n", true },
		{ "0123456789abcdef \n\n", true }, { "0123456789abcde", false },
		{ "0123456789abcdef0", false }, { "0123456789abcdeg", false },
		{ " 0123456789abcdef", false }, { "0000000000000000", false },
		{ "", false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t key[SECRET_ANT_KEY_SIZE], none[SECRET_ANT_KEY_SIZE] = { 0 };

		memset(key, 0xee, sizeof(key));
		CU_ASSERT_EQUAL(secret_ant_key(rows[i].text, strlen(rows[i].text), key),
		                rows[i].good);
		/* nothing of what was no good stays */
		CU_ASSERT_EQUAL(memcmp(key, none, sizeof(key)) == 0, !rows[i].good);
	}
}

static void test_file(void)
{
	static const struct {
		mode_t mode;
		const char *text;
		bool good;
	} rows[] = {
		{ 0600, "0123456789abcdef\n", true }, { 0640, "0123456789abcdef\n", true },
		{ 0400, "0123456789abcdef", true },   { 0644, "0123456789abcdef\n", false },
		{ 0660, "0123456789abcdef\n", false }, { 0604, "0123456789abcdef\n", false },
		{ 0600, "0123456789abcdef\nx", false }, { 0600, "", false },
	};
	char path[] = "/tmp/gaitd-key.XXXXXX";
	uint8_t key[SECRET_ANT_KEY_SIZE];
	int fd = mkstemp(path);

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		CU_ASSERT_EQUAL(ftruncate(fd, 0), 0);
		CU_ASSERT_EQUAL(pwrite(fd, rows[i].text, strlen(rows[i].text), 0),
		                (ssize_t)strlen(rows[i].text));
		CU_ASSERT_EQUAL(fchmod(fd, rows[i].mode), 0);
		CU_ASSERT_EQUAL(secret_ant_key_file(path, key), rows[i].good);
	}
	close(fd);
	unlink(path);
	CU_ASSERT_FALSE(secret_ant_key_file(path, key));
	CU_ASSERT_FALSE(secret_ant_key_file("/dev/zero", key));
	CU_ASSERT_FALSE(secret_ant_key_file("/", key));
}

/* The kernel says of each mapping whether a core dump has it: "dd" is not. */
static bool is_kept_from_dumps(const void *memory)
{
	FILE *file = fopen("/proc/self/smaps", "re");
	unsigned long long wanted = (unsigned long long)(uintptr_t)memory, from, to;
	char line[512];
	bool inside = false, found = false;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%llx-%llx ", &from, &to) == 2)
			inside = wanted >= from && wanted < to;
		else if (inside && strncmp(line, "VmFlags:", 8) == 0)
			found = strstr(line, " dd") != NULL;
	}
	if (file)
		fclose(file);
	return found;
}

static void test_memory(void)
{
	uint8_t *secret = secret_new(8);
	void *plain = malloc(8);

	CU_ASSERT_PTR_NOT_NULL_FATAL(secret);
	CU_ASSERT_TRUE(is_kept_from_dumps(secret));
	CU_ASSERT_FALSE(is_kept_from_dumps(plain));
	CU_ASSERT_EQUAL(secret[0] | secret[7], 0);
	secret_free(secret, 8);
	secret_free(NULL, 8);
	free(plain);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "what is a key", test_text },
		{ "files that others can read are refused", test_file },
		{ "no core dump has it", test_memory },
		CU_TEST_INFO_NULL,
	};

	return suite_run("secret", tests);
}
