/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl rules why: replays a recording to a second of it and tells what the
 * coach made of each rule then. The reasons are the coach's own.
 */
#include "daemon/core/coach_words.h"
#include "daemon/gaitctl/rules.h"

#include "daemon/gaitctl/gaitctl.h"
#include "daemon/gaitctl/recorded.h"
#include "daemon/loading.h"
#include "daemon/rules/outline.h"
#include "daemon/service/log.h"
#include "daemon/sources/source.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_US 1000000u

struct view {
	const struct ruleset *rules;
	const struct coach *coach;
	const struct rule *rule;
	const struct rule_state *state;
	struct metrics metrics; /* as the rule sees them */
};

static struct view view_of(const struct recorded *r, const struct ruleset *rules,
                           const struct rule *rule)
{
	struct view v = {
		.rules = rules, .coach = pipeline_coach(r->pipeline), .rule = rule,
		.metrics = *pipeline_values(r->pipeline),
	};
	double held;
	bool fired;

	v.state = &v.coach->state[rule - rules->rules];
	fired = v.state->fired_us != COACH_NEVER;
	v.metrics.value[METRIC_fired_count] = v.state->count;
	v.metrics.value[METRIC_fired_age] =
		fired ? (double)(r->reached_us - v.state->fired_us) / SECOND_US : NAN;
	held = v.state->true_s[v.state->clause];
	v.metrics.value[METRIC_held_time] = held > 0 ? held - 1 : 0;
	return v;
}

/* Rules that are true now and mute it, whatever else keeps it quiet */
static void muting_now(const struct view *v, uint64_t bits[RULES_MAX / 64])
{
	rules_muted_by(v->rules, v->rule, bits);
	for (size_t i = 0; i < v->rules->count; i++)
		if (!v->coach->state[i].true_now)
			bits[i / 64] &= ~(UINT64_C(1) << i % 64);
}

static uint32_t held_s(const struct view *v, size_t clause)
{
	uint32_t true_s = v->state->true_s[clause];

	return true_s ? true_s - 1 : 0;
}

static const char *truth_word(enum truth truth)
{
	static const char *const words[] = {
		[TRUTH_FALSE] = "false", [TRUTH_TRUE] = "true", [TRUTH_ABSENT] = "absent",
		[TRUTH_FAILED] = "failed",
	};

	return words[truth];
}

/* A part of the condition by itself */
static enum truth truth_of_part(const struct view *v, const char *text,
                                const struct outline_part *part,
                                uint64_t uses[METRIC_WORDS])
{
	char piece[EXPRESSION_TEXT_MAX + 1];
	struct expression e = { 0 };
	struct expression_error error;
	enum truth truth = TRUTH_ABSENT;

	snprintf(piece, sizeof(piece), "%.*s", (int)part->length, text + part->offset);
	memset(uses, 0, METRIC_WORDS * sizeof(*uses));
	if (expression_compile_condition(piece, &e, &error)) {
		truth = expression_truth(&e, &v->metrics);
		memcpy(uses, e.uses, sizeof(e.uses));
	}
	expression_free(&e);
	return truth;
}

static void metric_text(const struct view *v, size_t metric, char *out, size_t size)
{
	const struct metric_info *info = &metric_table[metric];
	double value = v->metrics.value[metric];

	if (isnan(value))
		snprintf(out, size, "%s is absent", info->name);
	else if (info->dimension == DIMENSION_FLAG)
		snprintf(out, size, "%s is %s", info->name, value > 0 ? "true" : "false");
	else
		snprintf(out, size, "%s %.4g%s%s", info->name, value,
		         *dimension_unit(info->dimension) ? " " : "",
		         dimension_unit(info->dimension));
}

/* ---- as text -------------------------------------------------------------- */

static void print_part(const struct view *v, const char *text,
                       const struct outline_part *part)
{
	char words[OUTLINE_WORDS_MAX], value[80];
	uint64_t uses[METRIC_WORDS];
	enum truth truth = truth_of_part(v, text, part, uses);
	const char *between = "  (";

	outline_words(text, part, words);
	printf("    %-7s%*s%s", truth_word(truth), 2 * part->depth, "", words);
	for (size_t i = 0; part->kind == OUTLINE_LEAF && i < METRIC_COUNT; i++) {
		bool bare = metric_table[i].dimension == DIMENSION_FLAG &&
		            !isnan(v->metrics.value[i]);

		if (!(uses[i / 64] >> i % 64 & 1) || bare)
			continue;
		metric_text(v, i, value, sizeof(value));
		printf("%s%s", between, value);
		between = ", ";
	}
	printf("%s\n", *between == ' ' ? "" : ")");
}

