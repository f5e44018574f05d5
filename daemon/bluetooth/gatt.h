/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The GATT client on one ATT bearer (Core specification volume 3, part G,
 * section 4). Operations queue up and run one after the other; each one's
 * callback is called exactly once, also when it is cancelled, the link goes or
 * the client is freed, and never from within the call that asked for it (but
 * from within gatt_cancel(), gatt_closed() and gatt_free()). A callback may
 * call anything here, gatt_free() too.
 *
 * Pure: PDUs in by gatt_receive(), PDUs and events out by struct gatt_ops.
 * gatt_socket.h puts it on a descriptor.
 */
#ifndef GAITD_GATT_H
#define GAITD_GATT_H

#include "daemon/bluetooth/bearer.h"
#include "daemon/bluetooth/gatt_table.h"

#define GATT_NEVER BEARER_NEVER
#define GATT_QUEUE_MAX 32  /* operations waiting or under way */
#define GATT_WRITE_MAX 20  /* octets: fits at any MTU */
#define GATT_WANTED_MAX 16 /* services to search */
/* What a discovery may cost before it is given up */
#define GATT_DISCOVERY_US (60 * UINT64_C(1000000))
#define GATT_DISCOVERY_REQUESTS 512

enum gatt_status {
	GATT_OK,
	GATT_ATT_ERROR,  /* `error` of the result says which */
	GATT_BAD_ANSWER, /* one that could not be read */
	GATT_STALE,      /* verify: the table is not this device's any more */
	GATT_TOO_MUCH,   /* discovery: it took more than GATT_DISCOVERY_* */
	GATT_CANCELLED,
	GATT_TIMED_OUT, /* no answer for 30 s: the bearer is dead */
	GATT_CLOSED,    /* the link is gone */
};
const char *gatt_status_text(enum gatt_status status);

struct gatt_result {
	enum gatt_status status;
	uint8_t error;        /* of enum att_error, with GATT_ATT_ERROR */
	const uint8_t *value; /* a read's; valid during the callback */
	size_t length;
};

typedef void gatt_done(void *user, const struct gatt_result *result);

struct gatt;

struct gatt_ops {
	/* To the peer. Must not call back into the client. */
	void (*send)(void *user, const uint8_t *pdu, size_t length);
	uint64_t (*now_us)(void *user); /* monotonic */
	/* A notification or indication of a characteristic in the table */
	void (*value)(void *user, const struct gatt_characteristic *from,
	              const uint8_t *value, size_t length);
	/* Service Changed: what was found between these handles no longer
	 * holds; gatt_discover() again. */
	void (*changed)(void *user, uint16_t start, uint16_t end);
	/* The peer wants an encrypted link. True if one was asked for: the
	 * request is sent again, once. Must not free the client. */
	bool (*secure)(void *user);
	/* A transaction timed out: nothing more will be asked; close. */
	void (*dead)(void *user);
};

struct gatt *gatt_new(const struct gatt_ops *ops, void *user);
/* Operations complete with GATT_CANCELLED. NULL is fine. */
void gatt_free(struct gatt *gatt);

/* One PDU as it came, of any length. */
void gatt_receive(struct gatt *gatt, const uint8_t *bytes, size_t length);
/* To be called at the deadline, or at any time. */
void gatt_advance(struct gatt *gatt);
uint64_t gatt_deadline_us(const struct gatt *gatt);
/* The link is gone: operations complete with GATT_CLOSED, and none more is
 * taken. */
void gatt_closed(struct gatt *gatt);

/* ---- operations ----
 * Each returns an id for gatt_cancel(), or 0 if it was not taken (the queue is
 * full, the bearer dead, the arguments impossible): then nothing is called. */

/* Offers 517. A peer that refuses leaves 23, and that is OK. Once per link. */
unsigned gatt_exchange_mtu(struct gatt *gatt, gatt_done *done, void *user);
/* Primary services; then characteristics and their configuration in those
 * named (NULL: in all), and a subscription to Service Changed. Fills the
 * table when it is done; until then the old one stands. */
unsigned gatt_discover(struct gatt *gatt, const uint16_t *wanted, size_t count,
                       gatt_done *done, void *user);
/* Compares the device's characteristics with the table's, one request a
 * service where the MTU allows; then as gatt_discover(). GATT_STALE if they
 * differ. */
unsigned gatt_verify(struct gatt *gatt, gatt_done *done, void *user);
/* The whole value, however long. */
unsigned gatt_read(struct gatt *gatt, uint16_t handle, gatt_done *done,
                   void *user);
unsigned gatt_write(struct gatt *gatt, uint16_t handle, const uint8_t *value,
                    size_t length, gatt_done *done, void *user);
/* Notifications if it has them, else indications. */
unsigned gatt_subscribe(struct gatt *gatt,
                        const struct gatt_characteristic *characteristic,
                        bool on, gatt_done *done, void *user);
/* A request under way is still answered, but to nobody. False if it has
 * completed. */
bool gatt_cancel(struct gatt *gatt, unsigned id);

/* ---- what is known ---- */
const struct gatt_table *gatt_table(const struct gatt *gatt);
/* A table kept from an earlier link; gatt_verify() it. */
void gatt_set_table(struct gatt *gatt, const struct gatt_table *table);
uint16_t gatt_mtu(const struct gatt *gatt);

struct gatt_counts {
	struct bearer_counts bearer;
	uint64_t values;  /* handed out */
	uint64_t unknown; /* values of handles that the table does not have */
};
struct gatt_counts gatt_counts(const struct gatt *gatt);

#endif
