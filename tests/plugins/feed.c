/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A daemon that says what a script says, to one display that it starts:
 *
 *	feed [--pty ROWSxCOLS] SCRIPT -- COMMAND...
 *
 * listens on GAITD_SOCKET and does, line by line:
 *
 *	accept        the display connects, greets and is greeted
 *	send JSON     said to it
 *	told TEXT     it says a line with this within 10 s
 *	hangup        the connection ends
 *	stop, cont    the display is stopped, goes on
 *	pause MS
 *	file F TEXT   within 10 s the file F has TEXT
 *	never F TEXT  it has not
 *	key TEXT      typed on its terminal; ^M is Return, ^[ Escape
 *	drawn TEXT    within 10 s it draws that; says how long after the last send
 *	screen TEXT   drawn afresh, its screen has TEXT
 *	blank TEXT    it has not
 *	end STATUS    it is asked to end, with this exit status
 */
#include "config.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 10000
#define CLEARED "\x1b[H\x1b[J" /* how a vt100's screen is drawn afresh */

struct text {
	char bytes[1 << 18];
	size_t length;
};

static int listener = -1, display = -1, terminal = -1;
static struct winsize size;
static struct text told, drawn;
static pid_t child;
static unsigned long long sent_ms;
static const char *script;
static int row;

static unsigned long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned long long)now.tv_sec * 1000 + (unsigned long long)now.tv_nsec / 1000000;
}

static void fail(const char *what, const char *about)
{
	printf("FAIL: %s:%d: %s %s\n", script, row, what, about);
	if (terminal >= 0)
		printf("its terminal: %.*s\n", (int)drawn.length, drawn.bytes);
	kill(child, SIGKILL);
	exit(EXIT_FAILURE);
}

/* ---- what comes from the display ---- */
static bool take(int fd, struct text *into)
{
	ssize_t count;

	if (into->length > sizeof(into->bytes) / 2)
		into->length = 0;
	count = read(fd, into->bytes + into->length, sizeof(into->bytes) - into->length - 1);
	if (count > 0)
		into->length += (size_t)count;
	into->bytes[into->length] = '\0';
	return count > 0;
}

/* Whatever comes within this time; false: nothing did */
static bool listen_for(int ms)
{
	struct pollfd fds[] = {
		{ .fd = display, .events = POLLIN }, { .fd = terminal, .events = POLLIN },
	};

	if (poll(fds, 2, ms) <= 0)
		return false;
	if (fds[0].revents && !take(display, &told)) {
		close(display);
		display = -1;
	}
	if (fds[1].revents && !take(terminal, &drawn))
		terminal = -1;
	return true;
}

static bool find(const struct text *in, const char *text)
{
	return memmem(in->bytes, in->length, text, strlen(text));
}

static void wait_for(struct text *in, const char *text)
{
	unsigned long long end = now_ms() + PATIENCE_MS;

	while (!find(in, text)) {
		if (now_ms() > end)
			fail("never came:", text);
		listen_for(100);
	}
}

/* ---- the script's words ---- */
static void send_line(const char *line)
{
	if (send(display, line, strlen(line), MSG_NOSIGNAL) < 0 ||
	    send(display, "\n", 1, MSG_NOSIGNAL) < 0)
		fail("cannot send", line);
	sent_ms = now_ms();
}

static void do_accept(const char *unused)
{
	struct pollfd fd = { .fd = listener, .events = POLLIN };

	(void)unused;
	if (poll(&fd, 1, PATIENCE_MS) <= 0)
		fail("did not connect", "");
	display = accept(listener, NULL, NULL);
	told.length = 0;
	send_line("{\"type\":\"hello\",\"protocol\":[1],\"daemon\":\"feed\",\"ping_ms\":60000}");
	wait_for(&told, "\"hello\"");
	told.length = 0;
	send_line("{\"type\":\"ready\",\"caps\":[\"metrics\",\"shown\",\"input\"]}");
}

static void do_told(const char *text)
{
	wait_for(&told, text);
	told.length = 0;
}

static void do_hangup(const char *unused)
{
	(void)unused;
	close(display);
	display = -1;
}

static void do_stop(const char *unused)
{
	(void)unused;
	kill(child, SIGSTOP);
}

static void do_cont(const char *unused)
{
	(void)unused;
	drawn.length = 0;
	kill(child, SIGCONT);
}

static void do_pause(const char *ms)
{
	unsigned long long end = now_ms() + strtoull(ms, NULL, 10);

	while (now_ms() < end)
		listen_for((int)(end - now_ms()));
}

