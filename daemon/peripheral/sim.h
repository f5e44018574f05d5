/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitd-sim at work: a scenario in real time, through a peripheral, on an
 * adapter, until a signal or the word "quit" on standard input.
 */
#ifndef GAITD_SIM_H
#define GAITD_SIM_H

#include "daemon/peripheral/layout.h"
#include "daemon/simulator/scenario.h"

#include <stdbool.h>
#include <stdint.h>

struct gatt_table;

struct sim_options {
	enum role role;
	uint16_t adapter;
	const struct scenario *scenario;
	uint64_t seed;
	uint32_t start_at_s; /* how far the scenario has come when it begins */
	const char *name;    /* NULL: the role's own */
	const struct layout *layout;
	const struct gatt_table *table; /* in place of the layout's; or NULL */
	uint16_t mtu;
	const char *fault;
	bool toggle_advertising;
};

/* The exit status: 0, 1, or 4 when the adapter cannot be had. Says on standard
 * output what happens, a line each. */
int sim_run(const struct sim_options *options);

#endif
