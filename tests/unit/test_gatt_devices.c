/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The GATT client and whole devices, with the layouts of public dumps: found,
 * read, and compared with what was kept of them.
 */
#include "tests/unit/gatt_fixture.h"
#include "tests/unit/gatt_peer.h"

static const uint16_t fitness[] = { 0x1826 };

/* ---- whole devices, as public dumps show them ---- */

/* blak3r/treadspan protocol-analysis/urevo-E1L: README.md, handles of the
 * configurations from urevo-with-kinomap.pcapng */
static const char urevo[] =
	"service 0001 0003 1800\n"
	"characteristic 0002 0003 0000 02 2a00\n"
	"service 0004 0012 180a\n"
	"characteristic 0005 0006 0000 02 2a29\n"
	"characteristic 0007 0008 0000 02 2a24\n"
	"characteristic 0009 000a 0000 02 2a25\n"
	"characteristic 000b 000c 0000 02 2a27\n"
	"characteristic 000d 000e 0000 02 2a26\n"
	"characteristic 000f 0010 0000 02 2a28\n"
	"characteristic 0011 0012 0000 02 2a23\n"
	"service 0013 0032 1826\n"
	"characteristic 0014 0015 0000 02 2acc\n"
	"characteristic 0016 0017 0018 10 2acd\n"
	"characteristic 0019 001a 001b 12 2ad3\n"
	"characteristic 001c 001d 0000 02 2ad4\n"
	"characteristic 001e 001f 0000 02 2ad5\n"
	"characteristic 0020 0021 0000 02 2ad6\n"
	"characteristic 0022 0023 0000 02 2ad7\n"
	"characteristic 0024 0025 0000 02 2ad8\n"
	"characteristic 0026 0027 0028 28 2ad9\n"
	"characteristic 0029 002a 002b 10 2ada\n"
	"characteristic 002c 002d 0000 08 a580d216-7087-5e6c-36b3-77c02f551c85\n"
	"characteristic 002e 002f 0030 10 c4208999-8d92-bee1-4456-2068528eccf6\n"
	"characteristic 0031 0032 0000 02 62b817cb-47db-c59e-b675-1a66e37a5196\n"
	"service 0033 0038 fff0\n"
	"characteristic 0034 0035 0036 10 fff1\n"
	"characteristic 0037 0038 0000 04 fff2\n"
	"service 0039 003e fee0\n"
	"characteristic 003a 003b 003c 10 fee1\n"
	"characteristic 003d 003e 0000 04 fee2\n";

/* justintout/treadmill README.md (FitShow FS-BT-T4): order and properties as
 * there; it names no handles, these are consecutive. Service Changed is ours,
 * so that its subscription is seen. */
static const char fitshow[] =
	"service 0001 0005 1801\n"
	"characteristic 0002 0003 0005 20 2a05\n"
	"service 0006 0008 1800\n"
	"characteristic 0007 0008 0000 02 2a00\n"
	"service 0009 0019 180a\n"
	"characteristic 000a 000b 0000 02 2a51\n"
	"characteristic 000c 000d 0000 02 2a5d\n"
	"characteristic 000e 000f 0000 02 2a25\n"
	"characteristic 0010 0011 0000 02 2a23\n"
	"characteristic 0012 0013 0000 02 2a29\n"
	"characteristic 0014 0015 0000 02 2a24\n"
	"characteristic 0016 0017 0000 02 2a27\n"
	"characteristic 0018 0019 0000 02 2a28\n"
	"service 001a 002e 1826\n"
	"characteristic 001b 001c 0000 02 2acc\n"
	"characteristic 001d 001e 001f 10 2acd\n"
	"characteristic 0020 0021 0022 12 2ad3\n"
	"characteristic 0023 0024 0025 10 2ada\n"
	"characteristic 0026 0027 0028 28 2ad9\n"
	"characteristic 0029 002a 0000 02 2ad4\n"
	"characteristic 002b 002c 0000 02 2ad6\n"
	"characteristic 002d 002e 0000 02 2ad8\n"
	"service 002f ffff fff0\n"
	"characteristic 0030 0031 0032 10 fff1\n"
	"characteristic 0033 0034 0000 04 fff2\n";

/* blak3r/treadspan protocol-analysis/ble/ble-capture-1.pcap: the discovery's
 * own answers; vendor service alone, gaps between services, to the last handle */
static const char vendor[] =
	"service 0001 0005 1801\n"
	"characteristic 0002 0003 0004 20 2a05\n"
	"service 0014 001c 1800\n"
	"service 0028 ffff fff0\n"
	"characteristic 0029 002a 002b 10 fff1\n"
	"characteristic 002c 002d 002e 08 fff2\n";

static void serve(struct gatt_peer *peer)
{
	uint8_t pdu[1024], answer[ATT_MTU_MAX];
	ssize_t length;

	for (turn(); (length = recv(f.peer, pdu, sizeof(pdu), MSG_DONTWAIT)) > 0;
	     turn()) {
		size_t count = gatt_peer_answer(peer, pdu, (size_t)length,
		                                answer);

		if (count > 0)
			CU_ASSERT(send(f.peer, answer, count, 0) > 0);
	}
}

