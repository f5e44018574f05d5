/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "protocol/ant.h"
#include "protocol/sdm_cadence.h"
#include "tests/unit/facts.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OCTETS_MAX 64

/* ---- pages: the rows of footpod-frames.tsv that say what a page holds ---- */

static bool check_page1(const struct fact_row *row,
                        const struct fact_token *token,
                        const struct sdm_page1 *p)
{
	const struct {
		const char *name;
		double saw;
	} tokens[] = {
		{ "page", 1 },
		{ "time_s", p->time / 200.0 },
		{ "distance_m", p->distance / 16.0 },
		{ "speed_mps", p->speed / 256.0 },
		{ "strides", p->strides },
		{ "latency_s", p->latency / 32.0 },
	};

	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		if (strcmp(token->name, tokens[i].name) == 0) {
			fact_check(row, token, tokens[i].saw, 1e-5);
			return true;
		}
	}
	return false;
}

static bool check_page2_number(const struct fact_row *row,
                               const struct fact_token *token,
                               const struct sdm_page2 *p)
{
	const struct {
		const char *name;
		double saw;
	} tokens[] = {
		{ "page", p->page },
		{ "cadence_strides_min", p->cadence / 16.0 },
		{ "steps_min", p->cadence / 8.0 },
		{ "speed_mps", p->speed / 256.0 },
		{ "kcal", p->calories },
	};

	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		if (strcmp(token->name, tokens[i].name) == 0) {
			fact_check(row, token, tokens[i].saw, 1e-4);
			return true;
		}
	}
	return false;
}

static bool check_page2(const struct fact_row *row,
                        const struct fact_token *token,
                        const struct sdm_page2 *p)
{
	static const char *const places[] = { "laces", "midsole", "other",
		                              "ankle" };
	static const char *const batteries[] = { "new", "good", "ok", "low" };
	static const char *const healths[] = { "ok", "error", "warning",
		                               "reserved" };
	static const char *const uses[] = { "inactive", "active", "?", "?" };
	const struct {
		const char *name, *saw;
	} tokens[] = {
		{ "location", places[p->location] },
		{ "battery", batteries[p->battery] },
		{ "health", healths[p->health] },
		{ "use", uses[p->use] },
	};

	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		if (strcmp(token->name, tokens[i].name) == 0) {
			CU_ASSERT_STRING_EQUAL(token->value, tokens[i].saw);
			return true;
		}
	}
	return check_page2_number(row, token, p);
}

/* Of the message around the page (test_ant), of the sequence (below), notes */
static const char *const ignored[] = {
	"t",
	"msg",
	"channel",
	"data",
	"ext_flags",
	"dev",
	"devtype",
	"trans",
	"rssi_dbm",
	"rssi_thr",
	"rx_ts",
	"acc_time_s",
	"acc_distance_m",
	"acc_strides",
	"true_cadence_strides_min",
	"file_cadence",
	"cadence_must_come_from_stride_count",
	NULL,
};

static void check_page(const struct fact_row *row, const uint8_t *page,
                       const char *expected)
{
	struct fact_tokens tokens = fact_tokens_of(expected);
	struct fact_token token;
	struct sdm_page1 p1;
	struct sdm_page2 p2;
	bool is_page1 = sdm_page1_decode(page, &p1);

	if (!is_page1 && !sdm_page2_decode(page, &p2)) {
		fact_fail(row, "not decoded");
		return;
	}
	while (fact_token_next(&tokens, &token))
		if (!(is_page1 ? check_page1(row, &token, &p1)
		               : check_page2(row, &token, &p2)) &&
		    !fact_listed(token.name, ignored))
			fact_fail(row, "a token that nobody checks: %s",
			          token.name);
}

