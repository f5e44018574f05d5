/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "config.h"
#include "plugins/terminal/canvas.h"

#include "protocol/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

bool canvas_init(struct canvas *canvas, int rows, int cols, bool ascii)
{
	size_t count = (size_t)rows * (size_t)cols;

	*canvas = (struct canvas){ .rows = rows, .cols = cols, .ascii = ascii };
	canvas->cells = calloc(count ? count : 1, sizeof(canvas->cells[0]));
	if (!canvas->cells)
		return false;
	for (size_t i = 0; i < count; i++)
		canvas->cells[i].text[0] = ' ';
	return true;
}

void canvas_free(struct canvas *canvas)
{
	free(canvas->cells);
	canvas->cells = NULL;
}

static struct canvas_cell *cell(const struct canvas *canvas, int row, int col)
{
	if (row < 0 || row >= canvas->rows || col < 0 || col >= canvas->cols)
		return NULL;
	return &canvas->cells[row * canvas->cols + col];
}

const struct canvas_cell *canvas_at(const struct canvas *canvas, int row, int col)
{
	return cell(canvas, row, col);
}

/* ---- text ---- */

/* The letter that stands for one with a mark, for a terminal that has ASCII
 * alone; 0: none does. One for one, so that nothing moves. */
static char plain_letter(uint32_t c)
{
	static const char latin_1[] = /* from U+00A1 on */
		"!????|???a<-?r-??23'??.,1o>???\?"
		"AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTs"
		"aaaaaaaceeeeiiiidnooooo/ouuuuyty";
	static const struct {
		uint32_t character;
		char letter;
	} others[] = {
		{ 0x152, 'O' }, { 0x153, 'o' }, { 0x2010, '-' }, { 0x2013, '-' },
		{ 0x2014, '-' }, { 0x2018, '\'' }, { 0x2019, '\'' }, { 0x201c, '"' },
		{ 0x201d, '"' }, { 0x201e, '"' }, { 0x202f, ' ' },
	};

	if (c == 0xa0)
		return ' ';
	if (c > 0xa0 && c <= 0xff)
		return latin_1[c - 0xa1];
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i].character == c)
			return others[i].letter;
	return 0;
}

/* The next character: its octets, its columns and how it is drawn. What cannot
 * be shown takes one column and is not `good`. */
struct character {
	size_t octets;
	int columns;
	bool good;
	char letter; /* stands for it in ASCII; 0: none does */
};

static struct character next_character(const char *text)
{
	size_t octets = utf8_printable(text, strnlen(text, 4));
	uint32_t c = (unsigned char)text[0];
	struct character out = { .octets = octets ? octets : 1, .columns = 1 };

	if (!octets)
		return out;
	if (octets > 1)
		c &= 0xffu >> (octets + 1);
	for (size_t i = 1; i < octets; i++)
		c = c << 6 | ((unsigned char)text[i] & 0x3fu);
	out.letter = plain_letter(c);
	if (octets == 1)
		out.letter = (char)c;
	out.columns = wcwidth((wchar_t)c);
	out.good = out.columns >= 0;
	if (!out.good)
		out.columns = 1;
	return out;
}

bool canvas_can_draw(const struct canvas *canvas, const char *text)
{
	while (*text) {
		struct character c = next_character(text);

		if (canvas->ascii ? !c.letter : !c.good)
			return false;
		text += c.octets;
	}
	return true;
}

int canvas_width(const char *text)
{
	int width = 0;

	while (*text) {
		struct character c = next_character(text);

		width += c.columns;
		text += c.octets;
	}
	return width;
}

static void put(struct canvas *canvas, int row, int col, enum canvas_style style,
                const char *text, struct character c)
{
	struct canvas_cell *at = cell(canvas, row, col);
	struct canvas_cell *half = cell(canvas, row, col + 1);

	if (!at || (c.columns == 2 && !half))
		return;
	if (canvas->ascii || !c.good)
		snprintf(at->text, sizeof(at->text), "%c", c.letter ? c.letter : '?');
	else
		snprintf(at->text, sizeof(at->text), "%.*s", (int)c.octets, text);
	at->style = (uint8_t)style;
	if (c.columns == 2) /* in ASCII one ? on each half */
		*half = (struct canvas_cell){ "", (uint8_t)style };
}

int canvas_text(struct canvas *canvas, int row, int col, enum canvas_style style,
                const char *text)
{
	while (*text) {
		struct character c = next_character(text);

		if (c.columns > 0)
			put(canvas, row, col, style, text, c);
		col += c.columns;
		text += c.octets;
	}
	return col;
}

void canvas_centred(struct canvas *canvas, int row, enum canvas_style style,
                    const char *text)
{
	int col = (canvas->cols - canvas_width(text)) / 2;

	canvas_text(canvas, row, col < 0 ? 0 : col, style, text);
}

