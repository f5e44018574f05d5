/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/dimension.h"

#include <string.h>

const struct unit unit_table[] = {
	{ "%", DIMENSION_PERCENT, 1, 0 },
	{ "km/h", DIMENSION_SPEED, 1, 1 },
	{ "m/s", DIMENSION_SPEED, 3.6, 1 },
	{ "mph", DIMENSION_SPEED, 1.609344, 1 },
	{ "min/km", DIMENSION_PACE, 1, 1 },
	{ "min/mile", DIMENSION_PACE, 1 / 1.609344, 1 },
	{ "spm", DIMENSION_CADENCE, 1, 0 },
	{ "s", DIMENSION_TIME, 1, 0 },
	{ "min", DIMENSION_TIME, 60, 0 },
	{ "m", DIMENSION_LENGTH, 1, 2 },
	{ "km", DIMENSION_LENGTH, 1000, 1 },
	{ "cm", DIMENSION_LENGTH, 0.01, 0 },
	{ "kg", DIMENSION_MASS, 1, 1 },
	{ "bpm", DIMENSION_HEART_RATE, 1, 0 },
	{ "/10", DIMENSION_PAIN, 1, 0 },
	{ NULL, DIMENSION_COUNT, 0, 0 },
};

static const struct {
	const char *name, *unit;
} dimensions[DIMENSION_COUNT] = {
	[DIMENSION_FLAG] = { "true or false", "" },
	[DIMENSION_NUMBER] = { "number", "" },
	[DIMENSION_PERCENT] = { "percent", "%" },
	[DIMENSION_SPEED] = { "speed", "km/h" },
	[DIMENSION_PACE] = { "pace", "min/km" },
	[DIMENSION_CADENCE] = { "cadence", "spm" },
	[DIMENSION_TIME] = { "time", "s" },
	[DIMENSION_LENGTH] = { "length", "m" },
	[DIMENSION_MASS] = { "mass", "kg" },
	[DIMENSION_HEART_RATE] = { "heart rate", "bpm" },
	[DIMENSION_PAIN] = { "pain", "/10" },
};

const struct unit *unit_by_name(const char *name, size_t length)
{
	for (const struct unit *unit = unit_table; unit->name; unit++)
		if (strlen(unit->name) == length &&
		    memcmp(unit->name, name, length) == 0)
			return unit;
	return NULL;
}

const char *dimension_name(enum dimension dimension)
{
	return dimensions[dimension].name;
}

const char *dimension_unit(enum dimension dimension)
{
	return dimensions[dimension].unit;
}
