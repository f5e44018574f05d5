/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/state.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_US 1000000u
#define HOUR_US 3.6e9
#define BELT_STALE_US (3u * SECOND_US)
#define BELT_LOST_US (10u * SECOND_US)
#define LEVEL_RECENT_US (60u * SECOND_US)
#define HEART_RATE_FRESH_US (10u * SECOND_US)
#define HEART_RATE_FLAT_US (600u * SECOND_US) /* no heart beats so evenly */
#define POD_STALE_US (5u * SECOND_US)
#define POD_LOST_US (15u * SECOND_US)
#define SPEED_CHANGE_KMH 0.5   /* within 10 s: rules.md 5.5.1 */
#define INCLINE_CHANGE_PCT 1.0 /* within 10 s */
#define CHANGE_S 10
#define JOINED_COUNT_MAX 50000 /* more is a machine's life, not a run */
#define FASTEST_KMH 25.0       /* that a belt may have run unseen */
#define FALLBACK_USUAL_KMH 9.0
#define CAP_HOURS 48      /* after a report: rules.md 5.2, BR-05 */
#define LATELY_SHARE 0.9  /* of the usual speed, in that time */
#define SAME_PULL_US (10u * SECOND_US)
#define PAIN_MAX 10
#define ANONYMOUS "anonymous"
#define EPSILON 1e-9

void state_init(struct state *s, const struct runner *runner)
{
	*s = (struct state){
		.incline_support = -1, .end_after_s = 60, .day_s = -1,
		.known_runner = *runner, .runner = *runner,
		.morning_pain = NAN, .instant = { .pain = -1 }, .key_told_us = SESSION_NEVER,
		.pod_report = { .signal_dbm = NAN },
	};
	state_name(s, NULL);
	cadence_init(&s->cadence);
	pain_init(&s->pain);
	session_init(&s->session);
	trends_init(&s->trends);
}

void state_name(struct state *s, const char *name)
{
	snprintf(s->runner_name, sizeof(s->runner_name), "%s", name ? name : ANONYMOUS);
}

bool state_is_anonymous(const struct state *s)
{
	return strcmp(s->runner_name, ANONYMOUS) == 0;
}

static bool fresh(const struct state *s, const struct reading *r, uint64_t age_us)
{
	return r->known && s->now_us - r->at_us <= age_us;
}

bool state_treadmill_fresh(const struct state *s)
{
	return s->treadmill_heard && s->now_us - s->treadmill_at_us <= BELT_STALE_US;
}

double state_speed_kmh(const struct state *s)
{
	return fresh(s, &s->speed, BELT_STALE_US) ? s->speed.value / 100.0 : NAN;
}

/* A machine that never sent an incline and has none stands level: rules.md 7 */
double state_incline_pct(const struct state *s)
{
	if (!state_treadmill_fresh(s))
		return NAN;
	if (s->fixed_incline)
		return s->fixed_incline_pct;
	if (s->incline.known)
		return fresh(s, &s->incline, BELT_STALE_US)
		           ? s->incline.value / 10.0 : NAN;
	return s->incline_support == 1 ? NAN : 0;
}

double state_line_incline_pct(const struct state *s)
{
	double incline = state_incline_pct(s);
	bool recently_level = s->level_seen &&
	                      s->now_us - s->level_at_us <= LEVEL_RECENT_US;

	return isnan(incline) && recently_level ? 0 : incline;
}

double state_usual_kmh(const struct state *s)
{
	return isnan(s->runner.usual_kmh) ? FALLBACK_USUAL_KMH : s->runner.usual_kmh;
}

/* A pod that says 0 has no speed to tell, or is no longer worn. */
double state_pod_kmh(const struct state *s)
{
	return fresh(s, &s->pod_speed, POD_STALE_US) && s->pod_speed.value > 0
	           ? s->pod_speed.value * 0.0036 : (double)NAN;
}

