/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/drm/picture.h"

#include "plugins/console/values.h"
#include "plugins/console/words.h"
#include "plugins/drm/picture_parts.h"

#include <stdio.h>

#define GAUGE_SPARE_SPM 15 /* shown on either side of the band */

/* Against the ground each has a contrast of 7 : 1 at least; of Okabe's and Ito's
 * palette but for the grey and the dark red. */
const uint32_t picture_colours[PICTURE_COLOURS] = {
	[PICTURE_GROUND] = 0x000000, [PICTURE_TEXT] = 0xffffff,
	[PICTURE_FAINT] = 0xd0d0d0,  [PICTURE_GOOD] = 0x56b4e9,
	[PICTURE_CARE] = 0xe69f00,   [PICTURE_ALARM] = 0x9c0000,
};

void picture_colour(cairo_t *cr, enum picture_colour colour)
{
	uint32_t c = picture_colours[colour];

	cairo_set_source_rgb(cr, (c >> 16) / 255.0, (c >> 8 & 0xff) / 255.0,
	                     (c & 0xff) / 255.0);
}

/* ---- the top row: links, battery, what the session is at ---- */
static double draw_link(const struct picture *p, double x, const char *device,
                        enum display_link_state state)
{
	double u = p->unit;
	char words[64];

	picture_colour(p->cr, state == DISPLAY_LINK_LIVE ? PICTURE_TEXT : PICTURE_CARE);
	picture_link_icon(p->cr, x + 2 * u, 4.5 * u, 4 * u, state);
	snprintf(words, sizeof(words), "%s %s", device, values_link(state));
	return picture_text(p->cr, x + 5 * u, 6 * u, p->width * 0.34, 4 * u, words) + 4 * u;
}

static void draw_status(const struct picture *p)
{
	const struct console *c = p->console;
	double u = p->unit, x = 3 * u;

	if (c->has_link) {
		x = draw_link(p, x, _("treadmill"), c->link.treadmill);
		x = draw_link(p, x, _("foot pod"), c->link.footpod);
	}
	if (c->battery_low) {
		picture_colour(p->cr, PICTURE_CARE);
		picture_text(p->cr, x, 6 * u, p->width * 0.2, 4 * u, _("! pod battery low"));
	}
	picture_colour(p->cr, PICTURE_TEXT);
	picture_text_right(p->cr, p->width - 3 * u, 6 * u, 4 * u,
	                   c->mute_end_ms > p->now_ms ? _("muted") : values_session(c));
}

/* ---- the numbers ---- */
static enum picture_colour cadence_colour(const struct console *c)
{
	int off;

	if (!values_off_band(c, &off))
		return PICTURE_TEXT;
	return off ? PICTURE_CARE : PICTURE_GOOD;
}

static void draw_numbers(const struct picture *p, double feet)
{
	const struct console *c = p->console;
	double u = p->unit, high = p->height * PICTURE_MAIN_SHARE;
	double left = p->width * 0.3, right = p->width * 0.75;
	char words[VALUES_WORDS];

	picture_colour(p->cr, cadence_colour(c));
	values_cadence(words, &c->metrics);
	picture_digits(p->cr, left, feet, high, words);
	picture_colour(p->cr, PICTURE_TEXT);
	values_speed(words, &c->metrics, c->session.miles);
	picture_digits(p->cr, right, feet, high * 0.72, words);
	picture_colour(p->cr, PICTURE_FAINT);
	picture_text_centred(p->cr, left, feet + 6 * u, p->width * 0.5, 4.5 * u,
	                     _("steps a minute"));
	picture_text_centred(p->cr, right, feet + 6 * u, p->width * 0.4, 4.5 * u,
	                     values_speed_unit(c->session.miles));
}

/* ---- the gauge: a box is the band, a diamond the runner ---- */
struct gauge {
	double from, width, y, high;
	int low, high_spm;
};

static double gauge_x(const struct gauge *g, double spm)
{
	double x = g->from + (spm - g->low) * g->width / (g->high_spm - g->low);

	if (x < g->from)
		return g->from;
	return x > g->from + g->width ? g->from + g->width : x;
}

static void gauge_band(const struct picture *p, const struct gauge *g)
{
	const struct display_target *target = &p->console->target;
	double low = gauge_x(g, target->low_spm), high = gauge_x(g, target->high_spm);
	char number[16];

	picture_colour(p->cr, PICTURE_FAINT);
	cairo_rectangle(p->cr, g->from, g->y - p->unit * 0.4, g->width, p->unit * 0.8);
	cairo_fill(p->cr);
	picture_colour(p->cr, PICTURE_GOOD);
	cairo_rectangle(p->cr, low, g->y - g->high / 2, high - low, g->high);
	cairo_fill(p->cr);
	picture_colour(p->cr, PICTURE_FAINT);
	snprintf(number, sizeof(number), "%d", (int)target->low_spm);
	picture_text_centred(p->cr, low, g->y + g->high / 2 + 4 * p->unit, p->width,
	                     3.6 * p->unit, number);
	snprintf(number, sizeof(number), "%d", (int)target->high_spm);
	picture_text_centred(p->cr, high, g->y + g->high / 2 + 4 * p->unit, p->width,
	                     3.6 * p->unit, number);
}

