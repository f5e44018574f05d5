/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A recording run through the core without a daemon, as fast as it goes: what
 * the coach made of it, or the session that is in it.
 */
#ifndef GAITD_GAITCTL_RECORDED_H
#define GAITD_GAITCTL_RECORDED_H

#include "daemon/devices/intake.h"
#include "daemon/devices/recording.h"
#include "daemon/service/config.h"
#include "daemon/sessions/session_log.h"

struct recorded {
	struct pipeline *pipeline;
	struct intake *intake;
	struct recording_header header; /* as far as the file was read */
	uint64_t reached_us;
};

/* Who listens to what goes in and comes out, in order of time */
struct recorded_ear {
	void (*event)(const struct source_event *event, void *user); /* may be NULL */
	void (*outcome)(const struct outcome *outcome, void *user);
	void *user;
	const struct languages *languages; /* that prompts are said in; NULL: English */
};

/* Runs FILE ("-": standard input) to `at_us`, or to its end if that comes
 * before; `ear` may be NULL. False, said, with the status to exit with. Whatever it returns,
 * recorded_close() ends it. */
bool recorded_play(struct recorded *r, const char *file, const struct config *config,
                   const struct ruleset *rules, uint64_t at_us,
                   const struct recorded_ear *ear, int *status);
void recorded_close(struct recorded *r);

/* The last session in FILE, as it was, by the configuration and rules that the
 * command line names. False, said, with the status to exit with; a recording
 * without a session is such. session_log_free() gives it back. */
bool recorded_session(const char *file, struct session_log *log, int *status);

#endif
