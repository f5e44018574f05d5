/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Scenarios that each show one rule of form, load and habit, by what a runner
 * does: gaitd --simulate list prints them behind the others.
 */
#include "daemon/simulator/scenario_parts.h"

/* A row a line, where it fits. */
/* clang-format off */

/* ---- runners ---- */

static const struct body_traits good_beat = { GOOD_BEAT };
static const struct body_traits somebody_else = {
	GOOD_BEAT, .lift_start_permille = -140, .lift_habit_permille = -140, .drift_s = 60,
};
static const struct body_traits even_beat = {
	GOOD_BEAT, .lift_start_permille = 30, .lift_habit_permille = 30, .drift_s = 60,
};
static const struct body_traits hasty = {
	GOOD_BEAT, .lift_habit_permille = 160, .drift_s = 60,
};
static const struct body_traits faltering = {
	GOOD_BEAT, .falters_after_s = 400, .falters_permille = 110,
};
static const struct body_traits tiring = {
	GOOD_BEAT,
	.tires_after_s = 850, .tires_permille_per_min = 12,
	.tires_permille_max = 70,
};
static const struct body_traits holding_on = {
	GOOD_BEAT, .rail_permille = 280,
};
/* He has learnt his beat, and keeps it. */
static const struct body_traits low_beat_learnt = {
	LOW_BEAT, .lift_start_permille = 70, .lift_habit_permille = 70, .drift_s = 60,
};

static const struct mind_traits obedient = {
	.obeys_percent = 100, .careful = true, .attention_s = 120,
	.answers = { 0 }, .answer_count = 1,
};
/* Presses OK, and goes on as before */
static const struct mind_traits careless = {
	.obeys_percent = 0, .attention_s = 60, .answers = { 2 }, .answer_count = 1,
};

/* ---- programs ---- */

static const struct scenario_step program_steady[] = {
	WARM_UP, SET(305, 1000, 0), SET(700, 500, 0), STOP(855), END,
};
/* The slope comes in steps that are no jump of their own. */
static const struct scenario_step program_climb[] = {
	WARM_UP, SET(305, 800, 20), SET(345, 800, 40), SET(385, 800, 60),
	SET(425, 800, 80), SET(700, 800, 40), SET(760, 500, 0), STOP(915), END,
};
/* A steady half hour, and a walk to its end */
static const struct scenario_step program_half_hour[] = {
	WARM_UP, SET(305, 1000, 0), SET(1800, 500, 0), STOP(1960), END,
};
static const struct scenario_step program_long_run[] = {
	WARM_UP, SET(305, 1000, 0), SET(2500, 500, 0), STOP(2660), END,
};
static const struct scenario_step program_quarter[] = {
	WARM_UP, SET(305, 1000, 0), SET(900, 500, 0), STOP(1060), END,
};
static const struct scenario_step program_breaks_off[] = {
	WARM_UP, SET(305, 1000, 0), STOP(900), END,
};
static const struct scenario_step program_rail_walk[] = {
	SET(2, 450, 0), SET(60, 450, 40), SET(100, 450, 80), SET(140, 450, 110),
	SET(420, 450, 30), SET(460, 400, 0), STOP(600), END,
};
/* The flat minutes tell what a heart does at this effort. */
static const struct scenario_step program_rail_run[] = {
	WARM_UP, SET(305, 1000, 0), SET(500, 800, 30), SET(530, 800, 50),
	SET(800, 800, 10), SET(840, 500, 0), STOP(1000), END,
};
static const struct scenario_step program_faster[] = {
	WARM_UP, SET(305, 900, 0), SET(470, 1000, 0), SET(640, 500, 0), STOP(795), END,
};
static const struct scenario_step program_easy_walk[] = {
	SET(2, 400, 0), SET(60, 500, 0), SET(240, 400, 0), STOP(300), END,
};

static const struct scenario_input pain_2[] = {
	{ 400, SCENARIO_PAIN, 2 }, { 0 },
};

/* ---- the table ---- */

#define GOOD .runner = GOOD_BEAT_RUNNER, .body = &good_beat, .mind = &obedient, .pod = POD_ANT

