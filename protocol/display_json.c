/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/display_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* jansson recurses up to 2,048 levels: more stack than a line deserves. */
static bool too_deep(const char *line, size_t length)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < length; i++) {
		if (quoted && line[i] == '\\')
			i++;
		else if (line[i] == '"')
			quoted = !quoted;
		else if (!quoted && (line[i] == '{' || line[i] == '['))
			depth++;
		else if (!quoted && depth && (line[i] == '}' || line[i] == ']'))
			depth--;
		if (depth > DISPLAY_DEPTH_MAX)
			return true;
	}
	return false;
}

json_t *display_json_object(const char *line, size_t length, char *why,
                            size_t size)
{
	const char *nul = memchr(line, '\0', length);
	json_error_t error;
	json_t *object;

	if (nul) { /* jansson reads over one behind a number or a word */
		snprintf(why, size, "column %zu: a NUL octet", (size_t)(nul - line) + 1);
		return NULL;
	}
	if (too_deep(line, length)) {
		snprintf(why, size, "nested deeper than %d", DISPLAY_DEPTH_MAX);
		return NULL;
	}
	object = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
	if (!object) {
		snprintf(why, size, "column %d: %s", error.column, error.text);
		return NULL;
	}
	if (!json_is_object(object)) {
		snprintf(why, size, "expected an object: {\"type\":...}");
		json_decref(object);
		return NULL;
	}
	return object;
}

bool display_json_integer(const json_t *value, int64_t low, int64_t high,
                          int64_t *out)
{
	static const double exact = 9007199254740992.0; /* 2^53 */
	int64_t whole;

	if (json_is_integer(value)) {
		whole = json_integer_value(value);
	} else {
		double real = json_real_value(value);

		if (!json_is_real(value) || real != trunc(real) ||
		    fabs(real) > exact)
			return false;
		whole = (int64_t)real;
	}
	if (whole < low || whole > high)
		return false;
	*out = whole;
	return true;
}

bool display_json_number(const json_t *value, double low, double high,
                         double *out)
{
	double number = json_number_value(value);

	if (!json_is_number(value) || number < low || number > high)
		return false;
	*out = number;
	return true;
}

bool display_json_bool(const json_t *value, bool *out)
{
	if (!json_is_boolean(value))
		return false;
	*out = json_is_true(value);
	return true;
}

bool display_json_copy(char *out, size_t size, const char *text)
{
	size_t length = strlen(text);
	bool fits = length < size;

	if (!fits)
		for (length = size - 1; length; length--)
			if (((unsigned char)text[length] & 0xc0) != 0x80)
				break;
	memcpy(out, text, length);
	out[length] = '\0';
	return fits;
}
