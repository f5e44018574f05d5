/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The days of a logbook, for tests of it: a daemon starts, keeps a session and dies, and
 * the next one finds what it left.
 */
#ifndef GAITD_LOGBOOK_LIFE_H
#define GAITD_LOGBOOK_LIFE_H

#include "daemon/history/logbook.h"

extern struct logbook_life {
	char directory[64];
	char state[128], runtime[128]; /* the files: the history, an anonymous session's */
	struct event_base *base;
	struct keeper *keeper;
	struct logbook *logbook;
	struct session_log now;
} life;

/* A directory with nothing in it, and all of it gone */
void life_begin(void);
void life_finish(void);
void life_shell(const char *command); /* in the directory */
void life_add(const char *name, const char *exports); /* a runner */

/* A daemon, whose keeper does not run yet */
void life_start(void);
/* Without a word to the logbook, as when it dies */
void life_stop(void);
/* Until all that was posted is done, and what came of it */
void life_wait(void);

void life_new_session(const char *runner); /* NULL: anonymous */
void life_run_on(uint32_t length_s);
void life_name_runner(const char *name);
void life_end_session(void);

/* So many sessions in a file, the last of that length */
void life_expect(const char *path, unsigned sessions, uint32_t length_s, bool ended);
/* The one under way, of somebody anonymous, as gaitctl finds it */
void life_expect_leaf(uint32_t length_s);
/* How long the session was that the next daemon finds; 0: it is no such session */
uint32_t life_found_s(void);

#endif
