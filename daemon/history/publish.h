/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A runner's session that ended, as a FIT file in the folder that he chose: for
 * a program that watches it and carries it to a training log. For the keeper's
 * thread; nothing here holds up a run.
 */
#ifndef GAITD_PUBLISH_H
#define GAITD_PUBLISH_H

#include "daemon/history/history.h"

/* Does nothing for a runner without a folder. False: it could not be written;
 * `why` says what, where, and the fix. */
bool publish_session(struct history *history, int64_t id, char *why, size_t size);

#endif
