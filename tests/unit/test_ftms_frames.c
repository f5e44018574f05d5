/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "protocol/ftms.h"
#include "tests/unit/facts.h"
#include "tests/unit/ftms_value.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <string.h>

#define FRAMES TEST_DATA "/ftms-frames.tsv"
#define OCTETS_MAX 128

struct frame {
	const struct fact_row *row;
	const char *expected;
	uint8_t bytes[OCTETS_MAX];
	size_t length;
};

static const struct {
	const char *name;
	enum ftms_field field;
	double unit;
} field_tokens[] = {
	{ "speed_kmh", FTMS_SPEED, 0.01 },
	{ "avg_speed_kmh", FTMS_AVERAGE_SPEED, 0.01 },
	{ "distance_m", FTMS_DISTANCE, 1 },
	{ "incline_pct", FTMS_INCLINATION, 0.1 },
	{ "ramp_deg", FTMS_RAMP_ANGLE, 0.1 },
	{ "elev_pos_m", FTMS_ELEVATION_GAIN, 0.1 },
	{ "elev_neg_m", FTMS_ELEVATION_LOSS, 0.1 },
	{ "kcal", FTMS_ENERGY, 1 },
	{ "kcal_h", FTMS_ENERGY_PER_HOUR, 1 },
	{ "kcal_min", FTMS_ENERGY_PER_MINUTE, 1 },
	{ "hr_bpm", FTMS_HEART_RATE, 1 },
	{ "met", FTMS_MET, 0.1 },
	{ "elapsed_s", FTMS_ELAPSED_TIME, 1 },
	{ "remaining_s", FTMS_REMAINING_TIME, 1 },
	{ "force_n", FTMS_FORCE_ON_BELT, 1 },
	{ "power_w", FTMS_POWER_OUTPUT, 1 },
	{ "b13_steps_u24", FTMS_STEP_COUNT, 1 },
};

/* NA, raw0xFFFF(vendor-NA), and the heart rate of a machine without one */
static bool means_absent(const struct fact_token *token)
{
	return strcmp(token->value, "NA") == 0 ||
	       strcmp(token->note, "vendor-NA") == 0 ||
	       (strcmp(token->name, "hr_bpm") == 0 &&
	        strcmp(token->value, "0") == 0);
}

/* Returns the field that the token lists as present, or 0. */
static uint32_t check_field(const struct frame *f,
                            const struct ftms_treadmill_data *d,
                            const struct fact_token *token)
{
	static const char *const ignored[] = { "note", "record", "kind", NULL };

	for (size_t i = 0; i < sizeof(field_tokens) / sizeof(field_tokens[0]);
	     i++) {
		if (strcmp(token->name, field_tokens[i].name) != 0)
			continue;
		if (means_absent(token))
			return 0;
		fact_check(f->row, token,
		           ftms_value(d, field_tokens[i].field) *
		                   field_tokens[i].unit,
		           1e-6);
		return field_tokens[i].field;
	}
	if (strcmp(token->name, "flags") == 0) {
		fact_check(f->row, token, d->flags, 0);
	} else if (strcmp(token->name, "more_data") == 0) {
		fact_check(f->row, token, d->more_data, 0);
	} else if (strcmp(token->name, "TRUNCATED_here") == 0) {
		fact_check(f->row, token, d->cut, 0);
	} else if (strcmp(token->name, "PARTIAL_PREFIX") == 0) {
		CU_ASSERT_TRUE(d->cut);
	} else if (!fact_listed(token->name, ignored)) {
		fact_fail(f->row, "a token that nobody checks: %s",
		          token->name);
	}
	return 0;
}

static void check_encoding(const struct frame *f,
                           const struct ftms_treadmill_data *d)
{
	struct ftms_treadmill_data again = { 0 };
	uint8_t bytes[OCTETS_MAX];
	size_t length = ftms_treadmill_data_encode(d, bytes, sizeof(bytes));

	CU_ASSERT_TRUE(ftms_treadmill_data_decode(bytes, length, &again));
	CU_ASSERT_EQUAL(again.more_data, d->more_data);
	if (again.present != d->present)
		fact_fail(f->row, "re-encoded: fields %05x of %05x",
		          again.present, d->present);
	for (uint32_t field = 1; field <= FTMS_STEP_COUNT; field <<= 1)
		CU_ASSERT_EQUAL(ftms_value(&again, (enum ftms_field)field),
		                ftms_value(d, (enum ftms_field)field));
}

