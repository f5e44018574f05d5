/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/captures/servers.h"

#include "daemon/captures/capture_private.h"
#include "protocol/ftms.h"
#include "protocol/heart_rate.h"
#include "protocol/radio_text.h"
#include "protocol/rsc.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define UUID_MAKER 0x2a29
#define UUID_PRODUCT 0x2a24
#define GUESS_NOTIFIED 3 /* fewer do not look like anything */
#define UNIT_MAX 99
#define FASTEST_BELT 3000 /* 0.01 km/h: more is no treadmill's */
#define FASTEST_POD 3072  /* 1/256 m/s: 12 m/s */

/* ---- kinds ----------------------------------------------------------------- */

static bool fits_treadmill(const uint8_t *bytes, size_t length)
{
	struct ftms_treadmill_data data;

	return ftms_treadmill_data_decode(bytes, length, &data) && data.present != 0 &&
	       !data.cut && data.trailing_octets == 0 && (data.flags & 0xc000) == 0 &&
	       (!(data.present & FTMS_SPEED) || data.speed <= FASTEST_BELT);
}

/* Flags that are not assigned are 0, and nothing is left over. */
static bool fits_footpod(const uint8_t *bytes, size_t length)
{
	struct rsc_measurement m;
	size_t wanted;

	if (length < 4 || bytes[0] > 7)
		return false;
	wanted = 4 + (bytes[0] & 1 ? 2u : 0u) + (bytes[0] & 2 ? 4u : 0u);
	return length == wanted && rsc_measurement_decode(bytes, length, &m) &&
	       m.speed <= FASTEST_POD;
}

static bool fits_heart_rate(const uint8_t *bytes, size_t length)
{
	struct heart_rate_measurement m;
	size_t wanted, intervals;

	if (length < 2 || bytes[0] > 0x1f || !heart_rate_decode(bytes, length, &m))
		return false;
	wanted = 2 + (bytes[0] & 0x01 ? 1u : 0u) + (bytes[0] & 0x08 ? 2u : 0u);
	intervals = length - wanted;
	return (bytes[0] & 0x10 ? intervals >= 2 && intervals % 2 == 0 : intervals == 0) &&
	       m.rate_bpm >= 30 && m.rate_bpm <= 230;
}

static const struct kind {
	const char *what;
	uint16_t data; /* what makes it one */
	uint16_t first, last; /* what else belongs to it alone */
	bool (*fits)(const uint8_t *bytes, size_t length);
} kinds[SERVER_KINDS] = {
	[SOURCE_TREADMILL] = { "treadmill", FTMS_UUID_TREADMILL_DATA, 0x2acc, 0x2ada,
	                       fits_treadmill },
	[SOURCE_FOOTPOD] = { "foot pod", RSC_UUID_MEASUREMENT, RSC_UUID_MEASUREMENT, 0x2a55,
	                     fits_footpod },
	[SOURCE_HEART_RATE] = { "heart-rate strap", HEART_RATE_UUID_MEASUREMENT,
	                        HEART_RATE_UUID_MEASUREMENT, 0x2a39, fits_heart_rate },
};

bool server_kind(const struct server *server, uint16_t uuid, enum source_device *out)
{
	for (size_t i = 0; i < SERVER_KINDS; i++) {
		if (uuid >= kinds[i].first && uuid <= kinds[i].last) {
			*out = (enum source_device)i;
			return server->is[i];
		}
	}
	for (size_t i = 0; i < SERVER_KINDS; i++) {
		if (server->is[i]) {
			*out = (enum source_device)i;
			return true;
		}
	}
	return false;
}

static void note_kind(struct server *server, uint16_t uuid, uint64_t notified)
{
	for (size_t i = 0; i < SERVER_KINDS; i++) {
		if (uuid != kinds[i].data)
			continue;
		server->is[i] = true;
		if (server->first_data[i] == 0)
			server->first_data[i] = notified;
	}
}

/* ---- who ------------------------------------------------------------------- */

/* Whether an address is random some sniffers get wrong. */
static bool same_octets(const struct le_address *a, const struct le_address *b)
{
	return memcmp(a->octets, b->octets, sizeof(a->octets)) == 0;
}

struct server *servers_known(struct capture *c, const struct le_address *address)
{
	for (size_t i = 0; i < SERVERS_MAX; i++) {
		struct server *server = &c->servers.all[i];

		if (server->used && server->has_address &&
		    same_octets(&server->address, address))
			return server;
	}
	return NULL;
}

static struct server *known_by_link(struct capture *c, uint64_t link)
{
	for (size_t i = 0; i < SERVERS_MAX; i++) {
		struct server *server = &c->servers.all[i];

		if (server->used && !server->has_address && server->link == link)
			return server;
	}
	return NULL;
}

