/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/watch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SOON_S 2
#define RESTLESS_S 8

static const enum metric own[] = {
	METRIC_fired_count, METRIC_fired_age, METRIC_held_time, METRIC_calm,
};

static bool is_set(const uint64_t *bits, size_t bit)
{
	return bits[bit / 64] >> bit % 64 & 1;
}

static void set(uint64_t *bits, size_t bit)
{
	bits[bit / 64] |= UINT64_C(1) << bit % 64;
}

/* ---- who asks for what ---- */

static void add_uses(uint64_t *to, const uint64_t *uses)
{
	for (size_t word = 0; word < METRIC_WORDS; word++)
		to[word] |= uses[word];
}

static void uses_of(const struct rule *rule, uint64_t *uses)
{
	memcpy(uses, rule->needs, METRIC_WORDS * sizeof(*uses));
	for (size_t i = 0; i < rule->clause_count; i++)
		add_uses(uses, rule->clauses[i].when.uses);
	add_uses(uses, rule->clear.uses);
	add_uses(uses, rule->await.uses);
	set(uses, METRIC_pain_free); /* praise */
}

static void note_users(struct watches *w)
{
	for (size_t i = 0; i < w->rules->count; i++) {
		uint64_t uses[METRIC_WORDS];

		uses_of(&w->rules->rules[i], uses);
		for (size_t metric = 0; metric < METRIC_COUNT; metric++)
			if (is_set(uses, metric))
				set(w->users[metric], i);
	}
}

bool watches_init(struct watches *w, const struct ruleset *rules)
{
	*w = (struct watches){ .rules = rules };
	w->all = calloc(rules->count + 1, sizeof(*w->all));
	w->users = calloc(METRIC_COUNT, sizeof(*w->users));
	if (!w->all || !w->users) {
		watches_free(w);
		return false;
	}
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		set(w->own, own[i]);
	note_users(w);
	return true;
}

void watches_free(struct watches *w)
{
	free(w->all);
	free(w->users);
	*w = (struct watches){ .rules = NULL };
}

/* ---- waking ---- */

/* Instant rules have no seconds. */
void watches_wake(struct watches *w, size_t rule)
{
	if (!w->rules->rules[rule].instant)
		set(w->awake, rule);
}

void watches_wake_all(struct watches *w)
{
	for (size_t i = 0; i < w->rules->count; i++)
		watches_wake(w, i);
	w->band_count = 0;
	memset(w->band_at, 0, sizeof(w->band_at));
	w->until = w->until_us = WATCH_NEVER;
}

static struct pin *band_of(struct watches *w, uint8_t metric)
{
	if (w->band_at[metric] == 0) {
		w->bands[w->band_count++] = (struct pin){ -INFINITY, INFINITY, metric };
		w->band_at[metric] = (uint8_t)w->band_count;
	}
	return &w->bands[w->band_at[metric] - 1];
}

static void tighten(struct watches *w, const struct pin *pin)
{
	struct pin *band = band_of(w, pin->metric);

	band->low = pin->low > band->low ? pin->low : band->low;
	band->high = pin->high < band->high ? pin->high : band->high;
}

/* The last one takes its place. */
static void drop_band(struct watches *w, struct pin *band)
{
	w->band_at[band->metric] = 0;
	*band = w->bands[--w->band_count];
	if (band < w->bands + w->band_count)
		w->band_at[band->metric] = (uint8_t)(band - w->bands + 1);
}

static void disturb(struct watches *w, size_t rule)
{
	struct watch *watch = &w->all[rule];

	if (w->second - watch->slept_from <= SOON_S)
		watch->restless_until = w->second + RESTLESS_S;
	watches_wake(w, rule);
}

static void ask_sleeper(struct watches *w, size_t rule, size_t metric, double value)
{
	const struct watch *watch = &w->all[rule];

	for (size_t i = 0; i < watch->pin_count; i++) {
		const struct pin *pin = &watch->pins[i];

		if (pin->metric != metric)
			continue;
		if (value < pin->low || value > pin->high)
			disturb(w, rule);
		else
			tighten(w, pin);
	}
}

