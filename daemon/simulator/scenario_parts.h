/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the tables of scenarios are put together from.
 */
#ifndef GAITD_SCENARIO_PARTS_H
#define GAITD_SCENARIO_PARTS_H

#include "daemon/simulator/scenario.h"

/* ---- runners ---- */

/* z -1.36: 158 spm at 10 km/h where 170 is normal for 1.75 m; with 20 sessions
 * behind him the target is 7.5 % above, 170 (rules.md 5.5.12). */
#define LOW_BEAT                                                               \
	.height_mm = 1750, .weight_kg = 70, .z_centi = -136,                   \
	.noise_permille = 18, .max_bpm = 185
/* z +0.3: 170 spm at 10 km/h where 167 is normal for 1.80 m */
#define GOOD_BEAT                                                              \
	.height_mm = 1800, .weight_kg = 76, .z_centi = 30,                     \
	.noise_permille = 15, .max_bpm = 180

/* What is told of them, without the brackets, so that more can be told */
#define LOW_BEAT_KEYS                                                          \
	"\"height_m\":1.75,\"weight_kg\":70,\"max_hr_bpm\":185,"               \
	"\"baseline_spm\":158,\"baseline_kmh\":10,\"usual_kmh\":10,"           \
	"\"sessions\":20"
#define GOOD_BEAT_KEYS                                                         \
	"\"height_m\":1.80,\"weight_kg\":76,\"max_hr_bpm\":180,"               \
	"\"baseline_spm\":170,\"baseline_kmh\":10,\"usual_kmh\":10,"           \
	"\"sessions\":20"
#define LOW_BEAT_RUNNER "{" LOW_BEAT_KEYS ",\"longest_30d_m\":9000}"
#define GOOD_BEAT_RUNNER "{" GOOD_BEAT_KEYS ",\"longest_30d_m\":9000}"

/* ---- programs: second, 0.01 km/h, 0.1 % ---- */

#define END { 0, 0, 0, SCENARIO_END }
#define SET(at, centi_kmh, deci_percent)                                       \
	{ at, centi_kmh, deci_percent, SCENARIO_SET }
#define STOP(at) { at, 0, 0, SCENARIO_STOP }
/* Two minutes of walking, jogging to the end of the warm-up time */
#define WARM_UP SET(2, 550, 0), SET(120, 850, 0)

/* ---- the second table, scenario_rules.c ---- */
extern const struct scenario scenario_rules[];
extern const size_t scenario_rules_count;

#endif
