/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/peripheral/sim_stick.h"

#include "daemon/peripheral/air.h"
#include "daemon/peripheral/cable.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ATTACH "/sys/devices/platform/vhci_hcd.0/attach"
#define DEVICE_ID 65538 /* bus 1, device 2, as USB/IP counts */
#define FULL_SPEED 2
#define EXIT_NO_HARDWARE 4
#define US_PER_S UINT64_C(1000000)

struct sim_stick {
	const struct sim_stick_options *options;
	struct event_base *base;
	struct event *timer, *input, *socket, *signals[2];
	struct evbuffer *words;
	int fd; /* the cable's other end; -1: unplugged */
	struct cable cable;
	struct stick stick;
	struct air air;
	uint64_t start_us;
	bool pod_is_near;
	unsigned configured; /* that was said */
};

static uint64_t clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * US_PER_S + (uint64_t)now.tv_nsec / 1000u;
}

/* ---- the cable ---- */

static void unplug(struct sim_stick *s)
{
	if (s->fd < 0)
		return;
	event_free(s->socket);
	s->socket = NULL;
	shutdown(s->fd, SHUT_RDWR);
	close(s->fd);
	s->fd = -1;
	printf("unplugged\n");
}

static void to_kernel(void *user, const uint8_t *bytes, size_t length)
{
	struct sim_stick *s = user;

	while (s->fd >= 0 && length > 0) {
		ssize_t n = send(s->fd, bytes, length, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return; /* it is gone: the read end tells */
		bytes += n;
		length -= (size_t)n;
	}
}

static void from_host(void *user, const uint8_t *bytes, size_t length)
{
	struct sim_stick *s = user;

	stick_receive(&s->stick, bytes, length, clock_us());
	if (s->configured != s->stick.configured)
		printf("configured %u times\n", s->stick.configured);
	s->configured = s->stick.configured;
}

static void to_host(void *user, const uint8_t *bytes, size_t length)
{
	struct sim_stick *s = user;

	cable_send(&s->cable, bytes, length);
}

static const struct cable_ops cable_ops = { to_kernel, from_host };
static const struct stick_ops stick_ops = { to_host };

static void arm(struct sim_stick *s);

static void on_socket(evutil_socket_t fd, short what, void *user)
{
	struct sim_stick *s = user;
	uint8_t bytes[4096];
	ssize_t length = recv(fd, bytes, sizeof(bytes), 0);

	(void)what;
	if (length < 0 && errno == EINTR)
		return;
	if (length <= 0 || !cable_receive(&s->cable, bytes, (size_t)length))
		unplug(s);
	arm(s);
}

/* Hands one end of a socket to the kernel. */
static bool attach(const struct sim_stick *s, int fd)
{
	char text[64];
	int length = snprintf(text, sizeof(text), "%u %d %u %u", s->options->port, fd,
	                      DEVICE_ID, FULL_SPEED);
	int file = open(ATTACH, O_WRONLY | O_CLOEXEC);
	bool good = file >= 0 && write(file, text, (size_t)length) == length;

	if (!good)
		fprintf(stderr, "gaitd-sim: " ATTACH ": %s (needs root, and modprobe "
		                "vhci-hcd)\n", strerror(errno));
	if (file >= 0)
		close(file);
	return good;
}

static bool plug(struct sim_stick *s)
{
	int ends[2];

	if (s->fd >= 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	cable_init(&s->cable, s->options->model, &cable_ops, s);
	s->fd = ends[1];
	s->socket = event_new(s->base, s->fd, EV_READ | EV_PERSIST, on_socket, s);
	event_add(s->socket, NULL);
	stick_power_on(&s->stick, clock_us());
	if (attach(s, ends[0])) {
		close(ends[0]);
		printf("plugged in\n");
		return true;
	}
	close(ends[0]);
	unplug(s);
	return false;
}

/* ---- time ---- */

static void on_heard(void *user, const struct ant_data *data)
{
	struct sim_stick *s = user;

	if (s->fd >= 0 && (s->pod_is_near || data->device_number != AIR_POD))
		stick_radio(&s->stick, data, clock_us());
}

static void arm(struct sim_stick *s)
{
	uint64_t now_us = clock_us(), due_us = stick_deadline_us(&s->stick), wait_us;
	uint64_t air_us = air_deadline_us(&s->air);
	struct timeval wait;

	if (air_us != AIR_NEVER && air_us + s->start_us < due_us)
		due_us = air_us + s->start_us;
	if (due_us == STICK_NEVER)
		return;
	wait_us = due_us > now_us ? due_us - now_us : 0;
	wait.tv_sec = (time_t)(wait_us / US_PER_S);
	wait.tv_usec = (suseconds_t)(wait_us % US_PER_S);
	event_add(s->timer, &wait);
}

static void on_timer(evutil_socket_t fd, short what, void *user)
{
	struct sim_stick *s = user;

	(void)fd;
	(void)what;
	stick_advance(&s->stick, clock_us());
	air_advance(&s->air, clock_us() - s->start_us, on_heard, s);
	arm(s);
}

/* ---- words on standard input ---- */

static bool do_plug(struct sim_stick *s, const char *argument)
{
	(void)argument;
	return plug(s);
}

static bool do_unplug(struct sim_stick *s, const char *argument)
{
	(void)argument;
	unplug(s);
	return true;
}

static bool do_stall(struct sim_stick *s, const char *argument)
{
	(void)argument;
	cable_stall(&s->cable);
	return true;
}

static bool do_deaf(struct sim_stick *s, const char *argument)
{
	s->cable.deaf = strcmp(argument, "off") != 0;
	return true;
}

static bool do_pod(struct sim_stick *s, const char *argument)
{
	s->pod_is_near = strcmp(argument, "off") != 0;
	return true;
}

/* Its first second is now. */
static bool do_begin(struct sim_stick *s, const char *argument)
{
	const struct sim_stick_options *o = s->options;

	(void)argument;
	air_free(&s->air);
	s->start_us = clock_us();
	return air_init(&s->air, o->scenario, o->seed, 0, o->neighbours);
}

static bool do_fault(struct sim_stick *s, const char *argument)
{
	enum stick_fault fault;

	if (!stick_fault_find(argument, &fault))
		return false;
	stick_set_fault(&s->stick, fault, clock_us());
	return true;
}

static bool do_quit(struct sim_stick *s, const char *argument)
{
	(void)argument;
	return event_base_loopbreak(s->base) == 0;
}

static const struct {
	const char *word;
	bool (*run)(struct sim_stick *s, const char *argument);
} commands[] = {
	{ "plug", do_plug },   { "unplug", do_unplug }, { "stall", do_stall },
	{ "deaf", do_deaf },   { "pod", do_pod },       { "fault", do_fault },
	{ "begin", do_begin }, { "quit", do_quit },
};

static void obey(struct sim_stick *s, char *line)
{
	char *argument = strchr(line, ' ');

	if (argument)
		*argument++ = '\0';
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].word, line) != 0)
			continue;
		printf("%s: %s\n", line,
		       commands[i].run(s, argument ? argument : "") ? "done" : "could not");
		return;
	}
	printf("no such word: %s\n", line);
}