/* The page of a row that has one, as a page or in a message of a stick. */
static bool page_of(const struct fact_table *table, const struct fact_row *row,
                    uint8_t page[SDM_PAGE_SIZE])
{
	const char *kind = fact(table, row, "kind");
	struct fact_token token;
	struct ant_message message;
	struct ant_data data;
	uint8_t bytes[OCTETS_MAX];
	size_t length;

	if (!fact_token_find(fact(table, row, "expected"), "page", &token) ||
	    (strcmp(kind, "sdm-page") != 0 &&
	     strcmp(kind, "ant-usb-message") != 0))
		return false;
	length = fact_hex(row, fact(table, row, "hex"), bytes, sizeof(bytes));
	if (strcmp(kind, "sdm-page") == 0) {
		CU_ASSERT_EQUAL_FATAL(length, SDM_PAGE_SIZE);
		memcpy(page, bytes, SDM_PAGE_SIZE);
		return true;
	}
	CU_ASSERT_TRUE_FATAL(ant_frame_decode(bytes, length, &message));
	CU_ASSERT_TRUE_FATAL(ant_data_decode(&message, &data));
	memcpy(page, data.page, SDM_PAGE_SIZE);
	return true;
}

static void test_real_pages(void)
{
	struct fact_table table =
		fact_table_read(TEST_DATA "/footpod-frames.tsv");
	unsigned checked = 0;

	for (size_t i = 0; i < table.count; i++) {
		const struct fact_row *row = &table.rows[i];
		uint8_t page[SDM_PAGE_SIZE];

		if (!page_of(&table, row, page))
			continue;
		if (page[0] > 15) /* 16 below, 80 to 82 in test_ant_pages */
			continue;
		check_page(row, page, fact(&table, row, "expected"));
		checked++;
	}
	printf("\n    %u pages", checked);
	CU_ASSERT_TRUE(checked > 80);
	fact_table_free(&table);
}

static void test_summary(void)
{
	struct fact_table table =
		fact_table_read(TEST_DATA "/footpod-frames.tsv");
	unsigned checked = 0;

	for (size_t i = 0; i < table.count; i++) {
		const struct fact_row *row = &table.rows[i];
		uint8_t page[SDM_PAGE_SIZE];
		struct fact_token token;
		struct sdm_page16 p16;

		if (!page_of(&table, row, page) || page[0] != 16)
			continue;
		CU_ASSERT_TRUE_FATAL(sdm_page16_decode(page, &p16));
		fact_token_find(fact(&table, row, "expected"), "strides", &token);
		fact_check(row, &token, p16.strides, 0);
		fact_token_find(fact(&table, row, "expected"), "distance_m",
		                &token);
		fact_check(row, &token, p16.distance / 256.0, 1e-5);
		checked++;
	}
	CU_ASSERT_TRUE(checked > 0);
	fact_table_free(&table);
}

/* ---- sequences: what accumulates from row to row of one device ---- */

struct sequence {
	const char *device;
	struct sdm_cadence cadence;
	bool began;
	double first_time_s, first_strides, first_distance, base_time_s;
	uint32_t base_strides;
	uint16_t last_distance;
	double distance;
	int32_t milli_spm;
	unsigned readings, zeros;
};

static bool number(const struct fact_row *row, const char *expected,
                   const char *name, double *value)
{
	struct fact_token token;

	if (!fact_token_find(expected, name, &token))
		return false;
	*value = fact_number(row, &token);
	return true;
}

/* Accumulated since the row's sequence began, of which we may not have seen the
 * first messages. */
static void check_sums(struct sequence *s, const struct fact_row *row,
                       const char *expected)
{
	double strides, time_s, distance;
	const struct sdm_cadence *c = &s->cadence;

	if (!number(row, expected, "acc_strides", &strides))
		return;
	if (!number(row, expected, "acc_time_s", &time_s))
		time_s = 0;
	if (!number(row, expected, "acc_distance_m", &distance))
		distance = 0;
	if (!s->began) {
		s->began = true;
		s->first_strides = strides;
		s->first_time_s = time_s;
		s->first_distance = distance;
		s->base_strides = c->strides;
		s->base_time_s = (double)c->page_time_us * 1e-6;
	} else {
		s->distance +=
			(c->last.distance - s->last_distance + 4096) % 4096;
	}
	s->last_distance = c->last.distance;
	CU_ASSERT_EQUAL(c->strides - s->base_strides,
	                strides - s->first_strides);
	CU_ASSERT_DOUBLE_EQUAL((double)c->page_time_us * 1e-6 - s->base_time_s,
	                       time_s - s->first_time_s, 1e-6);
	CU_ASSERT_DOUBLE_EQUAL(s->distance / 16, distance - s->first_distance,
	                       1e-6);
}

