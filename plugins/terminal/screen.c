/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "config.h"
#include "plugins/terminal/screen.h"

#include "plugins/terminal/view.h"

#include <curses.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct look {
	attr_t attributes;
	short pair; /* of colours; 0: none */
} looks[CANVAS_STYLES];
static bool ascii;

/* Without colour bold, reverse and the shapes say it all. With it no two that
 * matter differ by red and green alone: of eight colours cyan and yellow, of 256
 * those nearest to the palette of Okabe and Ito. */
static const struct style {
	attr_t plain;
	struct {
		short foreground, background; /* -1: as it is */
		attr_t attributes;
	} of_8, of_256;
} styles[CANVAS_STYLES] = {
	[CANVAS_TEXT] = { A_NORMAL, { -1, -1, A_NORMAL }, { -1, -1, A_NORMAL } },
	[CANVAS_FAINT] = { A_NORMAL, { -1, -1, A_NORMAL }, { -1, -1, A_NORMAL } },
	[CANVAS_STRONG] = { A_BOLD, { -1, -1, A_BOLD }, { -1, -1, A_BOLD } },
	[CANVAS_GOOD] = { A_BOLD, { COLOR_CYAN, -1, A_BOLD }, { 74, -1, A_BOLD } },
	[CANVAS_CARE] = { A_BOLD, { COLOR_YELLOW, -1, A_BOLD }, { 178, -1, A_BOLD } },
	[CANVAS_BAR] = { A_REVERSE | A_BOLD, { COLOR_BLACK, COLOR_WHITE, A_NORMAL },
	                 { 16, 178, A_BOLD } },
	[CANVAS_PRAISE] = { A_REVERSE, { COLOR_BLACK, COLOR_CYAN, A_NORMAL },
	                    { 16, 74, A_NORMAL } },
	[CANVAS_ALARM] = { A_REVERSE | A_BOLD, { COLOR_WHITE, COLOR_RED, A_BOLD },
	                   { 231, 88, A_BOLD } },
};

static void choose_looks(bool colour)
{
	for (int i = 0; i < CANVAS_STYLES; i++) {
		bool many = COLORS >= 256;
		int foreground = many ? styles[i].of_256.foreground : styles[i].of_8.foreground;
		int background = many ? styles[i].of_256.background : styles[i].of_8.background;
		short pair = (short)(i + 1);

		looks[i] = (struct look){ styles[i].plain, 0 };
		if (!colour || (foreground < 0 && background < 0))
			continue;
		init_pair(pair, (short)foreground, (short)background);
		looks[i] = (struct look){
			many ? styles[i].of_256.attributes : styles[i].of_8.attributes, pair,
		};
	}
}

/* A terminal on a serial line draws letters of ASCII, whatever the locale says. */
static bool draws_ascii(const char *term)
{
	return strncmp(term, "vt", 2) == 0 || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

bool screen_open(bool colour)
{
	const char *term = getenv("TERM");

	/* ESC is a key of its own, and nobody types so fast. */
	set_escdelay(25);
	if (!term || strcmp(term, "dumb") == 0 || !newterm(NULL, stdout, stdin))
		return false;
	if (!tigetstr("cup") || tigetstr("cup") == (char *)-1) {
		endwin();
		return false;
	}
	ascii = draws_ascii(term);
	cbreak();
	noecho();
	nonl();
	curs_set(0);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	colour = colour && has_colors() && start_color() == OK &&
	         use_default_colors() == OK;
	choose_looks(colour);
	return true;
}

void screen_close(void)
{
	endwin();
}

void screen_draw(const struct console *console, uint64_t now_ms)
{
	struct canvas canvas;

	if (!canvas_init(&canvas, LINES, COLS, ascii))
		return;
	view_draw(&canvas, console, now_ms);
	erase();
	for (int row = 0; row < canvas.rows; row++)
		for (int col = 0; col < canvas.cols; col++) {
			const struct canvas_cell *cell = canvas_at(&canvas, row, col);

			if (cell->text[0] == '\0' ||
			    (cell->text[0] == ' ' && cell->style == CANVAS_TEXT))
				continue;
			attr_set(looks[cell->style].attributes,
			         looks[cell->style].pair, NULL);
			mvaddstr(row, col, cell->text);
		}
	attr_set(A_NORMAL, 0, NULL);
	refresh();
	canvas_free(&canvas);
}

int screen_key(void)
{
	int key = getch();

	switch (key) {
	case ERR:
		return SCREEN_NO_KEY;
	case KEY_RESIZE:
		return SCREEN_RESIZED;
	case '\n':
	case KEY_ENTER:
		return CONSOLE_KEY_ENTER;
	case KEY_BACKSPACE:
	case 0x7f:
		return CONSOLE_KEY_ERASE;
	}
	return key;
}
