/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "config.h"
#include "daemon/displays/display_client.h"

#include "daemon/service/log.h"
#include "daemon/service/timer.h"

#include <errno.h>
#include <event2/event.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define US_PER_MS 1000u
#define NEVER UINT64_MAX
#define MISBEHAVES "misbehaves"
#define FORGOTTEN_MS 10000

/* How often something happened within a span */
struct rate {
	uint64_t start_us;
	unsigned count;
};

struct display_client {
	const struct hub_settings *settings;
	const struct display_client_hooks *hooks;
	int fd; /* -1: gone */
	struct event *readable, *writable, *timer;
	bool awaits_room;  /* `writable` is pending */
	uint64_t timer_us; /* when `timer` comes; NEVER: it does not */
	struct ucred peer;
	struct display_request hello;
	bool ready;
	struct slots slots;
	struct display_framer framer;
	char inbox[DISPLAY_LINE_MAX]; /* read, not yet framed */
	size_t inbox_at, inbox_length;
	uint64_t paused_us; /* not read until then; 0: it is read */
	uint64_t began_us;  /* connected */
	uint64_t heard_us;  /* last read from, or last pinged */
	unsigned pings;     /* unanswered */
	struct rate messages, errors;
	unsigned error_count;
	uint64_t shown;
};

static uint64_t clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

/* Whether it has happened `most` times within `span_ms` */
static bool rate_is_full(struct rate *rate, unsigned most, uint32_t span_ms,
                         uint64_t now_us)
{
	if (now_us - rate->start_us >= (uint64_t)span_ms * US_PER_MS)
		*rate = (struct rate){ .start_us = now_us };
	return rate->count >= most;
}

/* "acme-led (pid 12, uid 1000)" */
static const char *label(const struct display_client *c, char out[128])
{
	snprintf(out, 128, "%s (pid %ld, uid %lu)",
	         c->hello.name[0] ? c->hello.name : "a display without hello",
	         (long)c->peer.pid, (unsigned long)c->peer.uid);
	return out;
}

/* What the operator should know of this display, once; that it happens again is
 * for who asks for it. */
__attribute__((format(printf, 4, 5)))
static void say_of(struct display_client *c, enum log_level level, const char *what,
                   const char *format, ...)
{
	struct named_once *named = c->hooks->named;
	char name[128], text[384];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	label(c, name);
	if (!named_once(named, what, c->hello.name, c->peer.pid, c->peer.uid, clock_us()))
		log_info("display", "%s%s", name, text);
	else if (level == LOG_LEVEL_WARNING)
		log_known_unlimited(MESSAGE_DISPLAY_MISBEHAVES, "display", "%s%s", name, text);
	else
		log_unlimited(level, "display", "%s%s", name, text);
}

/* ---- the end ---- */

/* What a peer has sent and we have not read would turn its reading of our
 * last line into an error on some systems. */
static void drain(int fd)
{
	char waste[4096];

	shutdown(fd, SHUT_WR);
	for (int i = 0; i < 16; i++)
		if (recv(fd, waste, sizeof(waste), MSG_DONTWAIT) <= 0)
			return;
}

static void leave(struct display_client *c)
{
	if (c->fd < 0)
		return;
	event_del(c->readable);
	event_del(c->writable);
	event_del(c->timer);
	drain(c->fd);
	close(c->fd);
	c->fd = -1;
	c->hooks->gone(c->hooks->user);
}

bool display_client_is_gone(const struct display_client *client)
{
	return client->fd < 0;
}

void display_client_free(struct display_client *client)
{
	if (!client)
		return;
	if (client->fd >= 0)
		close(client->fd);
	if (client->readable)
		event_free(client->readable);
	if (client->writable)
		event_free(client->writable);
	if (client->timer)
		event_free(client->timer);
	free(client);
}

/* ---- time ---- */
static uint64_t after(uint64_t since_us, uint64_t span_ms)
{
	return since_us == NEVER ? NEVER : since_us + span_ms * US_PER_MS;
}

