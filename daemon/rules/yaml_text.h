/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A YAML file that a person wrote, as a tree of what libyaml reads in it, with the
 * exact place of each node. Refused: more than one document, aliases (a short file
 * could grow without bound), deep nesting, keys that stand twice.
 */
#ifndef GAITD_YAML_TEXT_H
#define GAITD_YAML_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <yaml.h>

#define YAML_TEXT_MAX (1024 * 1024) /* octets of a file */
#define YAML_TEXT_DEPTH_MAX 12
#define YAML_TEXT_MEMBERS_MAX 200 /* of one mapping */

/* Nodes stand in the order of the file: the first one in a list or a mapping is the one
 * behind it. In a mapping each key is followed by its value. */
struct yaml_node {
	const char *text; /* of a scalar, without a NUL in it; NULL: it is none */
	uint32_t index;   /* characters of the file before it */
	uint32_t line, column; /* from 0 */
	uint32_t count;   /* of the nodes right in it, keys and values counted each */
	uint32_t next;    /* the place of the one behind it, in what it stands in; 0: none */
	uint8_t type;     /* a yaml_node_type_t */
	uint8_t style;    /* of a scalar, a yaml_scalar_style_t */
};

struct yaml_text {
	const char *name; /* stands for the file in faults; borrowed */
	const char *text; /* borrowed */
	size_t length;
	struct yaml_node *nodes; /* the root first */
	size_t node_count, node_room;
	char *scalars; /* their texts, each with its NUL, in the order of the nodes */
	size_t scalars_length, scalars_room;
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
const struct yaml_node *yaml_text_root(const struct yaml_text *yaml);
/* The item of a sequence; NULL behind the last one */
const struct yaml_node *yaml_text_item(const struct yaml_text *yaml,
                                       const struct yaml_node *sequence, size_t index);
/* The first node in a list or a mapping; NULL: there is none */
const struct yaml_node *yaml_text_first(const struct yaml_text *yaml,
                                        const struct yaml_node *node);
/* The one behind it in what it stands in; NULL behind the last one */
const struct yaml_node *yaml_text_next(const struct yaml_text *yaml,
                                       const struct yaml_node *node);
/* NULL if it is no scalar. The text holds no NUL. */
const char *yaml_text_scalar(const struct yaml_node *node);
/* Whether it is a scalar without quotes that YAML reads as nothing: "", ~, null */
bool yaml_text_is_null(const struct yaml_node *node);

/* Sets the fault at the node's place; always false. */
bool yaml_text_fault(const struct yaml_text *yaml, const struct yaml_node *node,
                     struct yaml_fault *fault, const char *format, ...)
	__attribute__((cold, format(printf, 4, 5)));

/* The same at the top of the file */
bool yaml_text_fault_top(const struct yaml_text *yaml, struct yaml_fault *fault,
                         const char *format, ...)
	__attribute__((cold, format(printf, 3, 4)));
/* The same at an octet of a scalar's value, wherever quotes, escapes and folded
 * lines put it in the file. */
bool yaml_text_fault_inside(const struct yaml_text *yaml, const struct yaml_node *node,
                            size_t offset, struct yaml_fault *fault,
                            const char *format, ...)
	__attribute__((cold, format(printf, 5, 6)));

/* The member of a mapping; NULL if it is no mapping or has none of that name */
const struct yaml_node *yaml_text_member(const struct yaml_text *yaml,
                                         const struct yaml_node *mapping, const char *name);

/* Calls `each` for the members of a mapping until it returns false; `what`
 * names the mapping in the fault if the node is none ("expected WHAT"). */
typedef bool (*yaml_text_member_fn)(const struct yaml_node *key,
                                    const struct yaml_node *value, void *user);
bool yaml_text_members(const struct yaml_text *yaml, const struct yaml_node *node,
                       const char *what, struct yaml_fault *fault,
                       yaml_text_member_fn each, void *user);

#endif