const struct scenario scenario_rules[] = {
	{
		.name = "pain-ignored",
		.summary = "pain 2, and faster nevertheless: told to stay below "
		           "what suits",
		.seconds = 810, .runner = GOOD_BEAT_RUNNER, .body = &good_beat,
		.mind = &careless, .program = program_faster, .inputs = pain_2,
		.pod = POD_ANT,
	}, {
		.name = "steep-long",
		.summary = "4 minutes up a slope of 8 %; the runner eases it",
		.seconds = 930, GOOD, .program = program_climb,
	}, {
		.name = "cadence-high",
		.summary = "a beat 16 % above the runner's own; he lets it flow",
		.seconds = 870, .runner = GOOD_BEAT_RUNNER, .body = &hasty,
		.mind = &obedient, .program = program_steady, .pod = POD_ANT,
	}, {
		.name = "cadence-irregular",
		.summary = "a beat that wanders; told, he finds it again",
		.seconds = 870, .runner = GOOD_BEAT_RUNNER, .body = &faltering,
		.mind = &obedient, .program = program_steady, .pod = POD_ANT,
	}, {
		.name = "fatigue-drift",
		.summary = "after 20 minutes the steps grow long; he eases",
		.seconds = 1980, .runner = GOOD_BEAT_RUNNER, .body = &tiring,
		.mind = &obedient, .program = program_half_hour, .pod = POD_ANT,
	}, {
		.name = "recall",
		.summary = "feedback has faded: one reminder, and a beat that holds",
		.seconds = 1075,
		.runner = "{" LOW_BEAT_KEYS ",\"longest_30d_m\":9000,\"feedback\":\"faded\"}",
		.body = &low_beat_learnt, .mind = &obedient,
		.program = program_quarter, .pod = POD_ANT,
	}, {
		.name = "session-spike",
		.summary = "twice as far as the longest run of 30 days",
		.seconds = 1980, .runner = "{" GOOD_BEAT_KEYS ",\"longest_30d_m\":2000}",
		.body = &good_beat, .mind = &careless, .program = program_half_hour,
		.pod = POD_ANT,
	}, {
		.name = "rest-day",
		.summary = "the back hurt yesterday: a walk or a rest? He walks",
		.seconds = 320,
		.runner = "{" GOOD_BEAT_KEYS ",\"longest_30d_m\":9000,\"last_pain\":5,"
		          "\"last_pain_age_h\":20}",
		.body = &good_beat, .mind = &obedient, .program = program_easy_walk,
		.pod = POD_ANT,
	}, {
		.name = "run-days",
		.summary = "the sixth day in a row",
		.seconds = 320,
		.runner = "{" GOOD_BEAT_KEYS ",\"longest_30d_m\":9000,\"run_days_in_row\":5}",
		.body = &good_beat, .mind = &obedient, .program = program_easy_walk,
		.pod = POD_ANT,
	}, {
		.name = "no-cool-down",
		.summary = "stops at once after 13 minutes of running",
		.seconds = 925, GOOD, .program = program_breaks_off,
	}, {
		.name = "after-run",
		.summary = "a run that is walked out: three moves for legs and back",
		.seconds = 1085, GOOD, .program = program_quarter,
	}, {
		.name = "shoes",
		.summary = "650 km in the same shoes: a note at the end",
		.seconds = 870,
		.runner = "{" GOOD_BEAT_KEYS ",\"longest_30d_m\":9000,\"shoe_km\":650}",
		.body = &good_beat, .mind = &obedient, .program = program_steady,
		.pod = POD_ANT,
	}, {
		.name = "long-run",
		.summary = "40 minutes at one pace: posture, praise, a sip, a change "
		           "of gear",
		.seconds = 2680, .runner = GOOD_BEAT_RUNNER, .body = &even_beat,
		.mind = &obedient, .program = program_long_run, .pod = POD_ANT,
	}, {
		.name = "handrail",
		.summary = "hands on the rail up 5 %: a heart too slow for the work; "
		           "told, he lets go",
		.seconds = 1020, .runner = GOOD_BEAT_RUNNER, .body = &holding_on,
		.mind = &obedient, .program = program_rail_run, .pod = POD_ANT,
	}, {
		.name = "handrail-walk",
		.summary = "a walk up 11 %, which many lean on the rail for",
		.seconds = 620, GOOD, .program = program_rail_walk,
	}, {
		.name = "pod-reckons-short",
		.summary = "a pod that takes 10 km/h for 8: the belt's speed holds",
		.seconds = 870, GOOD, .program = program_steady,
		.pod_traits = { .speed_permille = 800 },
	}, {
		.name = "pod-battery",
		.summary = "a pod whose battery is low: told when the belt stands",
		.seconds = 870, GOOD, .program = program_steady,
		.pod_traits = { .battery_low = true },
	}, {
		.name = "pod-weak",
		.summary = "a pod that is hard to hear: told when the belt stands",
		.seconds = 870, GOOD, .program = program_steady,
		.pod_traits = { .rssi_dbm = -92 },
	}, {
		.name = "pod-misplaced",
		.summary = "a pod worn at no shoe, and out of step with the belt",
		.seconds = 870, GOOD, .program = program_steady,
		.pod_traits = { .elsewhere = true, .speed_permille = 800 },
	}, {
		.name = "which-pod",
		.summary = "two pods start with the belt: he says which is his",
		.seconds = 870, GOOD, .program = program_steady, .pod_twin = true,
	}, {
		.name = "morning",
		.summary = "the back hurt yesterday: how was it this morning?",
		.seconds = 320,
		.runner = "{" GOOD_BEAT_KEYS ",\"longest_30d_m\":9000,\"last_pain\":2,"
		          "\"last_pain_age_h\":20}",
		.body = &good_beat, .mind = &obedient, .program = program_easy_walk,
		.pod = POD_ANT,
	}, {
		.name = "learning",
		.summary = "nothing is known of him: his steps are learnt first",
		.seconds = 320, .runner = "{}", .body = &good_beat, .mind = &obedient,
		.program = program_easy_walk, .pod = POD_ANT,
	}, {
		.name = "another-runner",
		.summary = "somebody else in his shoes: is it still him?",
		.seconds = 870, .runner = GOOD_BEAT_RUNNER, .body = &somebody_else,
		.mind = &careless, .program = program_steady, .pod = POD_ANT,
	},
};

/* clang-format on */

const size_t scenario_rules_count = sizeof(scenario_rules) / sizeof(*scenario_rules);
