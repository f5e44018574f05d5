/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the web console decides without a socket: who may ask for what, what is
 * so now, the trace of a run, where to listen.
 */
#include "plugins/web/guard.h"
#include "plugins/web/listen.h"
#include "plugins/web/present.h"
#include "plugins/web/trace.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <string.h>

#define KEY "0123456789abcdef"
#define TOKEN "correct-horse-battery"
#define BASIC_TOKEN "Basic " TOKEN

/* ---- the guard ---- */
static const struct guard local = { .key = KEY };
static const struct guard reachable = {
	.key = KEY, .token = TOKEN, .any_address = true, .hosts = { "console.gym" },
	.host_count = 1,
};

static int judge(const struct guard *guard, struct guard_request request)
{
	const char *why;

	request.host_fields += request.host != NULL;
	return guard_judge(guard, &request, &why);
}

static void test_hosts(void)
{
	static const struct {
		const struct guard *guard;
		const char *host;
		int status;
	} rows[] = {
		{ &local, "127.0.0.1:8417", 200 },
		{ &local, "127.8.9.1", 200 },
		{ &local, "localhost:8417", 200 },
		{ &local, "LOCALHOST", 200 },
		{ &local, "[::1]:8417", 200 },
		{ &local, "evil.example", 421 },
		{ &local, "127.0.0.1.evil.example", 421 },
		{ &local, "localhost.evil.example:8417", 421 },
		{ &local, "192.0.2.7:8417", 421 },
		{ &local, "", 421 },
		{ &local, "[::1", 421 },
		{ &local, "[::1]x", 421 },
		{ &local, NULL, 400 },
		{ &reachable, "192.0.2.7:8417", 200 },
		{ &reachable, "[2001:db8::7]:8417", 200 },
		{ &reachable, "console.gym:8417", 200 },
		{ &reachable, "evil.example", 421 },
	};
	struct guard_request two = { .host_fields = 1, .host = "localhost" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int status = judge(rows[i].guard, (struct guard_request){ .host = rows[i].host });

		CU_ASSERT_EQUAL(status, rows[i].status);
		if (status != rows[i].status)
			printf("row %zu: %d\n", i, status);
	}
	CU_ASSERT_EQUAL(judge(&local, two), 400);
}

static void test_token(void)
{
	struct guard_request events = { .what = GUARD_EVENTS, .host = "192.0.2.7" };
	static const char *const wrong[] = {
		"", "Bearer ", "Bearer correct-horse-batter", "Bearer correct-horse-batteryy",
		"Bearer Correct-horse-battery", BASIC_TOKEN, TOKEN,
	};

	CU_ASSERT_EQUAL(judge(&reachable, events), 401);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		events.authorization = wrong[i];
		CU_ASSERT_EQUAL(judge(&reachable, events), 401);
	}
	events.authorization = "bearer " TOKEN;
	CU_ASSERT_EQUAL(judge(&reachable, events), 200);
	events.authorization = NULL;
	events.what = GUARD_PAGE; /* asks for the token, so it needs none */
	CU_ASSERT_EQUAL(judge(&reachable, events), 200);
}

