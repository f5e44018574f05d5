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

/* Speeds and lengths have their unit with them, the runner's (`miles` or not);
 * an argument that names a unit is the bare number in it. NaN is "?".
 * Returns the octets written, less than `size`. */
size_t wording_print(char *out, size_t size, const struct rule_arg *arg,
                     double value, bool miles);

/* Columns of the longest text that the argument can become */
size_t wording_columns(const struct rule_arg *arg);

#endif
