/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a display is told when it reads slowly: time is given, the socket is
 * real and has the hub's small buffer.
 */
#include "config.h"
#include "daemon/displays/slots.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECOND UINT64_C(1000000)

struct desk {
	struct board board;
	struct slots slots;
	int ours, theirs;
	char seen[8 * DISPLAY_LINE_MAX]; /* what the display read, NUL at its end */
};

static struct desk *desk_new(uint32_t caps)
{
	struct desk *d = calloc(1, sizeof(*d));
	const int least = 1;
	int pair[2];

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	d->ours = pair[0];
	d->theirs = pair[1];
	setsockopt(d->ours, SOL_SOCKET, SO_SNDBUF, &least, sizeof(least));
	slots_init(&d->slots, &d->board, "gaitd test", 5000, 0);
	if (caps != UINT32_MAX) {
		slots_ready(&d->slots, caps, 0);
		d->slots.due = d->slots.snapshot = 0;
	}
	return d;
}

static void desk_free(struct desk *d)
{
	close(d->ours);
	if (d->theirs >= 0)
		close(d->theirs);
	free(d);
}

static enum slots_result flush(struct desk *d, uint64_t now_us)
{
	return slots_send(&d->slots, d->ours, now_us);
}

static size_t receive(struct desk *d, size_t length)
{
	ssize_t count;

	while ((count = recv(d->theirs, d->seen + length,
	                     sizeof(d->seen) - 1 - length, MSG_DONTWAIT)) > 0)
		length += (size_t)count;
	d->seen[length] = '\0';
	return length;
}

/* What has arrived */
static const char *arrived(struct desk *d)
{
	receive(d, 0);
	return d->seen;
}

/* All that is due, read as it comes */
static const char *all_due(struct desk *d, uint64_t now_us)
{
	size_t length = 0;
	enum slots_result result;

	do {
		result = flush(d, now_us);
		length = receive(d, length);
	} while (result == SLOTS_BLOCKED);
	CU_ASSERT_EQUAL(result, SLOTS_EMPTY);
	return d->seen;
}

static void board_prompt(struct desk *d, uint32_t id, uint64_t now_us,
                         uint32_t ttl_ms)
{
	d->board.prompt = (struct display_prompt){
		.id = id, .rule = "cadence-low", .level = DISPLAY_LEVEL_FORM,
	};
	snprintf(d->board.prompt.headline, sizeof(d->board.prompt.headline),
	         "prompt %u", (unsigned)id);
	d->board.prompt_us = now_us;
	d->board.prompt_end_us = now_us + ttl_ms * UINT64_C(1000);
	d->board.known |= SLOT_BIT(SLOT_PROMPT);
	slots_touch(&d->slots, SLOT_PROMPT, now_us);
}

static void board_clear(struct desk *d, uint32_t id, uint64_t now_us)
{
	const struct display_clear clear = { id, DISPLAY_CLEAR_EXPIRED };

	slots_clear(&d->slots, &clear, now_us);
	if (d->board.prompt.id == id)
		d->board.known &= ~SLOT_BIT(SLOT_PROMPT);
}

/* Fills the kernel's buffer with state until it takes no more */
static void block(struct desk *d, uint64_t now_us)
{
	int guard = 100;

	do
		slots_touch(&d->slots, SLOT_SESSION, now_us);
	while (flush(d, now_us) == SLOTS_EMPTY && --guard);
	CU_ASSERT_TRUE_FATAL(guard > 0);
}

static void expect(const char *seen, const char *expected)
{
	if (strcmp(seen, expected) != 0)
		printf("\n    saw      %s\n    expected %s\n", seen, expected);
	CU_ASSERT_STRING_EQUAL(seen, expected);
}

