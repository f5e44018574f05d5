/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * From the text of an expression to its instructions: recursive descent, with
 * units checked on the way.
 */
#ifndef GAITD_EXPRESSION_PARSE_H
#define GAITD_EXPRESSION_PARSE_H

#include "daemon/rules/expression_code.h"

/* "; did you mean heart_rate?" behind a message on an unknown metric, else "";
 * `text` may go on behind the name. */
void expression_metric_hint(const char *text, size_t length, char *out, size_t size);
bool expression_parse(const char *text, struct program *out,
                      struct expression_error *error);

#endif
