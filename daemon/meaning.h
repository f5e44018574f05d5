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

/* What the runner's Bluetooth foot pod counts is configured: what is found or
 * was known of it does not count. */
bool meaning_fixes_footpod_unit(const struct config *config);
/* That it counts `unit` from now on, for a recording to tell */
struct source_event meaning_footpod_unit_event(uint64_t t_us, enum rsc_unit unit,
                                               bool fixed);

#endif
