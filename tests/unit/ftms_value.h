/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The value of a Treadmill Data field, in the units of the wire.
 */
#ifndef GAITD_FTMS_VALUE_H
#define GAITD_FTMS_VALUE_H

#include "protocol/ftms.h"

static inline double ftms_value(const struct ftms_treadmill_data *d,
                                enum ftms_field field)
{
	switch (field) {
	case FTMS_SPEED:
		return d->speed;
	case FTMS_AVERAGE_SPEED:
		return d->average_speed;
	case FTMS_DISTANCE:
		return d->distance_m;
	case FTMS_INCLINATION:
		return d->inclination;
	case FTMS_RAMP_ANGLE:
		return d->ramp_angle;
	case FTMS_ELEVATION_GAIN:
		return d->elevation_gain;
	case FTMS_ELEVATION_LOSS:
		return d->elevation_loss;
	case FTMS_PACE:
		return d->pace;
	case FTMS_AVERAGE_PACE:
		return d->average_pace;
	case FTMS_ENERGY:
		return d->energy_kcal;
	case FTMS_ENERGY_PER_HOUR:
		return d->energy_per_hour_kcal;
	case FTMS_ENERGY_PER_MINUTE:
		return d->energy_per_minute_kcal;
	case FTMS_HEART_RATE:
		return d->heart_rate_bpm;
	case FTMS_MET:
		return d->met;
	case FTMS_ELAPSED_TIME:
		return d->elapsed_s;
	case FTMS_REMAINING_TIME:
		return d->remaining_s;
	case FTMS_FORCE_ON_BELT:
		return d->force_n;
	case FTMS_POWER_OUTPUT:
		return d->power_w;
	case FTMS_STEP_COUNT:
		return d->steps;
	}
	return 0;
}

#endif
