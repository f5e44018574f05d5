/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Treadmills that do not keep to FTMS, as one table: by what a machine is
 * known, what differs, where that is known from. Decoders stay clean: what a
 * row says is applied to what they found (ftms.md section 4). Pure.
 */
#ifndef GAITD_QUIRKS_H
#define GAITD_QUIRKS_H

#include "protocol/ftms.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUIRK_NAMES 2

/* The unit of the speeds in 2ACD */
enum quirk_speed {
	QUIRK_SPEED_KMH, /* as specified */
	QUIRK_SPEED_MPH, /* always 0.01 mph */
	/* 0.01 mph while the console is set to miles, which the range 2AD4 tells
	 * where it does: its maximum is then at most mph_maximum. Else the
	 * configuration must say it (treadmill.quirk: mph): never scaled blindly. */
	QUIRK_SPEED_AS_CONSOLE,
};

enum quirk_incline {
	QUIRK_INCLINE_TOLD,
	QUIRK_INCLINE_COMPUTED, /* (sent + offset) * numerator / denominator */
	QUIRK_INCLINE_UNTOLD,   /* the field is something else: absent */
};

struct quirk {
	const char *id; /* for treadmill.quirk */
	/* How it is known; a row of which all is empty is chosen by id alone.
	 * Prefixes, whatever their case; what a row leaves open holds for all. */
	const char *names[QUIRK_NAMES]; /* advertised, one of them */
	size_t name_length;             /* 0: any */
	const char *manufacturer, *model; /* 2A29, 2A24 */
	uint16_t range_minimum, range_maximum; /* 2AD4, 0.01 km/h as sent */
	/* What differs */
	enum quirk_speed speed;
	uint16_t mph_maximum; /* 0.01; 0: its range does not tell the unit */
	enum quirk_incline incline;
	int16_t incline_offset; /* 0.1 % as sent */
	int16_t incline_numerator, incline_denominator;
	uint8_t step_octets;    /* of reserved flag bit 13; 0: as long as it is */
	bool no_distance;       /* what it counts is not metres run */
	bool big_endian;        /* all fields but the flags */
	bool frozen_elapsed;    /* its time stands while nobody runs on the belt */
	bool stop_is_start;     /* 2ADA 02 01 when the belt starts */
	bool needs_vendor;      /* sends nothing before a vendor's unlock */
	bool no_control;        /* never to be written to, not even when asked */
	bool request_control;   /* wants Request Control before it notifies */
	const char *does;   /* what gaitd does about it, a sentence's end */
	const char *source;
};

/* By what a machine can be known; "" and NULL: not told (yet). */
struct quirk_facts {
	const char *name, *manufacturer, *model;
	const struct ftms_speed_range *range;
};

/* The first row that fits; NULL: nothing is known against the machine. */
const struct quirk *quirk_of(const struct quirk_facts *facts);
const struct quirk *quirk_by_id(const char *id); /* NULL: no such row */
const struct quirk *quirk_at(size_t index);      /* NULL behind the last one */
/* What treadmill.quirk may be: auto, none, then each id; NULL behind them */
const char *quirk_word(size_t index);

/* Are the speeds sent in miles per hour? `range` may be NULL. */
bool quirk_miles(const struct quirk *quirk, const struct ftms_speed_range *range);

/* Puts the octets of a machine that sends them swapped in order. */
void quirk_reorder(const struct quirk *quirk, struct ftms_treadmill_data *data);
void quirk_reorder_speed_range(const struct quirk *quirk,
                               struct ftms_speed_range *range);
void quirk_reorder_inclination_range(const struct quirk *quirk,
                                     struct ftms_inclination_range *range);
/* Makes the fields what FTMS says they are; takes away what is something
 * else. Values that do not fit are the largest that do. */
void quirk_correct(const struct quirk *quirk, bool miles,
                   struct ftms_treadmill_data *data);

#endif
