/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/expression_units.h"

#include <stdio.h>

#define QUOTE_MAX 40 /* octets of the text in a message */

/* For messages: a piece of the text as "%.*s" takes it */
#define QUOTED(lexer, of) quoted_length(of), (lexer)->text + (of)->offset

static int quoted_length(const struct operand *of)
{
	size_t length = of->end > of->offset ? of->end - of->offset : 0;

	return length > QUOTE_MAX ? QUOTE_MAX : (int)length;
}

/* "speed (km/h)" */
static const char *described(enum dimension dimension, char out[40])
{
	const char *unit = dimension_unit(dimension);

	snprintf(out, 40, *unit ? "%s (%s)" : "%s", dimension_name(dimension), unit);
	return out;
}

/* A metric of that dimension that shares are taken of */
static const char *whole_of(enum dimension dimension)
{
	static const char *const wholes[DIMENSION_COUNT] = {
		[DIMENSION_SPEED] = "usual_speed",
		[DIMENSION_CADENCE] = "target_cadence",
		[DIMENSION_HEART_RATE] = "heart_rate_max",
		[DIMENSION_LENGTH] = "height",
	};

	return wholes[dimension];
}

static void fail_flag_compared(struct lexer *lexer, const struct operand *flag)
{
	lexer_fail(lexer, flag->offset, "\"%.*s\" is true or false and is not "
	           "compared: write it bare, or \"not\" before it",
	           QUOTED(lexer, flag));
}

/* What to write for a number whose unit does not fit the other side's */
static void fix_literal(char *out, size_t size, const struct operand *literal,
                        enum dimension wanted)
{
	const char *whole = whole_of(wanted);
	double number = literal->number;

	if (wanted == DIMENSION_NUMBER)
		snprintf(out, size, "write %g without a unit", number);
	else if (wanted == DIMENSION_SPEED && literal->dimension == DIMENSION_PACE &&
	         number > 0)
		snprintf(out, size, "write %.4g km/h", 60 / number);
	else if (literal->dimension == DIMENSION_PERCENT && whole)
		snprintf(out, size, "write %g %s, or a share as in %g %% of %s", number,
		         dimension_unit(wanted), number, whole);
	else
		snprintf(out, size, "write %g %s", number, dimension_unit(wanted));
}

static const char *side(const struct operand *of, char out[40])
{
	if (of->literal && of->dimension == DIMENSION_NUMBER)
		return "a bare number";
	return described(of->dimension, out);
}

/* "cannot compare speed (km/h) with a bare number: write 12 km/h" */
static void fail_mismatch(struct lexer *lexer, const char *verb,
                          const char *joint, const struct operand *left,
                          const struct operand *right)
{
	const struct operand *wrong = left->literal && !right->literal ? left : right;
	const struct operand *other = wrong == left ? right : left;
	char a[40], b[40], fix[100];

	if (wrong->literal)
		fix_literal(fix, sizeof(fix), wrong, other->dimension);
	else
		snprintf(fix, sizeof(fix), "both sides must be of one dimension");
	lexer_fail(lexer, wrong->offset, "cannot %s %s %s %s: %s", verb,
	           side(left, a), joint, side(right, b), fix);
}

static bool is_exact(enum dimension dimension)
{
	return dimension == DIMENSION_NUMBER || dimension == DIMENSION_PAIN;
}

void expression_check_comparison(struct lexer *lexer, const struct operand *left,
                                 enum token_kind comparison,
                                 const struct operand *right)
{
	if (left->dimension == DIMENSION_FLAG || right->dimension == DIMENSION_FLAG)
		fail_flag_compared(lexer, left->dimension == DIMENSION_FLAG ? left : right);
	else if (left->dimension != right->dimension)
		fail_mismatch(lexer, "compare", "with", left, right);
	else if ((comparison == TOKEN_EQUAL || comparison == TOKEN_UNEQUAL) &&
	         !is_exact(left->dimension))
		lexer_fail(lexer, left->offset, "a measured %s is hardly ever equal to "
		           "another: write a range with < and >, as in "
		           "4 %% <= incline < 8 %%", dimension_name(left->dimension));
}

void expression_check_condition(struct lexer *lexer, const struct operand *of)
{
	if (of->dimension == DIMENSION_FLAG)
		return;
	if (of->literal)
		lexer_fail(lexer, of->offset, "\"%.*s\" is a number, and a condition is "
		           "expected here, as in speed > 12 km/h", QUOTED(lexer, of));
	else
		lexer_fail(lexer, of->offset, "\"%.*s\" is a %s, and a condition is "
		           "expected here: compare it, as in \"... > 12%s%s\"",
		           QUOTED(lexer, of), dimension_name(of->dimension),
		           of->dimension == DIMENSION_NUMBER ? "" : " ",
		           dimension_unit(of->dimension));
}

