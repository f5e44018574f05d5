/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Why a condition is not true: where it is made of comparisons that must all be
 * true, one that is not is reason enough, and for as long as it is not, the rest
 * need not be looked at.
 */
#ifndef GAITD_EXPRESSION_CONJUNCT_H
#define GAITD_EXPRESSION_CONJUNCT_H

#include "daemon/rules/expression.h"

/* A metric compared with a number: true when sign * (metric - limit) > 0, which
 * it is not of an absent one. */
struct conjunct {
	double limit;
	int8_t sign; /* 1: above, -1: below */
	uint8_t metric;
};

/* One of the comparisons of `e` without which it is not true, and that is not true
 * now. False if there is none, or none so simple; metrics whose bit is set in
 * `but` do not count. Where arithmetic comes before it is none: it may fail. */
bool expression_conjunct(const struct expression *e, const struct metrics *metrics,
                         const uint64_t but[METRIC_WORDS], struct conjunct *out);

#endif
