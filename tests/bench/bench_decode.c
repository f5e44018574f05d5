/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * make bench: nanoseconds a frame, for all real frames of tests/data, beside a
 * checked reader that was written for nothing but speed (floor/reader.h).
 *
 *	bench_decode FTMS-FRAMES.tsv FOOTPOD-FRAMES.tsv
 *
 * Before anything is timed both read every frame, each of its beginnings, and as
 * many with an octet changed; a difference between what they read ends the bench.
 */
#include "protocol/ant.h"
#include "protocol/ftms.h"
#include "protocol/rsc.h"
#include "protocol/sdm.h"
#include "tests/bench/floor/reader.h"
#include "tests/bench/table.h"
#include "tests/unit/ftms_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES_MAX 1024
#define OCTETS_MAX 128
#define ROUNDS 21
#define FRAMES_A_ROUND 400000
#define LIMIT 1.5

struct frame {
	uint8_t *bytes; /* of its own size, so that a sanitizer sees who reads on */
	size_t length;
};

/* One kind of frame, read by ours and by the floor into what `sum_*` makes a
 * number of: 0 when it was refused. */
struct kind {
	const char *what;
	const char *words[6]; /* in the second column of the file */
	void (*ours)(const struct frame *frame);
	void (*floor)(const struct frame *frame);
	uint64_t (*sum_ours)(const struct frame *frame);
	uint64_t (*sum_floor)(const struct frame *frame);
	struct frame frames[FRAMES_MAX];
	size_t count;
};

/* ---- Treadmill Data ------------------------------------------------------ */

static void treadmill(const struct frame *f)
{
	struct ftms_treadmill_data data;

	ftms_treadmill_data_decode(f->bytes, f->length, &data);
	table_use(&data);
}

static void treadmill_floor(const struct frame *f)
{
	struct reader_treadmill data;

	reader_treadmill(f->bytes, f->length, &data);
	table_use(&data);
}

static uint64_t sum_of(const uint32_t *numbers, size_t count)
{
	uint64_t sum = TABLE_SUM;

	for (size_t i = 0; i < count; i++)
		sum = table_sum(sum, numbers[i]);
	return sum;
}

static uint64_t treadmill_sum(const struct frame *f)
{
	struct ftms_treadmill_data d;
	uint64_t sum;

	if (!ftms_treadmill_data_decode(f->bytes, f->length, &d))
		return 0;
	sum = sum_of((const uint32_t[]){ d.present, d.flags, d.more_data, d.cut,
	                                 d.pace_unclear, d.trailing_octets, d.pace_unit }, 7);
	for (uint32_t field = 1; field <= FTMS_STEP_COUNT; field <<= 1) {
		int32_t value = (int32_t)ftms_value(&d, (enum ftms_field)field);

		if (d.present & field) /* the floor leaves off the sign */
			sum = table_sum(sum, value < 0 ? (uint16_t)value : (uint32_t)value);
	}
	return sum;
}

static uint64_t treadmill_floor_sum(const struct frame *f)
{
	struct reader_treadmill d;
	uint64_t sum;

	if (!reader_treadmill(f->bytes, f->length, &d))
		return 0;
	sum = sum_of((const uint32_t[]){ d.present, d.flags, d.more_data, d.cut,
	                                 d.pace_unclear, d.trailing, d.pace_octets }, 7);
	for (unsigned i = 0; i < READER_TREADMILL_FIELDS; i++)
		if (d.present >> i & 1)
			sum = table_sum(sum, d.value[i]);
	return sum;
}
/* ---- what a machine can and does ----------------------------------------- */

/* The kinds of this group by their length are told apart by nothing but the
 * characteristic: each frame has it before its octets. */
static uint16_t uuid_of(const struct frame *f)
{
	return (uint16_t)(f->bytes[0] << 8 | f->bytes[1]);
}

struct about {
	bool read;
	uint32_t number[4];
};

