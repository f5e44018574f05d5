/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Who serves attributes in a capture: what its handles mean, and which kinds of
 * device of a recording it is. Known by address, so that what one connection
 * discovers holds for the next, as phones remember it too.
 */
#ifndef GAITD_CAPTURE_SERVERS_H
#define GAITD_CAPTURE_SERVERS_H

#include "daemon/devices/source_event.h"
#include "protocol/le_address.h"
#include "protocol/uuid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct capture;

#define SERVERS_MAX 64
#define SERVER_HANDLES 256
#define SERVER_GUESSES 16
#define SERVER_KINDS 3 /* treadmill, foot pod, heart rate: enum source_device */

/* A handle that nothing tells the meaning of: how much of what it notifies
 * would be what */
struct server_guess {
	uint16_t handle; /* 0: free */
	uint32_t notified;
	uint32_t fits[SERVER_KINDS];
};

struct server {
	bool used;
	bool has_address;
	struct le_address address;
	uint64_t link; /* without an address: the only link it is known on */
	struct {
		uint16_t handle, uuid; /* uuid 0: a long one */
	} handles[SERVER_HANDLES];
	size_t handle_count;
	struct server_guess guesses[SERVER_GUESSES];
	bool is[SERVER_KINDS];
	uint64_t first_data[SERVER_KINDS]; /* by the count of packets; 0: none */
	unsigned unit[SERVER_KINDS]; /* 0: not wished for */
	bool introduced[SERVER_KINDS]; /* name and address have been told */
	char name[128];
	bool advertised; /* the name, not only read */
	char maker[64], product[64];
};

struct servers {
	struct server all[SERVERS_MAX];
};

/* By address, or without one by its link. NULL: too many. */
struct server *servers_get(struct capture *capture, const struct le_address *address,
                           uint64_t link);
struct server *servers_known(struct capture *capture, const struct le_address *address);
/* Keeps what handles are, and forgets what was notified. */
void servers_forget_traffic(struct capture *capture);
/* After the first reading: who is the first, second, third of its kind */
void servers_settle(struct capture *capture);
/* The first of its kind; NULL: none */
const struct server *servers_first(const struct capture *capture,
                                   enum source_device device);
void servers_describe(struct capture *capture);

/* The UUID of a handle in its short form; false: nothing tells. 0: a long one. */
bool server_uuid(const struct capture *capture, const struct server *server,
                 uint16_t handle, uint16_t *uuid);
void server_learn(struct capture *capture, struct server *server, uint16_t handle,
                  const struct uuid *uuid);
void server_guess(struct server *server, uint16_t handle, const uint8_t *bytes,
                  size_t length);
/* What it is called: in an advertisement, which is what quirks go by, or else as
 * it was read */
void server_named(struct capture *capture, struct server *server, const char *name,
                  bool advertised);
/* Which of its kinds this UUID belongs to; false: it is none of ours. */
bool server_kind(const struct server *server, uint16_t uuid, enum source_device *out);
/* One attribute's octets, out as an event */
void server_says(struct capture *capture, struct server *server,
                 enum source_event_kind kind, uint16_t uuid, const uint8_t *bytes,
                 size_t length);
void server_link(struct capture *capture, struct server *server,
                 enum source_device device, enum display_link_state state);

#endif
