/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Captures packet by packet: what each link type wraps its packets in, and what
 * comes out as lines of a recording. The frames are those of tests/data.
 */
#include "daemon/captures/btsnoop.h"
#include "daemon/captures/capture.h"
#include "daemon/captures/usb.h"
#include "daemon/devices/recording.h"
#include "tests/unit/bytes.h"
#include "tests/unit/suite.h"

#include <stdlib.h>
#include <string.h>

#define SPEED "8425e1000000000100000000002100020000" /* URTM041 */
#define FEATURE "4556000005000000"
#define PAGE "a4094e014001020304050607a2" /* a strap's, not said by the frame */

struct bench {
	struct capture *capture;
	char events[8192], notes[4096];
	struct capture_wishes wishes;
};

static void on_event(void *user, const struct source_event *event)
{
	struct bench *b = user;
	size_t used = strlen(b->events);
	char line[RECORDING_LINE_MAX];
	size_t length = recording_write_line(event, line, sizeof(line));

	CU_ASSERT_FATAL(length > 0 && used + length < sizeof(b->events));
	memcpy(b->events + used, line, length);
	b->events[used + length] = '\0';
}

static void on_note(void *user, const char *text)
{
	struct bench *b = user;
	size_t used = strlen(b->notes);

	snprintf(b->notes + used, sizeof(b->notes) - used, "%s\n", text);
}

/* A packet of a script: a time in milliseconds, btsnoop's flags, octets */
struct step {
	int64_t ms;
	uint32_t flags;
	const char *hex;
};

static void feed(struct bench *b, const struct capture_link *link, const struct step *steps)
{
	for (const struct step *s = steps; s->hex; s++) {
		struct bytes bytes = bytes_of(s->hex);
		struct capture_packet packet = { .t_us = s->ms * 1000,
			                         .bytes = bytes.at,
			                         .length = bytes.length,
			                         .original = bytes.length,
			                         .flags = s->flags };

		capture_packet(b->capture, link, &packet);
	}
}

static void begin(struct bench *b)
{
	struct capture_host host = { on_event, on_note, b };

	b->events[0] = b->notes[0] = '\0';
	b->capture = capture_new(&host, &b->wishes);
	CU_ASSERT_FATAL(b->capture != NULL);
}

/* Reads the script twice, as gaitctl does the file. */
static struct bench *run(struct bench *b, enum capture_family family, uint32_t number,
                         const struct step *steps)
{
	const struct capture_link *link = capture_link(family, number);

	CU_ASSERT_FATAL(link != NULL);
	begin(b);
	feed(b, link, steps);
	capture_learned(b->capture);
	capture_play(b->capture);
	feed(b, link, steps);
	capture_end(b->capture);
	return b;
}

static void is_said(const char *seen, const char *expected)
{
	if (strcmp(seen, expected) == 0)
		return;
	printf("\n--- expected\n%s--- saw\n%s", expected, seen);
	CU_FAIL("something else came out");
}

static void end(struct bench *b)
{
	capture_free(b->capture);
	b->capture = NULL;
}

/* ---- a host's log ------------------------------------------------------------ */

#define CONNECTED "04 3e13 01 00 4000 00 00 5cce218fa447 1800 0000 4800 00"
#define DISCONNECTED "04 05 04 00 4000 13"
#define ASK_TYPE "02 4000 0b00 0700 0400 08 0100 ffff 0328"
/* 2acc at 0x15, 2acd at 0x17 */
#define TOLD_TYPE "02 4020 1400 1000 0400 09 07 1400 02 1500 cc2a 1600 10 1700 cd2a"
#define NOTIFIED "02 4020 1900 1500 0400 1b 1700 " SPEED

static const char discovered[] =
	"0 treadmill address 47:A4:8F:21:CE:5C\n"
	"0 treadmill value 2acc " FEATURE "\n"
	"100000 treadmill link live\n"
	"100000 treadmill notify 2acd " SPEED "\n"
	"400000 treadmill link lost\n";

static void test_h4(void)
{
	static const struct step steps[] = {
		{ 0, 1, CONNECTED },
		{ 100, 0, ASK_TYPE },
		{ 150, 1, TOLD_TYPE },
		{ 160, 0, "02 4000 0700 0300 0400 0a 1500" },
		{ 200, 1, "02 4020 0d00 0900 0400 0b " FEATURE },
		{ 300, 1, NOTIFIED },
		{ 600, 1, DISCONNECTED },
		{ 0, 0, NULL },
	};
	struct bench b = { .wishes.handle_count = 0 };

	run(&b, CAPTURE_BTSNOOP, 1002, steps);
	is_said(b.events, discovered);
	CU_ASSERT_EQUAL(capture_counts(b.capture).damaged, 0);
	CU_ASSERT_EQUAL(capture_length_us(b.capture), 400000);
	end(&b);
}

