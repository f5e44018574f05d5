/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The instructions of a condition are read back into a tree of and, or, not
 * and comparisons. The search goes through it as one would on paper: whatever
 * must hold narrows the ranges of metrics, of two ways each is tried, and a
 * range with nothing left in it is a dead end.
 */
#include "daemon/rules/expression_possible.h"
#include "daemon/rules/expression_code.h"
#include "daemon/rules/metric_facts.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define STEPS_MAX 4000
#define SHARES_MAX 12
#define SLIGHTLY 1e-10 /* of shares, which hold no tolerance */
#define SLACK (2 * EXPRESSION_TOLERANCE)
#define FACT_SLACK (0.5 * EXPRESSION_TOLERANCE) /* "> 5" lies beyond it */

enum node_kind { NODE_COMPARISON, NODE_AND, NODE_OR, NODE_NOT };

struct node {
	uint8_t kind;
	uint8_t left, right; /* nodes; of a comparison: its first and last instruction */
};

struct tree {
	const struct expression *e;
	struct node nodes[2 * EXPRESSION_CODE_MAX];
	uint8_t count, root;
};

static_assert(2 * EXPRESSION_CODE_MAX <= UINT8_MAX, "a node is named in 8 bits");

/* ---- from instructions to a tree ------------------------------------------ */

struct builder {
	struct tree *tree;
	uint8_t truths[EXPRESSION_DEPTH_MAX + 2]; /* nodes */
	unsigned depth, values;
	uint8_t value_start;
};

static uint8_t add(struct builder *b, enum node_kind kind, uint8_t left, uint8_t right)
{
	struct tree *tree = b->tree;

	tree->nodes[tree->count] = (struct node){ (uint8_t)kind, left, right };
	return tree->count++;
}

static void push(struct builder *b, uint8_t node)
{
	b->truths[b->depth++] = node;
}

static void join(struct builder *b, enum node_kind kind, uint8_t right)
{
	uint8_t left = b->truths[b->depth - 1];

	b->truths[b->depth - 1] = add(b, kind, left, right);
}

/* Jumps only save work: without them the outcome is the same. */
static void read_back(struct builder *b, uint8_t at)
{
	enum expression_op op = b->tree->e->code[at].op;

	if (op < OP_CONSTANT) {
		uint8_t node = add(b, NODE_COMPARISON, at, at);

		if (op == expression_op_pushing(op))
			push(b, node);
		else
			join(b, expression_op_joins_by_and(op) ? NODE_AND : NODE_OR, node);
	} else if (op == OP_CONSTANT || op == OP_METRIC) {
		if (b->values++ == 0)
			b->value_start = at;
	} else if (op == OP_BELOW || op == OP_ABOVE || op == OP_NEAR) {
		b->values = 0;
		push(b, add(b, NODE_COMPARISON, b->value_start, at));
	} else if (op == OP_AND || op == OP_OR) {
		uint8_t right = b->truths[--b->depth];

		join(b, op == OP_AND ? NODE_AND : NODE_OR, right);
	} else if (op == OP_NOT) {
		b->truths[b->depth - 1] =
			add(b, NODE_NOT, b->truths[b->depth - 1], 0);
	}
}

static void tree_of(const struct expression *e, struct tree *tree)
{
	struct builder b = { .tree = tree };

	tree->e = e;
	tree->count = 0;
	for (uint8_t i = 0; i < e->length; i++)
		read_back(&b, i);
	tree->root = b.truths[0];
}

/* ---- what is still possible ----------------------------------------------- */

/* A metric in shares of another: cadence_30s / target_cadence */
struct share {
	uint8_t metric, other;
	struct value_range range;
};

struct world {
	struct value_range metric[METRIC_COUNT]; /* low > high: it is absent */
	bool absence_counts; /* what reads an absent metric is not what is wished */
	struct share shares[SHARES_MAX];
	size_t share_count;
};

static bool narrow(struct value_range *range, double low, double high)
{
	range->low = fmax(range->low, low);
	range->high = fmin(range->high, high);
	return range->low <= range->high;
}

static bool narrow_flag(struct world *w, enum metric flag, bool truth);

