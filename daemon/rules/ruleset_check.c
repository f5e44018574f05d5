/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/ruleset_check.h"
#include "daemon/rules/columns.h"
#include "daemon/rules/expression_range.h"
#include "daemon/rules/suggest.h"
#include "daemon/rules/wording.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 4, 5))) static bool
fail(struct rule_problem *problem, const char *key, const char *member,
     const char *format, ...)
{
	va_list args;

	problem->key = key;
	problem->member = member;
	va_start(args, format);
	vsnprintf(problem->message, sizeof(problem->message), format, args);
	va_end(args);
	return false;
}

/* ---- conditions ----------------------------------------------------------- */

static const char *instant_metric_in(const uint64_t *uses)
{
	for (size_t i = 0; i < METRIC_COUNT; i++)
		if ((uses[i / 64] >> i % 64 & 1) && metric_is_instant((enum metric)i))
			return metric_table[i].name;
	return NULL;
}

static bool check_when(const struct rule *rule, struct rule_problem *problem)
{
	if (rule->clause_count == 0 && !rule->only_as_praise)
		return fail(problem, "id", NULL, "rule \"%s\" has no \"when\": write the "
		            "condition it speaks in", rule->id);
	for (size_t i = 0; rule->instant && i < rule->clause_count; i++)
		if (rule->clauses[i].hold_s > 0)
			return fail(problem, i ? "also" : "hold", NULL,
			            "\"when\" reads %s, which is there at an instant only and "
			            "cannot hold: leave out \"hold\"",
			            instant_metric_in(rule->clauses[i].when.uses)
			                    ? instant_metric_in(rule->clauses[i].when.uses)
			                    : "an input");
	return true;
}

/* An instant metric is always absent where nothing is read at its instant. */
static bool check_instants(const struct rule *rule, struct rule_problem *problem)
{
	const char *name = instant_metric_in(rule->clear.uses);

	if (name)
		return fail(problem, "clear", NULL, "%s is there at an instant only and "
		            "cannot be waited for: use pain, or leave out \"clear\"", name);
	if (rule->instant)
		return true;
	name = instant_metric_in(rule->await.uses);
	if (name)
		return fail(problem, "await", NULL, "%s is there at an instant only and "
		            "cannot be waited for: use pain, or leave out \"await\"", name);
	name = instant_metric_in(rule->needs);
	if (name)
		return fail(problem, "needs", NULL, "%s is there at an instant only, and "
		            "\"when\" does not read it: the rule would always sleep", name);
	for (size_t i = 0; i < rule->arg_count; i++) {
		name = instant_metric_in(rule->args[i].value.uses);
		if (name)
			return fail(problem, "args", NULL, "%s is there at an instant only, and "
			            "\"when\" does not read it: use pain", name);
	}
	return true;
}

/* ---- texts ---------------------------------------------------------------- */

/* A text with {placeholders}, and what is known of it */
struct text {
	const char *key;    /* "say", "also" or "why" */
	const char *member; /* below it */
	const char *pattern;
	size_t columns_max; /* 0: any */
	bool everybody;     /* goes to displays without personal */
};

static const struct rule_arg *arg_of(const struct rule *rule, const char *name,
                                     size_t length)
{
	for (size_t i = 0; i < rule->arg_count; i++)
		if (strlen(rule->args[i].name) == length &&
		    memcmp(rule->args[i].name, name, length) == 0)
			return &rule->args[i];
	return NULL;
}

static bool fail_text(struct rule_problem *problem, const struct text *text,
                      const char *message)
{
	return fail(problem, text->key, text->member, "%s", message);
}

static bool fail_unknown_arg(const struct rule *rule, const struct text *text,
                             const char *name, size_t length,
                             struct rule_problem *problem)
{
	const char *names[RULE_ARGS_MAX], *near;