/* Phones discover once and remember: what the second connection was told holds
 * for the first, and for one that follows. */
static void test_before_discovery(void)
{
	static const struct step steps[] = {
		{ 0, 1, CONNECTED },    { 100, 1, NOTIFIED }, { 200, 1, DISCONNECTED },
		{ 300, 1, CONNECTED },  { 310, 0, ASK_TYPE }, { 320, 1, TOLD_TYPE },
		{ 400, 1, DISCONNECTED }, { 0, 0, NULL },
	};
	struct bench b = { .wishes.handle_count = 0 };

	run(&b, CAPTURE_BTSNOOP, 1002, steps);
	is_said(b.events, "0 treadmill address 47:A4:8F:21:CE:5C\n"
	                  "0 treadmill link live\n"
	                  "0 treadmill notify 2acd " SPEED "\n"
	                  "100000 treadmill link lost\n");
	end(&b);
}

/* An ACL packet holds 27 octets where the controller is old: two and a rest. */
static void test_fragments(void)
{
	static const struct step steps[] = {
		{ 0, 1, CONNECTED },
		{ 10, 0, ASK_TYPE },
		{ 20, 1, "02 4020 0c00 1000 0400 09 07 1400 02 1500 cc" },
		{ 21, 1, "02 4010 0400 2a 1600 10" },
		{ 22, 1, "02 4010 0400 1700 cd2a" },
		{ 30, 1, "02 4020 0900 1500 0400 1b 1700 84 25" },
		{ 31, 1, "02 4010 1000 e1000000000100000000002100020000" },
		{ 32, 1, "02 4010 0400 01020304" }, /* goes on with nothing */
		{ 0, 0, NULL },
	};
	struct bench b = { .wishes.handle_count = 0 };

	run(&b, CAPTURE_BTSNOOP, 1002, steps);
	is_said(b.events, "0 treadmill address 47:A4:8F:21:CE:5C\n"
	                  "0 treadmill link live\n"
	                  "0 treadmill notify 2acd " SPEED "\n");
	end(&b);
}

/* By find information, with the long form of 2acd, 16-bit and long UUIDs; a value
 * longer than a PDU; a vendor's notification; more than one in a PDU. */
static void test_attributes(void)
{
	static const struct step steps[] = {
		{ 0, 1, CONNECTED },
		{ 1, 0, "02 4000 0900 0500 0400 04 0100 ffff" },
		{ 2, 1, "02 4020 1600 1200 0400 05 01 0300 002a 0500 292a 0700 242a 0900 02 29" },
		{ 3, 1, "02 4020 1800 1400 0400 05 02 1700 fb349b5f80000080 00100000 cd2a0000" },
		{ 4, 1, "02 4020 1800 1400 0400 05 02 1900 6d6f632e6f7265766f72757362303030" },
		{ 5, 0, "02 4000 0700 0300 0400 0a 0300" },
		{ 6, 1, "02 4020 0b00 0700 0400 0b 55524556 4f00" },
		{ 7, 0, "02 4000 0700 0300 0400 0a 0500" },
		{ 8, 1, "02 4020 1b00 1700 0400 0b 4141414141414141414141 4141414141414141414141" },
		{ 9, 0, "02 4000 0900 0500 0400 0c 0500 1600" },
		{ 10, 1, "02 4020 0700 0300 0400 0d 4242" },
		{ 11, 1, "02 4020 0900 0500 0400 1b 1900 0102" },
		{ 12, 1, "02 4020 1d00 1900 0400 23 1700 1200" SPEED "0900 0000" },
		{ 0, 0, NULL },
	};
	struct bench b = { .wishes.handle_count = 0 };

	run(&b, CAPTURE_BTSNOOP, 1002, steps);
	is_said(b.events, "0 treadmill name UREVO\n"
	                  "0 treadmill address 47:A4:8F:21:CE:5C\n"
	                  "0 treadmill value 2a29 "
	                  "414141414141414141414141414141414141414141414242\n"
	                  "2000 treadmill link live\n"
	                  "2000 treadmill notify 2acd " SPEED "\n");
	CU_ASSERT_EQUAL(capture_counts(b.capture).vendors, 1);
	CU_ASSERT_EQUAL(capture_counts(b.capture).damaged, 0);
	CU_ASSERT_STRING_EQUAL(capture_model(b.capture), "AAAAAAAAAAAAAAAAAAAAAABB");
	end(&b);
}