/* What follows from a flag, and what follows from that */
static bool apply_fact(struct world *w, const struct metric_fact *fact)
{
	struct value_range *range = &w->metric[fact->metric];

	if (fact->low > fact->high) {
		if (w->absence_counts)
			*range = (struct value_range){ fact->low, fact->high };
		return true;
	}
	if (metric_table[fact->metric].dimension == DIMENSION_FLAG)
		return narrow_flag(w, fact->metric, fact->low > 0);
	return range->low > range->high ||
	       narrow(range, fact->low - FACT_SLACK, fact->high + FACT_SLACK);
}

static bool narrow_flag(struct world *w, enum metric flag, bool truth)
{
	bool known = w->metric[flag].low >= w->metric[flag].high;

	if (!narrow(&w->metric[flag], truth, truth))
		return false;
	for (size_t i = 0; !known && i < metric_fact_count; i++)
		if (metric_facts[i].flag == flag && metric_facts[i].truth == truth &&
		    !apply_fact(w, &metric_facts[i]))
			return false;
	return true;
}

/* value < limit, or value > limit; or not. The limit itself lies beside the
 * number that the rule names, by the tolerance: unless it ends the range, no
 * value is just there, so that one of "> 12" and "<= 12" is always true. */
static bool narrow_below(struct value_range *range, double limit, bool truth)
{
	if (truth)
		return narrow(range, -INFINITY, nextafter(limit, -INFINITY));
	return narrow(range, limit < range->high ? nextafter(limit, INFINITY) : limit,
	              INFINITY);
}

static bool narrow_above(struct value_range *range, double limit, bool truth)
{
	if (truth)
		return narrow(range, nextafter(limit, INFINITY), INFINITY);
	return narrow(range, -INFINITY,
	              limit > range->low ? nextafter(limit, -INFINITY) : limit);
}

static bool is_near(struct value_range range, double limit)
{
	return range.low >= limit - EXPRESSION_TOLERANCE &&
	       range.high <= limit + EXPRESSION_TOLERANCE;
}

static bool narrow_near(struct value_range *range, double limit, bool truth)
{
	if (!truth)
		return !is_near(*range, limit);
	return narrow(range, limit - EXPRESSION_TOLERANCE, limit + EXPRESSION_TOLERANCE);
}

static struct share *share_of(struct world *w, const struct instruction *i)
{
	struct share *share;

	for (size_t s = 0; s < w->share_count; s++)
		if (w->shares[s].metric == i->metric && w->shares[s].other == i->other)
			return &w->shares[s];
	if (w->share_count == SHARES_MAX)
		return NULL;
	share = &w->shares[w->share_count++];
	*share = (struct share){ i->metric, i->other, { -INFINITY, INFINITY } };
	return share;
}

/* metric < constant x other and its like. Of an `other` that may be 0 there are
 * no shares; one that may be negative tells nothing. */
static bool narrow_share(struct world *w, const struct instruction *i, bool truth)
{
	enum expression_op op = expression_op_pushing(i->op);
	bool below = op == OP_SHARE_BELOW || op == OP_SHARE_NOT_ABOVE;
	bool strict = (op == OP_SHARE_BELOW || op == OP_SHARE_ABOVE) == truth;
	double limit = i->constant, beside = strict ? SLIGHTLY : 0;
	struct value_range *metric = &w->metric[i->metric], *other = &w->metric[i->other];
	struct share *share = other->low > 0 ? share_of(w, i) : NULL;

	if (other->low < 0 || limit <= 0)
		return true;
	if (below == truth)
		return (!share || narrow(&share->range, -INFINITY, limit - beside)) &&
		       narrow(metric, -INFINITY, limit * other->high + SLACK) &&
		       narrow(other, (metric->low - SLACK) / limit, INFINITY);
	return (!share || narrow(&share->range, limit + beside, INFINITY)) &&
	       narrow(metric, limit * other->low - SLACK, INFINITY) &&
	       narrow(other, -INFINITY, (metric->high + SLACK) / limit);
}

