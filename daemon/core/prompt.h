/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * From a rule and the present metrics to the words on a display.
 */
#ifndef GAITD_PROMPT_H
#define GAITD_PROMPT_H

#include "daemon/rules/language.h"
#include "daemon/rules/ruleset.h"

#define PROMPT_UNTIL_ACKNOWLEDGED_MS 86400000u

/* How it is said */
struct prompt_manner {
	size_t clause; /* that speaks */
	uint32_t turn; /* which of several texts */
	bool miles;    /* the unit of speeds and lengths */
	const char *runner; /* his name; NULL: not known */
	const struct language *language; /* NULL: English */
};

/* Fills `out` but its id. A rule that the language has no words for is said in
 * English throughout; what is said on safety and load carries its English with
 * it until a native speaker has read the language's words. */
void prompt_render(const struct rule *rule, const struct metrics *metrics,
                   const struct prompt_manner *manner, struct display_prompt *out);

#endif
