/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A session as it was: who, when, on what, a line a second, and what was said
 * and answered. What is stored, summed up, drawn and exported is made of this
 * and of nothing else. Pure.
 */
#ifndef GAITD_SESSION_LOG_H
#define GAITD_SESSION_LOG_H

#include "daemon/core/runner_history.h"
#include "protocol/display.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SESSION_LOG_SECONDS_MAX 86400u /* a day of running; what is beyond is left out */
#define SESSION_LOG_EVENTS_MAX 4096u

/* One second while the session ran; none while it paused. What is absent in it
 * was not known in that second. */
struct session_second {
	uint32_t at_s; /* since the session began, pauses included; increasing */
	struct display_metrics metrics;
	bool has_target;
	struct display_target target; /* the band of cadence, when there was one */
};

enum session_event_kind {
	SESSION_EVENT_PROMPT,   /* id, rule, level, headline, text */
	SESSION_EVENT_CLEAR,    /* id, rule; value: enum display_clear_reason */
	SESSION_EVENT_ANSWER,   /* id, rule; value */
	SESSION_EVENT_PAIN,     /* value: 0..10, told without being asked */
	SESSION_EVENT_RED_FLAG, /* value: enum display_red_flag */
	SESSION_EVENT_MUTE,     /* value: minutes; 0: ended */
	SESSION_EVENT_INTERVALS, /* value: 0 or 1 */
	SESSION_EVENT_PAUSE,
	SESSION_EVENT_RESUME,
	SESSION_EVENT_TREADMILL, /* value: enum display_link_state */
	SESSION_EVENT_FOOTPOD,   /* likewise */
	SESSION_EVENT_KINDS, /* how many */
};

struct session_event {
	uint32_t at_s; /* since the session began; not decreasing */
	enum session_event_kind kind;
	uint32_t id; /* of the prompt */
	int32_t value;
	char rule[48];
	enum display_level level;
	char headline[128], text[256];
};

struct session_log {
	char runner[32]; /* "anonymous", or his name */
	bool has_start;  /* the wall clock was known */
	int64_t start_s; /* Unix time of its begin */
	int32_t offset_s; /* local time, east of UTC */
	char treadmill[256], footpod[256]; /* names; "": not known */
	bool miles; /* what the runner reads */
	char lang[8];
	bool ended;
	uint32_t length_s; /* from its begin to its end or to now, pauses included */
	struct runner who; /* what was known of him at the end, or is now */
	bool has_kept;     /* it is known to be the runner's */
	struct runner_session kept; /* its times are Unix times where has_start */
	struct session_second *seconds;
	size_t second_count, second_room;
	struct session_event *events;
	size_t event_count, event_room;
	bool cut; /* something did not fit, or there was no memory for it */
};

void session_log_init(struct session_log *log);
void session_log_free(struct session_log *log); /* and makes it empty again */

/* Copied in. What would go back in time, or beyond the limits, is left out. */
void session_log_add_second(struct session_log *log, const struct session_second *second);
void session_log_add_event(struct session_log *log, const struct session_event *event);

/* The words of an event's kind, as they are stored and written */
const char *session_event_word(enum session_event_kind kind);
bool session_event_from_word(const char *word, enum session_event_kind *out);

#endif