double state_level_kmh(double speed_kmh, double incline_pct)
{
	if (incline_pct > 0)
		return speed_kmh * (1 + 4.5 * incline_pct / 100);
	return isnan(incline_pct) ? (double)NAN : speed_kmh;
}

double state_heart_rate_bpm(const struct state *s)
{
	bool flat = s->now_us - s->heart_rate_new_us > HEART_RATE_FLAT_US;

	return fresh(s, &s->heart_rate, HEART_RATE_FRESH_US) && !flat
	           ? (double)s->heart_rate.value : NAN;
}

bool state_hurt_lately(const struct state *s)
{
	const struct runner *runner = &s->known_runner;
	double age_h = runner->last_pain_age_h + (double)s->now_us / HOUR_US;

	return !s->doubts.stranger && runner->last_pain > 0 && age_h < CAP_HOURS;
}

double state_speed_cap_kmh(const struct state *s)
{
	double lately = state_hurt_lately(s) ? LATELY_SHARE * state_usual_kmh(s) : (double)NAN;

	return fmin(s->pain.cap_kmh, lately); /* the one that there is */
}

static void set_reading(struct state *s, struct reading *r, int32_t value)
{
	*r = (struct reading){ .known = true, .value = value, .at_us = s->now_us };
}

/* A count that falls back was reset by the machine: go on from there. What
 * the belt does with nobody on it is not the runner's. */
static void count(const struct state *s, struct odometer *o, int32_t value)
{
	if (o->known && value > o->last && !cadence_off_belt(&s->cadence))
		o->total += (int64_t)value - o->last;
	o->known = true;
	o->last = value;
}

static void heard_treadmill(struct state *s)
{
	s->treadmill_heard = true;
	s->treadmill_at_us = s->now_us;
	s->link.treadmill = DISPLAY_LINK_LIVE;
}

static void heard_footpod(struct state *s)
{
	s->footpod_at_us = s->now_us;
	s->link.footpod = DISPLAY_LINK_LIVE;
}

/* The speed that the pain was felt at: who stops the belt to tell of it felt it
 * while he ran. */
static double felt_at_kmh(const struct state *s)
{
	double speed = state_speed_kmh(s);

	return speed >= SESSION_MOVING_KMH ? speed
	                                   : session_mean_run_speed(&s->session);
}

static void report_pain(struct state *s, int32_t value)
{
	pain_report(&s->pain, s->now_us, value, felt_at_kmh(s));
	s->instant.pain = value;
	s->worst_pain = s->pain.worst;
}

static void take_morning_pain(struct state *s, int32_t value)
{
	s->morning_pain = value;
}

static void take_speed(struct state *s, int32_t value)
{
	set_reading(s, &s->speed, value);
	session_speed(&s->session, s->now_us, value / 100.0);
}

static void take_incline(struct state *s, int32_t value)
{
	set_reading(s, &s->incline, value);
	if (value != 0)
		return;
	s->level_seen = true;
	s->level_at_us = s->now_us;
}

static void take_distance(struct state *s, int32_t value)
{
	count(s, &s->distance, value);
}

static void take_elevation_gain(struct state *s, int32_t value)
{
	count(s, &s->elevation, value);
}

static void take_energy(struct state *s, int32_t value)
{
	count(s, &s->energy, value);
}

static void take_heart_rate(struct state *s, int32_t value)
{
	if (!s->heart_rate.known || s->heart_rate.value != value)
		s->heart_rate_new_us = s->now_us;
	set_reading(s, &s->heart_rate, value);
}

static void take_incline_support(struct state *s, int32_t value)
{
	s->incline_support = value != 0;
}

static void take_belt_status(struct state *s, int32_t value)
{
	uint64_t before_us = s->key_told_us;

	session_belt_status(&s->session, s->now_us, (enum belt_status)value);
	s->key_told_us = value == BELT_SAFETY_KEY ? s->now_us : SESSION_NEVER;
	/* a machine may say it again and again: it was pulled once */
	if (value == BELT_SAFETY_KEY &&
	    (before_us == SESSION_NEVER || s->now_us - before_us > SAME_PULL_US))
		s->instant.safety_key = true;
}

