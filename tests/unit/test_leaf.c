/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The leaf of an anonymous session: torn, damaged, in the way of another file, and what
 * the next daemon finds of it.
 */
#include "daemon/history/leaf.h"
#include "tests/unit/logbook_life.h"
#include "tests/unit/made_session.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LEAF_SIZE 131072
#define HEADS_SIZE 8192 /* octets; what is behind them only grows */

static size_t read_leaf(char octets[LEAF_SIZE])
{
	char name[LEAF_NAME_MAX];
	FILE *file;
	size_t length = 0;

	leaf_name(life.runtime, name);
	file = fopen(name, "re");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	length = fread(octets, 1, LEAF_SIZE, file);
	fclose(file);
	return length;
}

static void write_leaf(const char octets[LEAF_SIZE], size_t length)
{
	char name[LEAF_NAME_MAX];
	FILE *file;

	leaf_name(life.runtime, name);
	file = fopen(name, "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fwrite(octets, 1, length, file), length);
	fclose(file);
}

static uint32_t with_leaf(const char octets[LEAF_SIZE], size_t length)
{
	life_shell("rm -r run && mkdir run");
	write_leaf(octets, length);
	return life_found_s();
}

/* Killed while it was written: wherever that was, a second is lost at most. */
static void test_half_a_leaf(void)
{
	static char before[LEAF_SIZE], after[LEAF_SIZE], half[LEAF_SIZE];
	size_t length_before, length, first = HEADS_SIZE, last = 0;

	life_begin();
	life_start();
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	life_new_session(NULL);
	for (uint32_t s = 1; s <= 70; s++)
		life_run_on(s);
	length_before = read_leaf(before);
	life_run_on(71);
	length = read_leaf(after);
	life_stop();
	CU_ASSERT_TRUE_FATAL(length > length_before);
	CU_ASSERT_EQUAL(memcmp(before + HEADS_SIZE, after + HEADS_SIZE, length_before - HEADS_SIZE), 0);
	for (size_t i = 0; i < HEADS_SIZE; i++) {
		if (before[i] == after[i])
			continue;
		first = i < first ? i : first;
		last = i;
	}
	CU_ASSERT_TRUE_FATAL(first < last);
	/* the seconds, and then the head that counts them */
	for (size_t cut = length_before; cut <= length; cut += 1 + (length - length_before) / 10) {
		memcpy(half, after, length);
		memcpy(half, before, HEADS_SIZE);
		CU_ASSERT_EQUAL(with_leaf(half, cut), 70);
	}
	memcpy(half, after, length);
	memcpy(half, before, HEADS_SIZE);
	for (size_t i = 0; i <= 20; i++) {
		memcpy(half + first, after + first, (last + 1 - first) * i / 20);
		CU_ASSERT_EQUAL(with_leaf(half, length), i < 20 ? 70 : 71);
	}
	/* nor whole, but for a bit */
	for (size_t i = 0; i <= 10; i++) {
		memcpy(half, after, length);
		half[first + (last - first) * i / 10] ^= 1;
		CU_ASSERT_EQUAL(with_leaf(half, length), 70);
		memcpy(half, after, length);
		half[length_before + (length - 1 - length_before) * i / 10] ^= 1;
		CU_ASSERT_EQUAL(with_leaf(half, length), 70);
	}
	life_finish();
}

/* Whatever became of it, what is found of it is the truth. */
static void test_bad_leaf(void)
{
	static char leaf[LEAF_SIZE], bad[LEAF_SIZE];
	struct history_session in_file;
	struct history_touch touch;
	struct session_log found;
	uint32_t dice = 1, partly = 0;
	size_t length;

	life_begin();
	life_start();
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	life_new_session(NULL);
	for (uint32_t s = 1; s <= 70; s++)
		life_run_on(s);
	length = read_leaf(leaf);
	life_stop();
	for (size_t i = 0; i < 200; i++) {
		memcpy(bad, leaf, length);
		for (size_t j = 0; j < length; j++) {
			dice = dice * 1664525 + 1013904223;
			if (dice >> 16 < 0x10000u >> i % 20)
				bad[j] = (char)(dice >> 8);
		}
		write_leaf(bad, i % 3 ? length : (dice >> 8) % (length + 1));
		if (leaf_load(NULL, life.runtime, &found, &in_file, &touch) == HISTORY_OK) {
			CU_ASSERT_TRUE(found.second_count <= life.now.second_count);
			partly += found.second_count > 0 && found.second_count < life.now.second_count;
			for (size_t j = 0; j < found.second_count; j++) {
				CU_ASSERT_EQUAL(found.seconds[j].at_s, life.now.seconds[j].at_s);
				CU_ASSERT_EQUAL(found.seconds[j].metrics.speed_kmh,
				                life.now.seconds[j].metrics.speed_kmh);
			}
		}
		session_log_free(&found);
	}
	CU_ASSERT_TRUE(partly > 0);
	life_finish();
}

/* Killed while the first page of its file was made: the file is there, and no session. */
static void test_page_cut_off(void)
{
	static const char *const begun[] = { ": >run/display.sock.session",
		                             "cp state/history.sqlite run/display.sock.session" };

	for (size_t i = 0; i < 2; i++) {
		life_begin();
		life_add("Ada", ""); /* a history with all tables, and no session in it */
		life_start();
		CU_ASSERT_TRUE(keeper_start(life.keeper));
		life_new_session(NULL);
		life_run_on(69);
		life_run_on(70);
		life_stop();
		life_shell(begun[i]);
		CU_ASSERT_EQUAL(life_found_s(), 70);
		life_finish();
	}
}

/* One that has ended does not come back, whatever becomes of its file. */
static void test_leaf_of_the_past(void)
{
	struct session_log found;
	uint32_t away_s;

	life_begin();
	life_start();
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	life_new_session(NULL);
	life_run_on(69);
	life_run_on(70);
	life_expect_leaf(70);
	life_end_session();
	life_stop();
	life_expect(life.runtime, 1, 70, true);
	life_shell("head -c 9000 /dev/urandom >run/display.sock.session");
	life_start();
	CU_ASSERT_FALSE(logbook_recover(life.logbook, 60, &found, &away_s));
	life_stop();
	life_finish();
}

/* Of whom he was before nothing is written, not even the end of his name. */
static void test_name_before(void)
{
	life_begin();
	life_start();
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	life_new_session(NULL);
	memcpy(life.now.runner, "anonymous\0w-Longstocking", 25);
	life_run_on(9);
	life_run_on(10);
	life_shell("! grep -q Longstocking run/*");
	life_stop();
	life_finish();
}

/* A pipe in a leaf's place is waited for by nobody. */
static void test_no_leaf_but_a_pipe(void)
{
	char name[160];

	life_begin();
	life_start();
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	life_new_session(NULL);
	for (uint32_t s = 1; s <= 20; s++)
		life_run_on(s);
	logbook_leave(life.logbook);
	life_stop();
	snprintf(name, sizeof(name), "%s-leaf", life.runtime);
	CU_ASSERT_EQUAL(unlink(name), 0);
	CU_ASSERT_EQUAL(mkfifo(name, 0600), 0);
	CU_ASSERT_EQUAL(life_found_s(), 20);
	life_finish();
}

/* One that is told to end leaves nothing for a leaf, which a gaitd of another version
 * would not read. */
static void test_no_leaf(void)
{
	static char leaf[LEAF_SIZE];

	life_begin();
	life_start();
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	life_new_session(NULL);
	for (uint32_t s = 1; s <= 70; s++)
		life_run_on(s);
	leaf[0] = 'x';
	write_leaf(leaf, sizeof(leaf));
	logbook_leave(life.logbook);
	life_stop();
	CU_ASSERT_EQUAL(life_found_s(), 70);
	life_finish();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "half a leaf", test_half_a_leaf },
		{ "a bad leaf", test_bad_leaf },
		{ "a page that was cut off", test_page_cut_off },
		{ "the leaf of one that ended", test_leaf_of_the_past },
		{ "the name before", test_name_before },
		{ "no leaf", test_no_leaf },
		{ "no leaf, but a pipe", test_no_leaf_but_a_pipe },
		CU_TEST_INFO_NULL,
	};

	return suite_run("leaf", tests);
}
