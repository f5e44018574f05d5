/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The terminal console without a terminal: its keys, how it looks, its lines.
 */
#include "config.h"
#include "plugins/console/console.h"
#include "plugins/console/dialogue.h"
#include "plugins/console/values.h"
#include "plugins/console/words.h"
#include "plugins/terminal/canvas.h"
#include "plugins/terminal/plain.h"
#include "plugins/terminal/view.h"
#include "tests/unit/suite.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1000000u /* ms */

static struct console running(void)
{
	struct console c;

	console_init(&c);
	console_state(&c, true, "", DISPLAY_CAP_INPUT | DISPLAY_CAP_METRICS);
	c.has_link = c.has_session = c.has_target = true;
	c.link = (struct display_link){ DISPLAY_LINK_LIVE, DISPLAY_LINK_LIVE };
	c.session.state = DISPLAY_SESSION_RUNNING;
	strcpy(c.session.runner, "anonymous");
	c.greeted = true;
	c.target = (struct display_target){ 165, 178 };
	c.metrics = (struct display_metrics){
		.present = DISPLAY_SPEED | DISPLAY_INCLINE | DISPLAY_CADENCE |
		           DISPLAY_STEP | DISPLAY_DISTANCE | DISPLAY_ELAPSED |
		           DISPLAY_GAIT,
		.speed_kmh = 10, .incline_pct = 1, .cadence_spm = 158,
		.step_m = 1.05, .distance_m = 1030, .elapsed_s = 412,
		.gait = DISPLAY_GAIT_RUN,
	};
	return c;
}

static void prompt(struct console *c, uint32_t id, enum display_level level)
{
	struct display_prompt p = { .id = id, .level = level, .ttl_ms = 8000 };

	strcpy(p.headline, "Quicker, lighter beat");
	strcpy(p.text, "Quicker, lighter beat: aim for 170 steps a minute.");
	strcpy(p.why, "A quicker beat shortens each step.");
	console_prompt(c, &p, NOW);
}

/* ---- keys ---- */

/* The line that the last of the keys sends; "" if none */
static const char *press(struct console *c, const char *keys)
{
	static char line[DISPLAY_LINE_MAX];
	struct display_request out;
	size_t length = 0;

	for (; *keys; keys++)
		length = console_key(c, *keys, NOW, &out) ?
			display_write_input(line, sizeof(line), &out) : 0;
	line[length ? length - 1 : 0] = '\0';
	return line;
}

