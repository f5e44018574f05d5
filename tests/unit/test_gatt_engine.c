/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The GATT client without a socket: time is given, and callbacks do what
 * callbacks may do. Then the table it fills, as text.
 */
#include "daemon/bluetooth/gatt.h"
#include "tests/unit/bytes.h"
#include "tests/unit/suite.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND UINT64_C(1000000)

static struct {
	struct gatt *gatt;
	uint64_t now_us;
	struct bytes sent; /* the last PDU */
	unsigned order, sent_count, secured, changed, dead, values;
	bool free_on_dead, free_on_value, free_on_changed;
} f;

/* One operation's callback: how often, with what, and what it does then */
struct outcome {
	unsigned calls;
	enum gatt_status status;
	enum { NOTHING, FREE, CANCEL, READ, CLOSE, DISCOVER } then;
	unsigned id;          /* to cancel */
	struct outcome *next; /* of the read */
	unsigned order, returned; /* when it was called, when it was over */
};

static void drop(void)
{
	gatt_free(f.gatt);
	f.gatt = NULL;
}

static void on_done(void *user, const struct gatt_result *result)
{
	struct outcome *o = user;

	o->calls++;
	o->order = ++f.order;
	o->status = result->status;
	switch (o->then) {
	case NOTHING:
		break;
	case FREE:
		drop();
		break;
	case CANCEL:
		gatt_cancel(f.gatt, o->id);
		break;
	case READ:
		o->id = gatt_read(f.gatt, 0x99, on_done, o->next);
		break;
	case CLOSE:
		gatt_closed(f.gatt);
		break;
	case DISCOVER:
		o->id = gatt_discover(f.gatt, NULL, 0, on_done, o->next);
		break;
	}
	o->returned = ++f.order;
}

static void on_send(void *user, const uint8_t *pdu, size_t length)
{
	(void)user;
	f.sent_count++;
	f.sent.length = length;
	memcpy(f.sent.at, pdu, length);
}

static uint64_t on_now(void *user)
{
	(void)user;
	return f.now_us;
}

static void on_value(void *user, const struct gatt_characteristic *from,
                     const uint8_t *value, size_t length)
{
	(void)user;
	(void)from;
	(void)value;
	(void)length;
	f.values++;
	if (f.free_on_value)
		drop();
}

static void on_changed(void *user, uint16_t start, uint16_t end)
{
	(void)user;
	(void)start;
	(void)end;
	f.changed++;
	if (f.free_on_changed)
		drop();
}

static bool on_secure(void *user)
{
	(void)user;
	f.secured++;
	return false;
}

static void on_dead(void *user)
{
	(void)user;
	f.dead++;
	if (f.free_on_dead)
		drop();
}

static const struct gatt_ops ops = {
	.send = on_send,
	.now_us = on_now,
	.value = on_value,
	.changed = on_changed,
	.secure = on_secure,
	.dead = on_dead,
};

static const char table_text[] = "service 0001 0005 1801\n"
				 "characteristic 0002 0003 0004 20 2a05\n"
				 "service 0010 0020 1826\n"
				 "characteristic 0011 0012 0013 10 2acd\n";

static void start(void)
{
	struct gatt_table table;

	memset(&f, 0, sizeof(f));
	f.now_us = 5 * SECOND;
	f.gatt = gatt_new(&ops, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.gatt);
	CU_ASSERT_FATAL(gatt_table_read(table_text, &table));
	gatt_set_table(f.gatt, &table);
}

static void say(const char *hex)
{
	struct bytes pdu = bytes_of(hex);

	gatt_receive(f.gatt, pdu.at, pdu.length);
}

#define SENT(hex) CU_ASSERT(bytes_are(f.sent.at, f.sent.length, hex))

/* ---- time ---- */

static void advance_to(uint64_t now_us)
{
	f.now_us = now_us;
	gatt_advance(f.gatt);
}

