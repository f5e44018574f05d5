/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The weeks as text and JSON
 */
#include "daemon/rules/columns.h"
#include "daemon/sessions/civil.h"
#include "daemon/sessions/trend_write.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DAY_S 86400
#define WIDTH 80
#define DATE_COLUMNS 10
#define BAR_COLUMNS 16 /* at most */

char *trend_date(const struct trend_week *week, char out[16])
{
	struct tm tm = civil_of(week->monday * DAY_S, 0);

	strftime(out, 16, "%Y-%m-%d", &tm);
	return out;
}

double trend_most_m(const struct trend *trend)
{
	double most = 0;

	for (size_t i = 0; i < trend->count; i++)
		most = fmax(most, trend->weeks[i].distance_m);
	return most;
}

static void add_cell(struct sheet *sheet, const char *text, size_t width)
{
	size_t used = columns(text, strlen(text));

	sheet_repeat(sheet, " ", used < width ? width - used : 1);
	sheet_plain(sheet, text);
}

#define CELLS 5
static const struct {
	enum summary_word name;
	size_t width; /* of its values, at least, with what parts them */
} cells[CELLS] = {
	{ WORD_RUNS, 5 },            { WORD_DISTANCE, 10 },  { WORD_LONGEST, 10 },
	{ WORD_AGAINST_TARGET, 10 }, { WORD_WORST_PAIN, 8 },
};

struct table {
	struct sheet *sheet;
	const struct summary_manner *how;
	bool ascii;
	size_t widths[CELLS], bar;
	double most_m;
};

static const char *said(const struct summary_manner *how, enum summary_word word)
{
	return language_text(how->language, summary_word(word));
}

/* What the columns leave of the line is the bars'. */
static void measure(struct table *t)
{
	size_t used = 2 + DATE_COLUMNS + 2;

	for (size_t i = 0; i < CELLS; i++) {
		const char *name = said(t->how, cells[i].name);
		size_t width = columns(name, strlen(name)) + 2;

		t->widths[i] = width > cells[i].width ? width : cells[i].width;
		used += t->widths[i];
	}
	t->bar = used + BAR_COLUMNS <= WIDTH ? BAR_COLUMNS : used < WIDTH ? WIDTH - used : 0;
}

static void write_names(const struct table *t)
{
	const char *week = said(t->how, WORD_WEEK);
	size_t used = columns(week, strlen(week));

	sheet_print(t->sheet, "%s\n  %s", said(t->how, WORD_TREND), week);
	sheet_repeat(t->sheet, " ", used < DATE_COLUMNS ? DATE_COLUMNS - used : 0);
	for (size_t i = 0; i < CELLS; i++)
		add_cell(t->sheet, said(t->how, cells[i].name), t->widths[i]);
	sheet_add(t->sheet, "\n");
}

static void write_week(const struct table *t, const struct trend_week *week)
{
	char text[CELLS][FIGURE_TEXT_MAX] = { "-", "-", "-", "-", "-" }, date[16];
	double share = t->most_m > 0 ? week->distance_m / t->most_m : 0;
	size_t bar = (size_t)lround(share * (double)t->bar);

	snprintf(text[0], sizeof(text[0]), "%u", week->runs);
	if (week->runs + week->walks > 0)
		figure_distance(text[1], t->how, week->distance_m);
	if (week->longest_m > 0)
		figure_distance(text[2], t->how, week->longest_m);
	if (isfinite(week->excess_pct))
		figure_excess(text[3], t->how, week->excess_pct);
	if (week->worst_pain >= 0)
		snprintf(text[4], sizeof(text[4]), "%d/10", week->worst_pain);
	sheet_print(t->sheet, "  %s", trend_date(week, date));
	for (size_t i = 0; i < CELLS; i++)
		add_cell(t->sheet, text[i], t->widths[i]);
	sheet_repeat(t->sheet, " ", bar > 0 ? 2 : 0);
	sheet_repeat(t->sheet, t->ascii ? "#" : "█", bar);
	sheet_add(t->sheet, "\n");
}

void trend_write_text(struct sheet *sheet, const struct trend *trend,
                      const struct summary_manner *how, bool ascii)
{
	struct table t = { .sheet = sheet, .how = how, .ascii = ascii,
		           .most_m = trend_most_m(trend) };

	measure(&t);
	write_names(&t);
	for (size_t i = 0; i < trend->count; i++)
		write_week(&t, &trend->weeks[i]);
}

json_t *trend_write_json(const struct trend *trend)
{
	json_t *list = json_array();
	char date[16];

	for (size_t i = 0; i < trend->count; i++) {
		const struct trend_week *week = &trend->weeks[i];
		json_t *row = json_object();

		json_object_set_new(row, "monday", json_string(trend_date(week, date)));
		json_object_set_new(row, "runs", json_integer(week->runs));
		json_object_set_new(row, "walks", json_integer(week->walks));
		json_object_set_new(row, "moving_s", json_integer(week->moving_s));
		json_object_set_new(row, "distance_m",
		                    json_integer((json_int_t)week->distance_m));
		if (week->longest_m > 0)
			json_object_set_new(row, "longest_m",
			                    json_integer((json_int_t)week->longest_m));
		if (isfinite(week->excess_pct)) {
			json_object_set_new(row, "excess_pct",
			                    json_real(round(week->excess_pct * 100) / 100));
			json_object_set_new(row, "inside_pct",
			                    json_real(round(1000.0 * week->inside_s /
			                                    week->band_s) / 10));
		}
		if (week->worst_pain >= 0)
			json_object_set_new(row, "worst_pain", json_integer(week->worst_pain));
		json_array_append_new(list, row);
	}
	return list;
}
