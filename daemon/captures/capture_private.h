/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the files of this room share: one capture under way.
 */
#ifndef GAITD_CAPTURE_PRIVATE_H
#define GAITD_CAPTURE_PRIVATE_H

#include "daemon/captures/capture.h"
#include "daemon/captures/links.h"
#include "daemon/captures/servers.h"
#include "daemon/captures/sticks.h"

struct capture {
	struct capture_host host;
	struct capture_wishes wishes;
	bool playing; /* the second reading */
	struct capture_counts counts;
	int64_t now_us; /* of the packet under way; never goes back */
	bool has_now;
	int64_t set_us; /* by how much the capture's clock was set back */
	bool has_start;
	int64_t start_us;
	char model[128];
	struct servers servers;
	struct links links;
	struct sticks sticks;
};

__attribute__((format(printf, 2, 3)))
void capture_note(struct capture *capture, const char *format, ...);
/* Puts the time into it and hands it out, the second time. */
void capture_emit(struct capture *capture, struct source_event *event);

#endif
