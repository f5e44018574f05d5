/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/diary_private.h"

#include "daemon/service/log.h"

#include <stdlib.h>
#include <string.h>

#define TOKEN "history"

struct diary *diary_new(const struct diary_settings *settings)
{
	struct diary *diary = calloc(1, sizeof(*diary));

	if (!diary)
		return NULL;
	diary->set = *settings;
	scribe_init(&diary->scribe);
	return diary;
}

/* ---- the session, in memory --------------------------------------------------- */

/* A clock that is set while somebody runs does not move his start away from
 * what he ran: it is reckoned from now, each time. */
static void set_start(struct diary *diary, uint64_t t_us)
{
	struct session_log *log = &diary->scribe.log;
	int64_t now_s;
	int32_t offset_s;

	if (!diary->set.wall_clock(diary->set.user, t_us, &now_s, &offset_s))
		return;
	log->has_start = true;
	log->start_s = now_s - (int64_t)(t_us - diary->scribe.began_us) / 1000000;
	log->offset_s = offset_s;
}

/* Its times are of the pipeline's clock: they move to the wall's. */
static void set_kept(struct diary *diary)
{
	struct session_log *log = &diary->scribe.log;
	struct runner_session kept;

	log->has_kept = pipeline_kept(diary->set.pipeline, &kept);
	if (!log->has_kept)
		return;
	kept.pain_s += log->start_s - (int64_t)diary->scribe.began_us / 1000000;
	kept.start_s = log->start_s;
	log->kept = kept;
}

/* On the disk */
static bool is_kept(const struct diary *diary)
{
	return diary->logbook &&
	       (diary->keeps_anonymous ||
	        strcmp(diary->scribe.log.runner, "anonymous") != 0);
}

/* Once a second, and with each change of the session */
static void describe(struct diary *diary, uint64_t t_us)
{
	set_start(diary, t_us);
	/* while he runs nobody but the disk asks for it */
	if (is_kept(diary) || !scribe_under_way(&diary->scribe))
		set_kept(diary);
	/* the core forgets him with his session */
	if (scribe_under_way(&diary->scribe))
		diary->scribe.log.who = *pipeline_who(diary->set.pipeline);
}

const struct session_log *diary_log(const struct diary *diary)
{
	return &diary->scribe.log;
}

#ifdef WITH_HISTORY

/* ---- the session, on the disk -------------------------------------------------- */

/* A page a second; what is told while the belt stands goes at once. */
static void follow(struct diary *diary, bool was_under_way, bool new_second)
{
	bool is_under_way = scribe_under_way(&diary->scribe);
	bool stands = diary->scribe.state != DISPLAY_SESSION_RUNNING;

	if (!diary->logbook)
		return;
	if (is_under_way && !was_under_way)
		logbook_begin(diary->logbook);
	if (is_kept(diary) && (is_under_way || was_under_way) && (new_second || stands))
		logbook_write(diary->logbook);
	/* the core has his profile still, even if he said that it is not he */
	if (was_under_way && !is_under_way && *diary->runner.name)
		event_active(diary->ended, EV_TIMEOUT, 0);
	if (diary->runner.known && is_under_way &&
	    strcmp(diary->scribe.log.runner, "anonymous") == 0) {
		diary->runner.known = false; /* he said that it is not he */
		if (!is_kept(diary))
			logbook_disown(diary->logbook);
	}
}

void diary_forget(struct diary *diary)
{
	scribe_forget(&diary->scribe);
	if (diary->logbook)
		logbook_begin(diary->logbook);
}

void diary_drop(struct diary *diary)
{
	diary_forget(diary);
	if (diary->logbook)
		logbook_forget(diary->logbook);
	if (diary->runner.leave) /* else nobody can be known */
		diary_leave(diary);
}

static void on_ended(evutil_socket_t fd, short what, void *user)
{
	(void)fd;
	(void)what;
	diary_leave(user);
}

/* ---- retention ----------------------------------------------------------------- */

#define CLOCK_LIES_S (10LL * 365 * 86400)

struct spring_clean {
	struct keeper_task task;
	int64_t before_s, count;
};

/* A clock that stands decades behind the last session shall not cost them all. */
static void clean(struct keeper_task *task, struct shelves *shelves)
{
	struct spring_clean *c = (struct spring_clean *)task;
	enum history_result result;
	struct history *history = shelf_open(&shelves->state, false, &result);

	if (history && c->before_s < history_newest(history) + CLOCK_LIES_S)
		shelf_did(&shelves->state,
		          history_forget_before(history, c->before_s, &c->count));
}

static void cleaned(struct keeper_task *task)
{
	struct spring_clean *c = (struct spring_clean *)task;

	if (c->count > 0)
		log_notice(TOKEN, "%lld sessions were as old as history.retention_days allows, "
		                  "and are forgotten", (long long)c->count);
	free(c);
}

static void on_day(evutil_socket_t fd, short what, void *user)
{
	struct diary *diary = user;
	struct spring_clean *c = calloc(1, sizeof(*c));
	int64_t now_s;
	int32_t offset_s;

	(void)fd;
	(void)what;
	if (!c)
		return;
	c->task = (struct keeper_task){ .run = clean, .done = cleaned };
	if (diary->set.wall_clock(diary->set.user, diary->set.now_us(diary->set.user), &now_s,
	                          &offset_s))
		c->before_s = now_s - (int64_t)diary->retention_days * 86400;
	if (!keeper_post(diary->keeper, &c->task))
		free(c);
}

/* ---- opening and closing ---------------------------------------------------------- */

