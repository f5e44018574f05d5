/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A summary for a terminal. What is drawn is drawn by height and length, not by
 * colour.
 */
#include "daemon/core/prompt.h"
#include "daemon/rules/columns.h"
#include "daemon/sessions/civil.h"
#include "daemon/sessions/session_series.h"
#include "daemon/sessions/summary_write.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NAME_COLUMNS 14 /* at least */
#define VALUE_COLUMNS 16
#define SPARK_COLUMNS 44 /* at most */
#define RANGE_COLUMNS 16 /* "  3.8 .. 10.0" */
#define BAR_COLUMNS 30
#define WIDTH 80

struct page {
	struct sheet *sheet;
	const struct summary_story *story;
	bool ascii;
	size_t names; /* columns of the longest name, and what parts it */
};

static const char *said(const struct page *p, enum summary_word word)
{
	return language_text(p->story->how.language, summary_word(word));
}

/* In at least so many columns, and a space behind it if it is as long */
static void add_padded(const struct page *p, const char *text, size_t width)
{
	size_t used = columns(text, strlen(text));

	sheet_plain(p->sheet, text);
	sheet_repeat(p->sheet, " ", used < width ? width - used : 1);
}

/* Octets of what goes onto one line: up to a space, or as much of it as fits where
 * there is none to break at, as in Japanese */
static size_t word_length(const char *text, size_t room)
{
	size_t length = strcspn(text, " ");

	if (columns(text, length) <= room)
		return length;
	while (length > 1 && (columns(text, length) > room ||
	                      ((unsigned char)text[length] & 0xc0) == 0x80))
		length--;
	return length;
}

/* In words over as many lines as it takes, each behind `indent` columns */
static void add_wrapped(const struct page *p, const char *text, size_t indent)
{
	size_t at = indent;

	while (*text) {
		size_t length = word_length(text, WIDTH - indent);
		size_t width = columns(text, length);
		char word[SUMMARY_SENTENCE_MAX];

		if (at > indent && at + 1 + width > WIDTH) {
			sheet_add(p->sheet, "\n");
			sheet_repeat(p->sheet, " ", indent);
			at = indent;
		}
		if (at > indent)
			sheet_add(p->sheet, " ");
		at += width + (at > indent);
		snprintf(word, sizeof(word), "%.*s", (int)length, text);
		sheet_plain(p->sheet, word);
		text += length + strspn(text + length, " ");
	}
	sheet_add(p->sheet, "\n");
}

static void add_head(const struct page *p, enum summary_word word)
{
	sheet_print(p->sheet, "\n%s\n", said(p, word));
}

/* ---- who, when, on what ---------------------------------------------------- */

static void write_title(const struct page *p)
{
	const struct session_log *log = p->story->log;
	char when[32];

	summary_when(log, when);
	sheet_print(p->sheet, "%s", said(p, WORD_TITLE));
	if (strcmp(log->runner, "anonymous") != 0) {
		sheet_add(p->sheet, ", ");
		sheet_plain(p->sheet, log->runner);
	}
	sheet_print(p->sheet, "%s%s", *when ? "  " : "", when);
	if (*log->treadmill) {
		sheet_add(p->sheet, "  ");
		sheet_plain(p->sheet, log->treadmill);
	}
	if (*log->footpod) {
		sheet_add(p->sheet, "  ");
		sheet_plain(p->sheet, log->footpod);
	}
	if (!log->ended)
		sheet_print(p->sheet, "  (%s)", said(p, WORD_UNDER_WAY));
	sheet_add(p->sheet, "\n\n");
}

static size_t wider(size_t width, const char *text)
{
	size_t own = columns(text, strlen(text)) + 1;

	return own > width ? own : width;
}

static void write_figures(const struct page *p)
{
	struct summary_figure figures[SUMMARY_FIGURES_MAX];
	size_t count = summary_figures(p->story->summary, &p->story->how, figures);
	size_t values = VALUE_COLUMNS;

	for (size_t i = 0; i < count; i++)
		values = wider(values, figures[i].value);
	for (size_t i = 0; i < count; i++) {
		const struct summary_figure *f = &figures[i];

		const char *value = *f->value ? f->value : "-";

		sheet_add(p->sheet, "  ");
		add_padded(p, said(p, f->name), p->names);
		if (*f->detail)
			add_padded(p, value, values);
		else
			sheet_plain(p->sheet, value);
		add_wrapped(p, f->detail, 2 + p->names + values);
	}
}

/* ---- over the time --------------------------------------------------------- */

