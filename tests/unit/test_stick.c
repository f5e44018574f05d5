/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The simulated stick answers as real ones did: exchanges of the reference
 * firmware's and of the Zwift captures (footpod-frames.tsv), host before ">",
 * stick behind it.
 */
#include "daemon/peripheral/stick.h"
#include "tests/unit/bytes.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <string.h>

#define MS UINT64_C(1000)
#define S UINT64_C(1000000)
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const uint8_t key[STICK_KEY_SIZE] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef };

struct seen {
	uint8_t bytes[4096];
	size_t length;
};

static void on_send(void *user, const uint8_t *bytes, size_t length)
{
	struct seen *seen = user;

	CU_ASSERT_TRUE_FATAL(seen->length + length <= sizeof(seen->bytes));
	memcpy(seen->bytes + seen->length, bytes, length);
	seen->length += length;
}

static const struct stick_ops ops = { on_send };

static void start(struct stick *stick, const char *model, struct seen *seen)
{
	stick_init(stick, stick_model_find(model), key, &ops, seen);
}

static void tell(struct stick *stick, const char *hex, uint64_t now_us)
{
	struct bytes bytes = bytes_of(hex);

	stick_receive(stick, bytes.at, bytes.length, now_us);
}

static void expect(struct seen *seen, const char *hex)
{
	CU_ASSERT_TRUE(bytes_are(seen->bytes, seen->length, hex));
	seen->length = 0;
}

/* Real exchanges (sdk-ant rows: case=...) */
static const struct {
	const char *model, *host, *stick;
} exchanges[] = {
	{ "sdk-ant", "a4024d0054bf", "a40954080800b23200fd8d0f06" },
	{ "1008", "a4024d0054bf", "a40654080300ba360071" },
	{ "1009", "a4024d0054bf", "a40854080800ba3600df79d2" },
	{ "sdk-ant", "a4024d0052b90000", "a402520000f4" },
	{ "sdk-ant", "a4024d0000eb", "a40340004d2882" },
	{ "sdk-ant", "a40342000000e50000", "a40340004200a5" },
	{ "sdk-ant", "a402420000e4", "a403400042288d" },
	{ "sdk-ant", "a40342ff00001a", "a40340ff423369" },
	{ "sdk-ant", "a4034200ffffe5", "a403400042298c" },
	{ "sdk-ant", "a4014c00e9", "a40340004c15be" },
	{ "sdk-ant", "a4004ce8", "a40340004c2883" },
	{ "sdk-ant", "a4014bff11", "a40340ff4b3360" },
	{ "sdk-ant", "a4026e00e028", "a40340006e0089" },
	{ "sdk-ant", "a4026e00ff37", "a40340006e33ba" },
	{ "sdk-ant", "a402660001c1", "a4034000660081" },
	{ "sdk-ant", "a4015b00fe", "a40340005b2894" },
	/* wrong sums get no answer */
	{ "sdk-ant", "a4014c00e8", "" },
	{ "sdk-ant", "a4026e00e029", "" },
};

static void test_exchanges(void)
{
	for (size_t i = 0; i < COUNT(exchanges); i++) {
		struct seen seen = { .length = 0 };
		struct stick stick;

		start(&stick, exchanges[i].model, &seen);
		tell(&stick, exchanges[i].host, 0);
		expect(&seen, exchanges[i].stick);
	}
}

