/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The GATT client over a SOCK_SEQPACKET socketpair: raw PDUs, and tests that
 * bear the names of the Bluetooth SIG's GATT test suite. Time-outs, and what
 * a callback may do, are in test_gatt_engine.c.
 */
#include "tests/unit/gatt_fixture.h"

/* ---- GAC: configuration ---- */

static void gac_cl_bv_01_c(void)
{
	start();
	CU_ASSERT(gatt_exchange_mtu(f.gatt, on_done, NULL) != 0);
	PLAY("> 02 0502", "< 03 b900");
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT_EQUAL(gatt_mtu(f.gatt), 185);
	CU_ASSERT_EQUAL(gatt_exchange_mtu(f.gatt, on_done, NULL), 0);
	CU_ASSERT_EQUAL(f.done, 1);
	stop();
}

static void mtu_of_peers(void)
{
	static const struct {
		const char *answer;
		uint16_t mtu;
	} rows[] = {
		{ "< 03 1700", 23 },      /* insists on the least */
		{ "< 03 0502", 517 },
		{ "< 03 ffff", 517 },     /* more than we offered */
		{ "< 03 0000", 23 },      /* less than may be */
		{ "< 01 02 0000 06", 23 }, /* does not know the request */
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		gatt_exchange_mtu(f.gatt, on_done, NULL);
		PLAY("> 02 0502", rows[i].answer);
		CU_ASSERT_EQUAL(f.status, GATT_OK);
		CU_ASSERT_EQUAL(gatt_mtu(f.gatt), rows[i].mtu);
		stop();
	}
}

/* ---- GAD: discovery ---- */

static void gad_cl_bv_01_c(void)
{
	static const uint16_t none[] = { 0x9999 };

	start();
	gatt_discover(f.gatt, none, 1, on_done, NULL);
	PLAY("> 10 0100 ffff 0028",
	     "< 11 06 1000 1300 0018 2000 2900 b068 3000 3200 1918",
	     "> 10 3300 ffff 0028",
	     "< 11 14 9000 9600 efcdab89674523010000000085600000",
	     "> 10 9700 ffff 0028",
	     "< 01 10 9700 0a");
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT(table_is("service 0010 0013 1800 -\n"
	                   "service 0020 0029 68b0 -\n"
	                   "service 0030 0032 1819 -\n"
	                   "service 0090 0096 "
	                   "00006085-0000-0000-0123-456789abcdef -\n"));
	stop();
}

static const uint16_t fitness[] = { 0x1826 };

static void gad_cl_bv_04_c(void)
{
	start();
	gatt_discover(f.gatt, fitness, 1, on_done, NULL);
	PLAY("> 10 0100 ffff 0028", "< 11 06 1000 2000 2618",
	     "> 10 2100 ffff 0028", "< 01 10 2100 0a",
	     "> 08 1000 2000 0328", "< 09 07 1100 02 1200 cc2a",
	     "> 08 1200 2000 0328",
	     "< 09 15 1300 10 1400 8500efcdab8967452301000000000000",
	     "> 08 1400 2000 0328",
	     "< 01 08 1200 0a", /* another handle than was asked for */
	     "> 04 1500 2000", "< 01 04 1500 0a");
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT(table_is("service 0010 0020 1826\n"
	                   "characteristic 0011 0012 0000 02 2acc\n"
	                   "characteristic 0013 0014 0000 10 "
	                   "00000000-0000-0123-4567-89abcdef0085\n"));
	stop();
}

