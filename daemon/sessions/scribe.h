/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Writes down a session: listens to what goes into the core and comes out of
 * it, as any other sink, and keeps a log of the session under way, or of the
 * last that ended. Pure.
 */
#ifndef GAITD_SCRIBE_H
#define GAITD_SCRIBE_H

#include "daemon/core/outcome.h"
#include "daemon/devices/source_event.h"
#include "daemon/sessions/session_log.h"

struct scribe {
	struct session_log log;
	enum display_session_state state;
	uint64_t began_us; /* the session; of the pipeline's clock */
	struct display_link links;
	bool has_target;
	struct display_target target;
	struct display_prompt live; /* the last prompt; id 0: none in this session */
	bool spared; /* nobody reads the log's seconds and events */
	/* names of the devices, as they were heard last */
	char treadmill[256], footpod[256];
};

void scribe_init(struct scribe *scribe);
void scribe_free(struct scribe *scribe);

/* What goes in (before the core is told) and what comes out, in order of time.
 * A session that begins empties the log of the one before. */
void scribe_event(struct scribe *scribe, const struct source_event *event);
void scribe_outcome(struct scribe *scribe, const struct outcome *outcome);

/* A session that a restart interrupted goes on in `log`, which is taken over,
 * `away_s` after its last second: the next "running" or "paused" belongs to it. */
void scribe_resume(struct scribe *scribe, struct session_log *log, uint64_t now_us,
                   uint32_t away_s);

/* What was written down is forgotten; a session under way goes on from here. */
void scribe_forget(struct scribe *scribe);

/* A session runs or pauses. */
bool scribe_under_way(const struct scribe *scribe);

#endif