/* GAT/CL/BV-01-C, BV-02-C: 30 s, then this bearer is used no more */
static void gat_cl_bv_01_c(void)
{
	struct outcome read = { 0 }, write = { 0 }, late = { 0 };

	start();
	CU_ASSERT_EQUAL(gatt_deadline_us(f.gatt), GATT_NEVER);
	gatt_read(f.gatt, 3, on_done, &read);
	gatt_write(f.gatt, 4, NULL, 0, on_done, &write);
	CU_ASSERT_EQUAL(gatt_deadline_us(f.gatt), 35 * SECOND);
	advance_to(35 * SECOND - 1);
	CU_ASSERT_EQUAL(read.calls + write.calls + f.dead, 0);
	advance_to(35 * SECOND);
	CU_ASSERT_EQUAL(read.calls, 1);
	CU_ASSERT_EQUAL(read.status, GATT_TIMED_OUT);
	CU_ASSERT_EQUAL(write.calls, 1);
	CU_ASSERT_EQUAL(write.status, GATT_CLOSED);
	CU_ASSERT_EQUAL(f.dead, 1);
	CU_ASSERT_EQUAL(gatt_deadline_us(f.gatt), GATT_NEVER);
	/* neither a late answer nor a new request */
	say("0b 01");
	CU_ASSERT_EQUAL(gatt_read(f.gatt, 3, on_done, &late), 0);
	advance_to(100 * SECOND);
	CU_ASSERT_EQUAL(f.sent_count, 1);
	CU_ASSERT_EQUAL(read.calls + late.calls + f.dead, 2);
	drop();
	CU_ASSERT_EQUAL(read.calls, 1);
}

static void each_transaction_has_its_own_time(void)
{
	struct outcome first = { 0 }, second = { 0 };

	start();
	gatt_read(f.gatt, 3, on_done, &first);
	gatt_read(f.gatt, 4, on_done, &second);
	f.now_us = 34 * SECOND;
	say("0b 01");
	CU_ASSERT_EQUAL(gatt_deadline_us(f.gatt), 64 * SECOND);
	advance_to(40 * SECOND);
	say("0b 02");
	CU_ASSERT_EQUAL(second.status, GATT_OK);
	CU_ASSERT_EQUAL(gatt_deadline_us(f.gatt), GATT_NEVER);
	advance_to(1000 * SECOND);
	CU_ASSERT_EQUAL(f.dead, 0);
	drop();
}

/* A discovery whose every answer takes 25 s is given up; the link is not. */
static void slow_discovery(void)
{
	struct outcome o = { 0 }, read = { 0 };

	start();
	gatt_discover(f.gatt, NULL, 0, on_done, &o);
	f.now_us = 30 * SECOND;
	say("11 06 1000 1f00 0018");
	f.now_us = 55 * SECOND;
	say("11 06 2000 2f00 0118");
	CU_ASSERT_EQUAL(o.calls, 0);
	f.now_us = 80 * SECOND;
	say("11 06 3000 3f00 2618");
	CU_ASSERT_EQUAL(o.calls, 1);
	CU_ASSERT_EQUAL(o.status, GATT_TOO_MUCH);
	/* the table is the one from before */
	CU_ASSERT_EQUAL(gatt_table(f.gatt)->service_count, 2);
	CU_ASSERT(gatt_read(f.gatt, 3, on_done, &read) != 0);
	say("0b");
	CU_ASSERT_EQUAL(read.status, GATT_OK);
	drop();
}

static void an_interruption_does_not_move_the_time(void)
{
	struct outcome o = { 0 };

	start();
	gatt_read(f.gatt, 3, on_done, &o);
	f.now_us = 20 * SECOND;
	say("1b 1200 01");
	say("1d 1200 01");
	say("02 1700");
	say("13");
	CU_ASSERT_EQUAL(gatt_deadline_us(f.gatt), 35 * SECOND);
	drop();
}

/* ---- one transaction at a time ---- */

static void one_at_a_time(void)
{
	struct outcome o[3] = { { 0 } };

	start();
	for (uint16_t i = 0; i < 3; i++)
		gatt_read(f.gatt, (uint16_t)(3 + i), on_done, &o[i]);
	SENT("0a 0300");
	CU_ASSERT_EQUAL(f.sent_count, 1);
	say("0b 01");
	SENT("0a 0400");
	CU_ASSERT_EQUAL(f.sent_count, 2);
	say("01 0a 0400 02");
	SENT("0a 0500");
	say("0b");
	CU_ASSERT_EQUAL(o[0].calls + o[1].calls + o[2].calls, 3);
	CU_ASSERT_EQUAL(o[1].status, GATT_ATT_ERROR);
	drop();
}

