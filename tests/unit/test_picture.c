/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The framebuffer console without a screen: its pictures, in three sizes. With
 * PICTURES=DIRECTORY they are kept there, for somebody to look at.
 */
#include "config.h"
#include "plugins/console/console.h"
#include "plugins/console/words.h"
#include "plugins/drm/picture.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1000000u /* ms */

static const struct size {
	int width, height;
} sizes[] = { { 800, 480 }, { 1280, 800 }, { 1920, 1080 } };
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static const char *const tags[] = { "en", "de", "es", "fr", "ja" };
#define TAGS (sizeof(tags) / sizeof(tags[0]))

static struct console running(void)
{
	struct console c;

	console_init(&c);
	console_state(&c, true, "", DISPLAY_CAP_INPUT | DISPLAY_CAP_METRICS);
	c.has_link = c.has_session = c.has_target = true;
	c.link = (struct display_link){ DISPLAY_LINK_LIVE, DISPLAY_LINK_LIVE };
	c.session.state = DISPLAY_SESSION_RUNNING;
	c.greeted = true;
	c.target = (struct display_target){ 165, 178 };
	c.metrics = (struct display_metrics){
		.present = DISPLAY_SPEED | DISPLAY_INCLINE | DISPLAY_CADENCE |
		           DISPLAY_STEP | DISPLAY_DISTANCE | DISPLAY_ELAPSED | DISPLAY_GAIT,
		.speed_kmh = 10, .incline_pct = 1, .cadence_spm = 158, .step_m = 1.05,
		.distance_m = 1030, .elapsed_s = 412, .gait = DISPLAY_GAIT_RUN,
	};
	return c;
}

static void prompt(struct console *c, enum display_level level)
{
	struct display_prompt p = { .id = 1, .level = level, .ttl_ms = 8000 };

	strcpy(p.headline, "Quicker, lighter beat: 170 spm"); /* 30 columns */
	strcpy(p.text, "Quicker, lighter beat: aim for 170 steps a minute from now."); /* 60 */
	console_prompt(c, &p, NOW);
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

	words_speak(NULL);
	if (strcmp(tag, "en") == 0)
		return true;
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

/* ---- a picture, and what is seen on it ---- */
static cairo_surface_t *surface;
static struct size seen;

static void draw(const struct console *c, struct size size, const char *name)
{
	const char *directory = getenv("PICTURES");
	char path[4096];
	cairo_t *cr;

	if (surface)
		cairo_surface_destroy(surface);
	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, size.width, size.height);
	seen = size;
	cr = cairo_create(surface);
	picture_draw(cr, size.width, size.height, c, NOW);
	CU_ASSERT_EQUAL(cairo_status(cr), CAIRO_STATUS_SUCCESS);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	if (!directory || !name)
		return;
	snprintf(path, sizeof(path), "%s/%s-%dx%d.png", directory, name, size.width,
	         size.height);
	CU_ASSERT_EQUAL(cairo_surface_write_to_png(surface, path), CAIRO_STATUS_SUCCESS);
}

static uint32_t pixel(int x, int y)
{
	const unsigned char *row = cairo_image_surface_get_data(surface) +
	                           (size_t)y * (size_t)cairo_image_surface_get_stride(surface);
	uint32_t value;

	memcpy(&value, row + (size_t)x * 4, sizeof(value));
	return value & 0xffffff;
}

/* Of the whole picture: the share of a colour, and the rows that it reaches */
struct spread {
	double share;
	int top, bottom;
};

static struct spread spread_within(enum picture_colour colour, double left, double top,
                                   double right, double bottom)
{
	struct spread s = { 0, -1, -1 };

	for (int y = (int)(top * seen.height); y < (int)(bottom * seen.height); y++)
		for (int x = (int)(left * seen.width); x < (int)(right * seen.width); x++) {
			if (pixel(x, y) != picture_colours[colour])
				continue;
			s.share += 1.0 / seen.width / seen.height;
			s.top = s.top < 0 ? y : s.top;
			s.bottom = y;
		}
	return s;
}

static struct spread spread_of(enum picture_colour colour)
{
	return spread_within(colour, 0, 0, 1, 1);
}

