/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One peer over the air that is not there: a server of gatt_peer.h at the other
 * end of a socketpair, and time as the test gives it.
 */
#include "daemon/sources/peer.h"
#include "tests/unit/bytes.h"
#include "tests/unit/gatt_peer.h"
#include "tests/unit/suite.h"

#include "daemon/service/log.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECOND UINT64_C(1000000)

static const char table[] = "service 0001 0005 1800\n"
			    "characteristic 0002 0003 0000 02 2a00\n"
			    "service 0010 0030 1826\n"
			    "characteristic 0011 0012 0000 02 2acc\n"
			    "characteristic 0014 0015 0016 10 2acd\n"
			    "characteristic 0017 0018 0019 10 2ada\n"
			    "characteristic 001a 001b 001c 20 2ad9\n";
/* The same after an update: everything two handles on */
static const char moved[] = "service 0001 0005 1800\n"
			    "characteristic 0002 0003 0000 02 2a00\n"
			    "service 0010 0030 1826\n"
			    "characteristic 0013 0014 0000 02 2acc\n"
			    "characteristic 0016 0017 0018 10 2acd\n"
			    "characteristic 0019 001a 001b 10 2ada\n";
static const char bike[] = "service 0010 0030 1826\n"
			   "characteristic 0011 0012 0013 10 2ad2\n";

static struct {
	struct event_base *base;
	struct peer *peer;
	uint64_t now_us;
	struct gatt_peer server;
	int far; /* the device's end; -1 when there is no link */
	/* what was asked of us */
	unsigned attempts, abandoned, secured;
	struct le_address to;
	uint32_t limit_ms;
	bool attempting;
	char said[4096]; /* events, a line each */
	unsigned control_writes;
} f;

static uint64_t now_us(void *user)
{
	(void)user;
	return f.now_us;
}

static void on_connect(void *user, struct peer *peer, const struct le_address *to,
                       uint32_t limit_ms)
{
	(void)user;
	(void)peer;
	CU_ASSERT_FALSE(f.attempting);
	f.attempts++;
	f.attempting = true;
	f.to = *to;
	f.limit_ms = limit_ms;
}

static void on_abandon(void *user, struct peer *peer)
{
	(void)user;
	(void)peer;
	CU_ASSERT_TRUE(f.attempting);
	f.attempting = false;
	f.abandoned++;
}

static bool on_secure(void *user, struct peer *peer, int fd)
{
	(void)user;
	(void)peer;
	CU_ASSERT(fd >= 0);
	f.secured++;
	return true;
}

static void on_event(void *user, const struct source_event *event)
{
	static const char *const links[] = {
		[DISPLAY_LINK_OFF] = "off",   [DISPLAY_LINK_SEARCHING] = "searching",
		[DISPLAY_LINK_LIVE] = "live", [DISPLAY_LINK_STALE] = "stale",
		[DISPLAY_LINK_LOST] = "lost",
	};
	size_t used = strlen(f.said), room = sizeof(f.said) - used;

	(void)user;
	if (event->kind == SOURCE_LINK)
		snprintf(f.said + used, room, "link %s\n", links[event->link]);
	else if (event->kind == SOURCE_NAME)
		snprintf(f.said + used, room, "name %s\n", event->text);
	else if (event->kind == SOURCE_ADDRESS)
		snprintf(f.said + used, room, "address %s\n", event->text);
	else
		snprintf(f.said + used, room, "%s %04x %02x\n",
		         event->kind == SOURCE_VALUE ? "value" : "notify",
		         event->uuid, event->length ? event->bytes[0] : 0);
}

static void on_changed(void *user, struct peer *peer)
{
	(void)user;
	(void)peer;
}

static const struct peer_ops ops = {
	.now_us = now_us,
	.connect = on_connect,
	.abandon = on_abandon,
	.secure = on_secure,
	.event = on_event,
	.changed = on_changed,
};

/* ---- the fixture --------------------------------------------------------- */

static bool said(const char *expected)
{
	bool same = strcmp(f.said, expected) == 0;

	if (!same)
		printf("\nexpected\n%ssaw\n%s", expected, f.said);
	f.said[0] = '\0';
	return same;
}

static struct peer_device machine(void)
{
	struct peer_device device = { .type_known = true, .name = "URTM041" };

	le_address_from_text("AA:BB:CC:DD:EE:FF", &device.address);
	device.address.type = LE_ADDRESS_PUBLIC;
	return device;
}

