/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/expression_parse.h"
#include "daemon/core/expression_lex.h"
#include "daemon/core/expression_units.h"
#include "daemon/core/suggest.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define NESTING_MAX 32
#define PENDING UINT8_MAX /* a jump whose target is not known yet */

static_assert(EXPRESSION_CODE_MAX < PENDING, "a jump names it in 8 bits");

struct parser {
	struct lexer lexer;
	struct token token;  /* the one to look at */
	size_t end;          /* of the token before it */
	unsigned nesting;
	struct program *program;
};

static struct operand parse_or(struct parser *p);

static void advance(struct parser *p)
{
	p->end = p->token.offset + p->token.length;
	p->token = lexer_next(&p->lexer);
}

static void fail_expected(struct parser *p, const char *expected)
{
	const struct token *found = &p->token;

	if (found->kind == TOKEN_END)
		lexer_fail(&p->lexer, found->offset, "expected %s, but the text ends",
		           expected);
	else
		lexer_fail(&p->lexer, found->offset, "expected %s, found \"%.*s\"",
		           expected, found->length > 40 ? 40 : (int)found->length,
		           p->lexer.text + found->offset);
}

static bool enter(struct parser *p)
{
	if (p->nesting == NESTING_MAX)
		lexer_fail(&p->lexer, p->token.offset,
		           "more than %d levels of brackets and signs: write it flat, "
		           "or as two rules", NESTING_MAX);
	p->nesting++;
	return !p->lexer.failed;
}

/* ---- code ----------------------------------------------------------------- */

static void emit(struct parser *p, enum expression_op op, unsigned operand,
                 double constant)
{
	struct program *program = p->program;

	if (program->length == EXPRESSION_CODE_MAX)
		lexer_fail(&p->lexer, p->token.offset,
		           "the expression is too long: write it as two rules");
	if (p->lexer.failed)
		return;
	program->code[program->length++] = (struct instruction){
		.op = (uint8_t)op, .operand = (uint8_t)operand, .constant = constant,
	};
}

/* The only instruction of an operand whose code ends at `end`, or NULL */
static struct instruction *only_instruction(struct parser *p, uint8_t start,
                                            uint8_t end, enum expression_op op)
{
	struct instruction *at = &p->program->code[start];

	return !p->lexer.failed && end == start + 1 && at->op == op ? at : NULL;
}

static void drop(struct parser *p, uint8_t start)
{
	struct program *program = p->program;

	memmove(&program->code[start], &program->code[start + 1],
	        sizeof(program->code[0]) * (size_t)(program->length - start - 1));
	program->length--;
}

static void finish_constant(struct parser *p, const struct operand *of,
                            struct instruction *at, double value)
{
	if (!isfinite(value))
		lexer_fail(&p->lexer, of->offset, "the number is too large");
	at->constant = value;
}

/* ---- comparisons ---------------------------------------------------------- */

static enum token_kind mirrored(enum token_kind comparison)
{
	static const enum token_kind mirror[] = {
		[TOKEN_LESS] = TOKEN_MORE, [TOKEN_LESS_EQUAL] = TOKEN_MORE_EQUAL,
		[TOKEN_MORE] = TOKEN_LESS, [TOKEN_MORE_EQUAL] = TOKEN_LESS_EQUAL,
		[TOKEN_EQUAL] = TOKEN_EQUAL, [TOKEN_UNEQUAL] = TOKEN_UNEQUAL,
	};

	return mirror[comparison];
}

/* Compares the top of the stack with a constant. The tolerance goes into the
 * constant here, so that evaluation needs none. */
static void emit_comparison(struct parser *p, enum token_kind comparison,
                            double with)
{
	bool below = comparison == TOKEN_LESS || comparison == TOKEN_LESS_EQUAL;
	bool downwards = comparison == TOKEN_LESS || comparison == TOKEN_MORE_EQUAL;
	struct instruction *last;

	if (p->lexer.failed)
		return;
	if (comparison == TOKEN_EQUAL || comparison == TOKEN_UNEQUAL) {
		emit(p, OP_NEAR, 0, with);
		if (comparison == TOKEN_UNEQUAL)
			emit(p, OP_NOT, 0, 0);
		return;
	}
	last = &p->program->code[p->program->length - 1];
	with += downwards ? -EXPRESSION_TOLERANCE : EXPRESSION_TOLERANCE;
	if (last->op == OP_METRIC && last->constant == 1) {
		last->op = below ? OP_METRIC_BELOW : OP_METRIC_ABOVE;
		last->constant = with;
	} else {
		emit(p, below ? OP_BELOW : OP_ABOVE, 0, with);
	}
}

