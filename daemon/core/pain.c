/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/pain.h"

#include <math.h>

#define MODERATE 4
#define HIGH 6
#define RISE 2
#define WALK_KMH 6.0
#define MILD_SHARE 0.9
#define MODERATE_SHARE 0.8

void pain_init(struct pain *pain)
{
	*pain = (struct pain){
		.before = -1, .moderate_kmh = NAN, .cap_kmh = NAN,
	};
}

static bool is_high(const struct pain *pain)
{
	bool rose = pain->before >= 0 && pain->last - pain->before >= RISE;

	return pain->last >= HIGH || (pain->last >= MODERATE && rose);
}

/* Told again while he walks, it is still the pain that came at a run. */
static void cap_moderate(struct pain *pain, double speed_kmh)
{
	pain->moderate_kmh = pain->moderate
	                         ? fmax(pain->moderate_kmh, speed_kmh) : speed_kmh;
	pain->moderate = true;
	pain->cap_kmh = fmin(MODERATE_SHARE * pain->moderate_kmh, WALK_KMH);
}

/* Asked again and found to be passing: a jog, at a share of the speed that it
 * came at. What a report of 0 finds is what was asked for. */
static void cap_passing(struct pain *pain, double speed_kmh)
{
	bool known = pain->moderate && !isnan(pain->moderate_kmh);

	if (known)
		pain->cap_kmh = MODERATE_SHARE * pain->moderate_kmh;
	else if (pain->last > 0 && !isnan(speed_kmh))
		pain->cap_kmh = MILD_SHARE * speed_kmh;
	pain->moderate = false;
}

void pain_report(struct pain *pain, uint64_t t_us, int32_t value,
                 double speed_kmh)
{
	pain->before = pain->reported ? pain->last : -1;
	pain->worst = pain->reported && pain->worst > value ? pain->worst : value;
	pain->last = value;
	pain->count++;
	pain->at_us = t_us;
	pain->reported = true;
	pain->was_high |= is_high(pain);
	if (pain->was_high)
		pain->cap_kmh = WALK_KMH;
	else if (value >= MODERATE)
		cap_moderate(pain, speed_kmh);
	else
		cap_passing(pain, speed_kmh);
}
