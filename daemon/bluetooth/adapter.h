/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One Bluetooth adapter by the kernel's management socket: found, switched on,
 * set to low energy, and scanned with. Whatever happens to it (unplugged,
 * switched off, blocked, reset, used by somebody else) is a state with a
 * message, and is left again by itself.
 *
 * What may be done is fixed when the socket is bound: adapter_open() first,
 * then drop every capability, then adapter_new(). Without CAP_NET_ADMIN at
 * that time an adapter that is on can be linked with, but not switched on nor
 * scanned with.
 */
#ifndef GAITD_ADAPTER_H
#define GAITD_ADAPTER_H

#include "protocol/gap.h"
#include "protocol/le_address.h"
#include "protocol/mgmt.h"

#include <stdbool.h>
#include <stdint.h>

#define ADAPTER_ANY (-1)
#define ADAPTER_MESSAGE_SIZE 192

struct event_base;
struct adapter;

enum adapter_state {
	ADAPTER_STARTING, /* being looked for, or asked */
	ADAPTER_NONE,     /* there is none, or not the configured one */
	ADAPTER_UNFIT,    /* it knows no low energy */
	ADAPTER_BLOCKED,  /* by rfkill */
	ADAPTER_OFF,      /* and we may not, or cannot now, switch it on */
	ADAPTER_ASLEEP, /* the computer is falling asleep, or waking */
	ADAPTER_READY,
	ADAPTER_BROKEN, /* the management socket is unusable */
};
const char *adapter_state_name(enum adapter_state state); /* "ready" */

enum adapter_scan {
	ADAPTER_SCAN_OFF,
	ADAPTER_SCAN_WAITING, /* for the adapter, or for its other user */
	ADAPTER_SCAN_ON,
	ADAPTER_SCAN_DENIED, /* no right to: see the message */
};

/* One report of a device. */
struct adapter_device {
	struct le_address address;
	int8_t rssi_dbm; /* MGMT_RSSI_NONE when not known */
	bool connectable;
	struct gap_advertisement advertisement;
};

/* Each may call anything here, adapter_free() too. Members may be NULL. */
struct adapter_ops {
	/* The state, the scan or the message is another one. */
	void (*changed)(void *user);
	/* While a scan is wanted, whoever runs it */
	void (*found)(void *user, const struct adapter_device *device);
	/* A link of anybody's on this adapter ended; of enum mgmt_reason */
	void (*disconnected)(void *user, const struct le_address *address,
	                     uint8_t reason);
};

/* A management socket: a descriptor, or -errno. `may_manage`: it may switch
 * adapters on and scan, for as long as it lives. */
int adapter_open(bool *may_manage);

/* Owns `fd` from here on, whatever it returns; it may be the -errno of
 * adapter_open(): then the state is ADAPTER_BROKEN and says why. `index` is
 * the N of hciN, or ADAPTER_ANY for the first that is fit. NULL when memory is
 * short. */
struct adapter *adapter_new(struct event_base *base, int fd, int index,
                            const struct adapter_ops *ops, void *user);
void adapter_free(struct adapter *adapter);

enum adapter_state adapter_state(const struct adapter *adapter);
enum adapter_scan adapter_scan(const struct adapter *adapter);
/* One line for the operator: what is, and what to do. */
void adapter_message(const struct adapter *adapter,
                     char text[ADAPTER_MESSAGE_SIZE]);
/* The N of hciN, or -1; its address, all zero while not known. */
int adapter_index(const struct adapter *adapter);
struct le_address adapter_address(const struct adapter *adapter);

/* Bluetooth came when every capability had been given up: words for what can be
 * done about it. */
void adapter_came_late(struct adapter *adapter);

/* For watchdog.h: NULL, or what cannot go on by itself */
const char *adapter_stuck(struct adapter *adapter);

/* Active scanning for every device, for as long as it is wanted */
void adapter_want_scan(struct adapter *adapter, bool wanted);

/* Says yes to the pairing that link_secure() of this device leads to; NULL for
 * none any more. */
void adapter_allow_pairing(struct adapter *adapter,
                           const struct le_address *address);

#endif
