/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The fleet's side without its broker: what is told, kept, obeyed and given up.
 */
#include "plugins/mqtt/backoff.h"
#include "plugins/mqtt/claims.h"
#include "plugins/mqtt/commands.h"
#include "plugins/mqtt/spool.h"
#include "plugins/mqtt/unanswered.h"
#include "tests/unit/suite.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW_MS INT64_C(1795990400000) /* 2026-11-29T22:13:20Z */
#define BOOT "01234567-89ab-4cde-8f01-23456789abcd"

static struct stamp stamp_at(uint64_t seq)
{
	return (struct stamp){ .boot = BOOT, .seq = seq, .unix_ms = NOW_MS };
}

/* ---- the spool ------------------------------------------------------------- */

static void add(struct spool *spool, enum spool_class class, uint64_t seq, const char *rule)
{
	struct stamp stamp = stamp_at(seq);
	json_t *event = message_event(&stamp, "prompt");

	if (rule)
		json_object_set_new(event, "rule", json_string(rule));
	CU_ASSERT_TRUE(spool_add(spool, class, event));
}

static void fill(struct spool *spool, enum spool_class class, uint64_t from, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		add(spool, class, from + i, NULL);
}

static void test_metrics_go_first(void)
{
	struct spool spool;

	CU_ASSERT_TRUE_FATAL(spool_open(&spool, "", 4));
	add(&spool, SPOOL_EVENT, 0, NULL);
	add(&spool, SPOOL_METRICS, 1, NULL);
	add(&spool, SPOOL_SAFETY, 2, NULL);
	add(&spool, SPOOL_METRICS, 3, NULL);
	add(&spool, SPOOL_EVENT, 4, NULL); /* in place of 1 */
	add(&spool, SPOOL_EVENT, 5, NULL); /* of 3 */
	add(&spool, SPOOL_EVENT, 6, NULL); /* of 0 */
	CU_ASSERT_EQUAL(spool.count, 4);
	CU_ASSERT_EQUAL(spool.dropped[SPOOL_METRICS], 2);
	CU_ASSERT_EQUAL(spool.dropped[SPOOL_EVENT], 1);
	CU_ASSERT_EQUAL(spool.dropped[SPOOL_SAFETY], 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(spool.entries[0].text, "\"01234567-2\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(spool.entries[3].text, "\"01234567-6\""));
	spool_close(&spool);
}

/* However many come, each is counted somewhere, and the spool is as large as it was. */
static void test_safety_is_counted(void)
{
	struct spool spool;
	json_int_t counted = 0;

	CU_ASSERT_TRUE_FATAL(spool_open(&spool, "", 8));
	fill(&spool, SPOOL_EVENT, 0, 8);
	for (uint64_t i = 0; i < 1000; i++)
		add(&spool, SPOOL_SAFETY, 100 + i, i % 3 ? "safety-key" : NULL);
	CU_ASSERT_EQUAL(spool.count, 8);
	CU_ASSERT_EQUAL(spool.dropped[SPOOL_SAFETY], 0);
	for (size_t i = 0; i < spool.count; i++) {
		json_t *event = json_loads(spool.entries[i].text, 0, NULL);
		const json_t *count = json_object_get(event, "count");

		CU_ASSERT_EQUAL(spool.entries[i].class, SPOOL_SAFETY);
		counted += count ? json_integer_value(count) : 1;
		json_decref(event);
	}
	CU_ASSERT_EQUAL(counted, 1000);
	spool_close(&spool);
}

static void test_under_way_stays(void)
{
	struct spool spool;
	struct spool_entry *entry;

	CU_ASSERT_TRUE_FATAL(spool_open(&spool, "", 2));
	fill(&spool, SPOOL_EVENT, 0, 2);
	entry = spool_next(&spool);
	entry->mid = 7;
	add(&spool, SPOOL_EVENT, 2, NULL); /* in place of 1: 0 is under way */
	CU_ASSERT_PTR_NOT_NULL(strstr(spool.entries[0].text, "\"01234567-0\""));
	spool_rewind(&spool);
	CU_ASSERT_PTR_EQUAL(spool_next(&spool), &spool.entries[0]);
	spool.entries[0].mid = 8;
	spool_delivered(&spool, 7); /* of an old connection */
	CU_ASSERT_EQUAL(spool.count, 2);
	spool_delivered(&spool, 8);
	CU_ASSERT_EQUAL(spool.count, 1);
	spool_close(&spool);
}

