/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A session as a FIT activity. A message's fields stand in a table, with where
 * their values come from; what a session never had is not even defined. FIT
 * counts cadence in strides (one foot): 165 steps/min are 82 and 64/128.
 */
#include "daemon/sessions/exports.h"
#include "daemon/sessions/laps.h"
#include "protocol/fit.h"
#include "protocol/fit_profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define KMH_PER_M_S 3.6
#define DATA_INDEX 0 /* of our developer fields */
#define TEXT_RULE 48
#define TEXT_PROMPT 128
#define TEXT_NAME 64
#define TEXT_OWN 32
#define SOFTWARE_VERSION 10 /* 1/100: of the format of these files */

/* Names gaitd as the writer of the developer fields; drawn once. */
static const uint8_t application_id[16] = {
	0x6b, 0x1e, 0x9d, 0x52, 0x0c, 0x47, 0x4f, 0xa8,
	0x93, 0x3d, 0x27, 0xe1, 0x5a, 0xb0, 0x7c, 0xf4,
};

enum local {
	LOCAL_ONCE, /* what comes once, each defined anew */
	LOCAL_RECORD,
	LOCAL_EVENT,
	LOCAL_PROMPT,
	LOCAL_LAP,
};

struct fit_activity {
	const struct session_log *log;
	struct sheet *out;
	struct lap whole;
	size_t lap_count;
	bool timer_runs;
	uint16_t prompts;
	struct fit_field record[FIT_FIELDS_MAX];
	size_t record_count;
};

/* ---- messages -------------------------------------------------------------- */

static struct fit_value number(int64_t value)
{
	return (struct fit_value){ .present = true, .number = value };
}

static struct fit_value absent(void)
{
	return (struct fit_value){ .present = false };
}

static struct fit_value number_if(bool known, int64_t value)
{
	return known ? number(value) : absent();
}

static struct fit_value text(const char *value)
{
	return (struct fit_value){ .present = *value != '\0', .text = value };
}

static struct fit_value scaled(double value, double scale)
{
	return number(llround(value * scale));
}

static void define(struct fit_activity *a, enum local local, uint16_t message,
                   const struct fit_field *fields, size_t count)
{
	uint8_t bytes[FIT_MESSAGE_MAX];

	sheet_bytes(a->out, bytes,
	               fit_definition_write(bytes, sizeof(bytes), (uint8_t)local, message,
	                                    fields, count));
}

static void put(struct fit_activity *a, enum local local, const struct fit_field *fields,
                const struct fit_value *values, size_t count)
{
	uint8_t bytes[FIT_MESSAGE_MAX];

	sheet_bytes(a->out, bytes,
	               fit_message_write(bytes, sizeof(bytes), (uint8_t)local, fields,
	                                 values, count));
}

/* A field of a message that comes once, and its value */
struct once {
	struct fit_field field;
	struct fit_value value;
};

static void put_once(struct fit_activity *a, uint16_t message, const struct once *rows,
                     size_t count)
{
	struct fit_field fields[FIT_FIELDS_MAX];
	struct fit_value values[FIT_FIELDS_MAX];

	for (size_t i = 0; i < count; i++) {
		fields[i] = rows[i].field;
		values[i] = rows[i].value;
	}
	define(a, LOCAL_ONCE, message, fields, count);
	put(a, LOCAL_ONCE, fields, values, count);
}

#define PUT_ONCE(a, message, ...) \
	put_once(a, message, (const struct once[]){ __VA_ARGS__ }, \
	         sizeof((const struct once[]){ __VA_ARGS__ }) / sizeof(struct once))

static int64_t fit_time(const struct fit_activity *a, uint32_t at_s)
{
	return a->log->start_s - FIT_EPOCH_UNIX_S + at_s;
}

/* ---- what comes first ------------------------------------------------------ */

