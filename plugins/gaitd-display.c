/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "config.h"
#include "plugins/gaitd-display.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define RETRY_FIRST_MS 200u
#define RETRY_LAST_MS 5000u
#define GREETING_MS 3000u /* from connect to ready */
#define PINGS_MISSED 4u   /* the daemon's silence, in its own ping_ms */
#define UNSENT_MAX ((size_t)4 * DISPLAY_LINE_MAX)
/* Called so much later than asked for, the program was stopped: what lies in
 * the socket then may be as old. */
#define TICK_MS 1000u
#define LATE_MS 1000u

enum stage {
	AWAY,     /* the next try is at `at_ms` */
	GREETING, /* connected; given up at `at_ms` */
	READY,    /* given up at `at_ms`, without a word from the daemon */
};

struct gaitd_display {
	struct sockaddr_un address;
	struct display_request hello; /* ours */
	uint32_t caps;
	struct gaitd_display_hooks hooks;
	void *user;
	enum stage stage;
	int fd;
	uint64_t at_ms;
	uint32_t retry_ms, ping_ms;
	bool held;
	bool ticks;        /* the caller asks how long to wait */
	uint64_t ran_ms;   /* the last gaitd_display_process() */
	uint32_t live_id;  /* of the prompt that was given last; 0: it is over */
	uint64_t live_end_ms;
	volatile sig_atomic_t stopped;
	char why[256]; /* as last told */
	struct display_framer framer;
	char inbox[DISPLAY_LINE_MAX];
	size_t inbox_at, inbox_length;
	char unsent[UNSENT_MAX];
	size_t unsent_length;
};

static uint64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/* ---- where the daemon is ---- */
static bool set_path(struct sockaddr_un *address, const char *directory,
                     const char *name)
{
	int length = snprintf(address->sun_path, sizeof(address->sun_path), "%s%s",
	                      directory, name);

	address->sun_family = AF_UNIX;
	if (length >= 0 && (size_t)length < sizeof(address->sun_path))
		return true;
	errno = ENAMETOOLONG;
	return false;
}

static bool find_socket(struct sockaddr_un *address, const char *asked)
{
	const char *named = asked ? asked : getenv("GAITD_SOCKET");
	const char *runtime = geteuid() ? getenv("XDG_RUNTIME_DIR") : NULL;

	if (named && *named)
		return set_path(address, named, "");
	if (runtime && *runtime)
		return set_path(address, runtime, "/gaitd/display.sock");
	return set_path(address, "/run/gaitd/display.sock", "");
}

/* ---- up and down ---- */

/* The daemon, heard now, may be silent until then. */
static void heard(struct gaitd_display *d)
{
	d->at_ms = clock_ms() + (uint64_t)d->ping_ms * PINGS_MISSED;
}

static void tell_state(struct gaitd_display *d, bool ready, const char *why)
{
	if (!ready && strcmp(why, d->why) == 0)
		return;
	snprintf(d->why, sizeof(d->why), "%s", why);
	if (d->hooks.state)
		d->hooks.state(ready, why, d->user);
}

static void go_away(struct gaitd_display *d, const char *why)
{
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
	d->stage = AWAY;
	d->caps = d->live_id = 0;
	d->at_ms = clock_ms() + d->retry_ms;
	d->retry_ms = d->retry_ms * 2 < RETRY_LAST_MS ? d->retry_ms * 2 :
	                                                RETRY_LAST_MS;
	tell_state(d, false, why);
}

static const char *advice(int error)
{
	switch (error) {
	case ENOENT:
	case ECONNREFUSED:
		return "gaitd is not running there";
	case EACCES:
		return "no permission: join group gaitd-display";
	}
	return strerror(error);
}

static void come(struct gaitd_display *d)
{
	char why[256];

	d->framer = (struct display_framer){ .length = 0 };
	d->inbox_at = d->inbox_length = d->unsent_length = 0;
	d->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (d->fd >= 0 && connect(d->fd, (const struct sockaddr *)&d->address,
	                          sizeof(d->address)) == 0) {
		d->stage = GREETING;
		d->at_ms = clock_ms() + GREETING_MS;
		return;
	}
	snprintf(why, sizeof(why), "%s: %s", d->address.sun_path, advice(errno));
	go_away(d, why);
}

