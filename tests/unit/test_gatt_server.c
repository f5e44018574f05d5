/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The attribute server, PDU by PDU: what the Core specification, volume 3, part
 * F, section 3.4 says of each request and of each way to get one wrong.
 */
#include "daemon/peripheral/gatt_server.h"
#include "daemon/peripheral/layout.h"
#include "tests/unit/bytes.h"
#include "tests/unit/suite.h"

#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char table[] =
	"service 0001 0005 1801\n"
	"characteristic 0002 0003 0004 20 2a05\n"
	"service 0010 0020 1826\n"
	"characteristic 0011 0012 0000 02 2acc\n"
	"characteristic 0013 0014 0015 10 2acd\n"
	"characteristic 0016 0017 0018 28 2ad9\n"
	"characteristic 0019 001a 001b 12 2ad3\n"
	"service 0030 ffff 12345678-9abc-def0-0123-456789abcdef\n"
	"characteristic 0031 0032 0000 06 12345678-9abc-def0-0123-456789abcdf0\n";

static struct {
	struct gatt_server *server;
	uint8_t sent[8][ATT_MTU_MAX];
	size_t length[8];
	size_t count; /* of PDUs sent */
	size_t taken;
	uint16_t ccc;
	uint8_t written[ATT_VALUE_MAX];
	size_t written_length;
	uint8_t refusal;
} f;

static void on_send(void *user, const uint8_t *pdu, size_t length)
{
	(void)user;
	CU_ASSERT_FATAL(f.count < COUNT(f.sent));
	memcpy(f.sent[f.count], pdu, length);
	f.length[f.count++] = length;
}

static void on_configured(void *user, const struct gatt_characteristic *of,
                          uint16_t ccc)
{
	(void)user;
	(void)of;
	f.ccc = ccc;
}

static uint8_t on_written(void *user, const struct gatt_characteristic *to,
                          const uint8_t *value, size_t length)
{
	(void)user;
	memcpy(f.written, value, length);
	f.written_length = length;
	if (f.refusal == 0 && uuid_to16(&to->uuid) == 0x2ad9)
		gatt_server_tell(f.server, 0x2ad9, (const uint8_t[]){ 0x80 }, 1);
	return f.refusal;
}

static const struct gatt_server_ops ops = { on_send, on_configured,
	                                    on_written };

static void start(const char *text, uint16_t mtu)
{
	struct gatt_table read;

	memset(&f, 0, sizeof(f));
	f.server = malloc(sizeof(*f.server));
	CU_ASSERT_FATAL(f.server != NULL);
	CU_ASSERT_FATAL(gatt_table_read(text, &read));
	gatt_server_init(f.server, &read, mtu, &ops, NULL);
}

static void stop(void)
{
	free(f.server);
}

static void receive(const char *hex)
{
	struct bytes pdu = bytes_of(hex);

	f.count = f.taken = 0;
	gatt_server_receive(f.server, pdu.at, pdu.length);
}

/* The next of the PDUs sent; "" for none */
static bool sends(const char *hex)
{
	if (f.taken == f.count)
		return *hex == '\0';
	f.taken++;
	return bytes_are(f.sent[f.taken - 1], f.length[f.taken - 1], hex);
}

struct exchange {
	const char *name;
	const char *request;
	const char *answer; /* "": none */
};

static void play(const struct exchange *exchanges, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		receive(exchanges[i].request);
		if (!sends(exchanges[i].answer) || f.count > 1) {
			printf("    in: %s\n", exchanges[i].name);
			CU_FAIL("not the answer expected");
		}
	}
}

