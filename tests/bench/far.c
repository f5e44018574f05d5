/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/bench/far.h"

#include "daemon/peripheral/layout.h"
#include "protocol/ftms.h"
#include "protocol/rsc.h"
#include "tests/bench/table.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 120000 /* valgrind takes its time */
#define POLL_MAX (FAR_DISPLAYS_MAX + 2 + FAR_BESIDE_MAX)

double far_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

/* ---- a device ------------------------------------------------------------ */

static void on_send(void *user, const uint8_t *pdu, size_t length)
{
	const struct far_link *link = user;

	if (send(link->fd, pdu, length, MSG_NOSIGNAL) < 0)
		table_fail("the daemon has closed a link");
}

static void on_configured(void *user, const struct gatt_characteristic *of, uint16_t ccc)
{
	struct far_link *link = user;

	(void)of;
	link->subscribed += ccc != 0;
}

static uint8_t on_written(void *user, const struct gatt_characteristic *to,
                          const uint8_t *value, size_t length)
{
	(void)user;
	(void)to;
	(void)value;
	(void)length;
	return 0;
}

static void open_link(struct far_link *link, enum role role, const char *variable)
{
	static const struct gatt_server_ops ops = { on_send, on_configured, on_written };
	struct gatt_table table;
	char number[16];
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) < 0 ||
	    !gatt_table_read(layout_find(role, "plain")->table, &table))
		table_fail("no link");
	*link = (struct far_link){ .fd = ends[0], .theirs = ends[1] };
	fcntl(link->fd, F_SETFD, FD_CLOEXEC);
	snprintf(number, sizeof(number), "%d", link->theirs);
	setenv(variable, number, 1);
	gatt_server_init(&link->server, &table, 247, &ops, link);
	gatt_server_connected(&link->server);
}

static void answer(struct far_link *link)
{
	uint8_t pdu[1024];
	ssize_t length = recv(link->fd, pdu, sizeof(pdu), MSG_DONTWAIT);

	if (length > 0)
		gatt_server_receive(&link->server, pdu, (size_t)length);
	else if (length == 0 || errno != EAGAIN)
		table_fail("the daemon has closed a link");
}

/* ---- a display ----------------------------------------------------------- */

static int connect_to(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	for (unsigned i = 0; i < PATIENCE_MS / 10; i++) {
		if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
			return fd;
		usleep(10000);
	}
	table_fail("no display socket");
}

static void say(const struct far_display *display, const char *line)
{
	if (send(display->fd, line, strlen(line), MSG_NOSIGNAL) < 0)
		table_fail("the daemon has closed a display");
}

/* What it has read; only the end is kept of what nobody looked for */
static void hear(struct far_display *display)
{
	size_t room = sizeof(display->text) - 1;
	ssize_t length;

	if (display->length > room / 2) {
		memmove(display->text, display->text + display->length - 256, 256);
		display->length = 256;
	}
	length = recv(display->fd, display->text + display->length, room - display->length,
	              MSG_DONTWAIT);
	if (length <= 0)
		return;
	display->text[display->length + (size_t)length] = '\0';
	if (strstr(display->text + display->length, "\"ping\"")) {
		say(display, "{\"type\":\"pong\"}\n");
		display->pongs++;
	}
	display->length += (size_t)length;
}

static bool has_heard(struct far_display *display, const char *text)
{
	display->text[display->length] = '\0';
	if (!strstr(display->text, text))
		return false;
	display->length = 0;
	return true;
}

/* ---- all of them --------------------------------------------------------- */

/* Waits for anything, at most so long, and takes it. */
static void turn(struct far *far, int wait_ms)
{
	struct pollfd fds[POLL_MAX];
	nfds_t count = 0, besides;

	for (unsigned i = 0; i < far->displays; i++)
		fds[count++] = (struct pollfd){ .fd = far->display[i].fd, .events = POLLIN };
	if (!far->bare) {
		fds[count++] = (struct pollfd){ .fd = far->treadmill.fd, .events = POLLIN };
		fds[count++] = (struct pollfd){ .fd = far->footpod.fd, .events = POLLIN };
	}
	besides = count;
	for (unsigned i = 0; i < far->besides; i++)
		fds[count++] = (struct pollfd){ .fd = far->beside[i].fd, .events = POLLIN };
	if (poll(fds, count, wait_ms) <= 0)
		return;
	for (unsigned i = 0; i < far->besides; i++)
		if (fds[besides + i].revents)
			far->beside[i].hear(far->beside[i].user);
	for (unsigned i = 0; i < far->displays; i++)
		if (fds[i].revents)
			hear(&far->display[i]);
	if (!far->bare && fds[far->displays].revents)
		answer(&far->treadmill);
	if (!far->bare && fds[far->displays + 1].revents)
		answer(&far->footpod);
}

static void await(struct far *far, struct far_display *display, const char *text)
{
	double start = far_now_us();

	while (!has_heard(display, text)) {
		turn(far, 100);
		if (far_now_us() - start > PATIENCE_MS * 1e3)
			table_fail(text);
	}
}

