/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Chance that can be repeated: xoshiro256** (Blackman and Vigna 2018), seeded
 * by SplitMix64. Integers only, so that a seed gives the same numbers on every
 * machine. Each part of the simulator has a stream of its own: a lost radio
 * message does not change how the runner runs.
 */
#ifndef GAITD_DICE_H
#define GAITD_DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
	uint64_t state[4];
};

/* The next number of SplitMix64 */
uint64_t dice_splitmix(uint64_t *state);

void dice_seed(struct dice *dice, uint64_t seed, uint64_t stream);
uint64_t dice_next(struct dice *dice);
/* 0 .. limit - 1; 0 when limit is 0 */
uint32_t dice_below(struct dice *dice, uint32_t limit);
bool dice_percent(struct dice *dice, uint32_t percent);
/* Near enough normal: mean 0, standard deviation 1000, within +-6000 */
int32_t dice_normal_permille(struct dice *dice);

#endif