static void on_input(evutil_socket_t fd, short what, void *user)
{
	struct sim_stick *s = user;
	char *line;

	(void)what;
	if (evbuffer_read(s->words, fd, 256) <= 0) {
		event_del(s->input);
		return;
	}
	while ((line = evbuffer_readln(s->words, NULL, EVBUFFER_EOL_LF))) {
		obey(s, line);
		free(line);
	}
	arm(s);
}

static void on_signal(evutil_socket_t number, short what, void *user)
{
	struct sim_stick *s = user;

	(void)number;
	(void)what;
	event_base_loopbreak(s->base);
}

/* ---- life ---- */

static bool make_events(struct sim_stick *s)
{
	static const int numbers[] = { SIGINT, SIGTERM };

	s->base = event_base_new();
	s->words = evbuffer_new();
	if (!s->base || !s->words)
		return false;
	s->timer = evtimer_new(s->base, on_timer, s);
	s->input = event_new(s->base, STDIN_FILENO, EV_READ | EV_PERSIST, on_input, s);
	for (size_t i = 0; i < 2; i++) {
		s->signals[i] = evsignal_new(s->base, numbers[i], on_signal, s);
		if (!s->signals[i] || event_add(s->signals[i], NULL) < 0)
			return false;
	}
	/* a regular file cannot be waited for, and has nothing to say */
	return s->timer && s->input && (event_add(s->input, NULL) == 0 || errno == EPERM);
}

static void release(struct sim_stick *s)
{
	unplug(s);
	air_free(&s->air);
	if (s->timer)
		event_free(s->timer);
	if (s->input)
		event_free(s->input);
	for (size_t i = 0; i < 2; i++) {
		if (s->signals[i])
			event_free(s->signals[i]);
	}
	if (s->words)
		evbuffer_free(s->words);
	if (s->base)
		event_base_free(s->base);
}

int sim_stick_run(const struct sim_stick_options *options)
{
	static struct sim_stick s;
	int status = EXIT_FAILURE;

	setvbuf(stdout, NULL, _IOLBF, 0);
	s.options = options;
	s.fd = -1;
	s.pod_is_near = true;
	s.start_us = clock_us();
	stick_init(&s.stick, options->model, options->key, &stick_ops, &s);
	stick_set_fault(&s.stick, options->fault, s.start_us);
	if (!make_events(&s) ||
	    !air_init(&s.air, options->scenario, options->seed,
	              options->start_at_s * US_PER_S, options->neighbours)) {
		fprintf(stderr, "gaitd-sim: out of memory\n");
	} else if (!plug(&s)) {
		status = EXIT_NO_HARDWARE;
	} else {
		arm(&s);
		if (event_base_dispatch(s.base) >= 0)
			status = EXIT_SUCCESS;
	}
	release(&s);
	return status;
}
