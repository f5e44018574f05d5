/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "protocol/ftms.h"
#include "tests/unit/facts.h"
#include "tests/unit/ftms_value.h"
#include "tests/unit/suite.h"

#include <string.h>

#define OCTETS_MAX 128

/* The vector that fails, for fact_fail(). */
#define HERE(index) ((struct fact_row){ .path = "vector", .line = (index) })

/* ---- Treadmill Data by rule ---- */

#define ENERGY_ALL (FTMS_ENERGY | FTMS_ENERGY_PER_HOUR | FTMS_ENERGY_PER_MINUTE)

static const struct {
	const char *rule, *hex;
	bool decoded;
	uint32_t present;
	bool cut, unclear;
	unsigned trailing;
	enum ftms_field look;
	double value;
} vectors[] = {
	{ "no flags", "", false, 0, 0, 0, 0, 0, 0 },
	{ "half the flags", "00", false, 0, 0, 0, 0, 0, 0 },
	{ "speed promised, nothing sent", "0000", false, 0, 0, 0, 0, 0, 0 },
	{ "nothing promised, nothing sent", "0100", true, 0, 0, 0, 0, 0, 0 },
	{ "the first field is cut", "0000e8", false, 0, 0, 0, 0, 0, 0 },
	{ "the first field of a part is cut", "05001000", false, 0, 0, 0, 0, 0,
	  0 },
	{ "speed alone", "0000e803", true, FTMS_SPEED, 0, 0, 0, FTMS_SPEED,
	  1000 },
	{ "all zero is a frame", "00000000", true, FTMS_SPEED, 0, 0, 0,
	  FTMS_SPEED, 0 },
	{ "idle frame of a Horizon (QZ#175)", "8404000000000000000000000000",
	  true, FTMS_SPEED | FTMS_DISTANCE | ENERGY_ALL | FTMS_ELAPSED_TIME, 0,
	  0, 0, FTMS_ELAPSED_TIME, 0 },
	{ "the second field is cut", "0200e80301", true, FTMS_SPEED, true, 0, 0,
	  FTMS_SPEED, 1000 },
	{ "cut in the middle of a u24", "0400e8031027", true, FTMS_SPEED, true,
	  0, 0, FTMS_SPEED, 1000 },
	{ "cut between inclination and ramp", "0800e8033200", true,
	  FTMS_SPEED | FTMS_INCLINATION, true, 0, 0, FTMS_INCLINATION, 50 },
	{ "cut within energy", "8000e803050001", true, FTMS_SPEED | FTMS_ENERGY,
	  true, 0, 0, FTMS_ENERGY, 5 },
	{ "zero padding", "0000e8030000000000", true, FTMS_SPEED, 0, 0, 5,
	  FTMS_SPEED, 1000 },
	{ "zero padding is no pace", "8000e80305006400020000", true,
	  FTMS_SPEED | ENERGY_ALL, 0, 0, 2, FTMS_ENERGY_PER_MINUTE, 2 },
	{ "bits 14 and 15 are nobody's", "00c0e803aabb", true, FTMS_SPEED, 0, 0,
	  2, FTMS_SPEED, 1000 },
	{ "downhill", "0800e803ceff0a00", true,
	  FTMS_SPEED | FTMS_INCLINATION | FTMS_RAMP_ANGLE, 0, 0, 0,
	  FTMS_INCLINATION, -50 },
	{ "no inclination", "0800e803ff7f0a00", true,
	  FTMS_SPEED | FTMS_RAMP_ANGLE, 0, 0, 0, FTMS_RAMP_ANGLE, 10 },
	{ "no gain", "1000e803ff7f0a00", true, FTMS_SPEED | FTMS_ELEVATION_LOSS,
	  0, 0, 0, FTMS_ELEVATION_LOSS, 10 },
	{ "no loss (Life Fitness, TMIW#462)", "1000e8030a00ff7f", true,
	  FTMS_SPEED | FTMS_ELEVATION_GAIN, 0, 0, 0, FTMS_ELEVATION_GAIN, 10 },
	{ "no gain, the other way", "1000e803ffff0a00", true,
	  FTMS_SPEED | FTMS_ELEVATION_LOSS, 0, 0, 0, FTMS_ELEVATION_LOSS, 10 },
	{ "no loss (Matrix)", "1000e8030a00ffff", true,
	  FTMS_SPEED | FTMS_ELEVATION_GAIN, 0, 0, 0, FTMS_ELEVATION_GAIN, 10 },
	{ "energy not available", "8000e803ffffffffff", true, FTMS_SPEED, 0, 0,
	  0, FTMS_SPEED, 1000 },
	{ "energy in part", "8000e8030500ffff04", true,
	  FTMS_SPEED | FTMS_ENERGY | FTMS_ENERGY_PER_MINUTE, 0, 0, 0,
	  FTMS_ENERGY_PER_MINUTE, 4 },
	{ "heart rate", "0001e80391", true, FTMS_SPEED | FTMS_HEART_RATE, 0, 0,
	  0, FTMS_HEART_RATE, 145 },
	{ "heart rate 0 is none", "0001e80300", true, FTMS_SPEED, 0, 0, 0,
	  FTMS_SPEED, 1000 },
	{ "force and power, signed", "0010e803f6ff1a00", true,
	  FTMS_SPEED | FTMS_FORCE_ON_BELT | FTMS_POWER_OUTPUT, 0, 0, 0,
	  FTMS_FORCE_ON_BELT, -10 },
	{ "power not available", "0010e803f6ffff7f", true,
	  FTMS_SPEED | FTMS_FORCE_ON_BELT, 0, 0, 0, FTMS_FORCE_ON_BELT, -10 },
	{ "steps u24", "0020e803010203", true, FTMS_SPEED | FTMS_STEP_COUNT, 0,
	  0, 0, FTMS_STEP_COUNT, 0x030201 },
	{ "steps u16 (KingSmith Z1)", "0020e8030102", true,
	  FTMS_SPEED | FTMS_STEP_COUNT, 0, 0, 0, FTMS_STEP_COUNT, 0x0201 },
	{ "steps u16 and 00 (KingSmith)", "0020e803010200", true,
	  FTMS_SPEED | FTMS_STEP_COUNT, 0, 0, 0, FTMS_STEP_COUNT, 0x0201 },
	{ "step bit without octets", "0020e803", true, FTMS_SPEED, 0, 0, 0,
	  FTMS_SPEED, 1000 },
	{ "step bit alone in a part", "0120", true, 0, 0, 0, 0, 0, 0 },
	{ "steps cut to one octet", "0020e80301", true, FTMS_SPEED, true, 0, 0,
	  FTMS_SPEED, 1000 },
	{ "one octet of steps is nothing", "012001", false, 0, 0, 0, 0, 0, 0 },
	{ "steps, then padding", "0020e8030102030000", true,
	  FTMS_SPEED | FTMS_STEP_COUNT, 0, 0, 2, FTMS_STEP_COUNT, 0x030201 },
	{ "no steps behind a cut", "0420e8031000", true, FTMS_SPEED, true, 0, 0,
	  FTMS_SPEED, 1000 },
	{ "pace u8", "2000e8033c", true, FTMS_SPEED | FTMS_PACE, 0, 0, 0,
	  FTMS_PACE, 60 },
	{ "pace u16", "2000e8032c01", true, FTMS_SPEED | FTMS_PACE, 0, 0, 0,
	  FTMS_PACE, 300 },
	{ "both paces u8", "6000e8033c3d", true,
	  FTMS_SPEED | FTMS_PACE | FTMS_AVERAGE_PACE, 0, 0, 0,
	  FTMS_AVERAGE_PACE, 61 },
	{ "both paces u16", "6000e8032c012d01", true,
	  FTMS_SPEED | FTMS_PACE | FTMS_AVERAGE_PACE, 0, 0, 0,
	  FTMS_AVERAGE_PACE, 301 },
	{ "pace u8 before others", "2005e8033c913300", true,
	  FTMS_SPEED | FTMS_PACE | FTMS_HEART_RATE | FTMS_ELAPSED_TIME, 0, 0, 0,
	  FTMS_ELAPSED_TIME, 51 },
	{ "pace u16 before others", "2005e8032c01913300", true,
	  FTMS_SPEED | FTMS_PACE | FTMS_HEART_RATE | FTMS_ELAPSED_TIME, 0, 0, 0,
	  FTMS_HEART_RATE, 145 },
	{ "pace of no width", "2000e8032c0100", true, FTMS_SPEED, false, true,
	  0, FTMS_SPEED, 1000 },
	{ "pace promised, not sent", "2000e803", true, FTMS_SPEED, true, true,
	  0, FTMS_SPEED, 1000 },
	{ "pace of no width, gain before it", "3000e8030a000b0001020304", true,
	  FTMS_SPEED | FTMS_ELEVATION_GAIN | FTMS_ELEVATION_LOSS, false, true,
	  0, FTMS_ELEVATION_LOSS, 11 },
	{ "pace of no width, nothing else", "2100010203", false, 0, 0, 0, 0, 0,
	  0 },
	{ "cut before the paces (TMIW#577)", "fe17320136013200003200", true,
	  FTMS_SPEED | FTMS_AVERAGE_SPEED | FTMS_DISTANCE | FTMS_INCLINATION,
	  true, true, 0, FTMS_DISTANCE, 50 },
	{ "pace u8 and steps u16", "2020e8033c0102", true,
	  FTMS_SPEED | FTMS_PACE | FTMS_STEP_COUNT, 0, 0, 0, FTMS_STEP_COUNT,
	  0x0201 },
	{ "pace u8 and steps u24, or u16 and u16", "2020e8033c010200", true,
	  FTMS_SPEED, false, true, 0, FTMS_SPEED, 1000 },
	{ "pace u16 and steps u24", "2020e8032c01010203", true,
	  FTMS_SPEED | FTMS_PACE | FTMS_STEP_COUNT, 0, 0, 0, FTMS_STEP_COUNT,
	  0x030201 },
};

