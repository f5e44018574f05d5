/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A YAML file against the schema that libcyaml will load it by: the same
 * schema says which keys there are and what they hold, and this check says
 * what is wrong in our words, at the exact place. libcyaml then reads what has
 * passed; it is off by a line for unknown keys, takes any word for true and
 * 010 for eight.
 */
#ifndef GAITD_YAML_SCHEMA_H
#define GAITD_YAML_SCHEMA_H

#include "daemon/rules/yaml_text.h"

#include <cyaml/cyaml.h>

/* `what` names the whole in "expected WHAT, found ...", "a rule file". Known
 * are mappings, sequences, strings, integers, enumerations and booleans. */
bool yaml_schema_check(struct yaml_text *yaml, const yaml_node_t *node,
                       const cyaml_schema_value_t *schema, const char *what,
                       struct yaml_fault *fault);

/* Checks the whole file, then loads it; free with yaml_schema_free(). */
bool yaml_schema_load(struct yaml_text *yaml, const cyaml_schema_value_t *schema,
                      const char *what, void **out, struct yaml_fault *fault);
void yaml_schema_free(const cyaml_schema_value_t *schema, void *data);

#endif
