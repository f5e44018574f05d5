/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/coach.h"

#include <math.h>
#include <string.h>

#define SECOND_US 1000000u
#define PRAISE_WITHIN_S 60
#define DOUBLE_AFTER_UNANSWERED 2
#define MUTE_AFTER_UNANSWERED 3

struct rule_state *coach_state_of(struct coach *c, const struct rule *rule)
{
	return &c->state[rule - c->rules->rules];
}

void coach_keep_quiet(struct rule_state *state, enum coach_silence silence,
                      uint64_t until_us, const struct rule *by)
{
	state->silence = silence;
	state->silent_until_us = until_us;
	state->by = by;
}

unsigned coach_priority(const struct rule *rule)
{
	return (unsigned)rule->level * 16 + rule->rank;
}

static double seconds_since(uint64_t then_us, const struct coach_input *in)
{
	return (double)(in->now_us - then_us) / SECOND_US;
}

void coach_rule_metrics(struct coach *c, const struct rule *rule,
                        const struct coach_input *in)
{
	const struct rule_state *state = coach_state_of(c, rule);
	double *value = in->metrics->value;

	value[METRIC_fired_count] = state->count;
	value[METRIC_fired_age] = NAN;
	if (state->fired_us != COACH_NEVER)
		value[METRIC_fired_age] = seconds_since(state->fired_us, in);
	value[METRIC_held_time] = 0;
	if (state->true_s[state->clause] > 0)
		value[METRIC_held_time] = state->true_s[state->clause] - 1;
}

/* Before the first of a session it has been quiet since its start. */
static double quiet(const struct coach *c, enum display_level level,
                    const struct coach_input *in)
{
	if (c->last_us[level] == COACH_NEVER)
		return in->metrics->value[METRIC_elapsed];
	return seconds_since(c->last_us[level], in);
}

static void set_quiet_metrics(const struct coach *c, const struct coach_input *in)
{
	double *value = in->metrics->value;

	value[METRIC_form_quiet] = quiet(c, DISPLAY_LEVEL_FORM, in);
	value[METRIC_safety_quiet] = quiet(c, DISPLAY_LEVEL_SAFETY, in);
}

static bool has_needs(const struct rule *rule, const struct metrics *metrics)
{
	for (size_t word = 0; word < METRIC_WORDS; word++) {
		for (uint64_t left = rule->needs[word]; left; left &= left - 1) {
			size_t bit = (size_t)__builtin_ctzll(left);

			if (isnan(metrics->value[word * 64 + bit]))
				return false;
		}
	}
	return true;
}

/* Does the rule tell of the silence itself? */
static bool reads_gap(const struct rule *rule)
{
	return rule->clauses[0].when.uses[METRIC_treadmill_gap / 64] >>
	       METRIC_treadmill_gap % 64 & 1;
}

/* With the belt's data gone everything but the pain button is off (rules.md 7),
 * with nobody on the belt all but safety. COACH_SPEAKS: it is awake. */
static enum coach_silence asleep(const struct rule *rule,
                                 const struct rule_state *state,
                                 const struct coach_input *in)
{
	if (rule->disabled)
		return COACH_DISABLED;
	if (state->failed)
		return COACH_FAILED;
	if (!has_needs(rule, in->metrics))
		return COACH_NEEDS_ABSENT;
	if (in->off_belt && rule->level != DISPLAY_LEVEL_SAFETY)
		return COACH_OFF_BELT;
	if (!in->treadmill_fresh && !rule->instant && !reads_gap(rule))
		return COACH_NO_TREADMILL;
	return COACH_SPEAKS;
}

/* A rule whose arithmetic fails is off for the session; others go on. */
static bool is_true(struct rule_state *state, const struct expression *e,
                    const struct coach_input *in)
{
	enum truth truth = expression_truth(e, in->metrics);

	state->failed |= truth == TRUTH_FAILED;
	return truth == TRUTH_TRUE;
}

/* Is any clause of the rule true at this instant? The first that is speaks. */
static bool any_clause_true(const struct rule *rule, struct rule_state *state,
                            const struct coach_input *in)
{
	for (size_t i = 0; i < rule->clause_count; i++) {
		if (is_true(state, &rule->clauses[i].when, in)) {
			state->clause = (uint8_t)i;
			return true;
		}
	}
	return false;
}

/* Counts each clause's seconds. The first that has held long enough, and is not
 * done, speaks. */
