/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A session summed up, by figures worked out by hand
 */
#include "daemon/sessions/summary_write.h"
#include "daemon/sessions/trend_write.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <string.h>

static struct session_log session;
static struct session_summary sum;

static void open_log(void)
{
	session_log_free(&session);
	session.ended = true;
}

/* Seconds from `from_s` on of running at 10 km/h, against 160..170, aiming at 165 */
static void run(uint32_t from_s, uint32_t seconds, int32_t spm)
{
	struct session_second second = {
		.metrics = { .present = DISPLAY_SPEED | DISPLAY_CADENCE | DISPLAY_TARGET |
		                        DISPLAY_DISTANCE | DISPLAY_GAIT,
		             .speed_kmh = 10, .cadence_spm = spm, .target_spm = 165,
		             .gait = DISPLAY_GAIT_RUN },
		.has_target = true,
		.target = { 160, 170 },
	};

	for (uint32_t i = 0; i < seconds; i++) {
		second.at_s = from_s + i;
		second.metrics.distance_m = (from_s + i + 1) * 10 / 3;
		session_log_add_second(&session, &second);
	}
}

static void tell(uint32_t at_s, enum session_event_kind kind, const char *rule,
                 enum display_level level, int32_t value)
{
	struct session_event event = { .at_s = at_s, .kind = kind, .level = level,
		                       .value = value };

	strcpy(event.rule, rule);
	strcpy(event.text, "<&\"Steps\x1b[2J");
	session_log_add_event(&session, &event);
}

static void expect_advice(enum summary_advice first)
{
	summary_of(&session, &sum);
	CU_ASSERT_FATAL(sum.advice_count > 0);
	CU_ASSERT_EQUAL(sum.advice[0], first);
}

static bool advises(enum summary_advice advice)
{
	for (size_t i = 0; i < sum.advice_count; i++)
		if (sum.advice[i] == advice)
			return true;
	return false;
}

/* ---- what is summed up ------------------------------------------------------ */

static void test_beat_against_band(void)
{
	open_log();
	run(0, 100, 156);  /* below */
	run(100, 300, 160); /* the edge belongs to the band */
	run(400, 100, 170);
	run(500, 100, 171); /* above */
	summary_of(&session, &sum);
	CU_ASSERT_EQUAL(sum.run_s, 600);
	CU_ASSERT_EQUAL(sum.band.below_s, 100);
	CU_ASSERT_EQUAL(sum.band.inside_s, 400);
	CU_ASSERT_EQUAL(sum.band.above_s, 100);
	CU_ASSERT_EQUAL(sum.band.low_spm, 160);
	CU_ASSERT_EQUAL(sum.band.high_spm, 170);
	CU_ASSERT_DOUBLE_EQUAL(summary_inside_pct(&sum.band), 66.67, 0.01);
	/* 97700 / 600 */
	CU_ASSERT_DOUBLE_EQUAL(sum.cadence_spm.mean, 162.83, 0.01);
	CU_ASSERT_DOUBLE_EQUAL(sum.band.excess_pct, 100 * (162.8333 - 165) / 165, 0.001);
	/* 156..159, 160..163, 164..167, 168..171 */
	CU_ASSERT_EQUAL_FATAL(sum.bins.count, 4);
	CU_ASSERT_EQUAL(sum.bins.from_spm, 156);
	CU_ASSERT_EQUAL(sum.bins.seconds[0], 100);
	CU_ASSERT_EQUAL(sum.bins.seconds[1], 300);
	CU_ASSERT_EQUAL(sum.bins.seconds[2], 0);
	CU_ASSERT_EQUAL(sum.bins.seconds[3], 200);
}

static void test_pauses(void)
{
	open_log();
	run(0, 60, 165);
	tell(60, SESSION_EVENT_PAUSE, "", DISPLAY_LEVEL_SYSTEM, 0);
	tell(105, SESSION_EVENT_RESUME, "", DISPLAY_LEVEL_SYSTEM, 0);
	run(105, 60, 165);
	tell(165, SESSION_EVENT_PAUSE, "", DISPLAY_LEVEL_SYSTEM, 0);
	session.length_s = 225; /* he stands, and it ends */
	summary_of(&session, &sum);
	CU_ASSERT_EQUAL(sum.moving_s, 120);
	CU_ASSERT_EQUAL(sum.paused_s, 45);
}

