/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/footpod.h"
#include "protocol/ant.h"

void footpod_init(struct footpod *f)
{
	*f = (struct footpod){ .measures = false };
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

static void add_cadence(struct sample_batch *b, enum cadence_source source,
                        int32_t milli_spm)
{
	sample_add(b, SAMPLE_CADENCE, milli_spm);
	b->samples[b->count - 1].id = source;
}

/* ---- ANT+ ---- */

/* A pod's own measure, or what was counted from its strides */
static enum cadence_source source_of(const struct footpod *f, const uint8_t *page)
{
	struct sdm_page2 page2;

	return f->measures && sdm_page2_decode(page, &page2) ? CADENCE_ANT
	                                                     : CADENCE_STRIDES;
}

static void note_health(struct footpod *f, const uint8_t *page)
{
	struct footpod_health *h = &f->health;
	uint8_t capabilities;

	if (sdm_page2_decode(page, &h->page2)) {
		h->has_page2 = true;
		f->measures |= h->page2.cadence > 0;
	}
	if (sdm_page22_decode(page, &capabilities)) {
		h->has_capabilities = true;
		h->capabilities = capabilities;
	}
	h->has_battery |= ant_battery_status_decode(page, &h->battery);
	h->has_maker |= ant_manufacturer_decode(page, &h->maker);
	h->has_product |= ant_product_decode(page, &h->product);
}

enum ant_battery footpod_battery(const struct footpod *f)
{
	static const enum ant_battery by_page2[] = {
		[SDM_BATTERY_NEW] = ANT_BATTERY_NEW,
		[SDM_BATTERY_GOOD] = ANT_BATTERY_GOOD,
		[SDM_BATTERY_OK] = ANT_BATTERY_OK,
		[SDM_BATTERY_LOW] = ANT_BATTERY_LOW,
	};

	if (f->health.has_battery && f->health.battery.status != ANT_BATTERY_UNKNOWN)
		return f->health.battery.status;
	return f->health.has_page2 ? by_page2[f->health.page2.battery]
	                           : ANT_BATTERY_UNKNOWN;
}

static void take_sdm(struct footpod *f, struct sample_batch *b, const uint8_t *page)
{
	int32_t milli_spm;

	note_health(f, page);
	if (sdm_cadence_feed(&f->sdm, page, b->t_us, &milli_spm))
		add_cadence(b, source_of(f, page), milli_spm);
	add_pod_speed(b, page);
}

#define RD_STRIDES_MOST (130 * 32) /* 1/32 stride/min; more would be steps */
#define RD_MILLI_SPM(cadence) ((int32_t)(cadence)*125 / 2)

static void add_known(struct sample_batch *b, enum sample_kind kind, int32_t value)
{
	if (value > 0)
		sample_add(b, kind, value);
}

static void take_dynamics(struct sample_batch *b, const uint8_t *page)
{
	struct rd_page0 p0;
	struct rd_page1 p1;

	if (rd_page0_decode(page, &p0)) {
		if (p0.cadence > 0 && p0.cadence <= RD_STRIDES_MOST)
			add_cadence(b, CADENCE_DYNAMICS, RD_MILLI_SPM(p0.cadence));
		add_known(b, SAMPLE_OSCILLATION, p0.vertical_oscillation * 250);
		add_known(b, SAMPLE_GROUND_CONTACT, p0.ground_contact_ms);
		add_known(b, SAMPLE_STANCE, p0.stance * 25);
	} else if (rd_page1_decode(page, &p1)) {
		add_known(b, SAMPLE_BALANCE, p1.balance * 100 / 32);
		add_known(b, SAMPLE_VERTICAL_RATIO, p1.vertical_ratio * 100 / 32);
	}
}

static bool take_ant(struct footpod *f, struct sample_batch *b,
                     const struct source_event *event,
                     const struct footpod_context *context)
{
	struct ant_message message;
	struct ant_data data;
	uint8_t type = SDM_DEVICE_TYPE;

	if (!ant_frame_decode(event->bytes, event->length, &message))
		return false;
	if (!ant_data_decode(&message, &data))
		return true; /* a channel event, a response */
	if (data.extensions & ANT_EXT_CHANNEL_ID)
		type = data.device_type;
	if (type == SDM_DEVICE_TYPE)
		take_sdm(f, b, data.page);
	else if (type == RD_DEVICE_TYPE && context->running_dynamics)
		take_dynamics(b, data.page);
	return true;
}

/* ---- Running Speed and Cadence ---- */

static void add_rsc_cadence(const struct footpod *f, struct sample_batch *b,
                            const struct rsc_measurement *m)
{
	int32_t milli = (int32_t)m->cadence * 1000;

	if (milli == 0 && m->speed > 0)
		return; /* a pod that moves and does not step has no cadence to tell */
	switch (f->unit.unit) {
	case RSC_UNIT_STRIDES:
		add_cadence(b, CADENCE_RSC, 2 * milli);
		break;
	case RSC_UNIT_STEPS:
		add_cadence(b, CADENCE_RSC, milli);
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
		return take_ant(f, batch, event, context);
	case SOURCE_ADDRESS:
	case SOURCE_RSSI:
	case SOURCE_VALUE:
	case SOURCE_REQUEST:
	case SOURCE_FOOTPOD_UNIT:
	case SOURCE_RELEASED:
	case SOURCE_FREED:
		return true;
	}
	return true;
}
