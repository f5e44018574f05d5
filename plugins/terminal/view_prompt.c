/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The lower half of the screen: the prompt, and what the keys are asked.
 */
#include "plugins/console/dialogue.h"
#include "plugins/console/values.h"
#include "plugins/console/words.h"
#include "plugins/terminal/view.h"
#include "plugins/terminal/view_parts.h"

#include <stdio.h>
#include <string.h>

static enum canvas_style bar_style(enum display_level level)
{
	static const enum canvas_style styles[] = {
		[DISPLAY_LEVEL_SYSTEM] = CANVAS_BAR,
		[DISPLAY_LEVEL_PRAISE] = CANVAS_PRAISE,
		[DISPLAY_LEVEL_HABIT] = CANVAS_BAR,
		[DISPLAY_LEVEL_FORM] = CANVAS_BAR,
		[DISPLAY_LEVEL_LOAD] = CANVAS_BAR,
		[DISPLAY_LEVEL_SAFETY] = CANVAS_ALARM,
	};

	return styles[level];
}

void view_bar(struct canvas *canvas, const struct console *c, int row,
              uint64_t now_ms)
{
	const struct display_prompt *p = &c->prompt;
	enum canvas_style style = bar_style(p->level);
	char left[32];
	int col;

	canvas_fill(canvas, row, 0, canvas->cols, style, " ");
	snprintf(left, sizeof(left), " %s%s%s ",
	         p->level == DISPLAY_LEVEL_SAFETY ? "!! " : "",
	         values_level(p->level),
	         p->level == DISPLAY_LEVEL_SAFETY ? " !!" : "");
	col = canvas_text(canvas, row, 0, style, left);
	canvas_text(canvas, row, col + 2, style, p->headline);
	console_time_left(c, now_ms, left, sizeof(left));
	canvas_text(canvas, row, canvas->cols - canvas_width(left) - 1, style, left);
}

static void prompt_keys(const struct display_prompt *p, char *out, size_t size)
{
	size_t length = 0;

	out[0] = '\0';
	if (p->ask.kind == DISPLAY_ASK_SCALE)
		snprintf(out, size, _("answer: %d to %d, t is 10"), (int)p->ask.minimum,
		         (int)p->ask.maximum);
	for (size_t i = 0; i < p->ask.choice_count && length < size; i++)
		length += (size_t)snprintf(out + length, size - length,
		                           "%s%zu %s", i ? "    " : "", i + 1,
		                           p->ask.choices[i].text);
	if (!out[0])
		snprintf(out, size, "%s%s%s", p->ack ? _("a understood") : "",
		         p->ack && p->why[0] ? "    " : "",
		         p->why[0] ? _("w why?") : "");
}

/* What stands beneath the bar */
static void draw_prompt(struct canvas *canvas, const struct console *c, int row,
                        int end)
{
	const struct display_prompt *p = &c->prompt;
	char keys[256];

	if (row + 3 < end)
		row++;
	row += canvas_words(canvas, row, 2, canvas->cols - 4, end - row,
	                    CANVAS_STRONG, p->text);
	if (p->english.text[0]) /* the translation is not reviewed */
		row += canvas_words(canvas, row, 2, canvas->cols - 4, end - row,
		                    CANVAS_TEXT, p->english.text);
	if (c->show_why && p->why[0]) {
		canvas_words(canvas, row, 2, canvas->cols - 4, end - row,
		             CANVAS_TEXT, p->why);
		return;
	}
	prompt_keys(p, keys, sizeof(keys));
	if (row < end)
		canvas_text(canvas, row, 2, CANVAS_FAINT, keys);
}

void view_lines(struct canvas *canvas, int row, int end, const char *const *lines)
{
	for (; *lines && row < end; lines++)
		row += **lines ? canvas_words(canvas, row, 2, canvas->cols - 2, end - row,
		                              CANVAS_TEXT, _(*lines)) : 1;
}

static void draw_height(struct canvas *canvas, const struct console *c, int row)
{
	char line[128];

	dialogue_height(c, line, sizeof(line));
	canvas_text(canvas, row, 2, CANVAS_STRONG, line);
	canvas_text(canvas, row + 2, 2, CANVAS_FAINT,
	            dialogue_height_keys());
}

static void draw_languages(struct canvas *canvas, int row)
{
	canvas_text(canvas, row, 2, CANVAS_STRONG, _("Which language?"));
	view_languages(canvas, row + 2);
	canvas_text(canvas, row + 3, 2, CANVAS_FAINT, _("Enter: no answer   Esc: leave"));
}

/* The question takes the text's place; a prompt's bar stays above it. */
void view_lower(struct canvas *canvas, const struct console *c, int row, int end,
                uint64_t now_ms)
{
	const char *const *lines = dialogue_question(c->mode);

	if (c->has_prompt)
		view_bar(canvas, c, row, now_ms);
	row += c->has_prompt;
	if (c->mode == CONSOLE_HEIGHT)
		draw_height(canvas, c, row);
	else if (c->mode == CONSOLE_LANGUAGE)
		draw_languages(canvas, row);
	else if (lines)
		view_lines(canvas, row, end, lines);
	else if (c->has_prompt)
		draw_prompt(canvas, c, row, end);
	else if (console_shows_summary(c))
		canvas_words(canvas, row, 2, canvas->cols - 4, end - row, CANVAS_STRONG,
		             c->summary.text);
}
