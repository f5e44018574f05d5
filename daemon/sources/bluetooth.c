/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/sources/bluetooth_private.h"

#include "daemon/devices/quirks.h"
#include "daemon/service/config.h"
#include "daemon/service/log.h"
#include "daemon/service/timer.h"

#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECOND UINT64_C(1000000)
#define REOPEN_US (10 * SECOND)
#define SEARCH_US (120 * SECOND) /* for a foot pod, from when the belt is there, and when it runs */

/* ---- the turn in which everything is looked at --------------------------- */

uint64_t bluetooth_now_us(const struct bluetooth *b)
{
	return b->host->now_us(b->host->user);
}

static void look_again(struct bluetooth *b, uint64_t at_us)
{
	struct timeval wait = timer_wait(at_us, bluetooth_now_us(b));

	event_add(b->timer, &wait);
}

void bluetooth_changed(struct bluetooth *b)
{
	look_again(b, 0);
}

bool bluetooth_searches(const struct bluetooth *b, const struct slot *slot)
{
	return slot->profile->device == SOURCE_TREADMILL ||
	       bluetooth_now_us(b) < b->search_until_us;
}

/* Every moment before `until_us` counts, so that moment is looked at. */
static bool is_before(uint64_t now_us, uint64_t until_us, uint64_t *next_us)
{
	if (now_us >= until_us)
		return false;
	if (until_us < *next_us)
		*next_us = until_us;
	return true;
}

static bool wants_scan(const struct bluetooth *b, uint64_t *next_us)
{
	uint64_t now_us = bluetooth_now_us(b);
	bool wanted = is_before(now_us, b->asked_until_us, next_us);

	for (size_t i = 0; i < SLOTS; i++) {
		if (slot_looks_around(&b->slots[i]) &&
		    is_before(now_us, b->slots[i].look_until_us, next_us))
			wanted = true;
		if (slot_is_searching(&b->slots[i]) &&
		    (b->slots[i].profile->device == SOURCE_TREADMILL ||
		     is_before(now_us, b->search_until_us, next_us)))
			wanted = true;
	}
	return wanted;
}

static bool open_adapter(struct bluetooth *b);

/* A kernel that had no Bluetooth may have it by now; the right to manage it is
 * given up since the start, and what needs none works. */
static void try_again(struct bluetooth *b, uint64_t *next_us)
{
	bool could_manage = b->may_manage;

	if (adapter_state(b->adapter) != ADAPTER_BROKEN)
		return;
	if (is_before(bluetooth_now_us(b), b->reopen_us, next_us))
		return;
	b->reopen_us = bluetooth_now_us(b) + REOPEN_US;
	*next_us = b->reopen_us;
	if (b->socket >= 0)
		close(b->socket);
	b->socket = adapter_open(&b->may_manage);
	b->late |= could_manage && !b->may_manage;
	open_adapter(b);
}

static void on_timer(evutil_socket_t fd, short what, void *user)
{
	struct bluetooth *b = user;
	uint64_t next_us = SOURCE_NEVER, prove_us;

	(void)fd;
	(void)what;
	for (size_t i = 0; i < SLOTS; i++) {
		uint64_t at_us = slot_advance(&b->slots[i]);

		if (at_us < next_us)
			next_us = at_us;
	}
	prove_us = prove_advance(b);
	if (prove_us < next_us)
		next_us = prove_us;
	adapter_want_scan(b->adapter, wants_scan(b, &next_us));
	try_again(b, &next_us);
	/* what asked for another turn in the meantime gets it */
	if (next_us != SOURCE_NEVER && !event_pending(b->timer, EV_TIMEOUT, NULL))
		look_again(b, next_us);
}

/* ---- the adapter --------------------------------------------------------- */

