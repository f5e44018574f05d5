/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/history/publish.h"

#include "daemon/service/whole_file.h"
#include "daemon/sessions/exports.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PATH_SIZE 2048
#define MODE 0640 /* it is about somebody's health: for the folder's group */

static const char *fix_of(int error)
{
	switch (error) {
	case EROFS:
		return "; gaitd's unit may write where ReadWritePaths= says so";
	case EACCES:
	case EPERM:
		return "; the folder must be writable for gaitd's user";
	case ENOENT:
		return "; make the folder";
	default:
		return "";
	}
}

static bool write_log(const struct session_log *log, const char *folder, char *why,
                      size_t size)
{
	const struct export_format *format = export_format("fit");
	char name[EXPORT_NAME_MAX], path[PATH_SIZE];
	struct sheet sheet = { .bytes = NULL };
	int error = ENOMEM;

	if (!log->has_start) {
		snprintf(why, size, "no file of this session goes to %.200s: the wall clock was "
		                    "not known. gaitctl export --start TIME writes it", folder);
		return false;
	}
	export_name(format, log, name);
	snprintf(path, sizeof(path), "%.1500s/%s", folder, name);
	format->write(log, &sheet);
	if (!sheet.failed)
		error = -whole_file_write(path, sheet.bytes, sheet.length, MODE);
	sheet_free(&sheet);
	if (error)
		snprintf(why, size, "cannot write %.300s: %s%s. The session is kept: gaitctl export "
		                    "writes it", path, strerror(error), fix_of(error));
	return error == 0;
}

bool publish_session(struct history *history, int64_t id, char *why, size_t size)
{
	enum history_result result;
	struct history_runner runner;
	struct session_log log;
	bool good = true;

	result = history_load_session(history, id, &log);
	if (result == HISTORY_NOTHING) /* it was forgotten meanwhile */
		return true;
	if (result != HISTORY_OK) {
		snprintf(why, size, "no file of this session is written: %.200s",
		         history_why(history));
		return false;
	}
	if (history_find_runner(history, log.runner, &runner) == HISTORY_OK && runner.exports[0])
		good = write_log(&log, runner.exports, why, size);
	session_log_free(&log);
	return good;
}
