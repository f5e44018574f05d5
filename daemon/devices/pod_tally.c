/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/pod_tally.h"
#include "protocol/sdm.h"

#include <math.h>

/* A pod sends four messages a second: 50 s of them, all heard. A fifth of what
 * arrived was at most so strong: with fewer a mere turn of the body counts, and
 * the middle says nothing of the messages that get lost at the weak end. */
#define SIGNAL_LEAST 200
#define SIGNAL_PER_MILLE 200

#define PLACE_LEAST 60 /* words: half a minute of a pod that sends page 2 by turns */

void pod_tally_rssi(struct pod_tally *tally, int32_t dbm)
{
	strength_add(&tally->strength, dbm);
}

void pod_tally_page(struct pod_tally *tally, const uint8_t *page)
{
	struct sdm_page2 page2;

	if (!sdm_page2_decode(page, &page2))
		return;
	tally->place_count++;
	tally->elsewhere_count += page2.location == SDM_LOCATION_OTHER;
}

double pod_tally_signal_dbm(const struct pod_tally *tally)
{
	int32_t dbm;

	if (tally->strength.count < SIGNAL_LEAST ||
	    !strength_at(&tally->strength, SIGNAL_PER_MILLE, &dbm))
		return (double)NAN;
	return dbm;
}

bool pod_tally_elsewhere(const struct pod_tally *tally)
{
	return tally->place_count >= PLACE_LEAST &&
	       tally->elsewhere_count == tally->place_count;
}