static void test_keys(void)
{
	static const struct {
		const char *keys, *sent;
	} rows[] = {
		{ "p4", "{\"type\":\"input\",\"input\":\"pain\",\"value\":4}" },
		{ "p0", "{\"type\":\"input\",\"input\":\"pain\",\"value\":0}" },
		{ "pt", "{\"type\":\"input\",\"input\":\"pain\",\"value\":10}" },
		{ "px", "" }, { "px4", "" }, { "4", "" },
		{ "r1", "{\"type\":\"input\",\"input\":\"red_flag\",\"value\":\"leg\"}" },
		{ "r2", "{\"type\":\"input\",\"input\":\"red_flag\",\"value\":\"numb\"}" },
		{ "r3", "{\"type\":\"input\",\"input\":\"red_flag\","
		        "\"value\":\"bladder\"}" },
		{ "r4", "{\"type\":\"input\",\"input\":\"red_flag\","
		        "\"value\":\"straight\"}" },
		{ "r5", "{\"type\":\"input\",\"input\":\"red_flag\",\"value\":\"fall\"}" },
		{ "r6", "" }, { "rq", "" },
		{ "a", "" }, /* there is nothing to understand */
		{ "m", "{\"type\":\"input\",\"input\":\"mute\",\"minutes\":10}" },
		{ "mm", "{\"type\":\"input\",\"input\":\"mute\",\"minutes\":0}" },
		{ "i", "{\"type\":\"input\",\"input\":\"intervals\",\"value\":\"on\"}" },
		{ "?p3", "{\"type\":\"input\",\"input\":\"pain\",\"value\":3}" },
		{ "h175\rynk\r", "{\"type\":\"input\",\"input\":\"profile\","
		                 "\"height_m\":1.75,\"back_pain\":true,"
		                 "\"novice\":false,\"units\":\"km\"}" },
		{ "h17\b85\r\r\r\r\r", "{\"type\":\"input\",\"input\":\"profile\","
		                       "\"height_m\":1.85}" },
		{ "h5'9\r\r\rm3", "{\"type\":\"input\",\"input\":\"profile\","
		                  "\"height_m\":1.75,\"units\":\"mi\",\"lang\":\"es\"}" },
		{ "h\r\ry\r\r", "{\"type\":\"input\",\"input\":\"profile\","
		                "\"novice\":true}" },
		{ "h99\r180\r\033", "{\"type\":\"input\",\"input\":\"profile\","
		                   "\"height_m\":1.80}" }, /* what was told counts */
		{ "h9'9\r\033", "" }, { "h\r\r\r\r\r", "" }, { "h175\033", "" },
		{ "w", "" }, { "z", "" }, { "\033", "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct console c = running();
		const char *sent = press(&c, rows[i].keys);

		if (strcmp(sent, rows[i].sent) != 0)
			printf("\n    %s: %s\n", rows[i].keys, sent);
		CU_ASSERT_STRING_EQUAL(sent, rows[i].sent);
		CU_ASSERT_FALSE(c.quit);
	}
}

static void test_keys_of_a_prompt(void)
{
	struct console c = running();
	const struct display_clear other = { 8, DISPLAY_CLEAR_EXPIRED };
	const struct display_clear own = { 9, DISPLAY_CLEAR_EXPIRED };

	prompt(&c, 9, DISPLAY_LEVEL_SAFETY);
	CU_ASSERT_STRING_EQUAL(press(&c, "a"), "{\"type\":\"input\","
	                       "\"input\":\"ack\",\"id\":9}");
	CU_ASSERT_STRING_EQUAL(press(&c, "4"), "");
	c.prompt.ask = (struct display_ask){ .kind = DISPLAY_ASK_SCALE,
		                             .maximum = 10 };
	CU_ASSERT_STRING_EQUAL(press(&c, "t"), "{\"type\":\"input\","
	                       "\"input\":\"answer\",\"id\":9,\"value\":10}");
	c.prompt.ask = (struct display_ask){
		.kind = DISPLAY_ASK_CHOICE, .choice_count = 2,
		.choices = { { 1, "Yes" }, { 0, "No" } },
	};
	CU_ASSERT_STRING_EQUAL(press(&c, "2"), "{\"type\":\"input\","
	                       "\"input\":\"answer\",\"id\":9,\"value\":0}");
	CU_ASSERT_STRING_EQUAL(press(&c, "3"), "");
	console_clear(&c, &other);
	CU_ASSERT_TRUE(c.has_prompt);
	console_clear(&c, &own);
	CU_ASSERT_STRING_EQUAL(press(&c, "a"), "");
}

static void test_keys_without_daemon_or_grant(void)
{
	struct console c = running();

	c.caps = DISPLAY_CAP_METRICS;
	CU_ASSERT_STRING_EQUAL(press(&c, "p4"), "");
	CU_ASSERT_PTR_NOT_NULL(strstr(c.note, "takes no input"));
	console_state(&c, false, "gaitd has gone", 0);
	CU_ASSERT_STRING_EQUAL(press(&c, "r1"), "");
	CU_ASSERT_PTR_NOT_NULL(strstr(c.note, "nothing was told"));
	press(&c, "q");
	CU_ASSERT_TRUE(c.quit);
}

static void test_prompt_leaves_in_time(void)
{
	struct console c = running();

	prompt(&c, 1, DISPLAY_LEVEL_FORM);
	CU_ASSERT_EQUAL(console_seconds_left(&c, NOW), 8);
	CU_ASSERT_EQUAL(console_deadline(&c, NOW), NOW + 1000);
	CU_ASSERT_EQUAL(console_seconds_left(&c, NOW + 1), 8);
	CU_ASSERT_EQUAL(console_deadline(&c, NOW + 1), NOW + 1000);
	CU_ASSERT_EQUAL(console_seconds_left(&c, NOW + 7999), 1);
	console_advance(&c, NOW + 7999);
	CU_ASSERT_TRUE(c.has_prompt);
	console_advance(&c, NOW + 8000);
	CU_ASSERT_FALSE(c.has_prompt);
	CU_ASSERT_EQUAL(console_deadline(&c, NOW + 8000), UINT64_MAX);
}

/* The lock after a red flag has a day; nobody counts 86400 s down. */
static void test_no_countdown_of_a_lock(void)
{
	struct console c = running();
	char left[16];

	prompt(&c, 1, DISPLAY_LEVEL_SAFETY);
	console_time_left(&c, NOW + 1, left, sizeof(left));
	CU_ASSERT_STRING_EQUAL(left, "8 s");
	c.prompt_end_ms = NOW + 86400000;
	console_time_left(&c, NOW + 1, left, sizeof(left));
	CU_ASSERT_STRING_EQUAL(left, "");
}

static void test_nothing_is_kept_of_a_daemon_gone(void)
{
	struct console c = running();

	prompt(&c, 1, DISPLAY_LEVEL_FORM);
	press(&c, "h175\r\r\r\r\r");
	console_state(&c, false, "gaitd has gone", 0);
	CU_ASSERT_FALSE(c.has_prompt || c.has_link || c.has_target ||
	                c.metrics.present);
	CU_ASSERT_TRUE(c.profile.has_height); /* told again when it is back */
}

/* ---- the first use ---- */
static struct display_session session_of(const char *runner,
                                         enum display_session_state state)
{
	struct display_session session = { .state = state };

	strcpy(session.runner, runner);
	strcpy(session.lang, "en");
	return session;
}

/* A console that a runner has just come to */
static struct console first_use(const char *runner)
{
	struct console c;
	const struct display_session idle = session_of(runner, DISPLAY_SESSION_IDLE);

	console_init(&c);
	console_state(&c, true, "", DISPLAY_CAP_INPUT | DISPLAY_CAP_METRICS);
	console_session(&c, &idle, NOW);
	console_advance(&c, NOW);
	return c;
}

static void test_first_use_asks(void)
{
	struct console c = first_use("anonymous");

	CU_ASSERT_EQUAL(c.mode, CONSOLE_DISCLAIMER);
	CU_ASSERT_STRING_EQUAL(press(&c, "p"), ""); /* it hides the pad */
	CU_ASSERT_STRING_EQUAL(press(&c, "4"), "{\"type\":\"input\","
	                       "\"input\":\"profile\",\"lang\":\"fr\"}");
	CU_ASSERT_STRING_EQUAL(c.lang, "fr");
	CU_ASSERT_EQUAL(c.mode, CONSOLE_DISCLAIMER);
	CU_ASSERT_STRING_EQUAL(press(&c, "\r180\rnym"), "{\"type\":\"input\","
	                       "\"input\":\"profile\",\"height_m\":1.80,"
	                       "\"back_pain\":false,\"novice\":true,"
	                       "\"units\":\"mi\",\"lang\":\"fr\"}");
	CU_ASSERT_EQUAL(c.mode, CONSOLE_RUN);
	console_advance(&c, NOW + 1);
	CU_ASSERT_EQUAL(c.mode, CONSOLE_RUN);
}

static void test_first_use_is_skipped(void)
{
	struct console c = first_use("anonymous");

	CU_ASSERT_STRING_EQUAL(press(&c, "\r\033"), "");
	CU_ASSERT_EQUAL(c.mode, CONSOLE_RUN);
	c = first_use("anonymous");
	CU_ASSERT_STRING_EQUAL(press(&c, "\033"), "");
	CU_ASSERT_EQUAL(c.mode, CONSOLE_RUN);
	c = first_use("anonymous");
	c.caps = 0; /* nothing may be told: nothing is asked, but read it can be */
	CU_ASSERT_STRING_EQUAL(press(&c, "2"), "");
	CU_ASSERT_STRING_EQUAL(c.lang, "de");
	CU_ASSERT_STRING_EQUAL(press(&c, "\r"), "");
	CU_ASSERT_EQUAL(c.mode, CONSOLE_RUN);
}

/* Once a session for the anonymous, and what one told is not the next one's */
static void test_first_use_of_the_next_runner(void)
{
	struct console c = first_use("anonymous");
	struct display_session s = session_of("anonymous", DISPLAY_SESSION_RUNNING);

	press(&c, "\r180\r\033");
	console_session(&c, &s, NOW);
	console_state(&c, false, "gaitd has gone", 0); /* the same runner after it */
	console_state(&c, true, "", DISPLAY_CAP_INPUT);
	console_session(&c, &s, NOW);
	console_advance(&c, NOW);
	CU_ASSERT_EQUAL(c.mode, CONSOLE_RUN);
	CU_ASSERT_TRUE(c.profile.has_height);
	s.state = DISPLAY_SESSION_ENDED;
	console_session(&c, &s, NOW);
	console_session(&c, &s, NOW + 1000);
	CU_ASSERT_FALSE(c.profile.has_height);
	console_advance(&c, NOW + 59999); /* he still reads how it was */
	CU_ASSERT_EQUAL(c.mode, CONSOLE_RUN);
	CU_ASSERT_EQUAL(console_deadline(&c, NOW + 59999), NOW + 60000);
	console_advance(&c, NOW + 60000);
	CU_ASSERT_EQUAL(c.mode, CONSOLE_DISCLAIMER);
	press(&c, "\033");
	s.state = DISPLAY_SESSION_RUNNING; /* who was greeted before the belt moved */
	console_session(&c, &s, NOW + 70000);
	console_advance(&c, NOW + 70000);
	CU_ASSERT_EQUAL(c.mode, CONSOLE_RUN);
	s.state = DISPLAY_SESSION_ENDED;
	console_session(&c, &s, NOW + 80000);
	s.state = DISPLAY_SESSION_RUNNING; /* who did not wait */
	console_session(&c, &s, NOW + 81000);
	console_advance(&c, NOW + 81000);
	CU_ASSERT_EQUAL(c.mode, CONSOLE_DISCLAIMER);
}

static void test_first_use_of_one_who_is_known(void)
{
	struct console c = first_use("Ada");
	struct display_session s = session_of("Ada", DISPLAY_SESSION_ENDED);

	CU_ASSERT_EQUAL(c.mode, CONSOLE_DISCLAIMER);
	press(&c, "\033");
	console_session(&c, &s, NOW);
	s.state = DISPLAY_SESSION_RUNNING;
	console_session(&c, &s, NOW);
	console_advance(&c, NOW);
	CU_ASSERT_EQUAL(c.mode, CONSOLE_RUN);
	s = session_of("Grace", DISPLAY_SESSION_RUNNING);
	console_session(&c, &s, NOW);
	console_advance(&c, NOW);
	CU_ASSERT_EQUAL(c.mode, CONSOLE_DISCLAIMER);
}

static void test_first_use_without_keys(void)
{
	struct console c = first_use("anonymous");
	const struct display_session s = session_of("anonymous", DISPLAY_SESSION_IDLE);

	console_init(&c);
	c.keyless = true;
	console_state(&c, true, "", 0);
	console_session(&c, &s, NOW);
	console_advance(&c, NOW);
	CU_ASSERT_EQUAL(c.mode, CONSOLE_DISCLAIMER);
	console_advance(&c, NOW + 29999);
	CU_ASSERT_EQUAL(c.mode, CONSOLE_DISCLAIMER);
	console_advance(&c, NOW + 30000);
	CU_ASSERT_EQUAL(c.mode, CONSOLE_RUN);
}

/* A daemon that goes while it stands there has not seen it read. */
static void test_first_use_comes_back(void)
{
	struct console c = first_use("anonymous");
	const struct display_session s = session_of("anonymous", DISPLAY_SESSION_IDLE);

	console_state(&c, false, "gaitd has gone", 0);
	console_state(&c, true, "", DISPLAY_CAP_INPUT);
	console_session(&c, &s, NOW);
	console_advance(&c, NOW);
	CU_ASSERT_EQUAL(c.mode, CONSOLE_DISCLAIMER);
}

/* ---- how it looks ---- */
static char sheet[200][800];

static void look(const struct console *c, int rows, int cols, bool ascii)
{
	struct canvas canvas;

	CU_ASSERT_TRUE_FATAL(canvas_init(&canvas, rows, cols, ascii));
	view_draw(&canvas, c, NOW);
	for (int row = 0; row < rows; row++) {
		sheet[row][0] = '\0';
		for (int col = 0; col < cols; col++)
			strcat(sheet[row], canvas_at(&canvas, row, col)->text);
	}
	canvas_free(&canvas);
}

/* The row on which it stands, -1 if none */
static int row_of(const char *text, int rows)
{
	for (int row = 0; row < rows; row++)
		if (strstr(sheet[row], text))
			return row;
	return -1;
}

static void test_look_of_a_run(void)
{
	struct console c = running();
	int band;

	prompt(&c, 1, DISPLAY_LEVEL_FORM);
	look(&c, 24, 80, true);
	CU_ASSERT_EQUAL(row_of("treadmill live   foot pod live", 24), 0);
	CU_ASSERT_TRUE(row_of("##  ########      ########", 24) > 0);
	CU_ASSERT_TRUE(row_of("km/h", 24) > 0);
	CU_ASSERT_TRUE(row_of("steps a minute", 24) > 0);
	band = row_of("7 below the band", 24);
	CU_ASSERT_TRUE_FATAL(band > 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(sheet[band], "[================]"));
	CU_ASSERT_TRUE(strcspn(sheet[band], "#") < strcspn(sheet[band], "["));
	CU_ASSERT_TRUE(row_of("time 6:52", 24) > band);
	CU_ASSERT_TRUE(row_of("incline 1.0 %", 24) > band);
	CU_ASSERT_TRUE(row_of("distance 1.03 km", 24) > band);
	CU_ASSERT_TRUE(row_of("step 1.05 m", 24) > band);
	CU_ASSERT_TRUE(row_of(" FORM   Quicker, lighter beat  ", 24) > band);
	CU_ASSERT_PTR_NOT_NULL(strstr(sheet[row_of(" FORM ", 24)], " 8 s "));
	CU_ASSERT_TRUE(row_of("aim for 170 steps a minute.", 24) > band);
	CU_ASSERT_EQUAL(row_of("shortens each step", 24), -1);
	press(&c, "w");
	look(&c, 24, 80, true);
	CU_ASSERT_TRUE(row_of("shortens each step", 24) > band);
	CU_ASSERT_EQUAL(row_of("p pain   r red flag", 24), 23);
}

/* Behind the session's end, until the next one; a prompt goes before it. */
static void test_look_of_the_summary(void)
{
	struct console c = running();
	struct display_session s = session_of("anonymous", DISPLAY_SESSION_ENDED);
	struct display_summary summary = { .text = "1.03 km in 6:52. Tomorrow a walk." };

	console_session(&c, &s, NOW);
	console_summary(&c, &summary);
	look(&c, 24, 80, false);
	CU_ASSERT_TRUE(row_of("1.03 km in 6:52. Tomorrow a walk.", 24) > 0);
	prompt(&c, 1, DISPLAY_LEVEL_HABIT);
	look(&c, 24, 80, false);
	CU_ASSERT_EQUAL(row_of("Tomorrow a walk", 24), -1);
	console_clear(&c, &(struct display_clear){ 1, DISPLAY_CLEAR_EXPIRED });
	look(&c, 9, 40, false);
	CU_ASSERT_TRUE(row_of("1.03 km in 6:52.", 9) > 0);
	s.state = DISPLAY_SESSION_RUNNING;
	console_session(&c, &s, NOW);
	s.state = DISPLAY_SESSION_ENDED;
	console_session(&c, &s, NOW);
	look(&c, 24, 80, false);
	CU_ASSERT_EQUAL(row_of("Tomorrow a walk", 24), -1);
}

static void test_look_of_dynamics(void)
{
	struct console c = running();

	look(&c, 24, 80, true);
	CU_ASSERT_EQUAL(row_of("ground contact", 24), -1);
	c.metrics.dynamics[DISPLAY_DYNAMIC_GROUND_CONTACT] = 245;
	c.metrics.dynamics[DISPLAY_DYNAMIC_BALANCE] = 49.5;
	c.metrics.present |= DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMIC_GROUND_CONTACT) |
	                     DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMIC_BALANCE);
	look(&c, 24, 80, true);
	CU_ASSERT_TRUE(row_of("ground contact 245 ms   left foot 49.5 %", 24) >
	               row_of("time 6:52", 24));
	CU_ASSERT_EQUAL(row_of("oscillation", 24), -1);
}

