/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "config.h"
#include "plugins/mqtt/bridge_private.h"

#include "plugins/mqtt/say.h"

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <string.h>

/* ---- what the daemon says -------------------------------------------------- */

static void on_state(bool ready, const char *why, void *user)
{
	struct bridge *b = user;
	bool news = b->facts.ready != ready;

	if (!ready)
		say("%s; trying again", why);
	memset(&b->facts, 0, sizeof(b->facts));
	b->facts.ready = ready;
	if (news) {
		struct stamp stamp = bridge_event_stamp(b);

		bridge_event(b, SPOOL_EVENT, message_daemon(&stamp, ready));
	}
	b->state_changed = true;
	bridge_fleet_ready(b);
	bridge_status(b);
}

/* A snapshot is not news. */
static void on_link(const struct display_link *link, void *user)
{
	struct bridge *b = user;
	bool news = b->facts.has_link && memcmp(&b->facts.link, link, sizeof(*link)) != 0;

	b->facts.link = *link;
	b->facts.has_link = true;
	b->state_changed = true;
	bridge_fleet_pod(b);
	if (news) {
		struct stamp stamp = bridge_event_stamp(b);

		bridge_event(b, SPOOL_EVENT, message_link(&stamp, link));
	}
}

static void on_session(const struct display_session *session, void *user)
{
	struct bridge *b = user;
	bool news = b->facts.has_session && b->facts.session.state != session->state;

	b->facts.session = *session;
	b->facts.has_session = true;
	b->state_changed = true;
	if (news) {
		struct stamp stamp = bridge_event_stamp(b);

		bridge_event(b, SPOOL_EVENT, message_session(&stamp, session));
	}
}

static void on_metrics(const struct display_metrics *metrics, void *user)
{
	struct bridge *b = user;

	b->facts.metrics = *metrics;
	b->state_changed = true;
}

static void on_prompt(const struct display_prompt *prompt, void *user)
{
	struct bridge *b = user;
	struct stamp stamp = bridge_event_stamp(b);

	b->minute.prompts[prompt->level]++;
	bridge_event(b, prompt->level == DISPLAY_LEVEL_SAFETY ? SPOOL_SAFETY : SPOOL_EVENT,
	             message_prompt(&stamp, prompt));
}

static void on_battery(const struct display_battery *battery, void *user)
{
	struct bridge *b = user;

	b->facts.battery = *battery;
	b->facts.has_battery = true;
	b->state_changed = true;
}

static const struct gaitd_display_hooks hooks = {
	.state = on_state, .link = on_link, .session = on_session,
	.metrics = on_metrics, .prompt = on_prompt, .battery = on_battery,
};

/* ---- its socket, under libevent ---------------------------------------------- */

static void watch(struct bridge *b);

static void on_ready(evutil_socket_t fd, short what, void *user)
{
	struct bridge *b = user;

	(void)fd;
	(void)what;
	gaitd_display_process(b->display);
	watch(b);
}

/* The descriptor is another one after each connection. */
static void watch(struct bridge *b)
{
	short wanted = gaitd_display_events(b->display);
	short events = (short)((wanted & POLLIN ? EV_READ : 0) | (wanted & POLLOUT ? EV_WRITE : 0));
	int fd = gaitd_display_fd(b->display), ms = gaitd_display_timeout_ms(b->display);
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	if (b->display_event)
		event_free(b->display_event);
	b->display_event = event_new(b->base, fd, (short)(fd < 0 ? 0 : events), on_ready, b);
	if (b->display_event)
		event_add(b->display_event, ms < 0 ? NULL : &wait);
}

bool bridge_display_open(struct bridge *b, const struct bridge_options *options)
{
	const struct gaitd_display_settings settings = {
		.socket = options->socket, .name = options->name, .version = PACKAGE_VERSION,
		.caps = DISPLAY_CAP_METRICS,
	};

	b->display = gaitd_display_new(&settings, &hooks, b);
	if (!b->display) {
		say("the socket's path: %s", strerror(errno));
		return false;
	}
	watch(b);
	return true;
}

void bridge_display_close(struct bridge *b)
{
	if (b->display_event)
		event_free(b->display_event);
	gaitd_display_free(b->display);
}
