/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * From the text of a condition to instructions for two stacks, one of values
 * (NaN is absent) and one of truths.
 */
#ifndef GAITD_EXPRESSION_PARSE_H
#define GAITD_EXPRESSION_PARSE_H

#include "daemon/core/expression.h"

enum expression_op {
	OP_CONSTANT, /* push a value, the constant */
	OP_METRIC,   /* push a value, metric x constant */
	OP_FLAG,     /* push a truth, a flag metric's */
	OP_ADD,
	OP_SUBTRACT,
	OP_MULTIPLY, /* of two, x constant */
	OP_SCALE,    /* x constant */
	OP_BELOW,    /* pop a value, push the truth of value < constant */
	OP_ABOVE,    /* ... of value > constant */
	OP_NEAR,     /* ... of value = constant, give or take the tolerance */
	OP_METRIC_BELOW, /* push the truth of metric < constant */
	OP_METRIC_ABOVE, /* ... of metric > constant */
	OP_SKIP_FALSE, /* it is false: go on at `operand` */
	OP_SKIP_TRUE,
	OP_AND, /* of two; if it is false, go on at `operand` */
	OP_OR,  /* of two; if it is true, go on at `operand` */
	OP_NOT,
};

#define EXPRESSION_TOLERANCE 1e-9 /* of comparisons, in own units */

struct program {
	struct instruction code[EXPRESSION_CODE_MAX];
	uint8_t length;
	enum dimension dimension;
};

bool expression_parse(const char *text, struct program *out,
                      struct expression_error *error);

#endif