static const struct exchange discovery[] = {
	{ "3.4.3.1: services, those of one size",
	  "10 0100 ffff 0028",
	  "11 06 | 0100 0500 0118 | 1000 2000 2618" },
	{ "the long one by itself, cut to no MTU", "10 2100 ffff 0028",
	  "11 14 | 3000 ffff efcdab8967452301f0debc9a78563412" },
	{ "3.4.4.9: none in the range", "10 0200 0f00 0028", "01 10 0200 0a" },
	{ "no secondary services", "10 0100 ffff 0128", "01 10 0100 0a" },
	{ "3.4.4.9: no group type", "10 0100 ffff 0328", "01 10 0100 10" },
	{ "3.4.4.9: handle 0", "10 0000 ffff 0028", "01 10 0000 01" },
	{ "3.4.4.9: start above end", "10 0300 0200 0028", "01 10 0300 01" },
	{ "3.4.4.1: declarations, as many as fit in 23",
	  "08 1000 2000 0328",
	  "09 07 | 1100 02 1200 cc2a | 1300 10 1400 cd2a | 1600 28 1700 d92a" },
	{ "the rest", "08 1700 2000 0328", "09 07 | 1900 12 1a00 d32a" },
	{ "a type in its long form", "08 1900 2000 fb349b5f8000 0080 0010 0000 0328 0000",
	  "09 07 | 1900 12 1a00 d32a" },
	{ "a long declaration", "08 3000 ffff 0328",
	  "09 15 | 3100 06 3200 f0cdab8967452301f0debc9a78563412" },
	{ "values by their type", "08 0100 ffff cc2a", "09 04 | 1200 4556" },
	{ "3.4.4.1: the first may not be read", "08 0100 ffff cd2a",
	  "01 08 1400 02" },
	{ "3.4.4.1: none of the type", "08 0100 ffff 0029", "01 08 0100 0a" },
	{ "3.4.4.1: start above end", "08 0300 0200 0328", "01 08 0300 01" },
	{ "3.4.3.1: descriptors", "04 1500 1500", "05 01 | 1500 0229" },
	{ "as many as fit, gaps left out", "04 1200 2000",
	  "05 01 | 1200 cc2a | 1300 0328 | 1400 cd2a | 1500 0229 | 1600 0328" },
	{ "short before long", "04 1b00 ffff",
	  "05 01 | 1b00 0229 | 3000 0028 | 3100 0328" },
	{ "long by itself", "04 3200 ffff",
	  "05 02 | 3200 f0cdab8967452301f0debc9a78563412" },
	{ "3.4.3.1: none", "04 3300 ffff", "01 04 3300 0a" },
	{ "3.4.3.1: handle 0", "04 0000 ffff", "01 04 0000 01" },
	{ "3.4.3.3: a service by its UUID", "06 0100 ffff 0028 2618",
	  "07 | 1000 2000" },
	{ "3.4.3.3: none of that value", "06 0100 ffff 0028 0d18",
	  "01 06 0100 0a" },
	{ "3.4.3.3: start above end", "06 0900 0100 0028 2618",
	  "01 06 0900 01" },
};

static void test_discovery(void)
{
	start(table, 517);
	gatt_server_set(f.server, 0x2acc, (const uint8_t[]){ 0x45, 0x56 }, 2);
	play(discovery, COUNT(discovery));
	stop();
}

static const struct exchange reads[] = {
	{ "3.4.4.3", "0a 1200", "0b 000102030405060708090a0b0c0d0e0f101112131415" },
	{ "3.4.4.5: what is left", "0c 1200 1600", "0d 161718191a1b1c1d" },
	{ "3.4.4.5: at its end", "0c 1200 1e00", "0d" },
	{ "3.4.4.5: behind its end", "0c 1200 1f00", "01 0c 1200 07" },
	{ "a configuration", "0a 1500", "0b 0000" },
	{ "a declaration", "0a 1300", "0b 10 1400 cd2a" },
	{ "a service", "0a 1000", "0b 2618" },
	{ "3.4.4.3: no such handle", "0a 3300", "01 0a 3300 01" },
	{ "3.4.4.3: handle 0", "0a 0000", "01 0a 0000 01" },
	{ "3.4.4.3: may not be read", "0a 1400", "01 0a 1400 02" },
	{ "3.4.4.5: may not be read", "0c 1400 0000", "01 0c 1400 02" },
	{ "3.4.4.7: not supported", "0e 1200 1500", "01 0e 0000 06" },
};

