/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A YAML file that a person wrote, as libyaml's tree, with the exact place of
 * all that is in it. Refused: more than one document, aliases (a short file
 * could grow without bound), deep nesting, keys that stand twice.
 */
#ifndef GAITD_YAML_TEXT_H
#define GAITD_YAML_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

#define YAML_TEXT_MAX (1024 * 1024) /* octets of a file */
#define YAML_TEXT_DEPTH_MAX 12
#define YAML_TEXT_MEMBERS_MAX 200 /* of one mapping */

struct yaml_text {
	const char *name; /* stands for the file in faults; borrowed */
	const char *text; /* borrowed */
	size_t length;
	yaml_document_t document;
};

/* `where` is "file:line:column"; `message` what, what was expected, the fix */
struct yaml_fault {
	char where[512];
	char message[400];
};

/* False with `fault` set and nothing to be freed. */
bool yaml_text_parse(struct yaml_text *yaml, const char *name, const char *text,
                     size_t length, struct yaml_fault *fault);
void yaml_text_free(struct yaml_text *yaml);

/* NULL for a file that holds nothing */
yaml_node_t *yaml_text_root(struct yaml_text *yaml);
/* The item of a sequence; NULL behind the last one */
yaml_node_t *yaml_text_item(struct yaml_text *yaml, const yaml_node_t *sequence,
                            size_t index);
/* NULL if it is no scalar. The text holds no NUL. */
const char *yaml_text_scalar(const yaml_node_t *node);
/* Whether it is a scalar without quotes that YAML reads as nothing: "", ~, null */
bool yaml_text_is_null(const yaml_node_t *node);

/* Sets the fault at the node's place; always false. */
bool yaml_text_fault(const struct yaml_text *yaml, const yaml_node_t *node,
                     struct yaml_fault *fault, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The same at the top of the file */
bool yaml_text_fault_top(const struct yaml_text *yaml, struct yaml_fault *fault,
                         const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same at an octet of a scalar's value, wherever quotes, escapes and folded
 * lines put it in the file. */
bool yaml_text_fault_inside(const struct yaml_text *yaml, const yaml_node_t *node,
                            size_t offset, struct yaml_fault *fault,
                            const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* The member of a mapping; NULL if it is no mapping or has none of that name */
yaml_node_t *yaml_text_member(struct yaml_text *yaml, const yaml_node_t *mapping,
                              const char *name);

/* Calls `each` for the members of a mapping until it returns false; `what`
 * names the mapping in the fault if the node is none ("expected WHAT"). */
typedef bool (*yaml_text_member_fn)(const yaml_node_t *key, yaml_node_t *value,
                                    void *user);
bool yaml_text_members(struct yaml_text *yaml, const yaml_node_t *node,
                       const char *what, struct yaml_fault *fault,
                       yaml_text_member_fn each, void *user);

#endif