static void put_device(struct fit_activity *a, uint8_t index, struct fit_value type,
                       const char *name)
{
	bool own = index == 0;

	if (!*name)
		return;
	PUT_ONCE(a, FIT_DEVICE_INFO,
	         { { FIT_TIMESTAMP, FIT_UINT32, 4, false }, number(fit_time(a, 0)) },
	         { { FIT_DEVICE_INDEX, FIT_UINT8, 1, false }, number(index) },
	         { { FIT_DEVICE_TYPE, FIT_UINT8, 1, false }, type },
	         { { FIT_DEVICE_MANUFACTURER, FIT_UINT16, 2, false },
	           number_if(own, FIT_MANUFACTURER_DEVELOPMENT) },
	         { { FIT_DEVICE_PRODUCT, FIT_UINT16, 2, false }, number_if(own, 0) },
	         { { FIT_DEVICE_SOFTWARE_VERSION, FIT_UINT16, 2, false },
	           number_if(own, SOFTWARE_VERSION) },
	         { { FIT_DEVICE_PRODUCT_NAME, FIT_STRING, TEXT_NAME, false }, text(name) });
}

static void describe(struct fit_activity *a, uint8_t field, enum fit_base base,
                     const char *name, const char *units)
{
	PUT_ONCE(a, FIT_FIELD_DESCRIPTION,
	         { { FIT_DESCRIPTION_DATA_INDEX, FIT_UINT8, 1, false }, number(DATA_INDEX) },
	         { { FIT_DESCRIPTION_NUMBER, FIT_UINT8, 1, false }, number(field) },
	         { { FIT_DESCRIPTION_BASE, FIT_UINT8, 1, false }, number((int64_t)base) },
	         { { FIT_DESCRIPTION_NAME, FIT_STRING, TEXT_OWN, false }, text(name) },
	         { { FIT_DESCRIPTION_UNITS, FIT_STRING, TEXT_OWN, false }, text(units) });
}

static void put_head(struct fit_activity *a)
{
	/* a serial number that tells sessions apart: services know a file that
	 * came twice by it and the time */
	PUT_ONCE(a, FIT_FILE_ID,
	         { { FIT_FILE_ID_TYPE, FIT_ENUM, 1, false }, number(FIT_FILE_ACTIVITY) },
	         { { FIT_FILE_ID_MANUFACTURER, FIT_UINT16, 2, false },
	           number(FIT_MANUFACTURER_DEVELOPMENT) },
	         { { FIT_FILE_ID_PRODUCT, FIT_UINT16, 2, false }, number(0) },
	         { { FIT_FILE_ID_SERIAL_NUMBER, FIT_UINT32Z, 4, false },
	           number(fit_time(a, 0)) },
	         { { FIT_FILE_ID_TIME_CREATED, FIT_UINT32, 4, false }, number(fit_time(a, 0)) },
	         { { FIT_FILE_ID_PRODUCT_NAME, FIT_STRING, TEXT_OWN, false }, text("gaitd") });
	PUT_ONCE(a, FIT_FILE_CREATOR,
	         { { FIT_FILE_CREATOR_SOFTWARE_VERSION, FIT_UINT16, 2, false },
	           number(SOFTWARE_VERSION) });
	PUT_ONCE(a, FIT_DEVELOPER_DATA_ID,
	         { { FIT_DEVELOPER_APPLICATION_ID, FIT_BYTE, sizeof(application_id), false },
	           { .present = true, .bytes = application_id } },
	         { { FIT_DEVELOPER_DATA_INDEX, FIT_UINT8, 1, false }, number(DATA_INDEX) },
	         { { FIT_DEVELOPER_APPLICATION_VERSION, FIT_UINT32, 4, false }, number(1) });
	describe(a, FIT_OWN_TARGET_LOW, FIT_UINT16, "target_cadence_low", "steps/min");
	describe(a, FIT_OWN_TARGET_HIGH, FIT_UINT16, "target_cadence_high", "steps/min");
	describe(a, FIT_OWN_RULE, FIT_STRING, "rule", "");
	describe(a, FIT_OWN_PROMPT, FIT_STRING, "prompt", "");
	describe(a, FIT_OWN_PROMPTS, FIT_UINT16, "prompts", "");
	put_device(a, 0, absent(), "gaitd");
	put_device(a, 1, number(FIT_DEVICE_FITNESS_EQUIPMENT), a->log->treadmill);
	put_device(a, 2, number(FIT_DEVICE_FOOTPOD), a->log->footpod);
}