/* The same packets as btmon and other programs wrap them */
static void test_wrappings(void)
{
	static const struct step monitor[] = {
		{ 0, 3, "3e13 01 00 4000 00 00 5cce218fa447 1800 0000 4800 00" },
		{ 1, 4, "4000 0b00 0700 0400 08 0100 ffff 0328" },
		{ 2, 5, "4020 1400 1000 0400 09 07 1400 02 1500 cc2a 1600 10 1700 cd2a" },
		{ 3, 1u << 16 | 5, "4020 1900 1500 0400 1b 1700 " SPEED }, /* hci1: another */
		{ 4, 5, "4020 1900 1500 0400 1b 1700 " SPEED },
		{ 0, 0, NULL },
	};
	static const struct step h1[] = {
		{ 0, 3, "3e13 01 00 4000 00 00 5cce218fa447 1800 0000 4800 00" },
		{ 1, 0, "4000 0b00 0700 0400 08 0100 ffff 0328" },
		{ 2, 1, "4020 1400 1000 0400 09 07 1400 02 1500 cc2a 1600 10 1700 cd2a" },
		{ 4, 1, "4020 1900 1500 0400 1b 1700 " SPEED },
		{ 0, 0, NULL },
	};
	static const struct step pcap_h4[] = {
		{ 0, 0, "00000001" CONNECTED },
		{ 1, 0, "00000000" ASK_TYPE },
		{ 2, 0, "00000001" TOLD_TYPE },
		{ 4, 0, "00000001" NOTIFIED },
		{ 0, 0, NULL },
	};
	static const struct step no_way[] = {
		{ 0, 0, CONNECTED }, { 1, 0, ASK_TYPE }, { 2, 0, TOLD_TYPE }, { 4, 0, NOTIFIED },
		{ 0, 0, NULL },
	};
	static const struct step pcap_monitor[] = {
		{ 0, 0, "0000 0003 3e13 01 00 4000 00 00 5cce218fa447 1800 0000 4800 00" },
		{ 1, 0, "0000 0004 4000 0b00 0700 0400 08 0100 ffff 0328" },
		{ 2, 0, "0000 0005 4020 1400 1000 0400 09 07 1400 02 1500 cc2a 1600 10 1700 cd2a" },
		{ 4, 0, "0000 0005 4020 1900 1500 0400 1b 1700 " SPEED },
		{ 0, 0, NULL },
	};
	static const struct {
		enum capture_family family;
		uint32_t number;
		const struct step *steps;
	} all[] = {
		{ CAPTURE_BTSNOOP, 2001, monitor }, { CAPTURE_BTSNOOP, 1001, h1 },
		{ CAPTURE_PCAP, 201, pcap_h4 },     { CAPTURE_PCAP, 187, no_way },
		{ CAPTURE_PCAP, 254, pcap_monitor },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct bench b = { .wishes.handle_count = 0 };

		run(&b, all[i].family, all[i].number, all[i].steps);
		is_said(b.events, "0 treadmill address 47:A4:8F:21:CE:5C\n"
		                  "0 treadmill link live\n"
		                  "0 treadmill notify 2acd " SPEED "\n");
		end(&b);
	}
	CU_ASSERT_PTR_NULL(capture_link(CAPTURE_PCAP, 1)); /* Ethernet */
}

/* ---- handles by hand, and what is said of those without a name ---------------------- */

static void test_by_hand(void)
{
	static const struct step steps[] = {
		{ 0, 1, CONNECTED }, { 100, 1, NOTIFIED }, { 200, 1, NOTIFIED },
		{ 300, 1, NOTIFIED }, { 0, 0, NULL },
	};
	struct bench b = { .wishes.handle_count = 0 };

	run(&b, CAPTURE_BTSNOOP, 1002, steps);
	is_said(b.events, "");
	CU_ASSERT_FALSE(capture_has_devices(b.capture));
	CU_ASSERT_PTR_NOT_NULL(strstr(b.notes, "--handle 2acd=0x0017"));
	CU_ASSERT_EQUAL(capture_counts(b.capture).nameless, 3);
	end(&b);

	b.wishes.handle_count = 1;
	b.wishes.handles[0].uuid = 0x2acd;
	b.wishes.handles[0].handle = 0x17;
	run(&b, CAPTURE_BTSNOOP, 1002, steps);
	is_said(b.events, "0 treadmill address 47:A4:8F:21:CE:5C\n"
	                  "0 treadmill link live\n"
	                  "0 treadmill notify 2acd " SPEED "\n"
	                  "100000 treadmill notify 2acd " SPEED "\n"
	                  "200000 treadmill notify 2acd " SPEED "\n");
	CU_ASSERT_PTR_NULL(strstr(b.notes, "--handle"));
	end(&b);
}

/* What a vendor notifies looks like nothing. */
static void test_no_likeness(void)
{
	static const struct step steps[] = {
		{ 0, 1, CONNECTED },
		{ 1, 1, "02 4020 0e00 0a00 0400 1b 3500 02510b00000000" },
		{ 2, 1, "02 4020 0e00 0a00 0400 1b 3500 02510b00000000" },
		{ 3, 1, "02 4020 0e00 0a00 0400 1b 3500 02510b00000000" },
		{ 4, 1, "02 4020 0e00 0a00 0400 1b 3500 02510b00000000" },
		{ 0, 0, NULL },
	};
	struct bench b = { .wishes.handle_count = 0 };

	run(&b, CAPTURE_BTSNOOP, 1002, steps);
	is_said(b.notes, "");
	end(&b);
}