static void test_pace(void)
{
	struct session_summary s = { .has_distance = true, .distance_m = 5000,
		                     .moving_s = 1800 };

	CU_ASSERT_DOUBLE_EQUAL(summary_pace_min(&s, false), 6.0, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(summary_pace_min(&s, true), 6.0 * 1.609344, 1e-9);
	s.distance_m = 0;
	CU_ASSERT_TRUE(isnan(summary_pace_min(&s, false)));
}

static void test_absent_stays_absent(void)
{
	struct summary_figure figures[SUMMARY_FIGURES_MAX];
	const struct summary_manner how = { NULL, false };
	struct session_second second = { .metrics = { .present = DISPLAY_SPEED,
		                                      .speed_kmh = 5 } };
	json_t *o;

	open_log();
	session_log_add_second(&session, &second);
	summary_of(&session, &sum);
	CU_ASSERT_FALSE(sum.has_distance);
	CU_ASSERT_EQUAL(sum.cadence_spm.seconds, 0);
	CU_ASSERT_EQUAL(sum.load, SUMMARY_LOAD_UNKNOWN);
	CU_ASSERT_EQUAL(sum.worst_pain, -1);
	for (size_t i = summary_figures(&sum, &how, figures); i-- > 0;) {
		if (figures[i].name != WORD_CADENCE && figures[i].name != WORD_HEART &&
		    figures[i].name != WORD_DISTANCE)
			continue;
		CU_ASSERT_STRING_EQUAL(figures[i].value, "");
		CU_ASSERT_PTR_NOT_NULL(strstr(figures[i].detail, "no"));
	}
	o = summary_write_json(&(struct summary_story){ .log = &session, .summary = &sum });
	CU_ASSERT_PTR_NULL(json_object_get(o, "distance_m"));
	CU_ASSERT_PTR_NULL(json_object_get(o, "cadence_spm"));
	CU_ASSERT_PTR_NULL(json_object_get(o, "target"));
	CU_ASSERT_PTR_NULL(json_object_get(o, "start"));
	json_decref(o);
}

static void test_prompts_by_level(void)
{
	open_log();
	run(0, 10, 165);
	tell(1, SESSION_EVENT_PROMPT, "cadence-low", DISPLAY_LEVEL_FORM, 0);
	tell(2, SESSION_EVENT_CLEAR, "cadence-low", DISPLAY_LEVEL_FORM,
	     DISPLAY_CLEAR_EXPIRED);
	tell(3, SESSION_EVENT_PROMPT, "pain-mild", DISPLAY_LEVEL_SAFETY, 0);
	tell(4, SESSION_EVENT_CLEAR, "pain-mild", DISPLAY_LEVEL_SAFETY,
	     DISPLAY_CLEAR_ACKNOWLEDGED);
	summary_of(&session, &sum);
	CU_ASSERT_EQUAL(sum.prompt_count, 2);
	CU_ASSERT_EQUAL(sum.prompts[DISPLAY_LEVEL_FORM].given, 1);
	CU_ASSERT_EQUAL(sum.prompts[DISPLAY_LEVEL_FORM].answered, 0);
	CU_ASSERT_EQUAL(sum.prompts[DISPLAY_LEVEL_SAFETY].given, 1);
	CU_ASSERT_EQUAL(sum.prompts[DISPLAY_LEVEL_SAFETY].answered, 1);
}

/* ---- load ------------------------------------------------------------------- */

static void test_load(void)
{
	static const struct {
		double longest_m;
		enum summary_load load;
	} cases[] = {
		/* 4,000 m are run */
		{ NAN, SUMMARY_LOAD_UNKNOWN },   { 4001, SUMMARY_LOAD_IN_RANGE },
		{ 4000, SUMMARY_LOAD_LONGEST },  { 3637, SUMMARY_LOAD_LONGEST },
		{ 3636, SUMMARY_LOAD_PAST },     { 3077, SUMMARY_LOAD_PAST },
		{ 3076, SUMMARY_LOAD_WELL_PAST }, { 2001, SUMMARY_LOAD_WELL_PAST },
		{ 2000, SUMMARY_LOAD_TWICE },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		open_log();
		run(0, 1200, 165);
		session.who.longest_30d_m = cases[i].longest_m;
		summary_of(&session, &sum);
		CU_ASSERT_EQUAL(sum.distance_m, 4000);
		CU_ASSERT_EQUAL(sum.load, cases[i].load);
		CU_ASSERT_EQUAL(advises(SUMMARY_ADVICE_LOAD),
		                cases[i].load >= SUMMARY_LOAD_PAST);
	}
	/* rules.md BR-22: no run in 30 days counts as one of 3 km */
	session.who.longest_30d_m = 0;
	summary_of(&session, &sum);
	CU_ASSERT_TRUE(sum.load_of_none);
	CU_ASSERT_DOUBLE_EQUAL(sum.load_pct, 133.3, 0.1);
	CU_ASSERT_EQUAL(sum.load, SUMMARY_LOAD_WELL_PAST);
}

/* ---- tomorrow --------------------------------------------------------------- */

static void test_pain_course(void)
{
	open_log();
	run(0, 700, 165);
	tell(100, SESSION_EVENT_PAIN, "", DISPLAY_LEVEL_SYSTEM, 2);
	tell(400, SESSION_EVENT_ANSWER, "ask-pain", DISPLAY_LEVEL_SAFETY, 3);
	tell(500, SESSION_EVENT_ANSWER, "ask-morning", DISPLAY_LEVEL_SAFETY, 1);
	tell(600, SESSION_EVENT_ANSWER, "ask-pod", DISPLAY_LEVEL_SYSTEM, 9);
	session.who.usual_kmh = 10;
	expect_advice(SUMMARY_ADVICE_MORNING);
	CU_ASSERT_EQUAL(sum.first_pain, 2);
	CU_ASSERT_EQUAL(sum.last_pain, 3);
	CU_ASSERT_EQUAL(sum.worst_pain, 3);
	CU_ASSERT_EQUAL(sum.morning_pain, 1);
	CU_ASSERT_EQUAL(sum.pain_count, 2);
	CU_ASSERT_FALSE(sum.pain_was_high);
	CU_ASSERT_TRUE(advises(SUMMARY_ADVICE_CAP));
	CU_ASSERT_DOUBLE_EQUAL(sum.cap_kmh, 9.0, 1e-9);
	CU_ASSERT_FALSE(advises(SUMMARY_ADVICE_FREE));
	CU_ASSERT_TRUE(sum.moves_fit);
}

static void test_pain_advice(void)
{
	static const struct {
		int32_t before, then; /* -1: none */
		enum summary_advice advice;
	} cases[] = {
		{ -1, -1, SUMMARY_ADVICE_FREE }, { -1, 0, SUMMARY_ADVICE_FREE },
		{ -1, 3, SUMMARY_ADVICE_MORNING }, { -1, 4, SUMMARY_ADVICE_WALK },
		{ 3, 4, SUMMARY_ADVICE_WALK },  { 2, 4, SUMMARY_ADVICE_HURT },
		{ -1, 6, SUMMARY_ADVICE_HURT }, { -1, 7, SUMMARY_ADVICE_DOCTOR },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		open_log();
		run(0, 700, 165);
		if (cases[i].before >= 0)
			tell(1, SESSION_EVENT_PAIN, "", DISPLAY_LEVEL_SYSTEM, cases[i].before);
		if (cases[i].then >= 0)
			tell(2, SESSION_EVENT_PAIN, "", DISPLAY_LEVEL_SYSTEM, cases[i].then);
		expect_advice(cases[i].advice);
		CU_ASSERT_EQUAL(sum.moves_fit, cases[i].then < 4);
	}
}

static void test_red_flag(void)
{
	open_log();
	run(0, 700, 165);
	tell(9, SESSION_EVENT_RED_FLAG, "", DISPLAY_LEVEL_SYSTEM, DISPLAY_RED_FLAG_LEG);
	session.who.usual_kmh = 10;
	session.who.longest_30d_m = 9000;
	expect_advice(SUMMARY_ADVICE_DOCTOR);
	CU_ASSERT_EQUAL(sum.advice_count, 1);
	CU_ASSERT_FALSE(sum.moves_fit);
}

static void test_days_in_row(void)
{
	open_log();
	run(0, 700, 165);
	session.who.run_days_in_row = 1; /* today is the second */
	expect_advice(SUMMARY_ADVICE_FREE);
	session.who.novice = true;
	expect_advice(SUMMARY_ADVICE_DAYS);
	session.who.novice = false;
	session.who.run_days_in_row = 2;
	expect_advice(SUMMARY_ADVICE_DAYS);
	session.who.experienced = true;
	expect_advice(SUMMARY_ADVICE_FREE);
}

static void test_limit(void)
{
	const struct summary_manner km = { NULL, false }, miles = { NULL, true };
	char text[SUMMARY_SENTENCE_MAX];

	open_log();
	run(0, 1200, 165);
	session.who.longest_30d_m = 8000;
	expect_advice(SUMMARY_ADVICE_LIMIT);
	CU_ASSERT_DOUBLE_EQUAL(sum.limit_m, 8800, 1e-6);
	CU_ASSERT_PTR_NOT_NULL(strstr(summary_advice_text(text, &sum, sum.advice[0], &km),
	                              "8.80 km"));
	CU_ASSERT_PTR_NOT_NULL(strstr(summary_advice_text(text, &sum, sum.advice[0], &miles),
	                              "5.47 mi"));
	CU_ASSERT_STRING_EQUAL(summary_card_text(text, &sum, &km),
	                       "4.00 km in 20:00. Your beat was in its band for 100 % of "
	                       "the run. Run or rest as you like. Up to 8.80 km is in range.");
}

/* ---- written ---------------------------------------------------------------- */

static void count_tags(const char *page, const char *open, const char *close)
{
	int depth = 0;

	for (const char *at = page; (at = strstr(at, open)); at++)
		depth++;
	for (const char *at = page; (at = strstr(at, close)); at++)
		depth--;
	CU_ASSERT_EQUAL(depth, 0);
}

static void test_page_escapes(void)
{
	struct summary_story story = { .log = &session, .summary = &sum };
	struct sheet sheet = { .bytes = NULL };

	open_log();
	run(0, 700, 165);
	strcpy(session.runner, "<script>x\xff");
	strcpy(session.treadmill, "\"><img src=x onerror=1>");
	tell(5, SESSION_EVENT_PROMPT, "cadence-low", DISPLAY_LEVEL_FORM, 0);
	summary_of(&session, &sum);
	summary_write_html(&sheet, &story);
	CU_ASSERT_FALSE_FATAL(sheet.failed);
	CU_ASSERT_PTR_NULL(strstr(sheet.bytes, "<script"));
	CU_ASSERT_PTR_NULL(strstr(sheet.bytes, "<img"));
	CU_ASSERT_PTR_NULL(strstr(sheet.bytes, "\x1b"));
	CU_ASSERT_PTR_NULL(strstr(sheet.bytes, "\xff"));
	CU_ASSERT_PTR_NOT_NULL(strstr(sheet.bytes, "&lt;script&gt;x\uFFFD"));
	CU_ASSERT_PTR_NOT_NULL(strstr(sheet.bytes, "&lt;&amp;&quot;Steps"));
	count_tags(sheet.bytes, "<svg", "</svg>");
	count_tags(sheet.bytes, "<figure", "</figure>");
	count_tags(sheet.bytes, "<li>", "</li>");
	sheet_free(&sheet);
	summary_write_text(&sheet, &story, true);
	CU_ASSERT_PTR_NULL(strstr(sheet.bytes, "\x1b"));
	CU_ASSERT_PTR_NULL(strstr(sheet.bytes, "█"));
	sheet_free(&sheet);
}

/* Of nothing comes a page of nothing, and no division by it. */
static void test_empty(void)
{
	struct summary_story story = { .log = &session, .summary = &sum };
	struct sheet sheet = { .bytes = NULL };
	json_t *o;

	open_log();
	summary_of(&session, &sum);
	summary_write_html(&sheet, &story);
	CU_ASSERT_PTR_NULL(strstr(sheet.bytes, "nan"));
	sheet_free(&sheet);
	summary_write_text(&sheet, &story, false);
	CU_ASSERT_PTR_NULL(strstr(sheet.bytes, "nan"));
	sheet_free(&sheet);
	o = summary_write_json(&story);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(o, "moving_s")), 0);
	json_decref(o);
}

