/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The scenarios of `gaitd --simulate`: who runs, on what, when which button is
 * pressed, and what goes wrong. One table; a new story is a new row.
 */
#ifndef GAITD_SCENARIO_H
#define GAITD_SCENARIO_H

#include "daemon/simulator/body.h"
#include "daemon/simulator/machine.h"
#include "daemon/simulator/mind.h"
#include "daemon/simulator/pod.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is pressed on the treadmill's own console */
enum scenario_button {
	SCENARIO_SET, /* both set-points */
	SCENARIO_PAUSE,
	SCENARIO_STOP,
	SCENARIO_KEY, /* the safety key is pulled */
	SCENARIO_END, /* of the list */
};

struct scenario_step {
	uint16_t at_s;
	uint16_t centi_kmh;
	int16_t deci_percent;
	enum scenario_button button;
};

/* What the runner tells a display of his own accord */
enum scenario_word {
	SCENARIO_SILENT, /* the end of the list */
	SCENARIO_PAIN,
	SCENARIO_RED_FLAG, /* value: enum display_red_flag */
	SCENARIO_INTERVALS,
};

struct scenario_input {
	uint16_t at_s;
	enum scenario_word word;
	int32_t value;
};

/* A time in which nothing of a device is heard; none if `seconds` is 0 */
struct scenario_gap {
	uint16_t at_s, seconds;
};

struct scenario {
	const char *name;
	const char *summary; /* one line: what is to be seen */
	uint16_t seconds;
	bool hurry; /* run ahead to 5 s before the first prompt */
	/* What the daemon is told of the runner: a recording's `# Runner:` */
	const char *runner;
	const struct body_traits *body;
	const struct mind_traits *mind;
	const struct scenario_step *program; /* ends with SCENARIO_END */
	const struct scenario_input *inputs; /* NULL: none */
	enum machine_model machine;
	enum pod_kind pod;
	uint8_t pod_loss_percent;
	struct pod_traits pod_traits;
	bool pod_twin; /* a neighbour's starts with the belt as well: whose is which? */
	struct scenario_gap pod_gap, machine_gap;
};

size_t scenario_count(void);
const struct scenario *scenario_at(size_t index);
const struct scenario *scenario_by_name(const char *name); /* NULL: none */

#endif
