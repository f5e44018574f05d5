/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/recording.h"

#include "daemon/devices/recording_event.h"
#include "daemon/devices/scan.h"
#include "protocol/rsc.h"
#include "protocol/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAGIC "# gaitd recording "
#define VERSION "1"

/* ---- header -------------------------------------------------------------- */

/* Two or four digits at `at`; false if they are none or above `most`. */
static bool fixed_digits(const char *at, int count, int most, int *out)
{
	int value = 0;

	for (int i = 0; i < count; i++) {
		if (at[i] < '0' || at[i] > '9')
			return false;
		value = value * 10 + (at[i] - '0');
	}
	*out = value;
	return value <= most;
}

static bool leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from 1970-01-01, Gregorian, of a year from 1970 on */
static int64_t unix_days(int year, int month, int day)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	int past = year - 1;
	int64_t leaps = past / 4 - past / 100 + past / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400);

	return (int64_t)(year - 1970) * 365 + leaps + before[month - 1] +
	       (month > 2 && leap(year)) + day - 1;
}

static bool day_exists(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1] + (month == 2 && leap(year));
}

/* Z or +HH:MM, seconds east of UTC */
static bool parse_offset(const char *at, size_t left, int32_t *out)
{
	int hours, minutes;

	if (left == 1 && *at == 'Z') {
		*out = 0;
		return true;
	}
	if (left != 6 || (at[0] != '+' && at[0] != '-') || at[3] != ':' ||
	    !fixed_digits(at + 1, 2, 14, &hours) || !fixed_digits(at + 4, 2, 59, &minutes))
		return false;
	*out = (hours * 3600 + minutes * 60) * (at[0] == '-' ? -1 : 1);
	return true;
}

bool recording_time_read(const char *at, size_t left, int64_t *unix_s, int32_t *offset_s)
{
	int year, month, day, hour, minute, second;
	int32_t offset;

	if (left < 20 || at[4] != '-' || at[7] != '-' || at[10] != 'T' ||
	    at[13] != ':' || at[16] != ':' || !fixed_digits(at, 4, 9999, &year) ||
	    !fixed_digits(at + 5, 2, 12, &month) || !fixed_digits(at + 8, 2, 31, &day) ||
	    !fixed_digits(at + 11, 2, 23, &hour) ||
	    !fixed_digits(at + 14, 2, 59, &minute) ||
	    !fixed_digits(at + 17, 2, 60, &second) ||
	    !parse_offset(at + 19, left - 19, &offset))
		return false;
	if (year < 1970 || !day_exists(year, month, day))
		return false;
	*unix_s = unix_days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second -
	          offset;
	*offset_s = offset;
	return true;
}

static bool read_start(struct scan *scan, struct recording_header *header)
{
	struct scan_word value = scan_rest(scan);

	if (header->has_start)
		return scan_fault(scan, value.at, "Start was given before");
	header->has_start = recording_time_read(value.at, value.length, &header->start_unix_s,
	                                        &header->start_offset_s);
	return header->has_start ||
	       scan_fault(scan, value.at,
	                  "expected a time as 2026-11-22T06:30:00+01:00, found \"%.*s\"",
	                  scan_shown(value), value.at);
}

static bool read_model(struct scan *scan, struct recording_header *header)
{
	struct scan_word value = scan_rest(scan);
	size_t length = 0, next;

	while (length < value.length &&
	       (next = utf8_printable(value.at + length, value.length - length)) &&
	       length + next < sizeof(header->model))
		length += next;
	memcpy(header->model, value.at, length);
	header->model[length] = '\0';
	return true;
}

static bool read_runner(struct scan *scan, struct recording_header *header)
{
	struct scan_word value = scan_rest(scan);
	char json[RECORDING_LINE_MAX + 1], why[200];

	if (header->has_runner)
		return scan_fault(scan, value.at, "Runner was given before");
	memcpy(json, value.at, value.length);
	json[value.length] = '\0';
	if (!runner_parse(json, &header->runner, why, sizeof(why)))
		return scan_fault(scan, value.at, "%s", why);
	snprintf(header->runner_note, sizeof(header->runner_note), "%.100s", why);
	header->has_runner = true;
	return true;
}

static bool read_end(struct scan *scan, struct recording_header *header)
{
	struct scan_word value = scan_rest(scan);

	if (header->has_end)
		return scan_fault(scan, value.at, "End was given before");
	if (!scan_uint(scan, value, RECORDING_TIME_MAX_US, "microseconds",
	               &header->end_us))
		return false;
	header->has_end = true;
	return true;
}

