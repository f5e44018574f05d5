/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Messages to the operator, on standard error or in the journal that it is: one
 * line each, by subsystem token, rate-limited, safe to print whatever a device or
 * plugin put into them.
 *
 * error    something asked for does not work, or ends the daemon
 * warning  it goes on, but somebody should look
 * notice   worth a line in a quiet log: started, linked, lost, reloaded
 * info     one line for what normally happens a few times an hour
 * debug    anything else
 */
#ifndef GAITD_LOG_H
#define GAITD_LOG_H

#include "daemon/service/messages.h"

#include <stdbool.h>
#include <stddef.h>

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_NOTICE,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};
const char *log_level_name(enum log_level level);
bool log_level_from_name(const char *name, enum log_level *out);

/* `program` starts each line off the journal; not copied. Where standard error is
 * the journal (JOURNAL_STREAM names it) messages go there with their fields, or,
 * where that cannot be, as lines that start with <PRIORITY>. Until it is called:
 * "gaitd", notice and worse. */
void log_start(const char *program);
/* The least urgent level that is printed; notice at first. */
void log_set_level(enum log_level level);

/* `token` names the subsystem: "config", "display", "replay" ... At most 10
 * messages in 10 s pass per call site (token and format); that more are held
 * back is said at once, and how many with the next that passes. Newlines and
 * control characters come out as \n, \x1b. */
#define LOG_PRINTF __attribute__((cold, format(printf, 2, 3)))
void log_error(const char *token, const char *format, ...) LOG_PRINTF;
void log_warn(const char *token, const char *format, ...) LOG_PRINTF;
void log_notice(const char *token, const char *format, ...) LOG_PRINTF;
void log_info(const char *token, const char *format, ...) LOG_PRINTF;
void log_debug(const char *token, const char *format, ...) LOG_PRINTF;
#undef LOG_PRINTF
/* For what the caller itself says once only: passes whatever came before */
__attribute__((cold, format(printf, 3, 4)))
void log_unlimited(enum log_level level, const char *token, const char *format, ...);

/* A message of messages.h, at its level there */
__attribute__((cold, format(printf, 3, 4)))
void log_known(enum message known, const char *token, const char *format, ...);
__attribute__((cold, format(printf, 3, 4)))
void log_known_unlimited(enum message known, const char *token, const char *format, ...);

/* What the session is about, with each message to the journal: no addresses, and
 * nothing of a person. NULL or "": not known. Copied. */
enum log_field { LOG_INSTANCE, LOG_TREADMILL, LOG_FOOTPOD, LOG_RULE, LOG_FIELDS };
void log_set_field(enum log_field field, const char *value);

/* The first error from now on is written to `out`, too, limited or not; NULL ends
 * that. For who must answer with it. */
void log_keep_error(char *out, size_t size);

/* From now on messages go to `sink` instead, as they are, unlimited; NULL: to
 * standard error again. For a program that prints them in a form of its own. */
typedef void (*log_sink_fn)(enum log_level level, const char *message, void *user);
void log_divert(log_sink_fn sink, void *user);

/* Writes `text` as printable UTF-8 on one line into `out`: control characters
 * and what is no UTF-8 as \n, \t, \r or \xNN; cut with "..." if it does not fit
 * (`size` at least 8). */
void log_escape(char *out, size_t size, const char *text);

#endif
