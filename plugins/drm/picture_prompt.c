/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The lower part: the prompt, what is asked in its place, the first use.
 */
#include "plugins/console/dialogue.h"
#include "plugins/console/values.h"
#include "plugins/console/words.h"
#include "plugins/drm/picture_parts.h"

#include <stdio.h>
#include <string.h>

#define BAR 12.0 /* units high */

struct picture_bar picture_bar_of(enum display_level level)
{
	static const struct picture_bar bars[] = {
		[DISPLAY_LEVEL_SYSTEM] = { PICTURE_FAINT, PICTURE_GROUND },
		[DISPLAY_LEVEL_PRAISE] = { PICTURE_GOOD, PICTURE_GROUND },
		[DISPLAY_LEVEL_HABIT] = { PICTURE_FAINT, PICTURE_GROUND },
		[DISPLAY_LEVEL_FORM] = { PICTURE_CARE, PICTURE_GROUND },
		[DISPLAY_LEVEL_LOAD] = { PICTURE_CARE, PICTURE_GROUND },
		[DISPLAY_LEVEL_SAFETY] = { PICTURE_ALARM, PICTURE_TEXT },
	};

	return bars[level];
}

/* Icon, level and seconds on one row, the headline on the other; returns the y
 * after it */
static double draw_bar(const struct picture *p, double top)
{
	const struct display_prompt *prompt = &p->console->prompt;
	struct picture_bar colours = picture_bar_of(prompt->level);
	double u = p->unit, high = BAR * u, x = 3 * u, words;
	char left[24];

	picture_colour(p->cr, colours.bar);
	cairo_rectangle(p->cr, 0, top, p->width, high);
	cairo_fill(p->cr);
	picture_level_icon(p->cr, x + 4 * u, top + high / 2, 8 * u, prompt->level, colours);
	picture_colour(p->cr, colours.words);
	words = picture_text(p->cr, x + 10 * u, top + high * 0.62, p->width * 0.24, 4 * u,
	                     values_level(prompt->level));
	console_time_left(p->console, p->now_ms, left, sizeof(left));
	picture_text_right(p->cr, p->width - 3 * u, top + high * 0.62, 5 * u, left);
	picture_text(p->cr, words + 3 * u, top + high * 0.66,
	             p->width - words - 18 * u, 7 * u, prompt->headline);
	return top + high;
}

/* The largest size of text, from `size` down, that ends above `end` */
static double fitting(const struct picture *p, double top, double end, double size,
                      const char *first, const char *second)
{
	double width = p->width - 6 * p->unit;

	while (size > p->unit) {
		double y = picture_words(p->cr, 0, top, width, size, first, false);

		y = picture_words(p->cr, 0, y + size / 2, width, size * 0.8, second, false);
		if (y <= end)
			break;
		size *= 0.94;
	}
	return size;
}

static void two_texts(const struct picture *p, double top, double end, double size,
                      const char *first, const char *second)
{
	double x = 3 * p->unit, width = p->width - 2 * x, y;

	size = fitting(p, top, end, size, first, second);
	picture_colour(p->cr, PICTURE_TEXT);
	y = picture_words(p->cr, x, top, width, size, first, true);
	picture_colour(p->cr, PICTURE_FAINT);
	picture_words(p->cr, x, y + size / 2, width, size * 0.8, second, true);
}

void picture_prompt(const struct picture *p, double top, double end)
{
	const struct display_prompt *prompt = &p->console->prompt;
	const char *beneath = p->console->show_why && prompt->why[0] ? prompt->why :
	                                                               prompt->english.text;

	top = draw_bar(p, top) + p->unit;
	two_texts(p, top, end - p->unit, 6.5 * p->unit, prompt->text, beneath);
}

void picture_summary(const struct picture *p, double top, double end)
{
	two_texts(p, top + p->unit, end - p->unit, 6.5 * p->unit, p->console->summary.text,
	          "");
}

/* ---- what the keys are asked ---- */
static double draw_line(const struct picture *p, double y, const char *words)
{
	double size = 4.2 * p->unit;

	picture_text(p->cr, 3 * p->unit, y + size, p->width - 6 * p->unit, size, words);
	return y + size * PICTURE_ROW;
}

static double draw_languages(const struct picture *p, double y)
{
	double u = p->unit, x = 3 * u;

	for (int i = 0; i < DIALOGUE_LANGUAGES; i++) {
		char words[48];

		snprintf(words, sizeof(words), "%d", i + 1);
		x = picture_text(p->cr, x, y + 4.2 * u, p->width, 4.2 * u, words) + u;
		x = picture_text(p->cr, x, y + 4.2 * u, p->width, 4.2 * u,
		                 dialogue_languages[i].name) + 4 * u;
	}
	return y + 4.2 * u * PICTURE_ROW;
}

void picture_question(const struct picture *p, double top, double end)
{
	const char *const *lines = dialogue_question(p->console->mode);
	char height[128];

	if (p->console->has_prompt)
		top = draw_bar(p, top);
	picture_colour(p->cr, PICTURE_TEXT);
	top += p->unit;
	for (; lines && *lines && top < end; lines++)
		top = draw_line(p, top, **lines ? _(*lines) : "");
	if (p->console->mode == CONSOLE_HEIGHT) {
		dialogue_height(p->console, height, sizeof(height));
		top = draw_line(p, top, height);
		draw_line(p, top, dialogue_height_keys());
	} else if (p->console->mode == CONSOLE_LANGUAGE) {
		draw_languages(p, top);
	}
}

/* ---- the first use ---- */
void picture_disclaimer(const struct picture *p, double top, double end)
{
	const char *said = _(dialogue_disclaimer);
	bool translated = strcmp(said, dialogue_disclaimer) != 0;

	if (p->console->has_prompt)
		top = draw_bar(p, top);
	if (!p->console->keyless) {
		end -= 13.5 * p->unit;
		picture_colour(p->cr, PICTURE_TEXT);
		draw_line(p, draw_languages(p, end), dialogue_understood());
	}
	two_texts(p, top + p->unit, end - p->unit, 5.5 * p->unit, said,
	          translated ? dialogue_disclaimer : "");
}
