/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The lower half of the screen: the prompt, and what the keys are asked.
 */
#include "plugins/terminal/view.h"
#include "plugins/terminal/view_parts.h"
#include "plugins/terminal/words.h"

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

static void prompt_bar(struct canvas *canvas, const struct console *c, int row,
                       uint64_t now_ms)
{
	const struct display_prompt *p = &c->prompt;
	enum canvas_style style = bar_style(p->level);
	char left[32];
	int col;

	canvas_fill(canvas, row, 0, canvas->cols, style, " ");
	snprintf(left, sizeof(left), " %s%s%s ",
	         p->level == DISPLAY_LEVEL_SAFETY ? "!! " : "",
	         view_level(p->level),
	         p->level == DISPLAY_LEVEL_SAFETY ? " !!" : "");
	col = canvas_text(canvas, row, 0, style, left);
	canvas_text(canvas, row, col + 2, style, p->headline);
	snprintf(left, sizeof(left), " %u s ", console_seconds_left(c, now_ms));
	canvas_text(canvas, row, canvas->cols - canvas_width(left), style, left);
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

static void draw_prompt(struct canvas *canvas, const struct console *c, int row,
                        int end, uint64_t now_ms)
{
	const struct display_prompt *p = &c->prompt;
	char keys[256];

	prompt_bar(canvas, c, row++, now_ms);
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
	for (; *lines && row < end; lines++, row++)
		if (**lines)
			canvas_text(canvas, row, 2, CANVAS_TEXT, _(*lines));
}

static const char *const *question(const struct console *c)
{
	static const char *const pain[] = {
		N_("How much does your back hurt?   0 not at all   10 worst"),
		"", N_("press 0 to 9, or t for 10; any other key: back"), NULL,
	};
	static const char *const red_flag[] = {
		N_("Red flag: which one?   (any other key: back)"),
		N_("  1  pain shoots down a leg"), N_("  2  a leg is numb or weak"),
		N_("  3  numb saddle, bladder or bowel change"),
		N_("  4  cannot stand straight"), N_("  5  after a fall"), NULL,
	};
	static const char *const back_pain[] = {
		N_("Have you had back pain?"), "", N_("y yes   n no   Enter: no answer"), NULL,
	};
	static const char *const novice[] = {
		N_("Have you been running for less than six months?"), "",
		N_("y yes   n no   Enter: no answer"), NULL,
	};

	switch (c->mode) {
	case CONSOLE_PAIN:
		return pain;
	case CONSOLE_RED_FLAG:
		return red_flag;
	case CONSOLE_BACK_PAIN:
		return back_pain;
	case CONSOLE_NOVICE:
		return novice;
	case CONSOLE_HEIGHT:
	case CONSOLE_HELP:
	case CONSOLE_RUN:
		break;
	}
	return NULL;
}

static void draw_height(struct canvas *canvas, const struct console *c, int row)
{
	char line[128];

	snprintf(line, sizeof(line), _("How tall are you, in cm?   %s_"), c->typed);
	canvas_text(canvas, row, 2, CANVAS_STRONG, line);
	canvas_text(canvas, row + 2, 2, CANVAS_FAINT,
	            _("Enter: next question   Esc: leave; kept for this session only"));
}

/* The question takes the text's place; a prompt's bar stays above it. */
void view_lower(struct canvas *canvas, const struct console *c, int row, int end,
                uint64_t now_ms)
{
	const char *const *lines = question(c);
	bool asks = lines || c->mode == CONSOLE_HEIGHT;

	if (c->has_prompt && !asks)
		draw_prompt(canvas, c, row, end, now_ms);
	else if (c->has_prompt)
		prompt_bar(canvas, c, row, now_ms);
	row += c->has_prompt;
	if (c->mode == CONSOLE_HEIGHT)
		draw_height(canvas, c, row);
	else if (lines)
		view_lines(canvas, row, end, lines);
}
