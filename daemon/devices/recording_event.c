/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/recording_event.h"

#include "daemon/rules/suggest.h"
#include "protocol/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define UNIT_MAX 99
#define WORDS_MAX 16 /* that may stand in one place */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void recording_put(struct recording_out *out, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(out->line + out->used, out->size - out->used, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= out->size - out->used)
		out->full = true;
	else
		out->used += (size_t)n;
}

/* ---- payloads ------------------------------------------------------------ */

static bool read_link(struct scan *scan, struct source_event *event)
{
	struct scan_word word = scan_word(scan);
	char state[16] = "";

	if (word.length < sizeof(state))
		memcpy(state, word.at, word.length);
	if (display_link_state_from_name(state, &event->link))
		return scan_end(scan);
	return scan_fault(scan, word.at,
	                  "expected off, searching, live, stale or lost, found \"%.*s\"",
	                  scan_shown(word), word.at);
}

static void write_link(struct recording_out *out, const struct source_event *event)
{
	recording_put(out, " %s", display_link_state_name(event->link));
}

/* \\ and \xNN stand for octets that a line cannot hold; a backslash before
 * anything else is itself. Returns how many characters were taken. */
static size_t unescape(const char *at, size_t left, char *out)
{
	static const char digits[] = "0123456789abcdef";

	*out = *at;
	if (*at == '\\' && left >= 2 && at[1] == '\\')
		return 2;
	if (*at == '\\' && left >= 4 && at[1] == 'x' && at[2] && at[3]) {
		const char *high = strchr(digits, at[2]);
		const char *low = strchr(digits, at[3]);

		if (high && low && (high != digits || low != digits)) {
			*out = (char)((high - digits) << 4 | (low - digits));
			return 4;
		}
	}
	return 1;
}

static bool read_text_into(struct scan *scan, char *text, size_t size)
{
	struct scan_word rest = scan_rest(scan);
	size_t length = 0;

	for (size_t i = 0; i < rest.length;) {
		if (length + 1 >= size)
			return scan_fault(scan, rest.at + i, "expected at most %zu octets of text",
			                  size - 1);
		i += unescape(rest.at + i, rest.length - i, &text[length]);
		length++;
	}
	text[length] = '\0';
	return true;
}

static void write_text_from(struct recording_out *out, const char *text)
{
	size_t left = strlen(text), length;

	recording_put(out, " ");
	for (const char *at = text; left > 0; at += length, left -= length) {
		length = utf8_printable(at, left);
		if (length == 0 || (*at == ' ' && (at == text || left == 1))) {
			length = 1;
			recording_put(out, "\\x%02x", (unsigned char)*at);
		} else {
			recording_put(out, "%s%.*s", *at == '\\' ? "\\" : "", (int)length, at);
		}
	}
}

static bool read_text(struct scan *scan, struct source_event *event)
{
	return read_text_into(scan, event->text, sizeof(event->text));
}

static void write_text(struct recording_out *out, const struct source_event *event)
{
	write_text_from(out, event->text);
}

static bool read_rssi(struct scan *scan, struct source_event *event)
{
	return scan_int(scan, scan_word(scan), -127, 20, "a signal strength in dBm",
	                &event->number) &&
	       scan_end(scan);
}

static void write_number(struct recording_out *out, const struct source_event *event)
{
	recording_put(out, " %d", event->number);
}

static bool read_bytes(struct scan *scan, struct source_event *event)
{
	return scan_hex(scan, scan_word(scan), event->bytes, sizeof(event->bytes),
	                &event->length) &&
	       scan_end(scan);
}

static void write_bytes(struct recording_out *out, const struct source_event *event)
{
	recording_put(out, " ");
	for (size_t i = 0; i < event->length; i++)
		recording_put(out, "%02x", event->bytes[i]);
}