static void about_read(const uint8_t *bytes, size_t length, uint16_t uuid, struct about *out)
{
	struct ftms_features features;
	struct ftms_speed_range speed;
	struct ftms_inclination_range incline;
	struct ftms_status status;

	if (uuid == FTMS_UUID_FEATURE) {
		out->read = ftms_feature_decode(bytes, length, &features) && length >= 8;
		if (out->read)
			*out = (struct about){ true, { features.machine, features.targets } };
	} else if (uuid == FTMS_UUID_SPEED_RANGE) {
		out->read = ftms_speed_range_decode(bytes, length, &speed);
		if (out->read)
			*out = (struct about){ true, { speed.minimum, speed.maximum, speed.step } };
	} else if (uuid == FTMS_UUID_INCLINATION_RANGE) {
		out->read = ftms_inclination_range_decode(bytes, length, &incline);
		if (out->read)
			*out = (struct about){ true, { (uint16_t)incline.minimum,
			                               (uint16_t)incline.maximum,
			                               incline.step } };
	} else {
		out->read = ftms_status_decode(bytes, length, &status);
		if (out->read)
			*out = (struct about){ true, { status.op, status.has_parameter,
			                               status.trailing_octets,
			                               status.has_parameter ?
			                               (uint32_t)status.parameter : 0 } };
	}
}

static void about_floor_read(const uint8_t *bytes, size_t length, uint16_t uuid,
                             struct about *out)
{
	struct reader_status status;

	*out = (struct about){ 0 };
	if (uuid == FTMS_UUID_FEATURE) {
		out->read = reader_numbers(bytes, length, 4, 2, out->number);
	} else if (uuid == FTMS_UUID_SPEED_RANGE || uuid == FTMS_UUID_INCLINATION_RANGE) {
		out->read = reader_numbers(bytes, length, 2, 3, out->number);
	} else {
		out->read = reader_status(bytes, length, &status);
		if (out->read)
			*out = (struct about){ true, { status.op, status.has_parameter,
			                               status.trailing,
			                               (uint32_t)status.parameter } };
	}
}

static void about(const struct frame *f)
{
	struct about out;

	about_read(f->bytes + 2, f->length - 2, uuid_of(f), &out);
	table_use(&out);
}

static void about_floor(const struct frame *f)
{
	struct about out;

	about_floor_read(f->bytes + 2, f->length - 2, uuid_of(f), &out);
	table_use(&out);
}

static uint64_t sum_about(const struct about *about)
{
	uint64_t sum = TABLE_SUM;

	for (size_t i = 0; i < 4; i++)
		sum = table_sum(sum, about->number[i]);
	return about->read ? sum : 0;
}

static uint64_t about_sum(const struct frame *f)
{
	struct about out;

	if (f->length < 2)
		return 0;
	about_read(f->bytes + 2, f->length - 2, uuid_of(f), &out);
	return sum_about(&out);
}

static uint64_t about_floor_sum(const struct frame *f)
{
	struct about out;

	if (f->length < 2)
		return 0;
	about_floor_read(f->bytes + 2, f->length - 2, uuid_of(f), &out);
	return sum_about(&out);
}

/* ---- RSC Measurement ----------------------------------------------------- */

static void rsc(const struct frame *f)
{
	struct rsc_measurement m;

	rsc_measurement_decode(f->bytes, f->length, &m);
	table_use(&m);
}

static void rsc_floor(const struct frame *f)
{
	struct reader_rsc m;

	reader_rsc(f->bytes, f->length, &m);
	table_use(&m);
}

static uint64_t rsc_sum(const struct frame *f)
{
	struct rsc_measurement m;

	if (!rsc_measurement_decode(f->bytes, f->length, &m))
		return 0;
	return sum_of((const uint32_t[]){ m.flags, m.speed, m.cadence, m.stride_length_cm,
	                                  m.total_distance }, 5);
}

static uint64_t rsc_floor_sum(const struct frame *f)
{
	struct reader_rsc m;

	if (!reader_rsc(f->bytes, f->length, &m))
		return 0;
	return sum_of((const uint32_t[]){ m.flags, m.speed, m.cadence, m.stride_length_cm,
	                                  m.total_distance }, 5);
}

/* ---- a stick's frame, and the foot pod's page in it ----------------------- */

struct pod {
	struct ant_message message;
	struct ant_data data;
	struct sdm_page1 page1;
	struct sdm_page2 page2;
	bool is_data, is_page1, is_page2;
};

static bool pod_read(const struct frame *f, struct pod *out)
{
	if (!ant_frame_decode(f->bytes, f->length, &out->message))
		return false;
	out->is_data = ant_data_decode(&out->message, &out->data);
	if (!out->is_data)
		return true;
	out->is_page1 = sdm_page1_decode(out->data.page, &out->page1);
	out->is_page2 = !out->is_page1 && sdm_page2_decode(out->data.page, &out->page2);
	return true;
}

