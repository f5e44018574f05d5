/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the configuration says of how a run is to be understood: settings of the
 * pipeline, of a runner of whom nothing else is known, and of the intake.
 */
#ifndef GAITD_MEANING_H
#define GAITD_MEANING_H

#include "daemon/devices/intake.h"
#include "daemon/service/config.h"

/* Over what pipeline_settings_init() has; a recording's runner goes over it. */
void meaning_settings(struct pipeline_settings *settings, const struct config *config);

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
