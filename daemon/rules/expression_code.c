/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/expression_code.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define CONSTANT_MAX 1e100 /* times any metric it is a number yet */

#define PENDING UINT8_MAX /* a jump whose target is not known yet */

static_assert(EXPRESSION_CODE_MAX < PENDING, "a jump names it in 8 bits");

static void emit(struct coder *c, struct instruction instruction)
{
	struct program *program = c->program;

	if (program->length == EXPRESSION_CODE_MAX)
		lexer_fail(c->lexer, c->lexer->at,
		           "the expression is too long: write it as two rules");
	if (!c->lexer->failed)
		program->code[program->length++] = instruction;
}

static void emit_op(struct coder *c, enum expression_op op, double constant)
{
	emit(c, (struct instruction){ .op = (uint8_t)op, .constant = constant });
}

/* The only instruction between two places, if it is of that kind; else NULL */
static struct instruction *only(struct coder *c, uint8_t start, uint8_t end,
                                enum expression_op op)
{
	struct instruction *at = &c->program->code[start];

	return !c->lexer->failed && end == start + 1 && at->op == op ? at : NULL;
}

static void drop(struct coder *c, uint8_t start)
{
	struct program *program = c->program;

	memmove(&program->code[start], &program->code[start + 1],
	        sizeof(program->code[0]) * (size_t)(program->length - start - 1));
	program->length--;
}

static void set_constant(struct coder *c, const struct operand *of,
                         struct instruction *at, double value)
{
	if (!(fabs(value) <= CONSTANT_MAX))
		lexer_fail(c->lexer, of->offset, "the number is too large");
	at->constant = value;
}

/* ---- values --------------------------------------------------------------- */

void code_constant(struct coder *c, double value)
{
	emit_op(c, OP_CONSTANT, value);
}

void code_metric(struct coder *c, enum metric metric)
{
	bool flag = metric_table[metric].dimension == DIMENSION_FLAG;

	emit(c, (struct instruction){ .op = flag ? OP_FLAG : OP_METRIC,
	                              .metric = (uint8_t)metric, .constant = 1 });
}

void code_scale(struct coder *c, const struct operand *of, double factor)
{
	uint8_t end = c->program->length;
	struct instruction *at = only(c, of->start, end, OP_CONSTANT);

	if (!at)
		at = only(c, of->start, end, OP_METRIC);
	if (at)
		set_constant(c, of, at, at->constant * factor);
	else
		emit_op(c, OP_SCALE, factor);
}

void code_product(struct coder *c, const struct operand *left,
                  const struct operand *right, double factor)
{
	struct instruction *a = only(c, left->start, right->start, OP_CONSTANT);
	struct instruction *b =
		only(c, right->start, c->program->length, OP_CONSTANT);

	if (!a && !b) {
		emit_op(c, OP_MULTIPLY, factor);
		return;
	}
	factor *= a ? a->constant : b->constant;
	drop(c, a ? left->start : right->start);
	code_scale(c, left, factor);
}

void code_quotient(struct coder *c, const struct operand *left,
                   const struct operand *right, double factor)
{
	struct instruction *divisor =
		only(c, right->start, c->program->length, OP_CONSTANT);
	double by = divisor ? divisor->constant : 1;

	if (fabs(by) <= EXPRESSION_TOLERANCE)
		lexer_fail(c->lexer, right->offset, "nothing can be divided by 0");
	if (!divisor) {
		emit_op(c, OP_DIVIDE, factor);
		return;
	}
	drop(c, right->start);
	code_scale(c, left, factor / by);
}

void code_sum(struct coder *c, const struct operand *left, bool minus,
              const struct operand *right)
{
	struct instruction *a = only(c, left->start, right->start, OP_CONSTANT);
	struct instruction *b =
		only(c, right->start, c->program->length, OP_CONSTANT);

	if (!a || !b) {
		emit_op(c, minus ? OP_SUBTRACT : OP_ADD, 0);
		return;
	}
	set_constant(c, left, a, minus ? a->constant - b->constant
	                               : a->constant + b->constant);
	c->program->length--;
}

/* ---- comparisons ---------------------------------------------------------- */

static const struct {
	enum token_kind mirrored;
	bool below;
	double tolerance; /* of the limit, so that evaluation needs none */
	enum expression_op share;
} comparisons[] = {
	[TOKEN_LESS] = { TOKEN_MORE, true, -EXPRESSION_TOLERANCE, OP_SHARE_BELOW },
	[TOKEN_LESS_EQUAL] = { TOKEN_MORE_EQUAL, true, EXPRESSION_TOLERANCE,
	                       OP_SHARE_NOT_ABOVE },
	[TOKEN_MORE] = { TOKEN_LESS, false, EXPRESSION_TOLERANCE, OP_SHARE_ABOVE },
	[TOKEN_MORE_EQUAL] = { TOKEN_LESS_EQUAL, false, -EXPRESSION_TOLERANCE,
	                       OP_SHARE_NOT_BELOW },
	[TOKEN_EQUAL] = { TOKEN_EQUAL, false, 0, OP_NEAR },
	[TOKEN_UNEQUAL] = { TOKEN_UNEQUAL, false, 0, OP_NEAR },
};

