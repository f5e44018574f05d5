/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/bench/floor/reader.h"

#include <string.h>

static inline uint32_t u16_at(const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	value = __builtin_bswap16(value);
#endif
	return value;
}

static inline uint32_t u24_at(const uint8_t *at)
{
	return u16_at(at) | (uint32_t)at[2] << 16;
}

static inline uint32_t u32_at(const uint8_t *at)
{
	return u16_at(at) | u16_at(at + 2) << 16;
}

/* ---- Treadmill Data ------------------------------------------------------ */

enum { SPEED = 0x01, PACE = 0x20, MEAN_PACE = 0x40, STEPS = 0x2000 };

/* Octets of the fields by flag, speed's inverted; those of pace left out */
#define OCTETS(n) \
	(((n) & 1) * 2 + ((n) >> 1 & 1) * 2 + ((n) >> 2 & 1) * 3 + ((n) >> 3 & 1) * 4 + \
	 ((n) >> 4 & 1) * 4 + ((n) >> 7 & 1) * 5)
#define OCTETS4(n) OCTETS(n), OCTETS((n) + 1), OCTETS((n) + 2), OCTETS((n) + 3)
#define OCTETS16(n) OCTETS4(n), OCTETS4((n) + 4), OCTETS4((n) + 8), OCTETS4((n) + 12)
#define OCTETS64(n) OCTETS16(n), OCTETS16((n) + 16), OCTETS16((n) + 32), OCTETS16((n) + 48)

static const uint8_t low_octets[256] = { OCTETS64(0), OCTETS64(64), OCTETS64(128),
	                                 OCTETS64(192) };
static const uint8_t high_octets[32] = {
	0, 1, 1, 2, 2, 3, 3, 4, 2, 3, 3, 4, 4, 5, 5, 6,
	4, 5, 5, 6, 6, 7, 7, 8, 6, 7, 7, 8, 8, 9, 9, 10,
};

static bool fits(uint32_t sent, size_t left, size_t need)
{
	size_t over = left - need;

	return over == 0 || (sent & STEPS && left >= need && (over == 2 || over == 3));
}

/* What must be there before a field is read: all of it at once when the frame is
 * whole, each by itself when it is cut. */
#define TAKE(n, octets, type, absent) \
	do { \
		uint32_t taken; \
		if (!whole && (size_t)(end - at) < (octets)) \
			goto cut; \
		taken = type(at); \
		at += (octets); \
		count++; \
		if (!(absent)) { \
			out->value[(n)] = taken; \
			present |= 1u << (n); \
		} \
	} while (0)
#define U8(at) (*(at))

/* False: cut. `count` is of whole fields. */
static inline __attribute__((always_inline)) bool
fields(const uint8_t *at, const uint8_t *end, bool whole, uint32_t sent,
       struct reader_treadmill *out, unsigned *whole_fields, const uint8_t **rest)
{
	uint32_t present = 0;
	unsigned count = 0;

	if (sent & 0x01)
		TAKE(0, 2, u16_at, false);
	if (sent & 0x02)
		TAKE(1, 2, u16_at, false);
	if (sent & 0x04)
		TAKE(2, 3, u24_at, false);
	if (sent & 0x08) {
		TAKE(3, 2, u16_at, taken == 0x7fff);
		TAKE(4, 2, u16_at, taken == 0x7fff);
	}
	if (sent & 0x10) {
		TAKE(5, 2, u16_at, taken == 0xffff || taken == 0x7fff);
		TAKE(6, 2, u16_at, taken == 0xffff || taken == 0x7fff);
	}
	if (sent & (PACE | MEAN_PACE)) {
		if (out->pace_octets == 2) {
			if (sent & PACE)
				TAKE(7, 2, u16_at, false);
			if (sent & MEAN_PACE)
				TAKE(8, 2, u16_at, false);
		} else {
			if (sent & PACE)
				TAKE(7, 1, U8, false);
			if (sent & MEAN_PACE)
				TAKE(8, 1, U8, false);
		}
	}
	if (sent & 0x80) {
		TAKE(9, 2, u16_at, taken == 0xffff);
		TAKE(10, 2, u16_at, taken == 0xffff);
		TAKE(11, 1, U8, taken == 0xff);
	}
	if (sent & 0x1f00) {
		if (sent & 0x100)
			TAKE(12, 1, U8, taken == 0);
		if (sent & 0x200)
			TAKE(13, 1, U8, false);
		if (sent & 0x400)
			TAKE(14, 2, u16_at, false);
		if (sent & 0x800)
			TAKE(15, 2, u16_at, false);
		if (sent & 0x1000) {
			TAKE(16, 2, u16_at, taken == 0x7fff);
			TAKE(17, 2, u16_at, taken == 0x7fff);
		}
	}
	*rest = at;
	*whole_fields = count;
	out->present = present;
	return true;
cut:
	*rest = at;
	*whole_fields = count;
	out->present = present;
	return false;
}