static void print_parts(const struct view *v, const char *text)
{
	struct outline outline;

	if (!outline_of(text, &outline))
		printf("    %s\n", text);
	else
		for (size_t i = 0; i < outline.count; i++)
			print_part(v, text, &outline.parts[i]);
}

static void print_clause(const struct view *v, size_t clause)
{
	const struct rule_clause *c = &v->rule->clauses[clause];
	const char *key = clause ? "also" : "when";

	if (v->rule->instant)
		printf("  %s: asked at the instant of an input\n", key);
	else if (!v->state->true_s[clause])
		printf("  %s: not true\n", key);
	else
		printf("  %s: true for %u s, %u s are asked for\n", key, held_s(v, clause),
		       c->hold_s);
	print_parts(v, c->when.text);
}

static void print_clear(const struct view *v)
{
	uint32_t clear_s = v->state->clear_s;

	if (!v->state->active || v->rule->clear.length == 0)
		return;
	if (clear_s)
		printf("  clear: true for %u s, %u s are asked for\n", clear_s - 1,
		       v->rule->clear_hold_s);
	else
		printf("  clear: not true\n");
	print_parts(v, v->rule->clear.text);
}

static void print_reason(const struct view *v)
{
	const struct rule_state *state = v->state;

	printf("  %s%s", state->silence == COACH_SPEAKS ? "" : "silent: ",
	       coach_silence_words(state->silence));
	if (state->by)
		printf(", by %s", state->by->id);
	if (state->silent_until_us != COACH_NEVER)
		printf(", until %.3f s", (double)state->silent_until_us / SECOND_US);
	printf("\n");
}

static void print_needs(const struct view *v)
{
	for (size_t i = 0; i < METRIC_COUNT; i++)
		if ((v->rule->needs[i / 64] >> i % 64 & 1) && isnan(v->metrics.value[i]))
			printf("  needs %s, which is absent\n", metric_table[i].name);
}

static void print_history(const struct view *v)
{
	const struct rule_state *state = v->state;

	if (state->fired_us == COACH_NEVER)
		return;
	printf("  spoke %u time%s, last at %.3f s%s", state->count,
	       state->count == 1 ? "" : "s", (double)state->fired_us / SECOND_US,
	       state->active ? ", and is not over" : "");
	if (v->rule->level == DISPLAY_LEVEL_FORM && state->unanswered)
		printf("; %u unanswered", state->unanswered);
	printf("\n");
}

static void print_view(const struct view *v)
{
	uint64_t muting[RULES_MAX / 64];
	json_t *ids, *id;
	size_t i;

	printf("\n%s (%s)\n", v->rule->id, rules_level(v->rule));
	print_reason(v);
	print_needs(v);
	muting_now(v, muting);
	ids = rules_ids(v->rules, muting);
	json_array_foreach(ids, i, id)
		printf("  muted while %s is true, which it is\n", json_string_value(id));
	json_decref(ids);
	print_history(v);
	for (i = 0; i < v->rule->clause_count; i++)
		print_clause(v, i);
	print_clear(v);
}

static void print_head(const struct recorded *r, const char *file)
{
	const struct coach *coach = pipeline_coach(r->pipeline);

	printf("%s at %.3f s: ", file, (double)r->reached_us / SECOND_US);
	if (!coach->live.id)
		printf("nothing is on display\n");
	else
		printf("on display is %s, until %s%.3f s\n", coach->live.rule,
		       coach->locked ? "acknowledged, or " : "",
		       (double)coach->live_until_us / SECOND_US);
}

/* ---- as JSON -------------------------------------------------------------- */

static json_t *seconds(uint64_t t_us)
{
	return t_us == COACH_NEVER ? json_null() : json_real((double)t_us / SECOND_US);
}

static json_t *part_json(const struct view *v, const char *text,
                         const struct outline_part *part)
{
	char words[OUTLINE_WORDS_MAX];
	uint64_t uses[METRIC_WORDS];
	json_t *row = json_object();

	outline_words(text, part, words);
	rules_set(row, "depth", json_integer(part->depth));
	rules_set(row, "words", json_string(words));
	rules_set(row, "truth", json_string(truth_word(truth_of_part(v, text, part, uses))));
	return row;
}

static json_t *clause_json(const struct view *v, size_t clause)
{
	const struct rule_clause *c = &v->rule->clauses[clause];
	json_t *row = json_object(), *parts = json_array();
	struct outline outline;

	rules_set(row, "when", json_string(c->when.text));
	rules_set(row, "true", json_boolean(v->state->true_s[clause] > 0));
	rules_set(row, "held_s", json_integer(held_s(v, clause)));
	rules_set(row, "hold_s", json_integer(c->hold_s));
	if (!outline_of(c->when.text, &outline))
		outline.count = 0;
	for (size_t i = 0; i < outline.count; i++)
		json_array_append_new(parts, part_json(v, c->when.text, &outline.parts[i]));
	rules_set(row, "parts", parts);
	return row;
}

