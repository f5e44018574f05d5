/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The last minutes of a run, for the chart of a browser that comes late: a
 * point every two seconds, and what was prompted. Pure.
 */
#ifndef GAITD_WEB_TRACE_H
#define GAITD_WEB_TRACE_H

#include "protocol/display.h"

#include <stddef.h>
#include <stdint.h>

#define TRACE_STEP_MS 2000
#define TRACE_POINTS 450 /* 15 minutes */
#define TRACE_TEXT_MAX 24576 /* octets of it as a line */

struct trace_point {
	uint32_t at; /* TRACE_STEP_MS since the first */
	int16_t speed, incline, cadence, low, high; /* TRACE_ABSENT: not known */
	int8_t level; /* of a prompt then, -1: none */
};
#define TRACE_ABSENT INT16_MIN

struct trace {
	struct trace_point points[TRACE_POINTS];
	size_t first, count;
	uint64_t began_ms;
};

void trace_clear(struct trace *trace);
/* What is so at a moment; at most one point a step is kept. NULL: not known. */
void trace_metrics(struct trace *trace, const struct display_metrics *metrics,
                   const struct display_target *target, uint64_t now_ms);
void trace_prompt(struct trace *trace, enum display_level level, uint64_t now_ms);

/* {"type":"trace","step_s":2,"age_s":..,"points":[[at,speed,incline,cadence,low,
 * high,level],..]}, speed in 0.01 km/h, incline in 0.1 %, each a number or "";
 * 0: it does not fit. `age_s` is that of the beginning. */
size_t trace_write(const struct trace *trace, uint64_t now_ms, char *text, size_t size);

#endif
