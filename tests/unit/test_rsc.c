/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "protocol/rsc.h"
#include "tests/unit/facts.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define OCTETS_MAX 64

/* The vector that fails, for fact_fail(). */
#define HERE(index) ((struct fact_row){ .path = "vector", .line = (index) })

/* ---- real frames: the 2A53 rows of both tables ---- */

static void check_token(const struct fact_row *row,
                        const struct fact_token *token,
                        const struct rsc_measurement *m, unsigned *flags)
{
	const struct {
		const char *name;
		double saw, tolerance;
		unsigned flag;
	} tokens[] = {
		{ "flags", m->flags, 0, 0 },
		{ "cadence", m->cadence, 0, 0 },
		{ "running", m->running, 0, 0 },
		{ "speed_kmh", m->speed / 256.0 * 3.6, 0.005, 0 },
		{ "speed_mps", m->speed / 256.0, 1e-6, 0 },
		{ "stride_len_m", m->stride_length_cm * 0.01, 1e-6, 1 },
		{ "stride_m", m->stride_length_cm * 0.01, 1e-6, 1 },
		{ "total_distance_m", m->total_distance * 0.1, 1e-6, 2 },
		{ "total_m", m->total_distance * 0.1, 1e-6, 2 },
	};

	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		if (strcmp(token->name, tokens[i].name) != 0)
			continue;
		fact_check(row, token, tokens[i].saw, tokens[i].tolerance);
		*flags |= tokens[i].flag;
		return;
	}
	if (strcmp(token->name, "walking") == 0) {
		CU_ASSERT_FALSE(m->running);
	} else if (strcmp(token->name, "why") != 0) {
		fact_fail(row, "a token that nobody checks: %s", token->name);
	}
}

static void check_again(const struct fact_row *row,
                        const struct rsc_measurement *m, const uint8_t *bytes,
                        size_t length)
{
	uint8_t again[OCTETS_MAX];
	size_t encoded = rsc_measurement_encode(m, again, sizeof(again));

	if (encoded > length || memcmp(again, bytes, encoded) != 0)
		fact_fail(row, "encoded otherwise");
	CU_ASSERT_EQUAL(rsc_measurement_encode(m, again, encoded - 1), 0);
}

static void check_row(const struct fact_row *row, const char *hex,
                      const char *expected)
{
	struct fact_tokens tokens = fact_tokens_of(expected);
	struct rsc_measurement m = { .cadence = 77 };
	struct fact_token token;
	uint8_t bytes[OCTETS_MAX];
	size_t length = fact_hex(row, hex, bytes, sizeof(bytes));
	bool decoded = rsc_measurement_decode(bytes, length, &m);
	unsigned flags = 0;

	if (fact_token_find(expected, "reject", &token)) {
		CU_ASSERT_FALSE(decoded);
		CU_ASSERT_EQUAL(m.cadence, 77);
		return;
	}
	if (!decoded) {
		fact_fail(row, "not decoded");
		return;
	}
	while (fact_token_next(&tokens, &token))
		check_token(row, &token, &m, &flags);
	CU_ASSERT_EQUAL(m.has_stride_length, (flags & 1) != 0);
	CU_ASSERT_EQUAL(m.has_total_distance, (flags & 2) != 0);
	check_again(row, &m, bytes, length);
}

static void check_table(const char *path, const char *heading, const char *kind)
{
	struct fact_table table = fact_table_read(path);
	unsigned rows = 0;

	for (size_t i = 0; i < table.count; i++) {
		const struct fact_row *row = &table.rows[i];

		if (strcmp(fact(&table, row, heading), kind) != 0)
			continue;
		check_row(row, fact(&table, row, "hex"),
		          fact(&table, row, "expected"));
		rows++;
	}
	printf("\n    %s: %u rows", kind, rows);
	CU_ASSERT_TRUE(rows > 0);
	fact_table_free(&table);
}

static void test_real_frames(void)
{
	check_table(TEST_DATA "/ftms-frames.tsv", "characteristic uuid",
	            "2a53");
	check_table(TEST_DATA "/footpod-frames.tsv", "kind", "rsc-2a53");
}

/* ---- the frame by rule ---- */

static void test_lengths(void)
{
	static const uint8_t bytes[] = { 0xff, 0x80, 0x02, 0x50, 0x20, 0x03,
		                         0x00, 0x10, 0x00, 0x00, 0xaa };
	static const size_t needed[] = { 4, 6, 8, 10 };
	struct rsc_measurement m;
	uint8_t frame[sizeof(bytes)];

	memcpy(frame, bytes, sizeof(bytes));
	for (uint8_t flags = 0; flags < 4; flags++) {
		frame[0] = 0xf8 | flags;
		for (size_t length = 0; length <= sizeof(bytes); length++)
			CU_ASSERT_EQUAL(
				rsc_measurement_decode(frame, length, &m),
				length >= needed[flags]);
	}
}

