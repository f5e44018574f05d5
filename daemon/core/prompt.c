/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/prompt.h"
#include "daemon/rules/wording.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Seconds on a display, by level: rules.md 5.1 */
static const uint32_t display_seconds[] = {
	[DISPLAY_LEVEL_SYSTEM] = 6, [DISPLAY_LEVEL_PRAISE] = 6,
	[DISPLAY_LEVEL_HABIT] = 6, [DISPLAY_LEVEL_FORM] = 8,
	[DISPLAY_LEVEL_LOAD] = 12, [DISPLAY_LEVEL_SAFETY] = 30,
};

static const struct rule_arg *arg_at(const struct rule *rule, const char *brace,
                                     size_t *length)
{
	const char *close = strchr(brace, '}');

	for (size_t i = 0; close && i < rule->arg_count; i++) {
		size_t n = strlen(rule->args[i].name);

		if (n == (size_t)(close - brace - 1) &&
		    memcmp(brace + 1, rule->args[i].name, n) == 0) {
			*length = n + 2;
			return &rule->args[i];
		}
	}
	return NULL;
}

/* One prompt in the making */
struct rendering {
	const struct rule *rule;
	const struct metrics *metrics;
	struct wording_habit habit;
	const struct language *language;
	const char *runner; /* NULL: not known */
};

static size_t fill_arg(const struct rendering *r, const struct rule_arg *arg,
                       char *out, size_t size)
{
	double value = expression_value(&arg->value, r->metrics);
	const char *word = wording_word(arg, value);
	int length;

	if (arg->is_runner)
		return wording_name(out, size, r->runner ? r->runner : "?");
	if (!word)
		return wording_print(out, size, arg, value, r->habit);
	length = snprintf(out, size, "%s", language_text(r->language, word));
	return (size_t)length < size ? (size_t)length : size - 1;
}

/* `text` in the language, with the arguments' values */
static void fill(const struct rendering *r, const char *text, char *out, size_t size)
{
	const char *pattern = language_text(r->language, text);
	size_t used = 0;

	while (*pattern && used + 1 < size) {
		size_t length = 1;
		const struct rule_arg *arg =
			*pattern == '{' ? arg_at(r->rule, pattern, &length) : NULL;

		if (arg) {
			used += fill_arg(r, arg, out + used, size - used);
		} else {
			out[used++] = *pattern;
		}
		pattern += length;
	}
	out[used] = '\0';
}

static void fill_args(const struct rule *rule, const struct metrics *metrics,
                      struct display_prompt *out)
{
	for (size_t i = 0; i < rule->arg_count; i++) {
		const struct rule_arg *from = &rule->args[i];
		struct display_arg *to = &out->args[out->arg_count];
		double value = expression_value(&from->value, metrics);

		if (!isfinite(value))
			continue;
		snprintf(to->name, sizeof(to->name), "%s", from->name);
		to->decimals = wording_decimals(from);
		to->value = wording_value(from, value);
		to->personal = from->personal;
		out->arg_count++;
	}
}

/* What it says to everybody, and what instead to displays without personal; a
 * clause with a text of its own has no other. */
struct saying {
	const char *text, *public_text;
};

static bool names_runner(const struct rule *rule)
{
	for (size_t i = 0; i < rule->arg_count; i++)
		if (rule->args[i].is_runner)
			return true;
	return false;
}

static struct saying saying_of(const struct rule *rule,
                               const struct prompt_manner *manner)
{
	const char *own = rule->clauses[manner->clause].text;

	if (own)
		return (struct saying){ own, "" };
	if (!manner->runner && names_runner(rule))
		return (struct saying){ rule->public_text, "" };
	return (struct saying){
		rule->text_count ? rule->texts[manner->turn % rule->text_count] : "",
		rule->public_text,
	};
}

/* Half a prompt in another language helps nobody. */
static bool can_say(const struct language *l, const struct rule *rule,
                    const struct saying *say)
{
	return language_has(l, rule->headline) && language_has(l, say->text) &&
	       (!*say->public_text || language_has(l, say->public_text));
}

static void fill_english(const struct rendering *r, const struct saying *say,
                         struct display_prompt *out)
{
	struct rendering english = {
		.rule = r->rule, .metrics = r->metrics, .habit = { r->habit.miles, false },
		.runner = r->runner,
	};

	if (!r->language || r->language->reviewed ||
	    r->rule->level < DISPLAY_LEVEL_LOAD)
		return;
	fill(&english, r->rule->headline, out->english.headline,
	     sizeof(out->english.headline));
	fill(&english, say->text, out->english.text, sizeof(out->english.text));
	fill(&english, say->public_text, out->english.public_text,
	     sizeof(out->english.public_text));
}

static void add_choice(struct display_ask *ask, int32_t value, const char *text)
{
	struct display_choice *choice = &ask->choices[ask->choice_count++];

	choice->value = value;
	snprintf(choice->text, sizeof(choice->text), "%s", text);
}

/* Which pods there are to choose from the caller knows. */
static void fill_ask(const struct rendering *r, struct display_ask *out)
{
	const struct rule *rule = r->rule;

	out->kind = rule->ask;
	out->minimum = rule->ask_minimum;
	out->maximum = rule->ask_maximum;
	if (!rule->answer_is_runner)
		return;
	add_choice(out, RULE_YES, language_text(r->language, RULE_YES_TEXT));
	add_choice(out, RULE_NO, language_text(r->language, RULE_NO_TEXT));
}

void prompt_render(const struct rule *rule, const struct metrics *metrics,
                   const struct prompt_manner *manner, struct display_prompt *out)
{
	struct saying say = saying_of(rule, manner);
	struct rendering r = {
		.rule = rule, .metrics = metrics, .runner = manner->runner,
	};
	uint32_t seconds;

	if (can_say(manner->language, rule, &say))
		r.language = manner->language;
	r.habit = (struct wording_habit){ manner->miles, r.language && r.language->comma };
	*out = (struct display_prompt){ .level = rule->level };
	snprintf(out->rule, sizeof(out->rule), "%s", rule->id);
	fill(&r, rule->headline, out->headline, sizeof(out->headline));
	fill(&r, say.text, out->text, sizeof(out->text));
	fill(&r, say.public_text, out->public_text, sizeof(out->public_text));
	fill(&r, rule->why, out->why, sizeof(out->why));
	fill_english(&r, &say, out);
	fill_args(rule, metrics, out);
	out->ack = rule->level == DISPLAY_LEVEL_SAFETY || rule->ask || rule->ack;
	fill_ask(&r, &out->ask);
	/* a question takes its time, of whatever level it is */
	seconds = display_seconds[rule->ask ? DISPLAY_LEVEL_SAFETY : rule->level];
	out->ttl_ms = rule->lock ? PROMPT_UNTIL_ACKNOWLEDGED_MS : seconds * 1000;
}
