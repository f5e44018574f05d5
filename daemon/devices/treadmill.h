/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One treadmill's bytes to samples: FTMS records merged, what is known against
 * the machine (quirks.h) corrected, what cannot be left out and said.
 */
#ifndef GAITD_TREADMILL_H
#define GAITD_TREADMILL_H

#include "daemon/core/sample.h"
#include "daemon/devices/belt_steps.h"
#include "daemon/devices/plausibility.h"
#include "daemon/devices/quirks.h"
#include "daemon/devices/source_event.h"
#include "protocol/device_info.h"
#include "protocol/ftms.h"

/* Something the operator should know, one line without its end. A warning
 * names the key that mends it. Called within treadmill_event(). */
typedef void (*device_note_fn)(bool warning, const char *text, void *user);

struct treadmill_settings {
	bool by_name;               /* treadmill.quirk: auto */
	const struct quirk *quirk;  /* else this one; NULL: none */
	bool fixed_incline;         /* its own does not matter */
	device_note_fn note;        /* may be NULL */
	void *user;
};

struct treadmill {
	struct treadmill_settings settings;
	struct ftms_record record;
	int feature_incline; /* -1 not known, 0, 1: 2ACC bit 3 */
	int range_incline;   /* -1 not known, 0: 2AD5 is 0..0, 1 */
	bool incline_unusable; /* one was sent, and not to be believed */
	bool has_speed_range, has_inclination_range;
	struct ftms_speed_range speed_range; /* as sent, in order */
	struct ftms_inclination_range inclination_range;
	char name[64]; /* advertised, cut */
	struct device_info info;
	const struct quirk *quirk; /* in force; NULL: none */
	bool miles;                /* its speeds are sent in mph */
	struct belt_steps steps;
	struct persistence odd_speed, odd_incline;
	bool elapsed_known;
	uint16_t elapsed_s;
	uint64_t elapsed_us; /* when it changed last */
};

/* By name, nothing fixed, nothing said */
void treadmill_init(struct treadmill *t);
void treadmill_configure(struct treadmill *t, const struct treadmill_settings *settings);
/* Adds what the event says to `batch`, whose time counts; false when its bytes
 * made no sense. */
bool treadmill_event(struct treadmill *t, const struct source_event *event,
                     struct sample_batch *batch);

#endif
