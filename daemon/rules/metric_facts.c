/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/metric_facts.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ANY 1e12
#define IS(flag) flag, 1, 1
#define IS_NOT(flag) flag, 0, 0
#define IS_ABSENT(metric) metric, 1, 0

const struct metric_fact metric_facts[] = {
	{ METRIC_running, true, IS_NOT(METRIC_walking) },
	{ METRIC_running, true, METRIC_speed, 0.8, ANY },
	{ METRIC_running, true, IS_ABSENT(METRIC_belt_still) },
	{ METRIC_running, false, IS_ABSENT(METRIC_run_bout) },
	{ METRIC_walking, true, IS_NOT(METRIC_running) },
	{ METRIC_walking, true, METRIC_speed, 0.8, ANY },
	{ METRIC_walking, true, IS_ABSENT(METRIC_belt_still) },
	{ METRIC_walking, true, IS_ABSENT(METRIC_run_bout) },
	{ METRIC_belt_moving, true, IS_ABSENT(METRIC_belt_still) },
	{ METRIC_belt_moving, true, METRIC_speed, 0.8, ANY },
	{ METRIC_belt_moving, false, METRIC_speed, 0, 0.8 },
	{ METRIC_pain_free, true, METRIC_pain, -ANY, 0 },
	{ METRIC_pain_free, true, METRIC_pain_reported, -ANY, 0 },
	{ METRIC_settled, true, METRIC_speed_steady, 30, ANY },
	{ METRIC_settled, true, METRIC_incline_steady, 30, ANY },
	{ METRIC_settled, true, METRIC_speed_rise_10s, -0.5, 0.5 },
	{ METRIC_calm, true, IS(METRIC_settled) },
	{ METRIC_calm, true, IS_NOT(METRIC_hard_effort) },
	{ METRIC_calm, true, METRIC_worst_pain, -ANY, 0 },
	{ METRIC_form_ready, true, IS(METRIC_running) },
	{ METRIC_form_ready, true, IS(METRIC_session_running) },
	{ METRIC_form_ready, true, METRIC_speed, 7, ANY },
	{ METRIC_form_ready, true, IS(METRIC_settled) },
	{ METRIC_form_ready, true, IS(METRIC_warm) },
	{ METRIC_form_ready, true, IS_NOT(METRIC_hard_effort) },
	{ METRIC_form_ready, true, IS(METRIC_pain_free) },
	{ METRIC_drifting, true, METRIC_cadence_drift, 1, ANY },
	{ METRIC_tiring, true, METRIC_cadence_drift, 2, ANY },
	{ METRIC_tiring, true, METRIC_run_time, 1200, ANY },
	{ METRIC_gentle_incline, true, METRIC_incline, -5, 5 },
	{ METRIC_intervals, true, IS(METRIC_run_walk) },
	{ METRIC_has_baseline, false, IS_ABSENT(METRIC_dose) },
};
const size_t metric_fact_count = COUNT(metric_facts);

const struct metric_order metric_orders[] = {
	{ METRIC_run_time, METRIC_elapsed },
	{ METRIC_walk_time, METRIC_elapsed },
	{ METRIC_speed, METRIC_level_speed },
	{ METRIC_pain, METRIC_worst_pain },
};
const size_t metric_order_count = COUNT(metric_orders);

const struct metric_clock metric_clocks[] = {
	{ METRIC_elapsed, GROWS },
	{ METRIC_belt_still, GROWS },
	{ METRIC_run_bout, GROWS },
	{ METRIC_run_time, GROWS_IN_RUN },
	{ METRIC_walk_time, GROWS_IN_WALK },
	{ METRIC_speed_steady, GROWS_FROM_ZERO },
	{ METRIC_incline_steady, GROWS_FROM_ZERO },
	{ METRIC_treadmill_gap, GROWS_FROM_ZERO },
	{ METRIC_pain_age, GROWS_FROM_ZERO },
	{ METRIC_fired_age, GROWS_FROM_ZERO },
};
const size_t metric_clock_count = COUNT(metric_clocks);

const struct metric_rise metric_rises[] = {
	{ METRIC_speed_rise_10s, METRIC_speed, 10 },
	{ METRIC_incline_rise_30s, METRIC_incline, 30 },
};
const size_t metric_rise_count = COUNT(metric_rises);