static void feed_row(struct sequence *s, const struct fact_table *table,
                     const struct fact_row *row)
{
	const char *expected = fact(table, row, "expected");
	uint8_t page[SDM_PAGE_SIZE];
	double t_s;

	if (strcmp(row->column[0], s->device) != 0 ||
	    !page_of(table, row, page) || !number(row, expected, "t", &t_s))
		return;
	if (sdm_cadence_feed(&s->cadence, page, (uint64_t)llround(t_s * 1e6),
	                     &s->milli_spm)) {
		s->readings++;
		s->zeros += s->milli_spm == 0;
	}
	check_sums(s, row, expected);
}

static struct sequence follow(const struct fact_table *table,
                              const char *device)
{
	struct sequence s = { .device = device };

	for (size_t i = 0; i < table->count; i++)
		feed_row(&s, table, &table->rows[i]);
	CU_ASSERT_EQUAL(s.cadence.anomalies, 0);
	CU_ASSERT_TRUE(s.cadence.has_page1);
	return s;
}

static void test_sequences(void)
{
	struct fact_table table =
		fact_table_read(TEST_DATA "/footpod-frames.tsv");
	struct sequence s;

	s = follow(&table,
	           "SYNTHETIC pod 57043: rollover of time, distance and "
	           "strides within seconds");
	CU_ASSERT_EQUAL(s.milli_spm, 172000);
	CU_ASSERT_EQUAL(s.zeros, 0);
	s = follow(&table,
	           "SYNTHETIC pod 57043: walk -> run, 2 s drop-out (RX_FAIL)");
	CU_ASSERT_EQUAL(s.milli_spm, 167000);
	CU_ASSERT_EQUAL(s.zeros, 0);
	s = follow(&table, "SYNTHETIC pod 57043: stands still: strides and "
	                   "distance frozen, cadence 0, use=inactive");
	CU_ASSERT_TRUE(s.readings > 0);
	CU_ASSERT_EQUAL(s.zeros, s.readings);
	s = follow(&table, "SYNTHETIC legacy pod: only speed and strides "
	                   "(time=0,distance=0), never page 2");
	/* without a clock and a latency 6 s of whole strides tell too little */
	CU_ASSERT_EQUAL(s.readings, 0);
	fact_table_free(&table);
}

/* Stryd on a treadmill: messages of seconds apart are no anomaly. */
static void test_sparse_sequence(void)
{
	struct fact_table table =
		fact_table_read(TEST_DATA "/footpod-frames.tsv");
	struct sequence s = follow(
		&table, "DERIVED Stryd on treadmill (sports-lib 6860622783)");

	CU_ASSERT_EQUAL(s.zeros, 0);
	CU_ASSERT_EQUAL(s.cadence.strides, 147);
	fact_table_free(&table);
}

/* ---- a whole run of an hour, with breaks: real-treadmill-run.tsv ---- */

#define LOOK_BACK 8 /* rows; a reading comes of up to 6 s */

static double column(const struct fact_table *table, size_t i,
                     const char *heading)
{
	struct fact_token token = { .name = "" };

	snprintf(token.name, sizeof(token.name), "%s", heading);
	snprintf(token.value, sizeof(token.value), "%s",
	         fact(table, &table->rows[i], heading));
	return fact_number(&table->rows[i], &token);
}

static double true_spm(const struct fact_table *table, size_t i)
{
	return 2 * column(table, i, "cadence_strides_min");
}

