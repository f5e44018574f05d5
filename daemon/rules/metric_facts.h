/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the declared ranges of the metrics do not say, for the check of rules:
 * what a flag implies, what never exceeds what, and what time does to a metric.
 * tests/unit/test_metric_facts.c holds each against real runs.
 */
#ifndef GAITD_METRIC_FACTS_H
#define GAITD_METRIC_FACTS_H

#include "daemon/rules/metrics.h"

/* While the flag is `truth`, the metric lies in the range; low > high: it is
 * absent. */
struct metric_fact {
	enum metric flag;
	bool truth;
	enum metric metric;
	double low, high;
};

/* `less` is never more than `more`. */
struct metric_order {
	enum metric less, more;
};

/* A time that grows by itself, a second a second */
enum metric_growth {
	GROWS,           /* and is gone, or ends the session, before it falls */
	GROWS_FROM_ZERO, /* and starts again at 0 at any time */
	GROWS_IN_RUN,    /* while `running` is true */
	GROWS_IN_WALK,
};

struct metric_clock {
	enum metric metric;
	enum metric_growth growth;
};

/* `rise` is `of` now less `of` span_s ago. */
struct metric_rise {
	enum metric rise, of;
	unsigned span_s;
};

extern const struct metric_fact metric_facts[];
extern const size_t metric_fact_count;
extern const struct metric_order metric_orders[];
extern const size_t metric_order_count;
extern const struct metric_clock metric_clocks[];
extern const size_t metric_clock_count;
extern const struct metric_rise metric_rises[];
extern const size_t metric_rise_count;

#endif