/* Another capture of the same device has the discovery. */
static void test_other_capture(void)
{
	static const struct step other[] = {
		{ 900, 1, CONNECTED }, { 910, 0, ASK_TYPE }, { 920, 1, TOLD_TYPE },
		{ 930, 1, NOTIFIED }, { 0, 0, NULL },
	};
	static const struct step steps[] = { { 0, 1, CONNECTED }, { 5, 1, NOTIFIED },
		                             { 0, 0, NULL } };
	const struct capture_link *link = capture_link(CAPTURE_BTSNOOP, 1002);
	struct bench b = { .wishes.handle_count = 0 };

	begin(&b);
	feed(&b, link, other);
	capture_other(b.capture);
	feed(&b, link, steps);
	capture_learned(b.capture);
	capture_play(b.capture);
	feed(&b, link, steps);
	capture_end(b.capture);
	is_said(b.events, "0 treadmill address 47:A4:8F:21:CE:5C\n"
	                  "0 treadmill link live\n"
	                  "0 treadmill notify 2acd " SPEED "\n");
	CU_ASSERT_EQUAL(capture_counts(b.capture).packets, 2);
	end(&b);
}

/* ---- several devices -------------------------------------------------------------------- */

static void test_devices(void)
{
	static const struct step steps[] = {
		{ 0, 1, CONNECTED },
		{ 1, 1, "04 3e13 01 00 4100 00 01 0102030405c6 1800 0000 4800 00" },
		{ 2, 1, "04 3e13 01 00 4200 00 00 112233445566 1800 0000 4800 00" },
		{ 3, 0, ASK_TYPE },
		{ 4, 1, TOLD_TYPE },
		{ 5, 0, "02 4100 0b00 0700 0400 08 0100 ffff 0328" },
		{ 6, 1, "02 4120 0d00 0900 0400 09 07 0a00 10 0b00 532a" },
		{ 7, 0, "02 4200 0b00 0700 0400 08 0100 ffff 0328" },
		{ 8, 1, "02 4220 0d00 0900 0400 09 07 1600 10 1700 cd2a" },
		{ 9, 1, "04 3e18 02 01 00 01 0102030405c6 0c 0b09 5374727964 2050303031 c5" },
		{ 10, 1, "02 4120 0b00 0700 0400 1b 0b00 00660250" },
		{ 11, 1, "02 4220 0b00 0700 0400 1b 1700 0000e803" },
		{ 12, 1, NOTIFIED },
		{ 0, 0, NULL },
	};
	static const char pod[] = "0 footpod name Stryd P001\n"
				  "0 footpod address C6:05:04:03:02:01\n"
				  "0 footpod link live\n"
				  "0 footpod notify 2a53 00660250\n";
	char expected[1024];
	struct bench b = { .wishes.handle_count = 0 };

	run(&b, CAPTURE_BTSNOOP, 1002, steps);
	snprintf(expected, sizeof(expected),
	         "%s1000 treadmill address 66:55:44:33:22:11\n"
	         "1000 treadmill link live\n"
	         "1000 treadmill notify 2acd 0000e803\n"
	         "2000 treadmill.2 address 47:A4:8F:21:CE:5C\n"
	         "2000 treadmill.2 link live\n"
	         "2000 treadmill.2 notify 2acd " SPEED "\n", pod);
	is_said(b.events, expected);
	end(&b);

	b.wishes.has_treadmill = true;
	CU_ASSERT(le_address_from_text("47:a4:8f:21:ce:5c", &b.wishes.treadmill));
	run(&b, CAPTURE_BTSNOOP, 1002, steps);
	snprintf(expected, sizeof(expected),
	         "%s2000 treadmill address 47:A4:8F:21:CE:5C\n"
	         "2000 treadmill link live\n"
	         "2000 treadmill notify 2acd " SPEED "\n", pod);
	is_said(b.events, expected);
	CU_ASSERT_PTR_NOT_NULL(strstr(b.notes, "66:55:44:33:22:11: a treadmill that was not"));
	end(&b);
}

/* ---- a sniffer ------------------------------------------------------------------------------ */

/* The nRF Sniffer's header of version 3: type, then flags; its time is of no use */
#define NORDIC(type, flags) "07 0000 03 0000 " type " 0a " flags " 0a 2a 0000 00000000 "
#define ACCESS "50657417"
#define AIR_CONNECT                                                                         \
	"d6be898e c5 22 8dcf51208269 5cce218fa447 " ACCESS " 2b1a0c 03 1200 1800 0000 4800 " \
	"001f350000 00 000000"
