/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/coach.h"
#include "daemon/core/prompt.h"

#include <stdlib.h>
#include <string.h>

#define SECOND_US 1000000u
#define ANSWER_S 120    /* after a question was put */
#define WAIT_S 5        /* behind a live prompt, then it is dropped */
#define BUDGET_US (600ull * SECOND_US)
#define PRAISE_GAP_S 10 /* of an answer's praise, after any prompt */

/* Gaps before a prompt of each level, in seconds: rules.md 5.5.5 */
static const struct {
	uint32_t after_any, after_same;
	enum display_level same[2];
} gaps[COACH_LEVELS] = {
	[DISPLAY_LEVEL_SAFETY] = { 0, 10, { DISPLAY_LEVEL_SAFETY, DISPLAY_LEVEL_SAFETY } },
	[DISPLAY_LEVEL_LOAD] = { 10, 0, { DISPLAY_LEVEL_LOAD, DISPLAY_LEVEL_LOAD } },
	[DISPLAY_LEVEL_FORM] = { 60, 0, { DISPLAY_LEVEL_FORM, DISPLAY_LEVEL_FORM } },
	[DISPLAY_LEVEL_HABIT] = { 90, 360, { DISPLAY_LEVEL_HABIT, DISPLAY_LEVEL_PRAISE } },
	[DISPLAY_LEVEL_PRAISE] = { 0, 360, { DISPLAY_LEVEL_HABIT, DISPLAY_LEVEL_PRAISE } },
	[DISPLAY_LEVEL_SYSTEM] = { 0, 0, { DISPLAY_LEVEL_SYSTEM, DISPLAY_LEVEL_SYSTEM } },
};

static void forget_prompts(struct coach *c)
{
	for (size_t i = 0; i < COACH_LEVELS; i++)
		c->last_us[i] = COACH_NEVER;
	c->last_any_us = COACH_NEVER;
	c->last_free_praise_us = COACH_NEVER;
	c->form_count = 0;
}

/* All but which report was answered: that report may be this session's. */
static void forget_states(struct coach *c)
{
	for (size_t i = 0; i < c->rules->count; i++)
		c->state[i] = (struct rule_state){
			.fired_us = COACH_NEVER, .report = c->state[i].report,
			.silence = COACH_UNTRUE, .silent_until_us = COACH_NEVER,
		};
	watches_wake_all(&c->watches);
}

bool coach_init(struct coach *c, const struct ruleset *rules)
{
	*c = (struct coach){ .rules = rules, .next_id = 1 };
	c->state = calloc(rules->count ? rules->count : 1, sizeof(*c->state));
	if (!c->state || !watches_init(&c->watches, rules)) {
		coach_free(c);
		return false;
	}
	forget_states(c);
	forget_prompts(c);
	return true;
}

void coach_free(struct coach *c)
{
	free(c->state);
	c->state = NULL;
	watches_free(&c->watches);
}

static void keep_counts(struct rule_state *to, const struct rule_state *from)
{
	to->active = from->active;
	to->count = from->count;
	to->said = from->said;
	to->barred = from->barred;
	to->unanswered = from->unanswered;
	to->report = from->report;
	to->fired_us = from->fired_us;
	to->praise_until_us = from->praise_until_us;
}

bool coach_set_rules(struct coach *c, const struct ruleset *rules)
{
	const struct ruleset *old = c->rules;
	struct rule_state *old_state = c->state;
	struct rule_state *state = calloc(rules->count ? rules->count : 1,
	                                  sizeof(*state));
	struct watches watches;

	if (!state || !watches_init(&watches, rules)) {
		free(state);
		return false;
	}
	watches_free(&c->watches);
	c->watches = watches;
	c->rules = rules;
	c->state = state;
	c->live_rule = NULL;
	if (c->asked)
		c->asked = ruleset_find(rules, c->asked->id);
	if (c->waiting_answer)
		c->waiting_answer = ruleset_find(rules, c->waiting_answer->id);
	forget_states(c);
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *was = ruleset_find(old, rules->rules[i].id);

		if (was)
			keep_counts(&state[i], &old_state[was - old->rules]);
	}
	if (c->live.id)
		c->live_rule = ruleset_find(rules, c->live.rule);
	free(old_state);
	return true;
}

void coach_forget_holds(struct coach *c)
{
	for (size_t i = 0; i < c->rules->count; i++) {
		struct rule_state *state = &c->state[i];

		memset(state->true_s, 0, sizeof(state->true_s));
		state->clear_s = 0;
	}
	watches_wake_all(&c->watches);
}

void coach_begin_session(struct coach *c)
{
	forget_states(c);
	forget_prompts(c);
}

