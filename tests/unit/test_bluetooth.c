/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The Bluetooth source on an adapter and links that are the test's own: its
 * functions stand here, so those of daemon/bluetooth are not linked in.
 */
#include <config.h>

#include "daemon/bluetooth/adapter.h"
#include "daemon/bluetooth/link.h"
#include "daemon/service/config.h"
#include "daemon/service/log.h"
#include "daemon/sources/bluetooth.h"
#include "daemon/sources/knowledge.h"
#include "tests/unit/gatt_peer.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECOND UINT64_C(1000000)
#define BELT "C0:00:00:00:00:01"
#define OTHER "C0:00:00:00:00:02"
#define POD "C0:00:00:00:00:03"

static const char belt_table[] = "service 0010 0030 1826\n"
				 "characteristic 0014 0015 0016 10 2acd\n";
static const char bike_table[] = "service 0010 0030 1826\n"
				 "characteristic 0011 0012 0013 10 2ad2\n";
static const char pod_table[] = "service 0010 0030 1814\n"
				"characteristic 0014 0015 0016 10 2a53\n";

/* ---- the adapter --------------------------------------------------------- */

struct adapter {
	const struct adapter_ops *ops;
	void *user;
	int index;
};

static struct {
	struct adapter *adapter;
	unsigned adapters; /* opened and not freed */
	enum adapter_state state;
	bool scanning;
	bool may_manage, late;
} radio;

