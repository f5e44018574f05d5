/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/ftms.h"

#include "protocol/cursor.h"
#include "protocol/packer.h"
#include "protocol/radio_text.h"

#include <string.h>

#define FLAGS_OCTETS 2
#define FLAG_MORE_DATA 0x0001u
#define FLAG_PACE 0x0020u
#define FLAG_AVERAGE_PACE 0x0040u
#define FLAGS_PACE (FLAG_PACE | FLAG_AVERAGE_PACE)
#define FLAGS_BEFORE_PACE 0x001fu
#define FLAGS_DEFINED 0x1fffu
#define FLAG_VENDOR_STEPS 0x2000u

#define PACE_OCTETS 0u /* in a row: as wide as the frame's length shows */
#define NEVER UINT32_MAX

/* One value of Treadmill Data. `absent` and `vendor_absent` are what machines
 * send for "not available". */
struct value_row {
	uint16_t flag;
	uint8_t octets;
	uint8_t stored;
	uint32_t field;
	size_t offset;
	uint32_t absent, vendor_absent;
};

#define STORED(member) sizeof(((struct ftms_treadmill_data *)NULL)->member)
#define ROW(flag, octets, field, member, absent, vendor_absent)                \
	{ flag, octets, STORED(member), field,                                 \
	  offsetof(struct ftms_treadmill_data, member), absent, vendor_absent },

/* In the order of the wire (FTMS 1.0.1 section 4.9). Flag bit 0 counts as
 * inverted here: speed is there when More Data is 0. No standard value says
 * "no elevation": Matrix sends 0xFFFF (TrackMyIndoorWorkout#223), Life Fitness
 * 0x7FFF (#462). A heart rate of 0 is a machine without a reading. */
#define VALUES(X) \
	X(0x0001, 2, FTMS_SPEED, speed, NEVER, NEVER) \
	X(0x0002, 2, FTMS_AVERAGE_SPEED, average_speed, NEVER, NEVER) \
	X(0x0004, 3, FTMS_DISTANCE, distance_m, NEVER, NEVER) \
	X(0x0008, 2, FTMS_INCLINATION, inclination, 0x7fff, NEVER) \
	X(0x0008, 2, FTMS_RAMP_ANGLE, ramp_angle, 0x7fff, NEVER) \
	X(0x0010, 2, FTMS_ELEVATION_GAIN, elevation_gain, 0xffff, 0x7fff) \
	X(0x0010, 2, FTMS_ELEVATION_LOSS, elevation_loss, 0xffff, 0x7fff) \
	X(0x0020, PACE_OCTETS, FTMS_PACE, pace, NEVER, NEVER) \
	X(0x0040, PACE_OCTETS, FTMS_AVERAGE_PACE, average_pace, NEVER, NEVER) \
	X(0x0080, 2, FTMS_ENERGY, energy_kcal, 0xffff, NEVER) \
	X(0x0080, 2, FTMS_ENERGY_PER_HOUR, energy_per_hour_kcal, 0xffff, NEVER) \
	X(0x0080, 1, FTMS_ENERGY_PER_MINUTE, energy_per_minute_kcal, 0xff, NEVER) \
	X(0x0100, 1, FTMS_HEART_RATE, heart_rate_bpm, 0, NEVER) \
	X(0x0200, 1, FTMS_MET, met, NEVER, NEVER) \
	X(0x0400, 2, FTMS_ELAPSED_TIME, elapsed_s, NEVER, NEVER) \
	X(0x0800, 2, FTMS_REMAINING_TIME, remaining_s, NEVER, NEVER) \
	X(0x1000, 2, FTMS_FORCE_ON_BELT, force_n, 0x7fff, NEVER) \
	X(0x1000, 2, FTMS_POWER_OUTPUT, power_w, 0x7fff, NEVER)

static const struct value_row value_rows[] = { VALUES(ROW) };

#define FIELDS_PACE ((uint32_t)(FTMS_PACE | FTMS_AVERAGE_PACE))

static const struct value_row *const rows_end =
	value_rows + sizeof(value_rows) / sizeof(value_rows[0]);

static uint8_t clamp_octets(size_t octets)
{
	return (uint8_t)(octets < UINT8_MAX ? octets : UINT8_MAX);
}

static void store(struct ftms_treadmill_data *data, const struct value_row *row,
                  uint32_t value)
{
	unsigned char *at = (unsigned char *)data + row->offset;
	uint8_t u8 = (uint8_t)value;
	uint16_t u16 = (uint16_t)value;

	if (row->stored == sizeof(u8))
		memcpy(at, &u8, sizeof(u8));
	else if (row->stored == sizeof(u16))
		memcpy(at, &u16, sizeof(u16));
	else
		memcpy(at, &value, sizeof(value));
}

