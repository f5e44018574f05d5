/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The words of a rule's condition: numbers with their units, names, operators.
 */
#ifndef GAITD_EXPRESSION_LEX_H
#define GAITD_EXPRESSION_LEX_H

#include "daemon/rules/expression.h"

enum token_kind {
	TOKEN_END,
	TOKEN_NUMBER,
	TOKEN_NAME,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_NOT,
	TOKEN_OF,
	TOKEN_LESS,
	TOKEN_LESS_EQUAL,
	TOKEN_MORE,
	TOKEN_MORE_EQUAL,
	TOKEN_EQUAL,
	TOKEN_UNEQUAL,
	TOKEN_PLUS,
	TOKEN_MINUS,
	TOKEN_TIMES,
	TOKEN_DIVIDED,
	TOKEN_OPEN,
	TOKEN_CLOSE,
};

struct token {
	enum token_kind kind;
	size_t offset, length; /* in the text */
	double number;           /* as written */
	const struct unit *unit; /* NULL: a bare number */
};

struct lexer {
	const char *text;
	size_t at;
	bool failed; /* then every token is TOKEN_END */
	struct expression_error *error;
};

void lexer_init(struct lexer *lexer, const char *text,
                struct expression_error *error);
struct token lexer_next(struct lexer *lexer);

/* What to write for a word of another language: "AND", "is", "hr"; NULL: unknown */
const char *lexer_instead_of_word(const char *word, size_t length);

/* The first failure is kept. */
void lexer_fail(struct lexer *lexer, size_t offset, const char *format, ...)
	__attribute__((cold, format(printf, 3, 4)));

#endif
