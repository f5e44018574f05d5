/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The display protocol's codec. Lines with a name of design are those of
 * gaitd-display(7)'s transcript.
 */
#include "protocol/display.h"
#include "tests/unit/suite.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void expect_text(const char *seen, size_t length, const char *expected)
{
	bool same = length == strlen(expected) &&
	            memcmp(seen, expected, length) == 0;

	if (!same)
		printf("\n    saw      %.*s    expected %s", (int)length, seen,
		       expected);
	CU_ASSERT_TRUE(same);
}

/* ---- what the daemon writes ---- */
#define LINE(call, expected)                                          \
	do {                                                          \
		char line[DISPLAY_LINE_MAX];                          \
		size_t size = sizeof(line), length = call;            \
		expect_text(line, length, expected "\n");             \
	} while (0)

static void test_write_handshake(void)
{
	LINE(display_write_hello(line, size, "gaitd 0.1.0", 5000),
	     "{\"type\":\"hello\",\"protocol\":[1],\"daemon\":\"gaitd 0.1.0\","
	     "\"ping_ms\":5000}");
	LINE(display_write_ready(line, size, DISPLAY_CAP_METRICS | DISPLAY_CAP_INPUT),
	     "{\"type\":\"ready\",\"caps\":[\"metrics\",\"input\"]}");
	LINE(display_write_ready(line, size, 0), "{\"type\":\"ready\",\"caps\":[]}");
	LINE(display_write_ping(line, size), "{\"type\":\"ping\"}");
	LINE(display_write_bye(line, size, "shutdown"),
	     "{\"type\":\"bye\",\"reason\":\"shutdown\"}");
	LINE(display_write_error(line, size, DISPLAY_ERROR_UNKNOWN_TYPE, "promt",
	                         false),
	     "{\"type\":\"error\",\"code\":\"unknown-type\",\"detail\":\"promt\","
	     "\"fatal\":false}");
}

static void test_write_state(void)
{
	struct display_link link = { DISPLAY_LINK_LIVE, DISPLAY_LINK_SEARCHING };
	struct display_target target = { 165, 178 };
	struct display_battery battery = { DISPLAY_BATTERY_LOW };
	struct display_summary summary = { 1800, 5012, "Well done." };
	struct display_session session = {
		.state = DISPLAY_SESSION_RUNNING, .elapsed_s = 412,
		.distance_m = 1030, .runner = "anonymous", .lang = "en",
		.feedback = true,
	};

	LINE(display_write_link(line, size, &link),
	     "{\"type\":\"link\",\"treadmill\":\"live\",\"footpod\":\"searching\"}");
	LINE(display_write_target(line, size, &target),
	     "{\"type\":\"target\",\"low_spm\":165,\"high_spm\":178}");
	LINE(display_write_battery(line, size, &battery),
	     "{\"type\":\"battery\",\"footpod\":\"low\"}");
	LINE(display_write_summary(line, size, &summary),
	     "{\"type\":\"summary\",\"elapsed_s\":1800,\"distance_m\":5012,"
	     "\"text\":\"Well done.\"}");
	LINE(display_write_session(line, size, &session, false),
	     "{\"type\":\"session\",\"state\":\"running\",\"elapsed_s\":412,"
	     "\"distance_m\":1030,\"runner\":\"anonymous\",\"lang\":\"en\","
	     "\"units\":\"km\",\"feedback\":true,\"intervals\":false}");
}

static void test_write_personal_session(void)
{
	struct display_session session = { .runner = "Ada", .lang = "de",
		                           .miles = true };

	LINE(display_write_session(line, size, &session, true),
	     "{\"type\":\"session\",\"state\":\"idle\",\"elapsed_s\":0,"
	     "\"distance_m\":0,\"runner\":\"Ada\",\"lang\":\"de\","
	     "\"units\":\"mi\",\"feedback\":false,\"intervals\":false}");
	LINE(display_write_session(line, size, &session, false),
	     "{\"type\":\"session\",\"state\":\"idle\",\"elapsed_s\":0,"
	     "\"distance_m\":0,\"runner\":\"known\",\"lang\":\"de\","
	     "\"units\":\"mi\",\"feedback\":false,\"intervals\":false}");
}

static const struct display_metrics metrics_full = {
	.present = 0xffff, .speed_kmh = 10, .incline_pct = 1, .cadence_spm = 158,
	.target_spm = 170, .step_m = 1.0549, .heart_rate_bpm = 151,
	.distance_m = 1030, .elapsed_s = 412, .gait = DISPLAY_GAIT_RUN,
	.elevation_gain_m = -3, .energy_kcal = 44,
	.dynamics = { 84.25, 245, 35.2, 49.97, 8 },
};

static void test_write_metrics(void)
{
	struct display_metrics some = metrics_full;

	LINE(display_write_metrics(line, size, &metrics_full, true),
	     "{\"type\":\"metrics\",\"speed_kmh\":10.00,\"incline_pct\":1.0,"
	     "\"cadence_spm\":158,\"target_spm\":170,\"step_m\":1.05,"
	     "\"heart_rate_bpm\":151,\"distance_m\":1030,\"elapsed_s\":412,"
	     "\"gait\":\"run\",\"elevation_gain_m\":-3,\"energy_kcal\":44,"
	     "\"vertical_oscillation_mm\":84.3,\"ground_contact_ms\":245,"
	     "\"stance_pct\":35.2,\"balance_pct\":50.0,"
	     "\"vertical_ratio_pct\":8.0}");
	some.present = DISPLAY_HEART_RATE | DISPLAY_GAIT;
	LINE(display_write_metrics(line, size, &some, false),
	     "{\"type\":\"metrics\",\"gait\":\"run\"}");
	some.present = 0;
	LINE(display_write_metrics(line, size, &some, true),
	     "{\"type\":\"metrics\"}");
}

static void test_write_english_beneath(void)
{
	struct display_prompt p = {
		.id = 3, .rule = "rest", .level = DISPLAY_LEVEL_LOAD,
		.headline = "Pause?", .text = "Zuletzt 6/10. Pause?",
		.public_text = "Pause heute?", .ttl_ms = 12000,
		.english = { "Rest?", "It was 6/10. Rest?", "Rest today?" },
	};
	struct display_message m;
	char line[DISPLAY_LINE_MAX];
	size_t length = display_write_prompt(line, sizeof(line), &p, true);

	expect_text(line, length,
	            "{\"type\":\"prompt\",\"id\":3,\"rule\":\"rest\",\"level\":\"load\","
	            "\"headline\":\"Pause?\",\"text\":\"Zuletzt 6/10. Pause?\","
	            "\"english\":{\"headline\":\"Rest?\",\"text\":\"It was 6/10. Rest?\"},"
	            "\"args\":{},\"ttl_ms\":12000}\n");
	CU_ASSERT_TRUE(display_message_read(line, length - 1, &m));
	CU_ASSERT_STRING_EQUAL(m.prompt.english.headline, "Rest?");
	CU_ASSERT_STRING_EQUAL(m.prompt.english.text, "It was 6/10. Rest?");
	length = display_write_prompt(line, sizeof(line), &p, false);
	expect_text(line, length,
	            "{\"type\":\"prompt\",\"id\":3,\"rule\":\"rest\",\"level\":\"load\","
	            "\"headline\":\"Pause?\",\"text\":\"Pause heute?\","
	            "\"english\":{\"headline\":\"Rest?\",\"text\":\"Rest today?\"},"
	            "\"args\":{},\"ttl_ms\":12000}\n");
}

