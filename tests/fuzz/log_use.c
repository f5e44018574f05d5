/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/fuzz/log_use.h"

#include "daemon/sessions/exports.h"
#include "daemon/sessions/sheet.h"
#include "daemon/sessions/summary.h"

#include <stdlib.h>
#include <string.h>

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_texts(const struct session_log *log)
{
	require(memchr(log->runner, '\0', sizeof(log->runner)) != NULL);
	require(memchr(log->treadmill, '\0', sizeof(log->treadmill)) != NULL);
	require(memchr(log->lang, '\0', sizeof(log->lang)) != NULL);
}

static void check_log(const struct session_log *log)
{
	check_texts(log);
	require(log->second_count <= SESSION_LOG_SECONDS_MAX);
	require(log->event_count <= SESSION_LOG_EVENTS_MAX);
	for (size_t i = 1; i < log->second_count; i++)
		require(log->seconds[i].at_s > log->seconds[i - 1].at_s);
	for (size_t i = 0; i < log->second_count; i++)
		require(log->seconds[i].metrics.gait <= DISPLAY_GAIT_RUN);
	for (size_t i = 0; i < log->event_count; i++) {
		require(log->events[i].kind < SESSION_EVENT_KINDS);
		require(log->events[i].level <= DISPLAY_LEVEL_SAFETY);
		require(i == 0 ||
		        log->events[i].at_s >= log->events[i - 1].at_s);
	}
}

void log_use(const struct session_log *log)
{
	static struct session_summary summary;
	static const char *const formats[] = { "csv", "fit", "tcx" };

	check_log(log);
	summary_of(log, &summary);
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct sheet sheet = { 0 };

		export_format(formats[i])->write(log, &sheet);
		sheet_free(&sheet);
	}
}
