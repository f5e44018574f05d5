/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/expression_conjunct.h"

#include "daemon/rules/expression_code.h"

#include <float.h>

static bool is_conjunct(const struct instruction *i, struct conjunct *out)
{
	enum expression_op op = expression_op_pushing((enum expression_op)i->op);
	bool flag = op == OP_FLAG || op == OP_NOT_FLAG;

	if (!flag && op != OP_METRIC_BELOW && op != OP_METRIC_ABOVE)
		return false;
	*out = (struct conjunct){
		.metric = i->metric,
		.sign = op == OP_NOT_FLAG || op == OP_METRIC_BELOW ? -1 : 1,
		.limit = !flag ? i->constant : op == OP_NOT_FLAG ? DBL_TRUE_MIN : 0,
	};
	return true;
}

static bool is_true(const struct conjunct *c, const struct metrics *metrics)
{
	return c->sign * (metrics->value[c->metric] - c->limit) > 0;
}

/* How many truths lie on the stack behind it, of so many */
static int truths_after(enum expression_op op, int truths)
{
	if (op == OP_AND || op == OP_OR)
		return truths - 1;
	if (op == OP_BELOW || op == OP_ABOVE || op == OP_NEAR)
		return truths + 1;
	return truths + (op < OP_CONSTANT && expression_op_pushing(op) == op);
}

/* Makes of the whole something that may be true without what came before */
static bool is_choice(enum expression_op op)
{
	return op == OP_OR || op == OP_SKIP_TRUE || op == OP_NOT ||
	       (op < OP_CONSTANT && expression_op_pushing(op) != op &&
	        !expression_op_joins_by_and(op));
}

static bool is_arithmetic(enum expression_op op)
{
	return op >= OP_ADD && op <= OP_SCALE;
}

bool expression_conjunct(const struct expression *e, const struct metrics *metrics,
                         const uint64_t but[METRIC_WORDS], struct conjunct *out)
{
	bool found = false, calculates = false;
	int truths = 0;

	for (uint8_t i = 0; i < e->length; i++) {
		enum expression_op op = (enum expression_op)e->code[i].op;
		struct conjunct c;

		truths = truths_after(op, truths);
		calculates |= is_arithmetic(op);
		if (truths > 1)
			continue;
		if (truths == 1 && is_choice(op))
			return false;
		if (found || calculates || !is_conjunct(&e->code[i], &c) ||
		    but[c.metric / 64] >> c.metric % 64 & 1 || is_true(&c, metrics))
			continue;
		*out = c;
		found = true;
	}
	return found;
}
