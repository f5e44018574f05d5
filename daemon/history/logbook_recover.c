/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a gaitd that died left. A session that changed its runner is in both places if it
 * died between writing it to the new one and dropping it from the old one: the later is
 * where it was going to, and if in doubt it is nobody's.
 */
#include "daemon/history/logbook_private.h"

#include "daemon/service/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START_SLACK_S 2 /* a start is reckoned from now, each time */

/* In one of both places */
struct leaving {
	struct shelf *shelf;
	bool known;
	bool found; /* it is under way, and has all of the rest */
	struct session_log log;
	struct history_session in_file;
	struct history_touch touch;
};

/* ---- looking ----------------------------------------------------------------------- */

static void leave_out(struct leaving *left)
{
	session_log_free(&left->log);
	left->found = false;
}

static struct leaving look(struct logbook *logbook, struct shelf *shelf, bool known)
{
	struct leaving left = { .shelf = shelf, .known = known };
	enum history_result result;
	struct history *history = shelf_open(shelf, false, &result);

	session_log_init(&left.log);
	/* a file that cannot be opened just now may have the session, and its end */
	if (!history && result != HISTORY_NOTHING && result != HISTORY_DAMAGED)
		return left;
	left.found = leaf_load(history, known ? "" : shelf->path, &left.log, &left.in_file,
	                       &left.touch) == HISTORY_OK;
	if (!left.found || (known && owed_has(&logbook->owed, left.in_file.id)))
		leave_out(&left);
	return left;
}

/* Where that is not known of both, it may be. */
static bool began_together(const struct session_log *a, const struct session_log *b)
{
	int64_t apart_s = a->start_s - b->start_s;

	return !a->has_start || !b->has_start ||
	       (apart_s >= -START_SLACK_S && apart_s <= START_SLACK_S);
}

/* What is owed cannot be dropped just now: it is left alone. */
static void drop_copy(struct logbook *logbook, struct leaving *known)
{
	owed_add(&logbook->owed, known->in_file.id);
	owed_pay(&logbook->owed, known->shelf);
	leave_out(known);
}

/* Both at once: nobody runs twice at a time. Whether it is the anonymous one that goes
 * on, if one does. */
static bool choose(struct logbook *logbook, struct leaving *known, struct leaving *nobodys)
{
	if (!known->found || !nobodys->found ||
	    strcmp(known->touch.boot, nobodys->touch.boot) != 0)
		return nobodys->found && !known->found;
	if (known->touch.boot_ms > nobodys->touch.boot_ms) {
		/* it moved to him, or another began: it was about to be removed */
		logbook_remove_file(nobodys->shelf);
		leave_out(nobodys);
		return false;
	}
	if (began_together(&known->log, &nobodys->log))
		drop_copy(logbook, known);
	return true;
}

/* ---- and going on, or closing ------------------------------------------------------------ */

/* How long ago it was written; -1: nobody can tell */
static int64_t away_ms(const struct logbook *logbook, const struct history_touch *touch)
{
	int64_t now = logbook_boot_ms();

	if (strcmp(touch->boot, logbook->boot) != 0 || touch->boot_ms > now)
		return -1;
	return now - touch->boot_ms;
}

/* It goes on, with so much of it in its file. */
static bool take_up(struct logbook *logbook, bool known,
                    const struct history_session *in_file, const struct session_log *log)
{
	struct place *place = calloc(1, sizeof(*place));

	if (!place)
		return false;
	*place = (struct place){
		.users = 1, .known = known, .begun = true, .prepared = true,
		.seconds = in_file->seconds, .events = in_file->events, .session = *in_file,
	};
	snprintf(place->runner, sizeof(place->runner), "%s", log->runner);
	logbook->place = place;
	return true;
}

/* In its file it can be read as any that has ended. */
static void close_it(struct leaving *left)
{
	enum history_result result;
	struct history *history = shelf_open(left->shelf, !left->known, &result);

	if (history && !left->known)
		history_write(history, &left->in_file, &left->log, 0, 0, &left->touch);
	log_notice("history", "a session that was cut off is closed as it stood");
	session_log_free(&left->log);
}

/* And all others in its file are closed, but for what is to be dropped. */
static bool settle(struct logbook *logbook, struct leaving *left, int64_t away_max_ms,
                   int64_t *away)
{
	bool goes_on;

	if (!left->found)
		return false;
	*away = away_ms(logbook, &left->touch);
	goes_on = *away >= 0 && *away < away_max_ms &&
	          take_up(logbook, left->known, &left->in_file, &left->log);
	if (!goes_on)
		close_it(left);
	if (left->shelf->history && left->known && logbook->owed.count == 0)
		history_drop_copies(left->shelf->history, left->in_file.id);
	if (left->shelf->history && (!left->known || logbook->owed.count == 0))
		history_close_others(left->shelf->history, goes_on ? left->in_file.id : 0, NULL,
		                     left->known ? &logbook->recovered : NULL);
	return goes_on;
}

static bool recover(struct logbook *logbook, struct shelves *shelves, int64_t away_max_ms,
                    struct session_log *log, int64_t *away)
{
	struct leaving known = look(logbook, &shelves->state, true);
	struct leaving nobodys = look(logbook, &shelves->session, false);
	bool is_nobodys = choose(logbook, &known, &nobodys);
	bool found = settle(logbook, &known, is_nobodys ? 0 : away_max_ms, away);

	session_log_init(log);
	if (found) {
		/* the rest of its anonymous part, where it moved to its runner */
		logbook_remove_file(nobodys.shelf);
		leave_out(&nobodys);
		*log = known.log;
	} else {
		found = settle(logbook, &nobodys, away_max_ms, away);
		if (found)
			*log = nobodys.log;
	}
	return found;
}

bool logbook_recover(struct logbook *logbook, uint32_t away_max_s, struct session_log *log,
                     uint32_t *away_s)
{
	struct shelves *shelves = keeper_shelves(logbook->keeper);
	int64_t away = 0;
	bool found;

	/* the keeper looks through it: that may take its time */
	shelves->state.checked = shelves->session.checked = true;
	owed_pay(&logbook->owed, &shelves->state);
	found = recover(logbook, shelves, (int64_t)away_max_s * 1000, log, &away);
	shelves->state.checked = shelves->session.checked = false;
	logbook->owes = logbook->owed.count > 0;
	*away_s = (uint32_t)(away / 1000);
	return found;
}

/* ---- and goes to the folders ------------------------------------------------------ */

struct recovered {
	struct keeper_task task;
	struct history_closed closed;
};

static void publish_recovered(struct keeper_task *task, struct shelves *shelves)
{
	enum history_result result;

	if (shelf_open(&shelves->state, false, &result))
		logbook_publish_all(&shelves->state, &((struct recovered *)task)->closed);
}

static void free_recovered(struct keeper_task *task)
{
	free(task);
}

void logbook_publish(struct logbook *logbook)
{
	struct recovered *recovered;

	if (logbook->owes)
		logbook_drop(logbook, NULL);
	if (logbook->recovered.count == 0)
		return;
	recovered = calloc(1, sizeof(*recovered));
	if (!recovered)
		return;
	recovered->task = (struct keeper_task){ .run = publish_recovered,
		                                .done = free_recovered };
	recovered->closed = logbook->recovered;
	if (keeper_post(logbook->keeper, &recovered->task))
		logbook->recovered.count = 0;
	else
		free(recovered);
}
