/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The adapter's inside, shared by adapter.c (what to ask of the kernel, and
 * when), adapter_events.c (what it says) and adapter_state.c (what that is
 * called).
 */
#ifndef GAITD_ADAPTER_PRIVATE_H
#define GAITD_ADAPTER_PRIVATE_H

#include "daemon/bluetooth/adapter.h"
#include "daemon/service/unserved.h"

struct event;

struct adapter {
	const struct adapter_ops *ops;
	void *user;
	struct event *readable, *timer, *awake;
	int fd;
	struct unserved socket;
	uint64_t turns; /* in which it was read */
	int wanted_index; /* or ADAPTER_ANY */
	bool late; /* of adapter_came_late() */

	/* what is known */
	int error;   /* of the socket: it is of no use any more */
	bool listed; /* `known` is the kernel's list */
	struct {
		uint16_t index;
		bool unfit; /* knows no low energy */
	} known[MGMT_INDEXES_MAX];
	size_t known_count;
	uint16_t index; /* the chosen one, or MGMT_INDEX_NONE */
	bool informed;  /* info is the chosen one's */
	struct mgmt_info info;
	bool asleep; /* suspended, and not resumed yet */
	bool discovering; /* whoever began it */
	bool discovery_is_ours;
	bool scanning; /* discovering, with the short gaps between */
	bool scan_denied;

	/* what is wanted */
	bool scan_wanted;
	bool pairing_allowed;
	struct le_address pairing;

	/* the command under way, or the pause before the next */
	uint16_t command; /* 0: none */
	bool pausing;
	uint32_t pause_ms; /* the last one's length */
	uint16_t failed_command;
	uint8_t failure; /* its status; MGMT_SUCCESS when all goes well */

	enum adapter_state told_state;
	enum adapter_scan told_scan;
	unsigned depth; /* upcalls under way */
	bool doomed;
};

/* May this one serve, as far as the configuration goes? */
static inline bool adapter_is_candidate(const struct adapter *adapter,
                                        uint16_t index)
{
	return adapter->wanted_index == ADAPTER_ANY ||
	       adapter->wanted_index == index;
}

/* Switched on and set to low energy */
static inline bool adapter_is_on(const struct adapter *adapter)
{
	const uint32_t on = MGMT_SETTING_POWERED | MGMT_SETTING_LE;

	return adapter->informed && (adapter->info.current & on) == on;
}

/* adapter.c */
void adapter_send(struct adapter *adapter, const uint8_t *bytes, size_t length);
/* By rfkill, as sysfs tells */
bool adapter_is_blocked(const struct adapter *adapter);
/* Asks nothing more for that long; or asks again at once. */
void adapter_pause(struct adapter *adapter, uint32_t ms);
void adapter_end_pause(struct adapter *adapter);
/* Between these nothing is asked, and nobody links. */
void adapter_fall_asleep(struct adapter *adapter);
void adapter_wake(struct adapter *adapter);

/* adapter_events.c */
void adapter_take_event(struct adapter *adapter,
                        const struct mgmt_event *event);
void adapter_take_failure(struct adapter *adapter, uint16_t command,
                          uint8_t status);

#endif