/* ---- records --------------------------------------------------------------- */

enum record_value {
	RECORD_DISTANCE,
	RECORD_SPEED,
	RECORD_GRADE,
	RECORD_STRIDES,
	RECORD_STRIDES_FRACTION,
	RECORD_HEART_RATE,
	RECORD_STEP,
	RECORD_CALORIES,
	RECORD_TARGET_LOW,
	RECORD_TARGET_HIGH,
	RECORD_DYNAMIC, /* and those behind it, in their order */
};

static const struct record_column {
	struct fit_field field;
	uint32_t metric; /* of enum display_metric, without which it is absent; 0: target */
	unsigned value;  /* enum record_value */
	double scale;
} record_columns[] = {
	{ { FIT_RECORD_DISTANCE, FIT_UINT32, 4, false }, DISPLAY_DISTANCE, RECORD_DISTANCE, 100 },
	{ { FIT_RECORD_SPEED, FIT_UINT16, 2, false }, DISPLAY_SPEED, RECORD_SPEED, 1000 },
	{ { FIT_RECORD_ENHANCED_SPEED, FIT_UINT32, 4, false }, DISPLAY_SPEED, RECORD_SPEED, 1000 },
	{ { FIT_RECORD_GRADE, FIT_SINT16, 2, false }, DISPLAY_INCLINE, RECORD_GRADE, 100 },
	{ { FIT_RECORD_CADENCE, FIT_UINT8, 1, false }, DISPLAY_CADENCE, RECORD_STRIDES, 1 },
	{ { FIT_RECORD_FRACTIONAL_CADENCE, FIT_UINT8, 1, false }, DISPLAY_CADENCE,
	  RECORD_STRIDES_FRACTION, 1 },
	{ { FIT_RECORD_HEART_RATE, FIT_UINT8, 1, false }, DISPLAY_HEART_RATE, RECORD_HEART_RATE,
	  1 },
	{ { FIT_RECORD_STEP_LENGTH, FIT_UINT16, 2, false }, DISPLAY_STEP, RECORD_STEP, 10000 },
	{ { FIT_RECORD_CALORIES, FIT_UINT16, 2, false }, DISPLAY_ENERGY, RECORD_CALORIES, 1 },
	{ { FIT_RECORD_VERTICAL_OSCILLATION, FIT_UINT16, 2, false },
	  DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMIC_OSCILLATION),
	  RECORD_DYNAMIC + DISPLAY_DYNAMIC_OSCILLATION, 10 },
	{ { FIT_RECORD_STANCE_TIME, FIT_UINT16, 2, false },
	  DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMIC_GROUND_CONTACT),
	  RECORD_DYNAMIC + DISPLAY_DYNAMIC_GROUND_CONTACT, 10 },
	{ { FIT_RECORD_STANCE_TIME_PERCENT, FIT_UINT16, 2, false },
	  DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMIC_STANCE), RECORD_DYNAMIC + DISPLAY_DYNAMIC_STANCE,
	  100 },
	{ { FIT_RECORD_STANCE_TIME_BALANCE, FIT_UINT16, 2, false },
	  DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMIC_BALANCE), RECORD_DYNAMIC + DISPLAY_DYNAMIC_BALANCE,
	  100 },
	{ { FIT_RECORD_VERTICAL_RATIO, FIT_UINT16, 2, false },
	  DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMIC_VERTICAL_RATIO),
	  RECORD_DYNAMIC + DISPLAY_DYNAMIC_VERTICAL_RATIO, 100 },
	{ { FIT_OWN_TARGET_LOW, FIT_UINT16, 2, true }, 0, RECORD_TARGET_LOW, 1 },
	{ { FIT_OWN_TARGET_HIGH, FIT_UINT16, 2, true }, 0, RECORD_TARGET_HIGH, 1 },
};

#define RECORD_COLUMNS (sizeof(record_columns) / sizeof(record_columns[0]))

static bool has_column(const struct session_second *second, const struct record_column *column)
{
	return column->metric ? (second->metrics.present & column->metric) != 0
	                      : second->has_target;
}