static void test_snapshot_order(void)
{
	struct desk *d = desk_new(UINT32_MAX);

	flush(d, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(arrived(d), "\"type\":\"hello\""));
	d->board.known = SLOT_BIT(SLOT_LINK) | SLOT_BIT(SLOT_SESSION) |
	                 SLOT_BIT(SLOT_METRICS) | SLOT_BIT(SLOT_TARGET) |
	                 SLOT_BIT(SLOT_SUMMARY) | SLOT_BIT(SLOT_BATTERY);
	board_prompt(d, 7, 0, 8000);
	CU_ASSERT_EQUAL(d->slots.due, 0); /* nothing before ready */
	slots_ready(&d->slots, DISPLAY_CAP_METRICS, 0);
	expect(all_due(d, 3 * SECOND),
	       "{\"type\":\"ready\",\"caps\":[\"metrics\"]}\n"
	       "{\"type\":\"link\",\"treadmill\":\"off\",\"footpod\":\"off\"}\n"
	       "{\"type\":\"session\",\"state\":\"idle\",\"elapsed_s\":0,"
	       "\"distance_m\":0,\"runner\":\"known\",\"lang\":\"\","
	       "\"units\":\"km\",\"feedback\":false,\"intervals\":false}\n"
	       "{\"type\":\"metrics\"}\n"
	       "{\"type\":\"target\",\"low_spm\":0,\"high_spm\":0}\n"
	       "{\"type\":\"prompt\",\"id\":7,\"rule\":\"cadence-low\","
	       "\"level\":\"form\",\"headline\":\"prompt 7\",\"text\":\"\","
	       "\"args\":{},\"ttl_ms\":5000}\n"
	       "{\"type\":\"battery\",\"footpod\":\"new\"}\n");
	desk_free(d);
}

static void test_caps_choose_slots(void)
{
	struct desk *d = desk_new(0);

	slots_touch(&d->slots, SLOT_METRICS, 0);
	slots_touch(&d->slots, SLOT_SUMMARY, 0);
	flush(d, 0);
	expect(arrived(d), "");
	d->board.session.state = DISPLAY_SESSION_ENDED;
	slots_ready(&d->slots, DISPLAY_CAP_PERSONAL | DISPLAY_CAP_METRICS, 0);
	slots_touch(&d->slots, SLOT_SUMMARY, 0);
	flush(d, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(arrived(d), "\"type\":\"summary\""));
	desk_free(d);
}

/* A display that was slow is not told of the last runner when the next one runs. */
static void test_summary_goes_out_of_date(void)
{
	struct desk *d = desk_new(DISPLAY_CAP_PERSONAL | DISPLAY_CAP_METRICS);

	d->board.session.state = DISPLAY_SESSION_ENDED;
	slots_touch(&d->slots, SLOT_SUMMARY, 0);
	d->board.session.state = DISPLAY_SESSION_RUNNING;
	flush(d, 0);
	CU_ASSERT_PTR_NULL(strstr(arrived(d), "summary\",\"elapsed"));
	desk_free(d);
}

static void test_newest_wins(void)
{
	struct desk *d = desk_new(DISPLAY_CAP_METRICS);

	block(d, 0);
	arrived(d);
	for (int32_t i = 1; i <= 1000; i++) {
		d->board.target = (struct display_target){ i, i };
		slots_touch(&d->slots, SLOT_TARGET, 0);
	}
	flush(d, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(arrived(d), "\"low_spm\":1000,"));
	CU_ASSERT_PTR_NULL(strstr(d->seen, "\"low_spm\":999,"));
	CU_ASSERT_EQUAL(d->slots.dropped, 999);
	desk_free(d);
}

static void test_replaced_prompt_is_never_told(void)
{
	struct desk *d = desk_new(0);

	block(d, 0);
	board_prompt(d, 1, 0, 8000);
	board_clear(d, 1, SECOND);
	board_prompt(d, 2, SECOND, 8000);
	flush(d, SECOND);
	arrived(d);
	flush(d, SECOND);
	CU_ASSERT_PTR_NOT_NULL(strstr(arrived(d), "\"id\":2,"));
	CU_ASSERT_PTR_NULL(strstr(d->seen, "\"id\":1,"));
	desk_free(d);
}

static void test_clear_only_of_what_was_told(void)
{
	struct desk *d = desk_new(0);

	block(d, 0);
	board_prompt(d, 1, 0, 8000);
	board_clear(d, 1, SECOND);
	arrived(d);
	flush(d, SECOND);
	CU_ASSERT_PTR_NULL(strstr(arrived(d), "\"id\":1"));
	board_prompt(d, 2, 2 * SECOND, 8000);
	flush(d, 2 * SECOND);
	board_clear(d, 3, 2 * SECOND); /* of none that was */
	board_clear(d, 2, 3 * SECOND);
	board_clear(d, 2, 3 * SECOND); /* once only */
	flush(d, 3 * SECOND);
	board_clear(d, 2, 3 * SECOND);
	flush(d, 3 * SECOND);
	CU_ASSERT_PTR_NOT_NULL(strstr(arrived(d), "{\"type\":\"clear\",\"id\":2,"
	                              "\"reason\":\"expired\"}\n"));
	CU_ASSERT_PTR_NULL(strstr(d->seen, "\"id\":3"));
	CU_ASSERT_EQUAL(d->slots.told_prompt, 0);
	desk_free(d);
}