#define AIR_NAME "d6be898e 44 0f 5cce218fa447 0809 5552544d303431 000000"
#define AIR_ASK ACCESS " 0e 0b 0700 0400 08 0100 ffff 0328 000000"
#define AIR_TOLD ACCESS " 06 14 1000 0400 09 07 1400 02 1500 cc2a 1600 10 1700 cd2a 000000"
#define AIR_NOTIFIED(header) ACCESS header "19 1500 0400 1b 1700 " SPEED " 000000"

static const char sniffed[] = "0 treadmill name URTM041\n"
			      "0 treadmill address 47:A4:8F:21:CE:5C\n"
			      "0 treadmill link live\n"
			      "0 treadmill notify 2acd " SPEED "\n"
			      "60000 treadmill notify 2acd " SPEED "\n"
			      "90000 treadmill link lost\n";

/* Sent again with the same sequence number it is one; with the other, or with
 * something between, two. */
static void test_nordic(void)
{
	static const struct step steps[] = {
		{ 0, 0, NORDIC("02", "01") "d6be898e 00 06 5cce218fa447 000000" },
		{ 0, 0, NORDIC("02", "01") AIR_NAME },
		{ 1, 0, NORDIC("02", "01") AIR_CONNECT },
		{ 10, 0, NORDIC("06", "03") AIR_ASK },
		{ 20, 0, NORDIC("06", "01") AIR_TOLD },
		{ 30, 0, NORDIC("06", "01") AIR_NOTIFIED("0a") },
		{ 60, 0, NORDIC("06", "01") AIR_NOTIFIED("0a") },
		{ 70, 0, NORDIC("06", "00") AIR_NOTIFIED("06") }, /* its checksum is wrong */
		{ 80, 0, NORDIC("09", "01") }, /* the sniffer's own */
		{ 90, 0, NORDIC("06", "01") AIR_NOTIFIED("06") },
		{ 120, 0, NORDIC("06", "03") ACCESS " 03 02 02 13 000000" },
		{ 0, 0, NULL },
	};
	struct bench b = { .wishes.handle_count = 0 };

	run(&b, CAPTURE_PCAP, 272, steps);
	is_said(b.events, sniffed);
	CU_ASSERT_EQUAL(capture_counts(b.capture).repeated, 1);
	CU_ASSERT_EQUAL(capture_counts(b.capture).damaged, 1);
	end(&b);
}

/* Version 1 begins with the length of its header, and user-defined link types of
 * old captures hold the same. */
static void test_nordic_old(void)
{
	static const struct step steps[] = {
		{ 1, 0, "07 06 35 01 0000 06 0a 01 0a 2a 0000 00000000" AIR_CONNECT },
		{ 10, 0, "07 06 1d 01 0000 06 0a 03 0a 2a 0000 00000000" AIR_ASK },
		{ 20, 0, "07 06 26 01 0000 06 0a 01 0a 2a 0000 00000000" AIR_TOLD },
		{ 30, 0, "07 06 2b 01 0000 06 0a 01 0a 2a 0000 00000000" AIR_NOTIFIED("0a") },
		{ 40, 0, "07 06 2b 04 0000 06 0a 01 0a 2a 0000 00000000" AIR_NOTIFIED("06") },
		{ 0, 0, NULL },
	};
	struct bench b = { .wishes.handle_count = 0 };

	run(&b, CAPTURE_PCAP, 157, steps);
	is_said(b.events, "0 treadmill address 47:A4:8F:21:CE:5C\n"
	                  "0 treadmill link live\n"
	                  "0 treadmill notify 2acd " SPEED "\n");
	CU_ASSERT_EQUAL(capture_counts(b.capture).damaged, 1); /* a version of tomorrow */
	end(&b);
}

/* After a missed packet the sniffer takes the one side for the other (seen in
 * treadspan's captures): who notifies is the peripheral still. */
static void test_swapped_sides(void)
{
	static const struct step steps[] = {
		{ 1, 0, NORDIC("02", "01") AIR_CONNECT },
		{ 10, 0, NORDIC("06", "03") AIR_ASK },
		{ 20, 0, NORDIC("06", "01") AIR_TOLD },
		{ 30, 0, NORDIC("06", "03") AIR_NOTIFIED("0a") },
		{ 0, 0, NULL },
	};
	struct bench b = { .wishes.handle_count = 0 };

	run(&b, CAPTURE_PCAP, 272, steps);
	is_said(b.events, "0 treadmill address 47:A4:8F:21:CE:5C\n"
	                  "0 treadmill link live\n"
	                  "0 treadmill notify 2acd " SPEED "\n");
	end(&b);
}

/* LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR, and without it */
#define PHDR(flags) "0a d6 00 00 50657417 " flags

