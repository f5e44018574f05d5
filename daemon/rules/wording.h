/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * How a value reads inside a prompt: "7.2 km/h", "170", "4.5 mph".
 */
#ifndef GAITD_WORDING_H
#define GAITD_WORDING_H

#include "daemon/rules/ruleset.h"

/* As a display gets it: in the argument's unit, if it names one */
double wording_value(const struct rule_arg *arg, double value);
uint8_t wording_decimals(const struct rule_arg *arg);

/* How the runner has his numbers: 4.5 mph or 7.2 km/h, and the latter as 7,2 */
struct wording_habit {
	bool miles, comma;
};

/* Of an argument with words the one for this count; NULL: it has none, or the
 * count is NaN */
const char *wording_word(const struct rule_arg *arg, double count);
/* Speeds and lengths have their unit with them, the runner's; an argument that
 * names a unit is the bare number in it, or has it behind it, the runner's own,
 * if it asks for that. What is no number is "?". `size` is not 0. Returns the octets written,
 * less than `size`. */
size_t wording_print(char *out, size_t size, const struct rule_arg *arg,
                     double value, struct wording_habit habit);

#define NAME_COLUMNS_MAX 20 /* of a runner's name; what is longer is cut */
/* As wording_print() does. */
size_t wording_name(char *out, size_t size, const char *name);

/* Columns of the longest text that the argument can become */
size_t wording_columns(const struct rule_arg *arg);

#endif
