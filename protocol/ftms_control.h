/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Fitness Machine Control Point 0x2AD9 (FTMS 1.0.1 section 4.16), for reading
 * captures: the daemon coaches, it never moves the belt. And the supported
 * ranges beside speed and inclination.
 */
#ifndef GAITD_FTMS_CONTROL_H
#define GAITD_FTMS_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FTMS_CONTROL_UUID 0x2ad9
#define FTMS_RESISTANCE_RANGE_UUID 0x2ad6
#define FTMS_HEART_RATE_RANGE_UUID 0x2ad7
#define FTMS_POWER_RANGE_UUID 0x2ad8

enum ftms_control_op {
	FTMS_CONTROL_REQUEST = 0x00,
	FTMS_CONTROL_RESET = 0x01,
	FTMS_CONTROL_SPEED = 0x02,   /* 0.01 km/h */
	FTMS_CONTROL_INCLINE = 0x03, /* 0.1 % */
	FTMS_CONTROL_RESISTANCE = 0x04,
	FTMS_CONTROL_POWER = 0x05, /* W */
	FTMS_CONTROL_HEART_RATE = 0x06,
	FTMS_CONTROL_START = 0x07,
	FTMS_CONTROL_STOP = 0x08, /* 1 stop, 2 pause */
	FTMS_CONTROL_ENERGY = 0x09,
	FTMS_CONTROL_STEPS = 0x0a,
	FTMS_CONTROL_STRIDES = 0x0b,
	FTMS_CONTROL_DISTANCE = 0x0c, /* m */
	FTMS_CONTROL_TIME = 0x0d,     /* s */
	FTMS_CONTROL_TIME_IN_2_ZONES = 0x0e,
	FTMS_CONTROL_TIME_IN_3_ZONES = 0x0f,
	FTMS_CONTROL_TIME_IN_5_ZONES = 0x10,
	FTMS_CONTROL_SIMULATION = 0x11,
	FTMS_CONTROL_WHEEL = 0x12, /* 0.1 mm */
	FTMS_CONTROL_SPIN_DOWN = 0x13,
	FTMS_CONTROL_CADENCE = 0x14, /* 0.5 1/min */
	FTMS_CONTROL_RESPONSE = 0x80,
};

enum ftms_control_result {
	FTMS_CONTROL_SUCCESS = 0x01,
	FTMS_CONTROL_NOT_SUPPORTED = 0x02,
	FTMS_CONTROL_INVALID_PARAMETER = 0x03,
	FTMS_CONTROL_FAILED = 0x04,
	FTMS_CONTROL_NOT_PERMITTED = 0x05,
};

struct ftms_control {
	uint8_t op;         /* of enum ftms_control_op, or another */
	bool has_parameter; /* one that fits into a number and was sent whole */
	int32_t parameter;  /* in the unit named at the op */
	uint8_t request;    /* a response: the op that it answers */
	uint8_t result;     /* a response: of enum ftms_control_result */
	uint8_t trailing_octets;
};

/* A write to the control point or the indication that answers it. False when
 * empty, or when a response is cut. */
bool ftms_control_decode(const uint8_t *bytes, size_t length,
                         struct ftms_control *out);
const char *ftms_control_op_name(uint8_t op);         /* NULL if reserved */
const char *ftms_control_result_name(uint8_t result); /* NULL if reserved */

/* Resistance (0.1, no unit), heart rate (1 bpm) or power (1 W) */
struct ftms_range {
	int32_t minimum, maximum, step;
};

/* 0x2AD6, 0x2AD7 and 0x2AD8. The first two have three octets in the present
 * specification and six in its first version and in some machines (FitLogic
 * T12B): the length decides. False for any other length. */
bool ftms_range_decode(uint16_t uuid, const uint8_t *bytes, size_t length,
                       struct ftms_range *out);

#endif
