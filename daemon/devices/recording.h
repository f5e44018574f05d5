/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The recording format of gaitd(8): text, one event a line. A line at a time,
 * pure: files are the shell's business.
 */
#ifndef GAITD_RECORDING_H
#define GAITD_RECORDING_H

#include "daemon/core/runner.h"
#include "daemon/devices/source_event.h"

#define RECORDING_LINE_MAX 4096 /* octets, with the LF */
/* The latest time there is: 366 days. A slip of a few digits is found, and no
 * line makes a replay live through centuries. */
#define RECORDING_TIME_MAX_US (366ull * 86400 * 1000000)

enum recording_line {
	RECORDING_EVENT,  /* `event` is set */
	RECORDING_HEADER, /* the reader's header was changed */
	RECORDING_BLANK,  /* nothing, or a comment that is no header */
	RECORDING_BAD,    /* `column` and `message` say what was expected */
};

struct recording_header {
	bool magic; /* "# gaitd recording 1" was seen */
	char model[128];
	bool has_start;
	int64_t start_unix_s; /* wall clock of time 0 */
	int32_t start_offset_s; /* east of UTC, as written */
	bool has_runner;
	struct runner runner;
	char runner_note[120]; /* a key of it that nobody knows; "": none */
	bool has_end;
	uint64_t end_us;
};

/* The words before the payload, as "footpod ant", of the last line of each device: a run
 * is the same few over and over. */
struct recording_known {
	struct recording_subject {
		char words[24];
		size_t length; /* 0: none yet */
		unsigned unit;
		enum source_event_kind kind;
	} of[SOURCE_DEVICES];
};

struct recording_reader {
	struct recording_header header;
	struct recording_known known;
	uint64_t line; /* number of the last line read, from 1 */
	bool has_event;
	uint64_t last_us;
};

struct recording_fault {
	size_t column; /* from 1 */
	char message[240];
};

/* Reads the next line (without LF; a CR before it is dropped) into `reader`,
 * which starts all zero. Time may not decrease; the first line must be
 * "# gaitd recording 1". `event` is one on RECORDING_EVENT alone, and `fault` set
 * on RECORDING_BAD alone. */
enum recording_line recording_read_line(struct recording_reader *reader,
                                        const char *line, size_t length,
                                        struct source_event *event,
                                        struct recording_fault *fault);

/* RFC 3339 to the second, as in 2026-11-22T06:30:00+01:00; how far its zone is
 * east of UTC. False: it is none, and nothing was set. */
bool recording_time_read(const char *text, size_t length, int64_t *unix_s,
                         int32_t *offset_s);

#define RECORDING_HEADER_MAX 8192

/* Writes what stands at the top: all of `header` but its end, which is known
 * last. Returns the length; RECORDING_HEADER_MAX always fits. */
size_t recording_write_header(const struct recording_header *header, char *text,
                              size_t size);
/* Writes one event with LF; returns the length, 0 if it does not fit or is
 * nothing to record. RECORDING_LINE_MAX always fits. Reading it back gives the
 * same event, but a runner's PIN, which is never written. */
size_t recording_write_line(const struct source_event *event, char *line,
                            size_t size);

#endif
