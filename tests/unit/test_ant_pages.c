/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Pages of the other ANT+ profiles: heart rate, Running Dynamics, and those
 * that all share. The rows of footpod-frames.tsv, and frames made by hand from
 * the layouts (footpods.md 2 and 5).
 */
#include "protocol/ant.h"
#include "protocol/ant_common.h"
#include "protocol/hrm.h"
#include "protocol/running_dynamics.h"
#include "tests/unit/bytes.h"
#include "tests/unit/facts.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <string.h>

#define FRAMES TEST_DATA "/footpod-frames.tsv"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct saw {
	const char *name;
	double value;
};

/* Checks the row's tokens that stand in the list; how many there were. */
static unsigned check_tokens(const struct fact_table *table,
                             const struct fact_row *row, const struct saw *list,
                             size_t count)
{
	struct fact_tokens tokens =
		fact_tokens_of(fact(table, row, "expected"));
	struct fact_token token;
	unsigned checked = 0;

	while (fact_token_next(&tokens, &token)) {
		for (size_t i = 0; i < count; i++) {
			if (strcmp(token.name, list[i].name) != 0)
				continue;
			fact_check(row, &token, list[i].value, 1e-3);
			checked++;
		}
	}
	return checked;
}

/* The row's page, by itself or in a stick's message; false: it has none. */
static bool page_of(const struct fact_table *table, const struct fact_row *row,
                    uint8_t page[ANT_PAGE_SIZE])
{
	const char *kind = fact(table, row, "kind");
	struct ant_message message;
	struct ant_data data;
	uint8_t bytes[256];
	size_t length;

	if (strcmp(kind, "ant-usb-message") != 0 && !strstr(kind, "-page"))
		return false;
	length = fact_hex(row, fact(table, row, "hex"), bytes, sizeof(bytes));
	if (length == ANT_PAGE_SIZE)
		memcpy(page, bytes, ANT_PAGE_SIZE);
	else if (ant_frame_decode(bytes, length, &message) &&
	         ant_data_decode(&message, &data))
		memcpy(page, data.page, ANT_PAGE_SIZE);
	else
		return false;
	return true;
}

/* ---- common pages --------------------------------------------------------- */

static unsigned check_common(const struct fact_table *table,
                             const struct fact_row *row,
                             const uint8_t page[ANT_PAGE_SIZE])
{
	struct ant_manufacturer maker = { .hardware = 0 };
	struct ant_product product = { .software = 0 };
	struct ant_battery_status battery = { .identifier = 0 };
	bool is_maker = ant_manufacturer_decode(page, &maker);
	bool is_product = ant_product_decode(page, &product);
	bool is_battery = ant_battery_status_decode(page, &battery);
	int whole_software = product.software / 100;
	const struct saw saw[] = {
		{ "common80_hw", maker.hardware },
		{ "manuf", maker.manufacturer },
		{ "model", maker.model },
		{ "common81_sw", whole_software },
		{ "serial", product.serial },
		{ "common82_id", battery.identifier },
		{ "id", battery.identifier },
		{ "op_time_s", battery.operating_s },
		{ "volts", battery.volts_256 / 256.0 },
		{ "status", battery.status },
		{ "battery_status", battery.status },
	};

	if (!is_maker && !is_product && !is_battery)
		return 0;
	return check_tokens(table, row, saw, COUNT(saw));
}

static void test_common_rows(void)
{
	struct fact_table table = fact_table_read(FRAMES);
	unsigned checked = 0;

	for (size_t i = 0; i < table.count; i++) {
		uint8_t page[ANT_PAGE_SIZE];
		struct fact_token token;
		const char *expected = fact(&table, &table.rows[i], "expected");

		if ((fact_token_find(expected, "common80_hw", &token) ||
		     fact_token_find(expected, "common81_sw", &token) ||
		     fact_token_find(expected, "op_time_s", &token)) &&
		    page_of(&table, &table.rows[i], page))
			checked += check_common(&table, &table.rows[i], page);
	}
	CU_ASSERT_TRUE(checked >= 15);
	fact_table_free(&table);
}

static void test_product_versions(void)
{
	static const struct {
		const char *hex;
		uint16_t software;
		bool has_serial;
	} rows[] = {
		{ "51 ff ff 0f ff ff ff ff", 1500, false },
		{ "51 ff 17 0f 01 00 00 00", 1523, true },
		{ "51 ff 00 ff ff ff ff 7f", 25500, true },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes bytes = bytes_of(rows[i].hex);
		struct ant_product p;

		CU_ASSERT_TRUE(ant_product_decode(bytes.at, &p));
		CU_ASSERT_EQUAL(p.software, rows[i].software);
		CU_ASSERT_EQUAL(p.has_serial, rows[i].has_serial);
	}
}

