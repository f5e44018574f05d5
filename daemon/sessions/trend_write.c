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
#define BAR_COLUMNS 16

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
	size_t width;
} cells[CELLS] = {
	{ WORD_RUNS, 7 },            { WORD_DISTANCE, 11 },  { WORD_LONGEST, 11 },
	{ WORD_AGAINST_TARGET, 16 }, { WORD_WORST_PAIN, 12 },
};

static void write_week(struct sheet *sheet, const struct trend_week *week,
                       const struct summary_manner *how)
{
	char text[CELLS][FIGURE_TEXT_MAX] = { "-", "-", "-", "-", "-" };

	snprintf(text[0], sizeof(text[0]), "%u", week->runs);
	if (week->runs + week->walks > 0)
		figure_distance(text[1], how, week->distance_m);
	if (week->longest_m > 0)
		figure_distance(text[2], how, week->longest_m);
	if (isfinite(week->excess_pct))
		figure_excess(text[3], how, week->excess_pct);
	if (week->worst_pain >= 0)
		snprintf(text[4], sizeof(text[4]), "%d/10", week->worst_pain);
	for (size_t i = 0; i < CELLS; i++)
		add_cell(sheet, text[i], cells[i].width);
}

void trend_write_text(struct sheet *sheet, const struct trend *trend,
                      const struct summary_manner *how, bool ascii)
{
	double most = trend_most_m(trend);
	const char *head = language_text(how->language, summary_word(WORD_WEEK));
	char date[16];

	sheet_print(sheet, "%s\n  %s",
	            language_text(how->language, summary_word(WORD_TREND)), head);
	sheet_repeat(sheet, " ", columns(head, strlen(head)) < 10
	                                 ? 10 - columns(head, strlen(head)) : 0);
	for (size_t i = 0; i < CELLS; i++)
		add_cell(sheet, language_text(how->language, summary_word(cells[i].name)),
		         cells[i].width);
	sheet_add(sheet, "\n");
	for (size_t i = 0; i < trend->count; i++) {
		const struct trend_week *week = &trend->weeks[i];
		double share = most > 0 ? week->distance_m / most : 0;
		size_t bar = (size_t)lround(share * BAR_COLUMNS);

		sheet_print(sheet, "  %s", trend_date(week, date));
		write_week(sheet, week, how);
		sheet_repeat(sheet, " ", bar > 0 ? 2 : 0);
		sheet_repeat(sheet, ascii ? "#" : "█", bar);
		sheet_add(sheet, "\n");
	}
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
