/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl top: asks once a second; a screen where there is one, else a block of
 * lines each time.
 */
#include <config.h>

#include "daemon/gaitctl/gaitctl.h"
#include "daemon/gaitctl/table.h"
#include "daemon/gaitctl/top_view.h"
#include "daemon/service/log.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef WITH_CURSES
#include <curses.h>
#include <locale.h>
#endif

#define EACH_MS 1000
#define PAGES_MAX 40 /* of a long list: far more than there can be */

/* ---- asking ----------------------------------------------------------------------- */

/* A list that comes in pages: all of it; NULL where the daemon knows no such verb. */
static json_t *ask_list(const char *cmd, const char *member, const char *total, int *status)
{
	json_t *all = json_array();

	for (int page = 0; page < PAGES_MAX; page++) {
		json_t *members = json_pack("{s:i}", "from", (int)json_array_size(all));
		json_t *reply = ask(cmd, members, status);
		json_t *list = json_object_get(reply, member);
		bool more = json_array_size(list) > 0;

		json_array_extend(all, list);
		more = more && (long long)json_array_size(all) < reply_whole(reply, total);
		json_decref(members);
		json_decref(reply);
		if (!more)
			break;
	}
	return all;
}

/* EXIT_OK, or the status to exit with, and said */
static int look(struct top_sample *sample)
{
	int status;

	memset(sample, 0, sizeof(*sample));
	sample->status = ask_good("status", NULL, &status);
	if (!sample->status)
		return status;
	sample->meter = ask_good("meter", NULL, &status);
	if (sample->meter)
		sample->displays = ask_list("displays", "displays", "display_count", &status);
	if (sample->displays)
		sample->rules = ask_list("rules", "states", "total", &status);
	if (sample->rules)
		return EXIT_OK;
	top_sample_free(sample);
	return status == EXIT_OK ? EXIT_FAILED : status;
}

/* ---- a screen ----------------------------------------------------------------------- */

#ifdef WITH_CURSES
static void keep_message(enum log_level level, const char *message, void *user)
{
	(void)level;
	snprintf(user, TOP_LINE_SIZE, "%s", message);
}

static void draw(const struct top_page *page)
{
	erase();
	for (size_t i = 0; i < page->count; i++) {
		bool title = strncmp(page->lines[i], "OUT", 3) == 0 ||
		             strncmp(page->lines[i], "DISPLAYS", 8) == 0 ||
		             strncmp(page->lines[i], "RULES", 5) == 0;

		attrset(title ? A_BOLD : A_NORMAL);
		mvaddstr((int)i, 0, page->lines[i]);
	}
	attrset(A_NORMAL);
	mvaddnstr(LINES - 1, 0, "q ends", COLS);
	refresh();
}

/* For so long a key is waited for; false: it ends. A screen that changes its size is
 * drawn at once. */
static bool wait_for_key(int wait_ms)
{
	int key;

	timeout(wait_ms);
	key = getch();
	return key != 'q' && key != 'Q' && key != 3;
}

static int run_on_screen(void)
{
	struct top_sample before = { NULL, NULL, NULL, NULL }, now;
	static struct top_page page;
	char message[TOP_LINE_SIZE] = "";
	int status = look(&now);

	if (status != EXIT_OK)
		return status;
	setlocale(LC_CTYPE, "");
	if (!newterm(NULL, stdout, stdin))
		return EXIT_FAILED;
	cbreak();
	noecho();
	curs_set(0);
	keypad(stdscr, TRUE);
	log_divert(keep_message, message);
	while (status == EXIT_OK) {
		top_view(&page, &before, &now, LINES > 2 ? (size_t)LINES - 1 : 1, (size_t)COLS);
		draw(&page);
		if (!wait_for_key(EACH_MS))
			break;
		top_sample_free(&before);
		before = now;
		status = look(&now);
	}
	endwin();
	log_divert(NULL, NULL);
	if (status != EXIT_OK)
		fprintf(stderr, "gaitctl: %s\n", message);
	else
		top_sample_free(&now);
	top_sample_free(&before);
	return status;
}

static bool has_screen(void)
{
	return !gaitctl.once && table_can_be_live() && isatty(STDIN_FILENO);
}
#else
static int run_on_screen(void)
{
	return EXIT_FAILED;
}

static bool has_screen(void)
{
	return false;
}
#endif

/* ---- lines ---------------------------------------------------------------------------- */

static void print_page(const struct top_sample *before, const struct top_sample *now)
{
	static struct top_page page;

	top_view(&page, before, now, 0, 100);
	for (size_t i = 0; i < page.count; i++)
		puts(page.lines[i]);
}

static void print_sample(const struct top_sample *before, const struct top_sample *now)
{
	json_t *all = json_pack("{s:O, s:O, s:O, s:O}", "status", now->status, "meter",
	                        now->meter, "displays", now->displays, "rules", now->rules);
	json_t *rates = top_rates(before, now);

	json_object_del(json_object_get(all, "status"), "displays"); /* all are below */
	if (rates)
		json_object_set_new(all, "rates", rates);
	print_json(all);
	json_decref(all);
}

/* A rate needs two looks: nothing is printed of the first. */
static int run_as_lines(void)
{
	static const struct timespec each = { EACH_MS / 1000, EACH_MS % 1000 * 1000000L };
	struct top_sample before, now;
	int status = look(&before);
	bool once = gaitctl.once || gaitctl.as_json;

	if (status != EXIT_OK)
		return status;
	do {
		nanosleep(&each, NULL);
		status = look(&now);
		if (status != EXIT_OK)
			break;
		(gaitctl.as_json ? print_sample : print_page)(&before, &now);
		if (!once)
			putchar('\n');
		fflush(stdout);
		top_sample_free(&before);
		before = now;
	} while (!once && !ferror(stdout));
	top_sample_free(&before);
	return status;
}

int gaitctl_top(char **words)
{
	(void)words;
	if (!gaitctl.as_json && has_screen())
		return run_on_screen();
	return run_as_lines();
}