static json_t *metrics_json(const struct view *v, json_t *absent)
{
	json_t *values = json_object();
	uint64_t uses;

	for (size_t i = 0; i < METRIC_COUNT; i++) {
		uses = v->rule->needs[i / 64];
		for (size_t c = 0; c < v->rule->clause_count; c++)
			uses |= v->rule->clauses[c].when.uses[i / 64];
		if (!(uses >> i % 64 & 1))
			continue;
		if (isnan(v->metrics.value[i]))
			json_array_append_new(absent, json_string(metric_table[i].name));
		else if (metric_table[i].dimension == DIMENSION_FLAG)
			rules_set(values, metric_table[i].name,
			          json_boolean(v->metrics.value[i] > 0));
		else
			rules_set(values, metric_table[i].name,
			          json_real(v->metrics.value[i]));
	}
	return values;
}

static json_t *view_json(const struct view *v)
{
	const struct rule_state *state = v->state;
	json_t *row = json_object(), *clauses = json_array(), *absent = json_array();
	uint64_t muting[RULES_MAX / 64];

	muting_now(v, muting);
	for (size_t i = 0; i < v->rule->clause_count; i++)
		json_array_append_new(clauses, clause_json(v, i));
	rules_set(row, "id", json_string(v->rule->id));
	rules_set(row, "level", json_string(rules_level(v->rule)));
	rules_set(row, "true", json_boolean(state->true_now));
	rules_set(row, "reason", json_string(coach_silence_name(state->silence)));
	rules_set(row, "words", json_string(coach_silence_words(state->silence)));
	rules_set(row, "by", state->by ? json_string(state->by->id) : json_null());
	rules_set(row, "until", seconds(state->silent_until_us));
	rules_set(row, "muted_by", rules_ids(v->rules, muting));
	rules_set(row, "conditions", clauses);
	rules_set(row, "metrics", metrics_json(v, absent));
	rules_set(row, "absent", absent);
	rules_set(row, "count", json_integer(state->count));
	rules_set(row, "unanswered", json_integer(state->unanswered));
	rules_set(row, "active", json_boolean(state->active));
	rules_set(row, "fired", seconds(state->fired_us));
	return row;
}

/* ---- the command ---------------------------------------------------------- */

static bool is_wanted(const struct rule *rule, char **ids)
{
	for (size_t i = 0; ids[i]; i++)
		if (strcmp(ids[i], rule->id) == 0)
			return true;
	return !ids[0];
}

static int tell(const struct recorded *r, const struct ruleset *rules, char **words)
{
	const struct coach *coach = pipeline_coach(r->pipeline);
	json_t *reply, *list;

	for (size_t i = 1; words[i]; i++)
		if (!rules_find(rules, words[i]))
			return EXIT_USAGE;
	if (!gaitctl.as_json)
		print_head(r, words[0]);
	list = json_array();
	for (size_t i = 0; i < rules->count; i++) {
		struct view v = view_of(r, rules, &rules->rules[i]);

		if (!is_wanted(v.rule, words + 1))
			continue;
		if (gaitctl.as_json)
			json_array_append_new(list, view_json(&v));
		else
			print_view(&v);
	}
	if (!gaitctl.as_json) {
		json_decref(list);
		return EXIT_OK;
	}
	reply = json_object();
	rules_set(reply, "t", seconds(r->reached_us));
	rules_set(reply, "live", coach->live.id ? json_string(coach->live.rule)
	                                        : json_null());
	rules_set(reply, "rules", list);
	return rules_print_json(reply);
}

static int replay_and_tell(const struct config *config, const struct ruleset *rules,
                           char **words)
{
	struct recorded r;
	int status;

	if (recorded_play(&r, words[0], config, rules, gaitctl.at_us, NULL, &status)) {
		status = tell(&r, rules, words);
		if (r.reached_us < gaitctl.at_us && gaitctl.at_us != SOURCE_NEVER)
			log_notice("rules", "%s ends at %.3f s: that is what is told",
			           words[0], (double)r.reached_us / SECOND_US);
	}
	recorded_close(&r);
	return status;
}

int gaitctl_rules_why(char **words)
{
	struct ruleset *rules;
	struct config *config;
	int status;

	config = loading_config(gaitctl.config, &status);
	rules = config ? rules_load(config, NULL, 0, &status) : NULL;
	if (rules)
		status = replay_and_tell(config, rules, words);
	loading_free_rules(rules);
	config_free(config);
	return status;
}
