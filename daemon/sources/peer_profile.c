/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sources/peer_profile.h"

#include "protocol/device_info.h"
#include "protocol/ftms.h"
#include "protocol/gap.h"
#include "protocol/heart_rate.h"
#include "protocol/rsc.h"
#include "protocol/rsc_feature.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define UUID_GAP 0x1800
#define UUID_DEVICE_NAME 0x2a00
#define UUID_DEVICE_INFO DEVICE_INFO_UUID_SERVICE

static const struct peer_attribute treadmill[] = {
	{ GAP_UUID_FITNESS_MACHINE, FTMS_UUID_TREADMILL_DATA, false, true },
	{ GAP_UUID_FITNESS_MACHINE, FTMS_UUID_STATUS, false, true },
	{ GAP_UUID_FITNESS_MACHINE, FTMS_UUID_TRAINING_STATUS, false, true },
	{ GAP_UUID_FITNESS_MACHINE, FTMS_UUID_FEATURE, true, false },
	{ GAP_UUID_FITNESS_MACHINE, FTMS_UUID_SPEED_RANGE, true, false },
	{ GAP_UUID_FITNESS_MACHINE, FTMS_UUID_INCLINATION_RANGE, true, false },
};

static const struct peer_attribute footpod[] = {
	{ GAP_UUID_RUNNING_SPEED, RSC_UUID_MEASUREMENT, false, true },
	{ GAP_UUID_RUNNING_SPEED, RSC_FEATURE_UUID, true, false },
	{ GAP_UUID_RUNNING_SPEED, RSC_LOCATION_UUID, true, false },
};

static const struct peer_attribute heart_rate[] = {
	{ GAP_UUID_HEART_RATE, HEART_RATE_UUID_MEASUREMENT, false, true },
};

static const struct peer_attribute every[] = {
	{ UUID_GAP, UUID_DEVICE_NAME, true, false },
	{ UUID_DEVICE_INFO, 0x2a29, true, false }, /* manufacturer */
	{ UUID_DEVICE_INFO, 0x2a24, true, false }, /* model */
	{ UUID_DEVICE_INFO, 0x2a26, true, false }, /* firmware */
	{ DEVICE_INFO_UUID_BATTERY_SERVICE, DEVICE_INFO_UUID_BATTERY_LEVEL, true,
	  true },
};

/* A treadmill sends at least each second, whatever it does. */
const struct peer_profile peer_treadmill = {
	.what = "treadmill",
	.device = SOURCE_TREADMILL,
	.service = GAP_UUID_FITNESS_MACHINE,
	.data = FTMS_UUID_TREADMILL_DATA,
	.silence_us = 30 * UINT64_C(1000000),
	.attributes = treadmill,
	.attribute_count = COUNT(treadmill),
};

/* A pod on a shoe that stands sleeps. */
const struct peer_profile peer_footpod = {
	.what = "footpod",
	.device = SOURCE_FOOTPOD,
	.service = GAP_UUID_RUNNING_SPEED,
	.data = RSC_UUID_MEASUREMENT,
	.attributes = footpod,
	.attribute_count = COUNT(footpod),
};

const struct peer_profile peer_heart_rate = {
	.what = "heart_rate",
	.device = SOURCE_HEART_RATE,
	.service = GAP_UUID_HEART_RATE,
	.data = HEART_RATE_UUID_MEASUREMENT,
	.attributes = heart_rate,
	.attribute_count = COUNT(heart_rate),
};

size_t peer_profile_attributes(const struct peer_profile *profile,
                               struct peer_attribute out[PEER_ATTRIBUTES_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < profile->attribute_count; i++)
		out[count++] = profile->attributes[i];
	for (size_t i = 0; i < COUNT(every); i++)
		out[count++] = every[i];
	return count;
}

size_t peer_profile_services(const struct peer_profile *profile,
                             uint16_t out[PEER_ATTRIBUTES_MAX])
{
	struct peer_attribute attributes[PEER_ATTRIBUTES_MAX];
	size_t asked = peer_profile_attributes(profile, attributes);
	size_t count = 0;

	for (size_t i = 0; i < asked; i++) {
		/* those of one service stand together */
		if (count == 0 || out[count - 1] != attributes[i].service)
			out[count++] = attributes[i].service;
	}
	return count;
}
