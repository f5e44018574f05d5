/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The Bluetooth source's inside, shared by bluetooth.c (the adapter, the scan,
 * the timer), bluetooth_slot.c (one device that is wanted) and
 * bluetooth_describe.c (what is told of it).
 */
#ifndef GAITD_BLUETOOTH_PRIVATE_H
#define GAITD_BLUETOOTH_PRIVATE_H

#include "daemon/bluetooth/adapter.h"
#include "daemon/bluetooth/link.h"
#include "daemon/devices/strength.h"
#include "daemon/sources/bluetooth.h"
#include "daemon/sources/knowledge.h"
#include "daemon/sources/nearby.h"
#include "daemon/sources/peer.h"

#define BLUETOOTH_TOKEN "bluetooth"
#define BLUETOOTH_NOT_KNOWN (-1) /* of a battery */

struct bluetooth;
struct prove;

/* Which device is wanted */
struct wish {
	bool any; /* none is: the slot is off */
	unsigned unit;
	char id[KNOWLEDGE_ID_SIZE]; /* an address; "": it is to be searched */
	char name[PEER_NAME_SIZE];  /* to search for; "": one of its kind */
	bool request_control;
};

/* One device that is wanted, or not */
struct slot {
	struct bluetooth *owner;
	const struct peer_profile *profile;
	struct wish wish;
	struct peer *peer; /* NULL: off */
	struct link *link; /* the attempt under way */
	bool starved;      /* there was no memory for it */
	bool remembered;   /* what this link found out */
	/* A scan that looks why it is not heard; when the next may be */
	uint64_t look_from_us, look_until_us, look_again_us;
	enum display_link_state link_state, told;
	int8_t rssi_dbm; /* MGMT_RSSI_NONE: not known */
	struct strength strength; /* as scans heard it since it was chosen */
	int battery_pct; /* or BLUETOOTH_NOT_KNOWN */
	char several[120]; /* names of those that might be meant */
	/* Takes what it says in place of the session; NULL: the session does. */
	void (*tap)(struct slot *slot, const struct source_event *event);
};

enum { SLOT_TREADMILL, SLOT_FOOTPOD, SLOT_STRAP, SLOTS };

struct bluetooth {
	const struct source_host *host;
	const struct config *config;
	int socket; /* of management: trusted as it was when it was bound */
	bool may_manage, late; /* it is; it would have been at the start */
	int index;  /* of the adapter that is wanted */
	struct adapter *adapter;
	bool ready;
	char said[ADAPTER_MESSAGE_SIZE]; /* the adapter's last message in the log */
	struct event *timer;
	uint64_t reopen_us; /* when to try the socket again */
	struct nearby nearby;
	uint64_t asked_until_us;  /* gaitctl scan */
	uint64_t search_until_us; /* for a foot pod */
	bool running;             /* the session */
	struct slot slots[SLOTS];
	struct prove *prove; /* gaitctl pair treadmill; NULL: not under way */
};

/* bluetooth.c */
uint64_t bluetooth_now_us(const struct bluetooth *b);
/* Something changed: everything is looked at in a turn of its own. */
void bluetooth_changed(struct bluetooth *b);
/* Whether a scan for this slot's device is worth it now */
bool bluetooth_searches(const struct bluetooth *b, const struct slot *slot);

/* Looks anew which devices are wanted */
void bluetooth_set_wishes(struct bluetooth *b);

/* Now is when one may come. */
void bluetooth_search_pod(struct bluetooth *b);

/* bluetooth_slot.c */
void slot_init(struct slot *slot, struct bluetooth *owner,
               const struct peer_profile *profile);
void slot_free(struct slot *slot);
/* Nothing happens if it is the wish that it had. */
void slot_set_wish(struct slot *slot, const struct wish *wish);
void slot_set_ready(struct slot *slot, bool ready);
bool slot_is_searching(const struct slot *slot);
/* A report of a scan */
void slot_heard(struct slot *slot, const struct adapter_device *device);
/* A link with this device ended, another program's perhaps. */
void slot_freed(struct slot *slot, const struct le_address *address);
/* Keeps what the runner's pod was found to count. */
void slot_learn_unit(const struct slot *slot);
/* A scan tells who else is heard, while its own device is not. */
bool slot_looks_around(const struct slot *slot);
/* What its time has come for; when to look again, SOURCE_NEVER if not. */
uint64_t slot_advance(struct slot *slot);

/* bluetooth_prove.c */
/* While it runs, all treadmills are its own. */
bool prove_is_running(const struct bluetooth *b);
void prove_end(struct bluetooth *b);
void prove_set_ready(struct bluetooth *b);
void prove_heard(struct bluetooth *b, const struct adapter_device *device);
/* As slot_advance() */
uint64_t prove_advance(struct bluetooth *b);
bool bluetooth_prove(void *source, const char *what, const char *units, json_t *reply);

/* bluetooth_describe.c */
void bluetooth_describe(const void *source, json_t *state);
void bluetooth_nearby(void *source, json_t *devices);

#endif
