/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Displays that break gaitd-display(7) in one way each: what gaitctl conform
 * has to find. "broken well" breaks nothing.
 */
#include "protocol/display.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static const char *how;
static int fd;
static uint32_t kept; /* the prompt that "late" shows at its clear */

static int is(const char *word)
{
	return strcmp(how, word) == 0;
}

static void say(const char *line)
{
	if (send(fd, line, strlen(line), MSG_NOSIGNAL) < 0)
		_exit(1);
}

static void say_shown(uint32_t id)
{
	char line[96];
	const char *end = is("two-objects") ? "{\"type\":\"pong\"}\n" : "\n";

	snprintf(line, sizeof(line), "{\"type\":\"shown\",\"id\":%u}%s", id, end);
	say(line);
}

static void take(const struct display_message *m)
{
	if (m->type == DISPLAY_MESSAGE_HELLO && m->hello.serves_version_1 && !is("no-hello"))
		say("{\"type\":\"hello\",\"protocol\":1,\"name\":\"broken\","
		    "\"caps\":[\"metrics\",\"shown\"]}\n");
	else if (m->type == DISPLAY_MESSAGE_PING && !is("no-pong"))
		say("{\"type\":\"pong\"}\n");
	else if (m->type == DISPLAY_MESSAGE_OTHER && is("unknown-type"))
		abort();
	else if (m->type == DISPLAY_MESSAGE_PROMPT && is("late"))
		kept = m->prompt.id;
	else if (m->type == DISPLAY_MESSAGE_PROMPT)
		say_shown(m->prompt.id);
	else if (m->type == DISPLAY_MESSAGE_CLEAR && is("late") && m->clear.id == kept)
		say_shown(kept);
}

static void take_all(const char *bytes, size_t length)
{
	static struct display_framer framer;
	struct display_message message;
	size_t line_length;

	while (display_framer_next(&framer, &bytes, &length, &line_length) ==
	       DISPLAY_FRAME_LINE) {
		if (display_message_read(framer.line, line_length, &message))
			take(&message);
	}
}

static void connect_again(const struct sockaddr_un *address)
{
	static const struct timespec pause = { 0, 200000000 };

	while (fd = socket(AF_UNIX, SOCK_STREAM, 0),
	       connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0) {
		close(fd);
		nanosleep(&pause, NULL);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("GAITD_SOCKET");
	char bytes[4096];
	ssize_t n;

	how = argc > 1 ? argv[1] : "well";
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path ? path : "");
	for (;;) {
		connect_again(&address);
		while ((n = recv(fd, bytes, sizeof(bytes), 0)) > 0)
			take_all(bytes, (size_t)n);
		take_all("\n", 1); /* what was half a line is none */
		close(fd);
	}
}
