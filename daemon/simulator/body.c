/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/simulator/body.h"

#include <string.h>

#define MM_H_PER_KMH INT64_C(1000000)
#define PPM INT64_C(1000000)
#define STEP_PHASE INT64_C(6000000) /* 60 s in ticks, by 1e3 mspm */
#define STANDING_MM_H (MM_H_PER_KMH / 2)
#define LEG_LAG_TICKS 120 /* legs do not change their beat at once */
#define AIM_LAG_S 4
#define REST_MBPM 60000
#define HEART_LAG_S 40
#define RAIL_MPCT 4000 /* nobody holds on to run on the flat */
#define VO2_MAX_UL 55000 /* ul/kg/min: a good amateur */

void body_init(struct body *body, const struct body_traits *traits,
               uint64_t seed)
{
	memset(body, 0, sizeof(*body));
	body->traits = traits;
	dice_seed(&body->dice, seed, 1);
	body->lift_ppm = traits->lift_start_permille * 1000;
	body->heart_mbpm = REST_MBPM + 15000; /* on his feet */
}

static int64_t clamp(int64_t x, int64_t low, int64_t high)
{
	return x < low ? low : x > high ? high : x;
}

/* C_pop(10 km/h, H) + 9 z, rules.md 2.2; 60 spm per metre of height */
static int64_t own_mspm_at_10(const struct body_traits *traits)
{
	int64_t by_height =
		clamp(60 * (INT64_C(1810) - traits->height_mm), -16000, 16000);

	return 166667 + by_height + 90 * traits->z_centi;
}

int64_t body_line_mspm(const struct body_traits *traits, int64_t speed_mm_h,
                       int64_t incline_mpct)
{
	/* 6.0 spm per m/s is 5/3 spm per km/h */
	int64_t flat = own_mspm_at_10(traits) +
	               (speed_mm_h - 10 * MM_H_PER_KMH) * 5 / 3000;

	return flat * (PPM + 6 * clamp(incline_mpct, 0, 10000)) / PPM;
}

/* Walking beat: about 115 at 5 km/h for 1.75 m, taller is slower */
static int64_t walk_mspm(const struct body *body)
{
	return 70000 + body->speed_mm_h * 9 / 1000 -
	       30 * ((int64_t)body->traits->height_mm - 1750);
}

/* People break into a run at a Froude number of about 0.45 and fall back into
 * a walk a little below: 7.3 km/h at 1.75 m. */
static bool gait_is_run(const struct body *body)
{
	int64_t change =
		7280000 + 2080 * ((int64_t)body->traits->height_mm - 1750);

	return body->speed_mm_h > change - (body->running ? 500000 : 0);
}

int64_t body_tired_ppm(const struct body *body)
{
	const struct body_traits *t = body->traits;

	if (t->tires_after_s == 0 || body->run_s < t->tires_after_s)
		return 0;
	return clamp((int64_t)(body->run_s - t->tires_after_s) *
	                     t->tires_permille_per_min * 1000 / 60,
	             0, t->tires_permille_max * 1000);
}

static int64_t goal_uspm(const struct body *body)
{
	int64_t mspm;

	if (body->speed_mm_h < STANDING_MM_H)
		return 0;
	if (body->running)
		mspm = body_line_mspm(body->traits, body->speed_mm_h,
		                      body->incline_mpct) *
		       (PPM + body_intent_ppm(body)) / PPM;
	else
		mspm = walk_mspm(body);
	return mspm * (PPM + body->noise_ppm) / 1000;
}

/* Oxygen uptake by the ACSM equations, 0.001 ml/kg/min */
static int64_t vo2_ul(const struct body *body)
{
	int64_t mm_min = body->speed_mm_h / 60;
	int64_t level = body->running ? mm_min / 5 : mm_min / 10;
	int64_t climb = mm_min * clamp(body->incline_mpct, 0, 40000) / 100000 *
	                (body->running ? 9 : 18) / 10;

	return 3500 + level + climb;
}

bool body_falters(const struct body *body)
{
	const struct body_traits *t = body->traits;

	return t->falters_after_s != 0 && body->run_s >= t->falters_after_s &&
	       body->even_s == 0;
}

bool body_on_rail(const struct body *body)
{
	return body->traits->rail_permille != 0 && !body->let_go &&
	       body->incline_mpct >= RAIL_MPCT && body->speed_mm_h >= STANDING_MM_H;
}

