/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/service/log.h"

#include "daemon/service/journal.h"
#include "protocol/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_MAX 1024
#define SITES 64
#define SITE_BURST 10
#define SITE_WINDOW_S 10

/* One place in the program that logs. Two that share a slot share the limit. */
struct site {
	const char *token;
	const char *format;
	time_t since_s;
	unsigned printed, held;
};

static const struct {
	const char *name;
	int priority; /* of syslog(3) */
	const char *colour;
} levels[] = {
	[LOG_LEVEL_ERROR] = { "error", 3, "\033[31m" },
	[LOG_LEVEL_WARNING] = { "warning", 4, "\033[33m" },
	[LOG_LEVEL_NOTICE] = { "notice", 5, "" },
	[LOG_LEVEL_INFO] = { "info", 6, "" },
	[LOG_LEVEL_DEBUG] = { "debug", 7, "\033[2m" },
};

#define NO_ID MESSAGE_COUNT
#define FIELD_MAX 64

static const struct {
	enum log_level level;
	const char *id;
} messages[] = {
#define MESSAGE_ROW(name, level, id) [MESSAGE_##name] = { LOG_LEVEL_##level, id },
	MESSAGES(MESSAGE_ROW)
#undef MESSAGE_ROW
	[NO_ID] = { LOG_LEVEL_DEBUG, NULL },
};

static struct {
	const char *program;
	enum log_level level;
	bool journal, colour;
	struct site sites[SITES];
	log_sink_fn sink; /* NULL: standard error */
	void *sink_user;
	char fields[LOG_FIELDS][FIELD_MAX];
	char *kept; /* the first error goes there; NULL: nowhere */
	size_t kept_size;
} logger = { .program = "gaitd", .level = LOG_LEVEL_NOTICE };

const char *log_level_name(enum log_level level)
{
	return levels[level].name;
}

bool log_level_from_name(const char *name, enum log_level *out)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (strcmp(name, levels[i].name) == 0) {
			*out = (enum log_level)i;
			return true;
		}
	}
	return false;
}

/* The variable is inherited by everything below a unit; it speaks of us only
 * when it names the very file that our standard error is. */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	struct stat st;
	char own[48];

	if (!stream || fstat(STDERR_FILENO, &st) < 0)
		return false;
	snprintf(own, sizeof(own), "%llu:%llu", (unsigned long long)st.st_dev,
	         (unsigned long long)st.st_ino);
	return strcmp(stream, own) == 0;
}

static bool stderr_takes_colour(void)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && !(no_colour && *no_colour) && term &&
	       strcmp(term, "dumb") != 0;
}

void log_start(const char *program)
{
	logger.program = program;
	logger.journal = stderr_is_journal();
	logger.colour = !logger.journal && stderr_takes_colour();
}

void log_set_level(enum log_level level)
{
	logger.level = level;
}

void log_set_field(enum log_field field, const char *value)
{
	snprintf(logger.fields[field], FIELD_MAX, "%s", value ? value : "");
}

void log_keep_error(char *out, size_t size)
{
	logger.kept = out;
	logger.kept_size = size;
}

void log_divert(log_sink_fn sink, void *user)
{
	logger.sink = sink;
	logger.sink_user = user;
}

static size_t escape_one(char out[5], unsigned char c)
{
	static const char names[][3] = { ['\t'] = "\\t", ['\n'] = "\\n", ['\r'] = "\\r" };

	if (c < sizeof(names) / sizeof(names[0]) && names[c][0]) {
		memcpy(out, names[c], 3);
		return 2;
	}
	return (size_t)snprintf(out, 5, "\\x%02x", c);
}

void log_escape(char *out, size_t size, const char *text)
{
	size_t used = 0, last_room_for_dots = 0;

	for (size_t left = strlen(text); left > 0;) {
		char code[5];
		size_t taken = utf8_printable(text, left);
		size_t length = taken ? taken : escape_one(code, (unsigned char)*text);

		if (used + length >= size) {
			used = last_room_for_dots + 3;
			memcpy(out + last_room_for_dots, "...", 3);
			break;
		}
		memcpy(out + used, taken ? text : code, length);
		used += length;
		text += taken ? taken : 1;
		left -= taken ? taken : 1;
		if (used + 3 < size)
			last_room_for_dots = used;
	}
	out[used] = '\0';
}