int adapter_open(bool *may_manage)
{
	*may_manage = radio.may_manage;
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

struct adapter *adapter_new(struct event_base *base, int fd, int index,
                            const struct adapter_ops *ops, void *user)
{
	struct adapter *adapter = calloc(1, sizeof(*adapter));

	(void)base;
	close(fd);
	*adapter = (struct adapter){ ops, user, index };
	radio.adapter = adapter;
	radio.adapters++;
	radio.scanning = false;
	radio.late = false;
	return adapter;
}

const char *adapter_stuck(struct adapter *adapter)
{
	(void)adapter;
	return NULL;
}

void adapter_came_late(struct adapter *adapter)
{
	(void)adapter;
	radio.late = true;
}

void adapter_free(struct adapter *adapter)
{
	if (adapter)
		radio.adapters--;
	free(adapter);
}

enum adapter_state adapter_state(const struct adapter *adapter)
{
	(void)adapter;
	return radio.state;
}

enum adapter_scan adapter_scan(const struct adapter *adapter)
{
	(void)adapter;
	return radio.scanning ? ADAPTER_SCAN_ON : ADAPTER_SCAN_OFF;
}

const char *adapter_state_name(enum adapter_state state)
{
	return state == ADAPTER_READY ? "ready" : "off";
}

void adapter_message(const struct adapter *adapter, char text[ADAPTER_MESSAGE_SIZE])
{
	snprintf(text, ADAPTER_MESSAGE_SIZE, "%s", adapter_state_name(adapter_state(adapter)));
}

int adapter_index(const struct adapter *adapter)
{
	return adapter->index;
}

struct le_address adapter_address(const struct adapter *adapter)
{
	struct le_address own = { .type = LE_ADDRESS_PUBLIC };

	(void)adapter;
	le_address_from_text("00:00:00:00:00:0A", &own);
	return own;
}

void adapter_want_scan(struct adapter *adapter, bool wanted)
{
	(void)adapter;
	radio.scanning = wanted;
}

void adapter_allow_pairing(struct adapter *adapter, const struct le_address *address)
{
	(void)adapter;
	(void)address;
}

/* ---- links: at most one attempt a device --------------------------------- */

struct link {
	struct link_target target;
	link_done *done;
	void *user;
};

#define LINKS 3

static struct link *links[LINKS]; /* attempts under way */

struct link *link_connect(struct event_base *base, const struct link_target *target,
                          link_done *done, void *user)
{
	(void)base;
	for (size_t i = 0; i < LINKS; i++) {
		if (links[i])
			continue;
		links[i] = calloc(1, sizeof(*links[i]));
		*links[i] = (struct link){ *target, done, user };
		return links[i];
	}
	return NULL;
}

void link_free(struct link *link)
{
	for (size_t i = 0; i < LINKS; i++) {
		if (link && links[i] == link)
			links[i] = NULL;
	}
	free(link);
}

int link_secure(int fd)
{
	(void)fd;
	return 0;
}

const char *link_error_text(int error)
{
	return strerror(error);
}

/* ---- around them --------------------------------------------------------- */

static struct {
	struct event_base *base;
	struct source_host host;
	struct config_layers *layers;
	struct config *config;
	void *source;
	uint64_t now_us;
	char said[4096]; /* events, a line each */
	const char *unit; /* what the runner's pod was found to count */
	char told_unit[KNOWLEDGE_UNIT_SIZE];
	struct gatt_peer device;
	int far;
} f;

static uint64_t now_us(void *user)
{
	(void)user;
	return f.now_us;
}

static void deliver(void *user, struct source_event *event)
{
	size_t used = strlen(f.said), room = sizeof(f.said) - used;

	(void)user;
	used += (size_t)snprintf(f.said + used, room, "%s.%u ",
	                         knowledge_kind_name(event->device), event->unit);
	room = sizeof(f.said) - used;
	if (event->kind == SOURCE_LINK)
		snprintf(f.said + used, room, "%s\n", display_link_state_name(event->link));
	else if (event->kind == SOURCE_NOTIFY)
		snprintf(f.said + used, room, "notify %04x\n", event->uuid);
	else
		snprintf(f.said + used, room, "%s\n", event->text);
}

static const char *footpod_unit(void *user)
{
	(void)user;
	return f.unit;
}

static void set_footpod_unit(void *user, const char *unit)
{
	(void)user;
	snprintf(f.told_unit, sizeof(f.told_unit), "%s", unit);
}

static bool said(const char *expected)
{
	bool same = strcmp(f.said, expected) == 0;

	if (!same)
		printf("\nexpected\n%ssaw\n%s", expected, f.said);
	f.said[0] = '\0';
	return same;
}

static struct config *configuration(const char *text)
{
	struct config_layers *layers = config_layers_new();
	struct yaml_fault fault;
	struct config *config;

	CU_ASSERT_TRUE_FATAL(config_layers_add(layers, "f", text, strlen(text), &fault));
	config = config_make(layers, &fault);
	CU_ASSERT_PTR_NOT_NULL_FATAL(config);
	config_layers_free(layers);
	return config;
}

static void turns(void)
{
	for (int i = 0; i < 8; i++)
		event_base_loop(f.base, EVLOOP_NONBLOCK);
}

/* The loop's own clock stands still: whatever is due by ours is asked for. */
static void pass(uint64_t us)
{
	f.now_us += us;
	if (radio.adapter->ops->changed)
		radio.adapter->ops->changed(radio.adapter->user);
	turns();
}

static void adapter_is(enum adapter_state state)
{
	radio.state = state;
	pass(0);
}

static void start(const char *text, const char *paired_kind, const char *paired)
{
	memset(&f, 0, sizeof(f));
	memset(&radio, 0, sizeof(radio));
	radio.may_manage = true;
	log_set_level(LOG_LEVEL_ERROR);
	f.far = -1;
	f.now_us = SECOND;
	f.base = event_base_new();
	f.unit = "";
	f.host = (struct source_host){
		.base = f.base,
		.knowledge = knowledge_open(NULL),
		.now_us = now_us,
		.deliver = deliver,
		.footpod_unit = footpod_unit,
		.set_footpod_unit = set_footpod_unit,
	};
	for (enum source_device d = SOURCE_TREADMILL; d <= SOURCE_HEART_RATE; d++) {
		if (strcmp(paired_kind, knowledge_kind_name(d)) == 0)
			knowledge_pair(f.host.knowledge, d, paired, "");
	}
	f.config = configuration(text);
	f.source = bluetooth_source.start(&f.host, f.config);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.source);
	adapter_is(ADAPTER_READY);
}

