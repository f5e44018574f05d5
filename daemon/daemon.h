/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#ifndef GAITD_DAEMON_H
#define GAITD_DAEMON_H

#include "daemon/service/options.h"

/* Does what the command line asks for, until it is done or a signal comes;
 * the status to exit with. */
int daemon_run(const struct options *options);

#endif