static void deliver(struct spool *spool, int mid)
{
	spool_next(spool)->mid = mid;
	spool_delivered(spool, mid);
}

/* What the broker has stays for a while, waits again when the connection is lost
 * meanwhile, and is the first to make room. */
static void test_kept_for_a_while(void)
{
	struct spool spool;

	CU_ASSERT_TRUE_FATAL(spool_open(&spool, "", 3));
	spool.keep_s = 2;
	fill(&spool, SPOOL_SAFETY, 0, 2);
	deliver(&spool, 1);
	deliver(&spool, 2);
	CU_ASSERT_PTR_NULL(spool_next(&spool));
	CU_ASSERT_EQUAL(spool_under_way(&spool), 0);
	spool_second(&spool);
	CU_ASSERT_EQUAL(spool.count, 2);
	spool_rewind(&spool);
	CU_ASSERT_PTR_EQUAL(spool_next(&spool), &spool.entries[0]);
	deliver(&spool, 3);
	spool_second(&spool);
	deliver(&spool, 4);
	spool_second(&spool);
	CU_ASSERT_EQUAL_FATAL(spool.count, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(spool.entries[0].text, "\"01234567-1\""));
	fill(&spool, SPOOL_METRICS, 2, 3);
	CU_ASSERT_EQUAL_FATAL(spool.count, 3);
	CU_ASSERT_PTR_NOT_NULL(strstr(spool.entries[0].text, "\"01234567-2\""));
	CU_ASSERT_EQUAL(spool.dropped[SPOOL_METRICS], 0);
	spool_close(&spool);
}

static size_t files_in(const char *directory, bool removes)
{
	DIR *dir = opendir(directory);
	const struct dirent *file;
	char path[512];
	size_t count = 0;

	while (dir && (file = readdir(dir))) {
		if (file->d_name[0] == '.')
			continue;
		count++;
		snprintf(path, sizeof(path), "%s/%.200s", directory, file->d_name);
		if (removes)
			unlink(path);
	}
	closedir(dir);
	return count;
}

static void write_file(const char *directory, const char *name, const char *text)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

static void test_survives(void)
{
	char directory[] = "/tmp/gaitd-spool.XXXXXX";
	struct spool spool;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	CU_ASSERT_TRUE_FATAL(spool_open(&spool, directory, 8));
	fill(&spool, SPOOL_EVENT, 0, 2);
	add(&spool, SPOOL_SAFETY, 2, NULL);
	spool_close(&spool);
	write_file(directory, "00000000000000000004.event", "{\"id\":\"torn");
	write_file(directory, "00000000000000000005.event.new", "{}");
	write_file(directory, "00000000000000000006.wrong", "{}");
	CU_ASSERT_TRUE_FATAL(spool_open(&spool, directory, 8));
	CU_ASSERT_EQUAL(spool.count, 3);
	CU_ASSERT_EQUAL(spool.entries[2].class, SPOOL_SAFETY);
	CU_ASSERT_PTR_NOT_NULL(strstr(spool.entries[0].text, "\"01234567-0\""));
	CU_ASSERT_EQUAL(files_in(directory, false), 3);
	spool_next(&spool)->mid = 1;
	spool_delivered(&spool, 1);
	CU_ASSERT_EQUAL(files_in(directory, true), 2);
	spool_close(&spool);
	rmdir(directory);
}

/* It was taken away, as a disk that fails */
static void test_without_disk(void)
{
	char directory[] = "/tmp/gaitd-spool.XXXXXX";
	struct spool spool;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	CU_ASSERT_TRUE_FATAL(spool_open(&spool, directory, 8));
	rmdir(directory);
	fill(&spool, SPOOL_EVENT, 0, 2);
	CU_ASSERT_NOT_EQUAL(spool.disk_error, 0);
	CU_ASSERT_EQUAL(spool.count, 2);
	CU_ASSERT_EQUAL(mkdir(directory, 0700), 0);
	spool_retry_disk(&spool);
	CU_ASSERT_EQUAL(spool.disk_error, 0);
	CU_ASSERT_EQUAL(files_in(directory, true), 2);
	rmdir(directory);
	fill(&spool, SPOOL_EVENT, 2, 2);
	CU_ASSERT_EQUAL(mkdir(directory, 0700), 0);
	add(&spool, SPOOL_EVENT, 4, NULL); /* and those before it */
	CU_ASSERT_EQUAL(files_in(directory, true), 3);
	spool_close(&spool);
	rmdir(directory);
}