/* A whole number of steps is a whole number of halves of a stride. */
static int64_t strides(int32_t spm)
{
	return spm / 2;
}

static int64_t strides_fraction(int32_t spm)
{
	return spm % 2 * 64;
}

static double value_of(const struct session_second *second, unsigned value)
{
	const struct display_metrics *m = &second->metrics;

	switch (value) {
	case RECORD_DISTANCE:
		return m->distance_m;
	case RECORD_SPEED:
		return m->speed_kmh / KMH_PER_M_S;
	case RECORD_GRADE:
		return m->incline_pct;
	case RECORD_STRIDES:
		return (double)strides(m->cadence_spm);
	case RECORD_STRIDES_FRACTION:
		return (double)strides_fraction(m->cadence_spm);
	case RECORD_HEART_RATE:
		return m->heart_rate_bpm;
	case RECORD_STEP:
		return m->step_m;
	case RECORD_CALORIES:
		return m->energy_kcal;
	case RECORD_TARGET_LOW:
		return second->target.low_spm;
	case RECORD_TARGET_HIGH:
		return second->target.high_spm;
	default:
		return m->dynamics[value - RECORD_DYNAMIC];
	}
}

static bool ever_had(const struct session_log *log, const struct record_column *column)
{
	for (size_t i = 0; i < log->second_count; i++)
		if (has_column(&log->seconds[i], column))
			return true;
	return false;
}

/* The timestamp, and the columns that the session has */
static void define_records(struct fit_activity *a)
{
	a->record[a->record_count++] =
		(struct fit_field){ FIT_TIMESTAMP, FIT_UINT32, 4, false };
	for (size_t i = 0; i < RECORD_COLUMNS; i++)
		if (ever_had(a->log, &record_columns[i]))
			a->record[a->record_count++] = record_columns[i].field;
	define(a, LOCAL_RECORD, FIT_RECORD, a->record, a->record_count);
}

static void put_record(struct fit_activity *a, const struct session_second *second)
{
	struct fit_value values[FIT_FIELDS_MAX];
	size_t n = 0;

	values[n++] = number(fit_time(a, second->at_s));
	for (size_t i = 0; i < RECORD_COLUMNS && n < a->record_count; i++) {
		const struct record_column *column = &record_columns[i];

		if (column->field.number != a->record[n].number ||
		    column->field.developer != a->record[n].developer)
			continue;
		values[n++] = has_column(second, column)
		                      ? scaled(value_of(second, column->value), column->scale)
		                      : absent();
	}
	put(a, LOCAL_RECORD, a->record, values, n);
}

/* ---- events ---------------------------------------------------------------- */

static const struct fit_field event_fields[] = {
	{ FIT_TIMESTAMP, FIT_UINT32, 4, false },
	{ FIT_EVENT_EVENT, FIT_ENUM, 1, false },
	{ FIT_EVENT_TYPE, FIT_ENUM, 1, false },
	{ FIT_OWN_RULE, FIT_STRING, TEXT_RULE, true },
	{ FIT_OWN_PROMPT, FIT_STRING, TEXT_PROMPT, true },
};

#define EVENT_FIELDS_PLAIN 3
#define EVENT_FIELDS (sizeof(event_fields) / sizeof(event_fields[0]))

static void define_events(struct fit_activity *a)
{
	define(a, LOCAL_EVENT, FIT_EVENT, event_fields, EVENT_FIELDS_PLAIN);
	define(a, LOCAL_PROMPT, FIT_EVENT, event_fields, EVENT_FIELDS);
}

static void put_timer(struct fit_activity *a, uint32_t at_s, bool runs)
{
	const struct fit_value values[] = {
		number(fit_time(a, at_s)),
		number(FIT_EVENT_TIMER),
		number(runs ? FIT_TYPE_START : FIT_TYPE_STOP_ALL),
	};

	if (a->timer_runs == runs)
		return;
	a->timer_runs = runs;
	put(a, LOCAL_EVENT, event_fields, values, EVENT_FIELDS_PLAIN);
}

