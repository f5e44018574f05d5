/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A plot is 1000 units wide and 100 high, stretched to its place; strokes are not
 * stretched with it. Words are HTML, placed in per cent.
 */
#include "daemon/sessions/session_series.h"
#include "daemon/sessions/summary_chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PLOT_WIDTH 1000.0
#define PLOT_HEIGHT 100.0
#define PLOT_MARGIN 2.0 /* above and below, for a line on the edge */
#define PLOT_COLUMNS 300u

static const char *said(const struct summary_story *story, enum summary_word word)
{
	return language_text(story->how.language, summary_word(word));
}

const char *chart_level_mark(enum display_level level)
{
	static const char *const marks[SUMMARY_LEVELS] = {
		[DISPLAY_LEVEL_SYSTEM] = "○", [DISPLAY_LEVEL_PRAISE] = "★",
		[DISPLAY_LEVEL_HABIT] = "◆",  [DISPLAY_LEVEL_FORM] = "●",
		[DISPLAY_LEVEL_LOAD] = "■",   [DISPLAY_LEVEL_SAFETY] = "▲",
	};

	return marks[level];
}

/* ---- an axis ---------------------------------------------------------------- */

struct axis {
	double from, to, step;
};

/* Ends on round numbers, with two to five steps between them */
static struct axis axis_of(double least, double most)
{
	static const double steps[] = { 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500 };
	struct axis axis = { least, most, 1 };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		axis.step = steps[i];
		axis.from = floor(least / axis.step) * axis.step;
		axis.to = ceil(most / axis.step) * axis.step;
		if (axis.to <= axis.from)
			axis.to = axis.from + axis.step;
		if ((axis.to - axis.from) / axis.step <= 4.01)
			break;
	}
	return axis;
}

/* What lies beyond the axis lies beyond the plot, which shows nothing of it. */
static double height_of(const struct axis *axis, double value)
{
	double share = (value - axis->from) / (axis->to - axis->from);

	return PLOT_HEIGHT * (1 - fmin(fmax(share, -9), 9));
}

static uint32_t minutes_step_s(uint32_t length_s)
{
	static const uint32_t minutes[] = { 1, 2, 5, 10, 15, 20, 30, 60, 120, 240 };
	size_t i = 0;

	while (i + 1 < sizeof(minutes) / sizeof(minutes[0]) && length_s / 60 / minutes[i] > 6)
		i++;
	return minutes[i] * 60;
}

/* ---- one plot --------------------------------------------------------------- */

struct plot {
	enum summary_word name;
	enum series_kind kind;
	const char *style; /* class of its line */
	bool filled;       /* down to 0 */
	bool from_zero;
	bool cropped; /* its rare low values may lie beneath the plot */
};

static double x_of(const struct series *series, size_t column)
{
	return PLOT_WIDTH * ((double)column + 0.5) / (double)series->columns;
}

/* Lines between columns that are known; a gap stays a gap. */
static void draw_line(struct sheet *sheet, const struct series *series,
                      const struct axis *axis, double scale, const char *style)
{
	bool drawing = false;

	sheet_print(sheet, "<path class=\"%s\" d=\"", style);
	for (size_t i = 0; i < series->columns; i++) {
		bool known = isfinite(series->value[i]);

		if (known)
			sheet_print(sheet, "%c%.1f %.1f", drawing ? 'L' : 'M', x_of(series, i),
			            height_of(axis, series->value[i] * scale));
		/* a point alone is a dot by its round ends */
		if (known && !drawing)
			sheet_add(sheet, "h0");
		drawing = known;
	}
	sheet_add(sheet, "\"/>");
}

/* Between two series, where both are known */
static void draw_area(struct sheet *sheet, const struct series *low,
                      const struct series *high, const struct axis *axis,
                      const char *style)
{
	size_t from = 0;

	sheet_print(sheet, "<path class=\"%s\" d=\"", style);
	while (from < low->columns) {
		size_t to = from;

		while (to < low->columns && isfinite(low->value[to]) && isfinite(high->value[to]))
			to++;
		for (size_t i = from; i < to; i++)
			sheet_print(sheet, "%c%.1f %.1f", i == from ? 'M' : 'L', x_of(high, i),
			            height_of(axis, high->value[i]));
		for (size_t i = to; i-- > from;)
			sheet_print(sheet, "L%.1f %.1f", x_of(low, i),
			            height_of(axis, low->value[i]));
		sheet_add(sheet, to > from ? "Z" : "");
		from = to + 1;
	}
	sheet_add(sheet, "\"/>");
}

