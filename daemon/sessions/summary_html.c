/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A summary as a page: one file, no script, nothing to be fetched. It is as wide
 * as a phone or a sheet of A4, light or dark, and tells nothing by colour alone.
 */
#include "daemon/sessions/session_series.h"
#include "daemon/sessions/summary_chart.h"
#include "daemon/sessions/summary_write.h"
#include "daemon/sessions/trend_write.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Colours that remain apart to all eyes: Okabe and Ito */
static const char style[] =
	":root{color-scheme:light dark;--ink:#1a1a1a;--soft:#4d4d4d;--paper:#fff;--card:#f3f3f0;"
	"--grid:#d8d8d4;--speed:#0072b2;--incline:#7a5c00;--cadence:#00664c;--heart:#a23b00;"
	"--band:#d9ece5}\n"
	"@media(prefers-color-scheme:dark){:root{--ink:#f0f0f0;--soft:#c4c4c4;--paper:#141414;"
	"--card:#222;--grid:#3a3a3a;--speed:#56b4e9;--incline:#e6b800;--cadence:#2fd6a4;"
	"--heart:#ff9d66;--band:#1d3a31}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;max-width:56rem;padding:1rem;background:var(--paper);"
	"color:var(--ink);font:1rem/1.45 system-ui,sans-serif;overflow-wrap:break-word}\n"
	"h1{font-size:1.7rem;margin:0;line-height:1.2}\n"
	"h2{font-size:1.1rem;margin:1.4rem 0 .4rem}\n"
	"p{margin:.3rem 0}\n"
	".soft,.about,dd small{color:var(--soft)}\n"
	".lead{font-size:1.15rem;margin:.7rem 0 1rem}\n"
	"dl{display:grid;grid-template-columns:repeat(3,1fr);gap:.6rem;margin:0}\n"
	"dl div{background:var(--card);border-radius:.5rem;padding:.5rem .7rem}\n"
	"dt{color:var(--soft);font-size:.85rem}\n"
	"dd{margin:0;font-size:1.25rem;font-weight:600;font-variant-numeric:tabular-nums}\n"
	"dd small{display:block;font-size:.82rem;font-weight:400;line-height:1.3}\n"
	"figure{margin:.5rem 0 .2rem}\n"
	"figcaption{font-size:.85rem;color:var(--soft);margin-left:2.2rem}\n"
	"figcaption b{color:var(--ink)}\n"
	".key{width:1.6rem;height:.55rem;vertical-align:middle;margin-right:.3rem}\n"
	".bandkey{margin-left:1rem;white-space:nowrap}\n"
	".plot{position:relative;margin-left:2.2rem}\n"
	".plot svg{display:block;width:100%;height:5.6rem}\n"
	".tall .plot svg{height:10rem}\n"
	".y span{position:absolute;right:calc(100% + .35rem);transform:translateY(-50%)}\n"
	".y,.x{font-size:.75rem;color:var(--soft);font-variant-numeric:tabular-nums}\n"
	".x{position:relative;height:1.2rem;margin-left:2.2rem}\n"
	".x span{position:absolute;transform:translateX(-50%)}\n"
	".x i{position:absolute;right:0;top:1rem;font-style:normal}\n"
	".flags{position:relative;margin:0 0 .6rem 2.2rem;font-size:.8rem;font-weight:600}\n"
	".rows1{height:1.2rem}.rows2{height:2.4rem}.rows3{height:3.6rem}.rows4{height:4.8rem}\n"
	".flags span{position:absolute;padding:0 .2rem;border-left:1px dashed var(--soft);"
	"line-height:1.2rem;bottom:0;white-space:nowrap}\n"
	".flags .turned{transform:translateX(-100%);border-left:0;"
	"border-right:1px dashed var(--soft)}\n"
	".r0{height:1.2rem}.r1{height:2.4rem}.r2{height:3.6rem}.r3{height:4.8rem}\n"
	"path{fill:none;vector-effect:non-scaling-stroke;stroke-linejoin:round;"
	"stroke-linecap:round}\n"
	".grid{stroke:var(--grid);stroke-width:1}\n"
	".told{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 3}\n"
	".speed{stroke:var(--speed);stroke-width:2.2}\n"
	".incline{stroke:var(--incline);stroke-width:2.2}\n"
	".under{fill:var(--incline);fill-opacity:.18}\n"
	".cadence{stroke:var(--cadence);stroke-width:2.2}\n"
	".heart{stroke:var(--heart);stroke-width:2.2;stroke-dasharray:6 3}\n"
	".band{fill:var(--band)}\n"
	".edge{stroke:var(--cadence);stroke-width:1;stroke-dasharray:5 3}\n"
	".two{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));"
	"gap:0 2rem}\n"
	"ol,ul{margin:0;padding:0;list-style:none}\n"
	".bars li{display:flex;align-items:center;gap:.5rem;font-size:.85rem;"
	"font-variant-numeric:tabular-nums;line-height:1.35}\n"
	".bars .name{width:5.6rem;text-align:right}\n"
	".bars .bar{flex:1;height:.75rem}\n"
	".bar span{display:block;height:100%}\n"
	".in{background:var(--cadence)}\n"
	".out{border:1.5px solid var(--cadence);background:var(--card)}\n"
	".out[style=\"width:0.0%\"],.in[style=\"width:0.0%\"]{border:0}\n"
	".bars .much{width:4.6rem}\n"
	".shares .name{width:9.5rem}\n"
	".told-list{columns:20rem 2;column-gap:2rem;font-size:.9rem}\n"
	".told-list li{break-inside:avoid;padding-left:5.6rem;text-indent:-5.6rem;"
	"margin-bottom:.25rem}\n"
	".told-list b{display:inline-block;width:2.4rem;text-indent:0}\n"
	".told-list .at{display:inline-block;width:3.2rem;text-indent:0;color:var(--soft);"
	"font-variant-numeric:tabular-nums}\n"
	".advice{border-left:.3rem solid var(--cadence);padding-left:.8rem;margin-top:1.4rem}\n"
	".advice h2:first-child{margin-top:0}\n"
	".wide{overflow-x:auto}\n"
	"table{border-collapse:collapse;width:100%;font-size:.85rem;"
	"font-variant-numeric:tabular-nums}\n"
	"th,td{text-align:right;padding:.15rem .5rem;border-bottom:1px solid var(--grid)}\n"
	"th{font-weight:600}\n"
	"tbody th{white-space:nowrap}\n"
	".weeks .bar{display:inline-block;width:9rem;height:.7rem;text-align:left}\n"
	".weeks .much{display:inline-block;min-width:5.2rem}\n"
	"@media(max-width:40rem){dl{grid-template-columns:repeat(2,1fr)}"
	"dl div:last-child:nth-child(odd){grid-column:1/-1}"
	".weeks .bar{width:3rem}"
	"dd{font-size:1.1rem}.bars .name{width:5rem}.shares .name{width:8rem}"
	".told-list{columns:1}}\n"
	"footer{margin-top:1.2rem;font-size:.8rem;color:var(--soft)}\n"
	"@page{size:A4;margin:10mm}\n"
	"@media print{:root{color-scheme:light;--ink:#000;--soft:#333;--paper:#fff;--card:#fff;"
	"--grid:#bbb;--speed:#0072b2;--incline:#7a5c00;--cadence:#00664c;--heart:#a23b00;"
	"--band:#e3f0ea}\n"
	"*{print-color-adjust:exact;-webkit-print-color-adjust:exact}\n"
	"html,body{font-size:7.6pt}\n"
	"body{max-width:none;padding:0;line-height:1.25}\n"
	".lead{margin:.3rem 0 .5rem}\n"
	"dl{grid-template-columns:repeat(5,1fr);gap:.4rem}\n"
	"dl div{border:1px solid var(--grid);padding:.2rem .5rem}\n"
	"dl div:first-child{grid-column:span 2}\n"
	"h2,.advice{margin:.6rem 0 .2rem}\n"
	"figure{margin:.2rem 0 .1rem}\n"
	".plot svg{height:4.2rem}\n"
	".tall .plot svg{height:8rem}\n"
	"th,td{padding:0 .5rem}\n"
	"footer{margin-top:.4rem}\n"
	"figure,.bars,.advice,tr{break-inside:avoid}}\n";

