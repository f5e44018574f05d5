/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/outline.h"
#include "daemon/rules/expression_lex.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TOKENS_MAX 512

struct tokens {
	struct token token[TOKENS_MAX];
	size_t count;
};

/* The tokens of a piece of text; false if they are too many. */
static bool read_tokens(const char *text, size_t length, struct tokens *out)
{
	char piece[EXPRESSION_TEXT_MAX + 1];
	struct expression_error error;
	struct lexer lexer;
	struct token token;

	snprintf(piece, sizeof(piece), "%.*s", (int)length, text);
	lexer_init(&lexer, piece, &error);
	out->count = 0;
	while ((token = lexer_next(&lexer)).kind != TOKEN_END) {
		if (out->count == TOKENS_MAX)
			return false;
		out->token[out->count++] = token;
	}
	return true;
}

/* ---- taking apart --------------------------------------------------------- */

struct splitter {
	const struct tokens *tokens;
	struct outline *out;
};

/* The first token of that kind outside brackets from `from` on, or `to`; of a
 * closing bracket, the one that closes the first that opens */
static size_t find(const struct splitter *s, enum token_kind kind, size_t from,
                   size_t to)
{
	int nesting = 0;

	for (size_t i = from; i < to; i++) {
		enum token_kind now = s->tokens->token[i].kind;

		nesting -= now == TOKEN_CLOSE;
		if (now == kind && nesting == 0)
			return i;
		nesting += now == TOKEN_OPEN;
	}
	return to;
}

static bool split(struct splitter *s, size_t from, size_t to, uint8_t depth);

static bool add(struct splitter *s, enum outline_kind kind, size_t from, size_t to,
                uint8_t depth)
{
	const struct token *first = &s->tokens->token[from];
	const struct token *last = &s->tokens->token[to - 1];

	if (s->out->count == OUTLINE_PARTS_MAX)
		return false;
	s->out->parts[s->out->count++] = (struct outline_part){
		kind, depth, first->offset, last->offset + last->length - first->offset,
	};
	return true;
}

static bool split_at(struct splitter *s, enum token_kind word, size_t from,
                     size_t to, uint8_t depth)
{
	bool good = add(s, word == TOKEN_OR ? OUTLINE_ANY_OF : OUTLINE_ALL_OF, from, to,
	                depth);

	while (good && from < to) {
		size_t next = find(s, word, from, to);

		good = split(s, from, next, (uint8_t)(depth + 1));
		from = next + 1;
	}
	return good;
}

static bool split(struct splitter *s, size_t from, size_t to, uint8_t depth)
{
	const struct token *token = s->tokens->token;

	while (token[from].kind == TOKEN_OPEN &&
	       find(s, TOKEN_CLOSE, from, to) == to - 1)
		from++, to--;
	if (find(s, TOKEN_OR, from, to) < to)
		return split_at(s, TOKEN_OR, from, to, depth);
	if (find(s, TOKEN_AND, from, to) < to)
		return split_at(s, TOKEN_AND, from, to, depth);
	if (token[from].kind == TOKEN_NOT && to - from > 2)
		return add(s, OUTLINE_NOT, from, to, depth) &&
		       split(s, from + 1, to, (uint8_t)(depth + 1));
	return add(s, OUTLINE_LEAF, from, to, depth);
}

bool outline_of(const char *text, struct outline *out)
{
	struct tokens tokens;
	struct splitter splitter = { &tokens, out };

	out->count = 0;
	return read_tokens(text, strlen(text), &tokens) && tokens.count > 0 &&
	       split(&splitter, 0, tokens.count, 0);
}

/* ---- words ---------------------------------------------------------------- */

static const struct {
	enum token_kind mirrored;
	const char *words;
} comparisons[] = {
	[TOKEN_LESS] = { TOKEN_MORE, "below" },
	[TOKEN_LESS_EQUAL] = { TOKEN_MORE_EQUAL, "at most" },
	[TOKEN_MORE] = { TOKEN_LESS, "above" },
	[TOKEN_MORE_EQUAL] = { TOKEN_LESS_EQUAL, "at least" },
	[TOKEN_EQUAL] = { TOKEN_EQUAL, "exactly" },
	[TOKEN_UNEQUAL] = { TOKEN_UNEQUAL, "not" },
};

struct writer {
	char *out;
	size_t used;
};

__attribute__((format(printf, 2, 3))) static void put(struct writer *w,
                                                      const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(w->out + w->used, OUTLINE_WORDS_MAX - w->used, format, args);
	va_end(args);
	if (length > 0)
		w->used += (size_t)length;
	if (w->used >= OUTLINE_WORDS_MAX)
		w->used = OUTLINE_WORDS_MAX - 1;
}

