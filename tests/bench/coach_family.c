/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/bench/coach_family.h"

#include "daemon/simulator/dice.h"

#include <string.h>

#define STREAM 99 /* of chance: none of the simulator's own */
#define PAIN_PERCENT 8
#define HILLY_PERCENT 40

const char *const family_fault_name[FAULT_COUNT] = {
	[FAULT_NONE] = "none",         [FAULT_SLOW_BEAT] = "slow beat",
	[FAULT_OVERSTRIDE] = "overstride", [FAULT_HASTY] = "hasty",
	[FAULT_FATIGUE] = "fatigue",   [FAULT_FALTERS] = "falters",
};

static int between(struct dice *dice, int low, int high)
{
	return low + (int)dice_below(dice, (uint32_t)(high - low + 1));
}

/* ---- body ---- */

/* Half of them run well: what a coach must not disturb. */
static enum family_fault draw_fault(struct dice *dice, int z_centi)
{
	static const enum family_fault others[] = {
		FAULT_OVERSTRIDE, FAULT_HASTY, FAULT_FATIGUE, FAULT_FALTERS,
	};

	if (z_centi <= -60)
		return dice_percent(dice, 75) ? FAULT_SLOW_BEAT : FAULT_NONE;
	if (dice_percent(dice, 60))
		return FAULT_NONE;
	return others[dice_below(dice, sizeof(others) / sizeof(others[0]))];
}

/* rules.md 5.1: how far above his own beat a runner of this z is to aim */
static int dose_permille(int z_centi)
{
	return z_centi <= -100 ? 75 : z_centi <= -25 ? 50 : 0;
}

/* One who has learnt runs at his target; who has a slow beat does not. */
static void draw_habit(struct family_member *m, struct dice *dice)
{
	struct body_traits *b = &m->body;

	b->drift_s = (uint16_t)between(dice, 60, 240);
	switch (m->fault) {
	case FAULT_NONE:
		b->lift_habit_permille = (int16_t)dose_permille(b->z_centi);
		break;
	case FAULT_SLOW_BEAT:
		b->lift_habit_permille = (int16_t)between(dice, -10, 0);
		break;
	case FAULT_OVERSTRIDE:
		b->lift_habit_permille = (int16_t)between(dice, -150, -120);
		break;
	case FAULT_HASTY:
		b->lift_habit_permille = (int16_t)between(dice, 140, 180);
		break;
	case FAULT_FATIGUE:
		b->tires_after_s = (uint16_t)between(dice, 900, 1200);
		b->tires_permille_per_min = (uint16_t)between(dice, 10, 20);
		b->tires_permille_max = (uint16_t)between(dice, 60, 90);
		break;
	case FAULT_FALTERS:
		b->falters_after_s = (uint16_t)between(dice, 500, 900);
		b->falters_permille = (uint16_t)between(dice, 70, 100);
		break;
	case FAULT_COUNT:
		break;
	}
	b->lift_start_permille = b->lift_habit_permille;
}

static void draw_body(struct family_member *m, struct dice *dice)
{
	struct body_traits *b = &m->body;

	b->height_mm = (uint16_t)between(dice, 1500, 2000);
	b->weight_kg = (uint16_t)between(dice, 50, 100);
	b->z_centi = (int16_t)between(dice, -250, 250);
	b->noise_permille = (uint16_t)between(dice, 10, 25);
	b->max_bpm = dice_percent(dice, 50) ? (uint16_t)between(dice, 165, 200) : 0;
	m->z = b->z_centi / 100.0;
	m->fault = draw_fault(dice, b->z_centi);
	draw_habit(m, dice);
}

/* ---- mind ---- */