/* 1 stands there, is cleared and replaced while the display does not read */
static void test_clear_before_next_prompt(void)
{
	struct desk *d = desk_new(DISPLAY_CAP_METRICS);
	const char *cleared, *next;

	board_prompt(d, 1, 0, 8000);
	flush(d, 0);
	block(d, 0);
	board_clear(d, 1, SECOND);
	board_prompt(d, 2, SECOND, 8000);
	slots_touch(&d->slots, SLOT_METRICS, SECOND);
	arrived(d);
	flush(d, SECOND);
	cleared = strstr(arrived(d), "\"clear\",\"id\":1");
	next = strstr(d->seen, "\"id\":2");
	CU_ASSERT_TRUE(cleared && next && cleared < next);
	CU_ASSERT_TRUE(next && strstr(next, "\"metrics\""));
	desk_free(d);
}

static void test_ttl_is_what_remains(void)
{
	struct desk *d = desk_new(0);

	board_prompt(d, 1, 0, 8000);
	flush(d, 2345678);
	CU_ASSERT_PTR_NOT_NULL(strstr(arrived(d), "\"ttl_ms\":5654"));
	board_prompt(d, 2, 0, 4000);
	flush(d, 4 * SECOND - 1000);
	CU_ASSERT_PTR_NOT_NULL(strstr(arrived(d), "\"ttl_ms\":1}"));
	board_prompt(d, 3, 0, 4000);
	CU_ASSERT_EQUAL(flush(d, 4 * SECOND - 999), SLOTS_EMPTY);
	expect(arrived(d), "");
	CU_ASSERT_EQUAL(d->slots.told_prompt, 2);
	desk_free(d);
}

/* rules.md 7: a tip that is 5 s old is of another moment. What is unsafe or asked
 * is shown with what is left of its time. */
static void test_what_is_late(void)
{
	struct desk *d = desk_new(0);

	board_prompt(d, 1, SECOND, 8000);
	flush(d, 6 * SECOND);
	CU_ASSERT_PTR_NOT_NULL(strstr(arrived(d), "\"ttl_ms\":3000"));
	board_prompt(d, 2, SECOND, 8000);
	flush(d, 6 * SECOND + 1);
	expect(arrived(d), "");
	CU_ASSERT_EQUAL(d->slots.told_prompt, 1);
	board_prompt(d, 3, SECOND, 30000);
	d->board.prompt.level = DISPLAY_LEVEL_SAFETY;
	flush(d, 30 * SECOND);
	CU_ASSERT_PTR_NOT_NULL(strstr(arrived(d), "\"ttl_ms\":1000"));
	board_prompt(d, 4, SECOND, 30000);
	d->board.prompt.ask.kind = DISPLAY_ASK_SCALE;
	flush(d, 7 * SECOND);
	CU_ASSERT_PTR_NOT_NULL(strstr(arrived(d), "\"id\":4"));
	desk_free(d);
}

/* Long enough for the kernel to take it in pieces: U+FFFD is three octets */
static void make_long(struct display_prompt *prompt, size_t length)
{
	memset(prompt->why, '\x01', length);
	prompt->why[length] = '\0';
}

/* Half of prompt 1 is in the socket: how full it must be for that before,
 * the kernel decides. */
static struct desk *desk_with_half_a_line(void)
{
	for (int lines = 0; lines < 20; lines++) {
		struct desk *d = desk_new(0);

		for (int i = 0; i < lines; i++) {
			slots_touch(&d->slots, SLOT_SESSION, 0);
			flush(d, 0);
		}
		board_prompt(d, 1, 0, 8000);
		make_long(&d->board.prompt, 767);
		flush(d, 0);
		if (d->slots.rest_length)
			return d;
		desk_free(d);
	}
	CU_FAIL_FATAL("the socket takes all lines whole");
	return NULL;
}

static void test_line_begun_is_finished(void)
{
	struct desk *d = desk_with_half_a_line();
	const char *begun;
	size_t seen;

	board_clear(d, 1, 0);
	board_prompt(d, 2, 0, 8000);
	seen = strlen(arrived(d));
	begun = strrchr(d->seen, '\n');
	CU_ASSERT_PTR_NOT_NULL(strstr(begun ? begun : d->seen, "\"id\":1,"));
	flush(d, 0);
	CU_ASSERT_TRUE_FATAL(seen && recv(d->theirs, d->seen, 3, MSG_PEEK) == 3);
	CU_ASSERT_NOT_EQUAL(d->seen[0], '{');
	begun = strchr(all_due(d, 0), '\n');
	CU_ASSERT_TRUE(begun && strncmp(begun, "\n{\"type\":\"clear\",\"id\":1,",
	                                24) == 0);
	desk_free(d);
}

