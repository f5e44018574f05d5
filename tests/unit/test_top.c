/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl top: percentiles, counters, and what is made of two replies.
 */
#include "daemon/gaitctl/top_view.h"
#include "daemon/meter.h"
#include "daemon/service/histogram.h"
#include "protocol/utf8.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <string.h>

#define SECOND UINT64_C(1000000)

/* ---- percentiles -------------------------------------------------------------- */

static uint64_t at(const struct histogram *h, uint64_t now_us, unsigned per_mille)
{
	uint64_t value_us = 0;

	CU_ASSERT(histogram_at(h, now_us, per_mille, &value_us));
	return value_us;
}

static void test_percentiles(void)
{
	struct histogram h = { .count = 0 };
	uint64_t none;

	CU_ASSERT_FALSE(histogram_at(&h, 5 * SECOND, 500, &none));
	for (uint64_t i = 1; i <= 1000; i++)
		histogram_add(&h, 5 * SECOND, i * 1000);
	/* no answer is off by more than a fifth, and none is too low */
	for (unsigned per_mille = 100; per_mille <= 1000; per_mille += 50) {
		uint64_t right = per_mille * UINT64_C(1000), seen = at(&h, 5 * SECOND, per_mille);

		CU_ASSERT(seen >= right - 1 && seen <= right * 6 / 5);
	}
	CU_ASSERT_EQUAL(h.count, 1000);
	CU_ASSERT_EQUAL(h.max_us, 1000000);
	CU_ASSERT_EQUAL(at(&h, 5 * SECOND, 1000), 1000000); /* not above what there was */
}

static void test_old_values_are_forgotten(void)
{
	struct histogram h = { .count = 0 };
	uint64_t none;

	histogram_add(&h, 100 * SECOND, 9000);
	histogram_add(&h, 161 * SECOND, 10);
	CU_ASSERT_EQUAL(at(&h, 161 * SECOND, 1000), 9000); /* a minute ago: still counts */
	histogram_add(&h, 222 * SECOND, 10);
	CU_ASSERT(at(&h, 222 * SECOND, 1000) < 20);
	CU_ASSERT_EQUAL(h.max_us, 9000); /* of all time */
	CU_ASSERT_FALSE(histogram_at(&h, 900 * SECOND, 500, &none));
}

static void test_odd_values(void)
{
	struct histogram h = { .count = 0 };

	histogram_add(&h, SECOND, 0);
	CU_ASSERT(at(&h, SECOND, 1000) <= 1);
	histogram_add(&h, SECOND, UINT64_MAX);
	CU_ASSERT_EQUAL(at(&h, SECOND, 1000), UINT64_MAX);
}

/* ---- counters -------------------------------------------------------------------- */

static long long number(const json_t *object, const char *table, const char *name)
{
	return (long long)json_integer_value(
		json_object_get(json_object_get(object, table), name));
}

