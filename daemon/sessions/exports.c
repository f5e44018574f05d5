/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sessions/exports.h"

#include "daemon/sessions/civil.h"

#include <stdio.h>
#include <string.h>

static const struct export_format formats[] = {
	{ "fit", true, fit_export },
	{ "tcx", true, tcx_export },
	{ "csv", false, csv_export },
};

const struct export_format *export_format(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(name, formats[i].name) == 0)
			return &formats[i];
	return NULL;
}

void export_name(const struct export_format *format, const struct session_log *log,
                 char name[EXPORT_NAME_MAX])
{
	struct tm tm = civil_of(log->start_s, log->offset_s);
	char when[96] = "";

	if (log->has_start)
		snprintf(when, sizeof(when), "%04d-%02d-%02dT%02d%02d%02d-",
		         tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		         tm.tm_min, tm.tm_sec);
	snprintf(name, EXPORT_NAME_MAX, "%streadmill-run.%s", when, format->name);
}