/* Who ran before the restart runs on; the core counts on from what there was. */
static void take_up(struct diary *diary, struct session_log *log, uint32_t away_s)
{
	struct shelves *shelves = keeper_shelves(diary->keeper);
	char name[sizeof(log->runner)];
	struct runner_session kept = log->kept;
	struct display_metrics shown = { .present = 0 };
	struct history_runner runner;
	struct runner known;
	int64_t now_s = log->start_s + log->length_s;

	memcpy(name, log->runner, sizeof(name));
	if (log->second_count > 0)
		shown = log->seconds[log->second_count - 1].metrics;
	log_notice(TOKEN, "the session that was cut off %u s ago goes on", (unsigned)away_s);
	scribe_resume(&diary->scribe, log, diary->set.now_us(diary->set.user), away_s);
	if (strcmp(name, "anonymous") != 0 &&
	    history_find_runner(shelves->state.history, name, &runner) == HISTORY_OK &&
	    history_know_runner(shelves->state.history, &runner, now_s,
	                        diary->scribe.log.offset_s, &known) == HISTORY_OK)
		diary_know(diary, name, &known);
	pipeline_resume(diary->set.pipeline, diary->runner.known ? name : NULL, &kept, &shown);
}

static void recover(struct diary *diary, uint32_t resume_s)
{
	struct session_log log;
	uint32_t away_s;

	if (logbook_recover(diary->logbook, resume_s, &log, &away_s))
		take_up(diary, &log, away_s);
	keeper_say(diary->keeper);
}

bool diary_keep(struct diary *diary, const struct diary_place *place)
{
	diary->retention_days = place->retention_days;
	diary->keeps_anonymous = *place->anonymous != '\0';
	diary->keeper = keeper_new(diary->set.base, place->history, place->anonymous);
	diary->logbook = diary->keeper ? logbook_new(diary->keeper, &diary->scribe.log) : NULL;
	diary->ended = event_new(diary->set.base, -1, 0, on_ended, diary);
	diary->daily = event_new(diary->set.base, -1, EV_PERSIST, on_day, diary);
	if (!diary->logbook || !diary->ended || !diary->daily || !diary_runner_open(diary))
		return false;
	if (place->resume_s > 0)
		recover(diary, place->resume_s);
	return true;
}

bool diary_start(struct diary *diary)
{
	static const struct timeval day = { 86400, 0 };

	if (!diary->keeper)
		return true;
	if (!keeper_start(diary->keeper))
		return false;
	logbook_publish(diary->logbook);
	event_add(diary->daily, &day);
	on_day(-1, 0, diary);
	return true;
}

void diary_serve(struct diary *diary, struct control *control)
{
	diary->control = control;
	if (diary->keeper)
		control_add(control, diary_verbs, diary);
}

/* A session that goes on is left as it is: the next daemon may take it up. The
 * last one of an anonymous runner goes with us. */
static void close_all(struct diary *diary)
{
	struct shelves *shelves = diary->keeper ? keeper_shelves(diary->keeper) : NULL;
	char anonymous[sizeof(shelves->session.path)] = "";

	diary->control = NULL;
	diary->closes = true;
	if (scribe_under_way(&diary->scribe) && is_kept(diary))
		logbook_leave(diary->logbook);
	else if (shelves && !scribe_under_way(&diary->scribe))
		memcpy(anonymous, shelves->session.path, sizeof(anonymous));
	if (diary->ended)
		event_free(diary->ended);
	if (diary->daily)
		event_free(diary->daily);
	diary_runner_close(diary);
	if (!keeper_free(diary->keeper))
		return; /* its thread may use all that there is */
	if (*anonymous)
		history_remove(anonymous);
	logbook_free(diary->logbook);
}

#else

static void follow(struct diary *diary, bool was_under_way, bool new_second)
{
	(void)diary;
	(void)was_under_way;
	(void)new_second;
}

bool diary_keep(struct diary *diary, const struct diary_place *place)
{
	(void)diary;
	(void)place;
	return true;
}

bool diary_start(struct diary *diary)
{
	(void)diary;
	return true;
}

void diary_serve(struct diary *diary, struct control *control)
{
	(void)diary;
	(void)control;
}

void diary_pod(struct diary *diary, const struct pod_heard *pod)
{
	(void)diary;
	(void)pod;
}

bool diary_ask_runner(struct diary *diary, const char *name, const char *pin)
{
	(void)diary;
	(void)name;
	(void)pin;
	return false;
}

void diary_drop(struct diary *diary)
{
	scribe_forget(&diary->scribe);
}

static void close_all(struct diary *diary)
{
	(void)diary;
}

#endif

void diary_free(struct diary *diary)
{
	if (!diary)
		return;
	close_all(diary);
	scribe_free(&diary->scribe);
	free(diary);
}

void diary_spare(struct diary *diary)
{
	diary->scribe.spared = true;
}

void diary_event(struct diary *diary, const struct source_event *event)
{
	scribe_event(&diary->scribe, event);
}

void diary_outcome(struct diary *diary, const struct outcome *outcome)
{
	bool was_under_way = scribe_under_way(&diary->scribe);
	size_t seconds = diary->scribe.log.second_count;
	bool of_session, new_second;

	scribe_outcome(&diary->scribe, outcome);
	of_session = outcome->message.type == DISPLAY_MESSAGE_SESSION &&
	             (was_under_way || scribe_under_way(&diary->scribe));
	new_second = diary->scribe.log.second_count != seconds;
	if (of_session || new_second)
		describe(diary, outcome->t_us);
	follow(diary, was_under_way, new_second);
}
