/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One adapter as a peripheral's radio: powered and advertising through the
 * kernel's management socket, an L2CAP listener on the ATT channel, one central
 * at a time. Needs root, or CAP_NET_ADMIN (and CAP_NET_RAW to drop links).
 */
#ifndef GAITD_STATION_H
#define GAITD_STATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;
struct station;

struct station_ops {
	void (*connected)(void *user);
	void (*received)(void *user, const uint8_t *pdu, size_t length);
	/* `error` is an errno, 0 when the central closed */
	void (*disconnected)(void *user, int error);
};

struct station_settings {
	uint16_t adapter; /* its index: 1 for hci1 */
	/* Parameters of mgmt's Add Advertising; copied */
	const uint8_t *advertising;
	size_t advertising_length;
	/* Emulated controllers report an advertiser once each time it is
	 * switched on: switch it on ten times a second. */
	bool toggle_advertising;
};

/* NULL, and why in `why`, if the adapter cannot be had. */
struct station *station_new(struct event_base *base,
                            const struct station_settings *settings,
                            const struct station_ops *ops, void *user,
                            char *why, size_t size);
void station_free(struct station *station); /* advertises no more */

/* To the central; lost when there is none or its queue is full. */
void station_send(struct station *station, const uint8_t *pdu, size_t length);
/* Ends the link so that both sides see a supervision timeout. */
bool station_drop(struct station *station);
/* The machine's mains switch. Off ends the link. */
bool station_power(struct station *station, bool on);

/* The adapter's own */
const char *station_address(const struct station *station);

#endif