static void tick_clauses(const struct rule *rule, struct rule_state *state,
                         bool is_awake, const struct coach_input *in)
{
	state->true_now = false;
	state->held = false;
	for (size_t i = 0; i < rule->clause_count; i++) {
		const struct rule_clause *clause = &rule->clauses[i];
		bool now = is_awake && is_true(state, &clause->when, in);

		state->true_s[i] = now ? state->true_s[i] + 1 : 0;
		state->true_now |= now;
		if (state->held || !now || state->true_s[i] <= clause->hold_s ||
		    state->said >> i & 1)
			continue;
		state->held = true;
		state->clause = (uint8_t)i;
	}
	state->true_now &= !state->failed;
}

/* A rule that sleeps has not ended: nobody knows. */
static bool tick_clear(const struct rule *rule, struct rule_state *state,
                       bool is_awake, const struct coach_input *in)
{
	bool now = rule->clear.length
	               ? is_true(state, &rule->clear, in)
	               : is_awake && !state->true_now;

	state->clear_s = now ? state->clear_s + 1 : 0;
	return now && state->clear_s > rule->clear_hold_s;
}

static void on_cleared(struct coach *c, const struct rule *rule,
                       const struct coach_input *in,
                       const struct coach_sink *sink)
{
	struct rule_state *state = coach_state_of(c, rule);
	uint32_t within = rule->praise_within_s ? rule->praise_within_s
	                                        : PRAISE_WITHIN_S;

	state->active = false;
	state->unanswered = 0;
	state->clear_s = 0;
	if (rule->praise) {
		coach_state_of(c, rule->praise)->praise_until_us =
			in->now_us + (uint64_t)within * SECOND_US;
		watches_wake(&c->watches, (size_t)(rule->praise - c->rules->rules));
	}
	if (c->live.id && c->live_rule == rule)
		coach_clear_live(c, DISPLAY_CLEAR_CONDITION, sink);
}

/* After two unanswered form prompts a rule asks half as often. */
static uint64_t interval_until_us(const struct rule *rule,
                                  const struct rule_state *state)
{
	uint64_t seconds = rule->repeat_s;

	if (state->fired_us == COACH_NEVER)
		return 0;
	if (rule->level == DISPLAY_LEVEL_FORM &&
	    state->unanswered >= DOUBLE_AFTER_UNANSWERED)
		seconds *= 2;
	return state->fired_us + seconds * SECOND_US;
}

static enum coach_silence spent(const struct coach *c, const struct rule *rule,
                                const struct rule_state *state)
{
	if (state->barred)
		return COACH_BARRED;
	if (rule->limit && state->count >= rule->limit)
		return COACH_LIMIT;
	if (rule->level == DISPLAY_LEVEL_FORM &&
	    state->unanswered >= MUTE_AFTER_UNANSWERED)
		return COACH_UNANSWERED;
	switch (rule->once) {
	case RULE_ANY_TIME:
	case RULE_ONCE_PER_CONDITION: /* the clauses know */
		break;
	case RULE_ONCE_PER_SESSION:
		return state->count > 0 ? COACH_ONCE : COACH_SPEAKS;
	case RULE_ONCE_PER_REPORT: /* an input is a report of its own */
		return !rule->instant && state->report == c->report_count ? COACH_ONCE
		                                                           : COACH_SPEAKS;
	}
	return COACH_SPEAKS;
}

/* Does the condition ask for it? Praise is asked for by the rule it praises. */
static enum coach_silence unasked(const struct rule *rule,
                                  const struct rule_state *state,
                                  const struct coach_input *in)
{
	if (rule->only_as_praise && in->now_us > state->praise_until_us)
		return COACH_NO_PRAISE;
	if (rule->only_as_praise)
		return rule->clause_count && !state->true_now ? COACH_UNTRUE : COACH_SPEAKS;
	if (!state->true_now)
		return COACH_UNTRUE;
	if (!state->held)
		return state->said ? COACH_ONCE : COACH_HOLDING;
	if (rule->once == RULE_ONCE_PER_CONDITION)
		return COACH_SPEAKS;
	return state->active && rule->repeat_s == 0 ? COACH_UNTIL_CLEAR : COACH_SPEAKS;
}

/* COACH_SPEAKS: the rule is due. Praise is silent after a pain report:
 * rules.md 5.5.4 */
