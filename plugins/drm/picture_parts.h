/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What the files of the picture have from each other: letters and shapes.
 */
#ifndef GAITD_DRM_PICTURE_PARTS_H
#define GAITD_DRM_PICTURE_PARTS_H

#include "plugins/drm/picture.h"

void picture_colour(cairo_t *cr, enum picture_colour colour);

/* ---- letters; `size` is that of the font ---- */
double picture_width(cairo_t *cr, double size, const char *text);
/* From x on, on a base line at y; smaller if it is wider than `most`. Returns
 * the x after it. */
double picture_text(cairo_t *cr, double x, double y, double most, double size,
                    const char *text);
void picture_text_right(cairo_t *cr, double x, double y, double size, const char *text);
void picture_text_centred(cairo_t *cr, double x, double y, double most, double size,
                          const char *text);
/* Digits so high, their feet at y, in the middle of x */
void picture_digits(cairo_t *cr, double x, double y, double high, const char *digits);
/* Whole words in rows of at most `width`; `draw` or only count. Returns the y of
 * what comes after. */
double picture_words(cairo_t *cr, double x, double y, double width, double size,
                     const char *text, bool draw);
#define PICTURE_ROW 1.3 /* of the size */

/* ---- shapes, within a square of that size around its middle ---- */
void picture_level_icon(cairo_t *cr, double x, double y, double size,
                        enum display_level level, struct picture_bar colours);
/* Full disc: live; ring: searching; triangle: lost or stale; dash: off */
void picture_link_icon(cairo_t *cr, double x, double y, double size,
                       enum display_link_state state);

/* ---- parts of the picture ---- */
struct picture {
	cairo_t *cr;
	double width, height, unit; /* a hundredth of the height, or narrower */
	const struct console *console;
	uint64_t now_ms;
};
/* Between these heights */
void picture_prompt(const struct picture *p, double top, double end);
void picture_summary(const struct picture *p, double top, double end);
void picture_question(const struct picture *p, double top, double end);
void picture_disclaimer(const struct picture *p, double top, double end);

#endif