/* ---- to the daemon ---- */
static void flush(struct gaitd_display *d)
{
	while (d->fd >= 0 && d->unsent_length) {
		ssize_t taken = send(d->fd, d->unsent, d->unsent_length,
		                     MSG_DONTWAIT | MSG_NOSIGNAL);

		if (taken < 0 && errno == EINTR)
			continue;
		if (taken < 0)
			return; /* full; or reading says what happened */
		d->unsent_length -= (size_t)taken;
		memmove(d->unsent, d->unsent + taken, d->unsent_length);
	}
}

static bool post(struct gaitd_display *d, const char *line, size_t length)
{
	if (!length || length > sizeof(d->unsent) - d->unsent_length)
		return false;
	memcpy(d->unsent + d->unsent_length, line, length);
	d->unsent_length += length;
	flush(d);
	return true;
}

/* ---- from the daemon ---- */
static void on_hello(struct gaitd_display *d, const struct display_message *m)
{
	char line[DISPLAY_LINE_MAX];

	if (!m->hello.serves_version_1) {
		d->retry_ms = RETRY_LAST_MS;
		go_away(d, "gaitd speaks another version of the display protocol");
		return;
	}
	d->ping_ms = m->hello.ping_ms;
	post(d, line, display_write_plugin_hello(line, sizeof(line), &d->hello));
}

static void on_error(struct gaitd_display *d, const struct display_message *m)
{
	char why[256];

	if (m->error.fatal) {
		snprintf(why, sizeof(why), "gaitd refused us: %s: %s",
		         m->error.code, m->error.detail);
		go_away(d, why);
	} else if (d->hooks.error) {
		d->hooks.error(m->error.code, m->error.detail, d->user);
	}
}

static void on_bye(struct gaitd_display *d, const struct display_message *m)
{
	char why[256];

	snprintf(why, sizeof(why), "gaitd has ended (%s)", m->bye.reason);
	go_away(d, why);
}

static void on_ready(struct gaitd_display *d, const struct display_message *m)
{
	d->stage = READY;
	heard(d);
	d->caps = m->ready.caps;
	d->retry_ms = RETRY_FIRST_MS;
	tell_state(d, true, "");
}

static void on_ping(struct gaitd_display *d)
{
	char line[DISPLAY_LINE_MAX];

	post(d, line, display_write_pong(line, sizeof(line)));
}

#define CALL(hook, ...) \
	do { \
		if (d->hooks.hook) \
			d->hooks.hook(__VA_ARGS__, d->user); \
	} while (0)

static void on_prompt(struct gaitd_display *d, const struct display_prompt *prompt)
{
	d->live_id = prompt->id;
	d->live_end_ms = clock_ms() + prompt->ttl_ms;
	CALL(prompt, prompt);
}

/* What the hook was told already, by us, it is not told again. */
static void on_clear(struct gaitd_display *d, const struct display_clear *clear)
{
	if (clear->id != d->live_id)
		return;
	d->live_id = 0;
	CALL(clear, clear);
}

static void on_message(struct gaitd_display *d, const struct display_message *m)
{
	switch (m->type) {
	case DISPLAY_MESSAGE_HELLO:
		on_hello(d, m);
		break;
	case DISPLAY_MESSAGE_READY:
		on_ready(d, m);
		break;
	case DISPLAY_MESSAGE_LINK:
		CALL(link, &m->link);
		break;
	case DISPLAY_MESSAGE_SESSION:
		CALL(session, &m->session);
		break;
	case DISPLAY_MESSAGE_METRICS:
		CALL(metrics, &m->metrics);
		break;
	case DISPLAY_MESSAGE_TARGET:
		CALL(target, &m->target);
		break;
	case DISPLAY_MESSAGE_PROMPT:
		on_prompt(d, &m->prompt);
		break;
	case DISPLAY_MESSAGE_CLEAR:
		on_clear(d, &m->clear);
		break;
	case DISPLAY_MESSAGE_BATTERY:
		CALL(battery, &m->battery);
		break;
	case DISPLAY_MESSAGE_SUMMARY:
		CALL(summary, &m->summary);
		break;
	case DISPLAY_MESSAGE_PING:
		on_ping(d);
		break;
	case DISPLAY_MESSAGE_ERROR:
		on_error(d, m);
		break;
	case DISPLAY_MESSAGE_BYE:
		on_bye(d, m);
		break;
	case DISPLAY_MESSAGE_OTHER:
		break;
	}
}

