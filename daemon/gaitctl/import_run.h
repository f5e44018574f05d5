/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl import of runs that others wrote down: FIT and TCX.
 */
#ifndef GAITD_GAITCTL_IMPORT_RUN_H
#define GAITD_GAITCTL_IMPORT_RUN_H

#include <stdbool.h>

/* It begins as a FIT file or as XML. False as well for what cannot be read. */
bool import_run_is(const char *path);
/* Makes a recording of it; the status to exit with. */
int import_run(const char *path);

#endif
