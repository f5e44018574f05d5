/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The instructions that an expression becomes, for two stacks: one of values
 * (NaN is absent) and one of truths. What rules are mostly made of, a flag or
 * a metric compared with a number or with a share of another metric, is one
 * instruction, together with the `and` or `or` before it.
 */
#ifndef GAITD_EXPRESSION_CODE_H
#define GAITD_EXPRESSION_CODE_H

#include "daemon/rules/expression_units.h"

/* Conditions that come in three forms: push a truth; replace the truth on top
 * by it `and` this one, going on at `jump` when that is false; the same with
 * `or`, when that is true. */
#define CONDITIONS(X) \
	X(FLAG)            /* metric is true */ \
	X(NOT_FLAG)        /* metric is false */ \
	X(METRIC_BELOW)    /* metric < constant */ \
	X(METRIC_ABOVE)    /* metric > constant */ \
	X(SHARE_BELOW)     /* metric < constant x other */ \
	X(SHARE_NOT_ABOVE) /* metric <= constant x other */ \
	X(SHARE_ABOVE)     /* metric > constant x other */ \
	X(SHARE_NOT_BELOW) /* metric >= constant x other */

enum expression_op {
#define X(name) OP_##name, OP_##name##_AND, OP_##name##_OR,
	CONDITIONS(X)
#undef X
	OP_CONSTANT, /* push a value, the constant */
	OP_METRIC,   /* push a value, metric x constant */
	OP_ADD,
	OP_SUBTRACT,
	OP_MULTIPLY, /* of two, x constant */
	OP_DIVIDE,   /* of two, x constant; absent when the divisor is 0 */
	OP_SCALE,    /* x constant */
	OP_BELOW,    /* pop a value, push the truth of value < constant */
	OP_ABOVE,    /* ... of value > constant */
	OP_NEAR,     /* ... of value = constant, give or take the tolerance */
	OP_SKIP_FALSE, /* it is false: go on at `jump` */
	OP_SKIP_TRUE,
	OP_AND, /* of two; if it is false, go on at `jump` */
	OP_OR,  /* of two; if it is true, go on at `jump` */
	OP_NOT,
};

#define EXPRESSION_TOLERANCE 1e-9 /* of comparisons, in own units */

struct program {
	struct instruction code[EXPRESSION_CODE_MAX];
	uint8_t length;
	enum dimension dimension;
};

/* A program being written. Nothing is done once the lexer has failed; what is
 * too long or too large fails it. */
struct coder {
	struct program *program;
	struct lexer *lexer;
};

void code_constant(struct coder *c, double value);
void code_metric(struct coder *c, enum metric metric);
/* Operands lie one behind the other, the right one last. */
void code_comparison(struct coder *c, const struct operand *left,
                     enum token_kind comparison, const struct operand *right);
void code_sum(struct coder *c, const struct operand *left, bool minus,
              const struct operand *right);
void code_product(struct coder *c, const struct operand *left,
                  const struct operand *right, double factor);
void code_quotient(struct coder *c, const struct operand *left,
                   const struct operand *right, double factor);
void code_scale(struct coder *c, const struct operand *of, double factor);
void code_not(struct coder *c, const struct operand *of);
/* Before the second part of an `and` (or an `or`), and behind each from there
 * on; code_land() is where all of them since `from` jump to. */
void code_skip(struct coder *c, bool and);
void code_join(struct coder *c, bool and, uint8_t right_start);
void code_land(struct coder *c, uint8_t from);
/* Instructions of an operand once more, at the end */
void code_copy(struct coder *c, const struct instruction *code, uint8_t length);

/* Of the three forms of a condition the one that pushes; others as they are */
enum expression_op expression_op_pushing(enum expression_op op);
bool expression_op_joins_by_and(enum expression_op op);
bool expression_op_reads_metric(enum expression_op op);
bool expression_op_reads_other(enum expression_op op);
unsigned code_stack_needed(const struct program *program);

#endif
