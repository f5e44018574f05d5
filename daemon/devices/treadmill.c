/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/treadmill.h"

#include <stdarg.h>
#include <stdio.h>

#define PERSISTS_US 10000000u
#define FROZEN_US 3000000u

void treadmill_init(struct treadmill *t)
{
	*t = (struct treadmill){
		.settings.by_name = true, .feature_incline = -1, .range_incline = -1,
	};
}

/* ---- what is said --------------------------------------------------------- */

static const char *name_of(const struct treadmill *t)
{
	return t->name[0] ? t->name : "the treadmill";
}

__attribute__((format(printf, 3, 4)))
static void note(const struct treadmill *t, bool warning, const char *format, ...)
{
	char text[400];
	va_list arguments;

	if (!t->settings.note)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	t->settings.note(warning, text, t->settings.user);
}

static void say_odd_speed(const struct treadmill *t, uint16_t sent)
{
	const struct ftms_speed_range *range = &t->speed_range;

	if (!t->has_speed_range)
		note(t, true, "%s says %.1f km/h, which no treadmill runs: not used. Does "
		     "its octet order differ? Then set treadmill.quirk to anyrun",
		     name_of(t), sent / 100.0);
	else
		note(t, true, "%s sends a speed of %.1f and says that it goes from %.1f to "
		     "%.1f. Compare with its console: when that shows miles and gaitd "
		     "is off by 1.6, set treadmill.quirk to mph; when gaitd is right, "
		     "to none", name_of(t), sent / 100.0, range->minimum / 100.0,
		     range->maximum / 100.0);
}

static void say_odd_incline(const struct treadmill *t, int16_t incline)
{
	note(t, true, "%s says an incline of %.1f %%, which it cannot have: no incline is "
	     "used. Set treadmill.incline to \"fixed N\", or treadmill.quirk to the "
	     "entry of gaitd.yaml(5) that mends it", name_of(t), incline / 10.0);
}

/* ---- which quirk ---------------------------------------------------------- */

static void say_quirk(const struct treadmill *t)
{
	const struct quirk *q = t->quirk;

	if (q)
		note(t, q->needs_vendor, "%s: quirk %s: %s (%s)", name_of(t), q->id, q->does,
		     q->source);
	else
		note(t, false, "%s: no quirk any more", name_of(t));
}

static void say_unit(const struct treadmill *t)
{
	note(t, false, "%s: its range, %.1f to %.1f, is in %s an hour: so is its speed",
	     name_of(t), t->speed_range.minimum / 100.0, t->speed_range.maximum / 100.0,
	     t->miles ? "miles" : "kilometres");
}

static const struct quirk *wanted(const struct treadmill *t)
{
	struct quirk_facts facts = {
		.name = t->name,
		.manufacturer = t->info.text[DEVICE_INFO_MANUFACTURER],
		.model = t->info.text[DEVICE_INFO_MODEL],
		.range = t->has_speed_range ? &t->speed_range : NULL,
	};

	return t->settings.by_name ? quirk_of(&facts) : t->settings.quirk;
}

static void choose_quirk(struct treadmill *t)
{
	const struct quirk *before = t->quirk;
	bool miles_before = t->miles;

	t->quirk = wanted(t);
	t->miles = t->quirk &&
	           quirk_miles(t->quirk, t->has_speed_range ? &t->speed_range : NULL);
	if (t->quirk != before) {
		t->odd_speed = t->odd_incline = (struct persistence){ .on = false };
		say_quirk(t);
	}
	if (t->miles != miles_before && t->quirk &&
	    t->quirk->speed == QUIRK_SPEED_AS_CONSOLE)
		say_unit(t);
}

void treadmill_configure(struct treadmill *t, const struct treadmill_settings *settings)
{
	t->settings = *settings;
	choose_quirk(t);
}

/* ---- 2ACD ----------------------------------------------------------------- */

static void check_speed(struct treadmill *t, struct ftms_treadmill_data *d, uint64_t now_us)
{
	bool odd = !plausible_speed(d->speed, t->has_speed_range ? &t->speed_range : NULL);

	if (!(d->present & FTMS_SPEED))
		return;
	if (persistence_feed(&t->odd_speed, odd, now_us, PERSISTS_US))
		say_odd_speed(t, d->speed);
	if (!possible_speed(d->speed))
		d->present &= ~(uint32_t)FTMS_SPEED;
}

static void check_incline(struct treadmill *t, struct ftms_treadmill_data *d,
                          uint64_t now_us)
{
	const struct ftms_inclination_range *range =
		t->has_inclination_range ? &t->inclination_range : NULL;
	bool odd = !plausible_incline(d->inclination, range);

	if (!(d->present & FTMS_INCLINATION))
		return;
	if (persistence_feed(&t->odd_incline, odd && !t->settings.fixed_incline, now_us,
	                     PERSISTS_US))
		say_odd_incline(t, d->inclination);
	if (odd)
		d->present &= ~(uint32_t)(FTMS_INCLINATION | FTMS_ELEVATION_GAIN);
	t->incline_unusable = odd;
}

/* Its time stands while nobody runs: then nobody runs at any speed. */
static void check_elapsed(struct treadmill *t, struct ftms_treadmill_data *d,
                          uint64_t now_us)
{
	if (!(d->present & FTMS_ELAPSED_TIME))
		return;
	if (!t->elapsed_known || d->elapsed_s != t->elapsed_s)
		t->elapsed_us = now_us;
	t->elapsed_known = true;
	t->elapsed_s = d->elapsed_s;
	if (now_us - t->elapsed_us >= FROZEN_US)
		d->speed = 0;
}