static void put_prompt(struct fit_activity *a, const struct session_event *event)
{
	const struct fit_value values[] = {
		number(fit_time(a, event->at_s)), number(FIT_EVENT_USER_MARKER),
		number(FIT_TYPE_MARKER),          text(event->rule),
		text(event->headline),
	};

	a->prompts++;
	put(a, LOCAL_PROMPT, event_fields, values, EVENT_FIELDS);
}

static void put_event(struct fit_activity *a, const struct session_event *event)
{
	if (event->kind == SESSION_EVENT_PROMPT)
		put_prompt(a, event);
	else if (event->kind == SESSION_EVENT_PAUSE || event->kind == SESSION_EVENT_RESUME)
		put_timer(a, event->at_s, event->kind == SESSION_EVENT_RESUME);
}

/* ---- laps and the session -------------------------------------------------- */

/* What both have, each by its own number */
static const struct total {
	uint8_t lap, session;
	uint8_t base, size;
} totals[] = {
	{ FIT_TIMESTAMP, FIT_TIMESTAMP, FIT_UINT32, 4 },
	{ FIT_LAP_START_TIME, FIT_SESSION_START_TIME, FIT_UINT32, 4 },
	{ FIT_LAP_TOTAL_ELAPSED_TIME, FIT_SESSION_TOTAL_ELAPSED_TIME, FIT_UINT32, 4 },
	{ FIT_LAP_TOTAL_TIMER_TIME, FIT_SESSION_TOTAL_TIMER_TIME, FIT_UINT32, 4 },
	{ FIT_LAP_TOTAL_DISTANCE, FIT_SESSION_TOTAL_DISTANCE, FIT_UINT32, 4 },
	{ FIT_LAP_TOTAL_ASCENT, FIT_SESSION_TOTAL_ASCENT, FIT_UINT16, 2 },
	{ FIT_LAP_TOTAL_CALORIES, FIT_SESSION_TOTAL_CALORIES, FIT_UINT16, 2 },
	{ FIT_LAP_AVG_SPEED, FIT_SESSION_AVG_SPEED, FIT_UINT16, 2 },
	{ FIT_LAP_MAX_SPEED, FIT_SESSION_MAX_SPEED, FIT_UINT16, 2 },
	{ FIT_LAP_ENHANCED_AVG_SPEED, FIT_SESSION_ENHANCED_AVG_SPEED, FIT_UINT32, 4 },
	{ FIT_LAP_ENHANCED_MAX_SPEED, FIT_SESSION_ENHANCED_MAX_SPEED, FIT_UINT32, 4 },
	{ FIT_LAP_AVG_CADENCE, FIT_SESSION_AVG_CADENCE, FIT_UINT8, 1 },
	{ FIT_LAP_AVG_FRACTIONAL_CADENCE, FIT_SESSION_AVG_FRACTIONAL_CADENCE, FIT_UINT8, 1 },
	{ FIT_LAP_MAX_CADENCE, FIT_SESSION_MAX_CADENCE, FIT_UINT8, 1 },
	{ FIT_LAP_MAX_FRACTIONAL_CADENCE, FIT_SESSION_MAX_FRACTIONAL_CADENCE, FIT_UINT8, 1 },
	{ FIT_LAP_AVG_HEART_RATE, FIT_SESSION_AVG_HEART_RATE, FIT_UINT8, 1 },
	{ FIT_LAP_MAX_HEART_RATE, FIT_SESSION_MAX_HEART_RATE, FIT_UINT8, 1 },
	{ FIT_LAP_SPORT, FIT_SESSION_SPORT, FIT_ENUM, 1 },
	{ FIT_LAP_SUB_SPORT, FIT_SESSION_SUB_SPORT, FIT_ENUM, 1 },
	{ FIT_LAP_EVENT_TYPE, FIT_SESSION_EVENT_TYPE, FIT_ENUM, 1 },
};

#define TOTALS (sizeof(totals) / sizeof(totals[0]))

/* 1/128 of a stride a minute */
static int64_t strides_128(double spm)
{
	return llround(spm * 64);
}

