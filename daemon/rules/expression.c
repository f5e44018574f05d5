/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/expression.h"
#include "daemon/rules/expression_parse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- compiling ------------------------------------------------------------ */

static void mark(uint64_t *uses, size_t metric)
{
	uses[metric / 64] |= UINT64_C(1) << metric % 64;
}

static bool store(const struct program *program, const char *text,
                  struct expression *out, struct expression_error *error)
{
	struct expression e = { .length = program->length,
	                        .dimension = program->dimension };

	e.code = malloc(program->length * sizeof(e.code[0]));
	e.text = strdup(text);
	if (!e.code || !e.text) {
		expression_free(&e);
		*error = (struct expression_error){ .message = "out of memory" };
		return false;
	}
	memcpy(e.code, program->code, program->length * sizeof(e.code[0]));
	for (uint8_t i = 0; i < e.length; i++) {
		if (expression_op_reads_metric(e.code[i].op))
			mark(e.uses, e.code[i].metric);
		if (expression_op_reads_other(e.code[i].op))
			mark(e.uses, e.code[i].other);
	}
	*out = e;
	return true;
}

static bool compile(const char *text, bool condition, struct expression *out,
                    struct expression_error *error)
{
	struct program program;
	struct lexer lexer;

	if (!expression_parse(text, &program, error))
		return false;
	if ((program.dimension == DIMENSION_FLAG) == condition)
		return store(&program, text, out, error);
	lexer_init(&lexer, text, error);
	if (condition)
		lexer_fail(&lexer, 0, "this is a %s, and a condition is expected: compare "
		           "it, as in speed > 12 km/h", dimension_name(program.dimension));
	else
		lexer_fail(&lexer, 0, "this is a condition, and a value with a unit is "
		           "expected, as in target_cadence");
	return false;
}

bool expression_compile_condition(const char *text, struct expression *out,
                                  struct expression_error *error)
{
	return compile(text, true, out, error);
}

bool expression_compile_value(const char *text, struct expression *out,
                              struct expression_error *error)
{
	return compile(text, false, out, error);
}

bool expression_quantity(const char *text, enum dimension dimension,
                         double *out, struct expression_error *error)
{
	const char *unit = dimension_unit(dimension);
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, text, error);
	token = lexer_next(&lexer);
	if (token.kind != TOKEN_NUMBER)
		lexer_fail(&lexer, token.offset, "expected a %s, as in 60 %s",
		           dimension_name(dimension), unit);
	else if (!token.unit)
		lexer_fail(&lexer, token.offset, "a bare number is no %s: write %g %s",
		           dimension_name(dimension), token.number, unit);
	else if (token.unit->dimension != dimension)
		lexer_fail(&lexer, token.offset, "a %s (%s) was found, a %s is expected: "
		           "write %g %s", dimension_name(token.unit->dimension),
		           token.unit->name, dimension_name(dimension), token.number, unit);
	else
		*out = token.number * token.unit->factor;
	token = lexer_next(&lexer);
	if (token.kind != TOKEN_END)
		lexer_fail(&lexer, token.offset, "expected nothing behind the unit");
	return !lexer.failed;
}

bool expression_copy(const struct expression *from, struct expression *to)
{
	struct expression copy = *from;

	*to = (struct expression){ 0 };
	if (from->length == 0)
		return true;
	copy.code = malloc(from->length * sizeof(copy.code[0]));
	copy.text = strdup(from->text);
	if (!copy.code || !copy.text) {
		expression_free(&copy);
		return false;
	}
	memcpy(copy.code, from->code, from->length * sizeof(copy.code[0]));
	*to = copy;
	return true;
}

void expression_free(struct expression *e)
{
	free(e->code);
	free(e->text);
	*e = (struct expression){ 0 };
}

bool expression_uses(const struct expression *e, enum metric metric)
{
	return e->uses[metric / 64] >> metric % 64 & 1;
}

/* ---- evaluation ----------------------------------------------------------- */

/* While it is worked out false is 0, absent 1 and true 2: `and` is the lesser
 * of two, `or` the greater, `not` 2 less it. */
enum { FALSE, ABSENT, TRUE };

/* A comparison with NaN is false, so what is absent counts 1 in these sums. */
static inline unsigned below(double value, double limit)
{
	return (unsigned)(value < limit) + !(value >= limit);
}

static inline unsigned above(double value, double limit)
{
	return (unsigned)(value > limit) + !(value <= limit);
}

/* By next to nothing: absent, because no number is the outcome. */
static inline double quotient(double a, double b)
{
	return fabs(b) > EXPRESSION_TOLERANCE ? a / b : NAN;
}