static void test_reads(void)
{
	uint8_t value[30];

	for (size_t i = 0; i < sizeof(value); i++)
		value[i] = (uint8_t)i;
	start(table, 517);
	gatt_server_set(f.server, 0x2acc, value, sizeof(value));
	play(reads, COUNT(reads));
	stop();
}

static const struct exchange malformed[] = {
	{ "3.3: an empty PDU", "", "" },
	{ "3.4.1.1: cut short", "0a 12", "01 0a 0000 04" },
	{ "an octet too many", "0a 1200 00", "01 0a 0000 04" },
	{ "a type of three octets", "08 0100 ffff 032800", "01 08 0000 04" },
	{ "longer than the MTU",
	  "12 1700 00112233445566778899aabbccddeeff001122334455",
	  "01 12 0000 04" },
	{ "3.3: no such request", "3f", "01 3f 0000 06" },
	{ "3.3: no such command", "7f", "" },
	{ "3.4.6.1: prepare write", "16 1700 0000 aa", "01 16 0000 06" },
	{ "3.4.6.3: execute write", "18 01", "01 18 0000 06" },
	{ "an answer that nobody asked for", "0b 00", "" },
	{ "a notification to a server", "1b 1400 00", "" },
	{ "a confirmation of nothing", "1e", "" },
	{ "a signed command", "d2 3200 00", "" },
	{ "a command cut short", "52 32", "" },
};

static void test_malformed(void)
{
	start(table, 517);
	play(malformed, COUNT(malformed));
	stop();
}

static const struct exchange writes[] = {
	{ "3.4.5.1: no such handle", "12 3300 00", "01 12 3300 01" },
	{ "3.4.5.1: may not be written", "12 1200 00", "01 12 1200 03" },
	{ "a declaration neither", "12 1300 00", "01 12 1300 03" },
	{ "only by command", "12 3200 00", "01 12 3200 03" },
	{ "3.4.5.3: a command is not answered", "52 3200 aabb", "" },
	{ "not to a handle that is not there either", "52 3300 aabb", "" },
	{ "G 3.3.3.3: a configuration is two octets", "12 1500 01",
	  "01 12 1500 0d" },
	{ "supplement: indications that it has not", "12 1500 0200",
	  "01 12 1500 fd" },
	{ "notifications that it has not", "12 0400 0100", "01 12 0400 fd" },
	{ "notifications", "12 1500 0100", "13" },
	{ "are configured", "0a 1500", "0b 0100" },
};

static void test_writes(void)
{
	start(table, 517);
	play(writes, COUNT(writes));
	CU_ASSERT(bytes_are(f.written, f.written_length, "aabb"));
	CU_ASSERT_EQUAL(f.ccc, ATT_CCC_NOTIFY);
	f.refusal = 0x80;
	play(&(struct exchange){ "what it refuses", "12 1700 05",
	                         "01 12 1700 80" },
	     1);
	stop();
}

static void mtu_of(uint16_t own, const char *request, const char *answer,
                   uint16_t expected)
{
	start(table, own);
	CU_ASSERT_EQUAL(f.server->mtu, 23);
	receive(request);
	CU_ASSERT(sends(answer));
	CU_ASSERT_EQUAL(f.server->mtu, expected);
	stop();
}

/* 3.4.2: the lesser of the two, never below 23 */
static void test_mtu(void)
{
	mtu_of(517, "02 0502", "03 0502", 517);
	mtu_of(23, "02 0502", "03 1700", 23);
	mtu_of(185, "02 6400", "03 b900", 100);
	mtu_of(517, "02 0500", "03 0502", 23);
}

static void configure(const char *hex)
{
	receive(hex);
	CU_ASSERT(sends("13"));
}

static void tell(uint16_t uuid, const char *hex)
{
	struct bytes value = bytes_of(hex);

	f.count = f.taken = 0;
	CU_ASSERT(gatt_server_tell(f.server, uuid, value.at, value.length));
}

