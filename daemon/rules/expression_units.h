/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which dimensions may meet in an expression; what does not fit is refused
 * with both dimensions and what to write instead.
 */
#ifndef GAITD_EXPRESSION_UNITS_H
#define GAITD_EXPRESSION_UNITS_H

#include "daemon/rules/expression_lex.h"

/* A part of an expression that has been read */
struct operand {
	uint8_t start; /* its code begins here */
	enum dimension dimension;
	size_t offset, end; /* in the text */
	bool literal;       /* a number, with or without a unit */
	bool ratio;         /* a quotient of two of one dimension */
	double number;      /* as written */
};

void expression_check_condition(struct lexer *lexer, const struct operand *of);
/* `before` is the operator that it follows */
void expression_check_value(struct lexer *lexer, const struct operand *of,
                            const char *before);
void expression_check_comparison(struct lexer *lexer, const struct operand *left,
                                 enum token_kind comparison,
                                 const struct operand *right);
void expression_check_sum(struct lexer *lexer, const struct operand *left,
                          bool minus, const struct operand *right);
/* "heart_rate / heart_rate_max > 90 %": a ratio may meet a percent. */
bool expression_ratio_with_percent(const struct operand *left,
                                   const struct operand *right);
/* `factor` makes the quotient of own units the quotient's own unit. */
enum dimension expression_quotient_dimension(struct lexer *lexer,
                                             const struct operand *left,
                                             const struct operand *right,
                                             double *factor);
/* `factor` makes the product of own units the product's own unit. */
enum dimension expression_product_dimension(struct lexer *lexer,
                                            const struct operand *left,
                                            const struct operand *right,
                                            double *factor);

#endif
