/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What gaitctl asks of the diary: most is the keeper's to answer.
 */
#include "daemon/diary_private.h"

#include "daemon/history/desk.h"

#include <stdlib.h>
#include <string.h>

struct question {
	struct keeper_task task;
	struct diary *diary;
	uint64_t number;
	json_t *request, *reply;
	bool good;
};

static void answer(struct keeper_task *task, struct shelves *shelves)
{
	struct question *q = (struct question *)task;

	q->good = desk_answer(shelves, q->request, q->reply);
}

static void answered(struct keeper_task *task)
{
	struct question *q = (struct question *)task;

	if (q->diary->control)
		control_answer(q->diary->control, q->number, q->good, q->reply);
	else
		json_decref(q->reply);
	json_decref(q->request);
	free(q);
}

static bool fail(json_t *reply, const char *error)
{
	json_object_set_new(reply, "error", json_string(error));
	return false;
}

static bool ask_keeper(struct diary *diary, const json_t *request, json_t *reply)
{
	struct question *q = calloc(1, sizeof(*q));

	if (!q)
		return fail(reply, "out of memory");
	q->task = (struct keeper_task){ .run = answer, .done = answered };
	q->diary = diary;
	q->request = json_deep_copy(request);
	q->reply = json_object();
	if (keeper_post(diary->keeper, &q->task)) {
		q->number = control_defer(diary->control);
		return true;
	}
	json_decref(q->request);
	json_decref(q->reply);
	free(q);
	return fail(reply, "the history is busy; try again");
}

static const char *text_of(const json_t *request, const char *member)
{
	const char *text = json_string_value(json_object_get(request, member));

	return text ? text : "";
}

/* Who is to be forgotten runs no more, and what he ran is not written again. */
static void let_go(struct diary *diary, const char *name)
{
	bool all = *name == '\0';

	if (all || strcmp(diary->scribe.log.runner, name) == 0)
		diary_forget(diary);
	if (diary->runner.known && (all || strcmp(diary->runner.name, name) == 0))
		diary_leave(diary);
}

static bool runner(const json_t *request, json_t *reply, void *user)
{
	struct diary *diary = user;
	const char *what = text_of(request, "do"), *name = text_of(request, "name");

	if (strcmp(what, "start") == 0)
		return diary_choose(diary, name, NULL, true) ||
		       fail(reply, "the history is busy; try again");
	if (strcmp(what, "stop") == 0) {
		diary_leave(diary);
		return true;
	}
	if (strcmp(what, "forget") == 0 && *name)
		let_go(diary, name);
	if (strcmp(what, "forget-all") == 0)
		let_go(diary, "");
	return ask_keeper(diary, request, reply);
}

static bool history(const json_t *request, json_t *reply, void *user)
{
	return ask_keeper(user, request, reply);
}

const struct control_verb diary_verbs[] = {
	{ "runner", runner },
	{ "history", history },
	{ NULL, NULL },
};
