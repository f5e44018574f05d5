/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/simulator/scenario_parts.h"

#include <string.h>

/* A row a line, where it fits. */
/* clang-format off */

/* ---- runners ---- */

/* He starts with his trained beat and slips back below 97 % of the target in
 * minutes. */
static const struct body_traits low_beat = {
	LOW_BEAT,
	.lift_start_permille = 70, .lift_habit_permille = 10, .drift_s = 110,
};
static const struct body_traits low_beat_plain = {
	LOW_BEAT,
	.lift_start_permille = 20, .lift_habit_permille = 0, .drift_s = 60,
};
/* Nothing is known of his beat: the daemon measures minutes 6 to 12, and then
 * he tires and falls below what it has measured. */
static const struct body_traits low_beat_tiring = {
	LOW_BEAT,
	.tires_after_s = 600, .tires_permille_per_min = 15,
	.tires_permille_max = 60,
};
static const struct body_traits good_beat = { GOOD_BEAT };
static const struct body_traits good_beat_overstriding = {
	GOOD_BEAT,
	.lift_habit_permille = -130, .drift_s = 60,
};

static const struct mind_traits obedient = {
	.obeys_percent = 100, .careful = true, .attention_s = 60,
	.answers = { 1 }, .answer_count = 1,
};
static const struct mind_traits forgetful = {
	.obeys_percent = 100, .careful = true, .attention_s = 40,
	.answers = { 1 }, .answer_count = 1,
};
static const struct mind_traits stubborn = {
	.obeys_percent = 0, .attention_s = 60,
};
static const struct mind_traits easing = {
	.obeys_percent = 100, .careful = true, .attention_s = 60,
	.answers = { 2, 1 }, .answer_count = 2,
};

/* ---- programs ---- */

static const struct scenario_step program_demo[] = {
	WARM_UP, SET(305, 1000, 0), SET(560, 1000, 30), SET(600, 1000, 60),
	SET(720, 950, 0), SET(840, 850, 0), SET(900, 500, 0), STOP(1060), END,
};
static const struct scenario_step program_steady[] = {
	WARM_UP, SET(305, 1000, 0), SET(700, 500, 0), STOP(855), END,
};
static const struct scenario_step program_brief[] = {
	WARM_UP, SET(305, 1000, 0), SET(470, 500, 0), STOP(495), END,
};
static const struct scenario_step program_strides[] = {
	WARM_UP, SET(305, 1000, 0), SET(650, 500, 0), STOP(805), END,
};
static const struct scenario_step program_long[] = {
	WARM_UP, SET(305, 1000, 0), SET(1260, 500, 0), STOP(1420), END,
};
/* Nobody has told what he usually runs: 9 km/h is taken for it, so that he may
 * not jog faster than 8.1 to warm up. */
static const struct scenario_step program_unknown[] = {
	SET(2, 550, 0), SET(120, 800, 0), SET(305, 950, 0), SET(920, 500, 0),
	STOP(1080), END,
};
static const struct scenario_step program_short[] = {
	WARM_UP, SET(305, 1000, 0), SET(430, 500, 0), STOP(450), END,
};
static const struct scenario_step program_speed_jump[] = {
	WARM_UP, SET(400, 1200, 0), SET(520, 850, 0), SET(580, 500, 0),
	STOP(735), END,
};
static const struct scenario_step program_steep[] = {
	WARM_UP, SET(305, 1000, 0), SET(400, 1000, 30), SET(440, 1000, 60),
	SET(540, 950, 0), SET(600, 500, 0), STOP(755), END,
};
static const struct scenario_step program_decline[] = {
	WARM_UP, SET(305, 900, 0), SET(400, 900, -30), SET(500, 900, 0),
	SET(540, 500, 0), STOP(695), END,
};
static const struct scenario_step program_incline_jump[] = {
	WARM_UP, SET(400, 850, 50), SET(480, 850, 0), SET(540, 500, 0),
	STOP(695), END,
};
static const struct scenario_step program_no_warm_up[] = {
	SET(2, 1000, 0), SET(140, 850, 0), SET(310, 1000, 0), SET(420, 500, 0),
	STOP(575), END,
};
static const struct scenario_step program_pain_mild[] = {
	WARM_UP, SET(305, 1000, 10), SET(720, 500, 0), STOP(875), END,
};
static const struct scenario_step program_pain_moderate[] = {
	WARM_UP, SET(305, 1000, 10), SET(570, 1000, 0), SET(690, 500, 0),
	STOP(845), END,
};
static const struct scenario_step program_until_stopped[] = {
	WARM_UP, SET(305, 1000, 10), END,
};
static const struct scenario_step program_walk[] = {
	SET(2, 400, 0), SET(60, 500, 0), SET(300, 550, 20), SET(480, 400, 0),
	STOP(600), END,
};
static const struct scenario_step program_intervals[] = {
	SET(2, 500, 0), SET(150, 800, 0), SET(240, 500, 0),
	SET(320, 1100, 0), SET(380, 500, 0), SET(470, 1100, 0),
	SET(530, 500, 0), SET(620, 1100, 0), SET(680, 500, 0), STOP(840), END,
};
static const struct scenario_step program_key[] = {
	WARM_UP, SET(305, 1000, 0), { 420, 0, 0, SCENARIO_KEY }, END,
};
static const struct scenario_step program_false_start[] = {
	SET(0, 300, 0), { 2, 0, 0, SCENARIO_KEY }, END,
};
static const struct scenario_step program_pause[] = {
	WARM_UP, SET(305, 1000, 0), { 400, 0, 0, SCENARIO_PAUSE },
	SET(445, 500, 0), SET(460, 1000, 0), SET(540, 500, 0), STOP(695), END,
};
static const struct scenario_step program_pad[] = {
	SET(2, 320, 0), SET(60, 480, 0), SET(240, 600, 0), SET(360, 320, 0),
	STOP(420), END,
};

