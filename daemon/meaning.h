/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * How the bytes of devices are to be understood, as the configuration says and
 * as it was found out: settings of the intake.
 */
#ifndef GAITD_MEANING_H
#define GAITD_MEANING_H

#include "daemon/devices/intake.h"
#include "daemon/service/config.h"

/* At the start and at a reload; its notes go to the log. */
void meaning_configure(struct intake *intake, const struct config *config);

/* What the runner's Bluetooth foot pod counts: "steps", "strides", or "" while
 * that is not decided */
const char *meaning_footpod_unit(const struct intake *intake);
/* As it was found to the last time; "" for another pod, of which nothing is
 * known. What somebody configured is not overruled. */
void meaning_set_footpod_unit(struct intake *intake, const struct config *config,
                              const char *name);

#endif
