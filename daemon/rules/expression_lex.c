/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/expression_lex.h"
#include "daemon/rules/suggest.h"
#include "protocol/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NUMBER_DIGITS_MAX 15 /* all of them are kept by a double */

static const struct {
	const char *text;
	enum token_kind kind;
} operators[] = {
	/* the longer ones first */
	{ "<=", TOKEN_LESS_EQUAL }, { ">=", TOKEN_MORE_EQUAL },
	{ "==", TOKEN_EQUAL }, { "!=", TOKEN_UNEQUAL },
	{ "<", TOKEN_LESS }, { ">", TOKEN_MORE }, { "=", TOKEN_EQUAL },
	{ "+", TOKEN_PLUS }, { "-", TOKEN_MINUS }, { "*", TOKEN_TIMES },
	{ "/", TOKEN_DIVIDED },
	{ "(", TOKEN_OPEN }, { ")", TOKEN_CLOSE },
};

static const struct {
	const char *text;
	enum token_kind kind;
} keywords[] = {
	{ "and", TOKEN_AND }, { "or", TOKEN_OR },
	{ "not", TOKEN_NOT }, { "of", TOKEN_OF },
};

/* What people write who know another language, or a word processor */
static const struct {
	const char *found, *instead;
} foreign[] = {
	{ "&&", "and" }, { "&", "and" }, { "||", "or" }, { "|", "or" },
	{ "=<", "<=" }, { "=>", ">=" }, { "<>", "!=" }, { "===", "=" },
	{ "\xe2\x89\xa4", "<=" }, { "\xe2\x89\xa5", ">=" },
	{ "\xe2\x89\xa0", "!=" }, { "\xe2\x88\x92", "-" },
	{ "\xe2\x80\x93", "-" }, { "\xc3\x97", "*" }, { "\xc2\xb7", "*" },
	{ "\xc3\xb7", "/" }, { "\xc2\xb0", "%, the slope as the treadmill shows it" },
	{ "**", "a multiplication" }, { "[", "(" }, { "]", ")" },
	{ "{", "(" }, { "}", ")" }, { "!", "not" }, { ";", "and" }, { ",", "and" },
	{ "\xe2\x80\x9c", "straight quotes around the whole condition" },
	{ "\xe2\x80\x9d", "straight quotes around the whole condition" },
	{ "\xe2\x80\x9e", "straight quotes around the whole condition" },
	{ "\xe2\x80\x98", "straight quotes around the whole condition" },
	{ "\xe2\x80\x99", "straight quotes around the whole condition" },
	{ "\xc2\xab", "straight quotes around the whole condition" },
	{ "\xc2\xa0", "a plain blank (this one does not break lines)" },
	{ "\"", "quotes around the whole condition only" },
	{ "'", "quotes around the whole condition only" },
};

/* Words, in small letters, and what to write for them */
static const struct {
	const char *found, *instead;
} words[] = {
	{ "and", "and" }, { "or", "or" }, { "not", "not" }, { "of", "of" },
	{ "is", "a comparison (<, >), or nothing" }, { "above", ">" },
	{ "over", ">" }, { "greater", ">" }, { "more", ">" }, { "higher", ">" },
	{ "exceeds", ">" }, { "below", "<" }, { "under", "<" }, { "less", "<" },
	{ "lower", "<" }, { "least", ">=" }, { "most", "<=" }, { "equals", "=" },
	{ "between", "4 % <= incline < 8 %" }, { "but", "and" }, { "plus", "+" },
	{ "minus", "-" }, { "times", "*" }, { "percent", "%" },
	{ "bigger", ">" }, { "larger", ">" }, { "smaller", "<" }, { "no", "not" },
	{ "while", "and" }, { "when", "the condition alone" },
	{ "if", "the condition alone" },
	{ "for", "hold: 60 s as a key of the rule" }, { "then", "say: as a key of the rule" },
	{ "hr", "heart_rate" }, { "pulse", "heart_rate" }, { "bpm", "heart_rate" },
	{ "hrmax", "heart_rate_max" },
	{ "max", "heart_rate_max" }, { "maximum", "heart_rate_max" }, { "hr_max", "heart_rate_max" },
	{ "max_hr", "heart_rate_max" }, { "max_heart_rate", "heart_rate_max" },
	{ "maximum_heart_rate", "heart_rate_max" },
	{ "slope", "incline" }, { "grade", "incline" }, { "gradient", "incline" },
	{ "inclination", "incline" }, { "climb", "incline" },
	{ "climbing", "incline > 0 %" }, { "uphill", "incline > 0 %" },
	{ "hill", "incline > 0 %" }, { "downhill", "incline < 0 %" },
	{ "velocity", "speed" }, { "step_rate", "cadence_30s" }, { "spm", "cadence_30s" },
	{ "stride_length", "step_length (a stride is two steps)" },
	{ "time", "elapsed" }, { "duration", "elapsed" }, { "session_time", "elapsed" },
	{ "level", "pain" }, { "back", "pain" },
};