/* ---- what was known of the runner's foot pod -------------------------------- */

/* It stands where it began to hold, and as a comment: for who reads recordings
 * without it the verdict is found anew. */
#define FOOTPOD_UNIT "Footpod-unit:"
#define FIXED "configured"

static enum recording_line read_footpod_unit(struct recording_reader *reader,
                                             struct scan *scan,
                                             struct source_event *event)
{
	struct scan_word word = scan_word(scan), fixed;
	char text[16] = "";
	enum rsc_unit unit;

	if (word.length < sizeof(text))
		memcpy(text, word.at, word.length);
	if (!rsc_unit_from_word(text, &unit)) {
		scan_fault(scan, word.at, "expected steps, strides or unknown, found \"%.*s\"",
		           scan_shown(word), word.at);
		return RECORDING_BAD;
	}
	fixed = scan_rest(scan);
	if (fixed.length > 0 && !scan_word_is(fixed, FIXED)) {
		scan_fault(scan, fixed.at, "expected \"" FIXED "\" or nothing");
		return RECORDING_BAD;
	}
	reader->has_event = true;
	*event = (struct source_event){
		.t_us = reader->last_us,
		.device = SOURCE_FOOTPOD,
		.unit = 1,
		.kind = SOURCE_FOOTPOD_UNIT,
		.number = (int32_t)unit,
		.fixed = fixed.length > 0,
	};
	return RECORDING_EVENT;
}

static void write_footpod_unit(struct recording_out *out,
                               const struct source_event *event)
{
	recording_put(out, "# " FOOTPOD_UNIT " %s%s",
	              rsc_unit_word((enum rsc_unit)event->number),
	              event->fixed ? " " FIXED : "");
}

/* ---- headers, and comments ------------------------------------------------ */

static const struct header_key {
	const char *word;
	bool (*read)(struct scan *scan, struct recording_header *header);
	bool late; /* may stand behind events: who records learns it last */
} header_keys[] = {
	{ "Model:", read_model, false },
	{ "Start:", read_start, false },
	{ "Runner:", read_runner, false },
	{ "End:", read_end, true },
};

/* A line that starts with '#': a header if it has a known key. */
static enum recording_line read_header(struct recording_reader *reader,
                                       struct scan *scan, struct source_event *event)
{
	struct scan_word word;

	scan->at++;
	word = scan_word(scan);
	if (scan_word_is(word, FOOTPOD_UNIT))
		return read_footpod_unit(reader, scan, event);
	for (size_t i = 0; i < sizeof(header_keys) / sizeof(header_keys[0]); i++) {
		const struct header_key *key = &header_keys[i];

		if (!scan_word_is(word, key->word))
			continue;
		if (reader->has_event && !key->late) {
			scan_fault(scan, word.at, "%.*s stands behind events; move it to the top",
			           (int)word.length, word.at);
			return RECORDING_BAD;
		}
		return key->read(scan, &reader->header) ? RECORDING_HEADER : RECORDING_BAD;
	}
	return RECORDING_BLANK;
}

/* The first line says what the file is, and in which version. */
static enum recording_line read_magic(struct recording_reader *reader,
                                      struct scan *scan)
{
	size_t length = strlen(MAGIC);
	struct scan_word version;

	if ((size_t)(scan->end - scan->at) < length ||
	    memcmp(scan->at, MAGIC, length) != 0) {
		scan_fault(scan, scan->at,
		           "expected \"" MAGIC VERSION "\": is this a recording?");
		return RECORDING_BAD;
	}
	scan->at += length;
	version = scan_rest(scan);
	if (!scan_word_is(version, VERSION)) {
		scan_fault(scan, version.at,
		           "expected version " VERSION ", found \"%.*s\": a newer gaitd may "
		           "have recorded this",
		           scan_shown(version), version.at);
		return RECORDING_BAD;
	}
	reader->header.magic = true;
	return RECORDING_HEADER;
}

/* ---- events -------------------------------------------------------------- */

static bool read_time(struct recording_reader *reader, struct scan *scan,
                      uint64_t *t_us)
{
	struct scan_word word = scan_word(scan);

	if (!scan_uint(scan, word, RECORDING_TIME_MAX_US, "microseconds", t_us))
		return false;
	if (reader->has_event && *t_us < reader->last_us)
		return scan_fault(scan, word.at,
		                  "time goes back from %llu; put the lines in order of time",
		                  (unsigned long long)reader->last_us);
	return true;
}

