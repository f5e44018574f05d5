/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Goes the way that expression.c goes: what holds each step in place holds the
 * outcome.
 */
#include "daemon/rules/expression_pins.h"

#include "daemon/rules/expression_code.h"

#include <math.h>

#define PRESENT (-1e300) /* below all numbers that a metric has */
#define MARGIN 1e-9      /* of a share's limit, for what rounding does to it */

/* As in expression.c */
enum { FALSE, ABSENT, TRUE };

/* A truth on the stack, and where that begins which holds it */
struct level {
	unsigned truth;
	size_t from;
};

struct way {
	struct pins *pins;
	const double *metric;
	struct level levels[EXPRESSION_DEPTH_MAX + 1];
	size_t level_count;
	double values[EXPRESSION_DEPTH_MAX + 1];
	size_t value_count;
	size_t values_from; /* where that begins which holds the values */
	bool inverts;  /* it has a `not` of more than a flag: absent is not as good as false */
	bool may_fail; /* what was worked out in vain has to be as it was, too */
};

static void add(struct pins *pins, size_t metric, double low, double high)
{
	if (pins->count == PINS_MAX)
		pins->loose = true;
	else
		pins->all[pins->count++] = (struct pin){ low, high, (uint8_t)metric };
}

void pins_add_presence(struct pins *pins, size_t metric, double value)
{
	if (isnan(value))
		add(pins, metric, PIN_ABSENT, PIN_ABSENT);
	else
		add(pins, metric, PRESENT, INFINITY);
}

void pins_add_value(struct pins *pins, size_t metric, double value)
{
	add(pins, metric, pin_value(value), pin_value(value));
}

/* ---- one comparison ------------------------------------------------------- */

static unsigned compare(struct way *w, size_t metric, double limit, bool above)
{
	double value = w->metric[metric];
	bool is_true = above ? value > limit : value < limit;

	if (isnan(value)) {
		pins_add_presence(w->pins, metric, value);
		return ABSENT;
	}
	if (is_true == above)
		add(w->pins, metric, is_true ? nextafter(limit, INFINITY) : limit, INFINITY);
	else
		add(w->pins, metric, PRESENT, is_true ? nextafter(limit, -INFINITY) : limit);
	return is_true ? TRUE : FALSE;
}

/* Of `value` less its share of another, which stays as it is; the limit is where the
 * outcome turns, give or take what is rounded. */
static unsigned compare_share(struct way *w, const struct instruction *i, double tolerance,
                              bool above)
{
	double value = w->metric[i->metric], other = w->metric[i->other];
	double rest = value - i->constant * other;
	double limit = i->constant * other + tolerance;
	double margin = MARGIN * (1 + fabs(limit));

	if (isnan(rest)) {
		pins_add_value(w->pins, isnan(value) ? i->metric : i->other, NAN);
		return ABSENT;
	}
	pins_add_value(w->pins, i->other, other);
	if (value > limit + margin)
		add(w->pins, i->metric, limit + margin, INFINITY);
	else if (value < limit - margin)
		add(w->pins, i->metric, PRESENT, limit - margin);
	else
		pins_add_value(w->pins, i->metric, value);
	return (above ? rest > tolerance : rest < tolerance) ? TRUE : FALSE;
}

static unsigned condition(struct way *w, const struct instruction *i)
{
	const double tolerance = EXPRESSION_TOLERANCE;

	switch ((int)expression_op_pushing((enum expression_op)i->op)) {
	case OP_FLAG:
		return compare(w, i->metric, 0, true);
	case OP_NOT_FLAG:
		return TRUE - compare(w, i->metric, 0, true);
	case OP_METRIC_BELOW:
		return compare(w, i->metric, i->constant, false);
	case OP_METRIC_ABOVE:
		return compare(w, i->metric, i->constant, true);
	case OP_SHARE_BELOW:
		return compare_share(w, i, -tolerance, false);
	case OP_SHARE_NOT_ABOVE:
		return compare_share(w, i, tolerance, false);
	case OP_SHARE_ABOVE:
		return compare_share(w, i, tolerance, true);
	default:
		return compare_share(w, i, -tolerance, true);
	}
}

/* ---- truths ---------------------------------------------------------------- */

static void push(struct way *w, unsigned truth, size_t from)
{
	w->levels[w->level_count++] = (struct level){ truth, from };
}

static void move_pins(struct pins *pins, size_t from, size_t to)
{
	for (size_t i = from; i < pins->count; i++)
		pins->all[to + i - from] = pins->all[i];
	pins->count -= from - to;
}

/* Settles the matter, as far as it matters: whether the whole is true */
static bool settles(const struct way *w, bool and, unsigned truth)
{
	if (!and)
		return truth == TRUE;
	return truth == FALSE || (truth == ABSENT && !w->inverts);
}

/* Joins a truth to the one on top, held by what begins at `from`. Of one that settles
 * it and others it alone is kept. True if the rest is not looked at. */