static uint8_t pace_octets(uint32_t sent, size_t left, size_t need)
{
	unsigned paces = (sent >> 5 & 1) + (sent >> 6 & 1);
	bool narrow = fits(sent, left, need + paces), wide = fits(sent, left, need + 2 * paces);

	return narrow == wide ? 0 : narrow ? 1 : 2;
}

/* A frame that is cut, or whose pace may be of either width */
static __attribute__((noinline)) bool odd(const uint8_t *at, size_t left, uint32_t sent,
                                          bool cut, struct reader_treadmill *out)
{
	struct reader_treadmill r = { .flags = (uint16_t)(sent ^ SPEED) };
	unsigned count;

	r.more_data = !(sent & SPEED);
	r.cut = cut;
	r.pace_octets = out->pace_octets;
	r.pace_unclear = sent & (PACE | MEAN_PACE) && r.pace_octets == 0;
	fields(at, at + left, false, r.pace_unclear ? sent & 0x1f : sent, &r, &count, &at);
	if (count == 0 && (cut || sent & 0x1fff))
		return false;
	*out = r;
	return true;
}

bool reader_treadmill(const uint8_t *bytes, size_t length, struct reader_treadmill *out)
{
	const uint8_t *at = bytes + 2, *end = bytes + length;
	uint32_t sent;
	size_t left, need;
	unsigned count;

	if (length < 2)
		return false;
	left = length - 2;
	sent = u16_at(bytes) ^ SPEED;
	need = low_octets[sent & 0xff] + high_octets[sent >> 8 & 31];
	if (sent & (PACE | MEAN_PACE)) {
		struct reader_treadmill r = { .pace_octets = pace_octets(sent, left, need) };
		unsigned paces = (sent >> 5 & 1) + (sent >> 6 & 1);

		need += paces * (r.pace_octets == 2 ? 2 : 1);
		if (r.pace_octets == 0 || left < need) {
			if (!odd(at, left, sent, left < need, &r))
				return false;
			*out = r;
			return true;
		}
		out->pace_octets = r.pace_octets;
	} else {
		out->pace_octets = 0;
		if (left < need)
			return odd(at, left, sent, true, out);
	}
	out->flags = (uint16_t)(sent ^ SPEED);
	out->more_data = !(sent & SPEED);
	out->cut = out->pace_unclear = 0;
	fields(at, end, true, sent, out, &count, &at);
	left = (size_t)(end - at);
	if (sent & STEPS && left > 0) {
		unsigned octets = left >= 3 ? 3 : 2;

		if (left >= octets) {
			out->value[18] = octets == 3 ? u24_at(at) : u16_at(at);
			out->present |= 1u << 18;
			left -= octets;
		} else {
			out->cut = 1;
			left = 0;
			if (count == 0 && out->present == 0)
				return false;
		}
	}
	out->trailing = (uint8_t)(left < 255 ? left : 255);
	return true;
}

/* ---- Fitness Machine Status ---------------------------------------------- */

bool reader_status(const uint8_t *bytes, size_t length, struct reader_status *out)
{
	/* 0x40: signed, 0x80: more than a number */
	static const uint8_t parameters[32] = {
		[2] = 1, [5] = 2, [6] = 0x42, [7] = 0x42, [8] = 0x42, [9] = 1, [10] = 2,
		[11] = 2, [12] = 2, [13] = 3, [14] = 2, [15] = 0x84, [16] = 0x86,
		[17] = 0x8a, [18] = 0x86, [19] = 2, [20] = 1, [21] = 2,
	};
	size_t left, octets;
	uint8_t how;

	if (length < 1)
		return false;
	left = length - 1;
	how = bytes[0] < 32 ? parameters[bytes[0]] : 0;
	if (bytes[0] == 7 && left == 1)
		how = 1;
	octets = how & 15;
	*out = (struct reader_status){ .op = bytes[0] };
	if (octets > left)
		return true;
	if (octets > 0 && !(how & 0x80)) {
		uint32_t value = octets == 1 ? bytes[1] : octets == 2 ? u16_at(bytes + 1) :
		                                                        u24_at(bytes + 1);

		out->has_parameter = 1;
		out->parameter = how & 0x40 ? (int16_t)value : (int32_t)value;
	}
	left -= octets;
	out->trailing = (uint8_t)(left < 255 ? left : 255);
	return true;
}

/* ---- what a machine can: numbers, one after another ------------------------ */