static enum coach_silence not_due(const struct coach *c, const struct rule *rule,
                                  struct rule_state *state,
                                  const struct coach_input *in)
{
	enum coach_silence why = unasked(rule, state, in);

	if (!why)
		why = spent(c, rule, state);
	if (!why && in->now_us < interval_until_us(rule, state))
		why = COACH_REPEAT;
	if (!why && rule->await.length && !is_true(state, &rule->await, in))
		why = COACH_AWAITS;
	if (!why && rule->level == DISPLAY_LEVEL_PRAISE &&
	    !(in->metrics->value[METRIC_pain_free] > 0))
		return COACH_PAIN;
	return why;
}

static void mute(struct coach *c, size_t index, const struct rule *by)
{
	struct rule_state *state = &c->state[index];

	if (!state->due)
		return;
	state->due = false;
	coach_keep_quiet(state, COACH_MUTED, COACH_NEVER, by);
}

static void mute_others(struct coach *c)
{
	size_t count = c->rules->count;

	for (size_t i = watches_next(&c->watches, 0); i < count;
	     i = watches_next(&c->watches, i + 1)) {
		const struct rule *rule = &c->rules->rules[i];

		if (!c->state[i].true_now)
			continue;
		for (size_t word = 0; word < RULES_MAX / 64; word++) {
			for (uint64_t left = rule->mutes[word]; left;
			     left &= left - 1)
				mute(c, word * 64 + (size_t)__builtin_ctzll(left), rule);
		}
	}
}

/* A safety rule that watches the run: while its condition holds, all is not calm. */
static bool is_danger(const struct rule *rule, const struct rule_state *state)
{
	return rule->level == DISPLAY_LEVEL_SAFETY && !rule->ask && state->true_now;
}

/* While it slept, what was true stayed so. */
static void count_slept(struct rule_state *state, const struct rule *rule, uint64_t seconds)
{
	for (size_t i = 0; i < rule->clause_count; i++)
		if (state->true_s[i] > 0)
			state->true_s[i] += (uint32_t)seconds;
}

void coach_settle(struct coach *c)
{
	for (size_t i = 0; i < c->rules->count; i++)
		count_slept(&c->state[i], &c->rules->rules[i], watches_slept(&c->watches, i));
}

static void tick_condition(struct coach *c, const struct rule *rule,
                           const struct coach_input *in,
                           const struct coach_sink *sink)
{
	struct rule_state *state = coach_state_of(c, rule);
	size_t index = (size_t)(rule - c->rules->rules);
	bool is_awake;

	count_slept(state, rule, watches_slept(&c->watches, index) - 1);
	coach_rule_metrics(c, rule, in);
	is_awake = asleep(rule, state, in) == COACH_SPEAKS;
	tick_clauses(rule, state, is_awake, in);
	if (state->active && !state->failed && tick_clear(rule, state, is_awake, in))
		on_cleared(c, rule, in, sink);
	if (is_danger(rule, state))
		in->metrics->value[METRIC_calm] = 0;
}

static void tick_due(struct coach *c, const struct rule *rule,
                     const struct coach_input *in)
{
	struct rule_state *state = coach_state_of(c, rule);
	enum coach_silence why;

	coach_rule_metrics(c, rule, in);
	why = asleep(rule, state, in);
	if (why == COACH_SPEAKS)
		why = not_due(c, rule, state, in);
	coach_keep_quiet(state, why,
	                 why == COACH_REPEAT ? interval_until_us(rule, state)
	                                     : COACH_NEVER, NULL);
	state->due = why == COACH_SPEAKS;
	if (!state->due)
		state->waited_s = 0;
}

static size_t next_awake(const struct coach *c, size_t rule)
{
	return watches_next(&c->watches, rule);
}

/* What asleep() asks of the input, in a number */
static unsigned outside(const struct coach_input *in)
{
	return in->treadmill_fresh | (unsigned)in->off_belt << 1;
}

/* Others hang on it, or it counts seconds that end it. */
static bool must_stay_awake(const struct rule *rule, const struct rule_state *state,
                            const struct coach_input *in)
{
	static const uint64_t none[RULES_MAX / 64] = { 0 };
	bool waits = rule->only_as_praise && in->now_us <= state->praise_until_us;

	return state->due || waits || state->clear_s > 0 ||
	       (state->failed && !state->failure_told) ||
	       (state->true_now && (is_danger(rule, state) ||
	                            memcmp(rule->mutes, none, sizeof(none)) != 0));
}