struct server *servers_get(struct capture *c, const struct le_address *address,
                           uint64_t link)
{
	struct server *server = address ? servers_known(c, address) : known_by_link(c, link);

	for (size_t i = 0; !server && i < SERVERS_MAX; i++) {
		if (!c->servers.all[i].used)
			server = &c->servers.all[i];
	}
	if (!server) {
		c->counts.crowd++;
		return NULL;
	}
	if (!server->used) {
		server->used = true;
		server->has_address = address != NULL;
		if (address)
			server->address = *address;
		server->link = link;
	}
	return server;
}

static bool is_wished(const struct capture *c, const struct server *server, size_t kind)
{
	const struct le_address *wanted = NULL;

	if (kind == SOURCE_TREADMILL && c->wishes.has_treadmill)
		wanted = &c->wishes.treadmill;
	if (kind == SOURCE_FOOTPOD && c->wishes.has_footpod)
		wanted = &c->wishes.footpod;
	if (kind == SOURCE_FOOTPOD && c->wishes.has_ant_footpod)
		return false;
	return !wanted || (server->has_address && same_octets(&server->address, wanted));
}

/* The next of this kind: the first to have notified, then those that never do */
static struct server *next_of(struct capture *c, size_t kind)
{
	struct server *next = NULL;

	for (size_t i = 0; i < SERVERS_MAX; i++) {
		struct server *s = &c->servers.all[i];

		if (!s->used || !s->is[kind] || s->unit[kind] > 0 || !is_wished(c, s, kind))
			continue;
		if (!next || s->first_data[kind] - 1 < next->first_data[kind] - 1)
			next = s; /* minus 1: never is later than ever */
	}
	return next;
}

void servers_settle(struct capture *c)
{
	struct server *server;

	for (size_t kind = 0; kind < SERVER_KINDS; kind++) {
		for (unsigned unit = 1; unit <= UNIT_MAX && (server = next_of(c, kind)); unit++)
			server->unit[kind] = unit;
	}
}

void servers_forget_traffic(struct capture *c)
{
	for (size_t i = 0; i < SERVERS_MAX; i++) {
		struct server *server = &c->servers.all[i];

		memset(server->guesses, 0, sizeof(server->guesses));
		memset(server->first_data, 0, sizeof(server->first_data));
	}
}

/* ---- handles --------------------------------------------------------------- */

static bool found_uuid(const struct server *server, uint16_t handle, uint16_t *uuid)
{
	for (size_t i = 0; i < server->handle_count; i++) {
		if (server->handles[i].handle == handle) {
			*uuid = server->handles[i].uuid;
			return true;
		}
	}
	return false;
}

bool server_uuid(const struct capture *c, const struct server *server, uint16_t handle,
                 uint16_t *uuid)
{
	if (found_uuid(server, handle, uuid))
		return true;
	for (size_t i = 0; i < c->wishes.handle_count; i++) {
		if (c->wishes.handles[i].handle == handle) {
			*uuid = c->wishes.handles[i].uuid;
			return true;
		}
	}
	return false;
}

void server_learn(struct capture *c, struct server *server, uint16_t handle,
                  const struct uuid *uuid)
{
	uint16_t was, is = uuid_to16(uuid);

	note_kind(server, is, 0);
	if (found_uuid(server, handle, &was)) {
		for (size_t i = 0; i < server->handle_count; i++) {
			if (server->handles[i].handle == handle)
				server->handles[i].uuid = is;
		}
	} else if (server->handle_count < SERVER_HANDLES) {
		server->handles[server->handle_count].handle = handle;
		server->handles[server->handle_count++].uuid = is;
	} else {
		c->counts.crowd++;
	}
}

/* ---- guesses: for a hint, never for an event ---------------------------------- */

void server_guess(struct server *server, uint16_t handle, const uint8_t *bytes,
                  size_t length)
{
	for (size_t i = 0; i < SERVER_GUESSES; i++) {
		struct server_guess *guess = &server->guesses[i];

		if (guess->handle != 0 && guess->handle != handle)
			continue;
		guess->handle = handle;
		guess->notified++;
		for (size_t kind = 0; kind < SERVER_KINDS; kind++)
			guess->fits[kind] += kinds[kind].fits(bytes, length);
		return;
	}
}

static void describe_guess(struct capture *c, const char *who,
                           const struct server_guess *guess)
{
	/* what leaves the least to chance first */
	static const enum source_device order[] = { SOURCE_FOOTPOD, SOURCE_TREADMILL,
		                                    SOURCE_HEART_RATE };
	const struct kind *best = NULL;
	uint32_t most = guess->notified - guess->notified / 10 - 1;

	if (guess->handle == 0 || guess->notified < GUESS_NOTIFIED)
		return;
	for (size_t i = 0; i < COUNT(order); i++) {
		if (guess->fits[order[i]] > most) {
			best = &kinds[order[i]];
			most = guess->fits[order[i]];
		}
	}
	if (best)
		capture_note(c, "handle 0x%04x of %s is not discovered in this capture; its %u "
		             "notifications look like %04x, a %s's: if they are, add "
		             "--handle %04x=0x%04x", guess->handle, who, guess->notified,
		             best->data, best->what, best->data, guess->handle);
}