/* Exactly the fields that the row lists are present, cut frame or not. */
static void check_treadmill_data(const struct frame *f)
{
	struct fact_tokens tokens = fact_tokens_of(f->expected);
	struct ftms_treadmill_data d = { 0 };
	struct fact_token token;
	uint32_t listed = 0;

	if (!ftms_treadmill_data_decode(f->bytes, f->length, &d)) {
		fact_fail(f->row, "not decoded");
		return;
	}
	while (fact_token_next(&tokens, &token))
		listed |= check_field(f, &d, &token);
	if (d.present != listed)
		fact_fail(f->row, "fields %05x are present, %05x are listed",
		          d.present, listed);
	if (!strstr(f->expected, "TRUNCATED_here") &&
	    !strstr(f->expected, "PARTIAL_PREFIX"))
		CU_ASSERT_FALSE(d.cut);
	check_encoding(f, &d);
}

static void check_features_note(const struct frame *f, uint32_t machine,
                                char *note)
{
	static const struct {
		const char *word;
		enum ftms_feature bit;
	} words[] = {
		{ "avg_speed", FTMS_FEATURE_AVERAGE_SPEED },
		{ "distance", FTMS_FEATURE_DISTANCE },
		{ "inclination", FTMS_FEATURE_INCLINATION },
		{ "elevation", FTMS_FEATURE_ELEVATION_GAIN },
		{ "step_count", FTMS_FEATURE_STEP_COUNT },
		{ "energy", FTMS_FEATURE_ENERGY },
		{ "hr", FTMS_FEATURE_HEART_RATE },
		{ "elapsed", FTMS_FEATURE_ELAPSED_TIME },
		{ "power", FTMS_FEATURE_POWER },
	};
	uint32_t named = 0;
	const char *word;

	while ((word = strsep(&note, "+"))) {
		uint32_t bit = 0;

		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (strcmp(word, words[i].word) == 0)
				bit = words[i].bit;
		if (!bit)
			fact_fail(f->row, "unknown feature %s", word);
		named |= bit;
	}
	CU_ASSERT_EQUAL(machine, named);
}

static void check_feature(const struct frame *f)
{
	struct fact_tokens tokens = fact_tokens_of(f->expected);
	struct ftms_features features = { 0 };
	struct fact_token token;

	CU_ASSERT_TRUE(ftms_feature_decode(f->bytes, f->length, &features));
	while (fact_token_next(&tokens, &token)) {
		if (strcmp(token.name, "features") == 0) {
			fact_check(f->row, &token, features.machine, 0);
			check_features_note(f, features.machine, token.note);
		} else if (strcmp(token.name, "targets") == 0) {
			fact_check(f->row, &token, features.targets, 0);
		} else {
			fact_fail(f->row, "a token that nobody checks: %s",
			          token.name);
		}
	}
}

static void check_training_status(const struct frame *f)
{
	struct fact_tokens tokens = fact_tokens_of(f->expected);
	struct ftms_training_status status = { 0 };
	struct fact_token token;

	CU_ASSERT_TRUE(
		ftms_training_status_decode(f->bytes, f->length, &status));
	while (fact_token_next(&tokens, &token)) {
		const char *name = ftms_training_status_name(status.status);

		if (strcmp(token.name, "flags") == 0) {
			fact_check(f->row, &token, status.flags, 0);
		} else if (strcmp(token.name, "string_present") == 0) {
			fact_check(f->row, &token, status.flags & 1, 0);
		} else if (strcmp(token.name, "training_status") == 0) {
			fact_check(f->row, &token, status.status, 0);
			CU_ASSERT_STRING_EQUAL(name ? name : "RFU", token.note);
		} else if (strcmp(token.name, "string") == 0) {
			CU_ASSERT_STRING_EQUAL(token.value, "''");
			CU_ASSERT_STRING_EQUAL(status.text, "");
		} else if (strcmp(token.name, "note") != 0) {
			fact_fail(f->row, "a token that nobody checks: %s",
			          token.name);
		}
	}
}

static void check_range(const struct frame *f, const char *const names[3],
                        const double values[3])
{
	struct fact_tokens tokens = fact_tokens_of(f->expected);
	struct fact_token token;

	while (fact_token_next(&tokens, &token)) {
		bool known = false;

		for (size_t i = 0; i < 3; i++) {
			if (strcmp(token.name, names[i]) != 0)
				continue;
			known = true;
			fact_check(f->row, &token, values[i], 1e-6);
		}
		if (!known)
			fact_fail(f->row, "a token that nobody checks: %s",
			          token.name);
	}
}

static void check_speed_range(const struct frame *f)
{
	static const char *const names[] = { "min_kmh", "max_kmh", "step_kmh" };
	struct ftms_speed_range r = { 0 };

	CU_ASSERT_TRUE(ftms_speed_range_decode(f->bytes, f->length, &r));
	check_range(f, names,
	            (double[]){ r.minimum * 0.01, r.maximum * 0.01,
	                        r.step * 0.01 });
}

