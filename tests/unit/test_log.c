/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/service/journal.h"
#include "daemon/service/log.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The journal, in place of the real one */
static struct {
	bool is_there;
	unsigned count;
	int priority;
	char id[40], subsystem[40], message[200], treadmill[40], footpod[40], rule[40];
} journal;

static void keep(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "(none)");
}

bool journal_send(const struct journal_entry *entry)
{
	journal.count++;
	journal.priority = entry->priority;
	keep(journal.id, sizeof(journal.id), entry->id);
	keep(journal.subsystem, sizeof(journal.subsystem), entry->subsystem);
	keep(journal.message, sizeof(journal.message), entry->message);
	keep(journal.treadmill, sizeof(journal.treadmill), entry->treadmill);
	keep(journal.footpod, sizeof(journal.footpod), entry->footpod);
	keep(journal.rule, sizeof(journal.rule), entry->rule);
	return journal.is_there;
}

static char captured[16384];
static int kept_stderr;
static FILE *capture;

static void capture_start(void)
{
	capture = tmpfile();
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
	fflush(stderr);
	kept_stderr = dup(STDERR_FILENO);
	dup2(fileno(capture), STDERR_FILENO);
}

static const char *capture_end(void)
{
	size_t length;

	dup2(kept_stderr, STDERR_FILENO);
	close(kept_stderr);
	rewind(capture);
	length = fread(captured, 1, sizeof(captured) - 1, capture);
	captured[length] = '\0';
	fclose(capture);
	return captured;
}

static unsigned count(const char *text, const char *what)
{
	unsigned found = 0;

	for (const char *at = text; (at = strstr(at, what)); at++)
		found++;
	return found;
}

static void test_escape(void)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "plain text", "plain text" },
		{ "two\nlines\r\ttab", "two\\nlines\\r\\ttab" },
		{ "\x1b[31mred\x7f", "\\x1b[31mred\\x7f" },
		{ "Läufer 日本 🏃", "Läufer 日本 🏃" },
		{ "lone \xe4 byte", "lone \\xe4 byte" },
		{ "cut \xe6\x97", "cut \\xe6\\x97" },
		{ "C1 \xc2\x9b" "31m", "C1 \\xc2\\x9b31m" },
		{ "overlong \xc0\xaf", "overlong \\xc0\\xaf" },
		{ "surrogate \xed\xa0\x80", "surrogate \\xed\\xa0\\x80" },
		{ "", "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[128];

		log_escape(out, sizeof(out), rows[i].in);
		CU_ASSERT_STRING_EQUAL(out, rows[i].out);
	}
}

static void test_escape_is_cut_at_a_whole_character(void)
{
	char out[10];

	log_escape(out, sizeof(out), "123456789");
	CU_ASSERT_STRING_EQUAL(out, "123456789");
	log_escape(out, sizeof(out), "1234567890");
	CU_ASSERT_STRING_EQUAL(out, "123456...");
	log_escape(out, sizeof(out), "12345\n\n\n");
	CU_ASSERT_STRING_EQUAL(out, "12345...");
	log_escape(out, sizeof(out), "12345ääää");
	CU_ASSERT_STRING_EQUAL(out, "12345...");
}

static void test_line_has_program_token_and_no_colour_off_a_terminal(void)
{
	capture_start();
	log_start("gaitd");
	log_error("display", "%s said %d", "bad\nname", 7);
	CU_ASSERT_STRING_EQUAL(capture_end(), "gaitd: display: bad\\nname said 7\n");
}

/* Standard error is the journal from here on. */
static void journal_start(bool is_there)
{
	char stream[64];
	struct stat st;

	memset(&journal, 0, sizeof(journal));
	journal.is_there = is_there;
	capture_start();
	fstat(STDERR_FILENO, &st);
	snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)st.st_dev,
	         (unsigned long long)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	log_start("gaitd");
	unsetenv("JOURNAL_STREAM");
}