/* Units that people write, and those to write */
static const struct {
	const char *found, *instead;
} foreign_units[] = {
	{ "sec", "s" }, { "secs", "s" }, { "second", "s" }, { "seconds", "s" },
	{ "mins", "min" }, { "minute", "min" }, { "minutes", "min" },
	{ "h", "min (an hour is 60 min)" }, { "hour", "min (an hour is 60 min)" },
	{ "hours", "min (an hour is 60 min)" },
	{ "kmh", "km/h" }, { "kph", "km/h" }, { "km/hr", "km/h" }, { "km/hour", "km/h" },
	{ "kmph", "km/h" }, { "mi/h", "mph" }, { "min/mi", "min/mile" },
	{ "percent", "%" }, { "pct", "%" }, { "bps", "bpm" }, { "beats", "bpm" },
	{ "beats/min", "bpm" }, { "steps/min", "spm" }, { "steps", "spm" },
	{ "metres", "m" }, { "meters", "m" }, { "metre", "m" }, { "meter", "m" },
	{ "kilometres", "km" }, { "kilometers", "km" },
};

void lexer_init(struct lexer *lexer, const char *text,
                struct expression_error *error)
{
	*lexer = (struct lexer){ .text = text, .error = error };
}

void lexer_fail(struct lexer *lexer, size_t offset, const char *format, ...)
{
	va_list args;

	if (lexer->failed)
		return;
	lexer->failed = true;
	lexer->error->offset = offset;
	va_start(args, format);
	vsnprintf(lexer->error->message, sizeof(lexer->error->message), format, args);
	va_end(args);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t word_length(const char *text)
{
	size_t length = 0;

	while (is_letter(text[length]) || is_digit(text[length]))
		length++;
	return length;
}

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t\r\n");
}

static bool is_keyword(const char *text, size_t length, enum token_kind *kind)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (strlen(keywords[i].text) == length &&
		    memcmp(keywords[i].text, text, length) == 0) {
			*kind = keywords[i].kind;
			return true;
		}
	}
	return false;
}

const char *lexer_instead_of_word(const char *word, size_t length)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].found) == length &&
		    strncasecmp(words[i].found, word, length) == 0)
			return words[i].instead;
	return NULL;
}

/* ---- numbers -------------------------------------------------------------- */

static const char *unit_name(size_t index)
{
	return unit_table[index].name;
}

/* "km/h", "%", "/10" or a word: what stands where a unit may stand */
static size_t unit_length(const char *text)
{
	size_t length = word_length(text), tail;

	if (*text == '%')
		return 1;
	if (strncmp(text, "/10", 3) == 0 && word_length(text + 3) == 0)
		return 3;
	tail = length && text[length] == '/' ? word_length(text + length + 1) : 0;
	return tail ? length + 1 + tail : length;
}

/* In "5 m/speed" the unit is "m". */
static size_t unit_before_division(const char *text)
{
	size_t length = word_length(text);
	const char *tail = text + length + 1;

	if (!unit_by_name(text, length) || text[length] != '/')
		return 0;
	return metric_by_name(tail, word_length(tail)) == METRIC_COUNT ? 0 : length;
}

static void fail_unit(struct lexer *lexer, const char *start, size_t length)
{
	char hint[64];
	int shown = length > 30 ? 30 : (int)length;

	for (size_t i = 0; i < sizeof(foreign_units) / sizeof(foreign_units[0]); i++) {
		if (strlen(foreign_units[i].found) != length ||
		    strncasecmp(foreign_units[i].found, start, length) != 0)
			continue;
		lexer_fail(lexer, (size_t)(start - lexer->text),
		           "unknown unit \"%.*s\" behind a number: write %s", shown, start,
		           foreign_units[i].instead);
		return;
	}
	suggest_text(hint, sizeof(hint), start, length, unit_name);
	lexer_fail(lexer, (size_t)(start - lexer->text),
	           "unknown unit \"%.*s\" behind a number%s%s", shown, start, hint,
	           *hint ? "" : ": expected km/h, m/s, mph, min/km, min/mile, %, spm, s, "
	           "min, m, km, cm, kg, bpm or /10");
}

static void lex_unit(struct lexer *lexer, struct token *token)
{
	const char *start = skip_blanks(lexer->text + lexer->at);
	size_t length = unit_length(start);
	enum token_kind keyword;

	if (is_digit(*start)) {
		lexer_fail(lexer, (size_t)(start - lexer->text),
		           "two numbers side by side: write 1000 without a thousands "
		           "separator");
		return;
	}
	if (length == 0 || is_keyword(start, length, &keyword))
		return;
	token->unit = unit_by_name(start, length);
	if (!token->unit && unit_before_division(start)) {
		length = unit_before_division(start);
		token->unit = unit_by_name(start, length);
	}
	if (!token->unit) {
		fail_unit(lexer, start, length);
		return;
	}
	lexer->at = (size_t)(start - lexer->text) + length;
}