/* Both forms of a UUID; the configuration behind a user description */
static void gad_cl_bv_06_c(void)
{
	start();
	gatt_discover(f.gatt, fitness, 1, on_done, NULL);
	PLAY("> 10 0100 ffff 0028", "< 11 06 1000 ffff 2618",
	     "> 08 1000 ffff 0328",
	     "< 09 07 1100 10 1200 cd2a 1500 10 1600 da2a",
	     "> 08 1600 ffff 0328", "< 01 08 1600 0a",
	     "> 04 1300 1400", "< 05 01 1300 0129",
	     "> 04 1400 1400", "< 05 01 1400 0229",
	     "> 04 1700 ffff",
	     "< 05 02 1700 fb349b5f8000008000100000 01290000",
	     "> 04 1800 ffff",
	     "< 05 02 1800 fb349b5f8000008000100000 02290000");
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT(table_is("service 0010 ffff 1826\n"
	                   "characteristic 0011 0012 0014 10 2acd\n"
	                   "characteristic 0015 0016 0018 10 2ada\n"));
	stop();
}

/* A characteristic on the last handle: there is nothing behind it to ask for */
static void discovery_ends_with_the_service(void)
{
	start();
	gatt_discover(f.gatt, fitness, 1, on_done, NULL);
	PLAY("> 10 0100 ffff 0028", "< 11 06 fdff ffff 2618",
	     "> 08 fdff ffff 0328", "< 09 07 feff 10 ffff cd2a");
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT_FALSE(gatt_table(f.gatt)->irregular);
	CU_ASSERT_EQUAL(gatt_table(f.gatt)->characteristic_count, 1);
	stop();
}

/* Descriptors up to the last handle, and none of them the configuration */
static void descriptors_end_with_the_service(void)
{
	start();
	gatt_discover(f.gatt, fitness, 1, on_done, NULL);
	PLAY("> 10 0100 ffff 0028", "< 11 06 fcff ffff 2618",
	     "> 08 fcff ffff 0328", "< 09 07 fdff 10 feff cd2a",
	     "> 08 feff ffff 0328", "< 01 08 feff 0a",
	     "> 04 ffff ffff", "< 05 01 ffff 0129");
	CU_ASSERT_EQUAL(f.done, 1);
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT_EQUAL(gatt_table(f.gatt)->characteristics[0].ccc, 0);
	stop();
}

static void discovery_finds_nothing(void)
{
	start();
	gatt_discover(f.gatt, NULL, 0, on_done, NULL);
	PLAY("> 10 0100 ffff 0028", "< 01 10 0100 0a");
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT_EQUAL(gatt_table(f.gatt)->service_count, 0);
	gatt_discover(f.gatt, NULL, 0, on_done, NULL);
	PLAY("> 10 0100 ffff 0028", "< 01 10 0100 11");
	CU_ASSERT_EQUAL(f.status, GATT_ATT_ERROR);
	CU_ASSERT_EQUAL(f.error, ATT_ERROR_INSUFFICIENT_RESOURCES);
	stop();
}

/* ---- GAR: reading ---- */

static void gar_cl_bv_01_c(void)
{
	start();
	CU_ASSERT(gatt_read(f.gatt, 3, on_done, NULL) != 0);
	PLAY("> 0a 0300", "< 0b 010203");
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT(bytes_are(f.value, f.length, "010203"));
	gatt_read(f.gatt, 3, on_done, NULL);
	PLAY("> 0a 0300", "< 0b");
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT_EQUAL(f.length, 0);
	CU_ASSERT_EQUAL(f.done, 2);
	stop();
}

static void refused_read(const char *answer, uint8_t error)
{
	start();
	gatt_read(f.gatt, 3, on_done, NULL);
	PLAY("> 0a 0300", answer);
	CU_ASSERT_EQUAL(f.done, 1);
	CU_ASSERT_EQUAL(f.status, GATT_ATT_ERROR);
	CU_ASSERT_EQUAL(f.error, error);
	CU_ASSERT_EQUAL(f.length, 0);
	stop();
}

static void gar_cl_bi_01_c(void)
{
	refused_read("< 01 0a 0300 01", ATT_ERROR_INVALID_HANDLE);
}

static void gar_cl_bi_02_c(void)
{
	refused_read("< 01 0a 0300 02", ATT_ERROR_READ_NOT_PERMITTED);
}