/* It has left the pins of one who sleeps, or of one who has woken since. */
static void has_left(struct watches *w, struct pin *band, double value)
{
	size_t metric = band->metric;
	const uint64_t *users = w->users[metric];

	drop_band(w, band);
	for (size_t word = 0; word * 64 < w->rules->count; word++)
		for (uint64_t left = users[word] & ~w->awake[word]; left; left &= left - 1)
			ask_sleeper(w, word * 64 + (size_t)__builtin_ctzll(left), metric, value);
}

static void note_until(struct watches *w, const struct watch *watch)
{
	w->until = watch->until < w->until ? watch->until : w->until;
	w->until_us = watch->until_us < w->until_us ? watch->until_us : w->until_us;
}

static void time_has_come(struct watches *w, uint64_t now_us)
{
	w->until = w->until_us = WATCH_NEVER;
	for (size_t i = 0; i < w->rules->count; i++) {
		const struct watch *watch = &w->all[i];

		if (is_set(w->awake, i))
			continue;
		if (w->second >= watch->until || now_us >= watch->until_us)
			watches_wake(w, i);
		else
			note_until(w, watch);
	}
}

void watches_look(struct watches *w, const struct metrics *metrics, unsigned outside,
                  uint64_t now_us)
{
	w->second++;
	if (outside != w->outside) {
		w->outside = outside;
		watches_wake_all(w);
		return;
	}
	if (w->second >= w->until || now_us >= w->until_us)
		time_has_come(w, now_us);
	/* from the end, where one that is dropped makes room for one that was looked at */
	for (size_t i = w->band_count; i > 0; i--) {
		struct pin *band = &w->bands[i - 1];
		double value = pin_value(metrics->value[band->metric]);

		if (value < band->low || value > band->high)
			has_left(w, band, value);
	}
}

size_t watches_next(const struct watches *w, size_t rule)
{
	size_t word = rule / 64;
	uint64_t left;

	if (rule >= w->rules->count)
		return w->rules->count;
	left = w->awake[word] >> rule % 64 << rule % 64;
	while (!left) {
		if (++word * 64 >= w->rules->count)
			return w->rules->count;
		left = w->awake[word];
	}
	return word * 64 + (size_t)__builtin_ctzll(left);
}

uint64_t watches_slept(struct watches *w, size_t rule)
{
	uint64_t slept = w->second - w->all[rule].seen;

	w->all[rule].seen = w->second;
	return slept;
}

/* ---- sleeping ---- */

/* Of several pins of a metric the innermost; false: too many metrics */
static bool keep_pins(struct watch *watch, const struct pins *pins)
{
	watch->pin_count = 0;
	for (size_t i = 0; i < pins->count; i++) {
		const struct pin *from = &pins->all[i];
		struct pin *to = watch->pins;

		while (to < watch->pins + watch->pin_count && to->metric != from->metric)
			to++;
		if (to == watch->pins + WATCH_PINS_MAX)
			return false;
		if (to == watch->pins + watch->pin_count) {
			watch->pin_count++;
			*to = *from;
		}
		to->low = from->low > to->low ? from->low : to->low;
		to->high = from->high < to->high ? from->high : to->high;
	}
	return true;
}

void watches_sleep(struct watches *w, size_t rule, const struct pins *pins, uint64_t until,
                   uint64_t until_us)
{
	struct watch *watch = &w->all[rule];

	if (pins->loose || !keep_pins(watch, pins))
		return;
	watch->until = until;
	watch->until_us = until_us;
	watch->slept_from = w->second;
	note_until(w, watch);
	for (size_t i = 0; i < watch->pin_count; i++)
		tighten(w, &watch->pins[i]);
	w->awake[rule / 64] &= ~(UINT64_C(1) << rule % 64);
}