static void reconfigure(const char *text)
{
	struct config *config = configuration(text);

	bluetooth_source.reconfigure(f.source, config);
	config_free(f.config);
	f.config = config;
	turns();
}

static void stop(void)
{
	bluetooth_source.stop(f.source);
	CU_ASSERT_EQUAL(radio.adapters, 0);
	for (size_t i = 0; i < LINKS; i++)
		CU_ASSERT_PTR_NULL(links[i]);
	knowledge_close(f.host.knowledge);
	config_free(f.config);
	event_base_free(f.base);
	if (f.far >= 0)
		close(f.far);
}

static void hear(const char *address, uint16_t service, const char *name)
{
	struct adapter_device device = { .rssi_dbm = -60, .connectable = true };

	le_address_from_text(address, &device.address);
	device.address.type = LE_ADDRESS_RANDOM;
	device.advertisement.services[0] = uuid_from16(service);
	device.advertisement.service_count = 1;
	snprintf(device.advertisement.name, sizeof(device.advertisement.name), "%s", name);
	radio.adapter->ops->found(radio.adapter->user, &device);
	turns();
}

/* The attempt to this device, or NULL */
static struct link *attempt(const char *address)
{
	char text[LE_ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < LINKS; i++) {
		if (!links[i])
			continue;
		le_address_text(&links[i]->target.peer, text);
		if (strcmp(text, address) == 0)
			return links[i];
	}
	return NULL;
}

static unsigned attempts(void)
{
	unsigned count = 0;

	for (size_t i = 0; i < LINKS; i++)
		count += links[i] != NULL;
	return count;
}

static bool serve_one(void)
{
	uint8_t pdu[1024], answer[ATT_MTU_MAX];
	ssize_t length = recv(f.far, pdu, sizeof(pdu), MSG_DONTWAIT);
	size_t answered;

	if (length <= 0)
		return false;
	answered = gatt_peer_answer(&f.device, pdu, (size_t)length, answer);
	if (answered > 0)
		send(f.far, answer, answered, MSG_NOSIGNAL);
	return true;
}

static void link_with(const char *address, const char *table)
{
	struct link *link = attempt(address);
	int ends[2];

	CU_ASSERT_PTR_NOT_NULL_FATAL(link);
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
	if (f.far >= 0)
		close(f.far);
	f.far = ends[1];
	gatt_peer_init(&f.device, table, 185);
	link->done(link->user, ends[0], 0);
	do
		turns();
	while (serve_one());
	turns();
}

static void session(enum display_session_state state)
{
	struct outcome outcome = { .message = { .type = DISPLAY_MESSAGE_SESSION } };

	outcome.message.session.state = state;
	bluetooth_source.outcome(f.source, &outcome);
	turns();
}

/* ---- tests --------------------------------------------------------------- */

static void test_the_only_treadmill_is_found(void)
{
	start("{}", "", "");
	CU_ASSERT_TRUE(said("treadmill.1 searching\nfootpod.50 searching\n"));
	CU_ASSERT_TRUE(radio.scanning);
	hear(BELT, 0x1826, "URTM041");
	CU_ASSERT_EQUAL(attempts(), 0); /* others are listened for */
	pass(6 * SECOND);
	CU_ASSERT_PTR_NOT_NULL_FATAL(attempt(BELT));
	CU_ASSERT_EQUAL(attempt(BELT)->target.adapter.octets[0], 0x0a);
	CU_ASSERT_EQUAL(attempt(BELT)->target.peer.type, LE_ADDRESS_RANDOM);
	CU_ASSERT_FALSE(radio.scanning); /* no longer: there is nothing to search */
	link_with(BELT, belt_table);
	CU_ASSERT_TRUE(said("treadmill.1 " BELT "\ntreadmill.1 URTM041\ntreadmill.1 live\n"));
	send(f.far, "\x1b\x15\0\0\0\xe1\0", 7, MSG_NOSIGNAL);
	turns();
	CU_ASSERT_TRUE(said("treadmill.1 notify 2acd\n"));
	stop();
}