static bool tell_journal(enum log_level level, enum message known, const char *token,
                         const char *text)
{
	const struct journal_entry entry = {
		.priority = levels[level].priority,
		.program = logger.program,
		.subsystem = token,
		.message = text,
		.id = messages[known].id,
		.instance = logger.fields[LOG_INSTANCE],
		.treadmill = logger.fields[LOG_TREADMILL],
		.footpod = logger.fields[LOG_FOOTPOD],
		.rule = logger.fields[LOG_RULE],
	};

	return journal_send(&entry);
}

static void write_line(enum log_level level, enum message known, const char *token,
                       const char *message)
{
	char text[MESSAGE_MAX], line[MESSAGE_MAX + 128], prefix[16] = "";
	const char *colour = logger.colour ? levels[level].colour : "";
	int saved_errno = errno;
	int length;

	log_escape(text, sizeof(text), message);
	if (logger.journal)
		snprintf(prefix, sizeof(prefix), "<%d>", levels[level].priority);
	length = snprintf(line, sizeof(line), "%s%.32s%s%.32s: %s%s%s\n", prefix,
	                  logger.journal ? "" : logger.program,
	                  logger.journal ? "" : ": ", token, colour, text,
	                  *colour ? "\033[0m" : "");
	if (logger.journal && tell_journal(level, known, token, text))
		length = 0;
	if (length > 0 && write(STDERR_FILENO, line, (size_t)length) < 0) {
		/* nobody is left to be told */
	}
	errno = saved_errno;
}

static time_t monotonic_s(void)
{
	struct timespec now = { 0, 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static struct site *site_of(const char *token, const char *format)
{
	uintptr_t hash = (uintptr_t)token * 31 + (uintptr_t)format;
	struct site *site = &logger.sites[(hash ^ hash >> 7 ^ hash >> 13) % SITES];

	if (site->token != token || site->format != format)
		*site = (struct site){ .token = token, .format = format,
			               .since_s = monotonic_s() };
	return site;
}

/* Whether this message is to be printed; says what was held back before it. */
static bool site_passes(struct site *site, enum log_level level)
{
	time_t now_s = monotonic_s();
	char text[80];

	if (now_s - site->since_s >= SITE_WINDOW_S) {
		if (site->held) {
			snprintf(text, sizeof(text), "%u messages like the next were held back",
			         site->held);
			write_line(level, NO_ID, site->token, text);
		}
		site->since_s = now_s;
		site->printed = site->held = 0;
	}
	if (site->printed < SITE_BURST) {
		site->printed++;
		return true;
	}
	if (site->held++ == 0)
		write_line(level, NO_ID, site->token,
		           "more messages like the last are held back for a while");
	return false;
}

static void put_message(enum log_level level, enum message known, const char *token,
                        const char *message)
{
	if (logger.sink)
		logger.sink(level, message, logger.sink_user);
	else
		write_line(level, known, token, message);
}

static void keep_error(enum log_level level, const char *message)
{
	if (level != LOG_LEVEL_ERROR || !logger.kept)
		return;
	log_escape(logger.kept, logger.kept_size, message);
	logger.kept = NULL;
}

enum limit { LIMITED, UNLIMITED };

__attribute__((format(printf, 5, 0))) static void
log_message(enum log_level level, enum message known, enum limit limit, const char *token,
            const char *format, va_list args)
{
	char message[MESSAGE_MAX];

	if (level > logger.level)
		return;
	vsnprintf(message, sizeof(message), format, args);
	keep_error(level, message);
	if (limit == UNLIMITED || logger.sink || site_passes(site_of(token, format), level))
		put_message(level, known, token, message);
}

#define LOG(level, known, limit) \
	do { \
		va_list args; \
\
		va_start(args, format); \
		log_message(level, known, limit, token, format, args); \
		va_end(args); \
	} while (0)

void log_unlimited(enum log_level level, const char *token, const char *format, ...)
{
	LOG(level, NO_ID, UNLIMITED);
}

void log_known(enum message known, const char *token, const char *format, ...)
{
	LOG(messages[known].level, known, LIMITED);
}

void log_known_unlimited(enum message known, const char *token, const char *format, ...)
{
	LOG(messages[known].level, known, UNLIMITED);
}

#define LOG_FUNCTION(name, level) \
	void name(const char *token, const char *format, ...) \
	{ \
		LOG(level, NO_ID, LIMITED); \
	}

LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warn, LOG_LEVEL_WARNING)
LOG_FUNCTION(log_notice, LOG_LEVEL_NOTICE)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)
