/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Who it is that runs: chosen by name and PIN at a display, by his foot pod, or
 * by gaitctl. He is known until his session ends.
 */
#include "daemon/diary_private.h"

#include "daemon/history/pin.h"
#include "daemon/service/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOKEN "runner"
#define LEAVE_S 600   /* without a session */
#define MISTAKES_MAX 5
#define MISTAKEN_S 60 /* before another PIN is looked at */

struct choice {
	struct keeper_task task;
	struct diary *diary;
	uint64_t number;
	bool by_pin;
	char pin[PIN_MAX + 1];
	char pod[HISTORY_POD_MAX + 1]; /* else by name */
	int64_t now_s;
	int32_t offset_s;
	bool has_now;
	struct history_runner runner;
	struct runner known;
	enum history_result result;
};

/* ---- in the keeper's thread -------------------------------------------------- */

static enum history_result look_up(struct choice *c, struct history *history)
{
	enum history_result result =
		c->pod[0] ? history_find_pod(history, c->pod, &c->runner)
	                  : history_find_runner(history, c->runner.name, &c->runner);

	if (result == HISTORY_OK && c->by_pin && !pin_matches(c->pin, c->runner.pin))
		return HISTORY_NOTHING;
	if (result == HISTORY_OK)
		result = history_know_runner(history, &c->runner, c->now_s, c->offset_s,
		                             &c->known);
	return result;
}

static void choose(struct keeper_task *task, struct shelves *shelves)
{
	struct choice *c = (struct choice *)task;
	struct history *history = shelf_open(&shelves->state, false, &c->result);

	if (history)
		c->result = shelf_did(&shelves->state, look_up(c, history));
	explicit_bzero(c->pin, sizeof(c->pin));
}

/* ---- in the loop -------------------------------------------------------------- */

/* What he did not tell is as it is configured. */
static void complete(const struct diary *diary, struct runner *known)
{
	const struct runner *nobody = &diary->runner.nobody;

	if (strcmp(known->lang, "en") == 0)
		memcpy(known->lang, nobody->lang, sizeof(known->lang));
	if (known->prompts == RUNNER_PROMPTS_ALL)
		known->prompts = nobody->prompts;
	known->miles |= nobody->miles;
	known->faded |= nobody->faded;
}

void diary_know(struct diary *diary, const char *name, const struct runner *known)
{
	static const struct timeval wait = { LEAVE_S, 0 };
	struct runner whole = *known;

	diary->runner.known = true;
	snprintf(diary->runner.name, sizeof(diary->runner.name), "%s", name);
	complete(diary, &whole);
	pipeline_know_now(diary->set.pipeline, &whole);
	event_add(diary->runner.leave, &wait);
}

void diary_leave(struct diary *diary)
{
	diary->runner.known = false;
	diary->runner.name[0] = diary->runner.pod[0] = '\0';
	event_del(diary->runner.leave);
	pipeline_know_now(diary->set.pipeline, &diary->runner.nobody);
	diary->set.chosen(diary->set.user, NULL);
}

static void on_leave(evutil_socket_t fd, short what, void *user)
{
	struct diary *diary = user;

	(void)fd;
	(void)what;
	if (diary->runner.known && !scribe_under_way(&diary->scribe))
		diary_leave(diary);
}

/* Names are not said: not even whether there is one. */
static void note_mistake(struct diary *diary)
{
	struct timespec now;

	if (++diary->runner.mistaken < MISTAKES_MAX) {
		log_notice(TOKEN, "a display gave a name and a PIN that do not go together");
		return;
	}
	clock_gettime(CLOCK_BOOTTIME, &now);
	diary->runner.wait_until_s = now.tv_sec + MISTAKEN_S;
	diary->runner.mistaken = 0;
	log_warn(TOKEN, "%d wrong PINs one after the other: none is looked at for %d s",
	         MISTAKES_MAX, MISTAKEN_S);
}

