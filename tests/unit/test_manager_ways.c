/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What systemd is sent, octet by octet, and what is read of what it sets.
 */
#include "daemon/service/journal.h"
#include "daemon/service/manager.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void check_datagram(const struct journal_entry *entry, const char *expected,
                           size_t length)
{
	char datagram[JOURNAL_DATAGRAM_MAX];

	CU_ASSERT_EQUAL_FATAL(journal_datagram(entry, datagram), length);
	CU_ASSERT_EQUAL(memcmp(datagram, expected, length), 0);
}

#define DATAGRAM(entry, text) check_datagram(entry, text, sizeof(text) - 1)

static void test_journal(void)
{
	struct journal_entry entry = {
		.priority = 4, .program = "gaitd", .subsystem = "usb", .message = "stick gone",
		.instance = "", .treadmill = "", .footpod = "live", .rule = "",
	};

	DATAGRAM(&entry, "MESSAGE=stick gone\nPRIORITY=4\nSYSLOG_IDENTIFIER=gaitd\n"
	                 "GAITD_SUBSYSTEM=usb\nGAITD_FOOTPOD=live\n");
}

/* A treadmill may call itself what it likes: no line of it becomes a field. */
static void test_journal_of_several_lines(void)
{
	struct journal_entry entry = {
		.priority = 3, .program = "gaitd", .subsystem = "", .message = "gone",
		.instance = "", .treadmill = "T\nPRIORITY=0", .footpod = "", .rule = "",
	};

	DATAGRAM(&entry, "MESSAGE=gone\nPRIORITY=3\nSYSLOG_IDENTIFIER=gaitd\n"
	                 "GAITD_TREADMILL\n\x0c\0\0\0\0\0\0\0T\nPRIORITY=0\n");
}

static void test_journal_of_too_much(void)
{
	static char text[2 * JOURNAL_VALUE_MAX];
	struct journal_entry entry = {
		1, text, text, text, text, text, text, text, text,
	};
	char datagram[JOURNAL_DATAGRAM_MAX];

	memset(text, '\n', sizeof(text) - 1);
	CU_ASSERT_TRUE(journal_datagram(&entry, datagram) <= sizeof(datagram));
	memset(text, 'x', sizeof(text) - 1);
	CU_ASSERT_TRUE(journal_datagram(&entry, datagram) > 8 * JOURNAL_VALUE_MAX);
}

/* A name that is in no file system; the kernel chooses one that is free. */
static int listen_abstract(char *path, size_t size)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t length = sizeof(address);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	CU_ASSERT_EQUAL(bind(fd, (struct sockaddr *)&address, sizeof(sa_family_t)), 0);
	CU_ASSERT_EQUAL(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	snprintf(path, size, "@%.*s", (int)(length - sizeof(sa_family_t) - 1),
	         address.sun_path + 1);
	return fd;
}

static void test_send(void)
{
	char path[108], text[16] = "", too_long[200];
	int fd = listen_abstract(path, sizeof(path));

	CU_ASSERT_EQUAL(manager_send(path, "READY=1", 7), 0);
	CU_ASSERT_EQUAL(recv(fd, text, sizeof(text) - 1, 0), 7);
	CU_ASSERT_STRING_EQUAL(text, "READY=1");
	close(fd);
	CU_ASSERT_EQUAL(manager_send(path, "READY=1", 7), -ECONNREFUSED);
	CU_ASSERT_EQUAL(manager_send("/nonexistent/notify", "READY=1", 7), -ENOENT);
	CU_ASSERT_EQUAL(manager_send("", "READY=1", 7), -EAFNOSUPPORT);
	CU_ASSERT_EQUAL(manager_send("@", "READY=1", 7), -EAFNOSUPPORT);
	CU_ASSERT_EQUAL(manager_send("vsock:2:1", "READY=1", 7), -EAFNOSUPPORT);
	memset(too_long, '/', sizeof(too_long) - 1);
	too_long[sizeof(too_long) - 1] = '\0';
	CU_ASSERT_EQUAL(manager_send(too_long, "READY=1", 7), -EAFNOSUPPORT);
}

static void test_number(void)
{
	static const struct {
		const char *text;
		uint64_t most;
		int given;
		uint64_t value;
	} rows[] = {
		{ "0", 9, 1, 0 },          { "17", 17, 1, 17 },
		{ "18", 17, -EINVAL, 7 },  { "", 9, -EINVAL, 7 },
		{ "-1", 9, -EINVAL, 7 },   { "+1", 9, -EINVAL, 7 },
		{ " 1", 9, -EINVAL, 7 },   { "1x", 99, -EINVAL, 7 },
		{ "5", 4, -EINVAL, 7 },    { NULL, 9, 0, 7 },
		{ "18446744073709551615", UINT64_MAX, 1, UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX, -EINVAL, 7 },
		{ "18446744073709551615", UINT64_MAX - 1, -EINVAL, 7 },
		{ "99999999999999999999999", UINT64_MAX, -EINVAL, 7 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t value = 7;

		unsetenv("GAITD_TEST");
		if (rows[i].text)
			setenv("GAITD_TEST", rows[i].text, 1);
		CU_ASSERT_EQUAL(manager_number("GAITD_TEST", rows[i].most, &value),
		                rows[i].given);
		CU_ASSERT_EQUAL(value, rows[i].value);
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "the journal's datagram", test_journal },
		{ "a field of several lines", test_journal_of_several_lines },
		{ "more than there is room for", test_journal_of_too_much },
		{ "a socket of the manager's", test_send },
		{ "a number in the environment", test_number },
		CU_TEST_INFO_NULL,
	};

	return suite_run("manager_ways", tests);
}