static void gar_cl_bi_03_c(void)
{
	refused_read("< 01 0a 0300 08", ATT_ERROR_INSUFFICIENT_AUTHORIZATION);
}

static void gar_cl_bi_04_c(void)
{
	refused_read("< 01 0a 0300 05", ATT_ERROR_INSUFFICIENT_AUTHENTICATION);
}

static void gar_cl_bi_05_c(void)
{
	refused_read("< 01 0a 0300 0c", ATT_ERROR_INSUFFICIENT_KEY_SIZE);
}

static void gar_cl_bi_34_c(void)
{
	refused_read("< 01 0a 0300 80", 0x80);
}

/* Security raised, the request repeated: once for each request */
static void gar_cl_bi_04_c_auto(void)
{
	start();
	f.may_secure = true;
	gatt_read(f.gatt, 3, on_done, NULL);
	PLAY("> 0a 0300");
	/* a send before the kernel has encrypted would fail with ENOTCONN: it
	 * waits until the socket says that it can be written to */
	say_unheard("01 0a 0300 05");
	event_base_loop(f.base, EVLOOP_NONBLOCK | EVLOOP_ONCE);
	CU_ASSERT_EQUAL(f.secured, 1);
	CU_ASSERT(recv(f.peer, f.value, sizeof(f.value), MSG_DONTWAIT) < 0);
	PLAY("> 0a 0300", "< 0b 010203");
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT_EQUAL(f.secured, 1);
	gatt_read(f.gatt, 3, on_done, NULL);
	PLAY("> 0a 0300", "< 01 0a 0300 0f", "> 0a 0300", "< 01 0a 0300 0f");
	CU_ASSERT_EQUAL(f.status, GATT_ATT_ERROR);
	CU_ASSERT_EQUAL(f.error, ATT_ERROR_INSUFFICIENT_ENCRYPTION);
	CU_ASSERT_EQUAL(f.secured, 2);
	CU_ASSERT_EQUAL(f.done, 2);
	stop();
}

#define OCTETS_22 "00010203040506070809 0a0b0c0d0e0f10111213 1415"

static void gar_cl_bv_04_c(void)
{
	start();
	gatt_read(f.gatt, 3, on_done, NULL);
	PLAY("> 0a 0300", ("< 0b" OCTETS_22), "> 0c 0300 1600", ("< 0d" OCTETS_22),
	     "> 0c 0300 2c00", "< 0d 2c2d2e");
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT(bytes_are(f.value, f.length, OCTETS_22 OCTETS_22 "2c2d2e"));
	stop();
}

/* 22 octets at MTU 23 look like the beginning of more */
static void gar_cl_bv_04_c_exact(void)
{
	static const char *const ends[] = {
		"< 0d", "< 01 0c 0300 0b", "< 01 0c 0300 07", "< 01 0c 0300 06",
	};

	for (size_t i = 0; i < COUNT(ends); i++) {
		start();
		gatt_read(f.gatt, 3, on_done, NULL);
		PLAY("> 0a 0300", ("< 0b" OCTETS_22), "> 0c 0300 1600", ends[i]);
		CU_ASSERT_EQUAL(f.status, GATT_OK);
		CU_ASSERT(bytes_are(f.value, f.length, OCTETS_22));
		stop();
	}
}

/* 512 octets are the longest value there is: a peer that has more to say is
 * not asked. */
static void gar_cl_bv_04_c_512b(void)
{
	unsigned blobs = 0;
	uint8_t pdu[64];

	start();
	gatt_read(f.gatt, 3, on_done, NULL);
	PLAY("> 0a 0300", ("< 0b" OCTETS_22));
	for (; recv(f.peer, pdu, sizeof(pdu), MSG_DONTWAIT) > 0; turn()) {
		say("0d" OCTETS_22);
		blobs++;
	}
	CU_ASSERT_EQUAL(blobs, 23);
	CU_ASSERT_EQUAL(f.done, 1);
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT_EQUAL(f.length, ATT_VALUE_MAX);
	stop();
}