static void test_look_of_the_band(void)
{
	static const struct {
		int cadence_spm;
		const char *words;
	} rows[] = {
		{ 164, "1 below the band" }, { 165, "in the band" },
		{ 178, "in the band" }, { 179, "1 above the band" },
		{ 20, "145 below the band" }, { 230, "52 above the band" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct console c = running();

		c.metrics.cadence_spm = rows[i].cadence_spm;
		look(&c, 24, 80, true);
		CU_ASSERT_TRUE(row_of(rows[i].words, 24) > 0);
	}
}

/* A value that is absent is not there, not held and not zero. */
static void test_look_of_what_is_absent(void)
{
	struct console c = running();

	c.link.footpod = DISPLAY_LINK_LOST;
	c.metrics.present = 0;
	look(&c, 10, 60, true);
	CU_ASSERT_TRUE(row_of("! foot pod lost", 10) == 0);
	CU_ASSERT_TRUE(row_of("-- km/h   --- steps/min", 10) > 0);
	c.has_target = false;
	look(&c, 24, 80, true);
	CU_ASSERT_TRUE(row_of("no step target yet   h: tell your height", 24) > 0);
	CU_ASSERT_TRUE(row_of("step --", 24) > 0);
}

static void test_look_of_miles(void)
{
	struct console c = running();

	c.session.miles = true;
	look(&c, 10, 80, true);
	CU_ASSERT_TRUE(row_of("6.2 mph", 10) > 0);
	CU_ASSERT_TRUE(row_of("0.64 mi", 10) > 0);
	CU_ASSERT_TRUE(row_of("3.44 ft", 10) > 0);
}

static void test_look_of_questions(void)
{
	struct console c = running();

	prompt(&c, 1, DISPLAY_LEVEL_SAFETY);
	press(&c, "r");
	look(&c, 24, 80, true);
	CU_ASSERT_TRUE(row_of("!! SAFETY !!", 24) > 0); /* stays above */
	CU_ASSERT_TRUE(row_of("5  after a fall", 24) > 0);
	CU_ASSERT_EQUAL(row_of("aim for 170", 24), -1);
	press(&c, "x?");
	look(&c, 24, 80, true);
	CU_ASSERT_TRUE(row_of("q   quit", 24) > 0);
	prompt(&c, 2, DISPLAY_LEVEL_SAFETY); /* help does not hide it */
	look(&c, 24, 80, true);
	CU_ASSERT_TRUE(row_of("!! SAFETY !!", 24) > 0);
}

static void test_look_without_daemon(void)
{
	struct console c = running();

	console_state(&c, false, "/run/gaitd/display.sock: gaitd is not running "
	              "there", 0);
	look(&c, 24, 80, true);
	CU_ASSERT_TRUE(row_of("no connection to gaitd", 24) > 0);
	CU_ASSERT_TRUE(row_of("gaitd is not running there", 24) > 0);
	CU_ASSERT_TRUE(row_of("trying again", 24) > 0);
	CU_ASSERT_EQUAL(row_of("km/h", 24), -1);
}

/* The catalogue that was built, or none */
static bool speak(const char *tag)
{
	static uint8_t bytes[CATALOGUE_MAX / 4];
	static struct catalogue catalogue;
	const char *builddir = getenv("builddir");
	char path[4096];
	FILE *file;
	size_t length;

	snprintf(path, sizeof(path), "%s/plugins/console/po/%s.mo",
	         builddir ? builddir : ".", tag);
	file = fopen(path, "r");
	if (!file)
		return false;
	length = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	CU_ASSERT_TRUE_FATAL(catalogue_open(&catalogue, bytes, length));
	words_speak(&catalogue);
	return true;
}

/* All rows, joined by one space where they were broken */
static const char *whole(int rows)
{
	static char all[sizeof(sheet)];

	all[0] = '\0';
	for (int row = 0; row < rows; row++) {
		size_t from = strspn(sheet[row], " "), end = strlen(sheet[row]);

		while (end > from && sheet[row][end - 1] == ' ')
			end--;
		if (end > from)
			snprintf(all + strlen(all), sizeof(all) - strlen(all), "%.*s ",
			         (int)(end - from), sheet[row] + from);
	}
	return all;
}

/* Word for word, as the design's page has it */
#define DISCLAIMER \
	"Running tips for healthy adults. Not a medical device and not medical " \
	"advice. If you have or had back trouble, or any illness, ask your doctor " \
	"before running. Stop and get help for severe pain, pain or numbness in a " \
	"leg, numbness between the legs, trouble with bladder or bowel, chest pain " \
	"or dizziness. Clip on the safety key. The treadmill's own stop button is " \
	"always first."

static void test_look_of_the_disclaimer(void)
{
	static const char *const tags[] = { "en", "de", "es", "fr", "ja" };
	struct console c = first_use("anonymous");

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		words_speak(NULL);
		if (i && !speak(tags[i])) {
			printf("(configured without languages) ");
			break;
		}
		look(&c, 24, 80, false);
		CU_ASSERT_PTR_NOT_NULL(strstr(whole(24), DISCLAIMER));
		CU_ASSERT_TRUE(row_of("1 English   2 Deutsch   3 Espa\xc3\xb1ol   "
		                      "4 Fran\xc3\xa7" "ais   5 \xe6\x97\xa5", 24) == 21);
	}
	words_speak(NULL);
	look(&c, 24, 80, true); /* a serial line draws no Japanese */
	CU_ASSERT_TRUE(row_of("3 Espanol   4 Francais  ", 24) == 21);
	CU_ASSERT_EQUAL(row_of("   5 ", 24), -1);
}

