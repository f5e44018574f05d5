/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/wording.h"
#include "daemon/rules/columns.h"
#include "daemon/rules/expression_range.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MILE_KM 1.609344

/* How a value of each dimension reads that names no unit */
struct wording {
	uint8_t decimals;
	const char *suffix;
	double scale;
	const char *mile_suffix; /* NULL: the same in miles */
	double mile_scale;
};

static const struct wording wordings[DIMENSION_COUNT] = {
	[DIMENSION_FLAG] = { 0, "", 1, NULL, 1 },
	[DIMENSION_NUMBER] = { 0, "", 1, NULL, 1 },
	[DIMENSION_PERCENT] = { 0, " %", 1, NULL, 1 },
	[DIMENSION_SPEED] = { 1, " km/h", 1, " mph", 1 / MILE_KM },
	[DIMENSION_PACE] = { 1, " min/km", 1, " min/mi", MILE_KM },
	[DIMENSION_CADENCE] = { 0, "", 1, NULL, 1 },
	[DIMENSION_TIME] = { 0, " s", 1, NULL, 1 },
	[DIMENSION_LENGTH] = { 1, " km", 0.001, " mi", 0.001 / MILE_KM },
	[DIMENSION_MASS] = { 0, " kg", 1, NULL, 1 },
	[DIMENSION_HEART_RATE] = { 0, "", 1, NULL, 1 },
	[DIMENSION_PAIN] = { 0, "", 1, NULL, 1 },
};

double wording_value(const struct rule_arg *arg, double value)
{
	return arg->unit ? value / arg->unit->factor : value;
}

uint8_t wording_decimals(const struct rule_arg *arg)
{
	return arg->unit ? arg->unit->decimals
	                 : wordings[arg->value.dimension].decimals;
}

const char *wording_word(const struct rule_arg *arg, double count)
{
	if (arg->word_count == 0 || isnan(count))
		return NULL;
	return arg->words[count > 0 ? (size_t)count % arg->word_count : 0];
}

size_t wording_print(char *out, size_t size, const struct rule_arg *arg,
                     double value, struct wording_habit habit)
{
	const struct wording *w = &wordings[arg->value.dimension];
	bool in_miles = habit.miles && w->mile_suffix;
	char *point;
	int length;

	if (!isfinite(value))
		length = snprintf(out, size, "?");
	else if (arg->word_count)
		length = snprintf(out, size, "%s", wording_word(arg, value));
	else if (arg->unit)
		length = snprintf(out, size, "%.*f", arg->unit->decimals,
		                  wording_value(arg, value));
	else
		length = snprintf(out, size, "%.*f%s", w->decimals,
		                  value * (in_miles ? w->mile_scale : w->scale),
		                  in_miles ? w->mile_suffix : w->suffix);
	point = habit.comma ? strchr(out, '.') : NULL;
	if (point)
		*point = ',';
	return (size_t)length < size ? (size_t)length : size - 1;
}

/* The octets of the first character */
static size_t character(const char *text)
{
	size_t octets = 1;

	while (((unsigned char)text[octets] & 0xc0) == 0x80)
		octets++;
	return octets;
}

size_t wording_name(char *out, size_t size, const char *name)
{
	size_t length = 0;

	while (name[length]) {
		size_t next = length + character(name + length);

		if (columns(name, next) > NAME_COLUMNS_MAX || next >= size)
			break;
		length = next;
	}
	memcpy(out, name, length);
	out[length] = '\0';
	return length;
}

size_t wording_columns(const struct rule_arg *arg)
{
	struct value_range range;
	size_t longest = 0;

	if (arg->is_runner)
		return NAME_COLUMNS_MAX;
	range = expression_range(&arg->value);
	for (size_t i = 0; i < arg->word_count; i++) {
		size_t width = columns(arg->words[i], strlen(arg->words[i]));

		longest = width > longest ? width : longest;
	}
	for (unsigned i = 0; i < 4 && !arg->word_count; i++) {
		struct wording_habit habit = { .miles = i & 2 };
		char text[64];
		size_t length = wording_print(text, sizeof(text), arg,
		                              i & 1 ? range.low : range.high, habit);

		longest = length > longest ? length : longest;
	}
	return longest;
}