static void test_meter(void)
{
	static struct source_event event;
	static struct outcome outcome;
	struct intake_counts counts = { .events = 6 };
	struct meter meter;
	json_t *reply = json_object();

	memset(&meter, 0, sizeof(meter));
	event = (struct source_event){ .device = SOURCE_FOOTPOD, .unit = 1, .kind = SOURCE_ANT };
	meter_event(&meter, &event);
	meter_event(&meter, &event);
	event.unit = 7;
	meter_event(&meter, &event);
	event = (struct source_event){ .device = SOURCE_TREADMILL, .unit = 1,
		                       .kind = SOURCE_NOTIFY };
	meter_event(&meter, &event);
	event.kind = SOURCE_LINK; /* no frame */
	meter_event(&meter, &event);
	event = (struct source_event){ .device = SOURCE_INPUT, .unit = 1, .kind = SOURCE_REQUEST };
	meter_event(&meter, &event);
	outcome.message.type = DISPLAY_MESSAGE_PROMPT;
	meter_outcome(&meter, &outcome, 700);
	outcome.message.type = DISPLAY_MESSAGE_METRICS;
	meter_outcome(&meter, &outcome, UINT64_MAX); /* in a hurry: counted, not timed */
	meter_describe(&meter, &counts, 5 * SECOND, reply);
	CU_ASSERT_EQUAL(number(reply, "frames", "footpod"), 2);
	CU_ASSERT_EQUAL(number(reply, "frames", "others"), 1);
	CU_ASSERT_EQUAL(number(reply, "frames", "treadmill"), 1);
	CU_ASSERT_EQUAL(number(reply, "messages", "prompt"), 1);
	CU_ASSERT_EQUAL(number(reply, "messages", "metrics"), 1);
	CU_ASSERT_EQUAL(number(json_object_get(reply, "latency"), "prompt", "max_us"), 700);
	CU_ASSERT_EQUAL(number(json_object_get(reply, "latency"), "prompt", "p50_us"), 700);
	CU_ASSERT_EQUAL(number(json_object_get(reply, "latency"), "metrics", "count"), 0);
	json_decref(reply);
}

/* ---- the page ---------------------------------------------------------------------- */

