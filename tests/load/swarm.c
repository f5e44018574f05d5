/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/load/swarm.h"

#include "protocol/display.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS_MAX 64
#define AGAIN_US 100000u /* a liar, or one that died, is back */

struct client {
	enum swarm_role role;
	unsigned index;
	int fd; /* -1: away */
	uint64_t next_us;
	bool over; /* comes back no more */
	uint32_t last_id;
	struct display_framer framer;
};

struct swarm {
	struct sockaddr_un address;
	struct client clients[CLIENTS_MAX];
	size_t count;
	struct swarm_report *report;
	bool ended;
};

const char *const swarm_names[SWARM_ROLES] = {
	[SWARM_GOOD] = "good",   [SWARM_NEVER] = "never", [SWARM_DRIP] = "drip",
	[SWARM_FLOOD] = "flood", [SWARM_LIAR] = "liar",   [SWARM_DIER] = "dier",
};

uint64_t swarm_clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static void say(const struct client *c, const char *line, size_t length)
{
	if (send(c->fd, line, length, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return; /* the other side's end is read of */
}

static void say_hello(const struct client *c, unsigned protocol)
{
	char line[256];
	int length = snprintf(line, sizeof(line),
	                      "{\"type\":\"hello\",\"protocol\":%u,\"name\":\"%s-%u\","
	                      "\"caps\":[\"metrics\",\"shown\"]}\n",
	                      protocol, swarm_names[c->role], c->index);

	say(c, line, (size_t)length);
}

static void go_away(struct client *c)
{
	close(c->fd);
	c->fd = -1;
	c->next_us = swarm_clock_us() + AGAIN_US;
	c->over |= c->role == SWARM_NEVER || c->role == SWARM_DRIP || c->role == SWARM_FLOOD;
}

static void come(struct swarm *s, struct client *c)
{
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (connect(c->fd, (const struct sockaddr *)&s->address, sizeof(s->address)) < 0) {
		go_away(c);
		return;
	}
	memset(&c->framer, 0, sizeof(c->framer));
	if (c->role == SWARM_LIAR && c->index % 2)
		say(c, "{\"type\":\"shown\",\"id\":1}\n", 24); /* before hello */
	else
		say_hello(c, c->role == SWARM_LIAR ? 99 : DISPLAY_PROTOCOL_VERSION);
}

/* ---- a good one ---- */
static void take_prompt(struct swarm *s, struct client *c, const struct display_prompt *prompt)
{
	struct swarm_report *r = s->report;
	uint64_t sent_us = strtoull(prompt->why, NULL, 10);
	char line[DISPLAY_LINE_MAX];

	if (r->delay_count < SWARM_DELAYS_MAX)
		r->delays_us[r->delay_count++] = (uint32_t)(swarm_clock_us() - sent_us);
	r->prompts++;
	r->missed += prompt->id - c->last_id - 1;
	c->last_id = prompt->id;
	say(c, line, display_write_shown(line, sizeof(line), prompt->id));
}

static void take_line(struct swarm *s, struct client *c, const char *text, size_t length)
{
	struct display_message m;
	char line[DISPLAY_LINE_MAX];

	if (!display_message_read(text, length, &m))
		return;
	if (m.type == DISPLAY_MESSAGE_PROMPT)
		take_prompt(s, c, &m.prompt);
	else if (m.type == DISPLAY_MESSAGE_PING)
		say(c, line, display_write_pong(line, sizeof(line)));
	else if (m.type == DISPLAY_MESSAGE_BYE)
		s->ended = true;
}

static void read_all(struct swarm *s, struct client *c)
{
	char bytes[DISPLAY_LINE_MAX];
	ssize_t count = recv(c->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	const char *at = bytes;
	size_t left = count > 0 ? (size_t)count : 0, length = 0;

	if (count == 0 || (count < 0 && errno != EAGAIN)) {
		go_away(c);
		return;
	}
	if (c->role == SWARM_DIER)
		go_away(c);
	while (c->role == SWARM_GOOD &&
	       display_framer_next(&c->framer, &at, &left, &length) == DISPLAY_FRAME_LINE)
		take_line(s, c, c->framer.line, length);
}

/* ---- the others ---- */
static void drip(struct client *c, uint64_t now_us)
{
	char byte;

	if (now_us < c->next_us)
		return;
	c->next_us = now_us + 1000000u;
	if (recv(c->fd, &byte, 1, MSG_DONTWAIT) == 0)
		go_away(c);
}

static void flood(const struct client *c)
{
	static const char line[] = "{\"type\":\"pong\"}\n";
	char lines[100 * (sizeof(line) - 1)];

	for (size_t i = 0; i < sizeof(lines); i++)
		lines[i] = line[i % (sizeof(line) - 1)];
	say(c, lines, sizeof(lines));
}

static void turn_client(struct swarm *s, struct client *c, short events)
{
	uint64_t now_us = swarm_clock_us();

	if (c->fd < 0) {
		if (!c->over && now_us >= c->next_us)
			come(s, c);
		return;
	}
	if (c->role == SWARM_FLOOD)
		flood(c);
	if (c->role == SWARM_NEVER && (events & (POLLHUP | POLLERR)))
		go_away(c);
	else if (c->role == SWARM_DRIP)
		drip(c, now_us);
	else if (c->role != SWARM_NEVER && events)
		read_all(s, c);
}

void swarm_run(const char *path, const unsigned counts[SWARM_ROLES],
               struct swarm_report *report)
{
	struct swarm s = { .address.sun_family = AF_UNIX, .report = report };
	struct pollfd fds[CLIENTS_MAX];

	snprintf(s.address.sun_path, sizeof(s.address.sun_path), "%s", path);
	for (enum swarm_role role = SWARM_GOOD; role < SWARM_ROLES; role++)
		for (unsigned i = 0; i < counts[role] && s.count < CLIENTS_MAX; i++)
			s.clients[s.count++] = (struct client){ .role = role, .index = i, .fd = -1 };
	while (!s.ended) {
		for (size_t i = 0; i < s.count; i++) {
			bool reads = s.clients[i].role != SWARM_NEVER &&
			             s.clients[i].role != SWARM_DRIP;

			fds[i] = (struct pollfd){ .fd = s.clients[i].fd,
				                  .events = reads ? POLLIN : 0 };
		}
		poll(fds, s.count, 5);
		for (size_t i = 0; i < s.count && !s.ended; i++)
			turn_client(&s, &s.clients[i], fds[i].revents);
	}
}