/* Time passes; what is due is done. */
static void pass(uint64_t us)
{
	uint64_t until_us = f.now_us + us;

	while (peer_deadline_us(f.peer) <= until_us) {
		if (peer_deadline_us(f.peer) > f.now_us)
			f.now_us = peer_deadline_us(f.peer);
		peer_advance(f.peer);
	}
	f.now_us = until_us;
}

static void start_with(const struct peer_device *device)
{
	memset(&f, 0, sizeof(f));
	log_set_level(LOG_LEVEL_ERROR);
	f.far = -1;
	f.now_us = 1000;
	f.base = event_base_new();
	f.peer = peer_new(f.base, &peer_treadmill, 1, 1, &ops, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.peer);
	peer_set_ready(f.peer, true);
	peer_set_device(f.peer, device);
	pass(0);
}

static void start(void)
{
	struct peer_device device = machine();

	start_with(&device);
	CU_ASSERT_TRUE(said("link searching\n"));
	CU_ASSERT_EQUAL(f.attempts, 1);
}

static void hang_up(void)
{
	if (f.far >= 0)
		close(f.far);
	f.far = -1;
	event_base_loop(f.base, EVLOOP_NONBLOCK);
}

static void stop(void)
{
	peer_free(f.peer);
	CU_ASSERT_FALSE(f.attempting);
	event_base_free(f.base);
	if (f.far >= 0)
		close(f.far);
}

static bool serve_one(void)
{
	uint8_t pdu[1024], answer[ATT_MTU_MAX];
	ssize_t length = recv(f.far, pdu, sizeof(pdu), MSG_DONTWAIT);
	size_t answered;

	if (length <= 0)
		return false;
	answered = gatt_peer_answer(&f.server, pdu, (size_t)length, answer);
	if (f.server.written_handle == 0x1b && f.server.written[0] == 0)
		f.control_writes++;
	f.server.written_handle = 0;
	if (answered > 0)
		send(f.far, answer, answered, MSG_NOSIGNAL);
	return true;
}

/* Until both are quiet */
static void serve(void)
{
	do
		event_base_loop(f.base, EVLOOP_NONBLOCK);
	while (f.far >= 0 && serve_one());
	event_base_loop(f.base, EVLOOP_NONBLOCK);
}

static void link_up(void)
{
	int ends[2];

	CU_ASSERT_TRUE_FATAL(f.attempting);
	f.attempting = false;
	CU_ASSERT_FATAL(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
	                           ends) == 0);
	f.far = ends[1];
	peer_connected(f.peer, ends[0], 0);
}

static void link_with(const char *text)
{
	gatt_peer_init(&f.server, text, 185);
	gatt_peer_set(&f.server, 0x12, "\x45\x56\0\0\5\0\0\0", 8);
	link_up();
	serve();
}

static void refuse(int error)
{
	CU_ASSERT_TRUE_FATAL(f.attempting);
	f.attempting = false;
	peer_connected(f.peer, -1, error);
}

static void say(const char *hex)
{
	struct bytes pdu = bytes_of(hex);

	send(f.far, pdu.at, pdu.length, MSG_NOSIGNAL);
	serve();
}

static void go_live(void)
{
	start();
	link_with(table);
	CU_ASSERT_EQUAL_FATAL(peer_state(f.peer), PEER_LIVE);
	f.said[0] = '\0';
}

/* ---- linking ------------------------------------------------------------- */

static void cold_start(void)
{
	start();
	CU_ASSERT_EQUAL(f.limit_ms, PEER_POLICY_LIMIT_MS);
	link_with(table);
	CU_ASSERT_EQUAL(peer_state(f.peer), PEER_LIVE);
	CU_ASSERT_TRUE(said("address AA:BB:CC:DD:EE:FF\nname URTM041\n"
	                    "link live\nvalue 2acc 45\n"));
	say("1b1500 0000e100"); /* 2ACD */
	say("1b1800 03");       /* 2ADA: the safety key */
	CU_ASSERT_TRUE(said("notify 2acd 00\nnotify 2ada 03\n"));
	stop();
}

static void the_control_point_is_not_written(void)
{
	go_live();
	CU_ASSERT_EQUAL(f.control_writes, 0);
	stop();
}

static void a_quirk_may_ask_for_control(void)
{
	struct peer_device device = machine();

	device.request_control = true;
	start_with(&device);
	link_with(table);
	CU_ASSERT_EQUAL(f.control_writes, 1);
	stop();
}

/* lab.md BT 3: within 2 s the old session's notifications come first */
static void data_before_it_was_asked_for_are_dropped(void)
{
	start();
	gatt_peer_init(&f.server, table, 185);
	link_up();
	send(f.far, "\x1b\x15\0\0\0\xe1\0", 7, MSG_NOSIGNAL);
	serve();
	CU_ASSERT_TRUE(said("address AA:BB:CC:DD:EE:FF\nname URTM041\n"
	                    "link live\n"));
	stop();
}

