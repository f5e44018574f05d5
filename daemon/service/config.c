/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/service/config.h"

#include "daemon/rules/suggest.h"
#include "daemon/service/config_values.h"
#include "daemon/service/key_lift.h"
#include "daemon/service/secret.h"

#include <cyaml/cyaml.h>
#include <stdlib.h>
#include <string.h>

/* ---- the table ----------------------------------------------------------- */

#define ROW(section, key, kind, fallback, low, high, words, help) \
	{ #section, #key, &config_kind_##kind, fallback, low, high, words, help },
#define ROWS(section, KEYS) KEYS(ROW)
static const struct config_key keys[] = { CONFIG_SECTIONS(ROWS) };
#undef ROWS
#undef ROW

#define KEYS (sizeof(keys) / sizeof(keys[0]))

#define SECTION_NAME(section, KEYS_OF) #section,
static const char *const sections[] = { CONFIG_SECTIONS(SECTION_NAME) };
#undef SECTION_NAME

static const char *section_name(size_t index)
{
	return index < sizeof(sections) / sizeof(sections[0]) ? sections[index] : NULL;
}

const char *config_key_name(size_t index)
{
	static char name[64];

	if (index >= KEYS)
		return NULL;
	snprintf(name, sizeof(name), "%s.%s", keys[index].section, keys[index].key);
	return name;
}

/* ---- layers -------------------------------------------------------------- */

struct value {
	char *yaml;   /* one line of it; NULL: not set here */
	char *origin; /* "file:line:column"; NULL: built in */
};

struct config_layers {
	struct value values[KEYS];
	uint8_t *network_key; /* for which its value stands in; a secret's memory */
};

static void values_free(struct value values[KEYS])
{
	for (size_t i = 0; i < KEYS; i++) {
		free(values[i].yaml);
		free(values[i].origin);
	}
}

void config_layers_free(struct config_layers *layers)
{
	if (!layers)
		return;
	values_free(layers->values);
	secret_free(layers->network_key, SECRET_ANT_KEY_SIZE);
	free(layers);
}

struct config_layers *config_layers_new(void)
{
	struct config_layers *layers = calloc(1, sizeof(*layers));
	bool good = layers && (layers->network_key = secret_new(SECRET_ANT_KEY_SIZE));

	for (size_t i = 0; good && i < KEYS; i++) {
		layers->values[i].yaml = strdup(keys[i].fallback);
		good = layers->values[i].yaml != NULL;
	}
	if (good)
		return layers;
	config_layers_free(layers);
	return NULL;
}

/* A file under way */
struct reading {
	struct yaml_text yaml;
	struct yaml_fault *fault;
	const char *section;
	struct value values[KEYS];
	struct key_lift lift;
	const uint8_t *network_key; /* NULL: none in this file */
};

static const char *reading_section; /* whose keys key_of_section() lists */

static const char *key_of_section(size_t index)
{
	for (size_t i = 0; i < KEYS; i++) {
		if (strcmp(keys[i].section, reading_section) == 0 && index-- == 0)
			return keys[i].key;
	}
	return NULL;
}

static bool unknown_key(struct reading *r, const struct yaml_node *node,
                        suggest_name_fn names)
{
	const char *key = yaml_text_scalar(node);
	char hint[64];

	suggest_text(hint, sizeof(hint), key, strlen(key), names);
	if (r->section)
		return yaml_text_fault(&r->yaml, node, r->fault, "unknown key \"%.40s\" in %s%s",
		                       key, r->section, hint);
	return yaml_text_fault(&r->yaml, node, r->fault, "unknown key \"%.40s\"%s", key,
	                       hint);
}

static bool read_value(struct reading *r, size_t index, const struct yaml_node *node)
{
	struct value *value = &r->values[index];
	size_t size = strlen(r->yaml.name) + 48;

	value->yaml = config_value_read(&keys[index], &r->yaml, node, r->fault);
	if (value->yaml && keys[index].kind->secret && strcmp(value->yaml, "\"\"") != 0)
		r->network_key = key_lift_take(&r->lift, value->yaml + 1);
	value->origin = value->yaml ? malloc(size) : NULL;
	if (!value->origin)
		return false;
	snprintf(value->origin, size, "%s:%u:%u", r->yaml.name,
	         node->line + 1, node->column + 1);
	return true;
}

static bool read_key(const struct yaml_node *key, const struct yaml_node *value, void *user)
{
	struct reading *r = user;

	for (size_t i = 0; i < KEYS; i++) {
		if (strcmp(keys[i].section, r->section) == 0 &&
		    strcmp(keys[i].key, yaml_text_scalar(key)) == 0)
			return read_value(r, i, value);
	}
	reading_section = r->section;
	return unknown_key(r, key, key_of_section);
}

static bool read_section(const struct yaml_node *key, const struct yaml_node *value, void *user)
{
	struct reading *r = user;
	const char *name;
	char what[64];
	bool good;

	for (size_t i = 0; (name = section_name(i)); i++) {
		if (strcmp(name, yaml_text_scalar(key)) != 0)
			continue;
		if (yaml_text_is_null(value)) /* its keys are commented out */
			return true;
		snprintf(what, sizeof(what), "the keys of %s, indented below it", name);
		r->section = name;
		good = yaml_text_members(&r->yaml, value, what, r->fault, read_key, r);
		r->section = NULL;
		return good;
	}
	return unknown_key(r, key, section_name);
}

static size_t key_index(const char *section, const char *key)
{
	size_t i = 0;

	while (strcmp(keys[i].section, section) != 0 || strcmp(keys[i].key, key) != 0)
		i++;
	return i;
}

/* Two ways to say one thing, in one file */
static bool check_together(struct reading *r)
{
	const struct value *key = &r->values[key_index("ant", "network_key")];
	const struct value *file = &r->values[key_index("ant", "network_key_file")];

	if (!key->yaml || !file->yaml || strcmp(key->yaml, "\"\"") == 0 ||
	    strcmp(file->yaml, "\"\"") == 0)
		return true;
	snprintf(r->fault->where, sizeof(r->fault->where), "%s", file->origin);
	snprintf(r->fault->message, sizeof(r->fault->message),
	         "ant.network_key is given, too; keep one of them");
	return false;
}

/* What a file says replaces what was there, lists as a whole. */
static void take_over(struct value to[KEYS], struct value from[KEYS])
{
	for (size_t i = 0; i < KEYS; i++) {
		if (!from[i].yaml)
			continue;
		free(to[i].yaml);
		free(to[i].origin);
		to[i] = from[i];
		from[i] = (struct value){ NULL, NULL };
	}
}

bool config_layers_add(struct config_layers *layers, const char *name,
                       const char *text, size_t length, struct yaml_fault *fault)
{
	struct reading r = { .fault = fault };
	const struct yaml_node *root;
	bool good;

	if (!key_lift(&r.lift, text, length)) {
		snprintf(fault->where, sizeof(fault->where), "%.460s", name);
		snprintf(fault->message, sizeof(fault->message), "out of memory");
		return false;
	}
	if (!yaml_text_parse(&r.yaml, name, r.lift.text, length, fault)) {
		key_lift_free(&r.lift);
		return false;
	}
	root = yaml_text_root(&r.yaml);
	good = !root || (yaml_text_members(&r.yaml, root, "keys as \"display:\"", fault,
	                                   read_section, &r) &&
	                 check_together(&r));
	if (good)
		take_over(layers->values, r.values);
	if (good && r.network_key)
		memcpy(layers->network_key, r.network_key, SECRET_ANT_KEY_SIZE);
	values_free(r.values);
	yaml_text_free(&r.yaml);
	key_lift_free(&r.lift);
	return good;
}

static void print(const struct config_layers *layers, FILE *out, bool for_people)
{
	for (size_t i = 0; i < KEYS; i++) {
		const struct value *value = &layers->values[i];
		bool hidden = for_people && keys[i].kind->secret && strlen(value->yaml) > 2;

		if (i == 0 || strcmp(keys[i].section, keys[i - 1].section) != 0)
			fprintf(out, "%s:\n", keys[i].section);
		if (hidden)
			fprintf(out, "  # %s: set, not shown", keys[i].key);
		else
			fprintf(out, "  %s: %s", keys[i].key, value->yaml);
		if (for_people)
			fprintf(out, "  # %s", value->origin ? value->origin : "default");
		fputc('\n', out);
	}
}

void config_layers_dump(const struct config_layers *layers, FILE *out)
{
	print(layers, out, true);
}

uint64_t config_layers_hash(const struct config_layers *layers)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

	if (!out)
		return 0;
	config_layers_dump(layers, out);
	fclose(out);
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (uint8_t)text[i]) * UINT64_C(1099511628211);
	free(text);
	return hash;
}

