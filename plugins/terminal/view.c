/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/console/values.h"
#include "plugins/console/words.h"
#include "plugins/terminal/view.h"
#include "plugins/terminal/view_parts.h"

#include <stdio.h>
#include <string.h>

#define GAUGE_SPARE_SPM 15 /* shown on either side of the band */

/* ---- the parts of the screen ---- */
struct layout {
	int k;       /* size of the big digits; 0: none */
	bool spaced; /* empty rows between the parts */
};

static struct layout choose(const struct canvas *canvas)
{
	static const struct {
		int rows, cols, k;
	} sizes[] = { { 36, 120, 4 }, { 30, 100, 3 }, { 22, 72, 2 }, { 17, 54, 1 } };
	struct layout layout = { 0, canvas->rows >= 22 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (canvas->rows >= sizes[i].rows && canvas->cols >= sizes[i].cols &&
		    !layout.k)
			layout.k = sizes[i].k;
	return layout;
}

/* Adds to a line of words that has room for `most` columns, if it fits */
static int status_word(struct canvas *canvas, int col, int most,
                       enum canvas_style style, const char *words)
{
	if (col + canvas_width(words) > most)
		return col;
	return canvas_text(canvas, 0, col, style, words) + 3;
}

static int link_word(struct canvas *canvas, int col, int most,
                     const char *device, enum display_link_state state)
{
	bool live = state == DISPLAY_LINK_LIVE;
	bool bad = state == DISPLAY_LINK_LOST || state == DISPLAY_LINK_STALE;
	char words[48];

	snprintf(words, sizeof(words), "%s%s %s", bad ? "! " : "", device,
	         values_link(state));
	return status_word(canvas, col, most, live ? CANVAS_FAINT : CANVAS_CARE,
	                   words);
}

/* What is not live comes first, for the narrow screen. */
static int draw_links(struct canvas *canvas, const struct display_link *link,
                      int col, int most)
{
	bool pod_first = link->treadmill == DISPLAY_LINK_LIVE &&
	                 link->footpod != DISPLAY_LINK_LIVE && canvas->cols < 60;

	if (!pod_first)
		col = link_word(canvas, col, most, _("treadmill"), link->treadmill);
	col = link_word(canvas, col, most, _("foot pod"), link->footpod);
	if (pod_first)
		col = link_word(canvas, col, most, _("treadmill"), link->treadmill);
	return col;
}

void view_status(struct canvas *canvas, const struct console *c, uint64_t now_ms)
{
	const char *right = c->mute_end_ms > now_ms ? _("muted") : values_session(c);
	int most = canvas->cols - 1 - canvas_width(right);
	int col = 1;

	if (c->has_link)
		col = draw_links(canvas, &c->link, col, most - 1);
	if (c->battery_low)
		status_word(canvas, col, most - 1, CANVAS_CARE,
		            _("! pod battery low"));
	canvas_text(canvas, 0, most, CANVAS_STRONG, right);
}

static void big_in(struct canvas *canvas, int row, int from, int to, int k,
                   enum canvas_style style, const char *digits, const char *unit)
{
	int middle = (from + to) / 2;

	canvas_big(canvas, row, middle - canvas_big_width(digits, k) / 2, k, style,
	           digits);
	canvas_text(canvas, row + 2 * k + 3, middle - canvas_width(unit) / 2,
	            CANVAS_FAINT, unit);
}

static enum canvas_style cadence_style(const struct console *c)
{
	int off;