bool reader_numbers(const uint8_t *bytes, size_t length, size_t octets, size_t count,
                    uint32_t *out)
{
	if (length < octets * count)
		return false;
	for (size_t i = 0; i < count; i++, bytes += octets)
		out[i] = octets == 2 ? u16_at(bytes) : u32_at(bytes);
	return true;
}

/* ---- RSC Measurement ----------------------------------------------------- */

bool reader_rsc(const uint8_t *bytes, size_t length, struct reader_rsc *out)
{
	size_t at = 4;

	if (length < 4 || length < 4 + 2u * (bytes[0] & 1) + 2u * (bytes[0] & 2))
		return false;
	out->flags = bytes[0];
	out->speed = (uint16_t)u16_at(bytes + 1);
	out->cadence = bytes[3];
	out->stride_length_cm = 0;
	out->total_distance = 0;
	if (bytes[0] & 1) {
		out->stride_length_cm = (uint16_t)u16_at(bytes + at);
		at += 2;
	}
	if (bytes[0] & 2)
		out->total_distance = u32_at(bytes + at);
	return true;
}

/* ---- an ANT stick's frame ------------------------------------------------ */

static inline uint8_t sum_of(const uint8_t *bytes, size_t length)
{
	uint64_t eight, sum = 0;
	size_t at = 0;

	for (; at + 8 <= length; at += 8) {
		memcpy(&eight, bytes + at, sizeof(eight));
		sum ^= eight;
	}
	for (; at < length; at++)
		sum ^= bytes[at];
	sum ^= sum >> 32;
	sum ^= sum >> 16;
	return (uint8_t)(sum ^ sum >> 8);
}

static void take_page(const uint8_t *page, struct reader_pod *out)
{
	out->page = page[0] >= 1 && page[0] <= 15 ? page[0] : 0;
	if (out->page == 0)
		return;
	out->speed = (uint16_t)((page[4] & 15) << 8 | page[5]);
	if (out->page == 1) {
		out->time = (uint16_t)((page[2] * 200u + page[1]) % 51200u);
		out->distance = (uint16_t)(page[3] << 4 | page[4] >> 4);
		out->strides = page[6];
		out->latency = page[7];
		return;
	}
	out->cadence = (uint16_t)(page[3] << 4 | page[4] >> 4);
	out->calories = page[0] == 3 ? page[6] : 0;
	out->state = page[7];
}

static void take_extension(const uint8_t *at, size_t left, struct reader_pod *out)
{
	uint8_t flags = at[0];

	at++;
	left--;
	if (flags & 0x80) {
		if (left < 4)
			return;
		out->device_number = (uint16_t)u16_at(at);
		out->device_type = at[2] & 0x7f;
		out->transmission_type = at[3];
		out->extensions = 0x80;
		at += 4;
		left -= 4;
	}
	if (flags & 0x40) {
		if (left >= 3 && at[0] == 0x20) {
			out->rssi_dbm = (int8_t)at[1];
			out->extensions |= 0x40;
			at += 3;
			left -= 3;
		} else if (left >= 4 && at[0] == 0x10) {
			at += 4;
			left -= 4;
		} else {
			return;
		}
	}
	if (flags & 0x20 && left >= 2) {
		out->rx_timestamp = (uint16_t)u16_at(at);
		out->extensions |= 0x20;
	}
}

bool reader_pod(const uint8_t *bytes, size_t length, struct reader_pod *out)
{
	size_t frame, left, at = 4;
	uint8_t id;
	bool legacy;

	if (length < 4 || bytes[0] != 0xa4 || bytes[1] > 64)
		return false;
	left = bytes[1];
	frame = left + 4;
	if (length < frame || sum_of(bytes, frame) != 0)
		return false;
	for (size_t i = frame; i < length; i++)
		if (bytes[i] != 0)
			return false;
	id = bytes[2];
	legacy = id >= 0x5d && id <= 0x5f;
	out->id = id;
	out->octets = (uint8_t)left;
	out->payload = bytes + 3;
	out->is_data = legacy ? left >= 13 : id >= 0x4e && id <= 0x50 && left >= 9;
	if (!out->is_data)
		return true;
	out->channel = bytes[3] & 31;
	out->extensions = 0;
	left--;
	if (legacy) {
		out->device_number = (uint16_t)u16_at(bytes + at);
		out->device_type = bytes[at + 2] & 0x7f;
		out->transmission_type = bytes[at + 3];
		out->extensions = 0x80;
		at += 4;
		left -= 4;
	}
	take_page(bytes + at, out);
	if (!legacy && left > 8)
		take_extension(bytes + at + 8, left - 8, out);
	return true;
}
