/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A recording without whose it is, that still replays to the same: addresses,
 * numbers and serials of devices become the first, second, third; names of runners
 * and the day go; what no decoder reads goes too, as nobody knows what is in it.
 * Pure.
 */
#ifndef GAITD_CAPTURE_ANONYMISER_H
#define GAITD_CAPTURE_ANONYMISER_H

#include "daemon/devices/recording.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ANONYMISER_KNOWN 64 /* of each kind; what comes after is one of them */

struct anonymiser {
	bool keep_profiles; /* that were told on the way: height, weight and the like */
	char addresses[ANONYMISER_KNOWN][24];
	size_t address_count;
	uint32_t numbers[ANONYMISER_KNOWN]; /* of ANT devices */
	size_t number_count;
	char runners[ANONYMISER_KNOWN][64];
	size_t runner_count;
	/* what was taken out */
	uint64_t serials, names, values, frames;
	bool had_start;
};

/* False: the event is left out. */
bool anonymiser_event(struct anonymiser *anonymiser, struct source_event *event);
/* The day becomes Monday, 1 January 2024, the time of day stays; so does what is
 * known of the runner. */
void anonymiser_header(struct anonymiser *anonymiser, struct recording_header *header);
/* All of it but how he wants to be spoken to, which tells nothing of him */
void anonymiser_forget(struct runner *runner);

#endif
