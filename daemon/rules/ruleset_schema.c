/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/ruleset_schema.h"

#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

#define ID_MAX 47 /* struct display_prompt's */
#define SHORT_MAX 250
#define WHY_MAX 700

/* A member of text that may be left out */
#define TEXT(key, structure, member, max) \
	CYAML_FIELD_STRING_PTR(key, OPTIONAL, structure, member, 1, max)

/* One word of a table */
#define WORD(key, structure, member, table) \
	CYAML_FIELD_ENUM_PTR(key, OPTIONAL | CYAML_FLAG_STRICT, structure, member, \
	                     table, sizeof(table) / sizeof((table)[0]))

static const cyaml_strval_t levels[] = {
	{ "safety", DISPLAY_LEVEL_SAFETY }, { "load", DISPLAY_LEVEL_LOAD },
	{ "form", DISPLAY_LEVEL_FORM },     { "habit", DISPLAY_LEVEL_HABIT },
	{ "praise", DISPLAY_LEVEL_PRAISE }, { "system", DISPLAY_LEVEL_SYSTEM },
};

static const cyaml_strval_t onces[] = {
	{ "session", RULE_ONCE_PER_SESSION },
	{ "pain_report", RULE_ONCE_PER_REPORT },
	{ "condition", RULE_ONCE_PER_CONDITION },
};

static const cyaml_strval_t answers[] = {
	{ "pain", FILE_ASK_PAIN },
	{ "pod", FILE_ASK_POD },
	{ "morning", FILE_ASK_MORNING },
	{ "runner", FILE_ASK_RUNNER },
};

static const cyaml_strval_t arg_words[] = {
	{ "runner", FILE_ARG_RUNNER },
};

static const cyaml_schema_value_t id_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, ID_MAX),
};

static const cyaml_schema_value_t text_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, SHORT_MAX),
};

static const cyaml_schema_field_t clause_fields[] = {
	CYAML_FIELD_STRING_PTR("when", CYAML_FLAG_POINTER, struct file_clause, when, 1,
	                       EXPRESSION_TEXT_MAX),
	TEXT("hold", struct file_clause, hold, SHORT_MAX),
	TEXT("text", struct file_clause, text, SHORT_MAX),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t clause_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_clause, clause_fields),
};

static const cyaml_schema_field_t say_fields[] = {
	TEXT("headline", struct file_say, headline, SHORT_MAX),
	TEXT("text", struct file_say, text, SHORT_MAX),
	CYAML_FIELD_SEQUENCE("texts", OPTIONAL, struct file_say, texts, &text_schema,
	                     1, RULE_TEXTS_MAX),
	TEXT("text_public", struct file_say, text_public, SHORT_MAX),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t arg_fields[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct file_arg, name, 1,
	                       sizeof(((struct rule_arg *)NULL)->name) - 1),
	TEXT("value", struct file_arg, value, EXPRESSION_TEXT_MAX),
	WORD("is", struct file_arg, is, arg_words),
	TEXT("unit", struct file_arg, unit, SHORT_MAX),
	CYAML_FIELD_BOOL_PTR("with_unit", OPTIONAL, struct file_arg, with_unit),
	CYAML_FIELD_BOOL_PTR("personal", OPTIONAL, struct file_arg, personal),
	CYAML_FIELD_SEQUENCE("words", OPTIONAL, struct file_arg, words, &text_schema, 1,
	                     RULE_WORDS_MAX),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t arg_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_arg, arg_fields),
};

static const cyaml_schema_field_t ask_fields[] = {
	CYAML_FIELD_INT("min", CYAML_FLAG_DEFAULT, struct file_ask, minimum),
	CYAML_FIELD_INT("max", CYAML_FLAG_DEFAULT, struct file_ask, maximum),
	WORD("is", struct file_ask, is, answers),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t rule_fields[] = {
	CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_POINTER, struct file_rule, id, 1, ID_MAX),
	WORD("level", struct file_rule, level, levels),
	CYAML_FIELD_INT_PTR("rank", OPTIONAL, struct file_rule, rank),
	TEXT("when", struct file_rule, when, EXPRESSION_TEXT_MAX),
	TEXT("hold", struct file_rule, hold, SHORT_MAX),
	CYAML_FIELD_SEQUENCE("also", OPTIONAL, struct file_rule, also, &clause_schema,
	                     0, RULE_CLAUSES_MAX - 1),
	TEXT("await", struct file_rule, await, EXPRESSION_TEXT_MAX),
	TEXT("clear", struct file_rule, clear, EXPRESSION_TEXT_MAX),
	TEXT("clear_hold", struct file_rule, clear_hold, SHORT_MAX),
	TEXT("repeat", struct file_rule, repeat, SHORT_MAX),
	TEXT("gap", struct file_rule, gap, SHORT_MAX),
	CYAML_FIELD_UINT_PTR("limit", OPTIONAL, struct file_rule, limit),
	WORD("once", struct file_rule, once, onces),
	CYAML_FIELD_SEQUENCE("mutes", OPTIONAL, struct file_rule, mutes, &id_schema, 0,
	                     RULES_MAX),
	CYAML_FIELD_SEQUENCE("bars", OPTIONAL, struct file_rule, bars, &id_schema, 0,
	                     RULES_MAX),
	CYAML_FIELD_SEQUENCE("needs", OPTIONAL, struct file_rule, needs, &id_schema, 0,
	                     METRIC_COUNT),
	CYAML_FIELD_MAPPING_PTR("say", OPTIONAL, struct file_rule, say, say_fields),
	CYAML_FIELD_SEQUENCE("args", OPTIONAL, struct file_rule, args, &arg_schema, 0,
	                     RULE_ARGS_MAX),
	CYAML_FIELD_MAPPING_PTR("ask", OPTIONAL, struct file_rule, ask, ask_fields),
	CYAML_FIELD_BOOL_PTR("ack", OPTIONAL, struct file_rule, ack),
	CYAML_FIELD_BOOL_PTR("lock", OPTIONAL, struct file_rule, lock),
	CYAML_FIELD_BOOL_PTR("enabled", OPTIONAL, struct file_rule, enabled),
	TEXT("praise", struct file_rule, praise, ID_MAX),
	TEXT("praise_within", struct file_rule, praise_within, SHORT_MAX),
	TEXT("why", struct file_rule, why, WHY_MAX),
	TEXT("source", struct file_rule, source, SHORT_MAX),
	TEXT("strength", struct file_rule, strength, SHORT_MAX),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t rule_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_rule, rule_fields),
};

static const cyaml_schema_field_t file_fields[] = {
	CYAML_FIELD_SEQUENCE("rules", CYAML_FLAG_POINTER, struct rule_file, rules,
	                     &rule_schema, 1, RULES_MAX),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t rule_file_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct rule_file, file_fields),
};
