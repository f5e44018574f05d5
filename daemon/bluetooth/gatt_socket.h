/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A GATT client on a connected SOCK_SEQPACKET descriptor (L2CAP's ATT channel,
 * or a test's socketpair), driven by libevent. No PDU waits for a timer; a
 * peer that floods gets 16 PDUs a turn, and is not read while the kernel does
 * not take what we have to say.
 */
#ifndef GAITD_GATT_SOCKET_H
#define GAITD_GATT_SOCKET_H

#include "daemon/bluetooth/gatt.h"

struct event_base;
struct gatt_socket;

/* Each may free the socket, but `secure`. */
struct gatt_socket_ops {
	void (*value)(void *user, const struct gatt_characteristic *from,
	              const uint8_t *value, size_t length);
	void (*changed)(void *user, uint16_t start, uint16_t end);
	bool (*secure)(void *user);
	/* Once; the descriptor is no longer read. `error` is an errno: 0 when
	 * the peer closed, ETIME when a transaction timed out. All operations
	 * have completed. Free it here or later. */
	void (*closed)(void *user, int error);
};

/* Owns `fd` from here on, whatever it returns; it is made non-blocking. NULL
 * when memory is short. */
struct gatt_socket *gatt_socket_new(struct event_base *base, int fd,
                                    const struct gatt_socket_ops *ops,
                                    void *user);
/* Closes the descriptor; operations complete with GATT_CANCELLED. */
void gatt_socket_free(struct gatt_socket *socket);

/* For watchdog.h: NULL, or what cannot go on by itself */
const char *gatt_socket_stuck(struct gatt_socket *socket);

/* For the operations of gatt.h; lives as long as the socket. */
struct gatt *gatt_socket_client(struct gatt_socket *socket);

#endif