static void take_line(struct gaitd_display *d, const char *line, size_t length)
{
	struct display_message m;
	bool handshake;

	if (!display_message_read(line, length, &m))
		return;
	handshake = m.type == DISPLAY_MESSAGE_HELLO ||
	            m.type == DISPLAY_MESSAGE_PING ||
	            (d->stage != READY && m.type != DISPLAY_MESSAGE_READY);
	if (!handshake && d->hooks.line)
		d->hooks.line(line, length, d->user);
	on_message(d, &m);
}

static void take_inbox(struct gaitd_display *d)
{
	while (d->fd >= 0 && !d->held && d->inbox_at < d->inbox_length) {
		const char *bytes = d->inbox + d->inbox_at;
		size_t left = d->inbox_length - d->inbox_at;
		size_t length = 0;
		enum display_frame_result result =
			display_framer_next(&d->framer, &bytes, &left, &length);

		d->inbox_at = d->inbox_length - left;
		if (result == DISPLAY_FRAME_LINE)
			take_line(d, d->framer.line, length);
	}
}

/* True when something came */
static bool receive(struct gaitd_display *d)
{
	ssize_t count = recv(d->fd, d->inbox, sizeof(d->inbox), MSG_DONTWAIT);
	char why[256];

	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (count <= 0) {
		snprintf(why, sizeof(why), "%s: gaitd has gone",
		         d->address.sun_path);
		go_away(d, why);
		return false;
	}
	d->inbox_at = 0;
	d->inbox_length = (size_t)count;
	if (d->stage == READY)
		heard(d);
	return true;
}

static void read_on(struct gaitd_display *d)
{
	/* A daemon that never stops talking must not keep us here. */
	for (int i = 0; i < 16 && d->fd >= 0 && !d->held; i++) {
		if (d->inbox_at == d->inbox_length && !receive(d))
			return;
		take_inbox(d);
	}
}

/* ---- time ---- */

/* A daemon that says no ping_ms is waited for. While held the daemon's words
 * wait in the socket: that they do not come says nothing. */
static bool has_deadline(const struct gaitd_display *d)
{
	return d->stage != READY || (d->ping_ms && !d->held);
}

static bool was_stopped(const struct gaitd_display *d)
{
	return d->stage == READY && !d->held && d->ticks &&
	       clock_ms() > d->ran_ms + TICK_MS + LATE_MS;
}

/* The present is what the daemon tells who connects. */
static void come_again(struct gaitd_display *d)
{
	go_away(d, "this display was stopped: what it showed may be old");
	d->at_ms = 0;
	d->retry_ms = RETRY_FIRST_MS;
}

