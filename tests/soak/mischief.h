/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What goes wrong while somebody runs: each fault has a beginning, and an end that
 * puts things right again.
 */
#ifndef SOAK_MISCHIEF_H
#define SOAK_MISCHIEF_H

#include "tests/faults/radio.h"
#include "tests/faults/rig.h"

#define MISCHIEF_DISPLAYS 6

struct stage { /* all that there is to be spoilt */
	struct rig rig;
	struct radio radio;
	struct radio_device *treadmill, *footpod;
	int displays[MISCHIEF_DISPLAYS]; /* that are bad; -1: none */
	uint32_t dice;
};

struct mischief {
	unsigned under_way; /* index of the fault + 1; 0: none */
	unsigned left_s;
	unsigned done;     /* so far */
};

uint32_t stage_roll(struct stage *stage, uint32_t below);

/* One second more, in which something may begin or end */
void mischief_second(struct mischief *mischief, struct stage *stage);
/* Puts all right again; bad displays leave. */
void mischief_clear(struct mischief *mischief, struct stage *stage);
/* How often each was done */
void mischief_print(void);

#endif
