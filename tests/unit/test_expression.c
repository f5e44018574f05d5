/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/expression.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static struct metrics nothing_known(void)
{
	struct metrics m;

	for (size_t i = 0; i < METRIC_COUNT; i++)
		m.value[i] = NAN;
	return m;
}

/* A runner at 12 km/h on 5 %, 160 steps a minute; no heart rate, no pain */
static struct metrics running(void)
{
	struct metrics m = nothing_known();

	m.value[METRIC_speed] = 12;
	m.value[METRIC_incline] = 5;
	m.value[METRIC_cadence_30s] = 160;
	m.value[METRIC_target_cadence] = 170;
	m.value[METRIC_usual_speed] = 10;
	m.value[METRIC_step_length] = 1.25;
	m.value[METRIC_run_time] = 600;
	m.value[METRIC_elapsed] = 900;
	m.value[METRIC_heart_rate_max] = 190;
	m.value[METRIC_fired_count] = 2;
	m.value[METRIC_pain] = 4;
	m.value[METRIC_running] = 1;
	m.value[METRIC_walking] = 0;
	m.value[METRIC_true] = 1;
	return m;
}

static enum truth truth_of(const char *text, const struct metrics *m)
{
	struct expression e = { 0 };
	struct expression_error error = { 0 };
	enum truth truth = TRUTH_ABSENT;
	bool ok = expression_compile_condition(text, &e, &error);

	if (!ok)
		printf("\n  %s: %zu: %s\n", text, error.offset, error.message);
	CU_ASSERT_TRUE(ok);
	if (ok)
		truth = expression_truth(&e, m);
	expression_free(&e);
	return truth;
}

