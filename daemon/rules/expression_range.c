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

/* One instruction of those that make values */
static struct value_range *apply(struct value_range *top,
                                 const struct instruction *i)
{
	const struct metric_info *metric = &metric_table[i->metric];

	if (i->op == OP_CONSTANT)
		*++top = (struct value_range){ i->constant, i->constant };
	else if (i->op == OP_METRIC)
		*++top = scaled((struct value_range){ metric->low, metric->high },
		                i->constant);
	else if (i->op == OP_SCALE)
		*top = scaled(*top, i->constant);
	else if (i->op == OP_ADD)
		top--, top->low += top[1].low, top->high += top[1].high;
	else if (i->op == OP_SUBTRACT)
		top--, top->low -= top[1].high, top->high -= top[1].low;
	else if (i->op == OP_MULTIPLY)
		top--, *top = scaled(product(top[0], top[1]), i->constant);
	return top;
}

struct value_range expression_range(const struct expression *e)
{
	struct value_range stack[EXPRESSION_DEPTH_MAX + 1] = { { NAN, NAN } };
	struct value_range *top = stack;

	for (uint8_t i = 0; i < e->length; i++)
		top = apply(top, &e->code[i]);
	return *top;
}
