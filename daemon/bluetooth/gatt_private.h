/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The GATT client's inside, shared by gatt.c (queue and bearer) and
 * gatt_procedures.c (what each operation asks and does with the answer).
 */
#ifndef GAITD_GATT_PRIVATE_H
#define GAITD_GATT_PRIVATE_H

#include "daemon/bluetooth/gatt.h"

struct procedure;

struct operation {
	unsigned id;
	const struct procedure *procedure;
	gatt_done *done; /* NULL: cancelled while under way */
	void *user;
	uint16_t handle;
	uint8_t value[GATT_WRITE_MAX];
	size_t length;
	uint16_t wanted[GATT_WANTED_MAX];
	size_t wanted_count; /* 0: all */
};

/* What an operation does. Each returns true when it has sent a request, false
 * when the operation is over with run.result. `answer` gets the response, an
 * error response or NULL for what cannot be read. */
struct procedure {
	bool (*begin)(struct gatt *gatt);
	bool (*answer)(struct gatt *gatt, const struct att_pdu *pdu);
	bool ignores_security; /* best effort: never raise it for this */
};

/* Where the operation under way stands */
struct run {
	bool active;
	bool secured; /* the request was repeated once already */
	struct gatt_result result;
	uint64_t started_us;
	unsigned requests;
	size_t service, characteristic; /* being searched */
	uint16_t next;                  /* first handle not yet asked for */
	bool (*step)(struct gatt *gatt, const struct att_pdu *pdu);
};

struct gatt {
	const struct gatt_ops *ops;
	void *user;
	struct bearer bearer;
	struct operation queue[GATT_QUEUE_MAX]; /* the first may be active */
	size_t queued;
	unsigned last_id;
	struct run run;
	struct gatt_table table, found;
	uint8_t value[ATT_VALUE_MAX]; /* of the read under way */
	size_t value_length;
	uint64_t values, unknown;
	unsigned depth; /* upcalls under way */
	bool finishing; /* a callback of the queue's first is being called */
	bool mtu_asked, dead, doomed;
};

extern const struct procedure procedure_exchange_mtu;
extern const struct procedure procedure_discover;
extern const struct procedure procedure_verify;
extern const struct procedure procedure_read;
extern const struct procedure procedure_write;

#endif
