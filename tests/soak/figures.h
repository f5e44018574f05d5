/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a gaitd holds, sample by sample, and whether that grows.
 */
#ifndef SOAK_FIGURES_H
#define SOAK_FIGURES_H

#include "tests/faults/rig.h"

#include <stdio.h>

#define FIGURES_MAX 4096 /* samples */

enum figure {
	FIGURE_PRIVATE, /* KiB that are its own */
	FIGURE_PSS,
	FIGURE_HEAP,    /* octets that are allocated, but for SQLite's */
	FIGURE_SQLITE,  /* KiB of these, most of them pages that it keeps */
	FIGURE_DESCRIPTORS,
	FIGURE_TIMERS, /* and all else that its loop waits for */
	FIGURE_FILES,  /* in its state directory */
	FIGURE_DISK,   /* KiB of these */
	FIGURES,
};

struct figures {
	double seconds[FIGURES_MAX]; /* when it was */
	double values[FIGURES][FIGURES_MAX];
	unsigned count;
};

/* One more sample; false: it cannot be had. */
bool figures_take(struct figures *figures, struct rig *rig);
void figures_print_last(const struct figures *figures, FILE *out);
/* Over the second half of all samples: what each was at first and at last by the
 * straight line that fits best, and whether that is within its bound, or it was never
 * more than in the first half; true if all are.
 * Pages that were touched once are kept: these are not judged unless all that there is
 * was done often before. */
bool figures_judge(const struct figures *figures, bool is_warm);

#endif
