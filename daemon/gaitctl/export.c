/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl export: a session as a FIT, TCX or CSV file.
 */
#include "daemon/gaitctl/gaitctl.h"

#include "daemon/devices/recording.h"
#include "daemon/gaitctl/past.h"
#include "daemon/gaitctl/recorded.h"
#include "daemon/rules/suggest.h"
#include "daemon/service/log.h"
#include "daemon/service/whole_file.h"
#include "daemon/sessions/exports.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOKEN "export"

/* ---- where to -------------------------------------------------------------- */

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* What was asked for; a directory, or nothing: a name of ours in it */
static bool path_of(const struct export_format *format, const struct session_log *log,
                    char path[PATH_MAX])
{
	const char *asked = gaitctl.output;
	char name[EXPORT_NAME_MAX];
	int length;

	export_name(format, log, name);
	if (!asked)
		length = snprintf(path, PATH_MAX, "%s", name);
	else if (is_directory(asked))
		length = snprintf(path, PATH_MAX, "%s/%s", asked, name);
	else
		length = snprintf(path, PATH_MAX, "%s", asked);
	return length < PATH_MAX;
}

static mode_t usual_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

static int fail(const char *path, int error)
{
	log_error(TOKEN, "%s: %s", path, strerror(error));
	return error == EACCES || error == EPERM || error == EROFS ? EXIT_PERMISSION
	                                                           : EXIT_FAILED;
}

static int write_out(const struct export_format *format, const struct session_log *log,
                     const struct sheet *sheet)
{
	char path[PATH_MAX];
	int result;

	if (gaitctl.output && strcmp(gaitctl.output, "-") == 0) {
		if (fwrite(sheet->bytes, 1, sheet->length, stdout) == sheet->length)
			return EXIT_OK;
		return fail("standard output", errno);
	}
	if (!path_of(format, log, path))
		return fail(gaitctl.output, ENAMETOOLONG);
	result = whole_file_write(path, sheet->bytes, sheet->length, usual_mode());
	if (result < 0)
		return fail(path, -result);
	if (!gaitctl.output || is_directory(gaitctl.output))
		puts(path);
	return EXIT_OK;
}

/* ---- one session ----------------------------------------------------------- */

static int export_one(const struct export_format *format, const struct session_log *log)
{
	struct sheet sheet = { .bytes = NULL };
	int status = EXIT_FAILED;

	if (format->needs_start && !log->has_start) {
		log_error(TOKEN, "nobody knows when this session was, and a %s file must tell: "
		                 "give it by --start, as in --start 2026-11-30T06:30:00+01:00",
		          format->name);
		return EXIT_FAILED;
	}
	format->write(log, &sheet);
	if (sheet.failed)
		log_error(TOKEN, "out of memory");
	else
		status = write_out(format, log, &sheet);
	sheet_free(&sheet);
	return status;
}

static bool take_start(struct session_log *log)
{
	log->has_start = recording_time_read(gaitctl.start, strlen(gaitctl.start),
	                                     &log->start_s, &log->offset_s);
	if (!log->has_start)
		log_error("usage", "--start: expected a time as 2026-11-30T06:30:00+01:00");
	return log->has_start;
}

static int export_and_free(const struct export_format *format, struct session_log *log)
{
	int status = EXIT_USAGE;

	if (!gaitctl.start || take_start(log))
		status = export_one(format, log);
	session_log_free(log);
	return status;
}

static int export_recording(const struct export_format *format)
{
	struct session_log log;
	int status;

	session_log_init(&log);
	return recorded_session(gaitctl.recording, &log, &status) ? export_and_free(format, &log)
	                                                          : status;
}

/* By its number, or the last one */
static int export_kept(const struct export_format *format, const char *id)
{
	struct session_log log;
	int status;

	session_log_init(&log);
	return past_load(id, gaitctl.runner, &log, &status) ? export_and_free(format, &log)
	                                                    : status;
}

/* ---- all of a runner ------------------------------------------------------- */

struct all {
	const struct export_format *format;
	size_t written, timeless;
	int status;
};

static bool export_next(const struct session_log *log, void *user)
{
	struct all *all = user;

	/* without a time its name would be that of others */
	if (!log->has_start) {
		all->timeless++;
		return true;
	}
	all->status = export_one(all->format, log);
	all->written += all->status == EXIT_OK;
	return all->status == EXIT_OK;
}

static int export_all(const struct export_format *format)
{
	struct all all = { .format = format, .status = EXIT_OK };
	int status;

	if (!gaitctl.runner || (gaitctl.output && !is_directory(gaitctl.output))) {
		log_error("usage", "gaitctl export --all needs --runner NAME, and -o names a "
		                   "directory");
		return EXIT_USAGE;
	}
	if (!past_each(gaitctl.runner, INT64_MIN, export_next, &all, &status))
		return status;
	if (all.timeless > 0)
		log_warn(TOKEN, "%zu sessions are left out: nobody knows when they were. Export "
		                "each by its number, with --start", all.timeless);
	if (all.written == 0 && all.status == EXIT_OK)
		log_notice(TOKEN, "%s has no sessions to export", gaitctl.runner);
	return all.status;
}

/* ---- the command ----------------------------------------------------------- */

static const struct export_format *wanted_format(void)
{
	const struct export_format *format;

	if (!gaitctl.format) {
		log_error("usage", "gaitctl export needs --format " EXPORT_FORMATS);
		return NULL;
	}
	format = export_format(gaitctl.format);
	if (!format)
		log_error("usage", "--format \"%s\": expected " EXPORT_FORMATS,
		          gaitctl.format);
	return format;
}

int gaitctl_export(char **words)
{
	const struct export_format *format = wanted_format();

	if (!format)
		return EXIT_USAGE;
	if ((*words && (words[1] || gaitctl.all)) ||
	    (gaitctl.recording && (*words || gaitctl.all || gaitctl.runner))) {
		log_error("usage", "gaitctl export takes one of: the number of a session, --all "
		                   "--runner NAME, --recording FILE");
		return EXIT_USAGE;
	}
	if (gaitctl.recording)
		return export_recording(format);
	return gaitctl.all ? export_all(format) : export_kept(format, *words);
}