static void gar_cl_bi_12_c(void)
{
	start();
	gatt_read(f.gatt, 3, on_done, NULL);
	PLAY("> 0a 0300", ("< 0b" OCTETS_22), "> 0c 0300 1600",
	     "< 01 0c 0300 02");
	CU_ASSERT_EQUAL(f.status, GATT_ATT_ERROR);
	CU_ASSERT_EQUAL(f.error, ATT_ERROR_READ_NOT_PERMITTED);
	stop();
}

static void gar_cl_bi_13_c(void)
{
	refused_read("< 01 0a 0300 07", ATT_ERROR_INVALID_OFFSET);
}

/* ---- GAW: writing ---- */

static void gaw_cl_bv_03_c(void)
{
	const uint8_t value[GATT_WRITE_MAX + 1] = { 1, 2, 3 };

	start();
	CU_ASSERT(gatt_write(f.gatt, 7, value, 3, on_done, NULL) != 0);
	PLAY("> 12 0700 010203", "< 13");
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT(gatt_write(f.gatt, 7, NULL, 0, on_done, NULL) != 0);
	PLAY("> 12 0700", "< 13");
	CU_ASSERT_EQUAL(f.done, 2);
	/* longer than any MTU takes: not begun */
	CU_ASSERT_EQUAL(gatt_write(f.gatt, 7, value, sizeof(value), on_done,
	                           NULL), 0);
	CU_ASSERT_EQUAL(f.done, 2);
	stop();
}

static void refused_write(const char *answer, uint8_t error)
{
	start();
	gatt_write(f.gatt, 7, (const uint8_t *)"\1", 1, on_done, NULL);
	PLAY("> 12 0700 01", answer);
	CU_ASSERT_EQUAL(f.status, GATT_ATT_ERROR);
	CU_ASSERT_EQUAL(f.error, error);
	stop();
}

static void gaw_cl_bi_02_c(void)
{
	refused_write("< 01 12 0700 01", ATT_ERROR_INVALID_HANDLE);
}

static void gaw_cl_bi_03_c(void)
{
	refused_write("< 01 12 0700 03", ATT_ERROR_WRITE_NOT_PERMITTED);
}

static void gaw_cl_bi_05_c(void)
{
	refused_write("< 01 12 0700 05", ATT_ERROR_INSUFFICIENT_AUTHENTICATION);
}

static void gaw_cl_bi_05_c_auto(void)
{
	start();
	f.may_secure = true;
	gatt_write(f.gatt, 7, (const uint8_t *)"\1", 1, on_done, NULL);
	PLAY("> 12 0700 01", "< 01 12 0700 05", "> 12 0700 01", "< 13");
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	stop();
}

/* ---- GAN, GAI, GAS: notifications, indications, Service Changed ---- */

static void gan_cl_bv_01_c(void)
{
	start_with_table();
	CU_ASSERT(gatt_subscribe(f.gatt, characteristic(0x2acd), true, on_done,
	                         NULL) != 0);
	PLAY("> 12 1300 0100", "< 13", "< 1b 1200 8425e100");
	CU_ASSERT_EQUAL(f.values, 1);
	CU_ASSERT_EQUAL(f.from, 0x12);
	CU_ASSERT(bytes_are(f.value, f.length, "8425e100"));
	say("1b 1200"); /* an empty value is one */
	CU_ASSERT_EQUAL(f.values, 2);
	CU_ASSERT_EQUAL(f.length, 0);
	gatt_subscribe(f.gatt, characteristic(0x2acd), false, on_done, NULL);
	PLAY("> 12 1300 0000", "< 13");
	/* one without a configuration cannot be asked */
	CU_ASSERT_EQUAL(gatt_subscribe(f.gatt, characteristic(0x2acc), true,
	                               on_done, NULL), 0);
	stop();
}

