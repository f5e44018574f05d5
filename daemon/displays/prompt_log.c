/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/displays/prompt_log.h"

#include "daemon/service/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct prompt_log {
	FILE *file;
	char *path;
	bool metrics;
	bool failed;
	struct display_link link; /* as last written */
	char last[DISPLAY_LINE_MAX]; /* metrics, as last written, without time */
	size_t last_length;
};

struct prompt_log *prompt_log_open(const char *path, bool metrics)
{
	struct prompt_log *log = calloc(1, sizeof(*log));
	bool standard = strcmp(path, "-") == 0;

	if (!log)
		return NULL;
	log->metrics = metrics;
	log->path = strdup(standard ? "standard output" : path);
	log->file = standard ? stdout : fopen(path, "we");
	if (log->path && log->file)
		return log;
	log_known(MESSAGE_FILE_UNWRITABLE, "prompts", "%s: cannot write: %s", path, strerror(errno));
	if (log->file && !standard)
		fclose(log->file);
	free(log->path);
	free(log);
	return NULL;
}

static void fail(struct prompt_log *log)
{
	if (!log->failed)
		log_known(MESSAGE_FILE_UNWRITABLE, "prompts", "%s: cannot write: %s; the rest is lost",
		          log->path, strerror(errno));
	log->failed = true;
}

static void put(struct prompt_log *log, const char *line, size_t length)
{
	if (!log->failed && fwrite(line, 1, length, log->file) != length)
		fail(log);
}

static void put_link(struct prompt_log *log, uint64_t t_us,
                     const struct display_link *link)
{
	char line[DISPLAY_LINE_MAX];

	if (link->treadmill != log->link.treadmill)
		put(log, line, display_write_link_event(line, sizeof(line), t_us,
		                                        link, false));
	if (link->footpod != log->link.footpod)
		put(log, line, display_write_link_event(line, sizeof(line), t_us,
		                                        link, true));
	log->link = *link;
}

/* What is printed decides, not what is kept in more digits. */
static void put_metrics(struct prompt_log *log, uint64_t t_us,
                        const struct display_metrics *metrics)
{
	char line[DISPLAY_LINE_MAX];
	size_t length;

	if (!log->metrics)
		return;
	length = display_write_metrics(line, sizeof(line), metrics, true);
	if (length == log->last_length && memcmp(line, log->last, length) == 0)
		return;
	memcpy(log->last, line, length);
	log->last_length = length;
	put(log, line, display_write_metrics_event(line, sizeof(line), t_us,
	                                           metrics));
}

void prompt_log_outcome(struct prompt_log *log, const struct outcome *outcome)
{
	const struct display_message *m = &outcome->message;
	char line[DISPLAY_LINE_MAX];

	switch (m->type) {
	case DISPLAY_MESSAGE_PROMPT:
		put(log, line, display_write_prompt_event(line, sizeof(line),
		                                          outcome->t_us, &m->prompt));
		break;
	case DISPLAY_MESSAGE_CLEAR:
		put(log, line, display_write_clear_event(line, sizeof(line),
		                                         outcome->t_us, &m->clear));
		break;
	case DISPLAY_MESSAGE_LINK:
		put_link(log, outcome->t_us, &m->link);
		break;
	case DISPLAY_MESSAGE_METRICS:
		put_metrics(log, outcome->t_us, &m->metrics);
		break;
	case DISPLAY_MESSAGE_HELLO:
	case DISPLAY_MESSAGE_READY:
	case DISPLAY_MESSAGE_SESSION:
	case DISPLAY_MESSAGE_TARGET:
	case DISPLAY_MESSAGE_BATTERY:
	case DISPLAY_MESSAGE_SUMMARY:
	case DISPLAY_MESSAGE_PING:
	case DISPLAY_MESSAGE_ERROR:
	case DISPLAY_MESSAGE_BYE:
	case DISPLAY_MESSAGE_OTHER:
		break;
	}
}

bool prompt_log_is_good(const struct prompt_log *log)
{
	return !log->failed;
}

void prompt_log_flush(struct prompt_log *log)
{
	if (!log->failed && fflush(log->file) != 0)
		fail(log);
}

bool prompt_log_close(struct prompt_log *log)
{
	bool good;

	if (!log)
		return true;
	prompt_log_flush(log);
	if (log->file != stdout && fclose(log->file) != 0)
		fail(log);
	good = !log->failed;
	free(log->path);
	free(log);
	return good;
}
