/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Where the events of this run come from, as the command line says: a
 * recording, the simulator, or hardware.
 */
#ifndef GAITD_ORIGIN_H
#define GAITD_ORIGIN_H

#include "daemon/service/options.h"
#include "daemon/sources/driver.h"
#include "daemon/sources/recorder.h"

struct origin {
	struct driver driver;
	struct recorder_header header; /* of --record, but for the runner */
	char name[160]; /* "replay run.rec" */
};

/* A recording or a scenario puts its runner into settings->runner. EXIT_GO_ON,
 * or the status to exit with, and said. `origin` begins all zero. */
int origin_open(struct origin *origin, const struct options *options,
                const struct ruleset *rules, struct pipeline_settings *settings);

/* The status to exit with for what could not be opened */
int origin_status_of(int error);

#endif
