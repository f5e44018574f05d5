/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h> /* accept4() is GNU's */

#include "daemon/gaitctl/conform_kit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STOP_MS 2000 /* from SIGTERM to SIGKILL */

static int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool kit_fail(struct kit *kit, const char *expected, const char *saw)
{
	if (!*kit->expected) {
		snprintf(kit->expected, sizeof(kit->expected), "%s", expected);
		snprintf(kit->saw, sizeof(kit->saw), "%s", saw);
	}
	return false;
}

static bool fail_errno(struct kit *kit, const char *expected)
{
	return kit_fail(kit, expected, strerror(errno));
}

/* ---- the program --------------------------------------------------------- */

static void become_display(const struct kit *kit)
{
	int null = open("/dev/null", O_RDWR);

	setpgid(0, 0); /* what it starts is ended with it */
	setenv("GAITD_SOCKET", kit->address.sun_path, 1);
	dup2(null, STDIN_FILENO);
	dup2(kit->verbose ? STDERR_FILENO : null, STDOUT_FILENO);
	if (!kit->verbose)
		dup2(null, STDERR_FILENO);
	execvp(kit->command[0], kit->command);
	_exit(errno == ENOENT ? 127 : 126);
}

static void start_display(struct kit *kit)
{
	fflush(stdout);
	kit->pid = fork();
	if (kit->pid == 0)
		become_display(kit);
	if (kit->pid < 0)
		kit->pid = 0;
}

/* How it ended, in words; NULL: it runs. */
static const char *display_end(struct kit *kit)
{
	static char text[80];
	int status;

	if (kit->pid == 0)
		return "no process";
	if (waitpid(kit->pid, &status, WNOHANG) != kit->pid)
		return NULL;
	kit->pid = 0;
	if (WIFSIGNALED(status))
		snprintf(text, sizeof(text), "the display killed by signal %d (%s)",
		         WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) == 127)
		snprintf(text, sizeof(text), "no such program");
	else
		snprintf(text, sizeof(text), "the display ended with status %d",
		         WEXITSTATUS(status));
	return text;
}

static void stop_display(struct kit *kit)
{
	int64_t until = clock_ms() + STOP_MS;
	pid_t group = kit->pid;

	if (kit->pid == 0)
		return;
	kill(-group, SIGTERM);
	while (!display_end(kit) && clock_ms() < until)
		poll(NULL, 0, 10);
	kill(-group, SIGKILL);
	if (kit->pid != 0)
		waitpid(kit->pid, NULL, 0);
	kit->pid = 0;
}

/* ---- the socket ---------------------------------------------------------- */

bool kit_listen(struct kit *kit)
{
	kit->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	unlink(kit->address.sun_path);
	if (kit->listener >= 0 &&
	    bind(kit->listener, (struct sockaddr *)&kit->address, sizeof(kit->address)) == 0 &&
	    listen(kit->listener, 4) == 0)
		return true;
	return fail_errno(kit, "a socket to listen on");
}

void kit_stop_listening(struct kit *kit)
{
	if (kit->listener >= 0)
		close(kit->listener);
	kit->listener = -1;
	unlink(kit->address.sun_path);
}

void kit_hang_up(struct kit *kit)
{
	if (kit->fd >= 0)
		close(kit->fd);
	kit->fd = -1;
	kit->ready = false;
}

bool kit_open(struct kit *kit, char *const *command)
{
	const char *tmp = getenv("TMPDIR");

	memset(kit, 0, sizeof(*kit));
	kit->command = command;
	kit->fd = kit->listener = -1;
	/* a socket's path is short: a long TMPDIR does not fit */
	snprintf(kit->directory, sizeof(kit->directory), "%s/gaitd-conform.XXXXXX",
	         tmp && strlen(tmp) < 40 ? tmp : "/tmp");
	if (!mkdtemp(kit->directory))
		return false;
	kit->address.sun_family = AF_UNIX;
	snprintf(kit->address.sun_path, sizeof(kit->address.sun_path), "%s/display.sock",
	         kit->directory);
	return kit_listen(kit);
}

void kit_close(struct kit *kit)
{
	kit_hang_up(kit);
	stop_display(kit);
	kit_stop_listening(kit);
	rmdir(kit->directory);
}

void kit_begin(struct kit *kit)
{
	*kit->expected = *kit->saw = '\0';
	kit->caps_offered = ~0u;
	if (kit->listener < 0)
		kit_listen(kit);
	if (display_end(kit)) {
		kit_hang_up(kit);
		start_display(kit);
	}
}

