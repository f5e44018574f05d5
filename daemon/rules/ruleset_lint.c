/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/ruleset_lint.h"
#include "daemon/rules/expression_code.h"
#include "daemon/rules/expression_possible.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

struct lint {
	const struct ruleset *set;
	ruleset_doubt_fn doubt;
	void *user;
	size_t count;
};

__attribute__((format(printf, 3, 4))) static void
say(struct lint *lint, const struct rule *rule, const char *format, ...)
{
	char message[400];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	lint->count++;
	lint->doubt(rule, message, lint->user);
}

static bool possible(const struct expression *a, bool a_truth,
                     const struct expression *b, bool b_truth)
{
	struct wish wishes[] = { { a, a_truth }, { b, b_truth } };

	return expression_possible(wishes, b ? 2 : 1);
}

/* ---- a rule by itself ----------------------------------------------------- */

/* True if the rule can come true at all. */
static bool check_never(struct lint *lint, const struct rule *rule)
{
	size_t never = 0;

	for (size_t i = 0; i < rule->clause_count; i++)
		never += !possible(&rule->clauses[i].when, true, NULL, true);
	if (never > 0 && never == rule->clause_count) {
		say(lint, rule, "can never speak: no values within the ranges of its metrics "
		    "make \"%s\" true", rule->clauses[0].when.text);
		return false;
	}
	for (size_t i = 0; never && i < rule->clause_count; i++)
		if (!possible(&rule->clauses[i].when, true, NULL, true))
			say(lint, rule, "has a condition that can never be true: \"%s\"",
			    rule->clauses[i].when.text);
	return true;
}

/* ---- what comes too late --------------------------------------------------- */

/* "300 s at most, by elapsed" in whole seconds */
static bool lasts_for(const struct expression *condition, uint32_t hold_s,
                      char *words, size_t size)
{
	enum metric clock = METRIC_COUNT;
	double lasts_s = expression_lasts_s(condition, &clock);

	if (lasts_s >= hold_s)
		return true;
	snprintf(words, size, "lasts for %.0f s at most, by %s", ceil(lasts_s - 1e-6),
	         metric_table[clock].name);
	return false;
}

/* True if some condition can last for as long as it must. */
static bool check_hold(struct lint *lint, const struct rule *rule)
{
	size_t brief = 0;
	char words[100];

	for (size_t i = 0; i < rule->clause_count; i++) {
		const struct rule_clause *clause = &rule->clauses[i];

		if (lasts_for(&clause->when, clause->hold_s, words, sizeof(words)))
			continue;
		brief++;
		say(lint, rule, "%s: \"hold\" asks for %u s, and \"%s\" %s",
		    rule->clause_count == 1 ? "can never speak"
		                            : "has a condition that can never speak",
		    clause->hold_s, clause->when.text, words);
	}
	return brief < rule->clause_count || rule->clause_count == 0;
}

/* True if it can speak for a first time. */
static bool check_begin(struct lint *lint, const struct rule *rule)
{
	for (size_t i = 0; i < rule->clause_count; i++)
		if (expression_can_begin(&rule->clauses[i].when))
			return true;
	if (rule->clause_count > 0)
		say(lint, rule, "can never speak: \"%s\" asks that the rule has spoken or "
		    "been true before", rule->clauses[0].when.text);
	return rule->clause_count == 0;
}

/* True if no condition excludes what its prompt waits for; an instant is over
 * by then. */
static bool check_await(struct lint *lint, const struct rule *rule)
{
	for (size_t i = 0; i < rule->clause_count; i++)
		if (possible(&rule->clauses[i].when, true, &rule->await, true))
			return true;
	say(lint, rule, "can never speak: whenever its condition is true, \"await\", "
	    "\"%s\", is not", rule->await.text);
	return false;
}

/* ---- what changes nothing --------------------------------------------------- */

static void check_useless(struct lint *lint, const struct rule *rule)
{
	if (rule->once == RULE_ONCE_PER_SESSION && rule->repeat_s)
		say(lint, rule, "has a \"repeat\" that changes nothing: \"once: session\" "
		    "lets it speak once");
	if (rule->once == RULE_ONCE_PER_SESSION && rule->limit)
		say(lint, rule, "has a \"limit\" that changes nothing: \"once: session\" "
		    "lets it speak once");
	if (rule->limit == 1 && rule->repeat_s)
		say(lint, rule, "has a \"repeat\" that changes nothing: \"limit: 1\" lets "
		    "it speak once");
}

/* True if it is. */
static bool check_always(struct lint *lint, const struct rule *rule)
{
	for (size_t i = 0; i < rule->clause_count; i++) {
		if (possible(&rule->clauses[i].when, false, NULL, true))
			continue;
		say(lint, rule, "is always true: every value within the ranges of its "
		    "metrics makes \"%s\" true", rule->clauses[i].when.text);
		return true;
	}
	return false;
}