static bool read_attribute(struct scan *scan, struct source_event *event)
{
	struct scan_word word = scan_word(scan);
	uint8_t uuid[2];
	size_t length;

	if (word.length != 4)
		return scan_fault(scan, word.at,
		                  "expected a UUID of four hex digits as 2acd, found \"%.*s\"",
		                  scan_shown(word), word.at);
	if (!scan_hex(scan, word, uuid, sizeof(uuid), &length))
		return false;
	event->uuid = (uint16_t)(uuid[0] << 8 | uuid[1]);
	return read_bytes(scan, event);
}

static void write_attribute(struct recording_out *out,
                            const struct source_event *event)
{
	recording_put(out, " %04x", event->uuid);
	write_bytes(out, event);
}

static const struct device_event {
	const char *word;
	bool (*read)(struct scan *scan, struct source_event *event);
	void (*write)(struct recording_out *out, const struct source_event *event);
} device_events[] = {
	[SOURCE_LINK] = { "link", read_link, write_link },
	[SOURCE_NAME] = { "name", read_text, write_text },
	[SOURCE_ADDRESS] = { "address", read_text, write_text },
	[SOURCE_RSSI] = { "rssi", read_rssi, write_number },
	[SOURCE_VALUE] = { "value", read_attribute, write_attribute },
	[SOURCE_NOTIFY] = { "notify", read_attribute, write_attribute },
	[SOURCE_ANT] = { "ant", read_bytes, write_bytes },
	[SOURCE_RELEASED] = { "released", read_text, write_text },
	[SOURCE_FREED] = { "freed", read_text, write_text },
};

/* ---- what a runner told a display ---------------------------------------- */

struct input_event {
	const char *word;
	bool (*read)(const struct input_event *input, struct scan *scan,
	             struct display_request *request);
	void (*write)(struct recording_out *out, const struct display_request *request);
	int32_t least, most; /* of a number */
	const char *what;
};

static bool read_number_input(const struct input_event *input, struct scan *scan,
                              struct display_request *request)
{
	return scan_int(scan, scan_word(scan), input->least, input->most, input->what,
	                &request->value);
}

static void write_number_input(struct recording_out *out,
                               const struct display_request *request)
{
	recording_put(out, " %d", request->value);
}

/* A prompt's id may follow; without it the live prompt is meant. */
static bool read_prompt_id(struct scan *scan, struct display_request *request)
{
	struct scan_word word = scan_word(scan);
	uint64_t id = 0;

	if (word.length > 0 &&
	    !scan_uint(scan, word, UINT32_MAX, "a prompt's id or nothing", &id))
		return false;
	request->id = (uint32_t)id;
	return true;
}

static void write_prompt_id(struct recording_out *out,
                            const struct display_request *request)
{
	if (request->id)
		recording_put(out, " %u", request->id);
}

static bool read_ack(const struct input_event *input, struct scan *scan,
                     struct display_request *request)
{
	(void)input;
	return read_prompt_id(scan, request);
}

static bool read_answer(const struct input_event *input, struct scan *scan,
                        struct display_request *request)
{
	return read_number_input(input, scan, request) && read_prompt_id(scan, request);
}

static void write_answer(struct recording_out *out,
                         const struct display_request *request)
{
	write_number_input(out, request);
	write_prompt_id(out, request);
}

static bool read_red_flag(const struct input_event *input, struct scan *scan,
                          struct display_request *request)
{
	struct scan_word word = scan_word(scan);
	char flag[16] = "";

	if (word.length < sizeof(flag))
		memcpy(flag, word.at, word.length);
	return display_red_flag_from_name(flag, &request->flag) ||
	       scan_fault(scan, word.at, "expected %s, found \"%.*s\"", input->what,
	                  scan_shown(word), word.at);
}

static void write_red_flag(struct recording_out *out,
                           const struct display_request *request)
{
	recording_put(out, " %s", display_red_flag_name(request->flag));
}

static bool read_switch(const struct input_event *input, struct scan *scan,
                        struct display_request *request)
{
	struct scan_word word = scan_word(scan);

