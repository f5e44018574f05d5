/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The adapter, with a script in the kernel's place: commands and events as
 * BlueZ doc/mgmt-api.txt has them, over a socketpair.
 */
#include "config.h"

#include "daemon/bluetooth/adapter.h"
#include "tests/unit/bytes.h"
#include "tests/unit/clock.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <event2/event.h>
#include <sys/socket.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct {
	struct event_base *base;
	struct adapter *adapter;
	int kernel;
	unsigned changed, found, disconnected;
	struct adapter_device device;
	uint8_t reason;
	bool free_on_found, free_on_changed;
	char message[ADAPTER_MESSAGE_SIZE];
} f;

static void drop(void)
{
	adapter_free(f.adapter);
	f.adapter = NULL;
}

static void on_changed(void *user)
{
	(void)user;
	f.changed++;
	if (f.free_on_changed)
		drop();
}

static void on_found(void *user, const struct adapter_device *device)
{
	(void)user;
	f.found++;
	f.device = *device;
	if (f.free_on_found)
		drop();
}

static void on_disconnected(void *user, const struct le_address *address,
                            uint8_t reason)
{
	(void)user;
	(void)address;
	f.disconnected++;
	f.reason = reason;
}

static const struct adapter_ops ops = {
	.changed = on_changed,
	.found = on_found,
	.disconnected = on_disconnected,
};

static void turn(void)
{
	event_base_loop(f.base, EVLOOP_NONBLOCK);
}

static void start(int index)
{
	int ends[2];

	memset(&f, 0, sizeof(f));
	CU_ASSERT_FATAL(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
	                           ends) == 0);
	f.base = event_base_new();
	f.adapter = adapter_new(f.base, ends[0], index, &ops, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.adapter);
	f.kernel = ends[1];
}

static void silence(void)
{
	uint8_t bytes[256];

	turn();
	CU_ASSERT(recv(f.kernel, bytes, sizeof(bytes), MSG_DONTWAIT) <= 0);
}

static void stop(void)
{
	if (f.kernel >= 0)
		silence();
	drop();
	event_base_free(f.base);
	if (f.kernel >= 0)
		close(f.kernel);
}

static void expect(const char *hex)
{
	uint8_t bytes[256];
	ssize_t length;

	turn();
	length = recv(f.kernel, bytes, sizeof(bytes), MSG_DONTWAIT);
	CU_ASSERT(bytes_are(bytes, length > 0 ? (size_t)length : 0, hex));
}

static void say(const char *hex)
{
	struct bytes bytes = bytes_of(hex);

	CU_ASSERT(send(f.kernel, bytes.at, bytes.length, 0) > 0);
	turn();
}

static void play(const char *const *script)
{
	for (; *script != NULL; script++) {
		if (**script == '>')
			expect(*script + 2);
		else
			say(*script + 2);
	}
}

#define PLAY(...) play((const char *const[]){ __VA_ARGS__, NULL })

static void forward(int ms)
{
	clock_forward_ms += ms;
	turn();
}

static bool message_has(const char *part)
{
	adapter_message(f.adapter, f.message);
	if (strstr(f.message, part) != NULL)
		return true;
	printf("\n    expected ...%s...\n    saw      %s\n", part, f.message);
	return false;
}