/* A sum, product or quotient: is the outcome within reach? */
static bool narrow_value(struct world *w, const struct expression *e,
                         uint8_t first, uint8_t last, bool truth)
{
	const struct instruction *judge = &e->code[last];
	struct value_range all, *range = &all;
	double limit = judge->constant;

	all = expression_range_within(&e->code[first], last - first, w->metric);
	if (last == first + 1 && e->code[first].op == OP_METRIC &&
	    e->code[first].constant > 0) { /* a metric by itself */
		range = &w->metric[e->code[first].metric];
		limit /= e->code[first].constant;
	}
	if (isnan(all.low) || isnan(all.high))
		return true;
	all.low -= 1e-12 * fabs(all.low); /* for what rounding may add */
	all.high += 1e-12 * fabs(all.high);
	if (judge->op == OP_BELOW)
		return narrow_below(range, limit, truth);
	if (judge->op == OP_ABOVE)
		return narrow_above(range, limit, truth);
	return narrow_near(range, limit, truth);
}

static bool narrow_world(struct world *w, const struct expression *e,
                         const struct node *node, bool truth)
{
	const struct instruction *i = &e->code[node->left];

	enum expression_op op = expression_op_pushing(i->op);

	if (op >= OP_CONSTANT)
		return narrow_value(w, e, node->left, node->right, truth);
	if (op == OP_FLAG || op == OP_NOT_FLAG)
		return narrow_flag(w, i->metric, truth == (op == OP_FLAG));
	if (op == OP_METRIC_BELOW)
		return narrow_below(&w->metric[i->metric], i->constant, truth);
	if (op == OP_METRIC_ABOVE)
		return narrow_above(&w->metric[i->metric], i->constant, truth);
	return narrow_share(w, i, truth);
}

/* ---- the search ----------------------------------------------------------- */

struct goal {
	const struct tree *tree;
	uint8_t node;
	bool truth;
	const struct goal *next;
};

struct search {
	unsigned steps;
	struct value_range *reached; /* NULL: the first way is enough */
	size_t ways;
};

static bool reach(const struct goal *goal, const struct world *world,
                  struct search *search);

static bool reach_both(const struct goal *goal, const struct world *world,
                       struct search *search)
{
	const struct node *node = &goal->tree->nodes[goal->node];
	struct goal right = { goal->tree, node->right, goal->truth, goal->next };
	struct goal left = { goal->tree, node->left, goal->truth, &right };

	return reach(&left, world, search);
}

static bool reach_either(const struct goal *goal, const struct world *world,
                         struct search *search)
{
	const struct node *node = &goal->tree->nodes[goal->node];
	struct goal left = { goal->tree, node->left, goal->truth, goal->next };
	struct goal right = { goal->tree, node->right, goal->truth, goal->next };

	return reach(&left, world, search) || reach(&right, world, search);
}

/* A pace that is asked for is that of a speed: 5 min/km is 12 km/h. */
static bool pace_fits_speed(const struct world *w)
{
	const struct metric_info *declared = &metric_table[METRIC_pace];
	struct value_range pace = w->metric[METRIC_pace];
	struct value_range speed = w->metric[METRIC_speed];

	if (pace.low <= declared->low && pace.high >= declared->high)
		return true; /* below 1 km/h there is none */
	return speed.low * pace.low <= 60 + SLACK && speed.high * pace.high >= 60 - SLACK;
}

static bool is_in_order(const struct world *w)
{
	for (size_t i = 0; i < metric_order_count; i++)
		if (w->metric[metric_orders[i].less].low >
		    w->metric[metric_orders[i].more].high + SLACK)
			return false;
	return pace_fits_speed(w);
}

/* All wishes are granted. A search for every way goes on from here. */
static bool arrive(const struct world *world, struct search *search)
{
	struct value_range *reached = search->reached;

	if (!is_in_order(world))
		return false;
	if (!reached)
		return true;
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		struct value_range range = world->metric[i];

		if (range.low > range.high) /* absent: nothing is asked of it */
			range = (struct value_range){ metric_table[i].low,
				                      metric_table[i].high };
		if (search->ways == 0 || range.low < reached[i].low)
			reached[i].low = range.low;
		if (search->ways == 0 || range.high > reached[i].high)
			reached[i].high = range.high;
	}
	search->ways++;
	return false;
}

static bool reach(const struct goal *goal, const struct world *world,
                  struct search *search)
{
	const struct node *node;
	struct goal inner;
	struct world narrowed;