static void gai_cl_bv_01_c(void)
{
	start_with_table();
	gatt_subscribe(f.gatt, characteristic(0x2ad9), true, on_done, NULL);
	PLAY("> 12 1600 0200", "< 13", "< 1d 1500 800001", "> 1e");
	CU_ASSERT_EQUAL(f.values, 1);
	CU_ASSERT_EQUAL(f.from, 0x15);
	/* one that nobody asked for is confirmed all the same */
	PLAY("< 1d 9900 01", "> 1e", "< 1d 99", "> 1e");
	CU_ASSERT_EQUAL(f.values, 1);
	CU_ASSERT_EQUAL(gatt_counts(f.gatt).unknown, 1);
	CU_ASSERT_EQUAL(gatt_counts(f.gatt).bearer.indications, 3);
	stop();
}

static void gas_cl_bv_01_c(void)
{
	start_with_table();
	PLAY("< 1d 0300 1000 2000", "> 1e");
	CU_ASSERT_EQUAL(f.changed, 1);
	CU_ASSERT_EQUAL(f.start, 0x10);
	CU_ASSERT_EQUAL(f.end, 0x20);
	CU_ASSERT_EQUAL(f.values, 0);
	PLAY("< 1d 0300 1000", "> 1e"); /* cut */
	CU_ASSERT_EQUAL(f.changed, 1);
	stop();
}

/* ---- the peer's own requests: we are the whole bearer ---- */

static void gac_sr_bv_01_c(void)
{
	start();
	PLAY("< 02 0002", "> 03 0502");
	CU_ASSERT_EQUAL(gatt_mtu(f.gatt), 512);
	stop();
}

/* An empty database: nothing is found, no handle is valid */
static void peers_requests(void)
{
	static const char *const rows[][2] = {
		{ "< 10 0100 ffff 0028", "> 01 10 0100 0a" },
		{ "< 08 0100 ffff 2a2b", "> 01 08 0100 0a" }, /* Database Hash */
		{ "< 08 0100 ffff 0f0e0d0c0b0a09080706050403020100",
		  "> 01 08 0100 0a" },
		{ "< 06 0100 ffff 0028 0018", "> 01 06 0100 0a" },
		{ "< 04 0300 ffff", "> 01 04 0300 0a" },
		{ "< 08 0200 0100 0328", "> 01 08 0200 01" }, /* SR/BI-08-C */
		{ "< 04 0000 ffff", "> 01 04 0000 01" },
		{ "< 0a 0300", "> 01 0a 0300 01" },           /* SR/BI-02-C */
		{ "< 0c 0300 0000", "> 01 0c 0300 01" },
		{ "< 12 0300 01", "> 01 12 0300 01" },
		{ "< 16 0300 0000 01", "> 01 16 0300 06" },
		{ "< 18 01", "> 01 18 0000 06" },
		{ "< 0e 0300 0400", "> 01 0e 0000 06" },
		{ "< 20 0300 0400", "> 01 20 0000 06" },
		{ "< 3f 010203", "> 01 3f 0000 06" }, /* no such request */
		{ "< 0a 03", "> 01 0a 0000 04" },     /* cut */
		{ "< 02 00", "> 01 02 0000 04" },
	};

	start();
	for (size_t i = 0; i < COUNT(rows); i++)
		PLAY(rows[i][0], rows[i][1]);
	CU_ASSERT_EQUAL(gatt_counts(f.gatt).bearer.peer_requests, COUNT(rows));
	stop();
}

static void peers_commands_are_ignored(void)
{
	start();
	PLAY("< 52 0300 01", "< d2 0300 01 000000000000000000000000",
	     "< 7f 01", "< 52");
	stop();
}

/* Its request between ours and its response */
static void peers_request_in_between(void)
{
	start();
	gatt_read(f.gatt, 3, on_done, NULL);
	PLAY("> 0a 0300", "< 0a 0100", "> 01 0a 0100 01", "< 1d 0900 01",
	     "> 1e");
	CU_ASSERT_EQUAL(f.done, 0);
	PLAY("< 0b 01");
	CU_ASSERT_EQUAL(f.done, 1);
	stop();
}