/* ---- the struct ---------------------------------------------------------- */

static const cyaml_schema_value_t text_value = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED),
};

#define FIELD_STRING(section, key) \
	CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER, struct config_##section, key, 0, \
	                       CYAML_UNLIMITED),
#define FIELD_LIST(section, key) \
	CYAML_FIELD_SEQUENCE(#key, CYAML_FLAG_POINTER, struct config_##section, key, \
	                     &text_value, 0, CYAML_UNLIMITED),
#define FIELD_TEXT(section, key) FIELD_STRING(section, key)
#define FIELD_ADDRESS(section, key) FIELD_STRING(section, key)
#define FIELD_INCLINE(section, key) FIELD_STRING(section, key)
#define FIELD_QUIRK(section, key) FIELD_STRING(section, key)
#define FIELD_ADAPTER(section, key) FIELD_STRING(section, key)
#define FIELD_LANGUAGE(section, key) FIELD_STRING(section, key)
#define FIELD_KEY(section, key) FIELD_STRING(section, key)
#define FIELD_PATH(section, key) FIELD_STRING(section, key)
#define FIELD_WORD(section, key) FIELD_STRING(section, key)
#define FIELD_NAMES(section, key) FIELD_LIST(section, key)
#define FIELD_PATHS(section, key) FIELD_LIST(section, key)
#define FIELD_NUMBER(section, key) \
	CYAML_FIELD_UINT(#key, CYAML_FLAG_DEFAULT, struct config_##section, key),
#define FIELD_SWITCH(section, key) \
	CYAML_FIELD_BOOL(#key, CYAML_FLAG_DEFAULT, struct config_##section, key),

#define FIELD(section, key, kind, ...) FIELD_##kind(section, key)
#define FIELDS(section, KEYS_OF) \
	static const cyaml_schema_field_t section##_fields[] = { \
		KEYS_OF(FIELD) CYAML_FIELD_END \
	};
CONFIG_SECTIONS(FIELDS)

#define MAPPING(section, KEYS_OF) \
	CYAML_FIELD_MAPPING(#section, CYAML_FLAG_DEFAULT, struct config, section, \
	                    section##_fields),
static const cyaml_schema_field_t config_fields[] = {
	CONFIG_SECTIONS(MAPPING) CYAML_FIELD_END
};

static const cyaml_schema_value_t config_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct config, config_fields),
};

