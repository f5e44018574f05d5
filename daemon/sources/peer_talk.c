/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a new link is asked, and what comes of it.
 */
#include "config.h"

#include "daemon/service/log.h"
#include "daemon/sources/peer_private.h"
#include "protocol/ftms.h"
#include "protocol/ftms_control.h"
#include "protocol/radio_text.h"

#include <stdio.h>
#include <string.h>

#define UUID_DEVICE_NAME 0x2a00

/* ---- what comes out ------------------------------------------------------ */

static void start_event(const struct peer *peer, enum source_event_kind kind,
                        struct source_event *event)
{
	source_event_start(event);
	event->device = peer->profile->device;
	event->unit = peer->unit;
	event->kind = kind;
}

void peer_link_is(struct peer *peer, enum display_link_state link)
{
	struct source_event event;

	if (peer->told_link && peer->told == link)
		return;
	start_event(peer, SOURCE_LINK, &event);
	peer->told_link = true;
	peer->told = link;
	event.link = link;
	peer->ops->event(peer->user, &event);
}

static void tell_name(struct peer *peer)
{
	struct source_event event;

	if (!*peer->device.name)
		return;
	start_event(peer, SOURCE_NAME, &event);
	snprintf(event.text, sizeof(event.text), "%s", peer->device.name);
	peer->ops->event(peer->user, &event);
}

static void tell_address(struct peer *peer)
{
	struct source_event event;

	start_event(peer, SOURCE_ADDRESS, &event);
	le_address_text(&peer->device.address, event.text);
	peer->ops->event(peer->user, &event);
}

static void tell_bytes(struct peer *peer, enum source_event_kind kind,
                       uint16_t uuid, const uint8_t *bytes, size_t length)
{
	struct source_event event;

	if (length > sizeof(event.bytes))
		return;
	start_event(peer, kind, &event);
	event.uuid = uuid;
	event.length = length;
	if (length > 0)
		memcpy(event.bytes, bytes, length);
	peer->ops->event(peer->user, &event);
}

/* ---- values -------------------------------------------------------------- */

static void take_name(struct peer *peer, const uint8_t *bytes, size_t length)
{
	if (*peer->device.name)
		return; /* the advertised one is what quirks go by */
	radio_text(bytes, length, peer->device.name, sizeof(peer->device.name));
	tell_name(peer);
}

static void on_read(void *user, const struct gatt_result *result)
{
	struct job *job = user;

	if (result->status != GATT_OK)
		return; /* it has less than the specification asks for */
	if (job->attribute.uuid == UUID_DEVICE_NAME)
		take_name(job->peer, result->value, result->length);
	else
		tell_bytes(job->peer, SOURCE_VALUE, job->attribute.uuid,
		           result->value, result->length);
}

static bool is_subscribed(const struct peer *peer, uint16_t uuid)
{
	for (size_t i = 0; i < peer->job_count; i++) {
		if (peer->jobs[i].attribute.subscribe &&
		    peer->jobs[i].attribute.uuid == uuid)
			return true;
	}
	return false;
}

void peer_talk_value(void *user, const struct gatt_characteristic *from,
                     const uint8_t *value, size_t length)
{
	struct peer *peer = user;
	uint16_t uuid = uuid_to16(&from->uuid);
	uint64_t now_us = peer->ops->now_us(peer->user);

	/* before it is live: what an earlier session of two seconds ago asked
	 * for, and whose times nobody knows */
	if (peer->state != PEER_LIVE || !is_subscribed(peer, uuid))
		return;
	peer->data_us = now_us;
	peer_policy_data(&peer->policy, now_us - peer->live_us);
	tell_bytes(peer, SOURCE_NOTIFY, uuid, value, length);
}

/* ---- what a new link is asked -------------------------------------------- */

static struct gatt *client(const struct peer *peer)
{
	return gatt_socket_client(peer->socket);
}

static const struct gatt_characteristic *
find(const struct peer *peer, const struct peer_attribute *attribute)
{
	return gatt_table_characteristic(gatt_table(client(peer)),
	                                 attribute->service, attribute->uuid);
}

/* The link's end is told by on_closed(), and a cancelled operation is ours. */
static bool is_over(const struct gatt_result *result)
{
	return result->status == GATT_CANCELLED ||
	       result->status == GATT_CLOSED || result->status == GATT_TIMED_OUT;
}

static void on_other_subscribed(void *user, const struct gatt_result *result)
{
	(void)user;
	(void)result; /* one that refuses is one that has less to tell */
}

