/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a daemon answers, in the text form that Prometheus reads: base units,
 * _total for what is counted, few series, and of a runner nothing.
 */
#ifndef GAITD_METRICS_TEXT_H
#define GAITD_METRICS_TEXT_H

#include "daemon/gaitctl/machine_facts.h"

#include <jansson.h>
#include <stdio.h>

struct metrics_sample {
	const json_t *status, *meter; /* the replies; NULL: no daemon answers */
	const struct machine_facts *machine; /* of it the unit; NULL: not known */
	const char *console; /* a label on all: which of several; NULL: it is the one */
};

void metrics_text(FILE *out, const struct metrics_sample *sample);

#endif