#define STATE(name) CU_ASSERT_EQUAL(adapter_state(f.adapter), ADAPTER_##name)
#define SCAN(name) \
	CU_ASSERT_EQUAL(adapter_scan(f.adapter), ADAPTER_SCAN_##name)

/* ---- the sentences of the dialogue ---- */

#define ASK_LIST "> 0300 ffff 0000"
#define LIST_0 "< 0100 ffff 0700 0300 00 0100 0000"
#define LIST_NONE "< 0100 ffff 0500 0300 00 0000"
#define ASK_INFO_0 "> 0400 0000 0000"
#define ASK_INFO_1 "> 0400 0100 0000"
/* Read Controller Information, complete: supported ffbe, current as given */
#define INFO(index, supported, current) \
	("< 0100 " index " 1700 0400 00 0000000100aa 0a 0200 " supported \
	 " " current " 000000")
#define LE_MODE "ffbe0000"
#define NO_LE_MODE "ffbc0000"
#define IS_OFF "c00a0000"   /* low energy, not powered */
#define IS_ON "c10a0000"    /* low energy and powered */
#define IS_PLAIN "c0080000" /* neither */
#define ASK_LE "> 0d00 0000 0100 01"
#define ASK_POWER "> 0500 0000 0100 01"
#define POWERED ("< 0100 0000 0700 0500 00 " IS_ON)
#define ASK_SCAN "> 2300 0000 0100 06"
#define SCANNING "< 0100 0000 0400 2300 00 06"
#define ASK_STOP "> 2400 0000 0100 06"
#define STOPPED "< 0100 0000 0400 2400 00 06"
#define DISCOVERING(flag) ("< 1300 0000 0200 06 " flag)
#define STATUS(command, status) \
	("< 0200 0000 0300 " command " " status)
#define SUSPENDED "< 2d00 0000 0100 01"
#define RESUMED "< 2e00 0000 0800 00 00000000000000"
#define FOUND \
	"< 1200 0000 1500 0000000100aa 01 c4 00000000 0700 020106 03032618"

static void start_ready(void)
{
	start(ADAPTER_ANY);
	PLAY(ASK_LIST, LIST_0, ASK_INFO_0, INFO("0000", LE_MODE, IS_ON));
	STATE(READY);
}

/* ---- finding one ---- */

static void from_cold(void)
{
	start(ADAPTER_ANY);
	STATE(STARTING);
	CU_ASSERT(message_has("looking for"));
	CU_ASSERT_EQUAL(adapter_index(f.adapter), -1);
	PLAY(ASK_LIST, LIST_0, ASK_INFO_0, INFO("0000", LE_MODE, IS_PLAIN),
	     ASK_LE, ("< 0100 0000 0700 0d00 00 " IS_OFF), ASK_POWER,
	     STATUS("0500", "00")); /* begun */
	STATE(STARTING);
	PLAY(POWERED);
	STATE(READY);
	CU_ASSERT_EQUAL(adapter_index(f.adapter), 0);
	CU_ASSERT_EQUAL(adapter_address(f.adapter).octets[5], 0xaa);
	CU_ASSERT_EQUAL(f.changed, 1);
	CU_ASSERT(message_has("hci0 is ready"));
	stop();
}

/* No privilege: what is on already needs no command. */
static void already_on(void)
{
	start_ready();
	silence();
	stop();
}

static void none_then_plugged_in(void)
{
	start(ADAPTER_ANY);
	PLAY(ASK_LIST, LIST_NONE);
	STATE(NONE);
	CU_ASSERT(message_has("plug one in"));
	PLAY("< 0400 0000 0000", ASK_INFO_0, INFO("0000", LE_MODE, IS_OFF),
	     ASK_POWER, POWERED);
	STATE(READY);
	stop();
}

static void unplugged_and_back(void)
{
	start_ready();
	adapter_want_scan(f.adapter, true);
	PLAY(ASK_SCAN, SCANNING, DISCOVERING("01"));
	SCAN(ON);
	PLAY("< 0500 0000 0000");
	STATE(NONE);
	SCAN(WAITING);
	PLAY("< 0400 0000 0000", ASK_INFO_0, INFO("0000", LE_MODE, IS_OFF),
	     ASK_POWER, POWERED, ASK_SCAN, SCANNING);
	STATE(READY);
	SCAN(ON);
	stop();
}

/* Unplugged while a command is under way; its answer names no adapter. */
static void unplugged_in_between(void)
{
	start(ADAPTER_ANY);
	PLAY(ASK_LIST, LIST_0, ASK_INFO_0, INFO("0000", LE_MODE, IS_OFF),
	     ASK_POWER, "< 0500 0000 0000", STATUS("0500", "11"));
	STATE(NONE);
	stop();
	/* the event comes after the answer */
	start(ADAPTER_ANY);
	PLAY(ASK_LIST, LIST_0, ASK_INFO_0, STATUS("0400", "11"));
	silence();
	forward(1000);
	PLAY(ASK_LIST, LIST_NONE);
	STATE(NONE);
	stop();
}

/* ---- which one ---- */

static void the_first_that_is_fit(void)
{
	start(ADAPTER_ANY);
	PLAY(ASK_LIST, "< 0100 ffff 0b00 0300 00 0300 0200 0000 0100",
	     ASK_INFO_0,
	     INFO("0000", NO_LE_MODE, "c1080000"), ASK_INFO_1,
	     INFO("0100", LE_MODE, IS_ON));
	STATE(READY);
	CU_ASSERT_EQUAL(adapter_index(f.adapter), 1);
	/* another one comes: the work goes on where it is */
	PLAY("< 0400 0300 0000");
	silence();
	stop();
}

static void none_is_fit(void)
{
	start(ADAPTER_ANY);
	PLAY(ASK_LIST, LIST_0, ASK_INFO_0,
	     INFO("0000", NO_LE_MODE, "c1080000"));
	STATE(UNFIT);
	CU_ASSERT(message_has("low energy"));
	/* unplugged and plugged in again, it is asked again */
	PLAY("< 0500 0000 0000");
	STATE(NONE);
	PLAY("< 0400 0000 0000", ASK_INFO_0, INFO("0000", LE_MODE, IS_ON));
	STATE(READY);
	stop();
}

static void the_configured_one(void)
{
	start(1);
	PLAY(ASK_LIST, LIST_0);
	STATE(NONE);
	CU_ASSERT(message_has("hci1"));
	CU_ASSERT(message_has("bluetooth.adapter"));
	PLAY("< 0400 0100 0000", ASK_INFO_1, INFO("0100", LE_MODE, IS_ON));
	STATE(READY);
	/* what happens to the other is none of our business */
	PLAY("< 0500 0000 0000", "< 0600 0000 0400 00000000");
	STATE(READY);
	stop();
}

/* ---- switching it on ---- */

static void blocked(void)
{
	start(ADAPTER_ANY);
	PLAY(ASK_LIST, LIST_0, ASK_INFO_0, INFO("0000", LE_MODE, IS_OFF),
	     ASK_POWER, STATUS("0500", "12"));
	STATE(BLOCKED);
	CU_ASSERT(message_has("rfkill unblock bluetooth"));
	silence();
	for (int i = 0; i < 10; i++) { /* each 3 s, told once */
		forward(3000);
		PLAY(ASK_POWER, STATUS("0500", "12"));
	}
	CU_ASSERT_EQUAL(f.changed, 1);
	forward(3000);
	PLAY(ASK_POWER, POWERED);
	STATE(READY);
	CU_ASSERT_EQUAL(f.changed, 2);
	stop();
}

static void off_and_not_permitted(void)
{
	start(ADAPTER_ANY);
	PLAY(ASK_LIST, LIST_0, ASK_INFO_0, INFO("0000", LE_MODE, IS_OFF),
	     ASK_POWER, STATUS("0500", "14"));
	STATE(OFF);
	CU_ASSERT(message_has("CAP_NET_ADMIN"));
	adapter_came_late(f.adapter);
	CU_ASSERT(message_has("or restart gaitd"));
	forward(3600000);
	silence(); /* it would not help */
	PLAY(("< 0600 0000 0400 " IS_ON)); /* somebody else did it */
	STATE(READY);
	stop();
}

static void other_failures_are_tried_again(void)
{
	static const int pauses_ms[] = { 1000, 2000, 4000, 8000,
		                         16000, 30000, 30000 };

	start(ADAPTER_ANY);
	PLAY(ASK_LIST, LIST_0, ASK_INFO_0, INFO("0000", LE_MODE, IS_OFF));
	for (size_t i = 0; i < COUNT(pauses_ms); i++) {
		PLAY(ASK_POWER, STATUS("0500", "03"));
		STATE(OFF);
		forward(pauses_ms[i] - 500); /* its own clock goes on meanwhile */
		silence();
		forward(500);
	}
	CU_ASSERT(message_has("set powered: failed"));
	PLAY(ASK_POWER, STATUS("0500", "0a")); /* busy: soon again */
	forward(1000);
	PLAY(ASK_POWER, POWERED);
	STATE(READY);
	stop();
}

/* bluetoothd ends and switches it off; or an operator does. */
static void switched_off(void)
{
	start_ready();
	adapter_want_scan(f.adapter, true);
	PLAY(ASK_SCAN, SCANNING, ("< 0600 0000 0400 " IS_OFF));
	STATE(STARTING);
	CU_ASSERT(message_has("switching Bluetooth adapter hci0 on"));
	SCAN(WAITING);
	silence();
	forward(2000);
	PLAY(ASK_POWER, POWERED, ASK_SCAN, SCANNING);
	STATE(READY);
	/* off and on again by somebody else: nothing to do but scan */
	PLAY(("< 0600 0000 0400 " IS_OFF), ("< 0600 0000 0400 " IS_ON), ASK_SCAN,
	     SCANNING);
	SCAN(ON);
	stop();
}

static void a_controller_that_hangs(void)
{
	start(ADAPTER_ANY);
	PLAY(ASK_LIST, LIST_0, ASK_INFO_0, INFO("0000", LE_MODE, IS_OFF),
	     ASK_POWER);
	forward(10000);
	STATE(OFF);
	CU_ASSERT(message_has("timed out"));
	forward(1000);
	PLAY(ASK_POWER, POWERED);
	STATE(READY);
	PLAY(POWERED); /* the late answer */
	STATE(READY);
	stop();
}

/* From when the kernel says that it falls asleep until it says that it woke,
 * nothing is asked, whatever it does by itself. */
static void the_computer_sleeps(void)
{
	start_ready();
	adapter_want_scan(f.adapter, true);
	PLAY(ASK_SCAN, SCANNING, DISCOVERING("01"));
	PLAY(DISCOVERING("00"), SUSPENDED);
	STATE(ASLEEP);
	SCAN(WAITING);
	CU_ASSERT(message_has("hci0 sleeps with the computer"));
	forward(9000);
	PLAY(DISCOVERING("01"), DISCOVERING("00"));
	forward(900);
	silence();
	PLAY("< 2e00 0100 0800 00 00000000000000"); /* of another adapter */
	STATE(ASLEEP);
	PLAY(RESUMED, ASK_SCAN, SCANNING);
	STATE(READY);
	SCAN(ON);
	stop();
}

/* It was told so in the middle of a command, and that it woke is lost. */
static void that_it_woke_is_lost(void)
{
	unsigned changed;

	start_ready();
	adapter_want_scan(f.adapter, true);
	PLAY(ASK_SCAN, SUSPENDED, STATUS("2300", "0a"));
	forward(9900);
	STATE(ASLEEP);
	silence();
	changed = f.changed;
	forward(200);
	STATE(READY);
	CU_ASSERT_EQUAL(f.changed, changed + 1);
	PLAY(ASK_SCAN, SCANNING);
	stop();
}

/* Before anything is known of it but that it is there */
static void it_slept_before_it_was_asked(void)
{
	start(ADAPTER_ANY);
	PLAY(ASK_LIST, LIST_0, ASK_INFO_0, SUSPENDED,
	     INFO("0000", LE_MODE, IS_ON));
	STATE(ASLEEP);
	PLAY(RESUMED);
	STATE(READY);
	stop();
}

/* It wakes without its adapter: one that comes is awake. */
static void another_when_it_wakes(void)
{
	start_ready();
	PLAY(SUSPENDED, "< 0500 0000 0000");
	STATE(NONE);
	PLAY("< 0400 0000 0000", ASK_INFO_0, INFO("0000", LE_MODE, IS_ON));
	STATE(READY);
	stop();
}

/* ---- scanning ---- */

static void scan(void)
{
	start_ready();
	say(&FOUND[2]);
	CU_ASSERT_EQUAL(f.found, 0); /* nobody asked */
	SCAN(OFF);
	adapter_want_scan(f.adapter, true);
	SCAN(WAITING);
	PLAY(ASK_SCAN, DISCOVERING("01"), SCANNING, FOUND);
	SCAN(ON);
	CU_ASSERT_EQUAL(f.found, 1);
	CU_ASSERT_EQUAL(f.device.rssi_dbm, -60);
	CU_ASSERT(f.device.connectable);
	CU_ASSERT_EQUAL(f.device.address.type, LE_ADDRESS_PUBLIC);
	CU_ASSERT(gap_offers(&f.device.advertisement, 0x1826));
	adapter_want_scan(f.adapter, false);
	PLAY(ASK_STOP, STOPPED, DISCOVERING("00"));
	SCAN(OFF);
	say(&FOUND[2]);
	CU_ASSERT_EQUAL(f.found, 1);
	stop();
}

/* The kernel ends a scan after 10 s: it goes on, and nothing is told. */
static void scan_goes_on(void)
{
	unsigned changed;

	start_ready();
	adapter_want_scan(f.adapter, true);
	PLAY(ASK_SCAN, SCANNING, DISCOVERING("01"));
	changed = f.changed;
	for (int i = 0; i < 5; i++) {
		PLAY(DISCOVERING("00"));
		SCAN(ON);
		silence();
		forward(100);
		PLAY(ASK_SCAN, SCANNING, DISCOVERING("01"));
	}
	CU_ASSERT_EQUAL(f.changed, changed);
	stop();
}

/* Another program scans: its reports are ours too, its scan is not. */
static void scan_of_another(void)
{
	start_ready();
	adapter_want_scan(f.adapter, true);
	PLAY(ASK_SCAN, STATUS("2300", "0a"));
	SCAN(WAITING);
	CU_ASSERT(message_has("another program"));
	PLAY(FOUND);
	CU_ASSERT_EQUAL(f.found, 1);
	forward(1000);
	PLAY(ASK_SCAN, STATUS("2300", "0a"), DISCOVERING("01"));
	SCAN(ON);
	forward(5000);
	silence();
	adapter_want_scan(f.adapter, false);
	silence(); /* let it scan */
	adapter_want_scan(f.adapter, true);
	PLAY(DISCOVERING("00"));
	forward(100);
	PLAY(ASK_SCAN, SCANNING);
	SCAN(ON);
	stop();
}

static void scan_not_permitted(void)
{
	start_ready();
	adapter_want_scan(f.adapter, true);
	PLAY(ASK_SCAN, STATUS("2300", "14"));
	STATE(READY);
	SCAN(DENIED);
	CU_ASSERT(message_has("address of what is searched, or give gaitd CAP_NET_ADMIN"));
	adapter_came_late(f.adapter);
	CU_ASSERT(message_has("address of what is searched, or restart gaitd"));
	forward(3600000);
	silence();
	stop();
}

static void scan_of_one_that_is_off(void)
{
	start_ready();
	adapter_want_scan(f.adapter, true);
	PLAY(ASK_SCAN, STATUS("2300", "0f"));
	forward(1000);
	PLAY(ASK_POWER, POWERED, ASK_SCAN, SCANNING);
	SCAN(ON);
	stop();
}

static void stop_what_has_stopped(void)
{
	start_ready();
	adapter_want_scan(f.adapter, true);
	PLAY(ASK_SCAN, SCANNING);
	adapter_want_scan(f.adapter, false);
	PLAY(ASK_STOP, STATUS("2400", "0b"));
	STATE(READY);
	SCAN(OFF);
	forward(60000);
	silence();
	stop();
}

/* ---- other events ---- */

static void links_that_end(void)
{
	start_ready();
	PLAY("< 0c00 0000 0800 0000000100bb 01 01",
	     "< 0c00 0000 0800 0000000100bb 00 01",  /* BR/EDR */
	     "< 0c00 0100 0800 0000000100bb 01 01"); /* another adapter */
	CU_ASSERT_EQUAL(f.disconnected, 1);
	CU_ASSERT_EQUAL(f.reason, MGMT_REASON_TIMEOUT);
	stop();
}

static void pairing(void)
{
	struct le_address peer = { { 0, 0, 0, 1, 0, 0xbb }, LE_ADDRESS_PUBLIC };

	start_ready();
	PLAY("< 0f00 0000 0c00 0000000100bb 01 01 00000000");
	silence();
	adapter_allow_pairing(f.adapter, &peer);
	PLAY("< 0f00 0000 0c00 0000000100bb 01 01 00000000",
	     "> 1c00 0000 0700 0000000100bb 01",
	     "< 0100 0000 0a00 1c00 00 0000000100bb 01",
	     "< 0f00 0000 0c00 0000000100cc 01 01 00000000");
	silence();
	adapter_allow_pairing(f.adapter, NULL);
	PLAY("< 0f00 0000 0c00 0000000100bb 01 01 00000000");
	stop();
}

/* Rubbish, and answers that were not asked for or do not hold what they
 * should: nothing loops. */
static void nonsense(void)
{
	start(ADAPTER_ANY);
	PLAY(ASK_LIST, "< 00", "< ff00 0000 0000", STATUS("0500", "00"),
	     "< 0100 ffff 0300 0300 00"); /* a list without a list */
	silence();
	forward(1000);
	PLAY(ASK_LIST, LIST_0, ASK_INFO_0, "< 0100 0000 0400 0400 00 00");
	silence();
	forward(1000);
	PLAY(ASK_INFO_0, INFO("0000", LE_MODE, IS_OFF), ASK_POWER,
	     STATUS("0500", "00"), /* begun */
	     ("< 0100 0000 0700 0500 00 " IS_OFF)); /* done, and yet it is off */
	silence();
	STATE(OFF);
	forward(1000);
	PLAY(ASK_POWER, POWERED);
	STATE(READY);
	stop();
}

/* ---- the socket, and callbacks that free ---- */

static void the_socket_breaks(void)
{
	start_ready();
	close(f.kernel);
	f.kernel = -1;
	turn();
	turn();
	STATE(BROKEN);
	CU_ASSERT_EQUAL(f.changed, 2);
	forward(3600000);
	CU_ASSERT_EQUAL(f.changed, 2);
	stop();
	/* found out by a send */
	start_ready();
	close(f.kernel);
	f.kernel = -1;
	adapter_want_scan(f.adapter, true);
	CU_ASSERT_EQUAL(f.changed, 1);
	turn();
	STATE(BROKEN);
	stop();
}

static void no_socket(void)
{
	static const struct {
		int error;
		const char *message;
	} rows[] = {
		{ EAFNOSUPPORT, "network namespace" },
		{ EPROTONOSUPPORT, "module" },
		{ EPERM, "RestrictAddressFamilies" },
		{ EMFILE, "files" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		memset(&f, 0, sizeof(f));
		f.kernel = -1;
		f.base = event_base_new();
		f.adapter = adapter_new(f.base, -rows[i].error, ADAPTER_ANY,
		                        &ops, NULL);
		STATE(BROKEN);
		CU_ASSERT(message_has(rows[i].message));
		adapter_want_scan(f.adapter, true);
		turn();
		CU_ASSERT_EQUAL(f.changed, 0);
		stop();
	}
}

static void callbacks_free(void)
{
	start(ADAPTER_ANY);
	f.free_on_changed = true;
	PLAY(ASK_LIST, LIST_NONE);
	CU_ASSERT_PTR_NULL(f.adapter);
	stop();

	start_ready();
	f.free_on_found = true;
	adapter_want_scan(f.adapter, true);
	PLAY(ASK_SCAN, SCANNING, FOUND);
	CU_ASSERT_EQUAL(f.found, 1);
	CU_ASSERT_PTR_NULL(f.adapter);
	stop();
}

static void words(void)
{
	for (int i = ADAPTER_STARTING; i <= ADAPTER_BROKEN; i++)
		CU_ASSERT_PTR_NOT_NULL(
			adapter_state_name((enum adapter_state)i));
	CU_ASSERT_STRING_EQUAL(adapter_state_name(ADAPTER_READY), "ready");
	adapter_free(NULL);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "from cold", from_cold },
		{ "already on", already_on },
		{ "none, then plugged in", none_then_plugged_in },
		{ "unplugged and back", unplugged_and_back },
		{ "unplugged in between", unplugged_in_between },
		{ "the first that is fit", the_first_that_is_fit },
		{ "none is fit", none_is_fit },
		{ "the configured one", the_configured_one },
		{ "blocked", blocked },
		{ "off and not permitted", off_and_not_permitted },
		{ "other failures are tried again",
		  other_failures_are_tried_again },
		{ "switched off", switched_off },
		{ "a controller that hangs", a_controller_that_hangs },
		{ "the computer sleeps", the_computer_sleeps },
		{ "that it woke is lost", that_it_woke_is_lost },
		{ "another when it wakes", another_when_it_wakes },
		{ "it slept before it was asked", it_slept_before_it_was_asked },
		{ "scan", scan },
		{ "scan goes on", scan_goes_on },
		{ "scan of another", scan_of_another },
		{ "scan not permitted", scan_not_permitted },
		{ "scan of one that is off", scan_of_one_that_is_off },
		{ "stop what has stopped", stop_what_has_stopped },
		{ "links that end", links_that_end },
		{ "pairing", pairing },
		{ "nonsense", nonsense },
		{ "the socket breaks", the_socket_breaks },
		{ "no socket", no_socket },
		{ "callbacks free", callbacks_free },
		{ "words", words },
		CU_TEST_INFO_NULL,
	};

	return suite_run("adapter", tests);
}
