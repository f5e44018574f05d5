/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/strap.h"
#include "protocol/heart_rate.h"

#define PREFERRED_US 5000000u /* then the treadmill's own rate counts again */

void strap_init(struct strap *strap)
{
	*strap = (struct strap){ .has_rate = false };
}

bool strap_event(struct strap *strap, const struct source_event *event,
                 struct sample_batch *batch)
{
	struct heart_rate_measurement m;

	if (event->kind == SOURCE_LINK && event->link != DISPLAY_LINK_LIVE)
		strap->has_rate = false;
	if (event->kind != SOURCE_NOTIFY ||
	    event->uuid != HEART_RATE_UUID_MEASUREMENT)
		return true;
	if (!heart_rate_decode(event->bytes, event->length, &m))
		return false;
	/* a strap on the table, and one that counts nothing, have no rate */
	if (m.contact == HEART_RATE_CONTACT_NONE || m.rate_bpm == 0)
		return true;
	strap->has_rate = true;
	strap->rate_us = batch->t_us;
	sample_add(batch, SAMPLE_HEART_RATE, m.rate_bpm);
	return true;
}

bool strap_counts(const struct strap *strap, uint64_t now_us)
{
	return strap->has_rate && now_us - strap->rate_us <= PREFERRED_US;
}