static void the_queue_is_bounded(void)
{
	struct outcome o = { 0 };

	start();
	for (unsigned i = 0; i < GATT_QUEUE_MAX; i++)
		CU_ASSERT(gatt_read(f.gatt, 3, on_done, &o) != 0);
	CU_ASSERT_EQUAL(gatt_read(f.gatt, 3, on_done, &o), 0);
	CU_ASSERT_EQUAL(gatt_discover(f.gatt, NULL, 0, on_done, &o), 0);
	say("0b");
	CU_ASSERT(gatt_read(f.gatt, 3, on_done, &o) != 0);
	drop();
	CU_ASSERT_EQUAL(o.calls, GATT_QUEUE_MAX + 1);
}

/* ---- cancelling ---- */

static void cancel_what_waits(void)
{
	struct outcome first = { 0 }, second = { 0 };
	unsigned id;

	start();
	gatt_read(f.gatt, 3, on_done, &first);
	id = gatt_read(f.gatt, 4, on_done, &second);
	CU_ASSERT(gatt_cancel(f.gatt, id));
	CU_ASSERT_EQUAL(second.calls, 1);
	CU_ASSERT_EQUAL(second.status, GATT_CANCELLED);
	CU_ASSERT_FALSE(gatt_cancel(f.gatt, id));
	CU_ASSERT_FALSE(gatt_cancel(f.gatt, 9999));
	say("0b");
	CU_ASSERT_EQUAL(first.status, GATT_OK);
	CU_ASSERT_EQUAL(f.sent_count, 1);
	drop();
	CU_ASSERT_EQUAL(second.calls, 1);
}

/* The request is on its way: its answer still comes, and the next waits. */
static void cancel_what_is_under_way(void)
{
	struct outcome first = { 0 }, second = { 0 };
	unsigned id;

	start();
	id = gatt_discover(f.gatt, NULL, 0, on_done, &first);
	gatt_read(f.gatt, 4, on_done, &second);
	CU_ASSERT(gatt_cancel(f.gatt, id));
	CU_ASSERT_EQUAL(first.status, GATT_CANCELLED);
	CU_ASSERT_FALSE(gatt_cancel(f.gatt, id));
	CU_ASSERT_EQUAL(f.sent_count, 1);
	CU_ASSERT_EQUAL(gatt_deadline_us(f.gatt), 35 * SECOND);
	say("11 06 1000 1f00 0018");
	SENT("0a 0400"); /* and no more of the discovery */
	say("0b");
	CU_ASSERT_EQUAL(first.calls, 1);
	CU_ASSERT_EQUAL(second.calls, 1);
	drop();
	CU_ASSERT_EQUAL(first.calls + second.calls, 2);
}

static void cancelled_and_never_answered(void)
{
	struct outcome o = { 0 };

	start();
	gatt_cancel(f.gatt, gatt_read(f.gatt, 3, on_done, &o));
	advance_to(35 * SECOND);
	CU_ASSERT_EQUAL(o.calls, 1);
	CU_ASSERT_EQUAL(f.dead, 1);
	drop();
}

/* ---- what a callback may do ---- */

static void a_callback_asks_for_more(void)
{
	struct outcome third = { 0 };
	struct outcome first = { .then = READ, .next = &third };
	struct outcome second = { 0 };

	start();
	gatt_read(f.gatt, 3, on_done, &first);
	gatt_read(f.gatt, 4, on_done, &second);
	say("0b");
	CU_ASSERT_EQUAL(first.calls, 1);
	CU_ASSERT(first.id != 0);
	SENT("0a 0400"); /* in the order in which they were asked for */
	say("0b");
	SENT("0a 9900");
	say("0b");
	CU_ASSERT_EQUAL(second.calls + third.calls, 2);
	CU_ASSERT_EQUAL(f.sent_count, 3);
	drop();
}

static void a_callback_cancels(void)
{
	struct outcome second = { 0 }, first = { .then = CANCEL };

	start();
	gatt_read(f.gatt, 3, on_done, &first);
	first.id = gatt_read(f.gatt, 4, on_done, &second);
	say("0b");
	CU_ASSERT_EQUAL(second.calls, 1);
	CU_ASSERT_EQUAL(second.status, GATT_CANCELLED);
	CU_ASSERT_EQUAL(f.sent_count, 1);
	drop();
	CU_ASSERT_EQUAL(first.calls + second.calls, 2);
}

