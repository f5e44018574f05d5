/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What stands behind the time in an event line of a recording: SOURCE EVENT
 * PAYLOAD, read and written by the same tables.
 */
#ifndef GAITD_RECORDING_EVENT_H
#define GAITD_RECORDING_EVENT_H

#include "daemon/devices/scan.h"
#include "daemon/devices/source_event.h"

/* Reads the rest of the line into `event`, which is all zero but its time. `known` has
 * what the lines before it were about; all zero before the first. */
bool recording_event_read(struct scan *scan, struct recording_known *known,
                          struct source_event *event);

/* A line under way; `full` once it did not fit. */
struct recording_out {
	char *line;
	size_t size, used;
	bool full;
};

void recording_put(struct recording_out *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* False for what is no event of a recording (a request that is no input) */
bool recording_event_write(struct recording_out *out,
                           const struct source_event *event);

#endif