static void compare(struct parser *p, const struct operand *left,
                    enum token_kind comparison, const struct operand *right)
{
	struct instruction *constant;
	double with;

	expression_check_comparison(&p->lexer, left, comparison, right);
	constant = only_instruction(p, right->start, p->program->length, OP_CONSTANT);
	if (constant) {
		with = constant->constant;
		p->program->length--;
		emit_comparison(p, comparison, with);
		return;
	}
	constant = only_instruction(p, left->start, right->start, OP_CONSTANT);
	if (constant) {
		with = constant->constant;
		drop(p, left->start);
		emit_comparison(p, mirrored(comparison), with);
		return;
	}
	emit(p, OP_SUBTRACT, 0, 0);
	emit_comparison(p, comparison, 0);
}

static bool is_comparison(enum token_kind kind)
{
	return kind >= TOKEN_LESS && kind <= TOKEN_UNEQUAL;
}

/* "4 % <= incline < 8 %" may go on, "a < b > c" and "a = b = c" may not. */
static void check_chain(struct parser *p, enum token_kind before)
{
	enum token_kind now = p->token.kind;
	bool less = before == TOKEN_LESS || before == TOKEN_LESS_EQUAL;
	bool more = before == TOKEN_MORE || before == TOKEN_MORE_EQUAL;

	if ((less && (now == TOKEN_LESS || now == TOKEN_LESS_EQUAL)) ||
	    (more && (now == TOKEN_MORE || now == TOKEN_MORE_EQUAL)))
		return;
	lexer_fail(&p->lexer, p->token.offset,
	           "a chain of comparisons goes one way, as in 4 %% <= incline < 8 %%: "
	           "join others by and");
}

static void patch_jumps(struct parser *p, uint8_t from)
{
	struct program *program = p->program;

	for (uint8_t i = from; i < program->length; i++)
		if (program->code[i].op >= OP_SKIP_FALSE &&
		    program->code[i].operand == PENDING)
			program->code[i].operand = program->length;
}

static struct operand parse_sum(struct parser *p);

/* The middle of a chain is computed twice: `right`'s code is copied behind the
 * first comparison as the second one's left side. */
static struct operand next_link(struct parser *p, struct operand right,
                                const struct instruction *code, uint8_t length)
{
	right.start = p->program->length;
	for (uint8_t i = 0; i < length; i++)
		emit(p, code[i].op, code[i].operand, code[i].constant);
	return right;
}

static struct operand parse_comparison(struct parser *p)
{
	struct operand left = parse_sum(p), whole = left;
	bool first = true;

	while (is_comparison(p->token.kind)) {
		enum token_kind comparison = p->token.kind;
		struct instruction code[EXPRESSION_CODE_MAX];
		struct operand right;
		uint8_t length;

		advance(p);
		right = parse_sum(p);
		if (p->lexer.failed)
			break;
		length = (uint8_t)(p->program->length - right.start);
		memcpy(code, &p->program->code[right.start], length * sizeof(code[0]));
		compare(p, &left, comparison, &right);
		if (!first)
			emit(p, OP_AND, PENDING, 0);
		if (is_comparison(p->token.kind)) {
			check_chain(p, comparison);
			if (first)
				emit(p, OP_SKIP_FALSE, PENDING, 0);
			left = next_link(p, right, code, length);
		}
		first = false;
		whole.dimension = DIMENSION_FLAG;
		whole.literal = false;
		whole.end = p->end;
	}
	patch_jumps(p, whole.start);
	return whole;
}

/* ---- values --------------------------------------------------------------- */

static const char *metric_name(size_t index)
{
	return index < METRIC_COUNT ? metric_table[index].name : NULL;
}

static void fail_unknown_metric(struct parser *p, const struct token *name)
{
	char hint[64];

	suggest_text(hint, sizeof(hint), p->lexer.text + name->offset, name->length,
	             metric_name);
	lexer_fail(&p->lexer, name->offset, "unknown metric \"%.*s\"%s",
	           name->length > 40 ? 40 : (int)name->length,
	           p->lexer.text + name->offset,
	           *hint ? hint : "; gaitd-rules(5) lists them");
}

static struct operand parse_metric(struct parser *p)
{
	struct token name = p->token;
	struct operand out = { .start = p->program->length, .offset = name.offset };
	enum metric metric = metric_by_name(p->lexer.text + name.offset, name.length);

