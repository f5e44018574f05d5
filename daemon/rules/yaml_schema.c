/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/yaml_schema.h"
#include "daemon/rules/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 64 /* keys of a mapping, words of an enumeration */
#define INTEGER_DIGITS_MAX 9

struct check {
	const struct yaml_text *yaml;
	const cyaml_schema_value_t *schema;
	const char *what; /* the key whose value is looked at */
	char *to;         /* where the value goes */
	char *count;      /* of a list: where the number of its items goes; NULL: nowhere */
	size_t count_size;
	struct yaml_fault *fault;
};

static bool check_value(struct check *check, const struct yaml_node *node);

/* ---- where values go ------------------------------------------------------ */

/* Into what is there or, where the struct has a pointer, into zeroed memory of its own,
 * which libcyaml frees. NULL with the fault set: there is none. */
static char *room_for(const struct check *check, size_t size)
{
	void *room = check->to;

	if (check->schema->flags & CYAML_FLAG_POINTER) {
		room = calloc(1, size);
		memcpy(check->to, &room, sizeof(room));
	}
	if (!room)
		yaml_text_fault_top(check->yaml, check->fault, "out of memory");
	return room;
}

static void put_number(void *to, size_t size, int64_t value)
{
	const uint32_t word = (uint32_t)value;
	const uint16_t half = (uint16_t)value;
	const uint8_t octet = (uint8_t)value;

	memcpy(to, size == sizeof(octet) ? (const void *)&octet
	           : size == sizeof(half) ? (const void *)&half
	           : size == sizeof(word) ? (const void *)&word : (const void *)&value, size);
}

static bool take_number(const struct check *check, int64_t value)
{
	char *room = room_for(check, check->schema->data_size);

	if (room)
		put_number(room, check->schema->data_size, value);
	return room != NULL;
}

static const char *found_kind(const struct yaml_node *node)
{
	if (yaml_text_is_null(node))
		return "nothing";
	if (node->type == YAML_MAPPING_NODE)
		return "a mapping";
	return node->type == YAML_SEQUENCE_NODE ? "a list" : "a single value";
}

static bool fail_expected(struct check *check, const struct yaml_node *node,
                          const char *expected)
{
	return yaml_text_fault(check->yaml, node, check->fault,
	                       "%s: expected %s, found %s", check->what, expected,
	                       found_kind(node));
}

