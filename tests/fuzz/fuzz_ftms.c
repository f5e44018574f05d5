/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any octets as each characteristic of a treadmill, and as a sequence of
 * Treadmill Data frames (length, tenths of a second, octets): what decodes
 * encodes to a frame that says the same, a frame that holds all it promises to
 * the same octets, a prefix to the same values as far as it goes, and a record
 * publishes nothing that no frame held.
 */
#include "protocol/ftms.h"
#include "tests/unit/ftms_value.h"

#include <stdlib.h>
#include <string.h>

#define FLAG_MORE_DATA 0x0001u
#define FLAGS_PACE 0x0060u
#define FLAG_STEPS 0x2000u
#define FLAGS_RESERVED 0xe000u
#define FIELDS_PACE (FTMS_PACE | FTMS_AVERAGE_PACE)
#define FRAME_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* The fields that both have, of those asked for, have the same values. */
static void require_same(const struct ftms_treadmill_data *a,
                         const struct ftms_treadmill_data *b, uint32_t fields)
{
	fields &= a->present & b->present;
	for (uint32_t bit = 1; bit <= FTMS_STEP_COUNT; bit <<= 1)
		require(!(fields & bit) ||
		        ftms_value(a, (enum ftms_field)bit) ==
		                ftms_value(b, (enum ftms_field)bit));
	require(!(fields & FIELDS_PACE) || a->pace_unit == b->pace_unit);
}

/* How many fields the flags promise, of enum ftms_field */
static int promised(uint16_t flags)
{
	static const uint8_t fields[] = { 1, 1, 1, 2, 2, 1, 1,
		                          3, 1, 1, 1, 1, 2, 1 };
	unsigned sent = flags ^ FLAG_MORE_DATA;
	int count = 0;

	for (size_t i = 0; i < sizeof(fields); i++)
		if (sent >> i & 1)
			count += fields[i];
	return count;
}

static void check_again(const struct ftms_treadmill_data *d,
                        const uint8_t *data, size_t size)
{
	struct ftms_treadmill_data again;
	uint8_t bytes[FRAME_MAX];
	size_t length = ftms_treadmill_data_encode(d, bytes, sizeof(bytes));
	bool whole = !d->cut && !d->pace_unclear && d->trailing_octets == 0 &&
	             __builtin_popcount(d->present) == promised(d->flags) &&
	             !(d->flags & FLAGS_RESERVED);

	require(length >= 2);
	if (d->present & FIELDS_PACE && d->present & FTMS_STEP_COUNT)
		return; /* the one pair that may read back as unclear */
	require(ftms_treadmill_data_decode(bytes, length, &again));
	require(!again.cut && !again.pace_unclear &&
	        again.trailing_octets == 0);
	require(again.more_data == d->more_data);
	require(again.present == d->present);
	require_same(&again, d, UINT32_MAX);
	if (whole)
		require(length == size && memcmp(bytes, data, size) == 0);
}

static void check_prefixes(const struct ftms_treadmill_data *d,
                           const uint8_t *data, size_t size)
{
	struct ftms_treadmill_data cut;

	if (d->flags & (FLAGS_PACE | FLAG_STEPS) || size > FRAME_MAX)
		return;
	for (size_t length = 0; length < size; length++) {
		if (!ftms_treadmill_data_decode(data, length, &cut))
			continue;
		require((cut.present & ~d->present) == 0);
		require_same(&cut, d, cut.present);
	}
}

static bool check_frame(const uint8_t *data, size_t size,
                        struct ftms_treadmill_data *d)
{
	d->present = UINT32_MAX;
	if (!ftms_treadmill_data_decode(data, size, d)) {
		require(d->present == UINT32_MAX); /* left untouched */
		return false;
	}
	require(__builtin_popcount(d->present) <= promised(d->flags));
	require(!d->more_data || !(d->present & FTMS_SPEED));
	require(d->more_data || d->present & FTMS_SPEED);
	require(!d->cut || d->trailing_octets == 0);
	require(!(d->present & FTMS_HEART_RATE) || d->heart_rate_bpm > 0);
	check_again(d, data, size);
	check_prefixes(d, data, size);
	return true;
}

static void check_sequence(const uint8_t *data, size_t size)
{
	struct ftms_record record = { 0 };
	uint64_t now_us = 0;
	uint32_t held = 0;

	while (size >= 2) {
		size_t length = data[0] < size - 2 ? data[0] : size - 2;
		struct ftms_treadmill_data frame, out;

		now_us += data[1] * UINT64_C(100000);
		if (check_frame(data + 2, length, &frame)) {
			held |= frame.present;
			if (ftms_record_feed(&record, &frame, now_us, &out)) {
				require(!frame.more_data && !out.more_data);
				require((out.present & ~held) == 0);
				require((frame.present & ~out.present) == 0);
				require_same(&out, &frame, frame.present);
				held = 0;
			} else {
				require(frame.more_data);
			}
		}
		data += 2 + length;
		size -= 2 + length;
	}
}

static void check_others(const uint8_t *data, size_t size)
{
	struct ftms_features features;
	struct ftms_speed_range speed;
	struct ftms_inclination_range inclination;
	struct ftms_training_status training;
	struct ftms_status status;

	require(ftms_feature_decode(data, size, &features) == (size >= 4));
	require(ftms_speed_range_decode(data, size, &speed) == (size >= 6));
	require(ftms_inclination_range_decode(data, size, &inclination) ==
	        (size >= 6));
	require(ftms_training_status_decode(data, size, &training) ==
	        (size >= 2));
	if (size >= 2) {
		require(memchr(training.text, 0, sizeof(training.text)) !=
		        NULL);
		require(strlen(training.text) <= size - 2);
		(void)ftms_training_status_name(training.status);
	}
	require(ftms_status_decode(data, size, &status) == (size >= 1));
	if (size >= 1)
		require(status.trailing_octets < size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ftms_treadmill_data d;

	check_frame(data, size, &d);
	check_sequence(data, size);
	check_others(data, size);
	return 0;
}
