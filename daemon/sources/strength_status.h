/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * How strongly a device was heard, as members of its object in the status reply:
 * "signal_p10_dbm" and "signal_p50_dbm", left out when it never was.
 */
#ifndef GAITD_STRENGTH_STATUS_H
#define GAITD_STRENGTH_STATUS_H

#include "daemon/devices/strength.h"

#include <jansson.h>

void strength_describe(const struct strength *strength, json_t *object);

#endif