static void test_conditions(void)
{
	static const struct {
		const char *text;
		enum truth expected;
	} rows[] = {
		/* comparisons, either way round */
		{ "speed > 11.9 km/h", TRUTH_TRUE },
		{ "speed > 12 km/h", TRUTH_FALSE },
		{ "speed >= 12 km/h", TRUTH_TRUE },
		{ "speed < 12 km/h", TRUTH_FALSE },
		{ "speed <= 12 km/h", TRUTH_TRUE },
		{ "12 km/h <= speed", TRUTH_TRUE },
		{ "12 km/h < speed", TRUTH_FALSE },
		{ "pain = 4 /10", TRUTH_TRUE },
		{ "pain == 4/10", TRUTH_TRUE },
		{ "pain != 4 /10", TRUTH_FALSE },
		{ "fired_count = 2", TRUTH_TRUE },
		{ "fired_count != 3", TRUTH_TRUE },
		{ "speed > usual_speed", TRUTH_TRUE },
		{ "usual_speed >= speed", TRUTH_FALSE },
		/* units come to the same */
		{ "speed >= 3.3333 m/s", TRUTH_TRUE },
		{ "speed < 3.34 m/s", TRUTH_TRUE },
		{ "7.45 mph < speed < 7.46 mph", TRUTH_TRUE },
		{ "run_time >= 10 min", TRUTH_TRUE },
		{ "run_time > 10 min", TRUTH_FALSE },
		{ "step_length <= 125 cm", TRUTH_TRUE },
		{ "step_length > 0.001 km", TRUTH_TRUE },
		{ "5%<=incline", TRUTH_TRUE },
		{ "cadence_30s<170spm", TRUTH_TRUE },
		{ "heart_rate_max > 189.9 bpm", TRUTH_TRUE },
		/* chains */
		{ "4 % <= incline < 8 %", TRUTH_TRUE },
		{ "5 % < incline < 8 %", TRUTH_FALSE },
		{ "8 % > incline >= 5 % >= 2 %", TRUTH_TRUE },
		{ "3 % < incline < 4 % < 9 %", TRUTH_FALSE },
		{ "1 km/h < usual_speed < speed < 13 km/h", TRUTH_TRUE },
		{ "4 bpm < heart_rate < 200 bpm", TRUTH_ABSENT },
		{ "4 spm < cadence < 3 spm", TRUTH_ABSENT },
		/* logic and precedence */
		{ "running", TRUTH_TRUE },
		{ "not running", TRUTH_FALSE },
		{ "not not running", TRUTH_TRUE },
		{ "running and not walking", TRUTH_TRUE },
		{ "walking or running", TRUTH_TRUE },
		{ "walking and walking or running", TRUTH_TRUE },
		{ "running or walking and walking", TRUTH_TRUE },
		{ "(running or walking) and walking", TRUTH_FALSE },
		{ "not walking and running", TRUTH_TRUE },
		{ "not (walking and running)", TRUTH_TRUE },
		{ "not speed > 20 km/h", TRUTH_TRUE },
		{ "true", TRUTH_TRUE },
		/* shares and arithmetic */
		{ "cadence_30s < 95 % of target_cadence", TRUTH_TRUE },
		{ "cadence_30s < 94 % of target_cadence", TRUTH_FALSE },
		{ "speed >= 120 % of usual_speed", TRUTH_TRUE },
		{ "speed > 50 % of (usual_speed + speed)", TRUTH_TRUE },
		{ "speed > 50 % of usual_speed + 7 km/h", TRUTH_FALSE },
		{ "speed > 50 % of 50 % of 4 * usual_speed + 1 km/h", TRUTH_TRUE },
		{ "speed - usual_speed >= 2 km/h", TRUTH_TRUE },
		{ "2 * speed > 23 km/h", TRUTH_TRUE },
		{ "speed * 2 < 24 km/h", TRUTH_FALSE },
		{ "-incline < -4 %", TRUTH_TRUE },
		{ "-incline < - - 4 %", TRUTH_TRUE },
		{ "incline - 2 % - 2 % >= 1 %", TRUTH_TRUE },
		{ "incline + 2 % * 2 >= 9 %", TRUTH_TRUE },
		{ "speed * 10 min >= 2 km", TRUTH_TRUE },
		{ "speed * 10 min > 2 km", TRUTH_FALSE },
		{ "cadence_30s * run_time >= 1600", TRUTH_TRUE },
		{ "run_time * cadence_30s > 1600", TRUTH_FALSE },
		{ "speed * run_time > step_length * fired_count", TRUTH_TRUE },
		{ "speed / usual_speed >= 1.2", TRUTH_TRUE },
		{ "speed / usual_speed > 1.2", TRUTH_FALSE },
		{ "speed / usual_speed >= 120 %", TRUTH_TRUE },
		{ "121 % > speed / usual_speed", TRUTH_TRUE },
		{ "119 % < speed / usual_speed < 121 %", TRUTH_TRUE },
		{ "1.19 < speed / usual_speed < 120 %", TRUTH_FALSE },
		{ "speed / 2 < 6.1 km/h", TRUTH_TRUE },
		{ "speed / 2 >= 6 km/h > speed / 3", TRUTH_TRUE },
		{ "2 km / run_time >= 12 km/h", TRUTH_TRUE },
		{ "2 km / speed <= 10 min", TRUTH_TRUE },
		{ "1600 / run_time >= 160 spm", TRUTH_TRUE },
		{ "12 / 3 / 2 = 2", TRUTH_TRUE },
		{ "incline >= 5 /100", TRUTH_TRUE },
		{ "incline > 1/20", TRUTH_FALSE },
		{ "speed / (usual_speed - 10 km/h) > 1", TRUTH_ABSENT },
		{ "not speed / (usual_speed - 10 km/h) > 1", TRUTH_ABSENT },
		{ "2 + 3 * 4 = 14", TRUTH_TRUE },
		{ "(2 + 3) * 4 = 20", TRUTH_TRUE },
		{ "10 - 4 - 3 = 3", TRUTH_TRUE },
		{ "50 % of 8 = 4", TRUTH_TRUE },
		{ "\n\t speed\n>\r\n 11 km/h ", TRUTH_TRUE },
	};
	struct metrics m = running();

	for (size_t i = 0; i < ROWS(rows); i++) {
		enum truth found = truth_of(rows[i].text, &m);

		if (found != rows[i].expected)
			printf("\n  %s: %d\n", rows[i].text, found);
		CU_ASSERT_EQUAL(found, rows[i].expected);
	}
}

/* Kleene's tables; heart_rate and settled are absent */
static void test_absence(void)
{
	static const struct {
		const char *text;
		enum truth expected;
	} rows[] = {
		{ "heart_rate > 100 bpm", TRUTH_ABSENT },
		{ "heart_rate <= 100 bpm", TRUTH_ABSENT },
		{ "not heart_rate > 100 bpm", TRUTH_ABSENT },
		{ "heart_rate > 90 % of heart_rate_max", TRUTH_ABSENT },
		{ "heart_rate - heart_rate < 5 bpm", TRUTH_ABSENT },
		{ "settled", TRUTH_ABSENT },
		{ "not settled", TRUTH_ABSENT },
		{ "settled and running", TRUTH_ABSENT },
		{ "running and settled", TRUTH_ABSENT },
		{ "settled and walking", TRUTH_FALSE },
		{ "walking and settled", TRUTH_FALSE },
		{ "settled or running", TRUTH_TRUE },
		{ "running or settled", TRUTH_TRUE },
		{ "settled or walking", TRUTH_ABSENT },
		{ "walking or settled", TRUTH_ABSENT },
		{ "settled and settled", TRUTH_ABSENT },
		{ "settled or settled", TRUTH_ABSENT },
		{ "settled or walking or running", TRUTH_TRUE },
		{ "settled and running and walking", TRUTH_FALSE },
		{ "not (settled and walking)", TRUTH_TRUE },
		{ "not (settled or walking)", TRUTH_ABSENT },
		{ "settled and running or walking", TRUTH_ABSENT },
	};
	struct metrics m = running();

	for (size_t i = 0; i < ROWS(rows); i++) {
		enum truth found = truth_of(rows[i].text, &m);

		if (found != rows[i].expected)
			printf("\n  %s: %d\n", rows[i].text, found);
		CU_ASSERT_EQUAL(found, rows[i].expected);
	}
}

