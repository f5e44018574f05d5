/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/displays/prompt_log.h"
#include "daemon/service/log.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[64];

static struct prompt_log *begin(bool metrics)
{
	int fd;
	struct prompt_log *log;

	strcpy(path, "/tmp/gaitd-prompts.XXXXXX");
	fd = mkstemp(path);
	CU_ASSERT_TRUE_FATAL(fd >= 0);
	close(fd);
	log = prompt_log_open(path, metrics);
	CU_ASSERT_PTR_NOT_NULL_FATAL(log);
	return log;
}

static void end(struct prompt_log *log, const char *expected)
{
	char seen[4096];
	FILE *file;

	CU_ASSERT_TRUE(prompt_log_close(log));
	file = fopen(path, "re");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	seen[fread(seen, 1, sizeof(seen) - 1, file)] = '\0';
	fclose(file);
	unlink(path);
	if (strcmp(seen, expected) != 0)
		printf("\n    saw      %s\n    expected %s\n", seen, expected);
	CU_ASSERT_STRING_EQUAL(seen, expected);
}

static void link_at(struct prompt_log *log, uint64_t t_us,
                    enum display_link_state treadmill,
                    enum display_link_state footpod)
{
	struct outcome o = { t_us, { .type = DISPLAY_MESSAGE_LINK } };

	o.message.link = (struct display_link){ treadmill, footpod };
	prompt_log_outcome(log, &o);
}

static void speed_at(struct prompt_log *log, uint64_t t_us, double speed_kmh)
{
	struct outcome o = { t_us, { .type = DISPLAY_MESSAGE_METRICS } };

	o.message.metrics.present = DISPLAY_SPEED;
	o.message.metrics.speed_kmh = speed_kmh;
	prompt_log_outcome(log, &o);
}

static void prompt_at(struct prompt_log *log, uint64_t t_us)
{
	struct outcome o = { t_us, { .type = DISPLAY_MESSAGE_PROMPT } };

	o.message.prompt.id = 1;
	strcpy(o.message.prompt.rule, "rest-day-and-week");
	o.message.prompt.level = DISPLAY_LEVEL_LOAD;
	strcpy(o.message.prompt.headline, "Rest or walk today?");
	strcpy(o.message.prompt.text, "Your back was 5/10 last time.");
	strcpy(o.message.prompt.public_text, "Your back hurt last time.");
	o.message.prompt.ttl_ms = 12000;
	prompt_log_outcome(log, &o);
}

static void test_events(void)
{
	struct prompt_log *log = begin(false);
	struct outcome clear = { 371000000, { .type = DISPLAY_MESSAGE_CLEAR } };
	struct outcome session = { 0, { .type = DISPLAY_MESSAGE_SESSION } };

	prompt_log_outcome(log, &session);
	speed_at(log, 1, 10);
	prompt_at(log, 359000000);
	clear.message.clear = (struct display_clear){ 1, DISPLAY_CLEAR_EXPIRED };
	prompt_log_outcome(log, &clear);
	end(log, "{\"t\":359.000,\"event\":\"prompt\",\"id\":1,"
	    "\"rule\":\"rest-day-and-week\",\"level\":\"load\","
	    "\"headline\":\"Rest or walk today?\","
	    "\"text\":\"Your back was 5/10 last time.\",\"args\":{}}\n"
	    "{\"t\":371.000,\"event\":\"clear\",\"id\":1,"
	    "\"reason\":\"expired\"}\n");
}

static void test_links(void)
{
	struct prompt_log *log = begin(false);

	link_at(log, 0, DISPLAY_LINK_LIVE, DISPLAY_LINK_OFF);
	link_at(log, 1000000, DISPLAY_LINK_LIVE, DISPLAY_LINK_OFF);
	link_at(log, 2000000, DISPLAY_LINK_STALE, DISPLAY_LINK_LOST);
	end(log, "{\"t\":0.000,\"event\":\"link\",\"treadmill\":\"live\"}\n"
	    "{\"t\":2.000,\"event\":\"link\",\"treadmill\":\"stale\"}\n"
	    "{\"t\":2.000,\"event\":\"link\",\"footpod\":\"lost\"}\n");
}

static void test_metrics(void)
{
	struct prompt_log *log = begin(true);

	speed_at(log, 0, 10);
	speed_at(log, 1000000, 10.001); /* prints the same */
	speed_at(log, 2000000, 10.01);
	speed_at(log, 3000000, 10);
	end(log, "{\"t\":0.000,\"event\":\"metrics\",\"speed_kmh\":10.00}\n"
	    "{\"t\":2.000,\"event\":\"metrics\",\"speed_kmh\":10.01}\n"
	    "{\"t\":3.000,\"event\":\"metrics\",\"speed_kmh\":10.00}\n");
}

static void test_full_disk(void)
{
	struct prompt_log *log = prompt_log_open("/dev/full", false);

	CU_ASSERT_PTR_NOT_NULL_FATAL(log);
	prompt_at(log, 0);
	prompt_log_flush(log);
	CU_ASSERT_FALSE(prompt_log_is_good(log));
	prompt_at(log, 0);
	CU_ASSERT_FALSE(prompt_log_close(log));
	/* said at the end too, when only closing shows it */
	log = prompt_log_open("/dev/full", false);
	CU_ASSERT_PTR_NOT_NULL_FATAL(log);
	prompt_at(log, 0);
	CU_ASSERT_FALSE(prompt_log_close(log));
}

static void test_no_such_directory(void)
{
	CU_ASSERT_PTR_NULL(prompt_log_open("/nonexistent/prompts", false));
	CU_ASSERT_TRUE(prompt_log_close(NULL));
}

static CU_TestInfo tests[] = {
	{ "prompt and clear; no others", test_events },
	{ "link: a line a changed device", test_links },
	{ "metrics: when a printed member changed", test_metrics },
	{ "a full disk", test_full_disk },
	{ "a directory that is not there", test_no_such_directory },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("prompt log", tests);
}