static void test_le(void)
{
	static const struct step header[] = {
		{ 1, 0, PHDR("110c") AIR_CONNECT },
		{ 10, 0, PHDR("110d") AIR_ASK },  /* to the peripheral */
		{ 20, 0, PHDR("910d") AIR_TOLD }, /* to the central */
		{ 30, 0, PHDR("910d") AIR_NOTIFIED("0a") },
		{ 31, 0, PHDR("9105") AIR_NOTIFIED("06") }, /* checked, and wrong */
		{ 32, 0, PHDR("110e") AIR_NOTIFIED("06") }, /* isochronous */
		{ 0, 0, NULL },
	};
	static const struct step bare[] = {
		{ 1, 0, AIR_CONNECT }, { 10, 0, AIR_ASK }, { 20, 0, AIR_TOLD },
		{ 30, 0, AIR_NOTIFIED("0a") }, { 31, 0, AIR_NOTIFIED("0a") }, { 0, 0, NULL },
	};
	struct bench b = { .wishes.handle_count = 0 };
	static const char expected[] = "0 treadmill address 47:A4:8F:21:CE:5C\n"
				       "0 treadmill link live\n"
				       "0 treadmill notify 2acd " SPEED "\n";

	run(&b, CAPTURE_PCAP, 256, header);
	is_said(b.events, expected);
	CU_ASSERT_EQUAL(capture_counts(b.capture).damaged, 1);
	end(&b);
	run(&b, CAPTURE_PCAP, 251, bare);
	is_said(b.events, expected);
	CU_ASSERT_EQUAL(capture_counts(b.capture).repeated, 1);
	end(&b);
}

/* Where the sniffer does not say, the checksum tells: that of treadspan's kinomap
 * capture, and the same with a bit turned. */
static void test_checksum(void)
{
	static const struct step steps[] = {
		{ 1, 0, "d6be898e 45 22 8dcf51208269 5cce218fa447 17746550 a4bac3 03 1200 1800 0000 "
		        "4800 1f35000000 e1 cd0981" },
		{ 2, 0, "17746550 0a 19 1500 0400 1b 1700 " SPEED " 554979" },
		{ 3, 0, "17746550 06 19 1500 0400 1b 1700 " SPEED " 554979" },
		{ 0, 0, NULL },
	};
	struct bench b = { .wishes.handle_count = 1,
		           .wishes.handles = { { .uuid = 0x2acd, .handle = 0x17 } } };

	run(&b, CAPTURE_PCAP, 251, steps);
	is_said(b.events, "0 treadmill address 47:A4:8F:21:CE:5C\n"
	                  "0 treadmill link live\n"
	                  "0 treadmill notify 2acd " SPEED "\n");
	CU_ASSERT_EQUAL(capture_counts(b.capture).damaged, 1);
	end(&b);
}

static void test_encrypted(void)
{
	static const struct step steps[] = {
		{ 1, 0, NORDIC("02", "01") AIR_CONNECT },
		{ 10, 0, NORDIC("06", "03") AIR_ASK },
		{ 20, 0, NORDIC("06", "01") AIR_TOLD },
		{ 25, 0, NORDIC("06", "01") ACCESS " 0f 01 05 000000" },
		{ 30, 0, NORDIC("06", "01") AIR_NOTIFIED("06") },  /* noise, to us */
		{ 40, 0, NORDIC("06", "0d") AIR_NOTIFIED("0a") },  /* it has the key */
		{ 0, 0, NULL },
	};
	struct bench b = { .wishes.handle_count = 0 };

	run(&b, CAPTURE_PCAP, 272, steps);
	is_said(b.events, "0 treadmill address 47:A4:8F:21:CE:5C\n"
	                  "0 treadmill link live\n"
	                  "0 treadmill notify 2acd " SPEED "\n");
	CU_ASSERT_EQUAL(capture_counts(b.capture).encrypted, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(b.notes, "to 47:A4:8F:21:CE:5C is encrypted from packet 5"));
	end(&b);
}

/* ---- sticks ----------------------------------------------------------------------------------- */

/* A transfer on a bus as LINKTYPE_USB_LINUX_MMAPPED has it, this machine's order */
static struct bytes urb(char type, uint8_t endpoint, const char *hex)
{
	struct bytes data = bytes_of(hex), out = { .length = 64 + data.length };
	uint32_t length = (uint32_t)data.length;
	uint16_t bus = 6;

	out.at[8] = (uint8_t)type;
	out.at[9] = 3;
	out.at[10] = endpoint;
	out.at[11] = 2;
	memcpy(out.at + 12, &bus, 2);
	memcpy(out.at + 32, &length, 4);
	memcpy(out.at + 36, &length, 4);
	memcpy(out.at + 64, data.at, data.length);
	return out;
}

static void feed_urb(struct bench *b, char type, uint8_t endpoint, const char *hex)
{
	struct bytes bytes = urb(type, endpoint, hex);
	struct capture_packet packet = { .t_us = 1000, .bytes = bytes.at,
		                         .length = bytes.length, .original = bytes.length };

	capture_packet(b->capture, capture_link(CAPTURE_PCAP, 220), &packet);
}

