/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A gym of thirty treadmills and thirty runners with foot pods, of which one
 * treadmill is ours: what its Bluetooth and an ANT stick in scan mode hear, as
 * bytes, through the intake. Pure, the same for the same seed.
 *
 * As issue 4 has it: starts at 3 a minute (Poisson), 5 to 14 km/h, -45 to
 * -95 dBm with 6 dB of log-normal noise, our pod not the strongest in 30 of 100
 * sessions (then it has any of the other strengths), 8 to 23 % of the messages
 * lost, a pod's speed off by up to 10 %, page 2 missing in 20 of 100 pods.
 */
#ifndef GAITD_GYM_H
#define GAITD_GYM_H

#include <stdbool.h>
#include <stdint.h>

enum gym_case {
	GYM_USUAL,
	GYM_TWINS,    /* a neighbour starts with ours, at the same speed */
	GYM_NO_POD,   /* our runner has none */
	GYM_LATE,     /* he steps on when the belt is at speed: 4 to 9 s late */
	GYM_WALKERS,  /* and three people walk to and fro, near by */
	GYM_CASES,
};

struct gym_outcome {
	bool right, wrong; /* a pod was chosen, whose; wrong once is wrong */
	double chosen_s;   /* after the belt's start; the right one */
	bool asked;
	bool among_asked;  /* ours was in the question */
};

struct gym_outcome gym_session(uint64_t seed, enum gym_case which);

#endif