	request->value = scan_word_is(word, "on");
	return request->value || scan_word_is(word, "off") ||
	       scan_fault(scan, word.at, "expected %s, found \"%.*s\"", input->what,
	                  scan_shown(word), word.at);
}

static void write_switch(struct recording_out *out,
                         const struct display_request *request)
{
	recording_put(out, request->value ? " on" : " off");
}

static bool read_runner(const struct input_event *input, struct scan *scan,
                        struct display_request *request)
{
	(void)input;
	return read_text_into(scan, request->name, sizeof(request->name));
}

/* The PIN stays out of recordings. */
static void write_runner(struct recording_out *out,
                         const struct display_request *request)
{
	write_text_from(out, request->name);
}

/* A profile's members are the display protocol's, and so are their checks. */
static bool read_profile(const struct input_event *input, struct scan *scan,
                         struct display_request *request)
{
	struct scan_word rest = scan_rest(scan);
	struct display_fault fault;

	return display_profile_read(rest.at, rest.length, &request->profile, &fault) ||
	       scan_fault(scan, rest.at, "expected %s: %s", input->what, fault.detail);
}

static void write_profile(struct recording_out *out,
                          const struct display_request *request)
{
	char json[DISPLAY_LINE_MAX];
	size_t length = display_write_profile(json, sizeof(json), &request->profile);

	if (length > 0)
		recording_put(out, " %.*s", (int)length, json);
	else
		out->full = true;
}

static const struct input_event input_events[] = {
	[DISPLAY_INPUT_PAIN] = { "pain", read_number_input, write_number_input, 0, DISPLAY_PAIN_MAX,
	                         "a pain value" },
	[DISPLAY_INPUT_RED_FLAG] = { "red_flag", read_red_flag, write_red_flag, 0, 0,
	                             "leg, numb, bladder, straight or fall" },
	[DISPLAY_INPUT_ACK] = { "ack", read_ack, write_prompt_id, 0, 0, "" },
	[DISPLAY_INPUT_ANSWER] = { "answer", read_answer, write_answer, -1000, 1000,
	                           "the answer's value" },
	[DISPLAY_INPUT_MUTE] = { "mute", read_number_input, write_number_input, 0, DISPLAY_MUTE_MAX,
	                         "minutes" },
	[DISPLAY_INPUT_INTERVALS] = { "intervals", read_switch, write_switch, 0, 0,
	                              "on or off" },
	[DISPLAY_INPUT_RUNNER] = { "runner", read_runner, write_runner, 0, 0, "" },
	[DISPLAY_INPUT_END] = { "end", read_number_input, write_number_input, 0, DISPLAY_END_MAX,
	                        "seconds to the planned end" },
	[DISPLAY_INPUT_PROFILE] = { "profile", read_profile, write_profile, 0, 0,
	                            "a profile as {\"height_m\":1.75}" },
};

/* ---- the line ------------------------------------------------------------ */

static const char *const device_words[] = {
	[SOURCE_TREADMILL] = "treadmill",
	[SOURCE_FOOTPOD] = "footpod",
	[SOURCE_HEART_RATE] = "heart_rate",
	[SOURCE_INPUT] = "input",
};

/* Of a table whose entries begin with their word: the index of this one, or -1 with the
 * fault set. */