static void reply(const struct choice *c)
{
	json_t *members = NULL;

	if (!c->number || !c->diary->control)
		return;
	if (c->result != HISTORY_OK)
		members = json_pack("{s:s}", "error",
		                    c->result == HISTORY_NOTHING
		                            ? "there is no such runner; gaitctl runner list names "
		                              "those there are"
		                            : "the history cannot be read; gaitd's log says why");
	control_answer(c->diary->control, c->number, c->result == HISTORY_OK, members);
}

static void chosen(struct keeper_task *task)
{
	struct choice *c = (struct choice *)task;
	struct diary *diary = c->diary;

	if (diary->closes) {
		free(c);
		return;
	}
	if (c->result == HISTORY_OK) {
		if (c->by_pin)
			diary->runner.mistaken = 0;
		log_info(TOKEN, "%s", c->pod[0] ? "known by the foot pod" : "chosen by name");
		diary_know(diary, c->runner.name, &c->known);
		diary->set.chosen(diary->set.user, c->runner.name);
	} else if (c->by_pin) {
		note_mistake(diary);
	}
	reply(c);
	free(c);
}

static struct choice *choice_new(struct diary *diary)
{
	struct choice *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->task = (struct keeper_task){ .run = choose, .done = chosen };
	c->diary = diary;
	c->has_now = diary->set.wall_clock(diary->set.user, diary->set.now_us(diary->set.user),
	                                   &c->now_s, &c->offset_s);
	if (!c->has_now)
		c->now_s = 0; /* then nothing of time is told */
	return c;
}

static bool post(struct choice *c, bool asked)
{
	if (!c || !keeper_post(c->diary->keeper, &c->task)) {
		free(c);
		return false;
	}
	if (asked) /* the keeper does not look at it */
		c->number = control_defer(c->diary->control);
	return true;
}

bool diary_choose(struct diary *diary, const char *name, const char *pin, bool asked)
{
	struct choice *c = choice_new(diary);

	if (!c)
		return false;
	snprintf(c->runner.name, sizeof(c->runner.name), "%s", name);
	c->by_pin = pin != NULL;
	if (pin)
		snprintf(c->pin, sizeof(c->pin), "%s", pin);
	return post(c, asked);
}

bool diary_ask_runner(struct diary *diary, const char *name, const char *pin)
{
	struct timespec now;

	if (!diary->keeper)
		return false;
	clock_gettime(CLOCK_BOOTTIME, &now);
	if (now.tv_sec < diary->runner.wait_until_s)
		log_notice(TOKEN, "a PIN is not looked at: too many were wrong");
	else
		diary_choose(diary, name, pin, false);
	return true;
}

/* Each event asks: a number is compared before it is written out. */
static bool was_asked(const struct diary *diary, const struct pod_heard *pod)
{
	return pod->has_ant_id ? *diary->runner.pod && diary->runner.ant_id == pod->ant_id
	                       : strcmp(diary->runner.pod, pod->address) == 0;
}

/* While somebody unknown runs: once for each pod that comes to count */
void diary_pod(struct diary *diary, const struct pod_heard *pod)
{
	char id[HISTORY_POD_MAX + 1] = "";
	struct choice *c;

	if (!diary->keeper || !pod || diary->runner.known ||
	    !scribe_under_way(&diary->scribe) || was_asked(diary, pod))
		return;
	if (pod->has_ant_id)
		snprintf(id, sizeof(id), "ant %u", (unsigned)pod->ant_id);
	else
		snprintf(id, sizeof(id), "%.*s", (int)sizeof(id) - 1, pod->address);
	if (*id == '\0')
		return;
	memcpy(diary->runner.pod, id, sizeof(id));
	diary->runner.ant_id = pod->has_ant_id ? pod->ant_id : UINT32_MAX;
	c = choice_new(diary);
	if (c)
		memcpy(c->pod, id, sizeof(c->pod));
	post(c, false);
}

bool diary_runner_open(struct diary *diary)
{
	diary->runner.nobody = *pipeline_who(diary->set.pipeline);
	diary->runner.leave = event_new(diary->set.base, -1, 0, on_leave, diary);
	return diary->runner.leave != NULL;
}

void diary_runner_close(struct diary *diary)
{
	if (diary->runner.leave)
		event_free(diary->runner.leave);
}
