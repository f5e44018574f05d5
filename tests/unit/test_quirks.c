/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Treadmills that do not keep to FTMS, ftms.md section 4: the table, each row
 * on real frames where tests/data has them (others are marked as composed),
 * and what is said of machines that say the impossible.
 */
#include "daemon/devices/intake.h"
#include "daemon/devices/quirks.h"
#include "daemon/devices/recording.h"
#include "daemon/devices/treadmill.h"
#include "protocol/rsc.h"
#include "tests/unit/bytes.h"
#include "tests/unit/facts.h"
#include "tests/unit/suite.h"
#include "tests/unit/track.h"

#include <ctype.h>
#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND 1000000ull
#define ABSENT INT32_MIN

/* ---- the table ------------------------------------------------------------ */

static bool is_short_word(const char *id)
{
	size_t length = strlen(id);

	for (size_t i = 0; i < length; i++) {
		if (!islower((unsigned char)id[i]) && !isdigit((unsigned char)id[i]) &&
		    !strchr("-.", id[i]))
			return false;
	}
	return length > 0 && length <= 24;
}

static bool means_something(const struct quirk *q)
{
	if (q->incline == QUIRK_INCLINE_COMPUTED &&
	    (q->incline_numerator == 0 || q->incline_denominator == 0))
		return false;
	if (q->no_control && q->request_control)
		return false;
	return q->source && *q->source && q->does && *q->does &&
	       (q->step_octets == 0 || q->step_octets == 2 || q->step_octets == 3);
}

static void test_each_row_has_an_id_a_source_and_a_sense(void)
{
	const struct quirk *q;
	size_t count = 0;

	for (; (q = quirk_at(count)); count++) {
		if (!is_short_word(q->id) || !means_something(q))
			CU_FAIL(q->id);
		/* unique: the id finds this row and no other */
		CU_ASSERT_PTR_EQUAL(quirk_by_id(q->id), q);
		CU_ASSERT_STRING_EQUAL(quirk_word(count + 2), q->id);
	}
	CU_ASSERT_TRUE(count >= 35);
	CU_ASSERT_PTR_NULL(quirk_word(count + 2));
	CU_ASSERT_STRING_EQUAL(quirk_word(0), "auto");
	CU_ASSERT_STRING_EQUAL(quirk_word(1), "none");
	CU_ASSERT_PTR_NULL(quirk_by_id("auto"));
	CU_ASSERT_PTR_NULL(quirk_by_id("none"));
}

static const char *id_of(const char *name)
{
	struct quirk_facts facts = { .name = name };
	const struct quirk *q = quirk_of(&facts);

	return q ? q->id : "none";
}

/* A wide row above a narrow one would hide it. */
static void test_each_name_finds_its_own_row(void)
{
	const struct quirk *q;

	for (size_t i = 0; (q = quirk_at(i)); i++) {
		for (size_t n = 0; n < QUIRK_NAMES && q->names[n]; n++) {
			char name[32];

			snprintf(name, sizeof(name), "%-*s", (int)q->name_length,
			         q->names[n]);
			if (strcmp(id_of(name), q->id) != 0)
				CU_FAIL(q->id);
		}
	}
}

/* ftms.md 3.7: opt-in, never by a name that anybody may advertise */
static void test_no_name_asks_for_control(void)
{
	const struct quirk *q;

	for (size_t i = 0; (q = quirk_at(i)); i++) {
		if (q->request_control && (q->names[0] || q->manufacturer || q->model))
			CU_FAIL(q->id);
	}
}

