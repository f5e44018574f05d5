/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What comes out of the core: a display message and its instant. Every sink
 * (display hub, prompt file, simulated runner, status) takes the same stream.
 */
#ifndef GAITD_OUTCOME_H
#define GAITD_OUTCOME_H

#include "protocol/display.h"

#include <stdint.h>

struct outcome {
	uint64_t t_us;
	/* LINK, SESSION, METRICS, TARGET, PROMPT or CLEAR */
	struct display_message message;
};

typedef void (*outcome_fn)(const struct outcome *outcome, void *user);

#endif