static uint32_t load(const struct ftms_treadmill_data *data,
                     const struct value_row *row)
{
	const unsigned char *at = (const unsigned char *)data + row->offset;
	uint8_t u8;
	uint16_t u16;
	uint32_t value;

	if (row->stored == sizeof(u8)) {
		memcpy(&u8, at, sizeof(u8));
		return u8;
	}
	if (row->stored == sizeof(u16)) {
		memcpy(&u16, at, sizeof(u16));
		return u16;
	}
	memcpy(&value, at, sizeof(value));
	return value;
}

static size_t octets_of(const struct value_row *row, enum ftms_pace_unit unit)
{
	if (row->octets != PACE_OCTETS)
		return row->octets;
	return unit == FTMS_PACE_S_PER_500M ? 2 : 1;
}

static size_t promised_octets(unsigned sent, enum ftms_pace_unit unit)
{
	size_t octets = 0;

	for (const struct value_row *row = value_rows; row < rows_end; row++)
		if (sent & row->flag)
			octets += octets_of(row, unit);
	return octets;
}

/* Bit 13 has no width of its own: KingSmith sends u16 or nothing, UREVO,
 * FitShow and CITYSPORTS u24. */
static bool fits_exactly(unsigned sent, size_t left, enum ftms_pace_unit unit)
{
	size_t promised = promised_octets(sent, unit);

	if (sent & FLAG_VENDOR_STEPS && left >= promised)
		return left - promised == 0 || left - promised == 2 ||
		       left - promised == 3;
	return left == promised;
}

static enum ftms_pace_unit pace_unit_of(unsigned sent, size_t left)
{
	bool narrow, wide;

	if (!(sent & FLAGS_PACE))
		return FTMS_PACE_NONE;
	narrow = fits_exactly(sent, left, FTMS_PACE_100M_PER_MIN);
	wide = fits_exactly(sent, left, FTMS_PACE_S_PER_500M);
	if (narrow == wide)
		return FTMS_PACE_NONE;
	return narrow ? FTMS_PACE_100M_PER_MIN : FTMS_PACE_S_PER_500M;
}

/* A row's value is read in a line of its own: a loop over the rows takes five times
 * as long (make bench). Ends at the first that was not sent whole. */
static void read_values(struct cursor *c, unsigned sent, struct ftms_treadmill_data *data)
{
	uint32_t value;

#define READ(flag_bit, octet_count, field_bit, member, absence, vendor_absence) \
	if (sent & (flag_bit)) { \
		value = cursor_uint(c, (octet_count) != PACE_OCTETS ? (octet_count) : \
		                       data->pace_unit == FTMS_PACE_S_PER_500M ? 2 : 1); \
		if (c->failed) \
			return; \
		if (value != (absence) && value != (vendor_absence)) { \
			data->member = (__typeof__(data->member))value; \
			data->present |= (field_bit); \
		} \
	}
	VALUES(READ)
#undef READ
}

static void read_vendor_steps(struct cursor *c,
                              struct ftms_treadmill_data *data)
{
	if (c->left == 0)
		return;
	data->steps = cursor_uint(c, c->left >= 3 ? 3 : 2);
	if (!c->failed)
		data->present |= FTMS_STEP_COUNT;
}

/* What follows the defined fields, once it is known where they end. */
static void read_rest(struct cursor *c, unsigned sent,
                      struct ftms_treadmill_data *data)
{
	if (sent & FLAG_VENDOR_STEPS)
		read_vendor_steps(c, data);
	data->cut = c->failed;
	data->trailing_octets = c->failed ? 0 : clamp_octets(c->left);
}

/* Is the first of the values whole, or is none promised? */
static bool is_usable(unsigned sent, unsigned trusted, size_t left,
                      enum ftms_pace_unit unit)
{
	const struct value_row *row = value_rows;

	if (!(sent & FLAGS_DEFINED))
		return !(sent & FLAG_VENDOR_STEPS) || left != 1;
	while (row < rows_end && !(trusted & row->flag))
		row++;
	return row < rows_end && left >= octets_of(row, unit);
}

bool ftms_treadmill_data_decode(const uint8_t *bytes, size_t length,
                                struct ftms_treadmill_data *out)
{
	struct cursor c = cursor_over(bytes, length);
	uint16_t flags = cursor_u16(&c);
	unsigned sent = flags ^ FLAG_MORE_DATA, trusted = sent;
	enum ftms_pace_unit unit = FTMS_PACE_NONE;
	bool cut = false;