static bool join(struct way *w, bool and, unsigned truth, size_t from)
{
	struct level *top = &w->levels[w->level_count - 1];

	if (!w->may_fail && settles(w, and, top->truth))
		w->pins->count = from;
	else if (!w->may_fail && settles(w, and, truth))
		move_pins(w->pins, from, top->from);
	if (and ? truth < top->truth : truth > top->truth)
		top->truth = truth;
	return top->truth == (and ? FALSE : TRUE);
}

/* ---- values ---------------------------------------------------------------- */

static double quotient(double a, double b)
{
	return fabs(b) > EXPRESSION_TOLERANCE ? a / b : NAN;
}

static void push_value(struct way *w, const struct instruction *i)
{
	if (w->value_count == 0)
		w->values_from = w->pins->count;
	if (i->op == OP_METRIC)
		pins_add_value(w->pins, i->metric, w->metric[i->metric]);
	w->values[w->value_count++] = i->op == OP_METRIC ? w->metric[i->metric] * i->constant
	                                                 : i->constant;
}

/* False: a number beyond all numbers */
static bool calculate(struct way *w, const struct instruction *i)
{
	double *a = &w->values[w->value_count - 1], b = *a, k = i->constant;

	if (i->op != OP_SCALE) {
		w->value_count--;
		a--;
	}
	switch ((int)i->op) {
	case OP_ADD:
		*a = *a + b;
		break;
	case OP_SUBTRACT:
		*a = *a - b;
		break;
	case OP_MULTIPLY:
		*a = *a * b * k;
		break;
	case OP_DIVIDE:
		*a = quotient(*a, b) * k;
		break;
	default:
		*a = b * k;
		break;
	}
	return !isinf(*a);
}

static void judge(struct way *w, const struct instruction *i)
{
	double value = w->values[--w->value_count], limit = i->constant;
	bool is_true = i->op == OP_BELOW ? value < limit
	             : i->op == OP_ABOVE ? value > limit
	                                 : fabs(value - limit) < EXPRESSION_TOLERANCE;

	push(w, isnan(value) ? ABSENT : is_true ? TRUE : FALSE, w->values_from);
}

/* ---- the whole ------------------------------------------------------------- */

/* The compiler (expression_code.c) keeps both stacks within their depth, which the
 * analyzer cannot see. NOLINTBEGIN(clang-analyzer-core.*) */

/* True: goes on at its jump */
static bool step_truth(struct way *w, const struct instruction *i)
{
	struct level *top = &w->levels[w->level_count - 1];
	bool and = expression_op_joins_by_and((enum expression_op)i->op);

	switch ((int)i->op) {
	case OP_NOT:
		top->truth = TRUE - top->truth;
		return false;
	case OP_SKIP_FALSE:
		return top->truth == FALSE;
	case OP_SKIP_TRUE:
		return top->truth == TRUE;
	default:
		w->level_count--;
		return join(w, and, top->truth, top->from);
	}
}

/* False: its arithmetic has failed */
static bool step(struct way *w, const struct instruction *i, bool *jumps)
{
	enum expression_op op = (enum expression_op)i->op;
	size_t from = w->pins->count;

	if (op == OP_CONSTANT || op == OP_METRIC) {
		push_value(w, i);
	} else if (op < OP_CONSTANT && expression_op_pushing(op) == op) {
		push(w, condition(w, i), from);
	} else if (op < OP_CONSTANT) {
		*jumps = join(w, expression_op_joins_by_and(op), condition(w, i), from);
	} else if (op >= OP_BELOW && op <= OP_NEAR) {
		judge(w, i);
	} else if (op < OP_BELOW) {
		return calculate(w, i);
	} else {
		*jumps = step_truth(w, i);
	}
	return true;
}

/* A sum of what metrics and constants can be is a number; a product need not be. */
static void look_over(struct way *w, const struct expression *e)
{
	for (size_t i = 0; i < e->length; i++) {
		enum expression_op op = (enum expression_op)e->code[i].op;

		w->inverts |= op == OP_NOT;
		w->may_fail |= op == OP_MULTIPLY || op == OP_DIVIDE || op == OP_SCALE;
	}
}

enum truth pins_add(struct pins *pins, const struct expression *e,
                    const struct metrics *metrics, const uint64_t but[METRIC_WORDS])
{
	static const enum truth outcome[] = {
		[FALSE] = TRUTH_FALSE, [ABSENT] = TRUTH_ABSENT, [TRUE] = TRUTH_TRUE,
	};
	struct way w = { .pins = pins, .metric = metrics->value };
	size_t before = pins->count;

	if (!e->length)
		return TRUTH_ABSENT;
	look_over(&w, e);
	for (size_t i = 0; i < e->length; i++) {
		bool jumps = false;

		if (!step(&w, &e->code[i], &jumps)) {
			pins->loose = true;
			return TRUTH_FAILED;
		}
		if (jumps)
			i = e->code[i].jump - 1u;
	}
	for (size_t i = before; i < pins->count; i++)
		pins->loose |= but[pins->all[i].metric / 64] >> pins->all[i].metric % 64 & 1;
	return outcome[w.levels[0].truth];
}
/* NOLINTEND(clang-analyzer-core.*) */
