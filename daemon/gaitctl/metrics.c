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

#define TOKEN "metrics"
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

static char *write_text(const json_t *status, const json_t *meter, size_t *length)
{
	struct machine_facts machine;
	struct metrics_sample sample = {
		.status = status, .meter = meter, .machine = &machine,
		.console = paths_instance(),
	};
	char unit[MACHINE_UNIT_SIZE], *text = NULL;
	FILE *out = open_memstream(&text, length);

	if (!out)
		return NULL;
	machine_facts_read_unit(&machine, unit_name(unit), "--boot");
	metrics_text(out, &sample);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
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

/* A daemon that is not there is told of in the file; one that may not be asked, or
 * is silent, is not known to be gone. */
int gaitctl_metrics(char **words)
{
	int status, written;
	size_t length = 0;
	json_t *about = ask_good("status", NULL, &status), *meter = NULL;
	bool nobody = !about && is_nobody(errno);
	char *text = NULL;

	(void)words;
	if (about)
		meter = ask_good("meter", NULL, &status);
	if (meter || nobody)
		text = write_text(about, meter, &length);
	written = text ? publish(text, length) : status;
	free(text);
	json_decref(meter);
	json_decref(about);
	return written != EXIT_OK ? written : status;
}