/* ---- commands ---------------------------------------------------------------- */

static struct commands commands;
static struct command command;
static const char *why;

static enum command_verdict offer(const char *verb, const char *payload)
{
	char topic[80];
	struct command_offer o = { topic, payload, strlen(payload), false, NOW_MS, UINT32_MAX / 2 };

	snprintf(topic, sizeof(topic), "gaitd/v1/gym-a/hall-7/cmd/%s", verb);
	return commands_offer(&commands, &o, &command, &why);
}

static void begin_commands(void)
{
	memset(&commands, 0, sizeof(commands));
	commands.site = "gym-a";
	commands.console = "hall-7";
}

static void test_refused(void)
{
	static const struct {
		const char *verb, *payload;
		enum command_verdict verdict;
	} rows[] = {
		{ "poweroff", "{\"id\":\"1\",\"expires_at\":\"2026-11-29T23:00:00Z\"}",
		  COMMAND_REFUSED },
		{ "reload", "{\"id\":\"2\"}", COMMAND_REFUSED },
		{ "reload", "{\"id\":\"3\",\"expires_at\":\"2026-11-29T22:13:19Z\"}",
		  COMMAND_REFUSED },
		{ "reload", "{\"id\":\"4\",\"expires_at\":\"2027-11-29T22:13:19Z\"}",
		  COMMAND_REFUSED },
		{ "reload", "{\"id\":\"5\",\"expires_at\":\"2026-11-29T23:00:00Z\",\"jitter_s\":-1}",
		  COMMAND_REFUSED },
		{ "reload", "{\"id\":\"6\",\"expires_at\":\"2026-11-29T23:00:00Z\",\"reply_to\":"
		  "\"gaitd/v1/gym-b/x/cmd-result\"}", COMMAND_REFUSED },
		{ "reload", "{\"id\":\"7\",\"expires_at\":\"2026-11-29T23:00:00Z\",\"reply_to\":"
		  "\"gaitd/v1/gym-a/hall-7/status\"}", COMMAND_REFUSED },
		{ "reload", "{\"id\":\"8\",\"expires_at\":\"2026-11-29T23:00:00Z\",\"at\":"
		  "\"2026-11-29T23:00:01Z\"}", COMMAND_REFUSED },
		{ "reload", "{\"expires_at\":\"2026-11-29T23:00:00Z\"}", COMMAND_IGNORED },
		{ "reload", "[]", COMMAND_IGNORED },
		{ "reload", "{\"id\":", COMMAND_IGNORED },
	};

	begin_commands();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CU_ASSERT_EQUAL(offer(rows[i].verb, rows[i].payload), rows[i].verdict);
		CU_ASSERT_PTR_NOT_NULL(why);
		CU_ASSERT_STRING_EQUAL(command.reply_to, "gaitd/v1/gym-a/hall-7/cmd-result");
	}
}

static void test_due(void)
{
	bool expired;

	begin_commands();
	CU_ASSERT_EQUAL(offer("reload", "{\"id\":\"a\",\"expires_at\":\"2026-11-29T23:00:00Z\","
	                      "\"at\":\"2026-11-29T23:20:00+01:00\",\"jitter_s\":60,\"reply_to\":"
	                      "\"gaitd/v1/gym-a/office/cmd-result/7\"}"), COMMAND_TAKEN);
	/* 22:20:00 and half of a minute */
	CU_ASSERT_FALSE(commands_due(&commands, NOW_MS + 429000, &command, &expired));
	CU_ASSERT_TRUE(commands_due(&commands, NOW_MS + 430000, &command, &expired));
	CU_ASSERT_FALSE(expired);
	CU_ASSERT_STRING_EQUAL(command.verb, "reload");
	CU_ASSERT_STRING_EQUAL(command.reply_to, "gaitd/v1/gym-a/office/cmd-result/7");
	CU_ASSERT_FALSE(commands_due(&commands, NOW_MS + 430000, &command, &expired));
	/* once more, as QoS 1 may bring it */
	CU_ASSERT_EQUAL(offer("reload", "{\"id\":\"a\",\"expires_at\":\"2026-11-29T23:00:00Z\"}"),
	                COMMAND_IGNORED);
	CU_ASSERT_PTR_NULL(why);
	/* the console slept meanwhile */
	CU_ASSERT_EQUAL(offer("identify", "{\"id\":\"b\",\"expires_at\":\"2026-11-29T22:13:30Z\"}"),
	                COMMAND_TAKEN);
	CU_ASSERT_TRUE(commands_due(&commands, NOW_MS + 60000, &command, &expired));
	CU_ASSERT_TRUE(expired);
}