static void test_of_two_none_is_taken(void)
{
	start("{}", "", "");
	hear(BELT, 0x1826, "URTM041");
	hear(OTHER, 0x1826, "URTM041");
	pass(6 * SECOND);
	CU_ASSERT_EQUAL(attempts(), 0);
	knowledge_pair(f.host.knowledge, SOURCE_TREADMILL, OTHER, "");
	reconfigure("{}");
	CU_ASSERT_PTR_NOT_NULL(attempt(OTHER));
	CU_ASSERT_EQUAL(attempts(), 1);
	stop();
}

static void test_a_known_address_needs_no_scan(void)
{
	start("treadmill: {address: '" BELT "'}", "", "");
	CU_ASSERT_FALSE(radio.scanning);
	CU_ASSERT_PTR_NOT_NULL(attempt(BELT));
	stop();
	start("{}", "treadmill", BELT);
	CU_ASSERT_FALSE(radio.scanning);
	CU_ASSERT_PTR_NOT_NULL(attempt(BELT));
	stop();
}

static void test_the_wished_name_is_taken_at_once(void)
{
	start("treadmill: {name: Mine}", "treadmill", OTHER);
	hear(BELT, 0x1826, "URTM041");
	CU_ASSERT_EQUAL(attempts(), 0);
	hear(OTHER, 0x1800, "Mine");
	CU_ASSERT_PTR_NOT_NULL(attempt(OTHER));
	stop();
}

static void test_links_need_an_adapter(void)
{
	start("treadmill: {address: '" BELT "'}", "", "");
	said("treadmill.1 searching\nfootpod.50 searching\n");
	adapter_is(ADAPTER_OFF);
	CU_ASSERT_EQUAL(attempts(), 0);
	CU_ASSERT_TRUE(said("treadmill.1 off\nfootpod.50 off\n"));
	adapter_is(ADAPTER_READY);
	CU_ASSERT_TRUE(said("treadmill.1 searching\nfootpod.50 searching\n"));
	CU_ASSERT_PTR_NOT_NULL(attempt(BELT));
	stop();
}

/* It advertised what it is not: another one may be there. */
static void test_one_that_is_no_treadmill_is_left(void)
{
	start("{}", "", "");
	hear(OTHER, 0x1826, "Bike");
	pass(6 * SECOND);
	link_with(OTHER, bike_table);
	CU_ASSERT_TRUE(radio.scanning);
	CU_ASSERT_EQUAL(attempts(), 0);
	hear(OTHER, 0x1826, "Bike");
	hear(BELT, 0x1826, "URTM041");
	pass(6 * SECOND);
	CU_ASSERT_PTR_NOT_NULL(attempt(BELT));
	stop();
}

/* A configured one is what it is; it is asked again and again, and said so. */
static void test_a_configured_one_is_not_given_up(void)
{
	start("treadmill: {address: '" BELT "'}", "", "");
	link_with(BELT, bike_table);
	CU_ASSERT_FALSE(radio.scanning);
	pass(120 * SECOND);
	CU_ASSERT_PTR_NOT_NULL(attempt(BELT));
	stop();
}

static void is_not_heard(void)
{
	struct link *link = attempt(BELT);

	CU_ASSERT_PTR_NOT_NULL_FATAL(link);
	link->done(link->user, -1, ETIMEDOUT);
	turns();
}

static const char *why(void)
{
	static char text[160];
	json_t *state = json_object();
	const json_t *belt;

	bluetooth_source.describe(f.source, state);
	belt = json_object_get(state, "treadmill");
	snprintf(text, sizeof(text), "%s", json_string_value(json_object_get(belt, "why")));
	json_decref(state);
	return text;
}