static void test_reset(void)
{
	static const struct {
		const char *model, *start_up;
	} rows[] = {
		{ "1008", "a4016f20ea" },
		{ "1009", "a4016f00ca" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct seen seen = { .length = 0 };
		struct stick stick;

		start(&stick, rows[i].model, &seen);
		stick_power_on(&stick, 0);
		expect(&seen, "a4016f00ca");
		tell(&stick, "a40342000000e5", 0);
		seen.length = 0;
		tell(&stick, "a4014a00ef0000", 0);
		expect(&seen, "");
		CU_ASSERT_EQUAL(stick_deadline_us(&stick), 50 * MS);
		stick_advance(&stick, 50 * MS);
		expect(&seen, rows[i].start_up);
		tell(&stick, "a4024d0052b9", 0); /* unassigned again */
		expect(&seen, "a402520000f4");
	}
}

/* A paired channel as Zwift opens it */
static void track(struct stick *stick, struct seen *seen)
{
	tell(stick, "a409460001234567 89abcdefeb", 0);
	tell(stick, "a40342000000e5 a4026e00e028 a4055100d3de7c0584 a402450039da", 0);
	tell(stick, "a4034300c61f3d a402440000e2 a4026300ff3a a4014b00ee", 0);
	expect(seen, "a40340004600a1 a40340004200a5 a40340006e0089 a40340005100b6"
	             "a40340004500a2 a40340004300a4 a40340004400a3 a4034000630084"
	             "a40340004b00ac");
}

static const struct ant_data page = {
	.page = { 1, 2, 3, 4, 5, 6, 7, 8 },
	.device_number = 57043,
	.device_type = 124,
	.transmission_type = 5,
	.rssi_dbm = -45,
};

/* Seven times 02 at 4 Hz, then 08, then quiet: both Zwift captures */
static void test_drop_out(void)
{
	struct seen seen = { .length = 0 };
	struct stick stick;
	uint64_t now_us = 1 * S;

	start(&stick, "1009", &seen);
	track(&stick, &seen);
	stick_radio(&stick, &page, now_us);
	expect(&seen, "a4134e000102030405060708e0d3de7c0520d300008016");
	while (stick_deadline_us(&stick) != STICK_NEVER && now_us < 60 * S) {
		now_us = stick_deadline_us(&stick);
		stick_advance(&stick, now_us);
	}
	expect(&seen, "a40340000102e4 a40340000102e4 a40340000102e4 a40340000102e4"
	              "a40340000102e4 a40340000102e4 a40340000102e4 a40340000108ee");
	CU_ASSERT_TRUE(now_us > 2900 * MS && now_us < 3200 * MS);
	/* another one is not taken for it; it itself is, whenever it comes */
	stick_radio(&stick, &(struct ant_data){ .device_number = 1, .device_type = 124 },
	            now_us);
	expect(&seen, "");
	stick_radio(&stick, &page, 100 * S);
	CU_ASSERT_EQUAL(seen.length, 23);
}

static void test_search_timeout(void)
{
	struct seen seen = { .length = 0 };
	struct stick stick;

	start(&stick, "1008", &seen);
	tell(&stick, "a40342000000e5 a4055100d3de7c0584 a4014b00ee", 0);
	seen.length = 0;
	CU_ASSERT_EQUAL(stick_deadline_us(&stick), 25 * S);
	stick_advance(&stick, 25 * S);
	expect(&seen, "a40340000101e7 a40340000107e1");
}

/* The answer at once, the event later: unassigning before it is refused no
 * more than by a real one. */
static void test_close(void)
{
	struct seen seen = { .length = 0 };
	struct stick stick;

	start(&stick, "1009", &seen);
	track(&stick, &seen);
	tell(&stick, "a4014c00e9", 0);
	expect(&seen, "a40340004c00ab");
	stick_advance(&stick, 100 * MS);
	expect(&seen, "a40340000107e1");
	tell(&stick, "a4014100e4", 100 * MS);
	expect(&seen, "a40340004100a6");
}

/* Without the key nothing on the air is anybody's. */
static void test_wrong_key(void)
{
	struct seen seen = { .length = 0 };
	struct stick stick;

	start(&stick, "1009", &seen);
	tell(&stick, "a40946000909090909090909eb", 0);
	tell(&stick, "a40342000000e5 a402450039da a4015b00fe", 0);
	expect(&seen, "a40340004600a1 a40340004200a5 a40340004500a2 a40340005b00bc");
	stick_radio(&stick, &page, 0);
	expect(&seen, "");
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "real exchanges", test_exchanges },
		{ "reset and start-up", test_reset },
		{ "a drop-out's shape", test_drop_out },
		{ "the end of a search", test_search_timeout },
		{ "closing", test_close },
		{ "a wrong key", test_wrong_key },
		CU_TEST_INFO_NULL,
	};

	return suite_run("stick", tests);
}