static void test_no_metric_known_is_never_true(void)
{
	static const char *const rows[] = {
		"speed < 1 km/h", "speed > 1 km/h", "speed >= speed", "not running",
		"pain != 3 /10", "not (running and walking)",
		"incline < 1 % or incline >= 1 %", "fired_count != 1",
	};
	struct metrics m = nothing_known();

	for (size_t i = 0; i < ROWS(rows); i++)
		CU_ASSERT_EQUAL(truth_of(rows[i], &m), TRUTH_ABSENT);
}

static void test_tolerance(void)
{
	struct metrics m = nothing_known();

	m.value[METRIC_speed_rise_10s] = 12.3 - 9.8; /* 2.5000000000000000 or so */
	CU_ASSERT_EQUAL(truth_of("speed_rise_10s >= 2.5 km/h", &m), TRUTH_TRUE);
	m.value[METRIC_speed] = 0.1 + 0.2;
	CU_ASSERT_EQUAL(truth_of("speed <= 0.3 km/h", &m), TRUTH_TRUE);
	CU_ASSERT_EQUAL(truth_of("speed > 0.3 km/h", &m), TRUTH_FALSE);
	CU_ASSERT_EQUAL(truth_of("speed >= 0.300001 km/h", &m), TRUTH_FALSE);
	m.value[METRIC_usual_speed] = 0.3;
	CU_ASSERT_EQUAL(truth_of("speed > usual_speed", &m), TRUTH_FALSE);
	CU_ASSERT_EQUAL(truth_of("speed <= usual_speed", &m), TRUTH_TRUE);
	CU_ASSERT_EQUAL(truth_of("speed < usual_speed", &m), TRUTH_FALSE);
}

static void test_values(void)
{
	static const struct {
		const char *text;
		enum dimension dimension;
		double expected;
	} rows[] = {
		{ "target_cadence", DIMENSION_CADENCE, 170 },
		{ "90 % of heart_rate_max", DIMENSION_HEART_RATE, 171 },
		{ "10 km/h", DIMENSION_SPEED, 10 },
		{ "2 min + 30 s", DIMENSION_TIME, 150 },
		{ "speed * 1 s", DIMENSION_LENGTH, 12 / 3.6 },
		{ "50 % of (speed - 2 km/h)", DIMENSION_SPEED, 5 },
		{ "-(speed + usual_speed)", DIMENSION_SPEED, -22 },
		{ "heart_rate", DIMENSION_HEART_RATE, NAN },
	};
	struct metrics m = running();

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct expression e = { 0 };
		struct expression_error error;
		double found;

		CU_ASSERT_TRUE_FATAL(expression_compile_value(rows[i].text, &e, &error));
		found = expression_value(&e, &m);
		CU_ASSERT_EQUAL(e.dimension, rows[i].dimension);
		if (isnan(rows[i].expected))
			CU_ASSERT_TRUE(isnan(found))
		else
			CU_ASSERT_DOUBLE_EQUAL(found, rows[i].expected, 1e-9);
		expression_free(&e);
	}
}