	if (sent & FLAGS_PACE) {
		cut = c.left < promised_octets(sent, FTMS_PACE_100M_PER_MIN);
		unit = pace_unit_of(sent, c.left);
		if (unit == FTMS_PACE_NONE)
			trusted = sent & FLAGS_BEFORE_PACE;
	}
	if (c.failed || !is_usable(sent, trusted, c.left, unit))
		return false;
	*out = (struct ftms_treadmill_data){
		.flags = flags, .more_data = flags & FLAG_MORE_DATA, .pace_unit = unit,
		.pace_unclear = trusted != sent,
	};
	read_values(&c, trusted, out);
	out->cut = cut || c.failed;
	if (!out->cut && !out->pace_unclear)
		read_rest(&c, sent, out);
	return true;
}

static unsigned sent_for(const struct ftms_treadmill_data *data)
{
	unsigned sent = 0;

	for (const struct value_row *row = value_rows; row < rows_end; row++)
		if (data->present & row->field)
			sent |= row->flag;
	if (data->pace_unit == FTMS_PACE_NONE)
		sent &= ~FLAGS_PACE;
	if (data->present & FTMS_STEP_COUNT)
		sent |= FLAG_VENDOR_STEPS;
	return data->more_data ? sent & ~FLAG_MORE_DATA : sent | FLAG_MORE_DATA;
}

static uint32_t wire_value(const struct ftms_treadmill_data *data,
                           const struct value_row *row)
{
	if (data->present & row->field)
		return load(data, row);
	return row->absent == NEVER ? 0 : row->absent;
}

size_t ftms_treadmill_data_encode(const struct ftms_treadmill_data *data,
                                  uint8_t *bytes, size_t size)
{
	struct packer p = packer_into(bytes, size);
	unsigned sent = sent_for(data);

	packer_uint(&p, sent ^ FLAG_MORE_DATA, FLAGS_OCTETS);
	for (const struct value_row *row = value_rows; row < rows_end; row++)
		if (sent & row->flag)
			packer_uint(&p, wire_value(data, row),
			            octets_of(row, data->pace_unit));
	if (sent & FLAG_VENDOR_STEPS)
		packer_uint(&p, data->steps, 3);
	return packer_end(&p);
}

/* ---- More Data ---- */

#define RECORD_MAX_AGE_US 2000000u
#define RECORD_MAX_PARTS 4u

/* Adds the fields that `into` does not have yet. */
static void attach(struct ftms_treadmill_data *into,
                   const struct ftms_treadmill_data *from)
{
	uint32_t wanted = from->present & ~into->present;

	if (into->present & FIELDS_PACE && into->pace_unit != from->pace_unit)
		wanted &= ~FIELDS_PACE;
	for (const struct value_row *row = value_rows; row < rows_end; row++)
		if (wanted & row->field)
			store(into, row, load(from, row));
	if (wanted & FIELDS_PACE)
		into->pace_unit = from->pace_unit;
	if (wanted & FTMS_STEP_COUNT)
		into->steps = from->steps;
	into->present |= wanted;
	into->flags |= (uint16_t)(from->flags & ~FLAG_MORE_DATA);
	into->cut |= from->cut;
	into->pace_unclear |= from->pace_unclear;
}

static void keep_part(struct ftms_record *record,
                      const struct ftms_treadmill_data *part, uint64_t now_us)
{
	unsigned known = record->parts.flags & ~FLAG_MORE_DATA;

	if (record->part_count > 0 && part->flags & known)
		record->part_count = 0;
	if (record->part_count == RECORD_MAX_PARTS) {
		record->part_count = 0;
		return;
	}
	if (record->part_count++ == 0) {
		record->parts = *part;
		record->first_part_us = now_us;
	} else {
		attach(&record->parts, part);
	}
}

bool ftms_record_feed(struct ftms_record *record,
                      const struct ftms_treadmill_data *frame, uint64_t now_us,
                      struct ftms_treadmill_data *out)
{
	if (now_us - record->first_part_us > RECORD_MAX_AGE_US)
		record->part_count = 0;
	if (frame->more_data) {
		keep_part(record, frame, now_us);
		return false;
	}
	*out = *frame;
	if (record->part_count > 0)
		attach(out, &record->parts);
	record->part_count = 0;
	return true;
}

/* ---- what a machine can, read once ---- */