#define VECTORS (sizeof(vectors) / sizeof(vectors[0]))

union slate {
	struct ftms_treadmill_data data;
	uint8_t octets[sizeof(struct ftms_treadmill_data)];
};

static bool is_blank(const union slate *slate)
{
	for (size_t i = 0; i < sizeof(slate->octets); i++)
		if (slate->octets[i] != 0xa5)
			return false;
	return true;
}

static void check_decoded(size_t i, const struct ftms_treadmill_data *d)
{
	struct fact_row here = HERE((unsigned)i);

	if (d->present == vectors[i].present && d->cut == vectors[i].cut &&
	    d->pace_unclear == vectors[i].unclear &&
	    d->trailing_octets == vectors[i].trailing &&
	    (!vectors[i].look ||
	     ftms_value(d, vectors[i].look) == vectors[i].value))
		return;
	fact_fail(&here, "%s: fields %05x, cut %d, unclear %d, trailing %u",
	          vectors[i].rule, d->present, d->cut, d->pace_unclear,
	          d->trailing_octets);
}

static void check_vector(size_t i)
{
	struct fact_row here = HERE((unsigned)i);
	union slate out;
	uint8_t bytes[OCTETS_MAX];
	size_t length = fact_hex(&here, vectors[i].hex, bytes, sizeof(bytes));

	memset(&out, 0xa5, sizeof(out));
	if (ftms_treadmill_data_decode(bytes, length, &out.data) !=
	    vectors[i].decoded)
		fact_fail(&here, "%s: decoded or not", vectors[i].rule);
	else if (vectors[i].decoded)
		check_decoded(i, &out.data);
	else
		CU_ASSERT_TRUE(is_blank(&out));
}

