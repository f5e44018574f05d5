/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a number in a rule measures, and the units it may be written in.
 */
#ifndef GAITD_DIMENSION_H
#define GAITD_DIMENSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each dimension has one own unit, in which values are kept. */
enum dimension {
	DIMENSION_FLAG,       /* true or false */
	DIMENSION_NUMBER,     /* a bare number */
	DIMENSION_PERCENT,    /* % */
	DIMENSION_SPEED,      /* km/h; also m/s, mph */
	DIMENSION_PACE,       /* min/km; also min/mile */
	DIMENSION_CADENCE,    /* spm: steps per minute */
	DIMENSION_TIME,       /* s; also min */
	DIMENSION_LENGTH,     /* m; also km, cm */
	DIMENSION_MASS,       /* kg */
	DIMENSION_HEART_RATE, /* bpm */
	DIMENSION_PAIN,       /* /10 */
	DIMENSION_COUNT
};

struct unit {
	const char *name; /* as written behind a number */
	enum dimension dimension;
	double factor;    /* own unit = number x factor */
	uint8_t decimals; /* when a value is shown in it */
};

extern const struct unit unit_table[]; /* ends with a NULL name */

/* NULL when there is no such unit */
const struct unit *unit_by_name(const char *name, size_t length);
/* "speed", "percent" ... and the own unit, "km/h", "%" ("" for a number) */
const char *dimension_name(enum dimension dimension);
const char *dimension_unit(enum dimension dimension);

#endif