void coach_end_session(struct coach *c, const struct coach_sink *sink)
{
	c->waiting_answer = NULL;
	c->asked = NULL;
	if (c->live.id && c->live.level == DISPLAY_LEVEL_SAFETY)
		coach_clear_live(c, DISPLAY_CLEAR_CONDITION, sink);
	c->mute_until_us = 0;
}

void coach_clear_live(struct coach *c, enum display_clear_reason reason,
                      const struct coach_sink *sink)
{
	struct display_clear clear = { .id = c->live.id, .reason = reason };

	c->live.id = 0;
	c->live_rule = NULL;
	c->locked = false;
	sink->clear(sink->user, &clear);
}

/* Praise that is no answer never delays a higher level: rules.md 5.5.6 */
static void start_gaps(struct coach *c, const struct rule *rule, uint64_t now_us)
{
	if (rule->level == DISPLAY_LEVEL_SYSTEM || rule->ask)
		return;
	if (rule->level == DISPLAY_LEVEL_PRAISE && !rule->only_as_praise) {
		c->last_free_praise_us = now_us;
		return;
	}
	c->last_us[rule->level] = now_us;
	c->last_any_us = now_us;
	if (rule->level == DISPLAY_LEVEL_FORM)
		c->form_us[c->form_count++ % COACH_FORM_BUDGET] = now_us;
}

static void bar_others(struct coach *c, const struct rule *rule)
{
	for (size_t word = 0; word < RULES_MAX / 64; word++)
		for (uint64_t left = rule->bars[word]; left; left &= left - 1) {
			size_t barred = word * 64 + (size_t)__builtin_ctzll(left);

			c->state[barred].barred = true;
			watches_wake(&c->watches, barred);
		}
}

static void note_prompt(struct coach *c, const struct rule *rule, uint64_t now_us)
{
	struct rule_state *state = coach_state_of(c, rule);

	state->count++;
	state->unanswered++;
	state->fired_us = now_us;
	state->report = c->report_count;
	state->praise_until_us = 0;
	if (rule->once == RULE_ONCE_PER_CONDITION)
		state->said |= (uint8_t)(UINT8_MAX << state->clause);
	state->active = !rule->instant && !rule->only_as_praise;
	watches_wake(&c->watches, (size_t)(rule - c->rules->rules));
	state->due = false;
	state->waited_s = 0;
	coach_keep_quiet(state, COACH_SPEAKS, COACH_NEVER, NULL);
	start_gaps(c, rule, now_us);
	bar_others(c, rule);
}

static void speak(struct coach *c, const struct rule *rule,
                  const struct coach_input *in, const struct coach_sink *sink)
{
	const struct rule_state *state = coach_state_of(c, rule);
	const struct prompt_manner manner = {
		.clause = state->clause, .turn = state->count, .miles = in->miles,
		.runner = in->runner, .language = in->language,
	};

	if (c->live.id)
		coach_clear_live(c, DISPLAY_CLEAR_REPLACED, sink);
	coach_rule_metrics(c, rule, in);
	prompt_render(rule, in->metrics, &manner, &c->live);
	c->live.id = c->next_id++;
	c->live_rule = rule;
	if (rule->ask) {
		c->asked = rule;
		c->asked_id = c->live.id;
		c->asked_us = in->now_us;
	}
	c->live_since_us = in->now_us;
	c->live_until_us = in->now_us + (uint64_t)c->live.ttl_ms * 1000;
	c->locked = rule->lock;
	note_prompt(c, rule, in->now_us);
	sink->prompt(sink->user, &c->live);
}

static uint64_t later(uint64_t then_us, uint32_t seconds)
{
	return then_us == COACH_NEVER ? 0 : then_us + (uint64_t)seconds * SECOND_US;
}

static uint64_t latest(uint64_t a_us, uint64_t b_us)
{
	return a_us > b_us ? a_us : b_us;
}

static uint64_t gap_until_us(const struct coach *c, const struct rule *rule)
{
	uint32_t after_any = gaps[rule->level].after_any;
	uint32_t after_same = gaps[rule->level].after_same;
	uint64_t until_us;

	if (rule->ask)
		return 0;
	if (rule->has_gap || rule->only_as_praise) {
		after_any = rule->has_gap ? rule->gap_s : PRAISE_GAP_S;
		after_same = 0;
	}
	until_us = later(c->last_any_us, after_any);
	if (rule->level == DISPLAY_LEVEL_PRAISE)
		until_us = latest(until_us, later(c->last_free_praise_us, after_same));
	for (size_t i = 0; i < 2; i++)
		until_us = latest(until_us,
		                  later(c->last_us[gaps[rule->level].same[i]], after_same));
	return until_us;
}

static uint64_t budget_until_us(const struct coach *c, const struct rule *rule)
{
	if (rule->level != DISPLAY_LEVEL_FORM || c->form_count < COACH_FORM_BUDGET)
		return 0;
	return c->form_us[c->form_count % COACH_FORM_BUDGET] + BUDGET_US;
}