static void test_other_sites(void)
{
	const struct guard_request good = {
		.what = GUARD_SEND, .host = "localhost:8417", .origin = "http://localhost:8417",
		.fetch_site = "same-origin", .content_type = "application/json", .key = KEY,
	};
	struct guard_request r = good;

	CU_ASSERT_EQUAL(judge(&local, r), 200);
	r.origin = r.fetch_site = NULL; /* no browser */
	CU_ASSERT_EQUAL(judge(&local, r), 200);
	r.content_type = "application/json; charset=utf-8";
	CU_ASSERT_EQUAL(judge(&local, r), 200);
	r = good, r.origin = "http://evil.example";
	CU_ASSERT_EQUAL(judge(&local, r), 403);
	r = good, r.origin = "null";
	CU_ASSERT_EQUAL(judge(&local, r), 403);
	r = good, r.origin = "http://localhost:8418";
	CU_ASSERT_EQUAL(judge(&local, r), 403);
	r = good, r.fetch_site = "cross-site";
	CU_ASSERT_EQUAL(judge(&local, r), 403);
	r = good, r.fetch_site = "same-site";
	CU_ASSERT_EQUAL(judge(&local, r), 403);
	r = good, r.content_type = "text/plain"; /* as a form may have */
	CU_ASSERT_EQUAL(judge(&local, r), 415);
	r = good, r.content_type = NULL;
	CU_ASSERT_EQUAL(judge(&local, r), 415);
	r = good, r.key = NULL;
	CU_ASSERT_EQUAL(judge(&local, r), 403);
	r = good, r.key = "0123456789abcdee";
	CU_ASSERT_EQUAL(judge(&local, r), 403);
	r = good, r.what = GUARD_EVENTS, r.fetch_site = "cross-site";
	CU_ASSERT_EQUAL(judge(&local, r), 403);
}