bool kit_accept(struct kit *kit, int ms)
{
	int64_t until = clock_ms() + ms;
	char expected[64];
	const char *end;

	kit_hang_up(kit);
	do {
		struct pollfd p = { kit->listener, POLLIN, 0 };

		poll(&p, 1, 50);
		kit->fd = accept4(kit->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		end = kit->fd < 0 ? display_end(kit) : NULL;
	} while (kit->fd < 0 && !end && clock_ms() < until);
	memset(&kit->framer, 0, sizeof(kit->framer));
	kit->pings = kit->pongs = 0;
	if (kit->fd >= 0)
		return true;
	snprintf(expected, sizeof(expected), "a connection within %d s", ms / 1000);
	return kit_fail(kit, expected, end ? end : "none");
}

/* ---- what the display says ----------------------------------------------- */

static bool outside(struct kit *kit, const char *expected, const char *line,
                    size_t length)
{
	char saw[200];

	snprintf(saw, sizeof(saw), "%.*s", (int)(length < 150 ? length : 150), line);
	return kit_fail(kit, expected, saw);
}

static bool take_shown(struct kit *kit, uint32_t id, const char *line, size_t length)
{
	kit->shown_id = id;
	if (id == 0 || id > kit->prompt_id)
		return outside(kit, "shown with the id of a prompt that was sent", line, length);
	if (id <= kit->over_id)
		return outside(kit, "no shown of a prompt after its clear", line, length);
	return true;
}

static bool take_hello(struct kit *kit, const struct display_request *hello,
                       const char *line, size_t length)
{
	if (kit->ready)
		return outside(kit, "one hello", line, length);
	kit->caps_asked = hello->caps;
	kit->caps_granted = hello->caps & kit->caps_offered;
	kit->ready = true;
	return true;
}

static bool take_line(struct kit *kit, const char *line, size_t length)
{
	struct display_request request;
	struct display_fault fault;
	char expected[200];

	if (!display_request_read(line, length, &request, &fault)) {
		snprintf(expected, sizeof(expected), "a line of the protocol (%s: %s)",
		         display_error_name(fault.code), fault.detail);
		return outside(kit, expected, line, length);
	}
	if (!kit->ready && request.type != DISPLAY_REQUEST_HELLO)
		return outside(kit, "nothing but hello before ready", line, length);
	switch (request.type) {
	case DISPLAY_REQUEST_HELLO:
		return take_hello(kit, &request, line, length);
	case DISPLAY_REQUEST_SHOWN:
		return take_shown(kit, request.id, line, length);
	case DISPLAY_REQUEST_PONG:
		if (++kit->pongs > kit->pings)
			return outside(kit, "a pong for a ping only", line, length);
		return true;
	case DISPLAY_REQUEST_PING:
		return kit_say(kit, "{\"type\":\"pong\"}");
	case DISPLAY_REQUEST_INPUT:
		if (!(kit->caps_granted & DISPLAY_CAP_INPUT))
			return outside(kit, "no input where it is not granted", line, length);
		return true;
	}
	return true;
}

static bool take_bytes(struct kit *kit, const char *bytes, size_t length)
{
	size_t line_length;

	for (;;) {
		switch (display_framer_next(&kit->framer, &bytes, &length, &line_length)) {
		case DISPLAY_FRAME_NONE:
			return true;
		case DISPLAY_FRAME_TOO_LONG:
			return kit_fail(kit, "lines of at most 4096 octets", "a longer one");
		case DISPLAY_FRAME_LINE:
			if (!take_line(kit, kit->framer.line, line_length))
				return false;
			break;
		}
	}
}

/* What is there now. False at a fault; a display that hung up is no fault yet. */
static bool read_some(struct kit *kit)
{
	char bytes[4096];
	ssize_t n = recv(kit->fd, bytes, sizeof(bytes), 0);

	if (n > 0)
		return take_bytes(kit, bytes, (size_t)n);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	kit_hang_up(kit);
	return true;
}

bool kit_hear(struct kit *kit, int ms, bool (*enough)(const struct kit *kit))
{
	int64_t until = clock_ms() + ms;

	while (kit->fd >= 0 && !(enough && enough(kit))) {
		int64_t left = until - clock_ms();
		struct pollfd p = { kit->fd, POLLIN, 0 };

		if (left <= 0)
			return true;
		if (poll(&p, 1, (int)left) > 0 && !read_some(kit))
			return false;
	}
	return true;
}

bool kit_send(struct kit *kit, const char *bytes, size_t length)
{
	int64_t until = clock_ms() + KIT_RECONNECT_MS;

	while (length > 0 && kit->fd >= 0) {
		struct pollfd p = { kit->fd, POLLIN | POLLOUT, 0 };
		ssize_t n;

		if (clock_ms() > until)
			return kit_fail(kit, "a display that reads", "nothing read for 10 s");
		poll(&p, 1, 100);
		if ((p.revents & (POLLIN | POLLHUP | POLLERR)) && !read_some(kit))
			return false;
		if (kit->fd < 0 || !(p.revents & POLLOUT))
			continue;
		n = send(kit->fd, bytes, length, MSG_NOSIGNAL);
		if (n <= 0)
			continue;
		bytes += n;
		length -= (size_t)n;
		until = clock_ms() + KIT_RECONNECT_MS;
	}
	return true;
}

bool kit_say(struct kit *kit, const char *line)
{
	char bytes[DISPLAY_LINE_MAX + 1];
	int length = snprintf(bytes, sizeof(bytes), "%s\n", line);

	return kit_send(kit, bytes, (size_t)length);
}

/* ---- conversations ------------------------------------------------------- */

static bool is_ready(const struct kit *kit)
{
	return kit->ready;
}

bool kit_greet(struct kit *kit, const char *hello)
{
	if (!kit_say(kit, hello) || !kit_hear(kit, KIT_HELLO_MS, is_ready))
		return false;
	if (!kit->ready)
		return kit_fail(kit, "hello within 3 s",
		                kit->fd < 0 ? "the connection closed" : "nothing");
	return true;
}

static bool say_ready(struct kit *kit)
{
	static const char snapshot[] =
		"{\"type\":\"link\",\"treadmill\":\"live\",\"footpod\":\"searching\"}\n"
		"{\"type\":\"session\",\"state\":\"running\",\"elapsed_s\":412,"
		"\"distance_m\":1030,\"runner\":\"anonymous\",\"lang\":\"en\","
		"\"units\":\"km\",\"feedback\":true,\"intervals\":false}\n"
		"{\"type\":\"metrics\",\"speed_kmh\":10.00,\"incline_pct\":1.0,"
		"\"elapsed_s\":412,\"gait\":\"run\"}\n";
	char line[256];
	size_t length = display_write_ready(line, sizeof(line), kit->caps_granted);

	return kit_send(kit, line, length) &&
	       kit_send(kit, snapshot, sizeof(snapshot) - 1);
}

bool kit_ready(struct kit *kit, int ms)
{
	static const char hello[] = "{\"type\":\"hello\",\"protocol\":[1],"
	                            "\"daemon\":\"gaitctl conform\",\"ping_ms\":5000}";

	if (kit->fd >= 0 && kit->ready)
		return true;
	return kit_accept(kit, ms) && kit_greet(kit, hello) && say_ready(kit);
}

static bool is_answered(const struct kit *kit)
{
	return kit->pongs >= kit->pings;
}

bool kit_alive(struct kit *kit)
{
	for (int tries = 0; tries < 2; tries++) {
		if (!kit_ready(kit, KIT_RECONNECT_MS))
			return false;
		kit->pings++;
		if (!kit_say(kit, "{\"type\":\"ping\"}") ||
		    !kit_hear(kit, KIT_PONG_MS, is_answered))
			return false;
		if (kit->fd >= 0)
			return kit->pongs >= kit->pings ||
			       kit_fail(kit, "a pong within 5 s of a ping", "none");
	}
	return kit_fail(kit, "a display that stays when it has come back",
	                "it hung up at once");
}

size_t kit_prompt_line(struct kit *kit, const char *level, const char *headline,
                       char *line, size_t size)
{
	kit->prompt_id++;
	return (size_t)snprintf(
		line, size,
		"{\"type\":\"prompt\",\"id\":%u,\"rule\":\"cadence-low\",\"level\":\"%s\","
		"\"headline\":\"%s\",\"text\":\"Quicker, lighter beat: aim for 170 steps a "
		"minute.\",\"why\":\"A slightly quicker beat at the same speed shortens "
		"each step.\",\"args\":{\"target\":170},\"ttl_ms\":8000}\n",
		kit->prompt_id, level, headline);
}

bool kit_prompt(struct kit *kit, const char *level, const char *headline)
{
	char line[1024];
	size_t length = kit_prompt_line(kit, level, headline, line, sizeof(line));

	return kit_send(kit, line, length);
}

bool kit_clear(struct kit *kit, uint32_t id, const char *reason)
{
	char line[128];

	snprintf(line, sizeof(line), "{\"type\":\"clear\",\"id\":%u,\"reason\":\"%s\"}", id,
	         reason);
	return kit_say(kit, line);
}