/* Each state is said once; what passes by itself is not worth it. */
static void say_state(struct bluetooth *b)
{
	static const enum message messages[] = {
		[ADAPTER_STARTING] = MESSAGE_COUNT,
		[ADAPTER_NONE] = MESSAGE_ADAPTER_NONE,
		[ADAPTER_UNFIT] = MESSAGE_ADAPTER_UNFIT,
		[ADAPTER_BLOCKED] = MESSAGE_ADAPTER_BLOCKED,
		[ADAPTER_OFF] = MESSAGE_ADAPTER_OFF,
		[ADAPTER_ASLEEP] = MESSAGE_COUNT,
		[ADAPTER_READY] = MESSAGE_COUNT,
		[ADAPTER_BROKEN] = MESSAGE_ADAPTER_BROKEN,
	};
	enum message known = messages[adapter_state(b->adapter)];
	char message[ADAPTER_MESSAGE_SIZE];

	adapter_message(b->adapter, message);
	if (adapter_state(b->adapter) == ADAPTER_STARTING || strcmp(message, b->said) == 0)
		return;
	memcpy(b->said, message, sizeof(b->said));
	if (known == MESSAGE_COUNT)
		log_notice(BLUETOOTH_TOKEN, "%s", message);
	else
		log_known(known, BLUETOOTH_TOKEN, "%s", message);
}

static void on_adapter_changed(void *user)
{
	struct bluetooth *b = user;

	b->ready = adapter_state(b->adapter) == ADAPTER_READY;
	say_state(b);
	for (size_t i = 0; i < SLOTS; i++)
		slot_set_ready(&b->slots[i], b->ready);
	prove_set_ready(b);
	bluetooth_changed(b);
}

static void on_found(void *user, const struct adapter_device *device)
{
	struct bluetooth *b = user;

	nearby_heard(&b->nearby, &device->address, device->rssi_dbm, &device->advertisement,
	             bluetooth_now_us(b));
	for (size_t i = 0; i < SLOTS; i++)
		slot_heard(&b->slots[i], device);
	prove_heard(b, device);
	bluetooth_changed(b);
}

static void on_disconnected(void *user, const struct le_address *address, uint8_t reason)
{
	struct bluetooth *b = user;

	(void)reason;
	for (size_t i = 0; i < SLOTS; i++)
		slot_freed(&b->slots[i], address);
}

static const struct adapter_ops adapter_ops = {
	.changed = on_adapter_changed,
	.found = on_found,
	.disconnected = on_disconnected,
};

/* On a copy of the socket: what it may do was settled when it was bound, and
 * another adapter can be chosen at any time. */
static bool open_adapter(struct bluetooth *b)
{
	int fd = b->socket < 0 ? b->socket : fcntl(b->socket, F_DUPFD_CLOEXEC, 0);
	struct adapter *adapter = adapter_new(b->host->base, fd, b->index, &adapter_ops, b);

	if (!adapter)
		return false;
	adapter_free(b->adapter);
	b->adapter = adapter;
	if (b->late)
		adapter_came_late(adapter);
	on_adapter_changed(b);
	return true;
}

static int index_of(const struct config *config)
{
	int index;

	/* NOLINTNEXTLINE(cert-err34-c): checked when it was read */
	return sscanf(config->bluetooth.adapter, "hci%d", &index) == 1 ? index : ADAPTER_ANY;
}

/* ---- what is wanted ------------------------------------------------------ */

static void wish_treadmill(const struct bluetooth *b, const struct config *config,
                           struct wish *wish)
{
	const struct quirk *quirk = quirk_by_id(config->treadmill.quirk);
	const char *paired = knowledge_paired(b->host->knowledge, SOURCE_TREADMILL);

	wish->any = !prove_is_running(b);
	wish->unit = 1;
	/* a row that is chosen by hand is consent to it */
	wish->request_control = quirk && quirk->request_control;
	if (*config->treadmill.address)
		knowledge_normalize(config->treadmill.address, wish->id);
	else if (*config->treadmill.name)
		snprintf(wish->name, sizeof(wish->name), "%s", config->treadmill.name);
	else
		snprintf(wish->id, sizeof(wish->id), "%s", paired);
}

/* One that is chosen, over whatever radio, is the only one that counts. */
static void wish_footpod(const struct bluetooth *b, const struct config *config,
                         struct wish *wish)
{
	const char *paired = knowledge_paired(b->host->knowledge, SOURCE_FOOTPOD);

	wish->any = true;
	wish->unit = 1;
	if (*config->footpod.address)
		knowledge_normalize(config->footpod.address, wish->id);
	else if (config->footpod.ant_id || knowledge_ant_number(paired))
		wish->any = false;
	else if (*paired)
		snprintf(wish->id, sizeof(wish->id), "%s", paired);
	else
		wish->unit = SOURCE_UNIT_RSC;
}