static void test_battery_limits(void)
{
	static const struct {
		const char *hex;
		uint32_t operating_s;
		bool has_volts;
		uint16_t volts_256;
		enum ant_battery status;
	} rows[] = {
		{ "52 ff 12 ff ff ff 80 03", 16777215u * 16, true, 0x380,
		  ANT_BATTERY_UNKNOWN },
		{ "52 ff 12 ff ff ff 80 83", 16777215u * 2, true, 0x380,
		  ANT_BATTERY_UNKNOWN },
		{ "52 ff ff 01 00 00 ff cf", 2, false, 0, ANT_BATTERY_LOW },
		{ "52 ff ff 01 00 00 ff 6e", 16, true, 0xeff,
		  ANT_BATTERY_UNKNOWN },
		{ "52 ff ff 00 00 00 00 70", 0, true, 0, ANT_BATTERY_UNKNOWN },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes bytes = bytes_of(rows[i].hex);
		struct ant_battery_status b;

		CU_ASSERT_TRUE(ant_battery_status_decode(bytes.at, &b));
		CU_ASSERT_EQUAL(b.operating_s, rows[i].operating_s);
		CU_ASSERT_EQUAL(b.has_volts, rows[i].has_volts);
		CU_ASSERT_EQUAL(b.volts_256, rows[i].volts_256);
		CU_ASSERT_EQUAL(b.status, rows[i].status);
	}
}

static void test_page_request(void)
{
	uint8_t page[ANT_PAGE_SIZE];

	ant_page_request_encode(22, page);
	CU_ASSERT_TRUE(bytes_are(page, sizeof(page), "46ffffffff041601"));
}

/* ---- heart rate ----------------------------------------------------------- */

static unsigned check_heart(const struct fact_table *table,
                            const struct fact_row *row,
                            const uint8_t bytes[ANT_PAGE_SIZE])
{
	struct hrm_paging paging = { .toggled = true };
	struct hrm_page page;
	struct saw saw[] = {
		{ "hr_page", 0 },        { "page", 0 },  { "toggle", 0 },
		{ "beat_time_1024", 0 }, { "beats", 0 }, { "hr", 0 },
	};

	hrm_page_decode(&paging, bytes, &page);
	saw[0].value = saw[1].value = page.page;
	saw[2].value = page.toggle;
	saw[3].value = page.beat_time;
	saw[4].value = page.beats;
	saw[5].value = page.rate_bpm;
	return check_tokens(table, row, saw, COUNT(saw));
}

static void test_heart_rows(void)
{
	struct fact_table table = fact_table_read(FRAMES);
	unsigned checked = 0;

	for (size_t i = 0; i < table.count; i++) {
		const struct fact_row *row = &table.rows[i];
		const char *expected = fact(&table, row, "expected");
		uint8_t page[ANT_PAGE_SIZE];
		struct fact_token token;

		if ((fact_token_find(expected, "hr_page", &token) ||
		     strcmp(fact(&table, row, "kind"), "hr-or-other-page") == 0) &&
		    page_of(&table, row, page))
			checked += check_heart(&table, row, page);
	}
	CU_ASSERT_TRUE(checked > 150);
	fact_table_free(&table);
}

static struct hrm_page heart(struct hrm_paging *paging, const char *hex)
{
	struct bytes bytes = bytes_of(hex);
	struct hrm_page page;

	hrm_page_decode(paging, bytes.at, &page);
	return page;
}

