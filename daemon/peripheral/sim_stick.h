/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitd-sim stick: an ANT stick in a virtual USB port of the kernel, with a
 * runner and neighbours near it, until a signal or the word "quit" on standard
 * input.
 */
#ifndef GAITD_SIM_STICK_H
#define GAITD_SIM_STICK_H

#include "daemon/peripheral/stick.h"
#include "daemon/simulator/scenario.h"

struct sim_stick_options {
	const struct stick_model *model;
	uint8_t key[STICK_KEY_SIZE]; /* with which the transmitters are heard */
	enum stick_fault fault;
	const struct scenario *scenario;
	uint64_t seed;
	uint32_t start_at_s;
	unsigned neighbours, port;
};

/* The exit status: 0, 1, or 4 when there is no such port. */
int sim_stick_run(const struct sim_stick_options *options);

#endif
