/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Each metric of metrics.h, computed from the state. Kept in the order of the
 * table, a function a family.
 */
#include "daemon/core/state.h"

#include <math.h>

#define SECOND_US 1000000u
#define SETTLED_S 30
#define SETTLED_KMH 0.5
#define FORM_KMH 7.0
#define COOL_DOWN_SHARE 0.8
#define HARD_SHARE 1.15
#define HARD_HEART_SHARE 0.9
#define GENTLE_PCT 5.0
#define INTERVAL_SETTLE_S 120
#define EPSILON 1e-9

#define SET(name, number) (m->value[METRIC_##name] = (number))
#define GET(name) (m->value[METRIC_##name])

/* A value where it is known; not `?:`, whose float NAN would narrow it */
static double known(bool present, double value)
{
	return present ? value : (double)NAN;
}

static double seconds_since(const struct state *s, uint64_t then_us)
{
	return (double)(s->now_us - then_us) / SECOND_US;
}

static void belt_metrics(const struct state *s, struct metrics *m)
{
	double speed = state_speed_kmh(s);
	double incline = state_incline_pct(s);
	double uphill = incline > 0 ? incline : 0;

	SET(speed, speed);
	SET(pace, known(speed >= 1, 60 / speed));
	SET(incline, incline);
	SET(level_speed, known(!isnan(incline), speed * (1 + 4.5 * uphill / 100)));
	SET(speed_10s_ago, window_ago(&s->speed_s, 10));
	SET(speed_rise_10s, speed - GET(speed_10s_ago));
	SET(incline_rise_30s, incline - window_ago(&s->incline_s, 30));
	SET(speed_steady, known(!isnan(speed), s->speed_steady_s));
	SET(incline_steady, known(!isnan(incline), s->incline_steady_s));
	SET(treadmill_gap, known(s->treadmill_heard,
	                         seconds_since(s, s->treadmill_at_us)));
	SET(belt_moving, s->speed.known &&
	                 s->speed.value >= (int32_t)(SESSION_MOVING_KMH * 100));
}

/* A pod may sleep as long as the belt stands. */
static double cadence_gap(const struct state *s)
{
	double gap = cadence_gap_s(&s->cadence, s->now_us);

	if (s->session.moving_us == SESSION_NEVER)
		return gap;
	return known(!isnan(gap),
	             fmin(gap, seconds_since(s, s->session.moving_us)));
}

static void cadence_metrics(const struct state *s, struct metrics *m)
{
	double speed = GET(speed);
	double incline = state_line_incline_pct(s);
	double c30 = cadence_mean_30s(&s->cadence, s->now_us);

	SET(cadence, cadence_now(&s->cadence, s->now_us));
	SET(cadence_30s, c30);
	SET(cadence_gap, cadence_gap(s));
	SET(pod_speed, state_pod_kmh(s));
	SET(step_length, known(c30 > 0, speed * 1000 / 60 / c30));
	SET(expected_cadence, runner_expected_spm(&s->runner, speed, incline));
	SET(step_excess, known(c30 > 0, 100 * GET(expected_cadence) / c30));
	SET(step_over, GET(step_length) * (1 - 100 / GET(step_excess)));
	SET(target_cadence, runner_target_spm(&s->runner, speed, incline));
	SET(dose, runner_dose_pct(&s->runner));
}

static void session_metrics(const struct state *s, struct metrics *m)
{
	const struct session *session = &s->session;
	bool running = session->gait == DISPLAY_GAIT_RUN;

	SET(run_time, session->run_s);
	SET(walk_time, session->walk_s);
	SET(elapsed, session->elapsed_s);
	SET(distance, state_distance_m(s));
	SET(session_running, session->state == DISPLAY_SESSION_RUNNING);
	SET(running, running);
	SET(walking, session->gait == DISPLAY_GAIT_WALK);
	SET(ran_10s_ago, window_ago(&s->ran_s, 10));
	SET(run_bout, known(running, session->run_bout_s));
}

