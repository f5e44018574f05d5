/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "config.h"
#include "daemon/displays/hub.h"

#include "daemon/displays/display_client.h"
#include "daemon/displays/slots.h"
#include "daemon/service/listener.h"
#include "daemon/service/log.h"
#include "daemon/service/unserved.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct hub {
	struct event_base *base;
	struct hub_settings settings;
	hub_input_fn input;
	void *user;
	struct listener listener;
	struct event *acceptable, *retry;
	struct unserved door;
	uint64_t turns; /* at the door */
	struct event *reaper; /* frees those that are gone, outside their calls */
	struct display_client_hooks hooks;
	struct named_once named;
	struct board board;
	uint64_t ping_us; /* when displays are pinged next, with what they are told */
	struct display_client *clients[HUB_DISPLAYS_MAX]; /* as they came */
	size_t count;
};

void hub_settings_init(struct hub_settings *settings)
{
	static const char *const all[] = { "*" };

	*settings = (struct hub_settings){
		.passed = -1,
		.group = "gaitd-display",
		.daemon = "gaitd",
		.input = { all, 1 },
		.displays_max = HUB_DISPLAYS_MAX,
		.hello_ms = 3000,
		.ping_ms = 5000,
		.pings_max = 3,
		.stuck_ms = 10000,
		.messages_max = 50,
		.rate_ms = 1000,
		.errors_max = 20,
		.errors_ms = 10000,
		.accept_ms = 1000,
	};
}

/* ---- displays come and go ---- */
static void pause_accepting(struct hub *hub, const char *why, bool for_a_while)
{
	struct timeval wait = { .tv_sec = hub->settings.accept_ms / 1000,
		                .tv_usec = hub->settings.accept_ms % 1000 * 1000 };

	log_known(MESSAGE_DISPLAYS_WAIT, "display", "%s: further displays wait at the door", why);
	event_del(hub->acceptable);
	if (for_a_while)
		event_add(hub->retry, &wait);
}

static void say_changed(struct hub *hub)
{
	if (hub->settings.changed)
		hub->settings.changed(hub->user);
}

static void add_client(struct hub *hub, int fd)
{
	struct display_client *client = display_client_new(
		hub->base, fd, &hub->settings, &hub->board, &hub->hooks);

	if (client) {
		hub->clients[hub->count++] = client;
		say_changed(hub);
	} else {
		log_known(MESSAGE_OUT_OF_MEMORY, "display", "out of memory: a display was turned away");
	}
}

static void on_acceptable(evutil_socket_t fd, short what, void *user)
{
	struct hub *hub = user;
	int client;

	(void)what;
	hub->turns++;
	if (hub->count >= hub->settings.displays_max) {
		pause_accepting(hub, "as many displays as display.max allows", false);
		return;
	}
	client = accept4((int)fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (client >= 0)
		add_client(hub, client);
	else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
	         errno == ENOBUFS)
		pause_accepting(hub, strerror(errno), true);
}

static void on_retry(evutil_socket_t fd, short what, void *user)
{
	struct hub *hub = user;

	(void)fd;
	(void)what;
	event_add(hub->acceptable, NULL);
}

static void on_reap(evutil_socket_t fd, short what, void *user)
{
	struct hub *hub = user;
	size_t kept = 0;

	(void)fd;
	(void)what;
	for (size_t i = 0; i < hub->count; i++)
		if (display_client_is_gone(hub->clients[i]))
			display_client_free(hub->clients[i]);
		else
			hub->clients[kept++] = hub->clients[i];
	hub->count = kept;
	event_add(hub->acceptable, NULL);
	say_changed(hub);
}

static void on_gone(void *user)
{
	struct hub *hub = user;

	event_active(hub->reaper, EV_TIMEOUT, 0);
}

static void on_input(const struct display_request *input, const char *name,
                     void *user)
{
	struct hub *hub = user;

	hub->input(input, name, hub->user);
}

/* ---- what the core says ---- */
static uint64_t clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

/* Awake for something else, the loop need not wake for them. */
static void ping_all(struct hub *hub, uint64_t now_us)
{
	uint64_t each_us = hub->settings.ping_ms * UINT64_C(1000);

	hub->ping_us = (now_us / each_us + 1) * each_us;
	for (size_t i = 0; i < hub->count; i++)
		display_client_ping(hub->clients[i], now_us);
}

static void tell(struct hub *hub, enum slot slot)
{
	uint64_t now_us = hub->count > 0 ? clock_us() : 0;

	hub->board.known |= SLOT_BIT(slot);
	for (size_t i = 0; i < hub->count; i++)
		display_client_touch(hub->clients[i], slot, now_us);
	if (now_us >= hub->ping_us)
		ping_all(hub, now_us);
}

static void prompt_new(struct hub *hub, const struct display_prompt *prompt)
{
	hub->board.prompt = *prompt;
	hub->board.prompt_us = clock_us();
	hub->board.prompt_end_us = hub->board.prompt_us +
	                           (uint64_t)prompt->ttl_ms * 1000u;
	log_set_field(LOG_RULE, prompt->rule);
	if (hub_count(hub) == 0)
		log_info("display", "nobody is shown %s: no display is connected", prompt->rule);
	else
		log_debug("display", "prompt %s", prompt->rule);
	log_set_field(LOG_RULE, NULL);
	tell(hub, SLOT_PROMPT);
}