static inline unsigned lesser(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static inline unsigned greater(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/* The three forms of a condition: see CONDITIONS */
#define FORMS(name, condition) \
	case OP_##name: \
		truths[t++] = (uint8_t)truth; \
		truth = condition; \
		break; \
	case OP_##name##_AND: \
		truth = lesser(truth, condition); \
		JUMP_IF(truth == FALSE); \
		break; \
	case OP_##name##_OR: \
		truth = greater(truth, condition); \
		JUMP_IF(truth == TRUE); \
		break;

/* The compiler (expression_code.c) keeps both stacks within their depth, which
 * the analyzer cannot see; the macros' words are cases and lvalues.
 * NOLINTBEGIN(clang-analyzer-core.*,bugprone-macro-parentheses) */

/* A value becomes a truth. */
#define JUDGE(name, condition) \
	case OP_##name: \
		truths[t++] = (uint8_t)truth; \
		truth = condition; \
		value = values[--v]; \
		break;

#define PUSH(name, what) \
	case OP_##name: \
		values[v++] = value; \
		value = what; \
		break;

/* Metrics and constants are finite or NaN: what is infinite has overflowed. */
#define CALCULATE(name, to) \
	case OP_##name: \
		value = to; \
		failed |= isinf(value) != 0; \
		break;

#define JUMP_IF(condition) \
	if (condition) \
		i = code + i->jump - 1

#define SUBJECT metric[i->metric]
#define REST (SUBJECT - i->constant * metric[i->other])
#define TOLERANCE EXPRESSION_TOLERANCE

struct result {
	double value;
	unsigned truth;
	bool failed;
};

/* The tops of both stacks are kept in variables, what lies below in arrays. */
static struct result run(const struct expression *e, const double *metric)
{
	double values[EXPRESSION_DEPTH_MAX], value = NAN;
	uint8_t truths[EXPRESSION_DEPTH_MAX];
	unsigned truth = ABSENT, v = 0, t = 0;
	bool failed = false;
	const struct instruction *code = e->code, *i = code, *end = code + e->length;

	for (; i < end; i++) {
		switch ((enum expression_op)i->op) {
		FORMS(FLAG, above(SUBJECT, 0))
		FORMS(NOT_FLAG, TRUE - above(SUBJECT, 0))
		FORMS(METRIC_BELOW, below(SUBJECT, i->constant))
		FORMS(METRIC_ABOVE, above(SUBJECT, i->constant))
		FORMS(SHARE_BELOW, below(REST, -TOLERANCE))
		FORMS(SHARE_NOT_ABOVE, below(REST, TOLERANCE))
		FORMS(SHARE_ABOVE, above(REST, TOLERANCE))
		FORMS(SHARE_NOT_BELOW, above(REST, -TOLERANCE))
		PUSH(CONSTANT, i->constant)
		PUSH(METRIC, SUBJECT * i->constant)
		CALCULATE(ADD, values[--v] + value)
		CALCULATE(SUBTRACT, values[--v] - value)
		CALCULATE(MULTIPLY, values[--v] * value * i->constant)
		CALCULATE(DIVIDE, quotient(values[--v], value) * i->constant)
		CALCULATE(SCALE, value * i->constant)
		case OP_NOT:
			truth = TRUE - truth;
			break;
		JUDGE(BELOW, below(value, i->constant))
		JUDGE(ABOVE, above(value, i->constant))
		JUDGE(NEAR, below(fabs(value - i->constant), TOLERANCE))
		case OP_SKIP_FALSE:
			JUMP_IF(truth == FALSE);
			break;
		case OP_SKIP_TRUE:
			JUMP_IF(truth == TRUE);
			break;
		case OP_AND:
			truth = lesser(truth, truths[--t]);
			JUMP_IF(truth == FALSE);
			break;
		case OP_OR:
			truth = greater(truth, truths[--t]);
			JUMP_IF(truth == TRUE);
			break;
		}
	}
	return (struct result){ value, truth, failed };
}
/* NOLINTEND(clang-analyzer-core.*,bugprone-macro-parentheses) */

enum truth expression_truth(const struct expression *e,
                            const struct metrics *metrics)
{
	static const enum truth outcome[] = {
		[FALSE] = TRUTH_FALSE, [ABSENT] = TRUTH_ABSENT, [TRUE] = TRUTH_TRUE,
	};

	struct result result;

	if (!e->length)
		return TRUTH_ABSENT;
	result = run(e, metrics->value);
	return result.failed ? TRUTH_FAILED : outcome[result.truth];
}

double expression_value(const struct expression *e,
                        const struct metrics *metrics)
{
	return e->length ? run(e, metrics->value).value : NAN;
}