/* ---- strides or steps: footpods.md section 4 ---- */

static void test_names(void)
{
	static const struct {
		const char *name;
		enum rsc_unit unit;
	} rows[] = {
		{ "TICKR X 1A2B", RSC_UNIT_STEPS },
		{ "tickr x", RSC_UNIT_STEPS },
		{ "TICKR 1A2B", RSC_UNIT_UNDECIDED },
		{ "TICKR XL", RSC_UNIT_UNDECIDED },
		{ "Runn", RSC_UNIT_STEPS },
		{ "NPE Runn-0042", RSC_UNIT_STEPS },
		{ "RUNN42", RSC_UNIT_STEPS },
		{ "Runner's pod", RSC_UNIT_UNDECIDED },
		{ "Running", RSC_UNIT_UNDECIDED },
		{ "MyRun", RSC_UNIT_STEPS },
		{ "Technogym MYRUN 7", RSC_UNIT_STEPS },
		{ "MyRunning", RSC_UNIT_UNDECIDED },
		{ "Stryd", RSC_UNIT_UNDECIDED },
		{ "", RSC_UNIT_UNDECIDED },
		{ NULL, RSC_UNIT_UNDECIDED },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rsc_unit_by_name(rows[i].name) != rows[i].unit)
			fact_fail(&HERE((unsigned)i), "%s", rows[i].name);
}

#define UNDECIDED RSC_UNIT_UNDECIDED
#define STRIDES RSC_UNIT_STRIDES
#define STEPS RSC_UNIT_STEPS

static const struct {
	const char *rule;
	uint8_t cadence;
	double pod_m_s, stride_m, belt_m_s, height_m;
	enum rsc_unit unit;
} evidence[] = {
	{ "no cadence", 0, 3, 0, 3, 1.75, UNDECIDED },
	{ "nobody knows the speed", 85, 0, 0, 0, 0, UNDECIDED },
	{ "over 260 steps/min if strides", 131, 0, 0, 0, 0, STEPS },
	/* 3: stride length */
	{ "3: strides with a stride length", 82, 2.75, 2.01, 0, 0, STRIDES },
	{ "3: steps with a true stride length", 164, 2.75, 2.01, 0, 0, STEPS },
	{ "3: steps with a step length", 164, 2.75, 1.00, 0, 0, STEPS },
	{ "3: walking steps, true stride length", 96, 1.2, 1.50, 1.2, 1.75,
	  STEPS },
	{ "3: walking strides", 55, 1.2, 1.31, 1.2, 1.75, STRIDES },
	{ "3: brisk walk in strides at 6 km/h (QZ)", 66, 1.66, 1.51, 0, 0,
	  STRIDES },
	{ "3: fast walk in steps over 6 km/h (QZ)", 117, 1.7, 1.74, 0, 0,
	  STEPS },
	{ "3: MyRun, step length", 161, 3.36, 1.30, 0, 0, STEPS },
	{ "3: MyRun, walking", 133, 1.72, 0.94, 0, 0, STEPS },
	{ "3: r of 0.42", 96, 1.2, 1.78, 1.2, 0, STEPS },
	{ "3: r of 0.38", 96, 1.2, 1.97, 1.2, 0, UNDECIDED },
	{ "3: r of 0.58", 96, 1.2, 1.30, 1.2, 0, STEPS },
	{ "3: r of 0.62", 96, 1.2, 1.21, 1.2, 0, UNDECIDED },
	{ "3: r of 0.83", 85, 1.2, 1.02, 1.2, 0, UNDECIDED },
	{ "3: r of 0.87", 85, 1.2, 0.97, 1.2, 0, STRIDES },
	{ "3: r of 1.13", 85, 1.2, 0.75, 1.2, 0, STRIDES },
	{ "3: r of 1.17", 85, 1.2, 0.72, 1.2, 0, UNDECIDED },
	{ "3: not below 1 m/s", 85, 0.9, 0.635, 0, 0, UNDECIDED },
	{ "3: r between the two: the bands decide", 85, 2.75, 2.6, 0, 0,
	  STRIDES },
	{ "3: 120 with r of 1 is neither", 120, 2.4, 1.2, 0, 0, UNDECIDED },
	{ "3: the pod's own speed goes with its length", 96, 1.2, 1.50, 1.8,
	  1.75, STEPS },
	{ "3: a length of 0 is none", 82, 2.75, 0.001, 0, 0, STRIDES },
	/* 4: bands */
	{ "4: running below 110", 109, 2.5, 0, 0, 0, STRIDES },
	{ "4: running at 110", 110, 2.5, 0, 0, 0, UNDECIDED },
	{ "4: running at 125", 125, 2.5, 0, 0, 0, UNDECIDED },
	{ "4: running above 125", 126, 2.5, 0, 0, 0, STEPS },
	{ "4: walking below 70", 69, 1.5, 0, 0, 0, STRIDES },
	{ "4: walking at 70", 70, 1.5, 0, 0, 0, UNDECIDED },
	{ "4: walking at 100", 100, 1.5, 0, 0, 0, UNDECIDED },
	{ "4: walking above 100", 101, 1.5, 0, 0, 0, STEPS },
	{ "4: 1.9 m/s is running", 105, 0, 0, 1.9, 0, STRIDES },
	{ "4: below 1.9 m/s is not", 105, 0, 0, 1.899, 0, STEPS },
	{ "4: the belt's speed before the pod's", 85, 1.2, 0, 2.8, 0, STRIDES },
	{ "4: the belt walks, the pod says it runs", 85, 2.8, 0, 1.2, 0,
	  UNDECIDED },
	/* rules.md 5.5, 15 */
	{ "15: 84 at 8 km/h is 1.59 m", 84, 2.22, 0, 2.22, 1.75, STRIDES },
	{ "15: 115 at 10 km/h is 1.45 m", 115, 2.78, 0, 2.78, 1.75, STRIDES },
	{ "15: of a taller runner it is not too long", 115, 2.78, 0, 2.78, 2.0,
	  UNDECIDED },
	{ "15: nothing without a height", 115, 2.78, 0, 2.78, 0, UNDECIDED },
	{ "15: a sprinter's 180 at 18 km/h is 1.67 m", 180, 5, 0, 5, 1.75,
	  STEPS },
	{ "15: nor is 128 in strides, 256 steps", 128, 5, 0, 5, 1.75, STEPS },
	{ "15: not while walking", 80, 1.85, 0, 1.85, 1.75, UNDECIDED },
};

