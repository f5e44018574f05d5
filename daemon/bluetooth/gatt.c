/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/bluetooth/gatt_private.h"

#include "protocol/cursor.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *gatt_status_text(enum gatt_status status)
{
	static const char *const texts[] = {
		[GATT_OK] = "done",
		[GATT_ATT_ERROR] = "refused by the device",
		[GATT_BAD_ANSWER] = "the device's answer makes no sense",
		[GATT_STALE] = "the device is not as it was",
		[GATT_TOO_MUCH] = "the device answers without end",
		[GATT_CANCELLED] = "cancelled",
		[GATT_TIMED_OUT] = "no answer for 30 s",
		[GATT_CLOSED] = "the link is gone",
	};

	return texts[status];
}

/* ---- upcalls: whatever is called may free the client ---- */

static void enter(struct gatt *gatt)
{
	gatt->depth++;
}

static void leave(struct gatt *gatt)
{
	if (--gatt->depth == 0 && gatt->doomed)
		free(gatt);
}

static void complete(const struct operation *operation,
                     const struct gatt_result *result)
{
	if (operation->done != NULL)
		operation->done(operation->user, result);
}

/* ---- the queue ---- */

static struct operation dequeue(struct gatt *gatt, size_t at)
{
	struct operation operation = gatt->queue[at];

	gatt->queued--;
	memmove(&gatt->queue[at], &gatt->queue[at + 1],
	        (gatt->queued - at) * sizeof(gatt->queue[0]));
	if (at == 0)
		gatt->run.active = false;
	return operation;
}

/* What the callback asks for waits until it has returned. */
static void finish(struct gatt *gatt)
{
	struct gatt_result result = gatt->run.result;
	struct operation operation = dequeue(gatt, 0);

	gatt->finishing = true;
	complete(&operation, &result);
	gatt->finishing = false;
}

static void pump(struct gatt *gatt)
{
	while (!gatt->run.active && gatt->queued > 0 && !gatt->finishing &&
	       !gatt->dead && !gatt->doomed) {
		gatt->run = (struct run){
			.active = true,
			.started_us = gatt->ops->now_us(gatt->user),
		};
		if (gatt->queue[0].procedure->begin(gatt))
			return;
		finish(gatt); /* a table emptied before it was verified */
	}
}

static bool may_enqueue(const struct gatt *gatt)
{
	return !gatt->dead && !gatt->doomed && gatt->queued < GATT_QUEUE_MAX;
}

static unsigned enqueue(struct gatt *gatt, struct operation operation)
{
	assert(operation.done != NULL);
	if (!may_enqueue(gatt))
		return 0;
	if (++gatt->last_id == 0)
		gatt->last_id = 1;
	operation.id = gatt->last_id;
	gatt->queue[gatt->queued++] = operation;
	enter(gatt);
	pump(gatt);
	leave(gatt);
	return operation.id;
}

/* The first may have its own fate. Nothing new is taken meanwhile. */
static void finish_all(struct gatt *gatt, enum gatt_status first,
                       enum gatt_status rest)
{
	struct gatt_result result = { .status = first };

	assert(gatt->dead || gatt->doomed);
	while (gatt->queued > 0) {
		struct operation operation = dequeue(gatt, 0);

		complete(&operation, &result);
		result.status = rest;
	}
}

/* ---- from the bearer ---- */

static void on_send(void *user, const uint8_t *pdu, size_t length)
{
	struct gatt *gatt = user;

	gatt->ops->send(gatt->user, pdu, length);
}

static bool may_secure(const struct gatt *gatt, const struct att_pdu *pdu)
{
	return pdu != NULL && pdu->opcode == ATT_ERROR_RESPONSE &&
	       att_error_is_security(pdu->error) && !gatt->run.secured &&
	       gatt->queue[0].done != NULL &&
	       !gatt->queue[0].procedure->ignores_security;
}

static void on_answer(void *user, const struct att_pdu *pdu)
{
	struct gatt *gatt = user;

	if (gatt->queued == 0 || !gatt->run.active)
		return; /* freed or closed with a request under way */
	if (may_secure(gatt, pdu) && gatt->ops->secure(gatt->user)) {
		gatt->run.secured = true;
		bearer_request_again(&gatt->bearer,
		                     gatt->ops->now_us(gatt->user));
		return;
	}
	if (gatt->queue[0].done != NULL &&
	    gatt->queue[0].procedure->answer(gatt, pdu))
		return;
	finish(gatt);
	pump(gatt);
}

static void on_changed(struct gatt *gatt, const uint8_t *value, size_t length)
{
	struct cursor c = cursor_over(value, length);
	uint16_t start = cursor_u16(&c);
	uint16_t end = cursor_u16(&c);

	if (c.failed)
		gatt->unknown++;
	else
		gatt->ops->changed(gatt->user, start, end);
}

static void on_value(void *user, uint16_t handle, const uint8_t *value,
                     size_t length)
{
	struct gatt *gatt = user;
	const struct gatt_characteristic *from =
		gatt_table_by_value(&gatt->table, handle);

	if (gatt->doomed)
		return;
	if (from == NULL) {
		gatt->unknown++;
	} else if (uuid_to16(&from->uuid) == ATT_UUID_SERVICE_CHANGED) {
		on_changed(gatt, value, length);
	} else {
		gatt->values++;
		gatt->ops->value(gatt->user, from, value, length);
	}
}

static const struct bearer_ops bearer_ops = {
	.send = on_send,
	.answer = on_answer,
	.value = on_value,
};

