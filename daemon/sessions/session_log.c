/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sessions/session_log.h"

#include <stdlib.h>
#include <string.h>

/* At first; so many seconds that they come as pages of their own, which grow without
 * being copied and are none until somebody has run so long */
#define SECONDS_FIRST 4096u
#define EVENTS_FIRST 256u

static const char *const words[SESSION_EVENT_KINDS] = {
	[SESSION_EVENT_PROMPT] = "prompt",
	[SESSION_EVENT_CLEAR] = "clear",
	[SESSION_EVENT_ANSWER] = "answer",
	[SESSION_EVENT_PAIN] = "pain",
	[SESSION_EVENT_RED_FLAG] = "red_flag",
	[SESSION_EVENT_MUTE] = "mute",
	[SESSION_EVENT_INTERVALS] = "intervals",
	[SESSION_EVENT_PAUSE] = "pause",
	[SESSION_EVENT_RESUME] = "resume",
	[SESSION_EVENT_TREADMILL] = "treadmill",
	[SESSION_EVENT_FOOTPOD] = "footpod",
};

const char *session_event_word(enum session_event_kind kind)
{
	return words[kind];
}

bool session_event_from_word(const char *word, enum session_event_kind *out)
{
	for (size_t i = 0; i < SESSION_EVENT_KINDS; i++) {
		if (strcmp(word, words[i]) == 0) {
			*out = (enum session_event_kind)i;
			return true;
		}
	}
	return false;
}

void session_log_init(struct session_log *log)
{
	memset(log, 0, sizeof(*log));
	strcpy(log->runner, "anonymous");
	runner_init(&log->who);
}

void session_log_free(struct session_log *log)
{
	free(log->seconds);
	free(log->events);
	session_log_init(log);
}

/* Room for one more of `size` octets, for `first` to begin with; the array, or NULL */
static void *grown(void *array, size_t count, size_t *room, size_t first, size_t size)
{
	size_t more = *room ? *room * 2 : first;
	void *larger;

	if (count < *room)
		return array;
	larger = reallocarray(array, more, size);
	if (larger)
		*room = more;
	return larger;
}

void session_log_add_second(struct session_log *log, const struct session_second *second)
{
	struct session_second *seconds;

	if (log->second_count > 0 && second->at_s <= log->seconds[log->second_count - 1].at_s)
		return;
	seconds = log->second_count < SESSION_LOG_SECONDS_MAX
	                  ? grown(log->seconds, log->second_count, &log->second_room,
		                          SECONDS_FIRST, sizeof(*seconds))
	                  : NULL;
	if (!seconds) {
		log->cut = true;
		return;
	}
	log->seconds = seconds;
	log->seconds[log->second_count++] = *second;
	if (second->at_s > log->length_s)
		log->length_s = second->at_s;
}

void session_log_add_event(struct session_log *log, const struct session_event *event)
{
	struct session_event *events;

	if (log->event_count > 0 && event->at_s < log->events[log->event_count - 1].at_s)
		return;
	events = log->event_count < SESSION_LOG_EVENTS_MAX
	                 ? grown(log->events, log->event_count, &log->event_room,
		                         EVENTS_FIRST, sizeof(*events))
	                 : NULL;
	if (!events) {
		log->cut = true;
		return;
	}
	log->events = events;
	log->events[log->event_count++] = *event;
	if (event->at_s > log->length_s)
		log->length_s = event->at_s;
}