static bool feed_column(struct sdm_cadence *c, const struct fact_table *table,
                        size_t i, const char *heading, double *spm)
{
	const struct fact_row *row = &table->rows[i];
	uint8_t page[SDM_PAGE_SIZE];
	int32_t milli_spm;

	CU_ASSERT_EQUAL_FATAL(
		fact_hex(row, fact(table, row, heading), page, sizeof(page)),
		SDM_PAGE_SIZE);
	if (!sdm_cadence_feed(c, page,
	                      (uint64_t)(column(table, i, "t_s") * 1e6),
	                      &milli_spm))
		return false;
	*spm = milli_spm / 1000.0;
	return true;
}

/* Is it what whole strides over 4 to 6 s can tell of the last seconds? */
static bool is_near(const struct fact_table *table, size_t i, double spm)
{
	double low = true_spm(table, i), high = low;

	for (size_t back = 1; back < LOOK_BACK && back <= i; back++) {
		double then = true_spm(table, i - back);

		low = fmin(low, then);
		high = fmax(high, then);
	}
	return spm >= low - 2 * 60 / 4.0 && spm <= high + 2 * 60 / 4.0;
}

static void test_run_with_page2(void)
{
	struct fact_table table =
		fact_table_read(TEST_DATA "/real-treadmill-run.tsv");
	struct sdm_cadence c = { .anomalies = 0 };
	unsigned readings = 0, pauses = 0;
	double spm;

	for (size_t i = 0; i < table.count; i++) {
		if (feed_column(&c, &table, i, "sdm_page1", &spm)) {
			/* page 2 says nothing while the runner stands */
			pauses++;
			CU_ASSERT_TRUE(is_near(&table, i, spm));
			CU_ASSERT_TRUE(true_spm(&table, i) == 0 ||
			               true_spm(&table, i - 1) == 0);
		}
		if (!feed_column(&c, &table, i, "sdm_page2", &spm)) {
			CU_ASSERT_EQUAL(true_spm(&table, i), 0);
			continue;
		}
		readings++;
		if (fabs(spm - true_spm(&table, i)) > 1e-9)
			fact_fail(&table.rows[i], "read %f", spm);
	}
	CU_ASSERT_EQUAL(c.anomalies, 0);
	CU_ASSERT_TRUE(pauses > 0);
	CU_ASSERT_TRUE(readings + pauses + 20 > table.count);
	fact_table_free(&table);
}

static void test_run_by_strides_alone(void)
{
	struct fact_table table =
		fact_table_read(TEST_DATA "/real-treadmill-run.tsv");
	struct sdm_cadence c = { .anomalies = 0 };
	double sum = 0, squares = 0, spm;
	unsigned readings = 0;

	for (size_t i = 0; i < table.count; i++) {
		double off;

		if (!feed_column(&c, &table, i, "sdm_page1", &spm))
			continue;
		readings++;
		if (!is_near(&table, i, spm))
			fact_fail(&table.rows[i], "read %f", spm);
		off = spm - true_spm(&table, i);
		sum += off;
		squares += off * off;
	}
	CU_ASSERT_EQUAL(c.anomalies, 0);
	CU_ASSERT_TRUE(readings > 3000);
	CU_ASSERT_DOUBLE_EQUAL(sum / readings, 0, 0.5);
	CU_ASSERT_TRUE(sqrt(squares / readings) < 10);
	fact_table_free(&table);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "every real page (footpod-frames.tsv)", test_real_pages },
		{ "what was counted in all (page 16)", test_summary },
		{ "roll-overs, drop-outs, standing, a legacy pod",
		  test_sequences },
		{ "messages of seconds apart", test_sparse_sequence },
		{ "an hour with page 2", test_run_with_page2 },
		{ "an hour by stride counts alone", test_run_by_strides_alone },
		CU_TEST_INFO_NULL,
	};

	return suite_run("sdm frames", tests);
}
