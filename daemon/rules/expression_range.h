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

/* By metric, as they are declared */
void expression_declared_ranges(struct value_range out[METRIC_COUNT]);
/* Of instructions that make a value, with `metrics` in those ranges; infinite
 * where a divisor may be 0 */
struct value_range expression_range_within(const struct instruction *code,
                                           size_t length,
                                           const struct value_range *metrics);
/* Of a value expression; each metric is taken to vary by itself. */
struct value_range expression_range(const struct expression *e);

#endif