static void ask_for_control(struct peer *peer)
{
	static const struct peer_attribute point = {
		.service = FTMS_UUID_SERVICE,
		.uuid = FTMS_CONTROL_UUID,
	};
	static const uint8_t request[] = { FTMS_CONTROL_REQUEST };
	const struct gatt_characteristic *c = find(peer, &point);

	if (!peer->device.request_control || c == NULL)
		return;
	gatt_subscribe(client(peer), c, true, on_other_subscribed, NULL);
	gatt_write(client(peer), c->value, request, sizeof(request),
	           on_other_subscribed, NULL);
}

/* All but the first, which is what made it live */
static void ask_for_the_rest(struct peer *peer)
{
	for (size_t i = 1; i < peer->job_count; i++) {
		struct job *job = &peer->jobs[i];
		const struct gatt_characteristic *c = find(peer, &job->attribute);

		if (c == NULL)
			continue;
		if (job->attribute.subscribe)
			gatt_subscribe(client(peer), c, true,
			               on_other_subscribed, job);
		if (job->attribute.read)
			gatt_read(client(peer), c->value, on_read, job);
	}
	ask_for_control(peer);
}

static void on_live(struct peer *peer)
{
	char text[PEER_TITLE_SIZE];

	peer_say_end(peer);
	peer->live_us = peer->ops->now_us(peer->user);
	peer->data_us = peer->live_us;
	peer->state = PEER_LIVE;
	peer->device.type_known = true;
	peer->device.table = *gatt_table(client(peer));
	peer->absences = 0;
	peer->around = PEER_AROUND_UNKNOWN;
	peer->why[0] = '\0';
	peer_link_is(peer, DISPLAY_LINK_LIVE);
	if (peer->profile->silence_us > 0)
		peer->deadline_us = peer->data_us + peer->profile->silence_us;
	if (peer->said)
		log_notice(peer->profile->what, "%s: live",
		           peer_title(peer, text));
	peer->said = false;
	ask_for_the_rest(peer);
}

static void on_data_subscribed(void *user, const struct gatt_result *result)
{
	struct peer *peer = user;
	char why[PEER_WHY_SIZE];

	if (is_over(result))
		return;
	if (result->status == GATT_OK) {
		on_live(peer);
	} else {
		snprintf(why, sizeof(why), "it does not send its data (%s)",
		         result->status == GATT_ATT_ERROR
		                 ? att_error_text(result->error)
		                 : gatt_status_text(result->status));
		peer_fail(peer, PEER_FAULTY, why);
	}
	peer_changed(peer);
}

static void subscribe_data(struct peer *peer)
{
	const struct gatt_characteristic *c = find(peer, &peer->jobs[0].attribute);
	char why[PEER_WHY_SIZE];

	if (c != NULL && gatt_subscribe(client(peer), c, true,
	                                on_data_subscribed, peer) != 0)
		return;
	peer->unfit = true;
	snprintf(why, sizeof(why), "it is no %s: characteristic %04x is missing",
	         peer->profile->what, peer->profile->data);
	memset(&peer->device.table, 0, sizeof(peer->device.table));
	peer_fail(peer, PEER_FAULTY, why);
	peer_changed(peer);
}

static void on_table(void *user, const struct gatt_result *result);

void peer_talk_discover(struct peer *peer)
{
	uint16_t services[PEER_ATTRIBUTES_MAX];
	size_t count = peer_profile_services(peer->profile, services);

	gatt_discover(client(peer), services, count, on_table, peer);
}

static void on_table(void *user, const struct gatt_result *result)
{
	struct peer *peer = user;
	char why[PEER_WHY_SIZE];

	if (is_over(result))
		return;
	if (result->status == GATT_OK) {
		subscribe_data(peer);
	} else if (peer->device.table.service_count > 0) {
		/* what was kept is not this device's any more */
		memset(&peer->device.table, 0, sizeof(peer->device.table));
		peer_talk_discover(peer);
	} else {
		snprintf(why, sizeof(why), "it cannot be asked what it has (%s)",
		         gatt_status_text(result->status));
		peer_fail(peer, PEER_FAULTY, why);
		peer_changed(peer);
	}
}

static void on_mtu(void *user, const struct gatt_result *result)
{
	(void)user;
	(void)result; /* 23 octets do, where more are not given */
}

void peer_talk_begin(struct peer *peer)
{
	tell_address(peer);
	tell_name(peer);
	gatt_exchange_mtu(client(peer), on_mtu, peer);
	if (peer->device.table.service_count == 0) {
		peer_talk_discover(peer);
		return;
	}
	gatt_set_table(client(peer), &peer->device.table);
	gatt_verify(client(peer), on_table, peer);
}

