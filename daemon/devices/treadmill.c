/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/treadmill.h"

void treadmill_init(struct treadmill *t)
{
	*t = (struct treadmill){ .feature_incline = -1, .range_incline = -1 };
}

static void add_record(struct sample_batch *b, const struct ftms_treadmill_data *d)
{
	if (d->present & FTMS_SPEED)
		sample_add(b, SAMPLE_SPEED, d->speed);
	if (d->present & FTMS_INCLINATION)
		sample_add(b, SAMPLE_INCLINE, d->inclination);
	if (d->present & FTMS_DISTANCE)
		sample_add(b, SAMPLE_DISTANCE, (int32_t)d->distance_m);
	if (d->present & FTMS_ELEVATION_GAIN)
		sample_add(b, SAMPLE_ELEVATION_GAIN, d->elevation_gain);
	if (d->present & FTMS_ENERGY)
		sample_add(b, SAMPLE_ENERGY, d->energy_kcal);
	if (d->present & FTMS_HEART_RATE)
		sample_add(b, SAMPLE_HEART_RATE, d->heart_rate_bpm);
}

static bool take_data(struct treadmill *t, struct sample_batch *b,
                      const struct source_event *event)
{
	struct ftms_treadmill_data frame, record;

	if (!ftms_treadmill_data_decode(event->bytes, event->length, &frame))
		return false;
	sample_add(b, SAMPLE_BELT_ALIVE, 0);
	if (ftms_record_feed(&t->record, &frame, b->t_us, &record))
		add_record(b, &record);
	return true;
}

static bool take_status(struct sample_batch *b, const struct source_event *event)
{
	struct ftms_status status;

	if (!ftms_status_decode(event->bytes, event->length, &status))
		return false;
	sample_add(b, SAMPLE_BELT_ALIVE, 0);
	if (status.op == FTMS_STATUS_RESET)
		sample_add(b, SAMPLE_BELT_STATUS, BELT_RESET);
	else if (status.op == FTMS_STATUS_SAFETY_KEY)
		sample_add(b, SAMPLE_BELT_STATUS, BELT_SAFETY_KEY);
	else if (status.op == FTMS_STATUS_STARTED)
		sample_add(b, SAMPLE_BELT_STATUS, BELT_STARTED);
	else if (status.op == FTMS_STATUS_STOPPED_OR_PAUSED &&
	         status.has_parameter && status.parameter == 2)
		sample_add(b, SAMPLE_BELT_STATUS, BELT_PAUSED);
	else if (status.op == FTMS_STATUS_STOPPED_OR_PAUSED)
		sample_add(b, SAMPLE_BELT_STATUS, BELT_STOPPED);
	return true;
}

/* "No incline" needs the machine's word: no feature bit, or a range of 0..0 */
static void add_incline_support(const struct treadmill *t, struct sample_batch *b)
{
	if (t->feature_incline == 0 || t->range_incline == 0)
		sample_add(b, SAMPLE_INCLINE_SUPPORT, 0);
	else if (t->feature_incline == 1 || t->range_incline == 1)
		sample_add(b, SAMPLE_INCLINE_SUPPORT, 1);
}

static bool take_feature(struct treadmill *t, struct sample_batch *b,
                         const struct source_event *event)
{
	struct ftms_features features;

	if (!ftms_feature_decode(event->bytes, event->length, &features))
		return false;
	t->feature_incline = (features.machine & FTMS_FEATURE_INCLINATION) != 0;
	add_incline_support(t, b);
	return true;
}

static bool take_range(struct treadmill *t, struct sample_batch *b,
                       const struct source_event *event)
{
	struct ftms_inclination_range range;

	if (!ftms_inclination_range_decode(event->bytes, event->length, &range))
		return false;
	t->range_incline = range.minimum != 0 || range.maximum != 0;
	add_incline_support(t, b);
	return true;
}

static bool take_bytes(struct treadmill *t, struct sample_batch *b,
                       const struct source_event *event)
{
	switch (event->uuid) {
	case FTMS_UUID_TREADMILL_DATA:
		return take_data(t, b, event);
	case FTMS_UUID_STATUS:
		return take_status(b, event);
	case FTMS_UUID_FEATURE:
		return take_feature(t, b, event);
	case FTMS_UUID_INCLINATION_RANGE:
		return take_range(t, b, event);
	case FTMS_UUID_TRAINING_STATUS:
		if (event->kind == SOURCE_NOTIFY)
			sample_add(b, SAMPLE_BELT_ALIVE, 0);
		return true;
	default:
		return true; /* read for others' sake: names, ranges */
	}
}

bool treadmill_event(struct treadmill *t, const struct source_event *event,
                     struct sample_batch *batch)
{
	switch (event->kind) {
	case SOURCE_LINK:
		if (event->link != DISPLAY_LINK_LIVE)
			t->record = (struct ftms_record){ .part_count = 0 };
		sample_add(batch, SAMPLE_TREADMILL_LINK, (int32_t)event->link);
		return true;
	case SOURCE_VALUE:
	case SOURCE_NOTIFY:
		return take_bytes(t, batch, event);
	case SOURCE_NAME:
	case SOURCE_ADDRESS:
	case SOURCE_RSSI:
	case SOURCE_ANT:
	case SOURCE_REQUEST:
		return true;
	}
	return true;
}