static void a_callback_frees(void)
{
	struct outcome second = { 0 }, first = { .then = FREE };

	start();
	gatt_read(f.gatt, 3, on_done, &first);
	gatt_read(f.gatt, 4, on_done, &second);
	say("0b");
	CU_ASSERT_PTR_NULL(f.gatt);
	CU_ASSERT_EQUAL(first.calls, 1);
	CU_ASSERT_EQUAL(second.calls, 1);
	CU_ASSERT_EQUAL(second.status, GATT_CANCELLED);
	CU_ASSERT_EQUAL(f.sent_count, 1);
}

/* While everything is being cancelled, the first of them frees once more. */
static void a_callback_of_cancel_frees(void)
{
	struct outcome second = { 0 }, first = { .then = FREE };

	start();
	gatt_cancel(f.gatt, gatt_read(f.gatt, 3, on_done, &first));
	CU_ASSERT_PTR_NULL(f.gatt);
	CU_ASSERT_EQUAL(first.calls, 1);

	first = (struct outcome){ .then = FREE };
	start();
	gatt_read(f.gatt, 3, on_done, &first);
	gatt_read(f.gatt, 4, on_done, &second);
	gatt_closed(f.gatt);
	CU_ASSERT_PTR_NULL(f.gatt);
	CU_ASSERT_EQUAL(first.status, GATT_CLOSED);
	CU_ASSERT_EQUAL(first.calls + second.calls, 2);
}

static void a_callback_of_free_asks_for_more(void)
{
	struct outcome second = { 0 };
	struct outcome first = { .then = READ, .next = &second, .id = 1 };

	start();
	gatt_read(f.gatt, 3, on_done, &first);
	drop();
	CU_ASSERT_EQUAL(first.id, 0); /* not taken */
	CU_ASSERT_EQUAL(first.calls, 1);
	CU_ASSERT_EQUAL(second.calls, 0);
}

static void a_callback_closes(void)
{
	struct outcome second = { 0 }, first = { .then = CLOSE };

	start();
	gatt_read(f.gatt, 3, on_done, &first);
	gatt_read(f.gatt, 4, on_done, &second);
	say("0b");
	CU_ASSERT_EQUAL(second.calls, 1);
	CU_ASSERT_EQUAL(second.status, GATT_CLOSED);
	gatt_closed(f.gatt);
	CU_ASSERT_EQUAL(first.calls + second.calls, 2);
	CU_ASSERT_EQUAL(f.sent_count, 1);
	drop();
}

static void events_free(void)
{
	struct outcome o = { 0 };

	start();
	f.free_on_value = true;
	gatt_read(f.gatt, 3, on_done, &o);
	say("1d 1200 01");
	CU_ASSERT_PTR_NULL(f.gatt);
	CU_ASSERT_EQUAL(o.status, GATT_CANCELLED);
	SENT("1e");

	start();
	f.free_on_changed = true;
	say("1d 0300 0100 ffff");
	CU_ASSERT_PTR_NULL(f.gatt);
	CU_ASSERT_EQUAL(f.changed, 1);

	start();
	f.free_on_dead = true;
	gatt_read(f.gatt, 3, on_done, &o);
	advance_to(35 * SECOND);
	CU_ASSERT_PTR_NULL(f.gatt);
	CU_ASSERT_EQUAL(f.dead, 1);
	CU_ASSERT_EQUAL(o.calls, 2);
}

/* Freed on the time-out's own callback: nobody is left to hear of death. */
static void freed_on_time_out(void)
{
	struct outcome second = { 0 }, first = { .then = FREE };

	start();
	gatt_read(f.gatt, 3, on_done, &first);
	gatt_read(f.gatt, 4, on_done, &second);
	advance_to(35 * SECOND);
	CU_ASSERT_PTR_NULL(f.gatt);
	CU_ASSERT_EQUAL(first.status, GATT_TIMED_OUT);
	CU_ASSERT_EQUAL(second.calls, 1);
	CU_ASSERT_EQUAL(f.dead, 0);
}

