/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The trackpoints of a Training Center XML file, whoever wrote it. No I/O.
 */
#ifndef GAITD_GAITCTL_TCX_IMPORT_H
#define GAITD_GAITCTL_TCX_IMPORT_H

#include "daemon/sessions/run_points.h"

/* Adds the points of the first activity in these octets. False: it is no such
 * file, or a damaged one; `fault` says in which line, and what. */
bool tcx_import(const char *text, size_t length, struct run_points *run,
                struct run_fault *fault);

#endif