static const struct scenario_input pain_2[] = {
	{ 400, SCENARIO_PAIN, 2 }, { 0 },
};
static const struct scenario_input pain_4[] = {
	{ 400, SCENARIO_PAIN, 4 }, { 0 },
};
static const struct scenario_input pain_6[] = {
	{ 400, SCENARIO_PAIN, 6 }, { 0 },
};
static const struct scenario_input pain_2_then_5[] = {
	{ 360, SCENARIO_PAIN, 2 }, { 450, SCENARIO_PAIN, 5 }, { 0 },
};
static const struct scenario_input leg[] = {
	{ 400, SCENARIO_RED_FLAG, DISPLAY_RED_FLAG_LEG }, { 0 },
};
static const struct scenario_input intervals[] = {
	{ 1, SCENARIO_INTERVALS, 1 }, { 0 },
};

/* ---- the table ---- */

#define LOW .runner = LOW_BEAT_RUNNER, .body = &low_beat, .mind = &obedient
#define GOOD .runner = GOOD_BEAT_RUNNER, .body = &good_beat, .mind = &obedient

static const struct scenario scenarios[] = {
	{
		.name = "demo",
		.summary = "a slipping beat, the prompt, the reaction, praise, "
		           "a hill; starts 5 s before the first prompt",
		.seconds = 1080, .hurry = true, LOW,
		.program = program_demo, .pod = POD_ANT,
	}, {
		.name = "steady-good",
		.summary = "a normal beat at a steady pace: nothing to say",
		.seconds = 870, GOOD, .program = program_steady, .pod = POD_ANT,
	}, {
		.name = "cadence-low-obedient",
		.summary = "a low beat; the runner follows each prompt and "
		           "slips again",
		.seconds = 1440, .runner = LOW_BEAT_RUNNER, .body = &low_beat,
		.mind = &forgetful, .program = program_long, .pod = POD_ANT,
	}, {
		.name = "cadence-low-stubborn",
		.summary = "a low beat and deaf ears: the prompts become rarer "
		           "and end",
		.seconds = 1440, .runner = LOW_BEAT_RUNNER,
		.body = &low_beat_plain, .mind = &stubborn,
		.program = program_long, .pod = POD_ANT,
	}, {
		.name = "overstride",
		.summary = "steps 14 % longer than the runner's own",
		.seconds = 820, .runner = GOOD_BEAT_RUNNER,
		.body = &good_beat_overstriding, .mind = &obedient,
		.program = program_strides, .pod = POD_ANT,
	}, {
		.name = "speed-jump",
		.summary = "8.5 to 12 km/h at once; the runner backs off",
		.seconds = 750, GOOD, .program = program_speed_jump,
		.pod = POD_ANT,
	}, {
		.name = "steep",
		.summary = "10 km/h up a slope of 6 %; the runner slows down",
		.seconds = 770, GOOD, .program = program_steep, .pod = POD_ANT,
	}, {
		.name = "decline",
		.summary = "3 % downhill; the runner goes back to level",
		.seconds = 710, GOOD, .program = program_decline,
		.pod = POD_ANT,
	}, {
		.name = "incline-jump",
		.summary = "from level to 5 % in 10 s",
		.seconds = 710, GOOD, .program = program_incline_jump,
		.pod = POD_ANT,
	}, {
		.name = "no-warm-up",
		.summary = "10 km/h from the first second; told, he walks first",
		.seconds = 590, GOOD, .program = program_no_warm_up,
		.pod = POD_ANT,
	}, {
		.name = "pain-mild",
		.summary = "pain 2 of 10: easier, asked again after 5 minutes",
		.seconds = 890, GOOD, .program = program_pain_mild,
		.inputs = pain_2, .pod = POD_ANT,
	}, {
		.name = "pain-moderate",
		.summary = "pain 4: a walk, asked after 2 minutes, an easy jog",
		.seconds = 860, .runner = GOOD_BEAT_RUNNER, .body = &good_beat,
		.mind = &easing, .program = program_pain_moderate,
		.inputs = pain_4, .pod = POD_ANT,
	}, {
		.name = "pain-high",
		.summary = "pain 6: a walk, then the end",
		.seconds = 490, GOOD, .program = program_until_stopped,
		.inputs = pain_6, .pod = POD_ANT,
	}, {
		.name = "pain-rising",
		.summary = "pain 2, then 5: a walk, then the end",
		.seconds = 540, GOOD, .program = program_until_stopped,
		.inputs = pain_2_then_5, .pod = POD_ANT,
	}, {
		.name = "red-flag",
		.summary = "pain that shoots down a leg: stop, doctor, silence",
		.seconds = 440, GOOD, .program = program_until_stopped,
		.inputs = leg, .pod = POD_ANT,
	}, {
		.name = "cadence-lost",
		.summary = "the foot pod is not heard for 20 s",
		.seconds = 510, GOOD, .program = program_brief, .pod = POD_ANT,
		.pod_gap = { 420, 20 },
	}, {
		.name = "treadmill-lost",
		.summary = "the treadmill is not heard for 15 s",
		.seconds = 510, GOOD, .program = program_brief, .pod = POD_ANT,
		.machine_gap = { 420, 15 },
	}, {
		.name = "anonymous-height",
		.summary = "only the height is known: minutes 6 to 12 become "
		           "the baseline, then he is coached",
		.seconds = 1095, .runner = "{\"height_m\":1.75}",
		.body = &low_beat_tiring, .mind = &obedient,
		.program = program_unknown, .pod = POD_ANT,
	}, {
		.name = "walk",
		.summary = "a walk of 10 minutes: nothing to say",
		.seconds = 620, GOOD, .program = program_walk, .pod = POD_ANT,
	}, {
		.name = "intervals",
		.summary = "run-walk intervals, declared: no word on jumps",
		.seconds = 855, GOOD, .program = program_intervals,
		.inputs = intervals, .machine = MACHINE_FAST, .pod = POD_ANT,
	}, {
		.name = "safety-key",
		.summary = "the safety key is pulled at 10 km/h",
		.seconds = 500, GOOD, .program = program_key, .pod = POD_ANT,
	}, {
		.name = "false-start",
		.summary = "the safety key is pulled while the belt starts; "
		           "4 s in all",
		.seconds = 4, GOOD, .program = program_false_start,
		.pod = POD_ANT,
	}, {
		.name = "pause",
		.summary = "45 s of pause in the middle of a run",
		.seconds = 710, GOOD, .program = program_pause, .pod = POD_ANT,
	}, {
		.name = "belt-step-count",
		.summary = "a walking pad that counts steps in a reserved bit "
		           "(UREVO); no pod",
		.seconds = 440, GOOD, .program = program_pad,
		.machine = MACHINE_STEP_COUNT,
	}, {
		.name = "belt-split-record",
		.summary = "a low beat on a belt that sends each record in two "
		           "frames (Matrix TouchXL)",
		.seconds = 465, LOW, .program = program_short,
		.machine = MACHINE_SPLIT, .pod = POD_ANT,
	}, {
		.name = "belt-cut-frames",
		.summary = "a low beat on a belt whose frames are cut at 20 "
		           "octets (Matrix, MTU 23)",
		.seconds = 465, LOW, .program = program_short,
		.machine = MACHINE_CUT, .pod = POD_ANT,
	}, {
		.name = "pod-drop-outs",
		.summary = "a low beat; 23 % of the pod's messages are lost",
		.seconds = 465, LOW, .program = program_short, .pod = POD_ANT,
		.pod_loss_percent = 23,
	}, {
		.name = "pod-strides-only",
		.summary = "a low beat; the pod counts strides and sends no "
		           "cadence",
		.seconds = 465, LOW, .program = program_short,
		.pod = POD_ANT_STRIDES, .pod_loss_percent = 8,
	}, {
		.name = "pod-rsc-strides",
		.summary = "a low beat; a Bluetooth pod that sends strides a "
		           "minute",
		.seconds = 465, LOW, .program = program_short,
		.pod = POD_RSC_STRIDES,
	}, {
		.name = "pod-rsc-steps",
		.summary = "a low beat; a Bluetooth pod that sends steps a "
		           "minute",
		.seconds = 465, LOW, .program = program_short,
		.pod = POD_RSC_STEPS,
	},
};

/* clang-format on */

#define OWN (sizeof(scenarios) / sizeof(*scenarios))

size_t scenario_count(void)
{
	return OWN + scenario_rules_count;
}

const struct scenario *scenario_at(size_t index)
{
	if (index < OWN)
		return &scenarios[index];
	return index < scenario_count() ? &scenario_rules[index - OWN] : NULL;
}

const struct scenario *scenario_by_name(const char *name)
{
	for (size_t i = 0; i < scenario_count(); i++)
		if (strcmp(scenario_at(i)->name, name) == 0)
			return scenario_at(i);
	return NULL;
}