	if (metric == METRIC_COUNT) {
		fail_unknown_metric(p, &name);
		return out;
	}
	advance(p);
	out.end = p->end;
	out.dimension = metric_table[metric].dimension;
	emit(p, out.dimension == DIMENSION_FLAG ? OP_FLAG : OP_METRIC, metric, 1);
	return out;
}

static struct operand parse_number(struct parser *p)
{
	struct token number = p->token;
	struct operand out = {
		.start = p->program->length,
		.dimension = number.unit ? number.unit->dimension : DIMENSION_NUMBER,
		.offset = number.offset,
		.literal = true,
		.number = number.number,
	};

	advance(p);
	out.end = p->end;
	emit(p, OP_CONSTANT, 0,
	     number.unit ? number.number * number.unit->factor : number.number);
	return out;
}

static struct operand parse_brackets(struct parser *p)
{
	struct operand out = { .offset = p->token.offset };

	if (!enter(p))
		return out;
	advance(p);
	out = parse_or(p);
	out.literal = false;
	if (p->token.kind == TOKEN_CLOSE)
		advance(p);
	else
		fail_expected(p, "\")\"");
	out.end = p->end;
	p->nesting--;
	return out;
}

static struct operand parse_primary(struct parser *p)
{
	if (p->token.kind == TOKEN_NAME)
		return parse_metric(p);
	if (p->token.kind == TOKEN_NUMBER)
		return parse_number(p);
	if (p->token.kind == TOKEN_OPEN)
		return parse_brackets(p);
	fail_expected(p, "a metric or a number");
	return (struct operand){ .offset = p->token.offset };
}

/* Constant x what is left of an operand's code from `start` on */
static void emit_scaled(struct parser *p, const struct operand *of,
                        double constant)
{
	uint8_t end = p->program->length;
	struct instruction *only = only_instruction(p, of->start, end, OP_CONSTANT);

	if (!only)
		only = only_instruction(p, of->start, end, OP_METRIC);
	if (only)
		finish_constant(p, of, only, only->constant * constant);
	else
		emit(p, OP_SCALE, 0, constant);
}

/* left x right x factor, with as little code as it takes */
static void emit_product(struct parser *p, const struct operand *left,
                         const struct operand *right, double factor)
{
	uint8_t end = p->program->length;
	struct instruction *a =
		only_instruction(p, left->start, right->start, OP_CONSTANT);
	struct instruction *b = only_instruction(p, right->start, end, OP_CONSTANT);

	if (a)
		factor *= a->constant;
	else if (b)
		factor *= b->constant;
	if (a || b)
		drop(p, a ? left->start : right->start);
	if (a || b)
		emit_scaled(p, left, factor);
	else
		emit(p, OP_MULTIPLY, 0, factor);
}

static struct operand parse_unary(struct parser *p);

/* "90 % of heart_rate_max" */
static struct operand parse_share(struct parser *p)
{
	struct operand left = parse_primary(p), right;

	while (p->token.kind == TOKEN_OF) {
		if (left.dimension != DIMENSION_PERCENT)
			lexer_fail(&p->lexer, left.offset,
			           "expected a percent before \"of\", as in "
			           "90 %% of heart_rate_max");
		if (!enter(p))
			break;
		advance(p);
		right = parse_unary(p);
		p->nesting--;
		expression_check_value(&p->lexer, &right, "of");
		emit_product(p, &left, &right, 0.01);
		left.dimension = right.dimension;
		left.literal = false;
		left.end = p->end;
	}
	return left;
}

static struct operand parse_unary(struct parser *p)
{
	struct operand out;
	size_t offset = p->token.offset;

	if (p->token.kind != TOKEN_MINUS)
		return parse_share(p);
	if (!enter(p))
		return (struct operand){ .offset = offset };
	advance(p);
	out = parse_unary(p);
	p->nesting--;
	expression_check_value(&p->lexer, &out, "-");
	emit_scaled(p, &out, -1);
	out.number = -out.number;
	out.offset = offset;
	return out;
}

static struct operand parse_product(struct parser *p)
{
	struct operand left = parse_unary(p);

	while (p->token.kind == TOKEN_TIMES) {
		struct operand right;
		double factor = 1;

		advance(p);
		right = parse_unary(p);
		left.dimension =
			expression_product_dimension(&p->lexer, &left, &right, &factor);
		emit_product(p, &left, &right, factor);
		left.literal = false;
		left.end = p->end;
	}
	return left;
}