static void pod(const struct frame *f)
{
	struct pod out;

	pod_read(f, &out);
	table_use(&out);
}

static void pod_floor(const struct frame *f)
{
	struct reader_pod out;

	reader_pod(f->bytes, f->length, &out);
	table_use(&out);
}

static uint64_t sum_payload(uint8_t id, const uint8_t *payload, size_t length)
{
	uint64_t sum = table_sum(table_sum(TABLE_SUM, id), length);

	for (size_t i = 0; i < length; i++)
		sum = table_sum(sum, payload[i]);
	return sum;
}

static uint64_t sum_data(uint8_t extensions, uint32_t channel, const uint32_t *id,
                         uint32_t rssi, uint32_t timestamp)
{
	uint64_t sum = table_sum(TABLE_SUM, extensions);

	sum = table_sum(sum, channel);
	for (size_t i = 0; i < 3 && extensions & ANT_EXT_CHANNEL_ID; i++)
		sum = table_sum(sum, id[i]);
	if (extensions & ANT_EXT_RSSI)
		sum = table_sum(sum, rssi);
	return extensions & ANT_EXT_TIMESTAMP ? table_sum(sum, timestamp) : sum;
}

static uint64_t pod_sum(const struct frame *f)
{
	struct pod p = { .is_data = false };
	const struct ant_data *d = &p.data;
	uint64_t sum;

	if (!pod_read(f, &p))
		return 0;
	sum = sum_payload(p.message.id, p.message.payload, p.message.length);
	if (!p.is_data)
		return sum;
	sum ^= sum_data(d->extensions, d->channel,
	                (const uint32_t[]){ d->device_number, d->device_type,
	                                    d->transmission_type },
	                (uint8_t)d->rssi_dbm, d->rx_timestamp);
	if (p.is_page1)
		sum += sum_of((const uint32_t[]){ 1, p.page1.time, p.page1.distance,
		                                  p.page1.speed, p.page1.strides,
		                                  p.page1.latency }, 6);
	if (p.is_page2)
		sum += sum_of((const uint32_t[]){ p.page2.page, p.page2.cadence, p.page2.speed,
		                                  p.page2.calories,
		                                  (uint32_t)(p.page2.location << 6 |
		                                             p.page2.battery << 4 |
		                                             p.page2.health << 2 | p.page2.use) },
		              5);
	return sum;
}

static uint64_t pod_floor_sum(const struct frame *f)
{
	struct reader_pod p;
	uint64_t sum;

	if (!reader_pod(f->bytes, f->length, &p))
		return 0;
	sum = sum_payload(p.id, p.payload, p.octets);
	if (!p.is_data)
		return sum;
	sum ^= sum_data(p.extensions, p.channel,
	                (const uint32_t[]){ p.device_number, p.device_type,
	                                    p.transmission_type },
	                (uint8_t)p.rssi_dbm, p.rx_timestamp);
	if (p.page == 1)
		sum += sum_of((const uint32_t[]){ 1, p.time, p.distance, p.speed, p.strides,
		                                  p.latency }, 6);
	else if (p.page)
		sum += sum_of((const uint32_t[]){ p.page, p.cadence, p.speed, p.calories,
		                                  p.state }, 5);
	return sum;
}

/* ---- the frames ---------------------------------------------------------- */