static void test_token_file(void)
{
	char out[GUARD_TOKEN_MOST + 1] = "before";
	char long_one[GUARD_TOKEN_MOST + 2];
	static const char *const wrong[] = {
		"", "fifteen-letters", "has a space in it", "has\"quotes\"in-it",
		"two-lines-of-it\nare-too-many", "umlauts-\xc3\xa4\xc3\xb6\xc3\xbc-are-not",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CU_ASSERT_FALSE(guard_read_token(wrong[i], strlen(wrong[i]), out));
	CU_ASSERT_FALSE(guard_read_token("nul-is-no-letter\0", 17, out));
	memset(long_one, 'x', sizeof(long_one));
	CU_ASSERT_FALSE(guard_read_token(long_one, sizeof(long_one), out));
	CU_ASSERT_STRING_EQUAL(out, "before");
	CU_ASSERT_TRUE(guard_read_token(long_one, GUARD_TOKEN_MOST, out));
	CU_ASSERT_TRUE(guard_read_token(TOKEN " \r\n", strlen(TOKEN) + 3, out));
	CU_ASSERT_STRING_EQUAL(out, TOKEN);
}

static void test_bucket(void)
{
	struct guard_bucket bucket = { .size = 3, .per_s = 2 };
	unsigned taken = 0;

	for (int i = 0; i < 10; i++)
		taken += guard_take(&bucket, 1000000);
	CU_ASSERT_EQUAL(taken, 3);
	CU_ASSERT_FALSE(guard_take(&bucket, 1000400));
	CU_ASSERT_TRUE(guard_take(&bucket, 1000500));
	CU_ASSERT_FALSE(guard_take(&bucket, 1000500));
	for (uint64_t ms = 1001000; ms < 1011000; ms += 10)
		taken += guard_take(&bucket, ms);
	CU_ASSERT_EQUAL(taken, 3 + 20);
	CU_ASSERT_TRUE(guard_take(&bucket, UINT64_MAX / 2)); /* a long sleep fills it, no more */
}

/* ---- what is so now ---- */
static void expect_part(struct present *p, enum present_part part, uint64_t now_ms,
                        const char *expected)
{
	char line[DISPLAY_LINE_MAX + 1];
	size_t length = present_write(p, part, now_ms, line, sizeof(line) - 1);

	line[length] = '\0';
	CU_ASSERT_EQUAL(strncmp(line, expected, strlen(expected)), 0);
	CU_ASSERT_EQUAL(!*expected, !length);
	if (strncmp(line, expected, strlen(expected)) != 0)
		printf("%s instead of %s\n", line, expected);
}

static struct display_prompt prompt_of(uint32_t id)
{
	return (struct display_prompt){ .id = id, .level = DISPLAY_LEVEL_FORM, .ttl_ms = 8000,
		                        .headline = "Quicker", .text = "Quicker." };
}

static void test_prompt_is_never_late(void)
{
	struct display_prompt prompt = prompt_of(17);
	struct display_clear clear = { 17, DISPLAY_CLEAR_CONDITION };
	struct present p;

	present_init(&p, KEY);
	present_state(&p, true, "", DISPLAY_CAP_INPUT);
	expect_part(&p, PRESENT_PROMPT, 0, "");
	CU_ASSERT_EQUAL(present_prompt(&p, &prompt, 1000), PRESENT_BIT(PRESENT_PROMPT));
	expect_part(&p, PRESENT_PROMPT, 3000,
	            "{\"type\":\"prompt\",\"id\":17,\"rule\":\"\",\"level\":\"form\","
	            "\"headline\":\"Quicker\",\"text\":\"Quicker.\",\"args\":{},\"ttl_ms\":6000");
	CU_ASSERT_FALSE(present_shown(&p, 16, 3000));
	CU_ASSERT_TRUE(present_shown(&p, 17, 3000));
	CU_ASSERT_FALSE(present_shown(&p, 17, 3000)); /* by a second browser */
	expect_part(&p, PRESENT_PROMPT, 9000, "{\"type\":\"clear\",\"id\":17,\"reason\":\"expired\"}");
	CU_ASSERT_EQUAL(present_clear(&p, &clear), 0);
	present_prompt(&p, &prompt, 20000);
	CU_ASSERT_FALSE(present_shown(&p, 17, 28000)); /* too late */
	CU_ASSERT_EQUAL(present_clear(&p, &clear), PRESENT_BIT(PRESENT_PROMPT));
	expect_part(&p, PRESENT_PROMPT, 21000,
	            "{\"type\":\"clear\",\"id\":17,\"reason\":\"condition\"}");
}

static void test_away_forgets_all(void)
{
	struct display_metrics metrics = { .present = DISPLAY_SPEED, .speed_kmh = 10 };
	struct display_prompt prompt = prompt_of(3);
	struct present p;

	present_init(&p, KEY);
	expect_part(&p, PRESENT_STATE, 0, "{\"type\":\"away\",\"why\":\"looking for gaitd\"");
	present_state(&p, true, "", DISPLAY_CAP_INPUT);
	expect_part(&p, PRESENT_STATE, 0, "{\"type\":\"here\",\"input\":true,\"key\":\"" KEY "\"}");
	present_metrics(&p, &metrics);
	present_prompt(&p, &prompt, 0);
	expect_part(&p, PRESENT_METRICS, 0, "{\"type\":\"metrics\",\"speed_kmh\":10.00}");
	CU_ASSERT_EQUAL(present_state(&p, false, "gaitd has gone", 0), PRESENT_ALL);
	expect_part(&p, PRESENT_STATE, 0, "{\"type\":\"away\",\"why\":\"gaitd has gone\"");
	expect_part(&p, PRESENT_METRICS, 0, "");
	expect_part(&p, PRESENT_PROMPT, 0, "");
	CU_ASSERT_FALSE(present_shown(&p, 3, 0));
}

/* The first screen: once a session, and again for the next runner */
static void test_welcome_and_runner(void)
{
	struct display_session session = { .state = DISPLAY_SESSION_RUNNING,
		                           .runner = "anonymous" };
	struct display_request mute = { .input = DISPLAY_INPUT_MUTE, .value = 10 };
	struct display_request height = { .input = DISPLAY_INPUT_PROFILE,
		.profile = { .has_height = true, .height_m = 1.75 } };
	struct display_request back = { .input = DISPLAY_INPUT_PROFILE,
		.profile = { .has_back_pain = true, .back_pain = true } };
	struct present p;

	present_init(&p, KEY);
	present_state(&p, true, "", DISPLAY_CAP_INPUT);
	present_session(&p, &session);
	expect_part(&p, PRESENT_CONSOLE, 0, "{\"type\":\"console\",\"welcomed\":false,\"mute_s\":0}");
	CU_ASSERT_EQUAL(present_welcomed(&p), PRESENT_BIT(PRESENT_CONSOLE));
	CU_ASSERT_EQUAL(present_input(&p, &mute, 5000), PRESENT_BIT(PRESENT_CONSOLE));
	present_input(&p, &height, 5000);
	present_input(&p, &back, 5000);
	present_state(&p, false, "restarted", 0); /* the runner stands where he stood */
	present_state(&p, true, "", DISPLAY_CAP_INPUT);
	CU_ASSERT_EQUAL(present_session(&p, &session), PRESENT_BIT(PRESENT_SESSION));
	expect_part(&p, PRESENT_CONSOLE, 5001,
	            "{\"type\":\"console\",\"welcomed\":true,\"mute_s\":600}");
	CU_ASSERT_TRUE(p.profile.has_height && p.profile.has_back_pain);
	session.state = DISPLAY_SESSION_ENDED;
	CU_ASSERT_TRUE(present_session(&p, &session) & PRESENT_BIT(PRESENT_CONSOLE));
	expect_part(&p, PRESENT_CONSOLE, 5001,
	            "{\"type\":\"console\",\"welcomed\":false,\"mute_s\":0}");
	CU_ASSERT_FALSE(p.profile.has_height || p.profile.has_back_pain);
	present_welcomed(&p);
	session.state = DISPLAY_SESSION_RUNNING;
	strcpy(session.runner, "known");
	present_session(&p, &session);
	CU_ASSERT_FALSE(p.welcomed);
}

static void test_summary_ends_with_the_next_run(void)
{
	struct display_session session = { .state = DISPLAY_SESSION_ENDED, .runner = "Ann" };
	struct display_summary summary = { .elapsed_s = 1800, .distance_m = 5000, .text = "Good." };
	struct present p;

	present_init(&p, KEY);
	present_state(&p, true, "", 0);
	present_summary(&p, &summary);
	present_session(&p, &session);
	expect_part(&p, PRESENT_SUMMARY, 0, "{\"type\":\"summary\",\"elapsed_s\":1800");
	session.state = DISPLAY_SESSION_IDLE;
	present_session(&p, &session);
	expect_part(&p, PRESENT_SUMMARY, 0, "");
}

/* ---- the trace ---- */
static void expect_trace(const struct trace *trace, uint64_t now_ms, const char *expected)
{
	static char text[TRACE_TEXT_MAX + 1];
	size_t length = trace_write(trace, now_ms, text, sizeof(text) - 1);

	text[length] = '\0';
	CU_ASSERT_STRING_EQUAL(text, expected);
}

static void test_trace(void)
{
	static struct trace trace;
	struct display_metrics m = { .present = DISPLAY_SPEED | DISPLAY_INCLINE | DISPLAY_CADENCE,
		                     .speed_kmh = 10.25, .incline_pct = -1.5, .cadence_spm = 158 };
	struct display_target target = { 165, 174 };

	expect_trace(&trace, 0, "{\"type\":\"trace\",\"step_s\":2,\"age_s\":0,\"points\":[]}\n");
	trace_metrics(&trace, &m, NULL, 100000);
	m.cadence_spm = 160;
	trace_metrics(&trace, &m, &target, 101000); /* the newest of two seconds */
	trace_prompt(&trace, DISPLAY_LEVEL_SAFETY, 101500);
	trace_prompt(&trace, DISPLAY_LEVEL_FORM, 101600); /* the weightiest */
	m.present = DISPLAY_SPEED;
	trace_metrics(&trace, &m, &target, 110000); /* nothing is made up for between */
	expect_trace(&trace, 111000,
	             "{\"type\":\"trace\",\"step_s\":2,\"age_s\":11,\"points\":["
	             "[0,1025,-15,160,165,174,5],[5,1025,\"\",\"\",165,174,-1]]}\n");
	m.speed_kmh = 1e9;
	trace_metrics(&trace, &m, NULL, 110001);
	CU_ASSERT_EQUAL(trace.points[1].speed, TRACE_ABSENT);
}

static void test_trace_is_bounded(void)
{
	static struct trace trace;
	static char text[TRACE_TEXT_MAX];
	struct display_metrics m = { .present = DISPLAY_SPEED | DISPLAY_INCLINE | DISPLAY_CADENCE,
		                     .speed_kmh = -200, .incline_pct = -3000, .cadence_spm = -9999 };
	struct display_target target = { -9999, -9999 };

	for (uint64_t i = 0; i < 3 * TRACE_POINTS; i++)
		trace_metrics(&trace, &m, &target, i * TRACE_STEP_MS);
	CU_ASSERT_EQUAL(trace.count, TRACE_POINTS);
	CU_ASSERT_EQUAL(trace.points[trace.first].at, 2 * TRACE_POINTS);
	CU_ASSERT_NOT_EQUAL(trace_write(&trace, 0, text, sizeof(text)), 0);
	CU_ASSERT_EQUAL(trace_write(&trace, 0, text, 100), 0);
}

/* ---- where to listen ---- */
static void test_listen(void)
{
	static const struct {
		const char *text;
		bool good, loopback;
	} rows[] = {
		{ "127.0.0.1:8417", true, true },
		{ "localhost:0", true, true },
		{ "127.1.2.3:65535", true, true },
		{ "[::1]:8417", true, true },
		{ "0.0.0.0:8417", true, false },
		{ "192.0.2.7:8417", true, false },
		{ "[::]:8417", true, false },
		{ "[::ffff:127.0.0.1]:8417", true, false },
		{ "unix:/tmp/x.sock", true, true },
		{ "unix:", false, false },
		{ "", false, false },
		{ ":", false, false },
		{ "8417", false, false },
		{ "127.0.0.1", false, false },
		{ "127.0.0.1:", false, false },
		{ "127.0.0.1:65536", false, false },
		{ "127.0.0.1:99999999999999999999", false, false },
		{ "127.0.0.1:-1", false, false },
		{ "127.0.0.1: 1", false, false },
		{ "127.0.0.1:1x", false, false },
		{ "::1:8417", false, false },
		{ "[::1:8417", false, false },
		{ "[127.0.0.1]:8417", false, false },
		{ "[", false, false },
		{ "[]:1", false, false },
		{ "console.gym:8417", false, false },
	};
	struct listen_place place;
	char why[256], path[200] = "unix:";

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool good = listen_parse(rows[i].text, &place, why, sizeof(why));

		CU_ASSERT_EQUAL(good, rows[i].good);
		CU_ASSERT(!good || place.loopback == rows[i].loopback);
		if (good != rows[i].good)
			printf("row %zu: %s\n", i, rows[i].text);
	}
	memset(path + 5, 'x', 108);
	CU_ASSERT_FALSE(listen_parse(path, &place, why, sizeof(why)));
	path[5 + 107] = '\0';
	CU_ASSERT_TRUE(listen_parse(path, &place, why, sizeof(why)));
}

static CU_TestInfo tests[] = {
	{ "a name that is not ours is refused", test_hosts },
	{ "a token is asked for, and no other will do", test_token },
	{ "another site's page can neither read nor send", test_other_sites },
	{ "a token's file is read whole or not", test_token_file },
	{ "a bucket gives what has dripped in", test_bucket },
	{ "a prompt is never late, and shown once", test_prompt_is_never_late },
	{ "when gaitd is away nothing is known", test_away_forgets_all },
	{ "the next runner has read and said nothing", test_welcome_and_runner },
	{ "a summary goes with the next run", test_summary_ends_with_the_next_run },
	{ "the trace keeps what was so", test_trace },
	{ "the trace is bounded", test_trace_is_bounded },
	{ "places to listen", test_listen },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("web", tests);
}
