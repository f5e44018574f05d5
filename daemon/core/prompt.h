/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * From a rule and the present metrics to the words on a display.
 */
#ifndef GAITD_PROMPT_H
#define GAITD_PROMPT_H

#include "daemon/rules/ruleset.h"

#define PROMPT_UNTIL_ACKNOWLEDGED_MS 86400000u

/* Fills `out` but its id; `turn` picks among several texts, `miles` the unit
 * of speeds and lengths. */
void prompt_render(const struct rule *rule, const struct metrics *metrics,
                   uint32_t turn, bool miles, struct display_prompt *out);

#endif