static void test_journal_gets_fields(void)
{
	journal_start(true);
	log_warn("usb", "stick %s", "gone");
	CU_ASSERT_EQUAL(journal.priority, 4);
	CU_ASSERT_STRING_EQUAL(journal.id, "(none)");
	CU_ASSERT_STRING_EQUAL(journal.subsystem, "usb");
	CU_ASSERT_STRING_EQUAL(journal.message, "stick gone");
	log_set_field(LOG_TREADMILL, "URTM041");
	log_set_field(LOG_FOOTPOD, "live");
	log_set_field(LOG_RULE, "cadence-low");
	log_known(MESSAGE_RULE_OFF, "rules", "off\n");
	log_set_field(LOG_RULE, NULL);
	CU_ASSERT_EQUAL(journal.priority, 3);
	CU_ASSERT_EQUAL(strlen(journal.id), 32);
	CU_ASSERT_STRING_EQUAL(journal.message, "off\\n");
	CU_ASSERT_STRING_EQUAL(journal.treadmill, "URTM041");
	CU_ASSERT_STRING_EQUAL(journal.footpod, "live");
	CU_ASSERT_STRING_EQUAL(journal.rule, "cadence-low");
	log_known(MESSAGE_RELOADED, "daemon", "reloaded");
	CU_ASSERT_EQUAL(journal.priority, 5);
	CU_ASSERT_STRING_EQUAL(journal.rule, "");
	log_set_field(LOG_TREADMILL, "");
	log_set_field(LOG_FOOTPOD, "");
	CU_ASSERT_STRING_EQUAL(capture_end(), "");
	CU_ASSERT_EQUAL(journal.count, 3);
}

static void test_journal_that_takes_nothing(void)
{
	journal_start(false);
	log_warn("usb", "stick gone");
	CU_ASSERT_STRING_EQUAL(capture_end(), "<4>usb: stick gone\n");
}

/* What the first was, whether its place may still speak or not */
static void test_first_error_is_kept(void)
{
	char why[64] = "";

	journal_start(true);
	for (int i = 0; i < 30; i++) {
		why[0] = '\0';
		log_keep_error(why, sizeof(why));
		log_warn("config", "no error");
		log_known(MESSAGE_CONFIG_REFUSED, "config", "gaitd.yaml:%d:1", i);
		log_error("config", "another");
		log_keep_error(NULL, 0);
	}
	capture_end();
	CU_ASSERT_STRING_EQUAL(why, "gaitd.yaml:29:1");
}

static void test_journal_of_another_process_is_not_ours(void)
{
	capture_start();
	setenv("JOURNAL_STREAM", "1:2", 1);
	log_start("gaitd");
	log_warn("usb", "stick back");
	unsetenv("JOURNAL_STREAM");
	CU_ASSERT_STRING_EQUAL(capture_end(), "gaitd: usb: stick back\n");
}

static void test_levels(void)
{
	enum log_level level;

	capture_start();
	log_start("gaitd");
	log_info("a", "not yet");
	log_set_level(LOG_LEVEL_DEBUG);
	log_debug("a", "now");
	log_set_level(LOG_LEVEL_NOTICE);
	CU_ASSERT_STRING_EQUAL(capture_end(), "gaitd: a: now\n");

	CU_ASSERT_TRUE(log_level_from_name("warning", &level));
	CU_ASSERT_EQUAL(level, LOG_LEVEL_WARNING);
	CU_ASSERT_FALSE(log_level_from_name("loud", &level));
	CU_ASSERT_STRING_EQUAL(log_level_name(LOG_LEVEL_INFO), "info");
}

static void test_one_noisy_place_is_held_back_and_that_is_said(void)
{
	const char *text;

	capture_start();
	log_start("gaitd");
	for (int i = 0; i < 1000; i++)
		log_warn("display", "junk line %d", i);
	log_warn("display", "another place still speaks");
	text = capture_end();
	CU_ASSERT_EQUAL(count(text, "junk line"), 10);
	CU_ASSERT_EQUAL(count(text, "held back"), 1);
	CU_ASSERT_EQUAL(count(text, "another place"), 1);
}

static void test_endless_text_is_one_line_of_bounded_length(void)
{
	static char text[100000];
	const char *line;

	memset(text, '\n', sizeof(text) - 1);
	capture_start();
	log_start("gaitd");
	log_error("rules", "%s", text);
	line = capture_end();
	CU_ASSERT_EQUAL(count(line, "\n"), 1);
	CU_ASSERT_TRUE(strlen(line) < 1200);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "control characters and bad UTF-8 are escaped", test_escape },
		{ "escaping cuts at a whole character",
		  test_escape_is_cut_at_a_whole_character },
		{ "a line off a terminal: program, token, no colour",
		  test_line_has_program_token_and_no_colour_off_a_terminal },
		{ "the journal gets fields", test_journal_gets_fields },
		{ "a journal that takes nothing: <PRIORITY>", test_journal_that_takes_nothing },
		{ "the first error is kept for who must answer", test_first_error_is_kept },
		{ "JOURNAL_STREAM of another file is not ours",
		  test_journal_of_another_process_is_not_ours },
		{ "levels by name", test_levels },
		{ "rate limit per call site", test_one_noisy_place_is_held_back_and_that_is_said },
		{ "endless text", test_endless_text_is_one_line_of_bounded_length },
		CU_TEST_INFO_NULL,
	};

	return suite_run("log", tests);
}
