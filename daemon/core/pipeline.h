/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The core as one object: samples and time go in, outcomes come out through
 * one callback, synchronously, in order. Pure: same samples, same outcomes,
 * however often it is advanced. Rules are evaluated on whole seconds of the
 * session clock, and at the instant of an input.
 */
#ifndef GAITD_PIPELINE_H
#define GAITD_PIPELINE_H

#include "daemon/core/coach.h"
#include "daemon/core/outcome.h"
#include "daemon/core/pod_report.h"
#include "daemon/rules/language.h"
#include "daemon/rules/ruleset.h"
#include "daemon/core/runner.h"
#include "daemon/core/runner_history.h"
#include "daemon/core/sample.h"

#define PIPELINE_NEVER UINT64_MAX

struct pipeline;

struct pipeline_settings {
	struct runner runner; /* who is running; runner_init() if nobody known */
	uint32_t session_end_after_s; /* belt still for so long ends a session */
	bool fixed_incline; /* the machine's incline is `incline_pct`, always: a setting */
	double incline_pct;
	int32_t day_s; /* local time of day at time 0, in seconds; -1: not known */
	const struct languages *languages; /* borrowed; NULL: English alone */
	/* A rule is off for the session, because its arithmetic failed. `user` is
	 * that of the outcomes; may be NULL. */
	void (*rule_failed)(const struct rule *rule, void *user);
};

/* The local time of day of a wall clock `offset_s` east of UTC */
int32_t pipeline_day_s(int64_t unix_s, int32_t offset_s);

void pipeline_settings_init(struct pipeline_settings *settings);

/* `rules` is borrowed and must outlive the pipeline. NULL: out of memory. */
struct pipeline *pipeline_new(const struct ruleset *rules,
                              const struct pipeline_settings *settings,
                              outcome_fn emit, void *user);
void pipeline_free(struct pipeline *p);

/* Takes the samples of one input, all of one instant; deadlines at or before
 * that instant are met first. A time before the pipeline's own is taken as
 * now. At most one metrics message comes out. */
void pipeline_feed(struct pipeline *p, const struct sample *samples,
                   size_t count);

/* The runner told something of himself; for this session only. */
void pipeline_profile(struct pipeline *p, uint64_t t_us,
                      const struct display_profile *profile);
/* A runner known by name takes the console (NULL: anonymous). */
void pipeline_runner(struct pipeline *p, uint64_t t_us, const char *name);

/* Meets every deadline at or before `now_us`. */
void pipeline_advance(struct pipeline *p, uint64_t now_us);

/* When it next wants to be advanced; PIPELINE_NEVER while nothing is due. */
uint64_t pipeline_deadline(const struct pipeline *p);

/* A prompt was locked when the daemon died, and its session may go on: it is
 * shown again, in a new segment of that session. Before any input. */
void pipeline_restore_lock(struct pipeline *p);
/* A session that a restart interrupted goes on, in a new segment, from what it
 * had come to and the metrics that were shown last (all zero: none), with the runner
 * of that name (NULL: anonymous); paused until the belt is heard. Before any input. */
void pipeline_resume(struct pipeline *p, const char *name, const struct runner_session *kept,
                     const struct display_metrics *shown);
/* Nobody is shown metrics, or a target: from now on none come out. Prompts, and all else,
 * are the same. */
void pipeline_spare_metrics(struct pipeline *p);
/* A prompt is shown that stays until it is acknowledged. */
bool pipeline_is_locked(const struct pipeline *p);

/* Swaps the rules in (a reload): holds start again, counts stay by rule id.
 * False: out of memory, the old ones stay. */
bool pipeline_set_rules(struct pipeline *p, const struct ruleset *rules);

/* The same of the languages; what is on display stays as it is. */
void pipeline_set_languages(struct pipeline *p, const struct languages *languages);

/* The cadence is hardly one: whoever counts it should look again whether he
 * counts strides or steps (rules.md 7). */
bool pipeline_distrusts_cadence(const struct pipeline *p);
/* The latest metrics message, for status and snapshots */
const struct display_metrics *pipeline_metrics(const struct pipeline *p);
/* What the coach made of each rule at the last whole second, and the values of
 * metrics that it was told then (fired_count and fired_age: of no rule) */
const struct coach *pipeline_coach(struct pipeline *p);
const struct metrics *pipeline_values(const struct pipeline *p);
enum display_session_state pipeline_session(const struct pipeline *p);
/* The foot pods that may be the runner's, as choices of a question; 0: no
 * question. */
void pipeline_ask_pods(struct pipeline *p, const struct display_choice *choices,
                       size_t count);
/* The answer to it, once; false: none has come. */
bool pipeline_pod_answer(struct pipeline *p, int32_t *value);
/* How the foot pod's battery is; displays are told when it changes. */
void pipeline_battery(struct pipeline *p, enum display_battery_state state);
/* How the session's foot pod was so far, for rules at its end */
void pipeline_pod_report(struct pipeline *p, const struct pod_report *report);
/* The session under way as far as it goes, else the last that ended, as it is
 * kept for the runner's history; its times are seconds of the pipeline's clock.
 * False: there was none, or it is not known to be the runner's. From the message
 * "ended" on, until the next session begins, it is the one that ended. */
bool pipeline_kept(const struct pipeline *p, struct runner_session *out);
/* What is known of the runner from the next session on, or from now on if none
 * is under way: what his history says by then. */
void pipeline_know(struct pipeline *p, const struct runner *runner);
/* The same from now on, whatever was told in the session under way: somebody
 * known takes the console, or leaves it. */
void pipeline_know_now(struct pipeline *p, const struct runner *runner);
/* Who is running, with what was told in this session */
const struct runner *pipeline_who(const struct pipeline *p);

#endif
