/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The console as a picture of any size, drawn by cairo. No screen, no clock.
 * Shape and word carry all that colour does.
 */
#ifndef GAITD_DRM_PICTURE_H
#define GAITD_DRM_PICTURE_H

#include "plugins/console/console.h"

#include <cairo.h>

/* The digits of the main number, against the picture's height: 149 px of 800 and
 * a little more, which is 25 mm on a screen of ten inches */
#define PICTURE_MAIN_SHARE 0.2

enum picture_colour {
	PICTURE_GROUND,
	PICTURE_TEXT,
	PICTURE_FAINT, /* labels */
	PICTURE_GOOD,  /* as it should be */
	PICTURE_CARE,  /* a link is not live, cadence outside its band */
	PICTURE_ALARM, /* the bar of a safety prompt */
	PICTURE_COLOURS
};
/* 0xrrggbb */
extern const uint32_t picture_colours[PICTURE_COLOURS];

/* How a level looks: its bar, the words on it */
struct picture_bar {
	enum picture_colour bar, words;
};
struct picture_bar picture_bar_of(enum display_level level);

void picture_draw(cairo_t *cr, double width, double height,
                  const struct console *console, uint64_t now_ms);

/* Lets go of the fonts, after all surfaces have gone. */
void picture_end(void);

#endif
