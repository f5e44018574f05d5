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
#define WHOLE_FROM 99.95 /* a longer way is told in whole km or miles */

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

/* What a runner of miles reads in place of a unit that an argument names */
static const struct {
	const char *unit, *mile_unit;
	double mile_factor; /* own units of the dimension in one */
	uint8_t decimals;
} mile_units[] = {
	{ "km/h", "mph", MILE_KM, 1 },
	{ "min/km", "min/mi", 1 / MILE_KM, 1 },
	{ "km", "mi", 1000 * MILE_KM, 1 },
	{ "m", "ft", 0.3048, 0 },
	{ "cm", "in", 0.0254, 0 },
};
#define MILE_UNITS (sizeof(mile_units) / sizeof(mile_units[0]))

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

static int print_natural(char *out, size_t size, const struct rule_arg *arg,
                         double value, bool miles)
{
	const struct wording *w = &wordings[arg->value.dimension];
	bool in_miles = miles && w->mile_suffix;
	double shown = value * (in_miles ? w->mile_scale : w->scale);
	bool whole = arg->value.dimension == DIMENSION_LENGTH && shown >= WHOLE_FROM;

	return snprintf(out, size, "%.*f%s", whole ? 0 : w->decimals, shown,
	                in_miles ? w->mile_suffix : w->suffix);
}

static int print_in_unit(char *out, size_t size, const struct rule_arg *arg,
                         double value, bool miles)
{
	const struct unit *unit = arg->unit;

	if (!arg->with_unit)
		return snprintf(out, size, "%.*f", unit->decimals,
		                wording_value(arg, value));
	for (size_t i = 0; miles && i < MILE_UNITS; i++)
		if (strcmp(mile_units[i].unit, unit->name) == 0)
			return snprintf(out, size, "%.*f %s", mile_units[i].decimals,
			                value / mile_units[i].mile_factor,
			                mile_units[i].mile_unit);
	return snprintf(out, size, "%.*f %s", unit->decimals, wording_value(arg, value),
	                unit->name);
}

size_t wording_print(char *out, size_t size, const struct rule_arg *arg,
                     double value, struct wording_habit habit)
{
	char *point;
	int length;

	if (!isfinite(value))
		length = snprintf(out, size, "?");
	else if (arg->word_count)
		length = snprintf(out, size, "%s", wording_word(arg, value));
	else if (arg->unit)
		length = print_in_unit(out, size, arg, value, habit.miles);
	else
		length = print_natural(out, size, arg, value, habit.miles);
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

static size_t longer(size_t longest, const struct rule_arg *arg, double value)
{
	char text[64];

	for (unsigned miles = 0; miles < 2; miles++) {
		struct wording_habit habit = { .miles = miles };
		size_t length = wording_print(text, sizeof(text), arg, value, habit);

		longest = length > longest ? length : longest;
	}
	return longest;
}

/* The ends of its range, and what is just too short to be told in whole km */
static size_t longest_value(const struct rule_arg *arg)
{
	struct value_range range = expression_range(&arg->value);
	double tenths_km = (WHOLE_FROM - 0.1) * 1000;
	size_t longest = longer(longer(0, arg, range.low), arg, range.high);

	if (arg->value.dimension != DIMENSION_LENGTH)
		return longest;
	if (range.low <= tenths_km && tenths_km <= range.high)
		longest = longer(longest, arg, tenths_km);
	if (range.low <= tenths_km * MILE_KM && tenths_km * MILE_KM <= range.high)
		longest = longer(longest, arg, tenths_km * MILE_KM);
	return longest;
}

size_t wording_columns(const struct rule_arg *arg)
{
	size_t longest = 0;

	if (arg->is_runner)
		return NAME_COLUMNS_MAX;
	for (size_t i = 0; i < arg->word_count; i++) {
		size_t width = columns(arg->words[i], strlen(arg->words[i]));

		longest = width > longest ? width : longest;
	}
	return arg->word_count ? longest : longest_value(arg);
}
