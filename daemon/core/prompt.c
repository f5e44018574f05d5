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

static void fill(const struct rule *rule, const struct metrics *metrics,
                 bool miles, const char *pattern, char *out, size_t size)
{
	size_t used = 0;

	while (*pattern && used + 1 < size) {
		size_t length = 1;
		const struct rule_arg *arg =
			*pattern == '{' ? arg_at(rule, pattern, &length) : NULL;

		if (arg) {
			used += wording_print(out + used, size - used, arg,
			                      expression_value(&arg->value, metrics),
			                      miles);
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

		if (isnan(value))
			continue;
		snprintf(to->name, sizeof(to->name), "%s", from->name);
		to->decimals = wording_decimals(from);
		to->value = wording_value(from, value);
		to->personal = from->personal;
		out->arg_count++;
	}
}

void prompt_render(const struct rule *rule, const struct metrics *metrics,
                   uint32_t turn, bool miles, struct display_prompt *out)
{
	const char *text = rule->text_count
	                       ? rule->texts[turn % rule->text_count] : "";

	*out = (struct display_prompt){ .level = rule->level };
	snprintf(out->rule, sizeof(out->rule), "%s", rule->id);
	fill(rule, metrics, miles, rule->headline, out->headline,
	     sizeof(out->headline));
	fill(rule, metrics, miles, text, out->text, sizeof(out->text));
	fill(rule, metrics, miles, rule->public_text, out->public_text,
	     sizeof(out->public_text));
	fill(rule, metrics, miles, rule->why, out->why, sizeof(out->why));
	fill_args(rule, metrics, out);
	out->ack = rule->level == DISPLAY_LEVEL_SAFETY || rule->ask;
	out->ask.kind = rule->ask;
	out->ask.minimum = rule->ask_minimum;
	out->ask.maximum = rule->ask_maximum;
	out->ttl_ms = rule->lock ? PROMPT_UNTIL_ACKNOWLEDGED_MS
	                         : display_seconds[rule->level] * 1000;
}
