/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/pipeline.h"

#include "daemon/core/shown.h"
#include "daemon/core/state.h"

#include <stdlib.h>
#include <string.h>

#define SECOND_US 1000000u
#define DAY_S 86400
#define SLEEP_AFTER_US (20u * SECOND_US) /* links have settled to lost by then */

struct pipeline {
	struct state state;
	struct coach coach;
	struct metrics metrics;
	struct shown shown;
	const struct languages *languages;
	char spoken[sizeof((struct runner){ 0 }.lang)];
	const struct language *language; /* of what is spoken; NULL: English */
	struct display_ask pods; /* "which is yours?" */
	bool has_battery;
	enum display_battery_state battery;
	uint64_t next_tick_us; /* PIPELINE_NEVER: asleep */
	uint64_t fed_us;       /* last input */
	void (*rule_failed)(const struct rule *rule, void *user);
	outcome_fn emit;
	void *user;
};

void pipeline_settings_init(struct pipeline_settings *settings)
{
	*settings = (struct pipeline_settings){
		.session_end_after_s = 60, .day_s = -1,
	};
	runner_init(&settings->runner);
}

int32_t pipeline_day_s(int64_t unix_s, int32_t offset_s)
{
	int64_t second = (unix_s + offset_s) % DAY_S;

	return (int32_t)(second < 0 ? second + DAY_S : second);
}

struct pipeline *pipeline_new(const struct ruleset *rules,
                              const struct pipeline_settings *settings,
                              outcome_fn emit, void *user)
{
	struct pipeline *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	if (!coach_init(&p->coach, rules)) {
		free(p);
		return NULL;
	}
	state_init(&p->state, &settings->runner);
	p->state.end_after_s = settings->session_end_after_s;
	p->state.day_s = settings->day_s;
	p->state.fixed_incline = settings->fixed_incline;
	p->state.fixed_incline_pct = settings->incline_pct;
	p->languages = settings->languages;
	p->rule_failed = settings->rule_failed;
	p->next_tick_us = PIPELINE_NEVER;
	p->emit = emit;
	p->user = user;
	return p;
}

void pipeline_free(struct pipeline *p)
{
	if (!p)
		return;
	coach_free(&p->coach);
	free(p);
}

static void send(struct pipeline *p, struct outcome *outcome,
                 enum display_message_type type)
{
	outcome->t_us = p->state.now_us;
	outcome->message.type = type;
	p->emit(outcome, p->user);
}

/* Whoever was told how far his shoes have run need not hear it the next time. */
static void note_shoes(struct pipeline *p)
{
	const struct rule *rule = p->coach.live_rule;

	if (rule->clause_count > 0 &&
	    expression_uses(&rule->clauses[0].when, METRIC_shoe_distance))
		p->state.learning.told_of_shoes = true;
}

static void send_prompt(void *user, const struct display_prompt *prompt)
{
	struct outcome outcome;

	note_shoes(user);
	outcome.message.prompt = *prompt;
	if (prompt->ask.kind == DISPLAY_ASK_CHOICE && !prompt->ask.choice_count)
		outcome.message.prompt.ask = ((struct pipeline *)user)->pods;
	send(user, &outcome, DISPLAY_MESSAGE_PROMPT);
}

static void send_clear(void *user, const struct display_clear *clear)
{
	struct outcome outcome;

	outcome.message.clear = *clear;
	send(user, &outcome, DISPLAY_MESSAGE_CLEAR);
}

static void tell_failed(void *user, const struct rule *rule)
{
	struct pipeline *p = user;

	if (p->rule_failed)
		p->rule_failed(rule, p->user);
}

static struct coach_sink sink_of(struct pipeline *p)
{
	return (struct coach_sink){
		.prompt = send_prompt, .clear = send_clear, .failed = tell_failed,
		.user = p,
	};
}

/* Looked for when it is another than before */
static const struct language *language_of(struct pipeline *p)
{
	if (strcmp(p->spoken, p->state.runner.lang) != 0) {
		memcpy(p->spoken, p->state.runner.lang, sizeof(p->spoken));
		p->language = language_find(p->languages, p->spoken);
	}
	return p->language;
}

static struct coach_input coach_input_of(struct pipeline *p)
{
	return (struct coach_input){
		.now_us = p->state.now_us, .metrics = &p->metrics,
		.treadmill_fresh = state_treadmill_fresh(&p->state),
		.off_belt = cadence_off_belt(&p->state.cadence),
		.prompts = p->state.runner.prompts,
		.miles = p->state.runner.miles,
		.runner = state_is_anonymous(&p->state) ? NULL : p->state.runner_name,
		.language = language_of(p),
	};
}

static void show(struct pipeline *p)
{
	shown_update(&p->shown, &p->state, p->emit, p->user);
}

static bool under_way(const struct pipeline *p)
{
	return session_under_way(&p->state.session);
}

/* Idle, with nobody sending: time stands until the next input. What is shown
 * until it is acknowledged needs no ticks. */
