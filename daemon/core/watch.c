/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/watch.h"

#include "daemon/rules/expression_conjunct.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const enum metric own[] = {
	METRIC_fired_count, METRIC_fired_age, METRIC_held_time, METRIC_calm,
};

static void note_needed(struct watches *w)
{
	uint64_t needed[METRIC_WORDS] = { 0 };

	for (size_t i = 0; i < w->rules->count; i++)
		for (size_t word = 0; word < METRIC_WORDS; word++)
			needed[word] |= w->rules->rules[i].needs[word];
	for (size_t metric = 0; metric < METRIC_COUNT; metric++)
		if (needed[metric / 64] >> metric % 64 & 1)
			w->needed[w->needed_count++] = (uint8_t)metric;
}

bool watches_init(struct watches *w, const struct ruleset *rules)
{
	*w = (struct watches){ .rules = rules };
	w->all = calloc(rules->count * RULE_CLAUSES_MAX + 1, sizeof(*w->all));
	w->first = calloc(rules->count + 1, sizeof(*w->first));
	if (!w->all || !w->first) {
		watches_free(w);
		return false;
	}
	for (size_t i = 0; i < rules->count; i++) {
		w->first[i] = (uint16_t)w->count;
		for (size_t j = 0; j < rules->rules[i].clause_count; j++)
			w->all[w->count++].rule = (uint16_t)i;
	}
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		w->own[own[i] / 64] |= UINT64_C(1) << own[i] % 64;
	note_needed(w);
	watches_wake_all(w);
	return true;
}

void watches_free(struct watches *w)
{
	free(w->all);
	free(w->first);
	*w = (struct watches){ .rules = NULL };
}

/* Instant rules have no seconds. */
void watches_wake(struct watches *w, size_t rule)
{
	const struct rule *of = &w->rules->rules[rule];

	if (of->instant)
		return;
	w->awake[rule / 64] |= UINT64_C(1) << rule % 64;
	for (size_t i = 0; i < of->clause_count; i++)
		w->all[w->first[rule] + i].sign = 0;
}

void watches_wake_all(struct watches *w)
{
	for (size_t i = 0; i < w->rules->count; i++)
		watches_wake(w, i);
}

static bool presence_changed(struct watches *w, const struct metrics *metrics)
{
	uint64_t present[METRIC_WORDS] = { 0 };

	for (size_t i = 0; i < w->needed_count; i++) {
		size_t metric = w->needed[i];

		if (!isnan(metrics->value[metric]))
			present[metric / 64] |= UINT64_C(1) << metric % 64;
	}
	if (memcmp(present, w->present, sizeof(present)) == 0)
		return false;
	memcpy(w->present, present, sizeof(present));
	return true;
}

void watches_look(struct watches *w, const struct metrics *metrics, unsigned outside)
{
	const struct watch *end = w->all + w->count;

	if (presence_changed(w, metrics) || outside != w->outside) {
		w->outside = outside;
		watches_wake_all(w);
		return;
	}
	for (const struct watch *i = w->all; i < end; i++)
		if (i->sign * (metrics->value[i->metric] - i->limit) > 0)
			watches_wake(w, i->rule);
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

void watches_sleep(struct watches *w, size_t rule, const struct metrics *metrics,
                   bool idle)
{
	const struct rule *of = &w->rules->rules[rule];
	struct conjunct why[RULE_CLAUSES_MAX] = { 0 };

	for (size_t i = 0; i < of->clause_count && !idle; i++)
		if (!expression_conjunct(&of->clauses[i].when, metrics, w->own, &why[i]))
			return;
	for (size_t i = 0; i < of->clause_count; i++) {
		struct watch *watch = &w->all[w->first[rule] + i];

		watch->limit = why[i].limit;
		watch->sign = why[i].sign;
		watch->metric = why[i].metric;
	}
	w->awake[rule / 64] &= ~(UINT64_C(1) << rule % 64);
}
