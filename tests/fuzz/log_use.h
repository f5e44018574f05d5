/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What becomes of a session that was read from a file: whatever the file was, the session
 * lies within what the rest of gaitd goes by, so that it sums up and exports.
 */
#ifndef GAITD_LOG_USE_H
#define GAITD_LOG_USE_H

#include "daemon/sessions/session_log.h"

/* Aborts where it does not. */
void log_use(const struct session_log *log);

#endif