static void take_cadence(struct state *s, int32_t value)
{
	heard_footpod(s);
	cadence_reading(&s->cadence, s->now_us, value / 1000.0);
}

static void take_counted_cadence(struct state *s, int32_t value)
{
	take_cadence(s, value);
	cadence_counted(&s->cadence, s->now_us);
}

static void take_belt_cadence(struct state *s, int32_t value)
{
	cadence_reading(&s->cadence, s->now_us, value / 1000.0);
	cadence_counted(&s->cadence, s->now_us);
}

static void take_pod_speed(struct state *s, int32_t value)
{
	heard_footpod(s);
	set_reading(s, &s->pod_speed, value);
}

static void take_cadence_undecided(struct state *s, int32_t value)
{
	(void)value;
	heard_footpod(s);
	cadence_undecided(&s->cadence, s->now_us);
}

static void take_treadmill_link(struct state *s, int32_t value)
{
	s->link.treadmill = (enum display_link_state)value;
	s->treadmill_link_us = s->now_us;
}

static void take_footpod_link(struct state *s, int32_t value)
{
	s->link.footpod = (enum display_link_state)value;
	s->footpod_link_us = s->now_us;
}

static void take_same_runner(struct state *s, int32_t value)
{
	state_answer_who(s, value != 0);
}

static void take_red_flag(struct state *s, int32_t value)
{
	(void)value; /* whichever it was */
	s->instant.red_flag = true;
	s->pain.red_flag = true;
	s->worst_pain = PAIN_MAX;
}

static void take_intervals(struct state *s, int32_t value)
{
	s->intervals = value != 0;
}

static void take_end(struct state *s, int32_t value)
{
	session_plan_end(&s->session,
	                 s->now_us + (uint64_t)value * SECOND_US);
}

static void take_planned_distance(struct state *s, int32_t value)
{
	s->planned_m = value;
}

static void take_dynamic(struct state *s, const struct sample *sample)
{
	heard_footpod(s);
	set_reading(s, &s->dynamics[sample->kind - SAMPLE_OSCILLATION], sample->value);
}

/* What is missing here says nothing (SAMPLE_BELT_ALIVE) or is the coach's. */
static void (*const takers[])(struct state *, int32_t) = {
	[SAMPLE_SPEED] = take_speed,
	[SAMPLE_INCLINE] = take_incline,
	[SAMPLE_DISTANCE] = take_distance,
	[SAMPLE_ELEVATION_GAIN] = take_elevation_gain,
	[SAMPLE_ENERGY] = take_energy,
	[SAMPLE_HEART_RATE] = take_heart_rate,
	[SAMPLE_INCLINE_SUPPORT] = take_incline_support,
	[SAMPLE_BELT_STATUS] = take_belt_status,
	[SAMPLE_BELT_CADENCE] = take_belt_cadence,
	[SAMPLE_CADENCE] = take_cadence,
	[SAMPLE_CADENCE_COUNTED] = take_counted_cadence,
	[SAMPLE_POD_SPEED] = take_pod_speed,
	[SAMPLE_CADENCE_UNDECIDED] = take_cadence_undecided,
	[SAMPLE_TREADMILL_LINK] = take_treadmill_link,
	[SAMPLE_FOOTPOD_LINK] = take_footpod_link,
	[SAMPLE_PAIN] = report_pain,
	[SAMPLE_MORNING_PAIN] = take_morning_pain,
	[SAMPLE_SAME_RUNNER] = take_same_runner,
	[SAMPLE_RED_FLAG] = take_red_flag,
	[SAMPLE_INTERVALS] = take_intervals,
	[SAMPLE_END] = take_end,
	[SAMPLE_PLANNED_DISTANCE] = take_planned_distance,
};