static enum recording_line read_event(struct recording_reader *reader,
                                      struct scan *scan, struct source_event *event)
{
	source_event_start(event);
	if (!read_time(reader, scan, &event->t_us) || !recording_event_read(scan, &reader->known, event))
		return RECORDING_BAD;
	reader->has_event = true;
	reader->last_us = event->t_us;
	return RECORDING_EVENT;
}

/* ---- lines --------------------------------------------------------------- */

#define EACH(octet) (0x0101010101010101u * (octet))

/* Whether one of eight octets may be a control character: those below 0x20, and 0x7f.
 * A tab is taken for one, and whoever asks looks closer. */
static bool may_have_controls(const char *at)
{
	uint64_t octets, deleted;

	memcpy(&octets, at, sizeof(octets));
	deleted = octets ^ EACH(0x7f);
	return (((octets - EACH(0x20)) & ~octets) | ((deleted - EACH(1)) & ~deleted)) &
	       EACH(0x80);
}

static bool is_text(const struct scan *scan)
{
	const char *at = scan->start;

	while (scan->end - at >= 8 && !may_have_controls(at))
		at += 8;
	for (; at < scan->end; at++) {
		unsigned char c = (unsigned char)*at;

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return scan_fault(scan, at,
			                  "expected text, found the octet 0x%02x: a recording is "
			                  "text, one event a line",
			                  c);
	}
	return true;
}

enum recording_line recording_read_line(struct recording_reader *reader,
                                        const char *line, size_t length,
                                        struct source_event *event,
                                        struct recording_fault *fault)
{
	struct scan scan = { line, line, line + length, fault };

	reader->line++;
	if (length > 0 && line[length - 1] == '\r')
		scan.end--;
	if (length >= RECORDING_LINE_MAX) {
		scan_fault(&scan, line + RECORDING_LINE_MAX - 1,
		           "expected at most %d octets a line", RECORDING_LINE_MAX - 1);
		return RECORDING_BAD;
	}
	if (!reader->header.magic)
		return read_magic(reader, &scan);
	if (!is_text(&scan))
		return RECORDING_BAD;
	if (scan.at < scan.end && *scan.at == '#')
		return read_header(reader, &scan, event);
	if (scan_is_blank(&scan))
		return RECORDING_BLANK;
	return read_event(reader, &scan, event);
}

static void put_start(struct recording_out *out, const struct recording_header *header)
{
	time_t local = (time_t)(header->start_unix_s + header->start_offset_s);
	unsigned minutes = (unsigned)abs(header->start_offset_s) / 60;
	struct tm tm;

	if (!gmtime_r(&local, &tm) || tm.tm_year < 70 || tm.tm_year > 9999 - 1900)
		return;
	recording_put(out, "# Start: %04d-%02d-%02dT%02d:%02d:%02d%c%02u:%02u\n",
	              tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
	              tm.tm_sec, header->start_offset_s < 0 ? '-' : '+', minutes / 60,
	              minutes % 60);
}

size_t recording_write_header(const struct recording_header *header, char *text,
                              size_t size)
{
	struct recording_out out = { text, size, 0, size == 0 };
	char runner[RECORDING_LINE_MAX - 16];

	if (out.full)
		return 0;
	recording_put(&out, MAGIC VERSION "\n");
	if (header->model[0])
		recording_put(&out, "# Model: %s\n", header->model);
	if (header->has_start)
		put_start(&out, header);
	if (header->has_runner && runner_write(&header->runner, runner, sizeof(runner)) > 0)
		recording_put(&out, "# Runner: %s\n", runner);
	return out.full ? 0 : out.used;
}

size_t recording_write_line(const struct source_event *event, char *line,
                            size_t size)
{
	struct recording_out out = { line, size, 0, size == 0 };

	if (out.full)
		return 0;
	if (event->kind == SOURCE_FOOTPOD_UNIT) {
		write_footpod_unit(&out, event);
	} else {
		recording_put(&out, "%llu", (unsigned long long)event->t_us);
		if (!recording_event_write(&out, event))
			return 0;
	}
	recording_put(&out, "\n");
	return out.full ? 0 : out.used;
}
