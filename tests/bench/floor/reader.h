/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A floor for the decoders: what somebody would write who has to read the same
 * frames as fast as can be, with every bound checked and nothing else in mind. It
 * shares no line with protocol/, so that the two check each other.
 */
#ifndef GAITD_BENCH_READER_H
#define GAITD_BENCH_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { READER_TREADMILL_FIELDS = 19 }; /* in the order of the wire, steps last */

/* A field whose bit is not set in `present` is not written. */
struct reader_treadmill {
	uint32_t present;
	uint16_t flags;
	uint8_t more_data, cut, pace_unclear, trailing, pace_octets;
	uint32_t value[READER_TREADMILL_FIELDS];
};

bool reader_treadmill(const uint8_t *bytes, size_t length, struct reader_treadmill *out);

struct reader_status {
	uint8_t op, has_parameter, trailing;
	int32_t parameter;
};

bool reader_status(const uint8_t *bytes, size_t length, struct reader_status *out);

/* `count` numbers of 2 or 4 octets: features and ranges */
bool reader_numbers(const uint8_t *bytes, size_t length, size_t octets, size_t count,
                    uint32_t *out);

struct reader_rsc {
	uint8_t flags, cadence;
	uint16_t speed, stride_length_cm;
	uint32_t total_distance;
};

bool reader_rsc(const uint8_t *bytes, size_t length, struct reader_rsc *out);

/* A stick's frame; with `is_data` what a device said, and with that a foot pod's
 * `page`: 1, or 2 to 15; 0 for another. Of `extensions` hangs what else is set. */
struct reader_pod {
	const uint8_t *payload; /* in the frame */
	uint8_t octets;
	bool is_data;
	uint8_t id, channel, extensions, device_type, transmission_type;
	int8_t rssi_dbm;
	uint16_t device_number, rx_timestamp;
	uint8_t page, strides, latency, calories, state;
	uint16_t time, distance, speed, cadence;
};

bool reader_pod(const uint8_t *bytes, size_t length, struct reader_pod *out);

#endif
