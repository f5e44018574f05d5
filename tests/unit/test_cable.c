/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * USB/IP as the kernel speaks it: requests in any portions, replies, unlinking,
 * a stall, and a peer that speaks something else.
 */
#include "daemon/peripheral/cable.h"
#include "tests/unit/bytes.h"
#include "tests/unit/suite.h"

#include <string.h>

struct bench {
	struct cable cable;
	uint8_t written[4096], received[256];
	size_t written_length, received_length;
};

static void on_write(void *user, const uint8_t *bytes, size_t length)
{
	struct bench *b = user;

	CU_ASSERT_TRUE_FATAL(b->written_length + length <= sizeof(b->written));
	memcpy(b->written + b->written_length, bytes, length);
	b->written_length += length;
}

static void on_received(void *user, const uint8_t *bytes, size_t length)
{
	struct bench *b = user;

	CU_ASSERT_TRUE_FATAL(b->received_length + length <= sizeof(b->received));
	memcpy(b->received + b->received_length, bytes, length);
	b->received_length += length;
}

static const struct cable_ops ops = { on_write, on_received };

static void start(struct bench *b)
{
	memset(b, 0, sizeof(*b));
	cable_init(&b->cable, stick_model_find("1009"), &ops, b);
}

#define REST "00000000 00000000 00000000"
#define NO_SETUP "00000000 00000000"
#define IN(sequence, size) \
	"00000001 " sequence " 00010002 00000001 00000001 00000000 " size " " REST " " NO_SETUP
#define REPLY(sequence, status, actual) \
	"00000003 " sequence " 00000000 00000000 00000000 " status " " actual \
	" 00000000 00000000 00000000 00000000 00000000"

static void tell(struct bench *b, const char *hex)
{
	struct bytes bytes = bytes_of(hex);

	CU_ASSERT_TRUE(cable_receive(&b->cable, bytes.at, bytes.length));
}

static void expect(struct bench *b, const char *hex)
{
	CU_ASSERT_TRUE(bytes_are(b->written, b->written_length, hex));
	b->written_length = 0;
}

static void test_descriptor(void)
{
	struct bench b;

	start(&b);
	tell(&b, "00000001 00000007 00010002 00000001 00000000 00000200 00000012 " REST
	         " 8006000100001200");
	expect(&b, REPLY("00000007", "00000000", "00000012")
	       "12010002000000 40 cf0f0910 0001 010203 01");
	/* no such string: a stall of the control pipe */
	tell(&b, "00000001 00000008 00010002 00000001 00000000 00000200 000000ff " REST
	         " 800609030904ff00");
	expect(&b, REPLY("00000008", "ffffffe0", "00000000"));
}

/* Cut wherever it may be */
static void test_bulk(void)
{
	static const char out[] = "00000001 00000009 00010002 00000000 00000001 00000000 "
	                          "00000007 " REST " " NO_SETUP " a4014a00ef0000";
	struct bytes request = bytes_of(out);

	for (size_t cut = 0; cut <= request.length; cut++) {
		struct bench b;

		start(&b);
		CU_ASSERT_TRUE(cable_receive(&b.cable, request.at, cut));
		CU_ASSERT_TRUE(cable_receive(&b.cable, request.at + cut, request.length - cut));
		expect(&b, REPLY("00000009", "00000000", "00000007"));
		CU_ASSERT_TRUE(bytes_are(b.received, b.received_length, "a4014a00ef0000"));
		tell(&b, IN("0000000a", "00000200"));
		CU_ASSERT_EQUAL(b.written_length, 0); /* nothing yet: not answered */
		cable_send(&b.cable, (const uint8_t *)"\xa4\x01\x6f\x00\xca", 5);
		expect(&b, REPLY("0000000a", "00000000", "00000005") "a4016f00ca");
	}
}

static void test_unlink(void)
{
	struct bench b;

	start(&b);
	tell(&b, IN("0000000a", "00000200"));
	tell(&b, "00000002 0000000b 00010002 00000000 00000001 0000000a 00000000 " REST
	         " " NO_SETUP);
	expect(&b, "00000004 0000000b 00000000 00000000 00000000 ffffff98 00000000"
	           " 00000000 00000000 00000000 00000000 00000000");
	cable_send(&b.cable, (const uint8_t *)"x", 1);
	CU_ASSERT_EQUAL(b.written_length, 0);
}

static void test_stall(void)
{
	struct bench b;

	start(&b);
	tell(&b, IN("0000000a", "00000200"));
	cable_stall(&b.cable);
	expect(&b, REPLY("0000000a", "ffffffe0", "00000000"));
	tell(&b, IN("0000000b", "00000200"));
	expect(&b, REPLY("0000000b", "ffffffe0", "00000000"));
	/* clear feature: end point halt */
	tell(&b, "00000001 0000000c 00010002 00000000 00000000 00000000 00000000 " REST
	         " 0201000081000000");
	expect(&b, REPLY("0000000c", "00000000", "00000000"));
	CU_ASSERT_EQUAL(b.cable.halts_cleared, 1);
	tell(&b, IN("0000000d", "00000200"));
	CU_ASSERT_EQUAL(b.written_length, 0);
}

static void test_nonsense(void)
{
	struct bytes other = bytes_of("00000009 00000001 00000000 00000000 00000000 00000000"
	                              "00000000 00000000 00000000 00000000 00000000 00000000");
	struct bytes huge = bytes_of("00000001 00000001 00010002 00000000 00000001 00000000 "
	                             "7fffffff " REST " " NO_SETUP " 00");
	struct bench b;

	start(&b);
	CU_ASSERT_FALSE(cable_receive(&b.cable, other.at, other.length));
	start(&b);
	CU_ASSERT_FALSE(cable_receive(&b.cable, huge.at, huge.length));
}

/* What nobody fetches is lost from its old end, and nothing grows. */
static void test_overflow(void)
{
	struct bench b;

	start(&b);
	for (unsigned i = 0; i < 1000; i++) {
		uint8_t octet = (uint8_t)i;

		cable_send(&b.cable, &octet, 1);
	}
	CU_ASSERT_EQUAL(b.cable.chunk_count, CABLE_CHUNKS_MAX);
	tell(&b, IN("0000000a", "00000200"));
	CU_ASSERT_EQUAL(b.written[CABLE_HEADER_SIZE], (uint8_t)(1000 - CABLE_CHUNKS_MAX));
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "descriptors", test_descriptor },
		{ "bulk transfers, cut anywhere", test_bulk },
		{ "unlinking", test_unlink },
		{ "a stall", test_stall },
		{ "what is no USB/IP", test_nonsense },
		{ "what nobody fetches", test_overflow },
		CU_TEST_INFO_NULL,
	};

	return suite_run("cable", tests);
}
