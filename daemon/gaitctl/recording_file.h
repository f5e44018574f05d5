/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A recording that a command writes: to FILE, or to standard output.
 */
#ifndef GAITD_GAITCTL_RECORDING_FILE_H
#define GAITD_GAITCTL_RECORDING_FILE_H

#include "daemon/devices/recording.h"

#include <stdio.h>

struct recording_file {
	FILE *file;
	const char *name;
};

/* Made anew, for nobody but its owner: health data. NULL or "-": standard
 * output. False, said. */
bool recording_file_create(struct recording_file *out, const char *path);
void recording_file_header(struct recording_file *out,
                           const struct recording_header *header);
void recording_file_event(struct recording_file *out, const struct source_event *event);
/* Closes it as it is; false, said, if anything could not be written. */
bool recording_file_finish(struct recording_file *out);
/* The same, with where it ends before. */
bool recording_file_close(struct recording_file *out, uint64_t end_us);

#endif
