/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sources/replay.h"

#include "daemon/service/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOKEN "replay"
#define BUFFER_SIZE (4 * RECORDING_LINE_MAX) /* more is more memory to be touched */
#define LINES_AT_ONCE 4096 /* endless comments must not hold up signals */

struct replay {
	int fd;
	char *name; /* of the file, for messages */
	struct recording_reader reader;
	struct source_event first; /* read with the header, not yet handed out */
	bool has_first;
	bool at_end, failed;
	size_t start, length; /* of what is read and not yet taken */
	char buffer[BUFFER_SIZE];
};

static bool readable(int fd, int timeout_ms)
{
	struct pollfd wanted = { .fd = fd, .events = POLLIN };

	return poll(&wanted, 1, timeout_ms) > 0;
}

/* Reads what is there. A regular file always has something; a pipe that has
 * nothing is not waited for: WAIT. (Not O_NONBLOCK: standard input is shared
 * with whoever started us.) */
static enum source_next fill(struct replay *r)
{
	ssize_t n;

	if (!readable(r->fd, 0))
		return SOURCE_NEXT_WAIT;
	memmove(r->buffer, r->buffer + r->start, r->length);
	r->start = 0;
	n = read(r->fd, r->buffer + r->length, sizeof(r->buffer) - r->length);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return SOURCE_NEXT_WAIT;
	if (n < 0) {
		log_error(TOKEN, "%s: %s", r->name, strerror(errno));
		r->failed = true;
		return SOURCE_NEXT_ERROR;
	}
	r->length += (size_t)n;
	r->at_end = n == 0;
	return SOURCE_NEXT_EVENT;
}

static enum source_next bad_line(struct replay *r, const struct recording_fault *fault,
                                 bool cut)
{
	log_error(TOKEN, "%s:%llu:%zu: %s%s", r->name,
	          (unsigned long long)r->reader.line, fault->column, fault->message,
	          cut ? " (the file ends within this line)" : "");
	r->failed = true;
	errno = EINVAL;
	return SOURCE_NEXT_ERROR;
}

static enum source_next at_end(struct replay *r, uint64_t *end_us)
{
	const struct recording_header *header = &r->reader.header;
	struct recording_fault fault;
	struct source_event none;

	if (!header->magic) { /* an empty file: its first line is missing */
		recording_read_line(&r->reader, "", 0, &none, &fault);
		return bad_line(r, &fault, false);
	}
	*end_us = header->has_end ? header->end_us : SOURCE_NEVER;
	return SOURCE_NEXT_END;
}

/* The next line of the buffer, with its LF; all that is there when it is the
 * last one or too long to be one; 0 when more must be read. */
static size_t line_length(const struct replay *r)
{
	const char *line = r->buffer + r->start;
	const char *lf = memchr(line, '\n', r->length);

	if (lf)
		return (size_t)(lf - line) + 1;
	return r->at_end || r->length >= RECORDING_LINE_MAX ? r->length : 0;
}

/* A key of a later version, or a slip: said once */
static void note_header(struct replay *r)
{
	char *note = r->reader.header.runner_note;

	if (*note)
		log_warn(TOKEN, "%s:%llu: Runner: %s; it is left out", r->name,
		         (unsigned long long)r->reader.line, note);
	*note = '\0';
}

static enum source_next next_event(struct replay *r, struct source_event *event,
                                   uint64_t *end_us)
{
	struct recording_fault fault;

	for (int lines = 0; !r->failed && lines < LINES_AT_ONCE; lines++) {
		size_t taken = line_length(r);
		enum source_next filled = SOURCE_NEXT_EVENT;
		const char *line;
		bool whole;

		while (taken == 0 && !r->at_end && filled == SOURCE_NEXT_EVENT) {
			filled = fill(r);
			taken = line_length(r);
		}
		if (filled != SOURCE_NEXT_EVENT)
			return filled;
		if (taken == 0)
			return at_end(r, end_us);
		line = r->buffer + r->start;
		whole = line[taken - 1] == '\n';
		r->start += taken;
		r->length -= taken;
		switch (recording_read_line(&r->reader, line, taken - whole, event, &fault)) {
		case RECORDING_EVENT:
			return SOURCE_NEXT_EVENT;
		case RECORDING_BAD:
			return bad_line(r, &fault, r->at_end && !whole);
		case RECORDING_HEADER:
			note_header(r);
			break;
		case RECORDING_BLANK:
			break;
		}
	}
	return r->failed ? SOURCE_NEXT_ERROR : SOURCE_NEXT_WAIT;
}

static enum source_next replay_next(void *source, struct source_event *event,
                                    uint64_t *end_us)
{
	struct replay *r = source;

	if (!r->has_first)
		return next_event(r, event, end_us);
	r->has_first = false;
	*event = r->first;
	return SOURCE_NEXT_EVENT;
}

/* Everything above the first event. Nothing can go on without it, so here a
 * slow pipe is waited for. */
static bool read_header(struct replay *r)
{
	uint64_t end_us;
	enum source_next next;

	while ((next = next_event(r, &r->first, &end_us)) == SOURCE_NEXT_WAIT)
		readable(r->fd, -1);
	r->has_first = next == SOURCE_NEXT_EVENT;
	return next != SOURCE_NEXT_ERROR;
}

/* O_NONBLOCK, so that a FIFO whose writer is late does not hold up signals */
static int open_input(const char *path)
{
	if (strcmp(path, "-") == 0)
		return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

static void replay_free(void *source)
{
	struct replay *r = source;

	close(r->fd);
	free(r->name);
	free(r);
}

struct replay *replay_open(const char *path)
{
	struct replay *r = calloc(1, sizeof(*r));
	int kept_errno;

	if (!r)
		return NULL;
	r->fd = open_input(path);
	r->name = strdup(strcmp(path, "-") == 0 ? "standard input" : path);
	if (r->fd < 0 || !r->name) {
		kept_errno = errno;
		log_error(TOKEN, "cannot read %s: %s", path, strerror(errno));
		free(r->name);
		free(r);
		errno = kept_errno;
		return NULL;
	}
	if (!read_header(r)) {
		kept_errno = errno;
		replay_free(r);
		errno = kept_errno;
		return NULL;
	}
	return r;
}

const struct recording_header *replay_header(const struct replay *replay)
{
	return &replay->reader.header;
}

static int descriptor(void *source)
{
	return ((struct replay *)source)->fd;
}

const struct source_player_ops replay_ops = {
	.name = "replay",
	.next = replay_next,
	.descriptor = descriptor,
	.free = replay_free,
};
