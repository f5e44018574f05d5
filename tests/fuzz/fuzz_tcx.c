/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any octets as a TCX file: a fault has a line and words, a run becomes events
 * that a recording can hold.
 */
#include "daemon/devices/recording.h"
#include "daemon/gaitctl/tcx_import.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void keep(const struct source_event *event, void *user)
{
	char line[RECORDING_LINE_MAX];
	uint64_t *last_us = user;

	require(event->t_us >= *last_us);
	require(recording_write_line(event, line, sizeof(line)) > 0);
	*last_us = event->t_us;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct run_points run = { .points = NULL };
	struct run_fault fault = { 0 };
	uint64_t last_us = 0;
	double most;

	if (tcx_import((const char *)data, size, &run, &fault))
		run_points_events(&run, run_points_cadence(&run, &most), keep, &last_us);
	else
		require(fault.offset > 0 && strlen(fault.message) > 0);
	run_points_free(&run);
	return 0;
}