	if (!values_off_band(c, &off))
		return CANVAS_STRONG;
	return off ? CANVAS_CARE : CANVAS_GOOD;
}

void view_numbers_line(struct canvas *canvas, const struct console *c, int row)
{
	char speed[VALUES_WORDS], cadence[VALUES_WORDS], line[2 * VALUES_WORDS + 32];

	values_speed(speed, &c->metrics, c->session.miles);
	values_cadence(cadence, &c->metrics);
	snprintf(line, sizeof(line), _("%s %s   %s steps/min"), speed,
	         values_speed_unit(c->session.miles), cadence);
	canvas_centred(canvas, row, cadence_style(c), line);
}

static int draw_numbers(struct canvas *canvas, const struct console *c, int row,
                        int k)
{
	char speed[VALUES_WORDS], cadence[VALUES_WORDS];
	int half = canvas->cols / 2;

	if (!k) {
		view_numbers_line(canvas, c, row);
		return row + 1;
	}
	values_speed(speed, &c->metrics, c->session.miles);
	values_cadence(cadence, &c->metrics);
	big_in(canvas, row, 0, half, k, CANVAS_STRONG, speed,
	       values_speed_unit(c->session.miles));
	big_in(canvas, row, half, canvas->cols, k, cadence_style(c), cadence,
	       _("steps a minute"));
	return row + 2 * k + 4;
}

/* ---- the gauge: [====] is the band, ^ the runner ---- */
struct gauge {
	int from, width; /* columns */
	int low, high;   /* steps/min at its ends */
};

static int gauge_col(const struct gauge *g, int spm)
{
	int col = (spm - g->low) * (g->width - 1) / (g->high - g->low);

	if (col < 0)
		col = 0;
	return g->from + (col < g->width ? col : g->width - 1);
}

static void gauge_scale(struct canvas *canvas, const struct gauge *g, int row,
                        const struct console *c)
{
	int low = gauge_col(g, (int)c->target.low_spm);
	int high = gauge_col(g, (int)c->target.high_spm);
	char number[16];

	canvas_fill(canvas, row, g->from, g->from + g->width, CANVAS_FAINT,
	            canvas->ascii ? "." : "\xc2\xb7");
	canvas_fill(canvas, row, low, high + 1, CANVAS_GOOD,
	            canvas->ascii ? "=" : "\xe2\x94\x81");
	canvas_text(canvas, row, low, CANVAS_GOOD, "[");
	canvas_text(canvas, row, high, CANVAS_GOOD, "]");
	snprintf(number, sizeof(number), "%d", (int)c->target.low_spm);
	canvas_text(canvas, row + 1, low - canvas_width(number) / 2, CANVAS_FAINT,
	            number);
	snprintf(number, sizeof(number), "%d", (int)c->target.high_spm);
	if (high - low < 5) /* they would touch */
		high = low + 5;
	canvas_text(canvas, row + 1, high - canvas_width(number) / 2, CANVAS_FAINT,
	            number);
}

static void gauge_runner(struct canvas *canvas, const struct gauge *g, int row,
                         const struct console *c)
{
	const char *here = canvas->ascii ? "#" : "\xe2\x97\x86";
	char words[VALUES_WORDS];

	values_band(words, c);
	if (!words[0]) {
		canvas_text(canvas, row, g->from + g->width + 2, CANVAS_FAINT,
		            _("no cadence"));
		return;
	}
	canvas_text(canvas, row, gauge_col(g, (int)c->metrics.cadence_spm),
	            CANVAS_STRONG, here);
	canvas_text(canvas, row, g->from + g->width + 2, cadence_style(c), words);
}

static int draw_gauge(struct canvas *canvas, const struct console *c, int row)
{
	struct gauge g = {
		.from = 3,
		.low = (int)c->target.low_spm - GAUGE_SPARE_SPM,
		.high = (int)c->target.high_spm + GAUGE_SPARE_SPM,
	};

	if (!c->has_target || g.low >= g.high) {
		canvas_centred(canvas, row, CANVAS_FAINT,
		               c->profile.has_height ?
		               _("no step target yet") :
		               _("no step target yet   h: tell your height"));
		return row + 2;
	}
	g.width = canvas->cols - g.from - 20;
	if (g.width > 100)
		g.width = 100;
	gauge_scale(canvas, &g, row, c);
	gauge_runner(canvas, &g, row, c);
	return row + 2;
}

/* ---- the small numbers ---- */
static int number_width(const struct values_small *number)
{
	return canvas_width(number->name) + 1 + canvas_width(number->value);
}

static int draw_small(struct canvas *canvas, const struct console *c, int row)
{
	struct values_small numbers[VALUES_SMALL];
	int count = 0, width = 0, spare, col = 2;

	values_small(c, numbers);
	while (count < VALUES_SMALL &&
	       width + number_width(&numbers[count]) + 2 <= canvas->cols - 4)
		width += number_width(&numbers[count++]) + 2;
	spare = count > 1 ? (canvas->cols - 4 - width + 2) / (count - 1) : 0;
	for (int i = 0; i < count; i++) {
		canvas_text(canvas, row, col, CANVAS_FAINT, numbers[i].name);
		canvas_text(canvas, row, col + canvas_width(numbers[i].name) + 1,
		            CANVAS_STRONG, numbers[i].value);
		col += number_width(&numbers[i]) + 2 + (spare < 6 ? spare : 6);
	}
	return row + 1;
}

static int draw_dynamics(struct canvas *canvas, const struct console *c, int row)
{
	char words[VALUES_DYNAMICS];

	values_dynamics(words, sizeof(words), &c->metrics);
	if (!words[0])
		return row;
	canvas_text(canvas, row, 2, CANVAS_TEXT, words);
	return row + 1;
}

/* ---- whole screens ---- */
static void draw_foot(struct canvas *canvas, const struct console *c)
{
	static const char *const keys[] = {
		N_(" p pain   r red flag   a understood   m mute   w why   ? all keys   q quit"),
		N_(" p pain  r red flag  a ok  m mute  ? keys  q quit"),
		N_(" p pain  r red flag  a ok  ? keys"),
		" p r a m ? q",
	};
	int row = canvas->rows - 1;
	size_t i = 0;

	if (c->note[0]) {
		canvas_text(canvas, row, 1, CANVAS_STRONG, c->note);
		return;
	}
	while (i < 3 && canvas_width(_(keys[i])) > canvas->cols)
		i++;
	canvas_text(canvas, row, 0, CANVAS_FAINT, _(keys[i]));
}

static void draw_help(struct canvas *canvas)
{
	static const char *const lines[] = {
		N_("p   report pain: then 0 to 9, or t for 10"),
		N_("r   red flag: pain down a leg, numbness, after a fall ..."),
		N_("a   understood: takes a prompt away"),
		N_("0-9 answer a prompt that asks, t is 10"),
		N_("w   why a prompt says what it says, and back"),
		N_("m   mute for 10 minutes, all but safety; again: end it"),
		N_("i   run-walk intervals on or off"),
		N_("h   tell your height and more, for tips on your steps"),
		N_("?   this list and back"),
		N_("q   quit; gaitd and the treadmill go on"),
		"",
		N_("The treadmill's own stop button is always first."),
		N_("gaitd never moves the belt. It is no medical device."), NULL,
	};

	view_lines(canvas, canvas->rows >= 18 ? 2 : 1, canvas->rows - 1, lines);
}

static void draw_absent(struct canvas *canvas, const struct console *c)
{
	int row = canvas->rows / 3;

	canvas_centred(canvas, row, CANVAS_STRONG, _("no connection to gaitd"));
	canvas_words(canvas, row + 2, 4, canvas->cols - 8, 3, CANVAS_TEXT,
	             c->why_not);
	canvas_centred(canvas, row + 6, CANVAS_FAINT,
	               _("trying again; the treadmill goes on without it   q quit"));
}

static void draw_run(struct canvas *canvas, const struct console *c,
                     uint64_t now_ms)
{
	struct layout layout = choose(canvas);
	int gap = layout.spaced;
	int row = 1 + gap;

	view_status(canvas, c, now_ms);
	row = draw_numbers(canvas, c, row, layout.k) + gap;
	if (canvas->rows >= 12)
		row = draw_gauge(canvas, c, row) + gap;
	if (canvas->rows >= 9)
		row = draw_dynamics(canvas, c, draw_small(canvas, c, row)) + gap;
	view_lower(canvas, c, row, canvas->rows - 1, now_ms);
}

void view_draw(struct canvas *canvas, const struct console *console,
               uint64_t now_ms)
{
	if (console->mode == CONSOLE_HELP)
		draw_help(canvas);
	else if (!console->ready)
		draw_absent(canvas, console);
	else if (console->mode == CONSOLE_DISCLAIMER) {
		view_disclaimer(canvas, console, now_ms);
		return;
	} else
		draw_run(canvas, console, now_ms);
	draw_foot(canvas, console);
}
