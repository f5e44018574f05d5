/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/simulator/dice.h"

uint64_t dice_splitmix(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void dice_seed(struct dice *dice, uint64_t seed, uint64_t stream)
{
	/* Mixed before the stream is added: seed 1 of stream 2 must not be
	 * seed 2 of stream 1. */
	uint64_t state = dice_splitmix(&seed) + stream;

	for (unsigned i = 0; i < 4; i++)
		dice->state[i] = dice_splitmix(&state);
}

static uint64_t rotate_left(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

uint64_t dice_next(struct dice *dice)
{
	uint64_t *s = dice->state;
	uint64_t result = rotate_left(s[1] * 5, 7) * 9;
	uint64_t shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = rotate_left(s[3], 45);
	return result;
}

uint32_t dice_below(struct dice *dice, uint32_t limit)
{
	return (uint32_t)((dice_next(dice) >> 32) * limit >> 32);
}

bool dice_percent(struct dice *dice, uint32_t percent)
{
	return dice_below(dice, 100) < percent;
}

int32_t dice_normal_permille(struct dice *dice)
{
	/* The sum of 12 uniform numbers of 0 .. 999 has variance 1000^2. */
	int32_t sum = -5994;

	for (unsigned i = 0; i < 12; i++)
		sum += (int32_t)dice_below(dice, 1000);
	return sum;
}
