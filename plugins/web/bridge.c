/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "config.h"
#include "plugins/web/bridge.h"

#include "plugins/gaitd-display.h"
#include "plugins/web/clock.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

/* After so long without a turn we were stopped, and what lies in the socket
 * is of then: begin anew. */
#define STOPPED_MS 3000
#define TURN_MS 1000 /* at least one */

struct bridge {
	struct bridge_settings settings;
	struct event_base *base;
	struct gaitd_display *display;
	struct event *socket, *timer;
	int fd;       /* that `socket` waits for */
	short events;
	uint64_t turn_ms; /* the last */
	uint32_t changed;
};

/* ---- what gaitd says ---- */
static void on_state(bool ready, const char *why, void *user)
{
	struct bridge *b = user;
	const struct display_profile *p = &b->settings.present->profile;

	b->changed |= present_state(b->settings.present, ready, why,
	                            gaitd_display_caps(b->display));
	/* A daemon that was started again has forgotten who is running. */
	if (ready && (gaitd_display_caps(b->display) & DISPLAY_CAP_INPUT) &&
	    (p->has_height || p->has_back_pain || p->has_novice || p->has_units ||
	     p->has_lang))
		gaitd_display_profile(b->display, p);
}

static void on_link(const struct display_link *link, void *user)
{
	struct bridge *b = user;

	b->changed |= present_link(b->settings.present, link);
}

static void on_session(const struct display_session *session, void *user)
{
	struct bridge *b = user;
	const struct present *p = b->settings.present;

	if (session->state == DISPLAY_SESSION_RUNNING &&
	    (p->session.state == DISPLAY_SESSION_ENDED ||
	     p->session.state == DISPLAY_SESSION_IDLE))
		trace_clear(b->settings.trace);
	b->changed |= present_session(b->settings.present, session);
}

static void on_metrics(const struct display_metrics *metrics, void *user)
{
	struct bridge *b = user;
	const struct present *p = b->settings.present;

	b->changed |= present_metrics(b->settings.present, metrics);
	trace_metrics(b->settings.trace, metrics,
	              p->known & PRESENT_BIT(PRESENT_TARGET) ? &p->target : NULL,
	              clock_ms());
}

static void on_target(const struct display_target *target, void *user)
{
	struct bridge *b = user;

	b->changed |= present_target(b->settings.present, target);
}

static void on_prompt(const struct display_prompt *prompt, void *user)
{
	struct bridge *b = user;

	b->changed |= present_prompt(b->settings.present, prompt, clock_ms());
	trace_prompt(b->settings.trace, prompt->level, clock_ms());
}

static void on_clear(const struct display_clear *clear, void *user)
{
	struct bridge *b = user;

	b->changed |= present_clear(b->settings.present, clear);
}

static void on_battery(const struct display_battery *battery, void *user)
{
	struct bridge *b = user;

	b->changed |= present_battery(b->settings.present, battery);
}

static void on_summary(const struct display_summary *summary, void *user)
{
	struct bridge *b = user;

	b->changed |= present_summary(b->settings.present, summary);
}

static void on_error(const char *code, const char *detail, void *user)
{
	(void)user;
	fprintf(stderr, "gaitd-web: gaitd: %s: %s\n", code, detail);
}

static const struct gaitd_display_hooks hooks = {
	.state = on_state, .link = on_link, .session = on_session,
	.metrics = on_metrics, .target = on_target, .prompt = on_prompt,
	.clear = on_clear, .battery = on_battery, .summary = on_summary,
	.error = on_error,
};

/* ---- the loop ---- */
static void tell(struct bridge *b)
{
	uint32_t changed = b->changed;

	b->changed = 0;
	if (changed)
		b->settings.changed(changed, b->settings.user);
}

static void on_turn(evutil_socket_t fd, short what, void *user);

