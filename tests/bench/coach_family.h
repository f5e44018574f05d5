/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The runners of the coach's bench: one a seed, of every height, beat and temper,
 * with the fault, or none, that he was made with.
 */
#ifndef GAITD_COACH_FAMILY_H
#define GAITD_COACH_FAMILY_H

#include "daemon/core/runner.h"
#include "daemon/simulator/scenario.h"

enum family_fault {
	FAULT_NONE,
	FAULT_SLOW_BEAT,  /* runs at his own slow beat, below his height's */
	FAULT_OVERSTRIDE, /* a beat far below his own */
	FAULT_HASTY,      /* far above it */
	FAULT_FATIGUE,    /* tires, and his steps grow */
	FAULT_FALTERS,    /* his beat wanders */
	FAULT_COUNT,
};
extern const char *const family_fault_name[FAULT_COUNT];

#define FAMILY_STEPS_MAX 12

struct family_member {
	struct scenario scenario;
	struct body_traits body;
	struct mind_traits mind;
	struct scenario_step program[FAMILY_STEPS_MAX];
	struct scenario_input inputs[2];
	struct runner runner; /* what the daemon is told of him */
	enum family_fault fault;
	double z;             /* truly */
	bool hurts;           /* tells of pain on the way */
};

/* The same seed, the same runner. He is referred to by his own scenario: do not
 * copy him. */
void family_member_make(struct family_member *m, uint64_t seed);

#endif