static void draw_mind(struct family_member *m, struct dice *dice)
{
	static const uint8_t obedience[] = { 0, 50, 90, 100 };

	m->mind = (struct mind_traits){
		.obeys_percent = obedience[dice_below(dice, sizeof(obedience))],
		.careful = dice_percent(dice, 80),
		.attention_s = (uint16_t)between(dice, 30, 120),
		.answers = { (uint8_t)between(dice, 0, 3) },
		.answer_count = 1,
	};
	m->hurts = dice_percent(dice, PAIN_PERCENT);
	if (m->hurts)
		m->inputs[0] = (struct scenario_input){
			(uint16_t)between(dice, 600, 1500), SCENARIO_PAIN, between(dice, 1, 4),
		};
}

/* ---- belt and pod ---- */

static void add_step(struct family_member *m, size_t *count, int at_s, int centi_kmh,
                     int deci_percent)
{
	m->program[(*count)++] = (struct scenario_step){
		(uint16_t)at_s, (uint16_t)centi_kmh, (int16_t)deci_percent,
		centi_kmh ? SCENARIO_SET : SCENARIO_STOP,
	};
}

/* A walk, a jog, a run of half an hour with changes of pace and perhaps a gentle
 * hill, and a walk to its end. All as the rules would have it: what is wrong is
 * the runner's form alone. */
static void draw_program(struct family_member *m, struct dice *dice, int usual)
{
	size_t count = 0;
	int hill = dice_percent(dice, HILLY_PERCENT) ? between(dice, 5, 20) : 0;

	add_step(m, &count, 2, 520, 0);
	add_step(m, &count, 130, usual * 84 / 100, 0);
	add_step(m, &count, 320, usual, 0);
	add_step(m, &count, between(dice, 700, 900), usual - between(dice, 0, 40), hill);
	add_step(m, &count, between(dice, 1000, 1200), usual, 0);
	add_step(m, &count, 2000, 500, 0);
	add_step(m, &count, 2160, 0, 0);
	m->program[count].button = SCENARIO_END;
	m->scenario.seconds = 2170;
}

static void draw_pod(struct family_member *m, struct dice *dice)
{
	static const enum pod_kind kinds[] = {
		POD_ANT, POD_ANT, POD_ANT, POD_RSC_STRIDES, POD_RSC_STEPS,
		POD_ANT_STRIDES,
	};

	m->scenario.pod = kinds[dice_below(dice, sizeof(kinds) / sizeof(kinds[0]))];
	m->scenario.pod_loss_percent = (uint8_t)between(dice, 0, 20);
	if (dice_percent(dice, 20))
		m->scenario.pod_gap = (struct scenario_gap){
			(uint16_t)between(dice, 600, 1800), (uint16_t)between(dice, 5, 60),
		};
}

/* ---- what the daemon knows ---- */

static void draw_knowledge(struct family_member *m, struct dice *dice, int usual)
{
	double own = (double)body_line_mspm(&m->body, 10000000, 0) / 1000;

	runner_init(&m->runner);
	m->runner.height_m = m->body.height_mm / 1000.0;
	m->runner.weight_kg = m->body.weight_kg;
	m->runner.novice = dice_percent(dice, 30);
	m->runner.sessions = between(dice, 8, 60);
	m->runner.usual_kmh = usual / 100.0;
	m->runner.longest_30d_m = 12000;
	/* measured, not known: to one percent */
	m->runner.baseline_spm = own * (100 + dice_normal_permille(dice) / 2000.0) / 100;
	m->runner.baseline_kmh = 10;
	if (m->body.max_bpm)
		m->runner.max_hr_bpm = m->body.max_bpm;
}

void family_member_make(struct family_member *m, uint64_t seed)
{
	struct dice dice;
	int usual;

	memset(m, 0, sizeof(*m));
	dice_seed(&dice, seed, STREAM);
	draw_body(m, &dice);
	draw_mind(m, &dice);
	usual = between(&dice, 85, 120) * 10;
	draw_program(m, &dice, usual);
	draw_pod(m, &dice);
	draw_knowledge(m, &dice, usual);
	m->scenario.name = "family";
	m->scenario.body = &m->body;
	m->scenario.mind = &m->mind;
	m->scenario.program = m->program;
	m->scenario.inputs = m->hurts ? m->inputs : NULL;
}