static void correct(struct treadmill *t, struct ftms_treadmill_data *d, uint64_t now_us)
{
	if (t->quirk)
		quirk_reorder(t->quirk, d);
	check_speed(t, d, now_us);
	if (t->quirk)
		quirk_correct(t->quirk, t->miles, d);
	check_incline(t, d, now_us);
	if (t->quirk && t->quirk->frozen_elapsed)
		check_elapsed(t, d, now_us);
}

static void add_record(struct treadmill *t, struct sample_batch *b,
                       const struct ftms_treadmill_data *d)
{
	int32_t milli_spm;

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
	if ((d->present & FTMS_STEP_COUNT) &&
	    belt_steps_feed(&t->steps, d->steps, b->t_us, &milli_spm))
		sample_add(b, SAMPLE_BELT_CADENCE, milli_spm);
}

static bool incline_untold(const struct treadmill *t)
{
	return t->incline_unusable || (t->quirk && t->quirk->incline == QUIRK_INCLINE_UNTOLD);
}

/* "No incline" needs the machine's word: no feature bit, or a range of 0..0.
 * Of one whose word on it is worth nothing, nothing is known. */
static void add_incline_support(const struct treadmill *t, struct sample_batch *b)
{
	bool denied = t->feature_incline == 0 || t->range_incline == 0;
	bool told = t->feature_incline == 1 || t->range_incline == 1;

	if (incline_untold(t))
		sample_add(b, SAMPLE_INCLINE_SUPPORT, 1);
	else if (denied || told)
		sample_add(b, SAMPLE_INCLINE_SUPPORT, !denied);
}

static bool take_data(struct treadmill *t, struct sample_batch *b,
                      const struct source_event *event)
{
	struct ftms_treadmill_data frame, record;

	if (!ftms_treadmill_data_decode(event->bytes, event->length, &frame))
		return false;
	sample_add(b, SAMPLE_BELT_ALIVE, 0);
	if (ftms_record_feed(&t->record, &frame, b->t_us, &record)) {
		correct(t, &record, b->t_us);
		if (incline_untold(t))
			add_incline_support(t, b);
		add_record(t, b, &record);
	}
	return true;
}

/* ---- what else it sends --------------------------------------------------- */

static enum belt_status stopped(const struct treadmill *t, const struct ftms_status *status)
{
	if (status->has_parameter && status->parameter == 2)
		return BELT_PAUSED;
	if (t->quirk && t->quirk->stop_is_start)
		return BELT_STARTED;
	return BELT_STOPPED;
}

static bool take_status(const struct treadmill *t, struct sample_batch *b,
                        const struct source_event *event)
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
	else if (status.op == FTMS_STATUS_STOPPED_OR_PAUSED)
		sample_add(b, SAMPLE_BELT_STATUS, (int32_t)stopped(t, &status));
	else if (status.op == FTMS_STATUS_TARGET_DISTANCE && status.has_parameter)
		sample_add(b, SAMPLE_PLANNED_DISTANCE, status.parameter);
	return true;
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

static bool take_inclination_range(struct treadmill *t, struct sample_batch *b,
                                   const struct source_event *event)
{
	struct ftms_inclination_range range;

	if (!ftms_inclination_range_decode(event->bytes, event->length, &range))
		return false;
	if (t->quirk)
		quirk_reorder_inclination_range(t->quirk, &range);
	t->inclination_range = range;
	t->has_inclination_range = true;
	t->range_incline = range.minimum != 0 || range.maximum != 0;
	add_incline_support(t, b);
	return true;
}

static bool take_speed_range(struct treadmill *t, const struct source_event *event)
{
	struct ftms_speed_range range;

	if (!ftms_speed_range_decode(event->bytes, event->length, &range))
		return false;
	if (t->quirk)
		quirk_reorder_speed_range(t->quirk, &range);
	t->speed_range = range;
	t->has_speed_range = true;
	choose_quirk(t);
	return true;
}

static bool take_info(struct treadmill *t, const struct source_event *event)
{
	if (device_info_take(&t->info, event->uuid, event->bytes, event->length))
		choose_quirk(t);
	return true;
}

static void take_name(struct treadmill *t, const struct source_event *event)
{
	snprintf(t->name, sizeof(t->name), "%.63s", event->text);
	choose_quirk(t);
}

static bool take_bytes(struct treadmill *t, struct sample_batch *b,
                       const struct source_event *event)
{
	switch (event->uuid) {
	case FTMS_UUID_TREADMILL_DATA:
		return take_data(t, b, event);
	case FTMS_UUID_STATUS:
		return take_status(t, b, event);
	case FTMS_UUID_FEATURE:
		return take_feature(t, b, event);
	case FTMS_UUID_INCLINATION_RANGE:
		return take_inclination_range(t, b, event);
	case FTMS_UUID_SPEED_RANGE:
		return take_speed_range(t, event);
	case FTMS_UUID_TRAINING_STATUS:
		if (event->kind == SOURCE_NOTIFY)
			sample_add(b, SAMPLE_BELT_ALIVE, 0);
		return true;
	default:
		return take_info(t, event);
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
		take_name(t, event);
		return true;
	case SOURCE_ADDRESS:
	case SOURCE_RSSI:
	case SOURCE_ANT:
	case SOURCE_REQUEST:
	case SOURCE_FOOTPOD_UNIT:
	case SOURCE_RELEASED:
	case SOURCE_FREED:
		return true;
	}
	return true;
}