static void test_names(void)
{
	static const struct {
		const char *name, *id;
	} rows[] = {
		{ "URTM041", "urevo" },
		{ "urtm024", "urevo" },
		{ "CITYSPORTS-Linker", "citysports" },
		{ "KS-HD-Z1D", "kingsmith-z1" },
		{ "BFX_T9_0123", "bowflex-t9" },
		{ "BOWFLEX T9", "bowflex-t9" },
		{ "THERUN  T15", "therun-t15" },
		{ "FS-6041F1", "fitshow" },
		{ "Run BT", "fitshow" },
		{ "TUNTURI T60-1234", "tunturi-t60" },
		{ "TUNTURI T90-1234", "tunturi-t60" },
		{ "MOBVOI TMP", "mobvoi-tmp" },
		{ "Mobvoi TM Fit", "mobvoi-tm" },
		{ "TP1", "mobvoi-tp1" },
		{ "TP12", "none" },
		{ "WT703", "wt" },
		{ "WT7035", "none" },
		{ "Treadmill", "technogym-run" },
		{ "Treadmill Linker", "none" },
		{ "T01_99", "iconcept" },
		{ "LF0123", "life-fitness" },
		{ "Simulated treadmill", "none" },
		{ "", "none" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (strcmp(id_of(rows[i].name), rows[i].id) != 0)
			CU_FAIL(rows[i].name);
	}
	CU_ASSERT_PTR_NULL(quirk_of(&(struct quirk_facts){ .name = NULL }));
}

static void test_the_manual_has_each_row(void)
{
	static char page[65536];
	FILE *file = fopen(TEST_SOURCE "/daemon/service/gaitd.yaml.5", "r");
	const struct quirk *q;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	page[fread(page, 1, sizeof(page) - 1, file)] = '\0';
	fclose(file);
	for (size_t i = 0; (q = quirk_at(i)); i++) {
		char entry[48];

		snprintf(entry, sizeof(entry), "\n.It Cm %s\n", q->id);
		if (!strstr(page, entry) || !strstr(page, q->source))
			CU_FAIL(q->id);
		for (size_t n = 0; n < QUIRK_NAMES && q->names[n]; n++) {
			if (!strstr(page, q->names[n]))
				CU_FAIL(q->names[n]);
		}
	}
}

/* ---- one machine ---------------------------------------------------------- */

static struct treadmill machine;
static uint64_t now_us;
static unsigned notes, warnings;
static char last_note[512];

static void on_note(bool warning, const char *text, void *user)
{
	(void)user;
	notes++;
	warnings += warning;
	snprintf(last_note, sizeof(last_note), "%s", text);
}

static void reset_notes(void)
{
	notes = warnings = 0;
	last_note[0] = '\0';
}

/* By its name, or, when `id` is one, by the configuration */
static void meet(const char *name, const char *id)
{
	struct treadmill_settings settings = {
		.by_name = strcmp(id, "auto") == 0,
		.quirk = quirk_by_id(id),
		.note = on_note,
	};
	struct source_event event = { .kind = SOURCE_NAME, .unit = 1 };
	struct sample_batch batch = { .count = 0 };

	reset_notes();
	now_us = 0;
	treadmill_init(&machine);
	treadmill_configure(&machine, &settings);
	snprintf(event.text, sizeof(event.text), "%s", name);
	CU_ASSERT_TRUE(treadmill_event(&machine, &event, &batch));
}

static void in_force(const char *id)
{
	CU_ASSERT_PTR_NOT_NULL_FATAL(machine.quirk);
	CU_ASSERT_STRING_EQUAL(machine.quirk->id, id);
}

static struct sample_batch take(enum source_event_kind kind, uint16_t uuid,
                                const void *at, size_t length)
{
	struct source_event event = { .kind = kind, .unit = 1, .uuid = uuid,
		                      .length = length };
	struct sample_batch batch = { .t_us = now_us };

	memcpy(event.bytes, at, length);
	CU_ASSERT_TRUE(treadmill_event(&machine, &event, &batch));
	CU_ASSERT_TRUE(batch.count <= SAMPLE_BATCH_MAX);
	return batch;
}

static struct sample_batch notify(uint16_t uuid, const char *hex)
{
	struct bytes bytes = bytes_of(hex);

	return take(SOURCE_NOTIFY, uuid, bytes.at, bytes.length);
}

static struct sample_batch data(const char *hex)
{
	return notify(FTMS_UUID_TREADMILL_DATA, hex);
}

static void value(uint16_t uuid, const char *hex)
{
	struct bytes bytes = bytes_of(hex);

	take(SOURCE_VALUE, uuid, bytes.at, bytes.length);
}

static int32_t sample_of(const struct sample_batch *batch, enum sample_kind kind)
{
	for (size_t i = 0; i < batch->count; i++) {
		if (batch->samples[i].kind == kind)
			return batch->samples[i].value;
	}
	return ABSENT;
}

static int32_t speed_of(const char *hex)
{
	struct sample_batch batch = data(hex);

	return sample_of(&batch, SAMPLE_SPEED);
}

static void seconds_of(const char *hex, unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++, now_us += SECOND)
		data(hex);
}