/* A log is read from a file that others may have written. */
static void test_log_that_lies(void)
{
	static const int32_t odd[] = { INT32_MIN, -1, 0, 501, INT32_MAX };
	struct summary_story story = { .log = &session, .summary = &sum };
	struct sheet sheet = { .bytes = NULL };
	struct session_second second = {
		.metrics = { .present = UINT32_MAX, .speed_kmh = NAN, .incline_pct = -1e300,
		             .step_m = INFINITY, .distance_m = UINT32_MAX,
		             .elapsed_s = UINT32_MAX, .elevation_gain_m = INT32_MIN,
		             .gait = DISPLAY_GAIT_RUN },
		.has_target = true,
		.target = { INT32_MAX, INT32_MIN },
	};

	open_log();
	run(0, 1, 160);
	for (uint32_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		second.at_s = UINT32_MAX - 4 + i;
		second.metrics.cadence_spm = second.metrics.heart_rate_bpm = odd[i];
		second.metrics.target_spm = odd[i];
		session_log_add_second(&session, &second);
		tell(second.at_s, SESSION_EVENT_PAIN, "", DISPLAY_LEVEL_SYSTEM, odd[i]);
	}
	session.who.longest_30d_m = 1e-300;
	summary_of(&session, &sum);
	CU_ASSERT_EQUAL(sum.bins.count, 1);
	CU_ASSERT_EQUAL(sum.worst_pain, 0);
	summary_write_html(&sheet, &story);
	summary_write_text(&sheet, &story, false);
	CU_ASSERT_PTR_NULL(strstr(sheet.bytes, "nan"));
	CU_ASSERT_PTR_NULL(strstr(sheet.bytes, "inf"));
	sheet_free(&sheet);
}