/* ---- what comes out -------------------------------------------------------- */

static struct source_event event_of(const struct server *server,
                                    enum source_device device,
                                    enum source_event_kind kind)
{
	return (struct source_event){ .device = device,
		                      .unit = server->unit[device],
		                      .kind = kind };
}

static void tell_name(struct capture *c, const struct server *server,
                      enum source_device device)
{
	struct source_event event = event_of(server, device, SOURCE_NAME);

	snprintf(event.text, sizeof(event.text), "%s", server->name);
	capture_emit(c, &event);
}

/* Before the first thing it says */
static void introduce(struct capture *c, struct server *server, enum source_device device)
{
	struct source_event event = event_of(server, device, SOURCE_ADDRESS);

	if (server->introduced[device] || !c->playing)
		return;
	server->introduced[device] = true;
	if (server->name[0])
		tell_name(c, server, device);
	if (server->has_address) {
		le_address_text(&server->address, event.text);
		capture_emit(c, &event);
	}
}

void server_link(struct capture *c, struct server *server, enum source_device device,
                 enum display_link_state state)
{
	struct source_event event = event_of(server, device, SOURCE_LINK);

	if (event.unit == 0)
		return;
	introduce(c, server, device);
	event.link = state;
	capture_emit(c, &event);
}

/* Advertisements may hold it shortened. */
void server_named(struct capture *c, struct server *server, const char *name,
                  bool advertised)
{
	bool better = advertised != server->advertised ||
	              strlen(name) > strlen(server->name);

	if (!name[0] || (!advertised && server->advertised) || !better)
		return;
	server->advertised = advertised;
	snprintf(server->name, sizeof(server->name), "%s", name);
	for (size_t kind = 0; kind < SERVER_KINDS; kind++) {
		if (server->introduced[kind])
			tell_name(c, server, (enum source_device)kind);
	}
}

static void note_model(struct server *server, uint16_t uuid, const uint8_t *bytes,
                       size_t length)
{
	if (uuid == UUID_MAKER)
		radio_text(bytes, length, server->maker, sizeof(server->maker));
	if (uuid == UUID_PRODUCT)
		radio_text(bytes, length, server->product, sizeof(server->product));
}

const struct server *servers_first(const struct capture *c, enum source_device device)
{
	for (size_t i = 0; i < SERVERS_MAX; i++) {
		if (c->servers.all[i].used && c->servers.all[i].unit[device] == 1)
			return &c->servers.all[i];
	}
	return NULL;
}

void server_says(struct capture *c, struct server *server, enum source_event_kind kind,
                 uint16_t uuid, const uint8_t *bytes, size_t length)
{
	enum source_device device;
	struct source_event event;

	if (kind == SOURCE_NOTIFY)
		note_kind(server, uuid, c->counts.packets);
	note_model(server, uuid, bytes, length);
	if (!server_kind(server, uuid, &device) || server->unit[device] == 0 ||
	    length > sizeof(event.bytes))
		return;
	introduce(c, server, device);
	event = event_of(server, device, kind);
	event.uuid = uuid;
	event.length = length;
	if (length > 0)
		memcpy(event.bytes, bytes, length);
	capture_emit(c, &event);
}

/* ---- what was found ---------------------------------------------------------- */

static void describe_kind(struct capture *c, const struct server *server,
                          const char *who, size_t kind)
{
	if (!server->is[kind])
		return;
	if (server->unit[kind] == 0)
		capture_note(c, "%s: a %s that was not asked for, left out", who,
		             kinds[kind].what);
	else if (server->first_data[kind] == 0)
		capture_note(c, "%s: a %s, which notifies nothing in this capture", who,
		             kinds[kind].what);
	else
		capture_note(c, "%s: %s %u", who, kinds[kind].what, server->unit[kind]);
}

void servers_describe(struct capture *c)
{
	for (size_t i = 0; i < SERVERS_MAX; i++) {
		const struct server *server = &c->servers.all[i];
		char address[LE_ADDRESS_TEXT_SIZE], who[160];

		if (!server->used)
			continue;
		if (server->has_address)
			le_address_text(&server->address, address);
		snprintf(who, sizeof(who), "%s%s%s",
		         server->has_address ? address : "a device whose address was not heard",
		         server->name[0] ? " " : "", server->name);
		for (size_t kind = 0; kind < SERVER_KINDS; kind++)
			describe_kind(c, server, who, kind);
		for (size_t g = 0; g < SERVER_GUESSES; g++)
			describe_guess(c, who, &server->guesses[g]);
	}
}
