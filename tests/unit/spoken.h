/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What was said in a test: prompts and clears with their seconds. Whatever is
 * noted here must keep the rules of a display: one prompt at a time, ids that
 * rise, clears of what is shown, times that do not fall.
 */
#ifndef GAITD_SPOKEN_H
#define GAITD_SPOKEN_H

#include "daemon/rules/ruleset.h"
#include "protocol/display.h"

#define SPOKEN_MAX 512

struct spoken {
	struct {
		uint64_t t_us;
		uint32_t id;
		char word[48]; /* the rule, or why it was cleared */
	} line[SPOKEN_MAX];
	size_t count;
	struct display_prompt last; /* prompt */
	bool live;
};

void spoken_prompt(struct spoken *s, uint64_t t_us,
                   const struct display_prompt *prompt);
void spoken_clear(struct spoken *s, uint64_t t_us,
                  const struct display_clear *clear);
/* Fails unless what `rule` said (NULL: any) reads so:
 * "320 cadence-low; 328 expired" */
void spoken_check(const struct spoken *s, const char *rule,
                  const char *expected);

/* The rules as shipped, or of a text; a fault fails the test at once. */
struct ruleset rules_shipped(void);
struct ruleset rules_of(const char *yaml);

#endif