static uint64_t earliest(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t stuck_at(const struct display_client *c)
{
	return after(slots_waiting_since(&c->slots), c->settings->stuck_ms);
}

static uint64_t hello_at(const struct display_client *c)
{
	return c->ready ? NEVER : after(c->began_us, c->settings->hello_ms);
}

/* Silence counts only while we listen. All displays are pinged at the same
 * moments, so that the loop wakes once for them; a pong comes a bit after one of
 * these, and must not put off the next ping to the one after it. */
static uint64_t ping_at(const struct display_client *c)
{
	uint64_t each_us = c->settings->ping_ms * US_PER_MS;
	/* a ping may have gone a twentieth late, and the pong takes its time */
	uint64_t silent_us = c->heard_us + each_us - each_us * 3 / 20;

	return c->ready && !c->paused_us ? (silent_us + each_us - 1) / each_us * each_us :
	                                   NEVER;
}

/* With what it is told meanwhile it is pinged as well: display_client_ping() */
static uint64_t ping_alone_at(const struct display_client *c)
{
	return after(ping_at(c), c->settings->ping_ms / 20);
}

static void set_timer(struct display_client *c, uint64_t now_us)
{
	uint64_t at = earliest(earliest(stuck_at(c), hello_at(c)),
	                       earliest(ping_alone_at(c), c->paused_us ? c->paused_us : NEVER));
	struct timeval wait;

	if (at == c->timer_us)
		return;
	c->timer_us = at;
	wait = timer_wait(at, now_us);
	if (at == NEVER)
		event_del(c->timer);
	else
		event_add(c->timer, &wait);
}

/* ---- to the display ---- */
/* What follows from it that so much was taken */
static void settle(struct display_client *c, enum slots_result result, uint64_t now_us)
{
	switch (result) {
	case SLOTS_EMPTY:
		if (c->awaits_room)
			event_del(c->writable);
		c->awaits_room = false;
		break;
	case SLOTS_BLOCKED:
		event_add(c->writable, NULL);
		c->awaits_room = true;
		break;
	case SLOTS_BROKEN:
		say_of(c, LOG_LEVEL_NOTICE, "gone", " has gone: %s", strerror(errno));
		leave(c);
		return;
	}
	set_timer(c, now_us);
}

static void send_due(struct display_client *c, uint64_t now_us)
{
	if (c->fd >= 0)
		settle(c, slots_send(&c->slots, c->fd, now_us), now_us);
}

static void refuse(struct display_client *c, const struct display_fault *fault,
                   bool fatal, uint64_t now_us)
{
	struct display_fault last = { DISPLAY_ERROR_TOO_MANY_ERRORS, "" };

	c->error_count++;
	if (!fatal && rate_is_full(&c->errors, c->settings->errors_max,
	                           c->settings->errors_ms, now_us)) {
		snprintf(last.detail, sizeof(last.detail), "the last: %s: %.80s",
		         display_error_name(fault->code), fault->detail);
		fault = &last;
		fatal = true;
	}
	c->errors.count++;
	say_of(c, LOG_LEVEL_WARNING, MISBEHAVES, ": %s: %s%s",
	       display_error_name(fault->code), fault->detail, fatal ? "; closed" : "");
	slots_error(&c->slots, fault, fatal, now_us);
	send_due(c, now_us);
	if (fatal)
		leave(c);
}

static void refuse_with(struct display_client *c, enum display_error code,
                        const char *detail, bool fatal, uint64_t now_us)
{
	struct display_fault fault = { .code = code };

	snprintf(fault.detail, sizeof(fault.detail), "%s", detail);
	refuse(c, &fault, fatal, now_us);
}

/* ---- from the display ---- */
static bool grants(const struct hub_grant *grant, const char *name)
{
	for (size_t i = 0; i < grant->count; i++)
		if (strcmp(grant->names[i], "*") == 0 ||
		    strcmp(grant->names[i], name) == 0)
			return true;
	return false;
}

static uint32_t granted(const struct display_client *c)
{
	uint32_t caps = c->hello.caps;

	if (!grants(&c->settings->input, c->hello.name))
		caps &= ~(uint32_t)DISPLAY_CAP_INPUT;
	if (!grants(&c->settings->personal, c->hello.name))
		caps &= ~(uint32_t)DISPLAY_CAP_PERSONAL;
	return caps;
}

static void welcome(struct display_client *c,
                    const struct display_request *hello, uint64_t now_us)
{
	char detail[64];
	uint32_t caps;

	c->hello = *hello;
	if (hello->protocol != DISPLAY_PROTOCOL_VERSION) {
		snprintf(detail, sizeof(detail), "protocol: expected %d, got %lu",
		         DISPLAY_PROTOCOL_VERSION, (unsigned long)hello->protocol);
		refuse_with(c, DISPLAY_ERROR_NO_COMMON_VERSION, detail, true, now_us);
		return;
	}
	c->ready = true;
	caps = granted(c);
	slots_ready(&c->slots, caps, now_us);
	say_of(c, LOG_LEVEL_NOTICE, "ready", ": ready, version %s%s%s",
	       hello->version[0] ? hello->version : "not said",
	       caps & DISPLAY_CAP_INPUT ? ", input" : "",
	       caps & DISPLAY_CAP_PERSONAL ? ", personal" : "");
	send_due(c, now_us);
}

static void take_input(struct display_client *c,
                       const struct display_request *request, uint64_t now_us)
{
	if (c->slots.caps & DISPLAY_CAP_INPUT)
		c->hooks->input(request, c->hello.name, c->hooks->user);
	else
		refuse_with(c, DISPLAY_ERROR_NOT_GRANTED,
		            c->hello.caps & DISPLAY_CAP_INPUT ?
		            "input: display.input of the configuration does not "
		            "name this display" :
		            "input: not among the caps of hello", false, now_us);
}

static void take_request(struct display_client *c,
                         const struct display_request *request, uint64_t now_us)
{
	switch (request->type) {
	case DISPLAY_REQUEST_HELLO:
		if (c->ready)
			refuse_with(c, DISPLAY_ERROR_BAD_HELLO,
			            "hello: said before", false, now_us);
		else
			welcome(c, request, now_us);
		break;
	case DISPLAY_REQUEST_SHOWN:
		c->shown++;
		break;
	case DISPLAY_REQUEST_INPUT:
		take_input(c, request, now_us);
		break;
	case DISPLAY_REQUEST_PONG:
		break;
	case DISPLAY_REQUEST_PING:
		slots_touch(&c->slots, SLOT_PONG, now_us);
		send_due(c, now_us);
		break;
	}
}

/* Before ready nothing but hello: the first fault is the last. */
static void take_line(struct display_client *c, const char *line, size_t length,
                      uint64_t now_us)
{
	struct display_request request;
	struct display_fault fault;

	if (!display_request_read(line, length, &request, &fault))
		refuse(c, &fault, !c->ready, now_us);
	else if (!c->ready && request.type != DISPLAY_REQUEST_HELLO)
		refuse_with(c, DISPLAY_ERROR_BAD_HELLO,
		            "expected hello before anything else", true, now_us);
	else
		take_request(c, &request, now_us);
}

static void pause_reading(struct display_client *c, const char *why,
                          uint64_t now_us)
{
	say_of(c, LOG_LEVEL_WARNING, MISBEHAVES, ": %s; not read for %lu ms", why,
	       (unsigned long)c->settings->rate_ms);
	c->paused_us = now_us + (uint64_t)c->settings->rate_ms * US_PER_MS;
	event_del(c->readable);
}

/* Takes what the inbox holds up to the end of a line */
static void take_next(struct display_client *c, uint64_t now_us)
{
	const char *bytes = c->inbox + c->inbox_at;
	size_t left = c->inbox_length - c->inbox_at;
	size_t length = 0;
	enum display_frame_result result =
		display_framer_next(&c->framer, &bytes, &left, &length);

	c->inbox_at = c->inbox_length - left;
	switch (result) {
	case DISPLAY_FRAME_NONE:
		break;
	case DISPLAY_FRAME_LINE:
		c->messages.count++;
		take_line(c, c->framer.line, length, now_us);
		break;
	case DISPLAY_FRAME_TOO_LONG:
		refuse_with(c, DISPLAY_ERROR_LINE_TOO_LONG,
		            "a line has at most 4096 octets with its LF",
		            !c->ready, now_us);
		if (c->fd >= 0)
			pause_reading(c, "a line is too long", now_us);
		break;
	}
}

static void take_inbox(struct display_client *c, uint64_t now_us)
{
	while (c->fd >= 0 && !c->paused_us && c->inbox_at < c->inbox_length)
		if (rate_is_full(&c->messages, c->settings->messages_max,
		                 c->settings->rate_ms, now_us))
			pause_reading(c, "too many messages", now_us);
		else
			take_next(c, now_us);
}

static void on_readable(evutil_socket_t fd, short what, void *user)
{
	struct display_client *c = user;
	uint64_t now_us = clock_us();
	ssize_t count = recv((int)fd, c->inbox, sizeof(c->inbox), MSG_DONTWAIT);

	(void)what;
	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (count <= 0) {
		say_of(c, LOG_LEVEL_NOTICE, "gone", " has gone%s%s", count ? ": " : "",
		       count ? strerror(errno) : "");
		leave(c);
		return;
	}
	c->inbox_at = 0;
	c->inbox_length = (size_t)count;
	c->heard_us = now_us;
	c->pings = 0;
	take_inbox(c, now_us);
	if (c->fd >= 0)
		set_timer(c, now_us);
}

/* ---- time is up ---- */
static void end_pause(struct display_client *c, uint64_t now_us)
{
	c->paused_us = 0;
	c->heard_us = now_us;
	take_inbox(c, now_us);
	if (c->fd >= 0 && !c->paused_us)
		event_add(c->readable, NULL);
}

static void close_stuck(struct display_client *c)
{
	say_of(c, LOG_LEVEL_WARNING, MISBEHAVES,
	       " has not read for %lu ms: closed; it is told the present when it connects "
	       "again", (unsigned long)c->settings->stuck_ms);
	leave(c);
}

bool display_client_is_forgotten(const struct display_client *c)
{
	return c->fd >= 0 && after(slots_waiting_since(&c->slots),
	                           c->settings->stuck_ms + FORGOTTEN_MS) <= clock_us();
}

static void ping(struct display_client *c, uint64_t now_us)
{
	if (c->pings == c->settings->pings_max) {
		say_of(c, LOG_LEVEL_WARNING, MISBEHAVES,
		       " has not answered %u pings: closed", c->pings);
		leave(c);
		return;
	}
	c->pings++;
	c->heard_us = now_us;
	slots_touch(&c->slots, SLOT_PING, now_us);
	send_due(c, now_us);
}

void display_client_ping(struct display_client *client, uint64_t now_us)
{
	if (client->fd >= 0 && ping_at(client) <= now_us)
		ping(client, now_us);
}

static void on_timer(evutil_socket_t fd, short what, void *user)
{
	struct display_client *c = user;
	uint64_t now_us = clock_us();

	(void)fd;
	(void)what;
	c->timer_us = NEVER;
	if (c->paused_us && c->paused_us <= now_us)
		end_pause(c, now_us);
	if (c->fd >= 0 && hello_at(c) <= now_us)
		refuse_with(c, DISPLAY_ERROR_BAD_HELLO,
		            "no hello in time", true, now_us);
	if (c->fd >= 0 && stuck_at(c) <= now_us)
		close_stuck(c);
	display_client_ping(c, now_us);
	if (c->fd >= 0)
		set_timer(c, now_us);
}

static void on_writable(evutil_socket_t fd, short what, void *user)
{
	(void)fd;
	(void)what;
	send_due(user, clock_us());
}

/* ---- for the hub ---- */
static void set_up_socket(struct display_client *c)
{
	const int least = 1; /* the kernel raises it to its own minimum */
	socklen_t length = sizeof(c->peer);

	/* The kernel's buffer is a queue too: what lies there grows old. */
	setsockopt(c->fd, SOL_SOCKET, SO_SNDBUF, &least, sizeof(least));
	if (getsockopt(c->fd, SOL_SOCKET, SO_PEERCRED, &c->peer, &length) < 0)
		c->peer = (struct ucred){ .pid = 0, .uid = (uid_t)-1 };
}

struct display_client *display_client_new(struct event_base *base, int fd,
                                          const struct hub_settings *settings,
                                          const struct board *board,
                                          const struct display_client_hooks *hooks)
{
	struct display_client *c = calloc(1, sizeof(*c));
	char name[128];

	if (!c) {
		close(fd);
		return NULL;
	}
	c->settings = settings;
	c->hooks = hooks;
	c->fd = fd;
	c->began_us = c->heard_us = clock_us();
	c->timer_us = NEVER;
	c->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, c);
	c->writable = event_new(base, fd, EV_WRITE | EV_PERSIST, on_writable, c);
	c->timer = evtimer_new(base, on_timer, c);
	if (!c->readable || !c->writable || !c->timer) {
		display_client_free(c);
		return NULL;
	}
	set_up_socket(c);
	log_debug("display", "connected: %s", label(c, name));
	slots_init(&c->slots, board, settings->daemon, settings->ping_ms,
	           c->began_us);
	event_add(c->readable, NULL);
	send_due(c, c->began_us);
	return c;
}

