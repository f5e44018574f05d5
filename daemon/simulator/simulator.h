/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A runner, a treadmill and a foot pod that are not there: the bytes that real
 * ones would send, in time order. Pure: no clock, the same bytes for the same
 * scenario, seed and outcomes.
 */
#ifndef GAITD_SIMULATOR_H
#define GAITD_SIMULATOR_H

#include "daemon/core/outcome.h"
#include "daemon/devices/source_event.h"
#include "daemon/simulator/scenario.h"

#include <stdbool.h>
#include <stdint.h>

struct simulator;

/* `scenario` is borrowed. NULL: out of memory. */
struct simulator *simulator_new(const struct scenario *scenario, uint64_t seed);
void simulator_free(struct simulator *sim);

/* The next event; false when the scenario is over. The simulation goes on to
 * that event's time and no further. */
bool simulator_next(struct simulator *sim, struct source_event *event);

/* The runner sees what a display shows. Heard up to one event late (a player
 * looks one ahead) it makes no difference. */
void simulator_outcome(struct simulator *sim, const struct outcome *outcome);

/* The truth behind the bytes, at the time of the last event */
struct simulator_truth {
	uint32_t centi_kmh;
	int32_t deci_percent;
	int64_t cadence_mspm;
	uint32_t steps;
	int64_t distance_mm; /* of the belt */
	uint32_t heart_bpm;
	/* what the runner means to do, see body.h */
	bool running;
	int64_t intent_ppm, tired_ppm;
	bool falters, on_rail;
};
struct simulator_truth simulator_truth(const struct simulator *sim);

#endif
