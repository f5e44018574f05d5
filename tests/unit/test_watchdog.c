/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The watchdog is fed while all parts make progress, and only then.
 */
#include "daemon/service/log.h"
#include "daemon/service/unserved.h"
#include "daemon/service/watchdog.h"
#include "tests/unit/suite.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LIMIT_US 4000

static struct event_base *base;
static struct watchdog *watchdog;
static char directory[64];
static int manager;
static unsigned said;

struct part {
	const char *why;
	unsigned asked, enough; /* the loop ends then */
};

static const char *stuck(void *user)
{
	struct part *part = user;

	if (++part->asked == part->enough)
		event_base_loopbreak(base);
	return part->why;
}

static void on_log(enum log_level level, const char *message, void *user)
{
	(void)user;
	CU_ASSERT_EQUAL(level, LOG_LEVEL_ERROR);
	CU_ASSERT_PTR_NOT_NULL(strstr(message, "a rope"));
	said++;
}

static void set_up(uint64_t limit_us)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	strcpy(directory, "/tmp/gaitd-watchdog.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", directory);
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	CU_ASSERT_EQUAL_FATAL(bind(manager, (struct sockaddr *)&address, sizeof(address)), 0);
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	base = event_base_new();
	watchdog = watchdog_new(base, limit_us);
	CU_ASSERT_PTR_NOT_NULL_FATAL(watchdog);
	said = 0;
	log_divert(on_log, NULL);
}

static void tear_down(void)
{
	char path[80];

	log_divert(NULL, NULL);
	watchdog_free(watchdog);
	event_base_free(base);
	close(manager);
	snprintf(path, sizeof(path), "%s/notify", directory);
	unlink(path);
	CU_ASSERT_EQUAL(rmdir(directory), 0);
}

/* How often it was fed since the last time, after so many questions */
static unsigned fed_after(struct part *part, unsigned questions)
{
	char text[64];
	unsigned count = 0;
	ssize_t n;

	part->asked = 0;
	part->enough = questions;
	event_base_dispatch(base);
	while ((n = recv(manager, text, sizeof(text) - 1, 0)) > 0) {
		text[n] = '\0';
		CU_ASSERT_STRING_EQUAL(text, "WATCHDOG=1");
		count++;
	}
	return count;
}

static void test_fed(void)
{
	struct part good = { NULL, 0, 0 }, other = { NULL, 0, 0 };

	set_up(LIMIT_US);
	watchdog_add(watchdog, stuck, &good);
	watchdog_add(watchdog, stuck, &other);
	CU_ASSERT_EQUAL(fed_after(&good, 5), 5);
	/* one of them is enough to starve it, whichever */
	other.why = "a rope is round its neck";
	CU_ASSERT_EQUAL(fed_after(&good, 5), 0);
	CU_ASSERT_EQUAL(said, 1);
	other.why = NULL;
	good.why = "a rope is round the other's";
	CU_ASSERT_EQUAL(fed_after(&good, 5), 0);
	good.why = NULL;
	CU_ASSERT_EQUAL(fed_after(&good, 2), 2);
	tear_down();
}

/* Nobody watches: nothing wakes for it. */
static void test_no_limit(void)
{
	struct part part = { NULL, 0, 0 };

	set_up(0);
	watchdog_add(watchdog, stuck, &part);
	CU_ASSERT_EQUAL(event_base_dispatch(base), 1); /* no events */
	CU_ASSERT_EQUAL(part.asked, 0);
	tear_down();
}

static void test_unserved(void)
{
	struct unserved last = { false, 0 };
	int pair[2];
	char octet;

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	CU_ASSERT_FALSE(unserved_is(&last, pair[0], 0));
	CU_ASSERT_FALSE(unserved_is(&last, pair[0], 0));
	CU_ASSERT_EQUAL(write(pair[1], "ab", 2), 2);
	CU_ASSERT_FALSE(unserved_is(&last, pair[0], 0)); /* it may just have come */
	CU_ASSERT_TRUE(unserved_is(&last, pair[0], 0));
	CU_ASSERT_FALSE(unserved_is(&last, pair[0], 1)); /* busy, but served */
	CU_ASSERT_TRUE(unserved_is(&last, pair[0], 1));
	CU_ASSERT_EQUAL(read(pair[0], &octet, 1), 1);
	CU_ASSERT_EQUAL(read(pair[0], &octet, 1), 1);
	CU_ASSERT_FALSE(unserved_is(&last, pair[0], 1));
	close(pair[0]);
	close(pair[1]);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "fed while nothing is stuck", test_fed },
		{ "no limit", test_no_limit },
		{ "unserved", test_unserved },
		CU_TEST_INFO_NULL,
	};

	return suite_run("watchdog", tests);
}