static void check_inclination_range(const struct frame *f)
{
	static const char *const names[] = { "min_pct", "max_pct", "step_pct" };
	struct ftms_inclination_range r = { 0 };

	CU_ASSERT_TRUE(ftms_inclination_range_decode(f->bytes, f->length, &r));
	check_range(
		f, names,
		(double[]){ r.minimum * 0.1, r.maximum * 0.1, r.step * 0.1 });
}

static void check_status_op(const struct frame *f, const struct ftms_status *s,
                            const struct fact_token *token)
{
	static const struct {
		const char *note;
		enum ftms_status_op op;
	} ops[] = {
		{ "target_speed_changed", FTMS_STATUS_TARGET_SPEED },
		{ "stopped_or_paused_by_user", FTMS_STATUS_STOPPED_OR_PAUSED },
		{ "started_or_resumed_by_user", FTMS_STATUS_STARTED },
	};

	fact_check(f->row, token, s->op, 0);
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		if (strcmp(token->note, ops[i].note) == 0) {
			CU_ASSERT_EQUAL(s->op, ops[i].op);
			return;
		}
	}
	fact_fail(f->row, "unknown op %s", token->note);
}

static void check_status(const struct frame *f)
{
	struct fact_tokens tokens = fact_tokens_of(f->expected);
	struct ftms_status s = { 0 };
	struct fact_token token;
	bool parameter = false, trailing = false;

	CU_ASSERT_TRUE(ftms_status_decode(f->bytes, f->length, &s));
	while (fact_token_next(&tokens, &token)) {
		if (strcmp(token.name, "op") == 0) {
			check_status_op(f, &s, &token);
		} else if (strcmp(token.name, "target_speed_kmh") == 0) {
			parameter = true;
			fact_check(f->row, &token, s.parameter * 0.01, 1e-6);
		} else if (strcmp(token.name, "param") == 0) {
			parameter = true;
			CU_ASSERT_STRING_EQUAL(token.value, "pause");
			CU_ASSERT_EQUAL(s.parameter, 2);
		} else if (strcmp(token.name, "trailing_octets") == 0) {
			trailing = true;
			fact_check(f->row, &token, s.trailing_octets, 0);
		} else {
			fact_fail(f->row, "a token that nobody checks: %s",
			          token.name);
		}
	}
	CU_ASSERT_EQUAL(s.has_parameter, parameter);
	CU_ASSERT_EQUAL(s.trailing_octets > 0, trailing);
}

static void not_here(const struct frame *f)
{
	(void)f;
}

static struct {
	const char *characteristic;
	void (*check)(const struct frame *f);
	const char *why_not;
	unsigned rows;
} kinds[] = {
	{ "2acd", check_treadmill_data, NULL, 0 },
	{ "2acc", check_feature, NULL, 0 },
	{ "2ad3", check_training_status, NULL, 0 },
	{ "2ad4", check_speed_range, NULL, 0 },
	{ "2ad5", check_inclination_range, NULL, 0 },
	{ "2ada", check_status, NULL, 0 },
	{ "2a53", not_here, "test_rsc", 0 },
	{ "2ad6", not_here, "test_characteristics", 0 },
	{ "2ad7", not_here, "test_characteristics", 0 },
	{ "2ad9", not_here, "test_characteristics", 0 },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void check_row(const struct fact_table *table,
                      const struct fact_row *row)
{
	const char *characteristic = fact(table, row, "characteristic uuid");
	struct frame f = { .row = row,
		           .expected = fact(table, row, "expected") };

	f.length = fact_hex(row, fact(table, row, "hex"), f.bytes,
	                    sizeof(f.bytes));
	for (size_t i = 0; i < KINDS; i++) {
		if (strcmp(kinds[i].characteristic, characteristic) == 0) {
			kinds[i].rows++;
			kinds[i].check(&f);
			return;
		}
	}
	fact_fail(row, "unknown characteristic %s", characteristic);
}

static void test_real_frames(void)
{
	struct fact_table table = fact_table_read(FRAMES);

	for (size_t i = 0; i < table.count; i++)
		check_row(&table, &table.rows[i]);
	for (size_t i = 0; i < KINDS; i++) {
		CU_ASSERT_TRUE(kinds[i].rows > 0);
		printf("\n    %s: %u rows%s%s", kinds[i].characteristic,
		       kinds[i].rows, kinds[i].why_not ? " skipped, " : "",
		       kinds[i].why_not ? kinds[i].why_not : "");
	}
	fact_table_free(&table);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "every real frame (ftms-frames.tsv)", test_real_frames },
		CU_TEST_INFO_NULL,
	};

	return suite_run("ftms frames", tests);
}