static void test_rules(void)
{
	for (size_t i = 0; i < VECTORS; i++)
		check_vector(i);
}

/* Every prefix of a frame holds the whole values before the cut, and no more.
 */
static void test_every_cut(void)
{
	static const char hex[] =
		"9e1fc60394023e01005a00ff7f3200ffff2500f4010a9132"
		"33005802f6ff1a00";
	static const size_t whole_at[] = { 4,  6,  9,  11, 15, 19, 21,
		                           22, 23, 24, 26, 28, 30 };
	struct ftms_treadmill_data d;
	uint8_t bytes[OCTETS_MAX];
	size_t length = fact_hex(&HERE(0), hex, bytes, sizeof(bytes));
	unsigned fields_before = 0;

	CU_ASSERT_EQUAL_FATAL(length, 32);
	for (size_t at = 0; at <= length; at++) {
		unsigned fields = 0, expected = 0;

		if (ftms_treadmill_data_decode(bytes, at, &d)) {
			fields = (unsigned)__builtin_popcount(d.present);
			CU_ASSERT_EQUAL(d.cut, at < length);
		}
		for (size_t i = 0; i < sizeof(whole_at) / sizeof(whole_at[0]);
		     i++)
			expected += whole_at[i] <= at;
		expected += at >= length;
		if (fields < fields_before || (at <= 21 && fields != expected))
			fact_fail(&HERE((unsigned)at), "%u fields of %u",
			          fields, expected);
		fields_before = fields;
	}
	CU_ASSERT_EQUAL(fields_before, 14);
}

