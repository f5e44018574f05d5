/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The runner as JSON: the `# Runner:` line of a recording, gaitd(8).
 */
#include "daemon/core/runner.h"

#include "daemon/rules/suggest.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct why {
	char *text;
	unsigned size;
};

__attribute__((format(printf, 2, 3))) static bool
refuse(const struct why *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, why->size, format, args);
	va_end(args);
	return false;
}

struct key;

/* How a member is read, and written: NULL for what need not be said. */
struct form {
	bool (*read)(const struct key *key, const json_t *value,
	             struct runner *runner, const struct why *why);
	json_t *(*write)(const struct key *key, const void *member);
};

struct key {
	const char *name;
	const struct form *form;
	size_t offset;
	double low, high;     /* of a number */
	const char *words[3]; /* of a choice, in the enum's order */
};

static void *member(const struct key *key, struct runner *runner)
{
	return (char *)runner + key->offset;
}

static bool read_number(const struct key *key, const json_t *value,
                        struct runner *runner, const struct why *why)
{
	double number = json_is_number(value) ? json_number_value(value) : NAN;

	if (!(number >= key->low && number <= key->high))
		return refuse(why, "\"%s\": expected a number from %g to %g", key->name,
		              key->low, key->high);
	*(double *)member(key, runner) = number;
	return true;
}

static json_t *write_number(const struct key *key, const void *at)
{
	double number = *(const double *)at;

	(void)key;
	if (isnan(number))
		return NULL;
	if (number == floor(number))
		return json_integer((json_int_t)number);
	return json_real(number);
}

static const struct form form_number = { read_number, write_number };

static bool read_count(const struct key *key, const json_t *value,
                       struct runner *runner, const struct why *why)
{
	json_int_t number = json_is_integer(value) ? json_integer_value(value) : -1;

	if (number < 0 || number > (json_int_t)key->high)
		return refuse(why, "\"%s\": expected a whole number from 0 to %g",
		              key->name, key->high);
	*(int32_t *)member(key, runner) = (int32_t)number;
	return true;
}

static json_t *write_count(const struct key *key, const void *at)
{
	int32_t number = *(const int32_t *)at;

	(void)key;
	return number < 0 ? NULL : json_integer(number);
}

static const struct form form_count = { read_count, write_count };

static bool read_flag(const struct key *key, const json_t *value,
                      struct runner *runner, const struct why *why)
{
	if (!json_is_boolean(value))
		return refuse(why, "\"%s\": expected true or false", key->name);
	*(bool *)member(key, runner) = json_is_true(value);
	return true;
}

static json_t *write_flag(const struct key *key, const void *at)
{
	(void)key;
	return *(const bool *)at ? json_true() : NULL;
}

static const struct form form_flag = { read_flag, write_flag };

/* The index of the word that the value is; -1 and refused if none. */
static int choose(const struct key *key, const json_t *value,
                  const struct why *why)
{
	const char *word = json_string_value(value);
	const char *third = key->words[2];

	for (int i = 0; word && i < 3 && key->words[i]; i++) {
		if (strcmp(word, key->words[i]) == 0)
			return i;
	}
	refuse(why, "\"%s\": expected \"%s\"%s\"%s\"%s%s%s", key->name, key->words[0],
	       third ? ", " : " or ", key->words[1], third ? " or \"" : "",
	       third ? third : "", third ? "\"" : "");
	return -1;
}

/* The second of two words is true */
static bool read_either(const struct key *key, const json_t *value,
                        struct runner *runner, const struct why *why)
{
	int chosen = choose(key, value, why);

	if (chosen < 0)
		return false;
	*(bool *)member(key, runner) = chosen == 1;
	return true;
}

static json_t *write_either(const struct key *key, const void *at)
{
	return *(const bool *)at ? json_string(key->words[1]) : NULL;
}

static const struct form form_either = { read_either, write_either };

static bool read_prompts(const struct key *key, const json_t *value,
                         struct runner *runner, const struct why *why)
{
	static const enum runner_prompts prompts[] = {
		RUNNER_PROMPTS_ALL, RUNNER_PROMPTS_SAFETY, RUNNER_PROMPTS_OFF,
	};
	int chosen = choose(key, value, why);

	if (chosen < 0)
		return false;
	runner->prompts = prompts[chosen];
	return true;
}

static json_t *write_prompts(const struct key *key, const void *at)
{
	switch (*(const enum runner_prompts *)at) {
	case RUNNER_PROMPTS_ALL:
		break;
	case RUNNER_PROMPTS_SAFETY:
		return json_string(key->words[1]);
	case RUNNER_PROMPTS_OFF:
		return json_string(key->words[2]);
	}
	return NULL;
}

static const struct form form_prompts = { read_prompts, write_prompts };

static bool is_language(const char *tag)
{
	size_t length = tag ? strlen(tag) : 0;

	for (size_t i = 0; i < length; i++) {
		if (i < 2 ? !islower((unsigned char)tag[i]) :
		            !isalnum((unsigned char)tag[i]) && tag[i] != '-')
			return false;
	}
	return length >= 2 && length < sizeof(((struct runner *)0)->lang);
}

static bool read_language(const struct key *key, const json_t *value,
                          struct runner *runner, const struct why *why)
{
	const char *tag = json_string_value(value);

