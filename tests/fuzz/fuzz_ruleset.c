/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any octets as a rule file and as an expression. A fault names a place within
 * the file and leaves the set as it was; a file that was read can be read over
 * itself; what is known of fewer metrics never contradicts what is known of
 * more (Kleene's logic is monotone); what came true was possible; and each part
 * of a condition is one by itself, with words for it.
 */
#include "daemon/rules/expression_possible.h"
#include "daemon/rules/expression_range.h"
#include "daemon/rules/metric_facts.h"
#include "daemon/rules/outline.h"
#include "daemon/rules/ruleset.h"
#include "daemon/rules/ruleset_lint.h"
#include "daemon/rules/wording.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* ---- expressions ---------------------------------------------------------- */

/* Values within their ranges, some of them absent by `absent` of 8 */
static void fill_metrics(struct metrics *m, uint32_t seed, uint32_t absent)
{
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		const struct metric_info *info = &metric_table[i];

		seed = seed * 1664525u + 1013904223u;
		m->value[i] = info->low + (info->high - info->low) * (seed >> 24) / 255.0;
		if (info->dimension == DIMENSION_FLAG && info->low < info->high)
			m->value[i] = seed >> 31;
		if ((seed >> 16) % 8 < absent)
			m->value[i] = NAN;
	}
}

static void obey_fact(struct metrics *m, const struct metric_fact *fact)
{
	double *value = &m->value[fact->metric];

	if (isnan(m->value[fact->flag]) || (m->value[fact->flag] > 0) != fact->truth)
		return;
	if (fact->low > fact->high)
		*value = NAN;
	else
		*value = fmin(fmax(*value, fact->low), fact->high);
}

static void obey_orders(struct metrics *m)
{
	for (size_t i = 0; i < metric_order_count; i++) {
		double less = m->value[metric_orders[i].less];

		if (less > m->value[metric_orders[i].more])
			m->value[metric_orders[i].more] = less;
	}
	if (m->value[METRIC_worst_pain] > 0)
		m->value[METRIC_calm] = 0;
	m->value[METRIC_pace] = 60 / m->value[METRIC_speed];
	if (!(m->value[METRIC_speed] >= 1))
		m->value[METRIC_pace] = NAN;
}

/* Values that go together: nobody runs and walks at once. What follows from one
 * may be what another follows from. */
static void make_consistent(struct metrics *m)
{
	for (unsigned pass = 0; pass < 5; pass++) {
		for (size_t i = 0; i < metric_fact_count; i++)
			obey_fact(m, &metric_facts[i]);
		obey_orders(m);
	}
}

static void check_possible(const struct expression *e)
{
	const struct wish comes_true = { e, true }, stays_false = { e, false };
	bool can_be_true = expression_possible(&comes_true, 1);
	bool can_be_false = expression_possible(&stays_false, 1);
	enum metric clock = METRIC_COUNT;

	require(expression_lasts_s(e, &clock) >= 0);
	(void)expression_can_begin(e);

	for (uint32_t seed = 1; seed <= 8; seed++) {
		struct metrics m;
		enum truth truth;

		fill_metrics(&m, seed * 77, 0);
		make_consistent(&m);
		truth = expression_truth(e, &m);
		require(truth != TRUTH_TRUE || can_be_true);
		require(truth != TRUTH_FALSE || can_be_false);
	}
}

static void check_outline(const char *text)
{
	struct outline outline;

	if (!outline_of(text, &outline))
		return;
	require(outline.count > 0);
	for (size_t i = 0; i < outline.count; i++) {
		const struct outline_part *part = &outline.parts[i];
		char words[OUTLINE_WORDS_MAX], piece[EXPRESSION_TEXT_MAX + 1];
		struct expression e = { 0 };
		struct expression_error error;

		outline_words(text, part, words);
		require(*words && strlen(words) < sizeof(words));
		snprintf(piece, sizeof(piece), "%.*s", (int)part->length, text + part->offset);
		require(expression_compile_condition(piece, &e, &error));
		expression_free(&e);
	}
}