static void expire(struct gaitd_display *d)
{
	const struct display_clear clear = { d->live_id, DISPLAY_CLEAR_EXPIRED };

	if (d->live_id && !d->held && d->live_end_ms <= clock_ms())
		on_clear(d, &clear);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

int gaitd_display_timeout_ms(struct gaitd_display *display)
{
	uint64_t now_ms = clock_ms(), at_ms = UINT64_MAX;

	display->ticks = true;
	if (!display->held && display->inbox_at < display->inbox_length)
		return 0;
	if (has_deadline(display))
		at_ms = display->at_ms;
	if (!display->held)
		at_ms = earlier(at_ms, now_ms + TICK_MS);
	if (!display->held && display->live_id)
		at_ms = earlier(at_ms, display->live_end_ms);
	if (at_ms == UINT64_MAX)
		return -1;
	return at_ms > now_ms ? (int)(at_ms - now_ms) : 0;
}

void gaitd_display_process(struct gaitd_display *display)
{
	if (was_stopped(display))
		come_again(display);
	if (display->stage == AWAY && display->at_ms <= clock_ms())
		come(display);
	flush(display);
	read_on(display);
	expire(display);
	if (display->stage != AWAY && has_deadline(display) &&
	    display->at_ms <= clock_ms())
		go_away(display, "gaitd is silent");
	display->ran_ms = clock_ms();
}

int gaitd_display_run(struct gaitd_display *display)
{
	display->stopped = 0;
	while (!display->stopped) {
		struct pollfd fd = { .fd = gaitd_display_fd(display),
			             .events = gaitd_display_events(display) };

		if (poll(&fd, 1, gaitd_display_timeout_ms(display)) < 0 &&
		    errno != EINTR)
			return -1;
		gaitd_display_process(display);
	}
	return 0;
}

void gaitd_display_stop(struct gaitd_display *display)
{
	display->stopped = 1;
}

void gaitd_display_hold(struct gaitd_display *display, bool hold)
{
	if (display->held && !hold) {
		display->ran_ms = clock_ms();
		if (display->stage == READY)
			heard(display);
	}
	display->held = hold;
}

/* ---- the object ---- */
/* As the daemon will read it */
static bool set_hello(struct gaitd_display *d,
                      const struct gaitd_display_settings *settings)
{
	struct display_request *hello = &d->hello;
	struct display_fault fault;
	char line[DISPLAY_LINE_MAX];
	size_t length;

	*hello = (struct display_request){
		.type = DISPLAY_REQUEST_HELLO, .caps = settings->caps,
		.cols = settings->cols, .rows = settings->rows };
	if (!settings->name || strlen(settings->name) >= sizeof(hello->name))
		return false;
	strcpy(hello->name, settings->name);
	snprintf(hello->version, sizeof(hello->version), "%s",
	         settings->version ? settings->version : "");
	length = display_write_plugin_hello(line, sizeof(line), hello);
	return length && display_request_read(line, length - 1, &d->hello, &fault);
}

struct gaitd_display *
gaitd_display_new(const struct gaitd_display_settings *settings,
                  const struct gaitd_display_hooks *hooks, void *user)
{
	struct gaitd_display *d = calloc(1, sizeof(*d));
	int error = 0;

	if (!d)
		return NULL;
	if (!set_hello(d, settings))
		error = EINVAL;
	else if (!find_socket(&d->address, settings->socket))
		error = ENAMETOOLONG;
	if (error) {
		free(d);
		errno = error;
		return NULL;
	}
	d->hooks = *hooks;
	d->user = user;
	d->fd = -1;
	d->retry_ms = RETRY_FIRST_MS;
	return d;
}

void gaitd_display_free(struct gaitd_display *display)
{
	if (!display)
		return;
	flush(display);
	if (display->fd >= 0)
		close(display->fd);
	free(display);
}

int gaitd_display_fd(const struct gaitd_display *display)
{
	return display->fd;
}

short gaitd_display_events(const struct gaitd_display *display)
{
	return (short)((display->held ? 0 : POLLIN) |
	               (display->unsent_length ? POLLOUT : 0));
}

bool gaitd_display_is_ready(const struct gaitd_display *display)
{
	return display->stage == READY;
}

uint32_t gaitd_display_caps(const struct gaitd_display *display)
{
	return display->caps;
}

const char *gaitd_display_socket(const struct gaitd_display *display)
{
	return display->address.sun_path;
}

bool gaitd_display_send(struct gaitd_display *display, const char *line,
                        size_t length)
{
	char whole[DISPLAY_LINE_MAX];

	if (length >= sizeof(whole) || memchr(line, '\n', length))
		return false;
	memcpy(whole, line, length);
	whole[length] = '\n';
	return display->stage == READY && post(display, whole, length + 1);
}
