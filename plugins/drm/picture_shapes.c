/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Shapes: each level and each state of a link has one of its own.
 */
#include "plugins/drm/picture_parts.h"

#include <math.h>

#define TURN (2 * 3.14159265358979323846)

static void polygon(cairo_t *cr, double x, double y, double radius, int corners,
                    double first)
{
	for (int i = 0; i < corners; i++)
		cairo_line_to(cr, x + radius * cos((first + i) * TURN / corners),
		              y + radius * sin((first + i) * TURN / corners));
	cairo_close_path(cr);
}

static void circle(cairo_t *cr, double x, double y, double radius)
{
	cairo_new_sub_path(cr);
	cairo_arc(cr, x, y, radius, 0, TURN);
}

/* ---- levels ---- */
static void exclamation(cairo_t *cr, double x, double y, double r)
{
	cairo_rectangle(cr, x - r * 0.12, y - r * 0.55, r * 0.24, r * 0.65);
	circle(cr, x, y + r * 0.38, r * 0.16);
	cairo_fill(cr);
}

static void letter_i(cairo_t *cr, double x, double y, double r)
{
	cairo_rectangle(cr, x - r * 0.12, y - r * 0.15, r * 0.24, r * 0.65);
	circle(cr, x, y - r * 0.42, r * 0.16);
	cairo_fill(cr);
}

static void stop_sign(cairo_t *cr, double x, double y, double r, struct picture_bar c)
{
	polygon(cr, x, y, r, 8, 0.5);
	cairo_fill(cr);
	picture_colour(cr, c.bar);
	exclamation(cr, x, y, r);
}

static void warning(cairo_t *cr, double x, double y, double r, struct picture_bar c)
{
	polygon(cr, x, y + r * 0.2, r * 1.1, 3, -0.25 * 3);
	cairo_fill(cr);
	picture_colour(cr, c.bar);
	exclamation(cr, x, y + r * 0.25, r * 0.8);
}

static void chevrons(cairo_t *cr, double x, double y, double r, struct picture_bar c)
{
	(void)c;
	cairo_set_line_width(cr, r * 0.3);
	for (int i = -1; i <= 1; i++) {
		cairo_move_to(cr, x + r * (0.6 * i - 0.3), y - r * 0.7);
		cairo_line_to(cr, x + r * (0.6 * i + 0.25), y);
		cairo_line_to(cr, x + r * (0.6 * i - 0.3), y + r * 0.7);
	}
	cairo_stroke(cr);
}

static void disc(cairo_t *cr, double x, double y, double r, struct picture_bar c)
{
	circle(cr, x, y, r);
	cairo_fill(cr);
	picture_colour(cr, c.bar);
	letter_i(cr, x, y, r);
}

static void tick(cairo_t *cr, double x, double y, double r, struct picture_bar c)
{
	(void)c;
	cairo_set_line_width(cr, r * 0.4);
	cairo_move_to(cr, x - r * 0.8, y);
	cairo_line_to(cr, x - r * 0.2, y + r * 0.6);
	cairo_line_to(cr, x + r * 0.85, y - r * 0.7);
	cairo_stroke(cr);
}

static void square(cairo_t *cr, double x, double y, double r, struct picture_bar c)
{
	cairo_rectangle(cr, x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
	cairo_fill(cr);
	picture_colour(cr, c.bar);
	letter_i(cr, x, y, r);
}

void picture_level_icon(cairo_t *cr, double x, double y, double size,
                        enum display_level level, struct picture_bar colours)
{
	static void (*const draw[])(cairo_t *, double, double, double,
	                            struct picture_bar) = {
		[DISPLAY_LEVEL_SAFETY] = stop_sign, [DISPLAY_LEVEL_LOAD] = warning,
		[DISPLAY_LEVEL_FORM] = chevrons,    [DISPLAY_LEVEL_HABIT] = disc,
		[DISPLAY_LEVEL_PRAISE] = tick,      [DISPLAY_LEVEL_SYSTEM] = square,
	};

	cairo_new_path(cr);
	picture_colour(cr, colours.words);
	draw[level](cr, x, y, size / 2, colours);
	cairo_new_path(cr);
}

/* ---- links ---- */
void picture_link_icon(cairo_t *cr, double x, double y, double size,
                       enum display_link_state state)
{
	double r = size / 2;

	cairo_new_path(cr);
	cairo_set_line_width(cr, size * 0.14);
	switch (state) {
	case DISPLAY_LINK_LIVE:
		circle(cr, x, y, r * 0.8);
		cairo_fill(cr);
		break;
	case DISPLAY_LINK_SEARCHING:
		circle(cr, x, y, r * 0.7);
		cairo_stroke(cr);
		break;
	case DISPLAY_LINK_STALE:
	case DISPLAY_LINK_LOST:
		polygon(cr, x, y + r * 0.2, r, 3, -0.25 * 3);
		cairo_fill(cr);
		break;
	case DISPLAY_LINK_OFF:
		cairo_rectangle(cr, x - r * 0.7, y - r * 0.14, r * 1.4, r * 0.28);
		cairo_fill(cr);
		break;
	}
}