/* Page by page where it does not fit, and nothing is lost */
static void test_disclaimer_in_a_small_window(void)
{
	struct console c = first_use("anonymous");
	char read[4096] = "";

	for (int page = 0; page < 4; page++) {
		look(&c, 8, 60, true);
		for (int row = 1; row < 5; row++)
			strcpy(sheet[row - 1], sheet[row]);
		strcat(read, whole(4));
		press(&c, " ");
		CU_ASSERT_TRUE(row_of("space: read on", 8) == 6);
	}
	CU_ASSERT_PTR_NOT_NULL(strstr(read, DISCLAIMER));
}

/* What warns is never hidden, by the disclaimer neither. */
static void test_prompt_above_the_disclaimer(void)
{
	struct console c = first_use("anonymous");

	prompt(&c, 1, DISPLAY_LEVEL_SAFETY);
	c.metrics = running().metrics;
	look(&c, 24, 80, true);
	CU_ASSERT_TRUE(row_of("10.0 km/h   158 steps/min", 24) == 1);
	CU_ASSERT_TRUE(row_of("!! SAFETY !!", 24) == 2);
	CU_ASSERT_TRUE(row_of("aim for 170", 24) == 3);
	CU_ASSERT_PTR_NOT_NULL(strstr(whole(24), DISCLAIMER));
}

