/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A session as a file that others read: FIT, TCX, CSV. Each is made in memory,
 * from the log alone. Pure.
 */
#ifndef GAITD_EXPORTS_H
#define GAITD_EXPORTS_H

#include "daemon/sessions/sheet.h"
#include "daemon/sessions/session_log.h"

struct export_format {
	const char *name;  /* "fit": also what a file's name ends with */
	bool needs_start;  /* has no meaning without the wall clock */
	/* Adds the file to `out`; out->failed says that there was no memory. */
	void (*write)(const struct session_log *log, struct sheet *out);
};

/* By its name; NULL: no such format */
const struct export_format *export_format(const char *name);
/* The names, for messages: "fit, tcx or csv" */
#define EXPORT_FORMATS "fit, tcx or csv"

#define EXPORT_NAME_MAX 128
/* A name that sorts by the local time of its begin, as in
 * 2026-11-30T063000-treadmill-run.fit */
void export_name(const struct export_format *format, const struct session_log *log,
                 char name[EXPORT_NAME_MAX]);

/* ---- the formats ------------------------------------------------------------ */
void fit_export(const struct session_log *log, struct sheet *out);
void tcx_export(const struct session_log *log, struct sheet *out);
void csv_export(const struct session_log *log, struct sheet *out);

/* For reading them back: what our own FIT files hold beside FIT's own fields */
#define FIT_OWN_TARGET_LOW 0  /* record, FIT_UINT16, steps/min */
#define FIT_OWN_TARGET_HIGH 1 /* likewise */
#define FIT_OWN_RULE 2        /* event of a prompt, text */
#define FIT_OWN_PROMPT 3      /* likewise */
#define FIT_OWN_PROMPTS 4     /* session, FIT_UINT16, how many */

#endif
