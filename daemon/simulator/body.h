/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A runner's legs and heart: cadence that follows speed, slope, height, habit,
 * attention, tiredness and chance (rules.md 2.2, 2.5, 2.8). Integers only, so
 * that every machine computes the same run.
 */
#ifndef GAITD_BODY_H
#define GAITD_BODY_H

#include "daemon/simulator/dice.h"

#include <stdbool.h>
#include <stdint.h>

#define BODY_TICK_US 10000
#define BODY_TICKS_PER_S 100

/* What does not change in a run. The `lift` is how far the beat is above the
 * runner's own line: he starts a run with `lift_start` and drifts to
 * `lift_habit` when nobody reminds him. */
struct body_traits {
	uint16_t height_mm;
	uint16_t weight_kg;
	int16_t z_centi; /* own line at 10 km/h against the height's normal
	                    cadence, in 0.01 of the 9 spm between runners */
	int16_t lift_start_permille;
	int16_t lift_habit_permille;
	uint16_t drift_s;        /* time constant of that drift */
	uint16_t noise_permille; /* coefficient of variation within the run */
	uint16_t tires_after_s;  /* of running; 0: never */
	uint16_t tires_permille_per_min;
	uint16_t tires_permille_max;
	uint16_t falters_after_s;  /* of running: his beat wanders; 0: never */
	uint16_t falters_permille; /* the coefficient of variation then */
	uint16_t rail_permille; /* of the effort that his hands on the rail take over
	                           on a slope of 4 % and more; 0: hands free */
	uint16_t max_bpm; /* 0: no heart-rate strap */
};

struct body {
	const struct body_traits *traits;
	struct dice dice;
	uint64_t ticks;
	int64_t speed_mm_h;   /* the belt's, at the last tick: 1 km/h is 1e6 */
	int64_t incline_mpct; /* 0.001 % */
	bool running;
	int64_t cadence_uspm; /* 1e-6 step/min */
	int64_t phase;        /* of a step; 6e6 is a whole one */
	uint32_t steps;
	int64_t noise_ppm;
	int64_t lift_ppm;
	int64_t aim_ppm; /* where the lift goes while attention holds */
	uint32_t aim_s;  /* seconds of attention left */
	bool praised;    /* relapses more slowly */
	uint32_t even_s; /* seconds for which an even beat is minded */
	bool let_go;     /* of the rail, for good */
	uint32_t run_s;
	int64_t heart_mbpm;
	int64_t energy_ukcal;
};

void body_init(struct body *body, const struct body_traits *traits,
               uint64_t seed);

/* 10 ms more on a belt of this speed and slope */
void body_tick(struct body *body, int64_t speed_mm_h, int64_t incline_mpct);

/* The runner takes up a beat and minds it for so many seconds. */
void body_aim_spm(struct body *body, uint32_t spm, uint32_t hold_s);
/* The same, as permille above the own line */
void body_aim_lift(struct body *body, int32_t permille, uint32_t hold_s);
/* Whatever beat there is, it is minded for so much longer. */
void body_hold(struct body *body, uint32_t hold_s);

/* An even beat is minded for so many seconds. */
void body_keep_even(struct body *body, uint32_t hold_s);
/* Hands off the rail, from now on */
void body_let_go(struct body *body);

/* What he does, chance apart: the truth that a coach cannot see. How far he means
 * to be above his own line, 1e-6, and what tiredness takes of that; whether his
 * beat wanders; whether he leans. */
int64_t body_intent_ppm(const struct body *body);
int64_t body_tired_ppm(const struct body *body);
bool body_falters(const struct body *body);
bool body_on_rail(const struct body *body);

/* The own line at this speed and slope, 0.001 step/min */
int64_t body_line_mspm(const struct body_traits *traits, int64_t speed_mm_h,
                       int64_t incline_mpct);

uint32_t body_heart_bpm(const struct body *body); /* 0: no strap */
uint32_t body_kcal(const struct body *body);
uint32_t body_deci_met(const struct body *body);
uint32_t body_power_w(const struct body *body);

#endif