static void test_encode_is_what_was_sent(void)
{
	static const char *const frames[] = {
		"0000e803",
		"0100",
		"8c050000000000000000000000ffffff910000",
		"9f0061003600000000ff7f0000ffff05006e0002",
		"8424640020000001000000002800380000",
		"2000e8033c",
		"6000e8032c012d01",
		/* every field, pace u8 and u16: 34 and 36 octets */
		"fe1fe80320031027001900cdff0a000b003c3d0500640002913233005802f6"
		"ff1a00",
		"fe1fe80320031027001900cdff0a000b002c012d0105006400029132330058"
		"02f6ff"
		"1a00",
	};

	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		struct fact_row here = HERE((unsigned)i);
		struct ftms_treadmill_data d = { 0 };
		uint8_t bytes[OCTETS_MAX], again[OCTETS_MAX];
		size_t length =
			fact_hex(&here, frames[i], bytes, sizeof(bytes));

		CU_ASSERT_TRUE(ftms_treadmill_data_decode(bytes, length, &d));
		CU_ASSERT_FALSE(d.cut);
		CU_ASSERT_EQUAL(
			ftms_treadmill_data_encode(&d, again, length - 1), 0);
		CU_ASSERT_EQUAL_FATAL(
			ftms_treadmill_data_encode(&d, again, sizeof(again)),
			length);
		if (memcmp(bytes, again, length) != 0)
			fact_fail(&here, "encoded otherwise: %s", frames[i]);
	}
}

/* ---- More Data ---- */

static struct ftms_treadmill_data frame_of(const char *hex)
{
	struct ftms_treadmill_data d = { 0 };
	uint8_t bytes[OCTETS_MAX];
	size_t length = fact_hex(&HERE(0), hex, bytes, sizeof(bytes));

	CU_ASSERT_TRUE_FATAL(ftms_treadmill_data_decode(bytes, length, &d));
	return d;
}

static bool feed(struct ftms_record *record, const char *hex, unsigned ms,
                 struct ftms_treadmill_data *out)
{
	struct ftms_treadmill_data frame = frame_of(hex);

	return ftms_record_feed(record, &frame, ms * UINT64_C(1000), out);
}

#define SPEED_10 "0000e803"
#define STEPS_7 "0120070000"
#define STEPS_9 "0120090000"
#define DISTANCE_PART "0500100000"
#define HEART_PART "010191"
#define MET_PART "010232"
#define ELAPSED_PART "01043300"

static void test_record_parts_first(void)
{
	struct ftms_record record = { 0 };
	struct ftms_treadmill_data out = { 0 };

	/* Matrix Performance TouchXL, TrackMyIndoorWorkout#490 */
	CU_ASSERT_FALSE(feed(
		&record, "9f0061003600000000ff7f0000ffff05006e0002", 0, &out));
	CU_ASSERT_TRUE(feed(&record, "001f71000002cc003c06ff7f1a00", 60, &out));
	CU_ASSERT_EQUAL(out.speed, 113);
	CU_ASSERT_EQUAL(out.average_speed, 97);
	CU_ASSERT_EQUAL(out.distance_m, 54);
	CU_ASSERT_EQUAL(out.energy_per_hour_kcal, 110);
	CU_ASSERT_EQUAL(out.power_w, 26);
	CU_ASSERT_EQUAL(out.present,
	                FTMS_SPEED | FTMS_AVERAGE_SPEED | FTMS_DISTANCE |
	                        FTMS_INCLINATION | FTMS_ELEVATION_GAIN |
	                        ENERGY_ALL | FTMS_MET | FTMS_ELAPSED_TIME |
	                        FTMS_REMAINING_TIME | FTMS_POWER_OUTPUT);
	CU_ASSERT_FALSE(out.more_data);
	CU_ASSERT_EQUAL(out.flags, 0x1f9e);
	/* the parts belong to one record only */
	CU_ASSERT_TRUE(feed(&record, SPEED_10, 1000, &out));
	CU_ASSERT_EQUAL(out.present, FTMS_SPEED);
}