int64_t body_intent_ppm(const struct body *body)
{
	return body->lift_ppm - body_tired_ppm(body);
}

/* First-order autoregression with 0.8: the deviation that stays is 1. */
static void step_noise(struct body *body)
{
	int64_t permille = body_falters(body) ? body->traits->falters_permille
	                                      : body->traits->noise_permille;
	int64_t fresh = permille * dice_normal_permille(&body->dice);

	body->even_s -= body->even_s > 0;
	body->noise_ppm = (8 * body->noise_ppm + 6 * fresh) / 10;
}

static void step_lift(struct body *body)
{
	int64_t goal = body->traits->lift_habit_permille * 1000;
	int64_t lag = body->traits->drift_s;

	if (!body->running)
		return;
	if (body->aim_s > 0) {
		body->aim_s--;
		goal = body->aim_ppm;
		lag = AIM_LAG_S;
	} else if (body->praised) {
		lag *= 3;
	}
	body->lift_ppm += (goal - body->lift_ppm) / (lag > 0 ? lag : 1);
}

static void step_heart(struct body *body)
{
	int64_t reserve = (int64_t)body->traits->max_bpm * 1000 - REST_MBPM;
	int64_t own_permille = 1000 - (body_on_rail(body) ? body->traits->rail_permille : 0);
	int64_t goal = REST_MBPM +
	               reserve * vo2_ul(body) / VO2_MAX_UL * own_permille / 1000;

	body->heart_mbpm += (goal - body->heart_mbpm) / HEART_LAG_S;
}

static void body_second(struct body *body)
{
	body->running = gait_is_run(body);
	body->run_s += body->running;
	step_noise(body);
	step_lift(body);
	step_heart(body);
	/* 5 kcal for a litre of oxygen */
	if (body->speed_mm_h >= STANDING_MM_H)
		body->energy_ukcal +=
			vo2_ul(body) * body->traits->weight_kg * 5 / 60;
}

void body_tick(struct body *body, int64_t speed_mm_h, int64_t incline_mpct)
{
	int64_t goal;

	body->speed_mm_h = speed_mm_h;
	body->incline_mpct = incline_mpct;
	if (body->ticks++ % BODY_TICKS_PER_S == 0)
		body_second(body);
	goal = goal_uspm(body);
	body->cadence_uspm += (goal - body->cadence_uspm) / LEG_LAG_TICKS;
	if (goal == 0 && body->cadence_uspm < 20 * PPM)
		body->cadence_uspm = 0;
	body->phase += body->cadence_uspm / 1000;
	if (body->phase >= STEP_PHASE) {
		body->phase -= STEP_PHASE;
		body->steps++;
	}
}

void body_aim_spm(struct body *body, uint32_t spm, uint32_t hold_s)
{
	int64_t line = body_line_mspm(body->traits, body->speed_mm_h,
	                              body->incline_mpct);

	/* Nobody hits the number: one percent on the safe side. And nobody
	 * can follow any number: legs have their limits. */
	body->aim_ppm = clamp((int64_t)spm * 1000 * PPM / line - PPM +
	                              body_tired_ppm(body) + 10000,
	                      -200000, 250000);
	body->aim_s = hold_s;
}

void body_aim_lift(struct body *body, int32_t permille, uint32_t hold_s)
{
	body->aim_ppm = (int64_t)permille * 1000;
	body->aim_s = hold_s;
}

void body_hold(struct body *body, uint32_t hold_s)
{
	if (body->aim_s == 0)
		body->aim_ppm = body->lift_ppm;
	body->aim_s += hold_s;
	body->praised = true;
}

void body_keep_even(struct body *body, uint32_t hold_s)
{
	body->even_s = hold_s;
}

void body_let_go(struct body *body)
{
	body->let_go = true;
}

uint32_t body_heart_bpm(const struct body *body)
{
	if (body->traits->max_bpm == 0)
		return 0;
	return (uint32_t)((body->heart_mbpm + 500) / 1000);
}

uint32_t body_kcal(const struct body *body)
{
	return (uint32_t)(body->energy_ukcal / PPM);
}

uint32_t body_deci_met(const struct body *body)
{
	return (uint32_t)(vo2_ul(body) / 350);
}

/* About 1 W for each kilogram and metre a second */
uint32_t body_power_w(const struct body *body)
{
	return (uint32_t)(body->traits->weight_kg * body->speed_mm_h / 3600000);
}
