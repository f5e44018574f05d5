/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The sink of `gaitd --prompts FILE`: one JSON line per event, gaitd(8).
 */
#ifndef GAITD_PROMPT_LOG_H
#define GAITD_PROMPT_LOG_H

#include "daemon/core/outcome.h"

#include <stdbool.h>

struct prompt_log;

/* `path` "-" is standard output; a file is emptied. `metrics` says whether
 * those are written too. NULL with errno set, and logged, if it cannot. */
struct prompt_log *prompt_log_open(const char *path, bool metrics);

/* Writes prompts, clears, a line per device whose link changed (the first time
 * too, unless it is off), and metrics when a printed member changed. That it
 * cannot write is logged once; then it writes no more. */
void prompt_log_outcome(struct prompt_log *log, const struct outcome *outcome);

/* Whether all could be written so far */
bool prompt_log_is_good(const struct prompt_log *log);
/* What is buffered goes out now: a live run's reader waits for it. */
void prompt_log_flush(struct prompt_log *log);

/* False if anything could not be written. NULL is fine. */
bool prompt_log_close(struct prompt_log *log);

#endif