/* 3.4.7.1: only to whom asked for it, on this link, and no longer than fits */
static void test_notifications(void)
{
	start(table, 517);
	tell(0x2acd, "aa");
	CU_ASSERT(sends(""));
	configure("12 1500 0100");
	tell(0x2acd, "8425 e100");
	CU_ASSERT(sends("1b 1400 8425 e100"));
	tell(0x2acd, "000102030405060708090a0b0c0d0e0f10111213 1415");
	CU_ASSERT(sends("1b 1400 000102030405060708090a0b0c0d0e0f10111213"));
	configure("12 1500 0000");
	tell(0x2acd, "aa");
	CU_ASSERT(sends(""));
	configure("12 1500 0100");
	gatt_server_connected(f.server);
	tell(0x2acd, "aa");
	CU_ASSERT(sends(""));
	CU_ASSERT_FALSE(gatt_server_tell(f.server, 0x2a53, NULL, 0));
	stop();
}

/* 3.3.2: the next one waits for the confirmation */
static void test_indications(void)
{
	start(table, 517);
	configure("12 0400 0200");
	tell(0x2a05, "0100 ffff");
	CU_ASSERT(sends("1d 0300 0100 ffff"));
	tell(0x2a05, "0200 ffff");
	CU_ASSERT(sends(""));
	receive("0a 1500");
	CU_ASSERT(sends("0b 0000"));
	CU_ASSERT(sends(""));
	receive("1e");
	CU_ASSERT(sends("1d 0300 0200 ffff"));
	for (size_t i = 0; i < GATT_SERVER_INDICATIONS; i++)
		tell(0x2a05, "0300 ffff");
	CU_ASSERT_FALSE(gatt_server_tell(f.server, 0x2a05, NULL, 0));
	stop();
}

/* A control point's answer comes after the write's. */
static void test_control_point(void)
{
	start(table, 517);
	configure("12 1800 0200");
	receive("12 1700 00");
	CU_ASSERT(sends("13"));
	CU_ASSERT(sends("1d 1700 80"));
	CU_ASSERT(sends(""));
	stop();
}

static void test_long_uuids(void)
{
	start("service 0001 0003 1826\ncharacteristic 0002 0003 0000 02 2acc\n",
	      517);
	f.server->long_uuids = true;
	receive("10 0100 ffff 0028");
	CU_ASSERT(sends("11 14 | 0100 0300 fb349b5f80000080001000002618 0000"));
	receive("08 0100 ffff 0328");
	CU_ASSERT(sends("09 15 | 0200 02 0300 fb349b5f8000008000100000cc2a0000"));
	stop();
}

/* Every layout can be read, and its role's first service is in it. */
static void test_layouts(void)
{
	static const uint16_t services[ROLES] = { 0x1826, 0x1814, 0x180d };

	for (size_t i = 0; i < layout_count(); i++) {
		const struct layout *layout = layout_at(i);
		struct gatt_table read;

		CU_ASSERT_FATAL(gatt_table_read(layout->table, &read));
		CU_ASSERT_PTR_NOT_NULL(
			gatt_table_service(&read, services[layout->role]));
		CU_ASSERT_PTR_EQUAL(layout_find(layout->role, layout->name),
		                    layout);
	}
	CU_ASSERT_PTR_NULL(layout_at(layout_count()));
	CU_ASSERT_PTR_NULL(layout_find(ROLE_STRAP, "urevo"));
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "discovery", test_discovery },
		{ "reads", test_reads },
		{ "what is malformed or not supported", test_malformed },
		{ "writes", test_writes },
		{ "the MTU", test_mtu },
		{ "notifications", test_notifications },
		{ "indications", test_indications },
		{ "a control point", test_control_point },
		{ "UUIDs in their long form", test_long_uuids },
		{ "the layouts", test_layouts },
		CU_TEST_INFO_NULL,
	};

	return suite_run("gatt_server", tests);
}
