/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * "Did you mean": the known name that is nearest to a mistyped one.
 */
#ifndef GAITD_SUGGEST_H
#define GAITD_SUGGEST_H

#include <stddef.h>

/* The name of that index; NULL behind the last one */
typedef const char *(*suggest_name_fn)(size_t index);

/* The nearest name, or NULL when none is near: at most a third of the letters
 * left out, added, changed or swapped with their neighbour. */
const char *suggest(const char *word, size_t length, suggest_name_fn name);

/* The same among `count` names in an array */
const char *suggest_among(const char *word, size_t length,
                          const char *const *names, size_t count);

/* The same as text behind a message: "; did you mean treadmill?", else "".
 * Cut to `size`. */
void suggest_text(char *out, size_t size, const char *word, size_t length,
                  suggest_name_fn name);

#endif
