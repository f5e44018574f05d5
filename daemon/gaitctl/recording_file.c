/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/gaitctl/recording_file.h"

#include "daemon/service/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define TOKEN "recording"

bool recording_file_create(struct recording_file *out, const char *path)
{
	int fd;

	out->name = path && strcmp(path, "-") != 0 ? path : "standard output";
	fd = out->name == path
	             ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600)
	             : fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	out->file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out->file)
		log_error(TOKEN, "cannot write %s: %s", out->name, strerror(errno));
	return out->file != NULL;
}

void recording_file_header(struct recording_file *out,
                           const struct recording_header *header)
{
	char text[RECORDING_HEADER_MAX];

	fwrite(text, 1, recording_write_header(header, text, sizeof(text)), out->file);
}

void recording_file_event(struct recording_file *out, const struct source_event *event)
{
	char line[RECORDING_LINE_MAX];

	fwrite(line, 1, recording_write_line(event, line, sizeof(line)), out->file);
}

bool recording_file_finish(struct recording_file *out)
{
	bool bad = fflush(out->file) != 0 || ferror(out->file);

	if (fclose(out->file) != 0 || bad) {
		log_error(TOKEN, "%s: %s", out->name, strerror(errno));
		return false;
	}
	return true;
}

bool recording_file_close(struct recording_file *out, uint64_t end_us)
{
	fprintf(out->file, "# End: %llu\n", (unsigned long long)end_us);
	return recording_file_finish(out);
}