void canvas_fill(struct canvas *canvas, int row, int from, int to,
                 enum canvas_style style, const char *character)
{
	for (int col = from; col < to; col++)
		canvas_text(canvas, row, col, style, character);
}

/* Octets of `text` that fit into `width` columns, words whole if they can be */
static size_t line_length(const char *text, int width)
{
	size_t length = 0, words = 0;
	int columns = 0;

	while (text[length]) {
		struct character c = next_character(text + length);

		if (text[length] == ' ')
			words = length;
		if (columns + c.columns > width)
			return words ? words : length;
		columns += c.columns;
		length += c.octets;
	}
	return length;
}

int canvas_words(struct canvas *canvas, int row, int col, int width, int most,
                 enum canvas_style style, const char *text)
{
	char line[512];
	int used = 0;

	while (*text && used < most) {
		size_t length = line_length(text, width);

		if (!length || length >= sizeof(line))
			break;
		snprintf(line, sizeof(line), "%.*s", (int)length, text);
		canvas_text(canvas, row + used++, col, style, line);
		text += length;
		text += strspn(text, " ");
	}
	return used;
}

/* ---- big digits, of seven segments ---- */
enum {
	TOP = 1, UPPER_RIGHT = 2, LOWER_RIGHT = 4, BOTTOM = 8,
	LOWER_LEFT = 16, UPPER_LEFT = 32, MIDDLE = 64,
};

static const unsigned char segments[10] = {
	TOP | UPPER_RIGHT | LOWER_RIGHT | BOTTOM | LOWER_LEFT | UPPER_LEFT,
	UPPER_RIGHT | LOWER_RIGHT,
	TOP | UPPER_RIGHT | BOTTOM | LOWER_LEFT | MIDDLE,
	TOP | UPPER_RIGHT | LOWER_RIGHT | BOTTOM | MIDDLE,
	UPPER_RIGHT | LOWER_RIGHT | UPPER_LEFT | MIDDLE,
	TOP | LOWER_RIGHT | BOTTOM | UPPER_LEFT | MIDDLE,
	TOP | LOWER_RIGHT | BOTTOM | LOWER_LEFT | UPPER_LEFT | MIDDLE,
	TOP | UPPER_RIGHT | LOWER_RIGHT,
	TOP | UPPER_RIGHT | LOWER_RIGHT | BOTTOM | LOWER_LEFT | UPPER_LEFT | MIDDLE,
	TOP | UPPER_RIGHT | LOWER_RIGHT | BOTTOM | UPPER_LEFT | MIDDLE,
};

static int stroke(int k) /* columns of an upright one */
{
	return k < 3 ? 2 : 3;
}

static int glyph_width(char c, int k)
{
	return c == '.' || c == ':' ? stroke(k) : 2 * k + 4;
}

static unsigned glyph_segments(char c)
{
	if (c >= '0' && c <= '9')
		return segments[c - '0'];
	return c == '-' ? MIDDLE : 0;
}

/* Segments of which any lights a place: the uprights reach into the corners */
static bool lit(unsigned s, int k, int row, int col)
{
	int width = 2 * k + 4;
	bool left = col < stroke(k), right = col >= width - stroke(k);

	if (row == 0)
		return (s & TOP) || (left && (s & UPPER_LEFT)) ||
		       (right && (s & UPPER_RIGHT));
	if (row <= k)
		return (left && (s & UPPER_LEFT)) || (right && (s & UPPER_RIGHT));
	if (row == k + 1)
		return (s & MIDDLE) ||
		       (left && (s & (UPPER_LEFT | LOWER_LEFT))) ||
		       (right && (s & (UPPER_RIGHT | LOWER_RIGHT)));
	if (row <= 2 * k + 1)
		return (left && (s & LOWER_LEFT)) || (right && (s & LOWER_RIGHT));
	return (s & BOTTOM) || (left && (s & LOWER_LEFT)) ||
	       (right && (s & LOWER_RIGHT));
}

static bool glyph_lit(char c, int k, int row, int col)
{
	if (c == '.')
		return row == 2 * k + 2;
	if (c == ':')
		return row == k || row == k + 2;
	return lit(glyph_segments(c), k, row, col);
}

int canvas_big_width(const char *digits, int k)
{
	int width = 0;

	for (; *digits; digits++)
		width += glyph_width(*digits, k) + (digits[1] ? 2 : 0);
	return width;
}

void canvas_big(struct canvas *canvas, int row, int col, int k,
                enum canvas_style style, const char *digits)
{
	const char *block = canvas->ascii ? "#" : "\xe2\x96\x88";

	for (; *digits; digits++) {
		int width = glyph_width(*digits, k);

		for (int y = 0; y < 2 * k + 3; y++)
			for (int x = 0; x < width; x++)
				if (glyph_lit(*digits, k, y, x))
					canvas_text(canvas, row + y, col + x,
					            style, block);
		col += width + 2;
	}
}