/* All of it fits a terminal of 80 columns. */
static void test_look_in_german(void)
{
	struct console c = running();

	if (!speak("de")) {
		printf("(configured without) ");
		return;
	}
	prompt(&c, 1, DISPLAY_LEVEL_SAFETY);
	strcpy(c.prompt.english.text, "It stands beneath.");
	look(&c, 24, 80, true);
	CU_ASSERT_EQUAL(row_of("Laufband da   Schuhsensor da", 24), 0);
	CU_ASSERT_TRUE(row_of("7 unter dem Ziel", 24) > 0);
	CU_ASSERT_TRUE(row_of("Schritte pro Minute", 24) > 0);
	CU_ASSERT_TRUE(row_of("Strecke 1.03 km", 24) > 0);
	CU_ASSERT_TRUE(row_of("!! SICHERHEIT !!", 24) > 0);
	CU_ASSERT_EQUAL(row_of("It stands beneath.", 24), row_of("aim for 170", 24) + 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(sheet[23], "w warum  ? Tasten  q Ende"));
	press(&c, "r");
	look(&c, 24, 80, true);
	CU_ASSERT_TRUE(row_of("5  nach einem Sturz", 24) > 0);
	press(&c, "1");
	CU_ASSERT_STRING_EQUAL(c.note, "Warnzeichen gemeldet.");
	c.session.state = DISPLAY_SESSION_IDLE;
	look(&c, 24, 80, true);
	CU_ASSERT_EQUAL(row_of("bereit: Band starten", 24), 0);
	words_speak(NULL);
	look(&c, 24, 80, true);
	CU_ASSERT_EQUAL(row_of("ready: start the belt", 24), 0);
}