static void feed_stick(struct bench *b)
{
	/* the network key, as a stick is told it: it never comes out */
	feed_urb(b, 'S', 0x01, "a4094600b9a521fbbd72c34564");
	feed_urb(b, 'S', 0x01, "a40551010000780188 0000");
	feed_urb(b, 'C', 0x81, "a40340014600a0");
	feed_urb(b, 'C', 0x81, "a4094e01400102");
	feed_urb(b, 'C', 0x81, "0304050607a2");
	feed_urb(b, 'S', 0x81, PAGE); /* what was in the buffer before */
	feed_urb(b, 'C', 0x81, "a40e4e00 0200003c82590081 80 a1b2 7c 05 6a");
	feed_urb(b, 'C', 0x82, "00");
}

static void test_stick(void)
{
	struct bench b = { .wishes.handle_count = 0 };

	begin(&b);
	feed_stick(&b);
	capture_learned(b.capture);
	capture_play(b.capture);
	feed_stick(&b);
	capture_end(b.capture);
	is_said(b.events, "0 heart_rate ant a40340014600a0\n"
	                  "0 heart_rate ant " PAGE "\n"
	                  "0 footpod ant a40e4e000200003c8259008180a1b27c056a\n");
	end(&b);
}

static void test_usbmon_text(void)
{
	static const struct {
		const char *line;
		bool good, has_data, cut;
		const char *hex;
	} lines[] = {
		{ "ffff8801abe03780 2398352014 C Bi:6:002:1 0 7 = a4034000 4600a1", true, true,
		  false, "a40340004600a1" },
		{ "ffff8801abe03780 2398352014 C Bi:6:002:1 0 9 = a4034000 4600a1", true, true,
		  true, "a40340004600a1" },
		{ "ffff8801abd81b40 2398353445 S Bi:6:002:1 -115 4096 <", true, false, false, "" },
		{ "ffff8801abd81b40 1 S Bo:6:002:1 -115 3 = a40546", true, true, false, "a40546" },
		{ "ffff8801abd81b40 1 C Bo:6:002:1 0 3 >", true, false, false, "" },
		{ "d5ea89a0 3575914560 C Bi:002:01 0 2 = 0102\r", true, true, false, "0102" },
		{ "ffff8801abd81180 2397314666 S Ci:6:002:0 s c0 ff 370b 0000 0001 1 <", true,
		  false, false, "" },
		{ "ffff8801abd81180 1 C Ii:1:001:1 0:2048 2 = 0600", true, false, false, "" },
		{ "# gaitd recording 1", false, false, false, "" },
		{ "ffff8801abe03780 x C Bi:6:002:1 0 7 = a4", false, false, false, "" },
		{ "ffff8801abe03780 1 C Xi:6:002:1 0 7 = a4", false, false, false, "" },
		{ "ffff8801abe03780 1 C Bi:6:002:1:4 0 7 = a4", false, false, false, "" },
		{ "", false, false, false, "" },
	};
	uint8_t data[USB_TEXT_DATA_MAX];

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct capture_transfer t = { .device = 0 };
		uint64_t t_us;

		CU_ASSERT_EQUAL(usb_text(lines[i].line, strlen(lines[i].line), data, &t_us, &t),
		                lines[i].good);
		if (!lines[i].good)
			continue;
		CU_ASSERT_EQUAL(t.has_data, lines[i].has_data);
		CU_ASSERT_EQUAL(t.cut, lines[i].cut);
		CU_ASSERT(bytes_are(t.bytes, t.has_data ? t.length : 0, lines[i].hex));
	}
}

static void test_usbpcap(void)
{
	struct bytes in = bytes_of("1b00 0000000000000000 00000000 0900 01 0100 0500 81 03 "
	                           "07000000 a40340004600a1");
	struct bytes asked = bytes_of("1b00 0000000000000000 00000000 0900 00 0100 0500 81 03 "
	                              "00000000");
	struct capture_transfer t;

	CU_ASSERT(usb_windows(in.at, in.length, &t));
	CU_ASSERT(t.bulk && t.has_data && t.endpoint == 0x81 && t.device == (1u << 16 | 5));
	CU_ASSERT(bytes_are(t.bytes, t.length, "a40340004600a1"));
	CU_ASSERT(usb_windows(asked.at, asked.length, &t));
	CU_ASSERT_FALSE(t.has_data);
	for (size_t cut = 0; cut < 27; cut++)
		CU_ASSERT_FALSE(usb_windows(in.at, cut, &t));
}

/* ---- files and time ----------------------------------------------------------------------------- */