/* One that is in use falls silent as one that is off does: a scan tells whether
 * at least others are heard, ten seconds of every ten minutes. */
static void test_why_it_is_not_heard(void)
{
	start("treadmill: {address: '" BELT "'}", "", "");
	is_not_heard();
	CU_ASSERT_TRUE(radio.scanning);
	CU_ASSERT_PTR_NOT_NULL(strstr(why(), "not heard: switched off"));
	hear(OTHER, 0x1826, "URTM041");
	pass(10 * SECOND);
	CU_ASSERT_FALSE(radio.scanning);
	CU_ASSERT_PTR_NOT_NULL(strstr(why(), "though others are: switched off, out of range, "
	                                     "or in use by another device"));
	is_not_heard();
	CU_ASSERT_FALSE(radio.scanning);
	CU_ASSERT_PTR_NOT_NULL(strstr(why(), "though others are"));
	pass(589 * SECOND);
	is_not_heard();
	CU_ASSERT_FALSE(radio.scanning);
	pass(SECOND);
	is_not_heard();
	CU_ASSERT_TRUE(radio.scanning);
	pass(10 * SECOND);
	CU_ASSERT_PTR_NOT_NULL(strstr(why(), "nothing at all is heard"));
	stop();
}

static void test_one_that_says_that_it_is_taken(void)
{
	struct adapter_device device = { .rssi_dbm = -60 };

	start("treadmill: {address: '" BELT "'}", "", "");
	is_not_heard();
	pass(SECOND); /* the next attempt */
	le_address_from_text(BELT, &device.address);
	device.address.type = attempt(BELT)->target.peer.type;
	radio.adapter->ops->found(radio.adapter->user, &device);
	turns();
	CU_ASSERT_STRING_EQUAL(why(), "in use by another device");
	CU_ASSERT_FALSE(radio.scanning);
	stop();
}

static void test_another_program_lets_go(void)
{
	struct le_address theirs;
	struct link *link;

	start("treadmill: {address: '" BELT "'}", "", "");
	link = attempt(BELT);
	CU_ASSERT_PTR_NOT_NULL_FATAL(link);
	theirs = link->target.peer;
	link->done(link->user, -1, EBUSY);
	turns();
	CU_ASSERT_EQUAL(attempts(), 0); /* gently */
	theirs.octets[0] ^= 1;
	radio.adapter->ops->disconnected(radio.adapter->user, &theirs, 0);
	turns();
	CU_ASSERT_EQUAL(attempts(), 0);
	theirs.octets[0] ^= 1;
	radio.adapter->ops->disconnected(radio.adapter->user, &theirs, 0);
	turns();
	CU_ASSERT_PTR_NOT_NULL(attempt(BELT));
	stop();
}

/* The kernel's module was loaded when all rights had been given up. */
static void test_an_adapter_that_comes_late(void)
{
	start("treadmill: {address: '" BELT "'}", "", "");
	CU_ASSERT_FALSE(radio.late);
	radio.may_manage = false;
	adapter_is(ADAPTER_BROKEN);
	CU_ASSERT_TRUE(radio.late);
	CU_ASSERT_EQUAL(radio.adapters, 1);
	adapter_is(ADAPTER_READY);
	is_not_heard();
	CU_ASSERT_FALSE(radio.scanning); /* it may not */
	stop();
}

/* A pod that stands still before the belt starts tells whose it is. */
static void test_a_pod_is_searched_when_the_belt_is_there(void)
{
	start("treadmill: {address: '" BELT "'}", "", "");
	CU_ASSERT_FALSE(radio.scanning);
	link_with(BELT, belt_table);
	CU_ASSERT_TRUE(radio.scanning);
	pass(121 * SECOND);
	CU_ASSERT_FALSE(radio.scanning);
	stop();
}