/* What the runner has asked for: all, safety only, off; a mute of minutes */
static enum coach_silence unwanted(const struct coach *c, const struct rule *rule,
                                   const struct coach_input *in)
{
	bool safety = rule->level == DISPLAY_LEVEL_SAFETY;

	if (!safety && in->now_us < c->mute_until_us)
		return COACH_MUTE_MINUTES;
	switch (in->prompts) {
	case RUNNER_PROMPTS_ALL:
		return COACH_SPEAKS;
	case RUNNER_PROMPTS_SAFETY:
		return safety ? COACH_SPEAKS : COACH_UNWANTED;
	case RUNNER_PROMPTS_OFF:
		return COACH_UNWANTED;
	}
	return COACH_UNWANTED;
}

/* A rule that is due may have to wait all the same. True if it need not. */
static bool may_speak_now(struct coach *c, const struct rule *rule,
                          const struct coach_input *in)
{
	struct rule_state *state = coach_state_of(c, rule);
	enum coach_silence why = unwanted(c, rule, in);
	uint64_t until_us = COACH_NEVER;

	if (why == COACH_MUTE_MINUTES) {
		until_us = c->mute_until_us;
	} else if (why == COACH_SPEAKS && in->now_us < gap_until_us(c, rule)) {
		why = COACH_GAP;
		until_us = gap_until_us(c, rule);
	} else if (why == COACH_SPEAKS && in->now_us < budget_until_us(c, rule)) {
		why = COACH_BUDGET;
		until_us = budget_until_us(c, rule);
	}
	coach_keep_quiet(state, why, until_us, NULL);
	return why == COACH_SPEAKS;
}

/* Who is due is awake. */
static size_t first_awake(const struct coach *c)
{
	return watches_next(&c->watches, 0);
}

static size_t awake_after(const struct coach *c, size_t rule)
{
	return watches_next(&c->watches, rule + 1);
}

static const struct rule *best_due(struct coach *c, const struct coach_input *in)
{
	const struct rule *best = NULL;

	for (size_t i = first_awake(c); i < c->rules->count; i = awake_after(c, i)) {
		const struct rule *rule = &c->rules->rules[i];

		if (!c->state[i].due || !may_speak_now(c, rule, in))
			continue;
		if (!best || coach_priority(rule) > coach_priority(best))
			best = rule;
	}
	return best;
}

/* All that are due and could speak, but for `by`, which is one of them or live */
static void keep_due_quiet(struct coach *c, enum coach_silence why,
                           const struct rule *by)
{
	for (size_t i = first_awake(c); i < c->rules->count; i = awake_after(c, i))
		if (c->state[i].due && c->state[i].silence == COACH_SPEAKS &&
		    &c->rules->rules[i] != by)
			coach_keep_quiet(&c->state[i], why, COACH_NEVER, by);
}

/* Behind a live prompt a rule waits 5 s, then its hold starts again. What is
 * unsafe stays so: it speaks as soon as there is room. */
static void wait_behind_live(struct coach *c)
{
	for (size_t i = first_awake(c); i < c->rules->count; i = awake_after(c, i)) {
		struct rule_state *state = &c->state[i];

		if (c->rules->rules[i].level == DISPLAY_LEVEL_SAFETY ||
		    !state->due || ++state->waited_s <= WAIT_S)
			continue;
		memset(state->true_s, 0, sizeof(state->true_s));
		state->waited_s = 0;
	}
}

static bool place_for(const struct coach *c, const struct rule *rule)
{
	return !c->live.id ||
	       coach_priority(rule) > (c->live_rule ? coach_priority(c->live_rule)
	                                            : UINT32_MAX);
}

static bool speak_waiting_answer(struct coach *c, const struct coach_input *in,
                                 const struct coach_sink *sink)
{
	const struct rule *rule = c->waiting_answer;

	if (!rule || c->live.id)
		return false;
	c->waiting_answer = NULL;
	speak(c, rule, in, sink);
	return true;
}

static void report_failure(struct coach *c, size_t index, const struct coach_sink *sink)
{
	struct rule_state *state = &c->state[index];

	if (!state->failed || state->failure_told)
		return;
	state->failure_told = true;
	if (sink->failed)
		sink->failed(sink->user, &c->rules->rules[index]);
}

