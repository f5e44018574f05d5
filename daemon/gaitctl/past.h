/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The history as gaitctl comes to it. What changes it is asked of a gaitd that
 * runs, and done here if none does. Sessions are read from the files: that
 * takes the rights of their owner, for they are about somebody's health.
 */
#ifndef GAITD_PAST_H
#define GAITD_PAST_H

#include "daemon/gaitctl/gaitctl.h"
#include "daemon/sessions/session_log.h"

/* The answer to {"cmd":cmd, ...}, history/desk.h; `request` is given back. NULL
 * with the status to exit with, and said. */
json_t *past_ask(const char *cmd, json_t *request, int *status);

/* A session into `log`, which is free of anything before: by its number, or
 * "anonymous", or NULL: the last one, of `runner` (NULL: of whomever). False with
 * the status to exit with, and said. */
bool past_load(const char *id, const char *runner, struct session_log *log, int *status);

/* The sessions of a runner, oldest first, each loaded and given to `each` (which
 * does not keep it), those that began at `since_s` or later. False as above. */
bool past_each(const char *runner, int64_t since_s,
               bool (*each)(const struct session_log *log, void *user), void *user,
               int *status);

#endif