static void test_evidence(void)
{
	for (size_t i = 0; i < sizeof(evidence) / sizeof(evidence[0]); i++) {
		struct rsc_measurement m = {
			.cadence = evidence[i].cadence,
			.speed = (uint16_t)lround(evidence[i].pod_m_s * 256),
			.has_stride_length = evidence[i].stride_m > 0,
			.stride_length_cm =
				(uint16_t)lround(evidence[i].stride_m * 100),
		};
		enum rsc_unit unit = rsc_unit_evidence(
			&m, (uint32_t)lround(evidence[i].belt_m_s * 1000),
			evidence[i].height_m);

		if (unit != evidence[i].unit)
			fact_fail(&HERE((unsigned)i), "%s: %d",
			          evidence[i].rule, unit);
	}
	CU_PASS("each row is checked above");
}

/* Feeds one evidence a second, from `*now_s` on. */
static void feed(struct rsc_unit_verdict *verdict, unsigned *now_s,
                 unsigned count, enum rsc_unit unit)
{
	for (; count > 0; count--)
		rsc_unit_verdict_feed(verdict, unit,
		                      (*now_s)++ * UINT64_C(1000000));
}

static void test_verdict_takes_20_s(void)
{
	struct rsc_unit_verdict v = { 0 };
	unsigned now_s = 100;

	feed(&v, &now_s, 20, STRIDES);
	CU_ASSERT_EQUAL(v.unit, UNDECIDED);
	feed(&v, &now_s, 1, STRIDES);
	CU_ASSERT_EQUAL(v.unit, STRIDES);
}

static void test_verdict_needs_agreement(void)
{
	struct rsc_unit_verdict v = { 0 };
	unsigned now_s = 0;

	feed(&v, &now_s, 19, STRIDES);
	feed(&v, &now_s, 1, STEPS);
	feed(&v, &now_s, 20, STRIDES);
	CU_ASSERT_EQUAL(v.unit, UNDECIDED);
	feed(&v, &now_s, 1, STRIDES);
	CU_ASSERT_EQUAL(v.unit, STRIDES);
}

static void test_verdict_changes_after_20_s(void)
{
	struct rsc_unit_verdict v = { .unit = STEPS };
	unsigned now_s = 50;

	feed(&v, &now_s, 20, STRIDES);
	CU_ASSERT_EQUAL(v.unit, STEPS);
	feed(&v, &now_s, 1, STEPS);
	feed(&v, &now_s, 20, STRIDES);
	CU_ASSERT_EQUAL(v.unit, STEPS);
	feed(&v, &now_s, 1, STRIDES);
	CU_ASSERT_EQUAL(v.unit, STRIDES);
}