static void test_errors(void)
{
	static const struct {
		const char *text;
		size_t offset;
		const char *message; /* a part of it */
	} rows[] = {
		{ "", 0, "but the text ends" },
		{ "  ", 2, "but the text ends" },
		{ "speed >", 7, "expected a metric or a number, but the text ends" },
		{ "speed > 12 km/h and", 19, "but the text ends" },
		{ "cadence_30 < 160 spm", 0,
		  "unknown metric \"cadence_30\"; did you mean cadence_30s?" },
		{ "running and flying_high_above", 12, "gaitd-rules(5) lists them" },
		{ "speed > 12 %", 8,
		  "cannot compare speed (km/h) with percent (%): write 12 km/h" },
		{ "speed > 12", 8,
		  "cannot compare speed (km/h) with a bare number: write 12 km/h" },
		{ "12 < speed", 0,
		  "cannot compare a bare number with speed (km/h): write 12 km/h" },
		{ "speed > incline", 8, "speed (km/h) with percent (%): both sides" },
		{ "pain >= 4", 8, "pain (/10) with a bare number: write 4 /10" },
		{ "incline > 4 km/h", 10, "write 4 %" },
		{ "speed > 5 min/km", 8, "pace (min/km): write 12 km/h" },
		{ "fired_count > 2 s", 14, "write 2 without a unit" },
		{ "cadence_30s < 0.97 * target_cadence + 3", 38, "cannot add cadence" },
		{ "speed - 3 % > 1 km/h", 8, "cannot subtract speed (km/h) less percent" },
		{ "speed = 12 km/h", 0, "a measured speed is hardly ever equal" },
		{ "incline != 0 %", 0, "a measured percent" },
		{ "running = true", 0, "\"running\" is true or false and is not compared" },
		{ "running > 0", 0, "is true or false" },
		{ "speed", 0, "this is a speed, and a condition is expected" },
		{ "speed and running", 0, "\"speed\" is a speed, and a condition" },
		{ "running and 3", 12, "\"3\" is a number, and a condition" },
		{ "not speed", 4, "\"speed\" is a speed" },
		{ "running + 1 > 2", 0, "\"running\" is true or false" },
		{ "-running", 1, "\"running\" is true or false" },
		{ "50 % of running", 8, "\"running\" is true or false" },
		/* division */
		{ "speed / usual_speed < 50 spm", 22, "number with cadence (spm): write 50" },
		{ "speed / heart_rate < 1", 8, "cannot divide speed (km/h) by heart rate" },
		{ "running / 2 > 1", 0, "\"running\" is true or false" },
		{ "speed / 0 > 1 km/h", 8, "nothing can be divided by 0" },
		{ "pain/10 >= 4", 4, "/10 is the unit of pain" },
		{ "4 / 10 < pain", 1, "/10 is the unit of pain" },
		{ "5 m/speed > 2", 12, "time (s) with a bare number: write 2 s" },
		{ "speed / 2 / usual_speed * 3 > 50 %", 30, "write 50 without a unit" },
		/* numbers */
		{ "speed > 1e999 km/h", 8, "without an exponent" },
		{ "speed > 1e3 km/h", 8, "without an exponent" },
		{ "speed > 1E+3 km/h", 8, "without an exponent" },
		{ "distance > 1,000 m", 11, "\"1,0\" is no number here: write 1000 without" },
		{ "distance > 1_000 m", 11, "without a thousands separator" },
		{ "distance > 1 000 m", 13, "two numbers side by side: write 1000" },
		{ "speed > 12,5 km/h", 8, "1.5 with a point" },
		{ "speed > .5 km/h", 8, "a number starts with a digit" },
		{ "speed > 5. km/h", 8, "digits, a point and digits" },
		{ "speed > 1.2.3 km/h", 8, "digits, a point and digits" },
		{ "speed > 0x10 km/h", 8, "decimal digits" },
		{ "run_time > 5:30 min", 11, "5.5 min" },
		{ "distance > 1234567890123456 m", 11, "at most 15 digits" },
		{ "speed > nan", 8, "unknown metric \"nan\"" },
		{ "speed > inf", 8, "unknown metric \"inf\"" },
		{ "distance > 999999999999999 km * 999999999999999 * 999999999999999 * "
		  "999999999999999 * 999999999999999 * 999999999999999 * 999999999999999 "
		  "* 999999999999999 * 999999999999999 * 999999999999999 * 999999999999999"
		  " * 999999999999999 * 999999999999999 * 999999999999999 * "
		  "999999999999999 * 999999999999999 * 999999999999999 * 999999999999999 *"
		  " 999999999999999 * 999999999999999 * 999999999999999", 11, "too large" },
		/* units */
		{ "speed > 12 kmh", 11, "unknown unit \"kmh\" behind a number: write km/h" },
		{ "speed > 12 kn/h", 11, "did you mean km/h?" },
		{ "elapsed > 2 hours", 12, "an hour is 60 min" },
		{ "elapsed > 2 Minutes", 12, "write min" },
		{ "pace > 8 min/mi", 9, "write min/mile" },
		{ "speed > 12 km/hour", 11, "unknown unit \"km/hour\"" },
		{ "speed > 12 furlongs", 11, "expected km/h, m/s" },
		{ "run_time > 2 h", 13, "unknown unit \"h\"" },
		/* foreign words */
		{ "speed \xe2\x89\xa5 12 km/h", 6, "write >=" },
		{ "running && walking", 8, "write and" },
		{ "running || walking", 8, "write or" },
		{ "speed => 12 km/h", 6, "write >=" },
		{ "speed =< 12 km/h", 6, "write <=" },
		{ "speed <> 12 km/h", 6, "write !=" },
		{ "speed ** 2 > 3", 6, "not part of the language" },
		{ "!running", 0, "write not" },
		{ "running AND walking", 8, "found \"AND\": did you mean and?" },
		{ "heart_rate is above 150 bpm", 11, "found \"is\": did you mean a comparison" },
		{ "speed greater than 3 km/h", 6, "did you mean >?" },
		{ "running for 60 s", 8, "hold: 60 s as a key" },
		{ "running; walking", 7, "write and" },
		{ "\xe2\x80\x9crunning\xe2\x80\x9d", 0, "write straight quotes" },
		{ "speed > 12\xc2\xa0km/h", 10, "a plain blank" },
		{ "incline > 4\xc2\xb0", 11, "write %" },
		/* names as people know them */
		{ "heart rate > 150 bpm", 0, "\"heart\"; did you mean heart_rate?" },
		{ "max heart rate > 150 bpm", 0, "did you mean heart_rate_max?" },
		{ "Heart_Rate > 150 bpm", 0, "did you mean heart_rate?" },
		{ "INCLINE > 4 %", 0, "did you mean incline?" },
		{ "HR > 150 bpm", 0, "did you mean heart_rate?" },
		{ "slope > 4 %", 0, "did you mean incline?" },
		{ "speed > 9 km/h and uphill", 19, "did you mean incline > 0 %?" },
		{ "if running", 0, "did you mean the condition alone?" },
		{ "speed ? 3", 6, "unexpected character \"?\"" },
		{ "speed > 12 km/h \x01", 16, "unexpected octet 0x01" },
		{ "speed > 12 km/h \xff", 16, "unexpected octet 0xff" },
		{ "brisk \xf0\x9f\x8f\x83 fast", 0, "unknown metric" },
		/* structure */
		{ "(running", 8, "expected \")\", but the text ends" },
		{ "running)", 7, "expected \"and\", \"or\" or the end, found \")\"" },
		{ "running walking", 8, "found \"walking\"" },
		{ "running and or walking", 12, "expected a metric or a number, found \"or\"" },
		{ "speed < 3 km/h > 2 km/h", 15, "goes one way" },
		{ "fired_count = 2 = 2", 16, "goes one way" },
		{ "fired_count < 2 = 2", 16, "goes one way" },
		{ "speed of usual_speed > 3 km/h", 0, "expected a percent before \"of\"" },
		{ "90 % * heart_rate_max < heart_rate", 0, "write \"90 % of ...\"" },
		{ "speed * speed > 3 km/h", 8, "cannot multiply speed (km/h) by speed" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct expression e = { 0 };
		struct expression_error error = { 0 };
		bool ok = expression_compile_condition(rows[i].text, &e, &error);

		if (ok || error.offset != rows[i].offset ||
		    !strstr(error.message, rows[i].message))
			printf("\n  %s\n  %zu: %s\n", rows[i].text, error.offset, error.message);
		CU_ASSERT_FALSE(ok);
		CU_ASSERT_EQUAL(error.offset, rows[i].offset);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, rows[i].message));
		CU_ASSERT_PTR_NULL(e.code);
	}
}

