/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The figures of a summary as a runner reads them: in his language, in his units.
 * Pure.
 */
#ifndef GAITD_SUMMARY_FIGURES_H
#define GAITD_SUMMARY_FIGURES_H

#include "daemon/sessions/summary.h"
#include "daemon/sessions/summary_words.h"

/* How it is told */
struct summary_manner {
	const struct language *language; /* NULL: English */
	bool miles;
};

#define FIGURE_TEXT_MAX 48 /* of one value with its unit */

/* Each writes its value, or "?" for what is no number, and returns `out`. */
char *figure_time(char out[FIGURE_TEXT_MAX], uint32_t seconds);
char *figure_distance(char out[FIGURE_TEXT_MAX], const struct summary_manner *how,
                      double metres);
char *figure_speed(char out[FIGURE_TEXT_MAX], const struct summary_manner *how,
                   double kmh);
char *figure_pace(char out[FIGURE_TEXT_MAX], const struct summary_manner *how,
                  double minutes);
char *figure_percent(char out[FIGURE_TEXT_MAX], const struct summary_manner *how,
                     double percent, int decimals);
/* With a sign, as +2.1 % */
char *figure_excess(char out[FIGURE_TEXT_MAX], const struct summary_manner *how,
                    double percent);
/* A bare number in the language */
char *figure_number(char out[FIGURE_TEXT_MAX], const struct summary_manner *how,
                    double value, int decimals);

/* In the speed that he reads: km/h, or miles an hour */
double figure_shown_speed(const struct summary_manner *how, double kmh);
const char *figure_speed_unit(const struct summary_manner *how);

struct summary_figure {
	enum summary_word name;
	char value[FIGURE_TEXT_MAX]; /* "": absent, and `detail` says why */
	char detail[160];
};
#define SUMMARY_FIGURES_MAX 12

/* Those of a session, in the order to be read; how many */
size_t summary_figures(const struct session_summary *s,
                       const struct summary_manner *how,
                       struct summary_figure out[SUMMARY_FIGURES_MAX]);

#define SUMMARY_SENTENCE_MAX 256

/* `how->language` NULL: as it is in English */
char *summary_advice_text(char out[SUMMARY_SENTENCE_MAX], const struct session_summary *s,
                          enum summary_advice advice, const struct summary_manner *how);
/* It is said on safety or load: with its English until the language is reviewed */
bool summary_advice_matters(enum summary_advice advice);
const char *summary_level_word(enum display_level level, const struct summary_manner *how);
/* The line for displays: how far, how the beat was, and what comes next */
char *summary_card_text(char out[SUMMARY_SENTENCE_MAX], const struct session_summary *s,
                        const struct summary_manner *how);

#endif
