/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/yaml_schema.h"
#include "daemon/rules/suggest.h"

#include <stdio.h>
#include <string.h>

#define NAMES_MAX 64 /* keys of a mapping, words of an enumeration */
#define INTEGER_DIGITS_MAX 9

struct check {
	struct yaml_text *yaml;
	const cyaml_schema_value_t *schema;
	const char *what; /* the key whose value is looked at */
	struct yaml_fault *fault;
};

static bool check_value(struct check *check, const yaml_node_t *node);

static const char *found_kind(const yaml_node_t *node)
{
	if (yaml_text_is_null(node))
		return "nothing";
	if (node->type == YAML_MAPPING_NODE)
		return "a mapping";
	return node->type == YAML_SEQUENCE_NODE ? "a list" : "a single value";
}

static bool fail_expected(struct check *check, const yaml_node_t *node,
                          const char *expected)
{
	return yaml_text_fault(check->yaml, node, check->fault,
	                       "%s: expected %s, found %s", check->what, expected,
	                       found_kind(node));
}

/* Blames a word: proposes the nearest of the names, else lists them. */
static bool fail_word(struct check *check, const yaml_node_t *node,
                      const char *kind, const char *const *names, size_t count)
{
	const char *word = yaml_text_scalar(node);
	const char *near = suggest_among(word, strlen(word), names, count);
	char list[240] = "";
	size_t used = 0;

	if (near)
		return yaml_text_fault(check->yaml, node, check->fault,
		                       "unknown %s \"%.40s\"; did you mean %s?", kind,
		                       word, near);
	for (size_t i = 0; i < count && used < sizeof(list); i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
		                         i ? ", " : "", names[i]);
	return yaml_text_fault(check->yaml, node, check->fault,
	                       "unknown %s \"%.40s\"; expected one of %s", kind, word,
	                       list);
}

/* ---- mappings ------------------------------------------------------------- */

static const cyaml_schema_field_t *field_of(const cyaml_schema_value_t *mapping,
                                            const char *key)
{
	const cyaml_schema_field_t *field = mapping->mapping.fields;

	while (field->key && strcmp(field->key, key) != 0)
		field++;
	return field->key ? field : NULL;
}

/* The key of this mapping below which that key belongs; NULL: none */
static const char *home_of(const cyaml_schema_value_t *mapping, const char *key)
{
	const cyaml_schema_field_t *field = mapping->mapping.fields;

	for (; field->key; field++)
		if (field->value.type == CYAML_MAPPING && field_of(&field->value, key))
			return field->key;
	return NULL;
}

static bool fail_key(struct check *check, const yaml_node_t *key)
{
	const char *home = home_of(check->schema, yaml_text_scalar(key));
	const cyaml_schema_field_t *field = check->schema->mapping.fields;
	const char *names[NAMES_MAX];
	size_t count = 0;

	if (home)
		return yaml_text_fault(check->yaml, key, check->fault,
		                       "the key \"%s\" belongs under \"%s\": write it there, "
		                       "further in", yaml_text_scalar(key), home);
	for (; field->key && count < NAMES_MAX; field++)
		names[count++] = field->key;
	return fail_word(check, key, "key", names, count);
}

static bool check_member(const yaml_node_t *key, yaml_node_t *value, void *user)
{
	struct check *check = user;
	const cyaml_schema_field_t *field =
		field_of(check->schema, yaml_text_scalar(key));
	struct check inner = *check;

	if (!field)
		return fail_key(check, key);
	inner.schema = &field->value;
	inner.what = field->key;
	return check_value(&inner, value);
}

static bool check_mapping(struct check *check, const yaml_node_t *node)
{
	const cyaml_schema_field_t *field = check->schema->mapping.fields;

	if (node->type != YAML_MAPPING_NODE)
		return fail_expected(check, node, yaml_text_is_null(node)
		                     ? "a mapping of keys to values, further in"
		                     : "a mapping of keys to values");
	if (!yaml_text_members(check->yaml, node, check->what, check->fault,
	                       check_member, check))
		return false;
	for (; field->key; field++)
		if (!(field->value.flags & CYAML_FLAG_OPTIONAL) &&
		    !yaml_text_member(check->yaml, node, field->key))
			return yaml_text_fault(check->yaml, node, check->fault,
			                       "%s: the key \"%s\" is missing", check->what,
			                       field->key);
	return true;
}

/* ---- the other kinds ------------------------------------------------------ */

static bool fail_no_list(struct check *check, const yaml_node_t *node)
{
	const char *word = yaml_text_scalar(node);
	char expected[80];

	if (!word || yaml_text_is_null(node))
		return fail_expected(check, node, node->type == YAML_MAPPING_NODE
		                     ? "a list, each item beginning with \"- \""
		                     : "a list, as in [a, b]");
	snprintf(expected, sizeof(expected), "a list, as in [%.40s]", word);
	return fail_expected(check, node, expected);
}