static void test_a_condition_is_no_value(void)
{
	struct expression e = { 0 };
	struct expression_error error;

	CU_ASSERT_FALSE(expression_compile_value("speed > 3 km/h", &e, &error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "a value with a unit is expected"));
	CU_ASSERT_FALSE(expression_compile_value("running", &e, &error));
}

static void test_quantities(void)
{
	static const struct {
		const char *text;
		bool ok;
		double expected;
		const char *message;
	} rows[] = {
		{ "60 s", true, 60, NULL },
		{ " 2 min ", true, 120, NULL },
		{ "1.5min", true, 90, NULL },
		{ "60", false, 0, "a bare number is no time: write 60 s" },
		{ "60 m", false, 0, "a length (m) was found, a time is expected: write 60 s" },
		{ "s", false, 0, "expected a time, as in 60 s" },
		{ "-1 s", false, 0, "expected a time" },
		{ "", false, 0, "expected a time" },
		{ "60 s 3", false, 0, "nothing behind the unit" },
		{ "60 sec", false, 0, "unknown unit \"sec\" behind a number: write s" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct expression_error error = { 0 };
		double found = -1;
		bool ok = expression_quantity(rows[i].text, DIMENSION_TIME, &found, &error);

		CU_ASSERT_EQUAL(ok, rows[i].ok);
		if (ok) {
			CU_ASSERT_DOUBLE_EQUAL(found, rows[i].expected, 1e-12);
			continue;
		}
		if (!strstr(error.message, rows[i].message))
			printf("\n  %s: %s\n", rows[i].text, error.message);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, rows[i].message));
	}
}

