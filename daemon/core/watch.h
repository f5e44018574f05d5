/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which rules a second can concern. Of most rules each condition comes to what it came
 * to in the second before, and will for as long as some metrics stay within two
 * numbers each (expression_pins.h): such a rule sleeps until one of them leaves, or
 * until a second or an instant that it names. Of all rules' numbers for a metric the
 * innermost are kept, so that a second costs two comparisons for each metric,
 * however many rules there are. Pure.
 */
#ifndef GAITD_WATCH_H
#define GAITD_WATCH_H

#include "daemon/rules/expression_pins.h"
#include "daemon/rules/ruleset.h"

#include <stdbool.h>
#include <stdint.h>

#define WATCH_PINS_MAX 16 /* what needs more stays awake */
#define WATCH_NEVER UINT64_MAX

struct watch {
	struct pin pins[WATCH_PINS_MAX];
	uint8_t pin_count;
	uint64_t until; /* the second that it sleeps until */
	uint64_t until_us;
	uint64_t seen; /* the last second in which it was awake */
	uint64_t slept_from, restless_until; /* seconds: see watches_is_restless() */
};

struct watches {
	const struct ruleset *rules;
	struct watch *all;  /* one a rule */
	uint64_t (*users)[RULES_MAX / 64]; /* of each metric: rules that ask for it */
	struct pin bands[METRIC_COUNT]; /* the innermost of all pins of those who sleep */
	size_t band_count;
	uint8_t band_at[METRIC_COUNT]; /* of each metric, + 1; 0: it has none */
	uint64_t second;    /* how many were looked at */
	uint64_t until, until_us; /* the first of all who sleep */
	uint64_t awake[RULES_MAX / 64];
	uint64_t own[METRIC_WORDS]; /* differ from rule to rule, or within a second */
	unsigned outside; /* what else all rules hang on, as the caller numbers it */
};

/* All sleep until watches_wake_all(). False: memory */
bool watches_init(struct watches *w, const struct ruleset *rules);
void watches_free(struct watches *w);

void watches_wake_all(struct watches *w);
void watches_wake(struct watches *w, size_t rule);
/* A second: wakes whom it can concern; all when `outside` is another than before. */
void watches_look(struct watches *w, const struct metrics *metrics, unsigned outside,
                  uint64_t now_us);
/* The first that is awake, from `rule` on; the number of rules if there is none */
size_t watches_next(const struct watches *w, size_t rule);
/* How many seconds ago it was awake, or this was asked */
uint64_t watches_slept(struct watches *w, size_t rule);
/* It was woken soon the last time: to find out what would hold it is dearer than to have it
 * awake for a few seconds. */
static inline bool watches_is_restless(const struct watches *w, size_t rule)
{
	return w->second < w->all[rule].restless_until;
}

/* All of it stays as it is for as long as the pins hold, up to the second `until` and
 * the instant `until_us`. It stays awake if they are loose, or too many. */
void watches_sleep(struct watches *w, size_t rule, const struct pins *pins, uint64_t until,
                   uint64_t until_us);

#endif
