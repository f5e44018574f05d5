/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl metrics: for node_exporter's textfile collector, by gaitd-metrics.timer.
 * The daemon writes no file and has no timer for it.
 */
#include <config.h>

#include "daemon/gaitctl/metrics_text.h"

#include "daemon/gaitctl/gaitctl.h"
#include "daemon/service/log.h"
#include "daemon/service/options.h"
#include "daemon/service/paths.h"
#include "daemon/service/whole_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOKEN "metrics"
#define SINCE_SIZE 40
#define MODE 0644 /* node_exporter is another user */

static bool is_nobody(int error)
{
	return error == ENOENT || error == ECONNREFUSED;
}

static const char *unit_name(char out[MACHINE_UNIT_SIZE])
{
	const char *instance = paths_instance();

	snprintf(out, MACHINE_UNIT_SIZE, "gaitd%s%s.service", instance ? "@" : "",
	         instance ? instance : "");
	return out;
}

/* Not --boot: in a container's sandbox the boot is the computer's, of which the
 * journal in there knows nothing. */
static const char *since_start(char out[SINCE_SIZE])
{
	struct timespec now, up;

	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_BOOTTIME, &up);
	snprintf(out, SINCE_SIZE, "--since=@%lld", (long long)(now.tv_sec - up.tv_sec));
	return out;
}

static char *write_text(const struct metrics_sample *sample, size_t *length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);

	if (!out)
		return NULL;
	metrics_text(out, sample);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

/* Asking would have the service manager start what was stopped, or has failed. */
static bool is_stopped(const struct machine_facts *machine)
{
	const char *state = machine->unit.active;

	if (gaitctl.socket || getenv("GAITD_SOCKET") || !machine->unit.there ||
	    (strcmp(state, "inactive") != 0 && strcmp(state, "failed") != 0))
		return false;
	log_error(TOKEN, "%s is %s, and is not asked", machine->unit.name, state);
	return true;
}

/* What is there already goes on being read, and gets old: that is an alert. */
static int publish(const char *text, size_t length)
{
	int error;

	if (!gaitctl.output || strcmp(gaitctl.output, "-") == 0) {
		fwrite(text, 1, length, stdout);
		return EXIT_OK;
	}
	error = -whole_file_show(gaitctl.output, text, length, MODE);
	if (error == 0)
		return EXIT_OK;
	log_error(TOKEN, "%s: %s%s", gaitctl.output, strerror(error),
	          error == ENOENT ? "; node_exporter's directory for text files comes with "
	                            "the package prometheus-node-exporter" : "");
	return error == EACCES || error == EPERM ? EXIT_PERMISSION : EXIT_FAILED;
}

/* Both replies, or that nobody is there; else what is known of it is old. */
static bool ask_daemon(struct metrics_sample *sample, json_t **status, json_t **meter,
                       int *result)
{
	bool nobody;

	*result = EXIT_TEMPORARY;
	if (is_stopped(sample->machine))
		return true;
	*status = ask_good("status", NULL, result);
	nobody = !*status && is_nobody(errno);
	if (*status)
		*meter = ask_good("meter", NULL, result);
	sample->status = *status;
	sample->meter = *meter;
	return *meter || nobody;
}

/* A daemon that is not there is told of in the file; one that may not be asked, or
 * is silent, is not known to be gone. */
int gaitctl_metrics(char **words)
{
	struct machine_facts machine;
	struct metrics_sample sample = { .machine = &machine, .console = paths_instance() };
	json_t *status = NULL, *meter = NULL;
	char unit[MACHINE_UNIT_SIZE], since[SINCE_SIZE], *text = NULL;
	size_t length = 0;
	int asked, written;

	(void)words;
	machine_facts_read_unit(&machine, unit_name(unit), since_start(since));
	if (ask_daemon(&sample, &status, &meter, &asked))
		text = write_text(&sample, &length);
	written = text ? publish(text, length) : EXIT_OK;
	free(text);
	json_decref(meter);
	json_decref(status);
	return written != EXIT_OK ? written : asked;
}
