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
#define SIGNAL_PART 5

#define PLACE_LEAST 60 /* words: half a minute of a pod that sends page 2 by turns */

void pod_tally_rssi(struct pod_tally *tally, int32_t dbm)
{
	if (dbm >= 0 || dbm < POD_TALLY_DBM_LEAST)
		return; /* 127 and -128 stand for "not known" */
	tally->heard[-dbm - 1]++;
	tally->heard_count++;
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
	uint32_t wanted = tally->heard_count / SIGNAL_PART;
	uint32_t weaker = 0;

	if (tally->heard_count < SIGNAL_LEAST)
		return (double)NAN;
	for (int32_t dbm = POD_TALLY_DBM_LEAST; dbm < 0; dbm++) {
		weaker += tally->heard[-dbm - 1];
		if (weaker >= wanted)
			return dbm;
	}
	return (double)NAN;
}

bool pod_tally_elsewhere(const struct pod_tally *tally)
{
	return tally->place_count >= PLACE_LEAST &&
	       tally->elsewhere_count == tally->place_count;
}
