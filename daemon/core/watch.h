/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which rules a second can concern. Of most rules nothing is true, nothing is due
 * and nothing waits, and each of their clauses has a comparison that is not true
 * (expression_conjunct.h): such a rule sleeps until one of these turns true, or
 * what it needs comes or goes. So a second costs a comparison for each clause that
 * sleeps, however long it is. Pure.
 */
#ifndef GAITD_WATCH_H
#define GAITD_WATCH_H

#include "daemon/rules/ruleset.h"

#include <stdbool.h>
#include <stdint.h>

/* True when sign * (metric - limit) > 0; of a rule that is awake the sign is 0. */
struct watch {
	double limit, sign;
	uint16_t metric, rule;
};

struct watches {
	const struct ruleset *rules;
	struct watch *all;   /* one a clause, in the order of the rules */
	uint16_t *first;     /* one a rule: its first in `all` */
	size_t count;
	uint64_t awake[RULES_MAX / 64];
	uint64_t own[METRIC_WORDS]; /* differ from rule to rule, or within a second */
	uint8_t needed[METRIC_COUNT]; /* metrics that some rule needs */
	size_t needed_count;
	uint64_t present[METRIC_WORDS]; /* which of them are there */
	unsigned outside; /* what else all rules hang on, as the caller numbers it */
};

bool watches_init(struct watches *w, const struct ruleset *rules); /* false: memory */
void watches_free(struct watches *w);

void watches_wake_all(struct watches *w);
void watches_wake(struct watches *w, size_t rule);
/* A second: wakes whom it can concern; all when `outside` is another than before. */
void watches_look(struct watches *w, const struct metrics *metrics, unsigned outside);
/* The first that is awake, from `rule` on; the number of rules if there is none */
size_t watches_next(const struct watches *w, size_t rule);
/* Nothing is true of it, due, or waiting. `idle`: nor would be if a clause were true.
 * It stays awake if it has a clause that is not simply untrue. */
void watches_sleep(struct watches *w, size_t rule, const struct metrics *metrics,
                   bool idle);

#endif