/* Values keep their meaning while the table is being found again. */
static void rediscovery(void)
{
	struct outcome second = { 0 };
	struct outcome first = { .then = DISCOVER, .next = &second };

	start();
	gatt_read(f.gatt, 3, on_done, &first);
	say("0b");
	SENT("10 0100 ffff 0028");
	say("11 06 3000 ffff 2618");
	say("1b 1200 01");
	CU_ASSERT_EQUAL(f.values, 1);
	say("01 08 3000 0a");
	CU_ASSERT_EQUAL(second.status, GATT_OK);
	say("1b 1200 01");
	CU_ASSERT_EQUAL(f.values, 1);
	CU_ASSERT_EQUAL(gatt_counts(f.gatt).unknown, 1);
	drop();
}

/* The check of a table that is empty when its turn comes has nothing to ask:
 * it completes, but not within what a callback calls. */
static void verification_of_an_emptied_table(void)
{
	const struct gatt_table empty = { .service_count = 0 };
	struct outcome third = { 0 };
	struct outcome first = { .then = READ, .next = &third };
	struct outcome second = { .then = CANCEL };

	start();
	gatt_read(f.gatt, 3, on_done, &first);
	CU_ASSERT(gatt_verify(f.gatt, on_done, &second) != 0);
	gatt_set_table(f.gatt, &empty);
	say("0b");
	CU_ASSERT_EQUAL(second.calls, 1);
	CU_ASSERT_EQUAL(second.status, GATT_OK);
	CU_ASSERT_EQUAL(first.order, 1);
	CU_ASSERT_EQUAL(first.returned, 2);
	CU_ASSERT_EQUAL(second.order, 3);
	SENT("0a 9900");
	drop();
}

static void security_that_cannot_be_raised(void)
{
	struct outcome o = { 0 };

	start();
	gatt_read(f.gatt, 3, on_done, &o);
	say("01 0a 0300 05");
	CU_ASSERT_EQUAL(o.status, GATT_ATT_ERROR);
	CU_ASSERT_EQUAL(f.secured, 1);
	/* not for what is only tried: Service Changed, the MTU */
	gatt_exchange_mtu(f.gatt, on_done, &o);
	say("01 02 0000 05");
	CU_ASSERT_EQUAL(o.status, GATT_OK);
	CU_ASSERT_EQUAL(f.secured, 1);
	drop();
}

/* ---- the table as text ---- */

static void table_there_and_back(void)
{
	char text[GATT_TABLE_TEXT_SIZE];
	struct gatt_table table;

	CU_ASSERT_FATAL(gatt_table_read(table_text, &table));
	CU_ASSERT_EQUAL(gatt_table_write(&table, text, sizeof(text)),
	                strlen(table_text));
	CU_ASSERT_STRING_EQUAL(text, table_text);
	CU_ASSERT_EQUAL(gatt_table_write(&table, text, strlen(table_text)), 0);
	CU_ASSERT_EQUAL(gatt_table_write(&table, text, 1), 0);
	CU_ASSERT_PTR_NOT_NULL(gatt_table_by_value(&table, 0x12));
	CU_ASSERT_PTR_NULL(gatt_table_by_value(&table, 0x11));
	CU_ASSERT_PTR_NULL(gatt_table_characteristic(&table, 0x1801, 0x2acd));
	CU_ASSERT_PTR_NULL(gatt_table_service(&table, 0x180a));
	CU_ASSERT(gatt_table_read("", &table));
	CU_ASSERT_EQUAL(table.service_count, 0);
}

static void a_full_table_fits_its_text(void)
{
	struct uuid longest = { { 1 } };
	struct gatt_table table = { .service_count = 0 }, back;
	char text[GATT_TABLE_TEXT_SIZE];

	for (uint16_t i = 0; i <= GATT_SERVICES_MAX; i++) {
		struct gatt_service s = { longest, (uint16_t)(1 + i * 64),
			                  (uint16_t)(64 + i * 64), false };

		CU_ASSERT_EQUAL(gatt_table_add_service(&table, &s),
		                i < GATT_SERVICES_MAX);
	}
	CU_ASSERT(table.full);
	table.full = false;
	for (uint16_t i = 0; i <= GATT_CHARACTERISTICS_MAX; i++) {
		struct gatt_service *s = &table.services[i / 3 % 32];
		uint16_t at = (uint16_t)(s->start + 1 + i % 3 * 3);
		struct gatt_characteristic c = { .uuid = longest,
			                         .declaration = at,
			                         .value = (uint16_t)(at + 1),
			                         .ccc = (uint16_t)(at + 2) };

		CU_ASSERT_EQUAL(gatt_table_add_characteristic(&table, s, &c),
		                i < GATT_CHARACTERISTICS_MAX);
	}
	CU_ASSERT(table.full);
	CU_ASSERT(gatt_table_write(&table, text, sizeof(text)) > 0);
	CU_ASSERT(gatt_table_read(text, &back));
	CU_ASSERT_EQUAL(back.characteristic_count, GATT_CHARACTERISTICS_MAX);
}