/* ---- real frames: tests/data/ftms-frames.tsv ------------------------------ */

static const struct {
	const char *model; /* how the row's begins */
	const char *name, *id;
} real[] = {
	{ "UREVO URTM041", "URTM041", "urevo" },
	{ "CITYSPORTS-Linker", "CITYSPORTS-Linker", "citysports" },
	{ "Matrix treadmill", "CTM", "matrix" },
	{ "Matrix Performance", "MATRIXTF50", "matrix" },
	{ "FitLogic T12B", "Run BT", "fitshow" },
	{ "FitShow FS-6041F1", "FS-6041F1", "fitshow" },
};

static void check_sample(const struct fact_row *row, const char *expected,
                         const char *name, const struct sample_batch *batch,
                         enum sample_kind kind, double unit)
{
	struct fact_token token;

	if (fact_token_find(expected, name, &token))
		fact_check(row, &token, sample_of(batch, kind) * unit, 1e-6);
}

static void check_frame(const struct fact_row *row, const char *hex,
                        const char *expected, bool distance)
{
	struct fact_token token;
	uint8_t bytes[64];
	size_t length = fact_hex(row, hex, bytes, sizeof(bytes));
	struct sample_batch batch =
		take(SOURCE_NOTIFY, FTMS_UUID_TREADMILL_DATA, bytes, length);

	if (fact_token_find(expected, "more_data", &token))
		return; /* its fields come with the next one */
	check_sample(row, expected, "speed_kmh", &batch, SAMPLE_SPEED, 0.01);
	check_sample(row, expected, "incline_pct", &batch, SAMPLE_INCLINE, 0.1);
	if (distance)
		check_sample(row, expected, "distance_m", &batch, SAMPLE_DISTANCE, 1);
	else
		CU_ASSERT_EQUAL(sample_of(&batch, SAMPLE_DISTANCE), ABSENT);
}

static void test_real_frames_with_their_row(void)
{
	struct fact_table table = fact_table_read(TEST_DATA "/ftms-frames.tsv");

	for (size_t m = 0; m < COUNT(real); m++) {
		unsigned frames = 0;

		meet(real[m].name, "auto");
		in_force(real[m].id);
		for (size_t i = 0; i < table.count; i++) {
			const struct fact_row *row = &table.rows[i];
			const char *model = fact(&table, row, "model");
			const char *uuid = fact(&table, row, "characteristic uuid");
			const char *hex = fact(&table, row, "hex");

			if (strncmp(model, real[m].model, strlen(real[m].model)) != 0)
				continue;
			now_us += SECOND;
			frames++;
			if (strcmp(uuid, "2acd") == 0)
				check_frame(row, hex, fact(&table, row, "expected"),
				            !machine.quirk->no_distance);
			else if (strcmp(uuid, "2ad4") == 0)
				value(FTMS_UUID_SPEED_RANGE, hex);
		}
		CU_ASSERT_TRUE(frames > 0);
		CU_ASSERT_FALSE(machine.miles);
		CU_ASSERT_EQUAL(warnings, 0);
	}
	fact_table_free(&table);
}