/* ---- claims -------------------------------------------------------------------- */

#define KEY "a key of this site"

/* What a and b, who hold pods for so long, make of each other's first message */
static void judge_both(struct claim a, struct claim b, enum claim_verdict *of_a,
                       enum claim_verdict *of_b)
{
	struct stamp stamp = stamp_at(0), days_off = { BOOT, 0, NOW_MS - INT64_C(900000000) };
	json_t *from_a = claim_message(&stamp, KEY, &a, "a", NULL, false);
	json_t *from_b = claim_message(&days_off, KEY, &b, "b", NULL, false);

	*of_a = claim_judge(KEY, &a, "a", from_b, "b");
	*of_b = claim_judge(KEY, &b, "b", from_a, "a");
	json_decref(from_a);
	json_decref(from_b);
}

static void test_claims(void)
{
	struct claim young = { "ant 57043", 1000, false }, old = { "ant 57043", 2000, false };
	struct claim other = { "ant 1", 500, false }, own = { "ant 57043", 1, true }, none = { .id = "" };
	enum claim_verdict a, b;

	judge_both(young, old, &a, &b);
	CU_ASSERT_EQUAL(a, CLAIM_RELEASE);
	CU_ASSERT_EQUAL(b, CLAIM_ANSWER);
	judge_both(old, young, &a, &b);
	CU_ASSERT_EQUAL(a, CLAIM_KEEP);
	CU_ASSERT_EQUAL(b, CLAIM_ANSWER);
	judge_both(young, young, &a, &b);
	CU_ASSERT_EQUAL(a, CLAIM_KEEP);
	judge_both(old, own, &a, &b);
	CU_ASSERT_EQUAL(a, CLAIM_RELEASE);
	judge_both(own, own, &a, &b);
	CU_ASSERT_EQUAL(a, CLAIM_BOTH_FIXED);
	judge_both(old, other, &a, &b);
	CU_ASSERT_EQUAL(a, CLAIM_NO_CONFLICT);
	judge_both(none, none, &a, &b);
	CU_ASSERT_EQUAL(a, CLAIM_NO_CONFLICT);
}

/* One verdict, whoever may have found what */
static void test_verdict(void)
{
	struct claim held = { "ant 57043", 1000, false };
	struct stamp stamp = stamp_at(0);
	json_t *keep = claim_message(&stamp, KEY, &held, "a", "b", true);
	json_t *give = claim_message(&stamp, KEY, &held, "a", "b", false);

	CU_ASSERT_EQUAL(claim_judge(KEY, &held, "b", keep, "a"), CLAIM_RELEASE);
	CU_ASSERT_EQUAL(claim_judge(KEY, &held, "b", give, "a"), CLAIM_NO_CONFLICT);
	CU_ASSERT_EQUAL(claim_judge(KEY, &held, "c", keep, "a"), CLAIM_ANSWER);
	CU_ASSERT_EQUAL(claim_judge("another key", &held, "b", keep, "a"), CLAIM_NO_CONFLICT);
	json_decref(keep);
	json_decref(give);
}

/* By another way: openssl dgst -sha256 -hmac Jefe of "what|1" */
static void test_code(void)
{
	char one[CLAIM_CODE_SIZE], next[CLAIM_CODE_SIZE];

	CU_ASSERT_TRUE(claim_code("Jefe", "what", 1, one));
	CU_ASSERT_STRING_EQUAL(one, "e3cafea5957be1c9");
	CU_ASSERT_TRUE(claim_code("Jefe", "what", 2, next));
	CU_ASSERT_STRING_NOT_EQUAL(one, next);
}

/* ---- times ------------------------------------------------------------------------ */

static void test_backoff(void)
{
	struct backoff early = { 1000, 60000, 0 }, late = { 1000, 60000, 0 };

	for (int i = 0; i < 40; i++) {
		uint32_t least = backoff_next(&early, 0), most = backoff_next(&late, UINT32_MAX);
		uint32_t bound = i < 6 ? 1000u << i : 60000;

		CU_ASSERT_EQUAL(least, 0);
		CU_ASSERT_EQUAL(most, bound);
	}
	backoff_reset(&late);
	CU_ASSERT_EQUAL(backoff_next(&late, UINT32_MAX), 1000);
}

