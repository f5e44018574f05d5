/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/metrics.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

const struct metric_info metric_table[METRIC_COUNT] = {
#define X(name, dimension, low, high, meaning) \
	{ #name, DIMENSION_##dimension, low, high, meaning },
	METRICS(X)
#undef X
};

static_assert(METRIC_COUNT <= UINT8_MAX, "an instruction names it in 8 bits");

enum metric metric_by_name(const char *name, size_t length)
{
	for (size_t i = 0; i < METRIC_COUNT; i++)
		if (strlen(metric_table[i].name) == length &&
		    memcmp(metric_table[i].name, name, length) == 0)
			return (enum metric)i;
	return METRIC_COUNT;
}

bool metric_is_instant(enum metric metric)
{
	return metric == METRIC_pain_reported || metric == METRIC_red_flag ||
	       metric == METRIC_safety_key;
}

bool metric_is_of_rule(enum metric metric)
{
	return metric == METRIC_fired_count || metric == METRIC_fired_age ||
	       metric == METRIC_held_time;
}
