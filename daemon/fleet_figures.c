/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/fleet_figures.h"

static const char *const names[] = {
	"connected", "connects", "acknowledged_age_s", "refused", "waiting_events",
	"waiting_bytes", "limit_events", "dropped_metrics", "dropped_events", "merged_safety",
};
#define NAMES (sizeof(names) / sizeof(names[0]))
_Static_assert(NAMES <= FLEET_FIGURES_MAX, "a place for each");

bool fleet_figures_take(struct fleet_figures *figures, const json_t *request, uint64_t now_us,
                        json_t *reply)
{
	struct fleet_figures fresh = { .at_us = now_us };

	for (size_t i = 0; i < NAMES; i++) {
		const json_t *value = json_object_get(request, names[i]);
		bool good = json_is_integer(value) && json_integer_value(value) >= 0;

		fresh.values[i] = good ? json_integer_value(value) : -1;
		fresh.told |= good;
	}
	if (fresh.told)
		*figures = fresh;
	else
		json_object_set_new(reply, "error",
		                    json_string("figures needs some: gaitd-mqtt(1) has them, "
		                                "whole numbers from 0 on"));
	return fresh.told;
}

void fleet_figures_describe(const struct fleet_figures *figures, uint64_t now_us, json_t *reply)
{
	json_t *object;

	if (!figures->told)
		return;
	object = json_object();
	json_object_set_new(object, "age_us",
	                    json_integer((json_int_t)(now_us - figures->at_us)));
	for (size_t i = 0; i < NAMES; i++) {
		if (figures->values[i] >= 0)
			json_object_set_new(object, names[i], json_integer(figures->values[i]));
	}
	json_object_set_new(reply, "fleet", object);
}