static int find_word(const struct scan *scan, struct scan_word word, const void *table,
                     size_t entry_size, size_t count, const char *what)
{
	const char *names[WORDS_MAX], *near;

	for (size_t i = 0; i < count; i++) {
		memcpy(&names[i], (const char *)table + i * entry_size, sizeof(names[i]));
		if (word.length > 0 && *names[i] == *word.at && scan_word_is(word, names[i]))
			return (int)i;
	}
	near = suggest_among(word.at, word.length, names, count);
	scan_fault(scan, word.at, "expected %s, found \"%.*s\"%s%s%s", what, scan_shown(word),
	           word.at, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	return -1;
}

/* SOURCE or SOURCE.N */
static bool read_device(struct scan *scan, struct source_event *event)
{
	struct scan_word word = scan_word(scan);
	const char *dot = word.length ? memchr(word.at, '.', word.length) : NULL;
	struct scan_word unit = { dot ? dot + 1 : NULL, 0 };
	uint64_t number = 1;
	int device;

	if (dot) {
		unit.length = (size_t)(word.at + word.length - unit.at);
		word.length = (size_t)(dot - word.at);
	}
	device = find_word(scan, word, device_words, sizeof(device_words[0]),
	                   COUNT(device_words), "treadmill, footpod, heart_rate or input");
	if (device < 0 ||
	    (dot && !scan_uint(scan, unit, UNIT_MAX, "a device's number", &number)))
		return false;
	if (number == 0)
		return scan_fault(scan, unit.at, "expected a device's number from 1");
	event->device = (enum source_device)device;
	event->unit = (unsigned)number;
	return true;
}

static bool read_input(struct scan *scan, struct source_event *event)
{
	int found = find_word(scan, scan_word(scan), input_events, sizeof(input_events[0]),
	                      COUNT(input_events),
	                      "pain, red_flag, ack, answer, mute, intervals, runner, "
	                      "profile or end");

	if (found < 0)
		return false;
	event->kind = SOURCE_REQUEST;
	event->request = (struct display_request){
		.type = DISPLAY_REQUEST_INPUT, .input = (enum display_input)found,
	};
	return input_events[found].read(&input_events[found], scan, &event->request) &&
	       scan_end(scan);
}

/* False: it is about something that was not known; nothing was taken. */
static bool read_known(struct scan *scan, const struct recording_known *known,
                       struct source_event *event)
{
	size_t left = (size_t)(scan->end - scan->at);

	for (size_t i = 0; i < SOURCE_DEVICES; i++) {
		const struct recording_subject *subject = &known->of[i];
		size_t length = subject->length;

		if (length == 0 || length >= left || scan->at[length] != ' ' ||
		    memcmp(scan->at, subject->words, length) != 0)
			continue;
		event->device = (enum source_device)i;
		event->unit = subject->unit;
		event->kind = subject->kind;
		scan->at += length;
		return true;
	}
	return false;
}

static void learn(struct recording_known *known, const char *words, size_t length,
                  const struct source_event *event)
{
	struct recording_subject *subject = &known->of[event->device];

	if (length > sizeof(subject->words))
		return;
	memcpy(subject->words, words, length);
	subject->length = length;
	subject->unit = event->unit;
	subject->kind = event->kind;
}

bool recording_event_read(struct scan *scan, struct recording_known *known,
                          struct source_event *event)
{
	const char *words = scan->at;
	int found;

	if (read_known(scan, known, event))
		return device_events[event->kind].read(scan, event);
	if (!read_device(scan, event))
		return false;
	if (event->device == SOURCE_INPUT)
		return read_input(scan, event);
	found = find_word(scan, scan_word(scan), device_events, sizeof(device_events[0]),
	                  COUNT(device_events),
	                  "link, name, address, rssi, value, notify, ant, released or freed");
	if (found < 0)
		return false;
	event->kind = (enum source_event_kind)found;
	learn(known, words, (size_t)(scan->at - words), event);
	return device_events[found].read(scan, event);
}

bool recording_event_write(struct recording_out *out,
                           const struct source_event *event)
{
	bool input = event->device == SOURCE_INPUT;

	if (input != (event->kind == SOURCE_REQUEST) ||
	    (!input && (size_t)event->kind >= COUNT(device_events)) ||
	    (input && event->request.type != DISPLAY_REQUEST_INPUT))
		return false;
	recording_put(out, " %s", device_words[event->device]);
	if (event->unit > 1)
		recording_put(out, ".%u", event->unit);
	if (!input) {
		recording_put(out, " %s", device_events[event->kind].word);
		device_events[event->kind].write(out, event);
		return true;
	}
	recording_put(out, " %s", input_events[event->request.input].word);
	input_events[event->request.input].write(out, &event->request);
	return true;
}