/* splitmix64 */
static uint32_t draw(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ (z >> 31)) >> 32);
}

#define HERD 300
#define TENTHS 2000

/* 300 consoles lose their broker at one moment, and try until it is back: the most
 * that arrive in any tenth of a second */
static unsigned herd_peak(uint64_t seed, uint32_t away_ms)
{
	static unsigned arrivals[TENTHS];
	unsigned peak = 0;

	memset(arrivals, 0, sizeof(arrivals));
	for (int i = 0; i < HERD; i++) {
		struct backoff backoff = { 5000, 60000, 0 };
		uint32_t at_ms = backoff_next(&backoff, draw(&seed));

		while (at_ms < away_ms)
			at_ms += 20 + backoff_next(&backoff, draw(&seed));
		CU_ASSERT_FATAL((at_ms - away_ms) / 100 < TENTHS);
		arrivals[(at_ms - away_ms) / 100]++;
	}
	for (unsigned i = 0; i < TENTHS; i++)
		peak = arrivals[i] > peak ? arrivals[i] : peak;
	return peak;
}

/* In the five seconds after a cut six each tenth are the mean. */
static void test_herd(void)
{
	static const uint32_t aways_ms[] = { 0, 1000, 5000, 10000, 60000, 3600000 };

	for (size_t i = 0; i < sizeof(aways_ms) / sizeof(aways_ms[0]); i++) {
		for (uint64_t seed = 1; seed <= 50; seed++)
			CU_ASSERT_TRUE(herd_peak(seed, aways_ms[i]) <= 20);
	}
}

/* One that is passed over counts, however many others are answered. */
static void test_unanswered(void)
{
	struct unanswered unanswered = { .count = 0 };

	CU_ASSERT_EQUAL(unanswered_for_s(&unanswered, 100), 0);
	for (int mid = 1; mid <= 2 * UNANSWERED_MAX; mid++)
		unanswered_add(&unanswered, mid, (unsigned)mid);
	unanswered_remove(&unanswered, 1);
	unanswered_remove(&unanswered, 1);
	for (int mid = 3; mid <= 2 * UNANSWERED_MAX; mid++)
		unanswered_remove(&unanswered, mid);
	CU_ASSERT_EQUAL(unanswered_for_s(&unanswered, 31), 29);
	unanswered_add(&unanswered, 7, 30);
	unanswered_remove(&unanswered, 2);
	CU_ASSERT_EQUAL(unanswered_for_s(&unanswered, 31), 1);
	unanswered_remove(&unanswered, 7);
	CU_ASSERT_EQUAL(unanswered_for_s(&unanswered, 31), 0);
}

/* What a display that is not granted "personal" may be told is the most; of a prompt
 * that tells how somebody's back is, not even that. */
static void test_private(void)
{
	struct facts facts = { .ready = true, .has_session = true };
	struct display_prompt prompt = { .level = DISPLAY_LEVEL_SAFETY };
	struct stamp stamp = stamp_at(0);
	char *text;

	strcpy(facts.session.runner, "Ada");
	facts.metrics.present = UINT32_MAX;
	facts.metrics.heart_rate_bpm = 171;
	text = message_text(message_state(&stamp, &facts, true));
	CU_ASSERT_PTR_NULL(strstr(text, "Ada"));
	CU_ASSERT_PTR_NULL(strstr(text, "171"));
	free(text);
	strcpy(prompt.rule, "pain-red-flag");
	strcpy(prompt.text, "Pain shoots down your leg.");
	text = message_text(message_prompt(&stamp, &prompt));
	CU_ASSERT_PTR_NULL(strstr(text, "ain"));
	free(text);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "room: metrics go first", test_metrics_go_first },
		{ "room: safety is counted", test_safety_is_counted },
		{ "what is under way stays", test_under_way_stays },
		{ "what was taken is kept for a while", test_kept_for_a_while },
		{ "files survive", test_survives },
		{ "a disk that goes and comes", test_without_disk },
		{ "commands that are refused", test_refused },
		{ "commands when they are due", test_due },
		{ "claims", test_claims },
		{ "claims: one verdict", test_verdict },
		{ "claims: the code", test_code },
		{ "back-off", test_backoff },
		{ "back-off of a herd", test_herd },
		{ "nothing personal", test_private },
		{ "what the broker does not answer", test_unanswered },
		CU_TEST_INFO_NULL,
	};

	return suite_run("mqtt", tests);
}