/* Bit 13, as long as the row says: real frames, KingSmith's composed */
static void test_steps(void)
{
	static const struct {
		const char *name, *hex;
		uint32_t steps;
	} rows[] = {
		{ "URTM041", "842501015e01001400000000008b01fa0000", 250 },
		{ "CITYSPORTS-Linker", "8424640020000001000000002800380000", 56 },
		{ "KS-HD-Z1D", "0424 6400 200000 2800 3800", 56 },
		{ "KS-HD-Z1D", "0424 6400 200000 2800 3800 01", 56 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes bytes = bytes_of(rows[i].hex);
		const struct quirk *q = quirk_by_id(id_of(rows[i].name));
		struct ftms_treadmill_data d;

		CU_ASSERT_PTR_NOT_NULL_FATAL(q);
		CU_ASSERT_TRUE_FATAL(ftms_treadmill_data_decode(bytes.at, bytes.length, &d));
		quirk_correct(q, false, &d);
		CU_ASSERT_EQUAL(d.steps, rows[i].steps);
	}
}

/* ---- miles ---------------------------------------------------------------- */

/* justintout/treadmill README: names and values; frames composed of them */
static void test_dbt_walking_pad_by_model_and_range(void)
{
	meet("FS-123456", "auto");
	CU_ASSERT_EQUAL(speed_of("0400 2c01 100000"), 300);
	value(0x2a29, "46495453484f57");
	value(0x2a24, "46532d42542d5434");
	in_force("fitshow");
	value(FTMS_UUID_SPEED_RANGE, "3c00 7c01 0a00");
	in_force("dbt-walking-pad");
	CU_ASSERT_EQUAL(speed_of("0400 2c01 100000"), 483);
	/* within its own range: as sent, not as taken */
	for (unsigned i = 0; i < 30; i++, now_us += SECOND)
		CU_ASSERT_EQUAL(speed_of("0000 7c01"), 612);
	CU_ASSERT_EQUAL(warnings, 0);
}

/* Ronning X27 Pro: the same radio module in a machine that runs */
static void test_the_module_alone_is_not_the_machine(void)
{
	meet("FS-123456", "auto");
	value(0x2a29, "46495453484f57");
	value(0x2a24, "46532d42542d5434");
	value(FTMS_UUID_SPEED_RANGE, "6400 4006 0a00");
	in_force("fitshow");
	CU_ASSERT_EQUAL(speed_of("0000 e803"), 1000);
}

/* UREVO's range is in steps of 0.2 mph, and in km/h: a real frame */
static void test_a_range_of_miles_in_km_is_km(void)
{
	meet("URTM041", "auto");
	value(FTMS_UUID_SPEED_RANGE, "600083022000");
	CU_ASSERT_EQUAL(speed_of("8425e1000000000100000000002100020000"), 225);
}

/* composed; the rows of ftms.md 4 */
static void test_the_console_decides_and_its_range_tells(void)
{
	static const struct {
		const char *name, *range, *quirk;
		int32_t speed;
	} rows[] = {
		{ "BFX_T9_1", "3200 b004 0a00", "auto", 966 },  /* 0.5 .. 12.0 */
		{ "BFX_T9_1", "5000 d007 0a00", "auto", 600 },  /* 0.8 .. 20.0 */
		{ "BFX_T9_1", NULL, "auto", 600 },
		{ "BFX_T9_1", NULL, "mph", 966 },
		{ "BFX_T9_1", "3200 b004 0a00", "none", 600 },
		{ "3G ELITE 1", "3200 b004 0a00", "auto", 966 },
		{ "3G ELITE 1", NULL, "bowflex-t9", 600 },
		{ "THERUN  T15", "3200 b004 0a00", "auto", 600 },
		{ "THERUN  T15", NULL, "mph", 966 },
		{ "TM4800-1", NULL, "mph", 966 },
		{ "", NULL, "mph", 966 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		meet(rows[i].name, rows[i].quirk);
		if (rows[i].range)
			value(FTMS_UUID_SPEED_RANGE, rows[i].range);
		if (speed_of("0000 5802") != rows[i].speed) {
			printf("\n    row %zu", i);
			CU_FAIL("speed");
		}
	}
}

/* A distance of unknown unit is none. */
static void test_miles_take_the_distance_away(void)
{
	struct sample_batch batch;

	meet("", "mph");
	batch = data("0400 5802 100000");
	CU_ASSERT_EQUAL(sample_of(&batch, SAMPLE_DISTANCE), ABSENT);
	CU_ASSERT_EQUAL(sample_of(&batch, SAMPLE_SPEED), 966);
	meet("BFX_T9_1", "auto");
	batch = data("0400 5802 100000");
	CU_ASSERT_EQUAL(sample_of(&batch, SAMPLE_DISTANCE), 16);
	value(FTMS_UUID_SPEED_RANGE, "3200 b004 0a00");
	batch = data("0400 5802 100000");
	CU_ASSERT_EQUAL(sample_of(&batch, SAMPLE_DISTANCE), ABSENT);
}

/* ---- incline: composed frames, values of the sources ----------------------- */

static void test_incline(void)
{
	static const struct {
		const char *name, *quirk, *sent;
		int32_t incline;
	} rows[] = {
		{ "T01_1", "auto", "3c00", 9 },     /* level 1 of 15 */
		{ "T01_1", "auto", "e803", 150 },   /* level 15 */
		{ "T01_1", "none", "3c00", 60 },
		{ "x", "adidas-t800", "3c00", 0 },
		{ "x", "adidas-t800", "0000", -60 },
		{ "x", "incline-6.5", "4100", 10 },
		{ "x", "trinfit", "0000", ABSENT },
		{ "x", "no-incline", "1e00", ABSENT },
		{ "TUNTURI T60-1", "auto", "1e00", ABSENT },
		{ "MOBVOI TM", "auto", "1e00", ABSENT },
		{ "x", "auto", "1e00", 30 },
		{ "x", "auto", "6afe", ABSENT }, /* -40.6 % */
		{ "x", "auto", "3403", ABSENT }, /* 82 % */
		{ "x", "auto", "ff7f", ABSENT },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sample_batch batch;
		char hex[40];

		meet(rows[i].name, rows[i].quirk);
		snprintf(hex, sizeof(hex), "1800 5802 %s ff7f 0a00 0a00", rows[i].sent);
		batch = data(hex);
		if (sample_of(&batch, SAMPLE_INCLINE) != rows[i].incline) {
			printf("\n    row %zu: %d", i, sample_of(&batch, SAMPLE_INCLINE));
			CU_FAIL("incline");
		}
	}
}

/* Whatever its feature bit says, nothing is known of it. */
static void test_an_untold_incline_is_not_level(void)
{
	struct sample_batch batch;

	meet("TUNTURI T60-1", "auto");
	value(FTMS_UUID_FEATURE, "0400000000000000");
	batch = data("0800 5802 1e00 ff7f");
	CU_ASSERT_EQUAL(sample_of(&batch, SAMPLE_INCLINE_SUPPORT), 1);
	CU_ASSERT_EQUAL(sample_of(&batch, SAMPLE_SPEED), 600);
}

/* ---- odd ways: composed frames --------------------------------------------- */

static void test_a_frozen_time_is_a_belt_without_a_runner(void)
{
	static const struct {
		unsigned second, elapsed;
		int32_t speed;
	} rows[] = {
		{ 0, 7, 600 }, { 1, 8, 600 }, { 2, 8, 600 }, { 3, 8, 600 },
		{ 4, 8, 0 },   { 9, 8, 0 },   { 10, 9, 600 },
	};

	meet("Mobvoi TMP", "auto");
	for (size_t i = 0; i < COUNT(rows); i++) {
		char hex[32];

		now_us = rows[i].second * SECOND;
		snprintf(hex, sizeof(hex), "0004 5802 %02x00", rows[i].elapsed);
		CU_ASSERT_EQUAL(speed_of(hex), rows[i].speed);
	}
	meet("x", "auto");
	CU_ASSERT_EQUAL(speed_of("0004 5802 0800"), 600);
	now_us += 9 * SECOND;
	CU_ASSERT_EQUAL(speed_of("0004 5802 0800"), 600);
}

static void test_stop_that_means_start(void)
{
	static const struct {
		const char *name, *hex;
		int32_t status;
	} rows[] = {
		{ "Mobvoi TMP", "0201", BELT_STARTED },
		{ "Mobvoi TMP", "0202", BELT_PAUSED },
		{ "Mobvoi TMP", "03", BELT_SAFETY_KEY },
		{ "TP1", "0201", BELT_STARTED },
		{ "x", "0201", BELT_STOPPED },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sample_batch batch;

		meet(rows[i].name, "auto");
		batch = notify(FTMS_UUID_STATUS, rows[i].hex);
		CU_ASSERT_EQUAL(sample_of(&batch, SAMPLE_BELT_STATUS), rows[i].status);
	}
}

static void test_octets_in_the_wrong_order(void)
{
	struct sample_batch batch;

	meet("x", "anyrun");
	value(FTMS_UUID_SPEED_RANGE, "0064 0640 000a");
	value(FTMS_UUID_INCLINATION_RANGE, "0000 0096 000a");
	CU_ASSERT_EQUAL(machine.speed_range.maximum, 1600);
	CU_ASSERT_EQUAL(machine.inclination_range.maximum, 150);
	batch = data("0c00 03e8 000102 001e 7fff");
	CU_ASSERT_EQUAL(sample_of(&batch, SAMPLE_SPEED), 1000);
	CU_ASSERT_EQUAL(sample_of(&batch, SAMPLE_DISTANCE), 0x102);
	CU_ASSERT_EQUAL(sample_of(&batch, SAMPLE_INCLINE), 30);
	seconds_of("0800 03e8 7fff 7fff", 15); /* not available, not impossible */
	CU_ASSERT_EQUAL(warnings, 0);
}

/* ---- what is said --------------------------------------------------------- */

static void test_the_quirk_in_force_is_said_once(void)
{
	struct source_event event = { .kind = SOURCE_NAME, .unit = 1,
		                      .text = "TUNTURI T60-1" };
	struct sample_batch batch = { .count = 0 };

	meet("TUNTURI T60-1", "auto");
	treadmill_event(&machine, &event, &batch);
	CU_ASSERT_EQUAL(notes, 1);
	CU_ASSERT_EQUAL(warnings, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(last_note, "TUNTURI T60-1: quirk tunturi-t60: "));
	CU_ASSERT_PTR_NOT_NULL(strstr(last_note, "qdomyos-zwift#641"));
	meet("BFX_T9_1", "auto");
	value(FTMS_UUID_SPEED_RANGE, "3200 b004 0a00");
	CU_ASSERT_EQUAL(notes, 2);
	CU_ASSERT_PTR_NOT_NULL(strstr(last_note, "its range, 0.5 to 12.0, is in miles"));
	meet("KS-HD-Z1D", "auto");
	CU_ASSERT_EQUAL(warnings, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(last_note, "not supported"));
	meet("KS-HD-Z1D", "none");
	CU_ASSERT_EQUAL(notes, 0);
}

static void test_a_speed_out_of_its_own_range(void)
{
	meet("x", "auto");
	value(FTMS_UUID_SPEED_RANGE, "6400 5802 0a00"); /* 1 .. 6 */
	seconds_of("0000 e803", 9);
	CU_ASSERT_EQUAL(warnings, 0);
	seconds_of("0000 5802", 2);
	seconds_of("0000 e803", 10);
	CU_ASSERT_EQUAL(warnings, 0);
	seconds_of("0000 e803", 1);
	CU_ASSERT_EQUAL(warnings, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(last_note, "10.0"));
	CU_ASSERT_PTR_NOT_NULL(strstr(last_note, "set treadmill.quirk to mph"));
	seconds_of("0000 e803", 60);
	CU_ASSERT_EQUAL(warnings, 1);
	seconds_of("0000 0000", 60); /* it stands */
	CU_ASSERT_EQUAL(warnings, 1);
	CU_ASSERT_EQUAL(speed_of("0000 e803"), 1000);
}

static void test_a_speed_that_no_treadmill_runs(void)
{
	meet("x", "auto");
	CU_ASSERT_EQUAL(speed_of("0000 e8fd"), ABSENT);
	CU_ASSERT_EQUAL(speed_of("0000 8813"), 5000);
	seconds_of("0000 e8fd", 12);
	CU_ASSERT_EQUAL(warnings, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(last_note, "not used"));
}

/* Trinfit, qdomyos-zwift#4808: composed of what it says */
static void test_an_incline_that_cannot_be(void)
{
	struct treadmill_settings fixed = { .by_name = true, .fixed_incline = true,
		                            .note = on_note };

	meet("x", "auto");
	value(FTMS_UUID_INCLINATION_RANGE, "0000 9600 0a00");
	seconds_of("0800 5802 3403 ff7f", 12);
	CU_ASSERT_EQUAL(warnings, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(last_note, "82.0 %"));
	CU_ASSERT_PTR_NOT_NULL(strstr(last_note, "treadmill.incline"));
	/* its own range ends at 15 % */
	meet("x", "auto");
	value(FTMS_UUID_INCLINATION_RANGE, "0000 9600 0a00");
	seconds_of("0800 5802 c800 ff7f", 12);
	CU_ASSERT_EQUAL(warnings, 1);
	/* it says 0..0 and goes up all the same (UREVO) */
	meet("x", "auto");
	value(FTMS_UUID_INCLINATION_RANGE, "0000 0000 0000");
	seconds_of("0800 5802 c800 ff7f", 12);
	CU_ASSERT_EQUAL(warnings, 0);
	/* nobody asked it */
	meet("x", "auto");
	treadmill_configure(&machine, &fixed);
	seconds_of("0800 5802 3403 ff7f", 12);
	CU_ASSERT_EQUAL(warnings, 0);
}

/* ---- through the intake ---------------------------------------------------- */

static struct track track;
static struct intake *intake;

static void start(const char *quirk)
{
	struct runner nobody = track_nobody();
	struct intake_settings settings = { .quirk = quirk, .note = on_note };

	reset_notes();
	track_open(&track, rules_shipped(), &nobody);
	intake = intake_new(track.pipeline);
	CU_ASSERT_PTR_NOT_NULL_FATAL(intake);
	intake_configure(intake, &settings);
}

static void stop(void)
{
	intake_free(intake);
	track_close(&track);
}

static void play(const char *const *lines)
{
	struct recording_reader reader;
	struct recording_fault fault;
	struct source_event event;

	memset(&reader, 0, sizeof(reader));
	for (; *lines; lines++) {
		enum recording_line line = recording_read_line(&reader, *lines,
		                                               strlen(*lines), &event,
		                                               &fault);

		CU_ASSERT_NOT_EQUAL_FATAL(line, RECORDING_BAD);
		if (line == RECORDING_EVENT)
			intake_event(intake, &event);
	}
}

/* composed */
static void test_a_recording_of_a_console_in_miles(void)
{
	static const char *const lines[] = {
		"# gaitd recording 1",
		"0 treadmill name BOWFLEX T9",
		"0 treadmill link live",
		"0 treadmill value 2ad4 3200b0040a00",
		"1000000 treadmill notify 2acd 00005802",
		NULL,
	};

	start("auto");
	play(lines);
	CU_ASSERT_DOUBLE_EQUAL(track.metrics.speed_kmh, 9.66, 1e-9);
	CU_ASSERT_PTR_EQUAL(intake_quirk(intake), quirk_by_id("bowflex-t9"));
	stop();
	start("none");
	play(lines);
	CU_ASSERT_DOUBLE_EQUAL(track.metrics.speed_kmh, 6, 1e-9);
	CU_ASSERT_PTR_NULL(intake_quirk(intake));
	stop();
}

static void test_an_impossible_incline_is_absent(void)
{
	static const char *const lines[] = {
		"# gaitd recording 1",
		"0 treadmill value 2acc 0c00000000000000",
		"1000000 treadmill notify 2acd 080058021e00ff7f",
		"2000000 treadmill notify 2acd 080058023403ff7f",
		"4000000 treadmill notify 2acd 080058023403ff7f",
		"6000000 treadmill notify 2acd 080058023403ff7f",
		NULL,
	};

	/* a machine whose feature bit denies the incline that it sends */
	static const char *const denied[] = {
		"# gaitd recording 1",
		"0 treadmill value 2acc 0400000000000000",
		"1000000 treadmill notify 2acd 080058023403ff7f",
		NULL,
	};

	start("auto");
	play(lines);
	CU_ASSERT_TRUE(track.metrics.present & DISPLAY_SPEED);
	CU_ASSERT_FALSE(track.metrics.present & DISPLAY_INCLINE);
	stop();
	start("auto");
	play(denied);
	CU_ASSERT_TRUE(track.metrics.present & DISPLAY_SPEED);
	CU_ASSERT_FALSE(track.metrics.present & DISPLAY_INCLINE);
	stop();
}

static void belt_and_pod(double belt_kmh, double pod_kmh, unsigned seconds)
{
	struct rsc_measurement m = {
		.running = true, .cadence = 160,
		.speed = (uint16_t)lround(pod_kmh / 3.6 * 256),
	};
	uint16_t speed = (uint16_t)lround(belt_kmh * 100);
	struct source_event belt = {
		.device = SOURCE_TREADMILL, .unit = 1, .kind = SOURCE_NOTIFY,
		.uuid = FTMS_UUID_TREADMILL_DATA, .length = 4,
		.bytes = { 0, 0, (uint8_t)speed, (uint8_t)(speed >> 8) },
	};
	struct source_event pod = {
		.device = SOURCE_FOOTPOD, .unit = 1, .kind = SOURCE_NOTIFY,
		.uuid = RSC_UUID_MEASUREMENT,
	};

	pod.length = rsc_measurement_encode(&m, pod.bytes, sizeof(pod.bytes));
	for (unsigned i = 0; i < seconds; i++, track.now_us += SECOND) {
		belt.t_us = pod.t_us = track.now_us;
		intake_event(intake, &belt);
		intake_event(intake, &pod);
	}
}

static void test_belt_against_pod(void)
{
	static const struct {
		double belt, pod;
		const char *says;
	} rows[] = {
		{ 6, 9.6, "set treadmill.quirk to mph" },
		{ 6, 10.2, "set treadmill.quirk to mph" },
		{ 16, 10, "set treadmill.quirk to none" },
		{ 10, 10, NULL },
		{ 10, 13, NULL },
		{ 10, 20, NULL },
		{ 2, 3.2, NULL },
		{ 0, 9, NULL },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		start("auto");
		belt_and_pod(rows[i].belt, rows[i].pod, 25);
		CU_ASSERT_EQUAL(warnings, 0);
		belt_and_pod(rows[i].belt, rows[i].pod, 60);
		CU_ASSERT_EQUAL(warnings, rows[i].says != NULL);
		if (rows[i].says && !strstr(last_note, rows[i].says))
			CU_FAIL(rows[i].says);
		stop();
	}
	/* by and by, as a runner warms up: no constant factor */
	start("auto");
	for (double factor = 1; factor < 2.2; factor += 0.2)
		belt_and_pod(8, 8 * factor, 20);
	CU_ASSERT_EQUAL(warnings, 0);
	stop();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "each row has an id, a source and a sense",
		  test_each_row_has_an_id_a_source_and_a_sense },
		{ "each name finds its own row", test_each_name_finds_its_own_row },
		{ "no name asks for control", test_no_name_asks_for_control },
		{ "the manual has each row", test_the_manual_has_each_row },
		{ "names, whatever their case", test_names },
		{ "real frames with their row", test_real_frames_with_their_row },
		{ "steps: bit 13", test_steps },
		{ "DBT: by model and range", test_dbt_walking_pad_by_model_and_range },
		{ "the module alone is not the machine",
		  test_the_module_alone_is_not_the_machine },
		{ "UREVO: a range of miles in km is km", test_a_range_of_miles_in_km_is_km },
		{ "the console decides, its range tells",
		  test_the_console_decides_and_its_range_tells },
		{ "miles take the distance away", test_miles_take_the_distance_away },
		{ "incline: scale, offset, not used", test_incline },
		{ "an untold incline is not level", test_an_untold_incline_is_not_level },
		{ "Mobvoi: a frozen time", test_a_frozen_time_is_a_belt_without_a_runner },
		{ "Mobvoi: stop that means start", test_stop_that_means_start },
		{ "anyrun: octets in the wrong order", test_octets_in_the_wrong_order },
		{ "the quirk in force is said once", test_the_quirk_in_force_is_said_once },
		{ "2AD4: a speed out of its range", test_a_speed_out_of_its_own_range },
		{ "a speed that no treadmill runs", test_a_speed_that_no_treadmill_runs },
		{ "2AD5: an incline that cannot be", test_an_incline_that_cannot_be },
		{ "a recording of a console in miles", test_a_recording_of_a_console_in_miles },
		{ "an impossible incline is absent", test_an_impossible_incline_is_absent },
		{ "belt against pod: the unit", test_belt_against_pod },
		CU_TEST_INFO_NULL,
	};

	return suite_run("quirks", tests);
}
