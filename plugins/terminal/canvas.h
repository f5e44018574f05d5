/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * A sheet of character cells, and what is drawn on it. No terminal here.
 */
#ifndef GAITD_TERMINAL_CANVAS_H
#define GAITD_TERMINAL_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum canvas_style {
	CANVAS_TEXT,
	CANVAS_FAINT,  /* labels */
	CANVAS_STRONG,
	CANVAS_GOOD,   /* as it should be */
	CANVAS_CARE,   /* a link is not live, cadence outside its band */
	CANVAS_BAR,    /* a prompt's headline */
	CANVAS_PRAISE, /* that of praise */
	CANVAS_ALARM,  /* that of safety */
	CANVAS_STYLES
};

struct canvas_cell {
	char text[8]; /* UTF-8, one character; "": right half of a wide one */
	uint8_t style;
};

struct canvas {
	int rows, cols;
	bool ascii; /* blocks and dots are drawn with # and ., letters lose their marks */
	struct canvas_cell *cells;
};

/* False: out of memory */
bool canvas_init(struct canvas *canvas, int rows, int cols, bool ascii);
void canvas_free(struct canvas *canvas);
const struct canvas_cell *canvas_at(const struct canvas *canvas, int row, int col);

/* Columns that the text takes, in the character set of the locale */
int canvas_width(const char *text);
/* Draws what is inside the sheet; returns the column after it. What is no
 * character of the locale, and control characters, come out as "?". */
int canvas_text(struct canvas *canvas, int row, int col, enum canvas_style style,
                const char *text);
/* Whether this sheet has all the characters of a text */
bool canvas_can_draw(const struct canvas *canvas, const char *text);
void canvas_centred(struct canvas *canvas, int row, enum canvas_style style,
                    const char *text);
void canvas_fill(struct canvas *canvas, int row, int from, int to,
                 enum canvas_style style, const char *character);
/* Fills up to `most` rows from `row` on with words of at most `width` columns a
 * row; returns the rows used. */
int canvas_words(struct canvas *canvas, int row, int col, int width, int most,
                 enum canvas_style style, const char *text);

/* Digits, ".", ":", "-" and " " out of blocks: 2 k + 3 rows, k at least 1 */
int canvas_big_width(const char *digits, int k);
void canvas_big(struct canvas *canvas, int row, int col, int k,
                enum canvas_style style, const char *digits);

#endif