static bool file_has(const char *words)
{
	char name[256], content[1 << 16];
	size_t length = strcspn(words, " ");
	FILE *file;

	snprintf(name, sizeof(name), "%.*s", (int)length, words);
	file = fopen(name, "r");
	if (!file)
		return false;
	content[fread(content, 1, sizeof(content) - 1, file)] = '\0';
	fclose(file);
	return strstr(content, words + length + 1);
}

static void do_file(const char *words)
{
	unsigned long long end = now_ms() + PATIENCE_MS;

	while (!file_has(words)) {
		if (now_ms() > end)
			fail("not in file:", words);
		listen_for(20);
	}
}

static void do_never(const char *words)
{
	if (file_has(words))
		fail("in file:", words);
}

static void do_key(const char *keys)
{
	for (; *keys; keys++) {
		char key = *keys;

		if (key == '^' && keys[1])
			key = (char)(*++keys & 0x1f);
		if (write(terminal, &key, 1) != 1)
			fail("cannot type", keys);
	}
}

static void do_drawn(const char *text)
{
	wait_for(&drawn, text);
	printf("%s: drawn %llu ms after it was sent\n", text, now_ms() - sent_ms);
	drawn.length = 0;
}

/* A terminal of another width is drawn afresh, as a whole. */
static void draw_afresh(void)
{
	listen_for(200);
	drawn.length = 0;
	size.ws_col = (unsigned short)(size.ws_col ^ 1);
	ioctl(terminal, TIOCSWINSZ, &size);
	wait_for(&drawn, CLEARED);
	while (listen_for(300))
		;
}

static void do_screen(const char *text)
{
	draw_afresh();
	if (!find(&drawn, text))
		fail("not on the screen:", text);
}

static void do_blank(const char *text)
{
	draw_afresh();
	if (find(&drawn, text))
		fail("on the screen:", text);
}

static void do_end(const char *status)
{
	unsigned long long end = now_ms() + PATIENCE_MS;
	int how = 0;

	kill(child, SIGTERM);
	while (waitpid(child, &how, WNOHANG) == 0) {
		if (now_ms() > end)
			fail("does not end", "");
		listen_for(20);
	}
	if (!WIFEXITED(how) || WEXITSTATUS(how) != atoi(status))
		fail("ended otherwise than with", status);
	child = 0;
}

static const struct {
	const char *word;
	void (*act)(const char *rest);
} words[] = {
	{ "accept", do_accept }, { "blank", do_blank },   { "cont", do_cont },
	{ "drawn", do_drawn },   { "end", do_end },       { "file", do_file },
	{ "hangup", do_hangup }, { "key", do_key },       { "never", do_never },
	{ "pause", do_pause },   { "screen", do_screen }, { "send", send_line },
	{ "stop", do_stop },     { "told", do_told },
};

static void act_on(char *line)
{
	size_t length = strcspn(line, " ");
	const char *rest = line + length + (line[length] == ' ');

	if (!*line || *line == '#')
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].word) == length && !strncmp(line, words[i].word, length)) {
			words[i].act(rest);
			return;
		}
	fail("what is", line);
}

/* ---- start and end ---- */
static void start(char **command)
{
	child = size.ws_row ? forkpty(&terminal, NULL, NULL, &size) : fork();
	if (child == 0) {
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
}

static void open_socket(void)
{
	const char *path = getenv("GAITD_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path ? path : "");
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (!path || bind(listener, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(listener, 1)) {
		perror("feed: GAITD_SOCKET");
		exit(EXIT_FAILURE);
	}
}

int main(int argc, char **argv)
{
	char line[4200];
	FILE *file;
	int at = 1;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 3 && strcmp(argv[1], "--pty") == 0 &&
	    sscanf(argv[2], "%hux%hu", &size.ws_row, &size.ws_col) == 2)
		at = 3;
	if (argc < at + 3 || strcmp(argv[at + 1], "--") != 0)
		return 2;
	script = argv[at];
	file = fopen(script, "re");
	if (!file) {
		perror(script);
		return EXIT_FAILURE;
	}
	open_socket();
	start(argv + at + 2);
	while (fgets(line, sizeof(line), file)) {
		row++;
		line[strcspn(line, "\n")] = '\0';
		act_on(line);
	}
	fclose(file);
	if (child)
		do_end("143");
	return EXIT_SUCCESS;
}
