/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * `gaitd --record FILE`: writes every source event as a recording, gaitd(8),
 * that replays to the same prompts.
 */
#ifndef GAITD_RECORDER_H
#define GAITD_RECORDER_H

#include "daemon/core/runner.h"
#include "daemon/devices/source_event.h"

#include <event2/event.h>
#include <stdbool.h>

struct recorder;

struct recorder_header {
	const char *model; /* NULL: not known */
	bool has_start;
	int64_t start_unix_s;   /* wall clock of time 0 */
	int32_t start_offset_s; /* east of UTC */
	const struct runner *runner;
};

/* Makes FILE anew ("-": standard output) and writes the header; what is
 * written reaches the file within a second. NULL, logged, with errno set. */
struct recorder *recorder_new(struct event_base *base, const char *path,
                              const struct recorder_header *header);
/* A file that takes no more (a full disk) is said once; the run goes on. */
void recorder_event(struct recorder *recorder, const struct source_event *event);
/* Writes `# End:` at this session time and closes. False if anything could not
 * be written. NULL is fine. */
bool recorder_free(struct recorder *recorder, uint64_t end_us);

#endif