/* Does `clear` hold as soon as the rule is true, whichever clause made it so? */
static bool clears_at_once(const struct rule *rule)
{
	for (size_t i = 0; i < rule->clause_count; i++)
		if (possible(&rule->clauses[i].when, true, &rule->clear, false))
			return false;
	return true;
}

static void check_clear(struct lint *lint, const struct rule *rule)
{
	char words[100];

	if (rule->clear.length == 0)
		return;
	if (!possible(&rule->clear, true, NULL, true))
		say(lint, rule, "never ends: \"clear\", \"%s\", can never be true",
		    rule->clear.text);
	else if (clears_at_once(rule))
		say(lint, rule, "ends as soon as it has spoken: whenever its condition is "
		    "true, so is \"clear\", \"%s\"", rule->clear.text);
	else if (!lasts_for(&rule->clear, rule->clear_hold_s, words, sizeof(words)))
		say(lint, rule, "never ends: \"clear_hold\" asks for %u s, and \"%s\" %s",
		    rule->clear_hold_s, rule->clear.text, words);
}

/* ---- a rule that another one mutes ---------------------------------------- */

static bool uses_no_more(const struct expression *a, const struct rule *than)
{
	for (size_t word = 0; word < METRIC_WORDS; word++) {
		uint64_t used = 0;

		for (size_t i = 0; i < than->clause_count; i++)
			used |= than->clauses[i].when.uses[word];
		if (a->uses[word] & ~used)
			return false;
	}
	return true;
}

/* Whenever `rule` is true, some clause of `by` is, and nothing keeps `by` asleep
 * that does not keep `rule` asleep. */
static bool always_with(const struct rule *rule, const struct rule *by)
{
	for (size_t word = 0; word < METRIC_WORDS; word++)
		if (by->needs[word] & ~rule->needs[word])
			return false;
	for (size_t i = 0; i < rule->clause_count; i++) {
		struct wish wishes[1 + RULE_CLAUSES_MAX] = {
			{ &rule->clauses[i].when, true },
		};

		for (size_t j = 0; j < by->clause_count; j++) {
			wishes[1 + j] = (struct wish){ &by->clauses[j].when, false };
			if (!uses_no_more(&by->clauses[j].when, rule))
				return false;
		}
		if (expression_possible(wishes, 1u + by->clause_count))
			return false;
	}
	return rule->clause_count > 0 && by->clause_count > 0;
}

static void check_muted(struct lint *lint, const struct rule *rule)
{
	size_t self = (size_t)(rule - lint->set->rules);

	for (size_t i = 0; i < lint->set->count; i++) {
		const struct rule *by = &lint->set->rules[i];

		if ((by->mutes[self / 64] >> self % 64 & 1) && !by->disabled &&
		    !by->instant && always_with(rule, by))
			say(lint, rule, "can never speak: whenever it is true, so is \"%s\", "
			    "which mutes it", by->id);
	}
}

/* ---- two rules that ask for opposite things ------------------------------- */

/* What a rule wants changed: a metric, by itself or in shares of another, that
 * is too low (or too high) beyond `from`, and well again at `to`. */
struct aim {
	bool known, upward;
	uint8_t metric, other; /* METRIC_COUNT: by itself */
	double from, to;
};

static bool is_movable(enum metric metric)
{
	switch (metric_table[metric].dimension) {
	case DIMENSION_PERCENT:
	case DIMENSION_SPEED:
	case DIMENSION_PACE:
	case DIMENSION_CADENCE:
	case DIMENSION_LENGTH:
	case DIMENSION_HEART_RATE:
		return metric != METRIC_distance;
	case DIMENSION_FLAG:
	case DIMENSION_NUMBER:
	case DIMENSION_TIME:
	case DIMENSION_MASS:
	case DIMENSION_PAIN:
	case DIMENSION_COUNT:
		break;
	}
	return false;
}

/* One thing under two names: a pace is a speed, upside down; and the mean of
 * 30 s goes where the cadence goes. */
static void name_alike(struct aim *aim)
{
	if (aim->metric == METRIC_cadence)
		aim->metric = METRIC_cadence_30s;
	if (aim->metric != METRIC_pace || aim->other != METRIC_COUNT || aim->from <= 0)
		return;
	aim->metric = METRIC_speed;
	aim->upward = !aim->upward;
	aim->from = aim->to = 60 / aim->from;
}

/* The comparison that an instruction makes, if it is one of a metric that can
 * move: below what it is true (or above). */