	if (++search->steps > STEPS_MAX)
		return true;
	if (!goal)
		return arrive(world, search);
	node = &goal->tree->nodes[goal->node];
	switch ((enum node_kind)node->kind) {
	case NODE_AND:
		return goal->truth ? reach_both(goal, world, search)
		                   : reach_either(goal, world, search);
	case NODE_OR:
		return goal->truth ? reach_either(goal, world, search)
		                   : reach_both(goal, world, search);
	case NODE_NOT:
		inner = (struct goal){ goal->tree, node->left, !goal->truth, goal->next };
		return reach(&inner, world, search);
	case NODE_COMPARISON:
		break;
	}
	narrowed = *world;
	return narrow_world(&narrowed, goal->tree->e, node, goal->truth) &&
	       reach(goal->next, &narrowed, search);
}

/* True if a way was found, or if it would take too long */
static bool search_from(struct world *world, const struct wish *wishes, size_t count,
                        struct search *search)
{
	struct goal goals[POSSIBLE_WISHES_MAX], *first = NULL;
	struct tree *trees = calloc(count + 1, sizeof(*trees));
	bool found;

	if (!trees || count > POSSIBLE_WISHES_MAX) {
		free(trees);
		return true;
	}
	world->absence_counts = true;
	for (size_t i = count; i-- > 0;) {
		tree_of(wishes[i].condition, &trees[i]);
		goals[i] = (struct goal){ &trees[i], trees[i].root, wishes[i].truth, first };
		first = &goals[i];
		world->absence_counts &= wishes[i].truth;
	}
	found = reach(first, world, search);
	free(trees);
	return found;
}

bool expression_possible(const struct wish *wishes, size_t count)
{
	struct world world = { .share_count = 0 };
	struct search search = { .steps = 0 };

	expression_declared_ranges(world.metric);
	return search_from(&world, wishes, count, &search);
}

bool expression_can_begin(const struct expression *condition)
{
	struct wish wish = { condition, true };
	struct world world = { .share_count = 0 };
	struct search search = { .steps = 0 };

	expression_declared_ranges(world.metric);
	world.metric[METRIC_fired_count].high = 0;
	world.metric[METRIC_held_time].high = 0;
	world.metric[METRIC_fired_age] = (struct value_range){ 1, 0 };
	return search_from(&world, &wish, 1, &search);
}

bool expression_reach(const struct expression *condition,
                      struct value_range out[METRIC_COUNT])
{
	struct wish wish = { condition, true };
	struct world world = { .share_count = 0 };
	struct search search = { .reached = out };

	expression_declared_ranges(world.metric);
	return !search_from(&world, &wish, 1, &search) && search.ways > 0;
}

/* ---- how long ------------------------------------------------------------- */

/* How long a clock stays where it must be */
static double clock_lasts_s(const struct metric_clock *clock,
                            const struct value_range *reached)
{
	struct value_range at = reached[clock->metric];

	switch (clock->growth) {
	case GROWS:
		return at.high - at.low;
	case GROWS_FROM_ZERO:
		return at.low > 0 ? at.high - at.low : INFINITY;
	case GROWS_IN_RUN:
		return reached[METRIC_running].low > 0 ? at.high - at.low : INFINITY;
	case GROWS_IN_WALK:
		return reached[METRIC_walking].low > 0 ? at.high - at.low : INFINITY;
	}
	return INFINITY;
}

/* What rises (or falls) by so much in each span reaches the end of its range. */
static double rise_lasts_s(const struct metric_rise *rise,
                           const struct value_range *reached)
{
	const struct metric_info *of = &metric_table[rise->of];
	struct value_range by = reached[rise->rise];
	double least = by.low > 0 ? by.low : -by.high;

	if (least <= 0)
		return INFINITY;
	return rise->span_s * floor((of->high - of->low) / least + SLACK) - 1;
}

double expression_lasts_s(const struct expression *condition, enum metric *clock)
{
	struct value_range reached[METRIC_COUNT];
	double shortest = INFINITY, lasts;

	if (!expression_reach(condition, reached))
		return INFINITY;
	for (size_t i = 0; i < metric_clock_count; i++) {
		lasts = clock_lasts_s(&metric_clocks[i], reached);
		if (lasts < shortest)
			shortest = lasts, *clock = metric_clocks[i].metric;
	}
	for (size_t i = 0; i < metric_rise_count; i++) {
		lasts = rise_lasts_s(&metric_rises[i], reached);
		if (lasts < shortest)
			shortest = lasts, *clock = metric_rises[i].rise;
	}
	return shortest;
}
