/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/footpod.h"
#include "protocol/ant.h"

#define ANT_PREFERRED_US 5000000u /* then RSC counts again */

void footpod_init(struct footpod *f)
{
	*f = (struct footpod){ .has_ant = false };
}

void footpod_doubt(struct footpod *f)
{
	if (!f->unit.fixed)
		f->unit.unit = RSC_UNIT_UNDECIDED;
}

/* 1/256 m/s to mm/s */
static int32_t mm_s(uint16_t speed)
{
	return (int32_t)speed * 1000 / 256;
}

static void add_pod_speed(struct sample_batch *b, const uint8_t *page)
{
	struct sdm_page1 page1;
	struct sdm_page2 page2;

	if (sdm_page1_decode(page, &page1))
		sample_add(b, SAMPLE_POD_SPEED, mm_s(page1.speed));
	else if (sdm_page2_decode(page, &page2))
		sample_add(b, SAMPLE_POD_SPEED, mm_s(page2.speed));
}

static bool take_ant(struct footpod *f, struct sample_batch *b,
                     const struct source_event *event)
{
	struct ant_message message;
	struct ant_data data;
	int32_t milli_spm;

	if (!ant_frame_decode(event->bytes, event->length, &message))
		return false;
	if (!ant_data_decode(&message, &data))
		return true; /* a channel event, a response */
	if ((data.extensions & ANT_EXT_CHANNEL_ID) &&
	    data.device_type != SDM_DEVICE_TYPE)
		return true;
	if (sdm_cadence_feed(&f->sdm, data.page, b->t_us, &milli_spm)) {
		f->has_ant = true;
		f->ant_us = b->t_us;
		sample_add(b, SAMPLE_CADENCE, milli_spm);
	}
	add_pod_speed(b, data.page);
	return true;
}

/* One cadence at a time: ANT while it lives (footpods.md section 8, item 10) */
static bool ant_counts(const struct footpod *f, uint64_t now_us)
{
	return f->has_ant && now_us - f->ant_us <= ANT_PREFERRED_US;
}

static void add_rsc_cadence(const struct footpod *f, struct sample_batch *b,
                            const struct rsc_measurement *m)
{
	int32_t milli = (int32_t)m->cadence * 1000;

	if (ant_counts(f, b->t_us) || (milli == 0 && m->speed > 0))
		return; /* a pod that moves and does not step has no cadence to tell */
	switch (f->unit.unit) {
	case RSC_UNIT_STRIDES:
		sample_add(b, SAMPLE_CADENCE, 2 * milli);
		break;
	case RSC_UNIT_STEPS:
		sample_add(b, SAMPLE_CADENCE, milli);
		break;
	case RSC_UNIT_UNDECIDED:
		sample_add(b, SAMPLE_CADENCE_UNDECIDED, 0);
		break;
	}
}

static bool take_rsc(struct footpod *f, struct sample_batch *b,
                     const struct source_event *event,
                     const struct footpod_context *context)
{
	struct rsc_measurement m;

	if (event->uuid != RSC_UUID_MEASUREMENT)
		return true;
	if (!rsc_measurement_decode(event->bytes, event->length, &m))
		return false;
	rsc_unit_verdict_feed(&f->unit,
	                      rsc_unit_evidence(&m, context->belt_speed_mm_s,
	                                        context->height_m),
	                      b->t_us);
	add_rsc_cadence(f, b, &m);
	sample_add(b, SAMPLE_POD_SPEED, mm_s(m.speed));
	return true;
}

static void take_name(struct footpod *f, const struct source_event *event)
{
	enum rsc_unit unit = rsc_unit_by_name(event->text);

	if (unit != RSC_UNIT_UNDECIDED && !f->unit.fixed)
		f->unit.unit = unit;
}

bool footpod_event(struct footpod *f, const struct source_event *event,
                   const struct footpod_context *context,
                   struct sample_batch *batch)
{
	switch (event->kind) {
	case SOURCE_LINK:
		sample_add(batch, SAMPLE_FOOTPOD_LINK, (int32_t)event->link);
		return true;
	case SOURCE_NAME:
		take_name(f, event);
		return true;
	case SOURCE_NOTIFY:
		return take_rsc(f, batch, event, context);
	case SOURCE_ANT:
		return take_ant(f, batch, event);
	case SOURCE_ADDRESS:
	case SOURCE_RSSI:
	case SOURCE_VALUE:
	case SOURCE_REQUEST:
		return true;
	}
	return true;
}