static void test_write_decimals(void)
{
	static const struct {
		double speed, incline;
		const char *expected;
	} rows[] = {
		{ 7.125, -0.04, "\"speed_kmh\":7.13,\"incline_pct\":0.0}" },
		{ 0.004, -0.05, "\"speed_kmh\":0.00,\"incline_pct\":-0.1}" },
		{ 0.999, -12.34, "\"speed_kmh\":1.00,\"incline_pct\":-12.3}" },
		{ 1e300, -1e300, "\"speed_kmh\":1000000000000.00,"
		                 "\"incline_pct\":-1000000000000.0}" },
		{ (double)NAN, (double)INFINITY, "" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct display_metrics m = {
			.present = DISPLAY_SPEED | DISPLAY_INCLINE,
			.speed_kmh = rows[i].speed, .incline_pct = rows[i].incline,
		};
		char line[DISPLAY_LINE_MAX], expected[128];
		size_t length = display_write_metrics(line, sizeof(line), &m, true);

		snprintf(expected, sizeof(expected), "{\"type\":\"metrics\"%s%s\n",
		         rows[i].expected[0] ? "," : "}", rows[i].expected);
		expect_text(line, length, expected);
	}
}

/* Beside the C library, over numbers near where they are rounded up or down */
static void test_write_as_rounded(void)
{
	uint64_t random = 1;

	for (unsigned i = 0; i < 20000; i++) {
		struct display_metrics m = { .present = DISPLAY_SPEED };
		char line[DISPLAY_LINE_MAX], expected[64];
		long long hundredths;

		random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
		m.speed_kmh = (double)((int64_t)random >> 20 >> random % 44) / 200;
		if (i % 3 > 0)
			m.speed_kmh = nextafter(m.speed_kmh, i % 3 == 1 ? -1e9 : 1e9);
		if (fabs(m.speed_kmh) > 1e12)
			continue;
		hundredths = llround(m.speed_kmh * 100);
		snprintf(expected, sizeof(expected),
		         "{\"type\":\"metrics\",\"speed_kmh\":%s%lld.%02lld}\n",
		         hundredths < 0 ? "-" : "", llabs(hundredths / 100),
		         llabs(hundredths % 100));
		expect_text(line, display_write_metrics(line, sizeof(line), &m, true),
		            expected);
	}
}

static const struct display_prompt prompt_form = {
	.id = 17, .rule = "cadence-low", .level = DISPLAY_LEVEL_FORM,
	.headline = "Quicker, lighter beat",
	.text = "Quicker, lighter beat: aim for 170 steps a minute.",
	.why = "...", .args = { { "target", 170, 0, false } }, .arg_count = 1,
	.ttl_ms = 8000,
};

static void test_write_prompt(void)
{
	struct display_prompt scale = prompt_form, choice = prompt_form;

	LINE(display_write_prompt(line, size, &prompt_form, false),
	     "{\"type\":\"prompt\",\"id\":17,\"rule\":\"cadence-low\","
	     "\"level\":\"form\",\"headline\":\"Quicker, lighter beat\","
	     "\"text\":\"Quicker, lighter beat: aim for 170 steps a minute.\","
	     "\"why\":\"...\",\"args\":{\"target\":170},\"ttl_ms\":8000}");
	scale.why[0] = '\0';
	scale.arg_count = 0;
	scale.ack = true;
	scale.ask = (struct display_ask){ .kind = DISPLAY_ASK_SCALE, .maximum = 10 };
	LINE(display_write_prompt(line, size, &scale, false),
	     "{\"type\":\"prompt\",\"id\":17,\"rule\":\"cadence-low\","
	     "\"level\":\"form\",\"headline\":\"Quicker, lighter beat\","
	     "\"text\":\"Quicker, lighter beat: aim for 170 steps a minute.\","
	     "\"args\":{},\"ttl_ms\":8000,\"ack\":true,"
	     "\"ask\":{\"kind\":\"scale\",\"min\":0,\"max\":10}}");
	choice.ask = (struct display_ask){
		.kind = DISPLAY_ASK_CHOICE, .choice_count = 2,
		.choices = { { 1, "Yes" }, { 0, "No" } },
	};
	LINE(display_write_prompt(line, size, &choice, false),
	     "{\"type\":\"prompt\",\"id\":17,\"rule\":\"cadence-low\","
	     "\"level\":\"form\",\"headline\":\"Quicker, lighter beat\","
	     "\"text\":\"Quicker, lighter beat: aim for 170 steps a minute.\","
	     "\"why\":\"...\",\"args\":{\"target\":170},\"ttl_ms\":8000,"
	     "\"ask\":{\"kind\":\"choice\",\"choices\":["
	     "{\"value\":1,\"text\":\"Yes\"},{\"value\":0,\"text\":\"No\"}]}}");
}

static void test_write_personal_prompt(void)
{
	struct display_prompt p = {
		.id = 2, .rule = "rest-day-and-week", .level = DISPLAY_LEVEL_LOAD,
		.headline = "Rest or walk today?",
		.text = "Your back was 5/10 last time. Walk or rest today?",
		.public_text = "Your back hurt last time. Walk or rest today?",
		.args = { { "pain", 5, 0, true }, { "cap", 7.25, 1, false } },
		.arg_count = 2, .ttl_ms = 12000,
	};

	LINE(display_write_prompt(line, size, &p, true),
	     "{\"type\":\"prompt\",\"id\":2,\"rule\":\"rest-day-and-week\","
	     "\"level\":\"load\",\"headline\":\"Rest or walk today?\","
	     "\"text\":\"Your back was 5/10 last time. Walk or rest today?\","
	     "\"args\":{\"pain\":5,\"cap\":7.3},\"ttl_ms\":12000}");
	LINE(display_write_prompt(line, size, &p, false),
	     "{\"type\":\"prompt\",\"id\":2,\"rule\":\"rest-day-and-week\","
	     "\"level\":\"load\",\"headline\":\"Rest or walk today?\","
	     "\"text\":\"Your back hurt last time. Walk or rest today?\","
	     "\"args\":{\"cap\":7.3},\"ttl_ms\":12000}");
}

static void test_write_events(void)
{
	struct display_clear clear = { 1, DISPLAY_CLEAR_EXPIRED };
	struct display_link link = { DISPLAY_LINK_LIVE, DISPLAY_LINK_LOST };
	struct display_metrics some = metrics_full;

	LINE(display_write_prompt_event(line, size, 359000000, &prompt_form),
	     "{\"t\":359.000,\"event\":\"prompt\",\"id\":17,"
	     "\"rule\":\"cadence-low\",\"level\":\"form\","
	     "\"headline\":\"Quicker, lighter beat\","
	     "\"text\":\"Quicker, lighter beat: aim for 170 steps a minute.\","
	     "\"args\":{\"target\":170}}");
	LINE(display_write_clear_event(line, size, 367000999, &clear),
	     "{\"t\":367.000,\"event\":\"clear\",\"id\":1,"
	     "\"reason\":\"expired\"}");
	LINE(display_write_link_event(line, size, 905012000, &link, true),
	     "{\"t\":905.012,\"event\":\"link\",\"footpod\":\"lost\"}");
	LINE(display_write_link_event(line, size, 0, &link, false),
	     "{\"t\":0.000,\"event\":\"link\",\"treadmill\":\"live\"}");
	some.present = DISPLAY_SPEED | DISPLAY_HEART_RATE;
	LINE(display_write_metrics_event(line, size, UINT64_MAX, &some),
	     "{\"t\":18446744073709.551,\"event\":\"metrics\","
	     "\"speed_kmh\":10.00,\"heart_rate_bpm\":151}");
}

/* ---- text on the wire ---- */
static void test_write_escapes(void)
{
	static const struct {
		const char *what, *detail, *expected;
	} rows[] = {
		{ "quote, backslash, line", "a\"b\\c\nd\te",
		  "a\\\"b\\\\c\\nd\\te" },
		{ "umlaut, kanji, emoji", "\xc3\xa4 \xe8\x85\xb0 \xf0\x9f\x8f\x83",
		  "\xc3\xa4 \xe8\x85\xb0 \xf0\x9f\x8f\x83" },
		{ "C0, DEL, C1: a terminal's commands", "\x1b[2J\x7f\xc2\x9b",
		  "\xef\xbf\xbd[2J\xef\xbf\xbd\xef\xbf\xbd" },
		{ "no UTF-8", "\xff\xc3(\xed\xa0\x80\xe2\x82",
		  "\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
		  "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "overlong slash, past U+10FFFF", "\xc0\xaf\xf4\x90\x80\x80",
		  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
		  "\xef\xbf\xbd" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char line[DISPLAY_LINE_MAX], expected[256];
		size_t length = display_write_error(
			line, sizeof(line), DISPLAY_ERROR_BAD_JSON,
			rows[i].detail, false);

		snprintf(expected, sizeof(expected),
		         "{\"type\":\"error\",\"code\":\"bad-json\","
		         "\"detail\":\"%s\",\"fatal\":false}\n",
		         rows[i].expected);
		expect_text(line, length, expected);
	}
}

static void fill(char *out, size_t size, const char *unit)
{
	size_t step = strlen(unit), at = 0;

	for (; at + step < size; at += step)
		memcpy(out + at, unit, step);
	out[at] = '\0';
}

/* Every text as long as it can be, of what takes most room */
static struct display_prompt prompt_worst(const char *unit)
{
	struct display_prompt p = { .id = UINT32_MAX, .ack = true,
		                    .ttl_ms = UINT32_MAX,
		                    .arg_count = DISPLAY_ARGS_MAX };

	fill(p.rule, sizeof(p.rule), unit);
	fill(p.headline, sizeof(p.headline), unit);
	fill(p.text, sizeof(p.text), unit);
	fill(p.why, sizeof(p.why), unit);
	fill(p.english.headline, sizeof(p.english.headline), unit);
	fill(p.english.text, sizeof(p.english.text), unit);
	for (size_t i = 0; i < DISPLAY_ARGS_MAX; i++) {
		fill(p.args[i].name, sizeof(p.args[i].name), unit);
		p.args[i].name[0] = (char)('a' + i);
		p.args[i].value = -1e300;
		p.args[i].decimals = 255;
	}
	p.ask.kind = DISPLAY_ASK_CHOICE;
	p.ask.choice_count = DISPLAY_CHOICES_MAX;
	for (size_t i = 0; i < DISPLAY_CHOICES_MAX; i++) {
		p.ask.choices[i].value = INT32_MIN;
		fill(p.ask.choices[i].text, sizeof(p.ask.choices[i].text), unit);
	}
	return p;
}

static void test_write_always_fits(void)
{
	static const char *const units[] = { "a", "\"", "\x01", "\xff",
		                             "\xe8\x85\xb0" };

	for (size_t i = 0; i < COUNT(units); i++) {
		struct display_prompt p = prompt_worst(units[i]);
		char line[2 * DISPLAY_LINE_MAX];
		size_t length = display_write_prompt(line, sizeof(line), &p, true);
		struct display_message m;

		CU_ASSERT_TRUE(length > 0 && length <= DISPLAY_LINE_MAX);
		CU_ASSERT_TRUE_FATAL(display_message_read(line, length, &m));
		CU_ASSERT_EQUAL(m.type, DISPLAY_MESSAGE_PROMPT);
		CU_ASSERT_EQUAL(m.prompt.ask.choice_count, DISPLAY_CHOICES_MAX);
	}
}

static void test_write_cuts_why(void)
{
	struct display_prompt p = prompt_form;
	char line[DISPLAY_LINE_MAX] = "";
	size_t whole = display_write_prompt(line, sizeof(line), &p, true);
	size_t length;

	strcpy(p.why, "ab\xe8\x85\xb0");
	memset(line, 0, sizeof(line));
	length = display_write_prompt(line, whole + 1, &p, true);
	CU_ASSERT_EQUAL(length, whole - 1); /* "ab": the character goes whole */
	CU_ASSERT_PTR_NOT_NULL(strstr(line, "\"why\":\"ab\","));
	length = display_write_prompt(line, whole + 2, &p, true);
	CU_ASSERT_EQUAL(length, whole + 2);
	CU_ASSERT_EQUAL(display_write_prompt(line, whole - 4, &p, true), 0);
}

static void test_write_says_too_small(void)
{
	struct display_link link = { DISPLAY_LINK_OFF, DISPLAY_LINK_OFF };
	char line[DISPLAY_LINE_MAX];
	size_t length = display_write_link(line, sizeof(line), &link);

	CU_ASSERT_EQUAL(display_write_link(line, length, &link), length);
	for (size_t size = 0; size < length; size++)
		CU_ASSERT_EQUAL(display_write_link(line, size, &link), 0);
}

/* ---- what a display writes ---- */
static void test_read_hello(void)
{
	static const char line[] =
		"{\"type\":\"hello\",\"protocol\":1,\"name\":\"acme-led\","
		"\"version\":\"2.3\",\"caps\":[\"metrics\",\"shown\",\"input\","
		"\"personal\",\"smell\"],\"cols\":20,\"rows\":4}";
	struct display_request r;
	struct display_fault fault;

	CU_ASSERT_TRUE_FATAL(
		display_request_read(line, strlen(line), &r, &fault));
	CU_ASSERT_EQUAL(r.type, DISPLAY_REQUEST_HELLO);
	CU_ASSERT_EQUAL(r.protocol, 1);
	CU_ASSERT_STRING_EQUAL(r.name, "acme-led");
	CU_ASSERT_STRING_EQUAL(r.version, "2.3");
	CU_ASSERT_EQUAL(r.caps, DISPLAY_CAP_METRICS | DISPLAY_CAP_SHOWN |
	                                DISPLAY_CAP_INPUT | DISPLAY_CAP_PERSONAL);
	CU_ASSERT_EQUAL(r.cols, 20);
	CU_ASSERT_EQUAL(r.rows, 4);
}

/* What is read is written back in its own words */
static const struct {
	const char *line, *written;
} good_requests[] = {
	{ "{\"type\":\"input\",\"input\":\"pain\",\"value\":4}", NULL },
	{ "{\"value\":4.0,\"input\":\"pain\",\"type\":\"input\"}",
	  "{\"type\":\"input\",\"input\":\"pain\",\"value\":4}" },
	{ "{\"type\":\"input\",\"input\":\"pain\",\"value\":0,\"new\":[{}]}",
	  "{\"type\":\"input\",\"input\":\"pain\",\"value\":0}" },
	{ "{\"type\":\"input\",\"input\":\"pain\",\"value\":1e1}",
	  "{\"type\":\"input\",\"input\":\"pain\",\"value\":10}" },
	{ "{\"type\":\"input\",\"input\":\"answer\",\"id\":18,\"value\":4}", NULL },
	{ "{\"type\":\"input\",\"input\":\"answer\",\"id\":4294967295,"
	  "\"value\":-2147483648}", NULL },
	{ "{\"type\":\"input\",\"input\":\"red_flag\",\"value\":\"leg\"}", NULL },
	{ "{\"type\":\"input\",\"input\":\"red_flag\",\"value\":\"fall\"}", NULL },
	{ "{\"type\":\"input\",\"input\":\"ack\",\"id\":17}", NULL },
	{ "{\"type\":\"input\",\"input\":\"mute\",\"minutes\":240}", NULL },
	{ "{\"type\":\"input\",\"input\":\"mute\",\"value\":0}",
	  "{\"type\":\"input\",\"input\":\"mute\",\"minutes\":0}" },
	{ "{\"type\":\"input\",\"input\":\"intervals\",\"value\":\"on\"}", NULL },
	{ "{\"type\":\"input\",\"input\":\"intervals\",\"value\":false}",
	  "{\"type\":\"input\",\"input\":\"intervals\",\"value\":\"off\"}" },
	{ "{\"type\":\"input\",\"input\":\"runner\",\"name\":\"J\xc3\xb6rg\","
	  "\"pin\":\"0042\"}", NULL },
	{ "{\"type\":\"input\",\"input\":\"runner\",\"name\":\"Ada\"}", NULL },
	{ "{\"type\":\"input\",\"input\":\"end\",\"seconds\":1800}", NULL },
	{ "{\"type\":\"input\",\"input\":\"profile\",\"height_m\":1.75,"
	  "\"back_pain\":false,\"novice\":true,\"units\":\"km\",\"lang\":\"de\"}",
	  NULL },
	{ "{\"type\":\"input\",\"input\":\"profile\",\"height_m\":2,"
	  "\"lang\":\"zh-Hant\",\"units\":\"mi\"}",
	  "{\"type\":\"input\",\"input\":\"profile\",\"height_m\":2.00,"
	  "\"units\":\"mi\",\"lang\":\"zh-Hant\"}" },
	{ "{\"type\":\"input\",\"input\":\"profile\"}", NULL },
};

static void test_read_inputs(void)
{
	for (size_t i = 0; i < COUNT(good_requests); i++) {
		const char *line = good_requests[i].line;
		const char *written = good_requests[i].written;
		struct display_fault fault = { 0 };
		struct display_request r;
		char back[DISPLAY_LINE_MAX];
		size_t length;

		if (!display_request_read(line, strlen(line), &r, &fault)) {
			printf("\n    %s: %s", line, fault.detail);
			CU_FAIL("refused");
			continue;
		}
		length = display_write_input(back, sizeof(back), &r);
		CU_ASSERT_TRUE_FATAL(length > 0);
		expect_text(back, length - 1, written ? written : line);
	}
}

static void test_read_what_has_no_words(void)
{
	char line[DISPLAY_LINE_MAX];
	struct display_fault fault;
	struct display_request r;
	size_t length = display_write_shown(line, sizeof(line), 17);

	expect_text(line, length, "{\"type\":\"shown\",\"id\":17}\n");
	CU_ASSERT_TRUE_FATAL(display_request_read(line, length, &r, &fault));
	CU_ASSERT_EQUAL(r.type, DISPLAY_REQUEST_SHOWN);
	CU_ASSERT_EQUAL(r.id, 17);
	length = display_write_pong(line, sizeof(line));
	CU_ASSERT_TRUE_FATAL(display_request_read(line, length, &r, &fault));
	CU_ASSERT_EQUAL(r.type, DISPLAY_REQUEST_PONG);
	length = display_write_ping(line, sizeof(line));
	CU_ASSERT_TRUE_FATAL(display_request_read(line, length, &r, &fault));
	CU_ASSERT_EQUAL(r.type, DISPLAY_REQUEST_PING);
}

/* jansson takes it for a blank behind a number or a word */
static void test_read_no_nul(void)
{
	static const char line[] = "{\"type\":\"pong\",\"a\":1\0}";
	struct display_message message;
	struct display_fault fault;
	struct display_request r;

	CU_ASSERT_FALSE(display_request_read(line, sizeof(line) - 1, &r, &fault));
	CU_ASSERT_EQUAL(fault.code, DISPLAY_ERROR_BAD_JSON);
	CU_ASSERT_STRING_EQUAL(fault.detail, "column 21: a NUL octet");
	CU_ASSERT_FALSE(display_message_read(line, sizeof(line) - 1, &message));
}

static void test_read_hello_written(void)
{
	struct display_request hello = { .name = "x", .version = "1",
		                         .caps = DISPLAY_CAP_SHOWN, .cols = 20 };
	char line[DISPLAY_LINE_MAX];
	struct display_fault fault;
	struct display_request r;
	size_t length = display_write_plugin_hello(line, sizeof(line), &hello);

	CU_ASSERT_TRUE_FATAL(display_request_read(line, length, &r, &fault));
	CU_ASSERT_EQUAL(r.type, DISPLAY_REQUEST_HELLO);
	CU_ASSERT_EQUAL(r.caps, DISPLAY_CAP_SHOWN);
	CU_ASSERT_EQUAL(r.cols, 20);
	CU_ASSERT_EQUAL(r.rows, 0);
	hello = (struct display_request){ .name = "bare" };
	expect_text(line, display_write_plugin_hello(line, sizeof(line), &hello),
	            "{\"type\":\"hello\",\"protocol\":1,\"name\":\"bare\",\"caps\":[]}\n");
}

#define INPUT "{\"type\":\"input\",\"input\":"

static const struct {
	const char *line;
	enum display_error code;
	const char *detail; /* what it begins with */
} bad_requests[] = {
	{ "", DISPLAY_ERROR_BAD_JSON, "" },
	{ "hello", DISPLAY_ERROR_BAD_JSON, "column 5: '[' or '{' expected" },
	{ "[1]", DISPLAY_ERROR_BAD_JSON, "expected an object" },
	{ "{\"type\":\"pong\"", DISPLAY_ERROR_BAD_JSON, "column 14: '}' expected" },
	{ "{\"type\":\"pong\"}{}", DISPLAY_ERROR_BAD_JSON, "column 16" },
	{ "{\"type\":\"pong\",\"type\":\"pong\"}", DISPLAY_ERROR_BAD_JSON,
	  "column 21: duplicate object key" },
	{ "{\"type\":\"po\xff\"}", DISPLAY_ERROR_BAD_JSON, "" },
	{ "{\"type\":\"pong\",\"a\":\"\\u0000\"}", DISPLAY_ERROR_BAD_JSON, "" },
	{ "{\"type\":\"pong\",\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}",
	  DISPLAY_ERROR_BAD_JSON, "nested deeper than 16" },
	{ "{\"type\":\"pong\",\"a\":NaN}", DISPLAY_ERROR_BAD_JSON, "" },
	{ "{\"type\":\"pong\",\"a\":1e999}", DISPLAY_ERROR_BAD_JSON, "" },
	{ "{}", DISPLAY_ERROR_BAD_MEMBER, "type: expected hello" },
	{ "{\"type\":null}", DISPLAY_ERROR_BAD_MEMBER, "type: expected hello" },
	{ "{\"type\":\"promt\"}", DISPLAY_ERROR_UNKNOWN_TYPE, "promt" },
	{ "{\"type\":\"shown\"}", DISPLAY_ERROR_BAD_MEMBER,
	  "id: expected a whole number from 1 to 4294967295" },
	{ "{\"type\":\"shown\",\"id\":0}", DISPLAY_ERROR_BAD_MEMBER, "id: " },
	{ "{\"type\":\"shown\",\"id\":4294967296}", DISPLAY_ERROR_BAD_MEMBER, "id: " },
	{ "{\"type\":\"hello\"}", DISPLAY_ERROR_BAD_HELLO, "protocol: " },
	{ "{\"type\":\"hello\",\"protocol\":1}", DISPLAY_ERROR_BAD_HELLO,
	  "name: expected text of 1 to 63 octets" },
	{ "{\"type\":\"hello\",\"protocol\":1,\"name\":\"\"}",
	  DISPLAY_ERROR_BAD_HELLO, "name: " },
	{ "{\"type\":\"hello\",\"protocol\":1,\"name\":\"a\\nb\"}",
	  DISPLAY_ERROR_BAD_HELLO, "name: " },
	{ "{\"type\":\"hello\",\"protocol\":1,\"name\":\"0123456789012345678901234"
	  "567890123456789012345678901234567890123\"}",
	  DISPLAY_ERROR_BAD_HELLO, "name: " },
	{ "{\"type\":\"hello\",\"protocol\":1,\"name\":\"a\",\"version\":2.3}",
	  DISPLAY_ERROR_BAD_HELLO, "version: " },
	{ "{\"type\":\"hello\",\"protocol\":1,\"name\":\"a\",\"caps\":\"input\"}",
	  DISPLAY_ERROR_BAD_HELLO, "caps: expected an array of words" },
	{ "{\"type\":\"hello\",\"protocol\":1,\"name\":\"a\",\"caps\":[1]}",
	  DISPLAY_ERROR_BAD_HELLO, "caps: " },
	{ "{\"type\":\"hello\",\"protocol\":1,\"name\":\"a\",\"cols\":0}",
	  DISPLAY_ERROR_BAD_HELLO, "cols: " },
	{ "{\"type\":\"input\"}", DISPLAY_ERROR_BAD_MEMBER, "input: expected pain" },
	{ INPUT "\"ouch\"}", DISPLAY_ERROR_BAD_MEMBER, "input: expected pain" },
	{ INPUT "\"pain\"}", DISPLAY_ERROR_BAD_MEMBER,
	  "value: expected a whole number from 0 to 10" },
	{ INPUT "\"pain\",\"value\":null}", DISPLAY_ERROR_BAD_MEMBER, "value: " },
	{ INPUT "\"pain\",\"value\":\"4\"}", DISPLAY_ERROR_BAD_MEMBER, "value: " },
	{ INPUT "\"pain\",\"value\":11}", DISPLAY_ERROR_BAD_MEMBER, "value: " },
	{ INPUT "\"pain\",\"value\":-1}", DISPLAY_ERROR_BAD_MEMBER, "value: " },
	{ INPUT "\"pain\",\"value\":4.5}", DISPLAY_ERROR_BAD_MEMBER, "value: " },
	{ INPUT "\"pain\",\"value\":1e300}", DISPLAY_ERROR_BAD_MEMBER, "value: " },
	{ INPUT "\"red_flag\",\"value\":\"arm\"}", DISPLAY_ERROR_BAD_MEMBER,
	  "value: expected leg, numb, bladder, straight or fall" },
	{ INPUT "\"red_flag\",\"value\":1}", DISPLAY_ERROR_BAD_MEMBER, "value: " },
	{ INPUT "\"ack\"}", DISPLAY_ERROR_BAD_MEMBER, "id: " },
	{ INPUT "\"answer\",\"id\":1}", DISPLAY_ERROR_BAD_MEMBER, "value: " },
	{ INPUT "\"mute\"}", DISPLAY_ERROR_BAD_MEMBER, "minutes: " },
	{ INPUT "\"mute\",\"minutes\":241}", DISPLAY_ERROR_BAD_MEMBER,
	  "minutes: expected a whole number from 0 to 240" },
	{ INPUT "\"intervals\",\"value\":\"yes\"}", DISPLAY_ERROR_BAD_MEMBER,
	  "value: expected \"on\" or \"off\"" },
	{ INPUT "\"runner\"}", DISPLAY_ERROR_BAD_MEMBER, "name: " },
	{ INPUT "\"runner\",\"name\":\"Ada\",\"pin\":42}",
	  DISPLAY_ERROR_BAD_MEMBER, "pin: " },
	{ INPUT "\"end\",\"seconds\":86401}", DISPLAY_ERROR_BAD_MEMBER, "seconds: " },
	{ INPUT "\"profile\",\"height_m\":0.99}", DISPLAY_ERROR_BAD_MEMBER,
	  "height_m: expected metres from 1.00 to 2.50" },
	{ INPUT "\"profile\",\"height_m\":175}", DISPLAY_ERROR_BAD_MEMBER, "height" },
	{ INPUT "\"profile\",\"back_pain\":1}", DISPLAY_ERROR_BAD_MEMBER,
	  "back_pain: expected true or false" },
	{ INPUT "\"profile\",\"units\":\"miles\"}", DISPLAY_ERROR_BAD_MEMBER,
	  "units: expected \"km\" or \"mi\"" },
	{ INPUT "\"profile\",\"lang\":\"german\"}", DISPLAY_ERROR_BAD_MEMBER, "lang: " },
	{ INPUT "\"profile\",\"lang\":\"d\"}", DISPLAY_ERROR_BAD_MEMBER, "lang: " },
	{ INPUT "\"profile\",\"lang\":\"de_DE\"}", DISPLAY_ERROR_BAD_MEMBER, "lang: " },
	{ INPUT "\"profile\",\"lang\":\"gsw-Latn\"}", DISPLAY_ERROR_BAD_MEMBER, "lang: " },
};

static void test_read_refuses(void)
{
	for (size_t i = 0; i < COUNT(bad_requests); i++) {
		const char *line = bad_requests[i].line;
		const char *detail = bad_requests[i].detail;
		struct display_request r = { .id = 4711 };
		struct display_fault fault = { 0 };
		bool good = display_request_read(line, strlen(line), &r, &fault);

		if (good || fault.code != bad_requests[i].code ||
		    strncmp(fault.detail, detail, strlen(detail)) != 0)
			printf("\n    %s: %s: %s", line,
			       display_error_name(fault.code), fault.detail);
		CU_ASSERT_FALSE(good);
		CU_ASSERT_EQUAL(fault.code, bad_requests[i].code);
		CU_ASSERT_EQUAL(strncmp(fault.detail, detail, strlen(detail)), 0);
		CU_ASSERT_EQUAL(r.id, 4711);
	}
}

static void test_read_refuses_raw_nul(void)
{
	static const char line[] = "{\"type\":\"pong\"}\0";
	struct display_request r;
	struct display_fault fault;

	CU_ASSERT_FALSE(display_request_read(line, sizeof(line), &r, &fault));
	CU_ASSERT_EQUAL(fault.code, DISPLAY_ERROR_BAD_JSON);
}

static void test_profile_alone(void)
{
	static const char json[] = "{\"height_m\":1.75,\"novice\":false}";
	struct display_profile p, untouched = { .lang = "xx" };
	struct display_fault fault;
	char back[128];
	size_t length;

	CU_ASSERT_TRUE_FATAL(
		display_profile_read(json, strlen(json), &p, &fault));
	CU_ASSERT_TRUE(p.has_height && p.has_novice);
	CU_ASSERT_FALSE(p.has_back_pain || p.has_units || p.has_lang);
	length = display_write_profile(back, sizeof(back), &p);
	expect_text(back, length, json);
	CU_ASSERT_FALSE(display_profile_read("{\"lang\":1}", 10, &untouched,
	                                     &fault));
	CU_ASSERT_EQUAL(fault.code, DISPLAY_ERROR_BAD_MEMBER);
	CU_ASSERT_STRING_EQUAL(untouched.lang, "xx");
	CU_ASSERT_EQUAL(display_write_profile(back, length - 1, &p), 0);
}

/* ---- what a display reads ---- */
static struct display_message read_message(const char *line)
{
	struct display_message m;

	memset(&m, 0xa5, sizeof(m));
	CU_ASSERT_TRUE_FATAL(display_message_read(line, strlen(line), &m));
	return m;
}

static void test_message_prompt(void)
{
	struct display_prompt p = prompt_worst("y");
	char line[DISPLAY_LINE_MAX], again[DISPLAY_LINE_MAX];
	struct display_message m;
	size_t length;

	for (size_t i = 0; i < DISPLAY_ARGS_MAX; i++)
		p.args[i].value = 12.5;
	for (size_t i = 0; i < DISPLAY_ARGS_MAX; i++)
		p.args[i].decimals = i & 1;
	length = display_write_prompt(line, sizeof(line), &p, true);
	CU_ASSERT_TRUE_FATAL(display_message_read(line, length, &m));
	CU_ASSERT_EQUAL(m.prompt.arg_count, DISPLAY_ARGS_MAX);
	CU_ASSERT_STRING_EQUAL(m.prompt.why, p.why);
	CU_ASSERT_EQUAL(display_write_prompt(again, sizeof(again), &m.prompt, true),
	                length);
	CU_ASSERT_EQUAL(memcmp(line, again, length), 0);
}

static void test_message_metrics(void)
{
	char line[DISPLAY_LINE_MAX], again[DISPLAY_LINE_MAX];
	size_t length = display_write_metrics(line, sizeof(line), &metrics_full,
	                                      true);
	struct display_message m;

	CU_ASSERT_TRUE_FATAL(display_message_read(line, length, &m));
	CU_ASSERT_EQUAL(m.metrics.present, metrics_full.present);
	CU_ASSERT_EQUAL(m.metrics.heart_rate_bpm, 151);
	CU_ASSERT_EQUAL(display_write_metrics(again, sizeof(again), &m.metrics,
	                                      true), length);
	CU_ASSERT_EQUAL(memcmp(line, again, length), 0);
}

static void test_message_state(void)
{
	struct display_message m;

	m = read_message("{\"type\":\"hello\",\"protocol\":[2,1],"
	                 "\"daemon\":\"gaitd 9\",\"ping_ms\":5000}");
	CU_ASSERT_EQUAL(m.type, DISPLAY_MESSAGE_HELLO);
	CU_ASSERT_TRUE(m.hello.serves_version_1);
	CU_ASSERT_EQUAL(m.hello.ping_ms, 5000);
	m = read_message("{\"type\":\"hello\",\"protocol\":[3,2]}");
	CU_ASSERT_FALSE(m.hello.serves_version_1);
	m = read_message("{\"type\":\"ready\",\"caps\":[\"metrics\",\"later\"]}");
	CU_ASSERT_EQUAL(m.ready.caps, DISPLAY_CAP_METRICS);
	m = read_message("{\"type\":\"link\",\"treadmill\":\"live\","
	                 "\"footpod\":\"stale\"}");
	CU_ASSERT_EQUAL(m.link.treadmill, DISPLAY_LINK_LIVE);
	CU_ASSERT_EQUAL(m.link.footpod, DISPLAY_LINK_STALE);
	m = read_message("{\"type\":\"session\",\"state\":\"paused\","
	                 "\"elapsed_s\":412,\"distance_m\":1030,"
	                 "\"runner\":\"known\",\"lang\":\"en\",\"units\":\"mi\","
	                 "\"feedback\":true,\"intervals\":true}");
	CU_ASSERT_EQUAL(m.session.state, DISPLAY_SESSION_PAUSED);
	CU_ASSERT_EQUAL(m.session.elapsed_s, 412);
	CU_ASSERT_STRING_EQUAL(m.session.runner, "known");
	CU_ASSERT_TRUE(m.session.miles && m.session.feedback &&
	               m.session.intervals);
	m = read_message("{\"type\":\"target\",\"low_spm\":165,\"high_spm\":178}");
	CU_ASSERT_EQUAL(m.target.high_spm, 178);
	m = read_message("{\"type\":\"clear\",\"id\":17,\"reason\":\"replaced\"}");
	CU_ASSERT_EQUAL(m.clear.reason, DISPLAY_CLEAR_REPLACED);
	m = read_message("{\"type\":\"battery\",\"footpod\":\"low\"}");
	CU_ASSERT_EQUAL(m.battery.footpod, DISPLAY_BATTERY_LOW);
	m = read_message("{\"type\":\"error\",\"code\":\"bad-json\","
	                 "\"detail\":\"x\",\"fatal\":true}");
	CU_ASSERT_STRING_EQUAL(m.error.code, "bad-json");
	CU_ASSERT_TRUE(m.error.fatal);
	m = read_message("{\"type\":\"bye\",\"reason\":\"shutdown\"}");
	CU_ASSERT_STRING_EQUAL(m.bye.reason, "shutdown");
	CU_ASSERT_EQUAL(read_message("{\"type\":\"ping\"}").type,
	                DISPLAY_MESSAGE_PING);
}

/* As a later daemon might write */
static void test_message_of_tomorrow(void)
{
	struct display_message m;
	char line[1024], runner[64];

	CU_ASSERT_EQUAL(read_message("{\"type\":\"mood\"}").type,
	                DISPLAY_MESSAGE_OTHER);
	m = read_message("{\"type\":\"prompt\",\"id\":1,\"level\":\"urgent\","
	                 "\"headline\":\"Stop\",\"args\":{\"a\":\"b\",\"c\":1}}");
	CU_ASSERT_EQUAL(m.prompt.level, DISPLAY_LEVEL_SAFETY);
	CU_ASSERT_EQUAL(m.prompt.arg_count, 1);
	m = read_message("{\"type\":\"link\",\"treadmill\":\"asleep\"}");
	CU_ASSERT_EQUAL(m.link.treadmill, DISPLAY_LINK_LOST);
	CU_ASSERT_EQUAL(m.link.footpod, DISPLAY_LINK_OFF);
	m = read_message("{\"type\":\"metrics\",\"gait\":\"skip\","
	                 "\"cadence_spm\":\"fast\",\"speed_kmh\":7}");
	CU_ASSERT_EQUAL(m.metrics.present, DISPLAY_SPEED);
	/* 31 octets are kept: 15 characters of two and no half one */
	fill(runner, sizeof(runner), "\xc3\xa4");
	snprintf(line, sizeof(line), "{\"type\":\"session\",\"runner\":\"%s\"}",
	         runner);
	m = read_message(line);
	CU_ASSERT_EQUAL(strlen(m.session.runner), 30);
}

static void test_message_refuses(void)
{
	static const char *const lines[] = {
		"", "{}", "[]", "{\"type\":1}", "{\"type\":\"prompt\"}",
		"{\"type\":\"prompt\",\"id\":1}",
		"{\"type\":\"prompt\",\"headline\":\"x\"}",
		"{\"type\":\"clear\"}", "{\"type\":\"target\",\"low_spm\":1}",
		"{\"type\":\"hello\"}", "{\"type\":\"battery\"}",
	};
	struct display_message m = { .type = DISPLAY_MESSAGE_BYE };

	for (size_t i = 0; i < COUNT(lines); i++)
		CU_ASSERT_FALSE(
			display_message_read(lines[i], strlen(lines[i]), &m));
	CU_ASSERT_EQUAL(m.type, DISPLAY_MESSAGE_BYE);
}

/* ---- the framer ---- */
struct frames {
	char text[4 * DISPLAY_LINE_MAX];
	size_t length;
};

static void frames_add(struct frames *f, const char *bytes, size_t count)
{
	CU_ASSERT_TRUE_FATAL(f->length + count < sizeof(f->text));
	memcpy(f->text + f->length, bytes, count);
	f->length += count;
}

/* "|" ends a line, "!" stands for one that is too long */
static void frame(struct display_framer *framer, const char *bytes,
                  size_t length, struct frames *out)
{
	enum display_frame_result result;
	size_t line_length = 0;

	while ((result = display_framer_next(framer, &bytes, &length,
	                                     &line_length)) != DISPLAY_FRAME_NONE)
		if (result == DISPLAY_FRAME_LINE) {
			frames_add(out, framer->line, line_length);
			frames_add(out, "|", 1);
		} else {
			frames_add(out, "!", 1);
		}
	CU_ASSERT_EQUAL(length, 0);
}

static void test_frame_lines(void)
{
	static const struct {
		const char *bytes, *expected;
	} rows[] = {
		{ "", "" },
		{ "a", "" },
		{ "a\n", "a|" },
		{ "a\nb\n", "a|b|" },
		{ "\n\n", "||" },
		{ "a\r\nb\rc\n\r\n", "a|b\rc||" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct display_framer framer = { .length = 0 };
		struct frames seen = { .length = 0 };

		frame(&framer, rows[i].bytes, strlen(rows[i].bytes), &seen);
		expect_text(seen.text, seen.length, rows[i].expected);
	}
}

/* The line without its LF has `length` octets, then another line follows. */
static size_t long_line(char *bytes, size_t length)
{
	memset(bytes, 'x', length);
	strcpy(bytes + length, "\nnext\n");
	return length + 6;
}

static void test_frame_limit(void)
{
	static char bytes[3 * DISPLAY_LINE_MAX];
	static const struct {
		size_t length;
		bool fits;
	} rows[] = {
		{ DISPLAY_LINE_MAX - 2, true }, { DISPLAY_LINE_MAX - 1, true },
		{ DISPLAY_LINE_MAX, false }, { DISPLAY_LINE_MAX + 1, false },
		{ 2 * DISPLAY_LINE_MAX, false }, { 2 * DISPLAY_LINE_MAX + 1, false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct display_framer framer = { .length = 0 };
		static struct frames seen;
		size_t count = long_line(bytes, rows[i].length);

		seen.length = 0;
		frame(&framer, bytes, count, &seen);
		if (rows[i].fits)
			CU_ASSERT_EQUAL(seen.length, rows[i].length + 1 + 5);
		if (!rows[i].fits)
			expect_text(seen.text, seen.length, "!next|");
	}
}

static void test_frame_any_split(void)
{
	static char bytes[3 * DISPLAY_LINE_MAX];
	static struct frames whole, pieces;
	size_t length = long_line(bytes, DISPLAY_LINE_MAX + 5);
	struct display_framer framer = { .length = 0 };

	strcpy(bytes + length, "\r\ntail");
	length += 6;
	frame(&framer, bytes, length, &whole);
	for (size_t step = 1; step < 4200; step += step < 8 ? 1 : 611) {
		pieces.length = 0;
		memset(&framer, 0, sizeof(framer));
		for (size_t at = 0; at < length; at += step)
			frame(&framer, bytes + at,
			      length - at < step ? length - at : step, &pieces);
		CU_ASSERT_EQUAL(pieces.length, whole.length);
		CU_ASSERT_EQUAL(memcmp(pieces.text, whole.text, whole.length), 0);
	}
}

/* ---- words ---- */
static void test_words(void)
{
	enum display_level level;
	enum display_link_state link;
	enum display_cap cap;
	enum display_input input;

	CU_ASSERT_STRING_EQUAL(display_level_name(DISPLAY_LEVEL_SAFETY), "safety");
	CU_ASSERT_TRUE(display_level_from_name("load", &level));
	CU_ASSERT_EQUAL(level, DISPLAY_LEVEL_LOAD);
	CU_ASSERT_FALSE(display_level_from_name("", &level));
	CU_ASSERT_TRUE(display_link_state_from_name("lost", &link));
	CU_ASSERT_EQUAL(link, DISPLAY_LINK_LOST);
	CU_ASSERT_STRING_EQUAL(display_cap_name(DISPLAY_CAP_PERSONAL), "personal");
	CU_ASSERT_TRUE(display_cap_from_name("shown", &cap));
	CU_ASSERT_EQUAL(cap, DISPLAY_CAP_SHOWN);
	CU_ASSERT_FALSE(display_cap_from_name("Shown", &cap));
	CU_ASSERT_TRUE(display_input_from_name("red_flag", &input));
	CU_ASSERT_EQUAL(input, DISPLAY_INPUT_RED_FLAG);
}

/* ---- the page ---- */
static char page[65536];

static bool read_page(void)
{
	FILE *file = fopen(TEST_SOURCE "/protocol/gaitd-display.7", "re");

	if (!file)
		return false;
	page[fread(page, 1, sizeof(page) - 1, file)] = '\0';
	fclose(file);
	return page[0] != '\0';
}

static bool in_word(char c)
{
	return c && (isalnum((unsigned char)c) || c == '_' || c == '-');
}

static void expect_in_page(const char *word)
{
	const char *at = page;

	while ((at = strstr(at, word)) &&
	       ((at > page && in_word(at[-1])) || in_word(at[strlen(word)])))
		at++;
	if (!at)
		printf("\n    not in gaitd-display(7): %s", word);
	CU_ASSERT_PTR_NOT_NULL(at);
}

/* Every word of the wire is told of: an addition to the tables shows here. */
static void test_page_has_all_words(void)
{
	static const char *const types[] = {
		"hello", "ready", "link", "session", "metrics", "target", "prompt",
		"clear", "battery", "summary", "ping", "error", "bye", "shown",
		"input", "pong",
	};

	CU_ASSERT_TRUE_FATAL(read_page());
	for (size_t i = 0; i < COUNT(types); i++)
		expect_in_page(types[i]);
#define ALL(type, prefix, last)                                        \
	for (type word = 0; word <= (last); word++)                    \
		expect_in_page(prefix##_name(word))
	ALL(enum display_level, display_level, DISPLAY_LEVEL_SAFETY);
	ALL(enum display_link_state, display_link_state, DISPLAY_LINK_LOST);
	ALL(enum display_session_state, display_session_state,
	    DISPLAY_SESSION_ENDED);
	ALL(enum display_clear_reason, display_clear_reason,
	    DISPLAY_CLEAR_CONDITION);
	ALL(enum display_gait, display_gait, DISPLAY_GAIT_RUN);
	ALL(enum display_battery_state, display_battery_state,
	    DISPLAY_BATTERY_CRITICAL);
	ALL(enum display_error, display_error, DISPLAY_ERROR_TOO_MANY_ERRORS);
	ALL(enum display_input, display_input, DISPLAY_INPUT_PROFILE);
	ALL(enum display_red_flag, display_red_flag, DISPLAY_RED_FLAG_FALL);
#undef ALL
	for (unsigned bit = 0; bit < DISPLAY_CAP_COUNT; bit++)
		expect_in_page(display_cap_name((enum display_cap)(1u << bit)));
}

/* Every member that we write, whatever the message */
static void expect_members_in_page(const char *line, size_t length)
{
	json_t *object = json_loadb(line, length, 0, NULL);
	const char *name;
	json_t *value;

	CU_ASSERT_PTR_NOT_NULL_FATAL(object);
	json_object_foreach(object, name, value)
		expect_in_page(name);
	json_decref(object);
}

static void test_page_has_all_members(void)
{
	const struct display_session session = { .lang = "en" };
	const struct display_prompt prompt = {
		.why = "y", .ack = true, .ask = { .kind = DISPLAY_ASK_SCALE },
	};
	const struct display_profile profile = { true, true, true, true, true,
		                                 1.75, true, true, true, "en" };
	char line[DISPLAY_LINE_MAX];

	CU_ASSERT_TRUE_FATAL(read_page());
	expect_members_in_page(line, display_write_metrics(line, sizeof(line),
	                                                   &metrics_full, true));
	expect_members_in_page(line, display_write_session(line, sizeof(line),
	                                                   &session, true));
	expect_members_in_page(line, display_write_prompt(line, sizeof(line),
	                                                  &prompt, true));
	expect_members_in_page(line, display_write_profile(line, sizeof(line),
	                                                   &profile));
}

/* Each line of the transcript is read by the side it is said to */
static void expect_readable(const char *line, size_t length, bool of_daemon)
{
	struct display_request request;
	struct display_fault fault;
	struct display_message message;
	bool good = of_daemon ?
		display_message_read(line, length, &message) &&
			message.type != DISPLAY_MESSAGE_OTHER :
		display_request_read(line, length, &request, &fault) ||
			fault.code == DISPLAY_ERROR_UNKNOWN_TYPE;

	if (!good)
		printf("\n    not readable: %.*s", (int)length, line);
	CU_ASSERT_TRUE(good);
}

static void test_page_transcript(void)
{
	static const char daemon[] = "daemon > ", plugin[] = "plugin > ";
	unsigned lines = 0;
	char *at, *rest = page;

	CU_ASSERT_TRUE_FATAL(read_page());
	while ((at = strsep(&rest, "\n"))) {
		bool of_daemon = strncmp(at, daemon, strlen(daemon)) == 0;

		if (!of_daemon && strncmp(at, plugin, strlen(plugin)) != 0)
			continue;
		lines++;
		at += strlen(daemon);
		expect_readable(at, strlen(at), of_daemon);
	}
	CU_ASSERT_TRUE(lines > 30);
}

static CU_TestInfo tests[] = {
	{ "design 4: hello, ready, ping, bye, error", test_write_handshake },
	{ "design 4: link, session, target, battery, summary", test_write_state },
	{ "design 4: runner's name only where granted", test_write_personal_session },
	{ "design 4: metrics, absent members left out", test_write_metrics },
	{ "prompt: English beneath", test_write_english_beneath },
	{ "decimals: rounding, no -0, no NaN, no exponent", test_write_decimals },
	{ "decimals are rounded as the C library does", test_write_as_rounded },
	{ "design 4: prompt, ack, ask", test_write_prompt },
	{ "design 4: pain values only where granted", test_write_personal_prompt },
	{ "design 5: event lines", test_write_events },
	{ "text: escapes, controls, bad UTF-8", test_write_escapes },
	{ "a prompt always fits a line", test_write_always_fits },
	{ "why is cut at a character's end", test_write_cuts_why },
	{ "0 when it does not fit", test_write_says_too_small },
	{ "design 4: a display's hello", test_read_hello },
	{ "inputs, read and written back", test_read_inputs },
	{ "shown, pong and ping, written and read back", test_read_what_has_no_words },
	{ "a NUL octet is no blank", test_read_no_nul },
	{ "a hello that was written", test_read_hello_written },
	{ "bad lines: code, detail, output untouched", test_read_refuses },
	{ "a raw NUL is refused", test_read_refuses_raw_nul },
	{ "a profile alone", test_profile_alone },
	{ "message: prompt survives reading", test_message_prompt },
	{ "message: metrics survive reading", test_message_metrics },
	{ "message: each kind", test_message_state },
	{ "message: of a later daemon", test_message_of_tomorrow },
	{ "message: no message", test_message_refuses },
	{ "framer: lines", test_frame_lines },
	{ "framer: 4,096 octets with the LF", test_frame_limit },
	{ "framer: any split gives the same lines", test_frame_any_split },
	{ "words", test_words },
	{ "gaitd-display(7) has all words", test_page_has_all_words },
	{ "gaitd-display(7) has all members", test_page_has_all_members },
	{ "gaitd-display(7)'s transcript reads", test_page_transcript },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("display", tests);
}