static bool may_sleep(const struct pipeline *p)
{
	return !under_way(p) && (!p->coach.live.id || p->coach.locked) &&
	       p->state.now_us - p->fed_us > SLEEP_AFTER_US;
}

static void tick(struct pipeline *p)
{
	struct coach_sink sink = sink_of(p);
	struct coach_input in;
	bool was_under_way = under_way(p);

	if (state_tick(&p->state))
		coach_begin_session(&p->coach);
	show(p);
	if (was_under_way && !under_way(p))
		coach_end_session(&p->coach, &sink);
	state_metrics(&p->state, &p->metrics);
	in = coach_input_of(p);
	coach_tick(&p->coach, &in, &sink);
	p->next_tick_us = may_sleep(p) ? PIPELINE_NEVER
	                               : p->next_tick_us + SECOND_US;
}

static void step(struct pipeline *p, uint64_t t_us)
{
	struct coach_sink sink = sink_of(p);

	p->state.now_us = t_us;
	coach_expire(&p->coach, t_us, &sink);
	if (t_us == p->next_tick_us)
		tick(p);
}

uint64_t pipeline_deadline(const struct pipeline *p)
{
	uint64_t coach = coach_deadline(&p->coach);

	return coach < p->next_tick_us ? coach : p->next_tick_us;
}

void pipeline_advance(struct pipeline *p, uint64_t now_us)
{
	uint64_t deadline;

	while ((deadline = pipeline_deadline(p)) <= now_us &&
	       deadline != PIPELINE_NEVER)
		step(p, deadline);
}

static void wake(struct pipeline *p, uint64_t t_us)
{
	if (p->next_tick_us != PIPELINE_NEVER)
		return;
	p->next_tick_us = (t_us / SECOND_US + 1) * SECOND_US;
	state_forget_minutes(&p->state);
	coach_forget_holds(&p->coach);
}

/* Goes to the instant of an input: what was due before comes first. */
static void arrive(struct pipeline *p, uint64_t t_us)
{
	if (t_us < p->state.now_us)
		t_us = p->state.now_us;
	pipeline_advance(p, t_us);
	wake(p, t_us);
	p->state.now_us = t_us;
	p->fed_us = t_us;
}

/* A reconnect begins a new segment: what held before it holds no longer. */
static bool breaks(enum display_link_state was, int32_t is)
{
	return (was == DISPLAY_LINK_LIVE || was == DISPLAY_LINK_STALE) &&
	       is != DISPLAY_LINK_LIVE;
}

/* What an answer is to the state; SAMPLE_ANSWER: nothing */
static uint8_t kind_of_answer(struct pipeline *p, const struct sample *sample)
{
	struct coach_sink sink = sink_of(p);

	switch (coach_answer(&p->coach, p->state.now_us, sample->id, sample->value,
	                     &sink)) {
	case COACH_PAIN_REPORT:
		return SAMPLE_PAIN;
	case COACH_MORNING:
		return SAMPLE_MORNING_PAIN;
	case COACH_WHO:
		return SAMPLE_SAME_RUNNER;
	case COACH_NO_ANSWER:
		break;
	}
	return SAMPLE_ANSWER;
}

static void take(struct pipeline *p, const struct sample *sample)
{
	struct coach_sink sink = sink_of(p);
	struct sample report = *sample;

	switch ((enum sample_kind)sample->kind) {
	case SAMPLE_ACK:
		coach_acknowledge(&p->coach, sample->id, &sink);
		return;
	case SAMPLE_ANSWER:
		report.kind = kind_of_answer(p, sample);
		if (report.kind == SAMPLE_ANSWER)
			return;
		break;
	case SAMPLE_MUTE:
		coach_mute(&p->coach, p->state.now_us, sample->value);
		return;
	case SAMPLE_TREADMILL_LINK:
		if (breaks(p->state.link.treadmill, sample->value)) {
			state_forget_minutes(&p->state);
			coach_forget_holds(&p->coach);
		}
		break;
	case SAMPLE_FOOTPOD_LINK:
		if (breaks(p->state.link.footpod, sample->value))
			cadence_forget_minutes(&p->state.cadence);
		break;
	case SAMPLE_SPEED:
	case SAMPLE_INCLINE:
	case SAMPLE_DISTANCE:
	case SAMPLE_ELEVATION_GAIN:
	case SAMPLE_ENERGY:
	case SAMPLE_HEART_RATE:
	case SAMPLE_INCLINE_SUPPORT:
	case SAMPLE_BELT_STATUS:
	case SAMPLE_BELT_CADENCE:
	case SAMPLE_BELT_ALIVE:
	case SAMPLE_CADENCE:
	case SAMPLE_CADENCE_COUNTED:
	case SAMPLE_POD_SPEED:
	case SAMPLE_CADENCE_UNDECIDED:
	case SAMPLE_OSCILLATION:
	case SAMPLE_GROUND_CONTACT:
	case SAMPLE_STANCE:
	case SAMPLE_BALANCE:
	case SAMPLE_VERTICAL_RATIO:
	case SAMPLE_PAIN:
	case SAMPLE_MORNING_PAIN:
	case SAMPLE_SAME_RUNNER:
	case SAMPLE_RED_FLAG:
	case SAMPLE_INTERVALS:
	case SAMPLE_END:
	case SAMPLE_PLANNED_DISTANCE:
		break;
	}
	state_sample(&p->state, &report);
}