/* For the watchdog: a PDU that is there twice, while nobody reads */
static void unread_is_stuck(void)
{
	static const uint8_t command[] = { 0x52, 0x10, 0x00, 0x01 };

	start();
	CU_ASSERT_PTR_NULL(gatt_socket_stuck(f.socket));
	CU_ASSERT_EQUAL(send(f.peer, command, sizeof(command), 0), sizeof(command));
	CU_ASSERT_PTR_NULL(gatt_socket_stuck(f.socket));
	CU_ASSERT_PTR_NOT_NULL(gatt_socket_stuck(f.socket));
	event_base_loop(f.base, EVLOOP_NONBLOCK);
	CU_ASSERT_PTR_NULL(gatt_socket_stuck(f.socket));
	CU_ASSERT_PTR_NULL(gatt_socket_stuck(f.socket));
	stop();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "/TP/GAC/CL/BV-01-C", gac_cl_bv_01_c },
		{ "MTUs of peers", mtu_of_peers },
		{ "/TP/GAD/CL/BV-01-C", gad_cl_bv_01_c },
		{ "/TP/GAD/CL/BV-04-C", gad_cl_bv_04_c },
		{ "/TP/GAD/CL/BV-06-C", gad_cl_bv_06_c },
		{ "discovery ends with the service",
		  discovery_ends_with_the_service },
		{ "descriptors end with the service",
		  descriptors_end_with_the_service },
		{ "discovery finds nothing", discovery_finds_nothing },
		{ "/TP/GAR/CL/BV-01-C", gar_cl_bv_01_c },
		{ "/TP/GAR/CL/BI-01-C", gar_cl_bi_01_c },
		{ "/TP/GAR/CL/BI-02-C", gar_cl_bi_02_c },
		{ "/TP/GAR/CL/BI-03-C", gar_cl_bi_03_c },
		{ "/TP/GAR/CL/BI-04-C", gar_cl_bi_04_c },
		{ "/TP/GAR/CL/BI-04-C/auto", gar_cl_bi_04_c_auto },
		{ "/TP/GAR/CL/BI-05-C", gar_cl_bi_05_c },
		{ "/TP/GAR/CL/BI-34-C", gar_cl_bi_34_c },
		{ "/TP/GAR/CL/BV-04-C", gar_cl_bv_04_c },
		{ "/TP/GAR/CL/BV-04-C/exact", gar_cl_bv_04_c_exact },
		{ "/TP/GAR/CL/BV-04-C/512B", gar_cl_bv_04_c_512b },
		{ "/TP/GAR/CL/BI-12-C", gar_cl_bi_12_c },
		{ "/TP/GAR/CL/BI-13-C", gar_cl_bi_13_c },
		{ "/TP/GAW/CL/BV-03-C", gaw_cl_bv_03_c },
		{ "/TP/GAW/CL/BI-02-C", gaw_cl_bi_02_c },
		{ "/TP/GAW/CL/BI-03-C", gaw_cl_bi_03_c },
		{ "/TP/GAW/CL/BI-05-C", gaw_cl_bi_05_c },
		{ "/TP/GAW/CL/BI-05-C/auto", gaw_cl_bi_05_c_auto },
		{ "/TP/GAN/CL/BV-01-C", gan_cl_bv_01_c },
		{ "/TP/GAI/CL/BV-01-C", gai_cl_bv_01_c },
		{ "/TP/GAS/CL/BV-01-C", gas_cl_bv_01_c },
		{ "/TP/GAC/SR/BV-01-C", gac_sr_bv_01_c },
		{ "/TP/GAD/SR, GAR/SR, GAW/SR: the peer's requests",
		  peers_requests },
		{ "the peer's commands are ignored", peers_commands_are_ignored },
		{ "the peer's request in between", peers_request_in_between },
		{ "what is not read is stuck", unread_is_stuck },
		CU_TEST_INFO_NULL,
	};

	return suite_run("gatt", tests);
}