static void a_name_is_asked_for_if_none_was_heard(void)
{
	struct peer_device device = machine();

	device.name[0] = '\0';
	start_with(&device);
	gatt_peer_init(&f.server, table, 23);
	gatt_peer_set(&f.server, 0x03, "FS-6041F1", 9);
	link_up();
	serve();
	CU_ASSERT_TRUE(said("link searching\naddress AA:BB:CC:DD:EE:FF\n"
	                    "link live\nname FS-6041F1\n"));
	CU_ASSERT_STRING_EQUAL(peer_device(f.peer)->name, "FS-6041F1");
	stop();
}

static void a_kept_table_is_used(void)
{
	struct peer_device device;
	unsigned fresh;

	go_live();
	fresh = f.server.requests;
	device = *peer_device(f.peer);
	CU_ASSERT(device.table.characteristic_count > 0);
	stop();
	start_with(&device);
	link_with(table);
	CU_ASSERT_EQUAL(peer_state(f.peer), PEER_LIVE);
	CU_ASSERT(f.server.requests < fresh);
	stop();
}

static void a_stale_table_is_dropped(void)
{
	struct peer_device device;

	go_live();
	device = *peer_device(f.peer);
	stop();
	start_with(&device);
	link_with(moved);
	CU_ASSERT_EQUAL(peer_state(f.peer), PEER_LIVE);
	f.said[0] = '\0';
	say("1b1700 0000e100");
	CU_ASSERT_TRUE(said("notify 2acd 00\n"));
	CU_ASSERT_EQUAL(gatt_table_characteristic(&peer_device(f.peer)->table,
	                                          0x1826, 0x2acd)->value, 0x17);
	stop();
}

static void what_is_no_treadmill(void)
{
	start();
	link_with(bike);
	CU_ASSERT_EQUAL(peer_state(f.peer), PEER_WAITING);
	CU_ASSERT_TRUE(peer_is_unfit(f.peer));
	CU_ASSERT_STRING_EQUAL(peer_why(f.peer),
	                       "it is no treadmill: characteristic 2acd is missing");
	stop();
}

/* An address in a configuration says nothing of its type. */
static void an_unknown_type_is_tried_both_ways(void)
{
	struct peer_device device = machine();

	device.type_known = false;
	start_with(&device);
	CU_ASSERT_EQUAL(f.to.type, LE_ADDRESS_PUBLIC);
	CU_ASSERT_EQUAL(f.limit_ms, PEER_POLICY_GUESS_MS);
	refuse(ETIMEDOUT);
	pass(SECOND);
	CU_ASSERT_EQUAL(f.attempts, 2);
	CU_ASSERT_EQUAL(f.to.type, LE_ADDRESS_RANDOM);
	link_with(table);
	CU_ASSERT_TRUE(peer_device(f.peer)->type_known);
	hang_up();
	pass(0);
	CU_ASSERT_EQUAL(f.to.type, LE_ADDRESS_RANDOM);
	CU_ASSERT_EQUAL(f.limit_ms, PEER_POLICY_LIMIT_MS);
	stop();
}

/* ---- and again ----------------------------------------------------------- */

static void off_for_a_week_then_on(void)
{
	start();
	for (unsigned i = 0; i < 7 * 86400 / 30; i++) {
		f.now_us += 30 * SECOND;
		refuse(ETIMEDOUT);
		pass(SECOND / 2);
	}
	CU_ASSERT_TRUE(said(""));
	CU_ASSERT_TRUE(f.attempting);
	link_with(table);
	CU_ASSERT_EQUAL(peer_state(f.peer), PEER_LIVE);
	stop();
}

static void a_good_link_that_ends_is_tried_at_once(void)
{
	go_live();
	for (unsigned i = 0; i < 20; i++) {
		pass(SECOND);
		say("1b1500 0000e100");
	}
	f.said[0] = '\0';
	hang_up();
	CU_ASSERT_TRUE(said("link lost\n"));
	pass(0);
	CU_ASSERT_EQUAL(f.attempts, 2);
	link_with(table);
	CU_ASSERT_EQUAL(peer_state(f.peer), PEER_LIVE);
	stop();
}

static void one_that_breaks_off_each_link_is_left_alone(void)
{
	start();
	for (unsigned i = 0; i < 20; i++) {
		link_up();
		hang_up();
		pass(75 * SECOND);
		CU_ASSERT_TRUE_FATAL(f.attempting);
	}
	link_up();
	hang_up();
	pass(40 * SECOND);
	CU_ASSERT_FALSE(f.attempting);
	stop();
}

