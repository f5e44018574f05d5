/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Conditions of rules: compiled once with units checked, evaluated without
 * allocation. Grammar and meaning: gaitd-rules(5). Logic is three-valued: an
 * absent metric makes a comparison absent, and absent is never true.
 */
#ifndef GAITD_EXPRESSION_H
#define GAITD_EXPRESSION_H

#include "daemon/rules/metrics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPRESSION_CODE_MAX 96   /* instructions of one expression */
#define EXPRESSION_DEPTH_MAX 16  /* values on the stack */
#define EXPRESSION_TEXT_MAX 1000 /* octets of source text */

/* Failed: its arithmetic came to a number beyond all numbers. */
enum truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_ABSENT, TRUTH_FAILED };

struct instruction {
	uint8_t op; /* enum expression_op */
	uint8_t metric, other;
	uint8_t jump; /* the instruction to go on with */
	double constant;
};

struct expression {
	struct instruction *code; /* allocated at compile time */
	char *text;               /* as it was written; allocated */
	uint8_t length;           /* 0: no expression */
	enum dimension dimension; /* of the result; FLAG for a condition */
	uint64_t uses[METRIC_WORDS]; /* metrics read */
};

struct expression_error {
	size_t offset;     /* octets into the text, of what is wrong */
	char message[240]; /* what was found, what was expected, a suggestion */
};

/* A condition: the result must be a flag. False with `error` set. */
bool expression_compile_condition(const char *text, struct expression *out,
                                  struct expression_error *error);
/* A value of any dimension but a flag, for message arguments. */
bool expression_compile_value(const char *text, struct expression *out,
                              struct expression_error *error);
/* A number with its unit, "2 min", in the dimension's own unit: 120. */
bool expression_quantity(const char *text, enum dimension dimension,
                         double *out, struct expression_error *error);
/* False: out of memory; `to` is empty then. */
bool expression_copy(const struct expression *from, struct expression *to);

enum truth expression_truth(const struct expression *e,
                            const struct metrics *metrics);
double expression_value(const struct expression *e,
                        const struct metrics *metrics); /* NaN: absent */
void expression_free(struct expression *e);
bool expression_uses(const struct expression *e, enum metric metric);

#endif
