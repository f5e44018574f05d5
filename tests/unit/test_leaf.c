/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The leaf of an anonymous session: torn, damaged, in the way of another file, and what
 * the next daemon finds of it.
 */
#include "daemon/history/leaf_private.h"
#include "tests/unit/logbook_life.h"
#include "tests/unit/made_session.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LEAF_SIZE 131072
#define HEADS_SIZE ((size_t)2 * LEAF_SIDE) /* what is behind them only grows */

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
	CU_ASSERT_EQUAL(memcmp(before + HEADS_SIZE, after + HEADS_SIZE,
	                       length_before - HEADS_SIZE), 0);
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
			partly += found.second_count > 0 &&
			          found.second_count < life.now.second_count;
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

/* ---- somebody forged it ----------------------------------------------------------- */

static void sign_heads(char leaf[LEAF_SIZE])
{
	struct leaf_head head;

	for (size_t i = 0; i < 2; i++) {
		memcpy(&head, leaf + i * LEAF_SIDE, sizeof(head));
		head.own_sum = leaf_head_sum(&head);
		memcpy(leaf + i * LEAF_SIDE, &head, sizeof(head));
	}
}

static size_t size_of_portion(const char *at)
{
	struct leaf_portion portion;

	memcpy(&portion, at, sizeof(portion));
	return sizeof(portion) + portion.seconds * sizeof(struct session_second) +
	       portion.events * sizeof(struct session_event);
}

static void sign_portion(char *at)
{
	uint64_t sum = leaf_portion_sum(at, size_of_portion(at));

	memcpy(at, &sum, sizeof(sum));
}

/* That of the 60th second, which has events too. The first has two, as the place is
 * prepared by then, and each other has its own. */
static char *find_portion(char leaf[LEAF_SIZE])
{
	char *at = leaf + HEADS_SIZE;

	for (unsigned i = 0; i < 58; i++)
		at += size_of_portion(at);
	return at;
}

enum part { IN_HEAD, IN_SECOND, IN_EVENT };

struct forgery {
	enum part part;
	size_t offset, size;
	const void *octets;
};

#define IN(part, of, name, octets) \
	{ part, offsetof(struct of, name), sizeof(((struct of *)0)->name), octets }
#define HEAD(name, octets) IN(IN_HEAD, leaf_head, name, octets)
#define SECOND(name, octets) IN(IN_SECOND, session_second, name, octets)
#define EVENT(name, octets) IN(IN_EVENT, session_event, name, octets)

static const double nan_itself = NAN, infinite = INFINITY, absurd = 1e300, minus = -1e300;
static const char seven[] = "\7", unended[256] = { [0 ... 255] = 'x' };
static const char no_utf8[256] = "\xff", control[256] = "\33[2J", somebody[32] = "Ada";
static const uint64_t far = UINT64_MAX, ages = (uint64_t)INT64_MAX;
static const int64_t long_ago = INT64_MIN;
static const uint32_t all_bits = UINT32_MAX, next_level = DISPLAY_LEVEL_SAFETY + 1;
static const int32_t least = INT32_MIN, eleven = 11;
static const uint32_t next_kind = SESSION_EVENT_KINDS, next_gait = DISPLAY_GAIT_RUN + 1;

