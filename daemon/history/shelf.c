/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/history/shelf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

__attribute__((format(printf, 3, 4)))
static void say(struct shelf *shelf, bool good_news, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(shelf->word, sizeof(shelf->word), format, args);
	va_end(args);
	shelf->is_good_news = good_news;
}

void shelf_close(struct shelf *shelf)
{
	history_close(shelf->history);
	shelf->history = NULL;
}

static void set_aside(struct shelf *shelf, const char *why)
{
	char aside[4200];

	shelf_close(shelf);
	if (history_set_aside(shelf->path, aside, sizeof(aside)))
		say(shelf, false, "%.400s: %.200s. It is now %.400s and a new one is begun; look "
		    "into it with sqlite3(1), or delete it", shelf->path, why,
		    strrchr(aside, '/') ? strrchr(aside, '/') + 1 : aside);
	else
		say(shelf, false, "%.400s: %.200s, and it cannot be set aside: %s. Nothing is "
		    "kept until it is moved away", shelf->path, why, strerror(errno));
}

static void complain(struct shelf *shelf, const char *why)
{
	if (!shelf->failed)
		say(shelf, false, "%.400s: %.200s. The run goes on, it is tried again, and what "
		    "was not kept by the end of gaitd is lost", shelf->path, why);
	shelf->failed = true;
}

static struct history *try_open(struct shelf *shelf, bool make,
                                enum history_result *result)
{
	char why[256];

	shelf->history = history_open(shelf->path, make ? HISTORY_CREATE : HISTORY_CHANGE,
	                              result, why, sizeof(why));
	if (shelf->history && shelf->is_runtime)
		history_skip_syncs(shelf->history);
	if (*result == HISTORY_DAMAGED)
		set_aside(shelf, why);
	else if (*result != HISTORY_OK && *result != HISTORY_NOTHING)
		complain(shelf, why);
	return shelf->history;
}

/* Open, and looked through if it was not yet */
static struct history *examined(struct shelf *shelf, bool make,
                                enum history_result *result)
{
	*result = HISTORY_OK;
	if (!shelf->history && !try_open(shelf, make, result))
		return NULL;
	if (!shelf->checked) {
		shelf->checked = true;
		*result = shelf_did(shelf, history_check(shelf->history));
		if (*result == HISTORY_FAILED || *result == HISTORY_BUSY)
			shelf_close(shelf);
	}
	return shelf->history;
}

struct history *shelf_open(struct shelf *shelf, bool make, enum history_result *result)
{
	*result = HISTORY_NOTHING;
	if (shelf->path[0] == '\0')
		return NULL;
	if (examined(shelf, make, result) || *result != HISTORY_DAMAGED || !make)
		return shelf->history;
	return examined(shelf, make, result); /* in its place */
}

enum history_result shelf_did(struct shelf *shelf, enum history_result result)
{
	char why[256];

	switch (result) {
	case HISTORY_OK:
		if (shelf->failed)
			say(shelf, true, "%.400s: is written again", shelf->path);
		shelf->failed = false;
		break;
	case HISTORY_DAMAGED:
		snprintf(why, sizeof(why), "%s", history_why(shelf->history));
		set_aside(shelf, why);
		break;
	case HISTORY_FAILED:
	case HISTORY_BUSY:
		complain(shelf, history_why(shelf->history));
		break;
	case HISTORY_NOTHING:
	case HISTORY_TAKEN:
	case HISTORY_NEWER:
		break;
	}
	return result;
}