static const char *const blocks[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char *const strokes[] = { "_", ".", "-", "=", "+", "*", "%", "#" };
#define HEIGHTS 8

static void write_spark(const struct page *p, enum summary_word name,
                        enum series_kind kind, int decimals)
{
	const struct summary_manner *how = &p->story->how;
	char least[FIGURE_TEXT_MAX], most[FIGURE_TEXT_MAX];
	const char *const *marks = p->ascii ? strokes : blocks;
	struct series series;
	double scale = kind == SERIES_SPEED ? figure_shown_speed(how, 1) : 1;
	size_t room = WIDTH - 2 - p->names - RANGE_COLUMNS;

	series_of(p->story->log, kind, room < SPARK_COLUMNS ? room : SPARK_COLUMNS, &series);
	if (!series.any)
		return;
	sheet_add(p->sheet, "  ");
	add_padded(p, said(p, name), p->names);
	for (size_t i = 0; i < series.columns; i++) {
		double span = series.most - series.least;
		double share = span > 0 ? (series.value[i] - series.least) / span : 0.5;

		if (isnan(series.value[i]))
			sheet_add(p->sheet, " ");
		else
			sheet_add(p->sheet, marks[(size_t)(share * (HEIGHTS - 0.01))]);
	}
	sheet_print(p->sheet, "  %s .. %s\n",
	            figure_number(least, how, series.least * scale, decimals),
	            figure_number(most, how, series.most * scale, decimals));
}

static void write_sparks(const struct page *p)
{
	if (p->story->log->second_count == 0)
		return;
	add_head(p, WORD_OVER_TIME);
	write_spark(p, WORD_SPEED, SERIES_SPEED, 1);
	write_spark(p, WORD_INCLINE, SERIES_INCLINE, 1);
	write_spark(p, WORD_CADENCE, SERIES_CADENCE, 0);
	write_spark(p, WORD_HEART, SERIES_HEART_RATE, 0);
}

/* ---- cadence --------------------------------------------------------------- */

static void add_bar(const struct page *p, uint32_t part, uint32_t whole)
{
	size_t length = whole ? (size_t)(((uint64_t)part * BAR_COLUMNS + whole / 2) / whole) : 0;

	if (length == 0 && part > 0)
		length = 1;
	sheet_repeat(p->sheet, p->ascii ? "#" : "█", length);
	sheet_repeat(p->sheet, " ", BAR_COLUMNS - length);
}

static void write_share(const struct page *p, enum summary_word name, uint32_t part,
                        uint32_t whole)
{
	char percent[FIGURE_TEXT_MAX], time[FIGURE_TEXT_MAX];

	sheet_add(p->sheet, "  ");
	add_padded(p, said(p, name), NAME_COLUMNS + 4);
	add_bar(p, part, whole);
	sheet_print(p->sheet, " %6s %8s\n",
	            figure_percent(percent, &p->story->how, 100.0 * part / whole, 0),
	            figure_time(time, part));
}

static void write_band(const struct page *p)
{
	const struct summary_band *band = &p->story->summary->band;
	uint32_t whole = summary_band_s(band);

	if (whole == 0)
		return;
	add_head(p, WORD_AGAINST);
	write_share(p, WORD_ABOVE, band->above_s, whole);
	write_share(p, WORD_INSIDE, band->inside_s, whole);
	write_share(p, WORD_BELOW, band->below_s, whole);
}

static void write_bins(const struct page *p)
{
	const struct session_summary *s = p->story->summary;
	const struct summary_band *band = &s->band;
	uint32_t most = 0;
	char time[FIGURE_TEXT_MAX];

	for (size_t i = 0; i < s->bins.count; i++)
		most = s->bins.seconds[i] > most ? s->bins.seconds[i] : most;
	if (most == 0)
		return;
	add_head(p, WORD_SPREAD);
	for (size_t i = s->bins.count; i-- > 0;) {
		int32_t from = s->bins.from_spm + (int32_t)i * SUMMARY_BIN_SPM;
		int32_t to = from + SUMMARY_BIN_SPM - 1;
		bool in_band = summary_band_s(band) > 0 && to >= band->low_spm &&
		               from <= band->high_spm;

		sheet_print(p->sheet, "  %4d..%-4d %s   ", from, to,
		            in_band ? (p->ascii ? "|" : "│") : " ");
		add_bar(p, s->bins.seconds[i], most);
		sheet_print(p->sheet, "        %8s\n", figure_time(time, s->bins.seconds[i]));
	}
	if (summary_band_s(band) > 0)
		sheet_print(p->sheet, "            %s %s %d..%d\n", p->ascii ? "|" : "│",
		            said(p, WORD_BAND), band->low_spm, band->high_spm);
}

/* ---- prompts, tomorrow ----------------------------------------------------- */

static void write_prompts(const struct page *p)
{
	const struct session_log *log = p->story->log;
	const struct session_summary *s = p->story->summary;
	char time[FIGURE_TEXT_MAX];

	add_head(p, WORD_PROMPTS);
	if (s->prompt_count == 0)
		sheet_print(p->sheet, "  %s\n", said(p, WORD_NO_PROMPTS));
	for (int level = SUMMARY_LEVELS - 1; level >= 0; level--) {
		if (s->prompts[level].given == 0)
			continue;
		sheet_add(p->sheet, "  ");
		add_padded(p, summary_level_word((enum display_level)level, &p->story->how),
		           NAME_COLUMNS);
		sheet_print(p->sheet, "%u %s, %u %s\n", s->prompts[level].given,
		            said(p, WORD_GIVEN), s->prompts[level].answered,
		            said(p, WORD_ANSWERED));
	}
	for (size_t i = 0; i < log->event_count; i++) {
		const struct session_event *event = &log->events[i];

		if (event->kind != SESSION_EVENT_PROMPT)
			continue;
		sheet_print(p->sheet, "  %8s  ", figure_time(time, event->at_s));
		add_wrapped(p, *event->text ? event->text : event->headline, 12);
	}
}

static void write_advice(const struct page *p)
{
	const struct session_summary *s = p->story->summary;
	const struct language *language = p->story->how.language;
	struct summary_manner english = { NULL, p->story->how.miles };
	char text[SUMMARY_SENTENCE_MAX], moves[768];

	add_head(p, WORD_TOMORROW);
	for (size_t i = 0; i < s->advice_count; i++) {
		sheet_add(p->sheet, "  ");
		add_wrapped(p, summary_advice_text(text, s, s->advice[i], &p->story->how), 2);
		if (!language || language->reviewed || !summary_advice_matters(s->advice[i]))
			continue;
		sheet_add(p->sheet, "    ");
		add_wrapped(p, summary_advice_text(text, s, s->advice[i], &english), 4);
	}
	summary_moves(p->story, moves);
	if (!*moves)
		return;
	add_head(p, WORD_AFTER);
	sheet_add(p->sheet, "  ");
	add_wrapped(p, moves, 2);
}

/* Of the names that stand before figures and lines */
static size_t name_columns(const struct page *p)
{
	static const enum summary_word names[] = {
		WORD_DISTANCE, WORD_MOVING, WORD_PACE, WORD_SPEED, WORD_INCLINE, WORD_CADENCE,
		WORD_STEP, WORD_HEART, WORD_BACK, WORD_LOAD,
	};
	size_t width = p->names;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		width = wider(width, said(p, names[i]));
	return width < 2 * NAME_COLUMNS ? width : 2 * NAME_COLUMNS;
}

void summary_write_text(struct sheet *sheet, const struct summary_story *story, bool ascii)
{
	struct page p = { sheet, story, ascii, NAME_COLUMNS };

	p.names = name_columns(&p);
	write_title(&p);
	write_figures(&p);
	write_sparks(&p);
	write_band(&p);
	write_bins(&p);
	write_prompts(&p);
	write_advice(&p);
	if (story->log->cut)
		sheet_print(sheet, "\n%s\n", said(&p, WORD_CUT));
	sheet_print(sheet, "\n%s\n", said(&p, WORD_DISCLAIMER));
}

/* ---- what all forms have ---------------------------------------------------- */

void summary_when(const struct session_log *log, char out[32])
{
	struct tm tm = civil_of(log->start_s, log->offset_s);

	*out = '\0';
	if (log->has_start)
		strftime(out, 32, "%Y-%m-%d %H:%M", &tm);
}

void summary_moves(const struct summary_story *story, char out[768])
{
	const struct runner *who = &story->log->who;
	struct prompt_manner manner = { .miles = story->how.miles,
		                        .language = story->how.language };
	struct display_prompt prompt;
	struct metrics metrics;

	*out = '\0';
	if (!story->moves || !story->summary->moves_fit)
		return;
	for (size_t i = 0; i < METRIC_COUNT; i++)
		metrics.value[i] = NAN;
	metrics.value[METRIC_sessions] = who->sessions > 0 ? who->sessions : 0;
	prompt_render(story->moves, &metrics, &manner, &prompt);
	snprintf(out, 768, "%s", prompt.why);
}