static const struct forgery forgeries[] = {
	HEAD(first_second, &far), HEAD(first_event, &far), HEAD(touch.boot, unended),
	HEAD(touch.boot_ms, &ages), HEAD(touch.boot_ms, &long_ago), HEAD(log.runner, unended),
	HEAD(log.runner, somebody), HEAD(log.has_start, seven), HEAD(log.start_s, &ages),
	HEAD(log.start_s, &long_ago), HEAD(log.offset_s, &least), HEAD(log.treadmill, unended),
	HEAD(log.treadmill, no_utf8), HEAD(log.footpod, control), HEAD(log.miles, seven),
	HEAD(log.lang, unended), HEAD(log.ended, seven), HEAD(log.ended, "\1"),
	HEAD(log.length_s, &all_bits), HEAD(log.who.height_m, &infinite),
	HEAD(log.who.shoe_told_km, &absurd), HEAD(log.who.baseline_slope, &minus),
	HEAD(log.who.novice, seven), HEAD(log.who.prompts, &all_bits),
	HEAD(log.who.lang, unended), HEAD(log.who.faded, seven), HEAD(log.has_kept, seven),
	HEAD(log.kept.start_s, &ages), HEAD(log.kept.distance_m, &infinite),
	HEAD(log.kept.distance_m, &absurd), HEAD(log.kept.run_s, &all_bits),
	HEAD(log.kept.run_kmh, &minus), HEAD(log.kept.pain, &eleven), HEAD(log.kept.pain, &least),
	HEAD(log.kept.pain_s, &long_ago), HEAD(log.kept.morning_pain, &eleven),
	HEAD(log.kept.told_of_shoes, seven), HEAD(log.kept.bins[0].kmh_sum, &nan_itself),
	HEAD(log.kept.bins[RUNNER_BINS - 1].spm_sum, &infinite),
	HEAD(log.kept.bins[RUNNER_BINS - 1].seconds, &all_bits), HEAD(log.cut, seven),
	SECOND(at_s, &all_bits), SECOND(has_target, seven), SECOND(target.low_spm, &least),
	SECOND(metrics.present, &all_bits), SECOND(metrics.speed_kmh, &nan_itself),
	SECOND(metrics.speed_kmh, &absurd), SECOND(metrics.incline_pct, &infinite),
	SECOND(metrics.cadence_spm, &least), SECOND(metrics.gait, &next_gait),
	SECOND(metrics.elapsed_s, &all_bits), SECOND(metrics.energy_kcal, &least),
	SECOND(metrics.dynamics[DISPLAY_DYNAMICS - 1], &nan_itself),
	EVENT(at_s, &all_bits), EVENT(kind, &next_kind), EVENT(kind, &all_bits),
	EVENT(value, &eleven), EVENT(value, &least), EVENT(rule, unended),
	EVENT(level, &next_level), EVENT(level, &all_bits), EVENT(headline, unended),
	EVENT(text, no_utf8), EVENT(text, control),
};

static void forge(char leaf[LEAF_SIZE], const struct forgery *f)
{
	char *portion = find_portion(leaf), *at = portion + sizeof(struct leaf_portion);

	for (size_t i = 0; i < 2 && f->part == IN_HEAD; i++)
		memcpy(leaf + i * LEAF_SIDE + f->offset, f->octets, f->size);
	if (f->part == IN_EVENT)
		at += sizeof(struct session_second);
	if (f->part != IN_HEAD)
		memcpy(at + f->offset, f->octets, f->size);
	sign_heads(leaf);
	sign_portion(portion);
}

static void expect_seconds(enum history_result result, size_t seconds)
{
	struct history_session in_file;
	struct history_touch touch;
	struct session_log found;

	CU_ASSERT_EQUAL(leaf_load(NULL, life.runtime, &found, &in_file, &touch), result);
	CU_ASSERT_EQUAL(found.second_count, seconds);
	CU_ASSERT_EQUAL(isnan(found.who.weight_kg), true);
	session_log_free(&found);
}

/* With a sum that is right: a leaf that no gaitd wrote is as one that is damaged. */
static void test_forged_leaf(void)
{
	static const double ton = 1000, usual = 70;
	static const struct forgery none = HEAD(log.who.age, &usual);
	/* as in the history: he is not known, and his session is there */
	static const struct forgery heavy = HEAD(log.who.weight_kg, &ton);
	static char leaf[LEAF_SIZE], forged[LEAF_SIZE];
	size_t length;

	life_begin();
	life_start();
	CU_ASSERT_TRUE(keeper_start(life.keeper));
	life_new_session(NULL);
	for (uint32_t s = 1; s <= 70; s++)
		life_run_on(s);
	length = read_leaf(leaf);
	life_stop();
	for (size_t i = 0; i < 2; i++) {
		memcpy(forged, leaf, length);
		forge(forged, i == 0 ? &none : &heavy);
		write_leaf(forged, length);
		expect_seconds(HISTORY_OK, 70);
	}
	for (size_t i = 0; i < sizeof(forgeries) / sizeof(forgeries[0]); i++) {
		memcpy(forged, leaf, length);
		forge(forged, &forgeries[i]);
		write_leaf(forged, length);
		if (forgeries[i].part == IN_HEAD)
			expect_seconds(HISTORY_NOTHING, 0);
		else /* what stands before it is good */
			expect_seconds(HISTORY_OK, 59);
	}
	life_finish();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "half a leaf", test_half_a_leaf },
		{ "a bad leaf", test_bad_leaf },
		{ "a forged leaf", test_forged_leaf },
		{ "a page that was cut off", test_page_cut_off },
		{ "the leaf of one that ended", test_leaf_of_the_past },
		{ "the name before", test_name_before },
		{ "no leaf", test_no_leaf },
		{ "no leaf, but a pipe", test_no_leaf_but_a_pipe },
		CU_TEST_INFO_NULL,
	};

	return suite_run("leaf", tests);
}