static struct kind kinds[] = {
	{ .what = "decode: treadmill data", .words = { "2acd" }, .ours = treadmill,
	  .floor = treadmill_floor, .sum_ours = treadmill_sum, .sum_floor = treadmill_floor_sum },
	{ .what = "decode: status, features, ranges",
	  .words = { "2acc", "2ad4", "2ad5", "2ada" }, .ours = about, .floor = about_floor,
	  .sum_ours = about_sum, .sum_floor = about_floor_sum },
	{ .what = "decode: RSC measurement", .words = { "rsc-2a53", "2a53" }, .ours = rsc,
	  .floor = rsc_floor, .sum_ours = rsc_sum, .sum_floor = rsc_floor_sum },
	{ .what = "decode: ANT frame and pod's page",
	  .words = { "ant-usb-message", "ant-usb-host-message" }, .ours = pod,
	  .floor = pod_floor, .sum_ours = pod_sum, .sum_floor = pod_floor_sum },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static struct frame copy_of(const uint8_t *bytes, size_t length)
{
	struct frame f = { malloc(length ? length : 1), length };

	if (!f.bytes)
		table_fail("out of memory");
	memcpy(f.bytes, bytes, length);
	return f;
}

static size_t read_hex(const char *hex, uint8_t *bytes)
{
	size_t length = 0;
	unsigned octet;

	for (; length < OCTETS_MAX && sscanf(hex, "%2x", &octet) == 1; hex += 2)
		bytes[length++] = (uint8_t)octet;
	return length;
}

static void add(struct kind *kind, const char *word, const char *hex)
{
	uint8_t bytes[2 + OCTETS_MAX];
	unsigned uuid = (unsigned)strtoul(word, NULL, 16);
	size_t head = kind->ours == about ? 2 : 0, length;

	bytes[0] = (uint8_t)(uuid >> 8);
	bytes[1] = (uint8_t)uuid;
	length = head + read_hex(hex, bytes + head);
	if (kind->count < FRAMES_MAX)
		kind->frames[kind->count++] = copy_of(bytes, length);
}

static void read_frames(const char *path)
{
	char line[4096], *at, *word, *hex;
	FILE *file = fopen(path, "re");

	if (!file)
		table_fail(path);
	while (fgets(line, sizeof(line), file)) {
		at = line;
		strsep(&at, "\t");
		word = strsep(&at, "\t");
		hex = strsep(&at, "\t");
		for (size_t i = 0; hex && i < KINDS; i++)
			for (size_t j = 0; kinds[i].words[j]; j++)
				if (strcmp(word, kinds[i].words[j]) == 0)
					add(&kinds[i], word, hex);
	}
	fclose(file);
}

/* ---- both read the same -------------------------------------------------- */

static uint64_t check(const struct kind *kind, const struct frame *f)
{
	uint64_t ours = kind->sum_ours(f), floor = kind->sum_floor(f);

	if (ours == floor)
		return ours;
	fprintf(stderr, "%s: ", kind->what);
	for (size_t i = 0; i < f->length; i++)
		fprintf(stderr, "%02x", f->bytes[i]);
	fprintf(stderr, "\n");
	table_fail("gaitd and the floor read this frame in two ways");
}

static uint64_t check_all(const struct kind *kind)
{
	uint64_t sum = TABLE_SUM;

	for (size_t i = 0; i < kind->count; i++) {
		const struct frame *f = &kind->frames[i];

		sum = table_sum(sum, check(kind, f));
		for (size_t length = 0; length < f->length; length++) {
			struct frame begun = copy_of(f->bytes, length);
			struct frame changed = copy_of(f->bytes, f->length);

			changed.bytes[length] ^= (uint8_t)(1u << (i + length) % 8);
			check(kind, &begun);
			check(kind, &changed);
			free(begun.bytes);
			free(changed.bytes);
		}
	}
	return sum;
}

/* ---- time ---------------------------------------------------------------- */

static void run(const struct kind *kind, void (*read)(const struct frame *))
{
	for (size_t round = 0; round < FRAMES_A_ROUND / kind->count; round++)
		for (size_t i = 0; i < kind->count; i++)
			read(&kind->frames[i]);
}

static void run_ours(void *user)
{
	const struct kind *kind = user;

	run(kind, kind->ours);
}

static void run_floor(void *user)
{
	const struct kind *kind = user;

	run(kind, kind->floor);
}

int main(int argc, char **argv)
{
	uint64_t sum = TABLE_SUM;
	double ours, floor, all_ours = 0, all_floor = 0, frames = 0;

	for (int i = 1; i < argc; i++)
		read_frames(argv[i]);
	for (size_t i = 0; i < KINDS; i++) {
		struct kind *kind = &kinds[i];
		size_t round;

		if (kind->count == 0)
			table_fail("usage: bench_decode FTMS-FRAMES.tsv FOOTPOD-FRAMES.tsv");
		sum = table_sum(sum, check_all(kind));
		round = FRAMES_A_ROUND / kind->count * kind->count;
		table_compare(run_ours, run_floor, kind, ROUNDS,
		              (double)round, &ours, &floor);
		table_ratio(kind->what, "ns", ours, floor, LIMIT);
		all_ours += ours * (double)kind->count;
		all_floor += floor * (double)kind->count;
		frames += (double)kind->count;
	}
	table_ratio("decode: all real frames", "ns", all_ours / frames, all_floor / frames, LIMIT);
	fprintf(stderr, "decode: checksum of %.0f frames %016llx, by both\n", frames,
	        (unsigned long long)sum);
	return 0;
}