/* ---- life ---- */

struct gatt *gatt_new(const struct gatt_ops *ops, void *user)
{
	struct gatt *gatt = calloc(1, sizeof(*gatt));

	if (gatt == NULL)
		return NULL;
	gatt->ops = ops;
	gatt->user = user;
	bearer_init(&gatt->bearer, &bearer_ops, gatt);
	return gatt;
}

void gatt_free(struct gatt *gatt)
{
	if (gatt == NULL || gatt->doomed)
		return;
	enter(gatt);
	gatt->doomed = true;
	finish_all(gatt, GATT_CANCELLED, GATT_CANCELLED);
	leave(gatt);
}

void gatt_receive(struct gatt *gatt, const uint8_t *bytes, size_t length)
{
	enter(gatt);
	bearer_receive(&gatt->bearer, bytes, length);
	leave(gatt);
}

uint64_t gatt_deadline_us(const struct gatt *gatt)
{
	return gatt->dead ? GATT_NEVER : gatt->bearer.deadline_us;
}

void gatt_advance(struct gatt *gatt)
{
	if (gatt->dead || gatt->doomed ||
	    !bearer_is_overdue(&gatt->bearer, gatt->ops->now_us(gatt->user)))
		return;
	enter(gatt);
	gatt->dead = true;
	finish_all(gatt, GATT_TIMED_OUT, GATT_CLOSED);
	if (!gatt->doomed)
		gatt->ops->dead(gatt->user);
	leave(gatt);
}

void gatt_closed(struct gatt *gatt)
{
	if (gatt->doomed)
		return;
	enter(gatt);
	gatt->dead = true;
	finish_all(gatt, GATT_CLOSED, GATT_CLOSED);
	leave(gatt);
}

/* ---- operations ---- */

unsigned gatt_exchange_mtu(struct gatt *gatt, gatt_done *done, void *user)
{
	if (gatt->mtu_asked || !may_enqueue(gatt))
		return 0;
	gatt->mtu_asked = true;
	return enqueue(gatt,
	               (struct operation){ .procedure = &procedure_exchange_mtu,
	                                   .done = done,
	                                   .user = user });
}

unsigned gatt_discover(struct gatt *gatt, const uint16_t *wanted, size_t count,
                       gatt_done *done, void *user)
{
	struct operation operation = { .procedure = &procedure_discover,
		                       .done = done,
		                       .user = user };

	if (count > GATT_WANTED_MAX)
		return 0;
	for (size_t i = 0; wanted != NULL && i < count; i++)
		operation.wanted[operation.wanted_count++] = wanted[i];
	return enqueue(gatt, operation);
}

unsigned gatt_verify(struct gatt *gatt, gatt_done *done, void *user)
{
	if (gatt->table.characteristic_count == 0)
		return 0;
	return enqueue(gatt, (struct operation){ .procedure = &procedure_verify,
	                                         .done = done,
	                                         .user = user });
}

unsigned gatt_read(struct gatt *gatt, uint16_t handle, gatt_done *done,
                   void *user)
{
	return enqueue(gatt, (struct operation){ .procedure = &procedure_read,
	                                         .done = done,
	                                         .user = user,
	                                         .handle = handle });
}

unsigned gatt_write(struct gatt *gatt, uint16_t handle, const uint8_t *value,
                    size_t length, gatt_done *done, void *user)
{
	struct operation operation = { .procedure = &procedure_write,
		                       .done = done,
		                       .user = user,
		                       .handle = handle,
		                       .length = length };

	if (length > GATT_WRITE_MAX)
		return 0;
	if (length > 0)
		memcpy(operation.value, value, length);
	return enqueue(gatt, operation);
}

unsigned gatt_subscribe(struct gatt *gatt,
                        const struct gatt_characteristic *characteristic,
                        bool on, gatt_done *done, void *user)
{
	bool notifies = characteristic->properties & ATT_PROPERTY_NOTIFY;
	uint8_t value[2] = { notifies ? ATT_CCC_NOTIFY : ATT_CCC_INDICATE, 0 };

	if (characteristic->ccc == 0)
		return 0;
	if (!on)
		value[0] = 0;
	return gatt_write(gatt, characteristic->ccc, value, sizeof(value), done,
	                  user);
}

bool gatt_cancel(struct gatt *gatt, unsigned id)
{
	struct gatt_result result = { .status = GATT_CANCELLED };
	struct operation operation;
	size_t at = 0;

	while (at < gatt->queued && gatt->queue[at].id != id)
		at++;
	if (at == gatt->queued || gatt->queue[at].done == NULL)
		return false;
	enter(gatt);
	if (at == 0 && gatt->run.active) {
		operation = gatt->queue[0];
		gatt->queue[0].done = NULL;
	} else {
		operation = dequeue(gatt, at);
	}
	complete(&operation, &result);
	leave(gatt);
	return true;
}

/* ---- what is known ---- */

const struct gatt_table *gatt_table(const struct gatt *gatt)
{
	return &gatt->table;
}

void gatt_set_table(struct gatt *gatt, const struct gatt_table *table)
{
	gatt->table = *table;
}

uint16_t gatt_mtu(const struct gatt *gatt)
{
	return gatt->bearer.mtu;
}

struct gatt_counts gatt_counts(const struct gatt *gatt)
{
	return (struct gatt_counts){
		.bearer = gatt->bearer.counts,
		.values = gatt->values,
		.unknown = gatt->unknown,
	};
}