	if (!is_language(tag))
		return refuse(why, "\"%s\": expected a language tag as \"en\" or \"de-AT\"",
		              key->name);
	snprintf(runner->lang, sizeof(runner->lang), "%s", tag);
	return true;
}

static json_t *write_language(const struct key *key, const void *at)
{
	(void)key;
	return strcmp(at, "en") == 0 ? NULL : json_string(at);
}

static const struct form form_language = { read_language, write_language };

#define AT(name) offsetof(struct runner, name)
static const struct key keys[] = {
	{ .name = "height_m", &form_number, AT(height_m), 1, 2.5 },
	{ .name = "weight_kg", &form_number, AT(weight_kg), 20, 300 },
	{ .name = "age", &form_number, AT(age), 5, 110 },
	{ .name = "max_hr_bpm", &form_number, AT(max_hr_bpm), 100, 230 },
	{ .name = "back_pain", &form_flag, AT(back_pain) },
	{ .name = "novice", &form_flag, AT(novice) },
	{ .name = "experienced", &form_flag, AT(experienced) },
	{ .name = "balance", &form_flag, AT(balance) },
	{ .name = "baseline_spm", &form_number, AT(baseline_spm), 100, 230 },
	{ .name = "baseline_kmh", &form_number, AT(baseline_kmh), 3, 30 },
	{ .name = "baseline_slope", &form_number, AT(baseline_slope), 0.5, 4 },
	{ .name = "dose_pct", &form_number, AT(dose_pct), 0, 10 },
	{ .name = "own_cv_pct", &form_number, AT(own_cv_pct), 0, 50 },
	{ .name = "usual_kmh", &form_number, AT(usual_kmh), 3, 30 },
	{ .name = "longest_30d_m", &form_number, AT(longest_30d_m), 0, 200000 },
	{ .name = "longest_walk_30d_m", &form_number, AT(longest_walk_30d_m), 0,
	  200000 },
	{ .name = "sessions", &form_count, AT(sessions), 0, 100000 },
	{ .name = "last_pain", &form_number, AT(last_pain), 0, 10 },
	{ .name = "last_pain_age_h", &form_number, AT(last_pain_age_h), 0, 1000000 },
	{ .name = "last_morning_pain", &form_number, AT(last_morning_pain), 0, 10 },
	{ .name = "run_days_in_row", &form_count, AT(run_days_in_row), 0, 10000 },
	{ .name = "shoe_km", &form_number, AT(shoe_km), 0, 10000 },
	{ .name = "shoe_told_km", &form_number, AT(shoe_told_km), 0, 10000 },
	{ .name = "lang", &form_language, AT(lang) },
	{ .name = "units", &form_either, AT(miles), .words = { "km", "mi" } },
	{ .name = "prompts", &form_prompts, AT(prompts),
	  .words = { "all", "safety", "off" } },
	{ .name = "feedback", &form_either, AT(faded), .words = { "full", "faded" } },
};
#undef AT

#define KEYS (sizeof(keys) / sizeof(keys[0]))

static const char *key_name(size_t index)
{
	return index < KEYS ? keys[index].name : NULL;
}

static const struct key *find_key(const char *name)
{
	for (size_t i = 0; i < KEYS; i++) {
		if (strcmp(name, keys[i].name) == 0)
			return &keys[i];
	}
	return NULL;
}

static bool read_members(json_t *object, struct runner *runner,
                         const struct why *why)
{
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value) {
		const struct key *key = find_key(name);
		char hint[64];

		if (!key && why->text[0] == '\0') { /* the first one is named */
			suggest_text(hint, sizeof(hint), name, strlen(name), key_name);
			refuse(why, "unknown key \"%.40s\"%s", name, hint);
		}
		if (!key)
			continue;
		if (!key->form->read(key, value, runner, why))
			return false;
	}
	if (isnan(runner->baseline_spm) != isnan(runner->baseline_kmh))
		return refuse(why, "\"baseline_spm\" and \"baseline_kmh\" go together: one "
		                   "cadence at one speed");
	return true;
}

bool runner_parse(const char *json, struct runner *runner, char *why_text,
                  unsigned size)
{
	const struct why why = { why_text, size };
	struct runner parsed;
	json_error_t error;
	json_t *object = json_loads(json, JSON_REJECT_DUPLICATES, &error);
	bool good;

	runner_init(&parsed);
	why_text[0] = '\0';
	if (object && json_is_object(object))
		good = read_members(object, &parsed, &why);
	else if (object)
		good = refuse(&why, "expected {\"key\":value, ...}");
	else
		good = refuse(&why, "no JSON: %s, at character %d", error.text,
		              error.column);
	json_decref(object);
	if (good)
		*runner = parsed;
	return good;
}

unsigned runner_write(const struct runner *runner, char *json, unsigned size)
{
	json_t *object = json_object();
	size_t length;

	for (size_t i = 0; i < KEYS; i++) {
		const void *at = (const char *)runner + keys[i].offset;
		json_t *value = keys[i].form->write(&keys[i], at);

		if (value)
			json_object_set_new(object, keys[i].name, value);
	}
	/* 17 digits: a recording must replay with the very same runner */
	length = json_dumpb(object, json, size ? size - 1 : 0,
	                    JSON_COMPACT | JSON_REAL_PRECISION(17));
	json_decref(object);
	if (length == 0 || length >= size)
		return 0;
	json[length] = '\0';
	return (unsigned)length;
}