void expression_check_value(struct lexer *lexer, const struct operand *of,
                            const char *before)
{
	if (of->dimension == DIMENSION_FLAG)
		lexer_fail(lexer, of->offset, "\"%.*s\" is true or false: expected a "
		           "value with a unit beside \"%s\"", QUOTED(lexer, of), before);
}

void expression_check_sum(struct lexer *lexer, const struct operand *left,
                          bool minus, const struct operand *right)
{
	expression_check_value(lexer, left, minus ? "-" : "+");
	expression_check_value(lexer, right, minus ? "-" : "+");
	if (left->dimension != right->dimension)
		fail_mismatch(lexer, minus ? "subtract" : "add",
		              minus ? "less" : "and", left, right);
}

bool expression_ratio_with_percent(const struct operand *left,
                                   const struct operand *right)
{
	return (left->ratio && right->dimension == DIMENSION_PERCENT) ||
	       (right->ratio && left->dimension == DIMENSION_PERCENT);
}

/* "pain / 10", "4 / 10 < pain" */
static bool looks_like_pain(const struct operand *left, const struct operand *right)
{
	return right->literal && right->dimension == DIMENSION_NUMBER &&
	       right->number >= 10 && right->number <= 10 &&
	       (left->dimension == DIMENSION_PAIN || left->literal);
}

enum dimension expression_quotient_dimension(struct lexer *lexer,
                                             const struct operand *left,
                                             const struct operand *right,
                                             double *factor)
{
	static const struct {
		enum dimension of, by, quotient;
		double factor;
	} quotients[] = {
		{ DIMENSION_LENGTH, DIMENSION_TIME, DIMENSION_SPEED, 3.6 },
		{ DIMENSION_LENGTH, DIMENSION_SPEED, DIMENSION_TIME, 3.6 },
		{ DIMENSION_NUMBER, DIMENSION_TIME, DIMENSION_CADENCE, 60 },
	};
	char a[40], b[40];

	expression_check_value(lexer, left, "/");
	expression_check_value(lexer, right, "/");
	if (looks_like_pain(left, right))
		lexer_fail(lexer, left->end, "/10 is the unit of pain, right behind a "
		           "number: pain >= 4 /10");
	if (right->dimension == DIMENSION_NUMBER)
		return left->dimension;
	if (left->dimension == right->dimension)
		return DIMENSION_NUMBER;
	for (size_t i = 0; i < sizeof(quotients) / sizeof(quotients[0]); i++) {
		if (left->dimension == quotients[i].of &&
		    right->dimension == quotients[i].by) {
			*factor = quotients[i].factor;
			return quotients[i].quotient;
		}
	}
	lexer_fail(lexer, right->offset, "cannot divide %s by %s: divide by a bare "
	           "number or by another %s, or length by time or speed",
	           described(left->dimension, a), described(right->dimension, b),
	           dimension_name(left->dimension));
	return left->dimension;
}

enum dimension expression_product_dimension(struct lexer *lexer,
                                            const struct operand *left,
                                            const struct operand *right,
                                            double *factor)
{
	static const struct {
		enum dimension a, b, product;
		double factor;
	} products[] = {
		{ DIMENSION_SPEED, DIMENSION_TIME, DIMENSION_LENGTH, 1 / 3.6 },
		{ DIMENSION_CADENCE, DIMENSION_TIME, DIMENSION_NUMBER, 1 / 60.0 },
	};
	char a[40], b[40];

	expression_check_value(lexer, left, "*");
	expression_check_value(lexer, right, "*");
	if (left->dimension == DIMENSION_NUMBER)
		return right->dimension;
	if (right->dimension == DIMENSION_NUMBER)
		return left->dimension;
	for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
		if ((left->dimension == products[i].a && right->dimension == products[i].b) ||
		    (left->dimension == products[i].b && right->dimension == products[i].a)) {
			*factor = products[i].factor;
			return products[i].product;
		}
	}
	if (left->dimension == DIMENSION_PERCENT && left->literal)
		lexer_fail(lexer, left->offset, "cannot multiply percent by %s: write "
		           "\"%g %% of ...\"", described(right->dimension, b), left->number);
	else
		lexer_fail(lexer, right->offset, "cannot multiply %s by %s: a product "
		           "needs a bare number on one side, or is speed * time or "
		           "cadence * time", described(left->dimension, a),
		           described(right->dimension, b));
	return left->dimension;
}