static void test_record_parts_last(void)
{
	struct ftms_record record = { 0 };
	struct ftms_treadmill_data out = { 0 };

	/* FitLogic T12B: speed is not held back, its part goes to the next */
	CU_ASSERT_TRUE(feed(&record, SPEED_10, 0, &out));
	CU_ASSERT_EQUAL(out.present, FTMS_SPEED);
	CU_ASSERT_FALSE(feed(&record, STEPS_7, 100, &out));
	CU_ASSERT_TRUE(feed(&record, SPEED_10, 1000, &out));
	CU_ASSERT_EQUAL(out.present, FTMS_SPEED | FTMS_STEP_COUNT);
	CU_ASSERT_EQUAL(out.steps, 7);
	CU_ASSERT_FALSE(feed(&record, STEPS_9, 1100, &out));
	CU_ASSERT_TRUE(feed(&record, SPEED_10, 2000, &out));
	CU_ASSERT_EQUAL(out.steps, 9);
}

static void test_record_repeat_starts_again(void)
{
	struct ftms_record record = { 0 };
	struct ftms_treadmill_data out = { 0 };

	CU_ASSERT_FALSE(feed(&record, DISTANCE_PART, 0, &out));
	CU_ASSERT_FALSE(feed(&record, STEPS_7, 100, &out));
	CU_ASSERT_FALSE(feed(&record, STEPS_9, 1000, &out));
	CU_ASSERT_TRUE(feed(&record, SPEED_10, 1100, &out));
	CU_ASSERT_EQUAL(out.present, FTMS_SPEED | FTMS_STEP_COUNT);
	CU_ASSERT_EQUAL(out.steps, 9);
}

static void test_record_own_value_wins(void)
{
	struct ftms_record record = { 0 };
	struct ftms_treadmill_data out = { 0 };

	CU_ASSERT_FALSE(feed(&record, DISTANCE_PART, 0, &out));
	CU_ASSERT_TRUE(feed(&record, "0400e803110000", 100, &out));
	CU_ASSERT_EQUAL(out.distance_m, 0x11);
}

static void test_record_too_old(void)
{
	struct ftms_record record = { 0 };
	struct ftms_treadmill_data out = { 0 };

	CU_ASSERT_FALSE(feed(&record, STEPS_7, 5000, &out));
	CU_ASSERT_TRUE(feed(&record, SPEED_10, 7000, &out));
	CU_ASSERT_EQUAL(out.present, FTMS_SPEED | FTMS_STEP_COUNT);
	CU_ASSERT_FALSE(feed(&record, STEPS_9, 8000, &out));
	CU_ASSERT_TRUE(feed(&record, SPEED_10, 10001, &out));
	CU_ASSERT_EQUAL(out.present, FTMS_SPEED);
	/* an old part does not take a new one with it */
	CU_ASSERT_FALSE(feed(&record, DISTANCE_PART, 11000, &out));
	CU_ASSERT_FALSE(feed(&record, STEPS_7, 14000, &out));
	CU_ASSERT_TRUE(feed(&record, SPEED_10, 14100, &out));
	CU_ASSERT_EQUAL(out.present, FTMS_SPEED | FTMS_STEP_COUNT);
}

static void test_record_too_many_parts(void)
{
	struct ftms_record record = { 0 };
	struct ftms_treadmill_data out = { 0 };

	CU_ASSERT_FALSE(feed(&record, DISTANCE_PART, 0, &out));
	CU_ASSERT_FALSE(feed(&record, HEART_PART, 10, &out));
	CU_ASSERT_FALSE(feed(&record, MET_PART, 20, &out));
	CU_ASSERT_FALSE(feed(&record, ELAPSED_PART, 30, &out));
	CU_ASSERT_TRUE(feed(&record, SPEED_10, 40, &out));
	CU_ASSERT_EQUAL(out.present, FTMS_SPEED | FTMS_DISTANCE |
	                                     FTMS_HEART_RATE | FTMS_MET |
	                                     FTMS_ELAPSED_TIME);
	CU_ASSERT_FALSE(feed(&record, DISTANCE_PART, 1000, &out));
	CU_ASSERT_FALSE(feed(&record, HEART_PART, 1010, &out));
	CU_ASSERT_FALSE(feed(&record, MET_PART, 1020, &out));
	CU_ASSERT_FALSE(feed(&record, ELAPSED_PART, 1030, &out));
	CU_ASSERT_FALSE(feed(&record, STEPS_7, 1040, &out));
	CU_ASSERT_TRUE(feed(&record, SPEED_10, 1050, &out));
	CU_ASSERT_EQUAL(out.present, FTMS_SPEED);
}

