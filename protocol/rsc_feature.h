/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Running Speed and Cadence Service 1.0: what a pod can do and where it sits.
 */
#ifndef GAITD_RSC_FEATURE_H
#define GAITD_RSC_FEATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RSC_FEATURE_UUID 0x2a54
#define RSC_LOCATION_UUID 0x2a5d

/* RSC Feature 0x2A54 (section 3.2) */
enum rsc_feature {
	RSC_FEATURE_STRIDE_LENGTH = 1u << 0,
	RSC_FEATURE_DISTANCE = 1u << 1,
	RSC_FEATURE_WALK_OR_RUN = 1u << 2,
	RSC_FEATURE_CALIBRATION = 1u << 3,
	RSC_FEATURE_LOCATIONS = 1u << 4,
};

/* `out` is of enum rsc_feature; false when shorter than two octets. */
bool rsc_feature_decode(const uint8_t *bytes, size_t length, uint16_t *out);

/* Sensor Location 0x2A5D; false when empty. */
bool rsc_location_decode(const uint8_t *bytes, size_t length, uint8_t *out);
const char *rsc_location_name(uint8_t location); /* NULL if reserved */

#endif
