/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The recording format of gaitd(8), line by line.
 */
#include "daemon/devices/recording.h"
#include "protocol/rsc.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MAGIC "# gaitd recording 1"
#define RUNNER \
	"# Runner: {\"height_m\":1.75,\"baseline_spm\":162,\"baseline_kmh\":10," \
	"\"usual_kmh\":10,\"longest_30d_m\":8000,\"back_pain\":false,\"sessions\":20}"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct recording_reader reader;
static struct recording_fault fault;
static struct source_event event;

static enum recording_line read_text(const char *line)
{
	return recording_read_line(&reader, line, strlen(line), &event, &fault);
}

static void start(void)
{
	memset(&reader, 0, sizeof(reader));
	memset(&event, 0, sizeof(event));
	CU_ASSERT_EQUAL_FATAL(read_text(MAGIC), RECORDING_HEADER);
}

static void test_example_of_the_manual(void)
{
	static const char *const lines[] = {
		"# Model: UREVO URTM041",
		"# Start: 2026-11-22T06:30:00+01:00",
		RUNNER,
		"# End: 1200000000",
	};

	start();
	for (size_t i = 0; i < COUNT(lines); i++)
		CU_ASSERT_EQUAL(read_text(lines[i]), RECORDING_HEADER);
	CU_ASSERT_STRING_EQUAL(reader.header.model, "UREVO URTM041");
	CU_ASSERT_EQUAL(reader.header.start_unix_s, 1795325400);
	CU_ASSERT_EQUAL(reader.header.start_offset_s, 3600);
	CU_ASSERT_TRUE(reader.header.has_runner);
	CU_ASSERT_EQUAL(reader.header.runner.height_m, 1.75);
	CU_ASSERT_EQUAL(reader.header.runner.sessions, 20);
	CU_ASSERT_TRUE(isnan(reader.header.runner.age));
	CU_ASSERT_EQUAL(reader.header.end_us, 1200000000);

	CU_ASSERT_EQUAL(read_text("0 treadmill name URTM041"), RECORDING_EVENT);
	CU_ASSERT_EQUAL(event.kind, SOURCE_NAME);
	CU_ASSERT_EQUAL(event.unit, 1);
	CU_ASSERT_STRING_EQUAL(event.text, "URTM041");
	CU_ASSERT_EQUAL(read_text("250000 treadmill notify 2acd 8425E1000000"),
	                RECORDING_EVENT);
	CU_ASSERT_EQUAL(event.t_us, 250000);
	CU_ASSERT_EQUAL(event.device, SOURCE_TREADMILL);
	CU_ASSERT_EQUAL(event.uuid, 0x2acd);
	CU_ASSERT_EQUAL(event.length, 6);
	CU_ASSERT_EQUAL(memcmp(event.bytes, "\x84\x25\xe1\0\0\0", 6), 0);
	CU_ASSERT_EQUAL(read_text("260000 footpod.2 ant a4134e00"), RECORDING_EVENT);
	CU_ASSERT_EQUAL(event.device, SOURCE_FOOTPOD);
	CU_ASSERT_EQUAL(event.unit, 2);
	CU_ASSERT_EQUAL(read_text("900000000 input pain 3"), RECORDING_EVENT);
	CU_ASSERT_EQUAL(event.request.type, DISPLAY_REQUEST_INPUT);
	CU_ASSERT_EQUAL(event.request.input, DISPLAY_INPUT_PAIN);
	CU_ASSERT_EQUAL(event.request.value, 3);
	CU_ASSERT_EQUAL(read_text("905000000 footpod link lost"), RECORDING_EVENT);
	CU_ASSERT_EQUAL(event.link, DISPLAY_LINK_LOST);
	CU_ASSERT_EQUAL(reader.line, 10);
}

static void test_what_is_no_event(void)
{
	static const char *const lines[] = {
		"", "   ", "\t", "# a comment", "#", "# Weather: rain", "\r",
	};

	start();
	for (size_t i = 0; i < COUNT(lines); i++)
		CU_ASSERT_EQUAL(read_text(lines[i]), RECORDING_BLANK);
}

static void test_line_ends_of_other_systems(void)
{
	memset(&reader, 0, sizeof(reader));
	CU_ASSERT_EQUAL(read_text(MAGIC "\r"), RECORDING_HEADER);
	CU_ASSERT_EQUAL(read_text("# Model: X\r"), RECORDING_HEADER);
	CU_ASSERT_STRING_EQUAL(reader.header.model, "X");
	CU_ASSERT_EQUAL(read_text("5 treadmill link live\r"), RECORDING_EVENT);
	CU_ASSERT_EQUAL(read_text("5 treadmill name a b \r"), RECORDING_EVENT);
	CU_ASSERT_STRING_EQUAL(event.text, "a b");
}