/* However little the display reads at a time, it sees whole lines. */
static void test_reader_of_few_bytes(void)
{
	struct desk *d = desk_new(DISPLAY_CAP_METRICS);
	struct display_framer framer = { .length = 0 };
	struct display_message m;
	unsigned lines = 0;

	for (uint64_t now = 0; now < 9000; now++) {
		char bytes[7];
		const char *at = bytes;
		ssize_t got;
		size_t left, length;

		board_prompt(d, (uint32_t)now + 1, now, 8000);
		make_long(&d->board.prompt, now % 767);
		slots_touch(&d->slots, SLOT_SESSION, now);
		CU_ASSERT_NOT_EQUAL(flush(d, now), SLOTS_BROKEN);
		got = recv(d->theirs, bytes, sizeof(bytes), MSG_DONTWAIT);
		left = got > 0 ? (size_t)got : 0;
		while (display_framer_next(&framer, &at, &left, &length) ==
		       DISPLAY_FRAME_LINE) {
			lines++;
			CU_ASSERT_TRUE(
				display_message_read(framer.line, length, &m));
		}
	}
	CU_ASSERT_TRUE(lines > 20);
	desk_free(d);
}

/* Reads one line, leaves the others where they are */
static const char *one_line(struct desk *d)
{
	ssize_t there = recv(d->theirs, d->seen, sizeof(d->seen) - 1, MSG_PEEK);
	const char *end = memchr(d->seen, '\n', there > 0 ? (size_t)there : 0);

	CU_ASSERT_PTR_NOT_NULL_FATAL(end);
	there = recv(d->theirs, d->seen, (size_t)(end - d->seen) + 1, 0);
	d->seen[there] = '\0';
	return d->seen;
}

/* The state changes at each line that the display reads. */
static void test_nobody_starves(void)
{
	struct desk *d = desk_new(DISPLAY_CAP_METRICS);
	unsigned sessions = 0, targets = 0, batteries = 0;

	block(d, 0);
	for (int turn = 0; turn < 40; turn++) {
		slots_touch(&d->slots, SLOT_METRICS, 0);
		slots_touch(&d->slots, SLOT_SESSION, 0);
		slots_touch(&d->slots, SLOT_TARGET, 0);
		slots_touch(&d->slots, SLOT_BATTERY, 0);
		one_line(d);
		sessions += strstr(d->seen, "\"session\"") != NULL;
		targets += strstr(d->seen, "\"target\"") != NULL;
		batteries += strstr(d->seen, "\"battery\"") != NULL;
		flush(d, 0);
	}
	CU_ASSERT_TRUE(sessions > 7);
	CU_ASSERT_TRUE(targets > 7);
	CU_ASSERT_TRUE(batteries > 7);
	desk_free(d);
}

static void test_waiting_since(void)
{
	struct desk *d = desk_new(DISPLAY_CAP_METRICS);

	CU_ASSERT_EQUAL(slots_waiting_since(&d->slots), UINT64_MAX);
	block(d, 5 * SECOND);
	CU_ASSERT_EQUAL(slots_waiting_since(&d->slots), 5 * SECOND);
	slots_touch(&d->slots, SLOT_SESSION, 9 * SECOND); /* newer, waits as long */
	CU_ASSERT_EQUAL(slots_waiting_since(&d->slots), 5 * SECOND);
	arrived(d);
	flush(d, 9 * SECOND);
	CU_ASSERT_EQUAL(slots_waiting_since(&d->slots), UINT64_MAX);
	desk_free(d);
}

static void test_fatal_and_bye_go_alone(void)
{
	struct desk *d = desk_new(DISPLAY_CAP_METRICS);
	const struct display_fault fault = { DISPLAY_ERROR_BAD_HELLO, "x" };

	slots_touch(&d->slots, SLOT_METRICS, 0);
	slots_error(&d->slots, &fault, true, 0);
	flush(d, 0);
	expect(arrived(d), "{\"type\":\"error\",\"code\":\"bad-hello\","
	       "\"detail\":\"x\",\"fatal\":true}\n");
	slots_touch(&d->slots, SLOT_METRICS, 0);
	slots_bye(&d->slots, 0);
	flush(d, 0);
	expect(arrived(d), "{\"type\":\"bye\",\"reason\":\"shutdown\"}\n");
	desk_free(d);
}

