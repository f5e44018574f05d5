/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sources/recorder.h"

#include "daemon/devices/recording.h"
#include "daemon/service/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOKEN "record"

struct recorder {
	FILE *file;
	char *name;
	struct event *flush;
	bool failed;
	uint64_t last_us;
};

/* Once; from then on nothing more is tried: a recording with a hole in it
 * would replay to something that never was. */
static void failed(struct recorder *r)
{
	if (!r->failed)
		log_known(MESSAGE_FILE_UNWRITABLE, TOKEN,
		          "%s: %s; the recording ends here, the run goes on without it",
		          r->name, strerror(errno));
	r->failed = true;
}

static void flush_now(evutil_socket_t fd, short what, void *user)
{
	struct recorder *r = user;

	(void)fd;
	(void)what;
	if (!r->failed && fflush(r->file) != 0)
		failed(r);
}

static void put_header(FILE *file, const struct recorder_header *given)
{
	struct recording_header header = { .has_start = given->has_start,
		                           .start_unix_s = given->start_unix_s,
		                           .start_offset_s = given->start_offset_s,
		                           .has_runner = true,
		                           .runner = *given->runner };
	char text[RECORDING_HEADER_MAX];

	if (given->model)
		log_escape(header.model, sizeof(header.model), given->model);
	fwrite(text, 1, recording_write_header(&header, text, sizeof(text)), file);
}

/* Health data: for nobody but its owner. */
static FILE *open_output(const char *path)
{
	int fd = strcmp(path, "-") == 0 ?
	                 fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0) :
	                 open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600);

	return fd < 0 ? NULL : fdopen(fd, "w");
}

struct recorder *recorder_new(struct event_base *base, const char *path,
                              const struct recorder_header *header)
{
	static const struct timeval second = { 1, 0 };
	struct recorder *r = calloc(1, sizeof(*r));
	int kept_errno;

	if (!r)
		return NULL;
	r->name = strdup(strcmp(path, "-") == 0 ? "standard output" : path);
	r->file = r->name ? open_output(path) : NULL;
	if (!r->file) {
		kept_errno = errno;
		log_known(MESSAGE_FILE_UNWRITABLE, TOKEN, "cannot write %s: %s", path, strerror(errno));
		free(r->name);
		free(r);
		errno = kept_errno;
		return NULL;
	}
	put_header(r->file, header);
	flush_now(-1, 0, r);
	r->flush = event_new(base, -1, EV_PERSIST, flush_now, r);
	if (r->flush)
		event_add(r->flush, &second);
	return r;
}

void recorder_event(struct recorder *r, const struct source_event *event)
{
	char line[RECORDING_LINE_MAX];
	size_t length;

	r->last_us = event->t_us;
	if (r->failed)
		return;
	length = recording_write_line(event, line, sizeof(line));
	if (fwrite(line, 1, length, r->file) != length)
		failed(r);
}

bool recorder_free(struct recorder *r, uint64_t end_us)
{
	bool good;

	if (!r)
		return true;
	if (!r->failed &&
	    (fprintf(r->file, "# End: %llu\n",
	             (unsigned long long)(end_us > r->last_us ? end_us : r->last_us)) < 0 ||
	     fflush(r->file) != 0))
		failed(r);
	if (fclose(r->file) != 0 && !r->failed)
		failed(r);
	if (r->flush)
		event_free(r->flush);
	good = !r->failed;
	free(r->name);
	free(r);
	return good;
}
