/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The vocabulary of the rules: every metric by name, with its dimension, its
 * declared range and what makes it absent. One table (metrics.c) serves the
 * rule compiler, gaitd-rules(5)'s check and the evaluation.
 */
#ifndef GAITD_METRICS_H
#define GAITD_METRICS_H

#include "daemon/rules/dimension.h"

#include <stdbool.h>
#include <stddef.h>

/* X(name, dimension, low, high, meaning and when it is absent) */
#define METRICS(X) \
	X(speed, SPEED, 0, 40, "belt speed; absent when 3 s old") \
	X(pace, PACE, 1.5, 60, "time a kilometre takes at this speed; absent without speed and below 1 km/h") \
	X(incline, PERCENT, -15, 40, "belt incline, uphill positive; absent when 3 s old or not sent by a machine that has it") \
	X(level_speed, SPEED, 0, 100, "speed on the flat that costs the same: speed x (1 + 4.5 incline/100) uphill; absent as they are") \
	X(cadence, CADENCE, 0, 230, "steps per minute now; absent when 5 s old or distrusted") \
	X(cadence_30s, CADENCE, 0, 230, "mean cadence of 30 s; absent before 10 s of it are good") \
	X(cadence_gap, TIME, 0, 86400, "time for which the pod has been silent or too much of it bad, or since the belt moved on after that; absent before its first reading of the session") \
	X(pod_speed, SPEED, 0, 250, "the foot pod's own speed; absent when 5 s old, and while the pod says 0") \
	X(step_length, LENGTH, 0, 4, "speed / cadence_30s; absent as they are") \
	X(step_excess, PERCENT, 0, 400, "step_length as a share of the expected one at this speed and incline; absent without expected_cadence") \
	X(step_over, LENGTH, -1, 3, "step_length less the expected one at this speed and incline; absent as step_excess is") \
	X(expected_cadence, CADENCE, 100, 260, "the runner's own line, or by height and speed; absent without either") \
	X(target_cadence, CADENCE, 100, 260, "expected_cadence raised by the dose, if there is one; absent without expected_cadence") \
	X(dose, PERCENT, 0, 10, "how far the target lies above the own line; absent without a personal line") \
	X(cadence_cv, PERCENT, 0, 100, "how much cadence varied in the last 60 s, standard deviation around its trend by mean; absent after a gap or a change of speed within them, and where cadence is counted from whole strides") \
	X(own_cv, PERCENT, 0, 50, "the runner's usual cadence_cv, 2 % if not known") \
	X(cadence_drift, PERCENT, -100, 100, "how far the mean of 180 s has fallen below that of 480 to 780 s of run time, at the same speed and incline; absent where they cannot be compared") \
	X(drifting, FLAG, 0, 1, "cadence_drift is known, and 1 % or more") \
	X(tiring, FLAG, 0, 1, "run_time is 1200 s or more and cadence_drift 2 % or more") \
	X(other_runner, FLAG, 0, 1, "cadence has been off the own line by more than 4 times the own spread (at least 2.5 %) for 3 min of running in this session, and the runner has not said who runs") \
	X(speed_rise_10s, SPEED, -40, 40, "speed now less speed 10 s ago; absent without both") \
	X(speed_10s_ago, SPEED, 0, 40, "speed 10 s ago; absent if not known") \
	X(incline_rise_30s, PERCENT, -55, 55, "incline now less incline 30 s ago; absent without both") \
	X(speed_steady, TIME, 0, 86400, "time since speed last changed by 0.5 km/h within 10 s; absent without speed") \
	X(incline_steady, TIME, 0, 86400, "time since incline last changed by 1 % within 10 s; absent without incline") \
	X(same_pace, TIME, 0, 86400, "time of running without leaving the speed by 0.2 km/h or the incline by 0.5 %") \
	X(run_time, TIME, 0, 86400, "time of running in this session") \
	X(walk_time, TIME, 0, 86400, "time of walking in this session") \
	X(elapsed, TIME, 0, 86400, "time of the session, pauses left out") \
	X(distance, LENGTH, 0, 200000, "distance of the session") \
	X(longest_30d, LENGTH, 0, 200000, "the longest run of the last 30 days, 3 km if there was none, and of a walk the longest walk; absent if not known") \
	X(distance_of_longest_30d, PERCENT, 0, 10000, "distance as a share of longest_30d; in the first 60 s of running of that of walks; absent without") \
	X(planned_of_longest_30d, PERCENT, 0, 10000, "the distance set on the machine as a share of longest_30d; absent without") \
	X(time_to_end, TIME, 0, 86400, "time to the planned end; absent without one") \
	X(belt_still, TIME, 0, 86400, "time since the belt stopped; absent while it moves") \
	X(easy_time, TIME, 0, 180, "of the last 180 s those at 70 % of the mean running speed or less, in run-walk those of walking too") \
	X(usual_speed, SPEED, 3, 30, "the runner's usual running speed, 9 km/h if not known") \
	X(heart_rate_expected, HEART_RATE, 20, 250, "what this session's steady minutes below 4 % let expect at this effort; absent where they do not") \
	X(heart_rate, HEART_RATE, 20, 250, "heart rate; absent when 10 s old, or the same for 10 min") \
	X(heart_rate_max, HEART_RATE, 100, 230, "the runner's maximum; absent without it and without an age") \
	X(height, LENGTH, 1, 2.5, "the runner's height; absent if not told") \
	X(pain, PAIN, 0, 10, "last pain report of the session; absent before one") \
	X(pain_free, FLAG, 0, 1, "no pain above 0 was reported in this session") \
	X(worst_pain, PAIN, 0, 10, "the highest pain report of the session, or of the one that just ended; 10 after a red flag, 0 without a report") \
	X(pain_reports, NUMBER, 0, 1000, "pain reports of this session, answers to ask-pain with them") \
	X(pain_rise, PAIN, -10, 10, "last report less the one before; absent before two") \
	X(pain_age, TIME, 0, 86400, "time since the last pain report; absent before one") \
	X(pain_was_high, FLAG, 0, 1, "a pain of 6 or more, or one that rose by 2 to 4 or more, was reported in this session") \
	X(speed_cap, SPEED, 0, 40, "highest speed that suits: 90 % of the speed at a mild pain; 6 km/h, or 80 % of it if that is less, at a moderate one, and 80 % once it has been asked again and is mild; 6 km/h once pain_was_high; 90 % of usual_speed for 48 h; absent without pain") \
	X(hurt_lately, FLAG, 0, 1, "pain above 0 was the last word of another session, less than 48 h ago") \
	X(morning_pain, PAIN, 0, 10, "pain of this morning, as an answer of this session; absent before it") \
	X(morning_rise, PAIN, -10, 10, "morning_pain less that of the morning before the last session, or less last_pain where that is not known; absent without") \
	X(pain_reported, PAIN, 0, 10, "the report itself; present only at its instant") \
	X(red_flag, FLAG, 0, 1, "a red flag was pressed; present only at its instant") \
	X(safety_key, FLAG, 0, 1, "the machine said that the safety key was pulled; present only at its instant") \
	X(treadmill_gap, TIME, 0, 86400, "time since the machine last sent anything; absent before it did") \
	X(belt_moving, FLAG, 0, 1, "speed at least 0.8 km/h when last heard") \
	X(session_running, FLAG, 0, 1, "a session is under way and not paused") \
	X(running, FLAG, 0, 1, "gait is run") \
	X(ran_10s_ago, FLAG, 0, 1, "gait was run 10 s ago; absent if not known") \
	X(run_bout, TIME, 0, 86400, "time since this bout of running began; absent when not running") \
	X(walking, FLAG, 0, 1, "gait is walk") \
	X(gentle_incline, FLAG, 0, 1, "incline within 5 % up or down; when it is absent: it was 0 less than 60 s ago") \
	X(settled, FLAG, 0, 1, "30 s without a change of speed by 0.5 km/h or of incline by 1 %") \
	X(warm, FLAG, 0, 1, "warm-up time (300 s, with back pain or before 6 in the morning 480 s) is over") \
	X(hard_effort, FLAG, 0, 1, "115 % of usual_speed by level_speed, if it is the runner's own, or 90 % of heart_rate_max") \
	X(calm, FLAG, 0, 1, "settled, no hard_effort, no pain reported, no safety rule's condition true") \
	X(recall_due, FLAG, 0, 1, "the first feedback window of a session after the eighth, with faded feedback") \
	X(form_ready, FLAG, 0, 1, "a tip on form is welcome: running at 7 km/h or more, settled, warm, cadence known for 30 s, no hard effort, not cooling down, no pain reported, feedback on") \
	X(has_history, FLAG, 0, 1, "usual speed is the runner's own") \
	X(has_baseline, FLAG, 0, 1, "a personal cadence line is known") \
	X(back_pain, FLAG, 0, 1, "the runner told of back pain") \
	X(novice, FLAG, 0, 1, "the runner runs for less than 6 months") \
	X(experienced, FLAG, 0, 1, "the runner has run for years") \
	X(balance, FLAG, 0, 1, "the runner holds on for balance") \
	X(sessions, NUMBER, 0, 100000, "the runner's sessions before this one, 0 if not known") \
	X(run_days, NUMBER, 0, 10000, "days in a row with a run, before today; absent if not known") \
	X(last_pain, PAIN, 0, 10, "the last report of the session before; absent if not known") \
	X(last_pain_age, TIME, 0, 3.6e9, "time from that report to the start; absent if not known") \
	X(shoe_distance, LENGTH, 0, 1e7, "what the shoes have run, before this session; absent if not known") \
	X(shoe_since_told, LENGTH, -1e7, 1e7, "how much of it since a rule last spoke of it, in whatever session; all of it if none did; absent if not known") \
	X(intervals, FLAG, 0, 1, "run-walk intervals were declared") \
	X(pods_unsure, FLAG, 0, 1, "foot pods around might be the runner's, and which is not known") \
	X(pod_battery_low, FLAG, 0, 1, "the session's foot pod says that its battery is low or critical") \
	X(pod_misplaced, FLAG, 0, 1, "the session's foot pod says that it is worn at another place than laces, mid-sole or ankle, never said otherwise, in 60 times, and its steps or its speed did not go with the belt") \
	X(pod_signal, NUMBER, -127, 0, "how strongly the session's foot pod was heard, in dBm: a fifth of its messages were at most so strong; absent before 200 of them") \
	X(run_walk, FLAG, 0, 1, "run-walk intervals: declared, or seen: a run of 20 to 600 s with a walk after it") \
	X(fired_count, NUMBER, 0, 1000, "how often this rule has prompted in this session") \
	X(fired_age, TIME, 0, 86400, "time since this rule last prompted; absent before it did") \
	X(held_time, TIME, 0, 86400, "time for which this rule's condition has been true") \
	X(form_quiet, TIME, 0, 86400, "time since the last prompt of the level form in this session") \
	X(safety_quiet, TIME, 0, 86400, "time since the last prompt of the level safety in this session") \
	X(true, FLAG, 1, 1, "always")

enum metric {
#define X(name, dimension, low, high, meaning) METRIC_##name,
	METRICS(X)
#undef X
	METRIC_COUNT
};

#define METRIC_WORDS ((METRIC_COUNT + 63) / 64) /* of a bitmap of metrics */

struct metric_info {
	const char *name;
	enum dimension dimension;
	double low, high; /* declared range, in the dimension's own unit */
	const char *meaning;
};

extern const struct metric_info metric_table[METRIC_COUNT];

/* Values in the dimension's own unit, flags 0 or 1; NaN is absent. */
struct metrics {
	double value[METRIC_COUNT];
};

/* METRIC_COUNT if there is none of that name */
enum metric metric_by_name(const char *name, size_t length);
/* true for a metric that is present only at an instant (an input) */
bool metric_is_instant(enum metric metric);
/* true for a metric that differs from rule to rule: fired_count ... */
bool metric_is_of_rule(enum metric metric);

#endif