/* ---- weeks ------------------------------------------------------------------ */

#define MONDAY INT64_C(1764547200) /* 2025-12-01 00:00 UTC, a Monday */

static void add_day(struct trend *trend, int64_t start_s, uint32_t seconds, int32_t spm)
{
	open_log();
	session.has_start = true;
	session.start_s = start_s;
	session.offset_s = 3600;
	run(0, seconds, spm);
	summary_of(&session, &sum);
	trend_add(trend, &session, &sum);
}

static void test_trend(void)
{
	struct sheet sheet = { .bytes = NULL };
	struct trend trend;
	char date[16];

	trend_begin(&trend, MONDAY + 3 * 86400, 3600, 2);
	add_day(&trend, MONDAY - 3601, 1200, 165);  /* Sunday, 23:59:59 of there */
	add_day(&trend, MONDAY - 3600, 1200, 165);  /* Monday, 0:00 */
	add_day(&trend, MONDAY + 86400, 600, 168);
	add_day(&trend, MONDAY - 8 * 86400, 600, 165); /* before all */
	CU_ASSERT_EQUAL_FATAL(trend.count, 2);
	CU_ASSERT_STRING_EQUAL(trend_date(&trend.weeks[1], date), "2025-12-01");
	CU_ASSERT_EQUAL(trend.weeks[0].runs, 1);
	CU_ASSERT_EQUAL(trend.weeks[1].runs, 2);
	CU_ASSERT_DOUBLE_EQUAL(trend.weeks[1].distance_m, 6000, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(trend.weeks[1].longest_m, 4000, 1e-9);
	/* 1200 s of 0 and 600 s of 3/165 */
	CU_ASSERT_DOUBLE_EQUAL(trend.weeks[1].excess_pct, 100.0 * 3 / 165 / 3, 1e-9);
	CU_ASSERT_EQUAL(trend.weeks[1].worst_pain, -1);
	trend_write_text(&sheet, &trend, &(struct summary_manner){ NULL, true }, true);
	/* two of three weeks' way is the longest bar; 3.73 mi are 6 km */
	CU_ASSERT_PTR_NOT_NULL(strstr(sheet.bytes, "  2025-12-01     2   3.73 mi   2.49 mi"
	                                           "          +0.6 %           -  ####"));
	sheet_free(&sheet);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "the beat against its band", test_beat_against_band },
		{ "pauses, but not the end", test_pauses },
		{ "pace", test_pace },
		{ "absent stays absent", test_absent_stays_absent },
		{ "prompts by level", test_prompts_by_level },
		{ "rules.md BR-22: load", test_load },
		{ "the course of a pain", test_pain_course },
		{ "what a pain asks for", test_pain_advice },
		{ "a red flag", test_red_flag },
		{ "days in a row", test_days_in_row },
		{ "what is in range, and the card", test_limit },
		{ "names are no markup", test_page_escapes },
		{ "nothing", test_empty },
		{ "a log that lies", test_log_that_lies },
		{ "weeks", test_trend },
		CU_TEST_INFO_NULL,
	};
	int status = suite_run("summary", tests);

	session_log_free(&session);
	return status;
}