static bool check_sequence(struct check *check, const yaml_node_t *node)
{
	const cyaml_schema_value_t *schema = check->schema;
	struct check inner = *check;
	yaml_node_t *item;
	size_t count;

	inner.schema = schema->sequence.entry;
	if (node->type != YAML_SEQUENCE_NODE)
		return fail_no_list(check, node);
	for (count = 0; (item = yaml_text_item(check->yaml, node, count)); count++) {
		if (count >= schema->sequence.max)
			return yaml_text_fault(check->yaml, item, check->fault,
			                       "%s: at most %u of them, found more",
			                       check->what, schema->sequence.max);
		if (!check_value(&inner, item))
			return false;
	}
	if (count < schema->sequence.min)
		return yaml_text_fault(check->yaml, node, check->fault,
		                       "%s: at least %u expected, found %zu", check->what,
		                       schema->sequence.min, count);
	return true;
}

static bool check_string(struct check *check, const yaml_node_t *node)
{
	const char *text = yaml_text_scalar(node);

	if (!text || yaml_text_is_null(node))
		return fail_expected(check, node, "text");
	if (strlen(text) < check->schema->string.min)
		return yaml_text_fault(check->yaml, node, check->fault,
		                       "%s: expected text, found none", check->what);
	if (strlen(text) > check->schema->string.max)
		return yaml_text_fault(check->yaml, node, check->fault,
		                       "%s: %zu octets of text, at most %u are taken",
		                       check->what, strlen(text), check->schema->string.max);
	return true;
}

/* Decimal, without a sign but "-", so that libcyaml sees no octal numbers */
static bool check_integer(struct check *check, const yaml_node_t *node)
{
	const char *text = yaml_text_scalar(node);
	size_t sign, digits;

	if (!text || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return fail_expected(check, node, "a whole number");
	sign = *text == '-' && check->schema->type == CYAML_INT;
	digits = strspn(text + sign, "0123456789");
	if (digits == 0 || text[sign + digits] || digits > INTEGER_DIGITS_MAX ||
	    (digits > 1 && text[sign] == '0'))
		return yaml_text_fault(check->yaml, node, check->fault,
		                       "%s: expected a whole number, found \"%.40s\"",
		                       check->what, text);
	return true;
}

static bool check_enum(struct check *check, const yaml_node_t *node)
{
	const cyaml_schema_value_t *schema = check->schema;
	const char *text = yaml_text_scalar(node), *names[NAMES_MAX];
	size_t count = 0;

	if (!text || yaml_text_is_null(node))
		return fail_expected(check, node, "a word");
	for (; count < schema->enumeration.count && count < NAMES_MAX; count++) {
		names[count] = schema->enumeration.strings[count].str;
		if (strcmp(text, names[count]) == 0)
			return true;
	}
	return fail_word(check, node, check->what, names, count);
}

static bool check_bool(struct check *check, const yaml_node_t *node)
{
	static const char *const words[] = { "true", "false", "yes", "no" };
	const char *text = yaml_text_scalar(node);

	for (size_t i = 0; text && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(text, words[i]) == 0)
			return true;
	if (!text || yaml_text_is_null(node))
		return fail_expected(check, node, "true or false");
	return yaml_text_fault(check->yaml, node, check->fault,
	                       "%s: expected true or false, found \"%.40s\"",
	                       check->what, text);
}

static bool check_value(struct check *check, const yaml_node_t *node)
{
	switch ((int)check->schema->type) {
	case CYAML_MAPPING:
		return check_mapping(check, node);
	case CYAML_SEQUENCE:
		return check_sequence(check, node);
	case CYAML_STRING:
		return check_string(check, node);
	case CYAML_INT:
	case CYAML_UINT:
		return check_integer(check, node);
	case CYAML_ENUM:
		return check_enum(check, node);
	case CYAML_BOOL:
		return check_bool(check, node);
	}
	return yaml_text_fault(check->yaml, node, check->fault,
	                       "%s: its schema is of a kind that is not known here",
	                       check->what);
}

bool yaml_schema_check(struct yaml_text *yaml, const yaml_node_t *node,
                       const cyaml_schema_value_t *schema, const char *what,
                       struct yaml_fault *fault)
{
	struct check check = { yaml, schema, what, fault };

	return check_value(&check, node);
}

/* ---- loading -------------------------------------------------------------- */

static const cyaml_config_t config = {
	.mem_fn = cyaml_mem,
	.flags = CYAML_CFG_NO_ALIAS,
};

bool yaml_schema_load(struct yaml_text *yaml, const cyaml_schema_value_t *schema,
                      const char *what, void **out, struct yaml_fault *fault)
{
	yaml_node_t *root = yaml_text_root(yaml);
	cyaml_err_t error;

	if (!root)
		return yaml_text_fault_top(yaml, fault, "expected %s, found nothing in it",
		                           what);
	if (!yaml_schema_check(yaml, root, schema, what, fault))
		return false;
	error = cyaml_load_data((const uint8_t *)yaml->text, yaml->length, &config,
	                        schema, out, NULL);
	if (error != CYAML_OK)
		return yaml_text_fault_top(yaml, fault, "%s", cyaml_strerror(error));
	return true;
}

void yaml_schema_free(const cyaml_schema_value_t *schema, void *data)
{
	cyaml_free(&config, schema, data, 0);
}
