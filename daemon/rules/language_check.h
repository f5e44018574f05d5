/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The texts of a rule set, for translators, and whether a language's words for
 * them may stand in their place.
 */
#ifndef GAITD_LANGUAGE_CHECK_H
#define GAITD_LANGUAGE_CHECK_H

#include "daemon/rules/language.h"
#include "daemon/rules/ruleset.h"

struct rule_text {
	const struct rule *rule;
	const char *member; /* "headline", "text", "why" */
	const char *text;
	size_t columns_max; /* 0: any */
};

/* The texts of a rule in the order of a file; false: there is none of that
 * number. */
bool rule_text_at(const struct rule *rule, size_t index, struct rule_text *out);

/* Calls `say` with each fault: a translation too long for a display with the
 * longest arguments, with other {placeholders} than the English, or, if
 * `complete` is asked for, one that is missing. Returns how many there were. It
 * is told, too, of translations that nothing needs (any more). `words`, until NULL,
 * are said besides; NULL: there are none. */
typedef void (*language_fault_fn)(const char *message, void *user);
size_t language_check(const struct ruleset *set, const char *const *words,
                      const struct language *language, bool complete,
                      language_fault_fn say, void *user);

#endif