static void test_verdict_undecided_waits(void)
{
	struct rsc_unit_verdict v = { 0 };
	unsigned now_s = 0;

	/* neither for nor against: the time does not count, what was is kept */
	feed(&v, &now_s, 15, STRIDES);
	feed(&v, &now_s, 60, UNDECIDED);
	feed(&v, &now_s, 5, STRIDES);
	CU_ASSERT_EQUAL(v.unit, UNDECIDED);
	feed(&v, &now_s, 1, STRIDES);
	CU_ASSERT_EQUAL(v.unit, STRIDES);
	feed(&v, &now_s, 3600, UNDECIDED);
	CU_ASSERT_EQUAL(v.unit, STRIDES);
}

static void test_verdict_silence_is_no_agreement(void)
{
	struct rsc_unit_verdict v = { 0 };
	unsigned now_s = 0;

	feed(&v, &now_s, 2, STRIDES);
	now_s += 60;
	feed(&v, &now_s, 20, STRIDES);
	CU_ASSERT_EQUAL(v.unit, UNDECIDED);
	feed(&v, &now_s, 1, STRIDES);
	CU_ASSERT_EQUAL(v.unit, STRIDES);
	/* and a decided unit outlives it */
	now_s += 600;
	feed(&v, &now_s, 1, UNDECIDED);
	CU_ASSERT_EQUAL(v.unit, STRIDES);
}

static void test_verdict_name_and_override(void)
{
	struct rsc_unit_verdict named = { .unit = rsc_unit_by_name("Runn 1") };
	struct rsc_unit_verdict fixed = { .unit = STEPS, .fixed = true };
	unsigned now_s = 0;

	feed(&named, &now_s, 1, UNDECIDED);
	CU_ASSERT_EQUAL(named.unit, STEPS);
	feed(&named, &now_s, 21, STRIDES);
	CU_ASSERT_EQUAL(named.unit, STRIDES);
	feed(&fixed, &now_s, 100, STRIDES);
	CU_ASSERT_EQUAL(fixed.unit, STEPS);
}

/* ---- a whole run ---- */

static void test_real_run(void)
{
	struct fact_table table =
		fact_table_read(TEST_DATA "/real-treadmill-run.tsv");
	struct rsc_unit_verdict verdict = { 0 };
	unsigned decided = 0;

	for (size_t i = 0; i < table.count; i++) {
		const struct fact_row *row = &table.rows[i];
		struct fact_token t_s = { .name = "t_s" };
		struct fact_token cadence = { .name = "cadence_strides_min" };
		struct rsc_measurement m;
		uint8_t bytes[OCTETS_MAX];
		size_t length = fact_hex(row, fact(&table, row, "rsc_2a53"),
		                         bytes, sizeof(bytes));

		snprintf(t_s.value, sizeof(t_s.value), "%s",
		         fact(&table, row, "t_s"));
		snprintf(cadence.value, sizeof(cadence.value), "%s",
		         fact(&table, row, "cadence_strides_min"));
		CU_ASSERT_TRUE_FATAL(rsc_measurement_decode(bytes, length, &m));
		rsc_unit_verdict_feed(&verdict, rsc_unit_evidence(&m, 0, 1.75),
		                      (uint64_t)(fact_number(row, &t_s) * 1e6));
		if (verdict.unit == RSC_UNIT_UNDECIDED) {
			CU_ASSERT_TRUE(fact_number(row, &t_s) <= 20);
			continue;
		}
		CU_ASSERT_EQUAL(verdict.unit, RSC_UNIT_STRIDES);
		fact_check(row, &cadence, m.cadence, 0.5);
		decided++;
	}
	CU_ASSERT_TRUE(decided > table.count - 25);
	fact_table_free(&table);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "every real frame", test_real_frames },
		{ "lengths by flags, reserved bits", test_lengths },
		{ "unit by name (4, order 2)", test_names },
		{ "unit by evidence (4, order 3 and 4)", test_evidence },
		{ "verdict after 20 s of agreement", test_verdict_takes_20_s },
		{ "verdict: agreement is without a break",
		  test_verdict_needs_agreement },
		{ "verdict changes after 20 s",
		  test_verdict_changes_after_20_s },
		{ "verdict: undecided waits", test_verdict_undecided_waits },
		{ "verdict: silence decides nothing",
		  test_verdict_silence_is_no_agreement },
		{ "verdict: a name at once, an override for good",
		  test_verdict_name_and_override },
		{ "a whole run is in strides", test_real_run },
		CU_TEST_INFO_NULL,
	};

	return suite_run("rsc", tests);
}
