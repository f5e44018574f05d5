/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/expression_parse.h"
#include "daemon/rules/suggest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define NESTING_MAX 32
#define WORD_MAX 48

struct parser {
	struct lexer lexer;
	struct token token;  /* the one to look at */
	size_t end;          /* of the token before it */
	unsigned nesting;
	struct coder coder;
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
	const char *instead =
		found->kind != TOKEN_NAME ? NULL
		                          : lexer_instead_of_word(p->lexer.text + found->offset,
		                                                  found->length);

	if (instead)
		lexer_fail(&p->lexer, found->offset,
		           "expected %s, found \"%.*s\": did you mean %s?", expected,
		           (int)found->length, p->lexer.text + found->offset, instead);
	else if (found->kind == TOKEN_END)
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

/* ---- comparisons ---------------------------------------------------------- */

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

static struct operand parse_sum(struct parser *p);

static uint8_t here(const struct parser *p)
{
	return p->coder.program->length;
}

/* The middle of a chain is computed twice: its code is copied behind the first
 * comparison, as the second one's left side. */
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
		length = (uint8_t)(here(p) - right.start);
		memcpy(code, &p->coder.program->code[right.start],
		       length * sizeof(code[0]));
		if (expression_ratio_with_percent(&left, &right)) {
			code_scale(&p->coder, &right, right.ratio ? 100 : 0.01);
			left.dimension = right.dimension = DIMENSION_NUMBER;
		}
		expression_check_comparison(&p->lexer, &left, comparison, &right);
		code_comparison(&p->coder, &left, comparison, &right);
		if (!first)
			code_join(&p->coder, true, left.start);
		if (is_comparison(p->token.kind)) {
			check_chain(p, comparison);
			if (first)
				code_skip(&p->coder, true);
			left = right;
			left.start = here(p);
			code_copy(&p->coder, code, length);
		}
		first = false;
		whole.dimension = DIMENSION_FLAG;
		whole.literal = false;
		whole.end = p->end;
	}
	code_land(&p->coder, whole.start);
	return whole;
}

/* ---- values --------------------------------------------------------------- */

static const char *metric_name(size_t index)
{
	return index < METRIC_COUNT ? metric_table[index].name : NULL;
}

/* "heart rate", "Heart-Rate": the words up to an operator, joined; the length */
static size_t joined_words(const char *text, char out[WORD_MAX])
{
	size_t length = 0;

	while (length + 1 < WORD_MAX && *text &&
	       strchr("abcdefghijklmnopqrstuvwxyz0123456789_- ", tolower((unsigned char)*text))) {
		int lower = tolower((unsigned char)*text);

		out[length++] = (char)(strchr(" -", *text) ? '_' : lower);
		text++;
	}
	while (length && out[length - 1] == '_')
		length--;
	out[length] = '\0';
	return length;
}

void expression_metric_hint(const char *text, size_t length, char *out, size_t size)
{
	char joined[WORD_MAX], lower[WORD_MAX];
	size_t joined_length = joined_words(text, joined);
	const char *instead = lexer_instead_of_word(joined, joined_length);

	if (!instead)
		instead = lexer_instead_of_word(text, length);
	snprintf(lower, sizeof(lower), "%.*s", (int)length, text);
	for (char *c = lower; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (metric_by_name(joined, joined_length) != METRIC_COUNT)
		instead = joined;
	else if (metric_by_name(lower, strlen(lower)) != METRIC_COUNT)
		instead = lower;
	if (instead)
		snprintf(out, size, "; did you mean %s?", instead);
	else
		suggest_text(out, size, lower, strlen(lower), metric_name);
}

static void fail_unknown_metric(struct parser *p, const struct token *name)
{
	char hint[96];

	expression_metric_hint(p->lexer.text + name->offset, name->length, hint, sizeof(hint));
	lexer_fail(&p->lexer, name->offset, "unknown metric \"%.*s\"%s",
	           name->length > 40 ? 40 : (int)name->length,
	           p->lexer.text + name->offset,
	           *hint ? hint : "; gaitd-rules(5) lists them");
}

static struct operand parse_metric(struct parser *p)
{
	struct token name = p->token;
	struct operand out = { .start = here(p), .offset = name.offset };
	enum metric metric = metric_by_name(p->lexer.text + name.offset, name.length);

	if (metric == METRIC_COUNT) {
		fail_unknown_metric(p, &name);
		return out;
	}
	advance(p);
	out.end = p->end;
	out.dimension = metric_table[metric].dimension;
	code_metric(&p->coder, metric);
	return out;
}

static struct operand parse_number(struct parser *p)
{
	struct token number = p->token;
	struct operand out = {
		.start = here(p),
		.dimension = number.unit ? number.unit->dimension : DIMENSION_NUMBER,
		.offset = number.offset,
		.literal = true,
		.number = number.number,
	};

	advance(p);
	out.end = p->end;
	code_constant(&p->coder, number.unit ? number.number * number.unit->factor
	                                     : number.number);
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
		code_product(&p->coder, &left, &right, 0.01);
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
	code_scale(&p->coder, &out, -1);
	out.number = -out.number;
	out.offset = offset;
	return out;
}

static struct operand parse_product(struct parser *p)
{
	struct operand left = parse_unary(p);

	while (p->token.kind == TOKEN_TIMES || p->token.kind == TOKEN_DIVIDED) {
		bool times = p->token.kind == TOKEN_TIMES;
		struct operand right;
		double factor = 1;

		advance(p);
		right = parse_unary(p);
		if (times) {
			left.dimension =
				expression_product_dimension(&p->lexer, &left, &right, &factor);
			code_product(&p->coder, &left, &right, factor);
			left.ratio = false;
		} else {
			enum dimension dimension = expression_quotient_dimension(
				&p->lexer, &left, &right, &factor);

			code_quotient(&p->coder, &left, &right, factor);
			left.ratio = left.dimension == right.dimension;
			left.dimension = dimension;
		}
		left.literal = false;
		left.end = p->end;
	}
	return left;
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
		code_sum(&p->coder, &left, minus, &right);
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
	code_not(&p->coder, &out);
	return out;
}

/* a and b and c, a or b or c: left as soon as the outcome is sure */
static struct operand parse_logic(struct parser *p, enum token_kind word,
                                  struct operand (*part)(struct parser *))
{
	struct operand left = part(p), right;

	if (p->token.kind != word)
		return left;
	expression_check_condition(&p->lexer, &left);
	code_skip(&p->coder, word == TOKEN_AND);
	while (p->token.kind == word) {
		advance(p);
		right = part(p);
		expression_check_condition(&p->lexer, &right);
		code_join(&p->coder, word == TOKEN_AND, right.start);
	}
	code_land(&p->coder, left.start);
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

bool expression_parse(const char *text, struct program *out,
                      struct expression_error *error)
{
	struct parser p = { .coder = { .program = out, .lexer = &p.lexer } };
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
	if (code_stack_needed(out) > EXPRESSION_DEPTH_MAX)
		lexer_fail(&p.lexer, 0, "the expression is nested too deeply: write it "
		           "flat, or as two rules");
	out->dimension = whole.dimension;
	return !p.lexer.failed;
}