static void somebody_elses_is_retried_gently(void)
{
	start();
	peer_heard(f.peer, true); /* that is what an attempt waits for */
	CU_ASSERT_TRUE(f.attempting);
	peer_heard(f.peer, false);
	CU_ASSERT_EQUAL(f.abandoned, 1);
	CU_ASSERT_STRING_EQUAL(peer_why(f.peer), "in use by another device");
	pass(7 * SECOND);
	CU_ASSERT_EQUAL(f.attempts, 1);
	peer_heard(f.peer, true); /* they let go of it */
	pass(0);
	CU_ASSERT_EQUAL(f.attempts, 2);
	refuse(EBUSY);
	pass(14 * SECOND);
	CU_ASSERT_FALSE(f.attempting);
	pass(12 * SECOND);
	CU_ASSERT_TRUE(f.attempting);
	stop();
}

static void a_silent_treadmill_is_tried_anew(void)
{
	go_live();
	pass(20 * SECOND);
	say("1b1500 0000e100");
	f.said[0] = '\0';
	pass(29 * SECOND);
	CU_ASSERT_EQUAL(peer_state(f.peer), PEER_LIVE);
	pass(SECOND);
	CU_ASSERT_TRUE(said("link lost\n"));
	pass(0);
	CU_ASSERT_EQUAL(f.attempts, 2);
	stop();
}

static void the_adapter_goes_and_comes(void)
{
	start();
	peer_set_ready(f.peer, false);
	CU_ASSERT_EQUAL(f.abandoned, 1);
	CU_ASSERT_EQUAL(peer_state(f.peer), PEER_OFF);
	pass(3600 * SECOND);
	CU_ASSERT_EQUAL(f.attempts, 1);
	peer_set_ready(f.peer, true);
	pass(0);
	CU_ASSERT_EQUAL(f.attempts, 2);
	link_with(table);
	/* pulled out: the link's error may come after the adapter's event */
	peer_set_ready(f.peer, false);
	CU_ASSERT_EQUAL(peer_state(f.peer), PEER_LIVE);
	hang_up();
	CU_ASSERT_EQUAL(peer_state(f.peer), PEER_OFF);
	peer_set_ready(f.peer, true);
	pass(0);
	CU_ASSERT_EQUAL(f.attempts, 3);
	stop();
}

static char log_text[1024];

static void on_log(enum log_level level, const char *message, void *user)
{
	size_t used = strlen(log_text);

	(void)level;
	(void)user;
	snprintf(log_text + used, sizeof(log_text) - used, "%s\n", message);
}

static bool logged(const char *expected)
{
	bool same = strcmp(log_text, expected) == 0;

	if (!same)
		printf("\nexpected\n%ssaw\n%s", expected, log_text);
	log_text[0] = '\0';
	return same;
}

#define TITLE "URTM041 (AA:BB:CC:DD:EE:FF): "
#define ENDED TITLE "ended by the device; trying again\n"
#define OFF TITLE "the Bluetooth adapter is off or gone; trying again\n"
#define LIVE TITLE "live\n"

static void a_live_link_that_is_logged(void)
{
	go_live();
	log_set_level(LOG_LEVEL_NOTICE);
	log_text[0] = '\0';
	log_divert(on_log, NULL);
}

static void log_no_more(void)
{
	log_divert(NULL, NULL);
	stop();
}

static void why_a_link_ended_is_said_when_it_is_known(void)
{
	a_live_link_that_is_logged();
	hang_up();
	pass(SECOND - 1);
	CU_ASSERT_TRUE(logged(""));
	pass(1);
	CU_ASSERT_TRUE(logged(ENDED));
	pass(3600 * SECOND);
	CU_ASSERT_TRUE(logged(""));
	link_with(table);
	CU_ASSERT_TRUE(logged(LIVE));
	log_no_more();
	/* sooner where it is live again: first things first */
	a_live_link_that_is_logged();
	hang_up();
	pass(0);
	link_with(table);
	CU_ASSERT_TRUE(logged(ENDED LIVE));
	log_no_more();
}

/* bluetoothd takes the power along when it stops: the kernel ends the links,
 * then tells that the adapter is off. */