static bool bound_of(const struct instruction *i, bool negated, struct aim *out)
{
	enum expression_op op = expression_op_pushing(i->op);
	bool below = op == OP_METRIC_BELOW || op == OP_SHARE_BELOW ||
	             op == OP_SHARE_NOT_ABOVE;

	if (op >= OP_CONSTANT || op == OP_FLAG || op == OP_NOT_FLAG ||
	    !is_movable(i->metric))
		return false;
	*out = (struct aim){
		.known = true, .upward = below != negated, .metric = i->metric,
		.other = op >= OP_SHARE_BELOW ? i->other : METRIC_COUNT,
		.from = i->constant, .to = i->constant,
	};
	name_alike(out);
	return true;
}

/* Compares something, be it with a number or with something else */
static bool is_comparison(const struct instruction *i)
{
	enum expression_op op = expression_op_pushing(i->op);

	return op != OP_FLAG && op != OP_NOT_FLAG &&
	       (op < OP_CONSTANT || op == OP_BELOW || op == OP_ABOVE || op == OP_NEAR);
}

/* The only bound of a condition that compares nothing else, or the only one that
 * matches `like`; unknown if there are more. */
static struct aim only_bound(const struct expression *e, const struct aim *like)
{
	struct aim found = { .known = false }, bound;
	size_t count = 0;

	for (uint8_t i = 0; i < e->length; i++) {
		bool negated = i + 1 < e->length && e->code[i + 1].op == OP_NOT;

		if (!bound_of(&e->code[i], negated, &bound)) {
			count += !like && is_comparison(&e->code[i]);
			continue;
		}
		if (like && (bound.metric != like->metric || bound.other != like->other))
			continue;
		found = bound;
		count++;
	}
	if (count != 1)
		found.known = false;
	return found;
}

/* With `clear`, what the rule is about stands in it; else it must be the one
 * thing that the condition compares. */
static struct aim aim_of(const struct rule *rule)
{
	struct aim end = { .known = false }, aim;

	if (rule->clause_count == 0 || rule->level == DISPLAY_LEVEL_SYSTEM ||
	    rule->level == DISPLAY_LEVEL_PRAISE)
		return end;
	if (rule->clear.length == 0)
		return only_bound(&rule->clauses[0].when, NULL);
	end = only_bound(&rule->clear, NULL);
	if (!end.known)
		return end;
	aim = only_bound(&rule->clauses[0].when, &end);
	aim.known &= aim.upward != end.upward;
	aim.to = end.to;
	return aim;
}

static bool true_together(const struct rule *a, const struct rule *b)
{
	return possible(&a->clauses[0].when, true, &b->clauses[0].when, true);
}

/* `up` wants it to rise to up.to, `down` to fall to down.to. */
static void check_pair(struct lint *lint, const struct rule *up_rule,
                       const struct aim *up, const struct rule *down_rule,
                       const struct aim *down)
{
	const char *name = metric_table[up->metric].name;

	if (!up->upward || down->upward || up->metric != down->metric ||
	    up->other != down->other)
		return;
	if (down->from < up->from - EXPRESSION_TOLERANCE * 4) {
		if (true_together(up_rule, down_rule))
			say(lint, up_rule, "contradicts \"%s\": both can be true at once, and "
			    "this one asks for more %s, that one for less", down_rule->id, name);
	} else if (up->to > down->from + EXPRESSION_TOLERANCE * 4 &&
	           down->to < up->from - EXPRESSION_TOLERANCE * 4) {
		say(lint, up_rule, "contradicts \"%s\": who follows this one raises %s until "
		    "that one is true, and the other way round", down_rule->id, name);
	}
}

static void check_aims(struct lint *lint, const struct rule *a)
{
	struct aim aim = aim_of(a);

	for (const struct rule *b = lint->set->rules; aim.known && b < a; b++) {
		struct aim other = aim_of(b);

		if (b->disabled || !other.known)
			continue;
		check_pair(lint, a, &aim, b, &other);
		check_pair(lint, b, &other, a, &aim);
	}
}

static bool can_speak(struct lint *lint, const struct rule *rule)
{
	return check_never(lint, rule) && check_begin(lint, rule) &&
	       check_hold(lint, rule) &&
	       (rule->await.length == 0 || check_await(lint, rule));
}

size_t ruleset_lint(const struct ruleset *set, ruleset_doubt_fn doubt, void *user)
{
	struct lint lint = { .set = set, .doubt = doubt, .user = user };

	for (size_t i = 0; i < set->count; i++) {
		const struct rule *rule = &set->rules[i];

		if (rule->disabled || !can_speak(&lint, rule))
			continue;
		check_useless(&lint, rule);
		check_muted(&lint, rule);
		if (check_always(&lint, rule))
			continue;
		check_clear(&lint, rule);
		check_aims(&lint, rule);
	}
	return lint.count;
}
