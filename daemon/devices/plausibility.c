/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/plausibility.h"

#define SPEED_TOLERANCE 20u /* 0.2 km/h: they round */
#define SPEED_MAX 5000u     /* 50 km/h */
#define INCLINE_TOLERANCE 5 /* 0.5 % */
#define INCLINE_MIN (-150)  /* of treadmill.incline, too */
#define INCLINE_MAX 400
#define UNIT_MIN_MM_S 1100u /* 4 km/h: below it pods guess */
#define GAP_US 3000000u

bool possible_speed(uint16_t speed)
{
	return speed <= SPEED_MAX;
}

bool plausible_speed(uint16_t speed, const struct ftms_speed_range *range)
{
	if (!possible_speed(speed))
		return false;
	if (speed == 0 || !range || range->maximum == 0 ||
	    range->minimum > range->maximum)
		return true;
	return speed + SPEED_TOLERANCE >= range->minimum &&
	       speed <= range->maximum + SPEED_TOLERANCE;
}

bool plausible_incline(int16_t incline, const struct ftms_inclination_range *range)
{
	if (incline < INCLINE_MIN || incline > INCLINE_MAX)
		return false;
	if (!range || range->minimum >= range->maximum)
		return true;
	return incline >= range->minimum - INCLINE_TOLERANCE &&
	       incline <= range->maximum + INCLINE_TOLERANCE;
}

/* 1.609 with the 8 % that pods may be off */
static bool is_a_mile(uint32_t fast, uint32_t slow)
{
	uint64_t ratio = (uint64_t)fast * 1000 / slow;

	return ratio >= 1480 && ratio <= 1740;
}

enum unit_suspicion unit_suspected(uint32_t belt_mm_s, uint32_t pod_mm_s)
{
	if (belt_mm_s < UNIT_MIN_MM_S || pod_mm_s < UNIT_MIN_MM_S)
		return UNIT_UNSUSPECTED;
	if (is_a_mile(pod_mm_s, belt_mm_s))
		return UNIT_SENT_IN_MILES;
	if (is_a_mile(belt_mm_s, pod_mm_s))
		return UNIT_TAKEN_FOR_MILES;
	return UNIT_UNSUSPECTED;
}

bool persistence_feed(struct persistence *p, bool is, uint64_t now_us,
                      uint64_t for_us)
{
	if (is && (!p->on || now_us - p->last_us > GAP_US))
		p->since_us = now_us;
	p->on = is;
	p->last_us = now_us;
	if (!is || p->said || now_us - p->since_us < for_us)
		return false;
	p->said = true;
	return true;
}