static void test_heart_pages(void)
{
	struct hrm_paging paging = { .toggled = true };
	struct hrm_page p;

	p = heart(&paging, "81 03 02 01 34 12 56 78");
	CU_ASSERT_EQUAL(p.operating_s, 0x010203 * 2);
	CU_ASSERT_EQUAL(p.beat_time, 0x1234);
	CU_ASSERT_EQUAL(p.beats, 0x56);
	CU_ASSERT_EQUAL(p.rate_bpm, 0x78);
	p = heart(&paging, "02 01 6f cd 00 00 00 00"); /* Garmin, real */
	CU_ASSERT_EQUAL(p.maker.manufacturer, 1);
	CU_ASSERT_EQUAL(p.maker.serial, 0xcd6f);
	p = heart(&paging, "03 05 18 07 00 00 00 00");
	CU_ASSERT_EQUAL(p.product.hardware, 5);
	CU_ASSERT_EQUAL(p.product.software, 0x18);
	CU_ASSERT_EQUAL(p.product.model, 7);
	p = heart(&paging, "84 ff b6 fa c7 fe d0 3b"); /* real */
	CU_ASSERT_EQUAL(p.page, HRM_PAGE_PREVIOUS_BEAT);
	CU_ASSERT_EQUAL(p.previous_beat_time, 0xfab6);
	CU_ASSERT_EQUAL((uint16_t)(p.beat_time - p.previous_beat_time), 1041);
	p = heart(&paging, "05 78 b4 6e 00 00 00 00");
	CU_ASSERT_EQUAL(p.swim.interval_mean_bpm, 120);
	CU_ASSERT_EQUAL(p.swim.interval_max_bpm, 180);
	CU_ASSERT_EQUAL(p.swim.session_mean_bpm, 110);
	p = heart(&paging, "86 ff 08 01 76 28 19 53");
	CU_ASSERT_EQUAL(p.features.supported, HRM_FEATURE_GYM);
	CU_ASSERT_EQUAL(p.features.enabled, HRM_FEATURE_RUNNING);
	p = heart(&paging, "07 3c eb 23 59 6a 30 54"); /* real */
	CU_ASSERT_TRUE(p.battery.has_percent && p.battery.has_volts);
	CU_ASSERT_EQUAL(p.battery.percent, 60);
	CU_ASSERT_EQUAL(p.battery.volts_256, 0x3eb);
	CU_ASSERT_EQUAL(p.battery.status, ANT_BATTERY_GOOD);
	p = heart(&paging, "07 ff eb 4f 59 6a 30 54");
	CU_ASSERT_FALSE(p.battery.has_percent || p.battery.has_volts);
	CU_ASSERT_EQUAL(p.battery.status, ANT_BATTERY_LOW);
}

/* What looks like a page is none before the toggle bit has moved. */
static void test_heart_legacy(void)
{
	struct hrm_paging old = { .heard = false }, high = { .heard = false };
	struct hrm_page p;

	for (unsigned i = 0; i < 20; i++) {
		p = heart(&old, "07 3c eb 23 59 6a 30 54");
		CU_ASSERT_EQUAL(p.page, HRM_PAGE_LEGACY);
		CU_ASSERT_EQUAL(p.battery.percent, 0);
		CU_ASSERT_EQUAL(p.rate_bpm, 0x54);
		p = heart(&high, "87 3c eb 23 59 6a 30 54");
		CU_ASSERT_EQUAL(p.page, HRM_PAGE_LEGACY);
	}
	p = heart(&old, "87 3c eb 23 59 6a 30 54");
	CU_ASSERT_EQUAL(p.page, HRM_PAGE_BATTERY);
	CU_ASSERT_EQUAL(p.battery.percent, 60);
	p = heart(&old, "07 3c eb 23 59 6a 30 54");
	CU_ASSERT_EQUAL(p.page, HRM_PAGE_BATTERY);
}

/* ---- Running Dynamics ----------------------------------------------------- */

static unsigned check_rd0(const struct fact_table *table,
                          const struct fact_row *row,
                          const uint8_t bytes[ANT_PAGE_SIZE])
{
	struct rd_page0 p = { .walking = false };
	uint8_t again[ANT_PAGE_SIZE];

	if (!rd_page0_decode(bytes, &p))
		return 0;
	rd_page0_encode(&p, again);
	CU_ASSERT_EQUAL(memcmp(again, bytes, sizeof(again)), 0);
	return check_tokens(table, row, (const struct saw[]){
		{ "cadence_strides_min", p.cadence / 32.0 },
		{ "vo_mm", p.vertical_oscillation / 4.0 },
		{ "gct_ms", p.ground_contact_ms },
		{ "stance_pct", p.stance / 4.0 },
		{ "steps", p.steps },
		{ "walking", p.walking },
	}, 6);
}

static unsigned check_rd1(const struct fact_table *table,
                          const struct fact_row *row,
                          const uint8_t bytes[ANT_PAGE_SIZE])
{
	struct rd_page1 p = { .upside_down = false };
	uint8_t again[ANT_PAGE_SIZE];

	if (!rd_page1_decode(bytes, &p))
		return 0;
	rd_page1_encode(&p, again);
	CU_ASSERT_EQUAL(memcmp(again, bytes, sizeof(again)), 0);
	return check_tokens(table, row, (const struct saw[]){
		{ "balance_pct", p.balance / 32.0 },
		{ "vert_ratio_pct", p.vertical_ratio / 32.0 },
		{ "step_mm", p.step_mm },
		{ "upside_down", p.upside_down },
	}, 4);
}