static void draw_filled(struct sheet *sheet, const struct series *series,
                        const struct axis *axis, double scale)
{
	struct series low = *series, high = *series;

	for (size_t i = 0; i < series->columns; i++) {
		low.value[i] = isfinite(series->value[i]) ? 0 : (double)NAN;
		high.value[i] = series->value[i] * scale;
	}
	draw_area(sheet, &low, &high, axis, "under");
}

static unsigned steps_of(const struct axis *axis)
{
	return (unsigned)lround((axis->to - axis->from) / axis->step);
}

static void draw_grid(struct sheet *sheet, const struct axis *axis, uint32_t length_s)
{
	uint32_t step_s = minutes_step_s(length_s);

	sheet_add(sheet, "<path class=\"grid\" d=\"");
	for (unsigned i = 0; i <= steps_of(axis); i++)
		sheet_print(sheet, "M0 %.1fH%.0f", height_of(axis, axis->from + i * axis->step),
		            PLOT_WIDTH);
	for (uint32_t at_s = step_s; at_s < length_s; at_s += step_s)
		sheet_print(sheet, "M%.1f 0V%.0f", PLOT_WIDTH * at_s / length_s, PLOT_HEIGHT);
	sheet_add(sheet, "\"/>");
}

static void draw_prompts(struct sheet *sheet, const struct session_log *log,
                         uint32_t length_s)
{
	sheet_add(sheet, "<path class=\"told\" d=\"");
	for (size_t i = 0; i < log->event_count; i++)
		if (log->events[i].kind == SESSION_EVENT_PROMPT &&
		    log->events[i].at_s < length_s)
			sheet_print(sheet, "M%.1f 0V%.0f",
			            PLOT_WIDTH * log->events[i].at_s / length_s, PLOT_HEIGHT);
	sheet_add(sheet, "\"/>");
}

/* "Speed, km/h" and what the axis goes to, beside the plot */
static void label_axis(struct sheet *sheet, const struct summary_story *story,
                       const struct axis *axis)
{
	char text[FIGURE_TEXT_MAX];

	sheet_add(sheet, "<div class=\"y\" aria-hidden=\"true\">");
	for (unsigned i = 0; i <= steps_of(axis); i++) {
		double at = axis->from + i * axis->step;

		sheet_print(sheet, "<span style=\"top:%.1f%%\">%s</span>",
		            100 * (height_of(axis, at) + PLOT_MARGIN) /
		                    (PLOT_HEIGHT + 2 * PLOT_MARGIN),
		            figure_number(text, &story->how, at, axis->step < 1 ? 1 : 0));
	}
	sheet_add(sheet, "</div>");
}

static const char *unit_of(const struct summary_story *story, enum series_kind kind)
{
	switch (kind) {
	case SERIES_SPEED:
		return figure_speed_unit(&story->how);
	case SERIES_INCLINE:
		return "%";
	case SERIES_CADENCE:
		return said(story, WORD_SPM);
	case SERIES_HEART_RATE:
		return said(story, WORD_BPM);
	case SERIES_LOW:
	case SERIES_HIGH:
	case SERIES_KINDS:
		break;
	}
	return "";
}

static void title(struct sheet *sheet, const struct summary_story *story,
                  const struct plot *plot, const struct series *series, double scale)
{
	char least[FIGURE_TEXT_MAX], most[FIGURE_TEXT_MAX], time[FIGURE_TEXT_MAX];

	sheet_add(sheet, "<title>");
	sheet_escape(sheet, said(story, plot->name));
	sheet_add(sheet, "</title><desc>");
	sheet_print(sheet, "%s–%s ", figure_number(least, &story->how, series->least * scale, 1),
	            figure_number(most, &story->how, series->most * scale, 1));
	sheet_escape(sheet, unit_of(story, plot->kind));
	sheet_print(sheet, ", %s</desc>", figure_time(time, series->length_s));
}

struct band {
	struct series low, high;
};

static void draw_band(struct sheet *sheet, const struct band *band, const struct axis *axis)
{
	if (!band->low.any)
		return;
	draw_area(sheet, &band->low, &band->high, axis, "band");
	draw_line(sheet, &band->low, axis, 1, "edge");
	draw_line(sheet, &band->high, axis, 1, "edge");
}

