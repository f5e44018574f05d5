/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sources/player.h"

#include <event2/event.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

/* What is done before the loop gets its turn: so many steps, each of which
 * lets at most so much time pass. */
#define STEPS_AT_ONCE 1024
#define STEP_US (600ull * 1000000)
#define WAIT_MAX_US (3600ull * 1000000)

enum step {
	STEP_MORE,    /* there is more to do up to the limit */
	STEP_REACHED, /* the limit is reached */
	STEP_WAIT,    /* the source does not know yet what comes next */
	STEP_END,
	STEP_FAILED,
};

struct player {
	const struct source_player_ops *ops;
	void *source;
	double speed;
	struct driver_settings set;
	struct event *timer, *readable;
	uint64_t position_us; /* session time reached */
	uint64_t fast_until_us;
	bool paced;         /* beyond fast_until_us: session time follows the clock */
	int64_t anchor_us;  /* the clock's, when session time was fast_until_us */
	struct source_event next;
	bool has_next; /* `next` is due at goal_us */
	bool ending;   /* no more events; goal_us is the end */
	uint64_t goal_us;
	bool ended;
};

static int64_t clock_us(void)
{
	struct timespec now = { 0, 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Up to where events may be played now */
static uint64_t limit_us(const struct player *p)
{
	double passed;

	if (!p->paced)
		return p->fast_until_us;
	passed = (double)(clock_us() - p->anchor_us) * p->speed;
	return p->fast_until_us + (uint64_t)passed;
}

/* Learns what comes next, if it is not known. */
static enum step look_ahead(struct player *p)
{
	uint64_t end_us = SOURCE_NEVER;

	if (p->has_next || p->ending)
		return STEP_MORE;
	switch (p->ops->next(p->source, &p->next, &end_us)) {
	case SOURCE_NEXT_EVENT:
		p->has_next = true;
		p->goal_us = p->next.t_us;
		return STEP_MORE;
	case SOURCE_NEXT_WAIT:
		return STEP_WAIT;
	case SOURCE_NEXT_END:
		p->ending = true;
		p->goal_us = end_us == SOURCE_NEVER || end_us < p->position_us ?
		                     p->position_us : end_us;
		return STEP_MORE;
	case SOURCE_NEXT_ERROR:
		break;
	}
	return STEP_FAILED;
}

/* The goal is reached: the event is delivered, or the end is. The pipeline
 * meets the deadlines before an event by itself when it is fed. */
static enum step reach_goal(struct player *p)
{
	bool moved = p->goal_us > p->position_us;

	if (moved)
		p->position_us = p->goal_us;
	if (p->has_next) {
		p->has_next = false;
		p->set.deliver(&p->next, p->set.user);
		return STEP_MORE;
	}
	if (moved)
		pipeline_advance(p->set.pipeline, p->position_us);
	return STEP_END;
}

static enum step step(struct player *p, uint64_t limit)
{
	enum step looked = look_ahead(p);
	uint64_t target = limit;

	if (looked != STEP_MORE)
		return looked;
	if (p->goal_us <= limit && p->goal_us <= p->position_us + STEP_US)
		return reach_goal(p);
	if (target > p->position_us + STEP_US)
		target = p->position_us + STEP_US;
	if (target > p->position_us) {
		p->position_us = target;
		pipeline_advance(p->set.pipeline, target);
	}
	return target < limit ? STEP_MORE : STEP_REACHED;
}

static enum step play(struct player *p)
{
	uint64_t limit = limit_us(p);
	enum step done = STEP_MORE;

	for (int i = 0; i < STEPS_AT_ONCE && done == STEP_MORE; i++)
		done = step(p, limit);
	if (done == STEP_REACHED && !p->paced) {
		p->paced = true;
		p->anchor_us = clock_us();
	}
	return done;
}

/* How long until the next event or deadline is due, on the clock */
static uint64_t wait_us(const struct player *p)
{
	uint64_t due = pipeline_deadline(p->set.pipeline);
	uint64_t now = limit_us(p);
	double wait;

	if (p->goal_us < due)
		due = p->goal_us;
	if (due <= now)
		return 0;
	wait = (double)(due - now) / p->speed + 1; /* no early wake-up */
	return wait < (double)WAIT_MAX_US ? (uint64_t)wait : WAIT_MAX_US;
}

static void arm(struct player *p, uint64_t after_us)
{
	struct timeval tv = { (time_t)(after_us / 1000000),
		              (suseconds_t)(after_us % 1000000) };

	/* from now, not from when this turn of the loop began: a timer that
	 * fires before what is due is one in vain, and then there are two */
	event_base_update_cache_time(p->set.base);
	event_add(p->timer, &tv);
}

/* Events come in slower than they are wanted, or lines that are none: a file
 * is always readable, and not for epoll. */
static void wait_for_source(struct player *p)
{
	struct pollfd fd = { .fd = p->ops->descriptor(p->source),
		             .events = POLLIN };

	if (poll(&fd, 1, 0) != 0)
		arm(p, 0);
	else
		event_add(p->readable, NULL);
}

static void go_on(evutil_socket_t fd, short what, void *user)
{
	struct player *p = user;

	(void)fd;
	(void)what;
	switch (play(p)) {
	case STEP_MORE:
		arm(p, 0);
		break;
	case STEP_REACHED:
		arm(p, wait_us(p));
		break;
	case STEP_WAIT:
		wait_for_source(p);
		break;
	case STEP_END:
		p->ended = true;
		p->set.ended(false, p->set.user);
		break;
	case STEP_FAILED:
		p->ended = true;
		p->set.ended(true, p->set.user);
		break;
	}
}

static bool make_events(struct player *p, struct event_base *base)
{
	const struct source_player_ops *ops = p->ops;

	p->timer = evtimer_new(base, go_on, p);
	if (!p->timer)
		return false;
	if (!ops->descriptor)
		return true;
	p->readable = event_new(base, ops->descriptor(p->source), EV_READ, go_on, p);
	return p->readable != NULL;
}

struct player *player_new(const struct source_player_ops *ops, void *source,
                          double speed)
{
	struct player *p = calloc(1, sizeof(*p));

	if (!p) {
		ops->free(source);
		return NULL;
	}
	p->ops = ops;
	p->source = source;
	p->speed = speed;
	return p;
}

static bool start(void *driver, const struct driver_settings *settings)
{
	struct player *p = driver;

	p->set = *settings;
	if (p->speed == PLAYER_MAX)
		p->fast_until_us = UINT64_MAX;
	else if (p->ops->fast_until_us)
		p->fast_until_us = p->ops->fast_until_us(p->source);
	if (!make_events(p, settings->base))
		return false;
	arm(p, 0);
	return true;
}

static void end(void *driver)
{
	struct player *p = driver;

	if (p->timer)
		event_free(p->timer);
	if (p->readable)
		event_free(p->readable);
	p->ops->free(p->source);
	free(p);
}

static uint64_t now_us(const void *driver)
{
	const struct player *p = driver;

	return p->position_us;
}

static uint64_t late_us(const void *driver, uint64_t t_us)
{
	const struct player *p = driver;
	uint64_t now;

	if (!p->paced || p->speed != 1)
		return UINT64_MAX;
	now = limit_us(p);
	return now > t_us ? now - t_us : 0;
}

static void deliver(void *driver, struct source_event *event)
{
	struct player *p = driver;

	if (p->ended)
		return;
	/* whatever is due before it comes first; an end is met by the timer */
	play(p);
	event->t_us = p->position_us;
	p->set.deliver(event, p->set.user);
	arm(p, 0);
}

static void wake(void *driver)
{
	struct player *p = driver;

	if (!p->ended)
		arm(p, 0);
}

static const char *stuck(void *driver)
{
	const struct player *p = driver;

	if (p->ended || event_pending(p->timer, EV_TIMEOUT, NULL) ||
	    (p->readable && event_pending(p->readable, EV_READ, NULL)))
		return NULL;
	return "nothing plays the recording, or the simulation, on";
}

static void outcome(void *driver, const struct outcome *what)
{
	struct player *p = driver;

	if (p->ops->outcome)
		p->ops->outcome(p->source, what);
}

const struct driver_ops player_ops = {
	.paces = true,
	.start = start,
	.now_us = now_us,
	.late_us = late_us,
	.deliver = deliver,
	.wake = wake,
	.outcome = outcome,
	.stuck = stuck,
	.free = end,
};
