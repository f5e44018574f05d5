/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Fitness Machine Service 1.0.1: the characteristics of a treadmill.
 * Decoders return false on a frame that carries nothing usable and leave the
 * output untouched; they never read past `length`.
 */
#ifndef GAITD_FTMS_H
#define GAITD_FTMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FTMS_UUID_SERVICE 0x1826
#define FTMS_UUID_FEATURE 0x2acc
#define FTMS_UUID_TREADMILL_DATA 0x2acd
#define FTMS_UUID_TRAINING_STATUS 0x2ad3
#define FTMS_UUID_SPEED_RANGE 0x2ad4
#define FTMS_UUID_INCLINATION_RANGE 0x2ad5
#define FTMS_UUID_STATUS 0x2ada

/* What a Treadmill Data frame holds; a set bit in `present` means that the
 * field was sent whole and was not its "not available" value. */
enum ftms_field {
	FTMS_SPEED = 1u << 0,
	FTMS_AVERAGE_SPEED = 1u << 1,
	FTMS_DISTANCE = 1u << 2,
	FTMS_INCLINATION = 1u << 3,
	FTMS_RAMP_ANGLE = 1u << 4,
	FTMS_ELEVATION_GAIN = 1u << 5, /* positive elevation gain */
	FTMS_ELEVATION_LOSS = 1u << 6, /* negative elevation gain */
	FTMS_PACE = 1u << 7,
	FTMS_AVERAGE_PACE = 1u << 8,
	FTMS_ENERGY = 1u << 9,
	FTMS_ENERGY_PER_HOUR = 1u << 10,
	FTMS_ENERGY_PER_MINUTE = 1u << 11,
	FTMS_HEART_RATE = 1u << 12,
	FTMS_MET = 1u << 13,
	FTMS_ELAPSED_TIME = 1u << 14,
	FTMS_REMAINING_TIME = 1u << 15,
	FTMS_FORCE_ON_BELT = 1u << 16,
	FTMS_POWER_OUTPUT = 1u << 17,
	FTMS_STEP_COUNT = 1u << 18, /* vendor use of reserved flag bit 13 */
};

/* Pace has two published formats; its width shows which one was sent. */
enum ftms_pace_unit {
	FTMS_PACE_NONE,
	FTMS_PACE_100M_PER_MIN, /* u8, 0.1 km/min (GATT XML of 2017) */
	FTMS_PACE_S_PER_500M,   /* u16, seconds per 500 m (GSS YAML) */
};

/* Treadmill Data 0x2ACD (FTMS 1.0.1 section 4.9) */
struct ftms_treadmill_data {
	uint32_t present; /* of enum ftms_field */
	uint16_t flags;   /* as sent */
	bool more_data;   /* flags bit 0: the record goes on in another frame */
	bool cut;         /* flags promise more than was sent */
	bool pace_unclear; /* pace is promised, and neither or both of its widths
	                    * fit: nothing after the elevations is taken */
	uint8_t trailing_octets;
	enum ftms_pace_unit pace_unit;
	uint16_t speed;           /* 0.01 km/h */
	uint16_t average_speed;   /* 0.01 km/h */
	uint32_t distance_m;      /* since the machine's session began */
	int16_t inclination;      /* 0.1 % */
	int16_t ramp_angle;       /* 0.1 degree */
	uint16_t elevation_gain;  /* 0.1 m */
	uint16_t elevation_loss;  /* 0.1 m */
	uint16_t pace;            /* in pace_unit */
	uint16_t average_pace;    /* in pace_unit */
	uint16_t energy_kcal;
	uint16_t energy_per_hour_kcal;
	uint8_t energy_per_minute_kcal;
	uint8_t heart_rate_bpm;
	uint8_t met; /* 0.1 MET */
	uint16_t elapsed_s;
	uint16_t remaining_s;
	int16_t force_n;
	int16_t power_w;
	uint32_t steps; /* since the machine's session began */
};

bool ftms_treadmill_data_decode(const uint8_t *bytes, size_t length,
                                struct ftms_treadmill_data *out);

/* Encodes the fields in `present` (and flags bit 0 from more_data); for the
 * simulator and for encode(decode(x)) tests. Returns the length written or 0
 * when `size` is too small. Steps are written as u24; behind a single pace of
 * one octet no reader can tell their width. */
size_t ftms_treadmill_data_encode(const struct ftms_treadmill_data *data,
                                  uint8_t *bytes, size_t size);

