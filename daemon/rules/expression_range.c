/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/expression_range.h"
#include "daemon/rules/expression_code.h"

#include <math.h>

static struct value_range scaled(struct value_range a, double by)
{
	return (struct value_range){ fmin(a.low * by, a.high * by),
	                             fmax(a.low * by, a.high * by) };
}

static struct value_range product(struct value_range a, struct value_range b)
{
	struct value_range low = scaled(a, b.low), high = scaled(a, b.high);

	return (struct value_range){ fmin(low.low, high.low),
	                             fmax(low.high, high.high) };
}

/* By what may be 0 it can become anything. */
static struct value_range quotient(struct value_range a, struct value_range b)
{
	if (b.low <= 0 && b.high >= 0)
		return (struct value_range){ -INFINITY, INFINITY };
	return product(a, (struct value_range){ 1 / b.high, 1 / b.low });
}

/* One instruction of those that make values */
static struct value_range *apply(struct value_range *top,
                                 const struct instruction *i,
                                 const struct value_range *metrics)
{
	if (i->op == OP_CONSTANT)
		*++top = (struct value_range){ i->constant, i->constant };
	else if (i->op == OP_METRIC)
		*++top = scaled(metrics[i->metric], i->constant);
	else if (i->op == OP_SCALE)
		*top = scaled(*top, i->constant);
	else if (i->op == OP_ADD)
		top--, top->low += top[1].low, top->high += top[1].high;
	else if (i->op == OP_SUBTRACT)
		top--, top->low -= top[1].high, top->high -= top[1].low;
	else if (i->op == OP_MULTIPLY)
		top--, *top = scaled(product(top[0], top[1]), i->constant);
	else if (i->op == OP_DIVIDE)
		top--, *top = scaled(quotient(top[0], top[1]), i->constant);
	return top;
}

struct value_range expression_range_within(const struct instruction *code,
                                           size_t length,
                                           const struct value_range *metrics)
{
	struct value_range stack[EXPRESSION_DEPTH_MAX + 1] = { { NAN, NAN } };
	struct value_range *top = stack;

	for (size_t i = 0; i < length; i++)
		top = apply(top, &code[i], metrics);
	return *top;
}

void expression_declared_ranges(struct value_range out[METRIC_COUNT])
{
	for (size_t i = 0; i < METRIC_COUNT; i++)
		out[i] = (struct value_range){ metric_table[i].low, metric_table[i].high };
}

struct value_range expression_range(const struct expression *e)
{
	struct value_range metrics[METRIC_COUNT];

	expression_declared_ranges(metrics);
	return expression_range_within(e->code, e->length, metrics);
}