static void whole_device(const char *table, uint16_t mtu)
{
	struct gatt_peer peer;

	start();
	gatt_peer_init(&peer, table, mtu);
	gatt_exchange_mtu(f.gatt, on_done, NULL);
	gatt_discover(f.gatt, NULL, 0, on_done, NULL);
	serve(&peer);
	CU_ASSERT_EQUAL(f.done, 2);
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT_EQUAL(gatt_mtu(f.gatt), mtu);
	CU_ASSERT(table_is(table));
	CU_ASSERT_FALSE(gatt_table(f.gatt)->irregular);
	stop();
}

static void whole_devices(void)
{
	static const uint16_t mtus[] = { 23, 185, 200, 517 };

	for (size_t i = 0; i < COUNT(mtus); i++) {
		whole_device(urevo, mtus[i]);
		whole_device(fitshow, mtus[i]);
		whole_device(vendor, mtus[i]);
	}
}

/* Only what is wanted is searched; Service Changed is subscribed to. */
static void only_the_wanted_services(void)
{
	struct gatt_peer peer;

	start();
	gatt_peer_init(&peer, fitshow, 185);
	gatt_discover(f.gatt, fitness, 1, on_done, NULL);
	serve(&peer);
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT_FALSE(gatt_table_service(gatt_table(f.gatt), 0xfff0)->searched);
	CU_ASSERT_PTR_NULL(gatt_table_characteristic(gatt_table(f.gatt), 0xfff0,
	                                             0xfff1));
	CU_ASSERT_EQUAL(characteristic(0x2acd)->ccc, 0x1f);
	CU_ASSERT_EQUAL(peer.written_handle, 0x0005);
	CU_ASSERT(bytes_are(peer.written, peer.written_length, "0200"));
	stop();
}

static void a_long_value(uint16_t mtu)
{
	struct gatt_peer peer;
	uint8_t text[300];

	memset(text, 'u', sizeof(text));
	start();
	gatt_peer_init(&peer, urevo, mtu);
	gatt_peer_set(&peer, 0x0006, text, sizeof(text));
	gatt_exchange_mtu(f.gatt, on_done, NULL);
	gatt_read(f.gatt, 0x0006, on_done, NULL);
	serve(&peer);
	CU_ASSERT_EQUAL(f.status, GATT_OK);
	CU_ASSERT_EQUAL(f.length, sizeof(text));
	CU_ASSERT_EQUAL(memcmp(f.value, text, sizeof(text)), 0);
	stop();
}

static void long_values(void)
{
	a_long_value(23);
	a_long_value(101); /* three times full, and nothing left */
	a_long_value(517);
}

/* ---- a table kept from the last time ---- */

static void verify(const char *kept, const char *device, uint16_t mtu,
                   enum gatt_status status)
{
	struct gatt_table table;
	struct gatt_peer peer;

	start();
	gatt_peer_init(&peer, device, mtu);
	CU_ASSERT_FATAL(gatt_table_read(kept, &table));
	gatt_set_table(f.gatt, &table);
	gatt_exchange_mtu(f.gatt, on_done, NULL);
	CU_ASSERT(gatt_verify(f.gatt, on_done, NULL) != 0);
	serve(&peer);
	CU_ASSERT_EQUAL(f.done, 2);
	CU_ASSERT_EQUAL(f.status, status);
	stop();
}

static void a_kept_table(void)
{
	verify(urevo, urevo, 23, GATT_OK);
	verify(urevo, urevo, 517, GATT_OK);
	verify(fitshow, fitshow, 185, GATT_OK);
	verify(table_small, urevo, 517, GATT_STALE);
	verify(urevo, fitshow, 23, GATT_STALE);
	verify(vendor, table_small, 517, GATT_STALE);
	start(); /* nothing to compare */
	CU_ASSERT_EQUAL(gatt_verify(f.gatt, on_done, NULL), 0);
	stop();
}

/* One that differs in one thing */
static void a_stale_table(void)
{
	static const char *const now[] = {
		/* moved, another property, another UUID, one more, one less */
		"service 0010 0020 1826\ncharacteristic 0012 0013 0014 10 2acd\n",
		"service 0010 0020 1826\ncharacteristic 0011 0012 0013 12 2acd\n",
		"service 0010 0020 1826\ncharacteristic 0011 0012 0013 10 2ad2\n",
		("service 0010 0020 1826\n"
		 "characteristic 0011 0012 0013 10 2acd\n"
		 "characteristic 0014 0015 0000 02 2acc\n"),
		"service 0010 0020 1826\n",
	};

	for (size_t i = 0; i < COUNT(now); i++)
		verify("service 0010 0020 1826\n"
		       "characteristic 0011 0012 0013 10 2acd\n",
		       now[i], 517, GATT_STALE);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "whole devices of public dumps", whole_devices },
		{ "only the wanted services", only_the_wanted_services },
		{ "long values", long_values },
		{ "a kept table", a_kept_table },
		{ "a stale table", a_stale_table },
		CU_TEST_INFO_NULL,
	};

	return suite_run("gatt_devices", tests);
}
