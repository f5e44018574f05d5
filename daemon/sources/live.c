/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sources/live.h"

#include "daemon/service/log.h"
#include "daemon/service/timer.h"
#include "daemon/sources/knowledge.h"
#include "daemon/sources/live_verbs.h"

#include <assert.h>
#include <event2/event.h>
#include <stdlib.h>
#include <time.h>

#define TOKEN "clock"
#define SLEPT_US 2000000 /* what is told as a sleep */
#define NAP_US 10000     /* what a timer may be late for */
#define LATE_US 10000000
#define WAIT_MAX_US (3600ull * 1000000)
#define BEAT_US 260000 /* 4 Hz, and what it may be late for */

struct live {
	const struct source_live_ops *const *ops; /* NULL behind the last */
	void *sources[LIVE_SOURCES_MAX];          /* NULL: not started */
	struct knowledge *knowledge;
	struct source_host host;
	struct driver_settings set;
	struct event *timer;
	uint64_t armed_us; /* the deadline that it is set to; PIPELINE_NEVER: none */
	uint64_t armed_slept_us;
	uint64_t start_us; /* 0: not started */
	uint64_t slept_us; /* as far as it was noticed */
	uint64_t heard_us, before_us; /* the last event, and the one before; 0: none */
	uint64_t missed_us; /* a deadline that had passed when last looked at; 0: none */
};

/* ---- the clock ----------------------------------------------------------- */