static void test_broken(void)
{
	struct desk *d = desk_new(0);

	close(d->theirs);
	d->theirs = -1;
	slots_touch(&d->slots, SLOT_LINK, 0);
	CU_ASSERT_EQUAL(flush(d, 0), SLOTS_BROKEN);
	CU_ASSERT_EQUAL(errno, EPIPE);
	desk_free(d);
}

/* ---- lines that displays share ---- */

static void check_shared(uint32_t caps, uint32_t present, bool personal)
{
	struct desk *d = desk_new(caps);
	char line[DISPLAY_LINE_MAX + 1];
	size_t length;

	d->board.metrics = (struct display_metrics){ .present = present, .speed_kmh = 10,
		                                     .heart_rate_bpm = 140 };
	board_share_metrics(&d->board);
	length = display_write_metrics(line, DISPLAY_LINE_MAX, &d->board.metrics, personal);
	line[length] = '\0';
	CU_ASSERT_EQUAL(slots_tell(&d->slots, SLOT_METRICS, d->ours, SECOND), SLOTS_EMPTY);
	CU_ASSERT_STRING_EQUAL(arrived(d), caps & DISPLAY_CAP_METRICS ? line : "");
	CU_ASSERT_EQUAL(slots_waiting_since(&d->slots), UINT64_MAX);
	desk_free(d);
}

static void test_shared_metrics(void)
{
	const uint32_t both = DISPLAY_CAP_METRICS | DISPLAY_CAP_PERSONAL;
	const uint32_t present = DISPLAY_SPEED | DISPLAY_HEART_RATE;

	check_shared(DISPLAY_CAP_METRICS, present, false);
	check_shared(both, present, true);
	check_shared(DISPLAY_CAP_METRICS, DISPLAY_SPEED, false);
	check_shared(both, DISPLAY_SPEED, true);
	check_shared(0, present, false);
}

/* Until the socket is full, and then read: lines as whole as ever, the newest last */
static void test_shared_metrics_wait(void)
{
	struct desk *d = desk_new(DISPLAY_CAP_METRICS);
	enum slots_result result = SLOTS_EMPTY;
	char last[64];
	size_t length = 0;
	unsigned told = 0;

	d->board.known = SLOT_BIT(SLOT_METRICS);
	for (; result == SLOTS_EMPTY && told < 100000; told++) {
		d->board.metrics = (struct display_metrics){ .present = DISPLAY_DISTANCE,
			                                     .distance_m = told };
		board_share_metrics(&d->board);
		result = slots_tell(&d->slots, SLOT_METRICS, d->ours, told);
	}
	CU_ASSERT_EQUAL_FATAL(result, SLOTS_BLOCKED);
	CU_ASSERT_TRUE(slots_waiting_since(&d->slots) <= told);
	d->board.metrics.distance_m = 7777777;
	board_share_metrics(&d->board);
	CU_ASSERT_EQUAL(slots_tell(&d->slots, SLOT_METRICS, d->ours, told), SLOTS_BLOCKED);
	do {
		length = receive(d, length > sizeof(d->seen) / 2 ? 0 : length);
		result = flush(d, told);
	} while (result == SLOTS_BLOCKED);
	length = receive(d, length > sizeof(d->seen) / 2 ? 0 : length);
	snprintf(last, sizeof(last), "{\"type\":\"metrics\",\"distance_m\":7777777}\n");
	CU_ASSERT_STRING_EQUAL(d->seen + length - strlen(last), last);
	desk_free(d);
}

static CU_TestInfo tests[] = {
	{ "the snapshot, in order, then the live prompt", test_snapshot_order },
	{ "slots by caps", test_caps_choose_slots },
		{ "a summary is of the session that is over", test_summary_goes_out_of_date },
	{ "newest wins", test_newest_wins },
	{ "a prompt replaced before it was sent is never told",
	  test_replaced_prompt_is_never_told },
	{ "a clear only of a prompt that was told", test_clear_only_of_what_was_told },
	{ "clear, then the next prompt, then the rest", test_clear_before_next_prompt },
	{ "ttl_ms is what remains; out of date, it is not told",
	  test_ttl_is_what_remains },
	{ "what is late", test_what_is_late },
	{ "a line begun is finished", test_line_begun_is_finished },
	{ "a line that displays share is each one's own", test_shared_metrics },
	{ "... and waits as others do", test_shared_metrics_wait },
	{ "a reader of a few bytes sees whole lines", test_reader_of_few_bytes },
	{ "each slot has its turn", test_nobody_starves },
	{ "how long something waits", test_waiting_since },
	{ "a fatal error and bye go alone", test_fatal_and_bye_go_alone },
	{ "a display that is gone", test_broken },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("slots", tests);
}
