/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl top as lines of text: two replies of each kind go in, because a rate is
 * what they differ by. No terminal, no clock.
 */
#ifndef GAITD_TOP_VIEW_H
#define GAITD_TOP_VIEW_H

#include <jansson.h>
#include <stddef.h>

#define TOP_ROWS_MAX 200
#define TOP_WIDTH_MIN 40
#define TOP_LINE_SIZE 512

/* What the daemon told at one time; any may be NULL */
struct top_sample {
	json_t *status, *meter;
	json_t *displays; /* the list */
	json_t *rules;    /* likewise */
};
void top_sample_free(struct top_sample *sample);

struct top_page {
	char lines[TOP_ROWS_MAX][TOP_LINE_SIZE]; /* UTF-8, none wider than asked */
	size_t count;
};

/* At most `rows` lines of `width` columns; 0: as many as there are, TOP_ROWS_MAX at
 * most. What matters comes first: of rules those that speak, then those that are
 * true, then those that something else keeps quiet. `before` may be empty. */
void top_view(struct top_page *page, const struct top_sample *before,
              const struct top_sample *now, size_t rows, size_t width);

/* {"treadmill":4.0, ...,"metrics":4.0}: per second, between the two; NULL if there
 * is only one. */
json_t *top_rates(const struct top_sample *before, const struct top_sample *now);

#endif