static void put_name(struct writer *w, const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		put(w, "%c", name[i] == '_' ? ' ' : name[i]);
}

static void put_token(struct writer *w, const char *text, const struct token *token)
{
	switch ((int)token->kind) {
	case TOKEN_NAME:
		put_name(w, text + token->offset, token->length);
		break;
	case TOKEN_NUMBER:
		put(w, "%.10g%s%s", token->number, token->unit ? " " : "",
		    token->unit ? token->unit->name : "");
		break;
	case TOKEN_TIMES:
		put(w, "times");
		break;
	case TOKEN_DIVIDED:
		put(w, "divided by");
		break;
	case TOKEN_MINUS:
		put(w, "less");
		break;
	case TOKEN_PLUS:
		put(w, "plus");
		break;
	default:
		put(w, "%.*s", (int)token->length, text + token->offset);
		break;
	}
}

/* One side of a comparison. A minus at the front is a sign. */
static void put_side(struct writer *w, const char *text, const struct tokens *tokens,
                     size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct token *token = &tokens->token[i];
		enum token_kind before = i > from ? token[-1].kind : TOKEN_OPEN;
		bool sign = token->kind == TOKEN_MINUS &&
		            (before == TOKEN_OPEN || before == TOKEN_OF ||
		             (before >= TOKEN_PLUS && before <= TOKEN_DIVIDED));

		if (i > from && before != TOKEN_OPEN && token->kind != TOKEN_CLOSE &&
		    !(before == TOKEN_MINUS && w->used && w->out[w->used - 1] == '-'))
			put(w, " ");
		if (sign)
			put(w, "-");
		else
			put_token(w, text, token);
	}
}

static bool has_name(const struct tokens *tokens, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (tokens->token[i].kind == TOKEN_NAME)
			return true;
	return false;
}

/* Where the sides of a comparison are: side i is tokens from[i] to at[i] */
struct sides {
	size_t from[8], to[8], count;
};

static bool find_sides(const struct tokens *tokens, struct sides *out)
{
	int nesting = 0;

	*out = (struct sides){ .count = 1 };
	for (size_t i = 0; i < tokens->count; i++) {
		enum token_kind kind = tokens->token[i].kind;

		nesting += (kind == TOKEN_OPEN) - (kind == TOKEN_CLOSE);
		if (nesting || kind < TOKEN_LESS || kind > TOKEN_UNEQUAL)
			continue;
		out->to[out->count - 1] = i;
		if (out->count == sizeof(out->from) / sizeof(out->from[0]))
			return false;
		out->from[out->count++] = i + 1;
	}
	out->to[out->count - 1] = tokens->count;
	return true;
}

/* "4 % <= incline < 8 %": what it is about comes first. */
static void put_comparison(struct writer *w, const char *text,
                           const struct tokens *tokens, const struct sides *s)
{
	bool turned = s->count > 1 && !has_name(tokens, s->from[0], s->to[0]) &&
	              has_name(tokens, s->from[1], s->to[1]);
	size_t subject = turned ? 1 : 0;

	put_side(w, text, tokens, s->from[subject], s->to[subject]);
	for (size_t i = 1; i < s->count; i++) {
		enum token_kind kind = tokens->token[s->to[i - 1]].kind;
		size_t side = i;

		if (turned && i == 1) {
			kind = comparisons[kind].mirrored;
			side = 0;
		}
		put(w, "%s %s ", i == 1 ? " is" : turned ? " and" : ", which is",
		    comparisons[kind].words);
		put_side(w, text, tokens, s->from[side], s->to[side]);
	}
}

void outline_words(const char *text, const struct outline_part *part,
                   char out[OUTLINE_WORDS_MAX])
{
	static const char *const groups[] = {
		[OUTLINE_ALL_OF] = "all of these:",
		[OUTLINE_ANY_OF] = "any of these:",
		[OUTLINE_NOT] = "not this:",
	};
	struct writer w = { out, 0 };
	struct tokens tokens;
	struct sides sides;

	*out = '\0';
	text += part->offset;
	if (part->kind != OUTLINE_LEAF)
		put(&w, "%s", groups[part->kind]);
	else if (read_tokens(text, part->length, &tokens) && find_sides(&tokens, &sides))
		put_comparison(&w, text, &tokens, &sides);
	else
		put(&w, "%.*s", (int)part->length, text);
}
