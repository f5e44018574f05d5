/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A YAML file as the struct that a schema of libcyaml describes. libcyaml would read
 * the file once more, tell no places, be off by a line for unknown keys, take any word for
 * true and 010 for eight: so the tree that is there already is checked against its schema,
 * and each value put where it belongs once it has passed. What is wrong is said in our
 * words, at the exact place.
 */
#ifndef GAITD_YAML_SCHEMA_H
#define GAITD_YAML_SCHEMA_H

#include "daemon/rules/yaml_text.h"

#include <cyaml/cyaml.h>

/* `what` names the whole in "expected WHAT, found ...", "a rule file". Known in the schema
 * are mappings, integers, enumerations and booleans, and sequences and strings behind
 * pointers; it is itself of a pointer. False with `fault` set, and nothing to be freed. */
bool yaml_schema_load(const struct yaml_text *yaml, const cyaml_schema_value_t *schema,
                      const char *what, void **out, struct yaml_fault *fault);
void yaml_schema_free(const cyaml_schema_value_t *schema, void *data);

#endif
