/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What one foot pod let know of itself during a session, counted: how near it
 * was heard, and where it says that it is worn. Pure.
 */
#ifndef GAITD_POD_TALLY_H
#define GAITD_POD_TALLY_H

#include "daemon/devices/strength.h"

#include <stdbool.h>
#include <stdint.h>

struct pod_tally {
	struct strength strength;
	uint32_t place_count, elsewhere_count; /* words on its place: all, "other" */
};

void pod_tally_rssi(struct pod_tally *tally, int32_t dbm);
/* A page of the foot pod profile; those that tell no place change nothing. */
void pod_tally_page(struct pod_tally *tally, const uint8_t *page);

/* NaN until there are enough readings */
double pod_tally_signal_dbm(const struct pod_tally *tally);
/* It never said that it is on a shoe, but often enough that it is not. */
bool pod_tally_elsewhere(const struct pod_tally *tally);

#endif