/* Two parts with paces of two kinds cannot share one unit. */
static void test_record_pace_units(void)
{
	struct ftms_record record = { 0 };
	struct ftms_treadmill_data out = { 0 };

	CU_ASSERT_FALSE(feed(&record, "41002c01", 0, &out));
	CU_ASSERT_TRUE(feed(&record, "2000e8033c", 10, &out));
	CU_ASSERT_EQUAL(out.present, FTMS_SPEED | FTMS_PACE);
	CU_ASSERT_EQUAL(out.pace_unit, FTMS_PACE_100M_PER_MIN);
	CU_ASSERT_FALSE(feed(&record, "41002c01", 1000, &out));
	CU_ASSERT_TRUE(feed(&record, SPEED_10, 1010, &out));
	CU_ASSERT_EQUAL(out.present, FTMS_SPEED | FTMS_AVERAGE_PACE);
	CU_ASSERT_EQUAL(out.pace_unit, FTMS_PACE_S_PER_500M);
	CU_ASSERT_EQUAL(out.average_pace, 300);
}

/* ---- the short characteristics ---- */

static void test_features(void)
{
	static const uint8_t bytes[] = {
		0xdc, 0x56, 0, 0, 0x0f, 0, 0, 0, 0xff
	};
	struct ftms_features f = { .targets = 77 };

	CU_ASSERT_FALSE(ftms_feature_decode(bytes, 3, &f));
	CU_ASSERT_EQUAL(f.targets, 77);
	CU_ASSERT_TRUE(ftms_feature_decode(bytes, sizeof(bytes), &f));
	CU_ASSERT_EQUAL(f.machine, 0x56dc);
	CU_ASSERT_EQUAL(f.targets, 0x0f);
	CU_ASSERT_TRUE(f.machine & FTMS_FEATURE_INCLINATION);
	CU_ASSERT_TRUE(ftms_feature_decode(bytes, 4, &f));
	CU_ASSERT_EQUAL(f.targets, 0);
}

static void test_ranges(void)
{
	static const uint8_t bytes[] = { 0xe2, 0xff, 0x96, 0x00,
		                         0x05, 0x00, 0x00 };
	struct ftms_speed_range speed = { .step = 77 };
	struct ftms_inclination_range inclination = { .step = 77 };

	CU_ASSERT_FALSE(ftms_speed_range_decode(bytes, 5, &speed));
	CU_ASSERT_FALSE(ftms_inclination_range_decode(bytes, 5, &inclination));
	CU_ASSERT_EQUAL(speed.step, 77);
	CU_ASSERT_EQUAL(inclination.step, 77);
	CU_ASSERT_TRUE(ftms_speed_range_decode(bytes, sizeof(bytes), &speed));
	CU_ASSERT_EQUAL(speed.minimum, 0xffe2);
	CU_ASSERT_TRUE(ftms_inclination_range_decode(bytes, sizeof(bytes),
	                                             &inclination));
	CU_ASSERT_EQUAL(inclination.minimum, -30);
	CU_ASSERT_EQUAL(inclination.maximum, 150);
	CU_ASSERT_EQUAL(inclination.step, 5);
}

static void test_training_text(void)
{
	uint8_t bytes[100] = { 0x01, 0x0b, 'C', 'o', 'o', 'l', 0, 'x' };
	struct ftms_training_status s = { .status = 77 };

	CU_ASSERT_FALSE(ftms_training_status_decode(bytes, 0, &s));
	CU_ASSERT_FALSE(ftms_training_status_decode(bytes, 1, &s));
	CU_ASSERT_EQUAL(s.status, 77);
	CU_ASSERT_TRUE(ftms_training_status_decode(bytes, 5, &s));
	CU_ASSERT_STRING_EQUAL(s.text, "Coo");
	CU_ASSERT_TRUE(ftms_training_status_decode(bytes, 8, &s));
	CU_ASSERT_STRING_EQUAL(s.text, "Cool");
	CU_ASSERT_STRING_EQUAL(ftms_training_status_name(s.status),
	                       "cool_down");
	bytes[0] = 0x02;
	CU_ASSERT_TRUE(ftms_training_status_decode(bytes, 6, &s));
	CU_ASSERT_STRING_EQUAL(s.text, "Cool");
	bytes[0] = 0x00;
	CU_ASSERT_TRUE(ftms_training_status_decode(bytes, 6, &s));
	CU_ASSERT_STRING_EQUAL(s.text, "");
	CU_ASSERT_PTR_NULL(ftms_training_status_name(0x10));
	CU_ASSERT_PTR_NULL(ftms_training_status_name(0xff));
	/* 62 letters and a character of three octets: it does not fit */
	memset(bytes, 'a', sizeof(bytes));
	bytes[0] = 0x01;
	memcpy(bytes + 2 + 62, "\xe2\x82\xac", 3);
	CU_ASSERT_TRUE(ftms_training_status_decode(bytes, sizeof(bytes), &s));
	CU_ASSERT_EQUAL(strlen(s.text), 62);
}

