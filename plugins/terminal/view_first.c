/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The first screen: the disclaimer, and in which language to go on.
 */
#include "plugins/console/dialogue.h"
#include "plugins/console/words.h"
#include "plugins/terminal/view.h"
#include "plugins/terminal/view_parts.h"

#include <stdio.h>
#include <string.h>

#define MARGIN 2
#define ROWS_MOST 400 /* of the text, in the narrowest window */

#define NAMES_COLUMNS 62 /* below it languages have their tags alone */

void view_languages(struct canvas *canvas, int row)
{
	bool names = canvas->cols >= NAMES_COLUMNS;
	int col = MARGIN;

	for (int i = 0; i < DIALOGUE_LANGUAGES; i++) {
		const struct dialogue_language *language = &dialogue_languages[i];
		char words[96];

		if (!canvas_can_draw(canvas, language->name))
			continue;
		snprintf(words, sizeof(words), "%d %s", i + 1,
		         names ? language->name : language->tag);
		col = canvas_text(canvas, row, col, CANVAS_TEXT, words) + (names ? 3 : 2);
	}
}

/* The disclaimer from a row on, which may lie above the sheet; translated, its
 * English stands beneath. Returns the rows that it takes. */
static int draw_text(struct canvas *canvas, int row)
{
	const char *said = _(dialogue_disclaimer);
	int width = canvas->cols - 2 * MARGIN;
	int used = canvas_words(canvas, row, MARGIN, width, ROWS_MOST, CANVAS_STRONG, said);

	if (strcmp(said, dialogue_disclaimer) == 0)
		return used;
	return used + 1 + canvas_words(canvas, row + used + 1, MARGIN, width, ROWS_MOST,
	                               CANVAS_TEXT, dialogue_disclaimer);
}

static void clear_rows(struct canvas *canvas, int from, int end)
{
	for (int row = from; row < end; row++)
		canvas_fill(canvas, row, 0, canvas->cols, CANVAS_TEXT, " ");
}

/* Between these rows, a page of it if they are too few. True: there is more */
static bool draw_page(struct canvas *canvas, unsigned page, int top, int end)
{
	int room = end > top ? end - top : 1;
	int rows = draw_text(canvas, canvas->rows); /* beneath the sheet: a count */
	int pages = (rows + room - 1) / room;

	draw_text(canvas, top - room * (int)(page % (unsigned)(pages ? pages : 1)));
	return pages > 1;
}

/* What must not be hidden; `rows` that the screen has. Returns the row after */
static int draw_top(struct canvas *canvas, const struct console *c, int rows,
                    uint64_t now_ms)
{
	int row = 1;

	view_status(canvas, c, now_ms);
	if (c->metrics.present & DISPLAY_SPEED && rows >= 8)
		view_numbers_line(canvas, c, row++);
	if (c->has_prompt) {
		view_bar(canvas, c, row++, now_ms);
		row += canvas_words(canvas, row, MARGIN, canvas->cols - 2 * MARGIN, 2,
		                    CANVAS_STRONG, c->prompt.text);
	}
	return row + (rows >= 20);
}

void view_disclaimer(struct canvas *canvas, const struct console *c, uint64_t now_ms)
{
	bool keys = !c->keyless;
	int end = canvas->rows - (keys ? 3 : 1);
	struct canvas measured = *canvas;
	int top;
	bool more;

	measured.rows = 0; /* draws nothing: how far down does the top reach? */
	top = draw_top(&measured, c, canvas->rows, now_ms);
	more = draw_page(canvas, c->page, top, end - (canvas->rows >= 20));
	clear_rows(canvas, 0, top);
	clear_rows(canvas, end, canvas->rows);
	draw_top(canvas, c, canvas->rows, now_ms);
	if (keys)
		view_languages(canvas, end);
	if (keys)
		canvas_text(canvas, end + 1, MARGIN, CANVAS_STRONG,
		            more ? _("Enter: understood   space: read on") :
		                   dialogue_understood());
}