/* Waits for what the display waits for. */
static void arm(struct bridge *b)
{
	int fd = gaitd_display_fd(b->display);
	short poll_events = gaitd_display_events(b->display);
	short events = (short)((poll_events & POLLIN ? EV_READ : 0) |
	                       (poll_events & POLLOUT ? EV_WRITE : 0));
	int ms = gaitd_display_timeout_ms(b->display);
	struct timeval wait;

	if (fd != b->fd || events != b->events) {
		event_del(b->socket);
		b->fd = fd;
		b->events = events;
		if (fd >= 0) {
			event_assign(b->socket, b->base, fd, (short)(events | EV_PERSIST),
			             on_turn, b);
			event_add(b->socket, NULL);
		}
	}
	if (ms < 0 || ms > TURN_MS)
		ms = TURN_MS;
	wait = (struct timeval){ ms / 1000, ms % 1000 * 1000 };
	event_add(b->timer, &wait);
}

static struct gaitd_display *new_display(struct bridge *b)
{
	const struct gaitd_display_settings settings = {
		.socket = b->settings.socket,
		.name = b->settings.name,
		.version = PACKAGE_VERSION,
		.caps = DISPLAY_CAP_METRICS | DISPLAY_CAP_SHOWN | DISPLAY_CAP_INPUT |
		        DISPLAY_CAP_PERSONAL,
	};

	return gaitd_display_new(&settings, &hooks, b);
}

static void begin_anew(struct bridge *b)
{
	struct gaitd_display *fresh = new_display(b);

	if (!fresh)
		return;
	event_del(b->socket);
	b->fd = -1;
	gaitd_display_free(b->display);
	b->display = fresh;
	b->changed |= present_state(b->settings.present, false, "gaitd-web was stopped", 0);
}

static void on_turn(evutil_socket_t fd, short what, void *user)
{
	struct bridge *b = user;
	uint64_t now_ms = clock_ms();

	(void)fd;
	(void)what;
	if (now_ms - b->turn_ms > STOPPED_MS)
		begin_anew(b);
	b->turn_ms = now_ms;
	gaitd_display_process(b->display);
	arm(b);
	tell(b);
}

/* ---- what a browser says ---- */
static int refuse(int status, const char *reason, char *why, size_t size)
{
	snprintf(why, size, "%s", reason);
	return status;
}

static int take_shown(struct bridge *b, uint32_t id)
{
	if (present_shown(b->settings.present, id, clock_ms()))
		gaitd_display_shown(b->display, id);
	return 204; /* by another browser, or too late: no fault of this one */
}

static int take_input(struct bridge *b, const struct display_request *input, char *why,
                      size_t size)
{
	if (!(gaitd_display_caps(b->display) & DISPLAY_CAP_INPUT))
		return refuse(403, "gaitd does not grant input to this display: "
		                   "display.input of gaitd.yaml(5)", why, size);
	if (!gaitd_display_input(b->display, input))
		return refuse(503, "gaitd does not take it just now", why, size);
	b->changed |= present_input(b->settings.present, input, clock_ms());
	arm(b);
	tell(b);
	return 204;
}

int bridge_take(struct bridge *b, const char *line, size_t length, char *why, size_t size)
{
	struct display_request request;
	struct display_fault fault;

	if (!display_request_read(line, length, &request, &fault))
		return refuse(400, fault.detail, why, size);
	if (request.type != DISPLAY_REQUEST_INPUT && request.type != DISPLAY_REQUEST_SHOWN)
		return refuse(400, "type: input or shown is expected", why, size);
	if (!gaitd_display_is_ready(b->display))
		return refuse(503, "gaitd is not there", why, size);
	return request.type == DISPLAY_REQUEST_SHOWN ? take_shown(b, request.id) :
	                                               take_input(b, &request, why, size);
}

/* ---- the object ---- */
struct bridge *bridge_new(struct event_base *base, const struct bridge_settings *settings)
{
	struct bridge *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->settings = *settings;
	b->base = base;
	b->fd = -1;
	b->turn_ms = clock_ms();
	b->display = new_display(b);
	b->socket = event_new(base, -1, 0, on_turn, b);
	b->timer = evtimer_new(base, on_turn, b);
	if (!b->display || !b->socket || !b->timer) {
		bridge_free(b);
		return NULL;
	}
	on_turn(-1, 0, b);
	return b;
}

void bridge_free(struct bridge *b)
{
	if (!b)
		return;
	if (b->socket)
		event_free(b->socket);
	if (b->timer)
		event_free(b->timer);
	gaitd_display_free(b->display);
	free(b);
}