/* In the order of `totals` */
static void total_values(const struct fit_activity *a, const struct lap *lap,
                         struct fit_value values[TOTALS])
{
	const struct lap_spread *speed = &lap->spread[LAP_SPEED];
	const struct lap_spread *cadence = &lap->spread[LAP_CADENCE];
	const struct lap_spread *heart = &lap->spread[LAP_HEART_RATE];
	int64_t mean_128 = strides_128(cadence->mean), most_128 = strides_128(cadence->most);
	double kmh = 0;
	bool has_speed = lap_speed_kmh(lap, &kmh);
	struct fit_value mean_speed = number_if(has_speed, llround(kmh * 1000 / KMH_PER_M_S));
	struct fit_value most_speed =
		number_if(speed->seconds > 0, llround(speed->most * 1000 / KMH_PER_M_S));
	const struct fit_value all[TOTALS] = {
		number(fit_time(a, lap->end_s)),
		number(fit_time(a, lap->begin_s)),
		number((int64_t)(lap->end_s - lap->begin_s) * 1000),
		number((int64_t)lap->timer_s * 1000),
		number_if(lap->has_distance, (int64_t)lap->distance_m * 100),
		number_if(lap->has_climb, lap->climb_m),
		number_if(lap->has_energy, lap->energy_kcal),
		mean_speed,
		most_speed,
		mean_speed,
		most_speed,
		number_if(cadence->seconds > 0, mean_128 / 128),
		number_if(cadence->seconds > 0, mean_128 % 128),
		number_if(cadence->seconds > 0, most_128 / 128),
		number_if(cadence->seconds > 0, most_128 % 128),
		number_if(heart->seconds > 0, llround(heart->mean)),
		number_if(heart->seconds > 0, llround(heart->most)),
		number(FIT_SPORT_RUNNING),
		number(FIT_SUB_SPORT_TREADMILL),
		number(FIT_TYPE_STOP),
	};

	memcpy(values, all, sizeof(all));
}

static size_t total_fields(bool session, struct fit_field *fields)
{
	for (size_t i = 0; i < TOTALS; i++)
		fields[i] = (struct fit_field){ session ? totals[i].session : totals[i].lap,
			                        totals[i].base, totals[i].size, false };
	return TOTALS;
}

static size_t lap_fields(struct fit_field fields[FIT_FIELDS_MAX])
{
	size_t n = total_fields(false, fields);

	fields[n++] = (struct fit_field){ FIT_MESSAGE_INDEX, FIT_UINT16, 2, false };
	fields[n++] = (struct fit_field){ FIT_LAP_EVENT, FIT_ENUM, 1, false };
	fields[n++] = (struct fit_field){ FIT_LAP_TRIGGER, FIT_ENUM, 1, false };
	return n;
}

static void put_lap(struct fit_activity *a, const struct lap *lap, size_t index)
{
	struct fit_field fields[FIT_FIELDS_MAX];
	struct fit_value values[FIT_FIELDS_MAX];
	size_t n = TOTALS;

	total_values(a, lap, values);
	values[n++] = number((int64_t)index);
	values[n++] = number(FIT_EVENT_LAP);
	values[n++] = number(index + 1 < a->lap_count ? FIT_LAP_TRIGGER_DISTANCE
	                                              : FIT_LAP_TRIGGER_SESSION_END);
	put(a, LOCAL_LAP, fields, values, lap_fields(fields));
}

static void put_session(struct fit_activity *a)
{
	struct fit_field fields[FIT_FIELDS_MAX];
	struct fit_value values[TOTALS];
	struct once rows[FIT_FIELDS_MAX] = {
		{ { FIT_MESSAGE_INDEX, FIT_UINT16, 2, false }, number(0) },
		{ { FIT_SESSION_EVENT, FIT_ENUM, 1, false }, number(FIT_EVENT_SESSION) },
		{ { FIT_SESSION_TRIGGER, FIT_ENUM, 1, false }, number(FIT_SESSION_TRIGGER_END) },
		{ { FIT_SESSION_FIRST_LAP_INDEX, FIT_UINT16, 2, false }, number(0) },
		{ { FIT_SESSION_NUM_LAPS, FIT_UINT16, 2, false }, number((int64_t)a->lap_count) },
	};
	size_t n = 5;

	total_fields(true, fields);
	total_values(a, &a->whole, values);
	for (size_t i = 0; i < TOTALS; i++)
		rows[n++] = (struct once){ fields[i], values[i] };
	rows[n++] = (struct once){ { FIT_OWN_PROMPTS, FIT_UINT16, 2, true }, number(a->prompts) };
	put_once(a, FIT_SESSION, rows, n);
}