struct page {
	struct sheet *sheet;
	const struct summary_story *story;
};

static const char *said(const struct page *p, enum summary_word word)
{
	return language_text(p->story->how.language, summary_word(word));
}

static void add_element(const struct page *p, const char *open, const char *text,
                        const char *close)
{
	sheet_add(p->sheet, open);
	sheet_escape(p->sheet, text);
	sheet_add(p->sheet, close);
}

static void add_heading(const struct page *p, enum summary_word word)
{
	add_element(p, "<h2>", said(p, word), "</h2>\n");
}

/* ---- head ------------------------------------------------------------------- */

/* A tag of letters, digits and dashes; else English */
static const char *language_tag(const struct page *p)
{
	const struct language *language = p->story->how.language;
	const char *tag = language ? language->tag : "en";

	return strspn(tag, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
	                       strlen(tag) ? tag : "en";
}

static void write_head(const struct page *p)
{
	char when[32];

	summary_when(p->story->log, when);
	sheet_print(p->sheet,
	            "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\"/>\n"
	            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
	            "<meta http-equiv=\"Content-Security-Policy\" "
	            "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
	            "<meta name=\"generator\" content=\"gaitd\"/>\n<title>",
	            language_tag(p));
	sheet_escape(p->sheet, said(p, WORD_TITLE));
	sheet_print(p->sheet, "%s%s</title>\n<style>\n", *when ? " " : "", when);
	sheet_add(p->sheet, style);
	sheet_add(p->sheet, "</style>\n</head>\n<body>\n<main>\n");
}

static void write_title(const struct page *p)
{
	const struct session_log *log = p->story->log;
	char when[32], text[SUMMARY_SENTENCE_MAX];
	const char *parts[] = {
		when,
		strcmp(log->runner, "anonymous") != 0 ? log->runner : "",
		log->treadmill,
		log->footpod,
		log->ended ? "" : said(p, WORD_UNDER_WAY),
	};
	const char *between = "";

	add_element(p, "<h1>", said(p, WORD_TITLE), "</h1>\n<p class=\"about\">");
	summary_when(log, when);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!*parts[i])
			continue;
		add_element(p, between, parts[i], "");
		between = " · ";
	}
	sheet_add(p->sheet, "</p>\n");
	add_element(p, "<p class=\"lead\">",
	            summary_card_text(text, p->story->summary, &p->story->how), "</p>\n");
}

