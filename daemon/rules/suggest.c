/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/suggest.h"

#include <stdio.h>
#include <string.h>

#define WORD_MAX 40

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: edits and swaps of neighbours. Three rows of the
 * table are alive at a time. */
static unsigned distance(const char *a, size_t a_length, const char *b,
                         size_t b_length)
{
	unsigned rows[3][WORD_MAX + 1];

	for (unsigned j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		unsigned *now = rows[i % 3];
		const unsigned *above = rows[(i + 2) % 3];
		const unsigned *two_above = rows[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= b_length; j++) {
			now[j] = least(least(above[j], now[j - 1]) + 1,
			               above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], two_above[j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

struct search {
	const char *word, *best;
	size_t length;
	unsigned best_distance;
};

static struct search search_start(const char *word, size_t length)
{
	return (struct search){
		.word = word,
		.length = length,
		.best_distance = (unsigned)(length + 2) / 3 + 1,
	};
}

static void consider(struct search *search, const char *candidate)
{
	size_t length = strlen(candidate);
	unsigned d;

	if (search->length == 0 || search->length > WORD_MAX || length > WORD_MAX)
		return;
	d = distance(search->word, search->length, candidate, length);
	if (d < search->best_distance) {
		search->best_distance = d;
		search->best = candidate;
	}
}

const char *suggest(const char *word, size_t length, suggest_name_fn name)
{
	struct search search = search_start(word, length);
	const char *candidate;

	for (size_t i = 0; (candidate = name(i)); i++)
		consider(&search, candidate);
	return search.best;
}

const char *suggest_among(const char *word, size_t length,
                          const char *const *names, size_t count)
{
	struct search search = search_start(word, length);

	for (size_t i = 0; i < count; i++)
		consider(&search, names[i]);
	return search.best;
}

void suggest_text(char *out, size_t size, const char *word, size_t length,
                  suggest_name_fn name)
{
	const char *best = suggest(word, length, name);

	out[0] = '\0';
	if (best)
		snprintf(out, size, "; did you mean %s?", best);
}