/* Whose heart a strap on the air hears nobody can tell: it must be paired. */
static void wish_strap(const struct bluetooth *b, const struct config *config,
                       struct wish *wish)
{
	const char *paired = knowledge_paired(b->host->knowledge, SOURCE_HEART_RATE);

	(void)config;
	wish->any = *paired && !knowledge_ant_number(paired);
	wish->unit = 1;
	if (wish->any)
		snprintf(wish->id, sizeof(wish->id), "%s", paired);
}

void bluetooth_set_wishes(struct bluetooth *b)
{
	static void (*const make[SLOTS])(const struct bluetooth *, const struct config *,
	                                 struct wish *) = {
		[SLOT_TREADMILL] = wish_treadmill,
		[SLOT_FOOTPOD] = wish_footpod,
		[SLOT_STRAP] = wish_strap,
	};
	const struct config *config = b->config;

	knowledge_configure(b->host->knowledge, SOURCE_TREADMILL, config->treadmill.address);
	knowledge_configure(b->host->knowledge, SOURCE_FOOTPOD, config->footpod.address);
	for (size_t i = 0; i < SLOTS; i++) {
		struct wish wish = { 0 };

		make[i](b, config, &wish);
		slot_set_wish(&b->slots[i], &wish);
	}
}

/* ---- the source ---------------------------------------------------------- */

static void stop(void *source)
{
	struct bluetooth *b = source;

	prove_end(b);
	for (size_t i = 0; i < SLOTS; i++) {
		slot_learn_unit(&b->slots[i]);
		slot_free(&b->slots[i]);
	}
	adapter_free(b->adapter);
	if (b->timer)
		event_free(b->timer);
	if (b->socket >= 0)
		close(b->socket);
	free(b);
}

static void *start(const struct source_host *host, const struct config *config)
{
	static const struct peer_profile *const profiles[SLOTS] = {
		[SLOT_TREADMILL] = &peer_treadmill,
		[SLOT_FOOTPOD] = &peer_footpod,
		[SLOT_STRAP] = &peer_heart_rate,
	};
	struct bluetooth *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->host = host;
	b->config = config;
	b->index = index_of(config);
	b->socket = adapter_open(&b->may_manage);
	for (size_t i = 0; i < SLOTS; i++)
		slot_init(&b->slots[i], b, profiles[i]);
	b->timer = evtimer_new(host->base, on_timer, b);
	if (!b->timer || !open_adapter(b)) {
		stop(b);
		return NULL;
	}
	bluetooth_set_wishes(b);
	bluetooth_changed(b);
	return b;
}

static void reconfigure(void *source, const struct config *config)
{
	static const struct wish none;
	struct bluetooth *b = source;
	int index = index_of(config);

	b->config = config;
	if (index != b->index) {
		b->index = index;
		for (size_t i = 0; i < SLOTS; i++)
			slot_set_wish(&b->slots[i], &none);
		open_adapter(b);
	}
	bluetooth_set_wishes(b);
}

/* A belt that comes to life or begins to run has a runner on it, with a pod on
 * his shoe. */
void bluetooth_search_pod(struct bluetooth *b)
{
	b->search_until_us = bluetooth_now_us(b) + SEARCH_US;
	bluetooth_changed(b);
}

static const char *stuck(void *source)
{
	struct bluetooth *b = source;
	const char *why = adapter_stuck(b->adapter);

	for (size_t i = 0; i < SLOTS; i++) {
		const char *found = b->slots[i].peer ? peer_stuck(b->slots[i].peer) : NULL;

		if (!why)
			why = found;
	}
	return why;
}

static void outcome(void *source, const struct outcome *what)
{
	struct bluetooth *b = source;
	bool was_running = b->running;

	if (what->message.type != DISPLAY_MESSAGE_SESSION)
		return;
	b->running = what->message.session.state == DISPLAY_SESSION_RUNNING;
	slot_learn_unit(&b->slots[SLOT_FOOTPOD]);
	if (was_running || !b->running)
		return;
	bluetooth_search_pod(b);
}

const struct source_live_ops bluetooth_source = {
	.name = BLUETOOTH_TOKEN,
	.start = start,
	.stop = stop,
	.outcome = outcome,
	.reconfigure = reconfigure,
	.describe = bluetooth_describe,
	.nearby = bluetooth_nearby,
	.prove = bluetooth_prove,
	.stuck = stuck,
};