static void emit_sum(struct parser *p, const struct operand *left, bool minus,
                     const struct operand *right)
{
	struct instruction *a =
		only_instruction(p, left->start, right->start, OP_CONSTANT);
	struct instruction *b =
		only_instruction(p, right->start, p->program->length, OP_CONSTANT);

	if (!a || !b) {
		emit(p, minus ? OP_SUBTRACT : OP_ADD, 0, 0);
		return;
	}
	finish_constant(p, left, a, minus ? a->constant - b->constant
	                                  : a->constant + b->constant);
	p->program->length--;
}

static struct operand parse_sum(struct parser *p)
{
	struct operand left = parse_product(p);

	while (p->token.kind == TOKEN_PLUS || p->token.kind == TOKEN_MINUS) {
		bool minus = p->token.kind == TOKEN_MINUS;
		struct operand right;

		advance(p);
		right = parse_product(p);
		expression_check_sum(&p->lexer, &left, minus, &right);
		emit_sum(p, &left, minus, &right);
		left.literal = false;
		left.end = p->end;
	}
	return left;
}

/* ---- logic ---------------------------------------------------------------- */

static struct operand parse_not(struct parser *p)
{
	struct operand out = { .offset = p->token.offset };

	if (p->token.kind != TOKEN_NOT)
		return parse_comparison(p);
	if (!enter(p))
		return out;
	advance(p);
	out = parse_not(p);
	p->nesting--;
	expression_check_condition(&p->lexer, &out);
	emit(p, OP_NOT, 0, 0);
	return out;
}

/* a and b and c, a or b or c: left as soon as the outcome is sure */
static struct operand parse_logic(struct parser *p, enum token_kind word,
                                  struct operand (*part)(struct parser *))
{
	enum expression_op skip = word == TOKEN_AND ? OP_SKIP_FALSE : OP_SKIP_TRUE;
	enum expression_op join = word == TOKEN_AND ? OP_AND : OP_OR;
	struct operand left = part(p), right;

	if (p->token.kind != word)
		return left;
	expression_check_condition(&p->lexer, &left);
	emit(p, skip, PENDING, 0);
	while (p->token.kind == word) {
		advance(p);
		right = part(p);
		expression_check_condition(&p->lexer, &right);
		emit(p, join, PENDING, 0);
	}
	patch_jumps(p, left.start);
	left.end = p->end;
	return left;
}

static struct operand parse_and(struct parser *p)
{
	return parse_logic(p, TOKEN_AND, parse_not);
}

static struct operand parse_or(struct parser *p)
{
	return parse_logic(p, TOKEN_OR, parse_and);
}

/* ---- the whole ------------------------------------------------------------ */

static unsigned stack_needed(const struct program *program)
{
	static const int8_t effect[] = {
		[OP_CONSTANT] = 1, [OP_METRIC] = 1, [OP_FLAG] = 1,
		[OP_METRIC_BELOW] = 1, [OP_METRIC_ABOVE] = 1,
		[OP_ADD] = -1, [OP_SUBTRACT] = -1, [OP_MULTIPLY] = -1,
		[OP_AND] = -1, [OP_OR] = -1, [OP_NOT] = 0,
	};
	int depth = 0, most = 0;

	for (uint8_t i = 0; i < program->length; i++) {
		depth += effect[program->code[i].op];
		most = depth > most ? depth : most;
	}
	return (unsigned)most;
}

bool expression_parse(const char *text, struct program *out,
                      struct expression_error *error)
{
	struct parser p = { .program = out };
	struct operand whole;

	*out = (struct program){ 0 };
	lexer_init(&p.lexer, text, error);
	if (strlen(text) > EXPRESSION_TEXT_MAX)
		lexer_fail(&p.lexer, EXPRESSION_TEXT_MAX,
		           "the expression is longer than %d octets: write it as two "
		           "rules", EXPRESSION_TEXT_MAX);
	advance(&p);
	whole = parse_or(&p);
	if (p.token.kind != TOKEN_END)
		fail_expected(&p, whole.dimension == DIMENSION_FLAG
		              ? "\"and\", \"or\" or the end"
		              : "an operator or the end");
	if (stack_needed(out) > EXPRESSION_DEPTH_MAX)
		lexer_fail(&p.lexer, 0, "the expression is nested too deeply: write it "
		           "flat, or as two rules");
	out->dimension = whole.dimension;
	return !p.lexer.failed;
}
