/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/rsc_feature.h"

#include "protocol/cursor.h"

bool rsc_feature_decode(const uint8_t *bytes, size_t length, uint16_t *out)
{
	struct cursor c = cursor_over(bytes, length);
	uint16_t features = cursor_u16(&c);

	if (c.failed)
		return false;
	*out = features;
	return true;
}

bool rsc_location_decode(const uint8_t *bytes, size_t length, uint8_t *out)
{
	if (length == 0)
		return false;
	*out = bytes[0];
	return true;
}

/* GATT Specification Supplement, Sensor Location */
static const char *const locations[] = {
	"other",       "top of shoe", "in shoe",      "hip",
	"front wheel", "left crank",  "right crank",  "left pedal",
	"right pedal", "front hub",   "rear dropout", "chainstay",
	"rear wheel",  "rear hub",    "chest",        "spider",
	"chain ring",
};

const char *rsc_location_name(uint8_t location)
{
	return location < sizeof(locations) / sizeof(locations[0])
	               ? locations[location]
	               : NULL;
}