/* What is said about the band stands whole beside it, in every language. */
static void test_look_in_every_language(void)
{
	static const char *const tags[] = { "de", "es", "fr", "ja" };

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		struct console c = running();
		char band[VALUES_WORDS];

		if (!speak(tags[i]))
			break;
		look(&c, 24, 80, false);
		values_band(band, &c);
		CU_ASSERT_TRUE(row_of(band, 24) > 0);
		for (c.mode = CONSOLE_HELP; c.mode <= CONSOLE_LANGUAGE; c.mode++) {
			const char *const *lines = dialogue_question(c.mode);

			look(&c, 24, 80, false);
			for (; lines && *lines; lines++)
				CU_ASSERT_TRUE(!**lines || row_of(words_of(*lines), 24) > 0);
		}
	}
	words_speak(NULL);
}

/* No size is too small, and the headline is among the last to go. */
static void test_look_at_any_size(void)
{
	struct console c = running();

	prompt(&c, 1, DISPLAY_LEVEL_SAFETY);
	for (int rows = 1; rows < 60; rows++)
		for (int cols = 1; cols < 200; cols += cols < 30 ? 1 : 13) {
			look(&c, rows, cols, rows & 1);
			CU_ASSERT_TRUE(rows < 4 || cols < 48 ||
			               row_of("Quicker, lighter beat", rows) > 0);
		}
	for (c.mode = CONSOLE_HELP; c.mode <= CONSOLE_LANGUAGE; c.mode++)
		for (int rows = 1; rows < 30; rows++)
			look(&c, rows, rows * 3, false);
}