static void test_statuses(void)
{
	static const struct {
		const char *rule, *hex;
		uint8_t op;
		bool has_parameter;
		int32_t parameter;
		uint8_t trailing;
	} rows[] = {
		{ "reset", "01", FTMS_STATUS_RESET, false, 0, 0 },
		{ "stop", "0201", FTMS_STATUS_STOPPED_OR_PAUSED, true, 1, 0 },
		{ "stop or pause, unsaid", "02", FTMS_STATUS_STOPPED_OR_PAUSED,
		  false, 0, 0 },
		{ "safety key", "03", FTMS_STATUS_SAFETY_KEY, false, 0, 0 },
		{ "started, more octets (UREVO)", "040100", FTMS_STATUS_STARTED,
		  false, 0, 2 },
		{ "target speed cut", "05c1", FTMS_STATUS_TARGET_SPEED, false,
		  0, 0 },
		{ "target incline below 0", "06e2ff",
		  FTMS_STATUS_TARGET_INCLINE, true, -30, 0 },
		{ "resistance of FTMS 1.0", "07c8", 0x07, true, 200, 0 },
		{ "resistance since 1.0.1", "07c8ff", 0x07, true, -56, 0 },
		{ "target power", "08ffff", 0x08, true, -1, 0 },
		{ "target distance", "0d102700", 0x0d, true, 10000, 0 },
		{ "times in zones", "0f01000200ff", 0x0f, false, 0, 1 },
		{ "control lost", "ff", FTMS_STATUS_CONTROL_LOST, false, 0, 0 },
		{ "unknown", "770102", 0x77, false, 0, 2 },
	};
	struct ftms_status s = { .op = 77 };

	CU_ASSERT_FALSE(ftms_status_decode(NULL, 0, &s));
	CU_ASSERT_EQUAL(s.op, 77);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fact_row here = HERE((unsigned)i);
		uint8_t bytes[OCTETS_MAX];
		size_t length =
			fact_hex(&here, rows[i].hex, bytes, sizeof(bytes));

		CU_ASSERT_TRUE(ftms_status_decode(bytes, length, &s));
		if (s.op != rows[i].op ||
		    s.has_parameter != rows[i].has_parameter ||
		    s.parameter != rows[i].parameter ||
		    s.trailing_octets != rows[i].trailing)
			fact_fail(&here, "%s: %02x %d %d %u", rows[i].rule,
			          s.op, s.has_parameter, s.parameter,
			          s.trailing_octets);
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "Treadmill Data by rule (3.1, 3.2, 4)", test_rules },
		{ "a frame cut at every octet", test_every_cut },
		{ "encoded as it was sent", test_encode_is_what_was_sent },
		{ "More Data: parts, then speed (Matrix)",
		  test_record_parts_first },
		{ "More Data: speed, then parts (FitLogic)",
		  test_record_parts_last },
		{ "More Data: a repeat starts again",
		  test_record_repeat_starts_again },
		{ "More Data: the frame's own value wins",
		  test_record_own_value_wins },
		{ "More Data: parts of more than 2 s ago",
		  test_record_too_old },
		{ "More Data: at most 4 parts", test_record_too_many_parts },
		{ "More Data: two units of pace", test_record_pace_units },
		{ "Feature 2ACC (3.3)", test_features },
		{ "ranges 2AD4, 2AD5 (3.4)", test_ranges },
		{ "Training Status 2AD3: its text (3.5)", test_training_text },
		{ "Fitness Machine Status 2ADA (3.6)", test_statuses },
		CU_TEST_INFO_NULL,
	};

	return suite_run("ftms", tests);
}
