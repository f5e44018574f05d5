/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What values an expression can take, by the declared ranges of its metrics.
 */
#ifndef GAITD_EXPRESSION_RANGE_H
#define GAITD_EXPRESSION_RANGE_H

#include "daemon/rules/expression.h"

struct value_range {
	double low, high; /* in the dimension's own unit */
};

/* Of a value expression; each metric is taken to vary by itself. */
struct value_range expression_range(const struct expression *e);

#endif