/* What it needs itself of its own is there, or comes when it has spoken. */
static void pin_needs(const struct coach *c, const struct rule *rule,
                      const struct coach_input *in, struct pins *pins)
{
	for (size_t word = 0; word < METRIC_WORDS; word++) {
		uint64_t left = rule->needs[word] & ~c->watches.own[word];

		for (; left; left &= left - 1) {
			size_t metric = word * 64 + (size_t)__builtin_ctzll(left);

			pins_add_presence(pins, metric, in->metrics->value[metric]);
		}
	}
}

/* All that its state hangs on, but for what wakes it when it changes */
static void pin_state(const struct coach *c, const struct rule *rule,
                      const struct rule_state *state, const struct coach_input *in,
                      struct pins *pins)
{
	const uint64_t *own = c->watches.own;
	bool idle = asleep(rule, state, in) != COACH_SPEAKS;

	if (state->failed)
		return;
	pin_needs(c, rule, in, pins);
	for (size_t i = 0; i < rule->clause_count && !idle; i++)
		pins_add(pins, &rule->clauses[i].when, in->metrics, own);
	if (state->active)
		pins_add(pins, &rule->clear, in->metrics, own);
	if (state->silence == COACH_AWAITS || state->silence == COACH_PAIN)
		pins_add(pins, &rule->await, in->metrics, own);
	if (state->silence == COACH_PAIN)
		pins_add_value(pins, METRIC_pain_free, in->metrics->value[METRIC_pain_free]);
}

/* The second in which the next of its clauses has held for long enough */
static uint64_t held_at(const struct coach *c, const struct rule *rule,
                        const struct rule_state *state)
{
	uint64_t at = WATCH_NEVER;

	for (size_t i = 0; i < rule->clause_count; i++) {
		uint32_t true_s = state->true_s[i], hold_s = rule->clauses[i].hold_s;
		uint64_t held = c->watches.second + hold_s - true_s + 1;

		if (true_s > 0 && true_s <= hold_s && held < at)
			at = held;
	}
	return at;
}

static void let_sleep(struct coach *c, size_t index, const struct coach_input *in)
{
	const struct rule *rule = &c->rules->rules[index];
	const struct rule_state *state = &c->state[index];
	struct pins pins;

	if (watches_is_restless(&c->watches, index) || must_stay_awake(rule, state, in))
		return;
	pins.count = 0;
	pins.loose = false;
	pin_state(c, rule, state, in, &pins);
	watches_sleep(&c->watches, index, &pins, held_at(c, rule, state),
	              state->silent_until_us);
}

void coach_tick_rules(struct coach *c, const struct coach_input *in,
                      const struct coach_sink *sink)
{
	size_t count = c->rules->count;

	set_quiet_metrics(c, in);
	watches_look(&c->watches, in->metrics, outside(in), in->now_us);
	if (next_awake(c, 0) == count)
		return;
	for (size_t i = next_awake(c, 0); i < count; i = next_awake(c, i + 1))
		tick_condition(c, &c->rules->rules[i], in, sink);
	for (size_t i = next_awake(c, 0); i < count; i = next_awake(c, i + 1)) {
		tick_due(c, &c->rules->rules[i], in);
		let_sleep(c, i, in);
	}
	mute_others(c);
}

/* Why it does not answer this input */
static enum coach_silence no_answer(struct coach *c, const struct rule *rule,
                                    const struct coach_input *in)
{
	struct rule_state *state = coach_state_of(c, rule);
	enum coach_silence why;

	coach_rule_metrics(c, rule, in);
	why = asleep(rule, state, in);
	if (why == COACH_SPEAKS)
		why = spent(c, rule, state);
	return why || any_clause_true(rule, state, in) ? why : COACH_UNTRUE;
}

const struct rule *coach_instant_rule(struct coach *c,
                                      const struct coach_input *in)
{
	const struct rule *best = NULL;

	set_quiet_metrics(c, in);
	for (size_t i = 0; i < c->rules->count; i++) {
		const struct rule *rule = &c->rules->rules[i];
		enum coach_silence why;

		if (!rule->instant)
			continue;
		why = no_answer(c, rule, in);
		coach_keep_quiet(&c->state[i], why, COACH_NEVER, NULL);
		if (why == COACH_SPEAKS &&
		    (!best || coach_priority(rule) > coach_priority(best)))
			best = rule;
	}
	for (size_t i = 0; best && i < c->rules->count; i++)
		if (c->rules->rules[i].instant && !c->state[i].silence &&
		    &c->rules->rules[i] != best)
			coach_keep_quiet(&c->state[i], COACH_OUTRANKED, COACH_NEVER, best);
	return best;
}