static void check_condition(const struct expression *e)
{
	check_possible(e);
	check_outline(e->text);
	require(e->length <= EXPRESSION_CODE_MAX && e->dimension == DIMENSION_FLAG);
	for (uint32_t seed = 1; seed <= 8; seed++) {
		struct metrics more, less;
		enum truth truth, with_more;

		fill_metrics(&more, seed, 0);
		fill_metrics(&less, seed, seed);
		truth = expression_truth(e, &less);
		with_more = expression_truth(e, &more);
		require(truth <= TRUTH_FAILED);
		require(truth == TRUTH_ABSENT || truth == with_more ||
		        with_more == TRUTH_FAILED);
	}
}

static void check_value(const struct expression *e)
{
	struct value_range range = expression_range(e);

	require(e->dimension != DIMENSION_FLAG);
	for (uint32_t seed = 1; seed <= 8; seed++) {
		struct metrics m;
		double value, slack;

		fill_metrics(&m, seed, 1);
		value = expression_value(e, &m);
		if (isnan(value) || isnan(range.low) || isnan(range.high))
			continue;
		slack = 1e-9 * (1 + fabs(range.low) + fabs(range.high));
		require(value >= range.low - slack && value <= range.high + slack);
	}
}

static void check_expression(const char *text)
{
	struct expression e = { 0 };
	struct expression_error error;

	if (expression_compile_condition(text, &e, &error))
		check_condition(&e);
	else
		require(error.offset <= strlen(text) && *error.message && !e.code);
	expression_free(&e);
	if (expression_compile_value(text, &e, &error))
		check_value(&e);
	else
		require(error.offset <= strlen(text) && *error.message && !e.code);
	expression_free(&e);
}

/* ---- files ---------------------------------------------------------------- */

static void check_rule(const struct rule *rule)
{
	require(*rule->id && *rule->headline && rule->text_count > 0);
	require(rule->clause_count > 0 || rule->only_as_praise);
	require(rule->rank <= 9);
	for (size_t i = 0; i < rule->clause_count; i++) {
		check_condition(&rule->clauses[i].when);
		require(!rule->instant || rule->clauses[i].hold_s == 0);
	}
	if (rule->clear.length)
		check_condition(&rule->clear);
	for (size_t i = 0; i < rule->arg_count; i++) {
		if (!rule->args[i].is_runner)
			check_value(&rule->args[i].value);
		require(wording_columns(&rule->args[i]) < 64);
	}
}

static void check_place(const struct ruleset_error *error, const char *text,
                        size_t size)
{
	unsigned long line, column, lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n' || text[i] == '\r';
	require(sscanf(error->where, "f:%lu:%lu", &line, &column) == 2);
	require(line >= 1 && line <= lines + 1 && column >= 1 && column <= size + 2);
	require(*error->message);
}

static const char base[] =
	"rules:\n"
	"- {id: a, level: form, when: speed > 3 km/h, say: {headline: H, text: T}}\n"
	"- {id: b, level: praise, say: {headline: '{x}', text: T}, when: running,\n"
	"   args: [{name: x, value: speed}]}\n"
	"- {id: c, level: safety, when: red_flag, lock: yes, mutes: [a],\n"
	"   praise: b, say: {headline: H, text: T}}\n";

static void ignore_doubt(const struct rule *rule, const char *message, void *user)
{
	(void)user;
	require(*rule->id && *message);
}

static void check_file(const char *text, size_t size)
{
	struct ruleset set = { 0 };
	struct ruleset_error error;
	struct rule *before;
	size_t count;

	require(ruleset_parse(&set, "base", base, sizeof(base) - 1, &error));
	before = set.rules;
	count = set.count;
	if (ruleset_parse(&set, "f", text, size, &error)) {
		for (size_t i = 0; i < set.count; i++)
			check_rule(&set.rules[i]);
		ruleset_lint(&set, ignore_doubt, NULL);
		count = set.count;
		require(ruleset_parse(&set, "f", text, size, &error));
	} else {
		check_place(&error, text, size);
		require(set.rules == before);
	}
	require(set.count == count);
	ruleset_free(&set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	require(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	check_expression(text);
	check_file(text, size);
	free(text);
	return 0;
}