/* What may not follow the digits, and what to write instead */
static bool check_number_end(struct lexer *lexer, size_t start)
{
	const char *end = lexer->text + lexer->at;
	const char *problem = NULL;
	size_t sign = end[0] && (end[1] == '+' || end[1] == '-') ? 2 : 1;

	if ((*end == ',' || *end == '_' || *end == '\'') && is_digit(end[1]))
		problem = "write 1000 without a thousands separator, and 1.5 with a point";
	else if (*end == '.')
		problem = "expected digits, or digits, a point and digits, as in 1.5";
	else if ((*end == 'e' || *end == 'E') && is_digit(end[sign]))
		problem = "write the number out, without an exponent";
	else if ((*end == 'x' || *end == 'X') && word_length(end) > 1)
		problem = "write the number with decimal digits";
	else if (*end == ':' && is_digit(end[1]))
		problem = "write minutes as a number with a point: 5.5 min";
	if (problem)
		lexer_fail(lexer, start, "\"%.*s\" is no number here: %s",
		           (int)(lexer->at - start) + (*end == '.' ? 1 : 2),
		           lexer->text + start, problem);
	return !problem;
}

static struct token lex_number(struct lexer *lexer)
{
	struct token token = { .kind = TOKEN_NUMBER, .offset = lexer->at };
	const char *c = lexer->text + lexer->at;
	unsigned digits = 0;
	double scale = 1;

	for (; is_digit(*c) && digits <= NUMBER_DIGITS_MAX; c++, digits++)
		token.number = token.number * 10 + (*c - '0');
	if (*c == '.' && is_digit(c[1])) {
		for (c++; is_digit(*c) && digits <= NUMBER_DIGITS_MAX; c++, digits++) {
			token.number = token.number * 10 + (*c - '0');
			scale *= 10;
		}
	}
	lexer->at = (size_t)(c - lexer->text);
	if (digits > NUMBER_DIGITS_MAX) {
		lexer_fail(lexer, token.offset, "a number has at most %d digits",
		           NUMBER_DIGITS_MAX);
		return token;
	}
	token.number /= scale;
	if (check_number_end(lexer, token.offset))
		lex_unit(lexer, &token);
	token.length = lexer->at - token.offset;
	return token;
}

/* ---- names and operators -------------------------------------------------- */

static struct token lex_name(struct lexer *lexer)
{
	const char *start = lexer->text + lexer->at;
	struct token token = { .kind = TOKEN_NAME, .offset = lexer->at,
	                       .length = word_length(start) };

	is_keyword(start, token.length, &token.kind);
	lexer->at += token.length;
	return token;
}

static void fail_character(struct lexer *lexer)
{
	const char *at = lexer->text + lexer->at;
	size_t length = utf8_printable(at, strlen(at));

	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		size_t n = strlen(foreign[i].found);

		if (strncmp(at, foreign[i].found, n) == 0) {
			lexer_fail(lexer, lexer->at, "\"%.*s\" is not part of the "
			           "language: write %s", (int)n, at, foreign[i].instead);
			return;
		}
	}
	if (*at == '.' && is_digit(at[1]))
		lexer_fail(lexer, lexer->at, "a number starts with a digit: 0.5");
	else if (length)
		lexer_fail(lexer, lexer->at, "unexpected character \"%.*s\": expected "
		           "a metric, a number or an operator", (int)length, at);
	else
		lexer_fail(lexer, lexer->at, "unexpected octet 0x%02x: expected "
		           "printable text", (unsigned)(unsigned char)*at);
}

static struct token lex_operator(struct lexer *lexer)
{
	const char *at = lexer->text + lexer->at;

	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		size_t length = strlen(operators[i].text);

		if (strncmp(at, operators[i].text, length) == 0) {
			struct token token = { .kind = operators[i].kind,
				.offset = lexer->at, .length = length };

			lexer->at += length;
			return token;
		}
	}
	fail_character(lexer);
	return (struct token){ .offset = lexer->at };
}

static bool is_foreign_operator(const char *at)
{
	return strncmp(at, "=<", 2) == 0 || strncmp(at, "=>", 2) == 0 ||
	       strncmp(at, "<>", 2) == 0 || strncmp(at, "===", 3) == 0 ||
	       strncmp(at, "**", 2) == 0;
}

struct token lexer_next(struct lexer *lexer)
{
	struct token token = { .kind = TOKEN_END };
	const char *at;

	if (!lexer->failed) {
		at = skip_blanks(lexer->text + lexer->at);
		lexer->at = (size_t)(at - lexer->text);
		if (is_digit(*at))
			token = lex_number(lexer);
		else if (is_letter(*at))
			token = lex_name(lexer);
		else if (*at && is_foreign_operator(at))
			fail_character(lexer);
		else if (*at)
			token = lex_operator(lexer);
	}
	if (lexer->failed || token.kind == TOKEN_END)
		token = (struct token){ .kind = TOKEN_END, .offset = lexer->at };
	return token;
}
