/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What is left on disk of a prompt that must be acknowledged, and when a next
 * daemon heeds it.
 */
#include "daemon/service/lock_file.h"
#include "daemon/service/log.h"
#include "tests/unit/suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char directory[64], socket_path[96], path[128];
static struct event_base *base;
static struct lock_file *lock;

static void start(void)
{
	snprintf(directory, sizeof(directory), "/tmp/gaitd-lock.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	snprintf(socket_path, sizeof(socket_path), "%s/display.sock", directory);
	snprintf(path, sizeof(path), "%s.safety-lock", socket_path);
	base = event_base_new();
	lock = lock_file_new(base, socket_path);
	CU_ASSERT_PTR_NOT_NULL_FATAL(lock);
}

/* The daemon dies, and another one starts. */
static void restart(void)
{
	lock_file_free(lock);
	lock = lock_file_new(base, socket_path);
	CU_ASSERT_PTR_NOT_NULL_FATAL(lock);
}

static void stop(void)
{
	lock_file_free(lock);
	event_base_free(base);
	unlink(path);
	CU_ASSERT_EQUAL(rmdir(directory), 0); /* nothing else was left */
}

static void tell(enum display_message_type type, bool locked)
{
	struct outcome outcome;

	memset(&outcome, 0, sizeof(outcome));
	outcome.message.type = type;
	outcome.message.session.state = DISPLAY_SESSION_RUNNING;
	lock_file_outcome(lock, &outcome, locked);
}

static bool is_there(void)
{
	return access(path, F_OK) == 0;
}

static void content(char text[64])
{
	FILE *file = fopen(path, "r");
	size_t length = file ? fread(text, 1, 63, file) : 0;

	text[length] = '\0';
	if (file)
		fclose(file);
}

static void write_content(const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
	chmod(path, mode);
}

/* Its last sign of life was so long ago. */
static void age(time_t seconds)
{
	struct timespec times[2];

	clock_gettime(CLOCK_BOOTTIME, &times[0]);
	times[0].tv_sec -= seconds;
	times[1] = times[0];
	CU_ASSERT_EQUAL(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void test_one_word_and_the_sessions_id_for_nobody_else(void)
{
	char text[64], word[16];
	unsigned long long id;
	int length = 0;
	struct stat st;

	start();
	tell(DISPLAY_MESSAGE_SESSION, false);
	tell(DISPLAY_MESSAGE_PROMPT, false);
	CU_ASSERT_FALSE(is_there());
	tell(DISPLAY_MESSAGE_PROMPT, true);
	CU_ASSERT_EQUAL_FATAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 07777, 0600);
	content(text);
	CU_ASSERT_EQUAL(sscanf(text, "%15s %llu\n%n", word, &id, &length), 2);
	CU_ASSERT_STRING_EQUAL(word, "locked");
	CU_ASSERT_EQUAL((size_t)length, strlen(text));
	stop();
}

static void test_it_goes_when_the_prompt_does(void)
{
	start();
	tell(DISPLAY_MESSAGE_PROMPT, true);
	tell(DISPLAY_MESSAGE_METRICS, true);
	CU_ASSERT_TRUE(is_there());
	tell(DISPLAY_MESSAGE_CLEAR, false);
	CU_ASSERT_FALSE(is_there());
	tell(DISPLAY_MESSAGE_PROMPT, true);
	lock_file_end(lock);
	CU_ASSERT_FALSE(is_there());
	stop();
}

static void test_the_next_daemon_finds_it_and_its_session(void)
{
	char before[64], after[64];

	start();
	CU_ASSERT_FALSE(lock_file_is_left(lock));
	tell(DISPLAY_MESSAGE_SESSION, false);
	tell(DISPLAY_MESSAGE_PROMPT, true);
	content(before);
	restart();
	CU_ASSERT_TRUE(lock_file_is_left(lock));
	tell(DISPLAY_MESSAGE_SESSION, false); /* it goes on */
	tell(DISPLAY_MESSAGE_PROMPT, true);
	content(after);
	CU_ASSERT_STRING_EQUAL(before, after);
	tell(DISPLAY_MESSAGE_CLEAR, false);
	restart();
	CU_ASSERT_FALSE(lock_file_is_left(lock));
	stop();
}

static void test_it_reaches_no_other_session(void)
{
	static const struct {
		time_t seconds;
		bool left;
	} rows[] = { { 0, true }, { 290, true }, { 310, false }, { 86400, false },
		     { -60, false } /* another boot's */ };

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		tell(DISPLAY_MESSAGE_PROMPT, true);
		restart();
		age(rows[i].seconds);
		CU_ASSERT_EQUAL(lock_file_is_left(lock), rows[i].left);
		CU_ASSERT_EQUAL(is_there(), rows[i].left);
		stop();
	}
}

static void test_what_is_no_lock_of_ours_is_removed(void)
{
	static const struct {
		const char *text;
		mode_t mode;
	} rows[] = {
		{ "", 0600 }, { "locked", 0600 }, { "locked 12", 0600 },
		{ "open 12\n", 0600 }, { "locked twelve\n", 0600 },
		{ "locked 12\n", 0644 }, { "locked 12\n", 0620 },
	};

	log_set_level(LOG_LEVEL_ERROR);
	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		write_content(rows[i].text, rows[i].mode);
		age(1);
		CU_ASSERT_FALSE(lock_file_is_left(lock));
		CU_ASSERT_FALSE(is_there());
		stop();
	}
	start();
	write_content("locked 12\n", 0600); /* as we write it */
	age(1);
	CU_ASSERT_TRUE(lock_file_is_left(lock));
	stop();
}

static void test_a_link_is_not_followed(void)
{
	char target[160];

	start();
	snprintf(target, sizeof(target), "%s/target", directory);
	CU_ASSERT_EQUAL(symlink(target, path), 0);
	CU_ASSERT_FALSE(lock_file_is_left(lock));
	CU_ASSERT_EQUAL(symlink(target, path), 0);
	tell(DISPLAY_MESSAGE_PROMPT, true);
	CU_ASSERT_NOT_EQUAL(access(target, F_OK), 0);
	stop();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "one word and an id, 0600",
		  test_one_word_and_the_sessions_id_for_nobody_else },
		{ "goes with the prompt", test_it_goes_when_the_prompt_does },
		{ "found by the next daemon",
		  test_the_next_daemon_finds_it_and_its_session },
		{ "no other session", test_it_reaches_no_other_session },
		{ "no lock of ours", test_what_is_no_lock_of_ours_is_removed },
		{ "links", test_a_link_is_not_followed },
		CU_TEST_INFO_NULL,
	};

	return suite_run("lock file", tests);
}
