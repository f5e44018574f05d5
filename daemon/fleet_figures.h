/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * How gaitd-mqtt fares, as it tells each minute on fleet.sock, so that gaitctl's
 * metrics have it: it may write no file that others read.
 */
#ifndef GAITD_FLEET_FIGURES_H
#define GAITD_FLEET_FIGURES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define FLEET_FIGURES_MAX 16

struct fleet_figures {
	bool told;
	uint64_t at_us;
	int64_t values[FLEET_FIGURES_MAX]; /* -1: was not told */
};

/* Takes those members that it knows and that are whole numbers from 0 on; false with
 * "error" in the reply: there is none. */
bool fleet_figures_take(struct fleet_figures *figures, const json_t *request, uint64_t now_us,
                        json_t *reply);
/* As "fleet" in the reply, with its age; nothing where nobody has told. */
void fleet_figures_describe(const struct fleet_figures *figures, uint64_t now_us, json_t *reply);

#endif