static void test_canvas_characters(void)
{
	struct canvas canvas;

	CU_ASSERT_TRUE_FATAL(canvas_init(&canvas, 2, 6, false));
	CU_ASSERT_EQUAL(canvas_width("\xe8\x85\xb0x"), 3);
	CU_ASSERT_EQUAL(canvas_text(&canvas, 0, 1, CANVAS_TEXT, "\xe8\x85\xb0x"), 4);
	CU_ASSERT_STRING_EQUAL(canvas_at(&canvas, 0, 1)->text, "\xe8\x85\xb0");
	CU_ASSERT_STRING_EQUAL(canvas_at(&canvas, 0, 2)->text, "");
	CU_ASSERT_STRING_EQUAL(canvas_at(&canvas, 0, 3)->text, "x");
	canvas_text(&canvas, 1, 0, CANVAS_TEXT, "\x1b[\xff"); /* no commands */
	CU_ASSERT_STRING_EQUAL(canvas_at(&canvas, 1, 0)->text, "?");
	CU_ASSERT_STRING_EQUAL(canvas_at(&canvas, 1, 2)->text, "?");
	canvas_text(&canvas, 0, 5, CANVAS_TEXT, "\xe8\x85\xb0"); /* no half one */
	CU_ASSERT_STRING_EQUAL(canvas_at(&canvas, 0, 5)->text, " ");
	CU_ASSERT_PTR_NULL(canvas_at(&canvas, 0, 6));
	CU_ASSERT_PTR_NULL(canvas_at(&canvas, -1, 0));
	canvas_free(&canvas);
}

/* A terminal of ASCII alone: letters lose their marks and nothing moves. */
static void test_canvas_ascii(void)
{
	struct canvas canvas;

	CU_ASSERT_TRUE_FATAL(canvas_init(&canvas, 1, 12, true));
	canvas_text(&canvas, 0, 0, CANVAS_TEXT, "\xc3\xbc\xc3\x9f\xc3\xa9\xc3\xb1"
	            "\xc2\xbf\xc5\x93\xc3\x80\xc3\xbf\xe8\x85\xb0z");
	for (int col = 0; col < 8; col++)
		CU_ASSERT_EQUAL(canvas_at(&canvas, 0, col)->text[0], "usen?oAy"[col]);
	CU_ASSERT_STRING_EQUAL(canvas_at(&canvas, 0, 8)->text, "?");
	CU_ASSERT_STRING_EQUAL(canvas_at(&canvas, 0, 10)->text, "z");
	CU_ASSERT_FALSE(canvas_can_draw(&canvas, "\xe8\x85\xb0"));
	CU_ASSERT_TRUE(canvas_can_draw(&canvas, "Espa\xc3\xb1ol"));
	canvas_free(&canvas);
}

static void test_canvas_words(void)
{
	struct canvas canvas;

	CU_ASSERT_TRUE_FATAL(canvas_init(&canvas, 4, 12, true));
	CU_ASSERT_EQUAL(canvas_words(&canvas, 0, 0, 10, 4, CANVAS_TEXT,
	                             "slower now, letsgofurther on"), 4);
	CU_ASSERT_STRING_EQUAL(canvas_at(&canvas, 1, 0)->text, "n");
	CU_ASSERT_STRING_EQUAL(canvas_at(&canvas, 2, 9)->text, "t");
	CU_ASSERT_STRING_EQUAL(canvas_at(&canvas, 3, 0)->text, "h");
	canvas_free(&canvas);
}

static void test_big_digits(void)
{
	static const char *const picture[] = {
		"######      ##  ######  ######          ######  ",
		"##  ##      ##      ##      ##  ##  ##  ##      ",
		"##  ##      ##  ######  ######  ######  ######  ",
		"##  ##      ##  ##          ##      ##      ##  ",
		"######      ##  ######  ######      ##  ######  ",
	};
	struct canvas canvas;

	CU_ASSERT_EQUAL(canvas_big_width("012345", 1), 46);
	CU_ASSERT_EQUAL(canvas_big_width("10.0", 2), 32);
	CU_ASSERT_TRUE_FATAL(canvas_init(&canvas, 5, 48, true));
	canvas_big(&canvas, 0, 0, 1, CANVAS_TEXT, "012345");
	for (int row = 0; row < 5; row++)
		for (int col = 0; col < 48; col++) {
			bool four_top = row == 0 && col >= 32 && col < 38;

			CU_ASSERT_TRUE(four_top ||
			               canvas_at(&canvas, row, col)->text[0] ==
			                       picture[row][col]);
		}
	canvas_free(&canvas);
}

/* ---- off a terminal ---- */
static void print_all(struct plain *plain, const struct console *c,
                      uint64_t now_ms, time_t wall)
{
	plain_print(plain, c, now_ms, wall);
	plain_metrics(plain, c, now_ms, wall);
}