static void put_activity(struct fit_activity *a)
{
	int64_t end = fit_time(a, a->whole.end_s);

	PUT_ONCE(a, FIT_ACTIVITY, { { FIT_TIMESTAMP, FIT_UINT32, 4, false }, number(end) },
	         { { FIT_ACTIVITY_TOTAL_TIMER_TIME, FIT_UINT32, 4, false },
	           number((int64_t)a->whole.timer_s * 1000) },
	         { { FIT_ACTIVITY_NUM_SESSIONS, FIT_UINT16, 2, false }, number(1) },
	         { { FIT_ACTIVITY_TYPE, FIT_ENUM, 1, false }, number(FIT_ACTIVITY_MANUAL) },
	         { { FIT_ACTIVITY_EVENT, FIT_ENUM, 1, false }, number(FIT_EVENT_ACTIVITY) },
	         { { FIT_ACTIVITY_EVENT_TYPE, FIT_ENUM, 1, false }, number(FIT_TYPE_STOP) },
	         { { FIT_ACTIVITY_LOCAL_TIMESTAMP, FIT_UINT32, 4, false },
	           number(end + a->log->offset_s) });
}

/* ---- the file -------------------------------------------------------------- */

/* All that happened, in order of time */
static void put_run(struct fit_activity *a, const struct lap *laps)
{
	const struct session_log *log = a->log;
	size_t event = 0, lap = 0;

	put_timer(a, 0, true);
	for (size_t i = 0; i < log->second_count; i++) {
		const struct session_second *second = &log->seconds[i];

		while (event < log->event_count && log->events[event].at_s < second->at_s)
			put_event(a, &log->events[event++]);
		put_record(a, second);
		for (; lap + 1 < a->lap_count && laps[lap].end_s <= second->at_s; lap++)
			put_lap(a, &laps[lap], lap);
	}
	while (event < log->event_count && log->events[event].at_s <= a->whole.end_s)
		put_event(a, &log->events[event++]);
	put_timer(a, a->whole.end_s, false);
	put_lap(a, &laps[lap], lap);
}

static void put_messages(struct fit_activity *a, const struct lap *laps)
{
	struct fit_field fields[FIT_FIELDS_MAX];

	put_head(a);
	define_records(a);
	define_events(a);
	define(a, LOCAL_LAP, FIT_LAP, fields, lap_fields(fields));
	put_run(a, laps);
	put_session(a);
	put_activity(a);
}

/* The header tells the length of what follows: it is written last. */
static void close_file(struct sheet *out, size_t begin)
{
	size_t length = out->length - begin - FIT_HEADER_SIZE;
	uint8_t end[FIT_CRC_SIZE];
	uint16_t crc;

	if (out->failed)
		return;
	fit_header_write((uint8_t *)out->bytes + begin, (uint32_t)length);
	crc = fit_crc(0, (const uint8_t *)out->bytes + begin, out->length - begin);
	end[0] = (uint8_t)crc;
	end[1] = (uint8_t)(crc >> 8);
	sheet_bytes(out, end, sizeof(end));
}

void fit_export(const struct session_log *log, struct sheet *out)
{
	static const uint8_t header[FIT_HEADER_SIZE] = { 0 };
	struct fit_activity a = { .log = log, .out = out, .whole = laps_whole(log) };
	struct lap *laps = laps_of(log, &a.lap_count);
	size_t begin = out->length;

	if (!laps) {
		out->failed = true;
		return;
	}
	sheet_bytes(out, header, sizeof(header));
	put_messages(&a, laps);
	close_file(out, begin);
	free(laps);
}