struct bad_row {
	const char *line;
	size_t column;
	const char *says; /* a part of the message */
};

static void expect_bad(const struct bad_row *row)
{
	if (read_text(row->line) != RECORDING_BAD || fault.column != row->column ||
	    !strstr(fault.message, row->says)) {
		printf("\n  \"%.60s\": column %zu: %s", row->line, fault.column, fault.message);
		CU_FAIL("not refused as expected");
	}
}

static void test_bad_first_line(void)
{
	static const struct bad_row rows[] = {
		{ "", 1, "expected \"# gaitd recording 1\"" },
		{ "0 treadmill link live", 1, "is this a recording?" },
		{ "\x7f" "ELF", 1, "is this a recording?" },
		{ "# gaitd recording 2", 19, "expected version 1, found \"2\"" },
		{ "# gaitd recording 10", 19, "found \"10\"" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		memset(&reader, 0, sizeof(reader));
		expect_bad(&rows[i]);
		CU_ASSERT_FALSE(reader.header.magic);
	}
}

static void test_bad_events(void)
{
	static const struct bad_row rows[] = {
		{ "abc treadmill link live", 1, "expected microseconds" },
		{ "-5 treadmill link live", 1, "found \"-5\"" },
		{ "1.5 treadmill link live", 1, "found \"1.5\"" },
		{ "99999999999999999999999 treadmill link live", 1, "microseconds" },
		{ "31622400000001 treadmill link live", 1, "0 to 31622400000000" },
		{ "0", 2, "expected treadmill, footpod, heart_rate or input" },
		{ "0 treadmil link live", 3, "did you mean treadmill?" },
		{ "0 treadmill. link live", 13, "a device's number" },
		{ "0 treadmill.0 link live", 13, "from 1" },
		{ "0 treadmill.100 link live", 13, "0 to 99" },
		{ "0 treadmill", 12, "expected link, name" },
		{ "0 treadmill notfy 2acd 00", 13, "did you mean notify?" },
		{ "0 treadmill link up", 18, "expected off, searching, live, stale or lost" },
		{ "0 treadmill link live now", 23, "expected the end of the line" },
		{ "0 treadmill link", 17, "expected off" },
		{ "0 treadmill rssi loud", 18, "dBm" },
		{ "0 treadmill rssi -200", 18, "-127 to 20" },
		{ "0 treadmill notify", 19, "four hex digits" },
		{ "0 treadmill notify 2ac 00", 20, "four hex digits" },
		{ "0 treadmill notify 2acg 00", 23, "hex digit, found \"g\"" },
		{ "0 treadmill notify 2acd 123", 28, "the last octet is cut" },
		{ "0 treadmill notify 2acd 1 2", 26, "pairs" },
		{ "0 treadmill notify 2acd 12 34", 28, "end of the line" },
		{ "0 treadmill notify 2acd 0x12", 26, "found \"x\"" },
		{ "0 treadmill name a\x01z", 19, "0x01" },
		{ "0 input pain", 13, "a pain value" },
		{ "0 input pain 11", 14, "0 to 10" },
		{ "0 input pain 3.5", 14, "found \"3.5\"" },
		{ "0 input red_flag arm", 18, "leg, numb" },
		{ "0 input intervals maybe", 19, "on or off" },
		{ "0 input mute -1", 14, "0 to 240" },
		{ "0 input pains 3", 9, "did you mean pain?" },
		{ "0 input ack x", 13, "a prompt's id or nothing" },
		{ "0 input profile", 16, "a profile as" },
		{ "0 input profile [1]", 17, "a profile as" },
		{ "0 input link live", 9, "expected pain" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		expect_bad(&rows[i]);
	}
}

static void test_bad_headers(void)
{
	static const struct bad_row rows[] = {
		{ "# Start: yesterday", 10, "2026-11-22T06:30:00+01:00" },
		{ "# Start: 2026-02-29T06:30:00Z", 10, "expected a time" },
		{ "# Start: 2026-13-01T06:30:00Z", 10, "expected a time" },
		{ "# Start: 2026-11-22 06:30:00", 10, "expected a time" },
		{ "# Start: 2026-11-22T06:30:00", 10, "expected a time" },
		{ "# End: soon", 8, "microseconds" },
		{ "# Footpod-unit: feet", 17, "expected steps, strides or unknown" },
		{ "# Footpod-unit:", 16, "expected steps, strides or unknown" },
		{ "# Footpod-unit: steps perhaps", 23, "configured" },
		{ "# Runner: {\"hight_m\":1.75,\"age\":1}", 11, "from 5 to 110" },
		{ "# Runner: {\"height_m\":175}", 11, "from 1 to 2.5" },
		{ "# Runner: {\"height_m\":1.75", 11, "no JSON" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		expect_bad(&rows[i]);
	}
	start();
	CU_ASSERT_EQUAL(read_text("# End: 5"), RECORDING_HEADER);
	expect_bad(&(struct bad_row){ "# End: 6", 8, "before" });
}

static void test_start_counts_days_right(void)
{
	static const struct {
		const char *line;
		int64_t unix_s;
	} rows[] = {
		{ "# Start: 1970-01-01T00:00:00Z", 0 },
		{ "# Start: 2000-02-29T12:00:00Z", 951825600 },
		{ "# Start: 2000-03-01T00:00:00Z", 951868800 },
		{ "# Start: 2024-12-31T23:59:59-05:30", 1735709399 },
		{ "# Start: 2100-03-01T00:00:00Z", 4107542400 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		CU_ASSERT_EQUAL(read_text(rows[i].line), RECORDING_HEADER);
		CU_ASSERT_EQUAL(reader.header.start_unix_s, rows[i].unix_s);
	}
}

static void test_time_keeps_its_order(void)
{
	start();
	CU_ASSERT_EQUAL(read_text("10 treadmill link live"), RECORDING_EVENT);
	CU_ASSERT_EQUAL(read_text("10 footpod link live"), RECORDING_EVENT);
	expect_bad(&(struct bad_row){ "9 footpod link lost", 1, "goes back from 10" });
	CU_ASSERT_EQUAL(read_text("11 footpod link lost"), RECORDING_EVENT);
}

static void test_header_behind_events(void)
{
	start();
	CU_ASSERT_EQUAL(read_text("10 treadmill link live"), RECORDING_EVENT);
	expect_bad(&(struct bad_row){ "# Runner: {}", 3, "move it to the top" });
	CU_ASSERT_EQUAL(read_text("# End: 20"), RECORDING_HEADER);
	CU_ASSERT_TRUE(reader.header.has_end);
}

/* A comment for readers of before, and for us an event of the time where it
 * stands, which may be anywhere behind the headers. */
static void test_what_a_footpod_counts(void)
{
	start();
	CU_ASSERT_EQUAL(read_text("# Footpod-unit: strides configured"), RECORDING_EVENT);
	CU_ASSERT_EQUAL(event.kind, SOURCE_FOOTPOD_UNIT);
	CU_ASSERT_EQUAL(event.number, RSC_UNIT_STRIDES);
	CU_ASSERT_TRUE(event.fixed);
	CU_ASSERT_EQUAL(event.t_us, 0);
	expect_bad(&(struct bad_row){ "# Runner: {}", 3, "move it to the top" });
	CU_ASSERT_EQUAL(read_text("10 footpod link live"), RECORDING_EVENT);
	CU_ASSERT_EQUAL(read_text("# Footpod-unit: steps"), RECORDING_EVENT);
	CU_ASSERT_EQUAL(event.number, RSC_UNIT_STEPS);
	CU_ASSERT_FALSE(event.fixed);
	CU_ASSERT_EQUAL(event.t_us, 10);
	CU_ASSERT_EQUAL(read_text("10 footpod link lost"), RECORDING_EVENT);
}

static void test_lengths(void)
{
	static char line[RECORDING_LINE_MAX + 1];
	int n = snprintf(line, sizeof(line), "0 treadmill notify 2acd ");

	memset(line + n, 'a', 1024);
	line[n + 1024] = '\0';
	start();
	CU_ASSERT_EQUAL(read_text(line), RECORDING_EVENT);
	CU_ASSERT_EQUAL(event.length, SOURCE_BYTES_MAX);
	memset(line + n, 'a', 1026);
	expect_bad(&(struct bad_row){ line, (size_t)n + 1025, "at most 512 octets" });

	n = snprintf(line, sizeof(line), "0 treadmill name ");
	memset(line + n, 'a', 255);
	line[n + 255] = '\0';
	CU_ASSERT_EQUAL(read_text(line), RECORDING_EVENT);
	memset(line + n, 'a', 256);
	expect_bad(&(struct bad_row){ line, (size_t)n + 256, "at most 255 octets" });

	memset(line, '#', RECORDING_LINE_MAX);
	expect_bad(&(struct bad_row){ line, RECORDING_LINE_MAX, "octets a line" });
	line[RECORDING_LINE_MAX - 1] = '\0';
	CU_ASSERT_EQUAL(read_text(line), RECORDING_BLANK);
}

static void test_nul_is_no_text(void)
{
	start();
	CU_ASSERT_EQUAL(recording_read_line(&reader, "0 treadmill\0link live", 21, &event,
	                                    &fault), RECORDING_BAD);
	CU_ASSERT_EQUAL(fault.column, 12);
}

/* Each line is as the writer writes it: read, written, the same. */
static void test_written_as_read(void)
{
	static const char *const lines[] = {
		"0 treadmill link searching",
		"1 footpod.2 link stale",
		"2 heart_rate.99 notify 2a37 0048",
		"3 treadmill name Läufer \\\\ \\x0a\\xff back\\\\x41",
		"4 treadmill name \\x20in \\x20",
		"5 treadmill address C0:FF:EE:00:11:22",
		"6 treadmill rssi -67",
		"7 treadmill value 2acc 4556000005000000",
		"8 treadmill notify 2acd ",
		"9 footpod ant a4094e00010000000000000000e2",
		"9 footpod.2 released ant 57043",
		"9 footpod.2 freed C0:FF:EE:00:11:22",
		"10 input pain 0",
		"11 input red_flag bladder",
		"12 input ack",
		"13 input ack 17",
		"14 input answer 4",
		"15 input answer 1 18",
		"16 input mute 10",
		"17 input intervals on",
		"18 input intervals off",
		"19 input runner Ada L",
		"20 input end 1800",
		"21 input profile {\"height_m\":1.75,\"back_pain\":false}",
		"22 input profile {\"novice\":true,\"units\":\"mi\",\"lang\":\"de\"}",
		"# Footpod-unit: strides",
		"# Footpod-unit: steps configured",
		"# Footpod-unit: unknown",
	};

	start();
	for (size_t i = 0; i < COUNT(lines); i++) {
		char written[RECORDING_LINE_MAX];
		size_t length;

		if (read_text(lines[i]) != RECORDING_EVENT) {
			printf("\n  %s: column %zu: %s", lines[i], fault.column, fault.message);
			CU_FAIL("not read");
			continue;
		}
		length = recording_write_line(&event, written, sizeof(written));
		CU_ASSERT_EQUAL_FATAL(length, strlen(lines[i]) + 1);
		CU_ASSERT_EQUAL(written[length - 1], '\n');
		CU_ASSERT_EQUAL(memcmp(written, lines[i], length - 1), 0);
	}
}

static void test_any_name_survives(void)
{
	struct source_event named = { .device = SOURCE_TREADMILL, .unit = 1,
		                      .kind = SOURCE_NAME };
	char line[RECORDING_LINE_MAX];
	size_t length;

	for (int i = 0; i < 255; i++)
		named.text[i] = (char)(i + 1);
	length = recording_write_line(&named, line, sizeof(line));
	CU_ASSERT_FATAL(length > 0);
	start();
	CU_ASSERT_EQUAL(recording_read_line(&reader, line, length - 1, &event, &fault),
	                RECORDING_EVENT);
	CU_ASSERT_STRING_EQUAL(event.text, named.text);
}

static void test_what_is_not_written(void)
{
	struct source_event request = { .device = SOURCE_INPUT, .unit = 1,
		                        .kind = SOURCE_REQUEST };
	char line[RECORDING_LINE_MAX];

	request.request.type = DISPLAY_REQUEST_PONG;
	CU_ASSERT_EQUAL(recording_write_line(&request, line, sizeof(line)), 0);
	request.request.type = DISPLAY_REQUEST_INPUT;
	request.request.input = DISPLAY_INPUT_RUNNER;
	strcpy(request.request.name, "Ada");
	strcpy(request.request.pin, "4711");
	CU_ASSERT_FATAL(recording_write_line(&request, line, sizeof(line)) > 0);
	CU_ASSERT_PTR_NULL(strstr(line, "4711"));
	CU_ASSERT_EQUAL(recording_write_line(&request, line, 12), 0);
	CU_ASSERT_EQUAL(recording_write_line(&request, line, 0), 0);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "the example of the manual", test_example_of_the_manual },
		{ "blank lines and comments", test_what_is_no_event },
		{ "CRLF", test_line_ends_of_other_systems },
		{ "bad first lines", test_bad_first_line },
		{ "bad events: column and what was expected", test_bad_events },
		{ "bad headers", test_bad_headers },
		{ "Start is a date of the Gregorian calendar", test_start_counts_days_right },
		{ "time may not decrease, may be equal", test_time_keeps_its_order },
		{ "behind events only End", test_header_behind_events },
		{ "what a foot pod counts", test_what_a_footpod_counts },
		{ "longest line, value and name", test_lengths },
		{ "a NUL", test_nul_is_no_text },
		{ "what is read is written the same", test_written_as_read },
		{ "any name survives", test_any_name_survives },
		{ "requests that are no input, PINs", test_what_is_not_written },
		CU_TEST_INFO_NULL,
	};

	return suite_run("recording", tests);
}