	for (size_t i = 0; i < rule->arg_count; i++)
		names[i] = rule->args[i].name;
	near = suggest_among(name, length, names, rule->arg_count);
	return fail(problem, text->key, text->member,
	            "{%.*s} is not among \"args\"%s%s%s", length > 30 ? 30 : (int)length,
	            name, near ? "; did you mean {" : ": add it there, or leave it out",
	            near ? near : "", near ? "}?" : "");
}

/* One {placeholder} at `brace`: its argument, or NULL with the problem set */
static const struct rule_arg *placeholder(const struct rule *rule,
                                          const struct text *text,
                                          const char *brace,
                                          struct rule_problem *problem)
{
	size_t length = strcspn(brace + 1, "{}");
	const struct rule_arg *arg = arg_of(rule, brace + 1, length);

	if (*brace != '{' || brace[1 + length] != '}')
		fail_text(problem, text, "a curly bracket stands alone: write {name} for an "
		          "argument, round brackets otherwise");
	else if (!arg)
		fail_unknown_arg(rule, text, brace + 1, length, problem);
	else if (arg->personal && text->everybody)
		fail(problem, text->key, text->member,
		     "{%s} is personal, and this goes to every display: %s", arg->name,
		     text->member && strncmp(text->member, "text", 4) == 0
		             ? "say it without in text_public" : "say it without");
	else
		return arg;
	return NULL;
}

static bool check_text(const struct rule *rule, const struct text *text,
                       struct rule_problem *problem)
{
	const char *at = text->pattern;
	size_t width = 0;

	while (*at) {
		size_t plain = strcspn(at, "{}");
		const struct rule_arg *arg;

		width += columns(at, plain);
		at += plain;
		if (!*at)
			break;
		arg = placeholder(rule, text, at, problem);
		if (!arg)
			return false;
		width += wording_columns(arg);
		at = strchr(at, '}') + 1;
	}
	if (text->columns_max && width > text->columns_max)
		return fail(problem, text->key, text->member, "%zu columns, with the longest "
		            "arguments; at most %zu fit a display: shorten it", width,
		            text->columns_max);
	return true;
}

/* The text of a clause has no other for displays without personal. */
static bool check_clause_texts(const struct rule *rule,
                               struct rule_problem *problem)
{
	for (size_t i = 0; i < rule->clause_count; i++) {
		struct text text = { "also", NULL, rule->clauses[i].text,
			             TEXT_COLUMNS_MAX, true };

		if (text.pattern && !check_text(rule, &text, problem))
			return false;
	}
	return true;
}

bool ruleset_check_texts(const struct rule *rule, struct rule_problem *problem)
{
	bool has_public = *rule->public_text;
	const char *member = rule->text_count == 1 ? "text" : "texts";
	struct text headline = { "say", "headline", rule->headline,
		                 HEADLINE_COLUMNS_MAX, true };
	struct text public_text = { "say", "text_public", rule->public_text,
		                    TEXT_COLUMNS_MAX, true };
	struct text why = { "why", NULL, rule->why, 0, true };

	if (!*rule->headline)
		return fail(problem, "say", NULL, "rule \"%s\" has no headline: write "
		            "say: {headline: \"...\", text: \"...\"}", rule->id);
	if (rule->text_count == 0)
		return fail(problem, "say", NULL, "rule \"%s\" has no text: write "
		            "say: {headline: \"...\", text: \"...\"}", rule->id);
	for (size_t i = 0; i < rule->text_count; i++) {
		struct text text = { "say", member, rule->texts[i], TEXT_COLUMNS_MAX,
			             !has_public };

		if (!check_text(rule, &text, problem))
			return false;
	}
	return check_clause_texts(rule, problem) &&
	       check_text(rule, &headline, problem) &&
	       check_text(rule, &public_text, problem) &&
	       check_text(rule, &why, problem);
}

static bool mentions(const char *pattern, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = pattern; (at = strchr(at, '{')); at++)
		if (strncmp(at + 1, name, length) == 0 && at[1 + length] == '}')
			return true;
	return false;
}

