/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Whether conditions can come true together, by the declared ranges of their
 * metrics: what can never fire, what always does, what excludes what.
 */
#ifndef GAITD_EXPRESSION_POSSIBLE_H
#define GAITD_EXPRESSION_POSSIBLE_H

#include "daemon/rules/expression.h"

#define POSSIBLE_WISHES_MAX 16

struct wish {
	const struct expression *condition;
	bool truth; /* true: it shall be true, false: false */
};

/* False only if no values within the declared ranges grant all wishes, every
 * metric known. What would take too long to find out is possible. */
bool expression_possible(const struct wish *wishes, size_t count);

#endif
