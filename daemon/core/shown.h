/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What displays were told last of link, session, metrics and target, and what of
 * the state is news to them.
 */
#ifndef GAITD_SHOWN_H
#define GAITD_SHOWN_H

#include "daemon/core/outcome.h"
#include "daemon/core/state.h"

/* All zero: nothing yet */
struct shown {
	struct display_link link;
	struct display_session session;
	struct display_metrics metrics;
	struct display_target target;
	bool spares_metrics; /* nobody is shown them, or a target */
};

/* Emits what is news, in that order, at the state's instant. */
void shown_update(struct shown *shown, const struct state *s, outcome_fn emit, void *user);

#endif
