/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The GATT client as a state machine: the input is a story of PDUs from the
 * peer, steps of time, calls of ours, and what our callbacks do. Whatever it
 * tells: each operation completes exactly once, never within the call that
 * began it; one request at a time; each indication is confirmed and each
 * request answered, once; all that is sent is a PDU that fits; the table is
 * one that can be written and read.
 */
#include "daemon/bluetooth/gatt.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OPERATIONS_MAX 512

struct story {
	const uint8_t *at;
	size_t left;
};

static struct {
	struct gatt *gatt;
	struct story story;
	uint64_t now_us;
	bool in_call;
	bool outstanding;
	uint8_t request; /* opcode of the last one */
	unsigned answers, confirmations;
	struct operation_seen {
		unsigned id; /* 0: not taken */
		unsigned calls;
		uint8_t then;
	} operations[OPERATIONS_MAX];
	size_t operation_count;
} f;

static void require(bool holds)
{
	if (!holds)
		abort();
}

static uint8_t next_octet(void)
{
	if (f.story.left == 0)
		return 0;
	f.story.left--;
	return *f.story.at++;
}

/* ---- what the client calls ---- */

static void on_send(void *user, const uint8_t *bytes, size_t length)
{
	struct att_pdu pdu;

	(void)user;
	require(att_decode(bytes, length, &pdu));
	require(length <= ATT_MTU_MAX);
	switch (att_kind(pdu.opcode)) {
	case ATT_KIND_REQUEST:
		require(!f.outstanding);
		f.outstanding = true;
		f.request = pdu.opcode;
		break;
	case ATT_KIND_RESPONSE:
		f.answers++;
		break;
	case ATT_KIND_CONFIRMATION:
		f.confirmations++;
		break;
	case ATT_KIND_COMMAND:
	case ATT_KIND_NOTIFICATION:
	case ATT_KIND_INDICATION:
		require(false);
	}
}

static uint64_t on_now(void *user)
{
	(void)user;
	return f.now_us;
}

static void do_call(uint8_t what);

/* Once in a while an event or a callback frees, closes, or asks for more. */
static void react(uint8_t how)
{
	if (f.gatt == NULL)
		return;
	if (how % 16 == 1) {
		struct gatt *gatt = f.gatt;

		f.gatt = NULL;
		gatt_free(gatt);
	} else if (how % 16 == 2) {
		gatt_closed(f.gatt);
	} else if (how % 16 < 8) {
		do_call(how);
	}
}

static void on_value(void *user, const struct gatt_characteristic *from,
                     const uint8_t *value, size_t length)
{
	(void)user;
	require(from->value != 0 && length <= ATT_VALUE_MAX);
	if (length > 0)
		react(value[length - 1]);
}

static void on_changed(void *user, uint16_t start, uint16_t end)
{
	(void)user;
	react((uint8_t)(start ^ end));
}

static bool on_secure(void *user)
{
	bool raised = next_octet() & 1;

	(void)user;
	if (raised)
		f.outstanding = false; /* it is sent once more */
	return raised;
}

static void on_dead(void *user)
{
	(void)user;
	react(next_octet());
}

static const struct gatt_ops ops = {
	.send = on_send,
	.now_us = on_now,
	.value = on_value,
	.changed = on_changed,
	.secure = on_secure,
	.dead = on_dead,
};

/* ---- what the story calls ---- */

static void on_done(void *user, const struct gatt_result *result)
{
	struct operation_seen *seen = user;

	require(!f.in_call);
	require(++seen->calls == 1);
	require(result->length <= ATT_VALUE_MAX);
	require(result->length == 0 || result->status == GATT_OK);
	require(gatt_status_text(result->status) != NULL);
	react(seen->then);
}

static unsigned ask(uint8_t what, struct operation_seen *seen)
{
	static const uint16_t wanted[] = { 0x1826, 0x180f };
	const struct gatt_table *table = gatt_table(f.gatt);

	switch (what % 7) {
	case 0:
		return gatt_exchange_mtu(f.gatt, on_done, seen);
	case 1:
		return gatt_discover(f.gatt, NULL, 0, on_done, seen);
	case 2:
		return gatt_discover(f.gatt, wanted, 2, on_done, seen);
	case 3:
		return gatt_verify(f.gatt, on_done, seen);
	case 4:
		return gatt_read(f.gatt, what, on_done, seen);
	case 5:
		return gatt_write(f.gatt, what, &what, 1, on_done, seen);
	default:
		if (table->characteristic_count == 0)
			return 0;
		return gatt_subscribe(
			f.gatt,
			&table->characteristics[what %
		                                table->characteristic_count],
			what & 1, on_done, seen);
	}
}

