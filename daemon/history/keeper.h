/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The history's own thread: a disk that takes its time holds up no prompt. Tasks
 * are done one after the other; what came of each is told in the loop, which is woken for
 * it, unless the task is one that its owner asks for himself: keeper_collect().
 */
#ifndef GAITD_KEEPER_H
#define GAITD_KEEPER_H

#include "daemon/history/shelf.h"

#include <event2/event.h>
#include <stdbool.h>

#define KEEPER_TASKS_MAX 16 /* waiting; a page of the diary waits for itself */

/* The first member of what a task has to do */
struct keeper_task {
	void (*run)(struct keeper_task *task, struct shelves *shelves); /* in the thread */
	void (*done)(struct keeper_task *task); /* in the loop; gives it back */
	bool quiet; /* wakes nobody; see keeper_collect() */
	struct keeper_task *next;
};

struct keeper;

/* "" for a path: there is no such place. NULL: no memory. */
struct keeper *keeper_new(struct event_base *base, const char *state,
                          const char *session);
struct event_base *keeper_base(const struct keeper *keeper);
/* The shelves, for the caller's own use until the thread runs */
struct shelves *keeper_shelves(struct keeper *keeper);
/* Puts what they have to say into the log; of the same time. */
void keeper_say(struct keeper *keeper);
bool keeper_start(struct keeper *keeper);
/* False: too many are waiting, or the thread does not run; the task is the
 * caller's still. */
bool keeper_post(struct keeper *keeper, struct keeper_task *task);
/* Tells what came of quiet tasks that are done by now. With `wakes` those that are not are
 * told as soon as they are. */
void keeper_collect(struct keeper *keeper, bool wakes);
/* Waits until all is done, but not for ever: false if it gave up, and then the
 * thread is left to the end of the process. NULL is fine. */
bool keeper_free(struct keeper *keeper);

#endif
