/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * make bench: how long from a treadmill's notification on the link's socket to
 * the metrics of it on a display's, through everything between: GATT client,
 * peer, intake, pipeline, hub. Treadmill and display are a process of their
 * own, so that the time has both wake-ups in it. Numbers to look at, no test.
 */
#include "daemon/devices/intake.h"
#include "daemon/displays/hub.h"
#include "daemon/peripheral/gatt_server.h"
#include "daemon/peripheral/layout.h"
#include "daemon/service/rule_files.h"
#include "daemon/sources/live.h"
#include "daemon/sources/peer.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TIMES 5000
#define UUID_DATA 0x2acd

static char path[64] = "/tmp/gaitd-bench-XXXXXX";
static int ends[2]; /* the link: the daemon's and the treadmill's */

static void fail(const char *what)
{
	fprintf(stderr, "bench_link: %s\n", what);
	exit(1);
}

/* ---- a treadmill and a display, in a process ----------------------------- */

static struct {
	struct gatt_server server;
	bool subscribed;
	FILE *display;
	double us[TIMES];
} far;

static void on_send(void *user, const uint8_t *pdu, size_t length)
{
	(void)user;
	if (send(ends[1], pdu, length, MSG_NOSIGNAL) < 0)
		fail("the link is gone");
}

static void on_configured(void *user, const struct gatt_characteristic *of, uint16_t ccc)
{
	(void)user;
	far.subscribed |= ccc && uuid_to16(&of->uuid) == UUID_DATA;
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

static void answer_one(int flags)
{
	uint8_t pdu[1024];
	ssize_t length = recv(ends[1], pdu, sizeof(pdu), flags);

	if (length > 0)
		gatt_server_receive(&far.server, pdu, (size_t)length);
	else if (flags == 0)
		fail("the daemon has closed the link");
}

static void serve_until_subscribed(void)
{
	static const struct gatt_server_ops ops = { on_send, on_configured, on_written };
	struct gatt_table table;

	if (!gatt_table_read(layout_find(ROLE_TREADMILL, "plain")->table, &table))
		fail("the layout is no table");
	gatt_server_init(&far.server, &table, 247, &ops, NULL);
	gatt_server_connected(&far.server);
	while (!far.subscribed)
		answer_one(0);
}

static void await(const char *text)
{
	char line[DISPLAY_LINE_MAX];

	do {
		if (!fgets(line, sizeof(line), far.display))
			fail("the display's socket was closed");
	} while (!strstr(line, text));
}

static void show(void)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s/d", path);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		fail("no display socket");
	far.display = fdopen(fd, "r+");
	if (!far.display)
		fail("out of memory");
	fputs("{\"type\":\"hello\",\"protocol\":1,\"name\":\"bench\",\"version\":\"1\","
	      "\"caps\":[\"metrics\"]}\n", far.display);
	fflush(far.display);
	await("\"ready\"");
}

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static double take_one(unsigned i)
{
	unsigned speed = 1000 + i % 100; /* another one each time */
	uint8_t value[] = { 0, 0, (uint8_t)speed, (uint8_t)(speed >> 8) };
	char text[32];
	double start;

	while (recv(ends[1], text, 1, MSG_DONTWAIT | MSG_PEEK) > 0)
		answer_one(MSG_DONTWAIT);
	snprintf(text, sizeof(text), "\"speed_kmh\":%u.%02u", speed / 100, speed % 100);
	start = now_us();
	if (!gatt_server_tell(&far.server, UUID_DATA, value, sizeof(value)))
		fail("not subscribed");
	await(text);
	return now_us() - start;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void run_far(void)
{
	serve_until_subscribed();
	show();
	for (unsigned i = 0; i < TIMES; i++)
		far.us[i] = take_one(i);
	qsort(far.us, TIMES, sizeof(far.us[0]), by_size);
	printf("notification to display: least %.0f, median %.0f, 99 of 100 within %.0f, "
	       "most %.0f us (%d times)\n",
	       far.us[0], far.us[TIMES / 2], far.us[TIMES * 99 / 100], far.us[TIMES - 1],
	       TIMES);
	fflush(stdout);
	_exit(0);
}

/* ---- the daemon: a source with one link, and what is behind it ----------- */

static struct {
	const struct source_host *host;
	struct peer *peer;
	struct hub *hub;
	struct intake *intake;
	struct live *live;
} near;

static uint64_t peer_now(void *user)
{
	(void)user;
	return near.host->now_us(near.host->user);
}

static void peer_connect(void *user, struct peer *peer, const struct le_address *to,
                         uint32_t limit_ms)
{
	(void)user;
	(void)peer;
	(void)to;
	(void)limit_ms;
}

static void peer_abandon(void *user, struct peer *peer)
{
	(void)user;
	(void)peer;
}

static bool peer_secure(void *user, struct peer *peer, int fd)
{
	(void)user;
	(void)peer;
	(void)fd;
	return false;
}

static void peer_event(void *user, const struct source_event *event)
{
	struct source_event mine = *event;

	(void)user;
	near.host->deliver(near.host->user, &mine);
}

static void *start(const struct source_host *host, const struct config *config)
{
	static const struct peer_ops ops = { peer_now, peer_connect, peer_abandon,
		                             peer_secure, peer_event, peer_abandon };
	struct peer_device device = { .type_known = true,
		                      .address = { .type = LE_ADDRESS_PUBLIC } };

	(void)config;
	near.host = host;
	near.peer = peer_new(host->base, &peer_treadmill, 1, 1, &ops, NULL);
	if (!near.peer)
		return NULL;
	peer_set_ready(near.peer, true);
	peer_set_device(near.peer, &device);
	peer_advance(near.peer);
	peer_connected(near.peer, ends[0], 0);
	return &near;
}

static void stop(void *source)
{
	(void)source;
	peer_free(near.peer);
}

static const struct source_live_ops source = { .name = "bench", .start = start,
	                                       .stop = stop };
static const struct source_live_ops *const sources[] = { &source, NULL };

static void on_outcome(const struct outcome *outcome, void *user)
{
	(void)user;
	hub_outcome(near.hub, outcome);
}

static void on_event(const struct source_event *event, void *user)
{
	(void)user;
	intake_event(near.intake, event);
}

static void on_input(const struct display_request *input, const char *name, void *user)
{
	(void)input;
	(void)name;
	(void)user;
}

static void on_child(evutil_socket_t number, short what, void *user)
{
	(void)number;
	(void)what;
	event_base_loopbreak(user);
}

static void run_near(const struct ruleset *rules, struct event_base *base)
{
	struct pipeline_settings who;
	struct hub_settings settings;
	struct driver_settings drive = { .base = base, .deliver = on_event };
	char socket_path[80];

	pipeline_settings_init(&who);
	hub_settings_init(&settings);
	snprintf(socket_path, sizeof(socket_path), "%s/d", path);
	settings.path = socket_path;
	settings.daemon = "bench";
	near.hub = hub_new(base, &settings, on_input, NULL);
	drive.pipeline = pipeline_new(rules, &who, on_outcome, NULL);
	near.intake = drive.pipeline ? intake_new(drive.pipeline) : NULL;
	near.live = live_new(sources, NULL);
	if (!near.hub || !near.intake || !near.live || !live_ops.start(near.live, &drive))
		fail("cannot start");
	event_base_dispatch(base);
	live_ops.free(near.live);
	hub_free(near.hub);
	intake_free(near.intake);
	pipeline_free(drive.pipeline);
}

int main(int argc, char **argv)
{
	struct ruleset rules = { 0 };
	struct ruleset_error error;
	struct event_base *base = event_base_new();
	struct event *child;
	int status;

	if (argc != 1)
		fail(argv[0]);
	if (!base || !mkdtemp(path) ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0 ||
	    !rule_files_load_all(&rules, NULL, 0, &error))
		fail("cannot prepare");
	child = evsignal_new(base, SIGCHLD, on_child, base);
	event_add(child, NULL);
	if (fork() == 0)
		run_far();
	run_near(&rules, base);
	wait(&status);
	event_free(child);
	event_base_free(base);
	ruleset_free(&rules);
	rmdir(path);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