/* ---- contrast, as WCAG 2 measures it ---- */
static double luminance(uint32_t colour)
{
	static const double shares[] = { 0.0722, 0.7152, 0.2126 };
	double sum = 0;

	for (int i = 0; i < 3; i++, colour >>= 8) {
		double c = (colour & 0xff) / 255.0;

		sum += shares[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double contrast(enum picture_colour a, enum picture_colour b)
{
	double la = luminance(picture_colours[a]), lb = luminance(picture_colours[b]);

	return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

static void test_contrast(void)
{
	static const enum picture_colour letters[] = {
		PICTURE_TEXT, PICTURE_FAINT, PICTURE_GOOD, PICTURE_CARE,
	};

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		CU_ASSERT_TRUE(contrast(letters[i], PICTURE_GROUND) >= 7);
	for (int level = 0; level <= DISPLAY_LEVEL_SAFETY; level++) {
		struct picture_bar bar = picture_bar_of((enum display_level)level);

		CU_ASSERT_TRUE(contrast(bar.bar, bar.words) >= 7);
	}
}

/* ---- what is drawn ---- */
static void test_main_number_is_large(void)
{
	struct console c = running();

	c.metrics.cadence_spm = 170; /* in the band: the digits have a colour of their own */
	for (size_t i = 0; i < SIZES; i++) {
		struct spread digits;

		draw(&c, sizes[i], "run");
		digits = spread_within(PICTURE_GOOD, 0, 0.08, 0.6, 0.33);
		CU_ASSERT_TRUE((digits.bottom - digits.top) >= 149 * seen.height / 800);
		CU_ASSERT_TRUE(digits.share > 0.02);
	}
}

static void test_levels_have_shapes(void)
{
	static unsigned char shapes[DISPLAY_LEVEL_SAFETY + 1][64 * 64];

	for (int level = 0; level <= DISPLAY_LEVEL_SAFETY; level++) {
		struct picture_bar bar = picture_bar_of((enum display_level)level);
		struct console c = running();
		char name[32];

		prompt(&c, (enum display_level)level);
		snprintf(name, sizeof(name), "level-%s",
		         display_level_name((enum display_level)level));
		draw(&c, sizes[1], name);
		CU_ASSERT_TRUE(spread_within(bar.bar, 0, 0.63, 1, 0.75).share > 0.08);
		for (int i = 0; i < 64 * 64; i++)
			shapes[level][i] = pixel(24 + i % 64, 524 + i / 64) ==
			                   picture_colours[bar.words];
		for (int other = 0; other < level; other++)
			CU_ASSERT_NOT_EQUAL(memcmp(shapes[level], shapes[other],
			                           sizeof(shapes[level])), 0);
	}
}

static void test_prompt_comes_and_goes(void)
{
	struct console c = running();

	for (size_t i = 0; i < SIZES; i++) {
		c.has_prompt = false;
		draw(&c, sizes[i], NULL);
		CU_ASSERT_TRUE(spread_of(PICTURE_ALARM).share == 0);
		prompt(&c, DISPLAY_LEVEL_SAFETY);
		draw(&c, sizes[i], NULL);
		CU_ASSERT_TRUE(spread_of(PICTURE_ALARM).share > 0.08);
		console_advance(&c, NOW + 8000);
		draw(&c, sizes[i], NULL);
		CU_ASSERT_TRUE(spread_of(PICTURE_ALARM).share == 0);
	}
}

/* Absent is absent: nothing of the band's colour is left of a cadence gone */
static void test_summary(void)
{
	struct console c = running();
	const struct display_summary summary = {
		.text = "4.00 km in 20:00. Your beat was in its band for 78 % of the run. "
		        "Run or rest as you like. Up to 8.80 km is in range.",
	};

	for (size_t i = 0; i < SIZES; i++) {
		c.session.state = DISPLAY_SESSION_ENDED;
		console_summary(&c, &summary);
		draw(&c, sizes[i], "summary");
		CU_ASSERT_TRUE(spread_within(PICTURE_TEXT, 0, 0.635, 1, 1).share > 0.001);
		c.session.state = DISPLAY_SESSION_RUNNING;
		draw(&c, sizes[i], NULL);
		CU_ASSERT_EQUAL(spread_within(PICTURE_TEXT, 0, 0.635, 1, 1).share, 0);
	}
}

static void test_absent(void)
{
	struct console c = running();

	c.metrics.present = 0;
	c.link = (struct display_link){ DISPLAY_LINK_LOST, DISPLAY_LINK_SEARCHING };
	draw(&c, sizes[1], "absent");
	CU_ASSERT_TRUE(spread_within(PICTURE_GOOD, 0, 0.08, 1, 0.36).share == 0);
	CU_ASSERT_TRUE(spread_within(PICTURE_CARE, 0, 0, 1, 0.08).share > 0.001);
	console_state(&c, false, "/run/gaitd/display.sock: gaitd is not running there", 0);
	draw(&c, sizes[1], "alone");
	CU_ASSERT_TRUE(spread_of(PICTURE_GOOD).share == 0);
	CU_ASSERT_TRUE(spread_of(PICTURE_TEXT).share > 0.002);
}

/* In each language and size all ends above the lower edge. */
static void test_disclaimer(void)
{
	struct console c = running();

	c.mode = CONSOLE_DISCLAIMER;
	for (size_t t = 0; t < TAGS; t++) {
		char name[32];

		if (!speak(tags[t]))
			break;
		snprintf(name, sizeof(name), "first-%s", tags[t]);
		for (size_t i = 0; i < SIZES; i++) {
			c.has_prompt = i == 1;
			if (c.has_prompt)
				prompt(&c, DISPLAY_LEVEL_SAFETY);
			draw(&c, sizes[i], name);
			CU_ASSERT_TRUE(spread_of(PICTURE_TEXT).share > 0.03);
			CU_ASSERT_TRUE(spread_within(PICTURE_TEXT, 0, 0.985, 1, 1).share == 0);
		}
	}
	words_speak(NULL);
}

static void test_questions_and_translations(void)
{
	struct console c = running();

	for (c.mode = CONSOLE_PAIN; c.mode <= CONSOLE_LANGUAGE; c.mode++)
		if (c.mode != CONSOLE_DISCLAIMER && c.mode != CONSOLE_HELP) {
			draw(&c, sizes[0], NULL);
			CU_ASSERT_TRUE(spread_within(PICTURE_TEXT, 0, 0.63, 1, 1).share > 0.005);
		}
	c.mode = CONSOLE_RUN;
	prompt(&c, DISPLAY_LEVEL_SAFETY);
	strcpy(c.prompt.headline, "\xe6\xad\xa9\xe3\x81\x84\xe3\x81\xa6\xe6\xad\xa2\xe3\x81\xbe"
	                          "\xe3\x82\x8b");
	strcpy(c.prompt.text, "\xe3\x82\x86\xe3\x81\xa3\xe3\x81\x8f\xe3\x82\x8a\xe6\xad\xa9"
	                      "\xe3\x81\x84\xe3\x81\xa6\xe3\x80\x81\xe6\xad\xa2\xe3\x81\xbe"
	                      "\xe3\x82\x8a\xe3\x81\xbe\xe3\x81\x97\xe3\x82\x87\xe3\x81\x86");
	strcpy(c.prompt.english.text, "Slow to a walk, then end here. Well done for noticing.");
	if (speak("ja"))
		draw(&c, sizes[0], "japanese");
	words_speak(NULL);
	CU_ASSERT_TRUE(spread_within(PICTURE_FAINT, 0, 0.76, 1, 1).share > 0.002); /* English */
}

/* No size, number or word breaks it. */
static void test_any_size(void)
{
	struct console c = running();

	prompt(&c, DISPLAY_LEVEL_LOAD);
	memset(c.prompt.text, 'W', sizeof(c.prompt.text) - 1);
	memset(c.prompt.headline, '\xff', sizeof(c.prompt.headline) - 1);
	c.metrics.cadence_spm = -1;
	for (int i = 1; i < 2000; i = i * 3 + 1) {
		draw(&c, (struct size){ i, 100 }, NULL);
		draw(&c, (struct size){ 100, i }, NULL);
	}
}

static CU_TestInfo tests[] = {
	{ "contrast of 7 : 1", test_contrast },
	{ "the main number is large", test_main_number_is_large },
	{ "levels have shapes of their own", test_levels_have_shapes },
	{ "a prompt comes and goes", test_prompt_comes_and_goes },
	{ "the summary, until the next run", test_summary },
	{ "what is absent", test_absent },
	{ "the disclaimer, in every language and size", test_disclaimer },
	{ "questions, and a translation with its English", test_questions_and_translations },
	{ "any size", test_any_size },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	int status = suite_run("picture", tests);

	if (surface)
		cairo_surface_destroy(surface);
	picture_end();
	return status;
}