static void write_figures(const struct page *p)
{
	struct summary_figure figures[SUMMARY_FIGURES_MAX];
	size_t count = summary_figures(p->story->summary, &p->story->how, figures);

	sheet_add(p->sheet, "<dl>\n");
	for (size_t i = 0; i < count; i++) {
		const struct summary_figure *f = &figures[i];

		add_element(p, "<div><dt>", said(p, f->name), "</dt><dd>");
		sheet_escape(p->sheet, *f->value ? f->value : "–");
		if (*f->detail)
			add_element(p, "<small>", f->detail, "</small>");
		sheet_add(p->sheet, "</dd></div>\n");
	}
	sheet_add(p->sheet, "</dl>\n");
}

/* ---- body ------------------------------------------------------------------- */

static void write_share(const struct page *p, enum summary_word name, const char *bar,
                        uint32_t part)
{
	uint32_t whole = summary_band_s(&p->story->summary->band);
	char text[FIGURE_TEXT_MAX];

	add_element(p, "<li><span class=\"name\">", said(p, name), "</span>");
	sheet_print(p->sheet, "<span class=\"bar\"><span class=\"%s\" style=\"width:%.1f%%\">"
	                      "</span></span><span class=\"much\">%s</span></li>\n",
	            bar, 100.0 * part / whole,
	            figure_percent(text, &p->story->how, 100.0 * part / whole, 0));
}

static void write_spread(const struct page *p)
{
	const struct summary_band *band = &p->story->summary->band;

	sheet_add(p->sheet, "<section>");
	add_heading(p, WORD_SPREAD);
	chart_spread(p->sheet, p->story);
	if (summary_band_s(band) > 0) {
		sheet_add(p->sheet, "<p class=\"soft\">▸ ");
		sheet_escape(p->sheet, said(p, WORD_BAND));
		sheet_print(p->sheet, " %d–%d</p>", band->low_spm, band->high_spm);
	}
	sheet_add(p->sheet, "</section>\n");
}

static void write_shares(const struct page *p)
{
	const struct summary_band *band = &p->story->summary->band;

	add_heading(p, WORD_AGAINST);
	sheet_add(p->sheet, "<ol class=\"bars shares\">\n");
	write_share(p, WORD_ABOVE, "out", band->above_s);
	write_share(p, WORD_INSIDE, "in", band->inside_s);
	write_share(p, WORD_BELOW, "out", band->below_s);
	sheet_add(p->sheet, "</ol>\n");
}