static void test_btsnoop(void)
{
	struct bytes head = bytes_of("6274736e6f6f7000 00000001 000003ea");
	struct bytes record = bytes_of("00000009 00000007 00000001 00000000 00e2a7c1a3e9c000");
	struct btsnoop_record out;
	uint32_t link;

	CU_ASSERT(btsnoop_header(head.at, &link));
	CU_ASSERT_EQUAL(link, 1002);
	head.at[11] = 2;
	CU_ASSERT_FALSE(btsnoop_header(head.at, &link));
	CU_ASSERT(btsnoop_record(record.at, &out));
	CU_ASSERT(out.original == 9 && out.length == 7 && out.flags == 1);
	/* 0x00dcddb30f2f8000 is 1970, of RFC 1761's years */
	CU_ASSERT_EQUAL(out.t_us, INT64_C(0x00e2a7c1a3e9c000) - INT64_C(0x00dcddb30f2f8000));
	record.at[3] = 6; /* more was kept than there was */
	CU_ASSERT_FALSE(btsnoop_record(record.at, &out));
	memset(record.at, 0xff, 8);
	CU_ASSERT_FALSE(btsnoop_record(record.at, &out));
}

/* A little back it stands; far back, or years ahead, the clock was set. */
static void test_time(void)
{
	static const struct step steps[] = {
		{ 5000, 1, CONNECTED },  { 5010, 0, ASK_TYPE },   { 5020, 1, TOLD_TYPE },
		{ 6000, 1, NOTIFIED },   { 5500, 1, NOTIFIED },   { 6100, 1, NOTIFIED },
		{ -9000000, 1, NOTIFIED }, { -8999000, 1, NOTIFIED },
		{ INT64_C(99000000000), 1, NOTIFIED }, { INT64_C(99000000500), 1, NOTIFIED },
		{ 0, 0, NULL },
	};
	struct bench b = { .wishes.handle_count = 0 };

	run(&b, CAPTURE_BTSNOOP, 1002, steps);
	is_said(b.events, "0 treadmill address 47:A4:8F:21:CE:5C\n"
	                  "0 treadmill link live\n"
	                  "0 treadmill notify 2acd " SPEED "\n"
	                  "0 treadmill notify 2acd " SPEED "\n"
	                  "100000 treadmill notify 2acd " SPEED "\n"
	                  "100000 treadmill notify 2acd " SPEED "\n"
	                  "1100000 treadmill notify 2acd " SPEED "\n"
	                  "1100000 treadmill notify 2acd " SPEED "\n"
	                  "1600000 treadmill notify 2acd " SPEED "\n");
	CU_ASSERT_EQUAL(capture_counts(b.capture).backwards, 1);
	CU_ASSERT_EQUAL(capture_counts(b.capture).clock_set, 2);
	end(&b);
}

/* Every length of every packet: nothing is read beyond it. */
static void test_cut_anywhere(void)
{
	static const char *const packets[] = {
		CONNECTED, TOLD_TYPE, NOTIFIED, NORDIC("06", "01") AIR_NOTIFIED("0a"),
		NORDIC("02", "01") AIR_CONNECT, PHDR("910d") AIR_TOLD,
		"04 3e18 02 01 00 01 0102030405c6 0c 0b09 5374727964 2050303031 c5",
	};
	struct bench b = { .wishes.handle_count = 0 };

	begin(&b);
	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++) {
		struct bytes bytes = bytes_of(packets[i]);

		for (size_t length = 0; length <= bytes.length; length++) {
			uint8_t *exact = malloc(length + 1);
			struct capture_packet packet = { .bytes = exact, .length = length,
				                         .original = length };

			CU_ASSERT_FATAL(exact != NULL);
			memcpy(exact, bytes.at, length);
			for (size_t l = 0; capture_link_at(l); l++)
				capture_packet(b.capture, capture_link_at(l), &packet);
			free(exact);
		}
	}
	is_said(b.events, "");
	end(&b);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "a phone's log: discovery, a value, a notification, the end", test_h4 },
		{ "a discovery that comes later", test_before_discovery },
		{ "frames in pieces", test_fragments },
		{ "all ways to name and tell an attribute", test_attributes },
		{ "the same as other programs wrap it", test_wrappings },
		{ "handles by hand, and the hint", test_by_hand },
		{ "no hint for what looks like nothing", test_no_likeness },
		{ "the discovery of another capture", test_other_capture },
		{ "several devices, and one of them", test_devices },
		{ "the nRF Sniffer", test_nordic },
		{ "the nRF Sniffer, older", test_nordic_old },
		{ "a sniffer that swaps sides", test_swapped_sides },
		{ "Bluetooth LE with and without a header", test_le },
		{ "checksums", test_checksum },
		{ "an encrypted connection", test_encrypted },
		{ "an ANT stick", test_stick },
		{ "usbmon's text", test_usbmon_text },
		{ "USBPcap", test_usbpcap },
		{ "btsnoop's numbers", test_btsnoop },
		{ "clocks that go back, and that are set", test_time },
		{ "packets that end anywhere", test_cut_anywhere },
		CU_TEST_INFO_NULL,
	};

	return suite_run("captures", tests);
}