static void runner_metrics(const struct state *s, struct metrics *m)
{
	const struct runner *runner = &s->runner;
	bool own = !isnan(runner->usual_kmh);

	SET(usual_speed, state_usual_kmh(s));
	SET(has_history, own || runner->sessions > 0);
	SET(has_baseline, !isnan(runner->baseline_spm));
	SET(height, runner->height_m);
	SET(back_pain, runner->back_pain);
	SET(novice, runner->novice);
	SET(intervals, s->intervals);
	SET(heart_rate, state_heart_rate_bpm(s));
	SET(heart_rate_max, isnan(runner->max_hr_bpm)
	                        ? 208 - 0.7 * runner->age : runner->max_hr_bpm);
}

static void pain_metrics(const struct state *s, struct metrics *m)
{
	const struct pain *pain = &s->pain;

	SET(pain, known(pain->reported, pain->last));
	SET(pain_free, !pain->red_flag && (!pain->reported || pain->worst == 0));
	SET(pain_reports, pain->count);
	SET(pain_rise, known(pain->before >= 0, pain->last - pain->before));
	SET(pain_age, known(pain->reported, seconds_since(s, pain->at_us)));
	SET(pain_was_high, pain->was_high);
	SET(speed_cap, state_speed_cap_kmh(s));
	SET(pain_reported, known(s->instant.pain >= 0, s->instant.pain));
	SET(red_flag, known(s->instant.red_flag, 1));
	SET(safety_key, known(s->instant.safety_key, 1));
}

static bool is_settled(const struct state *s, const struct metrics *m)
{
	double change_30s = fabs(GET(speed) - window_ago(&s->speed_s, 30));

	if (s->intervals && s->session.run_bout_s < INTERVAL_SETTLE_S)
		return false;
	if (isnan(GET(incline)) ? isnan(state_line_incline_pct(s))
	                        : s->incline_steady_s < SETTLED_S)
		return false;
	return s->speed_steady_s >= SETTLED_S &&
	       change_30s < SETTLED_KMH - EPSILON;
}

static bool is_hard(const struct metrics *m)
{
	double effort = isnan(GET(level_speed)) ? GET(speed) : GET(level_speed);

	if (GET(has_history) > 0 &&
	    effort >= HARD_SHARE * GET(usual_speed) - EPSILON)
		return true;
	return GET(heart_rate) >= HARD_HEART_SHARE * GET(heart_rate_max);
}

/* rules.md 5.1 "Form rules need": gates of BR-13 to BR-17 */
static bool is_form_ready(const struct state *s, const struct metrics *m)
{
	double mean = session_mean_run_speed(&s->session);

	return GET(running) > 0 && GET(session_running) > 0 &&
	       GET(speed) >= FORM_KMH && GET(settled) > 0 &&
	       !isnan(GET(cadence_30s)) && GET(warm) > 0 &&
	       GET(speed) >= COOL_DOWN_SHARE * mean - EPSILON && !is_hard(m) &&
	       GET(pain_free) > 0 && state_feedback_on(s);
}

static void gate_metrics(const struct state *s, struct metrics *m)
{
	SET(warm, s->session.elapsed_s >= (s->runner.back_pain ? 480 : 300));
	SET(gentle_incline, fabs(state_line_incline_pct(s)) <= GENTLE_PCT);
	SET(settled, is_settled(s, m));
	SET(form_ready, is_form_ready(s, m));
	SET(pods_unsure, s->pods_unsure);
	SET(true, 1);
}

void state_metrics(const struct state *s, struct metrics *m)
{
	for (size_t i = 0; i < METRIC_COUNT; i++)
		m->value[i] = NAN;
	belt_metrics(s, m);
	cadence_metrics(s, m);
	session_metrics(s, m);
	runner_metrics(s, m);
	pain_metrics(s, m);
	gate_metrics(s, m);
}