static void open_displays(struct far *far, unsigned displays)
{
	for (unsigned i = 0; i < displays; i++) {
		struct far_display *display = &far->display[far->displays++];

		display->fd = connect_to(far->socket);
		display->length = 0;
		if (far->bare)
			continue;
		say(display, "{\"type\":\"hello\",\"protocol\":1,\"name\":\"bench\","
		             "\"version\":\"1\",\"caps\":[\"metrics\"]}\n");
		await(far, display, "\"ready\"");
	}
}

static struct far *running; /* NULL: none */

/* Nothing is left of a bench that fails. */
static void clean(void)
{
	if (!running)
		return;
	kill(running->pid, SIGKILL);
	waitpid(running->pid, NULL, 0);
	unlink(running->socket);
	rmdir(running->directory);
}

static void make_directory(struct far *far)
{
	static unsigned number;

	if (number == 0)
		atexit(clean);
	snprintf(far->directory, sizeof(far->directory), "%.40s/far-%ld-%u",
	         getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (long)getpid(), number++);
	snprintf(far->socket, sizeof(far->socket), "%s/display.sock", far->directory);
	if (mkdir(far->directory, 0700) < 0)
		table_fail(far->directory);
}

static void start(struct far *far, char **command)
{
	far->pid = fork();
	if (far->pid < 0)
		table_fail("no process");
	running = far;
	if (far->pid != 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGTERM); /* it goes with a bench that is interrupted */
	for (char **word = command; *word; word++)
		if (strcmp(*word, "SOCKET") == 0)
			*word = far->socket;
	execvp(command[0], command);
	_exit(127);
}

void far_start(struct far *far, char **command, bool bare, unsigned displays)
{
	memset(far, 0, sizeof(*far));
	far->bare = bare;
	far->speed = 1000;
	make_directory(far);
	open_link(&far->treadmill, ROLE_TREADMILL, "WIRED_TREADMILL");
	open_link(&far->footpod, ROLE_FOOTPOD, "WIRED_FOOTPOD");
	start(far, command);
	close(far->treadmill.theirs);
	close(far->footpod.theirs);
	while (!bare && (far->treadmill.subscribed == 0 || far->footpod.subscribed == 0))
		turn(far, PATIENCE_MS);
	open_displays(far, displays);
	far_serve(far, 0.2); /* what it still asks, and the first of everything */
}

void far_stop(struct far *far)
{
	int status;

	kill(far->pid, SIGTERM);
	for (unsigned i = 0; i < far->displays; i++)
		close(far->display[i].fd);
	running = NULL;
	if (waitpid(far->pid, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		table_fail("the daemon did not end as it should");
	close(far->treadmill.fd);
	close(far->footpod.fd);
	rmdir(far->directory);
}

static void tell(struct far_link *link, uint16_t uuid, const uint8_t *value, size_t length,
                 bool bare)
{
	uint8_t pdu[32] = { 0x1b };

	if (bare) {
		memcpy(pdu + 3, value, length);
		on_send(link, pdu, 3 + length);
	} else if (!gatt_server_tell(&link->server, uuid, value, length)) {
		table_fail("the daemon has not subscribed");
	}
}

void far_tell_speed(struct far *far)
{
	uint8_t value[4] = { 0 };

	far->speed = far->speed == 1099 ? 1000 : far->speed + 1;
	value[2] = (uint8_t)far->speed;
	value[3] = (uint8_t)(far->speed >> 8);
	tell(&far->treadmill, FTMS_UUID_TREADMILL_DATA, value, sizeof(value), far->bare);
}

void far_tell_pod(struct far *far)
{
	const struct rsc_measurement m = { .running = true, .speed = 711,
		                           .cadence = (uint8_t)(80 + far->speed % 4) };
	uint8_t value[8];
	size_t length = rsc_measurement_encode(&m, value, sizeof(value));

	if (!far->bare)
		tell(&far->footpod, RSC_UUID_MEASUREMENT, value, length, false);
}

void far_await(struct far *far, double since_us, double *took_us)
{
	unsigned left = far->displays;
	char text[32];

	snprintf(text, sizeof(text), "\"speed_kmh\":%u.%02u", far->speed / 100, far->speed % 100);
	for (unsigned i = 0; i < far->displays; i++)
		far->display[i].awaited = true;
	while (left > 0) {
		turn(far, PATIENCE_MS);
		for (unsigned i = 0; i < far->displays; i++) {
			struct far_display *display = &far->display[i];

			if (!display->awaited || !has_heard(display, text))
				continue;
			display->awaited = false;
			left--;
			*took_us++ = far_now_us() - since_us;
		}
		if (far_now_us() - since_us > PATIENCE_MS * 1e3)
			table_fail("a display was not told");
	}
}

void far_serve(struct far *far, double seconds)
{
	double end_us = far_now_us() + seconds * 1e6, left_us;

	while ((left_us = end_us - far_now_us()) > 0)
		turn(far, (int)(left_us / 1000) + 1);
}
