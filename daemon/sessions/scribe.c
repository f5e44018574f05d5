/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sessions/scribe.h"

#include <stdio.h>
#include <string.h>

#define SECOND_US 1000000u

void scribe_init(struct scribe *scribe)
{
	memset(scribe, 0, sizeof(*scribe));
	session_log_init(&scribe->log);
}

void scribe_free(struct scribe *scribe)
{
	session_log_free(&scribe->log);
}

static bool is_under_way(enum display_session_state state)
{
	return state == DISPLAY_SESSION_RUNNING || state == DISPLAY_SESSION_PAUSED;
}

bool scribe_under_way(const struct scribe *scribe)
{
	return is_under_way(scribe->state);
}

static uint32_t at_s(const struct scribe *scribe, uint64_t t_us)
{
	/* one that was resumed may have begun before the clock's zero: it wraps */
	int64_t past_us = (int64_t)(t_us - scribe->began_us);

	return past_us > 0 ? (uint32_t)(past_us / SECOND_US) : 0;
}

static void keep(struct scribe *scribe, const struct session_event *event)
{
	if (!scribe->spared)
		session_log_add_event(&scribe->log, event);
}

static void add(struct scribe *scribe, uint64_t t_us, enum session_event_kind kind,
                int32_t value)
{
	struct session_event event = { .at_s = at_s(scribe, t_us), .kind = kind, .value = value };

	keep(scribe, &event);
}

/* ---- what comes out of the core ------------------------------------------- */

static void begin(struct scribe *scribe, uint64_t t_us)
{
	struct session_log *log = &scribe->log;

	session_log_free(log);
	scribe->began_us = t_us;
	scribe->live.id = 0;
	snprintf(log->treadmill, sizeof(log->treadmill), "%s", scribe->treadmill);
	snprintf(log->footpod, sizeof(log->footpod), "%s", scribe->footpod);
	add(scribe, t_us, SESSION_EVENT_TREADMILL, (int32_t)scribe->links.treadmill);
	add(scribe, t_us, SESSION_EVENT_FOOTPOD, (int32_t)scribe->links.footpod);
}

static void session(struct scribe *scribe, uint64_t t_us, const struct display_session *m)
{
	struct session_log *log = &scribe->log;
	enum display_session_state was = scribe->state;

	scribe->state = m->state;
	if (is_under_way(m->state) && !is_under_way(was))
		begin(scribe, t_us);
	else if (m->state == was || !is_under_way(was))
		return;
	else if (m->state == DISPLAY_SESSION_PAUSED)
		add(scribe, t_us, SESSION_EVENT_PAUSE, 0);
	else if (m->state == DISPLAY_SESSION_RUNNING)
		add(scribe, t_us, SESSION_EVENT_RESUME, 0);
	else {
		log->ended = true;
		log->length_s = at_s(scribe, t_us);
	}
}

/* Who it is may be told at any time of it. */
static void learn_who(struct scribe *scribe, const struct display_session *m)
{
	struct session_log *log = &scribe->log;

	if (!scribe_under_way(scribe))
		return;
	snprintf(log->runner, sizeof(log->runner), "%s", m->runner);
	snprintf(log->lang, sizeof(log->lang), "%s", m->lang);
	log->miles = m->miles;
}

/* The elapsed time is one of the metrics: they come once a second at least
 * while the session runs, and nothing is held. */
static void metrics(struct scribe *scribe, uint64_t t_us, const struct display_metrics *m)
{
	struct session_second second = {
		.at_s = at_s(scribe, t_us), .metrics = *m,
		.has_target = scribe->has_target && (m->present & DISPLAY_TARGET) != 0,
		.target = scribe->target,
	};

	if (scribe->state == DISPLAY_SESSION_RUNNING && !scribe->spared)
		session_log_add_second(&scribe->log, &second);
}

static void link(struct scribe *scribe, uint64_t t_us, const struct display_link *m)
{
	struct display_link was = scribe->links;

	scribe->links = *m;
	if (!scribe_under_way(scribe))
		return;
	if (m->treadmill != was.treadmill)
		add(scribe, t_us, SESSION_EVENT_TREADMILL, (int32_t)m->treadmill);
	if (m->footpod != was.footpod)
		add(scribe, t_us, SESSION_EVENT_FOOTPOD, (int32_t)m->footpod);
}