static void do_call(uint8_t what)
{
	struct operation_seen *seen = &f.operations[f.operation_count];
	bool nested = f.in_call;

	if (f.gatt == NULL || f.operation_count == OPERATIONS_MAX)
		return;
	f.operation_count++;
	seen->then = next_octet();
	f.in_call = true;
	seen->id = ask(what, seen);
	f.in_call = nested;
	require(seen->id != 0 || seen->calls == 0);
}

static void do_cancel(uint8_t which)
{
	struct operation_seen *seen;
	bool pending;

	if (f.operation_count == 0)
		return;
	seen = &f.operations[which % f.operation_count];
	pending = seen->id != 0 && seen->calls == 0;
	require(gatt_cancel(f.gatt, seen->id) == pending);
}

/* ---- the peer ---- */

static void receive(const uint8_t *pdu, size_t length)
{
	unsigned answers = f.answers, confirmations = f.confirmations;
	enum att_kind kind = length > 0 ? att_kind(pdu[0]) : ATT_KIND_COMMAND;

	if (kind == ATT_KIND_RESPONSE)
		f.outstanding = false;
	gatt_receive(f.gatt, pdu, length);
	require(f.answers - answers == (kind == ATT_KIND_REQUEST));
	require(f.confirmations - confirmations ==
	        (kind == ATT_KIND_INDICATION));
}

/* `skip` octets are there; the rest is the story's */
static void receive_story(uint8_t *pdu, size_t skip)
{
	size_t length = next_octet() % 64u;

	for (size_t i = 0; i < length; i++)
		pdu[skip + i] = next_octet();
	receive(pdu, skip + length);
}

static void check_table(void)
{
	const struct gatt_table *table = gatt_table(f.gatt);
	static char text[GATT_TABLE_TEXT_SIZE];
	struct gatt_table back;
	size_t length = gatt_table_write(table, text, sizeof(text));

	require(length > 0 || table->service_count == 0);
	require(length == 0 || gatt_table_read(text, &back));
	require(length == 0 ||
	        (back.service_count == table->service_count &&
	         back.characteristic_count == table->characteristic_count));
}

static void keep_table(void)
{
	static const char text[] = "service 0001 0005 1801\n"
				   "characteristic 0002 0003 0004 20 2a05\n"
				   "service 0010 0020 1826\n"
				   "characteristic 0011 0012 0013 10 2acd\n"
				   "characteristic 0014 0015 0000 02 2acc\n";
	struct gatt_table table;

	require(gatt_table_read(text, &table));
	gatt_set_table(f.gatt, &table);
}

static void begin_again(void)
{
	struct gatt *old = f.gatt;

	f.gatt = NULL;
	gatt_free(old);
	for (size_t i = 0; i < f.operation_count; i++)
		require(f.operations[i].calls == (f.operations[i].id != 0));
	f.outstanding = false;
	f.operation_count = 0;
	memset(f.operations, 0, sizeof(f.operations));
	f.gatt = gatt_new(&ops, NULL);
	require(f.gatt != NULL);
}

static void step(void)
{
	uint8_t pdu[128];

	switch (next_octet() % 8) {
	case 0:
		receive_story(pdu, 0);
		break;
	case 1:
	case 2: /* what was asked for, at least by its opcode */
		pdu[0] = att_answer(f.request);
		receive_story(pdu, 1);
		break;
	case 3: /* refused */
		memcpy(pdu,
		       (const uint8_t[]){ ATT_ERROR_RESPONSE, f.request, 0, 0,
		                          next_octet() },
		       5);
		receive(pdu, 5);
		break;
	case 4:
		f.now_us += next_octet() * UINT64_C(250000);
		gatt_advance(f.gatt);
		break;
	case 5:
		do_call(next_octet());
		break;
	case 6:
		do_cancel(next_octet());
		break;
	case 7:
		if (next_octet() & 1)
			keep_table();
		else
			check_table();
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	memset(&f, 0, sizeof(f));
	f.story = (struct story){ .at = data, .left = size };
	begin_again();
	while (f.story.left > 0) {
		step();
		if (f.gatt == NULL)
			begin_again();
		require(gatt_deadline_us(f.gatt) == GATT_NEVER ||
		        gatt_deadline_us(f.gatt) <=
		                f.now_us + BEARER_TRANSACTION_US);
	}
	begin_again();
	gatt_free(f.gatt);
	f.gatt = NULL;
	return 0;
}