/* What `repeated` times `part` between `head` and `tail` makes: true = compiles */
static bool compiles_repeated(const char *head, const char *part, size_t times,
                              const char *tail, struct expression_error *error)
{
	size_t size = strlen(head) + strlen(part) * times + strlen(tail) + 1;
	struct expression e = { 0 };
	char *text = malloc(size), *at = text;
	bool ok;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	at += sprintf(at, "%s", head);
	while (times--)
		at += sprintf(at, "%s", part);
	sprintf(at, "%s", tail);
	ok = expression_compile_condition(text, &e, error);
	free(text);
	expression_free(&e);
	return ok;
}

static void test_limits(void)
{
	struct expression_error error;

	CU_ASSERT_TRUE(compiles_repeated("", "running and ", 40, "walking", &error));
	CU_ASSERT_FALSE(compiles_repeated("", "pain=1/10 or ", 40, "walking", &error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "as two rules"));
	CU_ASSERT_TRUE(compiles_repeated("", "not ", 30, "walking", &error));
	CU_ASSERT_FALSE(compiles_repeated("", "not ", 200, "walking", &error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "levels"));
	CU_ASSERT_FALSE(compiles_repeated("", "(", 100000, "walking", &error));
	CU_ASSERT_FALSE(compiles_repeated("speed > ", "-", 100000, "1 km/h", &error));
	CU_ASSERT_FALSE(compiles_repeated("", "running and ", 100000, "walking", &error));
	CU_ASSERT_EQUAL(error.offset, EXPRESSION_TEXT_MAX);
	CU_ASSERT_FALSE(compiles_repeated("speed > ", "speed + (", 25, "speed", &error));
	CU_ASSERT_FALSE(compiles_repeated("speed > ", "speed + (speed + speed) + (", 25,
	                                  "", &error));
	CU_ASSERT_FALSE(compiles_repeated("1 < ", "fired_count + 1 < ", 40, "3", &error));
}

static void test_stack_is_bounded(void)
{
	char text[EXPRESSION_TEXT_MAX + 1] = "speed > ";
	struct expression_error error = { 0 };
	struct expression e = { 0 };

	for (int i = 0; i < 20; i++)
		strcat(text, "speed + (");
	strcat(text, "speed");
	for (int i = 0; i < 20; i++)
		strcat(text, ")");
	CU_ASSERT_FALSE(expression_compile_condition(text, &e, &error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "nested too deeply"));
}

static void test_uses(void)
{
	struct expression e = { 0 };
	struct expression_error error;

	CU_ASSERT_TRUE_FATAL(expression_compile_condition(
		"running and 1 < fired_count or speed > 50 % of usual_speed and true",
		&e, &error));
	CU_ASSERT_TRUE(expression_uses(&e, METRIC_running));
	CU_ASSERT_TRUE(expression_uses(&e, METRIC_fired_count));
	CU_ASSERT_TRUE(expression_uses(&e, METRIC_speed));
	CU_ASSERT_TRUE(expression_uses(&e, METRIC_usual_speed));
	CU_ASSERT_TRUE(expression_uses(&e, METRIC_true));
	CU_ASSERT_FALSE(expression_uses(&e, METRIC_incline));
	expression_free(&e);
}

/* "1,000 rules below 20 us" needs short code: a comparison with a constant is
 * one instruction, whichever side it stands on. */
static void test_code_is_compact(void)
{
	static const struct {
		const char *text;
		unsigned length;
	} rows[] = {
		{ "speed > 12 km/h", 1 },
		{ "12 km/h < speed", 1 },
		{ "speed > 2 * 3 km/h + 1 m/s", 1 },
		{ "cadence_30s < 97 % of target_cadence", 1 },
		{ "97 % of target_cadence > cadence_30s", 1 },
		{ "4 % <= incline < 8 %", 3 },
		{ "running and speed > 12 km/h and incline >= 4 %", 4 },
		{ "not running or speed < usual_speed", 3 },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct expression e = { 0 };
		struct expression_error error;

		CU_ASSERT_TRUE_FATAL(expression_compile_condition(rows[i].text, &e, &error));
		CU_ASSERT_EQUAL(e.length, rows[i].length);
		expression_free(&e);
	}
}