static void write_advice(const struct page *p)
{
	const struct session_summary *s = p->story->summary;
	const struct language *language = p->story->how.language;
	const struct summary_manner english = { NULL, p->story->how.miles };
	char text[SUMMARY_SENTENCE_MAX], moves[768];

	sheet_add(p->sheet, "<div class=\"advice\">\n");
	add_heading(p, WORD_TOMORROW);
	for (size_t i = 0; i < s->advice_count; i++) {
		add_element(p, "<p>", summary_advice_text(text, s, s->advice[i], &p->story->how),
		            "</p>\n");
		if (language && !language->reviewed && summary_advice_matters(s->advice[i]))
			add_element(p, "<p class=\"soft\" lang=\"en\">",
			            summary_advice_text(text, s, s->advice[i], &english),
			            "</p>\n");
	}
	summary_moves(p->story, moves);
	if (*moves) {
		add_heading(p, WORD_AFTER);
		add_element(p, "<p>", moves, "</p>\n");
	}
	sheet_add(p->sheet, "</div>\n");
}

/* Side by side, where there is room */
static void write_cadence_and_advice(const struct page *p)
{
	sheet_add(p->sheet, "<div class=\"two\">\n");
	if (p->story->summary->bins.count > 0)
		write_spread(p);
	sheet_add(p->sheet, "<section>");
	if (summary_band_s(&p->story->summary->band) > 0)
		write_shares(p);
	write_advice(p);
	sheet_add(p->sheet, "</section>\n</div>\n");
}

static void write_levels(const struct page *p)
{
	const struct session_summary *s = p->story->summary;
	const char *between = "";

	sheet_add(p->sheet, "<p class=\"soft\">");
	for (int i = SUMMARY_LEVELS - 1; i >= 0; i--) {
		if (s->prompts[i].given == 0)
			continue;
		sheet_print(p->sheet, "%s%s ", between, chart_level_mark((enum display_level)i));
		sheet_escape(p->sheet,
		             summary_level_word((enum display_level)i, &p->story->how));
		sheet_print(p->sheet, ": %u ", s->prompts[i].given);
		sheet_escape(p->sheet, said(p, WORD_GIVEN));
		if (s->prompts[i].answered > 0) {
			sheet_print(p->sheet, ", %u ", s->prompts[i].answered);
			sheet_escape(p->sheet, said(p, WORD_ANSWERED));
		}
		between = " · ";
	}
	sheet_add(p->sheet, "</p>\n");
}

static void write_prompts(const struct page *p)
{
	const struct session_log *log = p->story->log;
	char time[FIGURE_TEXT_MAX];
	unsigned number = 0;

	add_heading(p, WORD_PROMPTS);
	if (p->story->summary->prompt_count == 0) {
		add_element(p, "<p>", said(p, WORD_NO_PROMPTS), "</p>\n");
		return;
	}
	write_levels(p);
	sheet_add(p->sheet, "<ol class=\"told-list\">\n");
	for (size_t i = 0; i < log->event_count; i++) {
		const struct session_event *event = &log->events[i];

		if (event->kind != SESSION_EVENT_PROMPT)
			continue;
		sheet_print(p->sheet, "<li><b>%s%u</b><span class=\"at\">%s</span>",
		            chart_level_mark(event->level), ++number,
		            figure_time(time, event->at_s));
		sheet_escape(p->sheet, *event->text ? event->text : event->headline);
		sheet_add(p->sheet, "</li>\n");
	}
	sheet_add(p->sheet, "</ol>\n");
}

/* ---- the figures over the time ---------------------------------------------- */

#define TABLE_ROWS 12

static void write_cell(const struct page *p, const struct series *series, size_t row,
                       double scale, int decimals)
{
	char text[FIGURE_TEXT_MAX];

	if (isfinite(series->value[row]))
		sheet_print(p->sheet, "<td>%s</td>",
		            figure_number(text, &p->story->how, series->value[row] * scale,
		                          decimals));
	else
		sheet_add(p->sheet, "<td>–</td>");
}

static void write_table_head(const struct page *p)
{
	static const enum summary_word names[] = { WORD_INCLINE, WORD_CADENCE, WORD_BAND,
		                                   WORD_HEART };

	add_element(p, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"",
	            said(p, WORD_FIGURES), "\"><table>\n<thead><tr>");
	add_element(p, "<th scope=\"col\">", said(p, WORD_TIME), "</th>");
	add_element(p, "<th scope=\"col\">", said(p, WORD_SPEED), ", ");
	sheet_print(p->sheet, "%s</th>", figure_speed_unit(&p->story->how));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		add_element(p, "<th scope=\"col\">", said(p, names[i]), "");
		sheet_add(p->sheet, i == 0 ? ", %</th>" : "</th>");
	}
	sheet_add(p->sheet, "</tr></thead>\n<tbody>\n");
}