static void an_adapter_that_goes_is_why_its_links_end(void)
{
	a_live_link_that_is_logged();
	hang_up();
	pass(SECOND / 2);
	peer_set_ready(f.peer, false);
	pass(3600 * SECOND);
	CU_ASSERT_TRUE(logged(OFF));
	CU_ASSERT_PTR_NOT_NULL(strstr(peer_why(f.peer), "adapter is off"));
	peer_set_ready(f.peer, true);
	pass(0);
	link_with(table);
	CU_ASSERT_TRUE(logged(LIVE));
	log_no_more();
	/* an attempt may be quicker than that event */
	a_live_link_that_is_logged();
	hang_up();
	pass(0);
	refuse(EHOSTUNREACH);
	CU_ASSERT_TRUE(logged(OFF));
	pass(5 * SECOND);
	CU_ASSERT_TRUE(logged(""));
	log_no_more();
}

static void another_device_takes_its_place(void)
{
	struct peer_device device = machine();

	go_live();
	device.address.octets[0] = 0x11;
	peer_set_device(f.peer, &device);
	CU_ASSERT_TRUE(said("link searching\n"));
	pass(0);
	CU_ASSERT_EQUAL(f.to.octets[0], 0x11);
	peer_set_device(f.peer, NULL);
	CU_ASSERT_EQUAL(peer_state(f.peer), PEER_SEARCHING);
	CU_ASSERT_PTR_NULL(peer_device(f.peer));
	pass(3600 * SECOND);
	CU_ASSERT_EQUAL(f.attempts, 2);
	stop();
}

static void services_change_under_us(void)
{
	static const char with_gatt[] = "service 0006 0009 1801\n"
					"characteristic 0007 0008 0009 20 2a05\n"
					"service 0010 0030 1826\n"
					"characteristic 0014 0015 0016 10 2acd\n";

	start();
	link_with(with_gatt);
	CU_ASSERT_EQUAL_FATAL(peer_state(f.peer), PEER_LIVE);
	f.said[0] = '\0';
	gatt_peer_init(&f.server, moved, 185);
	say("1d0800 0100ffff");
	CU_ASSERT_EQUAL(peer_state(f.peer), PEER_LIVE);
	say("1b1700 0000e100");
	CU_ASSERT_PTR_NOT_NULL(strstr(f.said, "notify 2acd"));
	stop();
}

static void each_kind_is_asked_for_its_own(void)
{
	static const struct {
		const struct peer_profile *profile;
		uint16_t data;
		size_t attributes;
	} rows[] = {
		{ &peer_treadmill, 0x2acd, 11 },
		{ &peer_footpod, 0x2a53, 8 },
		{ &peer_heart_rate, 0x2a37, 6 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct peer_attribute attributes[PEER_ATTRIBUTES_MAX];
		size_t count = peer_profile_attributes(rows[i].profile,
		                                       attributes);

		CU_ASSERT_EQUAL(count, rows[i].attributes);
		CU_ASSERT_EQUAL(attributes[0].uuid, rows[i].data);
		CU_ASSERT_EQUAL(rows[i].profile->data, rows[i].data);
		CU_ASSERT_TRUE(attributes[0].subscribe);
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "cold start", cold_start },
		{ "the control point is not written",
		  the_control_point_is_not_written },
		{ "a quirk may ask for control", a_quirk_may_ask_for_control },
		{ "data before they were asked for",
		  data_before_it_was_asked_for_are_dropped },
		{ "a name is asked for if none was heard",
		  a_name_is_asked_for_if_none_was_heard },
		{ "a kept table is used", a_kept_table_is_used },
		{ "a stale table is dropped", a_stale_table_is_dropped },
		{ "what is no treadmill", what_is_no_treadmill },
		{ "an unknown type is tried both ways",
		  an_unknown_type_is_tried_both_ways },
		{ "off for a week, then on", off_for_a_week_then_on },
		{ "a good link that ends is tried at once",
		  a_good_link_that_ends_is_tried_at_once },
		{ "one that breaks off each link",
		  one_that_breaks_off_each_link_is_left_alone },
		{ "somebody else's is retried gently",
		  somebody_elses_is_retried_gently },
		{ "a silent treadmill is tried anew",
		  a_silent_treadmill_is_tried_anew },
		{ "the adapter goes and comes", the_adapter_goes_and_comes },
		{ "why a link ended is said when it is known",
		  why_a_link_ended_is_said_when_it_is_known },
		{ "an adapter that goes is why its links end",
		  an_adapter_that_goes_is_why_its_links_end },
		{ "another device takes its place",
		  another_device_takes_its_place },
		{ "services change under us", services_change_under_us },
		{ "each kind is asked for its own",
		  each_kind_is_asked_for_its_own },
		CU_TEST_INFO_NULL,
	};

	return suite_run("peer", tests);
}
