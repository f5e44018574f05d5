/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/pairing.h"

#include <string.h>

#define TOLERANCE 20 /* 0.01 km/h: belts swing, displays round */
#define DRIFT 15     /* more within a hold, and it is passing by */
#define NEAR 50      /* so far from a speed that is asked for nobody should be */
#define GAP_US (3 * UINT64_C(1000000)) /* what was before is too old */
#define VALUES_LEAST 3
#define OUTLIERS_MOST 1 /* in a row: one wrong value is noise */

/* Walking speeds, 0.1 of the console's unit, that any treadmill has. In both
 * meanings of a number, the two are far from each other. */
static const uint16_t pairs[PAIRING_UNITS][4][2] = {
	[PAIRING_KMH] = { { 30, 45 }, { 25, 40 }, { 35, 20 }, { 40, 25 } },
	[PAIRING_MPH] = { { 20, 30 }, { 15, 25 }, { 25, 15 }, { 30, 20 } },
};

const char *pairing_step_name(enum pairing_step step)
{
	static const char *const names[] = {
		[PAIRING_LISTENING] = "listening", [PAIRING_FIRST] = "first",
		[PAIRING_SECOND] = "second",       [PAIRING_FOUND] = "found",
		[PAIRING_SEVERAL] = "several",     [PAIRING_NOBODY] = "nobody",
	};

	return names[step];
}

void pairing_begin(struct pairing *p, enum pairing_unit console, uint64_t now_us)
{
	*p = (struct pairing){
		.console = console, .step_us = now_us, .heard_us = PAIRING_NEVER,
		.went_us = PAIRING_NEVER,
	};
}

size_t pairing_join(struct pairing *p)
{
	return p->count < PAIRING_MAX ? p->count++ : PAIRING_MAX;
}

/* ---- speeds --------------------------------------------------------------- */

/* What a machine sends that shows `number`, in 0.01 km/h */
static uint16_t sent_for(uint16_t number, enum pairing_unit unit)
{
	return (uint16_t)(unit == PAIRING_MPH ? (number * 16093u + 500) / 1000 :
	                                        number * 10u);
}

static bool within(uint16_t speed, uint16_t of, unsigned tolerance)
{
	unsigned apart = speed > of ? speed - of : of - speed;

	return apart <= tolerance;
}

static uint16_t number_asked(const struct pairing *p)
{
	return p->asked[p->step == PAIRING_SECOND];
}

uint16_t pairing_asked(const struct pairing *p)
{
	return p->step == PAIRING_FIRST || p->step == PAIRING_SECOND ? number_asked(p) : 0;
}

/* How many machines are near what would be asked for: they could be taken for
 * followers. */
static unsigned crowd(const struct pairing *p, const uint16_t pair[2])
{
	unsigned near = 0;

	for (size_t i = 0; i < p->count; i++) {
		const struct pairing_candidate *c = &p->candidates[i];

		for (unsigned k = 0; k < 2 * PAIRING_UNITS; k++)
			near += c->heard &&
			        within(c->speed, sent_for(pair[k / 2], k % 2), NEAR);
	}
	return near;
}

static void choose_speeds(struct pairing *p)
{
	const uint16_t(*list)[2] = pairs[p->console];
	size_t best = 0;

	for (size_t i = 1; i < sizeof(pairs[0]) / sizeof(pairs[0][0]); i++) {
		if (crowd(p, list[i]) < crowd(p, list[best]))
			best = i;
	}
	memcpy(p->asked, list[best], sizeof(p->asked));
}

/* ---- holding -------------------------------------------------------------- */

static void hold_feed(struct pairing_hold *hold, uint16_t speed, uint16_t target,
                      uint64_t now_us)
{
	bool fresh = hold->on && now_us - hold->last_us <= GAP_US;

	if (!within(speed, target, TOLERANCE)) {
		if (fresh && hold->outliers++ < OUTLIERS_MOST)
			return;
		hold->armed = true;
		hold->on = false;
		return;
	}
	hold->outliers = 0;
	if (!fresh || !within(speed, hold->first, DRIFT)) {
		hold->on = true;
		hold->first = speed;
		hold->since_us = now_us;
		hold->values = 0;
	}
	hold->values++;
	hold->last_us = now_us;
}

static bool hold_is_proof(const struct pairing_hold *hold, uint64_t now_us)
{
	return hold->armed && hold->on && hold->values >= VALUES_LEAST &&
	       now_us - hold->last_us <= GAP_US &&
	       hold->last_us - hold->since_us >= PAIRING_HOLD_US;
}

/* One that is elsewhere, or that nothing is known of, can go there from now. */
static void arm(struct pairing *p)
{
	for (size_t i = 0; i < p->count; i++) {
		struct pairing_candidate *c = &p->candidates[i];

		for (unsigned unit = 0; unit < PAIRING_UNITS; unit++) {
			uint16_t target = sent_for(number_asked(p), unit);

			c->holds[unit] = (struct pairing_hold){
				.armed = !c->heard || !within(c->speed, target, NEAR),
			};
		}
	}
}

