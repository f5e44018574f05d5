/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A session and its summary as text, JSON and a page. Pure.
 */
#ifndef GAITD_SUMMARY_WRITE_H
#define GAITD_SUMMARY_WRITE_H

#include "daemon/sessions/sheet.h"
#include "daemon/sessions/summary_figures.h"
#include "daemon/sessions/trend.h"

#include <jansson.h>

/* What there is to be told */
struct summary_story {
	const struct session_log *log;
	const struct session_summary *summary;
	struct summary_manner how;
	const struct rule *moves; /* that names the moves after a run; NULL: none */
	const struct trend *trend; /* NULL: nothing is known of other sessions */
};

/* The three moves, as the rule has them for this runner; "" if none fit. */
void summary_moves(const struct summary_story *story, char out[768]);
/* When it began, as "2026-11-22 06:30"; "" if not known */
void summary_when(const struct session_log *log, char out[32]);

/* 80 columns; `ascii` for a terminal that knows no other characters */
void summary_write_text(struct sheet *sheet, const struct summary_story *story, bool ascii);
/* gaitctl(1) has the members. NULL: out of memory */
json_t *summary_write_json(const struct summary_story *story);
/* A page of its own, without script and without anything to be fetched */
void summary_write_html(struct sheet *sheet, const struct summary_story *story);

#endif