/* What lies on top, with a constant */
static void compare_constant(struct coder *c, enum token_kind comparison,
                             double limit)
{
	bool below = comparisons[comparison].below;
	struct instruction *last;

	if (c->lexer->failed)
		return;
	last = &c->program->code[c->program->length - 1];
	limit += comparisons[comparison].tolerance;
	if (comparison == TOKEN_EQUAL || comparison == TOKEN_UNEQUAL) {
		emit_op(c, OP_NEAR, limit);
		if (comparison == TOKEN_UNEQUAL)
			emit_op(c, OP_NOT, 0);
	} else if (last->op == OP_METRIC && last->constant == 1) {
		last->op = below ? OP_METRIC_BELOW : OP_METRIC_ABOVE;
		last->constant = limit;
	} else {
		emit_op(c, below ? OP_BELOW : OP_ABOVE, limit);
	}
}

/* A metric with a share of another: one instruction in place of two */
static bool compare_share(struct coder *c, const struct operand *left,
                          enum token_kind comparison, const struct operand *right)
{
	struct instruction *a = only(c, left->start, right->start, OP_METRIC);
	struct instruction *b = only(c, right->start, c->program->length, OP_METRIC);
	struct instruction *share = b;

	if (!a || !b || comparisons[comparison].share == OP_NEAR ||
	    (a->constant != 1 && b->constant != 1))
		return false;
	if (a->constant != 1) {
		comparison = comparisons[comparison].mirrored;
		share = a;
		a = b;
	}
	c->program->code[left->start] = (struct instruction){
		.op = (uint8_t)comparisons[comparison].share,
		.metric = a->metric, .other = share->metric, .constant = share->constant,
	};
	c->program->length--;
	return true;
}

void code_comparison(struct coder *c, const struct operand *left,
                     enum token_kind comparison, const struct operand *right)
{
	struct instruction *a = only(c, left->start, right->start, OP_CONSTANT);
	struct instruction *b =
		only(c, right->start, c->program->length, OP_CONSTANT);
	double limit = b ? b->constant : a ? a->constant : 0;

	if (b) {
		c->program->length--;
		compare_constant(c, comparison, limit);
	} else if (a) {
		drop(c, left->start);
		compare_constant(c, comparisons[comparison].mirrored, limit);
	} else if (!compare_share(c, left, comparison, right)) {
		emit_op(c, OP_SUBTRACT, 0);
		compare_constant(c, comparison, 0);
	}
}

/* ---- logic ---------------------------------------------------------------- */

void code_not(struct coder *c, const struct operand *of)
{
	struct instruction *flag = only(c, of->start, c->program->length, OP_FLAG);

	if (flag)
		flag->op = OP_NOT_FLAG;
	else
		emit_op(c, OP_NOT, 0);
}

void code_skip(struct coder *c, bool and)
{
	emit(c, (struct instruction){ .op = and ? OP_SKIP_FALSE : OP_SKIP_TRUE,
	                              .jump = PENDING });
}

void code_join(struct coder *c, bool and, uint8_t right_start)
{
	struct instruction *last;

	if (c->lexer->failed)
		return;
	last = &c->program->code[c->program->length - 1];
	if (c->program->length == right_start + 1 && last->op < OP_CONSTANT &&
	    last->op == expression_op_pushing(last->op)) {
		last->op = (uint8_t)(last->op + (and ? 1 : 2));
		last->jump = PENDING;
	} else {
		emit(c, (struct instruction){ .op = and ? OP_AND : OP_OR,
		                              .jump = PENDING });
	}
}

void code_land(struct coder *c, uint8_t from)
{
	struct program *program = c->program;

	for (uint8_t i = from; i < program->length; i++)
		if (program->code[i].jump == PENDING)
			program->code[i].jump = program->length;
}

void code_copy(struct coder *c, const struct instruction *code, uint8_t length)
{
	for (uint8_t i = 0; i < length; i++)
		emit(c, code[i]);
}

/* ---- what instructions do ------------------------------------------------- */

enum expression_op expression_op_pushing(enum expression_op op)
{
	return op < OP_CONSTANT ? op - op % 3 : op;
}

bool expression_op_joins_by_and(enum expression_op op)
{
	return op == OP_AND || (op < OP_CONSTANT && op % 3 == 1);
}

bool expression_op_reads_metric(enum expression_op op)
{
	return op < OP_CONSTANT || op == OP_METRIC;
}

bool expression_op_reads_other(enum expression_op op)
{
	return op >= OP_SHARE_BELOW && op < OP_CONSTANT;
}

/* Values and truths together */
static int stack_effect(enum expression_op op)
{
	if (op < OP_CONSTANT)
		return op % 3 == 0;
	if (op == OP_CONSTANT || op == OP_METRIC)
		return 1;
	if (op == OP_ADD || op == OP_SUBTRACT || op == OP_MULTIPLY || op == OP_DIVIDE ||
	    op == OP_AND ||
	    op == OP_OR)
		return -1;
	return 0;
}

unsigned code_stack_needed(const struct program *program)
{
	int depth = 0, most = 0;

	for (uint8_t i = 0; i < program->length; i++) {
		depth += stack_effect(program->code[i].op);
		most = depth > most ? depth : most;
	}
	return (unsigned)most;
}
