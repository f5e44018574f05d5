/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The session under way, written down as it goes.
 */
#ifndef GAITD_DIARY_H
#define GAITD_DIARY_H

#include "daemon/core/pipeline.h"
#include "daemon/sessions/scribe.h"

struct diary;

struct diary_settings {
	struct pipeline *pipeline;
	/* the wall clock at a time of the session's, seconds; false: not known */
	bool (*wall_clock)(void *user, uint64_t t_us, int64_t *unix_s, int32_t *offset_s);
	void *user;
};

struct diary *diary_new(const struct diary_settings *settings); /* NULL: memory */
void diary_free(struct diary *diary); /* NULL is fine */

/* What goes in, before the core is told, and what comes out */
void diary_event(struct diary *diary, const struct source_event *event);
void diary_outcome(struct diary *diary, const struct outcome *outcome);

/* The session under way, or the last that ended: from the message "ended" on,
 * until the next one begins, it is whole. */
const struct session_log *diary_log(const struct diary *diary);

#endif
