/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/gaitctl/import_run.h"

#include "daemon/gaitctl/gaitctl.h"
#include "daemon/gaitctl/recording_file.h"
#ifdef WITH_TCX
#include "daemon/gaitctl/tcx_import.h"
#endif
#include "daemon/service/log.h"
#include "daemon/sessions/run_points.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN "import"
#define HEAD_SIZE 12
#define FILE_MAX ((size_t)64 << 20) /* a day of a second each has 10 MB as TCX */

enum kind { KIND_NONE, KIND_FIT, KIND_TCX };

/* ---- the file -------------------------------------------------------------- */

static enum kind kind_of(const char *head, size_t length)
{
	size_t i = length >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	if (length >= HEAD_SIZE && memcmp(head + 8, ".FIT", 4) == 0)
		return KIND_FIT;
	while (i < length && strchr(" \t\r\n", head[i]))
		i++;
	return i < length && head[i] == '<' ? KIND_TCX : KIND_NONE;
}

static enum kind kind_of_file(const char *path)
{
	FILE *file = strcmp(path, "-") == 0 ? NULL : fopen(path, "re");
	char head[HEAD_SIZE];
	size_t length;

	if (!file)
		return KIND_NONE;
	length = fread(head, 1, sizeof(head), file);
	fclose(file);
	return kind_of(head, length);
}

bool import_run_is(const char *path)
{
	return kind_of_file(path) != KIND_NONE;
}

/* All of it; NULL, and said. */
static char *read_all(const char *path, size_t *length)
{
	FILE *file = fopen(path, "re");
	char *bytes = NULL, *larger;
	size_t room = 0, more = 1;

	*length = 0;
	while (file && more > 0 && *length <= FILE_MAX) {
		if (*length == room) {
			room = room ? room * 2 : 65536;
			larger = realloc(bytes, room);
			if (!larger)
				break;
			bytes = larger;
		}
		more = fread(bytes + *length, 1, room - *length, file);
		*length += more;
	}
	if (file && more == 0 && !ferror(file) && bytes) {
		fclose(file);
		return bytes;
	}
	if (*length > FILE_MAX)
		log_error(TOKEN, "%s: more than 64 MiB: no run is so long", path);
	else
		log_error(TOKEN, "%s: %s", path, strerror(errno));
	if (file)
		fclose(file);
	free(bytes);
	return NULL;
}

static bool read_tcx(const char *text, size_t length, struct run_points *run,
                     struct run_fault *fault)
{
#ifdef WITH_TCX
	return tcx_import(text, length, run, fault);
#else
	(void)text;
	(void)length;
	(void)run;
	*fault = (struct run_fault){ 1, "this gaitctl was built without TCX (--without-tcx)" };
	return false;
#endif
}

static bool read_run(const char *path, struct run_points *run)
{
	struct run_fault fault = { 0 };
	bool fit = kind_of_file(path) == KIND_FIT;
	size_t length;
	char *bytes = read_all(path, &length);
	bool good = bytes && (fit ? fit_import((const uint8_t *)bytes, length, run, &fault)
	                          : read_tcx(bytes, length, run, &fault));

	if (bytes && !good)
		log_error(TOKEN, "%s: %s %zu: %s", path, fit ? "octet" : "line", fault.offset,
		          fault.message);
	free(bytes);
	if (good && run->failed) {
		log_error(TOKEN, "out of memory");
		good = false;
	}
	if (good && run->count == 0) {
		log_error(TOKEN, "%s: there is no run in it: not one point with a time", path);
		good = false;
	}
	return good;
}

/* ---- what it counts -------------------------------------------------------- */

/* False, said: --cadence-unit is no such word. */
static bool choose_unit(const char *path, const struct run_points *run,
                        enum run_cadence *unit)
{
	double most;

	*unit = run_points_cadence(run, &most);
	if (gaitctl.cadence_unit && strcmp(gaitctl.cadence_unit, "steps") == 0) {
		*unit = RUN_CADENCE_STEPS;
	} else if (gaitctl.cadence_unit && strcmp(gaitctl.cadence_unit, "strides") == 0) {
		*unit = RUN_CADENCE_STRIDES;
	} else if (gaitctl.cadence_unit) {
		log_error("usage", "--cadence-unit %s: expected steps or strides",
		          gaitctl.cadence_unit);
		return false;
	} else if (*unit == RUN_CADENCE_STEPS) {
		log_notice(TOKEN, "%s: its cadence goes up to %.0f a minute, more than one foot "
		                  "does: it is read as steps. If it is not, give "
		                  "--cadence-unit strides", path, most);
	}
	return true;
}

struct known {
	size_t speed, cadence, heart_rate, grade;
};

static struct known count_known(const struct run_points *run)
{
	struct known known = { 0 };

	for (size_t i = 0; i < run->count; i++) {
		known.speed += run->points[i].has_speed;
		known.cadence += run->points[i].has_cadence;
		known.heart_rate += run->points[i].has_heart_rate;
		known.grade += run->points[i].has_grade;
	}
	return known;
}

static void tell(const char *path, const struct run_points *run)
{
	struct known known = count_known(run);

	log_notice(TOKEN, "%s: %zu points: %zu with a speed, %zu with a grade, %zu with a "
	                  "cadence, %zu with a heart rate", path, run->count, known.speed,
	           known.grade, known.cadence, known.heart_rate);
	if (known.speed == 0)
		log_warn(TOKEN, "%s: it has no speed, so gaitd sees no belt move in it", path);
	if (run->astray > 0)
		log_warn(TOKEN, "%s: %zu points go back in time, or days ahead: they are left "
		                "out", path, run->astray);
	if (run->beyond > 0)
		log_warn(TOKEN, "%s: more than %u points: %zu are left out", path,
		         RUN_POINTS_MAX, run->beyond);
}

/* ---- the recording --------------------------------------------------------- */

static void put_event(const struct source_event *event, void *user)
{
	recording_file_event(user, event);
}

static bool write_run(const struct run_points *run, enum run_cadence unit)
{
	struct recording_header header = {
		.magic = true,
		.has_start = true,
		.start_unix_s = run->points[0].unix_ms / 1000,
		.start_offset_s = run->has_offset ? run->offset_s : 0,
	};
	struct recording_file out;

	if (!recording_file_create(&out, gaitctl.output))
		return false;
	snprintf(header.model, sizeof(header.model), "%s", run->device);
	recording_file_header(&out, &header);
	return recording_file_close(&out, run_points_events(run, unit, put_event, &out));
}

int import_run(const char *path)
{
	struct run_points run = { .points = NULL };
	enum run_cadence unit;
	int status = EXIT_FAILED;

	if (read_run(path, &run)) {
		if (!choose_unit(path, &run, &unit)) {
			status = EXIT_USAGE;
		} else if (write_run(&run, unit)) {
			tell(path, &run);
			status = EXIT_OK;
		}
	}
	run_points_free(&run);
	return status;
}
