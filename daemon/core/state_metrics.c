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
#define STEADY_FOR_CV_S 60
#define TYPICAL_CV_PCT 2.0
#define DRIFTING_PCT 1.0
#define TIRING_S 1200
#define TIRING_PCT 2.0
#define NO_RUN_IN_30D_M 3000
#define RUN_BY_S 60 /* a session with less running is a walk: rules.md 5.5.11 */
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

	SET(speed, speed);
	SET(pace, known(speed >= 1, 60 / speed));
	SET(incline, incline);
	SET(level_speed, state_level_kmh(speed, incline));
	SET(speed_10s_ago, window_ago(&s->speed_s, 10));
	SET(speed_rise_10s, speed - GET(speed_10s_ago));
	SET(incline_rise_30s, incline - window_ago(&s->incline_s, 30));
	SET(speed_steady, known(!isnan(speed), s->speed_steady_s));
	SET(incline_steady, known(!isnan(incline), s->incline_steady_s));
	SET(same_pace, trends_gear_s(&s->trends));
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
	SET(other_runner, s->doubts.another);
	SET(dose, runner_dose_pct(&s->runner));
	if (isnan(GET(target_cadence)))
		SET(target_cadence, GET(expected_cadence));
}

double state_cadence_cv_pct(const struct state *s)
{
	return known(s->speed_steady_s >= STEADY_FOR_CV_S,
	             cadence_cv_pct(&s->cadence, s->now_us));
}

static void trend_metrics(const struct state *s, struct metrics *m)
{
	double own = s->runner.own_cv_pct;
	double drift = trends_drift_pct(&s->trends);

	SET(cadence_cv, state_cadence_cv_pct(s));
	SET(own_cv, isnan(own) ? TYPICAL_CV_PCT : own);
	SET(cadence_drift, drift);
	SET(drifting, drift >= DRIFTING_PCT - EPSILON);
	SET(tiring, s->session.run_s >= TIRING_S && drift >= TIRING_PCT - EPSILON);
	SET(easy_time, trends_easy_s(&s->trends));
	SET(heart_rate_expected,
	    trends_expected_bpm(&s->trends, GET(level_speed)));
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
	SET(belt_still, known(session->number > 0 &&
	                              session->still_us != SESSION_NEVER,
	                      seconds_since(s, session->still_us)));
	SET(time_to_end, known(session_under_way(session) &&
	                               session->planned_end_us != SESSION_NEVER,
	                       ((double)session->planned_end_us -
	                        (double)s->now_us) / SECOND_US));
}

static void longest_metrics(const struct state *s, struct metrics *m)
{
	double run = s->runner.longest_30d_m;
	double walk = s->runner.longest_walk_30d_m;
	bool runs = s->session.run_s > RUN_BY_S;

	if (run <= 0)
		run = NO_RUN_IN_30D_M;
	SET(longest_30d, runs || s->planned_m > 0 || !(walk > 0) ? run : walk);
	SET(distance_of_longest_30d,
	    known(runs || walk > 0, 100 * GET(distance) / (runs ? run : walk)));
	SET(planned_of_longest_30d,
	    known(s->planned_m > 0, 100 * s->planned_m / run));
}

static void runner_metrics(const struct state *s, struct metrics *m)
{
	const struct runner *runner = &s->runner;

	SET(usual_speed, state_usual_kmh(s));
	SET(has_history, runner_has_history(runner));
	SET(has_baseline, !isnan(runner->baseline_spm));
	SET(height, runner->height_m);
	SET(back_pain, runner->back_pain);
	SET(novice, runner->novice);
	SET(experienced, runner->experienced);
	SET(balance, runner->balance);
	SET(sessions, runner->sessions < 0 ? 0 : runner->sessions);
	SET(run_days, known(runner->run_days_in_row >= 0, runner->run_days_in_row));
	SET(last_pain, runner->last_pain);
	SET(last_pain_age, runner->last_pain_age_h * 3600);
	SET(shoe_distance, runner->shoe_km * 1000);
	SET(shoe_since_told, GET(shoe_distance) - (isnan(runner->shoe_told_km)
	                                                   ? 0 : runner->shoe_told_km * 1000));
	SET(intervals, s->intervals);
	SET(run_walk, state_run_walk(s));
	SET(heart_rate, state_heart_rate_bpm(s));
	SET(heart_rate_max, isnan(runner->max_hr_bpm)
	                        ? 208 - 0.7 * runner->age : runner->max_hr_bpm);
}

/* Against the score before the last run; where nobody asked for that, against the
 * last word of it */
static double morning_rise(const struct state *s)
{
	const struct runner *runner = &s->runner;
	bool asked = !isnan(runner->last_morning_pain);

	return s->morning_pain - (asked ? runner->last_morning_pain : runner->last_pain);
}

static void pain_metrics(const struct state *s, struct metrics *m)
{
	const struct pain *pain = &s->pain;

	SET(pain, known(pain->reported, pain->last));
	SET(pain_free, !pain->red_flag && (!pain->reported || pain->worst == 0));
	SET(worst_pain, s->worst_pain);
	SET(pain_reports, pain->count);
	SET(pain_rise, known(pain->before >= 0, pain->last - pain->before));
	SET(pain_age, known(pain->reported, seconds_since(s, pain->at_us)));
	SET(pain_was_high, pain->was_high);
	SET(hurt_lately, state_hurt_lately(s));
	SET(morning_pain, s->morning_pain);
	SET(morning_rise, morning_rise(s));
	SET(speed_cap, state_speed_cap_kmh(s));
	SET(pain_reported, known(s->instant.pain >= 0, s->instant.pain));
	SET(red_flag, known(s->instant.red_flag, 1));
	SET(safety_key, known(s->instant.safety_key, 1));
}

static bool is_settled(const struct state *s, const struct metrics *m)
{
	double change_30s = fabs(GET(speed) - window_ago(&s->speed_s, 30));

	if (state_run_walk(s) && GET(running) > 0 &&
	    s->session.run_bout_s < INTERVAL_SETTLE_S)
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
	       GET(speed) >= COOL_DOWN_SHARE * mean - EPSILON && !(GET(hard_effort) > 0) &&
	       GET(pain_free) > 0 && state_feedback_on(s);
}

/* A device that is no shoe's says "other", too, and may count well. */
static bool is_pod_misplaced(const struct state *s)
{
	return s->pod_report.elsewhere &&
	       (s->doubts.another || s->doubts.disagreed);
}

static void gate_metrics(const struct state *s, struct metrics *m)
{
	SET(warm, state_warm(s));
	SET(hard_effort, is_hard(m));
	SET(recall_due, state_recall_due(s));
	SET(gentle_incline, fabs(state_line_incline_pct(s)) <= GENTLE_PCT);
	SET(settled, is_settled(s, m));
	SET(calm, GET(settled) > 0 && !(GET(hard_effort) > 0) &&
	                  s->worst_pain == 0);
	SET(form_ready, is_form_ready(s, m));
	SET(pods_unsure, s->pods_unsure);
	SET(pod_battery_low, s->pod_report.battery_low);
	SET(pod_misplaced, is_pod_misplaced(s));
	SET(pod_signal, s->pod_report.signal_dbm);
	SET(true, 1);
}

void state_metrics(const struct state *s, struct metrics *m)
{
	for (size_t i = 0; i < METRIC_COUNT; i++)
		m->value[i] = NAN;
	belt_metrics(s, m);
	cadence_metrics(s, m);
	trend_metrics(s, m);
	session_metrics(s, m);
	longest_metrics(s, m);
	runner_metrics(s, m);
	pain_metrics(s, m);
	gate_metrics(s, m);
}