void coach_tick(struct coach *c, const struct coach_input *in,
                const struct coach_sink *sink)
{
	const struct rule *rule;

	coach_tick_rules(c, in, sink);
	if (first_awake(c) == c->rules->count && !c->waiting_answer)
		return; /* who sleeps has nothing to say, and waits for nobody */
	for (size_t i = first_awake(c); i < c->rules->count; i = awake_after(c, i))
		report_failure(c, i, sink);
	if (c->locked || speak_waiting_answer(c, in, sink)) {
		keep_due_quiet(c, c->locked ? COACH_LOCKED : COACH_BEHIND_LIVE,
		               c->live_rule);
		return;
	}
	rule = best_due(c, in);
	if (rule && place_for(c, rule)) {
		speak(c, rule, in, sink);
		keep_due_quiet(c, COACH_OUTRANKED, rule);
	} else {
		keep_due_quiet(c, COACH_BEHIND_LIVE, c->live_rule);
	}
	if (c->live.id)
		wait_behind_live(c);
}

/* A new report answers an open question of the last one, and leaves no answer
 * to the last one waiting. */
static void take_report(struct coach *c, const struct coach_sink *sink)
{
	c->report_count++;
	watches_wake_all(&c->watches); /* those that speak once a report */
	c->waiting_answer = NULL;
	if (!c->asked || !c->asked->answer_is_pain)
		return;
	if (c->live.id == c->asked_id)
		coach_clear_live(c, DISPLAY_CLEAR_CONDITION, sink);
	c->asked = NULL;
}

/* Whatever is live gives way to the answer to an input, but for what a higher
 * one said at this very instant. */
static bool keeps_its_place(const struct coach *c, const struct rule *answer,
                            uint64_t now_us)
{
	return c->live.id && c->live_rule && c->live_since_us == now_us &&
	       coach_priority(answer) < coach_priority(c->live_rule);
}

void coach_instant(struct coach *c, const struct coach_input *in,
                   const struct coach_sink *sink)
{
	const struct rule *rule;

	if (in->metrics->value[METRIC_pain_reported] >= 0)
		take_report(c, sink);
	rule = coach_instant_rule(c, in);
	for (size_t i = 0; i < c->rules->count; i++)
		report_failure(c, i, sink);
	if (!rule)
		return;
	if (c->locked) {
		coach_keep_quiet(coach_state_of(c, rule), COACH_LOCKED, COACH_NEVER,
		                 c->live_rule);
	} else if (keeps_its_place(c, rule, in->now_us)) {
		coach_keep_quiet(coach_state_of(c, rule), COACH_BEHIND_LIVE, COACH_NEVER,
		                 c->live_rule);
		c->waiting_answer = rule;
	} else {
		speak(c, rule, in, sink);
	}
}

/* Which of several it was nobody wrote down: the highest. */
void coach_restore_lock(struct coach *c, const struct coach_input *in,
                        const struct coach_sink *sink)
{
	const struct rule *best = NULL;

	for (size_t i = 0; i < c->rules->count; i++) {
		const struct rule *rule = &c->rules->rules[i];

		if (rule->lock && !rule->disabled &&
		    (!best || coach_priority(rule) > coach_priority(best)))
			best = rule;
	}
	if (best && !c->live.id)
		speak(c, best, in, sink);
}

void coach_expire(struct coach *c, uint64_t now_us, const struct coach_sink *sink)
{
	if (c->live.id && now_us >= c->live_until_us)
		coach_clear_live(c, DISPLAY_CLEAR_EXPIRED, sink);
}

uint64_t coach_deadline(const struct coach *c)
{
	return c->live.id ? c->live_until_us : COACH_NEVER;
}

void coach_acknowledge(struct coach *c, uint32_t id, const struct coach_sink *sink)
{
	if (!c->live.id || (id && id != c->live.id))
		return;
	coach_clear_live(c, DISPLAY_CLEAR_ACKNOWLEDGED, sink);
}

enum coach_answer coach_answer(struct coach *c, uint64_t now_us, uint32_t id,
                               int32_t value, const struct coach_sink *sink)
{
	const struct rule *rule = c->asked;

	if (!rule || (id && id != c->asked_id) ||
	    now_us - c->asked_us > (uint64_t)ANSWER_S * SECOND_US ||
	    value < rule->ask_minimum || value > rule->ask_maximum)
		return COACH_NO_ANSWER;
	if (rule->answer_is_pod && c->live.id != c->asked_id)
		return COACH_NO_ANSWER; /* other pods may be meant by now */
	if (c->live.id == c->asked_id)
		coach_clear_live(c, DISPLAY_CLEAR_ACKNOWLEDGED, sink);
	c->asked = NULL;
	c->pod_answered |= rule->answer_is_pod;
	if (rule->answer_is_pod)
		c->pod_answer = value;
	if (rule->answer_is_morning)
		return COACH_MORNING;
	if (rule->answer_is_runner)
		return COACH_WHO;
	return rule->answer_is_pain ? COACH_PAIN_REPORT : COACH_NO_ANSWER;
}

void coach_mute(struct coach *c, uint64_t now_us, int32_t minutes)
{
	c->mute_until_us = now_us + (uint64_t)minutes * 60 * SECOND_US;
}
