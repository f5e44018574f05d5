/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The console off a terminal: a line for each change.
 */
#ifndef GAITD_TERMINAL_PLAIN_H
#define GAITD_TERMINAL_PLAIN_H

#include "plugins/console/console.h"

#include <stdio.h>
#include <time.h>

struct plain {
	FILE *out;
	struct console last; /* as of the last call */
	char metrics[16 * 40]; /* as printed */
	uint64_t metrics_ms; /* the next at the earliest */
	bool told;           /* ready or not, at least once */
};

void plain_init(struct plain *plain, FILE *out);
/* Prints what has changed since the last call, but metrics; `wall` stands
 * before each line. */
void plain_print(struct plain *plain, const struct console *console,
                 uint64_t now_ms, time_t wall);
/* Prints metrics if they have changed, at most every 10 s. */
void plain_metrics(struct plain *plain, const struct console *console,
                   uint64_t now_ms, time_t wall);
/* A prompt was cleared: the console no longer knows why. */
void plain_clear(struct plain *plain, const struct display_clear *clear,
                 time_t wall);

#endif