static void test_plain_lines(void)
{
	struct console c;
	struct plain plain;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	const struct display_clear clear = { 1, DISPLAY_CLEAR_ACKNOWLEDGED };

	setenv("TZ", "UTC", 1);
	plain_init(&plain, out);
	console_init(&c);
	print_all(&plain, &c, NOW, 0);
	c = running();
	print_all(&plain, &c, NOW, 1);
	c.mode = CONSOLE_DISCLAIMER;
	print_all(&plain, &c, NOW, 2);
	print_all(&plain, &c, NOW, 3);
	c.session.elapsed_s++;
	c.metrics.cadence_spm = 170;
	print_all(&plain, &c, NOW + 9999, 10); /* metrics: too soon */
	print_all(&plain, &c, NOW + 10000, 11);
	print_all(&plain, &c, NOW + 30000, 31); /* nothing is new */
	prompt(&c, 1, DISPLAY_LEVEL_FORM);
	print_all(&plain, &c, NOW, 32);
	print_all(&plain, &c, NOW, 33);
	plain_clear(&plain, &clear, 34);
	c.link.footpod = DISPLAY_LINK_LOST;
	c.session.state = DISPLAY_SESSION_ENDED;
	print_all(&plain, &c, NOW + 30000, 35);
	console_summary(&c, &(struct display_summary){ .text = "1.03 km in 6:52." });
	print_all(&plain, &c, NOW + 30000, 35);
	print_all(&plain, &c, NOW + 30000, 35);
	console_state(&c, false, "gaitd has gone", 0);
	print_all(&plain, &c, NOW + 30000, 36);
	fclose(out);
	CU_ASSERT_STRING_EQUAL(text,
		"00:00:00 gaitd: no connection: looking for gaitd; trying again\n"
		"00:00:01 gaitd: connected\n"
		"00:00:01 link: treadmill live, foot pod live\n"
		"00:00:01 session: running, 0:00, 0.00 km, runner anonymous\n"
		"00:00:01 target: 165 to 178 steps/min\n"
		"00:00:01 metrics: 10.0 km/h, incline 1.0 %, 158 steps/min "
		"(7 below the band), step 1.05 m, running\n"
		"00:00:02 disclaimer: " DISCLAIMER "\n"
		"00:00:11 metrics: 10.0 km/h, incline 1.0 %, 170 steps/min "
		"(in the band), step 1.05 m, running\n"
		"00:00:32 prompt: FORM: Quicker, lighter beat (8 s): Quicker, "
		"lighter beat: aim for 170 steps a minute.\n"
		"00:00:34 clear: acknowledged\n"
		"00:00:35 link: treadmill live, foot pod lost\n"
		"00:00:35 session: ended, 0:01, 0.00 km, runner anonymous\n"
		"00:00:35 summary: 1.03 km in 6:52.\n"
		"00:00:36 gaitd: no connection: gaitd has gone; trying again\n");
	free(text);
}

static CU_TestInfo tests[] = {
	{ "keys: what they send", test_keys },
	{ "keys: of a prompt", test_keys_of_a_prompt },
	{ "keys: without daemon or grant", test_keys_without_daemon_or_grant },
	{ "a prompt leaves in time", test_prompt_leaves_in_time },
	{ "no countdown of a prompt that waits to be acknowledged",
	  test_no_countdown_of_a_lock },
	{ "nothing is kept of a daemon gone", test_nothing_is_kept_of_a_daemon_gone },
	{ "first use: asks, and tells the answers", test_first_use_asks },
	{ "first use: can be skipped", test_first_use_is_skipped },
	{ "first use: the next runner's", test_first_use_of_the_next_runner },
	{ "first use: of one who is known", test_first_use_of_one_who_is_known },
	{ "first use: without keys", test_first_use_without_keys },
	{ "first use: comes back", test_first_use_comes_back },
	{ "look: a run at 80x24", test_look_of_a_run },
	{ "look: the summary of a run", test_look_of_the_summary },
	{ "look: Running Dynamics, where a pod sends them", test_look_of_dynamics },
	{ "look: the band", test_look_of_the_band },
	{ "look: what is absent", test_look_of_what_is_absent },
	{ "look: miles", test_look_of_miles },
	{ "look: questions, help", test_look_of_questions },
	{ "look: without daemon", test_look_without_daemon },
	{ "look: any size", test_look_at_any_size },
	{ "canvas: wide, odd and hostile characters", test_canvas_characters },
	{ "canvas: words", test_canvas_words },
	{ "canvas: big digits", test_big_digits },
	{ "canvas: ASCII alone", test_canvas_ascii },
	{ "look: the disclaimer, in every language", test_look_of_the_disclaimer },
	{ "look: the disclaimer in a small window", test_disclaimer_in_a_small_window },
	{ "look: a prompt above the disclaimer", test_prompt_above_the_disclaimer },
	{ "look: in German", test_look_in_german },
	{ "look: in every language", test_look_in_every_language },
	{ "plain lines", test_plain_lines },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77;
	return suite_run("terminal", tests);
}
