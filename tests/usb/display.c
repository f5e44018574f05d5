/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "tests/usb/display.h"

#include "protocol/display.h"

#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define PING_EVERY_MS 100
#define GREETING_MS 5000

static struct {
	int fd;
	char rest[2 * DISPLAY_LINE_MAX]; /* a line that has not come whole */
	size_t length;
	pthread_t thread;
	pthread_mutex_t lock;
	bool ends, lost;
	uint64_t asked_ms; /* when the ping went that is under way; 0: none */
	struct display_count count;
} d = { .fd = -1, .lock = PTHREAD_MUTEX_INITIALIZER };

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void say(const char *line)
{
	if (send(d.fd, line, strlen(line), MSG_NOSIGNAL) < 0)
		d.lost = true;
}

/* Whether a line of this type has come, within so long */
static bool hear(const char *type, unsigned milliseconds)
{
	uint64_t end = now_ms() + milliseconds;
	char start[64], *lf;
	bool found = false;

	snprintf(start, sizeof(start), "{\"type\":\"%s\"", type);
	while (!found && !d.lost) {
		struct pollfd ready = { .fd = d.fd, .events = POLLIN };
		uint64_t now = now_ms();
		ssize_t n;

		while (!found && (lf = memchr(d.rest, '\n', d.length))) {
			size_t line = (size_t)(lf - d.rest) + 1;

			found = strncmp(d.rest, start, strlen(start)) == 0;
			memmove(d.rest, d.rest + line, d.length - line);
			d.length -= line;
		}
		if (found || now >= end ||
		    poll(&ready, 1, (int)(end - now)) <= 0)
			break;
		n = read(d.fd, d.rest + d.length, sizeof(d.rest) - d.length);
		if (n <= 0)
			d.lost = true;
		else
			d.length += (size_t)n;
	}
	return found;
}

/* ---- the thread ---- */

static void note(bool answered)
{
	uint64_t took;

	pthread_mutex_lock(&d.lock);
	took = d.asked_ms ? now_ms() - d.asked_ms : 0;
	if (took > d.count.slowest_ms)
		d.count.slowest_ms = (unsigned)took;
	if (answered) {
		d.count.answered++;
		d.asked_ms = 0;
	}
	pthread_mutex_unlock(&d.lock);
}

static bool goes_on(void)
{
	bool ends;

	pthread_mutex_lock(&d.lock);
	ends = d.ends;
	pthread_mutex_unlock(&d.lock);
	return !ends && !d.lost;
}

static void *ping(void *user)
{
	(void)user;
	while (goes_on()) {
		uint64_t start = now_ms(), took;
		bool answered;

		pthread_mutex_lock(&d.lock);
		d.asked_ms = start;
		d.count.sent++;
		pthread_mutex_unlock(&d.lock);
		say("{\"type\":\"ping\"}\n");
		while (!(answered = hear("pong", PING_EVERY_MS)) && goes_on())
			note(false);
		if (answered)
			note(true);
		took = now_ms() - start;
		hear("", took < PING_EVERY_MS ? (unsigned)(PING_EVERY_MS - took) : 0);
	}
	return NULL;
}

/* ---- from outside ---- */

bool display_start(const char *socket_path)
{
	static const char hello[] = "{\"type\":\"hello\",\"protocol\":1,\"name\":\"bench\","
				    "\"caps\":[\"metrics\",\"shown\"]}\n";
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", socket_path);
	d.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (d.fd < 0 || connect(d.fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    !hear("hello", GREETING_MS))
		return false;
	say(hello);
	return hear("ready", GREETING_MS) &&
	       pthread_create(&d.thread, NULL, ping, NULL) == 0;
}

struct display_count display_count(void)
{
	struct display_count count;

	note(false);
	pthread_mutex_lock(&d.lock);
	count = d.count;
	pthread_mutex_unlock(&d.lock);
	return count;
}

bool display_stop(void)
{
	pthread_mutex_lock(&d.lock);
	d.ends = true;
	pthread_mutex_unlock(&d.lock);
	pthread_join(d.thread, NULL);
	close(d.fd);
	return !d.lost;
}