static void tables_refused(void)
{
	static const char *const rows[] = {
		"service 0001 0005 1801", /* no end of line */
		"service 0001 0005\n",
		"service 1 5 1801\n",
		"service 0000 0005 1801\n",
		"service 0005 0001 1801\n",
		"service 0001 0005 180g\n",
		"service 0001 0005 1801 +\n",
		"service  0001 0005 1801\n",
		"services 0001 0005 1801\n",
		"service 0001 0005 1801\n\n",
		"service 0001 0005 1801\nservice 0005 0009 1800\n",
		"characteristic 0002 0003 0000 10 2acd\n", /* no service */
		"service 0001 0005 1801\ncharacteristic 0001 0002 0000 10 2a05\n",
		"service 0001 0005 1801\ncharacteristic 0003 0002 0000 10 2a05\n",
		"service 0001 0005 1801\ncharacteristic 0005 0006 0000 10 2a05\n",
		"service 0001 0005 1801\ncharacteristic 0002 0003 0002 10 2a05\n",
		"service 0001 0005 1801\ncharacteristic 0002 0003 0006 10 2a05\n",
		("service 0001 0009 1801\n"
		 "characteristic 0002 0003 0000 10 2a05\n"
		 "characteristic 0003 0004 0000 10 2a05\n"),
		"service 0001 0005 12345678-0000-1000-8000-00805f9b34fb0\n",
		"service 0001 0005 000000000000000000000000000000000000000000\n",
		"rubbish",
		"s",
		" ",
	};
	struct gatt_table table = { .service_count = 77 };

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (gatt_table_read(rows[i], &table)) {
			printf("read: %s\n", rows[i]);
			CU_FAIL("a table that is none");
		}
	}
	CU_ASSERT_EQUAL(table.service_count, 77);
}

static void words(void)
{
	for (int i = GATT_OK; i <= GATT_CLOSED; i++)
		CU_ASSERT_PTR_NOT_NULL(gatt_status_text((enum gatt_status)i));
	gatt_free(NULL);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "/TP/GAT/CL/BV-01-C", gat_cl_bv_01_c },
		{ "each transaction has its own time",
		  each_transaction_has_its_own_time },
		{ "slow discovery", slow_discovery },
		{ "an interruption does not move the time",
		  an_interruption_does_not_move_the_time },
		{ "one at a time", one_at_a_time },
		{ "the queue is bounded", the_queue_is_bounded },
		{ "cancel what waits", cancel_what_waits },
		{ "cancel what is under way", cancel_what_is_under_way },
		{ "cancelled and never answered",
		  cancelled_and_never_answered },
		{ "a callback asks for more", a_callback_asks_for_more },
		{ "a callback cancels", a_callback_cancels },
		{ "a callback frees", a_callback_frees },
		{ "a callback of cancel frees", a_callback_of_cancel_frees },
		{ "a callback of free asks for more",
		  a_callback_of_free_asks_for_more },
		{ "a callback closes", a_callback_closes },
		{ "events free", events_free },
		{ "freed on time-out", freed_on_time_out },
		{ "rediscovery", rediscovery },
		{ "verification of an emptied table",
		  verification_of_an_emptied_table },
		{ "security that cannot be raised",
		  security_that_cannot_be_raised },
		{ "table as text, there and back", table_there_and_back },
		{ "a full table fits its text", a_full_table_fits_its_text },
		{ "tables refused", tables_refused },
		{ "words", words },
		CU_TEST_INFO_NULL,
	};

	return suite_run("gatt_engine", tests);
}
