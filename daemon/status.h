/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What `gaitctl status` tells, as JSON: gaitctl(1).
 */
#ifndef GAITD_STATUS_H
#define GAITD_STATUS_H

#include "daemon/core/pipeline.h"
#include "daemon/devices/intake.h"
#include "daemon/displays/hub.h"

#include <jansson.h>
#include <time.h>

struct status {
	time_t started_s; /* CLOCK_MONOTONIC */
	time_t started_unix_s; /* as the clock had it then, right or wrong */
	const char *source; /* "replay run.rec", "simulator demo" */
	double speed;
	const char *recording; /* file; NULL: none */
	const char *display_socket; /* NULL: does not listen */
	struct display_link link;
	struct display_session session;
};

/* Keeps the link and session messages. */
void status_outcome(struct status *status, const struct outcome *outcome);

/* Adds the members of a status reply, but for the displays. */
void status_describe(const struct status *status, const struct pipeline *pipeline,
                     const struct intake *intake, const struct ruleset *rules,
                     uint64_t now_us, json_t *reply);
/* Adds as many displays, from that one on, as the reply has room for; it has all else
 * by then. */
void status_displays(const struct hub *hub, size_t from, json_t *reply);

#endif