void state_sample(struct state *s, const struct sample *sample)
{
	if (sample->kind <= SAMPLE_BELT_ALIVE && sample->kind != SAMPLE_HEART_RATE)
		heard_treadmill(s);
	if (sample->kind >= SAMPLE_OSCILLATION && sample->kind <= SAMPLE_VERTICAL_RATIO)
		take_dynamic(s, sample);
	if (sample->kind < sizeof(takers) / sizeof(takers[0]) &&
	    takers[sample->kind])
		takers[sample->kind](s, sample->value);
}

void state_clear_instant(struct state *s)
{
	s->instant = (struct instant){ .pain = -1 };
}

void state_profile(struct state *s, const struct display_profile *profile)
{
	struct runner *runner = &s->runner;

	if (profile->has_height)
		runner->height_m = profile->height_m;
	if (profile->has_back_pain)
		runner->back_pain = profile->back_pain;
	if (profile->has_novice)
		runner->novice = profile->novice;
	if (profile->has_units)
		runner->miles = profile->miles;
	if (profile->has_lang)
		snprintf(runner->lang, sizeof(runner->lang), "%s", profile->lang);
}

/* A belt that was already moving when it was first seen: what the machine had
 * counted by then belongs to this run. Else only what it adds from now on. */
static void begin_count(const struct state *s, struct odometer *o)
{
	bool joined = !s->stood && o->last <= JOINED_COUNT_MAX;

	o->total = o->known && joined ? o->last : 0;
}

/* What belongs to one session only; what was told before its first step
 * (a profile, a pain report) was told for it. */
static void begin_session(struct state *s)
{
	begin_count(s, &s->distance);
	begin_count(s, &s->elevation);
	begin_count(s, &s->energy);
	s->belt_m = (double)s->distance.total;
	s->unseen_m = 0;
	state_begin_learning(s);
	s->doubts = (struct doubts){ 0 };
	trends_init(&s->trends);
	s->worst_pain = s->pain.red_flag ? PAIN_MAX : s->pain.worst;
	s->early = state_is_early(s);
	if (isnan(cadence_now(&s->cadence, s->now_us)))
		cadence_init(&s->cadence);
}

static void end_session(struct state *s)
{
	state_keep(s);
	s->stood = true; /* what moves on now is another run */
	s->runner = s->known_runner;
	pain_init(&s->pain);
	s->morning_pain = NAN;
	s->intervals = false;
	s->planned_m = 0;
	cadence_init(&s->cadence);
}

static double change(const struct window *w)
{
	return fabs(window_ago(w, 0) - window_ago(w, CHANGE_S));
}

/* Seconds since the value changed; not knowing it 10 s ago counts as change. */
static uint32_t steady(uint32_t seconds, double change_by, double limit)
{
	return change_by < limit - EPSILON ? seconds + 1 : 0;
}

/* 1 for a second of running, 0 for another, NaN where nobody can tell */
static double ran(enum display_gait gait)
{
	if (gait == DISPLAY_GAIT_UNKNOWN)
		return NAN;
	return gait == DISPLAY_GAIT_RUN ? 1 : 0;
}

static void tick_windows(struct state *s)
{
	window_push(&s->speed_s, state_speed_kmh(s));
	window_push(&s->incline_s, state_incline_pct(s));
	window_push(&s->ran_s, ran(s->session.gait));
	s->speed_steady_s = steady(s->speed_steady_s, change(&s->speed_s),
	                           SPEED_CHANGE_KMH);
	s->incline_steady_s = steady(s->incline_steady_s, change(&s->incline_s),
	                             INCLINE_CHANGE_PCT);
}

static void tick_distance(struct state *s)
{
	double now = window_ago(&s->speed_s, 0);
	double before = window_ago(&s->speed_s, 1);

	if (s->session.state != DISPLAY_SESSION_RUNNING ||
	    cadence_off_belt(&s->cadence))
		return;
	if (isnan(now))
		s->unseen_m += FASTEST_KMH / 3.6;
	else
		s->belt_m += (isnan(before) ? now : (now + before) / 2) / 3.6;
}