/* Apostrophes stand for quotes. */
static json_t *read_json(const char *text)
{
	char json[2048];
	json_t *value;

	CU_ASSERT_FATAL(strlen(text) < sizeof(json));
	strcpy(json, text);
	for (char *c = json; *c; c++)
		if (*c == '\'')
			*c = '"';
	value = json_loads(json, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(value);
	return value;
}

static struct top_sample before, now;
static struct top_page page;

static void start(void)
{
	before.meter = read_json("{'clock_us':1000000,'frames':{'treadmill':10,'footpod':100},"
	                         "'messages':{'metrics':5}}");
	now.meter = read_json("{'clock_us':3000000,'frames':{'treadmill':18,'footpod':100,"
	                      "'heart_rate':3,'others':2},'messages':{'metrics':9,'prompt':1},"
	                      "'latency':{'metrics':{'p50_us':250,'max_us':90000}}}");
	now.status = read_json("{'daemon':'gaitd 0.1.0','source':'bluetooth','uptime_s':3700,"
	                       "'link':{'treadmill':'live','footpod':'stale'},"
	                       "'sources':{'bluetooth':{'message':'hci0 is ready','treadmill':"
	                       "{'name':'URTM041','rssi_dbm':-61}}},"
	                       "'session':{'state':'running','elapsed_s':61,'distance_m':170},"
	                       "'metrics':{'speed_kmh':10.0,'gait':'run'}}");
	before.displays = read_json("[{'name':'tv','pid':7,'sent':100}]");
	now.displays = read_json("[{'name':'tv','pid':7,'ready':true,'sent':106,'dropped':1,"
	                         "'shown':2,'waiting_ms':1200},{'name':'','pid':8,'sent':1}]");
	now.rules = read_json(
		"[{'id':'dull','level':'form','state':'untrue','true':false,'held':false},"
		"{'id':'asleep','level':'form','state':'needs-absent','count':0},"
		"{'id':'muted-one','level':'load','state':'muted','by':'pain','true':true},"
		"{'id':'true-one','level':'habit','state':'holding','true':true,'left_s':4},"
		"{'id':'loud','level':'safety','state':'speaks','true':true,'held':true,'count':3}]");
}

static void end(void)
{
	top_sample_free(&before);
	top_sample_free(&now);
}

/* The line that begins like that; its number, from 0 */
static size_t line_of(const char *beginning)
{
	for (size_t i = 0; i < page.count; i++) {
		if (strncmp(page.lines[i], beginning, strlen(beginning)) == 0)
			return i;
	}
	printf("no line \"%s\"\n", beginning);
	CU_FAIL("no such line");
	return 0;
}

static void has(const char *beginning, const char *words)
{
	const char *line = page.lines[line_of(beginning)];

	CU_ASSERT_PTR_NOT_NULL(strstr(line, words));
	if (!strstr(line, words))
		printf("no \"%s\" in \"%s\"\n", words, line);
}

static void test_page(void)
{
	start();
	top_view(&page, &before, &now, 0, 100);
	has("gaitd 0.1.0", "up 1:01:40");
	has("session", "running 1:01, 170 m");
	has("bluetooth", "hci0 is ready");
	has("treadmill", "live        4.0 /s  -61 dBm  URTM041");
	has("foot pod", "stale       0.0 /s");
	has("heart rate", "1.5 /s");
	has("other pods", "1.0 /s");
	has("now", "10.00 km/h  run");
	has("metrics", "2.0      0.25        -        -    90.00");
	has("tv", "3.0        1        2     1200");
	has("(has not said hello)", "");
	has("muted-one", "muted by pain");
	has("true-one", "holding, 4 s more");
	/* what matters first */
	CU_ASSERT(line_of("loud") < line_of("muted-one"));
	CU_ASSERT(line_of("muted-one") < line_of("true-one"));
	CU_ASSERT(line_of("true-one") < line_of("asleep"));
	CU_ASSERT(line_of("asleep") < line_of("dull"));
	end();
}

static size_t columns(const char *line)
{
	size_t count = 0;

	for (; *line; count++) {
		size_t octets = utf8_printable(line, strlen(line));

		CU_ASSERT_FATAL(octets > 0);
		line += octets;
	}
	return count;
}

/* However much there is, and whatever it is called */
static void test_it_fits(void)
{
	start();
	for (int i = 0; i < 64; i++)
		json_array_append_new(now.displays,
		                      json_pack("{s:s, s:i, s:b}", "name",
		                                "\xc3\xa9vil\n\x1b[2J \xe2\x80\xae long name", "pid",
		                                i, "ready", 1));
	for (int i = 0; i < 250; i++)
		json_array_append_new(now.rules, json_pack("{s:s, s:s}", "id", "more", "state",
		                                           "a state of tomorrow, told at length "
		                                           "and at some more length than that"));
	for (size_t width = 40; width <= 200; width += 40) {
		top_view(&page, &before, &now, 24, width);
		CU_ASSERT_EQUAL(page.count, 24);
		for (size_t i = 0; i < page.count; i++)
			CU_ASSERT(columns(page.lines[i]) <= width);
	}
	line_of("loud"); /* displays leave room for rules */
	top_view(&page, &before, &now, 0, 100);
	CU_ASSERT_EQUAL(page.count, TOP_ROWS_MAX);
	top_view(&page, &before, &now, 1, 1);
	CU_ASSERT_EQUAL(page.count, 1);
	end();
}

static void test_one_sample(void)
{
	struct top_sample nothing = { NULL, NULL, NULL, NULL };
	json_t *rates;

	start();
	top_view(&page, &nothing, &now, 24, 80);
	has("treadmill", "0.0 /s"); /* not "ten thousand" */
	top_view(&page, &nothing, &nothing, 24, 80);
	CU_ASSERT(page.count > 5);
	CU_ASSERT_PTR_NULL(top_rates(&nothing, &now));
	rates = top_rates(&before, &now);
	CU_ASSERT_DOUBLE_EQUAL(json_number_value(json_object_get(rates, "treadmill")), 4, 1e-9);
	json_decref(rates);
	/* started anew: its clock and its counts went back */
	rates = top_rates(&now, &before);
	CU_ASSERT_PTR_NULL(rates);
	end();
}

static CU_TestInfo tests[] = {
	{ "percentiles", test_percentiles },
	{ "old values are forgotten", test_old_values_are_forgotten },
	{ "odd values", test_odd_values },
	{ "counters", test_meter },
	{ "the page", test_page },
	{ "it fits", test_it_fits },
	{ "one sample", test_one_sample },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("top", tests);
}
