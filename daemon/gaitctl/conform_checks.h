/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a display is tried with: one check a promise of gaitd-display(7).
 */
#ifndef GAITD_CONFORM_CHECKS_H
#define GAITD_CONFORM_CHECKS_H

#include "daemon/gaitctl/conform_kit.h"

struct conform_check {
	const char *name;
	/* False: noted in the kit what was expected and what was seen. All but
	 * the first are followed by kit_alive(). */
	bool (*run)(struct kit *kit);
};

/* The first CONFORM_BASICS carry the others: without them nothing can be tried.
 * The table ends with a name of NULL. */
#define CONFORM_BASICS 2
extern const struct conform_check conform_checks[];

#endif
