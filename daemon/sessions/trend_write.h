/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The weeks as text and JSON; the page draws them in summary_html.c. Pure.
 */
#ifndef GAITD_TREND_WRITE_H
#define GAITD_TREND_WRITE_H

#include "daemon/sessions/sheet.h"
#include "daemon/sessions/summary_figures.h"
#include "daemon/sessions/trend.h"

#include <jansson.h>

/* 80 columns */
void trend_write_text(struct sheet *sheet, const struct trend *trend,
                      const struct summary_manner *how, bool ascii);
json_t *trend_write_json(const struct trend *trend);

/* Of its Monday, as "2026-11-23"; returns `out` */
char *trend_date(const struct trend_week *week, char out[16]);
/* The longest way of a week; 0: none was gone */
double trend_most_m(const struct trend *trend);

#endif
