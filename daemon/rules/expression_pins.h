/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What holds a condition where it is: for as long as each of some metrics stays
 * within two numbers, it comes to the same, whatever else changes. Of comparisons
 * joined by `and` one that is false is enough, of those joined by `or` one that is
 * true; what arithmetic reads has to stay as it is.
 */
#ifndef GAITD_EXPRESSION_PINS_H
#define GAITD_EXPRESSION_PINS_H

#include "daemon/rules/expression.h"

#include <float.h>

#define PINS_MAX 40     /* while it is worked out */
#define PIN_ABSENT (-DBL_MAX) /* an absent metric counts as below all numbers */

/* Holds while low <= value <= high. */
struct pin {
	double low, high;
	uint8_t metric;
};

struct pins {
	struct pin all[PINS_MAX];
	size_t count;
	bool loose; /* there are too many, or it may change of itself: nothing holds it */
};

static inline double pin_value(double metric)
{
	return metric > PIN_ABSENT ? metric : PIN_ABSENT; /* NaN is not greater */
}

/* Adds what holds a metric where it is; present or absent; as it is. */
void pins_add_presence(struct pins *pins, size_t metric, double value);
void pins_add_value(struct pins *pins, size_t metric, double value);
/* Adds what holds the condition true, or not true, as it is now, and what it reads on
 * its way where that may fail; returns what it is. Metrics whose bit is set in `but`
 * do not stay: where they matter it is loose. */
enum truth pins_add(struct pins *pins, const struct expression *e,
                    const struct metrics *metrics, const uint64_t but[METRIC_WORDS]);

#endif