static const cyaml_config_t cyaml = {
	.mem_fn = cyaml_mem,
	.log_level = CYAML_LOG_ERROR,
	.flags = CYAML_CFG_NO_ALIAS,
};

/* In the place of what stands in for it. False: no memory. */
static bool take_key(const struct config_layers *layers, struct config *config)
{
	if (!*config->ant.network_key)
		return true;
	*config->ant.network_key = '\0';
	config->network_key = secret_new(SECRET_ANT_KEY_SIZE);
	if (config->network_key)
		memcpy(config->network_key, layers->network_key, SECRET_ANT_KEY_SIZE);
	return config->network_key != NULL;
}

struct config *config_make(const struct config_layers *layers,
                           struct yaml_fault *fault)
{
	cyaml_data_t *data = NULL;
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);
	cyaml_err_t error = CYAML_ERR_OOM;

	if (file) {
		print(layers, file, false);
		if (fclose(file) == 0 && text)
			error = cyaml_load_data((const uint8_t *)text, length, &cyaml,
			                        &config_schema, &data, NULL);
		free(text);
	}
	if (error == CYAML_OK && take_key(layers, data))
		return data;
	if (error == CYAML_OK) {
		config_free(data);
		error = CYAML_ERR_OOM;
	}
	/* every value was checked against the table: short of memory, this is
	 * a bug of ours */
	snprintf(fault->where, sizeof(fault->where), "merged configuration");
	snprintf(fault->message, sizeof(fault->message), "%s", cyaml_strerror(error));
	return NULL;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	secret_free(config->network_key, SECRET_ANT_KEY_SIZE);
	cyaml_free(&cyaml, &config_schema, config, 0);
}

bool config_fixed_incline(const struct config *config, double *incline_pct)
{
	return config_incline_read(config->treadmill.incline, incline_pct);
}
