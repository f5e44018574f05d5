/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The session under way, written down as it goes: in memory, and for whoever it
 * concerns on the disk; and who it is that runs, of those who asked to be known.
 */
#ifndef GAITD_DIARY_H
#define GAITD_DIARY_H

#include "daemon/core/pipeline.h"
#include "daemon/devices/pods.h"
#include "daemon/service/control.h"
#include "daemon/sessions/scribe.h"

struct diary;

struct diary_settings {
	struct event_base *base;
	struct pipeline *pipeline;
	/* the wall clock at a time of the session's, seconds; false: not known */
	bool (*wall_clock)(void *user, uint64_t t_us, int64_t *unix_s, int32_t *offset_s);
	uint64_t (*now_us)(void *user); /* of the session's */
	/* Somebody known runs, or nobody (NULL): an event of ours */
	void (*chosen)(void *user, const char *name);
	void *user;
};

/* What is kept, and where */
struct diary_place {
	const char *history;   /* of known runners; "": nowhere */
	const char *anonymous; /* the session under way of anybody else; "": nowhere */
	uint32_t retention_days;
	uint32_t resume_s; /* a session that was cut off goes on within; 0: never */
};

struct diary *diary_new(const struct diary_settings *settings); /* NULL: memory */
void diary_free(struct diary *diary); /* NULL is fine */
/* It is kept, too; a session that was cut off is taken up. Before any event.
 * False: memory. */
bool diary_keep(struct diary *diary, const struct diary_place *place);
/* Begins a thread, which has the rights of who calls. False: it cannot. */
bool diary_start(struct diary *diary);
/* Has gaitctl ask of it; afterwards alone. */
void diary_serve(struct diary *diary, struct control *control);

/* Nobody will read what it writes down of sessions: it does not. */
void diary_spare(struct diary *diary);

/* What goes in, before the core is told, and what comes out */
void diary_event(struct diary *diary, const struct source_event *event);
void diary_outcome(struct diary *diary, const struct outcome *outcome);
/* The foot pod that counts, at any time; NULL: there is none */
void diary_pod(struct diary *diary, const struct pod_heard *pod);
/* A runner gave a display his name and PIN. False: nobody is known here. */
bool diary_ask_runner(struct diary *diary, const char *name, const char *pin);

/* The session that was written down is forgotten, and its runner is not known any
 * more; a history that he asked for stays his. */
void diary_drop(struct diary *diary);

/* The session under way, or the last that ended: from the message "ended" on,
 * until the next one begins, it is whole. */
const struct session_log *diary_log(const struct diary *diary);

#endif