/* White with a black edge, so that it is seen on the band and off it */
static void gauge_runner(const struct picture *p, const struct gauge *g)
{
	double x = gauge_x(g, p->console->metrics.cadence_spm), r = g->high * 0.75;

	cairo_new_path(p->cr);
	cairo_move_to(p->cr, x, g->y - r);
	cairo_line_to(p->cr, x + r * 0.8, g->y);
	cairo_line_to(p->cr, x, g->y + r);
	cairo_line_to(p->cr, x - r * 0.8, g->y);
	cairo_close_path(p->cr);
	picture_colour(p->cr, PICTURE_TEXT);
	cairo_fill_preserve(p->cr);
	picture_colour(p->cr, PICTURE_GROUND);
	cairo_set_line_width(p->cr, p->unit * 0.6);
	cairo_stroke(p->cr);
}

static void draw_gauge(const struct picture *p, double y)
{
	const struct console *c = p->console;
	double u = p->unit;
	struct gauge g = {
		.from = 4 * u, .width = p->width * 0.66, .y = y, .high = 4.5 * u,
		.low = (int)c->target.low_spm - GAUGE_SPARE_SPM,
		.high_spm = (int)c->target.high_spm + GAUGE_SPARE_SPM,
	};
	double beside = g.from + g.width + 3 * u;
	char words[VALUES_WORDS];

	picture_colour(p->cr, PICTURE_FAINT);
	if (!c->has_target || g.low >= g.high_spm) {
		picture_text(p->cr, g.from, y + 1.5 * u, p->width - 8 * u, 4 * u,
		             _("no step target yet"));
		return;
	}
	gauge_band(p, &g);
	values_band(words, c);
	if (words[0])
		gauge_runner(p, &g);
	picture_colour(p->cr, cadence_colour(c));
	picture_text(p->cr, beside, y + 1.5 * u, p->width - beside - 2 * u, 4 * u,
	             words[0] ? words : _("no cadence"));
}

/* ---- the small numbers, each above its name ---- */
static void draw_small(const struct picture *p, double y)
{
	struct values_small numbers[VALUES_SMALL];
	double share = p->width / VALUES_SMALL, u = p->unit;

	values_small(p->console, numbers);
	for (int i = 0; i < VALUES_SMALL; i++) {
		double middle = share * (i + 0.5);

		picture_colour(p->cr, PICTURE_TEXT);
		picture_text_centred(p->cr, middle, y, share * 0.95, 5 * u, numbers[i].value);
		picture_colour(p->cr, PICTURE_FAINT);
		picture_text_centred(p->cr, middle, y + 4.5 * u, share * 0.95, 3.4 * u,
		                     numbers[i].name);
	}
}

/* ---- whole pictures ---- */
static void draw_absent(const struct picture *p)
{
	double middle = p->width / 2, most = p->width - 6 * p->unit;

	picture_colour(p->cr, PICTURE_TEXT);
	picture_text_centred(p->cr, middle, p->height * 0.4, most, 7 * p->unit,
	                     _("no connection to gaitd"));
	picture_colour(p->cr, PICTURE_FAINT);
	picture_words(p->cr, 3 * p->unit, p->height * 0.5, most, 4 * p->unit,
	              p->console->why_not, true);
}

static void draw_run(const struct picture *p)
{
	double lower = p->height * 0.635;

	draw_status(p);
	draw_numbers(p, p->height * 0.31);
	draw_gauge(p, p->height * 0.42);
	draw_small(p, p->height * 0.555);
	if (p->console->mode != CONSOLE_RUN)
		picture_question(p, lower, p->height);
	else if (p->console->has_prompt)
		picture_prompt(p, lower, p->height);
	else if (console_shows_summary(p->console))
		picture_summary(p, lower, p->height);
	else if (p->console->note[0])
		picture_text_centred(p->cr, p->width / 2, p->height * 0.85, p->width,
		                     5 * p->unit, p->console->note);
}

/* The disclaimer beneath the numbers of who runs already */
static void draw_first_use(const struct picture *p)
{
	const struct display_metrics *m = &p->console->metrics;
	char speed[VALUES_WORDS], cadence[VALUES_WORDS], line[2 * VALUES_WORDS + 32];
	double top = 9 * p->unit;

	draw_status(p);
	if (m->present & DISPLAY_SPEED) {
		values_speed(speed, m, p->console->session.miles);
		values_cadence(cadence, m);
		snprintf(line, sizeof(line), _("%s %s   %s steps/min"), speed,
		         values_speed_unit(p->console->session.miles), cadence);
		picture_colour(p->cr, cadence_colour(p->console));
		picture_text_centred(p->cr, p->width / 2, top + 5 * p->unit, p->width,
		                     5.5 * p->unit, line);
		top += 8 * p->unit;
	}
	picture_disclaimer(p, top, p->height);
}

void picture_draw(cairo_t *cr, double width, double height,
                  const struct console *console, uint64_t now_ms)
{
	double unit = height / 100 < width / 160 ? height / 100 : width / 160;
	struct picture p = { cr, width, height, unit, console, now_ms };

	picture_colour(cr, PICTURE_GROUND);
	cairo_paint(cr);
	if (!console->ready)
		draw_absent(&p);
	else if (console->mode == CONSOLE_DISCLAIMER)
		draw_first_use(&p);
	else
		draw_run(&p);
}
