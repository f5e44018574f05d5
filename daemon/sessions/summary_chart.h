/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The drawings of a summary's page: plots as wide as the page is, whose words are
 * the page's own, so that they stay readable on a phone. Pure.
 */
#ifndef GAITD_SUMMARY_CHART_H
#define GAITD_SUMMARY_CHART_H

#include "daemon/sessions/summary_write.h"

/* The prompts' numbers over the time, then a plot for each metric that was known,
 * and the time beneath */
void chart_over_time(struct sheet *sheet, const struct summary_story *story);
/* How cadence was spread while running; nothing if there was none */
void chart_spread(struct sheet *sheet, const struct summary_story *story);
/* A bar of a share, 0..1: full ("in") or hollow ("out") */
void chart_bar(struct sheet *sheet, const char *style, double share);

/* What stands for a level where colour does not */
const char *chart_level_mark(enum display_level level);

#endif