/* The name, the unit and, of cadence, what the hatched band is */
static void caption(struct sheet *sheet, const struct summary_story *story,
                    const struct plot *plot, bool banded)
{
	const struct summary_band *band = &story->summary->band;

	sheet_print(sheet, "<figcaption><svg class=\"key\" viewBox=\"0 0 24 8\" "
	                   "aria-hidden=\"true\"><path class=\"%s\" d=\"M0 4H24\"/></svg><b>",
	            plot->style);
	sheet_escape(sheet, said(story, plot->name));
	sheet_add(sheet, "</b> ");
	sheet_escape(sheet, unit_of(story, plot->kind));
	if (banded) {
		sheet_add(sheet, " <span class=\"bandkey\"><svg class=\"key\" viewBox=\"0 0 24 8\" "
		                 "aria-hidden=\"true\"><path class=\"band\" d=\"M0 0H24V8H0Z\"/>"
		                 "<path class=\"edge\" d=\"M0 .5H24M0 7.5H24\"/></svg>");
		sheet_escape(sheet, said(story, WORD_BAND));
		sheet_print(sheet, " %d–%d</span>", band->low_spm, band->high_spm);
	}
	sheet_add(sheet, "</figcaption>");
}

/* What all but a twenty-fifth of the columns are at or above: the first steps on a
 * belt would press all others together. */
static double usual_least(const struct series *series)
{
	double low[PLOT_COLUMNS / 25 + 1];
	size_t count = 0, room;

	for (size_t i = 0; i < series->columns; i++)
		count += isfinite(series->value[i]) ? 1 : 0;
	room = count / 25 + 1;
	count = 0;
	for (size_t i = 0; i < series->columns; i++) {
		double value = series->value[i];
		size_t at = count;

		if (!isfinite(value) || (count == room && value >= low[count - 1]))
			continue;
		if (count < room)
			count++;
		else
			at--;
		for (; at > 0 && low[at - 1] > value; at--)
			low[at] = low[at - 1];
		low[at] = value;
	}
	return count > 0 ? low[count - 1] : (double)NAN;
}

static struct axis plot_axis(const struct plot *plot, const struct series *series,
                             const struct band *band, bool banded, double scale)
{
	double least = plot->cropped ? usual_least(series) : series->least * scale;
	double most = series->most * scale;

	if (plot->from_zero) {
		least = fmin(least, 0);
		most = fmax(most, 1);
	}
	if (banded) {
		least = fmin(least, band->low.least);
		most = fmax(most, band->high.most);
	}
	return axis_of(least, most);
}

static void draw_plot(struct sheet *sheet, const struct summary_story *story,
                      const struct plot *plot)
{
	double scale = plot->kind == SERIES_SPEED ? figure_shown_speed(&story->how, 1) : 1;
	struct series series;
	struct band band;
	struct axis axis;
	bool banded;

	series_of(story->log, plot->kind, PLOT_COLUMNS, &series);
	series_of(story->log, SERIES_LOW, PLOT_COLUMNS, &band.low);
	series_of(story->log, SERIES_HIGH, PLOT_COLUMNS, &band.high);
	banded = plot->kind == SERIES_CADENCE && band.low.any;
	if (!series.any)
		return;
	axis = plot_axis(plot, &series, &band, banded, scale);
	sheet_print(sheet, "<figure%s>", banded ? " class=\"tall\"" : "");
	caption(sheet, story, plot, banded);
	sheet_add(sheet, "<div class=\"plot\">");
	label_axis(sheet, story, &axis);
	sheet_print(sheet, "<svg role=\"img\" viewBox=\"0 %.0f %.0f %.0f\" "
	                   "preserveAspectRatio=\"none\">",
	            -PLOT_MARGIN, PLOT_WIDTH, PLOT_HEIGHT + 2 * PLOT_MARGIN);
	title(sheet, story, plot, &series, scale);
	draw_grid(sheet, &axis, series.length_s);
	if (banded)
		draw_band(sheet, &band, &axis);
	if (plot->filled)
		draw_filled(sheet, &series, &axis, scale);
	draw_prompts(sheet, story->log, series.length_s);
	draw_line(sheet, &series, &axis, scale, plot->style);
	sheet_add(sheet, "</svg></div></figure>\n");
}

/* ---- over the time ---------------------------------------------------------- */

#define FLAG_ROWS 4
#define FLAG_WIDTH_PCT 8.5 /* of a number, on a phone */

struct flags {
	double row_end[FLAG_ROWS];
	size_t rows; /* used */
	unsigned number;
};

/* Numbers that would lie over each other go a row up; one at the end stands on
 * the other side of its line. */
