/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A display's connection, from its first octet to its last, over a socket:
 * whatever it says, and however what it says is cut, it is told hello first,
 * nothing but errors before it is ready, ready once, and only lines of the
 * protocol; what it is not granted does not reach the daemon.
 *
 * The first octet grants (1 input, 2 personal) and reads slowly (4); then, each
 * an octet and its arguments: octets of the display's, the core says something,
 * a turn.
 */
#include "daemon/displays/display_client.h"
#include "daemon/service/log.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
	struct event_base *base;
	struct hub_settings settings;
	struct board board;
	struct named_once named;
	struct display_client *client;
	int display; /* the display's end */
	struct display_framer framer;
	unsigned lines, readies, inputs;
	bool gone,
		ended; /* nothing may follow bye, nor an error that is fatal */
} f;

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* ---- the daemon's end ---- */

static void on_input(const struct display_request *input, const char *name,
                     void *user)
{
	(void)user;
	require(input->type == DISPLAY_REQUEST_INPUT && *name != '\0');
	require(f.settings.input.count > 0);
	f.inputs++;
}

static void on_gone(void *user)
{
	(void)user;
	require(!f.gone);
	f.gone = true;
}

static const struct display_client_hooks hooks = { on_input, on_gone, NULL,
	                                           &f.named };

static void ignore_log(enum log_level level, const char *message, void *user)
{
	(void)level;
	(void)user;
	require(*message != '\0');
}

/* ---- the display's end ---- */

static void check_line(const char *line, size_t length)
{
	struct display_message m;

	require(display_message_read(line, length, &m));
	require(!f.ended);
	require((f.lines == 0) == (m.type == DISPLAY_MESSAGE_HELLO));
	f.lines++;
	if (m.type == DISPLAY_MESSAGE_READY)
		require(++f.readies == 1);
	if (m.type == DISPLAY_MESSAGE_BYE ||
	    (m.type == DISPLAY_MESSAGE_ERROR && m.error.fatal))
		f.ended = true;
	require(m.type != DISPLAY_MESSAGE_OTHER ||
	        memcmp(line, "{\"type\":\"pong\"}", 15) == 0);
	require(f.readies > 0 || m.type == DISPLAY_MESSAGE_HELLO ||
	        m.type == DISPLAY_MESSAGE_ERROR ||
	        m.type == DISPLAY_MESSAGE_BYE);
	require(m.type != DISPLAY_MESSAGE_SUMMARY ||
	        f.settings.personal.count > 0);
}

static void read_lines(void)
{
	char bytes[4096];
	ssize_t count;

	while ((count = recv(f.display, bytes, sizeof(bytes), MSG_DONTWAIT)) >
	       0) {
		const char *at = bytes;
		size_t left = (size_t)count, length = 0;
		enum display_frame_result result;

		while ((result = display_framer_next(&f.framer, &at, &left,
		                                     &length))) {
			require(result == DISPLAY_FRAME_LINE);
			check_line(f.framer.line, length);
		}
	}
}

static void turn(bool reads)
{
	if (reads)
		read_lines();
	event_base_loop(f.base, EVLOOP_NONBLOCK);
	if (reads)
		read_lines();
}

/* ---- the story ---- */

struct story {
	const uint8_t *at;
	size_t left;
};

static uint8_t next_octet(struct story *story)
{
	if (story->left == 0)
		return 0;
	story->left--;
	return *story->at++;
}

static void say(struct story *story)
{
	size_t length = next_octet(story);

	if (length > story->left)
		length = story->left;
	/* a display that has gone, or waits for room, has said less */
	(void)send(f.display, story->at, length, MSG_DONTWAIT | MSG_NOSIGNAL);
	story->at += length;
	story->left -= length;
}

static void say_hello(void)
{
	static const char hello[] =
		"{\"type\":\"hello\",\"protocol\":1,\"name\":\"f\",\"caps\":"
		"[\"metrics\",\"input\",\"shown\",\"personal\"]}\n";

	(void)send(f.display, hello, sizeof(hello) - 1,
	           MSG_DONTWAIT | MSG_NOSIGNAL);
}

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static void prompt(uint8_t what)
{
	f.board.prompt = (struct display_prompt){
		.id = f.board.prompt.id + 1,
		.rule = "cadence-low",
		.level = what % 6,
		.ttl_ms = 8000,
		.headline = "Quicker",
		.text = "Quicker",
	};
	f.board.prompt_us = 0;
	f.board.prompt_end_us = UINT64_MAX;
	f.board.known |= SLOT_BIT(SLOT_PROMPT);
	display_client_touch(f.client, SLOT_PROMPT, now_us());
}

static void core_says(uint8_t what)
{
	static const enum slot slots[] = { SLOT_LINK,    SLOT_SESSION,
		                           SLOT_METRICS, SLOT_TARGET,
		                           SLOT_BATTERY, SLOT_SUMMARY };
	enum slot slot = slots[what % 6];
	const struct display_clear clear = { f.board.prompt.id, what % 4 };

	if (f.gone)
		return;
	switch (what >> 6) {
	case 0:
		prompt(what);
		break;
	case 1:
		if (f.board.known & SLOT_BIT(SLOT_PROMPT))
			display_client_clear(f.client, &clear);
		f.board.known &= ~SLOT_BIT(SLOT_PROMPT);
		break;
	default:
		f.board.session.state = what % 4;
		f.board.known |= SLOT_BIT(slot);
		if (slot == SLOT_METRICS && what & 1)
			board_share_metrics(&f.board);
		display_client_touch(f.client, slot, now_us());
		break;
	}
}

static void begin(uint8_t grants)
{
	static const char *const all[] = { "*" };
	int pair[2];

	require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	                   0, pair) == 0);
	hub_settings_init(&f.settings);
	f.settings.input = (struct hub_grant){ all, grants & 1 };
	f.settings.personal = (struct hub_grant){ all, grants >> 1 & 1 };
	f.display = pair[1];
	f.client = display_client_new(f.base, pair[0], &f.settings, &f.board,
	                              &hooks);
	require(f.client != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event_base *base = f.base;
	struct story story = { data, size };
	struct hub_display described;
	uint8_t how = next_octet(&story);

	if (!base) {
		log_divert(ignore_log, NULL);
		base = event_base_new();
	}
	memset(&f, 0, sizeof(f));
	f.base = base;
	begin(how);
	while (story.left > 0) {
		uint8_t step = next_octet(&story);

		if (step < 0x80)
			say(&story);
		else if (step < 0xc0)
			core_says(next_octet(&story));
		else if (step == 0xc0)
			say_hello();
		turn(!(how & 4) || step == 0xff);
	}
	turn(true);
	if (!f.gone) {
		display_client_describe(f.client, &described);
		require(described.ready == (f.readies > 0) || f.lines == 0 ||
		        (how & 4));
		display_client_bye(f.client);
	}
	read_lines();
	require(f.gone);
	display_client_free(f.client);
	close(f.display);
	return 0;
}