/* Blames a word: proposes the nearest of the names, else lists them. */
static bool fail_word(struct check *check, const struct yaml_node *node,
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

static bool fail_key(struct check *check, const struct yaml_node *key)
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

static bool check_member(const struct yaml_node *key, const struct yaml_node *value, void *user)
{
	struct check *check = user;
	const cyaml_schema_field_t *field =
		field_of(check->schema, yaml_text_scalar(key));
	struct check inner = *check;

	if (!field)
		return fail_key(check, key);
	inner.schema = &field->value;
	inner.what = field->key;
	inner.to = check->to + field->data_offset;
	inner.count = check->to + field->count_offset;
	inner.count_size = field->count_size;
	return check_value(&inner, value);
}

static bool check_mapping(struct check *check, const struct yaml_node *node)
{
	const cyaml_schema_field_t *field = check->schema->mapping.fields;
	struct check inside = *check;

	if (node->type != YAML_MAPPING_NODE)
		return fail_expected(check, node, yaml_text_is_null(node)
		                     ? "a mapping of keys to values, further in"
		                     : "a mapping of keys to values");
	inside.to = room_for(check, check->schema->data_size);
	if (!inside.to || !yaml_text_members(check->yaml, node, check->what, check->fault,
	                                     check_member, &inside))
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

static bool fail_no_list(struct check *check, const struct yaml_node *node)
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

/* Of what a list of them is made */
static size_t item_size(const cyaml_schema_value_t *item)
{
	return item->flags & CYAML_FLAG_POINTER ? sizeof(void *) : item->data_size;
}

static bool check_items(struct check *check, const struct yaml_node *node, size_t most)
{
	const struct yaml_node *item = yaml_text_first(check->yaml, node);
	struct check inner = *check;
	size_t size;

	inner.schema = check->schema->sequence.entry;
	inner.count = NULL;
	size = item_size(inner.schema);
	inner.to = room_for(check, (node->count < most ? node->count : most) * size);
	if (!inner.to)
		return false;
	for (size_t i = 0; item && i < most; i++, inner.to += size) {
		if (check->count)
			put_number(check->count, check->count_size, (int64_t)i + 1);
		if (!check_value(&inner, item))
			return false;
		item = yaml_text_next(check->yaml, item);
	}
	return !item || yaml_text_fault(check->yaml, item, check->fault,
	                                "%s: at most %zu of them, found more", check->what,
	                                most);
}

static bool check_sequence(struct check *check, const struct yaml_node *node)
{
	const cyaml_schema_value_t *schema = check->schema;

	if (node->type != YAML_SEQUENCE_NODE)
		return fail_no_list(check, node);
	if (node->count < schema->sequence.min)
		return yaml_text_fault(check->yaml, node, check->fault,
		                       "%s: at least %u expected, found %u", check->what,
		                       schema->sequence.min, node->count);
	return node->count == 0 || check_items(check, node, schema->sequence.max);
}

static bool check_string(struct check *check, const struct yaml_node *node)
{
	const char *text = yaml_text_scalar(node);
	char *room;

	if (!text || yaml_text_is_null(node))
		return fail_expected(check, node, "text");
	if (strlen(text) < check->schema->string.min)
		return yaml_text_fault(check->yaml, node, check->fault,
		                       "%s: expected text, found none", check->what);
	if (strlen(text) > check->schema->string.max)
		return yaml_text_fault(check->yaml, node, check->fault,
		                       "%s: %zu octets of text, at most %u are taken",
		                       check->what, strlen(text), check->schema->string.max);
	room = room_for(check, strlen(text) + 1);
	if (room)
		memcpy(room, text, strlen(text) + 1);
	return room != NULL;
}

/* Decimal, without a sign but "-": 010 is ten to one reader and eight to another */
static bool check_integer(struct check *check, const struct yaml_node *node)
{
	const char *text = yaml_text_scalar(node);
	size_t sign, digits;

	if (!text || node->style != YAML_PLAIN_SCALAR_STYLE)
		return fail_expected(check, node, "a whole number");
	sign = *text == '-' && check->schema->type == CYAML_INT;
	digits = strspn(text + sign, "0123456789");
	if (digits == 0 || text[sign + digits] || digits > INTEGER_DIGITS_MAX ||
	    (digits > 1 && text[sign] == '0'))
		return yaml_text_fault(check->yaml, node, check->fault,
		                       "%s: expected a whole number, found \"%.40s\"",
		                       check->what, text);
	return take_number(check, strtol(text, NULL, 10));
}

static bool check_enum(struct check *check, const struct yaml_node *node)
{
	const cyaml_schema_value_t *schema = check->schema;
	const char *text = yaml_text_scalar(node), *names[NAMES_MAX];
	size_t count = 0;

	if (!text || yaml_text_is_null(node))
		return fail_expected(check, node, "a word");
	for (; count < schema->enumeration.count && count < NAMES_MAX; count++) {
		names[count] = schema->enumeration.strings[count].str;
		if (strcmp(text, names[count]) == 0)
			return take_number(check, schema->enumeration.strings[count].val);
	}
	return fail_word(check, node, check->what, names, count);
}

static bool check_bool(struct check *check, const struct yaml_node *node)
{
	static const char *const words[] = { "false", "true", "no", "yes" };
	const char *text = yaml_text_scalar(node);

	for (size_t i = 0; text && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(text, words[i]) == 0)
			return take_number(check, i % 2 == 1);
	if (!text || yaml_text_is_null(node))
		return fail_expected(check, node, "true or false");
	return yaml_text_fault(check->yaml, node, check->fault,
	                       "%s: expected true or false, found \"%.40s\"",
	                       check->what, text);
}

static bool check_value(struct check *check, const struct yaml_node *node)
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

/* ---- the whole ------------------------------------------------------------ */

static const cyaml_config_t config = {
	.mem_fn = cyaml_mem,
};

bool yaml_schema_load(const struct yaml_text *yaml, const cyaml_schema_value_t *schema,
                      const char *what, void **out, struct yaml_fault *fault)
{
	const struct yaml_node *root = yaml_text_root(yaml);
	struct check check = { .yaml = yaml, .schema = schema, .what = what,
		               .to = (char *)out, .fault = fault };

	*out = NULL;
	if (!root)
		return yaml_text_fault_top(yaml, fault, "expected %s, found nothing in it",
		                           what);
	if (check_value(&check, root))
		return true;
	yaml_schema_free(schema, *out);
	return false;
}

void yaml_schema_free(const cyaml_schema_value_t *schema, void *data)
{
	cyaml_free(&config, schema, data, 0);
}