static void test_copy(void)
{
	struct expression none = { 0 }, a = { 0 }, b = { 0 };
	struct expression_error error;
	struct metrics m = running();

	CU_ASSERT_TRUE_FATAL(expression_compile_condition("speed > 3 km/h", &a, &error));
	CU_ASSERT_TRUE_FATAL(expression_copy(&a, &b));
	expression_free(&a);
	CU_ASSERT_EQUAL(expression_truth(&b, &m), TRUTH_TRUE);
	expression_free(&b);
	CU_ASSERT_TRUE(expression_copy(&none, &b));
	CU_ASSERT_EQUAL(expression_truth(&b, &m), TRUTH_ABSENT);
	CU_ASSERT_TRUE(isnan(expression_value(&b, &m)));
	expression_free(&b);
}

/* ---- the compiler against a reader of its own trees ------------------------ */

/* Writes a random condition and works its truth out on the way, by the tables
 * of Kleene, without short cuts. */
struct writer {
	char text[4000];
	size_t used;
	uint32_t seed;
	const struct metrics *metrics;
};

static uint32_t pick(struct writer *w, uint32_t of)
{
	w->seed = w->seed * 1664525u + 1013904223u;
	return (w->seed >> 16) % of;
}

__attribute__((format(printf, 2, 3)))
static void put(struct writer *w, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	w->used += (size_t)vsnprintf(w->text + w->used, sizeof(w->text) - w->used,
	                             format, args);
	va_end(args);
}

static double write_value(struct writer *w, unsigned depth)
{
	static const enum metric speeds[] = { METRIC_speed, METRIC_usual_speed,
	                                      METRIC_level_speed };
	double a, b;

	switch (depth ? pick(w, 6) : pick(w, 2)) {
	case 0:
		a = pick(w, 30);
		put(w, "%g km/h", a);
		return a;
	case 1: {
		enum metric metric = speeds[pick(w, 3)];

		put(w, "%s", metric_table[metric].name);
		return w->metrics->value[metric];
	}
	case 2:
		a = 10 * (1 + pick(w, 15));
		put(w, "%g %% of (", a);
		b = write_value(w, depth - 1);
		put(w, ")");
		return a / 100 * b;
	case 3:
		put(w, "(");
		a = write_value(w, depth - 1);
		put(w, " - ");
		b = write_value(w, depth - 1);
		put(w, ")");
		return a - b;
	case 4:
		put(w, "-");
		return -write_value(w, depth - 1);
	default:
		put(w, "(");
		a = write_value(w, depth - 1);
		put(w, " + ");
		b = write_value(w, depth - 1);
		put(w, ") * 2");
		return (a + b) * 2;
	}
}

static enum truth compared(double a, unsigned operator, double b)
{
	bool equal = fabs(a - b) <= 1e-6;
	bool holds = operator == 0 ? a < b && !equal : operator == 1 ? a < b || equal
	           : operator == 2 ? a > b && !equal : a > b || equal;

	return isnan(a) || isnan(b) ? TRUTH_ABSENT : holds ? TRUTH_TRUE : TRUTH_FALSE;
}

static enum truth write_condition(struct writer *w, unsigned depth)
{
	static const char *const operators[] = { "<", "<=", ">", ">=" };
	static const enum metric flags[] = { METRIC_running, METRIC_walking,
	                                     METRIC_settled };
	enum truth a, b;
	bool and;

	if (depth == 0 && pick(w, 2)) {
		enum metric flag = flags[pick(w, 3)];
		double value = w->metrics->value[flag];

		put(w, "%s", metric_table[flag].name);
		return isnan(value) ? TRUTH_ABSENT : value == 0 ? TRUTH_FALSE : TRUTH_TRUE;
	}
	if (depth == 0) {
		double left = write_value(w, 1);
		unsigned operator = pick(w, 4);

		put(w, " %s ", operators[operator]);
		return compared(left, operator, write_value(w, 1));
	}
	if (pick(w, 4) == 0) {
		put(w, "not (");
		a = write_condition(w, depth - 1);
		put(w, ")");
		return a == TRUTH_ABSENT ? a : a == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
	}
	and = pick(w, 2);
	put(w, "(");
	a = write_condition(w, depth - 1);
	put(w, and ? ") and (" : ") or (");
	b = write_condition(w, depth - 1);
	put(w, ")");
	if (and)
		return a == TRUTH_FALSE || b == TRUTH_FALSE ? TRUTH_FALSE
		     : a == TRUTH_TRUE && b == TRUTH_TRUE ? TRUTH_TRUE : TRUTH_ABSENT;
	return a == TRUTH_TRUE || b == TRUTH_TRUE ? TRUTH_TRUE
	     : a == TRUTH_FALSE && b == TRUTH_FALSE ? TRUTH_FALSE : TRUTH_ABSENT;
}