static void test_a_pod_is_searched_when_the_belt_runs(void)
{
	start("treadmill: {address: '" BELT "'}", "", "");
	CU_ASSERT_FALSE(radio.scanning);
	session(DISPLAY_SESSION_RUNNING);
	CU_ASSERT_TRUE(radio.scanning);
	hear(POD, 0x1814, "Pod");
	pass(6 * SECOND);
	CU_ASSERT_FALSE(radio.scanning);
	f.said[0] = '\0';
	link_with(POD, pod_table);
	CU_ASSERT_TRUE(said("footpod.50 " POD "\nfootpod.50 Pod\nfootpod.50 live\n"));
	stop();
}

/* Not for ever: a runner without a pod runs without a scan. */
static void test_the_search_for_a_pod_ends(void)
{
	start("treadmill: {address: '" BELT "'}", "", "");
	session(DISPLAY_SESSION_RUNNING);
	pass(60 * SECOND);
	session(DISPLAY_SESSION_RUNNING);
	pass(61 * SECOND);
	CU_ASSERT_FALSE(radio.scanning);
	stop();
}

static void test_a_pod_of_another_radio_is_the_only_one(void)
{
	start("{}", "footpod", "ant 57043");
	CU_ASSERT_TRUE(said("treadmill.1 searching\n"));
	stop();
	start("footpod: {address: '" POD "'}", "footpod", "ant 57043");
	CU_ASSERT_PTR_NOT_NULL(attempt(POD));
	CU_ASSERT_TRUE(said("treadmill.1 searching\nfootpod.1 searching\n"));
	stop();
}

static void test_a_strap_is_linked_with_if_it_is_paired(void)
{
	start("{}", "heart_rate", OTHER);
	CU_ASSERT_PTR_NOT_NULL(attempt(OTHER));
	stop();
}

static void test_a_reload_keeps_a_link(void)
{
	start("treadmill: {address: '" BELT "'}", "", "");
	link_with(BELT, belt_table);
	f.said[0] = '\0';
	reconfigure("{treadmill: {address: '" BELT "'}, log: {level: info}}");
	CU_ASSERT_TRUE(said(""));
	reconfigure("treadmill: {address: '" OTHER "'}");
	CU_ASSERT_TRUE(said("treadmill.1 off\ntreadmill.1 searching\n"));
	CU_ASSERT_PTR_NOT_NULL(attempt(OTHER));
	reconfigure("bluetooth: {adapter: hci3}");
	CU_ASSERT_EQUAL(radio.adapter->index, 3);
	CU_ASSERT_EQUAL(radio.adapters, 1);
	CU_ASSERT_EQUAL(attempts(), 0);
	CU_ASSERT_TRUE(radio.scanning);
	stop();
}

/* What was found out is known at the next link: no discovery. */
static void test_attributes_are_remembered(void)
{
	unsigned first;

	start("treadmill: {address: '" BELT "'}", "", "");
	link_with(BELT, belt_table);
	first = f.device.requests;
	CU_ASSERT_PTR_NOT_NULL_FATAL(knowledge_find(f.host.knowledge, BELT));
	CU_ASSERT_STRING_EQUAL(knowledge_find(f.host.knowledge, BELT)->attributes, belt_table);
	reconfigure("treadmill: {address: '" OTHER "'}");
	reconfigure("treadmill: {address: '" BELT "'}");
	link_with(BELT, belt_table);
	CU_ASSERT(f.device.requests < first);
	stop();
}

/* Strides or steps: found out in one session, known in the next. */
static void test_what_a_pod_counts_is_remembered(void)
{
	start("footpod: {address: '" POD "'}", "", "");
	link_with(POD, pod_table);
	CU_ASSERT_STRING_EQUAL(f.told_unit, "");
	f.unit = "strides";
	session(DISPLAY_SESSION_RUNNING);
	CU_ASSERT_STRING_EQUAL(knowledge_find(f.host.knowledge, POD)->unit, "strides");
	reconfigure("footpod: {address: '" OTHER "'}");
	CU_ASSERT_STRING_EQUAL(f.told_unit, "");
	f.unit = "";
	reconfigure("footpod: {address: '" POD "'}");
	link_with(POD, pod_table);
	CU_ASSERT_STRING_EQUAL(f.told_unit, "strides");
	stop();
}