static void prompt_over(struct hub *hub, const struct display_clear *clear)
{
	for (size_t i = 0; i < hub->count; i++)
		display_client_clear(hub->clients[i], clear);
	if (hub->board.prompt.id == clear->id)
		hub->board.known &= ~SLOT_BIT(SLOT_PROMPT);
}

void hub_outcome(struct hub *hub, const struct outcome *outcome)
{
	const struct display_message *m = &outcome->message;

	switch (m->type) {
	case DISPLAY_MESSAGE_LINK:
		hub->board.link = m->link;
		tell(hub, SLOT_LINK);
		break;
	case DISPLAY_MESSAGE_SESSION:
		hub->board.session = m->session;
		/* a summary is of the session that is over: no other one sees it */
		if (m->session.state != DISPLAY_SESSION_ENDED)
			hub->board.known &= ~SLOT_BIT(SLOT_SUMMARY);
		tell(hub, SLOT_SESSION);
		break;
	case DISPLAY_MESSAGE_METRICS:
		hub->board.metrics = m->metrics;
		hub->board.metrics_line[0].length = hub->board.metrics_line[1].length = 0;
		if (hub->count > 0)
			board_share_metrics(&hub->board);
		tell(hub, SLOT_METRICS);
		break;
	case DISPLAY_MESSAGE_TARGET:
		hub->board.target = m->target;
		tell(hub, SLOT_TARGET);
		break;
	case DISPLAY_MESSAGE_PROMPT:
		prompt_new(hub, &m->prompt);
		break;
	case DISPLAY_MESSAGE_CLEAR:
		prompt_over(hub, &m->clear);
		break;
	case DISPLAY_MESSAGE_BATTERY:
		hub->board.battery = m->battery;
		tell(hub, SLOT_BATTERY);
		break;
	case DISPLAY_MESSAGE_SUMMARY:
		hub->board.summary = m->summary;
		tell(hub, SLOT_SUMMARY);
		break;
	case DISPLAY_MESSAGE_HELLO:
	case DISPLAY_MESSAGE_READY:
	case DISPLAY_MESSAGE_PING:
	case DISPLAY_MESSAGE_ERROR:
	case DISPLAY_MESSAGE_BYE:
	case DISPLAY_MESSAGE_OTHER:
		break; /* the hub's own affairs */
	}
}

/* ---- the hub itself ---- */
static bool make_events(struct hub *hub)
{
	hub->acceptable = event_new(hub->base, hub->listener.fd,
	                            EV_READ | EV_PERSIST, on_acceptable, hub);
	hub->retry = evtimer_new(hub->base, on_retry, hub);
	hub->reaper = evtimer_new(hub->base, on_reap, hub);
	return hub->acceptable && hub->retry && hub->reaper &&
	       event_add(hub->acceptable, NULL) == 0;
}

static bool listen_there(struct hub *hub)
{
	const struct hub_settings *settings = &hub->settings;

	if (settings->passed >= 0)
		return listener_adopt(&hub->listener, "display", settings->passed);
	return listener_open(&hub->listener, "display", settings->path, settings->group);
}

struct hub *hub_new(struct event_base *base, const struct hub_settings *settings,
                    hub_input_fn input, void *user)
{
	struct hub *hub = calloc(1, sizeof(*hub));

	if (!hub)
		return NULL;
	hub->base = base;
	hub->settings = *settings;
	hub->input = input;
	hub->user = user;
	hub->hooks = (struct display_client_hooks){ on_input, on_gone, hub,
	                                             &hub->named };
	hub->listener.fd = -1;
	assert(settings->displays_max <= HUB_DISPLAYS_MAX);
	if (listen_there(hub) && make_events(hub))
		return hub;
	hub_free(hub);
	return NULL;
}

void hub_free(struct hub *hub)
{
	int error = errno;

	if (!hub)
		return;
	for (size_t i = 0; i < hub->count; i++) {
		display_client_bye(hub->clients[i]);
		display_client_free(hub->clients[i]);
	}
	if (hub->acceptable)
		event_free(hub->acceptable);
	if (hub->retry)
		event_free(hub->retry);
	if (hub->reaper)
		event_free(hub->reaper);
	listener_close(&hub->listener);
	free(hub);
	errno = error;
}

const char *hub_stuck(void *user)
{
	struct hub *hub = user;
	bool open = event_pending(hub->acceptable, EV_READ, NULL);

	if (unserved_is(&hub->door, hub->listener.fd, hub->turns) && open)
		return "displays that connect are not let in";
	if (!open && !event_pending(hub->retry, EV_TIMEOUT, NULL) &&
	    hub->count < hub->settings.displays_max)
		return "no display is let in any more";
	for (size_t i = 0; i < hub->count; i++) {
		if (display_client_is_forgotten(hub->clients[i]))
			return "a display that does not read is neither served nor closed";
	}
	return NULL;
}

size_t hub_count(const struct hub *hub)
{
	size_t count = 0;

	for (size_t i = 0; i < hub->count; i++)
		count += !display_client_is_gone(hub->clients[i]);
	return count;
}

size_t hub_describe(const struct hub *hub, struct hub_display *out, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < hub->count && count < max; i++)
		if (!display_client_is_gone(hub->clients[i]))
			display_client_describe(hub->clients[i], &out[count++]);
	return count;
}
