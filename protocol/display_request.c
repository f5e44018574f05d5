/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Reads what a display writes. Strict: a display's author is told what is
 * wrong, by the member's name.
 */
#include "protocol/display.h"
#include "protocol/display_json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* An object under the reader's eye, with a sticky error */
struct reader {
	const json_t *object;
	enum display_error code; /* what a bad member is in this message */
	struct display_fault *fault;
	bool failed;
};

__attribute__((format(printf, 3, 4)))
static void fault_set(struct display_fault *fault, enum display_error code,
                      const char *format, ...)
{
	va_list args;

	fault->code = code;
	va_start(args, format);
	vsnprintf(fault->detail, sizeof(fault->detail), format, args);
	va_end(args);
}

static void refuse(struct reader *r, const char *name, const char *expected)
{
	if (!r->failed)
		fault_set(r->fault, r->code, "%s: expected %s", name, expected);
	r->failed = true;
}

static const json_t *member(const struct reader *r, const char *name)
{
	return json_object_get(r->object, name);
}

static int64_t want_integer(struct reader *r, const char *name, int64_t low,
                            int64_t high)
{
	char expected[64];
	int64_t value = low;

	if (!display_json_integer(member(r, name), low, high, &value)) {
		snprintf(expected, sizeof(expected),
		         "a whole number from %lld to %lld", (long long)low,
		         (long long)high);
		refuse(r, name, expected);
	}
	return value;
}