static void test_random_conditions(void)
{
	unsigned seen[3] = { 0 }, refused = 0;

	for (uint32_t seed = 1; seed <= 20000; seed++) {
		struct metrics m = nothing_known();
		struct writer w = { .seed = seed, .metrics = &m };
		struct expression e = { 0 };
		struct expression_error error;
		enum truth expected;

		m.value[METRIC_speed] = 12;
		m.value[METRIC_usual_speed] = seed % 3 ? 10 : NAN;
		m.value[METRIC_running] = 1;
		m.value[METRIC_walking] = seed % 5 ? 0 : 1;
		expected = write_condition(&w, seed % 4);
		if (!expression_compile_condition(w.text, &e, &error)) {
			refused++; /* too long or too deep, nothing else */
			CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "two rules"));
			continue;
		}
		if (expression_truth(&e, &m) != expected)
			printf("\n  seed %u: %s\n", seed, w.text);
		CU_ASSERT_EQUAL(expression_truth(&e, &m), expected);
		seen[expected]++;
		expression_free(&e);
	}
	CU_ASSERT_TRUE(seen[TRUTH_FALSE] > 1000 && seen[TRUTH_TRUE] > 1000 &&
	               seen[TRUTH_ABSENT] > 1000 && refused < 2000);
}

/* ---- tables --------------------------------------------------------------- */

static void test_metric_table(void)
{
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		const struct metric_info *info = &metric_table[i];

		CU_ASSERT_EQUAL(metric_by_name(info->name, strlen(info->name)), i);
		CU_ASSERT_TRUE(info->low <= info->high);
		CU_ASSERT_TRUE(strlen(info->meaning) > 5);
	}
	CU_ASSERT_EQUAL(metric_by_name("speeds", 6), METRIC_COUNT);
	CU_ASSERT_EQUAL(metric_by_name("speeds", 5), METRIC_speed);
	CU_ASSERT_TRUE(metric_is_instant(METRIC_pain_reported));
	CU_ASSERT_TRUE(metric_is_instant(METRIC_red_flag));
	CU_ASSERT_TRUE(metric_is_instant(METRIC_safety_key));
	CU_ASSERT_FALSE(metric_is_instant(METRIC_pain));
	CU_ASSERT_TRUE(metric_is_of_rule(METRIC_fired_age));
	CU_ASSERT_TRUE(metric_is_of_rule(METRIC_fired_count));
	CU_ASSERT_FALSE(metric_is_of_rule(METRIC_elapsed));
}

static void test_unit_table(void)
{
	for (const struct unit *unit = unit_table; unit->name; unit++) {
		CU_ASSERT_PTR_EQUAL(unit_by_name(unit->name, strlen(unit->name)), unit);
		CU_ASSERT_TRUE(unit->factor > 0);
		if (strcmp(unit->name, dimension_unit(unit->dimension)) == 0)
			CU_ASSERT_EQUAL(unit->factor, 1);
	}
	CU_ASSERT_PTR_NULL(unit_by_name("h", 1));
	CU_ASSERT_STRING_EQUAL(dimension_name(DIMENSION_SPEED), "speed");
	CU_ASSERT_STRING_EQUAL(dimension_unit(DIMENSION_PAIN), "/10");
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "conditions", test_conditions },
		{ "absence: Kleene's tables", test_absence },
		{ "with no metric known nothing is true", test_no_metric_known_is_never_true },
		{ "comparisons tolerate 1e-9", test_tolerance },
		{ "values for message arguments", test_values },
		{ "errors: where, what, and the fix", test_errors },
		{ "a condition is no value", test_a_condition_is_no_value },
		{ "quantities: a number with its unit", test_quantities },
		{ "length and nesting are limited", test_limits },
		{ "the stack is bounded", test_stack_is_bounded },
		{ "metrics that are read", test_uses },
		{ "code is compact", test_code_is_compact },
		{ "copies stand alone", test_copy },
		{ "20,000 random conditions against a plain reader", test_random_conditions },
		{ "table of metrics", test_metric_table },
		{ "table of units", test_unit_table },
		CU_TEST_INFO_NULL,
	};

	return suite_run("expression", tests);
}
