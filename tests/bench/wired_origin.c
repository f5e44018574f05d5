/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The whole daemon with a treadmill and a foot pod on sockets that it is born with,
 * in place of a radio: this file stands for daemon/origin.c, everything else is
 * gaitd's own. WIRED_TREADMILL and WIRED_FOOTPOD are the descriptors' numbers.
 */
#include "daemon/origin.h"

#include "daemon/sources/live.h"
#include "daemon/sources/peer.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
	const struct source_host *host;
	struct peer *peers[2];
} wired;

static uint64_t on_now(void *user)
{
	(void)user;
	return wired.host->now_us(wired.host->user);
}

static void on_connect(void *user, struct peer *peer, const struct le_address *to,
                       uint32_t limit_ms)
{
	(void)user;
	(void)peer;
	(void)to;
	(void)limit_ms;
}

static void on_peer(void *user, struct peer *peer)
{
	(void)user;
	(void)peer;
}

static bool on_secure(void *user, struct peer *peer, int fd)
{
	(void)user;
	(void)peer;
	(void)fd;
	return false;
}

static void on_event(void *user, const struct source_event *event)
{
	struct source_event mine;

	(void)user;
	source_event_copy(&mine, event);
	wired.host->deliver(wired.host->user, &mine);
}

static struct peer *wire(const struct peer_profile *profile, const char *variable)
{
	static const struct peer_ops ops = { on_now, on_connect, on_peer,
		                             on_secure, on_event, on_peer };
	const char *fd = getenv(variable);
	struct peer_device device = { .type_known = true,
		                      .address = { .type = LE_ADDRESS_PUBLIC } };
	struct peer *peer;

	if (!fd)
		return NULL;
	peer = peer_new(wired.host->base, profile, 1, 1, &ops, NULL);
	if (!peer)
		return NULL;
	peer_set_ready(peer, true);
	peer_set_device(peer, &device);
	peer_advance(peer);
	peer_connected(peer, (int)strtol(fd, NULL, 10), 0);
	return peer;
}

static void *start(const struct source_host *host, const struct config *config)
{
	(void)config;
	wired.host = host;
	wired.peers[0] = wire(&peer_treadmill, "WIRED_TREADMILL");
	wired.peers[1] = wire(&peer_footpod, "WIRED_FOOTPOD");
	return &wired;
}

static void stop(void *source)
{
	(void)source;
	for (size_t i = 0; i < 2; i++)
		peer_free(wired.peers[i]);
}

static void describe(const void *source, json_t *state)
{
	(void)source;
	json_object_set_new(state, "state", json_string("wired"));
	json_object_set_new(state, "message", json_string(""));
}

static const struct source_live_ops source = { .name = "wired", .start = start, .stop = stop,
	                                       .describe = describe };
static const struct source_live_ops *const sources[] = { &source, NULL };

int origin_status_of(int error)
{
	(void)error;
	return EXIT_FAILED;
}

int origin_open(struct origin *origin, const struct options *options,
                const struct ruleset *rules, struct pipeline_settings *settings)
{
	(void)options;
	(void)rules;
	(void)settings;
	snprintf(origin->name, sizeof(origin->name), "wired");
	origin->driver.ops = &live_ops;
	origin->driver.self = live_new(sources, NULL);
	return origin->driver.self ? EXIT_GO_ON : EXIT_FAILED;
}