static bool check_args(const struct rule *rule, struct rule_problem *problem)
{
	for (size_t i = 0; i < rule->arg_count; i++) {
		const char *name = rule->args[i].name;
		bool used = mentions(rule->headline, name) || mentions(rule->why, name) ||
		            mentions(rule->public_text, name);

		for (size_t j = 0; j < rule->text_count; j++)
			used |= mentions(rule->texts[j], name);
		for (size_t j = 0; j < rule->clause_count; j++)
			used |= rule->clauses[j].text &&
			        mentions(rule->clauses[j].text, name);
		if (!used)
			return fail(problem, "args", NULL, "the argument \"%s\" is not used: write "
			            "{%s} in a text, or leave it out", name, name);
		if (rule->args[i].is_runner && !*rule->public_text)
			return fail(problem, "args", NULL, "who runs may not be known, or not for "
			            "every display to tell: add text_public without {%s}", name);
		if (!rule->args[i].is_runner &&
		    isinf(expression_range(&rule->args[i].value).high))
			return fail(problem, "args", NULL, "\"%s\" can become as large as it "
			            "likes, because its divisor can be 0: show another value", name);
	}
	return true;
}

/* ---- the rest ------------------------------------------------------------- */

static bool check_praise(const struct rule *rule, struct rule_problem *problem)
{
	if (!rule->praise)
		return rule->praise_within_s == 0 ||
		       fail(problem, "praise_within", NULL,
		            "\"praise_within\" is for rules with \"praise\"");
	if (rule->praise == rule)
		return fail(problem, "praise", NULL, "a rule cannot praise itself");
	if (rule->praise->level != DISPLAY_LEVEL_PRAISE)
		return fail(problem, "praise", NULL, "\"%s\" is not of the level praise",
		            rule->praise->id);
	return true;
}

static bool check_mutes(const struct ruleset *set, const struct rule *rule,
                        struct rule_problem *problem)
{
	size_t self = (size_t)(rule - set->rules);

	if (rule->mutes[self / 64] >> self % 64 & 1)
		return fail(problem, "mutes", NULL, "a rule cannot mute itself");
	if (rule->bars[self / 64] >> self % 64 & 1)
		return fail(problem, "bars", NULL,
		            "a rule cannot bar itself: write once: session");
	for (size_t i = 0; i < set->count; i++)
		if ((rule->mutes[i / 64] >> i % 64 & 1) &&
		    (set->rules[i].mutes[self / 64] >> self % 64 & 1))
			return fail(problem, "mutes", NULL,
			            "\"%s\" and \"%s\" mute each other: neither would speak",
			            rule->id, set->rules[i].id);
	return true;
}

static bool check_kind(const struct rule *rule, struct rule_problem *problem)
{
	if (rule->lock && rule->level != DISPLAY_LEVEL_SAFETY)
		return fail(problem, "lock", NULL,
		            "only a rule of the level safety may lock the display");
	if (rule->ask == DISPLAY_ASK_NONE)
		return true;
	if (rule->answer_is_runner &&
	    (rule->ask_minimum != RULE_NO || rule->ask_maximum != RULE_YES))
		return fail(problem, "ask", "max", "it is the runner, or not: write min: 0, "
		            "max: 1");
	if (rule->ask_minimum >= rule->ask_maximum)
		return fail(problem, "ask", "max", "max must be above min");
	if ((rule->answer_is_pain || rule->answer_is_morning) && (rule->ask_minimum < 0 || rule->ask_maximum > 10))
		return fail(problem, "ask", "max", "pain is asked for from 0 to 10");
	return true;
}

bool ruleset_check_rule(const struct ruleset *set, const struct rule *rule,
                        struct rule_problem *problem)
{
	return check_when(rule, problem) && check_instants(rule, problem) &&
	       ruleset_check_texts(rule, problem) && check_args(rule, problem) &&
	       check_praise(rule, problem) && check_mutes(set, rule, problem) &&
	       check_kind(rule, problem);
}