static void write_table(const struct page *p)
{
	double scale = figure_shown_speed(&p->story->how, 1);
	struct series series[SERIES_KINDS];
	char from[FIGURE_TEXT_MAX], to[FIGURE_TEXT_MAX];

	for (int kind = 0; kind < SERIES_KINDS; kind++)
		series_of(p->story->log, (enum series_kind)kind, TABLE_ROWS, &series[kind]);
	add_heading(p, WORD_FIGURES);
	write_table_head(p);
	for (size_t i = 0; i < series[0].columns; i++) {
		uint32_t length = series[0].length_s, count = (uint32_t)series[0].columns;

		sheet_print(p->sheet, "<tr><th scope=\"row\">%s–%s</th>",
		            figure_time(from, (uint32_t)(i * length / count)),
		            figure_time(to, (uint32_t)((i + 1) * length / count)));
		write_cell(p, &series[SERIES_SPEED], i, scale, 1);
		write_cell(p, &series[SERIES_INCLINE], i, 1, 1);
		write_cell(p, &series[SERIES_CADENCE], i, 1, 0);
		if (isfinite(series[SERIES_LOW].value[i]))
			sheet_print(p->sheet, "<td>%.0f–%.0f</td>", series[SERIES_LOW].value[i],
			            series[SERIES_HIGH].value[i]);
		else
			sheet_add(p->sheet, "<td>–</td>");
		write_cell(p, &series[SERIES_HEART_RATE], i, 1, 0);
		sheet_add(p->sheet, "</tr>\n");
	}
	sheet_add(p->sheet, "</tbody></table></div>\n");
}

/* ---- the weeks ---------------------------------------------------------------- */

static void write_weeks_head(const struct page *p)
{
	static const enum summary_word names[] = { WORD_WEEK, WORD_RUNS, WORD_DISTANCE,
		                                   WORD_LONGEST, WORD_AGAINST_TARGET,
		                                   WORD_WORST_PAIN };

	add_element(p, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"",
	            said(p, WORD_TREND), "\"><table class=\"weeks\">\n<thead><tr>");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add_element(p, "<th scope=\"col\">", said(p, names[i]), "</th>");
	sheet_add(p->sheet, "</tr></thead>\n<tbody>\n");
}

/* `known` or a dash, in a cell */
static void write_text_cell(const struct page *p, bool known, const char *text)
{
	sheet_print(p->sheet, "<td>%s</td>", known ? text : "–");
}

static void write_week(const struct page *p, const struct trend_week *week, double most_m)
{
	const struct summary_manner *how = &p->story->how;
	char text[FIGURE_TEXT_MAX], date[16];

	sheet_print(p->sheet, "<tr><th scope=\"row\">%s</th><td>%u</td><td>",
	            trend_date(week, date), week->runs);
	chart_bar(p->sheet, "in", most_m > 0 ? week->distance_m / most_m : 0);
	sheet_print(p->sheet, "<span class=\"much\">%s</span></td>",
	            figure_distance(text, how, week->distance_m));
	write_text_cell(p, week->longest_m > 0, figure_distance(text, how, week->longest_m));
	write_text_cell(p, isfinite(week->excess_pct),
	                figure_excess(text, how, week->excess_pct));
	snprintf(text, sizeof(text), "%d/10", week->worst_pain);
	write_text_cell(p, week->worst_pain >= 0, text);
	sheet_add(p->sheet, "</tr>\n");
}

static void write_trend(const struct page *p)
{
	const struct trend *trend = p->story->trend;

	if (!trend)
		return;
	add_heading(p, WORD_TREND);
	write_weeks_head(p);
	for (size_t i = 0; i < trend->count; i++)
		write_week(p, &trend->weeks[i], trend_most_m(trend));
	sheet_add(p->sheet, "</tbody></table></div>\n");
}

void summary_write_html(struct sheet *sheet, const struct summary_story *story)
{
	const struct page p = { sheet, story };

	write_head(&p);
	write_title(&p);
	write_figures(&p);
	if (story->log->second_count > 0) {
		add_heading(&p, WORD_OVER_TIME);
		chart_over_time(sheet, story);
	}
	write_cadence_and_advice(&p);
	write_prompts(&p);
	if (story->log->second_count > 0)
		write_table(&p);
	write_trend(&p);
	if (story->log->cut)
		add_element(&p, "<p>", said(&p, WORD_CUT), "</p>\n");
	add_element(&p, "</main>\n<footer>", said(&p, WORD_DISCLAIMER),
	            "</footer>\n</body>\n</html>\n");
}