/* It was found by a scan, and is paired while it is linked with. */
static void test_pairing_keeps_the_link(void)
{
	start("{}", "", "");
	hear(BELT, 0x1826, "URTM041");
	pass(6 * SECOND);
	link_with(BELT, belt_table);
	f.said[0] = '\0';
	knowledge_pair(f.host.knowledge, SOURCE_TREADMILL, BELT, "");
	reconfigure("{}");
	CU_ASSERT_TRUE(said(""));
	CU_ASSERT_EQUAL(attempts(), 0);
	stop();
}

static void test_a_scan_for_gaitctl_ends(void)
{
	json_t *devices = json_array();

	start("treadmill: {address: '" BELT "'}", "", "");
	bluetooth_source.nearby(f.source, devices);
	turns();
	CU_ASSERT_TRUE(radio.scanning);
	hear(OTHER, 0x1826, "TUNTURI T60-1");
	hear(POD, 0x1800, "a telephone");
	bluetooth_source.nearby(f.source, devices);
	CU_ASSERT_EQUAL(json_array_size(devices), 1);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(json_array_get(devices, 0),
	                                                         "quirk")), "tunturi-t60");
	pass(10 * SECOND);
	CU_ASSERT_FALSE(radio.scanning);
	json_decref(devices);
	stop();
}

static void test_its_state_is_told(void)
{
	json_t *state = json_object();
	const json_t *belt;

	start("treadmill: {address: '" BELT "'}", "", "");
	link_with(BELT, belt_table);
	bluetooth_source.describe(f.source, state);
	belt = json_object_get(state, "treadmill");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(state, "state")), "ready");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(belt, "state")), "live");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(belt, "id")), BELT);
	json_decref(state);
	stop();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "the only treadmill is found", test_the_only_treadmill_is_found },
		{ "of two none is taken", test_of_two_none_is_taken },
		{ "a known address needs no scan", test_a_known_address_needs_no_scan },
		{ "the wished name is taken at once", test_the_wished_name_is_taken_at_once },
		{ "links need an adapter", test_links_need_an_adapter },
		{ "one that is no treadmill is left", test_one_that_is_no_treadmill_is_left },
		{ "a configured one is not given up", test_a_configured_one_is_not_given_up },
		{ "why it is not heard", test_why_it_is_not_heard },
		{ "one that says that it is taken", test_one_that_says_that_it_is_taken },
		{ "another program lets go", test_another_program_lets_go },
		{ "an adapter that comes late", test_an_adapter_that_comes_late },
		{ "a pod is searched when the belt is there",
		  test_a_pod_is_searched_when_the_belt_is_there },
		{ "a pod is searched when the belt runs", test_a_pod_is_searched_when_the_belt_runs },
		{ "the search for a pod ends", test_the_search_for_a_pod_ends },
		{ "a pod of another radio is the only one",
		  test_a_pod_of_another_radio_is_the_only_one },
		{ "a strap is linked with if it is paired",
		  test_a_strap_is_linked_with_if_it_is_paired },
		{ "a reload keeps a link", test_a_reload_keeps_a_link },
		{ "attributes are remembered", test_attributes_are_remembered },
		{ "what a pod counts is remembered", test_what_a_pod_counts_is_remembered },
		{ "pairing keeps the link", test_pairing_keeps_the_link },
		{ "a scan for gaitctl ends", test_a_scan_for_gaitctl_ends },
		{ "its state is told", test_its_state_is_told },
		CU_TEST_INFO_NULL,
	};

	log_start("test");
	return suite_run("bluetooth", tests);
}