void pairing_speed(struct pairing *p, size_t index, uint16_t speed, uint64_t now_us)
{
	struct pairing_candidate *c = &p->candidates[index];

	if (!c->heard) {
		for (unsigned unit = 0; unit < PAIRING_UNITS; unit++)
			c->holds[unit].armed = true;
	}
	c->heard = true;
	c->speed = speed;
	c->speed_us = now_us;
	if (p->heard_us == PAIRING_NEVER)
		p->heard_us = now_us;
	for (unsigned unit = 0; pairing_asked(p) && unit < PAIRING_UNITS; unit++)
		hold_feed(&c->holds[unit], speed, sent_for(number_asked(p), unit), now_us);
}

bool pairing_is_there(const struct pairing *p, size_t index)
{
	const struct pairing_candidate *c = &p->candidates[index];
	bool there = false;

	for (unsigned unit = 0; pairing_asked(p) && unit < PAIRING_UNITS; unit++)
		there |= c->holds[unit].on && c->holds[unit].armed;
	return there;
}

/* ---- steps ---------------------------------------------------------------- */

static bool enter(struct pairing *p, enum pairing_step step, uint64_t now_us)
{
	p->step = step;
	p->step_us = now_us;
	p->went_us = PAIRING_NEVER;
	if (pairing_asked(p))
		arm(p);
	return true;
}

/* How many are where they were asked to go; at the second speed of those that
 * went to the first, in the same unit. The last one is kept as found. */
static size_t followers(struct pairing *p, bool second, uint64_t now_us)
{
	size_t count = 0;

	for (size_t i = 0; i < p->count; i++) {
		const struct pairing_candidate *c = &p->candidates[i];

		for (unsigned unit = 0; unit < PAIRING_UNITS; unit++) {
			if ((second && !c->went[unit]) ||
			    !hold_is_proof(&c->holds[unit], now_us))
				continue;
			p->found = i;
			p->sends = unit;
			count++;
		}
	}
	return count;
}

/* Who is there has shown it; the runner may press on. */
static void note_first(struct pairing *p, uint64_t now_us)
{
	for (size_t i = 0; i < p->count; i++) {
		for (unsigned unit = 0; unit < PAIRING_UNITS; unit++)
			p->candidates[i].went[unit] =
				hold_is_proof(&p->candidates[i].holds[unit], now_us);
	}
}

static bool advance_asked(struct pairing *p, uint64_t now_us)
{
	bool second = p->step == PAIRING_SECOND;
	size_t count = followers(p, second, now_us);

	if (count > 0 && p->went_us == PAIRING_NEVER)
		p->went_us = now_us;
	if (count == 0)
		p->went_us = PAIRING_NEVER;
	if (count == 0 || now_us - p->went_us < PAIRING_SETTLE_US)
		return now_us - p->step_us >= PAIRING_LIMIT_US &&
		       enter(p, PAIRING_NOBODY, now_us);
	if (second)
		return enter(p, count == 1 ? PAIRING_FOUND : PAIRING_SEVERAL, now_us);
	note_first(p, now_us);
	return enter(p, PAIRING_SECOND, now_us);
}

/* When who takes part has been heard, as far as it speaks */
static uint64_t listened_us(const struct pairing *p)
{
	uint64_t patience_us = p->step_us + PAIRING_PATIENCE_US;

	if (p->count == 0)
		return PAIRING_NEVER;
	if (p->heard_us == PAIRING_NEVER || p->heard_us + PAIRING_LISTEN_US > patience_us)
		return patience_us;
	return p->heard_us + PAIRING_LISTEN_US;
}

static bool advance_listening(struct pairing *p, uint64_t now_us)
{
	if (now_us >= listened_us(p)) {
		choose_speeds(p);
		return enter(p, PAIRING_FIRST, now_us);
	}
	return now_us - p->step_us >= PAIRING_LIMIT_US && enter(p, PAIRING_NOBODY, now_us);
}

bool pairing_advance(struct pairing *p, uint64_t now_us)
{
	if (pairing_is_over(p))
		return false;
	return p->step == PAIRING_LISTENING ? advance_listening(p, now_us) :
	                                      advance_asked(p, now_us);
}

uint64_t pairing_deadline_us(const struct pairing *p)
{
	uint64_t limit = p->step_us + PAIRING_LIMIT_US;

	if (pairing_is_over(p))
		return PAIRING_NEVER;
	if (p->step == PAIRING_LISTENING)
		return listened_us(p) < limit ? listened_us(p) : limit;
	if (p->went_us != PAIRING_NEVER && p->went_us + PAIRING_SETTLE_US < limit)
		return p->went_us + PAIRING_SETTLE_US;
	return limit;
}