void display_client_touch(struct display_client *client, enum slot slot, uint64_t now_us)
{
	enum slots_result result;

	if (client->fd < 0)
		return;
	result = slots_tell(&client->slots, slot, client->fd, now_us);
	/* nothing waited for room, and nothing does: the timer is right */
	if (result != SLOTS_EMPTY || client->awaits_room)
		settle(client, result, now_us);
}

void display_client_clear(struct display_client *client,
                          const struct display_clear *clear)
{
	uint64_t now_us = clock_us();

	slots_clear(&client->slots, clear, now_us);
	send_due(client, now_us);
}

void display_client_bye(struct display_client *client)
{
	uint64_t now_us = clock_us();

	if (client->fd < 0)
		return;
	slots_bye(&client->slots, now_us);
	send_due(client, now_us);
	leave(client);
}

void display_client_describe(const struct display_client *client,
                             struct hub_display *out)
{
	uint64_t since_us = slots_waiting_since(&client->slots);

	*out = (struct hub_display){
		.pid = client->peer.pid, .uid = client->peer.uid,
		.ready = client->ready, .caps = client->slots.caps,
		.sent = client->slots.sent, .dropped = client->slots.dropped,
		.shown = client->shown, .errors = client->error_count,
		.waiting_ms = since_us == NEVER ? 0 : (clock_us() - since_us) / US_PER_MS,
	};
	memcpy(out->name, client->hello.name, sizeof(out->name));
	memcpy(out->version, client->hello.version, sizeof(out->version));
}