static void draw_flag(struct sheet *sheet, struct flags *flags, double at,
                      enum display_level level)
{
	bool turned = at > 100 - FLAG_WIDTH_PCT;
	double from = turned ? at - FLAG_WIDTH_PCT : at;
	size_t row = 0;

	while (row + 1 < FLAG_ROWS && flags->row_end[row] > from)
		row++;
	flags->row_end[row] = from + FLAG_WIDTH_PCT;
	if (row >= flags->rows)
		flags->rows = row + 1;
	sheet_print(sheet, "<span class=\"r%zu%s\" style=\"left:%.1f%%\">%s%u</span>", row,
	            turned ? " turned" : "", at, chart_level_mark(level), ++flags->number);
}

static void draw_flags(struct sheet *sheet, const struct session_log *log, uint32_t length_s)
{
	struct flags flags = { .rows = 0 };
	struct sheet spans = { .bytes = NULL };

	for (size_t i = 0; i < log->event_count; i++) {
		const struct session_event *event = &log->events[i];

		if (event->kind == SESSION_EVENT_PROMPT)
			draw_flag(&spans, &flags, fmin(100.0 * event->at_s / length_s, 100),
			          event->level);
	}
	if (flags.rows > 0)
		sheet_print(sheet, "<div class=\"flags rows%zu\" aria-hidden=\"true\">",
		            flags.rows);
	sheet_add(sheet, spans.bytes ? spans.bytes : "");
	sheet_add(sheet, flags.rows > 0 ? "</div>\n" : "");
	sheet->failed = sheet->failed || spans.failed;
	sheet_free(&spans);
}

static void draw_minutes(struct sheet *sheet, const struct summary_story *story,
                         uint32_t length_s)
{
	uint32_t step_s = minutes_step_s(length_s);

	sheet_add(sheet, "<div class=\"x\" aria-hidden=\"true\">");
	for (uint32_t at_s = 0; at_s <= length_s; at_s += step_s)
		sheet_print(sheet, "<span style=\"left:%.1f%%\">%u</span>",
		            100.0 * at_s / length_s, at_s / 60);
	sheet_add(sheet, "<i>");
	sheet_escape(sheet, said(story, WORD_MINUTES));
	sheet_add(sheet, "</i></div>\n");
}

void chart_over_time(struct sheet *sheet, const struct summary_story *story)
{
	static const struct plot plots[] = {
		{ WORD_SPEED, SERIES_SPEED, "speed", false, true, false },
		{ WORD_INCLINE, SERIES_INCLINE, "incline", true, true, false },
		{ WORD_CADENCE, SERIES_CADENCE, "cadence", false, false, true },
		{ WORD_HEART, SERIES_HEART_RATE, "heart", false, false, false },
	};
	struct series series;

	series_of(story->log, SERIES_SPEED, 1, &series);
	draw_flags(sheet, story->log, series.length_s);
	for (size_t i = 0; i < sizeof(plots) / sizeof(plots[0]); i++)
		draw_plot(sheet, story, &plots[i]);
	draw_minutes(sheet, story, series.length_s);
}

/* ---- bars ------------------------------------------------------------------- */

void chart_bar(struct sheet *sheet, const char *style, double share)
{
	sheet_print(sheet, "<span class=\"bar\"><span class=\"%s\" style=\"width:%.1f%%\">"
	                   "</span></span>", style, 100 * share);
}

void chart_spread(struct sheet *sheet, const struct summary_story *story)
{
	const struct session_summary *s = story->summary;
	bool banded = summary_band_s(&s->band) > 0;
	uint32_t most = 0;
	char time[FIGURE_TEXT_MAX];

	for (size_t i = 0; i < s->bins.count; i++)
		most = s->bins.seconds[i] > most ? s->bins.seconds[i] : most;
	sheet_add(sheet, "<ol class=\"bars\">");
	for (size_t i = s->bins.count; i-- > 0;) {
		int32_t from = s->bins.from_spm + (int32_t)i * SUMMARY_BIN_SPM;
		int32_t to = from + SUMMARY_BIN_SPM - 1;
		bool inside = banded && to >= s->band.low_spm && from <= s->band.high_spm;

		sheet_print(sheet, "<li><span class=\"name\">%d–%d%s</span>", from, to,
		            inside ? " ▸" : "");
		chart_bar(sheet, inside ? "in" : "out", (double)s->bins.seconds[i] / most);
		sheet_print(sheet, "<span class=\"much\">%s</span></li>",
		            figure_time(time, s->bins.seconds[i]));
	}
	sheet_add(sheet, "</ol>\n");
}
