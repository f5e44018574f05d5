/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The GATT client and a peer that breaks the rules: lists out of order and
 * without end, answers nobody asked for, odd lengths, storms, lost links.
 */
#include "config.h"

#include "tests/unit/clock.h"
#include "tests/unit/gatt_fixture.h"

static const uint16_t fitness[] = { 0x1826 };

/* What a peer may break in its lists. Each time that range is over, what was
 * found before stands, and the discovery goes on. */
static void discovery_of_the_rule_breakers(void)
{
	static const struct {
		const char *how, *first, *second; /* answers for services */
		size_t services;
	} rows[] = {
		{ "the same again", "< 11 06 1000 2000 0018",
		  "< 11 06 1000 2000 0018", 1 },
		{ "backwards", "< 11 06 1000 2000 0018",
		  "< 11 06 0100 0500 0018", 1 },
		{ "backwards within a list",
		  "< 11 06 1000 2000 0018 0100 0500 0118", NULL, 1 },
		{ "ends before it begins", "< 11 06 1000 0f00 0018", NULL, 0 },
		{ "handle 0", "< 11 06 0000 0500 0018", NULL, 0 },
		{ "a UUID of three octets", "< 11 07 1000 2000 001800", NULL, 0 },
		{ "items of size 0", "< 11 00 1000", NULL, 0 },
		{ "empty list", "< 11 06", NULL, 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		gatt_discover(f.gatt, fitness, 1, on_done, NULL);
		PLAY("> 10 0100 ffff 0028", rows[i].first);
		if (rows[i].second != NULL)
			PLAY("> 10 2100 ffff 0028", rows[i].second);
		CU_ASSERT_EQUAL(f.done, 1);
		CU_ASSERT_EQUAL(gatt_table(f.gatt)->service_count,
		                rows[i].services);
		if (f.status == GATT_OK)
			CU_ASSERT(gatt_table(f.gatt)->irregular);
		stop();
	}
}

static void characteristics_of_the_rule_breakers(void)
{
	static const struct {
		const char *how, *answer;
		size_t characteristics;
	} rows[] = {
		{ "before the range", "< 09 07 0f00 10 1200 cd2a", 0 },
		{ "beyond the service", "< 09 07 2100 10 2200 cd2a", 0 },
		{ "value beyond the service", "< 09 07 1100 10 2100 cd2a", 0 },
		{ "value before the declaration", "< 09 07 1100 10 1000 cd2a",
		  0 },
		{ "value 0", "< 09 07 1100 10 0000 cd2a", 0 },
		{ "declaration within the one before",
		  "< 09 07 1100 10 1300 cd2a 1200 10 1400 da2a", 1 },
		{ "a UUID of three octets", "< 09 08 1100 10 1200 cd2a00", 0 },
		{ "items too short", "< 09 04 1100 1012", 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		gatt_discover(f.gatt, fitness, 1, on_done, NULL);
		PLAY("> 10 0100 ffff 0028", "< 11 06 1000 2000 2618",
		     "> 10 2100 ffff 0028", "< 01 10 2100 0a",
		     "> 08 1000 2000 0328", rows[i].answer);
		if (rows[i].characteristics > 0)
			PLAY("> 04 1400 2000", "< 01 04 1400 0a");
		CU_ASSERT_EQUAL(f.done, 1);
		CU_ASSERT_EQUAL(f.status, GATT_OK);
		CU_ASSERT(gatt_table(f.gatt)->irregular);
		CU_ASSERT_EQUAL(gatt_table(f.gatt)->characteristic_count,
		                rows[i].characteristics);
		stop();
	}
}

static void descriptors_of_the_rule_breakers(void)
{
	static const char *const answers[] = {
		"< 05 01 1000 0229", "< 05 01 2100 0229",
		"< 05 01 1500 0129 1400 0229", "< 05 03 1300", "< 05 01",
	};

	for (size_t i = 0; i < COUNT(answers); i++) {
		start();
		gatt_discover(f.gatt, fitness, 1, on_done, NULL);
		PLAY("> 10 0100 ffff 0028", "< 11 06 1000 2000 2618",
		     "> 10 2100 ffff 0028", "< 01 10 2100 0a",
		     "> 08 1000 2000 0328", "< 09 07 1100 10 1200 cd2a",
		     "> 08 1200 2000 0328", "< 01 08 1200 0a",
		     "> 04 1300 2000", answers[i]);
		CU_ASSERT_EQUAL(f.status, GATT_OK);
		CU_ASSERT(gatt_table(f.gatt)->irregular);
		CU_ASSERT_EQUAL(gatt_table(f.gatt)->characteristics[0].ccc, 0);
		stop();
	}
}

/* A new service for each question, one handle wide */
static void discovery_without_end(void)
{
	uint16_t handle = 1;
	uint8_t pdu[64];

	start();
	gatt_discover(f.gatt, fitness, 1, on_done, NULL);
	for (turn(); recv(f.peer, pdu, sizeof(pdu), MSG_DONTWAIT) > 0; turn()) {
		char hex[64];

		snprintf(hex, sizeof(hex), "11 06 %02x%02x %02x%02x 0018",
		         handle & 0xff, handle >> 8, handle & 0xff, handle >> 8);
		say(hex);
		handle++;
	}
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT(gatt_table(f.gatt)->full);
	CU_ASSERT_EQUAL(gatt_table(f.gatt)->service_count, GATT_SERVICES_MAX);
	stop();
}

static void descriptors_without_end(void)
{
	uint16_t handle = 0x13;
	unsigned asked = 0;
	uint8_t pdu[64];

	start();
	gatt_discover(f.gatt, fitness, 1, on_done, NULL);
	PLAY("> 10 0100 ffff 0028", "< 11 06 1000 ffff 2618",
	     "> 08 1000 ffff 0328", "< 09 07 1100 10 1200 cd2a",
	     "> 08 1200 ffff 0328", "< 01 08 1200 0a");
	for (turn(); recv(f.peer, pdu, sizeof(pdu), MSG_DONTWAIT) > 0; turn()) {
		char hex[64];

		snprintf(hex, sizeof(hex), "05 01 %02x%02x 0129", handle & 0xff,
		         handle >> 8);
		say(hex);
		handle++;
		asked++;
	}
	CU_ASSERT_EQUAL(f.done, 1);
	CU_ASSERT_EQUAL(f.status, GATT_TOO_MUCH);
	CU_ASSERT_EQUAL(asked + 3, GATT_DISCOVERY_REQUESTS);
	/* the bearer lives on */
	gatt_read(f.gatt, 3, on_done, NULL);
	PLAY("> 0a 0300", "< 0b");
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	stop();
}

/* ---- the hostile peer ---- */

static void answers_that_nobody_asked_for(void)
{
	start();
	PLAY("< 0b 01", "< 13", "< 03 1700", "< 01 0a 0300 05", "< 1e");
	CU_ASSERT_EQUAL(gatt_counts(f.gatt).bearer.faults, 5);
	gatt_read(f.gatt, 3, on_done, NULL);
	/* wrong opcode, error for another request, error cut short */
	PLAY("> 0a 0300", "< 13", "< 0d 01", "< 01 12 0300 05", "< 01 0a");
	CU_ASSERT_EQUAL(f.done, 0);
	PLAY("< 0b 01", "< 0b 02"); /* and a duplicate */
	CU_ASSERT_EQUAL(f.done, 1);
	CU_ASSERT(bytes_are(f.value, f.length, "01"));
	CU_ASSERT_EQUAL(gatt_counts(f.gatt).bearer.faults, 10);
	stop();
}

static void answers_that_make_no_sense(void)
{
	start();
	gatt_write(f.gatt, 7, NULL, 0, on_done, NULL);
	PLAY("> 12 0700", "< 13 00");
	CU_ASSERT_EQUAL(f.done, 1);
	CU_ASSERT_EQUAL(f.status, GATT_BAD_ANSWER);
	stop();
}

static void say_octets(uint8_t opcode, size_t length)
{
	uint8_t pdu[1024] = { opcode, 0x12 };

	CU_ASSERT(send(f.peer, pdu, length, 0) == (ssize_t)length);
	turn();
}

static void odd_lengths(void)
{
	start_with_table();
	say_octets(0x1b, 0);
	CU_ASSERT_EQUAL(f.closed, 0);
	CU_ASSERT_EQUAL(gatt_counts(f.gatt).bearer.faults, 1);
	say_octets(0x1b, 24); /* longer than the MTU: it is there, so take it */
	CU_ASSERT_EQUAL(f.values, 1);
	say_octets(0x1b, 515);
	CU_ASSERT_EQUAL(f.values, 2);
	CU_ASSERT_EQUAL(f.length, ATT_VALUE_MAX);
	say_octets(0x1b, 518); /* longer than any that we offer */
	say_octets(0x1b, 1024);
	CU_ASSERT_EQUAL(f.values, 2);
	CU_ASSERT_EQUAL(gatt_counts(f.gatt).bearer.faults, 3);
	say_octets(0x1b, 1);
	say_octets(0x23, 6);
	CU_ASSERT_EQUAL(gatt_counts(f.gatt).bearer.faults, 5);
	CU_ASSERT_EQUAL(f.values, 2);
	stop();
}

/* Values of a session before this one come before the MTU response. */
static void values_of_unknown_handles(void)
{
	start();
	gatt_exchange_mtu(f.gatt, on_done, NULL);
	PLAY("> 02 0502", "< 1b 1200 84", "< 1b 1200 84", "< 03 1700");
	CU_ASSERT_EQUAL(f.done, 1);
	CU_ASSERT_EQUAL(f.values, 0);
	CU_ASSERT_EQUAL(gatt_counts(f.gatt).unknown, 2);
	CU_ASSERT_EQUAL(gatt_counts(f.gatt).bearer.faults, 0);
	stop();
}

/* The peer never waits for a confirmation and reads none until it cannot
 * send any more: we stop reading it, nothing grows, nothing is lost. */
static void indication_storm(void)
{
	static const uint8_t indication[] = { 0x1d, 0x15, 0, 0x80 };
	unsigned sent = 0, confirmed = 0;
	uint8_t pdu[64];

	start_with_table();
	for (int round = 0; round < 3; round++) {
		for (int idle = 0; idle < 3; turn()) {
			if (send(f.peer, indication, sizeof(indication),
			         MSG_DONTWAIT) < 0) {
				CU_ASSERT_EQUAL_FATAL(errno, EAGAIN);
				idle++;
			} else {
				sent++;
				idle = 0;
			}
		}
		CU_ASSERT(f.values < sent);
		for (turn(); recv(f.peer, pdu, sizeof(pdu), MSG_DONTWAIT) == 1;
		     turn())
			confirmed++;
	}
	CU_ASSERT_EQUAL(confirmed, sent);
	CU_ASSERT_EQUAL(f.values, sent);
	CU_ASSERT_EQUAL(f.closed, 0);
	stop();
}

/* ---- the link ---- */

static void close_peer(void)
{
	close(f.peer);
	f.peer = -1;
	turn();
}

static void peer_closes(void)
{
	start();
	gatt_read(f.gatt, 3, on_done, NULL);
	gatt_read(f.gatt, 4, on_done, NULL);
	turn();
	close_peer();
	CU_ASSERT_EQUAL(f.done, 2);
	CU_ASSERT_EQUAL(f.status, GATT_CLOSED);
	CU_ASSERT_EQUAL(f.closed, 1);
	/* a socketpair with unread data resets, an L2CAP channel too */
	CU_ASSERT(f.close_error == 0 || f.close_error == ECONNRESET);
	CU_ASSERT_EQUAL(gatt_read(f.gatt, 3, on_done, NULL), 0);
	turn();
	CU_ASSERT_EQUAL(f.closed, 1);
	stop();
}

/* GAT/CL/BV-01-C on a socket: 30 s, then the link is closed. */
static void peer_is_silent(void)
{
	start();
	gatt_read(f.gatt, 3, on_done, NULL);
	PLAY("> 0a 0300", "< 0b 01");
	clock_forward_ms += 20000;
	gatt_read(f.gatt, 4, on_done, NULL);
	expect("0a 0400");
	clock_forward_ms += 29000; /* the first timer fires here, and is set again */
	turn();
	CU_ASSERT_EQUAL(f.closed, 0);
	clock_forward_ms += 2000;
	turn();
	CU_ASSERT_EQUAL(f.done, 2);
	CU_ASSERT_EQUAL(f.status, GATT_TIMED_OUT);
	CU_ASSERT_EQUAL(f.closed, 1);
	CU_ASSERT_EQUAL(f.close_error, ETIME);
	/* or the kernel would have the device busy for who connects again */
	CU_ASSERT_FALSE(f.fd_was_open);
	stop();
}

static void peer_closes_before_we_write(void)
{
	start();
	close(f.peer);
	f.peer = -1;
	gatt_read(f.gatt, 3, on_done, NULL);
	CU_ASSERT_EQUAL(f.done, 0); /* told in a turn of its own */
	turn();
	CU_ASSERT_EQUAL(f.done, 1);
	CU_ASSERT_EQUAL(f.status, GATT_CLOSED);
	CU_ASSERT_EQUAL(f.closed, 1);
	stop();
}

static void freed_with_work_to_do(void)
{
	start();
	gatt_read(f.gatt, 3, on_done, NULL);
	gatt_read(f.gatt, 4, on_done, NULL);
	expect("0a 0300");
	gatt_socket_free(f.socket);
	f.socket = NULL;
	CU_ASSERT_EQUAL(f.done, 2);
	CU_ASSERT_EQUAL(f.status, GATT_CANCELLED);
	CU_ASSERT_EQUAL(f.closed, 0);
	stop();
}

static void free_socket(void *user, const struct gatt_result *result)
{
	on_done(user, result);
	gatt_socket_free(f.socket);
	f.socket = NULL;
	f.fd_was_open = fcntl(f.fd, F_GETFD) >= 0;
}

static void freed_in_a_callback(void)
{
	start();
	gatt_read(f.gatt, 3, free_socket, NULL);
	gatt_read(f.gatt, 4, on_done, NULL);
	PLAY("> 0a 0300", "< 0b 01");
	CU_ASSERT_EQUAL(f.done, 2);
	CU_ASSERT_EQUAL(f.closed, 0);
	CU_ASSERT_FALSE(f.fd_was_open); /* at once */
	stop();
	/* and when the link goes */
	start();
	gatt_read(f.gatt, 3, free_socket, NULL);
	gatt_read(f.gatt, 4, on_done, NULL);
	close_peer();
	CU_ASSERT_EQUAL(f.done, 2);
	CU_ASSERT_EQUAL(f.closed, 0);
	stop();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "services of rule breakers", discovery_of_the_rule_breakers },
		{ "characteristics of rule breakers",
		  characteristics_of_the_rule_breakers },
		{ "descriptors of rule breakers",
		  descriptors_of_the_rule_breakers },
		{ "services without end", discovery_without_end },
		{ "descriptors without end", descriptors_without_end },
		{ "answers that nobody asked for",
		  answers_that_nobody_asked_for },
		{ "answers that make no sense", answers_that_make_no_sense },
		{ "odd lengths", odd_lengths },
		{ "values of unknown handles", values_of_unknown_handles },
		{ "indication storm", indication_storm },
		{ "the peer closes", peer_closes },
		{ "the peer is silent", peer_is_silent },
		{ "the peer closes before we write",
		  peer_closes_before_we_write },
		{ "freed with work to do", freed_with_work_to_do },
		{ "freed in a callback", freed_in_a_callback },
		CU_TEST_INFO_NULL,
	};

	return suite_run("gatt_hostile", tests);
}