static void about_prompt(struct scribe *scribe, uint64_t t_us, enum session_event_kind kind,
                         uint32_t id, int32_t value)
{
	const struct display_prompt *p = &scribe->live;
	struct session_event event = { .at_s = at_s(scribe, t_us), .kind = kind, .id = id,
		                       .value = value };

	if (p->id == id && id != 0) {
		snprintf(event.rule, sizeof(event.rule), "%s", p->rule);
		event.level = p->level;
	}
	if (kind == SESSION_EVENT_PROMPT) {
		snprintf(event.headline, sizeof(event.headline), "%s", p->headline);
		snprintf(event.text, sizeof(event.text), "%s", p->text);
	}
	keep(scribe, &event);
}

static void prompt(struct scribe *scribe, uint64_t t_us, const struct display_prompt *m)
{
	scribe->live = *m;
	if (scribe_under_way(scribe))
		about_prompt(scribe, t_us, SESSION_EVENT_PROMPT, m->id, 0);
}

static void clear(struct scribe *scribe, uint64_t t_us, const struct display_clear *m)
{
	if (scribe_under_way(scribe))
		about_prompt(scribe, t_us, SESSION_EVENT_CLEAR, m->id, (int32_t)m->reason);
}

void scribe_outcome(struct scribe *scribe, const struct outcome *outcome)
{
	const struct display_message *m = &outcome->message;

	if (m->type == DISPLAY_MESSAGE_SESSION) {
		session(scribe, outcome->t_us, &m->session);
		learn_who(scribe, &m->session);
	} else if (m->type == DISPLAY_MESSAGE_METRICS) {
		metrics(scribe, outcome->t_us, &m->metrics);
	} else if (m->type == DISPLAY_MESSAGE_TARGET) {
		scribe->has_target = true;
		scribe->target = m->target;
	} else if (m->type == DISPLAY_MESSAGE_LINK) {
		link(scribe, outcome->t_us, &m->link);
	} else if (m->type == DISPLAY_MESSAGE_PROMPT) {
		prompt(scribe, outcome->t_us, &m->prompt);
	} else if (m->type == DISPLAY_MESSAGE_CLEAR) {
		clear(scribe, outcome->t_us, &m->clear);
	}
}

/* ---- what goes into it ---------------------------------------------------- */

static void request(struct scribe *scribe, uint64_t t_us, const struct display_request *r)
{
	if (r->input == DISPLAY_INPUT_ANSWER)
		about_prompt(scribe, t_us, SESSION_EVENT_ANSWER, r->id ? r->id : scribe->live.id,
		             r->value);
	else if (r->input == DISPLAY_INPUT_PAIN)
		add(scribe, t_us, SESSION_EVENT_PAIN, r->value);
	else if (r->input == DISPLAY_INPUT_RED_FLAG)
		add(scribe, t_us, SESSION_EVENT_RED_FLAG, (int32_t)r->flag);
	else if (r->input == DISPLAY_INPUT_MUTE)
		add(scribe, t_us, SESSION_EVENT_MUTE, r->value);
	else if (r->input == DISPLAY_INPUT_INTERVALS)
		add(scribe, t_us, SESSION_EVENT_INTERVALS, r->value);
}

void scribe_event(struct scribe *scribe, const struct source_event *event)
{
	if (event->kind == SOURCE_REQUEST && scribe_under_way(scribe))
		request(scribe, event->t_us, &event->request);
	else if (event->kind == SOURCE_NAME && event->device == SOURCE_TREADMILL)
		snprintf(scribe->treadmill, sizeof(scribe->treadmill), "%s", event->text);
	else if (event->kind == SOURCE_NAME && event->device == SOURCE_FOOTPOD && event->unit == 1)
		snprintf(scribe->footpod, sizeof(scribe->footpod), "%s", event->text);
}

void scribe_forget(struct scribe *scribe)
{
	session_log_free(&scribe->log);
	snprintf(scribe->log.treadmill, sizeof(scribe->log.treadmill), "%s",
	         scribe->treadmill);
	scribe->live = (struct display_prompt){ .id = 0 };
}

void scribe_resume(struct scribe *scribe, struct session_log *log, uint64_t now_us,
                   uint32_t away_s)
{
	uint64_t before_us = ((uint64_t)log->length_s + away_s) * SECOND_US;

	session_log_free(&scribe->log);
	scribe->log = *log;
	session_log_init(log);
	scribe->state = DISPLAY_SESSION_PAUSED;
	scribe->began_us = now_us - before_us;
	add(scribe, now_us, SESSION_EVENT_PAUSE, 0);
}