bool ftms_feature_decode(const uint8_t *bytes, size_t length,
                         struct ftms_features *out)
{
	struct cursor c = cursor_over(bytes, length);
	struct ftms_features features = { .machine = cursor_u32(&c) };

	if (c.failed)
		return false;
	features.targets = cursor_u32(&c);
	*out = features;
	return true;
}

bool ftms_speed_range_decode(const uint8_t *bytes, size_t length,
                             struct ftms_speed_range *out)
{
	struct cursor c = cursor_over(bytes, length);
	struct ftms_speed_range range;

	range.minimum = cursor_u16(&c);
	range.maximum = cursor_u16(&c);
	range.step = cursor_u16(&c);
	if (c.failed)
		return false;
	*out = range;
	return true;
}

bool ftms_inclination_range_decode(const uint8_t *bytes, size_t length,
                                   struct ftms_inclination_range *out)
{
	struct cursor c = cursor_over(bytes, length);
	struct ftms_inclination_range range;

	range.minimum = cursor_s16(&c);
	range.maximum = cursor_s16(&c);
	range.step = cursor_u16(&c);
	if (c.failed)
		return false;
	*out = range;
	return true;
}

/* ---- what a machine does ---- */

#define TRAINING_STRING 0x01u
#define TRAINING_EXTENDED_STRING 0x02u

bool ftms_training_status_decode(const uint8_t *bytes, size_t length,
                                 struct ftms_training_status *out)
{
	struct cursor c = cursor_over(bytes, length);
	struct ftms_training_status status = { .flags = cursor_u8(&c) };

	status.status = cursor_u8(&c);
	if (c.failed)
		return false;
	if (status.flags & (TRAINING_STRING | TRAINING_EXTENDED_STRING))
		radio_text(c.at, c.left, status.text, sizeof(status.text));
	*out = status;
	return true;
}

const char *ftms_training_status_name(uint8_t status)
{
	static const char *const names[] = {
		"other",
		"idle",
		"warming_up",
		"low_intensity_interval",
		"high_intensity_interval",
		"recovery_interval",
		"isometric",
		"heart_rate_control",
		"fitness_test",
		"speed_below_control_region",
		"speed_above_control_region",
		"cool_down",
		"watt_control",
		"manual_quick_start",
		"pre_workout",
		"post_workout",
	};

	return status < sizeof(names) / sizeof(names[0]) ? names[status] : NULL;
}

/* Octets of the parameter by op code; MANY: more than one number, which we
 * have no use for. Resistance was u8 in FTMS 1.0 and is s16 since. */
#define MANY 0x80u
#define SIGNED 0x40u
#define OCTETS 0x0fu

static const uint8_t status_parameters[] = {
	[0x02] = 1, /* stop or pause */
	[0x05] = 2, /* speed */
	[0x06] = 2 | SIGNED, /* incline */
	[0x07] = 2 | SIGNED, /* resistance */
	[0x08] = 2 | SIGNED, /* power */
	[0x09] = 1, /* heart rate */
	[0x0a] = 2, /* energy */
	[0x0b] = 2, /* steps */
	[0x0c] = 2, /* strides */
	[0x0d] = 3, /* distance */
	[0x0e] = 2, /* time */
	[0x0f] = 4 | MANY, /* times in two heart rate zones */
	[0x10] = 6 | MANY, /* in three */
	[0x11] = 10 | MANY, /* in five */
	[0x12] = 6 | MANY, /* bike simulation */
	[0x13] = 2, /* wheel circumference */
	[0x14] = 1, /* spin down */
	[0x15] = 2, /* cadence */
};

#define STATUS_RESISTANCE 0x07

static unsigned parameter_of(uint8_t op, size_t left)
{
	if (op >= sizeof(status_parameters))
		return 0;
	if (op == STATUS_RESISTANCE && left == 1)
		return 1;
	return status_parameters[op];
}

bool ftms_status_decode(const uint8_t *bytes, size_t length,
                        struct ftms_status *out)
{
	struct cursor c = cursor_over(bytes, length);
	struct ftms_status status = { .op = cursor_u8(&c) };
	unsigned parameter = parameter_of(status.op, c.left);
	size_t octets = parameter & OCTETS;

	if (c.failed)
		return false;
	if (octets > c.left) {
		*out = status;
		return true;
	}
	if (octets > 0 && !(parameter & MANY)) {
		uint32_t value = cursor_uint(&c, octets);

		status.has_parameter = true;
		status.parameter =
			parameter & SIGNED ? (int16_t)value : (int32_t)value;
		octets = 0;
	}
	status.trailing_octets = clamp_octets(c.left - octets);
	*out = status;
	return true;
}