static void answer_instant(struct pipeline *p)
{
	const struct instant *instant = &p->state.instant;
	struct coach_sink sink = sink_of(p);
	struct coach_input in;

	if (instant->pain < 0 && !instant->red_flag && !instant->safety_key)
		return;
	state_metrics(&p->state, &p->metrics);
	in = coach_input_of(p);
	coach_instant(&p->coach, &in, &sink);
	state_clear_instant(&p->state);
}

void pipeline_feed(struct pipeline *p, const struct sample *samples,
                   size_t count)
{
	if (count == 0)
		return;
	arrive(p, samples[0].t_us);
	for (size_t i = 0; i < count; i++) {
		take(p, &samples[i]);
		answer_instant(p);
	}
	show(p);
}

void pipeline_profile(struct pipeline *p, uint64_t t_us,
                      const struct display_profile *profile)
{
	arrive(p, t_us);
	state_profile(&p->state, profile);
	show(p);
}

void pipeline_runner(struct pipeline *p, uint64_t t_us, const char *name)
{
	arrive(p, t_us);
	state_name(&p->state, name);
	show(p);
}

void pipeline_restore_lock(struct pipeline *p)
{
	struct coach_sink sink = sink_of(p);
	struct coach_input in;

	arrive(p, p->state.now_us);
	state_resume_after_red_flag(&p->state);
	show(p);
	state_metrics(&p->state, &p->metrics);
	in = coach_input_of(p);
	coach_restore_lock(&p->coach, &in, &sink);
}

void pipeline_resume(struct pipeline *p, const char *name, const struct runner_session *kept,
                     const struct display_metrics *shown)
{
	arrive(p, p->state.now_us);
	state_name(&p->state, name);
	state_resume(&p->state, kept, shown);
	show(p);
}

void pipeline_spare_metrics(struct pipeline *p)
{
	p->shown.spares_metrics = true;
}

bool pipeline_is_locked(const struct pipeline *p)
{
	return p->coach.locked;
}

bool pipeline_set_rules(struct pipeline *p, const struct ruleset *rules)
{
	return coach_set_rules(&p->coach, rules);
}

void pipeline_set_languages(struct pipeline *p, const struct languages *languages)
{
	p->languages = languages;
	p->language = NULL;
	p->spoken[0] = '\0';
}

bool pipeline_distrusts_cadence(const struct pipeline *p)
{
	return cadence_distrusted(&p->state.cadence);
}

const struct display_metrics *pipeline_metrics(const struct pipeline *p)
{
	return &p->shown.metrics;
}

const struct coach *pipeline_coach(struct pipeline *p)
{
	coach_settle(&p->coach);
	return &p->coach;
}

const struct metrics *pipeline_values(const struct pipeline *p)
{
	return &p->metrics;
}

void pipeline_ask_pods(struct pipeline *p, const struct display_choice *choices,
                       size_t count)
{
	p->pods = (struct display_ask){ .kind = DISPLAY_ASK_CHOICE };
	if (count > DISPLAY_CHOICES_MAX)
		count = DISPLAY_CHOICES_MAX;
	for (size_t i = 0; i < count; i++)
		p->pods.choices[i] = choices[i];
	p->pods.choice_count = (uint8_t)count;
	p->state.pods_unsure = count > 0;
}

bool pipeline_pod_answer(struct pipeline *p, int32_t *value)
{
	bool answered = p->coach.pod_answered;

	p->coach.pod_answered = false;
	*value = p->coach.pod_answer;
	return answered;
}

void pipeline_battery(struct pipeline *p, enum display_battery_state state)
{
	struct outcome outcome;

	if (p->has_battery && p->battery == state)
		return;
	p->has_battery = true;
	p->battery = state;
	outcome.message.battery.footpod = state;
	send(p, &outcome, DISPLAY_MESSAGE_BATTERY);
}

void pipeline_pod_report(struct pipeline *p, const struct pod_report *report)
{
	p->state.pod_report = *report;
}

bool pipeline_kept(const struct pipeline *p, struct runner_session *out)
{
	return state_kept(&p->state, out);
}

void pipeline_know(struct pipeline *p, const struct runner *runner)
{
	p->state.known_runner = *runner;
	if (!under_way(p))
		p->state.runner = *runner;
}

void pipeline_know_now(struct pipeline *p, const struct runner *runner)
{
	p->state.known_runner = *runner;
	p->state.runner = *runner;
}

enum display_session_state pipeline_session(const struct pipeline *p)
{
	return p->state.session.state;
}

const struct runner *pipeline_who(const struct pipeline *p)
{
	return &p->state.runner;
}
