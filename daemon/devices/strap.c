/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/strap.h"
#include "protocol/ant.h"
#include "protocol/heart_rate.h"

#define PREFERRED_US 5000000u /* then the treadmill's own rate counts again */
#define BEATLESS_US 5000000u  /* a heart beats oftener; the strap is off */

void strap_init(struct strap *strap)
{
	*strap = (struct strap){ .has_rate = false };
}

static void add_rate(struct strap *strap, struct sample_batch *batch, int32_t bpm)
{
	strap->has_rate = true;
	strap->rate_us = batch->t_us;
	sample_add(batch, SAMPLE_HEART_RATE, bpm);
}

static bool take_measurement(struct strap *strap, const struct source_event *event,
                             struct sample_batch *batch)
{
	struct heart_rate_measurement m;

	if (!heart_rate_decode(event->bytes, event->length, &m))
		return false;
	/* a strap on the table, and one that counts nothing, have no rate */
	if (m.contact != HEART_RATE_CONTACT_NONE && m.rate_bpm > 0)
		add_rate(strap, batch, m.rate_bpm);
	return true;
}

/* Off the chest some straps repeat their last rate; their beats stand. */
static bool beats_on(struct strap *strap, uint8_t beats, uint64_t now_us)
{
	if (!strap->has_beats || beats != strap->beats)
		strap->beat_us = now_us;
	strap->has_beats = true;
	strap->beats = beats;
	return now_us - strap->beat_us <= BEATLESS_US;
}

static bool take_ant(struct strap *strap, const struct source_event *event,
                     struct sample_batch *batch)
{
	struct ant_message message;
	struct ant_data data;
	struct hrm_page page;

	if (!ant_frame_decode(event->bytes, event->length, &message))
		return false;
	if (!ant_data_decode(&message, &data) ||
	    ((data.extensions & ANT_EXT_CHANNEL_ID) &&
	     data.device_type != HRM_DEVICE_TYPE))
		return true;
	hrm_page_decode(&strap->paging, data.page, &page);
	if (page.page == HRM_PAGE_BATTERY)
		strap->battery = page.battery.status;
	if (beats_on(strap, page.beats, batch->t_us) && page.rate_bpm > 0)
		add_rate(strap, batch, page.rate_bpm);
	return true;
}

bool strap_event(struct strap *strap, const struct source_event *event,
                 struct sample_batch *batch)
{
	if (event->kind == SOURCE_LINK && event->link != DISPLAY_LINK_LIVE)
		strap->has_rate = false;
	if (event->kind == SOURCE_ANT)
		return take_ant(strap, event, batch);
	if (event->kind == SOURCE_NOTIFY && event->uuid == HEART_RATE_UUID_MEASUREMENT)
		return take_measurement(strap, event, batch);
	return true;
}

bool strap_counts(const struct strap *strap, uint64_t now_us)
{
	return strap->has_rate && now_us - strap->rate_us <= PREFERRED_US;
}
