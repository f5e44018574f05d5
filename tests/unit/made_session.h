/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A session for tests of what keeps it: each second tells which it is.
 */
#ifndef GAITD_MADE_SESSION_H
#define GAITD_MADE_SESSION_H

#include "daemon/sessions/session_log.h"

#define MADE_START_S 1760000000

/* An empty one that began at MADE_START_S + `start_s`; NULL: anonymous */
void made_session(struct session_log *log, const char *runner, int64_t start_s);
/* Goes on up to `length_s`: a second of running each, a prompt and what became
 * of it each minute, and what is kept of it. */
void made_session_run(struct session_log *log, uint32_t length_s);
/* Whether the seconds, events and sums are those of such a session of that
 * length, none twice and none left out. */
bool made_session_is(const struct session_log *log, uint32_t length_s);

#endif