/* Merges the frames of one record (More Data): speed is never held back, the
 * fields of parts with More Data attach to the next publication, whichever of
 * the two orders seen in the field the machine uses. Zero it to begin and at
 * each disconnect. */
struct ftms_record {
	struct ftms_treadmill_data parts;
	unsigned part_count;
	uint64_t first_part_us;
};

/* Feeds one decoded frame at `now_us` (any monotonic microseconds). Returns
 * true when `out` holds a record to publish. A partial record older than 2 s
 * or of more than 4 parts is dropped; a field that repeats starts it again. */
bool ftms_record_feed(struct ftms_record *record,
                      const struct ftms_treadmill_data *frame, uint64_t now_us,
                      struct ftms_treadmill_data *out);

/* Fitness Machine Feature 0x2ACC */
enum ftms_feature {
	FTMS_FEATURE_AVERAGE_SPEED = 1u << 0,
	FTMS_FEATURE_CADENCE = 1u << 1,
	FTMS_FEATURE_DISTANCE = 1u << 2,
	FTMS_FEATURE_INCLINATION = 1u << 3,
	FTMS_FEATURE_ELEVATION_GAIN = 1u << 4,
	FTMS_FEATURE_PACE = 1u << 5,
	FTMS_FEATURE_STEP_COUNT = 1u << 6,
	FTMS_FEATURE_RESISTANCE = 1u << 7,
	FTMS_FEATURE_STRIDE_COUNT = 1u << 8,
	FTMS_FEATURE_ENERGY = 1u << 9,
	FTMS_FEATURE_HEART_RATE = 1u << 10,
	FTMS_FEATURE_MET = 1u << 11,
	FTMS_FEATURE_ELAPSED_TIME = 1u << 12,
	FTMS_FEATURE_REMAINING_TIME = 1u << 13,
	FTMS_FEATURE_POWER = 1u << 14,
	FTMS_FEATURE_FORCE_AND_POWER = 1u << 15,
	FTMS_FEATURE_USER_DATA = 1u << 16,
};

struct ftms_features {
	uint32_t machine; /* of enum ftms_feature */
	uint32_t targets; /* as sent; bit 0 speed, 1 inclination ...; 0 when cut */
};

bool ftms_feature_decode(const uint8_t *bytes, size_t length,
                         struct ftms_features *out);

/* Supported Speed Range 0x2AD4, 0.01 km/h */
struct ftms_speed_range {
	uint16_t minimum, maximum, step;
};

bool ftms_speed_range_decode(const uint8_t *bytes, size_t length,
                             struct ftms_speed_range *out);

/* Supported Inclination Range 0x2AD5, 0.1 % */
struct ftms_inclination_range {
	int16_t minimum, maximum;
	uint16_t step;
};

bool ftms_inclination_range_decode(const uint8_t *bytes, size_t length,
                                   struct ftms_inclination_range *out);

/* Training Status 0x2AD3; text is what the frame holds of the string, fit to
 * print, empty when the string bit is set and no string was sent (FitShow). */
struct ftms_training_status {
	uint8_t flags;
	uint8_t status; /* 0x00 other .. 0x0F post-workout, more is vendor's */
	char text[64];
};

bool ftms_training_status_decode(const uint8_t *bytes, size_t length,
                                 struct ftms_training_status *out);
const char *ftms_training_status_name(uint8_t status); /* NULL if reserved */

/* Fitness Machine Status 0x2ADA */
enum ftms_status_op {
	FTMS_STATUS_RESET = 0x01,
	FTMS_STATUS_STOPPED_OR_PAUSED = 0x02, /* parameter 1 stop, 2 pause */
	FTMS_STATUS_SAFETY_KEY = 0x03,
	FTMS_STATUS_STARTED = 0x04,
	FTMS_STATUS_TARGET_SPEED = 0x05,   /* parameter 0.01 km/h */
	FTMS_STATUS_TARGET_INCLINE = 0x06, /* parameter 0.1 %, signed */
	FTMS_STATUS_TARGET_DISTANCE = 0x0d, /* parameter m */
	FTMS_STATUS_CONTROL_LOST = 0xff,
};

struct ftms_status {
	uint8_t op; /* of enum ftms_status_op, or another */
	bool has_parameter;
	int32_t parameter;
	uint8_t trailing_octets;
};

bool ftms_status_decode(const uint8_t *bytes, size_t length,
                        struct ftms_status *out);

#endif