static void test_rd_rows(void)
{
	struct fact_table table = fact_table_read(FRAMES);
	unsigned checked = 0;

	for (size_t i = 0; i < table.count; i++) {
		const struct fact_row *row = &table.rows[i];
		uint8_t page[ANT_PAGE_SIZE];

		if (strcmp(fact(&table, row, "kind"), "rd-page") != 0 ||
		    !page_of(&table, row, page))
			continue;
		checked += check_rd0(&table, row, page) +
		           check_rd1(&table, row, page);
	}
	CU_ASSERT_TRUE(checked >= 20);
	fact_table_free(&table);
}

/* Each field at its most, alone: no other field has a bit of it. */
static void test_rd_fields(void)
{
	static const struct {
		const char *hex;
		struct rd_page0 p;
	} zero[] = {
		{ "00 ff 1f 00 00 00 00 00", { .cadence = 8191 } },
		{ "00 00 20 00 00 00 00 00", { .walking = true } },
		{ "00 00 40 00 00 00 00 00", { .bidirectional = true } },
		{ "00 00 00 ff 1f 00 00 00", { .vertical_oscillation = 8191 } },
		{ "00 00 00 00 e0 ff 00 00", { .ground_contact_ms = 2047 } },
		{ "00 00 00 00 00 00 ff 01", { .stance = 511 } },
		{ "00 00 00 00 00 00 00 fe", { .steps = 127 } },
	};
	static const struct {
		const char *hex;
		struct rd_page1 p;
	} one[] = {
		{ "01 ff 0f 00 00 c0 00 00", { .balance = 4095 } },
		{ "01 00 f0 ff 00 c0 00 00", { .vertical_ratio = 4095 } },
		{ "01 00 00 00 ff df 00 00", { .step_mm = 8191 } },
		{ "01 00 00 00 00 e0 00 00", { .upside_down = true } },
		{ "01 00 00 00 00 c0 ff ff", { .leader = RD_NO_LEADER } },
	};
	uint8_t page[ANT_PAGE_SIZE];

	for (size_t i = 0; i < COUNT(zero); i++) {
		struct rd_page0 p;

		rd_page0_encode(&zero[i].p, page);
		CU_ASSERT_TRUE(bytes_are(page, sizeof(page), zero[i].hex));
		CU_ASSERT_TRUE(rd_page0_decode(page, &p));
		rd_page0_encode(&p, page);
		CU_ASSERT_TRUE(bytes_are(page, sizeof(page), zero[i].hex));
	}
	for (size_t i = 0; i < COUNT(one); i++) {
		struct rd_page1 p;

		rd_page1_encode(&one[i].p, page);
		CU_ASSERT_TRUE(bytes_are(page, sizeof(page), one[i].hex));
		CU_ASSERT_TRUE(rd_page1_decode(page, &p));
		rd_page1_encode(&p, page);
		CU_ASSERT_TRUE(bytes_are(page, sizeof(page), one[i].hex));
	}
}

static void test_other_pages(void)
{
	const uint8_t page[ANT_PAGE_SIZE] = { 17 };
	struct rd_page0 p0;
	struct rd_page1 p1;
	struct ant_manufacturer maker;
	struct ant_product product;
	struct ant_battery_status battery;

	CU_ASSERT_FALSE(rd_page0_decode(page, &p0));
	CU_ASSERT_FALSE(rd_page1_decode(page, &p1));
	CU_ASSERT_FALSE(ant_manufacturer_decode(page, &maker));
	CU_ASSERT_FALSE(ant_product_decode(page, &product));
	CU_ASSERT_FALSE(ant_battery_status_decode(page, &battery));
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "common pages of real devices", test_common_rows },
		{ "versions with and without a supplement",
		  test_product_versions },
		{ "batteries at their limits", test_battery_limits },
		{ "a page is asked for", test_page_request },
		{ "heart rate of real straps", test_heart_rows },
		{ "each heart-rate page", test_heart_pages },
		{ "a strap without pages", test_heart_legacy },
		{ "Running Dynamics of others' tests", test_rd_rows },
		{ "each Running Dynamics field alone", test_rd_fields },
		{ "other pages are left alone", test_other_pages },
		CU_TEST_INFO_NULL,
	};

	return suite_run("ANT+ pages", tests);
}
