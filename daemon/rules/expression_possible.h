/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Whether conditions can come true together, by the declared ranges of their
 * metrics and by metric_facts.h: what can never fire, what always does, what
 * excludes what, and how long something can last.
 */
#ifndef GAITD_EXPRESSION_POSSIBLE_H
#define GAITD_EXPRESSION_POSSIBLE_H

#include "daemon/rules/expression_range.h"

#define POSSIBLE_WISHES_MAX 16

struct wish {
	const struct expression *condition;
	bool truth; /* true: it shall be true, false: false */
};

/* False only if no values within the declared ranges grant all wishes, every
 * metric known. What would take too long to find out is possible. */
bool expression_possible(const struct wish *wishes, size_t count);
/* Can it come true in a rule that has neither spoken nor held before? */
bool expression_can_begin(const struct expression *condition);

/* Where its metrics lie whenever it is true, the ranges of all ways together.
 * False: there is no way, or too many to look at. */
bool expression_reach(const struct expression *condition,
                      struct value_range out[METRIC_COUNT]);
/* The longest time in seconds for which it can be true without a break while
 * the belt moves; INFINITY: any. `clock` is the metric that ends it. */
double expression_lasts_s(const struct expression *condition, enum metric *clock);

#endif