static enum display_link_state aged(enum display_link_state state, uint64_t age_us,
                                    uint64_t stale_us, uint64_t lost_us)
{
	if (state != DISPLAY_LINK_LIVE && state != DISPLAY_LINK_STALE)
		return state;
	if (age_us > lost_us)
		return DISPLAY_LINK_LOST;
	return age_us > stale_us ? DISPLAY_LINK_STALE : state;
}

static uint64_t quiet_us(const struct state *s, uint64_t heard_us, uint64_t told_us)
{
	return s->now_us - (heard_us > told_us ? heard_us : told_us);
}

static void tick_links(struct state *s)
{
	s->link.treadmill = aged(s->link.treadmill,
	                         quiet_us(s, s->treadmill_at_us,
	                                  s->treadmill_link_us),
	                         BELT_STALE_US, BELT_LOST_US);
	s->link.footpod = aged(s->link.footpod,
	                       quiet_us(s, s->footpod_at_us, s->footpod_link_us),
	                       POD_STALE_US, POD_LOST_US);
}

static uint32_t lesser(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static void tick_trends(struct state *s, uint32_t elapsed_before_s)
{
	double speed = state_speed_kmh(s);
	double incline = state_line_incline_pct(s);
	struct trends_input in = {
		.gait = s->session.gait, .run_s = s->session.run_s,
		.counted = s->session.elapsed_s > elapsed_before_s,
		.speed_kmh = speed, .incline_pct = incline,
		.cadence_spm = cadence_now(&s->cadence, s->now_us),
		.heart_rate_bpm = state_heart_rate_bpm(s),
		.level_kmh = state_level_kmh(speed, incline),
		.mean_run_kmh = session_mean_run_speed(&s->session),
		.steady_s = lesser(s->speed_steady_s, s->incline_steady_s),
		.intervals = s->intervals,
	};

	trends_tick(&s->trends, &in);
}

bool state_tick(struct state *s)
{
	uint32_t elapsed_s = s->session.elapsed_s;
	double speed = state_speed_kmh(s);
	struct session_input in = {
		.t_us = s->now_us, .speed_kmh = speed,
		.height_m = s->runner.height_m, .end_after_s = s->end_after_s,
	};
	bool was_under_way = session_under_way(&s->session);
	bool began;

	tick_links(s);
	cadence_tick(&s->cadence, s->now_us, speed,
	             session_froude(speed, s->runner.height_m) >= 0.6);
	in.cadence_spm = cadence_now(&s->cadence, s->now_us);
	in.off_belt = cadence_off_belt(&s->cadence);
	began = session_tick(&s->session, &in);
	if (began) {
		begin_session(s);
		elapsed_s = 0;
	}
	if (speed < SESSION_MOVING_KMH)
		s->stood = true;
	tick_windows(s);
	tick_distance(s);
	state_tick_doubts(s);
	state_tick_learning(s);
	tick_trends(s, elapsed_s);
	if (was_under_way && !session_under_way(&s->session))
		end_session(s);
	return began;
}

void state_resume_after_red_flag(struct state *s)
{
	session_resume(&s->session);
	s->pain.red_flag = true;
	s->worst_pain = PAIN_MAX;
}

void state_forget_minutes(struct state *s)
{
	window_clear(&s->speed_s);
	window_clear(&s->incline_s);
	window_clear(&s->ran_s);
	cadence_forget_minutes(&s->cadence);
	trends_forget_minutes(&s->trends);
	s->speed_steady_s = 0;
	s->incline_steady_s = 0;
}

/* The machine's own count, unless it is plainly off from what its speed says
 * (machines that count late, by halves or in miles: ftms.md section 2). */
uint32_t state_distance_m(const struct state *s)
{
	double counted = (double)s->distance.total;
	double tolerance = fmax(30, 0.2 * s->belt_m);

	if (s->distance.known && counted >= s->belt_m - tolerance &&
	    counted <= s->belt_m + s->unseen_m + tolerance)
		return (uint32_t)counted;
	return (uint32_t)s->belt_m;
}