static uint64_t clock_us(clockid_t clock)
{
	struct timespec now = { 0, 0 };

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static uint64_t now_us(const void *driver)
{
	const struct live *live = driver;

	return live->start_us ? clock_us(CLOCK_BOOTTIME) - live->start_us : 0;
}

static uint64_t late_us(const void *driver, uint64_t t_us)
{
	uint64_t now = now_us(driver);

	return now > t_us ? now - t_us : 0;
}

static uint64_t host_now_us(void *user)
{
	return now_us(user);
}

/* By how much it runs ahead of the clock that stands still in a sleep */
static uint64_t slept_us(void)
{
	uint64_t awake = clock_us(CLOCK_MONOTONIC), all = clock_us(CLOCK_BOOTTIME);

	return all > awake ? all - awake : 0;
}

static void notice_sleep(struct live *live)
{
	uint64_t slept = slept_us();

	if (slept > live->slept_us + SLEPT_US)
		log_notice(TOKEN, "the computer slept for %llu s: what was known is as old now",
		           (unsigned long long)((slept - live->slept_us) / 1000000));
	live->slept_us = slept;
}

/* ---- events and deadlines ------------------------------------------------ */

/* While devices tell something four times a second, what is due is done when the next of
 * them does, which wakes us anyhow; the timer is for when they fall silent. */
static uint64_t grace_us(const struct live *live, uint64_t now)
{
	bool has_beat = live->before_us && now - live->heard_us <= BEAT_US &&
	                live->heard_us - live->before_us <= BEAT_US;

	return has_beat ? BEAT_US : 0;
}

/* Most events move no deadline, and then the timer is right, unless it stood
 * still in a sleep. */
static void arm(struct live *live)
{
	uint64_t due = pipeline_deadline(live->set.pipeline), now;
	struct timeval wait;

	if (due == live->armed_us && live->slept_us < live->armed_slept_us + NAP_US)
		return;
	live->armed_us = due;
	live->armed_slept_us = live->slept_us;
	if (due == PIPELINE_NEVER) {
		event_del(live->timer);
		return;
	}
	now = now_us(live);
	due = (due > now ? due : now) + grace_us(live, now);
	wait = timer_wait(due < now + WAIT_MAX_US ? due : now + WAIT_MAX_US, now);
	/* as the player does: from now, not from when this turn began */
	event_base_update_cache_time(live->set.base);
	event_add(live->timer, &wait);
}

static void wake(void *driver)
{
	struct live *live = driver;

	notice_sleep(live);
	pipeline_advance(live->set.pipeline, now_us(live));
	arm(live);
}

static void on_timer(evutil_socket_t fd, short what, void *user)
{
	struct live *live = user;

	(void)fd;
	(void)what;
	live->armed_us = PIPELINE_NEVER;
	wake(live);
}

static void deliver(void *driver, struct source_event *event)
{
	struct live *live = driver;

	notice_sleep(live);
	event->t_us = now_us(live);
	live->before_us = live->heard_us;
	live->heard_us = event->t_us;
	live->set.deliver(event, live->set.user);
	arm(live);
}

static const char *footpod_unit(void *user)
{
	struct live *live = user;

	return live->set.footpod_unit(live->set.user);
}

static void set_footpod_unit(void *user, const char *unit)
{
	struct live *live = user;

	live->set.set_footpod_unit(live->set.user, unit);
}

/* ---- for watchdog.h ------------------------------------------------------ */

/* A deadline that has passed and stays may be one of a sleep that nobody has
 * noticed yet: then it is met now. */
static bool deadline_is_missed(struct live *live)
{
	uint64_t due = pipeline_deadline(live->set.pipeline);
	uint64_t missed_us = live->missed_us;

	if (slept_us() > live->slept_us + SLEPT_US) {
		wake(live);
		return false;
	}
	live->missed_us = due < PIPELINE_NEVER - LATE_US && due + LATE_US < now_us(live) ? due : 0;
	return live->missed_us && live->missed_us == missed_us;
}

static const char *stuck(void *driver)
{
	struct live *live = driver;
	const char *why = NULL;

	for (size_t i = 0; live->ops[i]; i++) {
		const char *found = live->ops[i]->stuck ?
		                            live->ops[i]->stuck(live->sources[i]) : NULL;

		if (!why)
			why = found;
	}
	if (deadline_is_missed(live) && !why)
		why = "what was due in the session does not happen";
	return why;
}

/* ---- the sources --------------------------------------------------------- */

struct live *live_new(const struct source_live_ops *const *sources,
                      const char *state_directory)
{
	struct live *live = calloc(1, sizeof(*live));

	if (!live)
		return NULL;
	live->ops = sources;
	live->knowledge = knowledge_open(state_directory);
	if (!live->knowledge) {
		free(live);
		return NULL;
	}
	return live;
}

static bool start(void *driver, const struct driver_settings *settings)
{
	struct live *live = driver;

	live->set = *settings;
	live->start_us = clock_us(CLOCK_BOOTTIME);
	live->slept_us = slept_us();
	live->host = (struct source_host){
		.base = settings->base,
		.knowledge = live->knowledge,
		.now_us = host_now_us,
		.deliver = deliver,
		.footpod_unit = footpod_unit,
		.set_footpod_unit = set_footpod_unit,
		.user = live,
	};
	live->timer = evtimer_new(settings->base, on_timer, live);
	live->armed_us = PIPELINE_NEVER;
	if (!live->timer)
		return false;
	for (size_t i = 0; live->ops[i]; i++) {
		assert(i < LIVE_SOURCES_MAX);
		live->sources[i] = live->ops[i]->start(&live->host, settings->config);
		if (!live->sources[i])
			return false;
	}
	return true;
}

static void end(void *driver)
{
	struct live *live = driver;

	for (size_t i = 0; live->ops[i]; i++) {
		if (live->sources[i])
			live->ops[i]->stop(live->sources[i]);
	}
	if (live->timer)
		event_free(live->timer);
	knowledge_close(live->knowledge);
	free(live);
}

static void outcome(void *driver, const struct outcome *what)
{
	struct live *live = driver;

	for (size_t i = 0; live->ops[i]; i++) {
		if (live->sources[i] && live->ops[i]->outcome)
			live->ops[i]->outcome(live->sources[i], what);
	}
	if (what->message.type == DISPLAY_MESSAGE_SESSION &&
	    what->message.session.state == DISPLAY_SESSION_ENDED)
		knowledge_end_session(live->knowledge);
}

static void reconfigure(void *driver, const struct config *config)
{
	struct live *live = driver;

	live->set.config = config;
	for (size_t i = 0; live->ops[i]; i++)
		live->ops[i]->reconfigure(live->sources[i], config);
}

static void describe(const void *driver, json_t *reply)
{
	const struct live *live = driver;
	json_t *sources = json_object();

	for (size_t i = 0; live->ops[i]; i++) {
		json_t *state = json_object();

		live->ops[i]->describe(live->sources[i], state);
		json_object_set_new(sources, live->ops[i]->name, state);
	}
	json_object_set_new(reply, "sources", sources);
}

/* ---- for live_verbs.c ---------------------------------------------------- */

struct knowledge *live_knowledge(struct live *live)
{
	return live->knowledge;
}

void live_devices_changed(struct live *live)
{
	reconfigure(live, live->set.config);
}

bool live_prove(struct live *live, const char *what, const char *units, json_t *reply)
{
	for (size_t i = 0; live->ops[i]; i++) {
		if (live->ops[i]->prove)
			return live->ops[i]->prove(live->sources[i], what, units, reply);
	}
	json_object_set_new(reply, "error", json_string("no radio here knows treadmills"));
	return false;
}

void live_nearby(struct live *live, json_t *devices)
{
	for (size_t i = 0; live->ops[i]; i++)
		live->ops[i]->nearby(live->sources[i], devices);
}

const struct driver_ops live_ops = {
	.start = start,
	.now_us = now_us,
	.late_us = late_us,
	.deliver = deliver,
	.wake = wake,
	.outcome = outcome,
	.reconfigure = reconfigure,
	.describe = describe,
	.stuck = stuck,
	.verbs = live_verbs,
	.free = end,
};