static uint32_t want_id(struct reader *r)
{
	return (uint32_t)want_integer(r, "id", 1, UINT32_MAX);
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

static void want_text(struct reader *r, const char *name, char *out, size_t size)
{
	const char *text = json_string_value(member(r, name));
	char expected[64];

	if (text && *text && is_plain(text) && display_json_copy(out, size, text))
		return;
	snprintf(expected, sizeof(expected),
	         "text of 1 to %zu octets on one line", size - 1);
	refuse(r, name, expected);
}

static void may_text(struct reader *r, const char *name, char *out, size_t size)
{
	if (member(r, name))
		want_text(r, name, out, size);
}

static bool may_bool(struct reader *r, const char *name, bool *out)
{
	const json_t *value = member(r, name);

	if (value && !display_json_bool(value, out))
		refuse(r, name, "true or false");
	return value != NULL;
}

/* ---- hello ---- */
static uint32_t read_caps(struct reader *r)
{
	const json_t *caps = member(r, "caps");
	uint32_t found = 0;

	if (caps && !json_is_array(caps))
		refuse(r, "caps", "an array of words");
	for (size_t i = 0; i < json_array_size(caps); i++) {
		const char *name = json_string_value(json_array_get(caps, i));
		enum display_cap cap;

		if (!name)
			refuse(r, "caps", "an array of words");
		else if (display_cap_from_name(name, &cap))
			found |= (uint32_t)cap;
	}
	return found;
}

static uint16_t may_size(struct reader *r, const char *name)
{
	return member(r, name) ?
		(uint16_t)want_integer(r, name, 1, UINT16_MAX) : 0;
}

static void read_hello(struct reader *r, struct display_request *out)
{
	r->code = DISPLAY_ERROR_BAD_HELLO;
	out->protocol = (uint32_t)want_integer(r, "protocol", 1, UINT32_MAX);
	want_text(r, "name", out->name, sizeof(out->name));
	may_text(r, "version", out->version, sizeof(out->version));
	out->caps = read_caps(r);
	out->cols = may_size(r, "cols");
	out->rows = may_size(r, "rows");
}

static void read_shown(struct reader *r, struct display_request *out)
{
	out->id = want_id(r);
}

static void read_nothing(struct reader *r, struct display_request *out)
{
	(void)r;
	(void)out;
}

/* ---- input ---- */
static void read_pain(struct reader *r, struct display_request *out)
{
	out->value = (int32_t)want_integer(r, "value", 0, DISPLAY_PAIN_MAX);
}

static void read_red_flag(struct reader *r, struct display_request *out)
{
	const char *name = json_string_value(member(r, "value"));

	if (!name || !display_red_flag_from_name(name, &out->flag))
		refuse(r, "value", "leg, numb, bladder, straight or fall");
}

static void read_ack(struct reader *r, struct display_request *out)
{
	out->id = want_id(r);
}

static void read_answer(struct reader *r, struct display_request *out)
{
	out->id = want_id(r);
	out->value = (int32_t)want_integer(r, "value", INT32_MIN, INT32_MAX);
}

/* `value` is understood beside the member's own name. */
static void read_mute(struct reader *r, struct display_request *out)
{
	const char *name = member(r, "value") ? "value" : "minutes";

	out->value = (int32_t)want_integer(r, name, 0, DISPLAY_MUTE_MAX);
}

static void read_end(struct reader *r, struct display_request *out)
{
	const char *name = member(r, "value") ? "value" : "seconds";

	out->value = (int32_t)want_integer(r, name, 0, DISPLAY_END_MAX);
}

static void read_intervals(struct reader *r, struct display_request *out)
{
	const json_t *value = member(r, "value");
	const char *word = json_string_value(value);
	bool on = word && strcmp(word, "on") == 0;
	bool off = word && strcmp(word, "off") == 0;

	if (!on && !off && !display_json_bool(value, &on))
		refuse(r, "value", "\"on\" or \"off\"");
	out->value = on;
}

static void read_runner(struct reader *r, struct display_request *out)
{
	want_text(r, "name", out->name, sizeof(out->name));
	may_text(r, "pin", out->pin, sizeof(out->pin));
}

/* "en", "gsw", "pt-BR", "zh-Hant" */
static bool is_language(const char *text)
{
	size_t primary = strspn(text, "abcdefghijklmnopqrstuvwxyz");
	const char *rest = text + primary;

	if (primary < 2 || primary > 3)
		return false;
	if (!*rest)
		return true;
	return *rest == '-' && strlen(rest + 1) >= 2 && strlen(rest + 1) <= 4 &&
	       strspn(rest + 1, "abcdefghijklmnopqrstuvwxyz"
	              "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(rest + 1);
}

static bool read_language(struct reader *r, struct display_profile *p)
{
	const json_t *value = member(r, "lang");
	const char *text = json_string_value(value);

	if (value && (!text || !is_language(text) ||
	              !display_json_copy(p->lang, sizeof(p->lang), text)))
		refuse(r, "lang", "a language like en, de or pt-BR");
	return value != NULL;
}

static bool read_units(struct reader *r, struct display_profile *p)
{
	const json_t *value = member(r, "units");
	const char *text = json_string_value(value);

	p->miles = text && strcmp(text, "mi") == 0;
	if (value && !p->miles && (!text || strcmp(text, "km") != 0))
		refuse(r, "units", "\"km\" or \"mi\"");
	return value != NULL;
}

static bool read_height(struct reader *r, struct display_profile *p)
{
	const json_t *value = member(r, "height_m");

	if (value && !display_json_number(value, 1.0, 2.5, &p->height_m))
		refuse(r, "height_m", "metres from 1.00 to 2.50");
	return value != NULL;
}

static void profile_members(struct reader *r, struct display_profile *p)
{
	p->has_height = read_height(r, p);
	p->has_back_pain = may_bool(r, "back_pain", &p->back_pain);
	p->has_novice = may_bool(r, "novice", &p->novice);
	p->has_units = read_units(r, p);
	p->has_lang = read_language(r, p);
}

static void read_profile(struct reader *r, struct display_request *out)
{
	profile_members(r, &out->profile);
}

static void read_input(struct reader *r, struct display_request *out)
{
	static void (*const readers[])(struct reader *, struct display_request *) = {
		[DISPLAY_INPUT_PAIN] = read_pain,
		[DISPLAY_INPUT_RED_FLAG] = read_red_flag,
		[DISPLAY_INPUT_ACK] = read_ack,
		[DISPLAY_INPUT_ANSWER] = read_answer,
		[DISPLAY_INPUT_MUTE] = read_mute,
		[DISPLAY_INPUT_INTERVALS] = read_intervals,
		[DISPLAY_INPUT_RUNNER] = read_runner,
		[DISPLAY_INPUT_END] = read_end,
		[DISPLAY_INPUT_PROFILE] = read_profile,
	};
	const char *word = json_string_value(member(r, "input"));

	if (!word || !display_input_from_name(word, &out->input))
		refuse(r, "input", "pain, red_flag, ack, answer, mute, "
		       "intervals, runner, end or profile");
	else
		readers[out->input](r, out);
}

/* ---- a line ---- */
static void read_type(struct reader *r, struct display_request *out)
{
	static const struct {
		const char *name;
		enum display_request_type type;
		void (*read)(struct reader *r, struct display_request *out);
	} types[] = {
		{ "hello", DISPLAY_REQUEST_HELLO, read_hello },
		{ "shown", DISPLAY_REQUEST_SHOWN, read_shown },
		{ "input", DISPLAY_REQUEST_INPUT, read_input },
		{ "pong", DISPLAY_REQUEST_PONG, read_nothing },
		{ "ping", DISPLAY_REQUEST_PING, read_nothing },
	};
	const char *name = json_string_value(member(r, "type"));

	if (!name) {
		refuse(r, "type", "hello, shown, input, pong or ping");
		return;
	}
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(types[i].name, name) != 0)
			continue;
		out->type = types[i].type;
		types[i].read(r, out);
		return;
	}
	fault_set(r->fault, DISPLAY_ERROR_UNKNOWN_TYPE, "%s", name);
	r->failed = true;
}

bool display_request_read(const char *line, size_t length,
                          struct display_request *out,
                          struct display_fault *fault)
{
	struct display_request found = { 0 };
	struct reader r = { .code = DISPLAY_ERROR_BAD_MEMBER, .fault = fault };
	json_t *object = display_json_object(line, length, fault->detail,
	                                     sizeof(fault->detail));

	if (!object) {
		fault->code = DISPLAY_ERROR_BAD_JSON;
		return false;
	}
	r.object = object;
	read_type(&r, &found);
	json_decref(object);
	if (!r.failed)
		*out = found;
	return !r.failed;
}

bool display_profile_read(const char *json, size_t length,
                          struct display_profile *out,
                          struct display_fault *fault)
{
	struct display_profile found = { 0 };
	struct reader r = { .code = DISPLAY_ERROR_BAD_MEMBER, .fault = fault };
	json_t *object = display_json_object(json, length, fault->detail,
	                                     sizeof(fault->detail));

	if (!object) {
		fault->code = DISPLAY_ERROR_BAD_JSON;
		return false;
	}
	r.object = object;
	profile_members(&r, &found);
	json_decref(object);
	if (!r.failed)
		*out = found;
	return !r.failed;
}
